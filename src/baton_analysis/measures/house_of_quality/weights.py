"""From needs, characteristics and relations to weights, conflicts and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.house_of_quality.model import (
    SIGNS,
    Characteristic,
    Floats,
    Need,
    Pair,
    Sign,
    check_house,
    marks_of,
    matrix_of,
)
from baton_analysis.measures.house_of_quality.result import (
    CharacteristicWeight,
    Conflict,
    HouseOfQuality,
    NeedWeight,
    Weight,
    weights_in_order,
)
from baton_analysis.measures.house_of_quality.sensitivity import (
    LINEAR,
    WEIGHTINGS,
    Moved,
    Robustness,
    Sensitivity,
    Steps,
    Weighting,
    moved_by,
    pairs_apart,
    ranks,
    reversals,
    robustness,
    single_steps,
)
from baton_analysis.readers.model import Notice

UNSURE = 0.1
"""From this share of single steps on that put another characteristic first, the first place is called unsure."""

CROWDED = 0.5
"""With a larger share of relations a house says little: everything serves everything."""


@checked(MeasureError)
def house_of_quality(
    needs: Sequence[Need],
    characteristics: Sequence[Characteristic],
    relations: Mapping[Pair, int],
    *,
    roof: Mapping[Pair, Sign] | None = None,
    importance_scale: int = 5,
) -> HouseOfQuality:
    """Weights of the characteristics by which needs are met, and how sure their order is.

    Akao, Y. (1990), Quality Function Deployment; Lyman, D. (1990), Deployment normalization, Transactions from the
    Second Symposium on Quality Function Deployment, 307-315.

    Parameters
    ----------
    needs, characteristics
        At most LARGEST of each, every one with a name of its own.
    relations
        (need, characteristic) -> 9 strong, 3 medium, 1 weak; 0 where nothing is given.
    roof
        (characteristic, characteristic) -> ``++``, ``+``, ``-`` or ``--``.
    importance_scale
        Where the scale of importance ends: 5 or 10. It bounds the steps by which importance is moved.

    Raises
    ------
    MeasureError
        No need or characteristic or too many of them, two of one name, an importance off its scale, a rating of 0 or
        below, an unknown sales point, relation or mark, or a relation or mark that names something else.
    """
    check_house(needs, characteristics, importance_scale)
    matrix = matrix_of(needs, characteristics, relations)
    marks = marks_of(characteristics, roof or {})
    steps = single_steps(needs, matrix, importance_scale)
    weighed, moved = _weighed(needs, matrix, steps)
    shares = [weight.share for weight in weighed["demanded"]]
    unserved = tuple(need.name for need, row in zip(needs, matrix, strict=True) if not row.any())
    idle = tuple(one.name for one, column in zip(characteristics, matrix.T, strict=True) if not column.any())
    sensitivity = _sensitivity(needs, characteristics, matrix, steps, moved)
    return HouseOfQuality(
        needs=_need_weights(needs, matrix),
        characteristics=tuple(
            CharacteristicWeight(
                name=one.name,
                direction=one.direction,
                promised=one.promised,
                importance_only=weighed["importance_only"][place],
                demanded=weighed["demanded"][place],
                normalised=weighed["normalised"][place],
                needs=int((matrix[:, place] > 0).sum()),
            )
            for place, one in enumerate(characteristics)
        ),
        relations=tuple(tuple(int(strength) for strength in row) for row in matrix),
        roof=tuple((characteristics[a].name, characteristics[b].name, sign) for (a, b), sign in sorted(marks.items())),
        conflicts=_conflicts(needs, characteristics, matrix, marks, shares),
        sensitivity=sensitivity,
        needs_without_characteristic=unserved,
        needs_without_clause=_without_clause(needs, characteristics, matrix),
        characteristics_without_need=idle,
        importance_scale=importance_scale,
        n=len(needs),
        warnings=_warnings(needs, matrix, unserved, idle, sensitivity.demanded),
    )


def _weighed(
    needs: Sequence[Need], matrix: Floats, steps: Steps
) -> tuple[dict[Weighting, list[Weight]], dict[Weighting, Moved]]:
    """Weights of the characteristics by each weighting, and what the single steps do to them."""
    weighed: dict[Weighting, list[Weight]] = {}
    moved: dict[Weighting, Moved] = {}
    for name in WEIGHTINGS:
        of_needs = _of_needs(needs, name)
        shared, new = (_shared_out(rows) if name == "normalised" else rows for rows in (matrix, steps.relations))
        contributions = of_needs[:, None] * shared
        weights = contributions.sum(axis=0)
        moved[name] = moved_by(steps, of_needs, contributions, new)
        one = moved[name]
        base = ranks(weights)
        total = weights.sum()
        here = weights / total if total else weights
        ranges = zip(
            np.minimum(one.share_low, here),
            np.maximum(one.share_high, here),
            np.minimum(one.rank_low, base),
            np.maximum(one.rank_high, base),
            strict=True,
        )
        weighed[name] = weights_in_order(weights, base.tolist(), list(ranges))
    return weighed, moved


def _of_needs(needs: Sequence[Need], weighting: Weighting) -> Floats:
    plain = weighting == "importance_only"
    return np.array([need.importance if plain else need.absolute for need in needs], dtype=np.float64)


def _shared_out(rows: Floats) -> Floats:
    """Each row divided by its sum; a row of nothing stays nothing."""
    total = rows.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(rows, total, out=np.zeros_like(rows), where=total > 0))


def _sensitivity(
    needs: Sequence[Need],
    characteristics: Sequence[Characteristic],
    matrix: Floats,
    steps: Steps,
    moved: Mapping[Weighting, Moved],
) -> Sensitivity:
    plain, absolute = _of_needs(needs, "importance_only"), _of_needs(needs, "demanded")
    by_importance, demanded = plain @ matrix, absolute @ matrix
    normalised = absolute @ _shared_out(matrix)
    linear = np.vectorize(LINEAR.__getitem__, otypes=[np.float64])(matrix.astype(int))
    return Sensitivity(
        importance_only=robustness("importance_only", by_importance, moved["importance_only"]),
        demanded=robustness("demanded", demanded, moved["demanded"]),
        normalised=robustness("normalised", normalised, moved["normalised"]),
        reversals=reversals(steps, demanded, moved["demanded"], needs, characteristics),
        between_weightings=pairs_apart(by_importance, demanded),
        linear_scale=pairs_apart(demanded, absolute @ linear),
    )


def _need_weights(needs: Sequence[Need], matrix: Floats) -> tuple[NeedWeight, ...]:
    total = sum(need.absolute for need in needs)
    found = []
    for need, row in zip(needs, matrix, strict=True):
        best = max(need.competitors.items(), key=lambda rated: rated[1], default=None)
        known = best is not None and need.current is not None
        found.append(
            NeedWeight(
                name=need.name,
                importance=need.importance,
                current=need.current,
                target=need.target,
                sales_point=need.sales_point,
                improvement=need.improvement,
                absolute=need.absolute,
                relative=need.absolute / total,
                strongest=int(row.max()),
                best_competitor=best[0] if best else None,
                behind=best[1] - need.current if best and known and need.current else None,
            )
        )
    return tuple(found)


def _conflicts(
    needs: Sequence[Need],
    characteristics: Sequence[Characteristic],
    matrix: Floats,
    marks: Mapping[tuple[int, int], Sign],
    shares: Sequence[float],
) -> tuple[Conflict, ...]:
    found = [
        Conflict(
            characteristics[a].name,
            characteristics[b].name,
            sign,
            shares[a] + shares[b],
            tuple(need.name for need, row in zip(needs, matrix, strict=True) if row[a] and row[b]),
        )
        for (a, b), sign in marks.items()
        if sign in {"-", "--"}
    ]
    return tuple(sorted(found, key=lambda one: (-SIGNS.index(one.sign), -one.share, one.first, one.second)))


def _without_clause(
    needs: Sequence[Need], characteristics: Sequence[Characteristic], matrix: Floats
) -> tuple[str, ...]:
    if all(one.promised is None for one in characteristics):
        return ()
    promised = np.array([bool(one.promised) for one in characteristics])
    return tuple(need.name for need, row in zip(needs, matrix, strict=True) if not row[promised].any())


def _warnings(
    needs: Sequence[Need], matrix: Floats, unserved: Sequence[str], idle: Sequence[str], sure: Robustness
) -> tuple[Notice, ...]:
    found = []
    if sure.share_new_first >= UNSURE:
        unsure = gettext_noop("The first place is not sure: {count} of {n} single steps give it to another.")
        found.append(Notice(unsure, count=sure.new_first, values={"n": sure.n}))
    if unserved:
        nothing = gettext_noop("No characteristic serves these needs: {needs}. Their weight goes nowhere.")
        found.append(Notice(nothing, values={"needs": ", ".join(unserved)}))
    if idle:
        nobody = gettext_noop("These characteristics serve no need: {characteristics}. Ask the customer before you"
                              " promise them.")  # fmt: skip
        found.append(Notice(nobody, values={"characteristics": ", ".join(idle)}))
    unrated = [need.name for need in needs if need.current is None or need.target is None]
    if 0 < len(unrated) < len(needs):
        ratio = gettext_noop("These needs have no current or target rating, their improvement ratio is taken as 1:"
                             " {needs}.")  # fmt: skip
        found.append(Notice(ratio, values={"needs": ", ".join(unrated)}))
    if np.count_nonzero(matrix) > CROWDED * matrix.size and matrix.size > 4:
        crowded = gettext_noop("More than half of all relations are given: ask of each whether the customer would"
                               " notice.")  # fmt: skip
        found.append(Notice(crowded))
    return tuple(found)
