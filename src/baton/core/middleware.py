"""What happens to every request."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from baton.core.actors import NOBODY, Actor
from baton.core.errors import Refused, explain
from baton.core.models import Person
from baton.core.queries import roles_of
from baton_analysis.errors import BatonError

GetResponse = Callable[[HttpRequest], HttpResponse]


class BatonRequest(HttpRequest):
    """A request as views see it: ``actor`` is who asks, ``now`` the one time of everything done in it."""

    actor: Actor
    now: datetime
    request_id: str


class RequestIdMiddleware:
    """Gives every request a random id, which logs, the audit trail and error pages name."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: BatonRequest) -> HttpResponse:
        request.request_id = secrets.token_hex(8)
        request.now = timezone.now()
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id
        return response


class PersonMiddleware:
    """Sets ``request.actor``."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: BatonRequest) -> HttpResponse:
        request.actor = NOBODY
        if isinstance(request.user, Person):
            request.actor = Actor(request.user, roles_of(request.user, request.now), request.request_id)
        return self.get_response(request)


class RefusalMiddleware:
    """Turns a refusal into a page with the right status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, BatonError):
            return None
        status = error.status if isinstance(error, Refused) else 400
        return render(request, "core/refused.html", {"message": explain(error), "status": status}, status=status)
