"""A control chart as SVG: what readers without scripts see, and what goes into mail."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 900, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 56, 28, 36
GRID_LINES = 5
LABELS = 10
MARK_POINTS_UP_TO = 400


def is_share(chart: Mapping[str, Any]) -> bool:
    """Whether the values are shares between 0 and 1, to be written as percentages (unit ``%`` says: already done)."""
    return str(chart.get("kind", "")).startswith("p") and chart.get("unit") != "%"


def rows(chart: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The points with their centre and the name of their phase: one row of the table each."""
    names = {position: phase["label"] for position, phase in enumerate(chart.get("phases", []))}
    centre = chart.get("centre", [])
    return [
        point | {"centre": centre[position] if position < len(centre) else None, "phase_name": _phase(point, names)}
        for position, point in enumerate(chart["points"])
    ]


def _phase(point: Mapping[str, Any], names: Mapping[int, str]) -> str:
    phase = point.get("phase")
    return names.get(phase, "") if isinstance(phase, int) else str(phase or "")


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


class _Scale:
    """Where a point number and a value lie in the picture."""

    def __init__(self, chart: Mapping[str, Any]) -> None:
        self.count = len(chart["points"])
        values = [v for p in chart["points"] for v in (p["value"], p.get("lcl"), p.get("ucl")) if v is not None]
        values += [value for value in chart.get("centre", []) if value is not None]
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        room = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
        # Waiting times and shares are never negative: the axis does not pretend that they could be.
        self.low = max(0.0, low - room) if low >= 0 else low - room
        self.high = high + room

    def x(self, position: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (position + 0.5) / max(1, self.count)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - self.low) / (self.high - self.low)


def _line(scale: _Scale, values: list[float | None]) -> str:
    """A line through the values; None lifts the pen."""
    path, pen_down = [], False
    for position, value in enumerate(values):
        if value is not None:
            path.append(f"{'L' if pen_down else 'M'}{scale.x(position):.1f} {scale.y(value):.1f}")
        pen_down = value is not None
    return " ".join(path)


def _steps(scale: _Scale, values: list[float | None], starts: set[int]) -> str:
    """A stepped line: every value holds for the whole width of its point; the pen is lifted where a phase starts."""
    path: list[str] = []
    before: float | None = None
    for position, value in enumerate(values):
        if value is not None:
            fresh = before is None or position in starts
            path.append(f"M{scale.x(position - 0.5):.1f} {scale.y(value):.1f}" if fresh else f"V{scale.y(value):.1f}")
            path.append(f"H{scale.x(position + 0.5):.1f}")
        before = value
    return " ".join(path)


def draw(chart: Mapping[str, Any], id: str) -> SafeString:
    """The chart as SVG, 900 by 320 units: limits stepped, phases separated, violations ringed and named in a title."""
    points = list(chart["points"])
    scale = _Scale(chart)
    starts = {int(phase["start"]) for phase in chart.get("phases", [])}
    every = max(1, math.ceil(len(points) / LABELS))
    marked = [
        {"x": f"{scale.x(i):.1f}", "y": f"{scale.y(p['value']):.1f}", "point": p}
        for i, p in enumerate(points)
        if p["value"] is not None and (p.get("violations") or len(points) <= MARK_POINTS_UP_TO)
    ]
    values = {
        "id": id,
        "chart": chart,
        "share": is_share(chart),
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "top": TOP,
        "bottom": HEIGHT - BOTTOM,
        "grid": [{"y": f"{scale.y(t):.1f}", "value": t} for t in ticks(scale.low, scale.high)],
        "labels": [{"x": f"{scale.x(i):.1f}", "text": points[i]["label"]} for i in range(0, len(points), every)],
        "line": _line(scale, [point["value"] for point in points]),
        "upper": _steps(scale, [point.get("ucl") for point in points], starts),
        "lower": _steps(scale, [point.get("lcl") for point in points], starts),
        "centre": _steps(scale, list(chart.get("centre", [])), starts),
        "marked": marked,
        "phases": [
            {"x": f"{scale.x(phase['start'] - 0.5):.1f}", "label": phase["label"], "first": position == 0}
            for position, phase in enumerate(chart.get("phases", []))
        ],
    }
    return SafeString(render_to_string("core/components/control_chart_picture.html", values))
