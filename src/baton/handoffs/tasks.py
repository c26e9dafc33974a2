"""Jobs of the handoffs."""

from __future__ import annotations

from datetime import datetime

from baton.core.actors import Actor
from baton.core.jobs import Reporter
from baton.handoffs import changes


def expect_by_orders(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Expect what is due by standing orders in the next days."""
    changes.expect_by_orders(by=by, at=at)


def confirm_by_silence(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Let deliveries about which nobody said a word count as not confirmed."""
    changes.confirm_by_silence(by=by, at=at)


def post_points(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Post what accepted handoffs earned."""
    changes.post_points(by=by, at=at, progress=progress)


def trip_breaches(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Let the arbiter decide about what nobody claimed or answered in time."""
    changes.trip_breaches(by=by, at=at, progress=progress)


def tell_what_waits(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Tell whoever leads a party once a day what waits there."""
    changes.tell_what_waits(by=by, at=at)
