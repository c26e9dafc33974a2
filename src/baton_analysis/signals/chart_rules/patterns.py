"""Where the patterns of rules are completed: on many series of one length at once, or on one.

Truth values of points are kept as bits, all series as one long row, 64 points in a number. A rule costs a few passes
over these numbers, so that it costs much the same whatever its length, and little beside the comparison of the points
with the lines. Windows that begin in one series and end in the next are taken out at the end, with those that cross a
gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from baton_analysis.signals.chart_rules.rules import Rule

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]
"""Bit ``i % 64`` of number ``i // 64`` is the truth value of point ``i`` of all; behind the last point they are 0."""

_OF_STEPS = frozenset({"trend", "alternating"})

ON_THE_LINE = 1e-9
"""Standard deviations by which a value must pass a line: less is the rounding of floating-point numbers."""

WORD = 64
"""Points in a number."""


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """Some series: distances from the centre in sigma (NaN: there is none), values, and the phase of each point."""

    distance: Floats
    values: Floats
    phase: Numbers

    def joins(self) -> tuple[Flags, Flags]:
        """Which points have a distance, and which of these join the one before: neither is a gap, and no series or
        phase begins."""
        known = np.ones(self.distance.shape, dtype=np.bool_)
        joins = np.ones(self.distance.shape, dtype=np.bool_)
        joins[:, 0] = False
        if np.isnan(self.distance.sum()):
            np.logical_not(np.isnan(self.distance), out=known)
            joins[:, 1:] &= known[:, 1:] & known[:, :-1]
        if (self.phase != self.phase.flat[0]).any():
            joins[:, 1:] &= self.phase[..., 1:] == self.phase[..., :-1]
        return known, joins

    def truths(self, sigmas: Sequence[float], *, stepping: bool) -> Iterator[tuple[Any, Flags]]:
        """What :class:`Points` keeps, by name; the steps only if they are asked for."""
        for sigma in sigmas:
            line = sigma + ON_THE_LINE
            yield ("above", sigma), self.distance > line
            yield ("below", sigma), self.distance < -line
        if stepping:
            values = self.values.reshape(-1)
            step = np.zeros(values.shape, dtype=np.bool_)
            for name, compare in (("rises", np.greater), ("falls", np.less)):
                compare(values[1:], values[:-1], out=step[1:])
                yield name, step
        known, joins = self.joins()
        yield "known", known
        yield "joins", joins

    def closed_up(self) -> tuple[Block, Numbers]:
        """Without gaps between the points, which stand at the end of each series; and from where each point came."""
        order = np.argsort(np.isnan(self.distance), axis=1, kind="stable")
        phase = np.broadcast_to(self.phase, order.shape)
        closed = Block(
            np.take_along_axis(self.distance, order, axis=1),
            np.take_along_axis(self.values, order, axis=1),
            np.take_along_axis(phase, order, axis=1),
        )
        return closed, order


