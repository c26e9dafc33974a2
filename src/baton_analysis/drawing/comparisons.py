"""Pictures of what changed, of shares with their intervals, and of bounds that a figure may cross, with Matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from baton_analysis.drawing.plots import ALARM, LIMIT, SERIES, Floats, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TICKS = 10
"""Labels below an axis, about: more of them run into each other."""


def label_points(axes: Axes, labels: Sequence[Any]) -> None:
    """Some of the labels below the points that lie at 0, 1, 2 ..."""
    every = max(1, len(labels) // TICKS)
    axes.set_xticks(np.arange(len(labels))[::every], [str(label) for label in labels[::every]])


def plot_interrupted(ax: Axes | None, *, values: Floats, fitted: Floats, unchanged: Floats, change: int) -> Axes:
    """Points, what is expected of them, and from ``change`` on, dashed, what would be without the change."""
    axes = axes_or_new(ax)
    place = np.arange(len(values))
    axes.plot(place, values, "o", color=SERIES, markersize=3)
    for part in (slice(0, change), slice(change, None)):
        axes.plot(place[part], fitted[part], color=SERIES, linewidth=1.5)
    axes.plot(place[change:], unchanged[change:], color=LIMIT, linestyle="--", linewidth=1.5)
    axes.axvline(change - 0.5, color="grey", linestyle=":", linewidth=1)
    return axes


def plot_step(
    ax: Axes | None, *, values: Floats, point: int, levels: tuple[float, float], span: tuple[int, int]
) -> Axes:
    """Points with the levels before and after ``point``, and a band where the new level may have begun."""
    axes = axes_or_new(ax)
    axes.plot(np.arange(len(values)), values, color=SERIES, marker="o", markersize=3, linewidth=1)
    edges = (-0.5, point - 0.5, len(values) - 0.5)
    for level, begin, end in zip(levels, edges, edges[1:], strict=False):
        axes.plot([begin, end], [level, level], color=LIMIT, linewidth=1.5)
    axes.axvspan(span[0] - 0.5, span[1] + 0.5, color=LIMIT, alpha=0.12, linewidth=0)
    return axes


def plot_bars(
    ax: Axes | None, *, names: Sequence[str], sizes: Sequence[float], lines: Sequence[float] = (), unit: str = ""
) -> Axes:
    """Bars from left to right, the first on top, with dashed lines at figures to compare them with."""
    axes = axes_or_new(ax)
    place = np.arange(len(names))[::-1]
    axes.barh(place, sizes, color=SERIES)
    for line in lines:
        axes.axvline(line, color=LIMIT, linestyle="--", linewidth=1)
    axes.set_yticks(place, list(names))
    axes.set_xlabel(unit)
    return axes


def plot_shares(
    ax: Axes | None, *, series: Mapping[str, tuple[Sequence[Any], Floats, Floats, Floats]], joined: bool = True
) -> Axes:
    """Shares with their intervals: by name of a series what stands below its points, shares, lower and upper bounds.

    ``joined``: whether a line leads from one point to the next.
    """
    axes = axes_or_new(ax)
    for name, (places, share, lower, upper) in series.items():
        apart = np.vstack([share - lower, upper - share])
        style = "o-" if joined else "o"
        colour = SERIES if len(series) == 1 else None
        axes.errorbar(places, share, yerr=apart, fmt=style, color=colour, capsize=3, markersize=4, label=name)
    axes.set_ylim(-0.02, 1.02)
    if len(series) > 1:
        axes.legend()
    return axes


def plot_bounds(
    ax: Axes | None,
    *,
    x: Sequence[float] | Floats,
    y: Sequence[float] | Floats,
    bounds: Sequence[Sequence[float] | Floats],
    x_name: str,
    y_name: str,
) -> Axes:
    """A figure on its way, and dashed the bounds that say something where it crosses them; each as long as ``x``."""
    axes = axes_or_new(ax)
    if len(y):
        axes.plot(x, y, color=SERIES, marker="o", markersize=3)
    for bound in bounds:
        axes.plot(x, bound, color=LIMIT, linestyle="--", marker=None if len(y) else "o", markersize=4)
    axes.set_xlabel(x_name)
    axes.set_ylabel(y_name)
    return axes


def plot_runs(ax: Axes | None, *, levels: Sequence[Floats], labels: Sequence[Any], rejected: Sequence[int]) -> Axes:
    """Results of control materials in standard deviations, lines at 0, 2 and 3, and a band behind rejected runs."""
    axes = axes_or_new(ax)
    for height, style in ((0, "-"), (2, ":"), (-2, ":"), (3, "--"), (-3, "--")):
        axes.axhline(height, color=LIMIT, linestyle=style, linewidth=1)
    for number, distance in enumerate(levels):
        axes.plot(np.arange(len(distance)), distance, marker="o", markersize=3, linewidth=1, label=str(number + 1))
    for run in rejected:
        axes.axvspan(run - 0.5, run + 0.5, color=ALARM, alpha=0.12, linewidth=0)
    label_points(axes, labels)
    axes.set_ylabel("s")
    if len(levels) > 1:
        axes.legend()
    return axes


def plot_series(ax: Axes | None, *, values: Floats, labels: Sequence[Any], name: str) -> Axes:
    """Points one after the other; the line breaks where there is none."""
    axes = axes_or_new(ax)
    axes.plot(np.arange(len(values)), values, color=SERIES, marker="o", markersize=3, linewidth=1.5)
    label_points(axes, labels)
    axes.set_ylabel(name)
    return axes


def plot_states(ax: Axes | None, *, states: Sequence[str], known: Sequence[str]) -> Axes:
    """In which of the known states something was after each event, as a line of steps."""
    axes = axes_or_new(ax)
    heights = [known.index(state) for state in states]
    axes.step(np.arange(len(states)), heights, where="post", color=SERIES)
    axes.set_yticks(range(len(known)), list(known))
    return axes
