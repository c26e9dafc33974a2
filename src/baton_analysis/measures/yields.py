"""Yield along a path of steps, defects against opportunities, and where most of the trouble lies (Pareto)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from scipy.special import chdtri, ndtr, ndtri

from baton_analysis.arguments import checked, checked_fields
from baton_analysis.drawing.comparisons import plot_shares
from baton_analysis.drawing.plots import plot_pareto
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_confidence
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

SHIFT = 1.5
"""Standard deviations by which a process is conventionally taken to drift in the long run."""

FEW_UNITS = 30
"""With fewer units a first-pass yield is rough."""

Interval = tuple[float, float]


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: units that entered, and those that were right the first time. What had to be reworked,
    repaired or sent back is not among ``first_pass_good``, even if it left the step good.
    """

    name: str
    entered: int
    first_pass_good: int


@dataclass(frozen=True, slots=True)
class StepYield:
    """First-pass yield (FPY) of a step with Wilson's interval; ``n`` units entered."""

    name: str
    n: int
    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class PathYield(Result):
    """Yield of a whole path.

    Attributes
    ----------
    steps
        First-pass yield of each step.
    rolled
        Rolled throughput yield (RTY): the probability that a unit passes all steps without rework, if the steps do not
        depend on each other.
    interval
        Of ``rolled``, by the method of variance estimates recovery on the logarithms of the steps' Wilson intervals
        (MOVER: Zou and Donner 2008, Statistics in Medicine 27: 1693-1702).
    normalised
        The yield that each step would need for the same ``rolled``: its k-th root for k steps.
    n
        The smallest number of units that entered a step.
    """

    steps: tuple[StepYield, ...]
    rolled: float
    interval: Interval
    normalised: float
    n: int
    confidence: float
    method: str = "rolled_throughput_yield"
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a step."""
        rows = [(step.name, step.n, step.value, *step.interval) for step in self.steps]
        return pl.DataFrame(rows, schema=["step", "n", "value", "lower", "upper"], orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "rolled": self.rolled,
            "interval": list(self.interval),
            "normalised": self.normalised,
            "confidence": self.confidence,
            "steps": [
                {"name": step.name, "n": step.n, "value": step.value, "interval": list(step.interval)}
                for step in self.steps
            ],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The yield of each step with its interval; see :class:`baton_analysis.results.Plottable`."""
        low, high = np.array([step.interval for step in self.steps]).T
        values = np.array([step.value for step in self.steps])
        names = [step.name for step in self.steps]
        return plot_shares(ax, series={"": (names, values, low, high)}, joined=False)


@dataclass(frozen=True, slots=True)
class DefectRate(Result):
    """Defects against units and opportunities.

    Attributes
    ----------
    per_unit
        Defects per unit (DPU); ``interval`` is its exact Poisson interval (Garwood 1936, Biometrika 28: 437-442).
    throughput
        exp(-DPU): the share of units without a defect (TPY), if defects fall at random.
    per_million
        Defects per million opportunities (DPMO), with ``per_million_interval``.
    sigma_level
        Short-term sigma level: that of ``per_million`` plus ``shift``; ``sigma_interval`` likewise.
    n
        Units.
    """

    n: int
    defects: int
    opportunities: int
    per_unit: float
    interval: Interval
    throughput: float
    per_million: float
    per_million_interval: Interval
    sigma_level: float
    sigma_interval: Interval
    shift: float
    confidence: float
    method: str = "defects_per_million_opportunities"
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; None for a sigma level that is not finite."""
        plain = ("method", "version", "n", "defects", "opportunities", "per_unit", "throughput", "per_million")
        more = ("shift", "confidence")
        return {
            **{name: getattr(self, name) for name in (*plain, *more)},
            "interval": list(self.interval),
            "per_million_interval": list(self.per_million_interval),
            "sigma_level": _finite(self.sigma_level),
            "sigma_interval": [_finite(bound) for bound in self.sigma_interval],
            "warnings": [warning.render() for warning in self.warnings],
        }


@dataclass(frozen=True, slots=True)
class ParetoRow:
    """One cause: its count, its share of all and the share of all causes down to it; ``vital`` if it is one of the few
    that make up the wanted share. ``interval`` is Wilson's, of ``share``.
    """

    name: str
    count: float
    share: float
    cumulative: float
    vital: bool
    interval: Interval


@dataclass(frozen=True, slots=True)
class Pareto(Result):
    """Causes, the most frequent first; ``n`` is the sum of all counts."""

    rows: tuple[ParetoRow, ...]
    n: float
    vital_share: float
    method: str = "pareto"
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def vital_few(self) -> tuple[str, ...]:
        """Names of the causes that together make up the wanted share."""
        return tuple(row.name for row in self.rows if row.vital)

    def to_table(self) -> pl.DataFrame:
        """One row a cause."""
        rows = [(row.name, row.count, row.share, row.cumulative, row.vital, *row.interval) for row in self.rows]
        names = ["cause", "count", "share", "cumulative", "vital", "lower", "upper"]
        return pl.DataFrame(rows, schema=names, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "vital_share": self.vital_share,
            "rows": [
                {
                    "name": row.name,
                    "count": row.count,
                    "share": row.share,
                    "cumulative": row.cumulative,
                    "vital": row.vital,
                    "interval": list(row.interval),
                }
                for row in self.rows
            ],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Bars with the cumulative share; see :class:`baton_analysis.results.Plottable`."""
        return plot_pareto(
            ax,
            names=[row.name for row in self.rows],
            counts=[row.count for row in self.rows],
            shares=[row.cumulative for row in self.rows],
        )


