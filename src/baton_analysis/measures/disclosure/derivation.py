"""What can be computed from published totals: groups of people, and sums that the scale pins down.

Totals of cells add up. Whoever knows some of them knows every sum of their multiples: the total of all less that of a
department is the rest, and if the rest are four people, they are published.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.disclosure.lattice import Flags, Lattice
from baton_analysis.measures.inputs import Floats

Places = npt.NDArray[np.int64]

NOTHING = 1e-7
"""What is left of numbers that cancel out."""
_LARGEST_MULTIPLE = 100.0
_IMPOSSIBLE = 2  # as milp calls it


@dataclass(frozen=True, eq=False, slots=True)
class Blocks:
    """Atoms that no published cell tells apart, taken together: ``holds[cell, block]`` of published cells, and
    ``counts`` of answers. Atoms that lie in no published cell are in no block."""

    holds: Floats
    counts: Floats


def blocks_of(lattice: Lattice, published: Places) -> Blocks:
    """The blocks that these cells leave."""
    patterns, place = np.unique(lattice.holds[published], axis=1, return_inverse=True)
    covered = patterns.any(axis=0)
    number = np.where(covered, np.cumsum(covered) - 1, -1)
    of_atom = number[place.ravel()].astype(np.int64)
    inside = of_atom >= 0
    counts = np.bincount(of_atom[inside], lattice.counts[inside], minlength=int(covered.sum()))
    return Blocks(patterns[:, covered].astype(np.float64), counts.astype(np.float64))


def small_group(blocks: Blocks, least: int, *, smallest: bool = False) -> tuple[Places, float] | None:
    """Cells from whose totals that of a group of fewer than ``least`` people can be computed, and its size; None where
    there is no such group.

    The group is a union of blocks with so few people. A mixed-integer programme looks for multiples of the totals that
    cancel out everywhere else: with the least multiples, or of the ``smallest`` group.
    """
    small = blocks.counts < least
    others = blocks.holds[:, ~small]
    cells = len(blocks.holds)
    if not small.any() or not cells or not _reaches(blocks.holds[:, small], others):
        return None
    few, sizes = blocks.holds[:, small], blocks.counts[small]
    chosen = len(sizes)
    balance = np.zeros((others.shape[1] + chosen, 2 * cells + chosen))
    balance[:, :cells] = np.hstack([others, few]).T
    balance[:, cells : 2 * cells] = -balance[:, :cells]
    balance[others.shape[1] :, 2 * cells :] = -np.eye(chosen)
    people = np.concatenate([np.zeros(2 * cells), sizes])
    found = milp(
        np.concatenate([np.full(2 * cells, 1e-3 if smallest else 1.0), sizes if smallest else np.zeros(chosen)]),
        integrality=np.concatenate([np.zeros(2 * cells), np.ones(chosen)]),
        bounds=Bounds(0, np.concatenate([np.full(2 * cells, _LARGEST_MULTIPLE), np.ones(chosen)])),
        constraints=[LinearConstraint(balance, 0, 0), LinearConstraint(people[None], 1, least - 0.5)],
    )
    if found.status == _IMPOSSIBLE:
        return None
    if found.x is None:
        raise undecided(str(found.message))
    multiples = found.x[:cells] - found.x[cells : 2 * cells]
    return np.flatnonzero(np.abs(multiples) > NOTHING), float(round(people @ found.x))


def _reaches(few: Floats, others: Floats) -> bool:
    """Whether any multiples of the totals that cancel out in all other blocks leave anything in these."""
    _, strength, turned = np.linalg.svd(others.T, full_matrices=True)
    rank = int((strength > 1e-9 * max(1.0, strength.max(initial=0.0))).sum())
    return bool(np.abs(turned[rank:] @ few).max(initial=0.0) > NOTHING)


def derivation(lattice: Lattice, published: Places, group: Flags) -> Places | None:
    """Published cells from whose totals that of a group of atoms can be computed, few of them; None where it cannot."""
    holds = lattice.holds[published].astype(np.float64)
    wanted = group.astype(np.float64)
    if not len(published):
        return None
    nearest = np.linalg.lstsq(holds.T, wanted, rcond=None)[0]
    if np.abs(holds.T @ nearest - wanted).max() > NOTHING:
        return None
    found = linprog(np.ones(2 * len(published)), A_eq=np.hstack([holds.T, -holds.T]), b_eq=wanted, bounds=(0, None))
    multiples = nearest if found.x is None else found.x[: len(published)] - found.x[len(published) :]
    return np.flatnonzero(np.abs(multiples) > NOTHING)


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
