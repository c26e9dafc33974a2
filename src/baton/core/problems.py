"""Answers of the API that refuse: problem details (RFC 9457), in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy

from baton.core.errors import Forbidden, NotFound, Refused, RefusedRows, SentBefore, Stale, explain
from baton_analysis.errors import BatonError, filled

CONTENT_TYPE = "application/problem+json"
PREFIX = "/api/v1/"

# Kind of problem -> title. The kind is the end of the problem's `type`, which leads to the page about the API.
TITLES = {
    "not-understood": gettext_lazy("The request cannot be understood"),
    "not-signed-in": gettext_lazy("A valid token is needed"),
    "not-allowed": gettext_lazy("You may not do this"),
    "not-found": gettext_lazy("There is no such thing"),
    "no-such-method": gettext_lazy("This address does not know the method"),
    "stale": gettext_lazy("Somebody else was faster"),
    "too-large": gettext_lazy("This is too large"),
    "not-json": gettext_lazy("The body must be JSON"),
    "not-a-file": gettext_lazy("The body must be a file"),
    "refused": gettext_lazy("This cannot be carried out as it stands"),
    "key-used": gettext_lazy("This idempotency key was used for something else"),
    "precondition": gettext_lazy("Something is missing that guards against double and lost changes"),
    "too-many": gettext_lazy("Too many calls"),
}
STATUSES = {
    "not-understood": 400, "not-signed-in": 401, "not-allowed": 403, "not-found": 404,
    "no-such-method": 405, "stale": 409, "too-large": 413, "not-json": 415, "not-a-file": 415,
    "refused": 422, "key-used": 422,
    "precondition": 428, "too-many": 429,
}  # fmt: skip
_KIND_OF_STATUS = {status: kind for kind, status in reversed(STATUSES.items())}


class Problem(Refused):
    """A refusal of the API's own. ``kind`` is a key of :data:`TITLES`; ``headers`` go into the answer."""

    def __init__(self, kind: str, *, headers: Mapping[str, str] | None = None, **said: Any) -> None:
        super().__init__(**said)
        self.kind = kind
        self.status = STATUSES[kind]
        self.headers = dict(headers or {})


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, which reads JSON."""
    return request.path.startswith(PREFIX)


def problem(
    request: HttpRequest,
    status: int,
    *,
    kind: str = "",
    title: str = "",
    detail: str = "",
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    """The answer. ``errors`` say field by field what was expected and found and what to do; ``more`` are further
    members."""
    from ninja.responses import Response

    kind = kind or _KIND_OF_STATUS.get(status, "")
    body = {
        "type": f"{settings.BASE_URL}/api/docs/#{kind}" if kind else "about:blank",
        "title": title or str(TITLES.get(kind, "")),
        "status": status,
        "detail": detail,
        "instance": request.path,
        "request_id": getattr(request, "request_id", ""),
        "errors": list(errors),
        **more,
    }
    response: HttpResponse = Response(body, status=status, headers=dict(headers or {}), content_type=CONTENT_TYPE)
    return response


def refusal(request: HttpRequest, error: BatonError, **more: Any) -> HttpResponse:
    """The answer to a request that one of our functions refused."""
    kind, status, headers = _sorted_out(error)
    said = _said(error)
    field = getattr(error, "field", "")
    errors = [{"loc": ["body", *_down_to(field)] if field else [], "field": field, **said}]
    if isinstance(error, RefusedRows):
        errors = [_of_row(number, why) for number, why in error.refused]
    if isinstance(error, Stale):
        more |= {"version": error.version}
    detail = said["remedy"] if isinstance(error, NotFound) else explain(error)
    return problem(request, status, kind=kind, detail=detail, errors=errors, headers=headers, **more)


def _down_to(field: str) -> list[str | int]:
    """The names down to a value: ``lines.0.unit``."""
    return [int(name) if name.isdecimal() else name for name in field.split(".")]


def _said(error: BatonError) -> dict[str, str]:
    said = {
        name: filled(template, error.values, gettext) if template else ""
        for name, template in (("expected", error.expected), ("found", error.found), ("remedy", error.remedy))
    }
    if isinstance(error, NotFound):
        said["remedy"] = gettext("There is nothing under this address, or it is not shared with you.")
    return said


def _of_row(number: int, why: Refused) -> dict[str, Any]:
    """What is wrong with one row of ``rows``."""
    return {"loc": ["body", "rows", number - 1, *([why.field] if why.field else [])], "field": why.field, **_said(why)}


def _sorted_out(error: BatonError) -> tuple[str, int, Mapping[str, str]]:
    if isinstance(error, Problem):
        return error.kind, error.status, error.headers
    if isinstance(error, Forbidden | NotFound | Stale):
        return _KIND_OF_STATUS[error.status], error.status, {}
    if isinstance(error, SentBefore):
        return "key-used", error.status, {}
    status = error.status if isinstance(error, Refused) and error.status >= 500 else 422
    return ("refused" if status == 422 else ""), status, {}