@checked(MeasureError)
def path_yield(steps: Sequence[Step], *, confidence: float = 0.95) -> PathYield:
    """First-pass yield of each step and rolled throughput yield of the path (product of the steps' yields).

    Raises
    ------
    MeasureError
        No step, a step that nothing entered, or more good units than entered.
    """
    _check_steps(steps)
    good, entered = [step.first_pass_good for step in steps], [step.entered for step in steps]
    low, high = wilson_interval(good, entered, confidence=confidence)
    found = tuple(
        StepYield(step.name, step.entered, step.first_pass_good / step.entered, (float(lower), float(upper)))
        for step, lower, upper in zip(steps, low, high, strict=True)
    )
    rolled = float(np.prod([step.value for step in found]))
    few = tuple(
        Notice(
            gettext_noop("At {step} only {n} units entered; {wanted} are wanted."),
            values={"step": step.name, "n": step.n, "wanted": FEW_UNITS},
        )
        for step in found
        if step.n < FEW_UNITS
    )
    return PathYield(
        steps=found,
        rolled=rolled,
        interval=_product_interval(found, rolled),
        normalised=rolled ** (1 / len(found)),
        n=min(entered),
        confidence=confidence,
        warnings=few,
    )


@checked(MeasureError)
def defect_rate(
    defects: int, units: int, *, opportunities: int = 1, shift: float = SHIFT, confidence: float = 0.95
) -> DefectRate:
    """Defects per unit and per million opportunities, throughput yield and sigma level.

    ``opportunities`` are those of one unit: things that can go wrong and are checked.

    Raises
    ------
    MeasureError
        No units or opportunities, or a negative count.
    """
    _check_defects(defects, units, opportunities)
    _check_shift(shift)
    demand_confidence(confidence)
    tail = (1 - confidence) / 2
    low = float(chdtri(2 * defects, 1 - tail)) / 2 if defects else 0.0
    high = float(chdtri(2 * defects + 2, tail)) / 2
    million = 1e6 / (units * opportunities)
    warnings: tuple[Notice, ...] = ()
    if defects > units * opportunities:
        more = gettext_noop("There are more defects than opportunities: an opportunity is counted that has several"
                            " defects. There is no sigma level.")  # fmt: skip
        warnings = (Notice(more),)
    return DefectRate(
        n=units,
        defects=defects,
        opportunities=opportunities,
        per_unit=defects / units,
        interval=(low / units, high / units),
        throughput=exp(-defects / units),
        per_million=defects * million,
        per_million_interval=(low * million, high * million),
        sigma_level=_sigma(defects * million, shift),
        sigma_interval=(_sigma(high * million, shift), _sigma(low * million, shift)),
        shift=shift,
        confidence=confidence,
        warnings=warnings,
    )


