"""Pages on which nobody is traced: those under ``UNTRACED_PATHS``, on which people answer anonymous surveys and
tell something without a sign-in.

Before anything else reads a request, all is taken out of it that says who sent it or with what. What is answered sets
no cookie, is kept nowhere and tells the next site nothing. Requests that succeed leave no line in the log: where a line
stands between others tells the time, whatever the line itself says. Failures leave one that names the day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

untraced: ContextVar[bool] = ContextVar("untraced", default=False)
"""Whether the request that is being answered is to leave no trace."""

unlogged: ContextVar[bool] = ContextVar("unlogged", default=False)
"""Whether the request that is being answered, of somebody who is signed in, is to leave no line in the log."""

KEPT = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO"})
"""Headers that Baton needs to answer at all; no other one reaches these pages."""


class UntracedMiddleware:
    """Takes cookies, the name of the browser, its languages and where it came from out of requests to these pages, and
    everything that could be kept or passed on out of their answers. It stands before all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(settings.UNTRACED_PATHS):
            return self.get_response(request)
        for name in [name for name in request.META if name.startswith("HTTP_") and name not in KEPT]:
            del request.META[name]
        token = untraced.set(True)
        try:
            response = self.get_response(request)
        finally:
            untraced.reset(token)
        # Django's handler writes a line for every refusal after the last middleware has gone.
        response._has_been_logged = True  # type: ignore[attr-defined]
        response.cookies.clear()
        for name in ("X-Request-Id", "ETag", "Last-Modified"):
            response.headers.pop(name, None)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response


class FailuresOnly(logging.Filter):
    """Lets through of untraced and unlogged requests only what failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR or not (untraced.get() or unlogged.get())
