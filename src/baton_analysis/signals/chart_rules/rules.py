"""What a rule, a set of rules and a violation are; the sets of Western Electric and Nelson."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from baton_analysis.arguments import checked_fields
from baton_analysis.errors import MeasureError, gettext_noop

Kind = Literal["beyond", "run", "trend", "alternating", "most_beyond", "within", "both_sides"]


@checked_fields(MeasureError)
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


@checked_fields(MeasureError)
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
