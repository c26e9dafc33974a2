"""What is found out about a handoff: measured values, judgements, the three checks, predecessors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING

from baton.agreements.changes.checks import note_given, refuse
from baton.agreements.queries.in_force import clauses_in_force_at
from baton.agreements.rules import Measure
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.checks import begin_any, moment_given, refuse_withdrawn, zone_of
from baton.handoffs.models import Handoff, Judgement, MeasuredValue, Predecessor, StageCheck
from baton.handoffs.queries.genealogy import went_into
from baton.handoffs.queries.inspecting import may_check
from baton.handoffs.rules import Side, Stage, faults_of_amount, faults_of_unit, is_released
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.agreements.models import Clause


def record_value(
    *, by: Actor, at: datetime, handoff: Handoff, clause: str, value: float, unit: str = "",
    measured_at: datetime | None = None,
) -> MeasuredValue:  # fmt: skip
    """A value measured of a handoff, against a clause (public id) of its link that held when it occurred. ``unit`` may
    be left out; another one than the clause's is refused."""
    with change(by=by, at=at) as trail:
        fresh, _standing = begin_any(trail, handoff, None)
        held = clause_held(fresh, by, lambda one: one.public_id == clause)
        refuse(faults_of_unit("unit", unit, held.unit))
        if not isfinite(value) or abs(value) > 1e15:
            raise Refused(
                field="value",
                expected=gettext_noop("Expected a number."),
                found=gettext_noop("Found {value}."),
                remedy=gettext_noop("Correct it."),
                value=str(value),
            )
        moment = moment_given(measured_at, at=at, zone=zone_of(fresh), field="measured_at")
        made = MeasuredValue(handoff=fresh, clause=held, value=value, measured_at=moment, person=by.person)
        trail.save(made, "measured_value.added")
        return made


def clause_held(
    handoff: Handoff, by: Actor, is_meant: Callable[[Clause], bool], *, field: str = "clause"
) -> Clause:  # fmt: skip
    """The clause that is meant, if it held on the link when the handoff occurred and is one of measured values."""
    clauses = clauses_in_force_at(viewer=by, link=handoff.link_id, moment=handoff.occurred_at)
    held = next((one for one in clauses if is_meant(one)), None)
    if held is None or held.measure != Measure.VALUE:
        values = [str(one) for one in clauses if one.measure == Measure.VALUE]
        raise Refused(
            field=field,
            expected=gettext_noop("Expected a clause of measured values that held on this link then: {clauses}."),
            found=gettext_noop("This one belongs to another link or version, or is measured otherwise."),
            remedy=gettext_noop("Choose one of these."),
            clauses=" / ".join(values) or "–",
        )
    return held


def judge_handoff(
    *, by: Actor, at: datetime, handoff: Handoff, side: Side, as_agreed: bool | None = None,
    fit_for_use: bool | None = None, request_complete: bool | None = None, told_in_time: bool | None = None,
    note: str = "",
) -> Judgement:  # fmt: skip
    """What one side judges, by name: the customer whether it was as agreed and fit for his use, the supplier whether
    the request was complete and in time. It can be changed until both sides read it."""
    with change(by=by, at=at) as trail:
        fresh, standing = begin_any(trail, handoff, None)
        demand(policy.may_act(standing, fresh.link, side))
        said = {Side(one.side): one for one in Judgement.objects.filter(handoff=fresh)}
        _refuse_released(fresh, said, at)
        mine = trail.lock(Judgement, said[side]) if side in said else Judgement(handoff=fresh, side=side)
        if side is Side.CUSTOMER:
            mine.as_agreed, mine.fit_for_use = as_agreed, fit_for_use
        else:
            mine.request_complete, mine.told_in_time = request_complete, told_in_time
        if {mine.as_agreed, mine.fit_for_use, mine.request_complete, mine.told_in_time} == {None}:
            raise Refused(
                expected=gettext_noop("Expected an answer to one of the questions at least."),
                found=gettext_noop("Nothing was answered."),
                remedy=gettext_noop("Answer yes or no."),
            )
        mine.note, mine.person, mine.judged_at = note_given(note, "note"), by.person, at
        return trail.save(mine, "judgement.said")


