"""What a reply to a D or E promised is done, or late."""

from __future__ import annotations

from datetime import date, datetime

from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.given import words_given
from baton.core.policy import demand
from baton.core.queries.messages import told_since
from baton.feedback import policy
from baton.feedback.changes.grades import address_of_promise, tell_giver, tell_owner
from baton.feedback.models.grades import DepartmentGrade
from baton.feedback.queries.grade_promises import late_promises
from baton.feedback.rules.grades import WORDS_LENGTH
from baton_analysis.errors import gettext_noop

DONE_TOPIC, LATE_PROMISE_TOPIC = "feedback.grade_promise_done", "feedback.grade_promise_late"


def finish_promise(
    *, by: Actor, at: datetime, grade: DepartmentGrade, outcome: str, done_on: date | None = None,
    expected_seq: int | None = None,
) -> DepartmentGrade:  # fmt: skip
    """What a reply promised is done, on ``done_on`` (None: today); whoever gave the grade is told. If it was not after
    all, it is promised anew, by another reply."""
    words = words_given(
        outcome, "outcome", most=WORDS_LENGTH, remedy=gettext_noop("Say in a sentence or two what was done.")
    )
    with change(by=by, at=at) as trail:
        fresh = trail.lock(DepartmentGrade, grade, expected_seq=expected_seq)
        own = by.person is not None and fresh.owner_id == by.person.pk
        demand(policy.may_finish_promise(standing_of(by, day_of(at)), fresh.supplier, owner=own))
        if not fresh.reply or fresh.done_on is not None:
            raise Refused(
                expected=gettext_noop("Expected a promise that is not done yet."),
                found=gettext_noop("Nothing is promised here, or it is done."),
                remedy=gettext_noop("Load the page again to see what became of it."),
            )
        fresh.outcome, fresh.done_on, fresh.done_by = words, _day_given(fresh, done_on, at), by.person
        saved = trail.save(fresh, "department_grade.done")
        tell_giver(trail, saved, DONE_TOPIC)
        return saved


def tell_of_late_promises(*, by: Actor, at: datetime) -> int:
    """Tell who is to see to a promise that its day is over, once. Returns how many were told."""
    told = 0
    for one in late_promises(viewer=by, at=at):
        assert one.replied_at is not None, "a constraint of the table"
        known = told_since(viewer=by, topic=LATE_PROMISE_TOPIC, address=address_of_promise(one), since=one.replied_at)
        if one.owner_id not in known:
            with change(by=by, at=at) as trail:
                tell_owner(trail, one, LATE_PROMISE_TOPIC)
            told += 1
    return told


def _day_given(grade: DepartmentGrade, done_on: date | None, at: datetime) -> date:
    today = day_of(at)
    day, first = done_on or today, grade.happened_on or today
    if not first <= day <= today:
        raise Refused(
            field="done_on",
            expected=gettext_noop("Expected a day from {first}, when it happened, until today."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Correct the day."),
            first=first.isoformat(),
            day=day.isoformat(),
        )
    return day
