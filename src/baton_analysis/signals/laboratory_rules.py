"""Westgard's rules: may the results of a laboratory run be reported, by what its control materials say?

Each run measures one or more control materials ("levels"), each with a Levey-Jennings chart. A rule is asked in up to
three ways: within the results of one level from run to run, across the levels of one run, and across levels and runs
together. Sources: Westgard, Barry, Hunt & Groth 1981, Clinical Chemistry 27: 493-501; Westgard, Basic QC Practices.
What they leave open is decided here, and can be set otherwise:

- Across levels a rule is judged when the run is complete: its window ends with the last result of the run.
- R_4s is asked of the levels of one run only: one beyond +2 s and another beyond -2 s. With ``difference`` True two
  results more than 4 s apart are enough.
- 1_2s warns and rejects nothing. With ``gated`` the other rules are asked only where it warns, as was done by hand;
  4_1s and 10_x then miss small lasting shifts.
- A level that was not measured in a run is passed over; a new phase of one level (a new lot) begins all windows anew.
- A run that is rejected stays in the windows of the runs after it. Where the cause was removed, start a new phase.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_runs
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series import ControlChart, Label
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result
from baton_analysis.signals.chart_rules import Rule, RuleSet, find_violations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

Scope = Literal["within", "run", "across"]
Place = tuple[int, int]
"""Run and level, both from 0."""

_ON_THE_LINE = 1e-9


@dataclass(frozen=True, slots=True)
class LaboratoryRule:
    """A rule and where it is asked.

    Attributes
    ----------
    rule
        Its pattern. Of one that is asked across a "run" only ``sigmas`` counts, as the module says of R_4s.
    scopes
        "within" one level from run to run; "run": across the levels of one run; "across": levels and runs together.
    rejects
        Whether a violation rejects the run, or only warns.
    error
        What it usually points at: "random" error, "systematic" error, or "either".

    Raises
    ------
    MeasureError
        The rule is asked "across" and its pattern is neither a run nor so many beyond a line.
    """

    rule: Rule
    scopes: tuple[Scope, ...]
    error: Literal["random", "systematic", "either"]
    rejects: bool = True

    def __post_init__(self) -> None:
        if "across" in self.scopes and self.rule.kind not in {"run", "most_beyond"}:
            raise MeasureError(
                expected=gettext_noop(
                    "Across control materials a rule can ask for results on one side of the mean, or beyond a line."
                ),
                found=gettext_noop("The rule {rule} asks for something else."),
                remedy=gettext_noop("Ask it within one material."),
                rule=self.rule.id,
            )


@dataclass(frozen=True, slots=True)
class LaboratoryRuleSet:
    """Rules that are used together; ``difference`` and ``gated`` as the module says."""

    name: str
    rules: tuple[LaboratoryRule, ...]
    difference: bool = False
    gated: bool = False


@dataclass(frozen=True, slots=True)
class LaboratoryViolation:
    """A rule is broken in run ``run`` (from 0); ``points`` are the results of the pattern that it completes."""

    rule: str
    name: str
    run: int
    scope: Scope
    points: tuple[Place, ...]
    rejects: bool
    error: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """The name of the rule as text."""
        return translate(self.name).format(**self.values)


@dataclass(frozen=True, eq=False, slots=True)
class RunVerdicts(Result):
    """What the rules say of each run.

    Attributes
    ----------
    method
        Name of the set of rules.
    n
        Control results that could be judged.
    runs, levels
        How many there are.
    labels
        What stands for each run.
    violations
        By run, then in the order of the rules.
    charts
        What was judged, one of each level.
    rejected, warned
        Runs (from 0) with a rule that rejects, and those with a warning only.
    """

    method: str
    n: int
    runs: int
    levels: int
    labels: tuple[Label, ...]
    violations: tuple[LaboratoryViolation, ...]
    charts: tuple[ControlChart, ...] = field(repr=False)
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def rejected(self) -> tuple[int, ...]:
        return tuple(sorted({one.run for one in self.violations if one.rejects}))

    @property
    def warned(self) -> tuple[int, ...]:
        return tuple(sorted({one.run for one in self.violations} - set(self.rejected)))

    def to_table(self) -> pl.DataFrame:
        """One row a run."""
        rejected, warned = set(self.rejected), set(self.warned)
        return pl.DataFrame(
            {
                "run": [str(label) for label in self.labels],
                "rejected": [run in rejected for run in range(self.runs)],
                "warned": [run in warned for run in range(self.runs)],
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; runs and levels from 0."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "runs": self.runs,
            "levels": self.levels,
            "rejected": list(self.rejected),
            "warned": list(self.warned),
            "violations": [
                {
                    "rule": one.rule,
                    "name": one.render(),
                    "run": one.run,
                    "scope": one.scope,
                    "points": [list(place) for place in one.points],
                    "rejects": one.rejects,
                    "error": one.error,
                }
                for one in self.violations
            ],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """All levels in standard deviations, a band behind each rejected run; see
        :class:`baton_analysis.results.Plottable`."""
        distances = [chart.standardised for chart in self.charts]
        return plot_runs(ax, levels=distances, labels=self.labels, rejected=self.rejected)


_BEYOND = gettext_noop("One control beyond {sigmas} s")
_SAME_SIDE = gettext_noop("{wanted} of {length} controls in a row beyond {sigmas} s on the same side")
_APART = gettext_noop("Two controls of one run beyond {sigmas} s on opposite sides")
_ONE_SIDE = gettext_noop("{length} controls in a row on one side of the mean")
_TREND = gettext_noop("{length} controls in a row steadily up or down")


def _same_side(id: str, wanted: int, length: int, sigmas: float, *scopes: Scope) -> LaboratoryRule:
    rule = Rule(id, "most_beyond", _SAME_SIDE, length=length, wanted=wanted, sigmas=sigmas)
    return LaboratoryRule(rule, scopes, "systematic")


def _one_side(length: int) -> LaboratoryRule:
    return LaboratoryRule(Rule(f"{length}_x", "run", _ONE_SIDE, length=length), ("within", "across"), "systematic")


_1_2S = LaboratoryRule(Rule("1_2s", "beyond", _BEYOND, sigmas=2), ("within",), "either", rejects=False)
_1_3S = LaboratoryRule(Rule("1_3s", "beyond", _BEYOND, sigmas=3), ("within",), "random")
_R_4S = LaboratoryRule(Rule("R_4s", "beyond", _APART, sigmas=2), ("run",), "random")
_7_T = LaboratoryRule(Rule("7_t", "trend", _TREND, length=7), ("within",), "systematic")

WESTGARD = LaboratoryRuleSet(
    "westgard",
    (
        _1_2S,
        _1_3S,
        _same_side("2_2s", 2, 2, 2, "within", "across"),
        _R_4S,
        _same_side("4_1s", 4, 4, 1, "within", "across"),
        _one_side(10),
    ),
)
"""The multirule procedure for two levels, or for one measured twice."""

WESTGARD_THREE_LEVELS = LaboratoryRuleSet(
    "westgard_three_levels",
    (
        _1_2S,
        _1_3S,
        _same_side("2of3_2s", 2, 3, 2, "within", "across"),
        _R_4S,
        _same_side("3_1s", 3, 3, 1, "within", "across"),
        _one_side(12),
    ),
)
"""The version for three levels."""

WESTGARD_WITH_TREND = LaboratoryRuleSet("westgard_with_trend", (*WESTGARD.rules, _7_T))

LABORATORY_RULE_SETS: Mapping[str, LaboratoryRuleSet] = {
    rules.name: rules for rules in (WESTGARD, WESTGARD_THREE_LEVELS, WESTGARD_WITH_TREND)
}


@checked(MeasureError)
def judge_runs(levels: Sequence[ControlChart], rules: LaboratoryRuleSet = WESTGARD) -> RunVerdicts:
    """Which runs the rules reject, and why.

    Parameters
    ----------
    levels
        One Levey-Jennings chart for each control material, with the same runs. A gap is a level that was not measured.
    rules
        One of :data:`LABORATORY_RULE_SETS`, or a set of your own.

    Raises
    ------
    MeasureError
        There is no chart, or the charts do not have the same number of runs.
    """
    _demand_same_runs(levels)
    found: list[tuple[int, int, LaboratoryViolation]] = []
    for order, one in enumerate(rules.rules):
        for scope in one.scopes:
            for run, points in _broken(one, scope, levels, difference=rules.difference):
                found.append((run, order, _violation(one, scope, run, points)))
    found.sort(key=lambda hit: hit[:2])
    violations = [violation for _, _, violation in found]
    if rules.gated:
        warned = {violation.run for violation in violations if not violation.rejects}
        violations = [violation for violation in violations if violation.run in warned]
    judged = sum(int(np.count_nonzero(~np.isnan(chart.standardised))) for chart in levels)
    warnings = list(_warnings(levels, rules))
    warnings += [notice for chart in levels for notice in chart.warnings if notice not in warnings]
    return RunVerdicts(
        rules.name, judged, len(levels[0]), len(levels), levels[0].labels, tuple(violations), tuple(levels),
        tuple(warnings),
    )  # fmt: skip


def _violation(one: LaboratoryRule, scope: Scope, run: int, points: tuple[Place, ...]) -> LaboratoryViolation:
    rule = one.rule
    return LaboratoryViolation(rule.id, rule.name, run, scope, points, one.rejects, one.error, rule.values)


Broken = list[tuple[int, tuple[Place, ...]]]


def _broken(one: LaboratoryRule, scope: Scope, levels: Sequence[ControlChart], *, difference: bool) -> Broken:
    """Runs that break a rule asked in one way, each with the results of its pattern."""
    if scope == "run":
        return _apart(one.rule, levels, difference=difference)
    if scope == "across":
        return _across(one.rule, levels) if len(levels) > 1 else []
    alone = RuleSet(one.rule.id, (one.rule,), across_gaps=True)
    return [
        (hit.index, tuple((run, level) for run in hit.points))
        for level, chart in enumerate(levels)
        for hit in find_violations(chart, alone)
    ]


def _apart(rule: Rule, levels: Sequence[ControlChart], *, difference: bool) -> Broken:
    """Runs with two results far apart: the highest and the lowest are named."""
    found: Broken = []
    line = rule.sigmas + _ON_THE_LINE
    for run, results in enumerate(np.array([chart.standardised for chart in levels]).T):
        there = np.flatnonzero(~np.isnan(results))
        if len(there) < 2:
            continue
        highest, lowest = there[np.argmax(results[there])], there[np.argmin(results[there])]
        opposite = results[highest] > line and results[lowest] < -line
        apart = results[highest] - results[lowest] > 2 * rule.sigmas + _ON_THE_LINE
        if opposite or (difference and apart):
            found.append((run, ((run, int(highest)), (run, int(lowest)))))
    return found


def _across(rule: Rule, levels: Sequence[ControlChart]) -> Broken:
    """Runs with whose last result a window of results of several levels is complete."""
    found: Broken = []
    lots = np.array([chart.phase for chart in levels]).T
    results = np.array([chart.standardised for chart in levels]).T
    seen: list[tuple[Place, float]] = []
    for run in range(len(results)):
        if run and (lots[run] != lots[run - 1]).any():
            seen = []
        measured = [
            ((run, int(level)), float(results[run, level])) for level in np.flatnonzero(~np.isnan(results[run]))
        ]
        seen += measured
        window = seen[-rule.length :]
        if measured and len(window) == rule.length and len({place[1] for place, _ in window}) > 1:
            found += [(run, pattern) for pattern in _same_sides(rule, window)]
    return found


def _same_sides(rule: Rule, window: list[tuple[Place, float]]) -> list[tuple[Place, ...]]:
    """The results of a window that lie on one side, where they are as many as the rule wants."""
    line = rule.sigmas + _ON_THE_LINE
    wanted = rule.length if rule.kind == "run" else rule.wanted
    sides = (tuple(place for place, z in window if sign * z > line) for sign in (1, -1))
    return [side for side in sides if len(side) >= wanted]


def _demand_same_runs(levels: Sequence[ControlChart]) -> None:
    runs = sorted({len(chart) for chart in levels})
    if len(runs) != 1:
        raise MeasureError(
            expected=gettext_noop("The rules need one chart for each control material, all with the same runs."),
            found=gettext_noop("There are {levels} charts, with {runs} runs."),
            remedy=gettext_noop("Give a gap where a material was not measured in a run."),
            levels=len(levels),
            runs=", ".join(str(number) for number in runs) or 0,
        )


def _warnings(levels: Sequence[ControlChart], rules: LaboratoryRuleSet) -> tuple[Notice, ...]:
    if len(levels) > 1 or not any("run" in one.scopes for one in rules.rules):
        return ()
    return (
        Notice(
            message=gettext_noop(
                "With one control material the rules across materials, R_4s among them, cannot be asked: random errors "
                "show up by 1_3s only."
            )
        ),
    )
