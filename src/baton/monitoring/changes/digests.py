"""Once a day group chats are told of new signals, in one line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.monitoring.models import Signal, SignalDigest
from baton.monitoring.models.signals import WORSE
from baton.monitoring.rules import DIGEST_HOURS, TOLD_AFTER, SignalState, is_history, number_of_day


def make_digest(*, by: Actor, at: datetime) -> SignalDigest | None:
    """Let group chats be told of the signals towards the worse that were opened since the last digest. None: it is
    night, they were told today, or there is nothing new; what comes later waits until tomorrow."""
    if at.astimezone(ZoneInfo(settings.TIME_ZONE)).hour not in DIGEST_HOURS:
        return None
    last = SignalDigest.objects.order_by("-day").first()
    if last is not None and last.day >= day_of(at):
        return None
    after = max(last.until, at - TOLD_AFTER) if last is not None else at - TOLD_AFTER
    fresh = Signal.objects.filter(WORSE, state=SignalState.NEW, opened_at__gt=after, opened_at__lte=at)
    today = number_of_day(day_of(at))
    count = sum(not is_history(week, today) for week in fresh.values_list("last_week", flat=True))
    if not count:
        return None
    with change(by=by, at=at) as trail:
        if SignalDigest.objects.filter(day=day_of(at)).exists():
            return None
        digest = SignalDigest(day=day_of(at), after=after, until=at, signals=count)
        return trail.save(digest, "signal_digest.made")
