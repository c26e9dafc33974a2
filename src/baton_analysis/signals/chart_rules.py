"""Rules that say where a control chart signals: Western Electric and Nelson, with their differences as settings.

Sources: Western Electric, Statistical Quality Control Handbook (1956); Nelson 1984, Journal of Quality Technology 16:
237-239. What the books leave open is decided here, and can be set otherwise:

- A value exactly on a line is not beyond it; on the centre line it is on neither side.
- A rule is flagged at the point that completes its pattern, which therefore belongs to the pattern, and only when the
  whole window of the rule is there (as R qcc does). A pattern that goes on is flagged at each further point.
- All rules that a point completes are kept, not only the most serious one.
- No pattern reaches across the start of a phase. It does not reach across a gap either, unless ``across_gaps``.
- Ranges and standard deviations are not symmetric, and the points of an EWMA or CUSUM depend on each other: on their
  charts only the rule of the limits is used, with the limits of the chart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from baton_analysis.errors import gettext_noop
from baton_analysis.measures.charted_series import ControlChart

Kind = Literal["beyond", "run", "trend", "alternating", "most_beyond", "within", "both_sides"]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

_LIMITS_ONLY = {"mr", "r", "s", "ewma", "cusum_high", "cusum_low"}

_ON_THE_LINE = 1e-9
"""Standard deviations by which a value must pass a line: less is the rounding of floating-point numbers."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes
    ----------
    id
        "WE1" ... "WE4", "N1" ... "N8", or a name of your own.
    kind
        "beyond": a point beyond ``sigmas``. "run": ``length`` points on one side. "trend": ``length`` points steadily
        up or down. "alternating": ``length`` points up and down in turn. "most_beyond": ``wanted`` of ``length`` points
        beyond ``sigmas`` on the same side. "within": ``length`` points within ``sigmas``. "both_sides": ``length``
        points beyond ``sigmas``, on both sides where ``both_required``.
    name
        English template, marked for translation, filled from ``length``, ``wanted`` and ``sigmas``.
    """

    id: str
    kind: Kind
    name: str
    length: int = 1
    wanted: int = 1
    sigmas: float = 0
    both_required: bool = True

    @property
    def values(self) -> Mapping[str, Any]:
        """What fills the placeholders of ``name``."""
        return {"length": self.length, "wanted": self.wanted, "sigmas": f"{self.sigmas:g}"}


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules that are used together; ``across_gaps`` lets patterns go on after a gap."""

    name: str
    rules: tuple[Rule, ...]
    across_gaps: bool = False


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule is broken at point ``index`` (from 0); ``points`` are the indices of the pattern that it completes."""

    rule: str
    name: str
    index: int
    points: tuple[int, ...]
    values: Mapping[str, Any] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """The name of the rule as text."""
        return translate(self.name).format(**self.values)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {"rule": self.rule, "name": self.render(), "index": self.index, "points": list(self.points)}


_BEYOND = gettext_noop("One point beyond {sigmas} sigma")
_RUN = gettext_noop("{length} points in a row on one side of the centre line")
_TREND = gettext_noop("{length} points in a row steadily up or down")
_ALTERNATING = gettext_noop("{length} points in a row up and down in turn")
_MOST_BEYOND = gettext_noop("{wanted} of {length} points beyond {sigmas} sigma on the same side")
_WITHIN = gettext_noop("{length} points in a row within {sigmas} sigma")
_BOTH_SIDES = gettext_noop("{length} points in a row beyond {sigmas} sigma, on both sides")

WESTERN_ELECTRIC = RuleSet(
    name="western_electric",
    rules=(
        Rule("WE1", "beyond", _BEYOND, sigmas=3),
        Rule("WE2", "most_beyond", _MOST_BEYOND, length=3, wanted=2, sigmas=2),
        Rule("WE3", "most_beyond", _MOST_BEYOND, length=5, wanted=4, sigmas=1),
        Rule("WE4", "run", _RUN, length=8),
    ),
)

NELSON = RuleSet(
    name="nelson",
    rules=(
        Rule("N1", "beyond", _BEYOND, sigmas=3),
        Rule("N2", "run", _RUN, length=9),
        Rule("N3", "trend", _TREND, length=6),
        Rule("N4", "alternating", _ALTERNATING, length=14),
        Rule("N5", "most_beyond", _MOST_BEYOND, length=3, wanted=2, sigmas=2),
        Rule("N6", "most_beyond", _MOST_BEYOND, length=5, wanted=4, sigmas=1),
        Rule("N7", "within", _WITHIN, length=15, sigmas=1),
        Rule("N8", "both_sides", _BOTH_SIDES, length=8, sigmas=1),
    ),
)

RULE_SETS: Mapping[str, RuleSet] = {rules.name: rules for rules in (WESTERN_ELECTRIC, NELSON)}


def find_violations(chart: ControlChart, rules: RuleSet = WESTERN_ELECTRIC) -> tuple[Violation, ...]:
    """Every rule that is broken, at every point that completes its pattern: by point, then by rule."""
    distance = chart.standardised
    there = np.flatnonzero(~np.isnan(distance))
    series = _Stretches(
        distance=distance[there],
        values=chart.values[there],
        begins=_begins(chart.phase[there], there, across_gaps=rules.across_gaps),
    )
    used = _rules_for(chart, rules)
    found = []
    for order, rule in enumerate(used):
        for end in np.flatnonzero(_flags(rule, series)):
            pattern = there[_pattern(rule, series, int(end))]
            found.append((int(there[end]), order, rule, tuple(int(point) for point in pattern)))
    found.sort(key=lambda hit: hit[:2])
    return tuple(Violation(rule.id, rule.name, index, points, rule.values) for index, _, rule, points in found)


def _rules_for(chart: ControlChart, rules: RuleSet) -> tuple[Rule, ...]:
    """Those that mean something on a chart; the rule of the limits where these are, be it at 3 sigma or elsewhere."""
    if chart.method not in _LIMITS_ONLY:
        return rules.rules
    return tuple(replace(rule, sigmas=chart.width) for rule in rules.rules if rule.kind == "beyond")


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Points that are there: distances from the centre in sigma, values, and where the stretch of each begins."""

    distance: Floats
    values: Floats
    begins: Numbers

    def whole(self, length: int) -> Flags:
        """Where the last ``length`` points lie in one stretch."""
        return np.arange(len(self.values)) - length + 1 >= self.begins


