"""Where the patterns of rules are completed: on many series of one length at once, or on one.

Arrays have the shape (series, points). Patterns are found with a few passes over arrays of truth values, so that a rule
costs much the same whatever its length. The passes go over all series as over one long row, which is several times as
fast; windows that begin in one series and end in the next are taken out at the end, with those that cross a gap.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from baton_analysis.signals.chart_rules.rules import Rule

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

ON_THE_LINE = 1e-9
"""Standard deviations by which a value must pass a line: less is the rounding of floating-point numbers."""


@dataclass(frozen=True, eq=False, slots=True)
class Points:
    """Points of many series: distances from the centre in sigma, values, and where each joins the point before it.

    A point without a distance (a gap, or sigma 0) joins nothing; ``joins`` is None where each point but the first of a
    series joins the one before. ``order`` says from which point each one was taken where gaps were closed up, else it
    is None.
    """

    distance: Floats
    values: Floats
    joins: Flags | None
    order: Numbers | None
    _beyond: dict[float, tuple[Flags, Flags]] = field(default_factory=dict)
    _steps: list[Flags] = field(default_factory=list)

    @classmethod
    def of(cls, distance: Floats, values: Floats, phase: Numbers, *, across_gaps: bool) -> Points:
        """``phase`` has one entry a point, or a row of them for each series."""
        there = ~np.isnan(distance)
        if there.all() and (phase == phase.flat[0]).all():
            return cls(distance, values, None, None)
        phase = np.broadcast_to(phase, distance.shape)
        order = None
        if across_gaps and not there.all():
            order = np.argsort(~there, axis=1, kind="stable")
            distance, values, phase, there = (
                np.take_along_axis(array, order, axis=1) for array in (distance, values, phase, there)
            )
        joins = np.zeros(distance.shape, dtype=np.bool_)
        joins[:, 1:] = there[:, 1:] & there[:, :-1] & (phase[:, 1:] == phase[:, :-1])
        return cls(distance, values, joins, order)

    def beyond(self, sigmas: float) -> tuple[Flags, Flags]:
        """Where points lie above, and where below, that many sigma, as one row."""
        if sigmas not in self._beyond:
            line = sigmas + ON_THE_LINE
            self._beyond[sigmas] = ((self.distance > line).ravel(), (self.distance < -line).ravel())
        return self._beyond[sigmas]

    @property
    def steps(self) -> tuple[Flags, Flags]:
        """Where a value is larger, and where smaller, than the one before it, as one row."""
        if not self._steps:
            values = self.values.ravel()
            for compare in (np.greater, np.less):
                step = np.zeros(values.shape, dtype=np.bool_)
                compare(values[1:], values[:-1], out=step[1:])
                self._steps.append(step)
        return self._steps[0], self._steps[1]

    def flags(self, rule: Rule) -> Flags:
        """Points that complete the pattern of a rule."""
        found = _completed(rule, self).reshape(self.distance.shape)
        self._keep_whole_windows(found, rule.length)
        if self.order is None:
            return found
        back = np.zeros_like(found)
        np.put_along_axis(back, self.order, found, axis=1)
        return back

    def _keep_whole_windows(self, found: Flags, length: int) -> None:
        """Take out patterns whose window is not all in one stretch of one series."""
        found[:, : length - 1] = False
        if length > 1 and self.joins is not None:
            found &= all_of_last(self.joins.ravel(), length - 1).reshape(found.shape)


def _completed(rule: Rule, points: Points) -> Flags:
    """As ``Points.flags`` but as one row, without asking whether the whole window lies in one stretch."""
    above, below = points.beyond(rule.sigmas)
    match rule.kind:
        case "beyond":
            return above | below
        case "run":
            return all_of_last(above, rule.length) | all_of_last(below, rule.length)
        case "most_beyond":
            return (above & (count_in_last(above, rule.length) >= rule.wanted)) | (
                below & (count_in_last(below, rule.length) >= rule.wanted)
            )
        case "trend":
            up, down = points.steps
            return all_of_last(up, rule.length - 1) | all_of_last(down, rule.length - 1)
        case "alternating":
            up, down = points.steps
            turns = np.zeros_like(up)
            turns[1:] = (up[1:] & down[:-1]) | (down[1:] & up[:-1])
            return all_of_last(turns, rule.length - 2)
        case "within":
            return all_of_last(~(above | below | np.isnan(points.distance).ravel()), rule.length)
        case "both_sides":
            found = all_of_last(above | below, rule.length)
            if rule.both_required:
                found &= _any_of_last(above, rule.length) & _any_of_last(below, rule.length)
            return found


def all_of_last(condition: Flags, length: int) -> Flags:
    """Where all of the last ``length`` points of a row fulfil the condition; nowhere before there are as many."""
    if length <= 0:
        return np.ones_like(condition)
    held, covered = condition, 1
    while covered < length:
        step = min(covered, length - covered)
        further = np.empty_like(held)
        further[:step] = False
        np.logical_and(held[step:], held[:-step], out=further[step:])
        held, covered = further, covered + step
    return held.copy() if held is condition else held


def _any_of_last(condition: Flags, length: int) -> Flags:
    found, covered = condition, 1
    while covered < length:
        step = min(covered, length - covered)
        further = np.empty_like(found)
        further[:step] = found[:step]
        np.logical_or(found[step:], found[:-step], out=further[step:])
        found, covered = further, covered + step
    return found


def count_in_last(condition: Flags, length: int) -> npt.NDArray[Any]:
    """How many of the last ``length`` points (fewer at the start) of a row fulfil the condition."""
    total: npt.NDArray[Any] = condition.astype(np.uint8 if length < 256 else np.uint32)
    for step in range(1, min(length, len(condition))):
        total[step:] += condition[:-step]
    return total
