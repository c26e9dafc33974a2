"""Where anybody tells something without a sign-in. Everything that could say who sends a request is taken from it
before anything looks at it (baton.core.untraced); what is counted against floods stands in memory alone."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from baton.core.accounts.attempts import address_of
from baton.core.actors import Actor
from baton.core.api.limits import Limit
from baton.core.guards import public
from baton.core.middleware import BatonRequest
from baton.feedback import changes
from baton.feedback.forms.inbox import DoorForm
from baton.feedback.models import FeedbackDoor
from baton.feedback.pages.feedback_doors import about
from baton.feedback.queries.feedback_doors import door_behind
from baton.feedback.rules.inbox import BY_CODE, TOLD_A_MINUTE, TOLD_A_MINUTE_AT_A_DOOR

_told = Limit()
_pepper = secrets.token_bytes(32)


def _untraced(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What every page of this door shares: the language of its address, and no token against forgery: that would be a
    cookie, and there is no right here that somebody could be made to use."""

    @wraps(view)
    def answered(request: BatonRequest, *, language: str = "", **rest: Any) -> HttpResponse:
        translation.activate(language or settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        return view(request, language=language, **rest)

    return public(csrf_exempt(answered))


@require_http_methods(["GET", "HEAD", "POST"])
@_untraced
def form(request: BatonRequest, *, door: str, language: str) -> HttpResponse:
    """Tell something. Public: the quality manager has opened this page, and nothing is read on it."""
    found = door_behind(public_id=door)
    if found is None:
        return _page(request, "closed", door, language, status=404)
    sent = DoorForm(request.POST or None, initial={"by": request.GET.get("by", "")})
    if request.method == "POST" and sent.is_valid():
        wait = _seconds_to_wait(request, found)
        if wait:
            answer = _form(request, found, language, sent, too_many=True, status=429)
            answer["Retry-After"] = str(wait)
            return answer
        if _kept(request, found, sent):
            return HttpResponseRedirect(_address("thanks", door, language))
    return _form(request, found, language, sent, status=sent.status if sent.is_bound else 200)


@require_safe
@_untraced
def thanks(request: BatonRequest, *, door: str, language: str) -> HttpResponse:
    """That it has arrived. Public: it says nothing of anybody."""
    return _page(request, "thanks", door, language)


def _kept(request: BatonRequest, door: FeedbackDoor, sent: DoorForm) -> bool:
    """Whether it is kept now; sent twice it is kept once. Where not, the form says why."""
    told = sent.told({}, translation.get_language() or "")
    saved = sent.carry_out(
        by=Actor.system("feedback_door"), at=request.now,
        write=lambda: changes.tell_at_door(at=request.now, door=door, told=told, channel=sent.channel),
    )  # fmt: skip
    return saved is not None


def _seconds_to_wait(request: BatonRequest, door: FeedbackDoor) -> int:
    """How long to wait where too much was told in this minute, from one network address or at one door; 0: it is not.
    An address is counted as a digest under a key that ends with the process."""
    counted = blake2b(address_of(request).encode(), key=_pepper, digest_size=16).hexdigest()
    return _told.seconds_to_wait(counted, request.now, TOLD_A_MINUTE) or _told.seconds_to_wait(
        door.public_id, request.now, TOLD_A_MINUTE_AT_A_DOOR
    )


def _form(
    request: BatonRequest, door: FeedbackDoor, language: str, form: DoorForm, *, status: int, too_many: bool = False
) -> HttpResponse:
    values = {"form": form, "about": about(door), "party": door.party, "too_many": too_many}
    return _page(request, "form", door.public_id, language, status=status, **values)


def _page(
    request: BatonRequest, name: str, door: str, language: str, *, status: int = 200, **values: Any
) -> HttpResponse:
    """A page of the door, with the way to the same page in the other languages."""
    target, here = "thanks" if name == "thanks" else "form", translation.get_language()
    asked = f"?by={BY_CODE}" if request.GET.get("by") == BY_CODE else ""
    languages = [
        (code, label, _address(target, door, code) + asked, code == here) for code, label in settings.LANGUAGES
    ]
    context = {**values, "languages": languages, "action": _address("form", door, language)}
    return render(request, f"feedback/tell/{name}.html", context, status=status)


def _address(name: str, door: str, language: str) -> str:
    return reverse(f"tell:{name}", kwargs={"door": door, **({"language": language} if language else {})})
