"""Things in four fields, with Matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from baton_analysis.drawing.plots import LIMIT, SERIES, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_quadrants(
    ax: Axes | None,
    *,
    x: Sequence[float],
    y: Sequence[float],
    names: Sequence[str],
    cut: tuple[float, float],
    x_name: str,
    y_name: str,
) -> Axes:
    """Named points, and dashed lines that cut the picture into four."""
    axes = axes_or_new(ax)
    axes.axvline(cut[0], color=LIMIT, linestyle="--", linewidth=1)
    axes.axhline(cut[1], color=LIMIT, linestyle="--", linewidth=1)
    axes.plot(x, y, "o", color=SERIES, markersize=4)
    for across, up, name in zip(x, y, names, strict=True):
        axes.annotate(name, (across, up), xytext=(5, 5), textcoords="offset points", fontsize=8)
    axes.set_xlabel(x_name)
    axes.set_ylabel(y_name)
    return axes
