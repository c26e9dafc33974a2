"""Broken standards: on which of all links must somebody look today?

Every link is tested: the newest point of its chart, or its attainment against its standard. What is found is found with
control of false discoveries over all links together, and stands in the order of what it costs: effect times volume.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import bdtr, ndtr, ndtri

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_bars
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.control_charts.many import ManyCharts
from baton_analysis.measures.false_discovery import Procedure, control_false_discoveries
from baton_analysis.measures.inputs import demand_confidence, numbers_of
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.readers.model import Notice
from baton_analysis.results import SHOWN_ROWS, Result
from baton_analysis.signals.expected_alarms import ExpectedAlarms

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "2"

Worse = Literal["above", "below", "both"]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LinkTests:
    """One test a link; all arrays have one entry a link and are read-only.

    Attributes
    ----------
    kind
        "newest_point" or "attainment".
    p
        Probability of a value as bad or worse if the link is as it should be; NaN where nothing could be tested today.
    value, reference
        What was found, and centre line or standard.
    effect
        How much worse than the reference, in the unit of the value; negative where it is better.
    lower, upper
        Interval of ``value``: of a newest point where the level behind it lies if one point is all that is known, of an
        attainment Wilson's.
    volume
        Handoffs that it concerns.
    worth
        What one unit of effect in one handoff weighs, so that tests in different units can be put in one order.
    """

    kind: str
    links: tuple[Hashable, ...]
    p: Floats
    value: Floats
    reference: Floats
    effect: Floats
    lower: Floats
    upper: Floats
    volume: Floats
    worth: float = 1.0

    def __post_init__(self) -> None:
        for array in (self.p, self.value, self.reference, self.effect, self.lower, self.upper, self.volume):
            array.setflags(write=False)


@dataclass(frozen=True, slots=True)
class BrokenStandard:
    """One finding. ``cost`` is effect times volume times worth; ``rank`` 1 costs most; ``interval`` is that of
    ``value``, see :class:`LinkTests`."""

    rank: int
    link: Hashable
    kind: str
    value: float
    interval: tuple[float, float]
    reference: float
    effect: float
    volume: float
    cost: float
    p: float
    adjusted: float

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("rank", "kind", "value", "reference", "effect", "volume", "cost", "p", "adjusted")
        figures = {name: getattr(self, name) for name in plain}
        return {"link": str(self.link), **figures, "interval": list(self.interval)}


@dataclass(frozen=True, eq=False)
class BrokenStandards(Result):
    """What is found today, most costly first.

    Attributes
    ----------
    findings
        With the adjusted p up to ``level``.
    n
        Tests that were made; ``untested`` links had nothing to test today.
    expected_false
        Of the findings so many are false at most, on average.
    alarms
        How many charts are red by chance if no such control is used; None if not asked for.
    """

    method: Procedure
    level: float
    findings: tuple[BrokenStandard, ...]
    n: int
    untested: int
    table: pl.DataFrame
    alarms: ExpectedAlarms | None = None
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def expected_false(self) -> float:
        return self.level * len(self.findings)

    def to_table(self) -> pl.DataFrame:
        """One row a test, found or not, most costly first among the found, then by p."""
        return self.table

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; of the tests only the findings."""
        return {
            "method": self.method,
            "version": self.version,
            "level": self.level,
            "n": self.n,
            "untested": self.untested,
            "expected_false": self.expected_false,
            "findings": [finding.to_dict() for finding in self.findings],
            "alarms": self.alarms.to_dict() if self.alarms else None,
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """What the first findings cost, up to twenty; see :class:`baton_analysis.results.Plottable`."""
        first = self.findings[:SHOWN_ROWS]
        return plot_bars(ax, names=[str(one.link) for one in first], sizes=[one.cost for one in first])


@checked(MeasureError)
def newest_points(
    links: Sequence[Hashable],
    charts: ManyCharts,
    volumes: npt.ArrayLike,
    *,
    worse: Worse = "above",
    worth: float = 1.0,
    confidence: float = 0.95,
) -> LinkTests:
    """The newest point of each chart: p is the tail of the normal distribution beyond its distance in sigma.

    Exact for normal values with known limits. A point that its own limits were computed from lies a little nearer to
    them: hold the limits of a baseline. A gap at the newest point, or a chart without limits, is not tested.

    Parameters
    ----------
    worse
        Which side is bad: "above" (waits, returns), "below" (shares kept), or "both".
    confidence
        Of the intervals.
    """
    demand_confidence(confidence)
    z = charts.standardised[:, -1]
    value, centre = charts.values[:, -1], charts.centre[:, -1]
    away = value - centre
    p = {"above": ndtr(-z), "below": ndtr(z), "both": 2 * ndtr(-np.abs(z))}.get(worse)
    if p is None:
        raise MeasureError(
            expected=gettext_noop("Worse is one of {known}."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Take above where a large value is bad."),
            known=", ".join(get_args(Worse)),
            given=worse,
        )
    effect = {"above": away, "below": -away, "both": np.abs(away)}[worse]
    half = float(ndtri(0.5 + confidence / 2)) * charts.sigma[:, -1]
    bounds = (value - half, value + half)
    return _tests("newest_point", links, p, value, centre, effect, bounds, volumes, worth)


@checked(MeasureError)
def attainment_below_standard(
    links: Sequence[Hashable],
    kept: npt.ArrayLike,
    volumes: npt.ArrayLike,
    standards: npt.ArrayLike,
    *,
    worth: float = 1.0,
    confidence: float = 0.95,
) -> LinkTests:
    """How many handoffs kept their standard, of how many, against the share that was promised: exact binomial p of so
    few or fewer; intervals of the shares are Wilson's. A link without handoffs is not tested.

    Raises
    ------
    MeasureError
        More kept than there were, or a standard that is no share above 0 and up to 1.
    """
    count, size, standard = _for_each(links, kept, volumes, standards)
    if bool(((count < 0) | (count > size)).any()) or bool(((standard <= 0) | (standard > 1)).any()):
        raise MeasureError(
            expected=gettext_noop("Kept are 0 up to all handoffs; a standard is a share above 0 and up to 1."),
            found=gettext_noop("Kept and handoffs differ by {least} at least; standards reach from {low} to {high}."),
            remedy=gettext_noop("Give 0.95 for 95 percent."),
            least=float((size - count).min()),
            low=float(standard.min()),
            high=float(standard.max()),
        )
    there = size > 0
    share = np.divide(count, size, out=np.full(size.shape, np.nan), where=there)
    p = np.where(
        there, bdtr(np.floor(count), np.clip(np.where(there, size, 1), 1, 2.0**53).astype(np.int64), standard), np.nan
    )
    bounds = wilson_interval(count, size, confidence=confidence)
    return _tests("attainment", links, p, share, standard, standard - share, bounds, size, worth)


@checked(MeasureError)
def broken_standards(
    *tests: LinkTests,
    level: float = 0.05,
    method: Procedure = "benjamini_hochberg",
    alarms: ExpectedAlarms | None = None,
) -> BrokenStandards:
    """What is found among all tests of all links together, most costly first.

    Links hang together (a late ward makes a late theatre), mostly in the same direction; Benjamini-Hochberg then still
    holds what it promises. Where they do not, take "benjamini_yekutieli".

    Parameters
    ----------
    level
        Share of the findings that may be false.
    alarms
        From :func:`expected_false_alarms`, to be shown beside it.

    Raises
    ------
    MeasureError
        No test at all, or unknown settings.
    """
    p = np.concatenate([test.p for test in tests]) if tests else np.zeros(0)
    control = control_false_discoveries(p, level=level, method=method)
    parts = {
        name: np.concatenate([getattr(test, name) for test in tests])
        for name in ("value", "lower", "upper", "reference", "effect", "volume")
    }
    worth = np.concatenate([np.full(len(test.p), test.worth) for test in tests])
    cost = parts["effect"] * parts["volume"] * worth
    tested = ~np.isnan(p)
    # Found ones first, by cost; then the others by p; links without a test last.
    order = np.lexsort((np.where(control.found, -cost, np.where(tested, p, np.inf)), ~control.found))
    links = [link for test in tests for link in test.links]
    kinds = [test.kind for test in tests for _ in test.links]
    findings = tuple(
        BrokenStandard(
            rank=rank + 1,
            link=links[row],
            kind=kinds[row],
            **{name: float(parts[name][row]) for name in ("value", "reference", "effect", "volume")},
            interval=(float(parts["lower"][row]), float(parts["upper"][row])),
            cost=float(cost[row]),
            p=float(p[row]),
            adjusted=float(control.adjusted[row]),
        )
        for rank, row in enumerate(order[: control.findings])
    )
    table = pl.DataFrame(
        {"link": [str(link) for link in links], "kind": kinds, **parts, "cost": cost, "p": p,
         "adjusted": control.adjusted, "found": control.found},
    )[order]  # fmt: skip
    return BrokenStandards(method, level, findings, int(tested.sum()), int((~tested).sum()), table, alarms)


def _for_each(links: Sequence[Hashable], *given: npt.ArrayLike) -> list[Floats]:
    """One number a link of each: those given, or the one that is given for all."""
    tables = [numbers_of(values, dimensions=None) for values in given]
    if any(table.shape not in {(), (len(links),)} for table in tables):
        raise MeasureError(
            expected=gettext_noop("Each link has one figure of each kind, or there is one for all {links} links."),
            found=gettext_noop("Links: {links}, figures: {sizes}."),
            remedy=gettext_noop("Give figures in the order of the links."),
            links=len(links),
            sizes=", ".join(str(table.size) for table in tables),
        )
    return [np.array(np.broadcast_to(table, (len(links),))) for table in tables]


def _tests(
    kind: str,
    links: Sequence[Hashable],
    p: Floats,
    value: Floats,
    reference: Floats,
    effect: Floats,
    bounds: tuple[Floats, Floats],
    volumes: npt.ArrayLike,
    worth: float,
) -> LinkTests:
    given = numbers_of(volumes, dimensions=None).ravel()
    fits = given.size in {1, len(p)}
    volume = np.array(np.broadcast_to(given, p.shape)) if fits else given
    if not fits or len(links) != len(p) or bool((volume < 0).any()) or worth <= 0:
        raise MeasureError(
            expected=gettext_noop("Each link has one test, a volume from 0 on, and a worth above 0."),
            found=gettext_noop("Links: {links}, tests: {tests}; the smallest volume is {volume}, the worth"
                               " {worth}."),
            remedy=gettext_noop("Give links and volumes in the order of the tests."),
            links=len(links),
            tests=len(p),
            volume=float(volume.min()) if volume.size else "—",
            worth=worth,
        )  # fmt: skip
    lower, upper = (np.array(bound) for bound in bounds)
    return LinkTests(
        kind, tuple(links), np.array(p), np.array(value), np.array(reference), effect, lower, upper, volume, worth
    )
