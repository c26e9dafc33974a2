"""Effect plans: fixed before the data, blind to the trigger, no peeking; and what they say is as true as announced."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import sqrt
from typing import Any

import numpy as np
import pytest
from scipy.special import stdtr

from baton_analysis.errors import MeasureError
from baton_analysis.measures.charted_series import FrozenLimits
from baton_analysis.measures.effect_plan import (
    VERDICT_NAMES,
    EffectPlan,
    Observation,
    SeriesModel,
    Window,
    judge,
)
from benchmarks.regression_to_the_mean import KINDS, action, judged

MONDAY = date(2026, 1, 5)
END = date(2027, 1, 1)


def week(number: int) -> date:
    return MONDAY + timedelta(weeks=number)


def plan(**changes: Any) -> EffectPlan:
    """26 weeks of baseline that end in the bad week 25, 12 weeks of follow-up from week 28 on."""
    parts: dict[str, Any] = {
        "metric": "share of late deliveries",
        "test": "two_proportions",
        "better": "lower",
        "minimal_effect": 0.1,
        "baseline": Window(week(0), week(26) - timedelta(days=1)),
        "trigger": Window(week(25), week(26) - timedelta(days=1)),
        "follow_up": Window(week(28), week(40) - timedelta(days=1)),
        "fixed_on": week(27),
    }
    return EffectPlan(**{**parts, **changes})


def weeks(first: int, values: Sequence[float], size: float = 1.0) -> list[Observation]:
    return [Observation(week(first + number), float(value), size) for number, value in enumerate(values)]


SHARES = [*weeks(0, [4, 5, 6] * 8 + [5, 18], 20), *weeks(28, [2, 3, 2] * 4, 20)]


def test_the_trigger_and_what_lies_between_do_not_count() -> None:
    result = judge(plan(), SHARES, today=END)
    assert (result.verdict, result.before, result.after) == ("effective", 0.25, pytest.approx(28 / 240))
    assert (result.n_before, result.n_after, result.left_out) == (500, 240, 1)
    between = [*SHARES, Observation(week(27), 20, 20)]
    other = judge(plan(), between, today=END)
    assert (other.estimate, other.left_out) == (result.estimate, 2)
    assert judge(plan(trigger=None), SHARES, today=END).before == pytest.approx((125 + 18) / 520)


def test_verdicts_and_what_is_said_beside_them() -> None:
    same = [*SHARES[:26], *weeks(28, [5, 5, 5] * 4, 20)]
    result = judge(plan(), same, today=END)
    assert result.verdict == "not_shown"
    assert "does not show that there is none" in judge(plan(), same[:29], today=END).warnings[-1].render()
    assert "is ruled out" in judge(plan(minimal_effect=0.2), same, today=END).warnings[-1].render()
    worse = judge(plan(), [*SHARES[:26], *weeks(28, [9, 8, 9] * 4, 20)], today=END)
    assert (worse.verdict, worse.name) == ("worse", VERDICT_NAMES["worse"])
    assert judge(plan(better="higher"), SHARES, today=END).verdict == "worse"
    small = judge(plan(minimal_effect=0.2), SHARES, today=END)
    assert (small.verdict, "smaller than what was called" in small.warnings[0].render()) == ("effective", True)
    assert "names no trigger" in judge(plan(trigger=None), SHARES, today=END).warnings[0].render()


def test_too_little_data_is_no_verdict_on_the_action() -> None:
    result = judge(plan(minimal_after=500), SHARES, today=END)
    assert (result.verdict, result.p, result.interval) == ("too_little_data", None, None)
    assert "wants 0 before and 500 after; there are 500 and 240" in result.warnings[0].render()
    assert judge(plan(), SHARES[:26], today=END).verdict == "too_little_data"
    assert json.loads(json.dumps(result.to_dict()))["verdict"] == "too_little_data"


def test_peeking_is_refused_unless_looks_were_planned() -> None:
    with pytest.raises(MeasureError, match="Today is 2026-10-11"):
        judge(plan(), SHARES, today=week(40) - timedelta(days=1))
    looks = tuple(week(28 + number) - timedelta(days=1) for number in (4, 8, 12))
    planned = plan(looks=looks)
    with pytest.raises(MeasureError, match="looked at after 2026-08-16"):
        judge(planned, SHARES, today=week(30))
    first = judge(planned, SHARES, today=week(32))
    assert (first.look, first.n_after, first.left_out) == (1, 80, 9)
    assert first.level == pytest.approx(0.00052, abs=1e-5)
    assert first.verdict == "not_shown"
    last = judge(planned, SHARES, today=END)
    assert (last.look, last.level, last.verdict) == (3, pytest.approx(0.045, abs=1e-3), "effective")


def test_a_plan_is_signed_and_read_back() -> None:
    one = plan(looks=(week(30), week(40) - timedelta(days=1)))
    assert EffectPlan.from_dict(json.loads(json.dumps(one.to_dict()))) == one
    assert EffectPlan.from_dict(json.loads(json.dumps(one.to_dict()))).digest == one.digest
    assert replace(one, alpha=0.049).digest != one.digest
    assert plan(minimal_effect=1).digest == plan(minimal_effect=1.0).digest
    limits = plan(test="long_run_limits", baseline=None, limits=FrozenLimits("i", 5.0, 1.0, 60))
    assert EffectPlan.from_dict(limits.to_dict()) == limits
    series = plan(test="segmented", series=SeriesModel())
    assert EffectPlan.from_dict(series.to_dict()) == series
    assert judge(one, SHARES, today=END).plan_digest == one.digest


def test_one_side_and_several_metrics_share_alpha() -> None:
    shared = judge(plan(comparisons=2), SHARES, today=END)
    assert shared.level == 0.025
    two = judge(plan(), SHARES, today=END)
    one = judge(plan(sides=1), SHARES, today=END)
    assert one.p == pytest.approx((two.p or 0) / 2)
    assert judge(plan(sides=1, better="higher"), SHARES, today=END).verdict == "worse"


def test_measured_values_and_long_run_limits() -> None:
    chance = np.random.default_rng(1)
    facts = [*weeks(0, chance.normal(10, 1, 26)), *weeks(28, chance.normal(8.5, 1, 12))]
    result = judge(plan(test="welch", minimal_effect=1), facts, today=END)
    assert (result.verdict, result.method, result.n_before, result.n_after) == ("effective", "welch", 25, 12)
    held = plan(test="long_run_limits", baseline=None, trigger=None, minimal_effect=1,
                limits=FrozenLimits("i", 10.0, 1.0, 60))  # fmt: skip
    by_chart = judge(held, facts[26:], today=END)
    assert (by_chart.verdict, by_chart.before) == ("effective", 10.0)
    assert (by_chart.power or 0) > 0.8


def test_limits_of_moving_ranges_are_less_sure_than_those_of_a_standard_deviation() -> None:
    """Of 12 points with nothing changed, 13 in 1,000 would be called found at .01 with N - 1 degrees of freedom."""
    facts = weeks(28, np.random.default_rng(6).normal(8.8, 1, 12).tolist())
    ranges, deviation = (
        judge(plan(test="long_run_limits", baseline=None, trigger=None, minimal_effect=1,
                   limits=FrozenLimits(method, 10.0, 1.0, 13)), facts, today=END)
        for method in ("i", "lj")
    )  # fmt: skip
    assert ranges.estimate == deviation.estimate
    assert (ranges.p or 0) > (deviation.p or 0)
    variance, after = 0.8264 / 12, len(facts)
    t = (ranges.estimate or 0) * sqrt(1 + variance) / sqrt(1 / after + 1 / 13)
    assert ranges.p == pytest.approx(2 * float(stdtr(1 / (2 * variance), t)))


def test_rates_and_a_standard() -> None:
    facts = [*weeks(0, [6, 4] * 13, 100), *weeks(28, [2, 3] * 6, 100)]
    result = judge(plan(test="poisson_rates", minimal_effect=0.3), facts, today=END)
    assert (result.verdict, result.scale, result.method) == ("effective", "ratio", "poisson_exact")
    kept = plan(test="standard", better="higher", baseline=None, trigger=None, standard=0.9, minimal_effect=0.05)
    assert judge(kept, weeks(28, [99] * 12, 100), today=END).verdict == "effective"
    assert judge(kept, weeks(28, [90] * 12, 100), today=END).verdict == "not_shown"


def test_a_series_with_a_trend_is_not_called_an_improvement() -> None:
    """Falling all the time: two means differ, the segmented regression sees no step. Weeks without points are gaps."""
    chance = np.random.default_rng(2)
    falling = 50 - 0.5 * np.arange(40) + chance.normal(0, 1, 40)
    facts = [*weeks(0, falling[:26]), *weeks(28, falling[28:])]
    assert judge(plan(test="welch", minimal_effect=2), facts, today=END).verdict == "effective"
    model = plan(test="segmented", series=SeriesModel(), minimal_effect=2)
    result = judge(model, facts, today=END)
    assert (result.verdict, result.method, result.n_before) == ("not_shown", "segmented_gaussian_ar1", 25)
    step = [*facts[:26], *(replace(one, value=one.value - 5) for one in facts[26:])]
    assert judge(model, step, today=END).verdict == "effective"
    counts = [replace(one, value=round(10 * one.value)) for one in step]
    poisson = plan(test="segmented", series=SeriesModel(family="poisson", errors="independent"), minimal_effect=0.1)
    assert (judge(poisson, counts, today=END).estimate or 1) < 0.95


def test_counts_that_vary_more_than_by_chance_widen_the_interval() -> None:
    wild = [*weeks(0, [0, 0, 15] * 8 + [5, 18], 20), *weeks(28, [0, 8, 0] * 4, 20)]
    result = judge(plan(), wild, today=END)
    assert (result.method, result.verdict) == ("chi_square_quasi", "not_shown")
    assert "times as much as chance allows" in result.warnings[0].render()
    assert (result.dispersion or 0) > 5
    rates = judge(plan(test="poisson_rates"), wild, today=END)
    assert rates.method == "poisson_exact_quasi"
    assert judge(plan(), SHARES, today=END).method == "chi_square"


@pytest.mark.parametrize("kind", KINDS)
def test_regression_to_the_mean_makes_no_effect(kind: str) -> None:
    """The short form of the benchmark: actions without effect, opened at the worst point."""
    chance = np.random.default_rng(3)
    found = [judged(action(chance, kind)) for _ in range(80)]
    assert sum(result.verdict == "effective" for result in found) <= 9  # 4 expected at .05, less than 1 in 1,000 above


@pytest.mark.parametrize("kind", KINDS)
def test_recovery_an_effect_is_shown_as_often_as_announced(kind: str) -> None:
    chance = np.random.default_rng(4)
    found = [judged(action(chance, kind, effect=True, at_worst=False)) for _ in range(150)]
    announced = float(np.mean([result.power for result in found if result.power is not None]))
    assert sum(result.verdict == "effective" for result in found) / 150 == pytest.approx(announced, abs=0.09)
    # Without its worst week the baseline looks better than it was: an effect is then shown less often, not more.
    opened_at_worst = [judged(action(chance, kind, effect=True)) for _ in range(150)]
    assert announced - 0.25 < sum(one.verdict == "effective" for one in opened_at_worst) / 150 < announced + 0.08


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: Window(week(2), week(1)), "Exchange the two days"),
        (lambda: plan(fixed_on=week(29)), "Fixed on 2026-07-27"),
        (lambda: plan(trigger=Window(week(25), week(29))), "Plan a follow-up that lies ahead"),
        (lambda: plan(looks=(week(30),)), "looks: 2026-08-03"),
        (lambda: plan(minimal_effect=0), "minimal effect 0"),
        (lambda: plan(test="t"), "Test t"),
        (lambda: plan(baseline=None), "Absent or too much: baseline"),
        (lambda: plan(standard=0.5), "Absent or too much: standard"),
        (
            lambda: plan(test="long_run_limits", baseline=None, limits=FrozenLimits("p", 0.2, 1.0, 60)),
            "another kind (p)",
        ),
        (lambda: plan(test="segmented"), "Absent or too much: series"),
        (lambda: plan(test="segmented", series=SeriesModel(step_days=5)), "Days between their starts: 196"),
        (lambda: judge(plan(), [*SHARES, Observation(week(41), 1, 20)], today=END), "Observations outside of it: 1,"),
        (lambda: judge(plan(), [Observation(week(-1), 1, 20)], today=END), "A plan is not widened"),
        (lambda: EffectPlan.from_dict({"version": "0"}), "Its version is 0"),
        (
            lambda: judge(
                plan(test="segmented", series=SeriesModel()), [*SHARES, replace(SHARES[0], value=3)], today=END
            ),
            "There are two from 2026-01-05 on",
        ),
        (
            lambda: judge(
                plan(test="long_run_limits", baseline=None, limits=FrozenLimits("i", 5.0, 0.0, 60)), SHARES[26:],
                today=END,
            ),
            "spread: 0.0",
        ),
    ],
)  # fmt: skip
def test_what_was_not_planned_is_refused_with_a_remedy(refused: object, words: str) -> None:
    with pytest.raises(MeasureError) as error:
        refused()  # type: ignore[operator]
    assert words in str(error.value)
