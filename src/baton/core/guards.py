"""Who may open a page: every view carries one of these, and a test fails for a route whose view carries none.

@guarded()                          any signed-in person who belongs to the organisation (not a guest)
@guarded(policy.may_manage_people)  those whom the policy function allows
@public                             anybody; say in the docstring why
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from baton.core import policy
from baton.core.actors import Actor
from baton.core.error_pages import TYPED_BY, signed_out_form, typed_mark
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

View = Callable[..., HttpResponseBase]
_ENDED = {
    "idle": _("You were signed out after half an hour without use. Sign in again to go on."),
    "absolute": _("A sign-in lasts twelve hours. Sign in again to go on."),
    "ended": _("Your sign-ins were ended by the administrator or by a new password. Sign in again."),
}

V = TypeVar("V", bound=View)

PUBLIC = "public"
TOKEN = "token"
"""Guards the calls of the API: each has its own door (baton.core.api.door), which asks for a token."""


def guarded(may: Callable[[Actor], bool] = policy.may_use) -> Callable[[View], View]:
    """Ask a stranger to sign in, and refuse (403) whom ``may`` does not allow.

    Rights in a single record are checked by the queries (``viewer=``) and changes (``by=``) that the view calls.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor = request.actor
            if actor.is_anonymous:
                return to_sign_in(request)
            _demand_own_form(request, actor)
            policy.demand(may(actor))
            return view(request, *args, **kwargs)

        checked.policy = may  # type: ignore[attr-defined]
        return checked

    return decorate


def _demand_own_form(request: HttpRequest, actor: Actor) -> None:
    """A form that was typed before its writer was signed out is sent again by nobody else."""
    mark = request.POST.get(TYPED_BY, "") if request.method == "POST" else ""
    if mark and (actor.person is None or not constant_time_compare(mark, typed_mark(actor.person.public_id))):
        raise Refused(
            expected=gettext_noop("What was typed before a sign-out is sent again only by whoever typed it."),
            found=gettext_noop("You are signed in as somebody else."),
            remedy=gettext_noop(
                "Nothing was saved. Let the other person sign in, or enter it as your own on a new page."
            ),
        )


def public(view: V) -> V:
    """Anybody may open the page, signed in or not."""
    view.policy = PUBLIC  # type: ignore[attr-defined]
    return view


def policy_of(view: object) -> Callable[[Actor], bool] | str | None:
    """What guards a view: its policy function, ``"public"``, ``"token"``, or None where nobody has decided."""
    found: Callable[[Actor], bool] | str | None = getattr(view, "policy", None)
    return found


def _page_of(request: HttpRequest) -> str:
    """Path and query of the page of Baton that asked for a fragment; the first page where it names none of ours."""
    try:
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return "/"
    if page.netloc != request.get_host() or not page.path.startswith("/"):
        return "/"
    return f"{page.path}?{page.query}" if page.query else page.path


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which leads back to where the person was going; a whole page also for an htmx fragment. A form
    that was sent comes back with what was typed, to be sent again after signing in.
    """
    if getattr(request, "session_ended", "") in _ENDED and request.method == "GET":
        messages.info(request, _ENDED[request.session_ended])  # type: ignore[attr-defined]
    wanted = request.get_full_path() if request.method == "GET" else "/"
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204)
        response["HX-Redirect"] = f"{resolve_url('account_login')}?{urlencode({'next': _page_of(request)})}"
        return response
    if request.method == "POST" and not request.path.startswith("/accounts/"):
        return signed_out_form(request)
    return HttpResponseRedirect(f"{resolve_url('account_login')}?{urlencode({'next': wanted})}")
