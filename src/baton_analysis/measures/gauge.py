"""Gauge repeatability and reproducibility (R&R): how much of the scatter comes from the measurement itself?

The same parts are measured several times by several appraisers. Two methods: average and range (AIAG, Measurement
Systems Analysis, 4th edition, chapter III) and analysis of variance. They can lead to different figures from the same
data, so the method is part of the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, inf, sqrt
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import chdtri, fdtrc

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_bars
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.control_constants import shewhart_constants
from baton_analysis.measures.inputs import demand_confidence, numbers_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "2"

GOOD, POOR = 10.0, 30.0
"""Percent of the total variation: up to the first a gauge is good, above the second it is not usable (AIAG)."""

ENOUGH_CATEGORIES = 5
ENOUGH_PARTS = 10
_CATEGORIES = 1.41
"""Distinct categories per ratio of part to gauge variation: the square root of 2 as the AIAG manual rounds it."""

POOL_ABOVE = 0.25
"""With a larger p-value the interaction of appraiser and part is taken for repeatability (AIAG)."""

Method = Literal["average_and_range", "anova"]
Verdict = Literal["good", "conditional", "poor"]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GaugeStudy(Result):
    """Standard deviations of the parts of the scatter, in the unit of the values.

    Attributes
    ----------
    repeatability
        Of one appraiser who measures the same part again (equipment variation, EV).
    reproducibility
        Between appraisers (appraiser variation, AV), with the interaction where it was kept.
    interaction
        Of appraisers who differ from part to part; None where it was pooled or cannot be told.
    gauge
        Repeatability and reproducibility together (GRR).
    interval
        Of ``gauge``, by modified large samples; None for average and range, which gives none. With 3 appraisers its
        upper bound lies far: three people say little of all.
    part, total
        Between parts (PV), and all together (TV).
    percent
        Percent of ``total`` that ``gauge`` makes up (of standard deviations, so the percents of all parts add up to
        more than 100).
    percent_of_tolerance
        6 times ``gauge`` in percent of the tolerance; None if none was given.
    categories
        Distinct categories that the gauge can tell apart (ndc), rounded down.
    verdict
        "good" up to 10 %, "conditional" up to 30 %, else "poor".
    interaction_p
        p-value of the interaction; None for average and range.
    n
        Measurements.
    """

    method: Method
    n: int
    parts: int
    appraisers: int
    trials: int
    repeatability: float
    reproducibility: float
    interaction: float | None
    gauge: float
    interval: tuple[float, float] | None
    part: float
    total: float
    percent: float
    percent_of_tolerance: float | None
    categories: int
    interaction_p: float | None
    confidence: float
    warnings: tuple[Notice, ...]
    version: str = VERSION

    @property
    def verdict(self) -> Verdict:
        if self.percent <= GOOD:
            return "good"
        return "conditional" if self.percent <= POOR else "poor"

    def percent_of_total(self, deviation: float) -> float:
        """A standard deviation in percent of the total one."""
        return 100 * deviation / self.total

    def to_table(self) -> pl.DataFrame:
        """One row a part of the scatter, with its percent of the total."""
        deviations = {
            "repeatability": self.repeatability,
            "reproducibility": self.reproducibility,
            "gauge": self.gauge,
            "part": self.part,
            "total": self.total,
        }
        rows = [(name, value, self.percent_of_total(value)) for name, value in deviations.items()]
        return pl.DataFrame(rows, schema=["part", "deviation", "percent"], orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        sizes = ("method", "version", "n", "parts", "appraisers", "trials")
        deviations = ("repeatability", "reproducibility", "interaction", "gauge", "part", "total")
        more = ("percent", "percent_of_tolerance", "categories", "verdict", "interaction_p", "confidence")
        return {
            **{name: getattr(self, name) for name in (*sizes, *deviations, *more)},
            "interval": None if self.interval is None else list(self.interval),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Each part of the scatter in percent of the total one, with lines at 10 and 30 %; see
        :class:`baton_analysis.results.Plottable`."""
        table = self.to_table().filter(pl.col("part") != "total")
        names, percents = table["part"].to_list(), table["percent"].to_list()
        return plot_bars(ax, names=names, sizes=percents, lines=(GOOD, POOR), unit="%")


