"""Pages that say what went wrong, what to do, and under which number to ask about it."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from baton.core import typed_forms
from baton.core.problems import is_api, problem

# Field of a form that is sent again after signing in: whose it is.
TYPED_BY = "typed_by"

# status -> what happened, what to do
SAID = {
    400: (_("This request cannot be understood"), _("Go back, load the page again and repeat what you did.")),
    403: (
        _("You may not do this"),
        _("Ask the administrator or the head of the department, and name the number below."),
    ),
    404: (
        _("There is no such page"),
        _("It was moved, or it is not shared with you. Start from the home page, or ask whoever sent you the link."),
    ),
    405: (_("This address is not a page"), _("Go back and use the button on the page.")),
    409: (_("Somebody else was faster"), _("Load the page again, compare, and repeat your change if it still holds.")),
    413: (_("This is too large"), _("Send less at a time: a smaller file, or a shorter text.")),
    422: (_("This cannot be carried out as it stands"), _("Go back and correct what the message names.")),
    429: (_("Too many attempts"), _("Nothing was tried this time. Wait, then try again.")),
    500: (
        _("Something went wrong on our side"),
        _("Nothing was saved. Try again in a minute; if it happens again, tell the administrator the number below."),
    ),
    503: (_("Baton is not available just now"), _("Nothing was saved. Try again in a minute.")),
}


def error_page(request: HttpRequest, status: int, *, message: str = "", until: datetime | None = None) -> HttpResponse:
    """The page for ``status``; ``message`` says more precisely what happened, ``until`` when it will be over."""
    title, remedy = SAID.get(status, SAID[500] if status >= 500 else SAID[400])
    if is_api(request):
        return problem(request, status, title=str(title), detail=message or str(remedy))
    message = _beyond(str(title), message)
    values = {
        "status": status, "title": title, "remedy": "" if message else remedy, "message": message, "until": until,
        "request_id": getattr(request, "request_id", ""),
    }  # fmt: skip
    return render(request, "core/error.html", values, status=status)


def _beyond(title: str, message: str) -> str:
    """What the message says beyond the heading: nothing where its first sentence only goes on from there, which what
    to do says at length."""
    rest = message.removeprefix(title)
    if rest == message:
        return message
    return "" if rest.startswith((",", "，")) else rest.lstrip(" .。")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 for a body over the limit."""
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500. Rendered without sessions, messages or the person: the database may be what is broken."""
    title, remedy = SAID[500]
    if is_api(request):
        return problem(request, 500, title=str(title), detail=str(remedy))
    values = {
        "status": 500, "title": title, "remedy": remedy, "request_id": getattr(request, "request_id", ""),
        "request": request, "csrf_token": get_token(request),
    }  # fmt: skip
    return HttpResponse(render_to_string("core/error.html", values), status=HTTPStatus.INTERNAL_SERVER_ERROR)


# On the pages of accounts nothing that was typed is shown again.
_ACCOUNTS = "/accounts/"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token.

    A form of our own whose token has aged (the person signed in again in another window) comes back with what was
    typed, to be sent once more. One that came from another site, or says nothing of where it came from, is not offered
    again.
    """
    ours = _is_from_here(request)
    return _typed_page(request, "core/stale_form.html", {"ours": ours}, typed=ours)


def signed_out_form(request: HttpRequest) -> HttpResponse:
    """403 for a form that was sent after its session had ended: the page holds what was typed, to be sent again after
    signing in.

    Nothing is kept on the server. The page goes to nobody but the sender, whose token was checked before; contents of
    password fields are left out, and files must be chosen again. The form bears a keyed mark of the person who typed
    it, so that somebody else who signs in at the same computer does not send it in his own name by mistake.
    """
    mark = typed_mark(getattr(request, "signed_out", ""))
    response = _typed_page(request, "core/signed_out_form.html", {"typed_by_name": TYPED_BY, "typed_by": mark})
    response["Cache-Control"] = "private, no-store"
    return response


def typed_mark(public_id: str) -> str:
    """The mark of a person in a form that is sent again; empty for nobody."""
    return salted_hmac("baton.core.typed_form", public_id, algorithm="sha256").hexdigest() if public_id else ""


def _typed_page(request: HttpRequest, template: str, values: dict[str, Any], *, typed: bool = True) -> HttpResponse:
    offered = typed and not request.path.startswith(_ACCOUNTS)
    names = {*request.POST, *request.FILES}
    values |= {
        "typed": typed_forms.typed(dict(request.POST.lists()), unseen={TYPED_BY}) if offered else [],
        "files": [(name, typed_forms.label_of(name, names)) for name in request.FILES] if offered else [],
        "request_id": getattr(request, "request_id", ""),
    }
    return render(request, template, values, status=403)


def _is_from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        sent_from = urlsplit(origin)
    except ValueError:
        return False
    if f"{sent_from.scheme}://{sent_from.netloc}" == settings.BASE_URL:
        return True
    return sent_from.netloc == request.get_host() and sent_from.scheme == request.scheme
