"""Escape rates of checks by their definition, worked out by hand; intervals of published methods."""

from __future__ import annotations

import json

import numpy as np
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.escape_rates import Check, escape_rates

THREE = [Check("self-check", 60), Check("receiver", 30), Check("inspector", 6)]


def test_definition_found_there_against_found_later() -> None:
    found = escape_rates(THREE, came_back=4)
    assert [(one.n, one.found, one.later) for one in found.checks] == [(100, 60, 40), (40, 30, 10), (10, 6, 4)]
    assert [one.escape for one in found.checks] == [0.4, 0.25, 0.4]
    assert [one.caught for one in found.checks] == [0.6, 0.75, 0.6]
    assert (found.n, found.came_back, found.value) == (100, 4, 0.04)


def test_clopper_pearson_1934_no_escape_in_a_hundred() -> None:
    """The exact interval of 0 of 100 ends at 1 - .025^(1/100) = .0362; that of 4 of 100 is .0110 to .0993 (R)."""
    none = escape_rates([Check("inspector", 100)], came_back=0, interval="exact")
    assert none.interval == pytest.approx((0.0, 0.03622), abs=5e-6)
    some = escape_rates(THREE, came_back=4, interval="exact")
    assert some.interval == pytest.approx((0.01100449, 0.09925716), abs=5e-8)


def test_what_the_data_cannot_carry_is_said() -> None:
    silent = escape_rates([Check("self-check", 30, looked_at=100), Check("inspector", 2, looked_at=20)], came_back=0)
    assert [warning.render() for warning in silent.warnings] == [
        "At inspector only 2 defects are known; 20 are wanted. Look at the interval.",
        "Nothing came back. That shows good checks only if what is wrong would come back: ask the customer whether it"
        " does.",
        "inspector looked at 20 and self-check at 100: what one never saw counts as escaped there. Compare checks of"
        " the same handoffs.",
    ]
    nothing = escape_rates([Check("inspector", 0)], came_back=0)
    assert (nothing.value, nothing.checks[0].escape) == (None, None)
    assert nothing.warnings[0].render() == "No defect is known: there is no escape rate."
    assert json.loads(json.dumps(nothing.to_dict()))["checks"][0]["caught_interval"] is None


def test_recovery_of_what_each_check_lets_through() -> None:
    """20,000 defects; checks that let 40, 25 and 50 percent of what is there pass."""
    chance, left, checks = np.random.default_rng(3), 20_000, []
    for name, escape in (("self-check", 0.4), ("receiver", 0.25), ("inspector", 0.5)):
        caught = int(chance.binomial(left, 1 - escape))
        checks.append(Check(name, caught))
        left -= caught
    found = escape_rates(checks, came_back=left)
    for one, true in zip(found.checks, (0.4, 0.25, 0.5), strict=True):
        assert one.escape_interval is not None
        assert one.escape_interval[0] < true < one.escape_interval[1]
    assert found.value == pytest.approx(0.05, abs=0.006)


@pytest.mark.parametrize(
    ("checks", "came_back", "words"),
    [
        ([], 0, "Checks: –"),
        ([Check("one", 1), Check("one", 2)], 0, "Checks: one, one"),
        ([Check("one", -1)], 0, "smallest count is -1"),
        ([Check("one", 1)], -2, "smallest count is -2"),
    ],
)
def test_counts_that_cannot_be_are_refused(checks: list[Check], came_back: int, words: str) -> None:
    with pytest.raises(MeasureError) as refused:
        escape_rates(checks, came_back)
    assert words in str(refused.value)