@dataclass(frozen=True, slots=True)
class _Components:
    """Variances of the parts of the scatter, and what is known of the estimate."""

    repeatability: float
    appraiser: float
    interaction: float | None
    part: float
    gauge_interval: tuple[float, float] | None = None
    interaction_p: float | None = None


@checked(MeasureError)
def average_and_range(
    measurements: Sequence[Sequence[Sequence[float]]], *, tolerance: float | None = None
) -> GaugeStudy:
    """Gauge R&R by averages and ranges. ``measurements[appraiser][trial][part]``.

    EV = mean range * K1; AV = sqrt((X_diff * K2)^2 - EV^2 / (parts * trials)), 0 where that is negative; PV = range of
    the part means * K3. The K are 1/d2 of the trials, and 1/d2* of appraisers and parts with d2* = sqrt(d2^2 + d3^2),
    exactly and not rounded as in the manual's table.

    Raises
    ------
    MeasureError
        Fewer than 2 parts, appraisers or trials, more than 100 of them (for their ranges), measurements that are
        missing, or none that differ.
    """
    values = _checked(measurements)
    appraisers, trials, parts = values.shape
    mean_range = float(np.ptp(values, axis=1).mean())
    repeatability = mean_range / shewhart_constants(trials).d2
    difference = float(np.ptp(values.mean(axis=(1, 2))))
    between = (difference / _d2_of_one_range(appraisers)) ** 2 - repeatability**2 / (parts * trials)
    part = float(np.ptp(values.mean(axis=(0, 1)))) / _d2_of_one_range(parts)
    found = _Components(repeatability**2, max(0.0, between), None, part**2)
    return _study("average_and_range", values, found, tolerance, 0.95)


@checked(MeasureError)
def analysis_of_variance(
    measurements: Sequence[Sequence[Sequence[float]]],
    *,
    tolerance: float | None = None,
    pool_above: float = POOL_ABOVE,
    confidence: float = 0.95,
) -> GaugeStudy:
    """Gauge R&R by analysis of variance, parts and appraisers crossed and random.

    ``measurements[appraiser][trial][part]``, as for :func:`average_and_range`.

    Where the interaction's p-value is above ``pool_above`` it is pooled with repeatability. Montgomery, Introduction to
    Statistical Quality Control, section 8.7.2; interval by Graybill and Wang (1980), Journal of the American
    Statistical Association 75: 869-873.

    Raises
    ------
    MeasureError
        As :func:`average_and_range`, but for the 100, and a confidence outside 0..1.
    """
    demand_confidence(confidence)
    values = _checked(measurements)
    return _study("anova", values, _components(values, pool_above, confidence), tolerance, confidence)


@dataclass(frozen=True, slots=True)
class _MeanSquare:
    value: float
    df: int


def _components(values: Floats, pool_above: float, confidence: float) -> _Components:
    part, appraiser, interaction, error = _mean_squares(values)
    p = 0.0  # repeated measurements never differ: any interaction is beyond chance
    if error.value > 0:
        p = float(fdtrc(interaction.df, error.df, interaction.value / error.value))
    if p <= pool_above:
        return _crossed(values, (part, appraiser, interaction, error), p, confidence)
    df = error.df + interaction.df
    pooled = _MeanSquare((error.value * error.df + interaction.value * interaction.df) / df, df)
    return _without_interaction(values, (part, appraiser, pooled), p, confidence)


