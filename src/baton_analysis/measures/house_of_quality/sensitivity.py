"""How sure is the order? Every judgement of a house is moved by one step, one at a time, and all ranks anew.

A relation moves to its neighbours in 0, 1, 3, 9; an importance by 1, within its scale. Nobody can say that a 3 is not
a 1 or a 9: an order that turns over with one such step is no order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from baton_analysis.measures.house_of_quality.model import RELATIONS, Characteristic, Floats, Need

Weighting = Literal["importance_only", "demanded", "normalised"]
WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)
Kind = Literal["relation", "importance"]

LINEAR = {0: 0, 1: 1, 3: 3, 9: 5}
"""Relations on the linear scale 1, 3, 5, with which an order is compared (Takai and Ishii 2004)."""

ALIKE = 1e-9
"""Weights that differ by less than this share of the largest are the same weight."""

_AT_ONCE = 2_000_000

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reversal:
    """One judgement moved by one step that turns the order of some characteristics over.

    ``characteristic`` is None where the importance of the need moved; ``pairs`` counts the pairs whose order is turned
    over; ``first`` are those in first place after it, and ``new_first`` says that they are others than before.
    """

    kind: Kind
    need: str
    characteristic: str | None
    before: float
    after: float
    pairs: int
    first: tuple[str, ...]
    new_first: bool


@dataclass(frozen=True, slots=True)
class Robustness:
    """Of one weighting: of ``n`` single steps, how many turn any pair over (``reversing``), and how many put another
    characteristic in first place (``new_first``).
    """

    weighting: Weighting
    n: int
    reversing: int
    new_first: int

    @property
    def share(self) -> float:
        """Share of rank reversals: ``reversing`` / ``n``."""
        return self.reversing / self.n if self.n else 0.0

    @property
    def share_new_first(self) -> float:
        """``new_first`` / ``n``."""
        return self.new_first / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How far the order of the characteristics hangs on single judgements.

    Attributes
    ----------
    importance_only, demanded, normalised
        For each of the three weightings.
    reversals
        The steps that turn the order by demanded weight over; those that change the first place come first.
    between_weightings
        Share of the pairs that stand the other way round by importance only than by demanded weight.
    linear_scale
        Share of the pairs that stand the other way round when a strong relation counts 5 and not 9.
    """

    importance_only: Robustness
    demanded: Robustness
    normalised: Robustness
    reversals: tuple[Reversal, ...]
    between_weightings: float
    linear_scale: float


@dataclass(frozen=True, slots=True)
class Steps:
    """All single steps: the row each of them touches, its new relations and the factor on the weight of the need."""

    kinds: list[Kind]
    rows: Ints
    columns: Ints
    before: Floats
    after: Floats
    relations: Floats
    factors: Floats

    def __len__(self) -> int:
        return len(self.kinds)


@dataclass(frozen=True, slots=True)
class Moved:
    """What the steps do to one weighting: lowest and highest share and rank of each characteristic, how many pairs each
    step turns over, and who is first after each (steps times characteristics).
    """

    share_low: Floats
    share_high: Floats
    rank_low: Ints
    rank_high: Ints
    pairs: Ints
    first: npt.NDArray[np.bool_]


def single_steps(needs: Sequence[Need], matrix: Floats, scale: int) -> Steps:
    """Every relation to its neighbours, every importance up and down by 1 within the scale."""
    found: list[tuple[Kind, int, int, float, float]] = []
    for row, column in np.ndindex(matrix.shape):
        place = RELATIONS.index(int(matrix[row, column]))
        near = [RELATIONS[other] for other in (place - 1, place + 1) if 0 <= other < len(RELATIONS)]
        found += [("relation", row, column, RELATIONS[place], other) for other in near]
    for row, need in enumerate(needs):
        moved = [min(max(need.importance + step, 1), scale) for step in (-1, 1)]
        found += [("importance", row, -1, need.importance, other) for other in moved if other != need.importance]
    rows, columns = (np.array([step[place] for step in found], dtype=np.int64) for place in (1, 2))
    before, after = (np.array([step[place] for step in found], dtype=np.float64) for place in (3, 4))
    relations = matrix[rows]
    of_relation = columns >= 0
    relations[of_relation, columns[of_relation]] = after[of_relation]
    factors = np.divide(after, before, out=np.ones_like(after), where=~of_relation)
    return Steps([step[0] for step in found], rows, columns, before, after, relations, factors)


