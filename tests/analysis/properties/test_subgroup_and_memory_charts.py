"""Charts of subgroups, counts, EWMA and CUSUM: how they agree with each other and with simulation; what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from baton_analysis.errors import MeasureError
from baton_analysis.measures.control_charts import (
    CusumChart,
    FrozenLimits,
    c_chart,
    cusum_chart,
    ewma_chart,
    individuals_chart,
    laney_u_chart,
    levey_jennings_chart,
    np_chart,
    p_chart,
    proportion_chart,
    u_chart,
    xbar_r_chart,
    xbar_s_chart,
)
from baton_analysis.measures.run_lengths import (
    cusum_run_length,
    cusum_run_length_siegmund,
    ewma_run_length,
    shewhart_run_length,
)
from baton_analysis.signals.chart_rules import NELSON, find_violations

GROUPS: list[list[float | None] | None] = [[1.0, 2, 3], [2, None, 4], None, [5], [], [3, 3.5, 1, 2]]


@pytest.mark.parametrize("make", [xbar_r_chart, xbar_s_chart])
def test_a_subgroup_without_values_is_a_gap_and_one_value_has_no_spread(make: Callable[..., CusumChart]) -> None:
    chart = make(GROUPS)
    assert [point.value for point in chart.points] == [2, 3, None, 5, None, 2.375]
    assert [point.n for point in chart.points] == [3, 2, 0, 1, 0, 4]
    assert chart.companion is not None
    assert [point.value is None for point in chart.companion.points] == [False, False, True, True, True, False]
    assert chart.centre[0] == pytest.approx(np.mean([1, 2, 3, 2, 4, 5, 3, 3.5, 1, 2]))
    np.testing.assert_allclose(chart.sigma[[0, 1, 3, 5]], chart.limits[0].spread / np.sqrt([3, 2, 1, 4]))
    assert "1 to 4 values" in chart.warnings[-1].render()
    json.dumps(chart.to_dict(), allow_nan=False)


@pytest.mark.parametrize("make", [xbar_r_chart, xbar_s_chart])
def test_the_spread_of_simulated_subgroups_is_found(make: Callable[..., CusumChart]) -> None:
    chance = np.random.default_rng(11)
    groups = [list(chance.normal(50, 4, size)) for size in chance.integers(2, 12, 1500)]
    limit = make(groups).limits[0]
    assert limit.centre == pytest.approx(50, abs=0.2)
    assert limit.spread == pytest.approx(4, rel=0.03)


def test_large_subgroups_have_standard_deviations() -> None:
    chance = np.random.default_rng(12)
    chart = xbar_s_chart([list(chance.normal(0, 1, 400)) for _ in range(60)])
    assert chart.limits[0].spread == pytest.approx(1, rel=0.02)
    assert chart.companion is not None
    assert find_violations(chart.companion) == ()


def test_subgroups_without_spread_have_no_limits() -> None:
    level: list[list[float]] = [[1.0, 1], [1, 1], [2, 2]]
    single: list[list[float]] = [[1.0], [2], [3]]
    for groups in (level, single):
        chart = xbar_s_chart(groups)
        assert np.isnan(chart.ucl).all()
        assert find_violations(chart) == ()
        assert "No limits" in chart.warnings[-1].render()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=30))
def test_np_is_p_times_n_and_c_is_u_on_one_unit(pairs: list[tuple[int, int]]) -> None:
    counts, sizes = [min(pair) for pair in pairs], [max(pair) for pair in pairs]
    if any(sizes):
        shares, numbers = p_chart(counts, sizes), np_chart(counts, sizes)
        seen = np.array([size or np.nan for size in sizes])
        np.testing.assert_allclose(numbers.ucl, shares.ucl * seen, atol=1e-12)
        np.testing.assert_allclose(numbers.standardised, shares.standardised, atol=1e-9)
    events, rates = c_chart(counts), u_chart(counts, [1] * len(counts))
    np.testing.assert_array_equal(events.ucl, rates.ucl)
    assert events.sizes is None
    assert np.nanmin([*events.lcl, 0]) >= 0


def test_counts_keep_gaps_phases_and_held_limits() -> None:
    chart = u_chart([4, None, 5, 9, 8, 0], [2, 2, 2.5, 1, 1, 0], phases=[3])
    assert [point.value for point in chart.points] == [2, None, 2, 9, 8, None]
    assert chart.centre.tolist() == [2] * 3 + [8.5] * 3
    later = laney_u_chart([40], [4], baseline=laney_u_chart([4, 9, 3], [2, 2, 2]).limits[0])
    assert later.centre[0] == pytest.approx(16 / 6)
    counted = np_chart([2, 3, 2], [10, 10, 20])
    assert "different sizes" in counted.warnings[-1].render()
    assert np_chart([1], [10], baseline=counted.limits[0]).centre[0] == pytest.approx(10 * 7 / 40)


values_with_gaps = st.lists(st.one_of(st.none(), st.floats(-8, 8)), min_size=3, max_size=40)


@given(values_with_gaps, st.floats(0.1, 2), st.floats(1, 8))
def test_cusum_is_its_definition(values: list[float | None], k: float, h: float) -> None:
    if all(value is None for value in values):
        return
    chart = cusum_chart(values, target=0, sigma=1, reference=k, decision=h)
    high = low = 0.0
    assert chart.companion is not None
    for value, above, below in zip(values, chart.values, chart.companion.values, strict=True):
        if value is None:
            assert np.isnan(above)
            continue
        high, low = max(0.0, value - k + high), max(0.0, -value - k + low)
        assert (above, below) == pytest.approx((high, low), abs=1e-9)
    flagged = {hit.index for one in (chart, chart.companion) for hit in find_violations(one, NELSON)}
    assert {signal.index for signal in chart.signals} <= flagged


@given(values_with_gaps)
def test_ewma_of_weight_1_is_the_chart_of_single_values(values: list[float | None]) -> None:
    if all(value is None for value in values):
        return
    single, memory = individuals_chart(values), ewma_chart(values, weight=1)
    np.testing.assert_allclose(memory.values, single.values)
    there = ~np.isnan(single.values)
    np.testing.assert_allclose(memory.ucl[there], single.ucl[there], atol=1e-12)


def test_memory_starts_anew_with_a_phase_and_waits_over_a_gap() -> None:
    values = [1.0, 3, None, 2, 11, 13, 12, 12]
    chart = ewma_chart(values, weight=0.5, phases=[4])
    assert [point.value for point in chart.points][:4] == [1.5, 2.25, None, 2.125]
    assert chart.values[4] == 11.5
    sums = cusum_chart(values, phases=[4], head_start=1.0)
    sigma = sums.limits[1].spread
    assert sums.values[4] == pytest.approx(max(0.0, sigma - 1 - 0.5 * sigma))
    held = cusum_chart([1.0, 2], baseline=individuals_chart([1.0, 2, 1, 2]).limits[0])
    assert held.limits[0] == FrozenLimits("cusum", 1.5, held.limits[0].spread, 4)


def test_means_of_many_values_weigh_more() -> None:
    by_size = ewma_chart([10, 12.0], sizes=[4, 16], weight=0.2, target=10, sigma=2)
    first = 0.04 * 4 / 4
    np.testing.assert_allclose(by_size.sigma, np.sqrt([first, 0.04 * 4 / 16 + 0.64 * first]))
    assert cusum_chart([10, 12.0], sizes=[4, 16], target=10, sigma=2).values[1] == pytest.approx(2 * 4 - 1)
    chance = np.random.default_rng(13)
    sizes = chance.integers(1, 30, 4000)
    estimated = ewma_chart(list(chance.normal(5, 3 / np.sqrt(sizes))), sizes=list(sizes)).limits[0]
    assert (estimated.centre, estimated.spread) == pytest.approx((5, 3), rel=0.04)


def test_a_lasting_change_is_dated() -> None:
    chance = np.random.default_rng(14)
    starts = []
    for _ in range(200):
        values = [*chance.normal(0, 1, 40), *chance.normal(1.5, 1, 60)]
        signals = cusum_chart(list(values), target=0, sigma=1).signals
        starts += [signal.begins for signal in signals if signal.index >= 40 and signal.side == "high"][:1]
    assert len(starts) > 180
    assert np.median(starts) == pytest.approx(40, abs=1.5)


def brook_and_evans(step: Callable[[np.ndarray, np.ndarray], np.ndarray], states: np.ndarray, start: int) -> float:
    """Run length of a Markov chain (Brook & Evans 1972); ``step`` gives the chance to go from each state to each."""
    chances = step(states[:, None], states[None, :])
    return float(np.linalg.solve(np.eye(len(states)) - chances, np.ones(len(states)))[start])


@pytest.mark.parametrize("shift", [0.0, 0.7, 2.0])
def test_run_lengths_agree_with_a_markov_chain(shift: float) -> None:
    n, h, k = 300, 4.0, 0.5
    wide = 2 * h / (2 * n - 1)
    states = wide * np.arange(n)

    def cusum_step(here: np.ndarray, there: np.ndarray) -> np.ndarray:
        lower = np.where(there == 0, -np.inf, there - wide / 2)
        return np.asarray(norm.cdf(there + wide / 2 - here + k - shift) - norm.cdf(lower - here + k - shift))

    one_side = float(cusum_run_length(shift, decision=h, sides="one"))
    assert one_side == pytest.approx(brook_and_evans(cusum_step, states, 0), rel=1e-3)

    w, edge = 0.2, 2.86 * np.sqrt(0.2 / 1.8)
    middle = np.linspace(-edge, edge, 402)
    middle = (middle[1:] + middle[:-1]) / 2
    half = edge / 401

    def ewma_step(here: np.ndarray, there: np.ndarray) -> np.ndarray:
        low, high = (there - half - (1 - w) * here) / w, (there + half - (1 - w) * here) / w
        return np.asarray(norm.cdf(high - shift) - norm.cdf(low - shift))

    assert float(ewma_run_length(shift, weight=w, width=2.86)) == pytest.approx(
        brook_and_evans(ewma_step, middle, 200), rel=1e-3
    )


def test_run_lengths_are_those_of_the_charts() -> None:
    """Four hundred charts after a shift of one sigma: the mean delay is the promised one."""
    chance = np.random.default_rng(15)
    delays: dict[str, list[int]] = {"cusum": [], "ewma": []}
    for values in chance.normal(1, 1, (400, 100)):
        delays["cusum"].append(cusum_chart(list(values), target=0, sigma=1).signals[0].index + 1)
        chart = ewma_chart(list(values), weight=0.1, width=2.703, target=0, sigma=1, steady_state=True)
        delays["ewma"].append(int(np.argmax(np.abs(chart.values) > chart.ucl)) + 1)
    promised = {"cusum": cusum_run_length(1), "ewma": ewma_run_length(1, weight=0.1, width=2.703)}
    for name, seen in delays.items():
        assert np.mean(seen) == pytest.approx(float(promised[name]), abs=4 * np.std(seen) / np.sqrt(len(seen)))


def test_run_lengths_behave_at_the_edges() -> None:
    assert float(ewma_run_length(0.5, weight=1, width=3)) == float(shewhart_run_length(0.5))
    assert float(cusum_run_length(1)) == pytest.approx(float(cusum_run_length(-1)))
    assert float(cusum_run_length_siegmund(0.5, sides="one")) == pytest.approx(6.166**2)
    endless = cusum_run_length(decision=60)
    assert endless.average == float("inf")
    assert "very long" in endless.warnings[0].render()
    assert cusum_run_length(decision=4).alarms_per_point == pytest.approx(1 / 167.68, rel=1e-4)
    assert json.loads(json.dumps(ewma_run_length(1).to_dict()))["method"] == "integral_equation"


def test_levey_jennings_knows_its_material_or_takes_the_baseline() -> None:
    known = levey_jennings_chart([101.0, 110], mean=100, sd=3)
    assert (known.ucl[0], known.method, known.warnings) == (109, "lj", ())
    results = [99.0, 101, 100, 102, 98, 100, 101, 99, 100, 100, 103, 97, 120]
    chart = levey_jennings_chart(results, baseline=12)
    assert chart.sigma[0] == pytest.approx(np.std(results[:12], ddof=1))
    assert [hit.index for hit in find_violations(chart)] == [12]
    new_lot = levey_jennings_chart([*results, 51.0, 50, 49], phases=[13], baseline=12)
    assert new_lot.centre[-1] == 50


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: xbar_r_chart([]), "at least one value"),
        (lambda: xbar_r_chart([[1.0, 2], [3, float("inf")]]), "Subgroup 2 holds an infinite one"),
        (lambda: xbar_r_chart([[1.0] * 101]), "It has 101"),
        (lambda: xbar_s_chart([[1.0, 2]], baseline=FrozenLimits("xbar_r", 1, 1, 9)), "another kind (xbar_r)"),
        (lambda: np_chart([5], [4]), "has 5.0 of 4.0"),
        (lambda: c_chart([1, -1]), "Point 2 has -1.0 on 1.0"),
        (lambda: u_chart([1], [1, 2]), "1 counts and 2 numbers"),
        (lambda: u_chart([1], [1], baseline=FrozenLimits("c", 1, 1, 9)), "another kind (c)"),
        (lambda: proportion_chart([1], [2], baseline=FrozenLimits("i", 1, 1, 9)), "another kind (i)"),
        (lambda: ewma_chart([1.0], weight=1.5), "The weight is 1.5"),
        (lambda: ewma_chart([1.0], sigma=0), "The sigma is 0"),
        (lambda: ewma_chart([1.0], sizes=[1, 2]), "1 means and 2 numbers"),
        (lambda: cusum_chart([1.0], decision=-1), "The decision is -1"),
        (lambda: cusum_chart([1.0], head_start=5), "The head_start is 5"),
        (lambda: levey_jennings_chart([1.0], mean=1), "standard deviation -"),
        (lambda: levey_jennings_chart([1.0], mean=1, sd=0), "standard deviation 0"),
        (lambda: cusum_run_length(decision=0), "The decision is 0"),
        (lambda: cusum_run_length(float("nan")), "The shift is nan"),
        (lambda: ewma_run_length(weight=0), "The weight is 0"),
        (lambda: shewhart_run_length(width=0), "The width is 0"),
    ],
)
def test_refused(make: object, says: str) -> None:
    with pytest.raises(MeasureError) as refusal:
        make()  # type: ignore[operator]
    assert says in str(refusal.value)
    assert refusal.value.remedy
