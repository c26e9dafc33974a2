"""All cells that are to be published, and which answers lie in which of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats

Key = tuple[tuple[str, str], ...]
"""Of a cell its columns with their values, in the order of the columns; empty for all answers together."""

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

MISSING = "–"
"""Value of a column that is missing in an answer: a cell like any other."""

MOST_CELLS = 5_000
FEWEST, MOST = 3, 1_000
"""Between these lies the smallest number of answers that a published cell may have."""


@dataclass(frozen=True, eq=False, slots=True)
class Lattice:
    """Cells over atoms: the smallest sets of answers that cells are made of.

    ``holds[cell, atom]`` says whether the cell has the atom in it; ``counts`` and ``sums`` are the answers of each atom
    and what they add up to; ``alike`` are the cells in which all answers are the same. ``unit_of[atom]`` is the set of
    answers in which nobody has two, ``pools[unit]`` the set of people from which those of a unit come.
    """

    keys: list[Key]
    groupings: list[str]
    holds: Flags
    counts: Floats
    sums: Floats
    alike: Flags
    unit_of: Places
    pools: Places
    low: float
    high: float
    left_out: int

    @property
    def sizes(self) -> Floats:
        """Answers of each cell."""
        return np.asarray(self.holds @ self.counts, dtype=np.float64)

    @property
    def people(self) -> Floats:
        """Of each cell, how many people there are at least behind its answers."""
        units = np.zeros((len(self.pools), len(self.counts)))
        units[self.unit_of, np.arange(len(self.counts))] = self.counts
        return fewest_people(units @ self.holds.T, self.pools)

    @property
    def units(self) -> Floats:
        """Of each cell, to how many sets of answers in which nobody has two its answers belong."""
        belongs = np.zeros((len(self.pools), len(self.counts)), dtype=np.bool_)
        belongs[self.unit_of, np.arange(len(self.counts))] = True
        return np.asarray((belongs.astype(float) @ self.holds.T > 0).sum(axis=0), dtype=np.float64)

    @property
    def totals(self) -> Floats:
        """What the answers of each cell add up to."""
        return np.asarray(self.holds @ self.sums, dtype=np.float64)


def fewest_people(answers: Floats, pools: Places) -> Floats:
    """How many people there are at least behind ``answers[unit, group]``: nobody has two answers in a unit, and of
    different pools nobody is the same."""
    most = np.zeros((int(pools.max(initial=-1)) + 1, answers.shape[1]))
    np.maximum.at(most, pools, answers)
    return np.asarray(most.sum(axis=0), dtype=np.float64)


def lattice_of(
    answers: pl.DataFrame, groupings: Sequence[Sequence[str]], value: str, low: float, high: float,
    *, once: str | None = None, pool: str | None = None,
) -> Lattice:  # fmt: skip
    """The cells of some groupings of answers, one row an answer. Nobody has two answers with the same value of
    ``once``, and nobody any with two values of ``pool``; without ``once`` nobody has two at all.

    Raises
    ------
    MeasureError
        Columns that are not there, a value that is no number or lies off the scale, no answer, or too many cells.
    """
    told = [name for name in (once, pool) if name is not None]
    columns = _columns(answers, [*groupings, *([told] if told else [])], value)
    given = answers.select(
        *(pl.col(name).cast(pl.String).fill_null(MISSING) for name in columns),
        pl.col(value).cast(pl.Float64).alias(_VALUE),
    )
    rows = given.filter(pl.col(_VALUE).is_finite())
    _demand_scale(rows, low, high)
    atoms = rows.group_by(columns or [pl.lit(0).alias(_ALL)], maintain_order=True).agg(
        pl.len().alias(_COUNT),
        pl.col(_VALUE).sum(),
        pl.col(_VALUE).min().alias(_LEAST),
        pl.col(_VALUE).max().alias(_MOST),
    )
    counts, sums, least, most = (atoms[name].to_numpy().astype(float) for name in (_COUNT, _VALUE, _LEAST, _MOST))
    keys: list[Key] = []
    names: list[str] = []
    parts: list[Flags] = []
    for grouping in dict.fromkeys(tuple(one) for one in groupings):
        labels = list(zip(*(atoms[name].to_list() for name in grouping), strict=True)) or [()] * atoms.height
        found = list(dict.fromkeys(labels))
        if len(keys) + len(found) > MOST_CELLS:
            raise _too_many(len(keys) + len(found))
        place = {label: number for number, label in enumerate(found)}
        holds = np.zeros((len(found), atoms.height), dtype=np.bool_)
        holds[[place[label] for label in labels], np.arange(atoms.height)] = True
        keys += [tuple(zip(grouping, label, strict=True)) for label in found]
        names += [" × ".join(grouping)] * len(found)
        parts.append(holds)
    holds = np.concatenate(parts)
    unit_of, pools = _units(atoms, once, pool)
    return Lattice(
        keys=keys,
        groupings=names,
        holds=holds,
        counts=counts,
        sums=sums,
        alike=np.array([least[cell].min() == most[cell].max() for cell in holds]),
        unit_of=unit_of,
        pools=pools,
        low=float(low),
        high=float(high),
        left_out=answers.height - rows.height,
    )


def _units(atoms: pl.DataFrame, once: str | None, pool: str | None) -> tuple[Places, Places]:
    """The unit of each atom, and the pool of each unit. A unit of two pools is two."""
    if once is None:
        return np.zeros(atoms.height, dtype=np.int64), np.zeros(1, dtype=np.int64)
    names = atoms[once].to_list()
    of_pool = atoms[pool].to_list() if pool is not None else [""] * atoms.height
    units = {unit: place for place, unit in enumerate(dict.fromkeys(zip(names, of_pool, strict=True)))}
    pools = {one: place for place, one in enumerate(dict.fromkeys(of_pool))}
    unit_of = [units[unit] for unit in zip(names, of_pool, strict=True)]
    return np.array(unit_of, dtype=np.int64), np.array([pools[one] for _, one in units], dtype=np.int64)


def keys_of(given: Sequence[Key]) -> list[Key]:
    """Keys that may have come as lists, as they do from JSON."""
    return [tuple((column, value) for column, value in key) for key in given]


_VALUE, _COUNT, _LEAST, _MOST, _ALL = "__value", "__count", "__least", "__most", "__all"


def demand_least(least: int) -> None:
    """Refuse a smallest number of answers that protects nobody."""
    if not FEWEST <= least <= MOST:
        raise MeasureError(
            expected=gettext_noop("A published cell rests on {fewest} answers at least, and at most {most} are asked"
                                  " for."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Take 5 for figures and 10 for comments."),
            fewest=FEWEST,
            most=MOST,
            given=least,
        )  # fmt: skip


def _columns(answers: pl.DataFrame, groupings: Sequence[Sequence[str]], value: str) -> list[str]:
    """The columns of all groupings, each once."""
    lists = all(isinstance(one, list | tuple) for one in groupings)
    wanted = list(dict.fromkeys(name for one in groupings for name in one)) if lists else []
    unknown = [str(name) for name in wanted if not isinstance(name, str) or name not in answers.columns]
    unknown += [str(value)] if value not in answers.columns or not answers[value].dtype.is_numeric() else []
    if not lists or not len(groupings) or unknown or value in wanted:
        raise MeasureError(
            expected=gettext_noop("Groupings are lists of columns of the answers, an empty one for all together; the"
                                  " value is a column of numbers that none of them has."),
            found=gettext_noop("Groupings: {groupings}; not there, or no numbers: {unknown}."),
            remedy=gettext_noop("The columns are: {columns}."),
            groupings=len(groupings),
            unknown=", ".join(unknown[:5]) or MISSING,
            columns=", ".join(answers.columns[:20]),
        )  # fmt: skip
    nested = [name for name in wanted if answers[name].dtype.is_nested() or answers[name].dtype == pl.Object]
    if nested:
        raise MeasureError(
            expected=gettext_noop("A column of a grouping holds one value an answer."),
            found=gettext_noop("These hold lists or records: {columns}."),
            remedy=gettext_noop("Leave them out."),
            columns=", ".join(nested[:5]),
        )
    return wanted


def _demand_scale(rows: pl.DataFrame, low: float, high: float) -> None:
    least, most = (float(rows[_VALUE].min() or 0), float(rows[_VALUE].max() or 0)) if rows.height else (low, high)  # type: ignore[arg-type]
    if not rows.height or not (np.isfinite(low) and np.isfinite(high) and low < high and low <= least and most <= high):
        raise MeasureError(
            expected=gettext_noop("There are answers, and all of them lie on the scale."),
            found=gettext_noop("There are {n}, from {least} to {most}; the scale goes from {low} to {high}."),
            remedy=gettext_noop("Give the ends of the scale that was asked with."),
            n=rows.height,
            least=least,
            most=most,
            low=low,
            high=high,
        )


def _too_many(found: int) -> MeasureError:
    return MeasureError(
        expected=gettext_noop("There are at most {most} cells."),
        found=gettext_noop("There are {cells} and more."),
        remedy=gettext_noop("Publish fewer groupings: nobody reads so many cells."),
        most=MOST_CELLS,
        cells=found,
    )
