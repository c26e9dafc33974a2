"""What was counted on a link by the hour or shift."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from baton.chain import queries as chain
from baton.chain.policy import in_force
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.handoffs.models import Handoff, HandoffLine
from baton.handoffs.rules import Form, State, tally_key

if TYPE_CHECKING:
    from baton.chain.models import Link

RECENT = 12
STILL_COUNTED = timedelta(days=31)
"""On a link of which the last count is older nobody counts by the hour or shift any more."""


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


def counted_links(*, viewer: Actor, at: datetime, own: Collection[int]) -> list[Link]:
    """The links in force on which these parties (keys) count what they get by the hour or shift, by number. That they
    are those for which the viewer asks, the caller has made sure."""
    if not may_use(viewer):
        return []
    counted = Handoff.objects.filter(link=OuterRef("pk"), form=Form.TALLY, occurred_at__gte=at - STILL_COUNTED).exclude(
        state=State.WITHDRAWN
    )
    links = chain.links_in_sight(viewer=viewer, at=at).filter(in_force(day_of(at)), Exists(counted), customer__in=own)
    return list(links.select_related("supplier", "customer", "output").order_by("number"))
