"""What the page about monitoring shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baton.core import formats
from baton.core.actors import Actor
from baton.monitoring import queries
from baton.monitoring.queries import Broken
from baton_analysis.errors import filled, sentences


def state_page(viewer: Actor, at: datetime) -> dict[str, Any]:
    """What the page about monitoring shows."""
    state = queries.state(viewer=viewer, at=at)
    return {
        "state": state,
        "broken": [_broken(one) for one in state.broken],
        "behind": formats.duration(state.behind.total_seconds()),
        "plan": state.refreshing,
        "failed": bool(state.refreshing and state.refreshing.last_error),
    }


def _broken(broken: Broken) -> dict[str, Any]:
    """A source that cannot be read: which, what happened, what to do, when it is tried again."""
    said = broken.row.message
    parts = (said[part] for part in ("expected", "found", "remedy") if said[part])
    return {
        "name": broken.name or broken.row.source,
        "address": broken.address,
        "said": sentences(filled(part, said["values"], _) for part in parts),
        "since": broken.row.first_failed_at,
        "attempts": broken.row.attempts,
        "retry_at": broken.row.retry_at,
        "old": None if broken.row.subjects is None else len(broken.row.subjects),
    }
