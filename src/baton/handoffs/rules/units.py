"""In which unit a rate of defects counts. Pure Python."""

from __future__ import annotations

PIECES = frozenset({"", "pc", "pcs", "piece", "pieces", "件"})
"""Words for pieces; a line without a unit is counted in them, too."""


def plain_unit(unit: str) -> str:
    """The unit as two lines are compared: without regard to case; empty for pieces."""
    text = unit.strip().lower()
    return "" if text in PIECES else text
