"""Reads of monitoring: results as they are stored, nothing computed."""

from baton.monitoring.queries.figures import (
    Alarm,
    Figures,
    Flows,
    Latest,
    figures_of,
    flows_of,
    health_of,
    with_old_facts,
)
from baton.monitoring.queries.joining import Joined, Part
from baton.monitoring.queries.reach import Reach, reach
from baton.monitoring.queries.results import (
    PhaseNote,
    Results,
    has_measures,
    phase,
    phase_history,
    phases_ever,
    results_of,
    subject_of,
)
from baton.monitoring.queries.states import READER, Broken, State, TableState, state

__all__ = [
    "READER",
    "Alarm",
    "Broken",
    "Figures",
    "Flows",
    "Joined",
    "Latest",
    "Part",
    "PhaseNote",
    "Reach",
    "Results",
    "State",
    "TableState",
    "figures_of",
    "flows_of",
    "has_measures",
    "health_of",
    "phase",
    "phase_history",
    "phases_ever",
    "reach",
    "results_of",
    "state",
    "subject_of",
    "with_old_facts",
]
