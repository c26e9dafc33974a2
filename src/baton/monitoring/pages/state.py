"""What the page about monitoring shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from baton.core import formats
from baton.core.actors import Actor
from baton.core.registries import Working
from baton.monitoring import queries
from baton.monitoring.queries import Broken, State
from baton.monitoring.rules import Keeping
from baton_analysis.errors import filled, sentences


def state_page(viewer: Actor, at: datetime) -> dict[str, Any]:
    """What the page about monitoring shows."""
    state = queries.state(viewer=viewer, at=at)
    return {
        "state": state,
        "broken": [_broken(one) for one in state.broken],
        "behind": formats.duration(state.behind.total_seconds()),
        "late_now": state.keeping in (Keeping.LATE, Keeping.BEHIND),
        "wrong": _wrong(state),
    }


def working(at: datetime) -> Working:
    """How monitoring keeps up, for whoever asks whether the installation works."""
    found = queries.how_it_keeps_up(viewer=Actor.system("health"), at=at)
    well = found in (Keeping.WELL, Keeping.NOT_RUN)
    _title, remedy = _WRONG.get(found, ("", ""))
    return Working(well, str(_WORDS[found]), str(remedy or _WORDS[found]))


def _wrong(state: State) -> dict[str, Any] | None:
    """What the page says above all else; None: all is well."""
    if state.keeping not in _WRONG:
        return None
    title, remedy = _WRONG[state.keeping]
    failed = state.keeping is Keeping.FAILED
    error = state.refreshing.last_error if failed and state.refreshing is not None else ""
    return {"status": "broken" if failed else "at_risk", "title": title, "remedy": remedy, "error": error}


_WORDS = {
    Keeping.NOT_RUN: pgettext_lazy("monitoring", "waits for a worker"),
    Keeping.FAILED: pgettext_lazy("monitoring", "failed"),
    Keeping.LATE: pgettext_lazy("monitoring", "late"),
    Keeping.BEHIND: pgettext_lazy("monitoring", "behind"),
    Keeping.WELL: pgettext_lazy("monitoring", "up to date"),
}
_WRONG = {
    Keeping.FAILED: (
        _("The last run failed"),
        _("It is tried again by itself. If it goes on, ask the administrator for the worker’s log."),
    ),
    Keeping.LATE: (
        _("No run has ended for more than ten minutes"),
        _("A run should begin every minute. See whether the worker runs: baton worker"),
    ),
    Keeping.BEHIND: (
        _("Charts are behind"),
        _("Runs end well, but have not caught up with the records. If it goes on, look at what the last ones cost."),
    ),
}


def _broken(broken: Broken) -> dict[str, Any]:
    """A source that cannot be read: which, what happened, what to do, when it is tried again."""
    said = broken.row.message
    parts = (said[part] for part in ("expected", "found", "remedy") if said[part])
    return {
        "name": broken.name or broken.row.source,
        "address": broken.address,
        "said": sentences(filled(part, said["values"], gettext) for part in parts),
        "since": broken.row.first_failed_at,
        "attempts": broken.row.attempts,
        "retry_at": broken.row.retry_at,
        "old": None if broken.row.subjects is None else len(broken.row.subjects),
    }