@checked(MeasureError)
def sigma_level(per_million: float, *, shift: float = SHIFT) -> float:
    """Short-term sigma level of a long-term DPMO: the normal quantile of 1 - DPMO/1e6, plus ``shift``; infinite at 0.

    Raises
    ------
    MeasureError
        DPMO outside 0..1,000,000.
    """
    if not 0 <= per_million <= 1e6:
        raise MeasureError(
            expected=gettext_noop("Defects per million opportunities lie between 0 and 1,000,000."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Correct the count of defects, units or opportunities."),
            given=per_million,
        )
    _check_shift(shift)
    return _sigma(per_million, shift)


@checked(MeasureError)
def per_million_of_sigma(level: float, *, shift: float = SHIFT) -> float:
    """Defects per million opportunities of a short-term sigma level, on one side."""
    _check_shift(shift)
    if np.isnan(level):
        raise MeasureError(
            expected=gettext_noop("A sigma level is a number."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Give a level such as 4.5."),
            given=level,
        )
    return 1e6 * float(ndtr(shift - level))


@checked(MeasureError)
def pareto(counts: Mapping[str, float], *, vital_share: float = 0.8, confidence: float = 0.95) -> Pareto:
    """Causes in order of frequency; the vital few are the first ones that together reach ``vital_share``.

    Equal counts stay in the order given. Causes with a count of 0 are kept.

    Raises
    ------
    MeasureError
        No cause, a count below 0 or not finite, or all 0; a share that is none.
    """
    if not 0 < vital_share <= 1:
        raise MeasureError(
            expected=gettext_noop("The share of the vital few lies above 0 and up to 1."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Give 0.8 for 80 percent."),
            given=vital_share,
        )
    total = float(sum(counts.values()))
    if not counts or not np.isfinite(total) or total <= 0 or min(counts.values()) < 0:
        raise MeasureError(
            expected=gettext_noop("Counts are 0 or more, and one at least is above 0."),
            found=gettext_noop("There are {causes} causes with {total} in all, the smallest {smallest}."),
            remedy=gettext_noop("Correct the counts, or wait until something was counted."),
            causes=len(counts),
            total=total,
            smallest=min(counts.values(), default=0),
        )
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    low, high = wilson_interval([count for _, count in ordered], [total] * len(ordered), confidence=confidence)
    rows: list[ParetoRow] = []
    before = 0.0
    for (name, count), lower, upper in zip(ordered, low, high, strict=True):
        # A hair's breadth below the share is the share: 0.8 is not exact in floating point.
        vital = before / total < vital_share - 1e-12
        before += count
        rows.append(ParetoRow(name, count, count / total, before / total, vital, (float(lower), float(upper))))
    return Pareto(tuple(rows), total, vital_share, warnings=_flat(rows))


def _flat(rows: Sequence[ParetoRow]) -> tuple[Notice, ...]:
    """A warning where the causes hardly differ: then there are no vital few."""
    if len(rows) > 1 and rows[0].interval[0] <= 1 / len(rows):
        return (Notice(gettext_noop("No cause stands out from an even spread: sort the causes in another way.")),)
    return ()


def _product_interval(steps: Sequence[StepYield], rolled: float) -> Interval:
    if rolled == 0:
        return 0.0, min(step.interval[1] for step in steps if step.value == 0)
    below = sum((log(step.value) - log(step.interval[0])) ** 2 for step in steps)
    above = sum((log(step.interval[1]) - log(step.value)) ** 2 for step in steps)
    return rolled * exp(-sqrt(below)), min(1.0, rolled * exp(sqrt(above)))


def _sigma(per_million: float, shift: float) -> float:
    return float(ndtri(1 - min(per_million, 1e6) / 1e6)) + shift if per_million <= 1e6 else float("-inf")


def _finite(number: float) -> float | None:
    return number if np.isfinite(number) else None


def _check_steps(steps: Sequence[Step]) -> None:
    if not steps:
        raise MeasureError(
            expected=gettext_noop("A path has at least one step."),
            found=gettext_noop("There is none."),
            remedy=gettext_noop("Name the steps that a unit passes."),
        )
    for step in steps:
        if step.entered < 1 or not 0 <= step.first_pass_good <= step.entered:
            raise MeasureError(
                expected=gettext_noop("At every step units entered, and no more than these were good at once."),
                found=gettext_noop("{step}: {entered} entered, {good} good at once."),
                remedy=gettext_noop("Count each unit once, at its first pass; leave out a step that nothing entered."),
                step=step.name,
                entered=step.entered,
                good=step.first_pass_good,
            )


def _check_shift(shift: float) -> None:
    if not np.isfinite(shift):
        raise MeasureError(
            expected=gettext_noop("The shift between short and long term is a finite number of sigma."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Give 1.5, as usual, or 0 for none."),
            given=shift,
        )


def _check_defects(defects: int, units: int, opportunities: int) -> None:
    if not (0 <= defects < inf and 1 <= units < inf and 1 <= opportunities < inf):
        raise MeasureError(
            expected=gettext_noop("Defects are 0 or more; units and opportunities of a unit are 1 or more."),
            found=gettext_noop("Defects: {defects}, units: {units}, opportunities: {opportunities}."),
            remedy=gettext_noop("Correct these counts."),
            defects=defects,
            units=units,
            opportunities=opportunities,
        )
