"""Judging an effect by its plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.effect_plan.judgement import EffectJudgement, Verdict
from baton_analysis.measures.effect_plan.outcome import Outcome
from baton_analysis.measures.effect_plan.plan import EffectPlan, Observation
from baton_analysis.measures.effect_plan.testing import tested
from baton_analysis.readers.model import Notice

_WEAK = 0.8


def judge(plan: EffectPlan, observations: Sequence[Observation], *, today: date) -> EffectJudgement:
    """Whether an action worked, by nothing but its plan.

    What triggered the action, and what lies between baseline and follow-up, is left out. With planned looks the latest
    one that is over is judged, on what was there by then.

    Parameters
    ----------
    observations
        The metric in the windows of the plan, in any order.
    today
        Decides which windows are over.

    Raises
    ------
    MeasureError
        Observations from outside of the plan; the follow-up (or the first look) is not over; the test cannot be made.
    """
    look, until = _look(plan, today)
    _demand_within(plan, observations)
    before = [one for one in observations if _is_baseline(plan, one.day)]
    after = [one for one in observations if one.day in plan.follow_up and one.day <= until]
    left_out = len(observations) - len(before) - len(after)
    n_before, n_after = _amount(plan, before), _amount(plan, after)
    design = plan.design
    level = plan.level if design is None or look is None else design.levels[look - 1]
    if not _enough(plan, n_before, n_after):
        return EffectJudgement(
            verdict="too_little_data",
            method=plan.test,
            n_before=n_before,
            n_after=n_after,
            left_out=left_out,
            level=level,
            look=look,
            plan_digest=plan.digest,
            warnings=(_too_little(plan, n_before, n_after),),
        )
    outcome = tested(plan, before, after, level)
    verdict = _verdict(plan, outcome, level)
    return EffectJudgement(
        verdict=verdict,
        method=outcome.method,
        n_before=n_before,
        n_after=n_after,
        left_out=left_out,
        level=level,
        plan_digest=plan.digest,
        before=outcome.before,
        after=outcome.after,
        estimate=outcome.estimate,
        scale=outcome.scale,
        interval=outcome.interval,
        p=outcome.p if plan.sides == 2 else outcome.p_better,
        power=outcome.power,
        dispersion=outcome.dispersion,
        look=look,
        warnings=(*outcome.warnings, *_remarks(plan, outcome, verdict)),
    )


def _look(plan: EffectPlan, today: date) -> tuple[int | None, date]:
    """Which look it is, if any were planned, and until which day observations count; before that it is peeking."""
    looks = plan.looks or (plan.follow_up.end,)
    over = [look for look in looks if look < today]
    if not over:
        raise MeasureError(
            expected=gettext_noop("The result may be looked at after {day}: whoever looks earlier, and stops when it is"
                                  " good, finds effects that are not there."),
            found=gettext_noop("Today is {today}."),
            remedy=gettext_noop("Wait, or plan looks beforehand next time."),
            day=looks[0].isoformat(),
            today=today.isoformat(),
        )  # fmt: skip
    return (len(over) if plan.looks else None), over[-1]


def _demand_within(plan: EffectPlan, observations: Sequence[Observation]) -> None:
    starts = [window.start for window in (plan.baseline, plan.trigger, plan.follow_up) if window is not None]
    first, last = min(starts), plan.follow_up.end
    outside = sorted(one.day for one in observations if not first <= one.day <= last)
    if outside:
        raise MeasureError(
            expected=gettext_noop("The plan speaks of {first} to {last} and of nothing else."),
            found=gettext_noop("Outside of it: {number} observations, the first on {day}."),
            remedy=gettext_noop("Leave them out. A plan is not widened once data are there."),
            first=first.isoformat(),
            last=last.isoformat(),
            number=len(outside),
            day=outside[0].isoformat(),
        )


def _is_baseline(plan: EffectPlan, day: date) -> bool:
    return plan.baseline is not None and day in plan.baseline and (plan.trigger is None or day not in plan.trigger)


def _amount(plan: EffectPlan, observations: Sequence[Observation]) -> float:
    """Units or exposure; points of what is measured."""
    if plan.test in {"two_proportions", "poisson_rates", "standard"}:
        return float(sum(one.size for one in observations))
    return float(len(observations))


def _enough(plan: EffectPlan, n_before: float, n_after: float) -> bool:
    """As many as the plan wants, and as the test needs at all."""
    least = 2.0 if plan.test in {"welch", "segmented"} else 1e-12
    before = plan.baseline is None or n_before >= max(plan.minimal_before, least)
    return before and n_after >= max(plan.minimal_after, least)


def _verdict(plan: EffectPlan, outcome: Outcome, level: float) -> Verdict:
    better, worse = outcome.p_better <= level, outcome.p_worse <= level
    if plan.sides == 2:
        shown = outcome.p <= level
        better, worse = shown and outcome.rises == (plan.better == "higher"), shown
    if better:
        return "effective"
    return "worse" if worse else "not_shown"


def _too_little(plan: EffectPlan, n_before: float, n_after: float) -> Notice:
    little = gettext_noop(
        "The plan wants {before} before and {after} after; there are {n_before} and {n_after}. Nothing is said about"
        " the effect."
    )
    values = {"before": plan.minimal_before, "after": plan.minimal_after, "n_before": n_before, "n_after": n_after}
    return Notice(little, values={name: f"{value:g}" for name, value in values.items()})


def _remarks(plan: EffectPlan, outcome: Outcome, verdict: Verdict) -> tuple[Notice, ...]:
    remarks = []
    if plan.baseline is not None and plan.trigger is None:
        open_end = gettext_noop(
            "The plan names no trigger. If the action was opened because a figure of the baseline was bad, part of the"
            " improvement comes by itself."
        )
        remarks.append(Notice(open_end))
    if verdict == "worse" and plan.baseline is not None and plan.trigger is not None:
        trimmed = gettext_noop(
            "The baseline lacks the bad point that opened the action, and so looks a little better than it was."
        )
        remarks.append(Notice(trimmed))
    gain, possible = _gain(plan, outcome)
    if verdict == "not_shown" and possible < plan.minimal_effect:
        ruled_out = gettext_noop("An effect as large as is worth having ({effect}) is ruled out by the interval.")
        remarks.append(Notice(ruled_out, values={"effect": f"{plan.minimal_effect:g}"}))
    elif verdict == "not_shown":
        no_proof = gettext_noop(
            "No effect is shown; that does not show that there is none. An effect that is worth having ({effect}) would"
            " have been shown with a probability of {power}."
        )
        values = {"effect": f"{plan.minimal_effect:g}", "power": f"{outcome.power:.0%}"}
        remarks.append(Notice(no_proof, values=values))
    if verdict == "effective" and gain < plan.minimal_effect:
        small = gettext_noop("The effect is shown, but smaller than what was called worth having ({effect}).")
        remarks.append(Notice(small, values={"effect": f"{plan.minimal_effect:g}"}))
    if verdict != "not_shown" and outcome.power < _WEAK:
        lucky = gettext_noop(
            "The power was {power} only: an effect that is found nevertheless tends to be overestimated."
        )
        remarks.append(Notice(lucky, values={"power": f"{outcome.power:.0%}"}))
    return tuple(remarks)


def _gain(plan: EffectPlan, outcome: Outcome) -> tuple[float, float]:
    """The improvement found, and the largest that the interval allows, both as ``minimal_effect`` counts it."""
    sign = -1 if plan.better == "lower" else 1
    best = outcome.interval[0] if plan.better == "lower" else outcome.interval[1]
    zero = 1.0 if outcome.scale == "ratio" else 0.0
    return sign * (outcome.estimate - zero), sign * (best - zero)
