"""Results as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from django.utils.safestring import SafeString

from baton.core import formats
from baton.feedback.models import PublishedCell

WIDTH, HEIGHT = 160, 18
_MARGIN = 6
MATRIX = 420
_LEFT, _BOTTOM, _EDGE = 60, 44, 16


def interval_svg(cell: PublishedCell, low: float, high: float) -> SafeString:
    """A figure as a point on its scale, with its interval as a bar: few answers make a long one. Who cannot see it
    reads the same figures beside it."""

    def place(value: float) -> float:
        return _MARGIN + (WIDTH - 2 * _MARGIN) * (value - low) / (high - low)

    value = cell.value if cell.value is not None else low
    first = cell.lower if cell.lower is not None else value
    last = cell.upper if cell.upper is not None else value
    middle = HEIGHT / 2
    return SafeString(
        f'<svg class="picture" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f'<g class="grid"><path d="M{_MARGIN} {middle}H{WIDTH - _MARGIN}"/>'
        f'<path d="M{_MARGIN} 4V{HEIGHT - 4}M{WIDTH - _MARGIN} 4V{HEIGHT - 4}"/></g>'
        f'<path class="line" d="M{place(first):.1f} {middle}H{place(last):.1f}'
        f'M{place(first):.1f} 5V{HEIGHT - 5}M{place(last):.1f} 5V{HEIGHT - 5}"/>'
        f'<circle class="point" cx="{place(value):.1f}" cy="{middle}" r="4"/></svg>'
    )


def matrix_svg(
    points: Sequence[Mapping[str, Any]], cut: tuple[float, float], words: tuple[str, str, str]
) -> SafeString:
    """The importance-performance matrix: performance across, importance up, cut in four. ``points``: number, name,
    performance, importance; ``words``: title, and what lies across and up."""
    across = [float(one["performance"]) for one in points] + [cut[0]]
    up = [float(one["importance"]) for one in points] + [cut[1]]

    def x(value: float) -> float:
        room = (max(across) - min(across)) or 1.0
        return _LEFT + 20 + (MATRIX - _LEFT - _EDGE - 40) * (value - min(across)) / room

    def y(value: float) -> float:
        room = (max(up) - min(up)) or 1.0
        return MATRIX - _BOTTOM - 20 - (MATRIX - _BOTTOM - _EDGE - 40) * (value - min(up)) / room

    drawn = "".join(
        f'<g><circle class="point" cx="{x(one["performance"]):.1f}" cy="{y(one["importance"]):.1f}" r="4"/>'
        f'<text x="{x(one["performance"]):.1f}" y="{y(one["importance"]):.1f}" dx="7" dy="4">{one["number"]}</text>'
        f"<title>{escape(str(one['name']))}</title></g>"
        for one in points
    )
    title, name_across, name_up = (escape(word) for word in words)
    return SafeString(
        f'<svg class="picture" viewBox="0 0 {MATRIX} {MATRIX}" role="img" aria-labelledby="matrix-title">'
        f'<title id="matrix-title">{title}</title>'
        f'<g class="grid"><path d="M{_LEFT} {_EDGE}H{MATRIX - _EDGE}V{MATRIX - _BOTTOM}H{_LEFT}Z"/></g>'
        f'<path class="limit" d="M{x(cut[0]):.1f} {_EDGE}V{MATRIX - _BOTTOM}"/>'
        f'<path class="limit" d="M{_LEFT} {y(cut[1]):.1f}H{MATRIX - _EDGE}"/>'
        f'<g class="axis"><text x="{MATRIX - _EDGE}" y="{MATRIX - 12}" text-anchor="end">{name_across}</text>'
        f'<text x="{_LEFT}" y="{_EDGE}" dy="-4">{name_up}</text>'
        f'<text x="{x(cut[0]):.1f}" y="{MATRIX - _BOTTOM}" dy="16" text-anchor="middle">'
        f"{escape(formats.number(cut[0], 1))}</text></g>{drawn}</svg>"
    )
