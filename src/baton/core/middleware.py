"""What happens to every request."""

from __future__ import annotations

import ipaddress
import logging
import secrets
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from baton.core import vocabulary
from baton.core.actors import NOBODY, Actor
from baton.core.error_pages import error_page
from baton.core.errors import Refused, Stale, explain
from baton.core.logs import request_id
from baton.core.models import Person
from baton.core.once import once_in_here
from baton.core.problems import is_api
from baton.core.queries import roles_of
from baton.core.rules import LAST_SEEN_GRAIN, why_no_session
from baton.core.untraced import unlogged, untraced
from baton_analysis.errors import BatonError, gettext_noop

GetResponse = Callable[[HttpRequest], HttpResponse]

log = logging.getLogger("baton.requests")

# Keys of the session: when it began and when it was last used, in seconds since 1970.
BEGAN = "began"
SEEN = "seen"
# Header of a request by which a page renews itself.
RENEWS = "X-Baton-Renews"
# Of somebody who came with the organisation's own account: provider, ID token, and where to sign out there. He needs
# no password, so none is asked to be changed.
OUTSIDE = "outside"

# Where somebody who must change his password may still go.
_FREE = frozenset({"account_change_password", "account_logout", "set_language"})


class BatonRequest(HttpRequest):
    """A request as views see it: ``actor`` is who asks, ``now`` the one time of everything done in it.

    ``session_ended`` says why the session that the request came with is over (rules.why_no_session), if it is, and
    ``signed_out`` whose it was (public id).
    """

    actor: Actor
    now: datetime
    request_id: str
    session_ended: str
    signed_out: str


NUL = "%00"


class RequestIdMiddleware:
    """Gives every request a random id, which logs, the audit trail and error pages name; none to those that leave no
    trace."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: BatonRequest) -> HttpResponse:
        request.request_id = "" if untraced.get() else secrets.token_hex(8)
        request.now = timezone.now()
        request.actor = NOBODY
        request.session_ended = request.signed_out = ""
        is_unlogged = request.path_info.startswith(settings.UNLOGGED_PATHS)
        token, quiet = request_id.set(request.request_id), unlogged.set(is_unlogged)
        try:
            response = self._answer(request)
            if is_unlogged:
                self._leave_unsaid(response)
            elif not untraced.get():
                self._note(request, response)
        finally:
            request_id.reset(token)
            unlogged.reset(quiet)
        response["X-Request-Id"] = request.request_id
        if request.actor.person is not None:
            # A shared computer must not show a page again after its reader has signed out.
            response.headers.setdefault("Cache-Control", "private, no-store")
        response["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
        return response

    @staticmethod
    def _leave_unsaid(response: HttpResponse) -> None:
        """Refusals are no lines of Django's own either; failures of the program are."""
        if response.status_code < 500:
            response._has_been_logged = True  # type: ignore[attr-defined]
        response["Cache-Control"] = "private, no-store"

    @staticmethod
    def _note(request: BatonRequest, response: HttpResponse) -> None:
        milliseconds = round((timezone.now() - request.now).total_seconds() * 1000)
        log.info(
            "%s %s %s", request.method, request.path, response.status_code,
            extra={"status": response.status_code, "ms": milliseconds, "person": request.actor.id},
        )  # fmt: skip

    def _answer(self, request: BatonRequest) -> HttpResponse:
        with once_in_here():
            return self.get_response(request)


class NulMiddleware:
    """Leaves a NUL out of the parameters of a page's address, as texts of forms are read without: no text of any record
    holds one, and PostgreSQL does not even compare with it. Calls of the API say that they take none."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        while NUL in asked and not is_api(request):
            asked = request.META["QUERY_STRING"] = asked.replace(NUL, "")
        return self.get_response(request)


class ApiMiddleware:
    """Takes the cookies from calls of the API: a token alone counts there, and the language is that of the call."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_api(request):
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)


class NamelessMiddleware:
    """Takes the session from requests to pages that know no sign-in. Workshops: nobody can say afterwards, not even by
    the log, that somebody who is signed in wrote something there. Shared tablets: nobody acts there in the name of
    whoever forgot to sign out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(settings.NAMELESS_PATHS):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)


class PlainHttpMiddleware:
    """Refuses http from beyond this machine, unless the installation allows it: passwords would travel in the clear."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.is_secure() or settings.ALLOW_PLAIN_HTTP or is_loopback(request.META.get("REMOTE_ADDR", "")):
            return self.get_response(request)
        refused = Refused(
            expected=gettext_noop("Baton answers over https, so that nobody on the way can read passwords."),
            found=gettext_noop("This request came over plain http from another machine."),
            remedy=gettext_noop(
                "Open {address}, or ask the administrator (baton serve --lan, BATON_ALLOW_PLAIN_HTTP)."
            ),
            address=settings.BASE_URL,
        )
        return error_page(request, 403, message=explain(refused))


def is_loopback(address: str) -> bool:
    """Whether a request from this address never left the machine; a Unix socket has an empty address."""
    try:
        return not address or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class PersonMiddleware:
    """Sets ``request.actor``, ends sessions that are too old, and speaks the person's language in his time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: BatonRequest) -> HttpResponse:
        timezone.deactivate()
        vocabulary.follow()
        if isinstance(request.user, Person):
            self._age(request, request.user)
        if isinstance(request.user, Person):
            person = request.user
            request.actor = Actor(person, roles_of(person, request.now), request.request_id)
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
            timezone.activate(person.time_zone)
            if person.must_change_password and OUTSIDE not in request.session and not self._may_pass(request):
                return HttpResponseRedirect(reverse("account_change_password"))
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    @staticmethod
    def _age(request: BatonRequest, person: Person) -> None:
        """End the session or note that it is in use; the note is written once a minute at most. A page that renews
        itself is no use: nobody need sit in front of it."""
        began, seen = (_moment(request.session.get(key)) for key in (BEGAN, SEEN))
        ended = why_no_session(began=began, seen=seen, at=request.now, valid_from=person.sessions_valid_from)
        if ended:
            logout(request)
            request.session_ended, request.signed_out = ended, person.public_id
        elif seen is not None and request.now - seen >= LAST_SEEN_GRAIN and RENEWS not in request.headers:
            request.session[SEEN] = request.now.timestamp()

    @staticmethod
    def _may_pass(request: HttpRequest) -> bool:
        free = {reverse(name) for name in _FREE}
        return request.path in free or request.path.startswith(settings.STATIC_URL)


def _moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, tz=timezone.get_default_timezone()) if isinstance(seconds, float) else None


class RefusalMiddleware:
    """Turns a refusal into a page with the right status, also that of an address which only buttons use (405)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            page = error_page(request, response.status_code)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, BatonError):
            return None
        status = error.status if isinstance(error, Refused) else 400
        # What a stale edit says is meant for a form that shows both versions; a page has none below it.
        return error_page(request, status, message="" if isinstance(error, Stale) else explain(error))
