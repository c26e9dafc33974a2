"""What the room takes in as tables: handoffs, one a row or several a case."""

from baton.handoffs.imports.cases import CASES
from baton.handoffs.imports.handoffs import HANDOFFS

TARGETS = {"handoffs": HANDOFFS, "handoff_cases": CASES}

__all__ = ["CASES", "HANDOFFS", "TARGETS"]
