"""Judging an effect by its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.effect_plan.judgement import EffectJudgement, Verdict
from baton_analysis.measures.effect_plan.outcome import Outcome
from baton_analysis.measures.effect_plan.plan import EffectPlan, Observation
from baton_analysis.measures.effect_plan.testing import tested
from baton_analysis.readers.model import Notice

_WEAK = 0.8

_NO_TRIGGER = gettext_noop(
    "The plan names no trigger. If the action was opened because a figure of the baseline was bad, part of the"
    " improvement comes by itself."
)
_WITHOUT_WORST = gettext_noop(
    "The baseline lacks the bad point that opened the action, and so looks a little better than it was."
)
_RULED_OUT = gettext_noop("An effect as large as is worth having ({effect}) is ruled out by the interval.")
_NO_PROOF = gettext_noop(
    "No effect is shown; that does not show that there is none. An effect that is worth having ({effect}) would have"
    " been shown with a probability of {power}."
)
_SMALL = gettext_noop("The effect is shown, but smaller than what was called worth having ({effect}).")
_LUCKY = gettext_noop("The power was {power} only: an effect that is found nevertheless tends to be overestimated.")


@checked(MeasureError)
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
    windows = _Windows.of(plan, observations, until)
    design = plan.design
    level = plan.level if design is None or look is None else design.levels[look - 1]
    common = EffectJudgement(
        verdict="too_little_data",
        method=plan.test,
        n_before=windows.n_before,
        n_after=windows.n_after,
        left_out=windows.left_out,
        level=level,
        look=look,
        plan_digest=plan.digest,
        warnings=(_too_little(plan, windows),),
    )
    if not _enough(plan, windows):
        return common
    outcome = tested(plan, windows.before, windows.after, level)
    verdict = _verdict(plan, outcome, level)
    return replace(
        common,
        verdict=verdict,
        method=outcome.method,
        before=outcome.before,
        after=outcome.after,
        estimate=outcome.estimate,
        scale=outcome.scale,
        interval=outcome.interval,
        p=outcome.p if plan.sides == 2 else outcome.p_better,
        power=outcome.power,
        dispersion=outcome.dispersion,
        warnings=(*outcome.warnings, *_remarks(plan, outcome, verdict)),
    )


@dataclass(frozen=True, slots=True)
class _Windows:
    """Observations of both windows, how much they are, and how many belong to neither."""

    before: Sequence[Observation]
    after: Sequence[Observation]
    n_before: float
    n_after: float
    left_out: int

    @classmethod
    def of(cls, plan: EffectPlan, observations: Sequence[Observation], until: date) -> _Windows:
        before = [one for one in observations if _is_baseline(plan, one.day)]
        after = [one for one in observations if one.day in plan.follow_up and one.day <= until]
        left_out = len(observations) - len(before) - len(after)
        return cls(before, after, _amount(plan, before), _amount(plan, after), left_out)


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
            found=gettext_noop("Observations outside of it: {number}, the first on {day}."),
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


def _enough(plan: EffectPlan, windows: _Windows) -> bool:
    """As many as the plan wants, and as the test needs at all."""
    least = 2.0 if plan.test in {"welch", "segmented"} else 1e-12
    before = plan.baseline is None or windows.n_before >= max(plan.minimal_before, least)
    return before and windows.n_after >= max(plan.minimal_after, least)


def _verdict(plan: EffectPlan, outcome: Outcome, level: float) -> Verdict:
    better, worse = outcome.p_better <= level, outcome.p_worse <= level
    if plan.sides == 2:
        shown = outcome.p <= level
        better, worse = shown and outcome.rises == (plan.better == "higher"), shown
    if better:
        return "effective"
    return "worse" if worse else "not_shown"


def _too_little(plan: EffectPlan, windows: _Windows) -> Notice:
    little = gettext_noop(
        "The plan wants {before} before and {after} after; there are {n_before} and {n_after}. Nothing is said about"
        " the effect."
    )
    wanted = {"before": plan.minimal_before, "after": plan.minimal_after}
    there = {"n_before": windows.n_before, "n_after": windows.n_after}
    return Notice(little, values={name: f"{value:g}" for name, value in (wanted | there).items()})


def _remarks(plan: EffectPlan, outcome: Outcome, verdict: Verdict) -> tuple[Notice, ...]:
    """What belongs beside the verdict, so that nobody reads more into it than it says."""
    effect, power = f"{plan.minimal_effect:g}", f"{outcome.power:.0%}"
    gain, possible = _gain(plan, outcome)
    remarks = []
    if plan.baseline is not None and plan.trigger is None:
        remarks.append(Notice(_NO_TRIGGER))
    if verdict == "worse" and plan.baseline is not None and plan.trigger is not None:
        remarks.append(Notice(_WITHOUT_WORST))
    if verdict == "not_shown" and possible < plan.minimal_effect:
        remarks.append(Notice(_RULED_OUT, values={"effect": effect}))
    elif verdict == "not_shown":
        remarks.append(Notice(_NO_PROOF, values={"effect": effect, "power": power}))
    if verdict == "effective" and gain < plan.minimal_effect:
        remarks.append(Notice(_SMALL, values={"effect": effect}))
    if verdict != "not_shown" and outcome.power < _WEAK:
        remarks.append(Notice(_LUCKY, values={"power": power}))
    return tuple(remarks)


def _gain(plan: EffectPlan, outcome: Outcome) -> tuple[float, float]:
    """The improvement found, and the largest that the interval allows, both as ``minimal_effect`` counts it."""
    sign = -1 if plan.better == "lower" else 1
    best = outcome.interval[0] if plan.better == "lower" else outcome.interval[1]
    zero = 1.0 if outcome.scale == "ratio" else 0.0
    return sign * (outcome.estimate - zero), sign * (best - zero)
