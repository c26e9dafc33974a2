"""Thousands of charts at once give point by point what one chart gives, and what the rules say in so many words."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.control_charts import (
    ControlChart,
    FrozenLimits,
    ManyCharts,
    individuals_chart,
    individuals_charts,
    laney_p_chart,
    laney_p_charts,
    laney_u_chart,
    laney_u_charts,
    p_chart,
    p_charts,
    u_chart,
    u_charts,
    xbar_r_chart,
    xbar_r_charts,
    xbar_s_chart,
    xbar_s_charts,
)
from baton_analysis.signals.chart_rules import NELSON, WESTERN_ELECTRIC, Rule, RuleSet, find_flags, find_violations

Row = list[float | None]

STANDARD = FrozenLimits("i", 0, 1, 100)
# Steps of a third of a sigma: values on a line and repeated values are frequent, as are patterns of every rule.
steps = st.integers(-11, 11).map(lambda number: number / 3)
cells = st.one_of(steps, steps, steps, steps, st.floats(-4, 4), st.none())
tables = st.integers(1, 40).flatmap(
    lambda points: st.lists(st.lists(cells, min_size=points, max_size=points), min_size=1, max_size=4)
)


def as_array(rows: list[Row]) -> np.ndarray:
    return np.array([[np.nan if cell is None else cell for cell in row] for row in rows], dtype=np.float64)


def assert_same(many: ManyCharts, number: int, alone: ControlChart) -> None:
    """One of many charts is the chart of its own series, and so is its companion."""
    for name in ("values", "centre", "sigma", "lcl", "ucl"):
        np.testing.assert_allclose(getattr(many, name)[number], getattr(alone, name), rtol=1e-9, atol=1e-12)
    assert (many.method, many.phase.tolist()) == (alone.method, alone.phase.tolist())
    if many.companion is not None and alone.companion is not None:
        assert_same(many.companion, number, alone.companion)


def completed(rule: Rule, z: list[float]) -> bool:
    """Whether the last of these points completes the rule, in the words of the books."""
    window = z[-rule.length :]
    if len(window) < rule.length:
        return False
    line = rule.sigmas + 1e-9
    above, below = [one > line for one in window], [one < -line for one in window]
    rises = [later > earlier for earlier, later in zip(window, window[1:], strict=False)]
    falls = [later < earlier for earlier, later in zip(window, window[1:], strict=False)]
    turning = all(step != following for step, following in zip(rises, rises[1:], strict=False))
    words = {
        "beyond": above[-1] or below[-1],
        "run": all(above) or all(below),
        "trend": all(rises) or all(falls),
        "alternating": turning and all(up or down for up, down in zip(rises, falls, strict=True)),
        "most_beyond": (above[-1] and sum(above) >= rule.wanted) or (below[-1] and sum(below) >= rule.wanted),
        "within": all(abs(one) <= line for one in window),
        "both_sides": all(a or b for a, b in zip(above, below, strict=True)) and any(above) and any(below),
    }
    return words[rule.kind]


@given(tables, st.sampled_from([WESTERN_ELECTRIC, NELSON]), st.booleans(), st.integers(0, 39))
def test_flags_are_those_of_each_chart_and_of_the_words(
    rows: list[Row], rules: RuleSet, across_gaps: bool, split: int
) -> None:
    rules = replace(rules, across_gaps=across_gaps)
    points = len(rows[0])
    phases = [split] if 0 < split < points else []
    centre = np.zeros((len(rows), 1))
    found = find_flags(ManyCharts.of_limits(as_array(rows), centre, 1.0, phases=phases), rules)
    for number, row in enumerate(rows):
        stretch: list[float] = []
        for index, cell in enumerate(row):
            if index in phases or (cell is None and not across_gaps):
                stretch = []
            if cell is not None:
                stretch.append(cell)
            for rule in rules.rules:
                said = cell is not None and completed(rule, stretch)
                assert found.flags[rule.id][number, index] == said, (rule.id, index)
        if not phases and any(cell is not None for cell in row):
            alone = find_violations(individuals_chart(row, baseline=STANDARD), rules)
            assert found.violations(number) == alone


@given(tables, st.sampled_from([None, 5, 12]), st.integers(0, 39))
def test_many_individuals_charts_are_the_single_ones(rows: list[Row], baseline: int | None, split: int) -> None:
    phases = [split] if 0 < split < len(rows[0]) else []
    many = individuals_charts(as_array(rows), baseline=baseline, phases=phases)
    flags = find_flags(many, NELSON)
    assert many.companion is not None
    for number, row in enumerate(rows):
        try:
            alone = individuals_chart(row, baseline=baseline, phases=phases)
        except MeasureError:
            continue
        assert_same(many, number, alone)
        # Where the spread is rounding only, the rounding of two ways of adding up may differ.
        if np.nanmin([*alone.sigma, 1]) > 1e-6:
            assert flags.violations(number) == find_violations(alone, NELSON)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=12, max_size=12), min_size=1, max_size=4
    ),
    st.sampled_from([None, 6]),
)
def test_many_p_and_u_charts_are_the_single_ones(pairs: list[list[tuple[int, int]]], baseline: int | None) -> None:
    counts = np.array([[min(pair) for pair in row] for row in pairs])
    sizes = np.array([[max(pair) for pair in row] for row in pairs])
    for many, single in (
        (p_charts(counts, sizes, baseline=baseline), p_chart),
        (u_charts(counts, sizes, baseline=baseline), u_chart),
        (laney_p_charts(counts, sizes, baseline=baseline), laney_p_chart),
        (laney_u_charts(counts, sizes, baseline=baseline), laney_u_chart),
    ):
        for number in np.flatnonzero(sizes.any(axis=1)).tolist():
            alone = single(list(counts[number]), list(sizes[number]), baseline=baseline)
            assert_same(many, number, alone)


@given(
    st.lists(
        st.lists(
            st.lists(st.one_of(st.integers(-9, 9), st.just(float("nan"))), min_size=4, max_size=4),
            min_size=8,
            max_size=8,
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([None, 4]),
    st.sampled_from([[], [5]]),
)
def test_many_charts_of_subgroups_are_the_single_ones(
    cubes: list[list[list[float]]], baseline: int | None, phases: list[int]
) -> None:
    for many, single in ((xbar_r_charts, xbar_r_chart), (xbar_s_charts, xbar_s_chart)):
        together = many(cubes, baseline=baseline, phases=phases)
        for number, series in enumerate(cubes):
            groups: list[Row] = [[None if np.isnan(value) else value for value in group] for group in series]
            try:
                alone = single(groups, baseline=baseline, phases=phases)
            except MeasureError:
                continue
            assert_same(together, number, alone)


def test_flags_say_what_they_are() -> None:
    table = np.zeros((3, 20))
    table[1, 7] = 9.0
    table[2] = np.nan
    found = find_flags(ManyCharts.of_limits(table, 0, 1), WESTERN_ELECTRIC)
    assert (found.method, found.n, int(found.any.sum())) == ("western_electric", 40, 1)
    assert json.loads(json.dumps(found.to_dict()))["flags"]["WE1"] == [[1, 7]]
    with pytest.raises(ValueError, match="read-only"):
        found.flags["WE1"][0, 0] = True
    level = individuals_charts(table[[0, 2]])
    assert level.warnings[0].render() == "2 of 2 series have no limits: nothing varies in their baseline."
    assert not find_flags(level).any.any()


def test_false_alarms_come_at_the_known_rates() -> None:
    """Rule 1 alarms at 1 in 370 points; the four rules together start about once in 92 (Champ & Woodall 1987)."""
    chance = np.random.default_rng(21)
    found = find_flags(ManyCharts.of_limits(chance.normal(size=(2000, 500)), 0, 1), WESTERN_ELECTRIC)
    assert found.flags["WE1"].mean() == pytest.approx(1 / 370.4, rel=0.08)
    first = np.where(found.any.any(axis=1), found.any.argmax(axis=1) + 1, np.nan)
    assert np.nanmean(first) == pytest.approx(91.75, rel=0.1)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: individuals_charts([1.0, 2.0]), "Its shape is (2,)"),
        (lambda: individuals_charts([[1.0, float("inf")]]), "Series 1 is infinite at point 2"),
        (lambda: individuals_charts([[1.0, 2.0]], baseline=1), "at least two points"),
        (lambda: individuals_charts([[1.0, 2.0]], phases=[7]), "starts at point 8"),
        (lambda: xbar_s_charts([[1.0, 2.0]]), "Its shape is (1, 2)"),
        (lambda: p_charts([[3.0]], [[2.0]]), "3.0 of 2.0 at point 1"),
        (lambda: u_charts([[3.0]], [[2.0, 1.0]]), "The shapes are"),
        (lambda: ManyCharts.of_limits([[1.0, 2.0]], [0.0, 1.0, 2.0], 1.0), "(3,)"),
        (lambda: find_flags(individuals_charts([[1.0, 2.0]])).violations(1), "Asked for is 1"),
    ],
)
def test_refused(make: object, says: str) -> None:
    with pytest.raises(MeasureError) as refusal:
        make()  # type: ignore[operator]
    assert says in str(refusal.value)
    assert refusal.value.remedy
