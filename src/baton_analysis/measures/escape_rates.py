"""Escape rates of checks that follow each other: how much each lets through, as far as it is found later.

Definitions
-----------
caught
    Defects found at a check / (found there + found later): of what was there to be found, as far as anybody knows.
escape
    1 - caught: found later / (found there + found later).
composite escape
    Came back after all checks / all defects known; the product of the escape rates of all checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import polars as pl

from baton_analysis.arguments import checked, checked_fields
from baton_analysis.drawing.comparisons import plot_shares
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.comparison import exact_share_interval
from baton_analysis.measures.inputs import demand_choice, demand_confidence
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METHOD = "escape_rates"
VERSION = "1"

FEW_DEFECTS = 20
"""With fewer known defects an escape rate is rough."""

Interval = tuple[float, float]
IntervalKind = Literal["wilson", "exact"]


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class Check:
    """What one check found: so many defects, in so many handoffs or units that it looked at (None: not counted)."""

    name: str
    found: int
    looked_at: int | None = None


@dataclass(frozen=True, slots=True)
class CheckEscape:
    """One check: ``n`` defects that were there to be found, of which it ``found`` some and others came up ``later``.

    ``caught`` and ``escape`` are shares of n with their intervals; None where nothing was there to be found.
    """

    name: str
    n: int
    found: int
    later: int
    looked_at: int | None
    caught: float | None
    caught_interval: Interval | None
    escape: float | None
    escape_interval: Interval | None

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("name", "n", "found", "later", "looked_at", "caught", "escape")
        return {
            **{name: getattr(self, name) for name in plain},
            "caught_interval": None if self.caught_interval is None else list(self.caught_interval),
            "escape_interval": None if self.escape_interval is None else list(self.escape_interval),
        }


@dataclass(frozen=True, slots=True)
class EscapeRates(Result):
    """Checks in their order.

    Attributes
    ----------
    n
        All defects known: found at any check, or come back after all of them.
    came_back
        Defects that the customer sent back, or that came up after all checks.
    value, interval
        Composite escape: ``came_back`` / n; None where no defect is known.
    """

    checks: tuple[CheckEscape, ...]
    n: int
    came_back: int
    value: float | None
    interval: Interval | None
    interval_kind: IntervalKind
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = METHOD
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a check."""
        rows = [
            (one.name, one.n, one.found, one.later, one.escape, *(one.escape_interval or (None, None)))
            for one in self.checks
        ]
        names = {"check": pl.String, "n": pl.Int64, "found": pl.Int64, "later": pl.Int64, "escape": pl.Float64}
        return pl.DataFrame(rows, schema={**names, "lower": pl.Float64, "upper": pl.Float64}, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "came_back", "value", "interval_kind", "confidence")
        return {
            **{name: getattr(self, name) for name in plain},
            "interval": None if self.interval is None else list(self.interval),
            "checks": [one.to_dict() for one in self.checks],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The escape of each check with its interval; see :class:`baton_analysis.results.Plottable`."""
        known = self.to_table().drop_nulls("escape")
        low, value, high = (known[name].to_numpy() for name in ("lower", "escape", "upper"))
        return plot_shares(ax, series={"": (known["check"].to_list(), value, low, high)}, joined=False)


@checked(MeasureError)
def escape_rates(
    checks: Sequence[Check], came_back: int, *, interval: IntervalKind = "wilson", confidence: float = 0.95
) -> EscapeRates:
    """How much each check lets through, and how much passes all of them.

    Parameters
    ----------
    checks
        In the order in which work passes them, such as self-check, receiver's check, inspector's check.
    came_back
        Defects that came up after all of them.
    interval
        "wilson", or "exact" (Clopper and Pearson), which is wider and never promises too much.

    Raises
    ------
    MeasureError
        No check, two of one name, a count below 0, or unknown settings.
    """
    demand_confidence(confidence)
    demand_choice("interval", interval, get_args(IntervalKind))
    _check_counts(checks, came_back)
    later, found = came_back, []
    for check in reversed(checks):
        found.append(_of_check(check, later, interval, confidence))
        later += check.found
    composite = _share(came_back, later, interval, confidence)
    in_order = tuple(reversed(found))
    return EscapeRates(
        checks=in_order,
        n=later,
        came_back=came_back,
        value=composite[0],
        interval=composite[1],
        interval_kind=interval,
        confidence=confidence,
        warnings=_warnings(in_order, came_back),
    )


def _of_check(check: Check, later: int, interval: IntervalKind, confidence: float) -> CheckEscape:
    n = check.found + later
    caught, caught_interval = _share(check.found, n, interval, confidence)
    escape, escape_interval = _share(later, n, interval, confidence)
    return CheckEscape(
        name=check.name,
        n=n,
        found=check.found,
        later=later,
        looked_at=check.looked_at,
        caught=caught,
        caught_interval=caught_interval,
        escape=escape,
        escape_interval=escape_interval,
    )


def _share(count: int, size: int, interval: IntervalKind, confidence: float) -> tuple[float | None, Interval | None]:
    if not size:
        return None, None
    if interval == "exact":
        return count / size, exact_share_interval(count, size, confidence)
    low, high = wilson_interval([count], [size], confidence=confidence)
    return count / size, (float(low[0]), float(high[0]))


def _warnings(checks: Sequence[CheckEscape], came_back: int) -> tuple[Notice, ...]:
    nothing = gettext_noop("No defect is known: there is no escape rate.")
    if not any(check.n for check in checks):
        return (Notice(nothing),)
    few = gettext_noop("At {check} only {n} defects are known; {wanted} are wanted. Look at the interval.")
    said = [
        Notice(few, values={"check": check.name, "n": check.n, "wanted": FEW_DEFECTS})
        for check in checks
        if check.n < FEW_DEFECTS
    ]
    silent = gettext_noop("Nothing came back. That shows good checks only if what is wrong would come back: ask the"
                          " customer whether it does.")  # fmt: skip
    apart = gettext_noop("{check} looked at {fewer} and {other} at {more}: what one never saw counts as escaped there."
                         " Compare checks of the same handoffs.")  # fmt: skip
    said += [] if came_back else [Notice(silent)]
    for one, other in pairwise(check for check in checks if check.looked_at is not None):
        fewer, more = sorted((one, other), key=lambda check: check.looked_at or 0)
        if fewer.looked_at != more.looked_at:
            values = {"check": fewer.name, "fewer": fewer.looked_at, "other": more.name, "more": more.looked_at}
            said.append(Notice(apart, values=values))
    return tuple(said)


def _check_counts(checks: Sequence[Check], came_back: int) -> None:
    names = [check.name for check in checks]
    counts = [came_back, *(check.found for check in checks), *(check.looked_at or 0 for check in checks)]
    if not checks or len(set(names)) < len(names) or not all(0 <= count < np.inf for count in counts):
        raise MeasureError(
            expected=gettext_noop("There is at least one check, each has a name of its own, and counts are 0 or more."),
            found=gettext_noop("Checks: {checks}; the smallest count is {smallest}."),
            remedy=gettext_noop("Count each defect once, at the check that found it."),
            checks=", ".join(names) or "–",
            smallest=min(counts),
        )
