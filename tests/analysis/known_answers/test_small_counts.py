"""What charts of small counts can carry (Cochran's rule of five expected)."""

from __future__ import annotations

import numpy as np
import pytest

from baton_analysis.measures.control_charts import (
    c_chart,
    individuals_chart,
    laney_p_chart,
    laney_p_charts,
    np_chart,
    p_chart,
    u_chart,
)
from baton_analysis.signals.chart_rules import (
    NELSON,
    WESTERN_ELECTRIC,
    carried_flags,
    find_carried_violations,
    find_flags,
    find_violations,
)


def test_eight_weeks_without_a_return_are_no_signal_where_one_in_a_hundred_of_ten_comes_back() -> None:
    returned = [0] * 9 + [1] + [0] * 14 + [2] + [0] * 15
    chart = p_chart(returned, [10] * 40, baseline=20)
    assert {one.rule for one in find_violations(chart)} == {"WE1", "WE4"}
    kept, remarks = find_carried_violations(chart)
    assert {one.rule for one in kept} == {"WE1"}, "a single week beyond the limits is still one"
    assert remarks[0].values == {"expected": "0.05", "few": "5"}


@pytest.mark.parametrize(
    "chart",
    [
        p_chart([60] * 12 + [30] * 12, [100] * 24, baseline=12),  # 40 are expected on the rarer side
        p_chart([95] * 12 + [99] * 12, [100] * 24, baseline=12),  # exactly five did not come on time
        np_chart([10] * 12 + [20] * 12, [100] * 24, baseline=12),
        c_chart([19] * 12 + [39] * 12, baseline=12),
        u_chart([10] * 12 + [20] * 12, [2.0] * 24, baseline=12),
        individuals_chart([1, 2] * 6 + [9] * 12, baseline=12),
    ],
    ids=lambda chart: str(chart.method),
)
@pytest.mark.parametrize("rules", [WESTERN_ELECTRIC, NELSON], ids=lambda rules: str(rules.name))
def test_what_can_be_carried_is_kept_whole(chart, rules) -> None:  # type: ignore[no-untyped-def]
    assert find_carried_violations(chart, rules) == (find_violations(chart, rules), ())
    assert find_violations(chart, rules)


@pytest.mark.parametrize(
    "chart",
    [
        p_chart([97] * 12 + [98] * 12, [100] * 24, baseline=12),  # three in a hundred did not: few on the other side
        np_chart([97] * 12 + [98] * 12, [100] * 24, baseline=12),
        c_chart([3] * 12 + [2] * 12, baseline=12),
        u_chart([3] * 12 + [2] * 12, [2.0] * 24, baseline=12),
    ],
    ids=lambda chart: str(chart.method),
)
def test_few_on_either_side_carry_no_pattern(chart) -> None:  # type: ignore[no-untyped-def]
    assert {one.rule for one in find_violations(chart)} == {"WE4"}
    kept, remarks = find_carried_violations(chart)
    assert (kept, len(remarks)) == ((), 1)


def test_each_phase_is_judged_by_what_it_expects() -> None:
    chart = p_chart([0, 1] * 10 + [20] * 10 + [30] * 10, [10] * 20 + [100] * 20, phases=[20], baseline=[20, 10])
    kept, _ = find_carried_violations(chart)
    assert {one.index >= 20 for one in kept} == {True}
    assert "WE4" in {one.rule for one in kept}


def test_false_alarms_of_rare_events_come_near_to_those_of_the_limits() -> None:
    """200 steady series: of twenty records a week one in fifty comes back; the limits come from twenty weeks."""
    counts = np.random.default_rng(7).binomial(20, 0.02, (200, 60)).astype(float)
    sizes = np.full(counts.shape, 20.0)
    flags = find_flags(laney_p_charts(counts, sizes, baseline=20))
    carried = carried_flags(flags, sizes)
    assert flags.any.mean() > 0.12, "written rules cry wolf once in eight weeks"
    assert carried.any.mean() < 0.01


def test_many_and_one_agree() -> None:
    rng = np.random.default_rng(3)
    sizes = rng.integers(0, 400, (30, 1)) * np.ones((30, 50))
    counts = rng.binomial(sizes.astype(int), 0.03).astype(float)
    flags = find_flags(laney_p_charts(counts, sizes, baseline=20))
    carried = carried_flags(flags, sizes)
    for series in np.flatnonzero(sizes[:, 0]):
        chart = laney_p_chart(counts[series].tolist(), sizes[series].tolist(), baseline=20)
        assert carried.violations(int(series)) == find_carried_violations(chart)[0]
