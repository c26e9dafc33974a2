"""A Pareto chart as SVG, 640 by 300 units: causes as columns, the most frequent first, and the share that all up to
each make up together as a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from baton_analysis.drawing.scales import path, ticks

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 72, 24, 44
LETTER = 14
"""Units that a letter takes on a small screen, where the text of pictures is larger; those of wide scripts take two."""
SHARES = (0, 25, 50, 75, 100)


def pareto_svg(pareto: Mapping[str, Any], id: str, number: Callable[[float], str]) -> str:
    """The picture.

    ``pareto``: title, rows (label: short; name, n, cumulative: share, vital: one of the few that make up most). Both
    axes end at the same height: all counts on the left, 100 % on the right. ``number`` writes a figure in the reader's
    language; ``id`` makes the id of the title, which names the picture to screen readers.
    """
    rows: Sequence[Mapping[str, Any]] = pareto["rows"]
    total = sum(row["n"] for row in rows)
    broad = (WIDTH - LEFT - RIGHT) / len(rows)

    def y(share: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    counts = "".join(
        f'<path d="M{LEFT} {y(tick / total):.1f}H{WIDTH - RIGHT}"/>'
        f'<text x="{LEFT}" y="{y(tick / total):.1f}" dx="-8" dy="4" text-anchor="end">{escape(number(tick))}</text>'
        for tick in ticks(0, total)
        if tick == int(tick)
    )
    shares = "".join(
        f'<text x="{WIDTH - RIGHT}" y="{y(share / 100):.1f}" dx="8" dy="4">{share}%</text>' for share in SHARES
    )
    columns = "".join(_column(row, LEFT + place * broad, broad, y(row["n"] / total), y(0), number)
                      for place, row in enumerate(rows))  # fmt: skip
    points = [(LEFT + (place + 0.5) * broad, y(row["cumulative"])) for place, row in enumerate(rows)]
    dots = "".join(f'<circle cx="{x:.1f}" cy="{height:.1f}" r="3"/>' for x, height in points)
    return "\n".join(
        [
            f'<svg class="picture" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{id}-picture-title">',
            f'<title id="{id}-picture-title">{escape(str(pareto["title"]))}</title>',
            f'<g class="grid">{counts}</g>',
            f'<g class="axis">{shares}</g>',
            f'<g class="columns">{columns}</g>',
            f'<g class="cumulative"><path d="{path(points)}"/>{dots}</g>',
            "</svg>",
        ]
    )


def _column(
    row: Mapping[str, Any], left: float, broad: float, top: float, bottom: float, number: Callable[[float], str]
) -> str:
    short = _short(str(row["label"]), int(broad / LETTER))
    said = f"{row['name']}: {number(row['n'])} ({number(round(100 * row['cumulative'], 1))}%)"
    return (
        f'<rect class="{"column" if row["vital"] else "column column-minor"}" x="{left + broad * 0.1:.1f}" '
        f'y="{top:.1f}" width="{broad * 0.8:.1f}" height="{bottom - top:.1f}"><title>{escape(said)}</title></rect>'
        f'<text class="cause" x="{left + broad / 2:.1f}" y="{bottom:.1f}" dy="20" text-anchor="middle">'
        f"{escape(short)}</text>"
    )


def _short(label: str, room: int) -> str:
    """As much of a label as has room, counted in letters of a narrow script."""
    taken, kept = 0, ""
    for letter in label:
        taken += 1 if letter < "\u2e80" else 2
        if taken > max(2, room):
            return f"{kept[:-1]}…" if len(kept) > 1 else f"{kept}…"
        kept += letter
    return kept
