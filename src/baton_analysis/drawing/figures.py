"""How numbers and shares are written for people, the same in both languages of Baton.

A missing value is an en dash, never a zero. Figures are grouped by thousands with a comma; unit and figure are kept on
one line by a no-break space.
"""

from __future__ import annotations

import math
from typing import Any

MISSING = "–"
NO_BREAK = "\u00a0"


def figure_of(value: Any) -> float | None:
    """The value as a finite number, or None where there is none."""
    if value is None or isinstance(value, str) and not value.strip():
        return None
    try:
        figure = float(value)
    except (TypeError, ValueError):
        return None
    return figure if math.isfinite(figure) else None


def number(value: Any, digits: int | None = None) -> str:
    """``1234.5`` → ``1,234.5``. Without ``digits`` whole numbers stay whole and others keep at most two decimals."""
    figure = figure_of(value)
    if figure is None:
        return MISSING
    if digits is not None:
        written = f"{figure:,.{digits}f}"
    elif figure == int(figure):
        written = f"{int(figure):,}"
    else:
        written = f"{figure:,.2f}".rstrip("0").rstrip(".")
    if not written.strip("-0.,"):
        written = written.lstrip("-")  # what rounds to nothing has no sign
    return written.replace("-", "−")


def trimmed(value: float, digits: int) -> str:
    """A figure with at most so many decimals and no needless ones: ``0.0125``, ``5``."""
    return number(value, next(few for few in range(digits + 1) if few == digits or round(value, few) == value))


def percent(fraction: Any, digits: int = 1) -> str:
    """A share between 0 and 1 → ``12.3 %``."""
    figure = figure_of(fraction)
    if figure is None:
        return MISSING
    return f"{number(figure * 100, digits)}{NO_BREAK}%"
