"""Effect plans: how an action will be judged is fixed before the data, and then judged by nothing else."""

from __future__ import annotations

from baton_analysis.measures.effect_plan.judgement import VERDICT_NAMES, EffectJudgement, Verdict
from baton_analysis.measures.effect_plan.judging import judge
from baton_analysis.measures.effect_plan.plan import EffectPlan, Observation, PlannedTest, SeriesModel, Window

__all__ = [
    "VERDICT_NAMES",
    "EffectJudgement",
    "EffectPlan",
    "Observation",
    "PlannedTest",
    "SeriesModel",
    "Verdict",
    "Window",
    "judge",
]