def _refuse_released(handoff: Handoff, said: dict[Side, Judgement], at: datetime) -> None:
    times = [said[side].judged_at if side in said else None for side in Side]
    if not handoff.was_delivered or is_released(times[0], times[1], handoff.accepted_at, at):
        raise Refused(
            expected=gettext_noop("Expected a handoff that came, before both sides read what the other judged."),
            found=gettext_noop("{number} has not come yet, or its judgements can be read already."),
            remedy=gettext_noop("Say it in its discussion."),
            number=handoff.number,
        )


def record_check(
    *, by: Actor, at: datetime, handoff: Handoff, stage: Stage, passed: bool, checked: Decimal | None = None,
    found: Decimal | None = None, checked_at: datetime | None = None, note: str = "",
) -> StageCheck:  # fmt: skip
    """One of the three checks: how many were looked at, how many were faulty, and whether it was passed on."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Handoff, handoff)
        demand(may_check(viewer=by, at=at, handoff=fresh, stage=stage))
        refuse_withdrawn(fresh)
        _refuse_not_come(fresh, stage)
        for field, amount in (("checked", checked), ("found", found)):
            refuse(faults_of_amount(field, amount) if amount is not None else ())
        if checked is not None and found is not None and found > checked:
            raise Refused(
                field="found",
                expected=gettext_noop("Expected at most {checked} to be faulty: so many were looked at."),
                found=gettext_noop("Found {found_faulty}."),
                remedy=gettext_noop("Correct one of the two."),
                checked=str(checked), found_faulty=str(found),
            )  # fmt: skip
        moment = moment_given(checked_at, at=at, zone=zone_of(fresh), field="checked_at")
        made = StageCheck(
            handoff=fresh, stage=stage, checked=checked, found=found, passed=passed, checked_at=moment,
            person=by.person, note=note_given(note, "note"),
        )  # fmt: skip
        return trail.save(made, "stage_check.added")


def _refuse_not_come(handoff: Handoff, stage: Stage) -> None:
    if stage is Stage.RECEIVER and not handoff.was_delivered:
        raise Refused(
            expected=gettext_noop("Expected a handoff that came: its receiver checks what he got."),
            found=gettext_noop("{number} has not come yet."),
            remedy=gettext_noop("Enter first that it was delivered or accepted."),
            number=handoff.number,
        )


def add_predecessor(*, by: Actor, at: datetime, handoff: Handoff, predecessor: Handoff) -> Predecessor:
    """This one was made of that one."""
    with change(by=by, at=at) as trail:
        fresh, _standing = begin_any(trail, handoff, None)
        known = Predecessor.objects.filter(handoff=fresh, predecessor=predecessor, ended_at__isnull=True).exists()
        if predecessor.pk == fresh.pk or known or went_into(viewer=by, handoff=fresh, other=predecessor):
            raise Refused(
                field="predecessor",
                expected=gettext_noop("Expected another handoff that is not named yet, and not made of this one."),
                found=gettext_noop("{number} is this one, stands there already, or was made of it."),
                remedy=gettext_noop("Choose another."),
                number=predecessor.number,
            )
        return trail.save(Predecessor(handoff=fresh, predecessor=predecessor), "handoff_origin.added")


def end_predecessor(*, by: Actor, at: datetime, origin: Predecessor, expected_seq: int | None = None) -> Predecessor:
    """It was not made of that one."""
    with change(by=by, at=at) as trail:
        begin_any(trail, origin.handoff, None)
        fresh = trail.lock(Predecessor, origin, expected_seq=expected_seq)
        fresh.ended_at = fresh.ended_at or at
        return trail.save(fresh, "handoff_origin.ended")
