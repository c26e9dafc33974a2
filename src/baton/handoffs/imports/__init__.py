"""What the room takes in as tables: handoffs, one a row, several a case, or where a log shows a case change hands."""

from baton.handoffs.imports.cases import CASES
from baton.handoffs.imports.events import EVENTS
from baton.handoffs.imports.handoffs import HANDOFFS

TARGETS = {"handoffs": HANDOFFS, "handoff_cases": CASES, "handoff_events": EVENTS}

__all__ = ["CASES", "EVENTS", "HANDOFFS", "TARGETS"]
