"""Sequential tests: errors as rare as promised, power as announced, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.before_after import group_sequential, sequential_probability_ratio


@settings(max_examples=10)
@given(
    st.lists(st.floats(0.2, 1), min_size=1, max_size=4),
    st.sampled_from(["obrien_fleming", "pocock"]),
    st.sampled_from([0.01, 0.05, 0.1]),
    st.sampled_from([1, 2]),
)
def test_alpha_is_spent_to_the_last(steps: list[float], shape: str, alpha: float, sides: int) -> None:
    information = (np.cumsum(steps) / sum(steps)).tolist()
    design = group_sequential(information, shape=shape, alpha=alpha, sides=sides)  # type: ignore[arg-type]
    assert design.spent[-1] == pytest.approx(alpha, abs=1e-6)
    assert list(design.spent) == sorted(design.spent)
    assert list(design.boundaries) == sorted(design.boundaries, reverse=True)
    assert design.power(0) == pytest.approx(alpha / sides, abs=1e-6)
    assert json.loads(json.dumps(design.to_dict()))["n"] == len(steps)
    assert design.to_table()["level"].to_list() == list(design.levels)


@pytest.mark.parametrize(("shape", "sides"), [("obrien_fleming", 2), ("pocock", 1)])
def test_recovery_of_power_and_expected_information(shape: str, sides: int) -> None:
    """20,000 simulated studies with unequal looks and a drift of 2.5."""
    information = np.array([0.2, 0.5, 0.9, 1.0])
    design = group_sequential(information.tolist(), shape=shape, sides=sides)  # type: ignore[arg-type]
    apart = np.diff(information, prepend=0)
    noise = np.random.default_rng(8).normal(0, 1, (20_000, 4)) * np.sqrt(apart)
    z = np.cumsum(noise + 2.5 * apart, axis=1) / np.sqrt(information)
    stops = (z if sides == 1 else np.abs(z)) > np.array(design.boundaries)
    first = np.where(stops.any(axis=1), stops.argmax(axis=1), 3)
    shown = stops.any(axis=1) & (z[np.arange(len(z)), first] > 0)
    assert shown.mean() == pytest.approx(design.power(2.5), abs=0.01)
    assert information[first].mean() == pytest.approx(design.expected_information(2.5), abs=0.01)


@pytest.mark.parametrize(("family", "unchanged", "changed"), [("binomial", 0.3, 0.15), ("poisson", 0.8, 0.4)])
def test_recovery_of_walds_errors_and_length(family: str, unchanged: float, changed: float) -> None:
    test = sequential_probability_ratio(unchanged, changed, family=family)  # type: ignore[arg-type]
    chance = np.random.default_rng(9)
    for truth, wrong, bound in ((unchanged, "changed", 0.05), (changed, "unchanged", 0.1)):
        draw = chance.binomial(1, truth, (600, 500)) if family == "binomial" else chance.poisson(truth, (600, 500))
        paths = [test.follow(row.tolist()) for row in draw]
        assert sum(path.decision == wrong for path in paths) / 600 <= bound + 0.02
        lengths = [path.n if path.decided_at is None else path.decided_at + 1 for path in paths]
        which = "changed" if truth == changed else "unchanged"
        assert np.mean(lengths) == pytest.approx(test.expected_units(which), rel=0.35)  # Wald leaves out the overshoot


def test_batches_give_the_same_evidence_as_their_units() -> None:
    test = sequential_probability_ratio(0.2, 0.1)
    one = test.follow([0, 1, 0, 0, 0, 1, 0])
    assert test.follow([1, 1], [4, 3]).ratios[-1] == pytest.approx(one.ratios[-1])
    assert json.loads(json.dumps(one.to_dict()))["decision"] == "undecided"
    assert json.loads(json.dumps(test.to_dict()))["clean_units"] == test.clean_units
    assert sequential_probability_ratio(0.1, 0.2).clean_units is None


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: group_sequential(0), "Asked for: 0"),
        (lambda: group_sequential(1000), "Asked for: 1000"),
        (lambda: group_sequential([0.5, 0.4, 1]), "Asked for: 0.5, 0.4, 1"),
        (lambda: group_sequential([0.5]), "Asked for: 0.5"),
        (lambda: group_sequential(3, shape="haybittle"), "Shape: haybittle"),  # type: ignore[arg-type]
        (lambda: group_sequential(3, sides=3), "sides: 3"),
        (lambda: sequential_probability_ratio(0.1, 0.1), "Rates: 0.1 and 0.1"),
        (lambda: sequential_probability_ratio(0.1, 1.5), "Rates: 0.1 and 1.5"),
        (lambda: sequential_probability_ratio(0.1, 0.2).follow([2]), "Numbers of cases: 1"),
        (lambda: sequential_probability_ratio(0.1, 0.2).follow([1], [1, 1]), "of units: 2"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_a_remedy(refused: object, words: str) -> None:
    with pytest.raises(MeasureError) as error:
        refused()  # type: ignore[operator]
    assert words in str(error.value)
