"""What goes into a house of quality, and what is refused at its door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from baton_analysis.errors import MeasureError, gettext_noop

RELATIONS = (0, 1, 3, 9)
"""None, weak, medium and strong relation of a characteristic to a need (Akao 1990)."""

SALES_POINTS = (1.0, 1.2, 1.5)
"""No, some and strong weight of a need in winning the customer (Akao 1990)."""

LARGEST = 100
"""Needs, and characteristics, of a house. Nobody can judge the relations of a larger one."""

IMPORTANCE_SCALES = (5, 10)

Direction = Literal["larger", "smaller", "nominal"]
"""Where a characteristic is to go: the larger the better, the smaller the better, or as near as can be to a value."""

Sign = Literal["++", "+", "-", "--"]
SIGNS: tuple[Sign, ...] = get_args(Sign)
"""Marks of the roof: bettering one characteristic helps the other much, helps, hinders or hinders it much."""

Floats = npt.NDArray[np.float64]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a customer needs, in his words.

    Attributes
    ----------
    importance
        From 1 to the end of the scale of importance (5 or 10), as the customer said.
    current, target
        How well the need is met now and is to be met, as ratings of the customer above 0. Where one is missing the
        improvement ratio is 1.
    sales_point
        One of SALES_POINTS: does meeting it win the customer?
    competitors
        How well others meet it, by their name, on the same scale as ``current``.
    """

    name: str
    importance: float
    current: float | None = None
    target: float | None = None
    sales_point: float = 1.0
    competitors: Mapping[str, float] = field(default_factory=dict)

    @property
    def improvement(self) -> float:
        """Improvement ratio: target / current; 1 where one of them is missing."""
        return self.target / self.current if self.current and self.target else 1.0

    @property
    def absolute(self) -> float:
        """Absolute weight: importance x improvement ratio x sales point."""
        return self.importance * self.improvement * self.sales_point


@dataclass(frozen=True, slots=True)
class Characteristic:
    """Something about the work that can be measured and by which needs are met.

    ``promised`` says whether a clause of the agreement holds it; None where that is not asked.
    """

    name: str
    direction: Direction | None = None
    promised: bool | None = None


def matrix_of(
    needs: Sequence[Need], characteristics: Sequence[Characteristic], relations: Mapping[Pair, int]
) -> Floats:
    """Relations as needs times characteristics; what is not given is 0.

    Raises
    ------
    MeasureError
        A pair that names no need or no characteristic, or a relation that is none of RELATIONS.
    """
    row = {need.name: number for number, need in enumerate(needs)}
    column = {one.name: number for number, one in enumerate(characteristics)}
    matrix = np.zeros((len(row), len(column)))
    for (need, characteristic), strength in relations.items():
        if need not in row or characteristic not in column or strength not in RELATIONS:
            raise MeasureError(
                expected=gettext_noop(
                    "A relation joins a need and a characteristic of the house and is one of {known}."
                ),
                found=gettext_noop("“{need}” and “{characteristic}” have {given}."),
                remedy=gettext_noop("Correct the relation, or add what it names to the house."),
                known=", ".join(map(str, RELATIONS)),
                need=need,
                characteristic=characteristic,
                given=str(strength),
            )
        matrix[row[need], column[characteristic]] = strength
    return matrix


def marks_of(characteristics: Sequence[Characteristic], roof: Mapping[Pair, Sign]) -> dict[tuple[int, int], Sign]:
    """The roof by the places of two characteristics, the lower place first.

    Raises
    ------
    MeasureError
        A pair that names no characteristic or one twice, an unknown sign, or two signs for one pair.
    """
    place = {one.name: number for number, one in enumerate(characteristics)}
    marks: dict[tuple[int, int], Sign] = {}
    for (first, second), sign in roof.items():
        places = sorted(place.get(name, -1) for name in (first, second))
        pair = (places[0], places[1])
        if pair[0] < 0 or pair[0] == pair[1] or sign not in SIGNS or marks.get(pair, sign) != sign:
            raise MeasureError(
                expected=gettext_noop("The roof gives two different characteristics one mark of {known}."),
                found=gettext_noop("“{first}” and “{second}” have “{given}”."),
                remedy=gettext_noop("Correct the mark, or leave it out where the two do not touch each other."),
                known=", ".join(SIGNS),
                first=first,
                second=second,
                given=str(sign),
            )
        marks[pair] = sign
    return marks


def check_house(needs: Sequence[Need], characteristics: Sequence[Characteristic], scale: int) -> None:
    """Refuse what is no house.

    Raises
    ------
    MeasureError
        No need or characteristic or more than LARGEST, two of one name, a scale of importance other than 5 or 10, an
        importance off it, a rating of 0 or below, or an unknown sales point.
    """
    _check_size(needs, characteristics)
    if scale not in IMPORTANCE_SCALES:
        raise MeasureError(
            expected=gettext_noop("Importance is given from 1 to 5 or from 1 to 10."),
            found=gettext_noop("The scale ends at {given}."),
            remedy=gettext_noop("Choose one of the two scales."),
            given=str(scale),
        )
    for need in needs:
        _check_need(need, scale)


def _check_size(needs: Sequence[Need], characteristics: Sequence[Characteristic]) -> None:
    sizes = (len(needs), len(characteristics))
    if not all(1 <= size <= LARGEST for size in sizes):
        raise MeasureError(
            expected=gettext_noop("A house has 1 to {largest} needs and 1 to {largest} characteristics."),
            found=gettext_noop("Needs: {needs}, characteristics: {characteristics}."),
            remedy=gettext_noop(
                "Write down what is missing; of too many, sort those that belong together into groups."
            ),
            largest=LARGEST,
            needs=sizes[0],
            characteristics=sizes[1],
        )
    for names in ([need.name for need in needs], [one.name for one in characteristics]):
        name, times = Counter(names).most_common(1)[0]
        if times > 1:
            raise MeasureError(
                expected=gettext_noop("Every need and every characteristic has a name of its own."),
                found=gettext_noop("“{name}” stands {times} times."),
                remedy=gettext_noop("Join the two, or say in their names what sets them apart."),
                name=name,
                times=times,
            )


def _check_need(need: Need, scale: int) -> None:
    ratings = [need.current, need.target, *need.competitors.values()]
    if not 1 <= need.importance <= scale:
        raise MeasureError(
            expected=gettext_noop("Importance lies between 1 and {scale}."),
            found=gettext_noop("“{need}” has {given}."),
            remedy=gettext_noop("Correct it; leave out a need that matters to nobody."),
            scale=scale,
            need=need.name,
            given=str(need.importance),
        )
    if not all(rating is None or 0 < rating < np.inf for rating in ratings):
        raise MeasureError(
            expected=gettext_noop("Ratings of how well a need is met are numbers above 0."),
            found=gettext_noop("“{need}” has {given}."),
            remedy=gettext_noop("Rate from 1 on, or leave the rating out."),
            need=need.name,
            given=", ".join(str(rating) for rating in ratings if rating is not None),
        )
    if need.sales_point not in SALES_POINTS:
        raise MeasureError(
            expected=gettext_noop("The sales point is one of {known}."),
            found=gettext_noop("“{need}” has {given}."),
            remedy=gettext_noop("Take 1 where meeting the need wins nobody."),
            known=", ".join(f"{point:g}" for point in SALES_POINTS),
            need=need.name,
            given=str(need.sales_point),
        )
