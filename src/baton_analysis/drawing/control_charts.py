"""A control chart as SVG, 900 by 320 units: limits stepped, phases separated, violations ringed and named."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from baton_analysis.drawing.scales import path, ticks

WIDTH, HEIGHT = 900, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 56, 28, 36
LABELS = 10
MARK_POINTS_UP_TO = 400


@dataclass(frozen=True, slots=True)
class Words:
    """How figures and rules are written in the reader's language."""

    number: Callable[[float], str]
    percent: Callable[[float], str]
    rules: Callable[[Sequence[str]], str]


def is_share(chart: Mapping[str, Any]) -> bool:
    """Whether the values are shares between 0 and 1, to be written as percentages (unit ``%`` says: already done)."""
    return str(chart.get("kind", "")).startswith("p") and chart.get("unit") != "%"


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


def control_chart_svg(chart: Mapping[str, Any], id: str, words: Words) -> str:
    """The picture.

    ``chart``: title, unit, kind (I, p, p'), points (label, value or None, lcl, ucl, violations), centre (one a point),
    phases (start, label). ``id`` makes the id of the title, which names the picture to screen readers.
    """
    scale = _Scale(chart)
    starts = {int(phase["start"]) for phase in chart.get("phases", [])}
    points = chart["points"]
    figure = words.percent if is_share(chart) else words.number
    return "\n".join(
        [
            f'<svg class="picture" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{id}-picture-title">',
            f'<title id="{id}-picture-title">{escape(str(chart["title"]))}</title>',
            f'<g class="grid">{_grid(scale, figure)}</g>',
            f'<g class="axis">{_labels(scale, points)}</g>',
            f'<g class="phases">{_phases(scale, chart.get("phases", []))}</g>',
            f'<path class="limit" d="{_steps(scale, [point.get("ucl") for point in points], starts)}"/>'
            f'<path class="limit" d="{_steps(scale, [point.get("lcl") for point in points], starts)}"/>'
            f'<path class="centre" d="{_steps(scale, list(chart.get("centre", [])), starts)}"/>'
            f'<path class="line" d="{_line(scale, [point["value"] for point in points])}"/>',
            f"<g>{_marks(scale, chart, words)}</g>",
            "</svg>",
        ]
    )


def _grid(scale: _Scale, figure: Callable[[float], str]) -> str:
    return "".join(
        f'<path d="M{LEFT} {scale.y(tick):.1f}H{WIDTH - RIGHT}"/>'
        f'<text x="{LEFT}" y="{scale.y(tick):.1f}" dx="-8" dy="4" text-anchor="end">{escape(figure(tick))}</text>'
        for tick in ticks(scale.low, scale.high)
    )


def _labels(scale: _Scale, points: Sequence[Mapping[str, Any]]) -> str:
    every = max(1, math.ceil(len(points) / LABELS))
    return "".join(
        f'<text x="{scale.x(i):.1f}" y="{HEIGHT - BOTTOM}" dy="20" text-anchor="middle">'
        f"{escape(str(points[i]['label']))}</text>"
        for i in range(0, len(points), every)
    )


def _phases(scale: _Scale, phases: Sequence[Mapping[str, Any]]) -> str:
    drawn = []
    for number, phase in enumerate(phases):
        x = f"{scale.x(phase['start'] - 0.5):.1f}"
        line = f'<path d="M{x} {TOP}V{HEIGHT - BOTTOM}"/>' if number else ""
        drawn.append(f'{line}<text x="{x}" y="{TOP}" dx="6" dy="-10">{escape(str(phase["label"]))}</text>')
    return "".join(drawn)


def _line(scale: _Scale, values: Sequence[float | None]) -> str:
    return path([None if value is None else (scale.x(i), scale.y(value)) for i, value in enumerate(values)])


def _steps(scale: _Scale, values: Sequence[float | None], starts: set[int]) -> str:
    """A stepped line: every value holds for the whole width of its point; the pen is lifted where a phase starts."""
    drawn: list[str] = []
    before: float | None = None
    for position, value in enumerate(values):
        if value is not None:
            fresh = before is None or position in starts
            drawn.append(f"M{scale.x(position - 0.5):.1f} {scale.y(value):.1f}" if fresh else f"V{scale.y(value):.1f}")
            drawn.append(f"H{scale.x(position + 0.5):.1f}")
        before = value
    return " ".join(drawn)


def _marks(scale: _Scale, chart: Mapping[str, Any], words: Words) -> str:
    points = chart["points"]
    return "".join(
        _mark(scale, i, chart, words)
        for i, point in enumerate(points)
        if point["value"] is not None and (point.get("violations") or len(points) <= MARK_POINTS_UP_TO)
    )


def _mark(scale: _Scale, position: int, chart: Mapping[str, Any], words: Words) -> str:
    point = chart["points"][position]
    place = f'cx="{scale.x(position):.1f}" cy="{scale.y(point["value"]):.1f}"'
    value = (
        words.percent(point["value"])
        if is_share(chart)
        else f"{words.number(point['value'])} {chart.get('unit', '')}".strip()
    )
    said = escape(f"{point['label']}: {value}")
    if not point.get("violations"):
        return f'<circle class="point" {place} r="2.5"><title>{said}</title></circle>'
    return (
        f'<g class="violation"><circle {place} r="6"/><circle class="point" {place} r="3"/>'
        f"<title>{said}. {escape(words.rules(point['violations']))}</title></g>"
    )
