"""Cronbach's alpha: do the items of a scale measure one thing well enough to be added up?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import polars as pl
from scipy.special import fdtri

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_bars
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, demand_choice, demand_confidence
from baton_analysis.measures.surveys.answers import VERSION, Answers, Interval, Items, demand_items, items_of
from baton_analysis.measures.surveys.correlations import (
    MissingRule,
    Spread,
    complete_of,
    pairwise_spread,
    spread_of,
)
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RELIABLE = 0.7
"""Below this a sum of the items says little (Nunnally 1978, Psychometric Theory)."""

ALIKE = 0.95
"""Above this items tend to say the same in other words."""

FEW_RESPONDENTS = 30


@dataclass(frozen=True, slots=True)
class ScaleItem:
    """One item of a scale.

    Attributes
    ----------
    n, mean, sd
        Of its answers.
    rest_correlation
        With the sum of the other items; None where one of both does not vary.
    alpha_if_dropped, standardised_if_dropped
        Alpha of the others; None where fewer than two are left, or they do not vary.
    """

    name: str
    n: int
    mean: float
    sd: float
    rest_correlation: float | None
    alpha_if_dropped: float | None
    standardised_if_dropped: float | None


@dataclass(frozen=True, slots=True)
class Reliability(Result):
    """Cronbach's alpha of a scale.

    Attributes
    ----------
    alpha, interval
        From covariances (raw), with Feldt's interval.
    standardised, average_correlation
        Alpha from correlations, as if all items had one spread, and their mean; None where an item does not vary.
    items
        In the order given.
    n, incomplete
        Respondents that it rests on, pairwise the smallest number for two items; and those who left out an item.
    missing_rule
        What became of respondents who left out an item.
    reliable
        Whether alpha reaches .7.
    """

    alpha: float
    interval: Interval
    standardised: float | None
    average_correlation: float | None
    items: tuple[ScaleItem, ...]
    n: int
    incomplete: int
    missing_rule: MissingRule
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = "cronbach_alpha"
    version: str = VERSION

    @property
    def reliable(self) -> bool:
        return self.alpha >= RELIABLE

    def to_table(self) -> pl.DataFrame:
        """One row an item with the alphas of the others, then all items with theirs."""
        rows = [
            (one.name, one.n, one.mean, one.sd, one.rest_correlation, one.alpha_if_dropped, one.standardised_if_dropped)
            for one in self.items
        ]
        whole = ("all", self.n, None, None, None, self.alpha, self.standardised)
        figures = ("mean", "sd", "rest_correlation", "alpha", "standardised")
        schema = {"item": pl.String, "n": pl.Int64, **dict.fromkeys(figures, pl.Float64)}
        return pl.DataFrame([*rows, whole], schema=schema, orient="row")

    @property
    def _beside(self) -> list[str]:
        low, high = self.interval
        interval = f"alpha {self.alpha:.3f}, {self.confidence:.0%} interval {low:.3f} to {high:.3f}"
        return [interval, *super(Reliability, self)._beside]

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        figures = ("alpha", "standardised", "average_correlation", "reliable", "confidence")
        names = ("method", "version", "n", "incomplete", "missing_rule")
        return {
            **{name: getattr(self, name) for name in (*names, *figures)},
            "interval": list(self.interval),
            "items": [asdict(one) for one in self.items],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Alpha without each item, and a line at alpha with all of them: a longer bar is an item that does not belong.
        See :class:`baton_analysis.results.Plottable`."""
        names = [one.name for one in self.items]
        sizes = [np.nan if one.alpha_if_dropped is None else one.alpha_if_dropped for one in self.items]
        return plot_bars(ax, names=names, sizes=sizes, lines=[self.alpha], unit="alpha")


@checked(MeasureError)
def cronbach_alpha(
    answers: Answers,
    *,
    reverse: Sequence[str] = (),
    missing: MissingRule = "listwise",
    confidence: float = 0.95,
) -> Reliability:
    """Internal consistency of items that are to be added up (Cronbach 1951, Psychometrika 16: 297-334).

    Interval: Feldt (1965), Psychometrika 30: 357-370; it supposes normal answers and items of one true score.

    Parameters
    ----------
    reverse
        Items of which a high answer means what a low one means of the others; they are turned round.
    missing
        "listwise": respondents with an answer to every item. "pairwise": every two items from those who answered both,
        as R psych does; the interval then rests on the smallest number of these.

    Raises
    ------
    MeasureError
        Fewer than two items or respondents, items that are not there, or answers that do not vary.
    """
    demand_confidence(confidence)
    demand_choice("missing", missing, get_args(MissingRule))
    given = items_of(answers, least=2)
    demand_items(reverse, given.names)
    spread, incomplete = _spread(given, missing)
    signs = np.array([-1.0 if name in reverse else 1.0 for name in given.names])
    covariances = spread.covariances * np.outer(signs, signs)
    same = spread.constant(given.names)
    alpha = _alpha(covariances)
    if alpha is None or len(same) == len(given.names):
        raise MeasureError(
            expected=gettext_noop("Sums of the items differ from respondent to respondent."),
            found=gettext_noop("The variance of the sums is {variance}."),
            remedy=gettext_noop("Turn round items that are asked the other way, or wait for more answers."),
            variance=f"{float(covariances.sum()):.3g}",
        )
    correlations = None if same else _correlations(covariances)
    rows = _rows(given.names, spread, covariances, correlations)
    return Reliability(
        alpha=alpha,
        interval=alpha_interval(alpha, spread.n, len(rows), confidence),
        standardised=None if correlations is None else _alpha(correlations),
        average_correlation=None if correlations is None else _average(correlations),
        items=rows,
        n=spread.n,
        incomplete=incomplete,
        missing_rule=missing,
        confidence=confidence,
        warnings=_warnings(alpha, spread.n, rows, same),
    )


