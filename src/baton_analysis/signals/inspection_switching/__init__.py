"""How much to inspect next: switching between normal, tightened and reduced inspection, skip-lot and a stop.

A pure state machine: :func:`step` takes a state and what happened (a lot was judged, somebody decided) and gives the
next state, and the switch if there is one. Every switch names its rule, the lots behind it and who decided.

Rules that two published schemes share (MIL-STD-105E, 4.7; ISO 2859-1:1999, clause 9): inspection starts as normal; two
of five or fewer consecutive lots not accepted tighten it; five consecutive lots accepted relax it; five lots not
accepted while it is tightened stop it, until the supplier's action is agreed to work; a lot not accepted ends reduced
inspection. They differ in what opens reduced inspection: see :data:`ISO_2859_1` and :data:`MIL_STD_105E`.

Follow each class of nonconformity of each supplier by itself. Lots that are submitted again count nowhere. A state that
is entered begins with no lots behind it.
"""

from __future__ import annotations

from baton_analysis.signals.inspection_switching.machine import follow, score_of, step
from baton_analysis.signals.inspection_switching.model import (
    DECISION_NAMES,
    ISO_2859_1,
    MIL_STD_105E,
    SEVERITY_NAMES,
    Decision,
    DecisionKind,
    InspectionState,
    LotJudgement,
    LotResult,
    Severity,
    SkipLot,
    Switch,
    SwitchingHistory,
    SwitchingRules,
)

__all__ = [
    "DECISION_NAMES",
    "ISO_2859_1",
    "MIL_STD_105E",
    "SEVERITY_NAMES",
    "Decision",
    "DecisionKind",
    "InspectionState",
    "LotJudgement",
    "LotResult",
    "Severity",
    "SkipLot",
    "Switch",
    "SwitchingHistory",
    "SwitchingRules",
    "follow",
    "score_of",
    "step",
]
