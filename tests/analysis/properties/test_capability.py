"""Capability and yields: what holds for every process, intervals that keep their promise, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.capability import capability
from baton_analysis.measures.yields import Step, defect_rate, pareto, path_yield, sigma_level

steady = st.lists(st.floats(-5, 5), min_size=10, max_size=60).filter(lambda values: np.ptp(values) > 0.5)


@settings(max_examples=60, deadline=None)
@given(steady, st.floats(6, 20), st.floats(6, 20))
def test_cpk_is_no_larger_than_cp_and_lies_in_its_interval(values: list[float], below: float, above: float) -> None:
    result = capability(values, lower=-below, upper=above, stable=True)
    for family in "CP":
        assert result[family + "pk"].value <= result[family + "p"].value + 1e-9
        assert result[family + "pm"].value <= result[family + "p"].value + 1e-9
    for index in result.indices.values():
        assert index.interval[0] <= index.value <= index.interval[1]
    assert json.loads(json.dumps(result.to_dict()))["n"] == len(values)
    assert result.to_table()["index"].to_list() == list(result.indices)


@settings(max_examples=40, deadline=None)
@given(steady, st.floats(0.1, 50), st.floats(-100, 100))
def test_indices_do_not_depend_on_the_unit(values: list[float], factor: float, zero: float) -> None:
    one = capability(values, lower=-8, upper=9, stable=True)
    other = capability(
        [zero + factor * value for value in values], lower=zero - 8 * factor, upper=zero + 9 * factor, stable=True
    )
    for name, index in one.indices.items():
        assert other[name].value == pytest.approx(index.value, rel=1e-6)


def test_an_unstable_process_has_no_cp() -> None:
    values = [10.0, 10.1, 9.9, 10.0, 10.1, 9.9, 10.0, 14.0, 9.9, 10.1]
    found = capability(values, lower=5, upper=15)
    told = capability(values[:7], lower=5, upper=15, stable=False)
    for result in (found, told):
        assert not result.stable
        assert sorted(result.indices) == ["Pp", "Ppk", "Ppl", "Ppm", "Ppu"]
        assert result.warnings[0].render().startswith("The process is not stable")
    assert (found.stability_judged, told.stability_judged) == (True, False)


def test_one_limit_gives_one_side_only() -> None:
    values = [3.0, 4.0, 3.5, 4.5, 3.2, 4.1, 3.8, 3.9]
    result = capability(values, upper=6, stable=True)
    assert sorted(result.indices) == ["Cpk", "Cpu", "Ppk", "Ppu"]
    assert result["Cpk"].value == result["Cpu"].value
    assert (result.target, result.outside) == (None, 0)
    assert capability(values, upper=4, stable=True).outside == 2
    assert "rest on 8 values" in result.warnings[0].render()


def test_the_log_of_skewed_values_is_judged_with_the_log_of_the_limits() -> None:
    logs = np.random.default_rng(4).normal(1.0, 0.5, 200)
    plain = capability(logs.tolist(), upper=2.5, stable=True)
    waits = capability(np.exp(logs).tolist(), upper=float(np.exp(2.5)), stable=True, transform="log")
    assert waits["Cpk"].value == pytest.approx(plain["Cpk"].value)
    raw = capability(np.exp(logs).tolist(), upper=float(np.exp(2.5)), stable=True)
    assert any("do not look normally" in warning.render() for warning in raw.warnings)
    assert not any("do not look normally" in warning.render() for warning in waits.warnings)


@pytest.mark.parametrize("within", ["range", "standard_deviation", "pooled"])
def test_recovery_of_a_planted_capability(within: str) -> None:
    """Mean 10, sigma 1, limits 6 and 13: Cp 7/6, Cpk 1; 4,000 subgroups of 5."""
    groups = np.random.default_rng(5).normal(10, 1, (4000, 5)).tolist()
    result = capability(groups, lower=6, upper=13, within=within, stable=True)  # type: ignore[arg-type]
    assert result["Cp"].value == pytest.approx(7 / 6, rel=0.02)
    assert result["Cpk"].value == pytest.approx(1, rel=0.02)


def test_recovery_the_true_ppk_lies_in_its_interval_as_often_as_said() -> None:
    chance = np.random.default_rng(6)
    held = 0
    for _ in range(600):
        low, high = capability(chance.normal(0, 1, 60).tolist(), lower=-5, upper=4, stable=True)["Ppk"].interval
        held += low <= 4 / 3 <= high
    assert held / 600 == pytest.approx(0.95, abs=0.03)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(1, 500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1, max_size=12)
)
def test_rolled_yield_is_no_larger_than_that_of_any_step(counts: list[tuple[int, int]]) -> None:
    path = path_yield([Step(str(number), entered, good) for number, (entered, good) in enumerate(counts)])
    assert path.rolled <= min(step.value for step in path.steps) + 1e-12
    assert 0 <= path.interval[0] <= path.rolled + 1e-12
    assert path.rolled <= path.interval[1] + 1e-12 <= 1 + 1e-9
    assert path.normalised ** len(counts) == pytest.approx(path.rolled, abs=1e-12)
    assert json.loads(json.dumps(path.to_dict()))["n"] == path.n
    assert path.to_table()["value"].to_list() == [step.value for step in path.steps]


def test_recovery_the_true_rolled_yield_lies_in_its_interval_as_often_as_said() -> None:
    chance, truth = np.random.default_rng(8), (0.95, 0.9, 0.98)
    held = 0
    for _ in range(1000):
        path = path_yield([Step("s", 150, int(chance.binomial(150, share))) for share in truth])
        held += path.interval[0] <= float(np.prod(truth)) <= path.interval[1]
    assert held / 1000 == pytest.approx(0.95, abs=0.025)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=5), st.integers(0, 1000), min_size=1).filter(lambda c: sum(c.values()) > 0))
def test_pareto_falls_adds_up_and_names_no_more_than_it_needs(counts: dict[str, int]) -> None:
    result = pareto(counts)
    shares = [row.share for row in result.rows]
    assert shares == sorted(shares, reverse=True)
    assert result.rows[-1].cumulative == pytest.approx(1)
    vital = [row for row in result.rows if row.vital]
    assert vital[-1].cumulative >= 0.8 - 1e-9
    assert len(vital) == 1 or vital[-2].cumulative < 0.8
    assert json.loads(json.dumps(result.to_dict()))["n"] == sum(counts.values())
    assert result.to_table()["cause"].to_list() == [row.name for row in result.rows]


def test_no_defect_has_no_finite_sigma_level_but_a_bound() -> None:
    rate = defect_rate(0, 1000, opportunities=5)
    assert rate.sigma_level == float("inf")
    assert rate.sigma_interval[0] == pytest.approx(sigma_level(rate.per_million_interval[1]))
    assert rate.to_dict()["sigma_level"] is None
    assert pareto({"a": 5, "b": 5, "c": 4}).warnings[0].render().startswith("No cause stands out")


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: capability([1.0, 2.0]), "Lower: —, upper: —"),
        (lambda: capability([1.0, 2.0], lower=5, upper=4), "the lower below the upper"),
        (lambda: capability([1.0, 2.0], lower=0, upper=4, target=9), "target: 9"),
        (lambda: capability([1.0], lower=0), "There is 1 value."),
        (lambda: capability([1.0, float("nan")], lower=0), "NaN or infinity"),
        (lambda: capability([2.0, 2.0, 2.0], lower=0), "finer resolution"),
        (lambda: capability([1.0, 2.0], lower=0, upper=3, transform="log"), "the smallest figure 0"),
        (lambda: capability([1.0, 2.0], lower=0, within="range"), "Method range, subgroups of 1"),
        (lambda: path_yield([]), "at least one step"),
        (lambda: path_yield([Step("weld", 10, 11)]), "weld: 10 entered, 11 good at once"),
        (lambda: path_yield([Step("weld", 0, 0)]), "leave out a step that nothing entered"),
        (lambda: defect_rate(-1, 10), "Defects: -1"),
        (lambda: sigma_level(2e6), "between 0 and 1,000,000"),
        (lambda: pareto({}), "There are 0 causes"),
        (lambda: pareto({"a": -1, "b": 2}), "the smallest -1"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_a_remedy(refused: object, words: str) -> None:
    with pytest.raises(MeasureError) as error:
        refused()  # type: ignore[operator]
    assert words in str(error.value)
