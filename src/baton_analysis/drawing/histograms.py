"""A histogram as SVG, 640 by 300 units: columns, and limits as lines with their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from baton_analysis.drawing.scales import ticks

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 20, 44, 52
NAME_LINES = 18


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a value and a count lie in the picture."""

    low: float
    high: float
    most: int

    def x(self, value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - self.low) / (self.high - self.low)

    def y(self, count: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * count / max(1, self.most)


def histogram_svg(histogram: Mapping[str, Any], id: str, number: Callable[[float], str]) -> str:
    """The picture.

    ``histogram``: title, unit, columns (low, high, n, outside: whether it lies beyond a limit), limits (value, label).
    ``number`` writes a figure in the reader's language; ``id`` makes the id of the title, which names the picture to
    screen readers.
    """
    columns = histogram["columns"]
    scale = _Scale(columns[0]["low"], columns[-1]["high"], max(column["n"] for column in columns))
    return "\n".join(
        [
            f'<svg class="picture" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{id}-picture-title">',
            f'<title id="{id}-picture-title">{escape(str(histogram["title"]))}</title>',
            f'<g class="grid">{_counts(scale, number)}</g>',
            f'<g class="axis">{_values(scale, str(histogram["unit"]), number)}</g>',
            f'<g class="columns">{"".join(_column(scale, one, number) for one in columns)}</g>',
            f'<g class="spec-limits">{_limits(scale, histogram["limits"])}</g>',
            "</svg>",
        ]
    )


def _counts(scale: _Scale, number: Callable[[float], str]) -> str:
    whole = [tick for tick in ticks(0, max(1, scale.most)) if tick == int(tick)]
    return "".join(
        f'<path d="M{LEFT} {scale.y(tick):.1f}H{WIDTH - RIGHT}"/>'
        f'<text x="{LEFT}" y="{scale.y(tick):.1f}" dx="-8" dy="4" text-anchor="end">{escape(number(tick))}</text>'
        for tick in whole
    )


def _values(scale: _Scale, unit: str, number: Callable[[float], str]) -> str:
    figures = "".join(
        f'<text x="{scale.x(tick):.1f}" y="{HEIGHT - BOTTOM}" dy="20" text-anchor="middle">'
        f"{escape(number(tick))}</text>"
        for tick in ticks(scale.low, scale.high, 6)
    )
    return f'{figures}<text x="{WIDTH - RIGHT}" y="{HEIGHT}" dy="-4" text-anchor="end">{escape(unit)}</text>'


def _column(scale: _Scale, column: Mapping[str, Any], number: Callable[[float], str]) -> str:
    left, right, top = scale.x(column["low"]), scale.x(column["high"]), scale.y(column["n"])
    said = f"{number(column['low'])} – {number(column['high'])}: {number(column['n'])}"
    kind = "column column-outside" if column["outside"] else "column"
    return (
        f'<rect class="{kind}" x="{left + 0.5:.1f}" y="{top:.1f}" width="{max(0.5, right - left - 1):.1f}" '
        f'height="{scale.y(0) - top:.1f}"><title>{escape(said)}</title></rect>'
    )


def _limits(scale: _Scale, limits: Sequence[Mapping[str, Any]]) -> str:
    """Lines with their names above, on two heights in turn so that neighbours do not run into each other."""
    drawn = []
    for place, limit in enumerate(sorted(limits, key=lambda one: float(one["value"]))):
        x = scale.x(limit["value"])
        anchor = "end" if x > WIDTH * 0.7 else "start"
        drawn.append(
            f'<path d="M{x:.1f} {TOP - 4}V{HEIGHT - BOTTOM}"/>'
            f'<text x="{x:.1f}" y="{TOP - 10 - NAME_LINES * (place % 2)}" dx="{-5 if anchor == "end" else 5}" '
            f'text-anchor="{anchor}">{escape(str(limit["label"]))}</text>'
        )
    return "".join(drawn)
