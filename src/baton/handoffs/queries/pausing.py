"""Which pauses of a handoff are in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.handoffs.models import Handoff, HandoffEvent
from baton.handoffs.rules import Step, open_pauses


def pauses_of(*, viewer: Actor, at: datetime, handoff: Handoff) -> tuple[str, ...]:
    """Reasons of the pauses in force at a moment of a handoff that the viewer has before him; one query."""
    if not may_use(viewer):
        return ()
    return pauses_among(handoff.events.order_by("at", "pk"), viewer=viewer, at=at, handoff=handoff)


def pauses_among(events: Iterable[HandoffEvent], *, viewer: Actor, at: datetime, handoff: Handoff) -> tuple[str, ...]:
    """The same, of events that were read before, in their order."""
    firsts = [(Step.DELIVER, handoff.delivered_at, ""), (Step.ACCEPT, handoff.accepted_at, "")]
    happened = [
        *((step, moment, reason) for step, moment, reason in firsts if moment is not None),
        *((Step(one.event), one.at, one.reason) for one in events),
    ]
    return open_pauses(happened, at=at) if may_use(viewer) else ()
