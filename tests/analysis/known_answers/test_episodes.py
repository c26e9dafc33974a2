"""One change is one episode: what several rules see at several points is told once, at the earliest, and for good."""

from __future__ import annotations

import json

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.control_charts import ControlChart, FrozenLimits, individuals_chart
from baton_analysis.signals.chart_rules import NELSON, WESTERN_ELECTRIC, find_episodes, find_violations

STANDARD = FrozenLimits(method="i", centre=0, spread=1, n=100)
steps = st.one_of(st.integers(-11, 11).map(lambda number: number / 3), st.none())


def chart_of(values: list[float | None], phases: tuple[int, ...] = ()) -> ControlChart:
    """With centre 0 and sigma 1."""
    return individuals_chart(values, baseline=STANDARD if not phases else [STANDARD, *[STANDARD] * len(phases)],
                             phases=phases)  # fmt: skip


def test_a_shift_that_four_rules_see_is_one_episode() -> None:
    found = find_episodes(chart_of([0.2, -0.3, *[2.5] * 7, 3.2, 0.1]))
    (one,) = found
    assert (one.direction, one.first, one.flagged, one.last) == ("above", 2, 3, 10)
    assert one.rules == ("WE2", "WE3", "WE1", "WE4")
    assert len(one.violations) == 15
    assert one.size == pytest.approx((7 * 2.5 + 3.2 + 0.1) / 9)
    assert (one.peak, one.n) == (3.2, 9)


def test_what_lies_far_apart_or_on_the_other_side_is_something_else() -> None:
    far = [3.5, *[0.1, -0.1] * 5, 3.5]
    assert [one.first for one in find_episodes(chart_of(far))] == [0, 11]
    assert len(find_episodes(chart_of(far), calm=10)) == 1
    sides = find_episodes(chart_of([3.5, -3.5, 3.5]))
    assert [(one.direction, one.first, one.last) for one in sides] == [("above", 0, 2), ("below", 1, 1)]


def test_four_calm_points_do_not_end_an_episode_and_five_do() -> None:
    assert len(find_episodes(chart_of([3.5, 0.1, -0.1, 0.1, -0.1, 3.5]))) == 1
    assert len(find_episodes(chart_of([3.5, 0.1, -0.1, 0.1, -0.1, 0.1, 3.5]))) == 2


def test_a_pattern_that_reaches_back_goes_on_with_the_episode() -> None:
    """The run of eight is completed seven points after the point beyond the limits with which it begins."""
    (one,) = find_episodes(chart_of([3.5, *[0.5] * 7]))
    assert (one.flagged, one.last, one.rules) == (0, 7, ("WE1", "WE4"))


def test_gaps_are_not_calm() -> None:
    assert len(find_episodes(chart_of([3.5, *[None] * 20, 3.5]))) == 1


def test_a_new_phase_is_a_new_episode() -> None:
    assert len(find_episodes(chart_of([3.5, 3.5, 3.5, 3.5]))) == 1
    assert [one.first for one in find_episodes(chart_of([3.5, 3.5, 3.5, 3.5], phases=(2,)))] == [0, 2]


def test_a_trend_goes_up_or_down_wherever_it_lies_and_a_pattern_without_a_side_has_none() -> None:
    rising = find_episodes(chart_of([0.0, -2.6, -2.1, -1.6, -0.9, -0.4, -0.1]), NELSON)
    assert {one.direction: one.rules for one in rising} == {"below": ("N5",), "above": ("N3",)}
    calm = find_episodes(chart_of([0.3, -0.3] * 8), NELSON)
    assert [(one.direction, one.rules, one.first) for one in calm] == [("none", ("N4", "N7"), 0)]


@given(st.lists(steps, min_size=1, max_size=60).filter(lambda row: any(one is not None for one in row)), st.data())
def test_what_is_told_once_is_not_told_otherwise_later(values: list[float | None], data: st.DataObject) -> None:
    rules = data.draw(st.sampled_from([WESTERN_ELECTRIC, NELSON]))
    seen = data.draw(st.integers(1, len(values)))
    if all(one is None for one in values[:seen]):
        return
    later = find_episodes(chart_of(values), rules)
    told = [(one.direction, one.flagged, [v for v in one.violations if v.index < seen]) for one in later]
    before = find_episodes(chart_of(values[:seen]), rules)
    assert [(one.direction, one.flagged, list(one.violations)) for one in before] == [
        one for one in told if one[1] < seen
    ]


@given(st.lists(steps, min_size=1, max_size=60).filter(lambda row: any(one is not None for one in row)))
def test_every_violation_is_in_one_episode(values: list[float | None]) -> None:
    chart = chart_of(values)
    found = find_episodes(chart, NELSON)
    together = [(one.index, one.rule) for episode in found for one in episode.violations]
    assert sorted(together) == sorted((one.index, one.rule) for one in find_violations(chart, NELSON))
    for one in found:
        assert one.first <= one.flagged <= one.last
        assert abs(one.size) <= abs(one.peak) + 1e-12


def shifted(size: float, seed: int) -> list[float]:
    """Twenty steady weeks, then twelve that are shifted, then twenty as before."""
    values = np.random.default_rng(seed).normal(0, 1, 52)
    values[20:32] += size
    return list(values.tolist())


@pytest.mark.parametrize(("size", "most"), [(2.0, 1.1), (3.0, 1.02)])
def test_a_shift_of_twelve_weeks_is_told_about_once(size: float, most: float) -> None:
    told, hits = [], []
    for seed in range(200):
        found = [one for one in find_episodes(chart_of([*shifted(size, seed)])) if one.direction == "above"]
        within = [one for one in found if one.last >= 20 and one.flagged < 32]
        told.append(len(within))
        hits.append(sum(len(one.rules) for one in within))
    assert 0.98 <= np.mean(told) <= most
    assert np.mean(hits) > 2.5


def test_the_result_prints_and_is_drawn() -> None:
    mpl.use("Agg")
    found = find_episodes(chart_of([0.2, -0.3, *[2.5] * 7, 3.2, 0.1]))
    assert str(found).startswith("Episodes: western_electric, version 1, n = 11")
    assert json.loads(json.dumps(found.to_dict()))["episodes"][0]["rules"] == ["WE2", "WE3", "WE1", "WE4"]
    assert found.to_table()["last"].to_list() == ["11"]
    assert found.plot().patches
    assert len(found) == 1
    mpl.pyplot.close("all")


@pytest.mark.parametrize("calm", [-1, 2.5, "four", None])
def test_a_calm_that_is_no_number_of_points_is_refused(calm: object) -> None:
    with pytest.raises(MeasureError, match="whole number"):
        find_episodes(chart_of([1.0, 2.0]), calm=calm)  # type: ignore[arg-type]
