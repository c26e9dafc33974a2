"""How items of a survey go together: covariances of answers, some of which are missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats
from baton_analysis.measures.surveys.answers import Answers, Items, items_of

MissingRule = Literal["listwise", "pairwise"]
"""Who left out an item is left out altogether, or only where this item is concerned."""

_ROUNDING = 1e-10


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
    demand_respondents(int(known.sum()), len(items.values))
    return Items(items.names, items.values[known]), int((~known).sum())


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


def correlations_of(items: Items) -> Floats:
    """Correlations of items that all vary and do not repeat each other.

    Raises
    ------
    MeasureError
        An item does not vary, or is the sum of others, as always with fewer respondents than items.
    """
    same = constant_items(items.names, items.values.var(axis=0), items.values)
    if same:
        raise MeasureError(
            expected=gettext_noop("Answers to every item differ."),
            found=gettext_noop("All answers are alike to: {items}."),
            remedy=gettext_noop("Leave these items out."),
            items=", ".join(same),
        )
    found = np.asarray(np.corrcoef(items.values, rowvar=False), dtype=np.float64)
    if float(np.linalg.eigvalsh(found)[0]) < _ROUNDING:
        raise MeasureError(
            expected=gettext_noop("There are more respondents than items, and no item follows from others."),
            found=gettext_noop("Respondents: {n}, items: {items}; one of these follows from others."),
            remedy=gettext_noop("Leave out an item that repeats others, or wait for answers."),
            n=len(items.values),
            items=len(items.names),
        )
    return found


def constant_items(names: Sequence[str], variances: Floats, values: Floats) -> list[str]:
    """Items to which everybody answered the same."""
    largest = np.nanmax(np.abs(values), axis=0, initial=1.0)
    return [name for name, flat in zip(names, variances <= _ROUNDING * largest**2, strict=True) if flat]


def pairwise_covariances(items: Items) -> tuple[Floats, int]:
    """Covariances of every two items from those who answered both, and the smallest number of these.

    Raises
    ------
    MeasureError
        Two items that fewer than two respondents answered both.
    """
    known = (~np.isnan(items.values)).astype(np.float64)
    middle = np.nanmean(items.values, axis=0, where=known > 0) if known.any(axis=0).all() else 0.0
    values = np.where(known > 0, items.values - middle, 0.0)
    counts = known.T @ known
    demand_respondents(int(counts.min()), len(values))
    sums = values.T @ known  # of the row's item over those who answered the column's, too
    found: Floats = (values.T @ values - sums * sums.T / counts) / (counts - 1)
    return found, int(counts.min())