def _mean_squares(values: Floats) -> tuple[_MeanSquare, _MeanSquare, _MeanSquare, _MeanSquare]:
    """Mean squares of part, appraiser, interaction and error."""
    appraisers, trials, parts = values.shape
    mean = values.mean()
    by_cell = values.mean(axis=1)
    part = appraisers * trials * float(((values.mean(axis=(0, 1)) - mean) ** 2).sum())
    appraiser = parts * trials * float(((values.mean(axis=(1, 2)) - mean) ** 2).sum())
    interaction = max(0.0, trials * float(((by_cell - mean) ** 2).sum()) - part - appraiser)
    error = float(((values - by_cell[:, None, :]) ** 2).sum())
    degrees = (parts - 1, appraisers - 1, (appraisers - 1) * (parts - 1), appraisers * parts * (trials - 1))
    sums = (part, appraiser, interaction, error)
    one, two, three, four = (_MeanSquare(total / df, df) for total, df in zip(sums, degrees, strict=True))
    return one, two, three, four


def _without_interaction(
    values: Floats, squares: tuple[_MeanSquare, _MeanSquare, _MeanSquare], p: float, confidence: float
) -> _Components:
    appraisers, trials, parts = values.shape
    part, appraiser, error = squares
    between = (appraiser.value - error.value) / (parts * trials)
    terms = [(1 / (parts * trials), appraiser), (1 - 1 / (parts * trials), error)]
    return _Components(
        repeatability=error.value,
        appraiser=max(0.0, between),
        interaction=None,
        part=max(0.0, (part.value - error.value) / (appraisers * trials)),
        gauge_interval=_graybill_wang(terms, confidence),
        interaction_p=p,
    )


def _crossed(
    values: Floats, squares: tuple[_MeanSquare, _MeanSquare, _MeanSquare, _MeanSquare], p: float, confidence: float
) -> _Components:
    appraisers, trials, parts = values.shape
    part, appraiser, interaction, error = squares
    between = (appraiser.value - interaction.value) / (parts * trials)
    share = 1 / (parts * trials)
    terms = [(1 - 1 / trials, error), (1 / trials - share, interaction), (share, appraiser)]
    return _Components(
        repeatability=error.value,
        appraiser=max(0.0, between),
        interaction=max(0.0, (interaction.value - error.value) / trials),
        part=max(0.0, (part.value - interaction.value) / (appraisers * trials)),
        gauge_interval=_graybill_wang(terms, confidence),
        interaction_p=p,
    )


def _graybill_wang(terms: list[tuple[float, _MeanSquare]], confidence: float) -> tuple[float, float]:
    """Interval of the standard deviation whose square is the sum of mean squares with these weights, all above 0."""
    tail = (1 - confidence) / 2
    parts = np.array([weight * square.value for weight, square in terms])
    degrees = np.array([square.df for _, square in terms], dtype=np.float64)
    below = (1 - degrees / chdtri(degrees, tail)) * parts
    above = (degrees / chdtri(degrees, 1 - tail) - 1) * parts
    variance = float(parts.sum())
    return (
        sqrt(max(0.0, variance - sqrt(float(below @ below)))),
        sqrt(variance + sqrt(float(above @ above))),
    )


def _d2_of_one_range(n: int) -> float:
    """d2* for one range of n values: the root of its mean square."""
    constants = shewhart_constants(n)
    return sqrt(constants.d2**2 + constants.d3**2)


def _study(
    method: Method, values: Floats, found: _Components, tolerance: float | None, confidence: float
) -> GaugeStudy:
    appraisers, trials, parts = values.shape
    reproducibility = found.appraiser + (found.interaction or 0.0)
    gauge = found.repeatability + reproducibility
    total = gauge + found.part
    _check_tolerance(tolerance)
    _check_variation(total)
    percent = 100 * sqrt(gauge / total)
    categories = floor(_CATEGORIES * sqrt(found.part / gauge)) if gauge > 0 else 0
    return GaugeStudy(
        method=method,
        n=values.size,
        parts=parts,
        appraisers=appraisers,
        trials=trials,
        repeatability=sqrt(found.repeatability),
        reproducibility=sqrt(reproducibility),
        interaction=None if found.interaction is None else sqrt(found.interaction),
        gauge=sqrt(gauge),
        interval=found.gauge_interval,
        part=sqrt(found.part),
        total=sqrt(total),
        percent=percent,
        percent_of_tolerance=None if tolerance is None else 100 * 6 * sqrt(gauge) / tolerance,
        categories=categories,
        interaction_p=found.interaction_p,
        confidence=confidence,
        warnings=_warnings(values, found, categories),
    )


