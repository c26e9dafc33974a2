"""A control chart small enough to stand in a table: what it says is read on the page of the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from baton_analysis.drawing.scales import path

WIDTH, HEIGHT, MARGIN = 200, 56, 5


def draw(chart: Mapping[str, Any], label: str) -> SafeString:
    """An SVG of 200 by 56 pixels. ``chart``: values, centre, lcl and ucl, one a week (None: there is none), and
    ``hits``, the places at which a rule is violated, which are ringed. Empty where there is no value."""
    values: Sequence[float | None] = chart["values"]
    lines = ("values", "centre", "lcl", "ucl")
    known: list[float] = [one for key in lines for one in chart[key] if one is not None]
    if all(value is None for value in values):
        return SafeString("")
    low, high = min(known), max(known)
    step = (WIDTH - 2 * MARGIN) / max(1, len(values))
    rise = (HEIGHT - 2 * MARGIN) / ((high - low) or 1.0)

    def x(position: float) -> float:
        return MARGIN + step * (position + 0.5)

    def y(value: float) -> float:
        return HEIGHT - MARGIN - (value - low) * rise

    def line(key: str) -> str:
        return path([None if one is None else (x(place), y(one)) for place, one in enumerate(chart[key])])

    def steps(key: str) -> str:
        points: list[tuple[float, float] | None] = []
        for place, one in enumerate(chart[key]):
            points += [None] if one is None else [(x(place - 0.5), y(one)), (x(place + 0.5), y(one))]
        return path(points)

    marks = []
    for place, value in enumerate(values):
        if value is not None:
            at = f'cx="{x(place):.1f}" cy="{y(value):.1f}"'
            ring = f'<circle class="ring" {at} r="4.5"/>' if place in chart["hits"] else ""
            marks.append(f'{ring}<circle class="point" {at} r="1.75"/>')
    return mark_safe(
        f'<svg class="small-chart" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(label)}"><path class="limit" d="{steps("ucl")}"/><path class="limit" d="{steps("lcl")}"/>'
        f'<path class="centre" d="{steps("centre")}"/><path class="line" d="{line("values")}"/>{"".join(marks)}</svg>'
    )  # every part but the label, which is escaped, is a number
