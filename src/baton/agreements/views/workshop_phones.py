"""Pages of those who take part in a workshop. They know no sign-in: the address or the code is the right to come, and a
random secret in a cookie tells one device from the other. A signed-in person takes part like everybody else: his
session is taken from these requests before anybody looks at it (baton.core.middleware)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from baton.agreements.changes import workshops as changes
from baton.agreements.forms.workshops import CodeForm
from baton.agreements.models import Workshop, WorkshopSeat
from baton.agreements.pages.workshops import Phone, phone_context, phone_of, tag_of
from baton.agreements.queries import workshops as queries
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import Fate
from baton.core.actors import Actor
from baton.core.api.limits import Limit
from baton.core.error_pages import error_page
from baton.core.errors import Refused, explain
from baton.core.guards import public
from baton.core.middleware import BatonRequest

WRONG_A_MINUTE = 120
"""Wrong addresses and codes from one network address, after which all of it waits: a whole ward may share one."""
ACTS_A_MINUTE = 60
"""What one device may do."""
_LOOKING = Actor.system("workshop")
_wrong, _acts = Limit(), Limit()
"""Counted in memory alone: what a database kept of them would say when somebody wrote."""


class _TooMany(Exception):
    """Too many attempts; the request is answered with 429."""


@dataclass(frozen=True, slots=True)
class _Here:
    """Where a request has come to, with which seat."""

    workshop: Workshop
    seat: WorkshopSeat | None
    secret: str


def _cookie(workshop: Workshop) -> str:
    return f"baton-seat-{workshop.public_id}"


def _come(request: BatonRequest, token: str) -> _Here:
    """The workshop at this address; a guessed one is like any page that is not there."""
    workshop = queries.workshop_behind(token)
    if workshop is None:
        if _wrong.seconds_to_wait(request.META.get("REMOTE_ADDR", ""), request.now, WRONG_A_MINUTE):
            raise _TooMany
        raise Http404
    return _Here(workshop, None, request.COOKIES.get(_cookie(workshop), ""))


def _seated(here: _Here) -> _Here:
    return _Here(here.workshop, queries.seat_behind(here.workshop, here.secret), here.secret)


def _answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What every page of a participant shares: too many wrong addresses, and addresses that nobody is to keep."""

    @wraps(view)
    def answered(request: BatonRequest, token: str, **rest: str) -> HttpResponse:
        try:
            response = view(request, _come(request, token), **rest)
        except _TooMany:
            return error_page(request, 429)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return public(answered)


@never_cache
@public
def enter(request: BatonRequest) -> HttpResponse:
    """Come in with the code that stands on the wall. Public: who takes part needs no sign-in."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        whose = request.META.get("REMOTE_ADDR", "")
        if _wrong.seconds_to_wait(whose, request.now, WRONG_A_MINUTE, count=False):
            return error_page(request, 429)
        found = queries.workshop_with_code(form.cleaned_data["code"])
        if found is not None and found.fate(request.now) is Fate.OPEN:
            return redirect("workshop:phone", token=found.token())
        _wrong.seconds_to_wait(whose, request.now, WRONG_A_MINUTE)
        form.add_error("code", gettext(
            "The code of a workshop that is open now was expected. There is none with this one. Look at the wall and "
            "type it again, or ask whoever leads the workshop for a new one."
        ))  # fmt: skip
    return render(request, "agreements/workshops/enter.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_GET
@_answers
def phone(request: BatonRequest, here: _Here) -> HttpResponse:
    """The page of one participant. Public: the address is the right to take part."""
    return _page(request, _seated(here))


@require_GET
@_answers
def wall(request: BatonRequest, here: _Here) -> HttpResponse:
    """What stands on the wall, and one's own part where it is another one than the page shows. Asked every few seconds;
    one query where nothing happened. Public: the address is the right to take part."""
    tag = tag_of(here.workshop, request.now, here.secret[:6])
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = _wall(request, _seated(here), tag)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@never_cache
@require_POST
@_answers
def join(request: BatonRequest, here: _Here) -> HttpResponse:
    """Choose a side. Public: the address is the right to take part."""
    secret = here.secret or request.POST.get("seat", "")
    side = request.POST.get("side", "")
    seat = None
    try:
        if side not in set(Side):
            raise Refused(
                field="side", expected=gettext("Expected your side."), remedy=gettext("Choose one of the two.")
            )
        seat = changes.take_seat(at=request.now, workshop=here.workshop, secret=secret, side=Side(side))
    except Refused as refused:
        return _page(request, _seated(here), refused=refused)
    response = _page(request, _Here(here.workshop, seat, secret)) if _by_script(request) else _back(here)
    response.set_cookie(
        # For as long as the seat may stand: whoever leads it can give a new address after the hours of this one.
        _cookie(here.workshop), secret, expires=here.workshop.expires_at + changes.FORGOTTEN, path="/w/", httponly=True,
        samesite="Lax", secure=settings.HTTPS,
    )  # fmt: skip
    return response


@never_cache
@require_POST
@_answers
def write(request: BatonRequest, here: _Here) -> HttpResponse:
    """Write a note. What is refused comes back with what was typed. Public: the seat is the right to write."""
    words = request.POST.get("words", "")
    return _acted(request, here, lambda seat: changes.write_note(
        at=request.now, seat=seat, secret=here.secret, words=words), words=words)  # fmt: skip


@never_cache
@require_POST
@_answers
def take_back(request: BatonRequest, here: _Here) -> HttpResponse:
    """Take a note of one's own back. Public: the seat is the right to do so."""
    note = request.POST.get("note", "")
    return _acted(request, here, lambda seat: changes.take_back_note(
        at=request.now, seat=seat, secret=here.secret, public_id=note))  # fmt: skip


