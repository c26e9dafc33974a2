"""Leading indicators: does what happens upstream this week announce what happens downstream in the weeks after?

Two weekly series that both drift, or both carry their past along, agree by chance far more often than ordinary tests
say. Therefore each series is first freed from its trend and its own past (prewhitened); what is left of both is then
compared at each lag, and what is found is found with control of false discoveries over all lags and pairs.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtri, stdtr

from baton_analysis.arguments import checked
from baton_analysis.drawing.plots import plot_indices
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.false_discovery import Procedure, control_false_discoveries
from baton_analysis.measures.inputs import demand_confidence
from baton_analysis.readers.model import Notice
from baton_analysis.results import SHOWN_ROWS, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

FEWEST_WEEKS = 26
"""Weeks in which both series, so many weeks apart, are known; with fewer a pair is not tested."""

_MOST_TERMS = 4  # weeks of its own past from which a series is freed
_AT_ONCE = 500_000

Series = Mapping[Hashable, Sequence[float | None]]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LeadingIndicator:
    """One finding: ``downstream`` follows ``upstream`` ``lag`` weeks later.

    Attributes
    ----------
    correlation, interval
        Of what both series do beyond their trend and past.
    slope
        By how much downstream moves for one unit upstream, each in its own unit.
    n
        Weeks that were compared.
    """

    upstream: Hashable
    downstream: Hashable
    lag: int
    correlation: float
    interval: tuple[float, float]
    slope: float
    n: int
    p: float
    adjusted: float

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("lag", "correlation", "slope", "n", "p", "adjusted")
        return {
            "upstream": str(self.upstream),
            "downstream": str(self.downstream),
            **{name: getattr(self, name) for name in plain},
            "interval": list(self.interval),
        }


@dataclass(frozen=True, eq=False)
class LeadingIndicators(Result):
    """What announces what, strongest first.

    Attributes
    ----------
    n
        Tests that were made (pairs times lags); ``untested`` had too few weeks.
    """

    findings: tuple[LeadingIndicator, ...]
    n: int
    untested: int
    level: float
    confidence: float
    procedure: Procedure
    table: pl.DataFrame
    warnings: tuple[Notice, ...] = ()
    method: str = "prewhitened_cross_correlation"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a test."""
        return self.table

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; of the tests only the findings."""
        plain = ("method", "version", "procedure", "level", "confidence", "n", "untested")
        return {
            **{name: getattr(self, name) for name in plain},
            "findings": [finding.to_dict() for finding in self.findings],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The correlations of the strongest findings with their intervals, up to twenty, and a line at 0; see
        :class:`baton_analysis.results.Plottable`."""
        first = self.findings[:SHOWN_ROWS]
        return plot_indices(
            ax, names=[f"{one.upstream} > {one.downstream}, {one.lag}" for one in first], line=0,
            values=[one.correlation for one in first], lower=[one.interval[0] for one in first],
            upper=[one.interval[1] for one in first],
        )  # fmt: skip


@checked(MeasureError)
def leading_indicators(
    upstream: Series,
    downstream: Series,
    *,
    pairs: Sequence[tuple[Hashable, Hashable]] | None = None,
    most_lag: int = 4,
    level: float = 0.05,
    procedure: Procedure = "benjamini_hochberg",
    confidence: float = 0.95,
) -> LeadingIndicators:
    """Which upstream series announce which downstream series 1 to ``most_lag`` weeks ahead.

    Each series is freed from a straight trend and from its own past by an autoregression (order by Akaike's criterion,
    up to 4 weeks); the cross-correlations of what is left scatter by 1 / sqrt(n) if there is no relation (Haugh 1976,
    Journal of the American Statistical Association 71: 378-385). p by t, interval by Fisher's z.

    Parameters
    ----------
    upstream, downstream
        Weekly values by name, all over the same weeks; None is a gap.
    pairs
        Which to test, such as the neighbours in the chain; by default each with each. The fewer, the more is found.
    level
        Share of the findings that may be false.

    Raises
    ------
    MeasureError
        Series of different length, names that are not there, or no pair with enough weeks.
    """
    demand_confidence(confidence)
    chosen = _pairs(upstream, downstream, pairs)
    weeks = _weeks(upstream, downstream, most_lag)
    white_up, white_down = _whitened(upstream, weeks), _whitened(downstream, weeks)
    rows = np.array([(white_up.place[one], white_down.place[other]) for one, other in chosen])
    parts = [_compared(white_up.left[rows[:, 0]], white_down.left[rows[:, 1]], lag) for lag in range(1, most_lag + 1)]
    correlation, slope, number = (np.stack([part[which] for part in parts], axis=1) for which in range(3))
    p = _chances(correlation, number)
    control = control_false_discoveries(p.ravel(), level=level, method=procedure)
    table = _table(chosen, correlation, slope, number, p, control.adjusted, control.found, confidence)
    findings = tuple(_finding(chosen, row) for row in table.filter(pl.col("found")).sort("p").iter_rows(named=True))
    untested = int(np.isnan(p).sum())
    return LeadingIndicators(
        findings=findings,
        n=control.n,
        untested=untested,
        level=level,
        confidence=confidence,
        procedure=procedure,
        table=table.drop("pair"),
        warnings=_warnings(findings, untested),
    )


