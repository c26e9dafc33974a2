#!/usr/bin/env python3
"""How often an action that does nothing is called effective, when it was opened at the worst point.

    python3 -m benchmarks.regression_to_the_mean [--actions 1000] [--seed 1]

Each action watches a metric that never changes: 26 weeks, the worst of which opens the action; two weeks to bring it
in; 12 weeks of follow-up. A quarter each are measured values, measured values judged by a chart's long-run limits,
shares and rates. Judged by its plan (alpha .05 on one side, where such errors fall) and, beside it, as people do
without one: the follow-up against the worst week with its neighbours. Prints one line of JSON a way;
"effective" by the plan may come at most 67 times in 1,000 (50, and what chance may add).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from baton_analysis.measures.before_after import Comparison, poisson_rates, two_proportions, welch
from baton_analysis.measures.charted_series import FrozenLimits
from baton_analysis.measures.effect_plan import EffectJudgement, EffectPlan, Observation, Window, judge

KINDS = ("measured", "long_run_limits", "share", "rate")
MONDAY = date(2026, 1, 5)
BASELINE, TRANSITION, FOLLOW_UP = 26, 2, 12
MOST = 67

MEAN, SPREAD, GAIN = 50.0, 5.0, 5.0  # measured: weekly value, and an effect of one standard deviation
UNITS, SHARE, FEWER = 40, 0.2, 0.1
EXPOSURE, RATE, LESS = 100.0, 0.06, 0.4
LONG_RUN = 60  # weeks of chart before the baseline


@dataclass(frozen=True, slots=True)
class Action:
    """An action with its plan and the weeks that it saw; ``opened`` is the number of the week that opened it."""

    kind: str
    plan: EffectPlan
    observations: tuple[Observation, ...]
    opened: int


def action(chance: np.random.Generator, kind: str, *, effect: bool = False, at_worst: bool = True) -> Action:
    """One simulated action; with ``effect`` it brings what the plan calls worth having; opened in the worst week, or in
    any.
    """
    weeks = BASELINE + TRANSITION + FOLLOW_UP
    after = (np.arange(weeks) >= BASELINE + TRANSITION) & effect
    if kind == "share":
        values = chance.binomial(UNITS, np.where(after, SHARE - FEWER, SHARE)).astype(float)
    elif kind == "rate":
        values = chance.poisson(EXPOSURE * np.where(after, RATE * (1 - LESS), RATE)).astype(float)
    else:
        values = chance.normal(np.where(after, MEAN - GAIN, MEAN), SPREAD)
    opened = int(values[:BASELINE].argmax() if at_worst else chance.integers(BASELINE))
    limits = None
    if kind == "long_run_limits":
        earlier = chance.normal(MEAN, SPREAD, LONG_RUN)
        limits = FrozenLimits("i", float(earlier.mean()), float(earlier.std(ddof=1)), LONG_RUN)
    size = {"share": float(UNITS), "rate": EXPOSURE}.get(kind, 1.0)
    days = [MONDAY + timedelta(weeks=number) for number in range(weeks)]
    observations = tuple(Observation(day, float(value), size) for day, value in zip(days, values, strict=True))
    return Action(kind, _plan(kind, opened, limits), observations, opened)


def _plan(kind: str, opened: int, limits: FrozenLimits | None) -> EffectPlan:
    tests = {"measured": "welch", "long_run_limits": "long_run_limits", "share": "two_proportions"}
    return EffectPlan(
        metric=kind,
        test=tests.get(kind, "poisson_rates"),  # type: ignore[arg-type]
        better="lower",
        minimal_effect={"share": FEWER, "rate": LESS}.get(kind, GAIN),
        baseline=None if limits else Window(MONDAY, _last_day(BASELINE)),
        trigger=Window(MONDAY + timedelta(weeks=opened), _last_day(opened + 1)),
        follow_up=Window(MONDAY + timedelta(weeks=BASELINE + TRANSITION), _last_day(BASELINE + TRANSITION + FOLLOW_UP)),
        fixed_on=MONDAY + timedelta(weeks=BASELINE),
        limits=limits,
        sides=1,
    )


def _last_day(weeks: int) -> date:
    return MONDAY + timedelta(weeks=weeks, days=-1)


def judged(one: Action) -> EffectJudgement:
    """By its plan."""
    facts = [seen for seen in one.observations if one.plan.limits is None or seen.day in one.plan.follow_up]
    return judge(one.plan, facts, today=one.plan.follow_up.end + timedelta(days=1))


def naive(one: Action, around: int) -> Comparison:
    """The follow-up against the worst week and ``around`` weeks in which it lies: what people do without a plan."""
    first = max(0, min(one.opened - around // 2, BASELINE - around))
    before, after = one.observations[first : first + around], one.observations[BASELINE + TRANSITION :]
    if one.kind in {"measured", "long_run_limits"}:
        return welch([seen.value for seen in before], [seen.value for seen in after], alternative="less")
    totals = [(int(sum(seen.value for seen in part)), sum(seen.size for seen in part)) for part in (before, after)]
    if one.kind == "rate":
        return poisson_rates(totals[0], totals[1], alternative="less")
    shares = [(cases, int(units)) for cases, units in totals]
    return two_proportions(shares[0], shares[1], alternative="less")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actions", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = np.random.default_rng(options.seed)
    actions = [action(chance, KINDS[number % len(KINDS)]) for number in range(options.actions)]
    began = time.perf_counter()
    results = [judged(one) for one in actions]
    seconds = time.perf_counter() - began
    verdicts = Counter(result.verdict for result in results)
    by_kind = Counter(one.kind for one, result in zip(actions, results, strict=True) if result.verdict == "effective")
    allowed = MOST * options.actions // 1000
    print(json.dumps({"way": "plan", "actions": len(actions), "effective": verdicts["effective"], "allowed": allowed,
                      "verdicts": verdicts, "by_kind": by_kind, "seconds": round(seconds, 2)}))  # fmt: skip
    for around in (2, 4):
        found = sum(naive(one, around).p <= 0.05 for one in actions)
        print(json.dumps({"way": f"the worst week and its neighbours, {around} in all", "effective": found}))
    if verdicts["effective"] > allowed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