def alpha_interval(alpha: float, n: int, items: int, confidence: float) -> Interval:
    """Feldt's interval of alpha."""
    tail, degrees = (1 - confidence) / 2, (n - 1, (n - 1) * (items - 1))
    low, high = (1 - (1 - alpha) * float(fdtri(*degrees, level)) for level in (1 - tail, tail))
    return low, high


def _spread(given: Items, missing: MissingRule) -> tuple[Spread, int]:
    """How answers that count scatter, and how many respondents left out an item."""
    if missing == "pairwise":
        return pairwise_spread(given), int(np.isnan(given.values).any(axis=1).sum())
    if len(given.values) > 1 and np.isfinite((whole := spread_of(given)).means).all():
        return whole, 0
    items, incomplete = complete_of(given)
    return spread_of(items), incomplete


def _alpha(covariances: Floats) -> float | None:
    """k/(k - 1) (1 - sum of variances / variance of the sum); None where the sum does not vary."""
    k, total = len(covariances), float(covariances.sum())
    if k < 2 or total <= 1e-12 * float(np.abs(covariances).sum()):
        return None
    return k / (k - 1) * (1 - float(np.trace(covariances)) / total)


def _average(correlations: Floats) -> float:
    k = len(correlations)
    return float((correlations.sum() - k) / (k * (k - 1)))


def _correlations(covariances: Floats) -> Floats:
    deviations = np.sqrt(np.diag(covariances))
    return np.asarray(covariances / np.outer(deviations, deviations))


def _rows(
    names: Sequence[str], spread: Spread, covariances: Floats, correlations: Floats | None
) -> tuple[ScaleItem, ...]:
    rows = []
    for place, name in enumerate(names):
        others = np.delete(np.arange(len(covariances)), place)
        rest = covariances[np.ix_(others, others)]
        both = float(covariances[place, place] * rest.sum())
        without = None if correlations is None else _alpha(correlations[np.ix_(others, others)])
        rows.append(
            ScaleItem(
                name=name,
                n=int(spread.counts[place]),
                mean=float(spread.means[place]),
                sd=float(spread.deviations[place]),
                rest_correlation=float(covariances[place, others].sum()) / sqrt(both) if both > 1e-12 else None,
                alpha_if_dropped=_alpha(rest),
                standardised_if_dropped=without,
            )
        )
    return tuple(rows)


def _warnings(alpha: float, n: int, rows: Sequence[ScaleItem], same: Sequence[str]) -> tuple[Notice, ...]:
    remarks: list[Notice] = []
    if alpha < RELIABLE:
        low = gettext_noop("Alpha is {alpha}, below {wanted}: the items do not measure one thing well enough to be"
                           " added up. Look at them one by one.")  # fmt: skip
        remarks.append(Notice(low, values={"alpha": f"{alpha:.2f}", "wanted": f"{RELIABLE:.2f}"}))
    if alpha > ALIKE:
        high = gettext_noop("Alpha is {alpha}: the items may say the same in other words, and fewer would do.")
        remarks.append(Notice(high, values={"alpha": f"{alpha:.2f}"}))
    against = [row.name for row in rows if row.rest_correlation is not None and row.rest_correlation < 0]
    if against:
        other = gettext_noop("These items go against the others: {items}. Turn them round if they are asked the other"
                             " way, or leave them out.")  # fmt: skip
        remarks.append(Notice(other, values={"items": ", ".join(against)}))
    if same:
        flat = gettext_noop("All answers are alike to these items: {items}. There is no standardised alpha.")
        remarks.append(Notice(flat, values={"items": ", ".join(same)}))
    if n < FEW_RESPONDENTS:
        few = gettext_noop("Alpha rests on {n} respondents; {wanted} are wanted. Look at the interval.")
        remarks.append(Notice(few, values={"n": n, "wanted": FEW_RESPONDENTS}))
    return tuple(remarks)
