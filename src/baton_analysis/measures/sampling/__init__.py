"""Acceptance sampling by attributes: plans of MIL-STD-105E, plans of your own, and what a plan lets pass."""

from __future__ import annotations

from baton_analysis.measures.sampling.design import plan_between, zero_acceptance_plan
from baton_analysis.measures.sampling.lookup import code_letter, double_plan, single_plan
from baton_analysis.measures.sampling.military_standard import (
    AQLS,
    LEVELS,
    MIL_STD_105E,
    RULE_SETS,
    MasterTable,
    SamplingRules,
    Severity,
)
from baton_analysis.measures.sampling.operating_characteristic import (
    Distribution,
    OperatingCharacteristic,
    operating_characteristic,
    skip_lot_acceptance,
)
from baton_analysis.measures.sampling.plans import Judgement, SamplingPlan, Stage

__all__ = [
    "AQLS",
    "LEVELS",
    "MIL_STD_105E",
    "RULE_SETS",
    "Distribution",
    "Judgement",
    "MasterTable",
    "OperatingCharacteristic",
    "SamplingPlan",
    "SamplingRules",
    "Severity",
    "Stage",
    "code_letter",
    "double_plan",
    "operating_characteristic",
    "plan_between",
    "single_plan",
    "skip_lot_acceptance",
    "zero_acceptance_plan",
]
