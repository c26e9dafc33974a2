"""Operating characteristics: with what probability a plan accepts a lot of a given quality.

Which distribution: binomial for lots of a continuing series, hypergeometric for one lot that stands alone, Poisson for
nonconformities, of which an item can have several.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import brentq
from scipy.special import gammaln, xlog1py, xlogy

from baton_analysis.arguments import checked
from baton_analysis.drawing.plots import plot_curve
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.measures.sampling.plans import SamplingPlan
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

Distribution = Literal["binomial", "hypergeometric", "poisson"]
Floats = npt.NDArray[np.float64]
_Chance = Callable[[int, int, int, int], Floats]
"""Probability of k nonconforming in a sample of n, after ``drawn`` items of which ``found`` were nonconforming."""


@dataclass(frozen=True, slots=True)
class OperatingCharacteristic(Result):
    """The curve of a plan. It follows from the plan by calculation, so it has no interval.

    Attributes
    ----------
    quality
        Share of nonconforming items (binomial), nonconforming items of the lot (hypergeometric), or nonconformities per
        item (Poisson).
    acceptance
        Probability that a lot of that quality is accepted; a lot in the gap of a reduced plan is accepted.
    sample_number
        Items inspected on average (ASN), each sample finished once it is begun.
    n
        Items of all samples of the plan.
    """

    plan: SamplingPlan
    method: Distribution
    lot_size: int | None
    quality: tuple[float, ...]
    acceptance: tuple[float, ...]
    sample_number: tuple[float, ...]
    version: str = VERSION
    warnings: tuple[Notice, ...] = ()

    @property
    def n(self) -> int:
        return self.plan.n

    @checked(MeasureError)
    def quality_at(self, acceptance: float) -> float:
        """The quality that is accepted with this probability; of whole items, the least that is accepted no more often.

        At 0.95 it is the quality that the supplier can rely on, at 0.10 the one against which the plan protects the
        customer.

        Raises
        ------
        MeasureError
            The probability is not between 0 and 1.
        """
        _check_probability(acceptance)
        if self.method == "hypergeometric" and self.lot_size is not None:
            every = np.arange(self.lot_size + 1, dtype=np.float64)
            chances = _curve(self.plan, every, self.method, self.lot_size)[0]
            return float(every[np.argmax(chances <= acceptance)])
        largest = 1.0 if self.method == "binomial" else (self.plan.reject + 60.0) * 2 / self.plan.stages[0].n

        def excess(quality: float) -> float:
            return float(_curve(self.plan, np.array([quality]), self.method, None)[0][0]) - acceptance

        return float(brentq(excess, 0.0, largest, xtol=1e-12))

    def to_table(self) -> pl.DataFrame:
        """One row a quality."""
        return pl.DataFrame(
            {
                "quality": self.quality,
                "acceptance": self.acceptance,
                "sample_number": self.sample_number,
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "lot_size": self.lot_size,
            "plan": self.plan.to_dict(),
            "quality": list(self.quality),
            "acceptance": list(self.acceptance),
            "sample_number": list(self.sample_number),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The curve; see :class:`baton_analysis.results.Plottable`."""
        return plot_curve(ax, x=self.quality, y=self.acceptance, x_name="quality", y_name="acceptance")


