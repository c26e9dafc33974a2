"""How items of a survey go together: covariances of answers, some of which are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats
from baton_analysis.measures.surveys.answers import Answers, Items, items_of

MissingRule = Literal["listwise", "pairwise"]
"""Who left out an item is left out altogether, or only where this item is concerned."""

_ROUNDING = 1e-12
_SINGULAR = 1e-10
_BLOCK = 8192


def complete_items(answers: Answers, least: int) -> tuple[Items, int]:
    """The respondents with an answer to every item, and how many others are left out.

    Raises
    ------
    MeasureError
        Too few items, or fewer than two respondents with an answer to each.
    """
    items = items_of(answers, least=least)
    return complete_of(items)


def complete_of(items: Items) -> tuple[Items, int]:
    """As :func:`complete_items`, of answers that have been checked."""
    known = ~np.isnan(items.values).any(axis=1)
    incomplete = len(items.values) - int(known.sum())
    demand_respondents(len(items.values) - incomplete, len(items.values))
    return (Items(items.names, items.values[known]) if incomplete else items), incomplete


def demand_respondents(complete: int, respondents: int) -> None:
    """Refuse to say of fewer than two respondents how items go together."""
    if complete < 2:
        raise MeasureError(
            expected=gettext_noop("Two respondents or more have answered every item."),
            found=gettext_noop("Respondents: {n}; with every item: {complete}."),
            remedy=gettext_noop("Wait for answers, or leave out items that hardly anybody could answer."),
            n=respondents,
            complete=complete,
        )


@dataclass(frozen=True, eq=False, slots=True)
class Spread:
    """How answers scatter: of every item how many there are, their mean and standard deviation, the covariances of
    every two items, and how many respondents these rest on."""

    counts: npt.NDArray[np.int64]
    means: Floats
    deviations: Floats
    covariances: Floats
    n: int

    def constant(self, names: Sequence[str]) -> list[str]:
        """Items to which everybody answered the same."""
        flat = self.deviations <= _ROUNDING * np.abs(self.means)
        return [name for name, same in zip(names, flat, strict=True) if same]


def spread_of(items: Items) -> Spread:
    """Of answers that are all there; in one pass over blocks that stay near the processor. Where one is missing, its
    item's mean is NaN."""
    values, n = items.values, len(items.values)
    near = values[:_BLOCK].mean(axis=0)
    away, products = np.zeros(len(near)), np.zeros((len(near), len(near)))
    for begin in range(0, n, _BLOCK):
        apart = values[begin : begin + _BLOCK] - near
        away += apart.sum(axis=0)
        products += apart.T @ apart
    covariances = (products - np.outer(away, away) / n) / (n - 1)
    deviations = np.sqrt(np.maximum(np.diag(covariances), 0.0))
    return Spread(np.full(len(near), n), near + away / n, deviations, covariances, n)


def correlations_of(items: Items) -> Floats:
    """Correlations of items that all vary and do not repeat each other.

    Raises
    ------
    MeasureError
        An item does not vary, or is the sum of others, as always with fewer respondents than items.
    """
    spread = spread_of(items)
    same = spread.constant(items.names)
    if same:
        raise MeasureError(
            expected=gettext_noop("Answers to every item differ."),
            found=gettext_noop("All answers are alike to: {items}."),
            remedy=gettext_noop("Leave these items out."),
            items=", ".join(same),
        )
    found: Floats = spread.covariances / np.outer(spread.deviations, spread.deviations)
    if float(np.linalg.eigvalsh(found)[0]) < _SINGULAR:
        raise MeasureError(
            expected=gettext_noop("There are more respondents than items, and no item follows from others."),
            found=gettext_noop("Respondents: {n}, items: {items}; one of these follows from others."),
            remedy=gettext_noop("Leave out an item that repeats others, or wait for answers."),
            n=len(items.values),
            items=len(items.names),
        )
    return found


def pairwise_spread(items: Items) -> Spread:
    """Every two items from those who answered both, each item from all who answered it.

    Raises
    ------
    MeasureError
        Two items that fewer than two respondents answered both.
    """
    there = ~np.isnan(items.values)
    known = there.astype(np.float64)
    both = known.T @ known
    demand_respondents(int(both.min()), len(known))
    means = np.nanmean(items.values, axis=0)
    values = np.where(there, items.values - means, 0.0)
    sums = values.T @ known  # of the row's item over those who answered the column's, too
    covariances = (values.T @ values - sums * sums.T / both) / (both - 1)
    deviations = np.sqrt((values**2).sum(axis=0) / (np.diag(both) - 1))
    return Spread(there.sum(axis=0), means, deviations, covariances, int(both.min()))