def _warnings(values: Floats, found: _Components, categories: int) -> tuple[Notice, ...]:
    parts = values.shape[2]
    remarks: list[Notice] = []
    if parts < ENOUGH_PARTS:
        few = gettext_noop("The study rests on {parts} parts; {wanted} that cover the usual range are wanted.")
        remarks.append(Notice(few, values={"parts": parts, "wanted": ENOUGH_PARTS}))
    if found.repeatability == 0:
        equal = gettext_noop("Repeated measurements never differ: the resolution is too coarse, or the second value was"
                             " copied from the first.")  # fmt: skip
        remarks.append(Notice(equal))
    elif categories < ENOUGH_CATEGORIES:
        coarse = gettext_noop("The gauge tells {categories} categories of parts apart; {wanted} are wanted.")
        remarks.append(Notice(coarse, values={"categories": categories, "wanted": ENOUGH_CATEGORIES}))
    if found.interaction is not None:
        differ = gettext_noop(
            "Appraisers differ from part to part (p = {p}): look at the parts on which they disagree."
        )
        remarks.append(Notice(differ, values={"p": f"{found.interaction_p:.3g}"}))
    return tuple(remarks)


def _checked(measurements: Sequence[Sequence[Sequence[float]]]) -> Floats:
    try:
        lengths = {len(trial) for appraiser in measurements for trial in appraiser}
        trials = {len(appraiser) for appraiser in measurements}
    except TypeError:  # a table of two dimensions, or one column
        lengths, trials = set(), set()
    smallest = min((len(measurements), *lengths, *trials), default=0)
    if len(lengths) != 1 or len(trials) != 1 or smallest < 2:
        raise MeasureError(
            expected=gettext_noop("Every appraiser measures every part equally often: 2 or more appraisers, trials and"
                                  " parts."),
            found=gettext_noop("Appraisers: {appraisers}, trials: {trials}, parts: {parts}."),
            remedy=gettext_noop("Complete the study; usual are 3 appraisers, 3 trials and 10 parts."),
            appraisers=len(measurements),
            trials=", ".join(map(str, sorted(trials))) or "0",
            parts=", ".join(map(str, sorted(lengths))) or "0",
        )  # fmt: skip
    values = numbers_of(measurements, dimensions=3)
    if not np.isfinite(values).all() or float(np.ptp(values)) == 0:
        raise MeasureError(
            expected=gettext_noop("All measurements are finite numbers, and they are not all the same."),
            found=gettext_noop("{wrong} of {n} are not finite; the others reach from {low} to {high}."),
            remedy=gettext_noop("Measure again what is missing; take parts that differ as the process does."),
            wrong=int((~np.isfinite(values)).sum()),
            n=values.size,
            low=float(np.nanmin(values)),
            high=float(np.nanmax(values)),
        )
    return values


def _check_tolerance(tolerance: float | None) -> None:
    if tolerance is not None and not 0 < tolerance < inf:
        raise MeasureError(
            expected=gettext_noop("The tolerance is the distance of the specification limits, above 0."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Give upper limit minus lower limit, or leave the tolerance out."),
            given=tolerance,
        )


def _check_variation(variance: float) -> None:
    if variance <= 0:
        raise MeasureError(
            expected=gettext_noop("Parts, appraisers or repeated measurements differ on average."),
            found=gettext_noop("All averages are equal and no repeated measurement differs."),
            remedy=gettext_noop("Use the analysis of variance, which sees how appraisers differ from part to part."),
        )