@checked(MeasureError)
def operating_characteristic(
    plan: SamplingPlan,
    quality: Sequence[float],
    *,
    distribution: Distribution = "binomial",
    lot_size: int | None = None,
) -> OperatingCharacteristic:
    """The probability that ``plan`` accepts lots of each ``quality`` (units as :class:`OperatingCharacteristic` says).

    Montgomery, Introduction to Statistical Quality Control, sections 15.2 and 15.3. ``lot_size`` is needed for the
    hypergeometric distribution; by default it is that of the plan.

    Raises
    ------
    MeasureError
        A quality that the distribution does not know, no lot size, or one smaller than the samples.
    """
    lot = lot_size if lot_size is not None else plan.lot_size
    if distribution not in get_args(Distribution):
        raise MeasureError(
            expected=gettext_noop("The distribution is one of {known}."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Take binomial for a series of lots and hypergeometric for one lot that stands alone."),
            known=", ".join(get_args(Distribution)),
            given=distribution,
        )
    if distribution == "hypergeometric":
        _check_lot(plan, lot)
    qualities = numbers_of(quality)
    _check_quality(qualities, distribution, lot)
    acceptance, sample_number = _curve(plan, qualities, distribution, lot)
    return OperatingCharacteristic(
        plan=plan,
        method=distribution,
        lot_size=lot,
        quality=tuple(qualities.tolist()),
        acceptance=tuple(acceptance.tolist()),
        sample_number=tuple(sample_number.tolist()),
    )


@checked(MeasureError)
def skip_lot_acceptance(acceptance: float, *, lots: int, fraction: float) -> float:
    """Share of lots that pass where, after ``lots`` accepted ones, only a ``fraction`` of the lots is inspected.

    Plan SkSP-2 of Perry (1973), Journal of Quality Technology 5: 160-166, with a reference plan that accepts with
    probability ``acceptance``: (f P + (1 - f) P^i) / (f + (1 - f) P^i).

    Raises
    ------
    MeasureError
        A probability outside 0..1, a fraction that is not above 0, or fewer than 1 lot.
    """
    if not (0 <= acceptance <= 1 and 0 < fraction <= 1 and lots >= 1):
        raise MeasureError(
            expected=gettext_noop("The probability lies in 0..1, the fraction above 0 and up to 1, lots from 1 on."),
            found=gettext_noop("Probability {acceptance}, fraction {fraction}, {lots} lots."),
            remedy=gettext_noop("Correct these figures."),
            acceptance=acceptance,
            fraction=fraction,
            lots=lots,
        )
    run = acceptance**lots
    return (fraction * acceptance + (1 - fraction) * run) / (fraction + (1 - fraction) * run)


def _curve(plan: SamplingPlan, quality: Floats, distribution: str, lot: int | None) -> tuple[Floats, Floats]:
    """Probability of acceptance and items inspected on average, at each quality."""
    chance = _chances(quality, distribution, lot)
    undecided = {0: np.ones_like(quality)}
    accepted, inspected, drawn = np.zeros_like(quality), np.zeros_like(quality), 0
    for stage in plan.stages:
        inspected += stage.n * sum(undecided.values(), np.zeros_like(quality))
        # A lot in the gap of the last sample is accepted.
        last = stage is plan.stages[-1]
        accept = stage.reject - 1 if last else stage.accept
        following: dict[int, Floats] = {}
        for found, reached in undecided.items():
            for k in range(stage.reject - found):
                here = reached * chance(k, stage.n, drawn, found)
                if found + k <= accept:
                    accepted += here
                else:
                    following[found + k] = following.get(found + k, np.zeros_like(quality)) + here
        undecided, drawn = following, drawn + stage.n
    return accepted.clip(0, 1), inspected


def _chances(quality: Floats, distribution: str, lot: int | None) -> _Chance:
    if distribution == "poisson":
        return lambda k, n, drawn, found: np.exp(xlogy(k, n * quality) - n * quality - gammaln(k + 1))
    if distribution == "binomial":
        return lambda k, n, drawn, found: (
            np.exp(_log_choose(np.full_like(quality, n), k) + xlogy(k, quality) + xlog1py(n - k, -quality))
            if k <= n
            else np.zeros_like(quality)
        )
    assert lot is not None  # checked before

    def hypergeometric(k: int, n: int, drawn: int, found: int) -> Floats:
        bad, left = quality - found, lot - drawn
        possible = (k <= bad) & (n - k <= left - bad) & (bad >= 0)
        bad = np.where(possible, bad, k)
        good = np.where(possible, left - bad, max(n - k, 0))
        total = _log_choose(np.full_like(quality, left), n)
        return np.where(possible, np.exp(_log_choose(bad, k) + _log_choose(good, max(n - k, 0)) - total), 0.0)

    return hypergeometric


def _log_choose(n: Floats, k: int) -> Floats:
    logarithm: Floats = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return logarithm


def _check_lot(plan: SamplingPlan, lot: int | None) -> None:
    if lot is not None and lot >= plan.n:
        return
    raise MeasureError(
        expected=gettext_noop("The hypergeometric distribution needs a lot with at least the {n} items of the plan."),
        found=gettext_noop("The size of the lot is {lot_size}."),
        remedy=gettext_noop("Give the size of the lot, or take the binomial distribution for a series of lots."),
        n=plan.n,
        lot_size="—" if lot is None else lot,
    )


def _check_quality(quality: Floats, distribution: str, lot: int | None) -> None:
    largest = {"binomial": 1.0, "poisson": np.inf}.get(distribution, float(lot or 0))
    whole = distribution == "hypergeometric"
    wrong = ~((quality >= 0) & (quality <= largest) & np.isfinite(quality))
    if whole:
        wrong |= quality != np.round(quality)
    if wrong.any():
        raise MeasureError(
            expected=gettext_noop("A quality is a share in 0..1 (binomial), whole nonconforming items of the lot"
                                  " (hypergeometric), or nonconformities per item (Poisson)."),
            found=gettext_noop("For the {distribution} distribution: {quality}."),
            remedy=gettext_noop("Correct this quality; 1.5 % is 0.015."),
            distribution=distribution,
            quality=float(quality[np.argmax(wrong)]),
        )  # fmt: skip


def _check_probability(probability: float) -> None:
    if not 0 < probability < 1:
        raise MeasureError(
            expected=gettext_noop("A probability of acceptance lies between 0 and 1."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Take 0.95 for the supplier's risk, 0.10 for the customer's."),
            given=probability,
        )
