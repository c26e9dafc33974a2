"""How a room declares its calls.

    @reads(router, "", scope="chain:read", may=policy.is_signed_in, response=Rows[PartyShown],
           summary=gettext_noop("List parties"), description=gettext_noop("..."))
    def list_parties(request: ApiRequest, asked: Query[PartiesAsked]) -> Rows[PartyShown]: ...

    @writes(router, "POST", "", scope="chain:write", may=policy.is_signed_in, response=PartyShown, status=201,
            summary=gettext_noop("Add a party"))
    def add_party(request: ApiRequest, sent: PartySent) -> HttpResponse:
        return made(request, write=lambda: changes.add_party(...), show=..., see=...)

``request``, then path parameters, then ``asked`` (query) or ``sent`` (body), by these names.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpResponse
from ninja import Router, Schema
from ninja.responses import Response
from ninja.utils import contribute_operation_callback
from pydantic import BaseModel

from baton.core.actors import Actor
from baton.core.api.door import FILE_TYPE, ApiRequest, Door
from baton.core.api.schemas import Edited, ProblemShown
from baton.core.errors import NotFound, Refused, SentBefore, Stale
from baton.core.models import Record
from baton.core.problems import Problem, refusal
from baton.core.submissions import once
from baton_analysis.errors import gettext_noop

F = TypeVar("F", bound=Callable[..., Any])
R = TypeVar("R", bound=Record)

READ_REFUSALS = (400, 401, 403, 404, 414, 422, 429)
WRITE_REFUSALS = (*READ_REFUSALS, 409, 413, 415, 428)

_ETAG = re.compile(r'("?)(0|[1-9][0-9]{0,15})\1')

_KEY_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "pattern": r"^[!-~]{8,128}$", "minLength": 8, "maxLength": 128},
    "description": "Random text of your own. Repeating a call with the same key and body changes nothing more.",
    "example": "6f1c0a52-9a0e-4f7e-8b57-0d6a3f2f9c11",
}
_IF_MATCH: dict[str, Any] = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string", "pattern": r'^("(0|[1-9][0-9]{0,15})"|0|[1-9][0-9]{0,15})$'},
    "description": "The ETag that you saw, in place of `version` in the body.",
}


class _Refusal(Schema):
    """How every call answers what it refuses."""

    response: ProblemShown


def reads(
    router: Router, path: str, *, scope: str, may: Callable[[Actor], bool], response: Any, summary: str, **said: Any
) -> Callable[[F], F]:
    """A call that changes nothing. ``file_type``: it answers with a file of this media type; ``response`` is None."""
    return _call(router, "GET", path, Door(scope=scope, may=may, writes=False), response, 200, summary, **said)


def writes(
    router: Router,
    method: str,
    path: str,
    *,
    scope: str,
    may: Callable[[Actor], bool],
    response: Any,
    summary: str,
    status: int = 200,
    largest_file: Callable[[], int] | None = None,
    **said: Any,
) -> Callable[[F], F]:
    """A call that changes something, once for each idempotency key. ``largest_file``: its body is no JSON but a file of
    at most so many bytes, which the call reads with :func:`baton.core.api.door.pieces`."""
    door = Door(scope=scope, may=may, writes=True, largest_file=largest_file)
    return _call(router, method, path, door, response, status, summary, **said)


def _call(
    router: Router,
    method: str,
    path: str,
    door: Door,
    response: Any,
    status: int,
    summary: str,
    *,
    description: str = "",
    versioned: bool = False,
    example: dict[str, Any] | None = None,
    file_type: str = "",
) -> Callable[[F], F]:
    refusals = WRITE_REFUSALS if door.writes else READ_REFUSALS
    extra: dict[str, Any] = {"x-scope": door.scope}
    if door.writes:
        extra["parameters"] = [_KEY_PARAMETER, *([_IF_MATCH] if versioned else [])]
    if door.largest_file is not None:
        extra["requestBody"] = {
            "required": True, "content": {FILE_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }  # fmt: skip
    if file_type:
        content = {file_type: {"schema": {"type": "string", "format": "binary"}}}
        extra["responses"] = {status: {"description": "The file.", "content": content}}
    if example is not None:
        extra["requestBody"] = {"content": {"application/json": {"example": example}}}

    def declare(function: F) -> F:
        contribute_operation_callback(function, door.look_at)
        router.api_operation(
            [method],
            path,
            auth=door,
            response={status: response},
            summary=summary,
            description=description,
            operation_id=function.__name__,
            openapi_extra=extra,
        )(function)
        # Given to ninja, it would make a class of its own for each of them, which took half of a server's start.
        router.path_operations[path].operations[-1].response_models |= dict.fromkeys(frozenset(refusals), _Refusal)
        return function

    return declare


def made(
    request: ApiRequest,
    *,
    write: Callable[[], R],
    show: Callable[[R], BaseModel],
    see: Callable[[str], object],
    status: int = 201,
) -> HttpResponse:
    """Carry out ``write`` once for the request's idempotency key, and show the record.

    A repetition with the same body shows the record as it now stands, with the header ``Idempotent-Replayed``, unless
    it is no longer shared with the caller: ``see(public_id)`` then raises :class:`NotFound`.
    """
    record, again = _once(request, write)
    if again:
        see(record.public_id)
    response: HttpResponse = Response(show(record).model_dump(mode="json"), status=status)
    response["ETag"] = f'"{record.changed_seq}"'
    if again:
        response["Idempotent-Replayed"] = "true"
    return response


def changed(
    request: ApiRequest,
    public_id: str,
    sent: Edited,
    *,
    write: Callable[..., R],
    show: Callable[[R], BaseModel],
    see: Callable[[str], R],
) -> HttpResponse:
    """As :func:`made`, for a change of the record that ``see(public_id)`` reads; a stale one is answered with what now
    stands.

    ``write(record, by=, at=, expected_seq=)`` makes the change, of the version that the caller says he saw.
    """
    record = see(public_id)
    seen = {"by": request.actor, "at": request.now, "expected_seq": version_of(request, sent.version)}
    try:
        return made(request, write=lambda: write(record, **seen), show=show, see=see, status=200)
    except Stale as stale:
        fresh = type(record)._default_manager.get(pk=record.pk)
        return refusal(request, stale, theirs=show(fresh).model_dump(mode="json"))


def shown(record: Record, schema: BaseModel) -> HttpResponse:
    """One record, with its version as ETag."""
    response: HttpResponse = Response(schema.model_dump(mode="json"))
    response["ETag"] = f'"{record.changed_seq}"'
    return response


def version_of(request: ApiRequest, version: int | None) -> int:
    """The version that the caller saw: ``version`` of the body, or If-Match. Refused where there is none, or two."""
    header = request.headers.get("If-Match", "")
    match = _ETAG.fullmatch(header)
    if header and match is None:
        raise Problem(
            "not-understood",
            expected=gettext_noop("Expected one ETag in If-Match, as it was answered, such as {example}."),
            found=gettext_noop("Found {value}."),
            remedy=gettext_noop("Read the record again and send its ETag."),
            example='"42"',
            value=header[:60],
        )
    said = int(match[2]) if match else None
    if said is None and version is None:
        raise Problem(
            "precondition",
            expected=gettext_noop("Expected the version that you saw: version in the body, or If-Match."),
            found=gettext_noop("Found nothing."),
            remedy=gettext_noop("Read the record, and send its version with the change."),
        )
    if said is not None and version is not None and said != version:
        raise Problem(
            "refused",
            expected=gettext_noop("Expected the same version in the body and in If-Match."),
            remedy=gettext_noop("Send one of them."),
        )
    found = said if said is not None else version
    return found if found is not None else 0


def named(read: Callable[[], R], field: str) -> R:
    """The record that a member of the body names; refused alike where there is none and where it is not shared."""
    try:
        return read()
    except NotFound as hidden:
        raise Refused(
            field=field,
            expected=gettext_noop("Expected the id of something that you may see."),
            found=gettext_noop("There is nothing under this id, or it is not shared with you."),
            remedy=gettext_noop("Look it up in its list."),
        ) from hidden


def _once(request: ApiRequest, write: Callable[[], R]) -> tuple[R, bool]:
    """The record, and whether an earlier call made it. Forms keep their keys in the same place; theirs are others."""
    key = hashlib.sha256(f"api {request.idempotency_key}".encode()).hexdigest()
    ran = False

    def carry_out() -> R:
        nonlocal ran
        ran = True
        return write()

    sent = {
        "call": f"{request.method} {request.path}", "body": request.sent,
        "if_match": request.headers.get("If-Match", ""),
    }  # fmt: skip
    try:
        record = once(by=request.actor, at=request.now, key=key, sent=sent, write=carry_out)
    except SentBefore as reused:
        raise SentBefore(
            expected=gettext_noop("Expected an idempotency key of this call alone."),
            found=gettext_noop("It came before, with another call or another body."),
            remedy=gettext_noop("Make a new key for each change; keep it where you repeat the same call."),
        ) from reused
    return record, not ran
