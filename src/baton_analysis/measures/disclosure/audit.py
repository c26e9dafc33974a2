"""What a reader with a computer finds out about hidden cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import linprog

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.disclosure.derivation import blocks_of, small_group, undecided
from baton_analysis.measures.disclosure.lattice import Key, Lattice, Places, demand_least, keys_of, lattice_of
from baton_analysis.measures.disclosure.publication import FEWEST_ANSWERS
from baton_analysis.measures.inputs import Floats
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "1"


@dataclass(frozen=True, eq=False, slots=True)
class DisclosureAudit(Result):
    """Hidden cells with what is known of them. Not for publication.

    Attributes
    ----------
    frame
        One row a hidden cell: ``grouping``, ``cell``, ``n``; ``lower`` and ``upper``, between which its mean must lie;
        ``determined``: these are the same.
    determined
        Hidden cells of which the mean is known.
    smallest_group
        People of the smallest group below ``least`` whose total can be computed, be it a cell or not; None where there
        is none.
    n, hidden
        Answers, and hidden cells.
    """

    frame: pl.DataFrame
    determined: int
    smallest_group: int | None
    n: int
    hidden: int
    least: int
    warnings: tuple[Notice, ...] = ()
    method: str = "linear_programming_audit"
    version: str = VERSION

    @property
    def safe(self) -> bool:
        """Whether no hidden cell and no small group can be computed."""
        return not self.determined and self.smallest_group is None

    def to_table(self) -> pl.DataFrame:
        """One row a hidden cell."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "hidden", "least", "determined", "smallest_group", "safe")
        return {
            **{name: getattr(self, name) for name in plain},
            "rows": self.frame.to_dicts(),
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def audit_cells(
    answers: pl.DataFrame,
    groupings: Sequence[Sequence[str]],
    published: Sequence[Key],
    *,
    value: str,
    low: float,
    high: float,
    least: int = FEWEST_ANSWERS,
    once: str | None = None,
    pool: str | None = None,
) -> DisclosureAudit:
    """What can be found out about hidden cells from the published ones, exact means and all numbers of answers known.

    For each hidden cell the least and the largest mean that the published totals and the scale allow, by linear
    programming (Cox 1980, Journal of the American Statistical Association 75: 377-385); and by a mixed-integer
    programme the smallest group of people whose total is a sum of multiples of published ones.

    Parameters
    ----------
    answers, groupings, value, low, high, least, once, pool
        As for :func:`baton_analysis.measures.disclosure.publishable_cells`.
    published
        The cells that are shown; all others are hidden.

    Raises
    ------
    MeasureError
        As there, and for a published cell that no grouping has.
    """
    demand_least(least)
    lattice = lattice_of(answers, groupings, value, low, high, once=once, pool=pool)
    known = {key: cell for cell, key in enumerate(lattice.keys)}
    wanted = keys_of(published)
    unknown = [key for key in wanted if key not in known]
    if unknown:
        raise MeasureError(
            expected=gettext_noop("Published cells are cells of the groupings."),
            found=gettext_noop("This one is not: {cell}."),
            remedy=gettext_noop("Take them as publishable_cells gives them."),
            cell=str(unknown[0])[:80],
        )
    shown = np.array(sorted({known[key] for key in wanted}), dtype=np.int64)
    hidden = np.setdiff1d(np.arange(len(lattice.keys)), shown)
    bounds = np.array([_bounds(lattice, shown, int(cell)) for cell in hidden]).reshape(-1, 2)
    determined = bounds[:, 1] - bounds[:, 0] < 1e-6 * (high - low)
    group = small_group(blocks_of(lattice, shown), least)
    frame = pl.DataFrame(
        {
            "grouping": [lattice.groupings[cell] for cell in hidden],
            "cell": [", ".join(part for _, part in lattice.keys[cell]) for cell in hidden],
            "n": lattice.sizes[hidden].astype(np.int64),
            "lower": bounds[:, 0],
            "upper": bounds[:, 1],
            "determined": determined,
        },
        schema_overrides={"grouping": pl.String, "cell": pl.String},
    )
    return DisclosureAudit(
        frame=frame,
        determined=int(determined.sum()),
        smallest_group=None if group is None else group[1],
        n=int(lattice.counts.sum()),
        hidden=len(hidden),
        least=least,
        warnings=_warnings(int(determined.sum()), None if group is None else group[1]),
    )


def _bounds(lattice: Lattice, shown: Places, cell: int) -> Floats:
    """The least and largest mean of a cell."""
    aim = lattice.holds[cell].astype(np.float64)
    ends = np.column_stack([lattice.low * lattice.counts, lattice.high * lattice.counts])
    known = {"A_eq": lattice.holds[shown].astype(np.float64), "b_eq": lattice.totals[shown]} if len(shown) else {}
    sums = []
    for sign in (1.0, -1.0):
        found = linprog(sign * aim, bounds=ends, **known)
        if found.x is None:
            raise undecided(str(found.message))
        sums.append(sign * float(found.fun))
    return np.asarray(np.array(sums) / lattice.sizes[cell], dtype=np.float64)


def _warnings(determined: int, group: int | None) -> tuple[Notice, ...]:
    said = []
    if determined:
        known = gettext_noop("The mean of {count} hidden cells can be computed.")
        said.append(Notice(known, count=determined))
    if group is not None:
        few = gettext_noop("The total of a group of {people} people can be computed.")
        said.append(Notice(few, values={"people": group}))
    return tuple(said)
