"""How often somebody may try: counted in the volatile database before any password is hashed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse

from baton.core.error_pages import error_page
from baton.core.queries import person_named
from baton.core.rules import ADDRESS_FAILURES, SIGN_IN_COOL_OFF, SIGN_IN_FAILURES, normal_sign_in_name


def account_of(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Key under which attempts are counted: the person, however he was named, else a digest of what was typed."""
    given = credentials or {}
    typed = str(given.get("login") or given.get("username") or "")
    person = person_named(typed)
    if person is not None:
        return person.public_id
    return "unknown:" + hashlib.sha256(normal_sign_in_name(typed).encode()).hexdigest()[:32]


def address_of(request: HttpRequest) -> str:
    """Address of the client; behind trusted proxies what the outermost of them saw."""
    remote = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= settings.PROXIES:
            return str(hops[-settings.PROXIES])
    return remote


class AttemptsHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """Two limits: few failures for one account, more for one address (an office stands behind one address)."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Failures measured on the account's limit; those of the address count in proportion."""
        account, address = (self._count(attempts) for attempts in self.get_user_attempts(request, credentials))
        return max(account, address * SIGN_IN_FAILURES // ADDRESS_FAILURES)

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """After a good sign-in: this account only. The address keeps its failures, or one good account of the
        attacker's would wipe out the count of his attempts on others."""
        deleted, _rows = AccessAttempt.objects.filter(username=account_of(request, credentials)).delete()
        return int(deleted)

    @staticmethod
    def _count(attempts: Any) -> int:
        return sum(attempts.values_list("failures_since_start", flat=True))


def try_again_at(request: HttpRequest, credentials: dict[str, Any] | None) -> datetime:
    """When the lock on this account or address ends."""
    found = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
    mine = found.filter(username=account_of(request, credentials)) | found.filter(ip_address=address_of(request))
    last = mine.aggregate(last=Max("attempt_time"))["last"]
    ends: datetime = (last or request.now) + SIGN_IN_COOL_OFF  # type: ignore[attr-defined]
    return ends


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The answer to too many attempts: 429 with the time of day at which the next one is accepted."""
    until = try_again_at(request, credentials)
    response = error_page(request, 429, until=until)
    seconds = int((until - request.now).total_seconds())  # type: ignore[attr-defined]
    response["Retry-After"] = str(max(1, seconds))
    return response
