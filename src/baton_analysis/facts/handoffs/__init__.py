"""Handoffs: one row each, with net business time against its promise; and the events from which it is computed."""

from __future__ import annotations

from baton_analysis.facts.handoffs.columns import HANDOFFS, FactColumn, check_handoffs, handoff_schema
from baton_analysis.facts.handoffs.events import EVENT_KINDS, HANDOFF_EVENTS, EventKind
from baton_analysis.facts.handoffs.milestones import Milestone, MilestoneRows, rows_of_milestones
from baton_analysis.facts.handoffs.promises import Clock, Promise, Target
from baton_analysis.facts.handoffs.rows import events_of_rows
from baton_analysis.facts.handoffs.table import HandoffFacts, handoff_facts

__all__ = [
    "EVENT_KINDS",
    "HANDOFFS",
    "HANDOFF_EVENTS",
    "Clock",
    "EventKind",
    "FactColumn",
    "HandoffFacts",
    "Milestone",
    "MilestoneRows",
    "Promise",
    "Target",
    "check_handoffs",
    "events_of_rows",
    "handoff_facts",
    "handoff_schema",
    "rows_of_milestones",
]
