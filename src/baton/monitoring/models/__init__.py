"""Tables of monitoring: what runs compute, what people say to it, and how the runs themselves went."""

from baton.monitoring.models.results import (
    BrokenSource,
    FactFile,
    PhaseStart,
    StaleSubject,
    StoredMeasure,
    StoredViolation,
)
from baton.monitoring.models.runs import Run
from baton.monitoring.models.signals import Signal, SignalDigest, SignalRule, UnsortedSubject
from baton.monitoring.models.specifications import Specification, StoredCapability

__all__ = [
    "BrokenSource",
    "FactFile",
    "PhaseStart",
    "Run",
    "Signal",
    "SignalDigest",
    "SignalRule",
    "Specification",
    "StaleSubject",
    "StoredCapability",
    "StoredMeasure",
    "StoredViolation",
    "UnsortedSubject",
]
