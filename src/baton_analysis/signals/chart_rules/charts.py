"""The rules that one control chart violates, with the pattern of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError
from baton_analysis.measures.charted_series import ControlChart
from baton_analysis.signals.chart_rules.patterns import ON_THE_LINE, Block, Flags, Floats, Numbers, Points
from baton_analysis.signals.chart_rules.rules import WESTERN_ELECTRIC, Rule, RuleSet, Violation

_LIMITS_ONLY = {"mr", "r", "s", "ewma", "cusum_high", "cusum_low"}


@checked(MeasureError)
def find_violations(chart: ControlChart, rules: RuleSet = WESTERN_ELECTRIC) -> tuple[Violation, ...]:
    """Every rule that is broken, at every point that completes its pattern: by point, then by rule."""
    distance = chart.standardised
    used = rules_for(chart.method, chart.width, rules)
    block = Block(distance[None, :], chart.values[None, :], chart.phase)
    points = Points.of((1, len(distance)), [block], used, across_gaps=rules.across_gaps)
    flags = np.zeros((len(used), 1, len(distance)), dtype=np.bool_)
    for rule, flagged in zip(used, flags, strict=True):
        points.write_flags(rule, flagged)
    return violations_of(distance, used, list(flags[:, 0]))


def rules_for(method: str, width: float, rules: RuleSet) -> tuple[Rule, ...]:
    """Those that mean something on a chart; the rule of the limits where these are, be it at 3 sigma or elsewhere."""
    if method not in _LIMITS_ONLY:
        return rules.rules
    return tuple(replace(rule, sigmas=width) for rule in rules.rules if rule.kind == "beyond")


def violations_of(distance: Floats, rules: Sequence[Rule], flags: Sequence[Flags]) -> tuple[Violation, ...]:
    """The flags of one series as violations, each with the points of its pattern."""
    there = np.flatnonzero(~np.isnan(distance))
    found = [
        (int(end), order, Violation(rule.id, rule.name, int(end), _pattern(rule, distance, there, end), rule.values))
        for order, (rule, flagged) in enumerate(zip(rules, flags, strict=True))
        for end in np.flatnonzero(flagged)
    ]
    found.sort(key=lambda hit: hit[:2])
    return tuple(violation for _, _, violation in found)


def _pattern(rule: Rule, distance: Floats, there: Numbers, end: np.int64) -> tuple[int, ...]:
    """The points of the pattern that ends at a point: of "2 of 3" only the two."""
    last = int(np.searchsorted(there, end))
    window = there[last - rule.length + 1 : last + 1]
    if rule.kind == "most_beyond":
        window = window[distance[window] * np.sign(distance[end]) > rule.sigmas + ON_THE_LINE]
    return tuple(int(point) for point in window)
