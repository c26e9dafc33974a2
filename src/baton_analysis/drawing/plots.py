"""Pictures with Matplotlib, for notebooks. Matplotlib is an extra and loaded by the first picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from baton_analysis.errors import PlotError, gettext_noop

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = npt.NDArray[np.float64]

SERIES, LIMIT, ALARM = "#0b6e6e", "#8a5a00", "#b3261e"


def axes_or_new(ax: Axes | None) -> Axes:
    """The axes given, or those of a new figure.

    Raises
    ------
    PlotError
        Matplotlib is not installed.
    """
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
        from matplotlib.figure import Figure
    except ImportError as error:
        raise PlotError(
            expected=gettext_noop("Pictures need Matplotlib, which is not part of the base installation."),
            found=gettext_noop("“{library}” cannot be loaded."),
            remedy=gettext_noop("Install baton-tqm[plot], or take the table: to_table()."),
            library=error.name or "matplotlib",
        ) from error
    figure: Figure = pyplot.figure(figsize=(9, 3.2), layout="constrained")
    return figure.subplots()


def plot_chart(
    ax: Axes | None,
    *,
    labels: Sequence[Any],
    values: Floats,
    centre: Floats,
    lcl: Floats,
    ucl: Floats,
    phase: npt.NDArray[np.int64],
    title: str,
) -> Axes:
    """A control chart: points, centre and stepped limits, phases apart, points beyond a limit ringed."""
    axes = axes_or_new(ax)
    place = np.arange(len(values))
    for number in range(int(phase[-1]) + 1):
        here = phase == number
        for line, colour, style in ((centre, SERIES, "-"), (lcl, LIMIT, "--"), (ucl, LIMIT, "--")):
            axes.step(place[here], line[here], where="mid", color=colour, linestyle=style, linewidth=1)
        if number:
            axes.axvline(place[here][0] - 0.5, color="grey", linestyle=":", linewidth=1)
    axes.plot(place, values, color=SERIES, marker="o", markersize=3, linewidth=1.5)
    with np.errstate(invalid="ignore"):
        beyond = (values > ucl) | (values < lcl)
    axes.plot(place[beyond], values[beyond], "o", markersize=9, markerfacecolor="none", color=ALARM)
    every = max(1, len(labels) // 10)
    axes.set_xticks(place[::every], [str(label) for label in labels[::every]])
    axes.set_title(title)
    return axes


def shade(axes: Axes, spans: Sequence[tuple[int, int]]) -> Axes:
    """A band behind the points from one to another (both counted from 0, both within) of each span."""
    for first, last in spans:
        axes.axvspan(first - 0.5, last + 0.5, color=ALARM, alpha=0.12, linewidth=0)
    return axes


def plot_pareto(ax: Axes | None, *, names: Sequence[str], counts: Sequence[float], shares: Sequence[float]) -> Axes:
    """Bars, the largest first, with the line of the cumulative share on an axis of its own."""
    axes = axes_or_new(ax)
    place = np.arange(len(names))
    axes.bar(place, counts, color=SERIES)
    axes.set_xticks(place, list(names), rotation=30, ha="right")
    line = axes.twinx()
    line.plot(place, [100 * share for share in shares], color=LIMIT, marker="o", markersize=3)
    line.set_ylim(0, 105)
    line.set_ylabel("%")
    return axes


def plot_indices(
    ax: Axes | None,
    *,
    names: Sequence[str],
    values: Sequence[float],
    lower: Sequence[float],
    upper: Sequence[float],
    line: float = 1.33,
) -> Axes:
    """Figures with their intervals, one below the other, and a line to compare them with."""
    axes = axes_or_new(ax)
    place = np.arange(len(names))[::-1]
    middle = np.asarray(values)
    axes.errorbar(
        middle, place, xerr=[middle - np.asarray(lower), np.asarray(upper) - middle], fmt="o", color=SERIES, capsize=3
    )
    axes.axvline(line, color=LIMIT, linestyle="--", linewidth=1)
    axes.set_yticks(place, list(names))
    return axes


def plot_curve(ax: Axes | None, *, x: Sequence[float], y: Sequence[float], x_name: str, y_name: str) -> Axes:
    """A curve between 0 and 1."""
    axes = axes_or_new(ax)
    axes.plot(x, y, color=SERIES)
    axes.set_xlabel(x_name)
    axes.set_ylabel(y_name)
    axes.set_ylim(-0.02, 1.02)
    return axes
