"""Which promise is the worst: the order in which a department looks at what it owes and gets. Pure Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baton.monitoring.rules import PromiseStatus

_ORDER = {
    PromiseStatus.BROKEN: 0, PromiseStatus.AT_RISK: 1, PromiseStatus.UNKNOWN: 2, PromiseStatus.KEPT: 3,
}  # fmt: skip
_NOT_JUDGED = 4

Rank = tuple[int, float]
"""The smaller, the worse."""


def rank_of(promise: Mapping[str, Any] | None, *, most: bool) -> Rank:
    """Where a promise stands among others. ``promise``: what monitoring stores of it; None: nothing is promised, or
    nothing was measured. ``most``: no more than so much is promised, else no less.

    Broken ones come first, then those at risk, those with too few cases, those that are kept. Among those of one status
    the one of which more cases failed than was promised comes first; see :func:`beyond_the_promise`.
    """
    if promise is None:
        return (_NOT_JUDGED, 0.0)
    return (_ORDER[PromiseStatus(promise["status"])], -beyond_the_promise(promise, most=most))


def beyond_the_promise(promise: Mapping[str, Any], *, most: bool) -> float:
    """How many cases more failed than was promised: handoffs, or units where a rate of defects is promised. Below 0:
    fewer failed.

    Of a broken promise by the bound of the interval that is kinder to who owes it, so that a few bad cases do not put
    it before one that fails every day; of any other by what was reached.
    """
    kinder = "low" if most else "high"
    figure = promise[kinder if promise["status"] == PromiseStatus.BROKEN else "reached"]
    missed = figure - promise["promised"] if most else promise["promised"] - figure
    return float(missed * promise["n"])