@never_cache
@require_POST
@_answers
def vote(request: BatonRequest, here: _Here) -> HttpResponse:
    """Lay a dot on ``cluster`` or ``note``, or take one back (``back``). Public: the seat is the right to vote."""
    change = changes.take_back_dot if "back" in request.POST else changes.lay_dot
    on = {name: request.POST.get(name, "") for name in ("cluster", "note")}
    return _acted(request, here, lambda seat: change(at=request.now, seat=seat, secret=here.secret, **on))


@never_cache
@require_POST
@_answers
def sort(request: BatonRequest, here: _Here) -> HttpResponse:
    """Put a note together with others. Public: the seat is the right to do so, where everybody may."""
    given: dict[str, Any] = {name: request.POST.get(name, "") for name in ("cluster", "name")}
    return _acted(request, here, lambda seat: changes.put_together_by_seat(
        at=request.now, seat=seat, notes=request.POST.getlist("note"), **given), words=given["name"])  # fmt: skip


def _acted(request: BatonRequest, here: _Here, act: Callable[[WorkshopSeat], object], words: str = "") -> HttpResponse:
    """Do it with the seat of the device; what is refused is said, with what was typed."""
    here = _seated(here)
    if here.seat is None:
        missing = Refused(
            expected=gettext("Expected a device that has chosen its side."),
            remedy=gettext("Choose your side, then send it again; your text is still here."),
        )
        return _page(request, here, refused=missing, words=words)
    if _acts.seconds_to_wait(here.seat.secret_digest, request.now, ACTS_A_MINUTE):
        return error_page(request, 429)
    try:
        act(here.seat)
    except Refused as refused:
        fresh = queries.workshop_behind(here.workshop.token())
        return _page(request, _Here(fresh or here.workshop, here.seat, here.secret), refused=refused, words=words)
    return _page(request, here) if _by_script(request) else _back(here)


def _page(request: BatonRequest, here: _Here, refused: Refused | None = None, words: str = "") -> HttpResponse:
    """The whole page, or for a script one's own part of it alone."""
    shown = phone_of(here.workshop, here.seat, request.now)
    context = {
        **_context(request, here, shown), "refused": explain(refused) if refused is not None else "", "words": words,
        "new_secret": here.secret or changes.new_seat_secret(),
        "tag": tag_of(here.workshop, request.now, here.secret[:6]),
    }  # fmt: skip
    status = 200 if refused is None else 422 if refused.status == 400 else refused.status
    if shown.part == "over":
        status = 410
    name = "_mine" if _by_script(request) else "phone"
    return render(request, f"agreements/workshops/{name}.html", context, status=status)


def _wall(request: BatonRequest, here: _Here, tag: str) -> HttpResponse:
    shown = phone_of(here.workshop, here.seat, request.now)
    moved = request.headers.get("X-Part", shown.key) != shown.key
    typed = request.headers.get("X-Typed") == "yes"
    context = {
        **_context(request, here, shown), "tag": tag, "renewed": moved and not typed, "kept": moved and typed,
        "new_secret": here.secret or changes.new_seat_secret(),
    }  # fmt: skip
    return render(request, "agreements/workshops/_wall.html", context)


def _context(request: BatonRequest, here: _Here, shown: Phone) -> dict[str, Any]:
    board = queries.board_of(viewer=_LOOKING, workshop=here.workshop)
    own = queries.notes_of_seat(here.workshop, here.secret) if here.seat is not None else []
    dots = queries.dots_of_seat(here.workshop, here.secret)
    return {**phone_context(shown, board, own, dots, request.now), "token": here.workshop.token()}


def _by_script(request: BatonRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _back(here: _Here) -> HttpResponse:
    return redirect("workshop:phone", token=here.workshop.token())
