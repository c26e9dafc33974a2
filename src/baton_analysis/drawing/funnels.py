"""Funnel plots with Matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from baton_analysis.drawing.plots import ALARM, LIMIT, SERIES, Floats, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_NAMED = 10
"""Names in one picture that can still be read."""


def plot_funnel(
    ax: Axes | None,
    *,
    sizes: Floats,
    values: Floats,
    target: float,
    curve_sizes: Floats,
    curves: Sequence[Floats],
    names: Sequence[str],
    beyond: npt.NDArray[np.bool_],
) -> Axes:
    """Points over their sizes, the target as a line, and around it the limits: the first two dotted, the last two
    dashed. ``names`` stand beside points, those that are not empty; what is ``beyond`` is ringed.
    """
    axes = axes_or_new(ax)
    axes.axhline(target, color=SERIES, linewidth=1)
    for number, curve in enumerate(curves):
        axes.plot(curve_sizes, curve, color=LIMIT, linestyle=":" if number < 2 else "--", linewidth=1)
    axes.plot(sizes, values, "o", color=SERIES, markersize=3)
    axes.plot(sizes[beyond], values[beyond], "o", markersize=9, markerfacecolor="none", color=ALARM)
    for place in (place for place, name in enumerate(names) if name):
        axes.annotate(
            names[place],
            (float(sizes[place]), float(values[place])),
            xytext=(5, 5),
            textcoords="offset points",
            fontsize=8,
        )
    axes.set_xlabel("n")
    return axes
