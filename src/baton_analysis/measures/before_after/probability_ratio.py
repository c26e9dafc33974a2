"""Sequential probability ratio test: judging each unit as it comes, until one side is clear (Wald 1947)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log, log1p
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_bounds
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.comparison import VERSION, Floats, finite
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SequentialFamily = Literal["binomial", "poisson"]
SequentialDecision = Literal["changed", "unchanged", "undecided"]


@dataclass(frozen=True, eq=False)
class SequentialPath(Result):
    """How the evidence went.

    Attributes
    ----------
    ratios
        Logarithm of the probability ratio after each observation, also after the decision.
    decision
        "changed": the wanted rate; "unchanged": the old one; "undecided": go on.
    bounds
        Of the logarithm: down to the first it is "unchanged", from the second on "changed".
    decided_at
        Index of the observation that decided; None while undecided.
    n
        Observations.
    """

    ratios: Floats
    decision: SequentialDecision
    decided_at: int | None
    bounds: tuple[float, float]
    warnings: tuple[Notice, ...] = ()
    method: str = "sequential_probability_ratio"
    version: str = VERSION

    def __post_init__(self) -> None:
        self.ratios.setflags(write=False)

    @property
    def n(self) -> int:
        return len(self.ratios)

    def to_table(self) -> pl.DataFrame:
        """One row an observation, with the decision up to it."""
        decided = len(self.ratios) if self.decided_at is None else self.decided_at
        said = ["undecided" if place < decided else self.decision for place in range(len(self.ratios))]
        return pl.DataFrame({"observation": range(1, self.n + 1), "ratio": self.ratios, "decision": said})

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "decision", "decided_at")
        return {
            **{name: getattr(self, name) for name in plain},
            "bounds": list(self.bounds),
            "ratios": [finite(ratio) for ratio in self.ratios.tolist()],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The path between its two bounds; see :class:`baton_analysis.results.Plottable`."""
        place = np.arange(1.0, self.n + 1)
        bounds = [np.full(self.n, bound) for bound in self.bounds]
        return plot_bounds(ax, x=place, y=self.ratios, bounds=bounds, x_name="observation", y_name="log ratio")


