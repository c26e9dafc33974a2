"""A small line beside a figure."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT, MARGIN = 96, 24, 3


def draw(values: Sequence[float | None], label: str = "", centre: float | None = None) -> SafeString:
    """An SVG of 96 by 24 pixels: one line a run of values, the last value as a dot, ``centre`` as a thin line.

    None is a gap. Without any value the picture is left out: the figure beside it already says that there is none.
    """
    known = [value for value in values if value is not None]
    if not known:
        return SafeString("")
    bounds = known if centre is None else [*known, centre]
    low, high = min(bounds), max(bounds)
    step = (WIDTH - 2 * MARGIN) / max(1, len(values) - 1)
    scale, bottom = (HEIGHT - 2 * MARGIN) / ((high - low) or 1.0), HEIGHT - MARGIN

    path, pen_down, x, y = [], False, "", ""
    for position, value in enumerate(values):
        if value is not None:
            x, y = f"{MARGIN + step * position:.1f}", f"{bottom - (value - low) * scale:.1f}"
            path.append(f"{'L' if pen_down else 'M'}{x} {y}")
        pen_down = value is not None
    middle = ""
    if centre is not None:
        middle = f'<path class="centre" d="M{MARGIN} {bottom - (centre - low) * scale:.1f}H{WIDTH - MARGIN}"/>'
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(
        f'<svg class="sparkline" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" {role}>{middle}'
        f'<path class="line" d="{" ".join(path)}"/><circle class="last" cx="{x}" cy="{y}" r="2.5"/></svg>'
    )  # every part but the label, which is escaped, is a number
