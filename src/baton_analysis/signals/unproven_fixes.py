"""Unproven fixes: which actions are said to have worked, without anything that shows it?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl

from baton_analysis.arguments import checked, checked_fields
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.effect_plan import EffectJudgement, EffectPlan, Observation, PlannedTest, Window, judge
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "1"

Reason = Literal[
    "no_plan", "not_fixed_before_data", "plan_changed", "too_little_data", "not_shown", "worse", "faded", "not_testable"
]

REASON_NAMES: Mapping[Reason, str] = {
    "no_plan": gettext_noop("There is no plan for proving the effect."),
    "not_fixed_before_data": gettext_noop("The plan was not signed before the data began."),
    "plan_changed": gettext_noop("The plan is not the one that was signed."),
    "too_little_data": gettext_noop("The follow-up is over, with too little data."),
    "not_shown": gettext_noop("The follow-up is over, and no effect is shown."),
    "worse": gettext_noop("The follow-up is over, and it is worse than before."),
    "faded": gettext_noop("There was an effect, and it has faded."),
    "not_testable": gettext_noop("The follow-up is over, and the data do not allow the planned test."),
}
"""What each reason says; English templates."""


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class Fix:
    """An action, as far as its effect goes.

    Attributes
    ----------
    action
        What it is called by.
    carried_out
        The day on which it was; None while it is open.
    plan, signed_on, signed_digest
        Its effect plan, and day and digest of the signature.
    observations
        The metric in the windows of the plan; ``later`` after them.
    """

    action: Hashable
    carried_out: date | None
    plan: EffectPlan | None = None
    signed_on: date | None = None
    signed_digest: str = ""
    observations: tuple[Observation, ...] = ()
    later: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class UnprovenFix:
    """One finding. ``since``: the day from which on it could have been known; ``judgement`` where one could be made, of
    a faded effect that of the later time against the follow-up. ``problem`` says why a test could not be made.
    """

    action: Hashable
    reason: Reason
    since: date
    judgement: EffectJudgement | None = None
    problem: MeasureError | None = None

    @property
    def name(self) -> str:
        """What the reason says; English template."""
        return REASON_NAMES[self.reason]

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "action": str(self.action),
            "reason": self.reason,
            "since": self.since.isoformat(),
            "judgement": self.judgement.to_dict() if self.judgement else None,
            "problem": str(self.problem) if self.problem else None,
        }


@dataclass(frozen=True, slots=True)
class UnprovenFixes(Result):
    """Findings, longest known first.

    Attributes
    ----------
    n
        Actions that were carried out.
    proven, pending
        How many of them have an effect that is shown and lasts, and how many whose follow-up is not over.
    """

    findings: tuple[UnprovenFix, ...]
    n: int
    proven: int
    pending: int
    today: date
    warnings: tuple[Notice, ...] = ()
    method: str = "judged_by_effect_plan"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a finding."""
        rows = [(str(one.action), one.reason, one.since) for one in self.findings]
        return pl.DataFrame(rows, schema={"action": pl.String, "reason": pl.String, "since": pl.Date}, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "proven", "pending")
        return {
            **{name: getattr(self, name) for name in plain},
            "today": self.today.isoformat(),
            "findings": [finding.to_dict() for finding in self.findings],
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def unproven_fixes(fixes: Sequence[Fix], *, today: date) -> UnprovenFixes:
    """Go through the actions that were carried out, and judge each by its plan.

    An action is unproven if it has no plan; if the plan was not signed before the follow-up began, or is not the one
    that was signed; if the follow-up is over and an effect is not shown; or if what came later is worse than the
    follow-up (by the test of the plan, at its alpha).
    """
    done = [fix for fix in fixes if fix.carried_out is not None and fix.carried_out <= today]
    verdicts = [_looked_at(fix, today) for fix in done]
    findings = sorted((one for one in verdicts if isinstance(one, UnprovenFix)), key=lambda one: one.since)
    return UnprovenFixes(tuple(findings), len(done), verdicts.count("proven"), verdicts.count("pending"), today)


def _looked_at(fix: Fix, today: date) -> UnprovenFix | Literal["proven", "pending"]:
    plan = fix.plan
    if plan is None:
        return UnprovenFix(fix.action, "no_plan", fix.carried_out or today)
    start, end = plan.follow_up.start, plan.follow_up.end
    if fix.signed_on is None or fix.signed_on > start:
        # Until the follow-up begins there is still time to sign.
        return UnprovenFix(fix.action, "not_fixed_before_data", start) if today > start else "pending"
    if fix.signed_digest != plan.digest:
        return UnprovenFix(fix.action, "plan_changed", fix.signed_on)
    if today <= end:
        return "pending"
    try:
        judgement = judge(plan, fix.observations, today=today)
        if judgement.verdict != "effective":
            return UnprovenFix(fix.action, judgement.verdict, end, judgement)
        later = _later(plan, fix, today)
    except MeasureError as error:
        return UnprovenFix(fix.action, "not_testable", end, problem=error)
    if later is not None and later.verdict == "worse":
        return UnprovenFix(fix.action, "faded", end + timedelta(days=1), later)
    return "proven"


def _later(plan: EffectPlan, fix: Fix, today: date) -> EffectJudgement | None:
    """What came after the follow-up against the follow-up; None where nothing came."""
    later = [one for one in fix.later if one.day < today]
    if not later:
        return None
    follow_up = [one for one in fix.observations if one.day in plan.follow_up]
    again = replace(
        plan,
        test=_same_in_two_windows(plan),
        baseline=plan.follow_up,
        follow_up=Window(plan.follow_up.end + timedelta(days=1), max(one.day for one in later)),
        trigger=None,
        minimal_before=plan.minimal_after,
        standard=None,
        limits=None,
        series=None,
        looks=(),
    )
    return judge(again, [*follow_up, *later], today=today)


def _same_in_two_windows(plan: EffectPlan) -> PlannedTest:
    """The test of two windows that fits what the plan looks at."""
    poisson = plan.series is not None and plan.series.family == "poisson"
    others: Mapping[PlannedTest, PlannedTest] = {
        "standard": "two_proportions",
        "long_run_limits": "welch",
        "segmented": "poisson_rates" if poisson else "welch",
    }
    return others.get(plan.test, plan.test)
