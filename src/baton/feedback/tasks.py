"""Jobs of the feedback."""

from __future__ import annotations

from datetime import datetime

from baton.core.actors import Actor
from baton.core.jobs import Reporter
from baton.feedback import changes


def close_waves(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Close the waves whose time is over."""
    changes.close_due(by=by, at=at)


def publish_waves(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Publish the results of waves that have closed."""
    changes.publish_due(by=by, at=at)