def _begins(phase: Numbers, there: Numbers, *, across_gaps: bool) -> Numbers:
    """For each point the position at which its stretch begins: a stretch ends with its phase, and at a gap."""
    starts = np.zeros(len(there), dtype=np.bool_)
    starts[1:] = phase[1:] != phase[:-1]
    if not across_gaps:
        starts[1:] |= np.diff(there) > 1
    return np.maximum.accumulate(np.where(starts, np.arange(len(there)), 0)) if len(there) else there


def _flags(rule: Rule, series: _Stretches) -> Flags:
    """Points that complete the pattern of a rule."""
    z = series.distance
    above, below = z > rule.sigmas + _ON_THE_LINE, z < -rule.sigmas - _ON_THE_LINE
    whole = series.whole(rule.length)
    match rule.kind:
        case "beyond":
            return above | below
        case "run":
            return whole & (_all(above, rule.length) | _all(below, rule.length))
        case "most_beyond":
            return whole & (
                (above & (_in_last(above, rule.length) >= rule.wanted))
                | (below & (_in_last(below, rule.length) >= rule.wanted))
            )
        case "trend":
            step = np.sign(np.diff(series.values, prepend=np.nan))
            return whole & (_all(step > 0, rule.length - 1) | _all(step < 0, rule.length - 1))
        case "alternating":
            step = np.diff(series.values, prepend=np.nan)
            turns = np.zeros(len(step), dtype=np.bool_)
            turns[1:] = step[1:] * step[:-1] < 0
            return whole & _all(turns, rule.length - 2)
        case "within":
            return whole & _all(np.abs(z) <= rule.sigmas + _ON_THE_LINE, rule.length)
        case "both_sides":
            sides = (_in_last(above, rule.length) > 0) & (_in_last(below, rule.length) > 0)
            return whole & _all(above | below, rule.length) & (sides if rule.both_required else True)


def _in_last(condition: Flags, length: int) -> Numbers:
    """How many of the last ``length`` points (fewer at the start) fulfil the condition."""
    total = np.concatenate([[0], np.cumsum(condition)])
    ends = np.arange(1, len(condition) + 1)
    return np.asarray(total[ends] - total[np.maximum(ends - length, 0)], dtype=np.int64)


def _all(condition: Flags, length: int) -> Flags:
    return np.asarray(_in_last(condition, length) == length)


def _pattern(rule: Rule, series: _Stretches, end: int) -> Numbers:
    """Positions of the pattern that ends at a point: of "2 of 3" only the two."""
    window = np.arange(end - rule.length + 1, end + 1)
    if rule.kind == "most_beyond":
        side = np.sign(series.distance[end])
        window = window[series.distance[window] * side > rule.sigmas + _ON_THE_LINE]
    return window
