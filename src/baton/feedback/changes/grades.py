"""Heads give their grades, with their names, and departments reply to a D or E."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused, Stale
from baton.core.given import words_given
from baton.core.policy import demand
from baton.core.texts import clean_text
from baton.feedback import policy
from baton.feedback.changes.checks import promise_given, refuse
from baton.feedback.models.grades import DepartmentGrade, GradeRound
from baton.feedback.queries.grades import handoffs_to_name, may_grade_row
from baton.feedback.rules.grades import LOW, WORDS_LENGTH, Grade, RoundState, Said, faults_of
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

REPLIED_TOPIC = "feedback.grade_replied"
PROMISED_TOPIC = "feedback.grade_promised"


def give_grades(
    *, by: Actor, at: datetime, round: GradeRound, said: Mapping[str, Said], seen: Mapping[str, int] | None = None
) -> GradeRound:
    """Keep the grades of a sheet, all or none: by the public id of each what was ``said``, and under which version
    (``changed_seq``) it was ``seen``. What was not changed stays as it is.

    Refusals name the field as ``<public id>__<field>``.
    """
    with change(by=by, at=at) as trail:
        fresh = _open_round(trail, round)
        rows = {
            one.public_id: one for one in DepartmentGrade.objects.filter(round=fresh, public_id__in=list(said))
        }  # fmt: skip
        for public_id, one in said.items():
            if public_id not in rows:
                raise NotFound
            try:
                _give(trail, rows[public_id], one, (seen or {}).get(public_id))
            except Stale as stale:
                theirs = {f"{public_id}__{name}": value for name, value in stale.theirs.items()}
                raise Stale(theirs={**theirs, f"{public_id}__seen": stale.version}, version=stale.version) from None
            except Refused as refused:
                refused.field = f"{public_id}__{refused.field}" if refused.field else ""
                raise
        return fresh


def give_grade(
    *, by: Actor, at: datetime, grade: DepartmentGrade, said: Said, expected_seq: int | None = None
) -> DepartmentGrade:
    """Keep one grade; said again, it takes the place of what was said, until the round closes."""
    with change(by=by, at=at) as trail:
        _open_round(trail, grade.round)
        return _give(trail, grade, said, expected_seq)


def reply_to_grade(
    *, by: Actor, at: datetime, grade: DepartmentGrade, reply: str, owner: Person | None, promised_for: date | None,
    expected_seq: int | None = None,
) -> DepartmentGrade:  # fmt: skip
    """Say what the department graded D or E does about it, by whom and by when; whoever gave the grade is told, and who
    is to see to it. Said again, it takes the place of what was said, and is to be done anew."""
    words = words_given(
        reply, "reply", most=WORDS_LENGTH, remedy=gettext_noop("Say in a sentence or two what you do about it.")
    )
    with change(by=by, at=at) as trail:
        fresh = trail.lock(DepartmentGrade, grade, expected_seq=expected_seq)
        demand(policy.may_reply_to_grade(standing_of(by, day_of(at)), fresh.supplier))
        if fresh.round.state != RoundState.CLOSED or fresh.grade not in LOW:
            raise Refused(
                expected=gettext_noop("Expected a D or E of a round that is closed."),
                found=gettext_noop("This is none."),
                remedy=gettext_noop("Load the page again to see what became of it."),
            )
        fresh.owner, fresh.promised_for = promise_given(owner, promised_for, at)
        fresh.reply = words
        fresh.replied_by, fresh.replied_at = by.person, at
        fresh.outcome, fresh.done_on, fresh.done_by = "", None, None
        saved = trail.save(fresh, "department_grade.replied")
        tell_giver(trail, saved, REPLIED_TOPIC)
        if saved.owner is not None and saved.owner != by.person:
            tell_owner(trail, saved, PROMISED_TOPIC)
        return saved


def tell_giver(trail: Trail, grade: DepartmentGrade, topic: str) -> None:
    """Tell whoever gave a grade what becomes of it."""
    if grade.given_by is not None and grade.given_by.is_active:
        notify(
            by=trail.by, at=trail.at, person=grade.given_by, topic=topic,
            values={"supplier": dict(grade.supplier.name), "grade": grade.grade},
            address=reverse("surveys:grade", args=[grade.public_id]),
            shows=[(DepartmentGrade.kind, grade.public_id)],
        )  # fmt: skip


def tell_owner(trail: Trail, grade: DepartmentGrade, topic: str) -> None:
    """Tell who is to see to a promise of it; the grade is not told."""
    assert grade.owner is not None, "a constraint of the table"
    assert grade.promised_for is not None, "a constraint of the table"
    notify(
        by=trail.by, at=trail.at, person=grade.owner, topic=topic, address=address_of_promise(grade),
        values={"supplier": dict(grade.supplier.name), "day": grade.promised_for.isoformat()},
    )  # fmt: skip


def address_of_promise(grade: DepartmentGrade) -> str:
    """Where who sees to a promise finds it."""
    return f"{reverse('surveys:grade_rounds')}#{grade.public_id}"


def _open_round(trail: Trail, round: GradeRound) -> GradeRound:
    fresh = trail.lock(GradeRound, round)
    if fresh.state != RoundState.OPEN or fresh.closes_on < day_of(trail.at):
        raise Refused(
            expected=gettext_noop("Grades are taken while the round is open, until {day}."),
            found=gettext_noop("{number} is closed."),
            remedy=gettext_noop("What was given before stands; nothing can be changed any more."),
            number=fresh.number,
            day=fresh.closes_on.isoformat(),
        )
    return fresh


def _give(trail: Trail, row: DepartmentGrade, said: Said, expected_seq: int | None) -> DepartmentGrade:
    held = (
        DepartmentGrade.objects.select_related("round", "customer", "supplier", "handoff")
        .prefetch_related("links__link__supplier", "links__link__customer", "links__link__output")
        .get(pk=row.pk)
    )
    demand(may_grade_row(standing_of(trail.by, day_of(trail.at)), held))
    came = handoffs_to_name(viewer=trail.by, at=trail.at, rows=[held])[held.public_id]
    offered = {one.public_id: one for one in came}
    if held.handoff is not None:
        offered[held.handoff.public_id] = held.handoff
    given = Said(
        said.grade, clean_text(said.reason), clean_text(said.fact), said.happened_on, clean_text(said.handoff)
    )  # fmt: skip
    refuse(faults_of(given, began_on=held.round.began_on, until_on=held.round.until_on, handoffs=offered))
    if given == said_in(held):
        return held
    fresh = trail.lock(DepartmentGrade, row, expected_seq=expected_seq)
    before = fresh.grade
    fresh.grade = given.grade.value if given.grade is not None else ""
    fresh.reason, fresh.fact, fresh.happened_on = given.reason, given.fact, given.happened_on
    fresh.handoff = offered.get(given.handoff)
    fresh.given_by, fresh.given_at = (trail.by.person, trail.at) if fresh.grade else (None, None)
    action = "given" if not before else "changed" if fresh.grade else "taken_back"
    return trail.save(fresh, f"department_grade.{action}")


def said_in(row: DepartmentGrade) -> Said:
    """What stands in a grade."""
    return Said(
        Grade(row.grade) if row.grade else None, row.reason, row.fact, row.happened_on,
        row.handoff.public_id if row.handoff is not None else "",
    )  # fmt: skip
