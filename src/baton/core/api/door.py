"""Who comes in: the one check that stands before every call, in an order in which nothing costly comes early."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from ninja.operation import Operation

from baton.core import policy, registries, tokens
from baton.core.accounts.attempts import address_of
from baton.core.actors import Actor
from baton.core.api import bodies, limits
from baton.core.changes import note_use
from baton.core.middleware import BatonRequest
from baton.core.models import ApiToken
from baton.core.problems import Problem
from baton.core.queries import roles_of
from baton_analysis.errors import gettext_noop

ANY_SCOPE = ""
"""The scope of calls that every token may use."""
FILE_TYPE = "application/octet-stream"
"""As which a file is sent, whatever it is."""

PIECE = 1024 * 1024
_KEY = re.compile(r"[\x21-\x7e]{8,128}")


class ApiRequest(BatonRequest):
    """A request that has passed the door: ``sent`` is its JSON body, ``idempotency_key`` its key. The body of a call
    that takes a file is still to be read, with :func:`pieces`."""

    token: ApiToken
    sent: dict[str, Any]
    idempotency_key: str


def pieces(request: ApiRequest) -> Iterator[bytes]:
    """The file that is sent, piece by piece."""
    while piece := request.read(PIECE):
        yield piece


class Door:
    """Lets a call in: its token, limits, scope, policy and form. Its name is that of the scheme in OpenAPI."""

    openapi_security_schema: dict[str, Any] = {
        "type": "http",
        "scheme": "bearer",
        "description": "A token that its owner made on the page “My tokens”.",
    }

    def __init__(
        self, *, scope: str, may: Callable[[Actor], bool], writes: bool, largest_file: Callable[[], int] | None = None
    ) -> None:
        """``largest_file`` says how many bytes the file may have that the call takes in place of JSON."""
        self.scope, self.may, self.writes, self.largest_file = scope, may, writes, largest_file
        self.parameters: frozenset[str] = frozenset()

    def look_at(self, operation: Operation) -> None:
        """Learn which query parameters the call knows; ninja calls it with the finished operation."""
        for model in operation.models:
            if model.__ninja_param_source__ == "query":
                known = getattr(model, "__ninja_flatten_map__", None) or model.model_fields
                self.parameters |= frozenset(known)

    def __call__(self, request: ApiRequest) -> Actor:
        token = _token_of(request)
        actor = Actor(token.owner, roles_of(token.owner, request.now), request.request_id, via=token.public_id)
        request.actor, request.token = actor, token
        if self.scope != ANY_SCOPE and (self.scope not in token.scopes or self.scope not in registries.api_scopes):
            raise Problem(
                "not-allowed",
                expected=gettext_noop("This call needs a token with the scope {scope}."),
                remedy=gettext_noop("Make a token with it on the page “My tokens”."),
                scope=self.scope,
            )
        policy.demand(self.may(actor))
        self._check_query(request)
        if self.writes:
            if self.largest_file is not None:
                _check_file(request, self.largest_file())
            else:
                _check_body(request)
            request.idempotency_key = _key_of(request)
        note_use(token=token, at=request.now)
        return actor

    def _check_query(self, request: ApiRequest) -> None:
        for name, values in request.GET.lists():
            known = name in self.parameters
            if known and len(values) == 1 and bodies.is_storable(values[0]):
                continue
            raise Problem(
                "not-understood",
                expected=gettext_noop("Expected each query parameter once, and only those that the reference names."),
                found=gettext_noop("Found {name} more than once, or with characters that no text has.")
                if known
                else gettext_noop("Found {name}."),
                remedy=gettext_noop("Leave it out, or look up its name in the reference."),
                name=name[:60].encode("utf-8", "replace").decode(),
            )


def _token_of(request: ApiRequest) -> ApiToken:
    """The token that the request carries. Cookies count for nothing; the middleware has taken them away."""
    address = address_of(request)
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    parts = tokens.parts_of(text.strip()) if scheme.lower() == "bearer" else None
    if parts is None:
        raise _no_token(request, address)
    prefix, secret = parts
    most = settings.API_CALLS_A_MINUTE
    _wait(limits.calls.seconds_to_wait(f"{prefix} {address}", request.now, most))
    token = tokens.recognised(prefix, secret, request.now)
    if token is None:
        raise _no_token(request, address)
    _wait(limits.calls.seconds_to_wait(prefix, request.now, most))
    return token


def _no_token(request: ApiRequest, address: str) -> Problem:
    """The same for every reason; who knocks too often with wrong tokens is told to wait.

    A right token from the same address goes on: behind one address stand a whole hospital's programs, and one of them
    with a stale token must not stop the others.
    """
    if request.headers.get("Authorization"):
        _wait(limits.wrong_tokens.seconds_to_wait(address, request.now, settings.API_WRONG_TOKENS_A_MINUTE))
    return Problem(
        "not-signed-in",
        headers={"WWW-Authenticate": 'Bearer realm="Baton"'},
        expected=gettext_noop("Expected the header Authorization: Bearer with a token that is valid."),
        found=gettext_noop("There is none, or it is unknown, ended or withdrawn, or its owner may not sign in."),
        remedy=gettext_noop("Make a token on the page “My tokens”. Sign-ins by cookie are not accepted here."),
    )


def _wait(seconds: int) -> None:
    if seconds:
        raise Problem(
            "too-many",
            headers={"Retry-After": str(seconds)},
            expected=gettext_noop("Expected fewer calls a minute."),
            remedy=gettext_noop("Wait {seconds} seconds, then go on."),
            seconds=seconds,
        )


def _check_length(request: ApiRequest, most: int, remedy: str) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        raise Problem(
            "too-large",
            expected=gettext_noop("Expected a body of at most {most} bytes."),
            found=gettext_noop("Found {length} bytes."),
            remedy=remedy,
            most=most,
            length=length[:20],
        )


def _check_file(request: ApiRequest, largest: int) -> None:
    """The body is left unread: a file may be larger than what should stand in memory."""
    remedy = gettext_noop("Pack it (.gz), split it, or ask the administrator to raise the limit.")
    _check_length(request, largest, remedy)
    if request.content_type != FILE_TYPE:
        raise Problem(
            "not-a-file",
            expected=gettext_noop("Expected Content-Type: {type}, and the file as the body."),
            found=gettext_noop("Found {value}."),
            remedy=gettext_noop("Send the file itself, not a form."),
            type=FILE_TYPE,
            value=(request.headers.get("Content-Type", "") or "-")[:100],
        )


def _check_body(request: ApiRequest) -> None:
    _check_length(request, bodies.LARGEST, gettext_noop("Send less at a time."))
    if not request.body and not request.headers.get("Content-Type"):
        request.sent = {}  # a call without members, such as pausing a webhook, needs no body
        return
    charset = request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
    if request.content_type != "application/json" or charset.lower() not in {"utf-8", "utf8"}:
        raise Problem(
            "not-json",
            expected=gettext_noop("Expected Content-Type: application/json."),
            found=gettext_noop("Found {value}."),
            remedy=gettext_noop("Send JSON and say so in the header."),
            value=(request.headers.get("Content-Type", "") or "-")[:100],
        )
    request.sent = bodies.parsed(request.body)


def _key_of(request: ApiRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise Problem(
            "precondition",
            expected=gettext_noop("Expected the header Idempotency-Key with 8 to 128 printable ASCII characters."),
            found=gettext_noop("Found {length} characters.") if key else gettext_noop("Found nothing."),
            remedy=gettext_noop(
                "Make a random one for each change, such as a UUID; repeat it when you repeat the call."
            ),
            length=len(key),
        )
    return key
