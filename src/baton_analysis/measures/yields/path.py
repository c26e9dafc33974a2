"""Yield of a path of steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from baton_analysis.arguments import checked, checked_fields
from baton_analysis.drawing.comparisons import plot_shares
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.measures.yields.basis import FEW_UNITS, VERSION, Interval
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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


def _product_interval(steps: Sequence[StepYield], rolled: float) -> Interval:
    if rolled == 0:
        return 0.0, min(step.interval[1] for step in steps if step.value == 0)
    below = sum((log(step.value) - log(step.interval[0])) ** 2 for step in steps)
    above = sum((log(step.interval[1]) - log(step.value)) ** 2 for step in steps)
    return rolled * exp(-sqrt(below)), min(1.0, rolled * exp(sqrt(above)))


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
