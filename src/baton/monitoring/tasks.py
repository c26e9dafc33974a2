"""Jobs of monitoring."""

from __future__ import annotations

from datetime import datetime

from baton.core.actors import Actor
from baton.core.jobs import Reporter
from baton.monitoring import changes


def refresh(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Bring facts, measures and signals up to date. Begun again after a crash it goes on where the work-list stands."""
    changes.refresh(by=by, at=at, progress=progress)


def rebuild(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Build everything anew from the records."""
    changes.rebuild(by=by, at=at, progress=progress)


def tell(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Tell people of new signals that they could not be told of when these were opened: they had heard that day."""
    changes.tell_of_signals(by=by, at=at)
