"""Which pauses of a handoff are in force, as the analysis counts them (:mod:`baton_analysis.facts.handoffs.course`).
Pure Python."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from baton.handoffs.rules.lives import Step

ENDS_PAUSES = frozenset({Step.DELIVER, Step.ACCEPT, Step.ACCEPT_PART})
"""It was handed over or taken."""


def open_pauses(happened: Iterable[tuple[Step, datetime, str]], *, at: datetime) -> tuple[str, ...]:
    """Reasons of the pauses in force at a moment, each once, in the order in which they began; empty for a pause
    without a reason.

    ``happened`` is what happened to the handoff, as step, moment and reason. A resumption with a reason ends the pauses
    of this reason and those without any, one without a reason all of them. Of one moment the order given counts.
    """
    reasons: dict[str, None] = {}
    for step, _moment, reason in sorted((one for one in happened if one[1] <= at), key=lambda one: one[1]):
        if step is Step.PAUSE:
            reasons.setdefault(reason)
        elif step in ENDS_PAUSES or (step is Step.RESUME and not reason):
            reasons.clear()
        elif step is Step.RESUME:
            reasons.pop(reason, None)
            reasons.pop("", None)
    return tuple(reasons)
