"""The state machine: what a lot or a decision does to the state of inspection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, Phrase, gettext_noop
from baton_analysis.measures.sampling import SamplingPlan
from baton_analysis.measures.sampling.lookup import tighter_plan
from baton_analysis.readers.model import Notice
from baton_analysis.signals.inspection_switching.model import (
    DECISION_NAMES,
    ISO_2859_1,
    SEVERITY_NAMES,
    Decision,
    InspectionState,
    Label,
    LotResult,
    Severity,
    Switch,
    SwitchingHistory,
    SwitchingRules,
)

_NAMES = {
    "tighten": gettext_noop("{needed} of {within} or fewer consecutive lots not accepted"),
    "relax": gettext_noop("{needed} consecutive lots accepted on tightened inspection"),
    "discontinue": gettext_noop("{needed} lots not accepted while on tightened inspection"),
    "resume": gettext_noop("The supplier's action was agreed to work"),
    "score": gettext_noop("The switching score is {score}; {limit} are needed, and reduced inspection was approved"),
    "accepted_lots": gettext_noop(
        "{needed} consecutive lots accepted with {found} nonconforming items, the limit is {limit}; reduced inspection"
        " was approved"
    ),
    "not_accepted": gettext_noop("A lot was not accepted"),
    "gap": gettext_noop("A lot lay between acceptance and rejection number"),
    "require_normal": gettext_noop("Normal inspection was required"),
    "skip_lot": gettext_noop("{needed} consecutive lots accepted, and skip-lot was approved"),
}
"""What each rule says; English templates."""


@checked(MeasureError)
def score_of(plan: SamplingPlan, found: Iterable[int]) -> int:
    """What a lot on normal inspection does to the switching score (ISO 2859-1:1999, 9.3.3): 3 or 2 to add, 0 to reset.

    Single plans with an acceptance number of 2 or more: 3 if the lot would be accepted with the next smaller AQL too.
    With 0 or 1: 2 if it is accepted. Double plans: 3 if the first sample accepts it. Otherwise 0. (The amounts are
    quoted from the standard's users; check them against your copy.)
    """
    counts = list(found)
    if plan.judge(counts) != "accepted":
        return 0
    if len(plan.stages) > 1:
        return 3 if len(counts) == 1 else 0
    if plan.accept <= 1:
        return 2
    tighter = tighter_plan(plan)
    return 3 if tighter is not None and sum(counts) <= tighter.accept else 0


@checked(MeasureError)
def follow(
    events: Iterable[LotResult | Decision],
    rules: SwitchingRules = ISO_2859_1,
    *,
    start: InspectionState | None = None,
) -> SwitchingHistory:
    """All states and switches of a series of lots and decisions, in order of time.

    Raises
    ------
    MeasureError
        As :func:`step`.
    """
    state = start or InspectionState()
    states: list[InspectionState] = []
    switches: list[Switch] = []
    lots = unscored = 0
    for index, event in enumerate(events):
        if isinstance(event, LotResult) and not event.resubmitted and event.judgement != "not_inspected":
            lots += 1
            unscored += state.severity == "normal" and event.accepted and _unknown(event, rules)
        state, switch = step(state, event, rules, index=index)
        states.append(state)
        if switch is not None:
            switches.append(switch)
    return SwitchingHistory(rules.name, tuple(states), tuple(switches), lots, _remarks(rules, unscored))


@checked(MeasureError)
def step(
    state: InspectionState, event: LotResult | Decision, rules: SwitchingRules, *, index: int = 0
) -> tuple[InspectionState, Switch | None]:
    """The state after one lot or decision, and the switch if there is one.

    Raises
    ------
    MeasureError
        A lot while inspection is discontinued, a lot that was not inspected outside skip-lot, or a decision that does
        not fit: resuming what runs, reducing a protected check, skip-lot where it is not agreed.
    """
    if isinstance(event, Decision):
        return _decided(state, event, rules, index)
    if event.resubmitted:
        return state, None
    _check_lot(state, event)
    if event.judgement == "not_inspected":
        return state, None
    return _switched(_remembering(state, event, rules), rules, index)


def _remembering(state: InspectionState, lot: LotResult, rules: SwitchingRules) -> InspectionState:
    longest = max(rules.within, rules.relax, rules.reduce_at, rules.skip.lots if rules.skip else 0)
    score = 0
    if state.severity == "normal" and lot.accepted and lot.score:
        score = state.score + lot.score
    return replace(
        state,
        recent=(*state.recent, lot)[-longest:],
        refused=state.refused if lot.accepted else (*state.refused, lot.label),
        score=score,
    )


def _switched(state: InspectionState, rules: SwitchingRules, index: int) -> tuple[InspectionState, Switch | None]:
    """The switch to which the lots of a state lead, if any; the first rule that holds decides."""
    candidates = {
        "normal": (_tightened, _skipping, _reduced),
        "tightened": (_stopped, _relaxed),
        "reduced": (_back_to_normal, _skipping),
        "skip_lot": (_back_to_normal,),
    }
    for rule in candidates.get(state.severity, ()):
        switch = rule(state, rules, index)
        if switch is not None:
            return InspectionState(switch.after), switch
    return state, None


def _tightened(state: InspectionState, rules: SwitchingRules, index: int) -> Switch | None:
    window = state.recent[-rules.within :]
    refused = tuple(lot.label for lot in window if not lot.accepted)
    if len(refused) < rules.tighten:
        return None
    values = {"needed": rules.tighten, "within": rules.within}
    return Switch(index, "normal", "tightened", "tighten", _NAMES["tighten"], refused[-rules.tighten :], values=values)


def _relaxed(state: InspectionState, rules: SwitchingRules, index: int) -> Switch | None:
    run = _run(state)
    if len(run) < rules.relax:
        return None
    lots = _labels(run[-rules.relax :])
    return Switch(index, "tightened", "normal", "relax", _NAMES["relax"], lots, values={"needed": rules.relax})


def _stopped(state: InspectionState, rules: SwitchingRules, index: int) -> Switch | None:
    if len(state.refused) < rules.stop:
        return None
    name, values = _NAMES["discontinue"], {"needed": rules.stop}
    return Switch(index, "tightened", "discontinued", "discontinue", name, state.refused, values=values)


def _reduced(state: InspectionState, rules: SwitchingRules, index: int) -> Switch | None:
    approval = state.permissions.get("approve_reduced")
    if approval is None:
        return None
    run = _run(state)
    if rules.reduce_by == "score":
        if state.score < rules.reduce_at:
            return None
        scored, values = _scored(run, state.score), {"score": state.score, "limit": rules.reduce_at}
        return _approved(index, state, "reduced", "score", scored, approval, values)
    last = run[-rules.reduce_at :]
    if len(last) < rules.reduce_at or rules.limit_number is None or any(lot.nonconforming is None for lot in last):
        return None
    found = sum(lot.nonconforming or 0 for lot in last)
    if found > rules.limit_number:
        return None
    values = {"needed": rules.reduce_at, "found": found, "limit": rules.limit_number}
    return _approved(index, state, "reduced", "accepted_lots", last, approval, values)


def _skipping(state: InspectionState, rules: SwitchingRules, index: int) -> Switch | None:
    approval, run = state.permissions.get("approve_skip_lot"), _run(state)
    if approval is None or rules.skip is None or len(run) < rules.skip.lots:
        return None
    values = {"needed": rules.skip.lots}
    return _approved(index, state, "skip_lot", "skip_lot", run[-rules.skip.lots :], approval, values)


def _back_to_normal(state: InspectionState, rules: SwitchingRules, index: int) -> Switch | None:
    last = state.recent[-1:]
    if not last or last[0].judgement == "accepted":
        return None
    rule = "gap" if last[0].accepted else "not_accepted"
    return Switch(index, state.severity, "normal", rule, _NAMES[rule], _labels(last))


def _approved(
    index: int,
    state: InspectionState,
    after: Severity,
    rule: str,
    lots: tuple[LotResult, ...],
    approval: Decision,
    values: Mapping[str, Any],
) -> Switch:
    name = _NAMES[rule]
    return Switch(
        index, state.severity, after, rule, name, _labels(lots), by=approval.by, reason=approval.reason, values=values
    )


def _run(state: InspectionState) -> tuple[LotResult, ...]:
    """The lots accepted one after the other up to now."""
    run: list[LotResult] = []
    for lot in reversed(state.recent):
        if not lot.accepted:
            break
        run.append(lot)
    return tuple(reversed(run))


def _scored(run: tuple[LotResult, ...], score: int) -> tuple[LotResult, ...]:
    """The last lots that make up a score."""
    for count in range(1, len(run) + 1):
        if sum(lot.score or 0 for lot in run[-count:]) >= score:
            return run[-count:]
    return run


def _labels(lots: Iterable[LotResult]) -> tuple[Label, ...]:
    return tuple(lot.label for lot in lots)


def _decided(
    state: InspectionState, decision: Decision, rules: SwitchingRules, index: int
) -> tuple[InspectionState, Switch | None]:
    if decision.kind in {"approve_reduced", "approve_skip_lot"}:
        _check_approval(decision, rules)
        return _switched(replace(state, permissions={**state.permissions, decision.kind: decision}), rules, index)
    fitting = {"resume": {"discontinued"}, "require_normal": {"reduced", "skip_lot"}}
    if state.severity not in fitting[decision.kind]:
        raise MeasureError(
            expected=gettext_noop("The decision fits where inspection stands."),
            found=gettext_noop("Inspection is {severity}, the decision is {decision}."),
            remedy=gettext_noop("Resume discontinued inspection; require normal inspection from reduced or skip-lot."),
            severity=Phrase(SEVERITY_NAMES[state.severity]),
            decision=Phrase(DECISION_NAMES[decision.kind]),
        )
    after: Severity = "tightened" if decision.kind == "resume" else "normal"
    name = _NAMES[decision.kind]
    switch = Switch(index, state.severity, after, decision.kind, name, by=decision.by, reason=decision.reason)
    return InspectionState(after), switch


def _check_approval(decision: Decision, rules: SwitchingRules) -> None:
    if rules.protected:
        raise MeasureError(
            expected=gettext_noop("A check that law or safety demands is never reduced or skipped."),
            found=gettext_noop("The decision is {decision}."),
            remedy=gettext_noop("Keep inspecting every lot as before."),
            decision=Phrase(DECISION_NAMES[decision.kind]),
        )
    if decision.kind == "approve_skip_lot" and rules.skip is None:
        raise MeasureError(
            expected=gettext_noop("Skip-lot is approved where the switching rules have it."),
            found=gettext_noop("The rules {rules} do not."),
            remedy=gettext_noop("Agree on skip-lot first: after how many lots, and which fraction is inspected."),
            rules=rules.name,
        )


def _check_lot(state: InspectionState, lot: LotResult) -> None:
    if state.severity == "discontinued":
        raise MeasureError(
            expected=gettext_noop("Inspection is discontinued: lots are judged again after it resumes."),
            found=gettext_noop("Lot {lot} was judged."),
            remedy=gettext_noop("First record that the supplier's action works; inspection then resumes tightened."),
            lot=lot.label,
        )
    if lot.judgement == "not_inspected" and state.severity != "skip_lot":
        raise MeasureError(
            expected=gettext_noop("Every lot is inspected unless skip-lot is in force."),
            found=gettext_noop("Lot {lot} was not inspected, and inspection is {severity}."),
            remedy=gettext_noop("Inspect the lot, or correct its record."),
            lot=lot.label,
            severity=Phrase(SEVERITY_NAMES[state.severity]),
        )


def _unknown(lot: LotResult, rules: SwitchingRules) -> bool:
    """Whether what decides on reduced inspection is not known of a lot."""
    return (lot.score if rules.reduce_by == "score" else lot.nonconforming) is None


def _remarks(rules: SwitchingRules, unscored: int) -> tuple[Notice, ...]:
    remarks: list[Notice] = []
    if unscored:
        unknown = gettext_noop("Lots accepted without what reduced inspection needs (score or nonconforming items):"
                               " {count}. They do not lead to it.")  # fmt: skip
        remarks.append(Notice(unknown, unscored))
    if rules.reduce_by == "accepted_lots" and rules.limit_number is None and not rules.protected:
        limit = gettext_noop("No limit number (table VIII) was given: inspection is not reduced.")
        remarks.append(Notice(limit))
    return tuple(remarks)
