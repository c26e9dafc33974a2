"""What switching is made of: lots, decisions, rules, states and switches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from baton_analysis.arguments import checked, checked_fields
from baton_analysis.drawing.comparisons import plot_states
from baton_analysis.errors import MeasureError, filled, gettext_noop
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

Severity = Literal["normal", "tightened", "reduced", "skip_lot", "discontinued"]
LotJudgement = Literal["accepted", "accepted_in_gap", "not_accepted", "not_inspected"]
DecisionKind = Literal["approve_reduced", "approve_skip_lot", "require_normal", "resume"]
Label = Any

SEVERITY_NAMES: Mapping[str, str] = {
    "normal": gettext_noop("normal"),
    "tightened": gettext_noop("tightened"),
    "reduced": gettext_noop("reduced"),
    "skip_lot": gettext_noop("skip-lot"),
    "discontinued": gettext_noop("discontinued"),
}
"""What each severity is called; English templates."""

DECISION_NAMES: Mapping[str, str] = {
    "approve_reduced": gettext_noop("approve reduced inspection"),
    "approve_skip_lot": gettext_noop("approve skip-lot"),
    "require_normal": gettext_noop("require normal inspection"),
    "resume": gettext_noop("resume"),
}
"""What each decision is called; English templates."""


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class LotResult:
    """One lot.

    Attributes
    ----------
    judgement
        "not_inspected" only under skip-lot, for a lot that was not drawn.
    resubmitted
        The lot was refused before; it counts nowhere.
    score
        What the lot adds to the switching score (:func:`score_of`); None if unknown.
    nonconforming
        Nonconforming items of the sample; None if unknown.
    """

    label: Label
    judgement: LotJudgement
    resubmitted: bool = False
    score: int | None = None
    nonconforming: int | None = None

    @property
    def accepted(self) -> bool:
        """Whether the lot was taken, be it in the gap of a reduced plan."""
        return self.judgement in {"accepted", "accepted_in_gap"}


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class Decision:
    """Somebody decides: reduced inspection or skip-lot may begin (production is steady); normal inspection is wanted
    (production is irregular, or another reason); inspection may resume (the supplier's action works).
    """

    kind: DecisionKind
    by: str
    reason: str = ""


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class SkipLot:
    """After ``lots`` consecutive accepted lots only a random ``fraction`` of the lots is inspected, until one is not
    accepted (SkSP-2: Perry 1973, Journal of Quality Technology 5: 160-166).
    """

    lots: int = 10
    fraction: float = 0.25

    def __post_init__(self) -> None:
        if self.lots < 1 or not 0 < self.fraction <= 1:
            raise MeasureError(
                expected=gettext_noop("Skip-lot needs at least 1 accepted lot, and a fraction above 0 and up to 1."),
                found=gettext_noop("Lots: {lots}, fraction: {fraction}."),
                remedy=gettext_noop("Correct these settings; 10 lots and 1 in 4 are a usual beginning."),
                lots=self.lots,
                fraction=self.fraction,
            )

    @checked(MeasureError)
    def draws(self, lot: Label, seed: str) -> bool:
        """Whether a lot is to be inspected: a draw that anybody can repeat who knows the ``seed``, and nobody foresee
        who does not.
        """
        digest = sha256(f"{seed}\x1f{lot}".encode()).digest()
        return int.from_bytes(digest[:8], "big") < self.fraction * 2**64


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class SwitchingRules:
    """A named set of switching rules.

    Attributes
    ----------
    tighten, within
        Lots not accepted among so many consecutive ones that tighten inspection.
    relax
        Consecutive lots accepted on tightened inspection that bring normal inspection back.
    stop
        Lots not accepted on tightened inspection that discontinue it.
    reduce_by
        "score": a switching score of ``reduce_at``. "accepted_lots": ``reduce_at`` consecutive lots accepted, in which
        no more than ``limit_number`` items were nonconforming; without a limit number inspection is not reduced.
    skip
        Skip-lot, or None where it is not agreed.
    protected
        A check that law or safety demands: never reduced, never skipped.
    """

    name: str
    source: str
    reduce_by: Literal["score", "accepted_lots"]
    reduce_at: int
    tighten: int = 2
    within: int = 5
    relax: int = 5
    stop: int = 5
    limit_number: int | None = None
    skip: SkipLot | None = None
    protected: bool = False


ISO_2859_1 = SwitchingRules("ISO 2859-1", "ISO 2859-1:1999, clause 9", reduce_by="score", reduce_at=30)
MIL_STD_105E = SwitchingRules("MIL-STD-105E", "MIL-STD-105E, 4.7", reduce_by="accepted_lots", reduce_at=10)


@dataclass(frozen=True, slots=True)
class InspectionState:
    """Where inspection stands, and what it remembers since it stands there.

    Attributes
    ----------
    recent
        Lots since the last switch, oldest first, as far as a rule can need them.
    refused
        Labels of all lots not accepted since the last switch.
    score
        Switching score; it starts at 0 with normal inspection.
    permissions
        Who allowed reduced inspection ("approve_reduced") and skip-lot ("approve_skip_lot"); used up by the switch.
    """

    severity: Severity = "normal"
    recent: tuple[LotResult, ...] = ()
    refused: tuple[Label, ...] = ()
    score: int = 0
    permissions: Mapping[str, Decision] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Switch:
    """Inspection changed from ``before`` to ``after``.

    ``rule`` is its short name, ``name`` an English template filled from ``values``. ``lots`` are the labels of the lots
    that the rule rests on, ``by`` and ``reason`` tell who decided (empty where the rule alone did). ``index`` is the
    place, from 0, of the event that brought it about.
    """

    index: int
    before: Severity
    after: Severity
    rule: str
    name: str
    lots: tuple[Label, ...] = ()
    by: str = ""
    reason: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """The rule as text."""
        return filled(self.name, self.values, translate)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "index": self.index,
            "before": self.before,
            "after": self.after,
            "rule": self.rule,
            "name": self.render(),
            "lots": [_plain(lot) for lot in self.lots],
            "by": self.by,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class SwitchingHistory(Result):
    """A series of lots and decisions; ``states`` has the state after each, ``n`` counts the lots that counted."""

    method: str
    states: tuple[InspectionState, ...]
    switches: tuple[Switch, ...]
    n: int
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def state(self) -> InspectionState:
        """Where inspection stands now."""
        return self.states[-1] if self.states else InspectionState()

    def to_table(self) -> pl.DataFrame:
        """One row a switch."""
        schema = {"index": pl.Int64, "before": pl.String, "after": pl.String, "rule": pl.String, "lots": pl.String}
        rows = [
            (switch.index, switch.before, switch.after, switch.rule, ", ".join(map(str, switch.lots)), switch.by)
            for switch in self.switches
        ]
        return pl.DataFrame(rows, schema={**schema, "by": pl.String}, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "severity": self.state.severity,
            "score": self.state.score,
            "severities": [state.severity for state in self.states],
            "switches": [switch.to_dict() for switch in self.switches],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The severity after each lot or decision; see :class:`baton_analysis.results.Plottable`."""
        return plot_states(ax, states=[state.severity for state in self.states], known=tuple(SEVERITY_NAMES))


def _plain(label: Label) -> Any:
    return label.isoformat() if hasattr(label, "isoformat") else label
