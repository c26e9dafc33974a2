"""What was counted on a link by the hour or shift."""

from __future__ import annotations

from datetime import datetime

from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.handoffs.models import Handoff, HandoffLine
from baton.handoffs.rules import Form, tally_key

RECENT = 12


def tally_lines(*, viewer: Actor, link: int, begins_at: datetime, ends_at: datetime) -> list[HandoffLine]:
    """What was counted of a link (key) in a time. The caller has made sure that ``viewer`` sees the link."""
    if not may_use(viewer):
        return []
    key = tally_key(begins_at, ends_at)
    counted = HandoffLine.objects.filter(handoff__link=link, handoff__system="", handoff__key=key)
    return list(counted.select_related("code").order_by("position"))


def recent_tallies(*, viewer: Actor, link: int) -> list[Handoff]:
    """The last tallies of a link (key), the newest first. The caller has made sure that ``viewer`` sees the link."""
    if not may_use(viewer):
        return []
    rows = Handoff.objects.filter(link=link, form=Form.TALLY).prefetch_related("lines__code")
    return list(rows.order_by("-occurred_at", "-pk")[:RECENT])
