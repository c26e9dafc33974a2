"""What holds for every house of quality."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.house_of_quality import (
    RELATIONS,
    SALES_POINTS,
    Characteristic,
    HouseOfQuality,
    Need,
    house_of_quality,
)

House = tuple[list[Need], list[Characteristic], dict[tuple[str, str], int]]


@st.composite
def houses(draw: st.DrawFn) -> House:
    rating = st.integers(1, 5)
    needs = [
        Need(f"need {number}", draw(rating), draw(rating), draw(rating), draw(st.sampled_from(SALES_POINTS)))
        for number in range(draw(st.integers(1, 4)))
    ]
    characteristics = [Characteristic(f"characteristic {number}") for number in range(draw(st.integers(1, 4)))]
    relations = {(need.name, one.name): draw(st.sampled_from(RELATIONS)) for need in needs for one in characteristics}
    return needs, characteristics, relations


def by_name(house: HouseOfQuality) -> dict[str, object]:
    return {one.name: one for one in house.characteristics}


@settings(max_examples=60, deadline=None)
@given(houses())
def test_shares_add_up_and_lie_in_their_ranges(parts: House) -> None:
    house = house_of_quality(*parts)
    assume(any(parts[2].values()))
    for weighting in ("importance_only", "demanded", "normalised"):
        weights = [getattr(one, weighting) for one in house.characteristics]
        assert sum(weight.share for weight in weights) == pytest.approx(1)
        for weight in weights:
            assert weight.interval[0] <= weight.share <= weight.interval[1]
            assert weight.ranks[0] <= weight.rank <= weight.ranks[1]
    assert sum(need.relative for need in house.needs) == pytest.approx(1)
    served = [need.absolute for need in house.needs if need.strongest]
    assert sum(one.normalised.value for one in house.characteristics) == pytest.approx(sum(served))


@settings(max_examples=40, deadline=None)
@given(houses(), st.integers(2, 7))
def test_ratings_on_another_scale_give_the_same_house(parts: House, factor: int) -> None:
    needs, characteristics, relations = parts
    other = [replace(need, current=need.current * factor, target=need.target * factor) for need in needs]  # type: ignore[operator]
    one, two = house_of_quality(needs, characteristics, relations), house_of_quality(other, characteristics, relations)
    assert [a.demanded.value for a in one.characteristics] == pytest.approx(
        [b.demanded.value for b in two.characteristics]
    )


@settings(max_examples=40, deadline=None)
@given(houses())
def test_the_order_in_which_things_are_given_changes_nothing(parts: House) -> None:
    needs, characteristics, relations = parts
    one = house_of_quality(needs, characteristics, relations)
    other = house_of_quality(needs[::-1], characteristics[::-1], relations)
    for name, weight in by_name(one).items():
        again = by_name(other)[name]
        assert weight.demanded.rank == again.demanded.rank  # type: ignore[attr-defined]
        assert weight.demanded.value == pytest.approx(again.demanded.value)  # type: ignore[attr-defined]
        assert weight.demanded.interval == pytest.approx(again.demanded.interval)  # type: ignore[attr-defined]
    assert one.sensitivity.demanded == other.sensitivity.demanded


@settings(max_examples=25, deadline=None)
@given(houses())
def test_sensitivity_is_what_comes_out_when_each_step_is_really_taken(parts: House) -> None:
    """Every step is taken by making the whole house anew, and the pairs that turned over are counted."""
    needs, characteristics, relations = parts
    house = house_of_quality(needs, characteristics, relations)
    for weighting in ("importance_only", "demanded", "normalised"):
        base = values(house, weighting)
        taken = [values(other, weighting) for other in moved(needs, characteristics, relations)]
        found = getattr(house.sensitivity, weighting)
        assert found.n == len(taken)
        assert found.reversing == sum(turned_over(base, other) for other in taken)
        for place, one in enumerate(house.characteristics):
            shares = [share(other, place) for other in [base, *taken]]
            assert getattr(one, weighting).interval == pytest.approx((min(shares), max(shares)))


def moved(needs: list[Need], characteristics: list[Characteristic], relations: dict[tuple[str, str], int]):  # type: ignore[no-untyped-def]
    for pair, strength in relations.items():
        place = RELATIONS.index(strength)
        for other in (place - 1, place + 1):
            if 0 <= other < len(RELATIONS):
                yield house_of_quality(needs, characteristics, relations | {pair: RELATIONS[other]})
    for place, need in enumerate(needs):
        for importance in (need.importance - 1, need.importance + 1):
            if 1 <= importance <= 5:
                changed = [*needs[:place], replace(need, importance=importance), *needs[place + 1 :]]
                yield house_of_quality(changed, characteristics, relations)


def values(house: HouseOfQuality, weighting: str) -> list[float]:
    return [getattr(one, weighting).value for one in house.characteristics]


def share(weights: list[float], place: int) -> float:
    return weights[place] / sum(weights) if sum(weights) else 0.0


def turned_over(before: list[float], after: list[float]) -> bool:
    room = 1e-6
    return any(
        before[a] > before[b] + room and after[b] > after[a] + room
        for a in range(len(before))
        for b in range(len(before))
    )


NEED, COLUMN = Need("on time", 3), Characteristic("hours")


@pytest.mark.parametrize(
    ("needs", "characteristics", "relations", "roof", "scale"),
    [
        ([], [COLUMN], {}, {}, 5),
        ([NEED], [], {}, {}, 5),
        ([NEED] * 2, [COLUMN], {}, {}, 5),
        ([NEED], [COLUMN] * 2, {}, {}, 5),
        ([Need(str(number), 3) for number in range(101)], [COLUMN], {}, {}, 5),
        ([NEED], [COLUMN], {}, {}, 7),
        ([Need("on time", 6)], [COLUMN], {}, {}, 5),
        ([Need("on time", 0)], [COLUMN], {}, {}, 10),
        ([Need("on time", float("nan"))], [COLUMN], {}, {}, 5),
        ([Need("on time", 3, current=0, target=4)], [COLUMN], {}, {}, 5),
        ([Need("on time", 3, competitors={"x": -1})], [COLUMN], {}, {}, 5),
        ([Need("on time", 3, sales_point=1.3)], [COLUMN], {}, {}, 5),
        ([NEED], [COLUMN], {("on time", "hours"): 2}, {}, 5),
        ([NEED], [COLUMN], {("on time", "days"): 3}, {}, 5),
        ([NEED], [COLUMN], {}, {("hours", "hours"): "+"}, 5),
        ([NEED], [COLUMN], {}, {("hours", "days"): "+"}, 5),
        ([NEED], [COLUMN, Characteristic("spots")], {}, {("hours", "spots"): "?"}, 5),
        ([NEED], [COLUMN, Characteristic("spots")], {}, {("hours", "spots"): "+", ("spots", "hours"): "-"}, 5),
    ],
)
def test_what_is_no_house_is_refused_with_a_remedy(needs, characteristics, relations, roof, scale) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MeasureError) as refused:
        house_of_quality(needs, characteristics, relations, roof=roof, importance_scale=scale)
    assert refused.value.expected
    assert refused.value.found
    assert refused.value.remedy
    assert "{" not in refused.value.render()


def test_a_house_without_relations_yet_has_no_weights_and_says_so() -> None:
    house = house_of_quality([NEED], [COLUMN], {})
    assert house.characteristics[0].demanded.share == 0
    assert house.needs_without_characteristic == ("on time",)
