"""A small line beside a figure."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDTH, HEIGHT, MARGIN = 96, 24, 3


def draw(values: Sequence[float | None], label: str = "", centre: float | None = None) -> SafeString:
    """An SVG of 96 by 24 pixels: one line a run of values, the last value as a dot, ``centre`` as a thin line.

    None is a gap. Without any value the picture is left out: the figure beside it already says that there is none.
    """
    known = [value for value in values if value is not None]
    if not known:
        return SafeString("")
    low, high = (
        min([*known, *([] if centre is None else [centre])]),
        max([*known, *([] if centre is None else [centre])]),
    )
    span = (high - low) or 1.0

    def x(position: int) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * position / max(1, len(values) - 1)

    def y(value: float) -> float:
        return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value - low) / span

    path, pen_down = [], False
    for position, value in enumerate(values):
        if value is not None:
            path.append(f"{'L' if pen_down else 'M'}{x(position):.1f} {y(value):.1f}")
        pen_down = value is not None
    last = max(position for position, value in enumerate(values) if value is not None)
    middle = ""
    if centre is not None:
        middle = format_html('<path class="centre" d="M{} {}H{}"/>', MARGIN, f"{y(centre):.1f}", WIDTH - MARGIN)
    return format_html(
        '<svg class="sparkline" width="{}" height="{}" viewBox="0 0 {} {}" {}>{}<path class="line" d="{}"/>'
        '<circle class="last" cx="{}" cy="{}" r="2.5"/></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT,
        format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"'),
        middle, " ".join(path), f"{x(last):.1f}", f"{y(values[last] or 0.0):.1f}",
    )  # fmt: skip
