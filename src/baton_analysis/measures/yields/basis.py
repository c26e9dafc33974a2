"""What yields, defects and causes share."""

from __future__ import annotations

VERSION = "1"

FEW_UNITS = 30
"""With fewer units a first-pass yield is rough."""

Interval = tuple[float, float]
