"""Unproven fixes: every way of being unproven is named, and what is proven or still pending is left alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from baton_analysis.measures.charted_series import FrozenLimits
from baton_analysis.measures.effect_plan import EffectPlan, Observation, SeriesModel, Window
from baton_analysis.signals.unproven_fixes import REASON_NAMES, Fix, UnprovenFix, unproven_fixes

MONDAY = date(2026, 1, 5)
TODAY = date(2026, 12, 7)


def week(number: int) -> date:
    return MONDAY + timedelta(weeks=number)


PLAN = EffectPlan(
    metric="late deliveries",
    test="two_proportions",
    better="lower",
    minimal_effect=0.1,
    baseline=Window(week(0), week(20) - timedelta(days=1)),
    trigger=Window(week(19), week(20) - timedelta(days=1)),
    follow_up=Window(week(22), week(34) - timedelta(days=1)),
    fixed_on=week(21),
    minimal_after=100,
)


def weeks(first: int, values: Sequence[float]) -> tuple[Observation, ...]:
    return tuple(Observation(week(first + number), value, 20) for number, value in enumerate(values))


def fix(name: str, after: Sequence[float], **changes: Any) -> Fix:
    parts: dict[str, Any] = {
        "carried_out": week(21),
        "plan": PLAN,
        "signed_on": week(21),
        "signed_digest": PLAN.digest,
        "observations": (*weeks(0, [5, 6, 4, 5] * 5), *weeks(22, after)),
    }
    return Fix(name, **{**parts, **changes})


GOOD, SAME, BAD = [2, 1, 2] * 4, [5, 6, 5] * 4, [10, 11, 9] * 4


def only(one: Fix, today: date = TODAY) -> UnprovenFix | None:
    result = unproven_fixes([one], today=today)
    assert result.n == 1
    return result.findings[0] if result.findings else None


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (fix("a", GOOD, plan=None), "no_plan"),
        (fix("a", GOOD, signed_on=None), "not_fixed_before_data"),
        (fix("a", GOOD, signed_on=week(23)), "not_fixed_before_data"),
        (fix("a", GOOD, plan=replace(PLAN, alpha=0.1)), "plan_changed"),
        (fix("a", GOOD[:3]), "too_little_data"),
        (fix("a", SAME), "not_shown"),
        (fix("a", BAD), "worse"),
        (fix("a", GOOD, later=weeks(34, SAME)), "faded"),
        (fix("a", [30] * 12), "not_testable"),
    ],
)
def test_each_way_of_being_unproven(one: Fix, reason: str) -> None:
    found = only(one)
    assert found is not None
    assert (found.action, found.reason) == ("a", reason)
    assert found.name == REASON_NAMES[found.reason]
    assert (found.problem is not None) == (reason == "not_testable")


def test_what_works_and_what_is_pending_is_left_alone() -> None:
    fixes = [
        fix("proven", GOOD),
        fix("lasting", GOOD, later=weeks(34, GOOD)),
        fix("open", GOOD, carried_out=None),
        fix("in future", GOOD, carried_out=TODAY + timedelta(days=1)),
        fix("no effect", SAME),
        fix("no plan", SAME, plan=None),
    ]
    result = unproven_fixes(fixes, today=TODAY)
    assert (result.n, result.proven, result.pending) == (4, 2, 0)
    assert [one.action for one in result.findings] == ["no plan", "no effect"]  # the longest known first
    assert result.to_table()["reason"].to_list() == ["no_plan", "not_shown"]
    assert json.loads(json.dumps(result.to_dict()))["findings"][1]["judgement"]["verdict"] == "not_shown"
    during = unproven_fixes(fixes, today=week(30))
    assert (during.pending, [one.action for one in during.findings]) == (3, ["no plan"])
    assert only(fix("unsigned", [], signed_on=None), today=week(21)) is None
    assert only(fix("today", GOOD, later=(Observation(TODAY, 20, 20),))) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"test": "standard", "standard": 0.3, "baseline": None, "trigger": None},
        {"test": "long_run_limits", "limits": FrozenLimits("i", 5.0, 1.0, 60), "baseline": None, "trigger": None,
          "minimal_after": 5, "minimal_effect": 1},
        {"test": "segmented", "series": SeriesModel(family="poisson", errors="independent"), "minimal_after": 5},
        {"test": "segmented", "series": SeriesModel(errors="independent"), "minimal_after": 5},
        {"test": "welch", "minimal_after": 5, "minimal_effect": 1},
    ],
)  # fmt: skip
def test_a_faded_effect_is_seen_whatever_the_test(changes: dict[str, Any]) -> None:
    plan = replace(PLAN, **changes)
    signed = {"plan": plan, "signed_digest": plan.digest}
    facts = fix("a", GOOD).observations
    if plan.baseline is None:
        signed["observations"] = tuple(one for one in facts if one.day in plan.follow_up)
    assert only(fix("a", GOOD, **signed)) is None
    found = only(fix("a", GOOD, later=weeks(34, BAD), **signed))
    assert found is not None
    assert found.reason == "faded"
