"""What can be computed from published totals: groups of people, and sums that the scale pins down.

Totals of cells add up. Whoever knows some of them knows every sum of their multiples: the total of all less that of a
department is the rest, and if the rest are four people, they are published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.linalg import qr
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack
from scipy.sparse.csgraph import connected_components

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.disclosure.lattice import Lattice, Places, fewest_people
from baton_analysis.measures.inputs import Floats

NOTHING = 1e-7
"""What is left of numbers that cancel out."""
_IMPOSSIBLE = 2  # as milp calls it


@dataclass(frozen=True, eq=False, slots=True)
class Blocks:
    """Atoms that no published cell tells apart, taken together: ``holds[cell, block]`` of published cells, ``counts``
    of answers, and ``units[unit, block]``, how many of these lie in each set of answers in which nobody has two, with
    the ``pools`` of these. Atoms that lie in no published cell are in no block."""

    holds: Floats
    counts: Floats
    units: Floats
    pools: Places

    def people(self, blocks: Places) -> float:
        """How many people there are at least behind the answers of these blocks together."""
        return float(fewest_people(self.units[:, blocks].sum(axis=1, keepdims=True), self.pools)[0])


def blocks_of(lattice: Lattice, published: Places) -> Blocks:
    """The blocks that these cells leave."""
    patterns, place = np.unique(lattice.holds[published], axis=1, return_inverse=True)
    covered = patterns.any(axis=0)
    number = np.where(covered, np.cumsum(covered) - 1, -1)
    of_atom = number[place.ravel()].astype(np.int64)
    inside = of_atom >= 0
    units = np.zeros((len(lattice.pools), int(covered.sum())))
    np.add.at(units, (lattice.unit_of[inside], of_atom[inside]), lattice.counts[inside])
    return Blocks(patterns[:, covered].astype(np.float64), units.sum(axis=0), units, lattice.pools)


def small_group(blocks: Blocks, least: int) -> tuple[Places, int] | None:
    """The smallest group of fewer than ``least`` people whose total can be computed: cells that it takes, and
    its size; None where there is no such group.

    It is a union of blocks with so few people. The multiples of totals that cancel out in all other blocks are a linear
    space; a mixed-integer programme looks for a point of it that is 0 or 1 in each of these.
    """
    small = np.flatnonzero(fewest_people(blocks.units, blocks.pools) < least)
    if not len(small) or not len(blocks.holds):
        return None
    others = np.delete(blocks.holds, small, axis=1)
    reach = _reduced(_cancelling(others) @ blocks.holds[:, small])
    best: Places | None = None
    for rows in _apart(reach):
        group = _smallest(reach[rows], blocks, small, least)
        if group is not None and (best is None or blocks.people(group) < blocks.people(best)):
            best = group
    if best is None:
        return None
    wanted = np.zeros(len(blocks.counts))
    wanted[best] = 1
    return _few_multiples(blocks.holds, wanted), int(blocks.people(best))


def _smallest(reach: Floats, blocks: Blocks, small: Places, least: int) -> Places | None:
    """The blocks of the smallest group of fewer than ``least`` people in a space that these rows span, one of them at
    least; None where there is none. Columns of ``reach`` are the ``small`` blocks."""
    rows, columns = len(reach), np.flatnonzero(reach.any(axis=0))
    concerned = small[columns]
    if rows == 1:
        whole = np.abs(reach[0, columns] - 1).max() < NOTHING and blocks.people(concerned) < least
        return concerned if whole else None
    units = np.flatnonzero(blocks.units[:, concerned].any(axis=1))
    pools, pool_of = np.unique(blocks.pools[units], return_inverse=True)
    count, sets = len(concerned), len(pools)
    # Multiples of the rows, then the blocks, then of each pool how many people there are at least.
    of_pool = np.zeros((len(units), sets))
    of_pool[np.arange(len(units)), pool_of.ravel()] = -1
    nothing = np.zeros((len(units), rows))
    found = milp(
        np.concatenate([np.zeros(rows + count), np.ones(sets)]),
        integrality=np.concatenate([np.ones(rows + count), np.zeros(sets)]),
        bounds=Bounds(0, np.concatenate([np.ones(rows + count), np.full(sets, np.inf)])),
        constraints=[
            LinearConstraint(np.hstack([reach[:, columns].T, -np.eye(count), np.zeros((count, sets))]), 0, 0),
            LinearConstraint(np.hstack([nothing, blocks.units[np.ix_(units, concerned)], of_pool]), -np.inf, 0),
            LinearConstraint(np.concatenate([np.zeros(rows), blocks.counts[concerned], np.zeros(sets)])[None], 1),
            LinearConstraint(np.concatenate([np.zeros(rows + count), np.ones(sets)])[None], -np.inf, least - 0.5),
        ],
    )
    if found.status == _IMPOSSIBLE:
        return None
    if found.x is None:
        raise undecided(str(found.message))
    chosen: Places = concerned[found.x[rows : rows + count] > 0.5]
    return chosen


def _reduced(rows: Floats) -> Floats:
    """Rows that span the same space, each with a column of its own in which it is 1 and the others are 0, so that of a
    sum that is 0 or 1 everywhere their multiples are 0 or 1, too (Gauss and Jordan)."""
    left, done = rows.copy(), 0
    for column in range(left.shape[1]):
        if done == len(left):
            break
        pivot = done + int(np.abs(left[done:, column]).argmax())
        if abs(left[pivot, column]) < NOTHING:
            continue
        left[[done, pivot]] = left[[pivot, done]]
        left[done] /= left[done, column]
        factors = left[:, column].copy()
        factors[done] = 0
        left -= factors[:, None] * left[done]
        done += 1
    left[np.abs(left) < NOTHING] = 0
    return left[:done]


def _apart(rows: Floats) -> list[Places]:
    """Sets of rows that have no column in common."""
    if not len(rows):
        return []
    filled = csr_array(rows != 0)
    _, place = connected_components(filled @ filled.T, directed=False)
    return [np.flatnonzero(place == part) for part in range(int(place.max()) + 1)]


def _cancelling(others: Floats) -> Floats:
    """A basis of the multiples of rows that add up to nothing, one a row."""
    if not others.size:
        return np.eye(len(others))
    turned, strength, _ = qr(others, pivoting=True)
    return np.asarray(turned[:, _rank(strength) :].T, dtype=np.float64)


def _rank(triangle: Floats) -> int:
    """The rank of a matrix of which this is the triangle of a decomposition that takes the strongest columns first."""
    strength = np.abs(np.diagonal(triangle))
    return int((strength > 1e-9 * max(1.0, strength.max(initial=0.0))).sum())


def derivations(lattice: Lattice, published: Places, cells: Places) -> list[Places]:
    """For each of these cells whose total can be computed, few published cells that it can be computed from."""
    holds = lattice.holds[published].astype(np.float64)
    wanted = lattice.holds[cells].astype(np.float64)
    if not holds.size or not wanted.size:
        return []
    turned, strength, _ = qr(holds.T, mode="economic", pivoting=True)
    space = turned[:, : _rank(strength)].T
    known = np.abs(wanted - wanted @ space.T @ space).max(axis=1) < NOTHING
    place_of = {row.tobytes(): place for place, row in enumerate(holds)}
    return [
        pair if (pair := _difference(holds, place_of, group)) is not None else _few_multiples(holds, group)
        for group in wanted[known]
    ]


def _difference(holds: Floats, place_of: Mapping[bytes, int], group: Floats) -> Places | None:
    """The row that is a group, or two rows of which it is the difference, such as all of a link less its staff; None
    where there are none. Most groups are found so, without a programme. ``place_of``: places of rows by their bytes."""
    same = place_of.get(group.tobytes())
    if same is not None:
        return np.array([same])
    for larger in np.flatnonzero(holds @ group == group.sum()):
        rest = place_of.get((holds[larger] - group).tobytes())
        if rest is not None:
            return np.array([larger, rest])
    return None


def _few_multiples(holds: Floats, group: Floats) -> Places:
    """The rows of ``holds`` of which as small multiples as possible add up to a group that they can make."""
    cells, rows = len(holds), csr_array(holds.T)
    found = linprog(np.ones(2 * cells), A_eq=hstack([rows, -rows]), b_eq=group, bounds=(0, None))
    if found.x is None:
        return np.flatnonzero(np.abs(np.linalg.lstsq(holds.T, group, rcond=None)[0]) > NOTHING)
    return np.flatnonzero(np.abs(found.x[:cells] - found.x[cells:]) > NOTHING)


def pinned_down(lattice: Lattice, published: Places, blocks: Blocks) -> list[Places]:
    """Sets of published cells that leave a block only one end of the scale: all of its people answered so."""
    totals = lattice.totals[published]
    if not len(blocks.counts) or _has_room(lattice, blocks, totals):
        return []
    found = []
    for block in range(len(blocks.counts)):
        for sign, end in ((1.0, lattice.high), (-1.0, lattice.low)):
            # The farthest that the mean of the block can be from this end.
            bound = extreme(lattice, blocks, totals, block, sign)
            if abs(bound[0] - end * blocks.counts[block]) < NOTHING * blocks.counts[block]:
                found.append(bound[1])
    return found


def undecided(message: str) -> MeasureError:
    """The refusal where a programme finds no answer: what is not known to be safe is not published."""
    return MeasureError(
        expected=gettext_noop("It can be decided what may be computed from the published cells."),
        found=gettext_noop("The programme found no answer: {message}."),
        remedy=gettext_noop("Publish fewer groupings that cross each other."),
        message=message[:200],
    )


def _has_room(lattice: Lattice, blocks: Blocks, totals: Floats) -> bool:
    """Whether some answers that give these totals lie off both ends of the scale in every block."""
    count = len(blocks.counts)
    aim = np.append(np.zeros(count), -1.0)
    equal = np.hstack([blocks.holds, np.zeros((len(blocks.holds), 1))])
    sides = np.vstack(
        [np.hstack([-np.eye(count), blocks.counts[:, None]]), np.hstack([np.eye(count), blocks.counts[:, None]])]
    )
    ends = np.concatenate([-lattice.low * blocks.counts, lattice.high * blocks.counts])
    room = [(None, None)] * count + [(0, None)]
    found = linprog(aim, A_ub=sides, b_ub=ends, A_eq=equal, b_eq=totals, bounds=room)
    return found.x is not None and bool(found.x[-1] > 1e-6)


def extreme(lattice: Lattice, blocks: Blocks, totals: Floats, block: int, sign: float) -> tuple[float, Places]:
    """The least (``sign`` 1) or largest (-1) sum of a block that published totals and the scale allow, and the cells
    that hold it there."""
    aim = np.zeros(len(blocks.counts))
    aim[block] = sign
    ends = np.column_stack([lattice.low * blocks.counts, lattice.high * blocks.counts])
    found = linprog(aim, A_eq=blocks.holds, b_eq=totals, bounds=ends)
    if found.x is None:
        raise undecided(str(found.message))
    return sign * float(found.fun), np.flatnonzero(np.abs(found.eqlin.marginals) > NOTHING)
