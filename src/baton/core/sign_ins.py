"""Sign-ins, sign-outs, failures and second factors in the audit trail. The only place that hears allauth's signals."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from allauth.account.signals import user_logged_in  # noqa: TID251  (core hears them to audit them)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (  # noqa: TID251  (core hears them to audit them)
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.conf import settings
from django.contrib.auth.signals import user_logged_in as session_begun
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.http import HttpRequest

from baton.core import changes
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.middleware import BEGAN, OUTSIDE, SEEN, BatonRequest
from baton.core.models import Person
from baton.core.queries import person_named
from baton.core.rules import normal_sign_in_name

# What was typed as a name may be a password: only its keyed digest is kept.
_DIGEST_LENGTH = 32


def name_digest(typed: str) -> str:
    """Keyed digest under which failures with the same unknown name can be told to belong together."""
    key = f"baton.sign-in:{settings.SECRET_KEY}".encode()
    return hmac.new(key, normal_sign_in_name(typed).encode(), hashlib.sha256).hexdigest()[:_DIGEST_LENGTH]


def listen() -> None:
    """Connect the receivers; called once, when the application is ready."""
    session_begun.connect(_session_begun, dispatch_uid="baton.session_begun")
    user_logged_in.connect(_signed_in, dispatch_uid="baton.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="baton.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="baton.sign_in_failed")
    authentication_failed.connect(_factor_failed, dispatch_uid="baton.factor_failed")
    for signal, action in (
        (authenticator_added, "person.factor_added"),
        (authenticator_removed, "person.factor_removed"),
        (authenticator_reset, "person.factor_renewed"),
    ):
        signal.connect(_factor(action), weak=False, dispatch_uid=f"baton.{action}")


def _note(request: HttpRequest, person: Person | None, action: str, **detail: Any) -> None:
    """An audit entry about a person by himself; requests made outside our middleware (tests of others) have none."""
    if not isinstance(getattr(request, "request_id", None), str):
        return
    seen: BatonRequest = request  # type: ignore[assignment]
    by = Actor(person, request=seen.request_id)
    with change(by=by, at=seen.now) as trail:
        trail.note(action, kind=Person.kind, object_id=person.public_id if person else "", **detail)


def _session_begun(sender: Any, request: HttpRequest, user: Person, **rest: Any) -> None:
    now = getattr(request, "now", None)
    if now is None:
        from django.utils import timezone

        now = timezone.now()  # noqa: TID251  (Django's test client signs in without a request of ours)
    request.session[BEGAN] = request.session[SEEN] = now.timestamp()


def _signed_in(sender: Any, request: HttpRequest, user: Person, **rest: Any) -> None:
    methods = [record["method"] for record in request.session.get("account_authentication_methods", [])]
    outside = rest.get("sociallogin")
    if outside is None:
        request.session.pop(OUTSIDE, None)
        _note(request, user, "person.signed_in", methods=methods)
        return
    said = outside.account.extra_data
    provider = outside.account.provider
    request.session[OUTSIDE] = {"provider": provider, "id_token": said["id_token"], "end": said["end"]}
    _note(request, user, "person.signed_in", methods=methods, provider=provider)


def note_refusal(request: BatonRequest, *, provider: str, why: str, subject: str, person_id: str) -> None:
    """A sign-in at a provider that did not succeed: ``why`` in a word, with a digest of the account there and the
    public id of the person it means, where these are known."""
    detail = {"name": name_digest(subject)} if subject else {}
    with change(by=Actor(None, request=request.request_id), at=request.now) as trail:
        trail.note("person.sign_in_failed", kind=Person.kind, object_id=person_id, provider=provider, why=why, **detail)


def _signed_out(sender: Any, request: HttpRequest, user: Person | None, **rest: Any) -> None:
    if user is not None:
        _note(request, user, "person.signed_out")


def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **rest: Any) -> None:
    """A failure; attempts that were refused unseen because of too many before are not written, or whoever floods the
    sign-in would flood the trail."""
    if request is None or getattr(request, "axes_locked_out", False) and not just_locked(request):
        return
    typed = str(credentials.get("username") or "")
    person = person_named(typed)
    detail: dict[str, Any] = {"name": name_digest(typed)}
    if just_locked(request):
        detail["locked"] = True
    if not isinstance(getattr(request, "request_id", None), str):
        return
    seen: BatonRequest = request  # type: ignore[assignment]
    with change(by=Actor(None, request=seen.request_id), at=seen.now) as trail:
        trail.note("person.sign_in_failed", kind=Person.kind, object_id=person.public_id if person else "", **detail)


def just_locked(request: HttpRequest) -> bool:
    """Whether this very failure reached the limit: then it was counted."""
    return bool(getattr(request, "axes_locked_out", False)) and bool(getattr(request, "axes_failures_since_start", 0))


def _factor_failed(sender: Any, request: HttpRequest, user: Person, **rest: Any) -> None:
    _note(request, user, "person.factor_failed")


def _factor(action: str) -> Any:
    def receive(sender: Any, request: HttpRequest, user: Person, authenticator: Authenticator, **rest: Any) -> None:
        if action == "person.factor_added" and authenticator.type == Authenticator.Type.TOTP:
            # The code that switched the factor on is spent, too.
            changes.spend_totp_code(authenticator=authenticator, code=request.POST.get("code", ""))
        _note(request, user, action, factor=str(authenticator.type))

    return receive
