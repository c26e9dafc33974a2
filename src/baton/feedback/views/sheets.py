"""Where people answer anonymous surveys. They know no sign-in: a token, typed or from the address of a letter, is the
right to hand in one sheet. Everything that could say who sends a request is taken from it before anything looks at it
(baton.core.untraced); the token travels in the body of forms alone, and the address says the language.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from baton.core.accounts.attempts import address_of
from baton.core.api.limits import Limit
from baton.core.guards import public
from baton.core.middleware import BatonRequest
from baton.feedback import changes, queries
from baton.feedback.changes import NoBallot, SheetFaults
from baton.feedback.models import Wave
from baton.feedback.pages.sheets import CODE, SEND, answers_in, shown_sheet
from baton.feedback.queries import Slip
from baton.feedback.queries.findings import unanswered_about
from baton.feedback.rules import Fault
from baton.feedback.rules.tokens import GROUP

WRONG_A_MINUTE = 120
"""Wrong codes from one network address, after which further wrong ones are not even told so: a hospital may share one
address, therefore right ones go on."""
WRONG_A_PREFIX = 10
"""Wrong codes a minute that begin alike, after which none that begins so is looked up."""
_wrong = Limit()
"""Counted in memory alone; what a database kept of them would say when somebody came."""
_pepper = secrets.token_bytes(32)
NO_FAULTS: Mapping[str, Sequence[Fault]] = {}


@dataclass(frozen=True, slots=True)
class Door:
    """Where a request has come to: the wave, whether it is a device that many use, the language in the address."""

    wave: Wave
    language: str
    kiosk: bool

    def address(self, language: str | None = None) -> str:
        """This page, in another language where one is named."""
        return _address("kiosk" if self.kiosk else "first", self.wave.public_id, language or self.language)


def _address(name: str, wave: str, language: str) -> str:
    return reverse(f"sheet:{name}", kwargs={"wave": wave, **({"language": language} if language else {})})


def _untraced(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What every page of this door shares: the language of its address, and no token against forgery: that would be a
    cookie, and the code is the proof."""

    @wraps(view)
    def answered(request: BatonRequest, *, language: str = "", **rest: Any) -> HttpResponse:
        translation.activate(language or settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        return view(request, language=language, **rest)

    return public(csrf_exempt(answered))


@require_http_methods(["GET", "HEAD", "POST"])
@_untraced
def sheet(request: BatonRequest, *, wave: str, language: str, kiosk: bool = False) -> HttpResponse:
    """The first page; with a code the sheet; with answers the urn. Public: the code is the right to answer. Looking at
    it spends nothing: programs that open the links of letters find the first page and no token."""
    found = queries.wave_to_answer(public_id=wave, at=request.now)
    if found is None:
        return render(request, "feedback/sheets/over.html", _frame(wave, language, kiosk), status=404)
    door = Door(found, language, kiosk)
    if request.method != "POST":
        return _first(request, door, thanks=kiosk and "thanks" in request.GET)
    typed = request.POST.get(CODE, "")
    if _is_held_back(request, typed):
        return _first(request, door, typed=typed, status=429)
    slip = queries.slip_of(wave=found, typed=typed)
    if slip is None:
        return _refused(request, door, typed)
    if SEND not in request.POST:
        return _sheet(request, door, slip, NO_FAULTS, 200)
    return _cast(request, door, slip)


@require_safe
@_untraced
def thanks(request: BatonRequest, *, wave: str, language: str) -> HttpResponse:
    """That the answers have arrived. Public: it says nothing of anybody."""
    return render(request, "feedback/sheets/thanks.html", _frame(wave, language, name="thanks"))


@require_safe
@public
def script(request: BatonRequest) -> HttpResponse:
    """The script of these pages, at an address at which no cookie is read and no line is logged. Public: it is part of
    the published source."""
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8")


@cache
def _script() -> bytes:
    file = finders.find("feedback/sheet.js")
    with open(str(file), "rb") as source:
        return source.read()


def _cast(request: BatonRequest, door: Door, slip: Slip) -> HttpResponse:
    try:
        changes.cast_sheet(at=request.now, slip=slip, answers=answers_in(request.POST.lists()))
    except SheetFaults as refused:
        return _sheet(request, door, slip, refused.faults, 422)
    except NoBallot:
        return _refused(request, door, slip.token)
    if door.kiosk:
        return HttpResponseRedirect(f"{door.address()}?thanks")
    return HttpResponseRedirect(_address("thanks", door.wave.public_id, door.language))


def _sheet(
    request: BatonRequest, door: Door, slip: Slip, faults: Mapping[str, Sequence[Fault]], status: int
) -> HttpResponse:
    given = {name: [str(one) for one in values] for name, values in request.POST.lists()}
    values = {
        **_frame(door.wave.public_id, door.language, door.kiosk), "wave": door.wave, "token": slip.token,
        "sheet": shown_sheet(slip, given, faults), "action": door.address(),
    }  # fmt: skip
    return render(request, "feedback/sheets/sheet.html", values, status=status)


def _first(
    request: BatonRequest, door: Door, *, typed: str = "", status: int = 200, thanks: bool = False
) -> HttpResponse:
    values = {
        **_frame(door.wave.public_id, door.language, door.kiosk), "wave": door.wave, "typed": typed[:60],
        "wrong": status == 404, "too_many": status == 429, "thanks": thanks, "action": door.address(),
        "unanswered": [] if door.kiosk else unanswered_about(wave=door.wave),
    }  # fmt: skip
    return render(request, "feedback/sheets/first.html", values, status=status)


def _refused(request: BatonRequest, door: Door, typed: str) -> HttpResponse:
    """One answer for every code that opens nothing: mistyped, used, of another wave, guessed. Its code stays in the
    field, so that whoever mistyped it corrects a letter."""
    many = _wrong.seconds_to_wait(_keyed("address", address_of(request)), request.now, WRONG_A_MINUTE)
    if typed.strip():
        _wrong.seconds_to_wait(_prefix(typed), request.now, WRONG_A_PREFIX)
    return _first(request, door, typed=typed, status=429 if many else 404)


def _is_held_back(request: BatonRequest, typed: str) -> bool:
    return _wrong.seconds_to_wait(_prefix(typed), request.now, WRONG_A_PREFIX, count=False) > 0


def _prefix(typed: str) -> str:
    return _keyed("prefix", "".join(typed.lower().split())[:GROUP])


def _keyed(kind: str, value: str) -> str:
    """What is counted stands in memory as a digest under a key that ends with the process."""
    return blake2b(f"{kind}\0{value}".encode(), key=_pepper, digest_size=16).hexdigest()


def _frame(wave: str, language: str, kiosk: bool = False, name: str = "") -> dict[str, Any]:
    """What the frame of the pages needs: the same page in the other languages."""
    target = name or ("kiosk" if kiosk else "first")
    here = translation.get_language()
    languages = [
        (code, label, _address(target, wave, code), code == here) for code, label in settings.LANGUAGES
    ]  # fmt: skip
    return {"languages": languages, "kiosk": kiosk, "first": _address("kiosk" if kiosk else "first", wave, language)}