@dataclass(frozen=True, slots=True)
class SequentialRatioTest(Result):
    """A test between two rates that is fixed before the first observation.

    Attributes
    ----------
    unchanged, changed
        Share of cases (binomial) or rate (Poisson) if nothing has changed, and that which is hoped for.
    alpha
        Probability of "changed" although it is not; ``beta`` of "unchanged" although it has.
    upper, lower
        The logarithm of the ratio from which on it is "changed", and down to which it is "unchanged" (Wald's bounds).
    n
        Units until the decision on average, rounded up: of the two rates the one that takes longer. This is a plan: no
        observation stands behind it yet.
    """

    family: SequentialFamily
    unchanged: float
    changed: float
    alpha: float
    beta: float
    upper: float
    lower: float
    warnings: tuple[Notice, ...] = ()
    method: str = "sequential_probability_ratio"
    version: str = VERSION

    @property
    def n(self) -> int:
        return ceil(max(self.expected_units("unchanged"), self.expected_units("changed")))

    @property
    def case_step(self) -> float:
        """What one case adds to the logarithm of the ratio."""
        return log(self.changed / self.unchanged)

    @property
    def unit_step(self) -> float:
        """What one unit without a case (binomial), or one unit of exposure (Poisson), adds."""
        if self.family == "poisson":
            return self.unchanged - self.changed
        return log1p(-self.changed) - log1p(-self.unchanged)

    @property
    def clean_units(self) -> int | None:
        """After that many units in a row without a case it is "changed"; None if that way leads nowhere."""
        return ceil(self.upper / self.unit_step) if self.unit_step > 0 else None

    @checked(MeasureError)
    def expected_units(self, rate: Literal["unchanged", "changed"]) -> float:
        """Units until the decision, on average, if that is the true rate (Wald's approximation)."""
        true = self.changed if rate == "changed" else self.unchanged
        without = 1.0 if self.family == "poisson" else 1 - true
        step = true * self.case_step + without * self.unit_step
        up = 1 - self.beta if rate == "changed" else self.alpha
        return (up * self.upper + (1 - up) * self.lower) / step

    @checked(MeasureError)
    def follow(self, cases: Sequence[float], units: Sequence[float] | None = None) -> SequentialPath:
        """The path of observations: ``cases`` among ``units`` each, by default one unit (0 or 1 case).

        Raises
        ------
        MeasureError
            Cases that are no whole numbers, or more than their units; units not above 0.
        """
        count = numbers_of(cases)
        size = np.ones(len(count)) if units is None else numbers_of(units)
        self._demand(count, size)
        rest = size if self.family == "poisson" else size - count
        ratios = np.cumsum(count * self.case_step + rest * self.unit_step)
        out = np.flatnonzero((ratios >= self.upper) | (ratios <= self.lower))
        first = int(out[0]) if len(out) else None
        decision: SequentialDecision = "undecided"
        if first is not None:
            decision = "changed" if ratios[first] >= self.upper else "unchanged"
        return SequentialPath(ratios, decision, first, (self.lower, self.upper))

    def to_table(self) -> pl.DataFrame:
        """One row for each of the two rates, if it is the true one: the probability that it is found to have changed,
        and the units until the decision on average."""
        rates: tuple[Literal["unchanged", "changed"], ...] = ("unchanged", "changed")
        return pl.DataFrame(
            {
                "true": rates,
                "rate": [self.unchanged, self.changed],
                "found_changed": [self.alpha, 1 - self.beta],
                "expected_units": [self.expected_units(rate) for rate in rates],
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "family", "unchanged", "changed", "alpha", "beta", "upper", "lower")
        more = ("case_step", "unit_step", "clean_units")
        return {
            **{name: getattr(self, name) for name in (*plain, *more)},
            "expected_units": {row["true"]: row["expected_units"] for row in self.to_table().iter_rows(named=True)},
            "warnings": [warning.render() for warning in self.warnings],
        }

    def _demand(self, count: Floats, size: Floats) -> None:
        whole = len(count) == len(size) and np.isfinite(count).all() and bool((count == np.round(count)).all())
        wrong = not whole or bool((count < 0).any() or (size <= 0).any())
        if wrong or (self.family == "binomial" and bool((count > size).any())):
            raise MeasureError(
                expected=gettext_noop("Cases are whole numbers from 0 up to their units; units lie above 0."),
                found=gettext_noop("Numbers of cases: {cases}, of units: {units}."),
                remedy=gettext_noop("Give 1 for a case and 0 for none, or cases and units of each batch."),
                cases=len(count),
                units=len(size),
            )


@checked(MeasureError)
def sequential_probability_ratio(
    unchanged: float,
    changed: float,
    *,
    alpha: float = 0.05,
    beta: float = 0.1,
    family: SequentialFamily = "binomial",
) -> SequentialRatioTest:
    """Wald's test between two rates: upper bound log((1 - beta) / alpha), lower bound log(beta / (1 - alpha)).

    Wald, Sequential Analysis (1947). The bounds are Wald's approximation: errors are a little rarer than alpha and
    beta, because the path steps over the bound.

    Raises
    ------
    MeasureError
        Rates that are equal or impossible, or unknown settings.
    """
    highest = 1.0 if family == "binomial" else float("inf")
    rates = 0 < unchanged < highest and 0 < changed < highest and unchanged != changed
    if not rates or not (0 < alpha < 0.5 and 0 < beta < 0.5) or family not in get_args(SequentialFamily):
        raise MeasureError(
            expected=gettext_noop("Two different rates above 0 are needed (shares below 1), alpha and beta between 0"
                                  " and 0.5, and one of the families {known}."),
            found=gettext_noop("Rates: {unchanged} and {changed}, alpha: {alpha}, beta: {beta}, family: {family}."),
            remedy=gettext_noop("Give the rate so far, and the rate that would be worth the effort."),
            known=", ".join(get_args(SequentialFamily)),
            unchanged=unchanged,
            changed=changed,
            alpha=alpha,
            beta=beta,
            family=family,
        )  # fmt: skip
    upper, lower = log((1 - beta) / alpha), log(beta / (1 - alpha))
    return SequentialRatioTest(family, unchanged, changed, alpha, beta, upper, lower)
