"""A funnel plot as SVG, 900 by 420 units: links over their sizes, the target, the limits as a funnel around it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from baton_analysis.drawing.scales import path, ticks

WIDTH, HEIGHT = 900, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 16, 44
CURVES = ("warning_low", "warning_high", "alarm_low", "alarm_high")


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a size and a value lie in the picture."""

    widest: float
    low: float
    high: float

    @classmethod
    def of(cls, funnel: Mapping[str, Any]) -> _Scale:
        """As wide as the limits are drawn, as high as the points; limits that reach farther are cut off there."""
        values = [point["value"] for point in funnel["points"]] + [funnel["target"]]
        room = (max(values) - min(values)) * 0.15 or abs(values[0]) * 0.1 or 1.0
        low, high = min(values) - room, max(values) + room
        bounded = max(0.0, low) if min(values) >= 0 else low
        return cls(
            max(curve["size"] for curve in funnel["curves"]), bounded, min(1.0, high) if funnel["share"] else high
        )

    def x(self, size: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * size / self.widest

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - self.low) / ((self.high - self.low) or 1.0)


def funnel_svg(
    funnel: Mapping[str, Any], id: str, value: Callable[[float], str], number: Callable[[float], str]
) -> str:
    """The picture.

    ``funnel``: title, unit (of the sizes), share (whether values are shares), target, points (label, size, value,
    verdict, and ``href`` where the link has a page), curves (size and the four limits), as
    :meth:`baton_analysis.measures.funnel.FunnelPlot.to_dict` has them. ``value`` and ``number`` write a value and a
    size in the reader's language; ``id`` makes the id of the title, which names the picture to screen readers.
    """
    scale = _Scale.of(funnel)
    lines = "".join(f'<path class="limit limit-{_kind(name)}" d="{_curve(scale, funnel, name)}"/>' for name in CURVES)
    return "\n".join(
        [
            f'<svg class="picture" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{id}-picture-title">',
            f'<title id="{id}-picture-title">{escape(str(funnel["title"]))}</title>',
            f'<g class="grid">{_grid(scale, value)}</g>',
            f'<g class="axis">{_sizes(scale, str(funnel["unit"]), number)}</g>',
            f'{lines}<path class="centre" d="M{LEFT} {scale.y(funnel["target"]):.1f}H{WIDTH - RIGHT}"/>',
            f"<g>{''.join(_point(scale, one, value, number) for one in funnel['points'])}</g>",
            "</svg>",
        ]
    )


def _kind(name: str) -> str:
    return name.split("_")[0]


def _curve(scale: _Scale, funnel: Mapping[str, Any], name: str) -> str:
    points: Sequence[Mapping[str, float]] = funnel["curves"]
    inside = [scale.low <= one[name] <= scale.high for one in points]
    return path(
        [
            (scale.x(one["size"]), scale.y(one[name])) if there and math.isfinite(one[name]) else None
            for one, there in zip(points, inside, strict=True)
        ]
    )


def _grid(scale: _Scale, value: Callable[[float], str]) -> str:
    return "".join(
        f'<path d="M{LEFT} {scale.y(tick):.1f}H{WIDTH - RIGHT}"/>'
        f'<text x="{LEFT}" y="{scale.y(tick):.1f}" dx="-8" dy="4" text-anchor="end">{escape(value(tick))}</text>'
        for tick in ticks(scale.low, scale.high)
    )


def _sizes(scale: _Scale, unit: str, number: Callable[[float], str]) -> str:
    figures = "".join(
        f'<text x="{scale.x(tick):.1f}" y="{HEIGHT - BOTTOM}" dy="18" text-anchor="middle">'
        f"{escape(number(tick))}</text>"
        for tick in ticks(0, scale.widest, 6)
    )
    return f'{figures}<text x="{WIDTH - RIGHT}" y="{HEIGHT}" dy="-4" text-anchor="end">{escape(unit)}</text>'


def _point(
    scale: _Scale, point: Mapping[str, Any], value: Callable[[float], str], number: Callable[[float], str]
) -> str:
    place = f'cx="{scale.x(point["size"]):.1f}" cy="{scale.y(point["value"]):.1f}"'
    said = escape(f"{point['label']}: {value(point['value'])} ({number(point['size'])})")
    ring = f'<circle {place} r="6"/>' if point["verdict"] == "alarm" else ""
    kind = ' class="violation"' if ring else ""
    drawn = f'<g{kind}>{ring}<circle class="point" {place} r="3"/><title>{said}</title></g>'
    href = point.get("href")
    return f'<a href="{escape(str(href))}">{drawn}</a>' if href else drawn
