"""Jobs of the agreements."""

from __future__ import annotations

from datetime import datetime

from baton.agreements import changes
from baton.core.actors import Actor
from baton.core.jobs import Reporter


def keep_terms(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Bring versions into force and expire them by their days."""
    changes.keep_terms(by=by, at=at)
