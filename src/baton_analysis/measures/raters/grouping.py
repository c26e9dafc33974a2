"""Values that belong to groups, and how much of their variance lies between these."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, numbers_of
from baton_analysis.readers.model import Notice

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Grouped:
    """Values of groups that have some; ``place`` says in which of ``names`` each value lies, ``left_out`` how many rows
    had no group or no value. Values may be rows of a table."""

    names: list[str]
    place: Places
    values: Floats
    left_out: int

    @property
    def sizes(self) -> Floats:
        """Values of each group."""
        return np.bincount(self.place, minlength=len(self.names)).astype(np.float64)

    @property
    def means(self) -> Floats:
        """Mean of each group; the values are one column."""
        return np.asarray(np.bincount(self.place, self.values, minlength=len(self.names)) / self.sizes)

    @property
    def gaps(self) -> list[Notice]:
        """The remark on rows that are left out, if there are any."""
        said = gettext_noop("{count} answers in which something is missing are left out.")
        return [Notice(said, count=self.left_out)] if self.left_out else []


@dataclass(frozen=True, slots=True)
class Components:
    """A one-way analysis of variance: mean squares with their degrees of freedom, ``size`` the mean size of groups that
    belongs to them when sizes differ (Searle 1971, Linear Models, p. 474), and the variance between groups beyond
    chance."""

    between_square: float
    within_square: float
    between_df: int
    within_df: int
    size: float

    @property
    def between(self) -> float:
        """Variance between groups; 0 where they differ no more than by chance."""
        return max(0.0, (self.between_square - self.within_square) / self.size)


def places_of(names: Sequence[Hashable]) -> tuple[list[str], Places]:
    """The names in the order in which they come, and which of them stands in each row; -1 where there is none."""
    known: dict[str, int] = {}
    place = [-1 if name is None else known.setdefault(str(name), len(known)) for name in names]
    return list(known), np.array(place, dtype=np.int64)


def grouped(groups: Sequence[Hashable], values: npt.ArrayLike, dimensions: int = 1) -> Grouped:
    """Groups with their values, rows without a group or with a missing value left out.

    Raises
    ------
    MeasureError
        Not a group for each value, fewer than two groups, or no group with two values.
    """
    given = numbers_of(values, dimensions)
    names, place = places_of(groups)
    alike = len(place) == len(given) and given.size > 0
    there = np.zeros(len(place), dtype=np.bool_)
    if alike:
        finite = np.isfinite(given)
        there = (place >= 0) & (finite if dimensions == 1 else finite.all(axis=1))
    kept = np.unique(place[there])
    sizes = np.bincount(place[there], minlength=1)
    if not alike or len(kept) < 2 or sizes.max() < 2:
        raise MeasureError(
            expected=gettext_noop("Each value has a group; there are two groups at least, and one of them has two"
                                  " values."),
            found=gettext_noop("Groups: {groups}, values: {values}, of which {usable} can be used in {kept} groups."),
            remedy=gettext_noop("Give the group and the value of each answer in the same order."),
            groups=len(place),
            values=len(given),
            usable=int(there.sum()),
            kept=len(kept),
        )  # fmt: skip
    return Grouped(
        [names[one] for one in kept],
        np.searchsorted(kept, place[there]).astype(np.int64),
        given[there],
        int((~there).sum()),
    )


def components(data: Grouped) -> Components:
    """Of values in one column.

    Raises
    ------
    MeasureError
        All values are the same, or so large that their squares are not finite.
    """
    sizes, n = data.sizes, len(data.values)
    with np.errstate(over="ignore", invalid="ignore"):
        means, middle = data.means, float(data.values.mean())
        within = float(((data.values - means[data.place]) ** 2).sum())
        between = float((sizes * (means - middle) ** 2).sum())
        rounding = n * (1e-12 * middle) ** 2
    if not np.isfinite(within + between) or within + between <= rounding:
        raise MeasureError(
            expected=gettext_noop("The values differ."),
            found=gettext_noop("All {n} are the same, or they differ beyond all measure."),
            remedy=gettext_noop("Look whether the right column was taken."),
            n=n,
        )
    groups = len(sizes)
    return Components(
        between_square=between / (groups - 1),
        within_square=within / (n - groups),
        between_df=groups - 1,
        within_df=n - groups,
        size=float((n - (sizes**2).sum() / n) / (groups - 1)),
    )