@dataclass(frozen=True, eq=False, slots=True)
class Points:
    """Points of many series, as truth values.

    Attributes
    ----------
    shape
        Series and points of each.
    above, below
        By a number of sigma: which points lie farther than that from the centre.
    rises, falls
        Which are larger, and smaller, than the one before in the long row.
    known
        Which have a distance from the centre.
    joins
        Which join the one before; see :meth:`Block.joins`.
    order
        From which point of its series each was taken where gaps were closed up, else None.
    """

    shape: tuple[int, int]
    above: Mapping[float, Bits]
    below: Mapping[float, Bits]
    rises: Bits
    falls: Bits
    known: Bits
    joins: Bits
    order: Numbers | None
    _windows: dict[int, Bits] = field(default_factory=dict)

    @classmethod
    def of(cls, shape: tuple[int, int], blocks: Iterable[Block], rules: Sequence[Rule], *, across_gaps: bool) -> Points:
        """As far as these rules ask. ``blocks`` together have the shape; the points of each but the last are a multiple
        of 64."""
        sigmas = sorted({rule.sigmas for rule in rules})
        stepping = any(rule.kind in _OF_STEPS for rule in rules)
        words = -(-shape[0] * shape[1] // WORD)
        bits: dict[Any, Bits] = defaultdict(lambda: np.zeros(words, dtype=np.uint64))
        orders, begin = [], 0
        for given in blocks:
            block = given
            if across_gaps:
                block, order = given.closed_up()
                orders.append(order)
            end = begin + -(-block.distance.size // 8)
            for name, truths in block.truths(sigmas, stepping=stepping):
                bits[name].view(np.uint8)[begin:end] = np.packbits(truths, bitorder="little")
            begin = end
        return cls(
            shape=shape,
            above={sigma: bits["above", sigma] for sigma in sigmas},
            below={sigma: bits["below", sigma] for sigma in sigmas},
            rises=bits["rises"],
            falls=bits["falls"],
            known=bits["known"],
            joins=bits["joins"],
            order=np.concatenate(orders) if orders else None,
        )

    def write_flags(self, rule: Rule, flags: Flags) -> None:
        """Set the points that complete the pattern of a rule in ``flags``, all False before, of the shape of these."""
        found = self._completed(rule) & self._window(rule.length)
        if self.order is None:
            _write(found, flags)
            return
        closed = np.zeros(flags.shape, dtype=np.bool_)
        _write(found, closed)
        np.put_along_axis(flags, self.order, closed, axis=1)

    def _window(self, length: int) -> Bits:
        """Points before which, themselves included, so many lie in one stretch of one series."""
        if length not in self._windows:
            self._windows[length] = all_of_last(self.joins, length - 1) & self.known
        return self._windows[length]

    def _completed(self, rule: Rule) -> Bits:
        """Points that complete the pattern in the long row, without asking whether the whole window is one stretch."""
        above, below = self.above[rule.sigmas], self.below[rule.sigmas]
        match rule.kind:
            case "beyond":
                return above | below
            case "run":
                return all_of_last(above, rule.length) | all_of_last(below, rule.length)
            case "most_beyond":
                return most_of_last(above, rule.wanted, rule.length) | most_of_last(below, rule.wanted, rule.length)
            case "trend":
                return all_of_last(self.rises, rule.length - 1) | all_of_last(self.falls, rule.length - 1)
            case "alternating":
                turns = (self.rises & later(self.falls, 1)) | (self.falls & later(self.rises, 1))
                return all_of_last(turns, rule.length - 2)
            case "within":
                return all_of_last(~(above | below) & self.known, rule.length)
            case "both_sides":
                found = all_of_last(above | below, rule.length)
                if rule.both_required:
                    found &= any_of_last(above, rule.length) & any_of_last(below, rule.length)
                return found


_EIGHT = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").view(np.uint64).ravel()
"""Of each byte its eight bits as truth values, in one number."""


def _write(bits: Bits, flags: Flags) -> None:
    """Set what is set in the bits; most points complete no pattern, and bytes without one are passed over."""
    row, packed = flags.reshape(-1), bits.view(np.uint8)
    whole = len(row) // 8
    hit = np.flatnonzero(packed[:whole] != 0)
    row[: whole * 8].view(np.uint64)[hit] = _EIGHT[packed[hit]]
    rest = len(row) - whole * 8
    if rest:
        row[whole * 8 :] = np.unpackbits(packed[whole : whole + 1], bitorder="little")[:rest]


def later(bits: Bits, points: int) -> Bits:
    """Truth values so many points later in the row; False at its beginning."""
    words, shift = divmod(points, WORD)
    if words:
        bits = np.concatenate([np.zeros(min(words, len(bits)), dtype=np.uint64), bits[:-words]])
    if not shift:
        return bits
    moved = bits << np.uint64(shift)
    moved[1:] |= bits[:-1] >> np.uint64(WORD - shift)
    return moved


def all_of_last(condition: Bits, length: int) -> Bits:
    """Where all of the last ``length`` points of the row fulfil the condition; nowhere before there are as many."""
    if length <= 0:
        return np.full_like(condition, np.iinfo(np.uint64).max)
    held = condition
    for step in _doubling(length):
        held = held & later(held, step)
    return held


def any_of_last(condition: Bits, length: int) -> Bits:
    """Where any of the last ``length`` points of the row fulfils the condition."""
    found = condition
    for step in _doubling(length):
        found = found | later(found, step)
    return found


def most_of_last(condition: Bits, wanted: int, length: int) -> Bits:
    """Where a point fulfils the condition, and so do ``wanted`` of the last ``length`` points of the row with it."""
    # at_least[k]: more than k of the points before.
    at_least: list[Bits] = [np.zeros_like(condition) for _ in range(wanted - 1)]
    for before in range(1, length):
        one = later(condition, before)
        for k in range(min(wanted - 1, before) - 1, 0, -1):
            at_least[k] |= at_least[k - 1] & one
        if at_least:
            at_least[0] |= one
    return condition & at_least[-1] if at_least else condition


def _doubling(length: int) -> Iterator[int]:
    """By how much a row is moved over itself, again and again, to cover so many points."""
    covered = 1
    while covered < length:
        step = min(covered, length - covered)
        yield step
        covered += step
