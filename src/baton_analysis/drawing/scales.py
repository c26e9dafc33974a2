"""Where things lie in a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

GRID_LINES = 5


def ticks(low: float, high: float, wanted: int = GRID_LINES) -> list[float]:
    """Round figures from ``low`` to ``high``, about ``wanted`` of them, a step of 1, 2 or 5 times a power of ten."""
    span = high - low
    if span <= 0:
        return [low]
    rough = span / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = math.ceil(low / step)
    last = math.floor(high / step)
    return [round(number * step, 12) for number in range(first, last + 1)]


def path(points: Sequence[tuple[float, float] | None]) -> str:
    """A line through the points (x, y in the picture); None lifts the pen."""
    drawn, pen_down = [], False
    for point in points:
        if point is not None:
            drawn.append(f"{'L' if pen_down else 'M'}{point[0]:.1f} {point[1]:.1f}")
        pen_down = point is not None
    return " ".join(drawn)
