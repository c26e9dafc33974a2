"""A control chart as SVG in the reader's language: what readers without scripts see, and what goes into mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.safestring import SafeString

from baton.core import formats
from baton_analysis.drawing.control_charts import Words, control_chart_svg, is_share

__all__ = ["draw", "is_share", "number_of", "rows"]


def number_of(picture: Mapping[str, Any]) -> Callable[[float], str]:
    """How its figures are written: with at most two decimals, or with as many as its ``digits`` say."""
    digits = picture.get("digits")
    return formats.number if digits is None else lambda value: formats.trimmed(value, digits)


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


def draw(chart: Mapping[str, Any], id: str) -> SafeString:
    """The chart as SVG; :func:`baton_analysis.drawing.control_charts.control_chart_svg` escapes its texts."""
    words = Words(number=number_of(chart), percent=formats.percent, rules=formats.remarks)
    return SafeString(control_chart_svg(chart, id, words))