def ranks(weights: Floats) -> Ints:
    """1 for the heaviest; equal weights share the better rank."""
    return np.asarray(1 + _above(weights[None])[0].sum(axis=1))


def moved_by(steps: Steps, need_weights: Floats, contributions: Floats, shared_out: Floats) -> Moved:
    """What the steps do to a weighting of characteristics.

    ``contributions`` are needs times characteristics and add up to the weights; ``shared_out`` are the new relations of
    each step as this weighting takes them.
    """
    weights = contributions.sum(axis=0)
    base = _above(weights[None])[0]
    new = weights - contributions[steps.rows] + (need_weights[steps.rows] * steps.factors)[:, None] * shared_out
    new = np.maximum(new, 0.0)
    total = new.sum(axis=1, keepdims=True)
    shares = np.divide(new, total, out=np.zeros_like(new), where=total > 0)
    ranked, pairs = np.empty(new.shape, dtype=np.int64), np.empty(len(new), dtype=np.int64)
    size = max(1, _AT_ONCE // weights.size**2)
    for start in range(0, len(new), size):
        above = _above(new[start : start + size])
        ranked[start : start + size] = 1 + above.sum(axis=2)
        pairs[start : start + size] = (base & above.transpose(0, 2, 1)).sum(axis=(1, 2))
    return Moved(shares.min(axis=0), shares.max(axis=0), ranked.min(axis=0), ranked.max(axis=0), pairs, ranked == 1)


def pairs_apart(one: Floats, other: Floats) -> float:
    """Share of the pairs that two lists of weights put in opposite order."""
    count = len(one) * (len(one) - 1) / 2
    apart = _above(one[None])[0] & _above(other[None])[0].T
    return float(apart.sum()) / count if count else 0.0


def robustness(weighting: Weighting, weights: Floats, moved: Moved) -> Robustness:
    """Counts of the steps that turn an order over."""
    changed = _new_first(weights, moved)
    return Robustness(weighting, len(moved.pairs), int((moved.pairs > 0).sum()), int(changed.sum()))


def reversals(
    steps: Steps, weights: Floats, moved: Moved, needs: Sequence[Need], characteristics: Sequence[Characteristic]
) -> tuple[Reversal, ...]:
    """The steps that turn the order over, those first that change the first place, then those that turn most pairs."""
    changed = _new_first(weights, moved)
    turning = np.flatnonzero((moved.pairs > 0) | changed).tolist()
    order = sorted(turning, key=lambda step: (not changed[step], -moved.pairs[step], step))
    return tuple(
        Reversal(
            kind=steps.kinds[step],
            need=needs[steps.rows[step]].name,
            characteristic=characteristics[steps.columns[step]].name if steps.columns[step] >= 0 else None,
            before=float(steps.before[step]),
            after=float(steps.after[step]),
            pairs=int(moved.pairs[step]),
            first=tuple(characteristics[place].name for place in np.flatnonzero(moved.first[step]).tolist()),
            new_first=bool(changed[step]),
        )
        for step in order
    )


def _new_first(weights: Floats, moved: Moved) -> npt.NDArray[np.bool_]:
    """Whether somebody is first after a step who was not before; a tie that is broken is no such change."""
    before = ranks(weights) == 1
    return np.asarray((moved.first & ~before).any(axis=1))


def _above(weights: Floats) -> npt.NDArray[np.bool_]:
    """[list, a, b]: b weighs more than a."""
    room = ALIKE * np.maximum(weights.max(axis=1), 1e-300)[:, None, None]
    return np.asarray(weights[:, None, :] - weights[:, :, None] > room)