def _finding(pairs: Sequence[tuple[Hashable, Hashable]], row: Mapping[str, Any]) -> LeadingIndicator:
    upstream, downstream = pairs[row["pair"]]
    numbers = {name: row[name] for name in ("lag", "correlation", "slope", "n", "p", "adjusted")}
    return LeadingIndicator(upstream=upstream, downstream=downstream, interval=(row["lower"], row["upper"]), **numbers)


@dataclass(frozen=True, slots=True)
class _White:
    """What is left of each series, a row each, and in which row which series stands."""

    left: Floats
    place: Mapping[Hashable, int]


def _whitened(series: Series, weeks: int) -> _White:
    left = np.full((len(series), weeks), np.nan)
    for row, values in enumerate(series.values()):
        left[row] = _without_past(np.array([np.nan if value is None else value for value in values], dtype=np.float64))
    return _White(left, {name: row for row, name in enumerate(series)})


def _without_past(values: Floats) -> Floats:
    """What trend and past do not explain; NaN where a value or the past that is needed is not known."""
    weeks = len(values)
    time = np.linspace(-1, 1, weeks)
    most = min(_MOST_TERMS, weeks // 10)
    lagged = np.full((weeks, most), np.nan)
    for lag in range(1, most + 1):
        lagged[lag:, lag - 1] = values[:-lag]
    known = ~np.isnan(values) & ~np.isnan(lagged).any(axis=1)
    left = np.full(weeks, np.nan)
    number = int(known.sum())
    if number < most + 4 or np.ptp(values[known]) == 0:
        return left
    target, lowest = values[known], np.inf
    for order in range(most + 1):
        design = np.column_stack([np.ones(number), time[known], lagged[known, :order]])
        rest = target - design @ np.linalg.lstsq(design, target, rcond=None)[0]
        spread = float(rest @ rest)
        criterion = number * np.log(max(spread, 1e-300)) + 2 * design.shape[1]
        if criterion < lowest - 1e-9:
            lowest, left[known] = criterion, rest
    return left


def _compared(one: Floats, other: Floats, lag: int) -> tuple[Floats, Floats, Floats]:
    """Correlation, slope and number of weeks of each pair of rows, ``other`` ``lag`` weeks later."""
    first, second = one[:, :-lag], other[:, lag:]
    answers = np.full((3, len(one)), np.nan)
    step = max(1, _AT_ONCE // first.shape[1])
    for start in range(0, len(one), step):
        part = slice(start, start + step)
        there = ~np.isnan(first[part]) & ~np.isnan(second[part])
        number = there.sum(axis=1)
        x, y = np.where(there, first[part], 0.0), np.where(there, second[part], 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            x = np.where(there, x - (x.sum(axis=1) / number)[:, None], 0.0)
            y = np.where(there, y - (y.sum(axis=1) / number)[:, None], 0.0)
            together, own, others = (x * y).sum(axis=1), (x * x).sum(axis=1), (y * y).sum(axis=1)
            answers[0, part] = np.clip(together / np.sqrt(own * others), -1, 1)
            answers[1, part] = together / own
        answers[2, part] = number
    return answers[0], answers[1], answers[2]


def _table(
    pairs: Sequence[tuple[Hashable, Hashable]],
    correlation: Floats,
    slope: Floats,
    number: Floats,
    p: Floats,
    adjusted: Floats,
    found: npt.NDArray[np.bool_],
    confidence: float,
) -> pl.DataFrame:
    lags = correlation.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        half = float(ndtri(0.5 + confidence / 2)) / np.sqrt(number - 3)
        middle = np.arctanh(correlation)
        low, high = np.tanh(middle - half), np.tanh(middle + half)
    return pl.DataFrame(
        {
            "pair": np.repeat(np.arange(len(pairs)), lags),
            "upstream": [str(one) for one, _ in pairs for _ in range(lags)],
            "downstream": [str(other) for _, other in pairs for _ in range(lags)],
            "lag": np.tile(np.arange(1, lags + 1), len(pairs)),
            "n": number.ravel().astype(np.int64),
            "correlation": correlation.ravel(),
            "lower": low.ravel(),
            "upper": high.ravel(),
            "slope": slope.ravel(),
            "p": p.ravel(),
            "adjusted": adjusted,
            "found": found,
        }
    )


def _pairs(
    upstream: Series, downstream: Series, pairs: Sequence[tuple[Hashable, Hashable]] | None
) -> list[tuple[Hashable, Hashable]]:
    if pairs is None:
        pairs = [pair for pair in product(upstream, downstream) if pair[0] != pair[1]]
    unknown = [pair for pair in pairs if pair[0] not in upstream or pair[1] not in downstream]
    if unknown or not pairs:
        raise MeasureError(
            expected=gettext_noop("Each pair names a series upstream and one downstream; there is one pair at least."),
            found=gettext_noop("Pairs: {pairs}; without a series: {unknown}."),
            remedy=gettext_noop("Leave these pairs out, or give their series."),
            pairs=len(pairs),
            unknown=", ".join(f"{one} > {other}" for one, other in unknown[:5]) or "—",
        )
    return list(pairs)


def _weeks(upstream: Series, downstream: Series, most_lag: int) -> int:
    lengths = {len(values) for series in (upstream, downstream) for values in series.values()}
    if len(lengths) != 1 or not 1 <= most_lag < min(lengths):
        raise MeasureError(
            expected=gettext_noop("All series cover the same weeks, more than the largest lag, which is 1 or more."),
            found=gettext_noop("Their lengths are {lengths}, the largest lag is {lag}."),
            remedy=gettext_noop("Fill up shorter series with gaps."),
            lengths=", ".join(str(length) for length in sorted(lengths)),
            lag=most_lag,
        )
    return lengths.pop()


def _chances(correlation: Floats, number: Floats) -> Floats:
    """p of each correlation by t; NaN where weeks are too few or nothing varies. Refuses if that is everywhere."""
    tested = (number >= FEWEST_WEEKS) & np.isfinite(correlation)
    if not tested.any():
        raise MeasureError(
            expected=gettext_noop("Both series of a pair must be known in {enough} weeks, as far apart as the lag, and"
                                  " vary."),
            found=gettext_noop("The most that any pair has is {most}."),
            remedy=gettext_noop("Wait for more weeks: fewer cannot tell a relation from chance."),
            enough=FEWEST_WEEKS,
            most=int(number.max()),
        )  # fmt: skip
    with np.errstate(invalid="ignore", divide="ignore"):
        t = correlation * np.sqrt((number - 2) / (1 - correlation**2))
        p = np.minimum(1.0, 2 * stdtr(np.maximum(number - 2, 1), -np.abs(t)))
    return np.where(tested, p, np.nan)


def _warnings(findings: tuple[LeadingIndicator, ...], untested: int) -> tuple[Notice, ...]:
    warnings = []
    if untested:
        few = gettext_noop("Combinations of pair and lag not tested for want of weeks: {untested}.")
        warnings.append(Notice(few, values={"untested": untested}))
    if findings:
        together = gettext_noop(
            "What goes ahead need not be the cause: a third thing, or a season, can move both. Look before acting."
        )
        warnings.append(Notice(together))
    return tuple(warnings)
