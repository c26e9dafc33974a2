"""Sequential tests against published tables; each test is named after its source."""

from __future__ import annotations

import pytest

from baton_analysis.measures.before_after import group_sequential, sequential_probability_ratio


def test_jennison_turnbull_2000_pocock_constants() -> None:
    """Table 2.1, alpha .05, two-sided: 2, 3, 5 and 10 looks."""
    constants = [group_sequential(looks, shape="pocock").constant for looks in (2, 3, 5, 10)]
    assert constants == pytest.approx([2.178, 2.289, 2.413, 2.555], abs=0.001)


def test_jennison_turnbull_2000_obrien_fleming_constants() -> None:
    """Table 2.3, alpha .05, two-sided: 2, 3, 5 and 10 looks; five looks stop at 4.562, 3.226, 2.634, 2.281, 2.040."""
    constants = [group_sequential(looks).constant for looks in (2, 3, 5, 10)]
    assert constants == pytest.approx([1.977, 2.004, 2.040, 2.087], abs=0.001)
    assert group_sequential(5).boundaries == pytest.approx([4.562, 3.226, 2.634, 2.281, 2.040], abs=0.002)


def test_armitage_mcpherson_rowe_1969_five_looks_at_five_percent() -> None:
    """Stopping at |z| > 1.96 at any of 5 looks: wrong in .142; of 10 in .193."""
    from numpy import arange, full

    from baton_analysis.measures.before_after.group_sequential import stopping_probabilities

    for looks, wrong in ((1, 0.05), (2, 0.083), (5, 0.142), (10, 0.193)):
        up, down = stopping_probabilities(arange(1, looks + 1) / looks, full(looks, 1.959964), 2, 0.0)
        assert up.sum() + down.sum() == pytest.approx(wrong, abs=0.0005)


def test_definition_of_one_look() -> None:
    """Without further looks it is the usual test: z 1.960, or 1.645 on one side; power .9 at 1.960 + 1.2816."""
    assert group_sequential(1).boundaries == pytest.approx([1.959964], abs=1e-6)
    assert group_sequential(1, sides=1).boundaries == pytest.approx([1.644854], abs=1e-6)
    assert group_sequential(1).power(3.241515) == pytest.approx(0.9, abs=1e-5)


def test_wald_1947_bounds_and_steps() -> None:
    """Defects of 10 % against 5 %, alpha .05, beta .10."""
    test = sequential_probability_ratio(0.10, 0.05, alpha=0.05, beta=0.10)
    assert (test.upper, test.lower) == pytest.approx((2.890372, -2.251292), abs=1e-6)
    assert (test.unit_step, test.case_step) == pytest.approx((0.054067, -0.693147), abs=1e-6)
    assert test.clean_units == 54
    assert test.follow([0] * 54).decided_at == 53
    assert test.follow([0] * 53).decision == "undecided"
