"""The receiver's two judgements: McNemar's exact test as the R package exact2x2 prints it."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.two_judgements import JudgedWeek, two_judgements

MONDAY = date(2026, 3, 2)


def weeks(*counts: tuple[int, int]) -> list[JudgedWeek]:
    """Weeks in which so many handoffs were agreed only and fit only, beside 20 that were both."""
    return [JudgedWeek(MONDAY + timedelta(weeks=n), 20, agreed, fit) for n, (agreed, fit) in enumerate(counts)]


def test_exact2x2_fay_2010() -> None:
    """matrix(c(21, 9, 2, 12), 2): b = 2, c = 9, p-value = 0.06543, odds ratio .2222 (0.02336464, 1.07363844)."""
    found = two_judgements([JudgedWeek(MONDAY, both=21, agreed_only=2, fit_only=9, neither=12)])
    assert (found.n, found.p) == (44, pytest.approx(0.06543, abs=5e-6))
    assert found.value == pytest.approx(2 / 11)
    assert found.interval is not None
    assert [bound / (1 - bound) for bound in found.interval] == pytest.approx((0.02336464, 1.07363844), abs=5e-8)
    assert (found.direction, found.lasting, found.finding) == ("none", False, None)


def test_a_standard_that_is_wrong_for_eight_weeks() -> None:
    found = two_judgements(weeks(*[(3, 0), (3, 1)] * 4))
    assert (found.direction, found.lasting) == ("agreed_but_unfit", True)
    assert found.finding is not None
    assert found.finding.render() == (
        "The standard looks wrong: 24 handoffs were as agreed and yet unfit, 4 fit and not as agreed, and that lasts"
        " (8 weeks). Agree on what is needed."
    )


def test_a_standard_that_is_too_strict_and_one_bad_week() -> None:
    strict = two_judgements(weeks(*[(0, 4)] * 4))
    assert (strict.direction, strict.lasting) == ("fit_but_not_agreed", True)
    assert "looks too strict" in str(strict.finding and strict.finding.render())
    once = two_judgements(weeks((0, 0), (0, 0), (0, 0), (20, 0)))
    assert (once.direction, once.lasting) == ("agreed_but_unfit", False)
    assert str(once.finding and once.finding.render()).endswith("If that lasts, the standard is wrong.")
    short = two_judgements(weeks((10, 0), (10, 0)))
    assert not short.lasting
    assert "it needs 4 weeks, there are 2" in short.warnings[-1].render()
    assert json.loads(json.dumps(strict.to_dict()))["direction"] == "fit_but_not_agreed"


def test_recovery_judgements_that_part_by_chance_are_called_different_as_often_as_said() -> None:
    chance, called = np.random.default_rng(6), 0
    for _ in range(400):
        agreed = int(chance.binomial(60, 0.5))
        called += two_judgements([JudgedWeek(MONDAY, 100, agreed, 60 - agreed)]).direction != "none"
    assert called / 400 <= 0.05 + 0.02


def test_weeks_that_cannot_be_are_refused() -> None:
    for wrong, words in (
        ([], "There are 0 entries"),
        (weeks((1, 0)) * 2, "2 entries for 1"),
        (weeks((-1, 0)), "is -1"),
    ):
        with pytest.raises(MeasureError) as refused:
            two_judgements(wrong)
        assert words in str(refused.value)
