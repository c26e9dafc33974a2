"""A program that calls the API in somebody's name."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from baton.core.api.limits import Limit
    from baton.core.models import Person

ALL_SCOPES = (
    "accounts:read", "accounts:write", "agreements:read", "agreements:write", "calendars:read", "calendars:write",
    "chain:read", "chain:write", "comments:read", "comments:write", "feedback:read", "feedback:write",
    "handoffs:read", "handoffs:write", "imports:read", "imports:write", "monitoring:read", "monitoring:write",
    "people:read", "search:read", "webhooks:read", "webhooks:write", "words:write",
)  # fmt: skip
ROOT = "/api/v1"

Result = TypeVar("Result")


def in_one_minute(calls: Callable[[], Result], *more: Limit) -> Result:
    """What ``calls`` gives when it begins and ends in the same calendar minute, by which the API and ``more`` count."""
    from baton.core.api import limits

    while True:
        for limit in (limits.calls, limits.wrong_tokens, *more):
            limit.clear()
        minute = datetime.now(UTC).minute
        given = calls()
        if datetime.now(UTC).minute == minute:
            return given


def token_for(person: Person, *scopes: str, days: int = 30) -> str:
    """A token of ``person`` with these scopes, or with all."""
    from baton.core.actors import Actor
    from baton.core.changes import make_token
    from baton.core.queries import roles_of

    now = datetime.now(UTC)
    by = Actor(person, roles_of(person, now), "test")
    return make_token(by=by, at=now, name="test", scopes=scopes or ALL_SCOPES, days=days)[1]


@dataclass
class Program:
    """Calls with a token; ``last`` is the latest answer. Paths are those behind ``/api/v1``."""

    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def _client(self) -> Client:
        """One for all calls: each new one puts all middleware together before its first request."""
        from django.test import Client

        return Client(raise_request_exception=False)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "new",
        raw: bytes | None = None,
        **more: str,
    ) -> HttpResponse:
        """One call. ``key`` is the idempotency key (``new``: a fresh one, None: none), ``raw`` a body as it is,
        ``more`` further headers with underscores."""
        headers = {**self.headers, **{name.replace("_", "-"): value for name, value in more.items()}}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if key is not None and method not in {"GET", "HEAD", "OPTIONS"}:
            headers.setdefault("Idempotency-Key", secrets.token_hex(16) if key == "new" else key)
        content_type = headers.pop("Content-Type", "application/json")
        sent = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        return self._client.generic(method, f"{ROOT}{path}", sent, content_type=content_type, headers=headers)  # type: ignore[return-value]

    def get(self, path: str, **more: str) -> HttpResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any, **more: Any) -> HttpResponse:
        return self.call("POST", path, body, **more)

    def patch(self, path: str, body: Any, **more: Any) -> HttpResponse:
        return self.call("PATCH", path, body, **more)


def said(answer: HttpResponse) -> Any:
    """The JSON of an answer."""
    return json.loads(answer.content)
