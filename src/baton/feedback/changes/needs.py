"""Employees say what they need to serve their customers well; it is answered, met or not met, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number, notify
from baton.core.days import day_of
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.given import words_given
from baton.core.policy import demand
from baton.core.queries import colleagues
from baton.core.texts import clean_text
from baton.feedback import policy
from baton.feedback.changes.checks import promise_given
from baton.feedback.models import EmployeeNeed, NeedEvent
from baton.feedback.models.needs import NEED_STATES
from baton.feedback.queries.needs import (
    departments_of,
    heads_asked,
    late_needs,
    quality_managers,
    sees_employee_need,
)
from baton.feedback.rules.needs import (
    LEADS_TO,
    MOST_WAITING,
    STEPS_FROM,
    WAITING,
    WORDS_LENGTH,
    Addressee,
    NeedCategory,
    NeedState,
    NeedStep,
)
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.models import Person

NUMBER_PREFIX = "EN"
NEED_ASKED_TOPIC = "feedback.need_asked"
NEED_ANSWERED_TOPIC = "feedback.need_answered"
NEED_JUDGED_TOPIC = "feedback.need_judged"
NEED_LATE_TOPIC = "feedback.need_late"
LATE_NEEDS_JOB = "feedback.tell_of_late_needs"


def say_need(
    *, by: Actor, at: datetime, category: NeedCategory, words: str, addressee: Addressee, department: Party | None
) -> EmployeeNeed:
    """Say what one needs to serve one's customer well; ``department`` is where one works that needs it (None: the only
    one). Whoever is asked is told, without the words."""
    said = _said(words, gettext_noop("Say it in a sentence or two, with an example."))
    with change(by=by, at=at) as trail:
        demand(policy.may_say_need(by))
        asker = by.person
        if asker is None:
            raise Forbidden
        if EmployeeNeed.objects.filter(asker=asker, state__in=WAITING).count() >= MOST_WAITING:
            raise Refused(
                expected=gettext_noop("Expected at most {most} needs that wait for an answer."),
                found=gettext_noop("There are as many of yours."),
                remedy=gettext_noop("Wait for answers, or take back what you need no more."),
                most=MOST_WAITING,
            )
        need = EmployeeNeed(
            number=next_number(prefix=NUMBER_PREFIX, at=at), asker=asker, department=_own(by, at, department),
            category=NeedCategory(category), addressee=Addressee(addressee), words=said,
        )  # fmt: skip
        told = _asked(by, at, need)
        if not told:
            raise Refused(
                field="addressee",
                expected=gettext_noop("Expected somebody who can answer."),
                found=gettext_noop("Nobody else leads {department} or a department above it, or is quality manager."),
                remedy=gettext_noop("Choose the other one."),
                department=str(need.department),
            )
        saved = trail.save(need, "employee_need.asked")
        _tell(trail, saved, NEED_ASKED_TOPIC, told)
        return saved


def promise_need(
    *, by: Actor, at: datetime, need: EmployeeNeed, words: str, owner: Person | None, promised_for: date | None,
    expected_seq: int | None = None,
) -> EmployeeNeed:  # fmt: skip
    """Answer what is done, by whom and by when; said again, it takes the place of what was said."""
    said = _said(words, gettext_noop("Say what is done, in a sentence or two."))
    with change(by=by, at=at) as trail:
        fresh = _to_answer(trail, need, expected_seq, NeedStep.PROMISE)
        sees_to_it, day = promise_given(owner, promised_for, at)
        step = NeedEvent(step=NeedStep.PROMISE, words=said, owner=sees_to_it, promised_for=day)
        saved = _taken(trail, fresh, step)
        _tell(trail, saved, NEED_ANSWERED_TOPIC, [saved.asker])
        return saved


def decline_need(
    *, by: Actor, at: datetime, need: EmployeeNeed, words: str, expected_seq: int | None = None
) -> EmployeeNeed:
    """Answer why nothing is done."""
    said = _said(words, gettext_noop("Say why: who asked reads it."))
    with change(by=by, at=at) as trail:
        fresh = _to_answer(trail, need, expected_seq, NeedStep.DECLINE)
        saved = _taken(trail, fresh, NeedEvent(step=NeedStep.DECLINE, words=said))
        _tell(trail, saved, NEED_ANSWERED_TOPIC, [saved.asker])
        return saved


def judge_need(
    *, by: Actor, at: datetime, need: EmployeeNeed, met: bool, words: str = "", expected_seq: int | None = None
) -> EmployeeNeed:
    """Who asked says that he has now what he needs, or that he has not and what is missing: then it waits for an answer
    again, with a clock of its own."""
    missing = gettext_noop("Say what is missing still.")
    said = clean_text(words) if met and not clean_text(words) else _said(words, missing)
    with change(by=by, at=at) as trail:
        step = NeedStep.MEET if met else NeedStep.MISS
        fresh = _to_judge(trail, need, expected_seq, step)
        saved = _taken(trail, fresh, NeedEvent(step=step, words=said))
        _tell(trail, saved, NEED_JUDGED_TOPIC, _asked(by, at, saved))
        return saved


def withdraw_need(*, by: Actor, at: datetime, need: EmployeeNeed, expected_seq: int | None = None) -> EmployeeNeed:
    """Who asked takes it back: he needs it no more."""
    with change(by=by, at=at) as trail:
        fresh = _to_judge(trail, need, expected_seq, NeedStep.WITHDRAW)
        return _taken(trail, fresh, NeedEvent(step=NeedStep.WITHDRAW))


def tell_of_late_needs(*, by: Actor, at: datetime) -> int:
    """Tell both sides of what is late, each once until the next step; returns how many were late."""
    late = late_needs(viewer=by, at=at)
    for need in late:
        with change(by=by, at=at) as trail:
            fresh = trail.lock(EmployeeNeed, need)
            fresh.told_at = at
            trail.save(fresh, "employee_need.told_late")
            asker = Actor(fresh.asker)
            _tell(trail, fresh, NEED_LATE_TOPIC, [fresh.asker, *_asked(asker, at, fresh)])
    return len(late)


def _own(by: Actor, at: datetime, department: Party | None) -> Party:
    mine = departments_of(viewer=by, at=at)
    chosen = mine[0] if department is None and mine else department
    if chosen is None or chosen.pk not in {one.pk for one in mine}:
        raise Refused(
            field="department",
            expected=gettext_noop("Expected a department of which you are part."),
            found=gettext_noop("You are part of none, or chose another one."),
            remedy=gettext_noop("Ask your head to enter you as a member of his department."),
        )
    return chosen


def _asked(asker: Actor, at: datetime, need: EmployeeNeed) -> list[Person]:
    """Who is asked for it."""
    if need.addressee == Addressee.HEAD:
        return heads_asked(viewer=asker, at=at, department=need.department)
    keys = quality_managers(viewer=asker, at=at) - {need.asker_id}
    return list(colleagues(viewer=asker).filter(pk__in=keys).order_by("pk"))


def _tell(trail: Trail, need: EmployeeNeed, topic: str, people: Iterable[Person]) -> None:
    """Tell them that something happened to it; never in whose words."""
    for person in people:
        notify(
            by=trail.by, at=trail.at, person=person, topic=topic, values={"number": need.number},
            address=reverse("surveys:employee_need", args=[need.public_id]),
            shows=[(EmployeeNeed.kind, need.public_id)],
        )  # fmt: skip


def _to_answer(trail: Trail, need: EmployeeNeed, expected_seq: int | None, step: NeedStep) -> EmployeeNeed:
    fresh = _seen(trail, need, expected_seq)
    demand(policy.may_answer_need(standing_of(trail.by, day_of(trail.at)), fresh))
    return _in_state(fresh, step)


def _to_judge(trail: Trail, need: EmployeeNeed, expected_seq: int | None, step: NeedStep) -> EmployeeNeed:
    fresh = _seen(trail, need, expected_seq)
    demand(policy.may_judge_need(trail.by, fresh))
    return _in_state(fresh, step)


def _seen(trail: Trail, need: EmployeeNeed, expected_seq: int | None) -> EmployeeNeed:
    if not sees_employee_need(viewer=trail.by, at=trail.at, public_id=need.public_id):
        raise NotFound
    return trail.lock(EmployeeNeed, need, expected_seq=expected_seq)


def _in_state(need: EmployeeNeed, step: NeedStep) -> EmployeeNeed:
    states = STEPS_FROM[step]
    if NeedState(need.state) not in states:
        raise Refused(
            expected=gettext_noop("Expected a need of another state: {states}."),
            found=gettext_noop("It is: {state}."),
            remedy=gettext_noop("Load the page again to see what became of it."),
            states=" / ".join(str(label) for state, label in NEED_STATES.items() if state in states),
            state=str(need.get_state_display()),
        )
    return need


def _taken(trail: Trail, need: EmployeeNeed, step: NeedEvent) -> EmployeeNeed:
    """The step, kept beside the need, and the state to which it leads."""
    person = trail.by.person
    if person is None:
        raise Forbidden
    step.need, step.person = need, person
    trail.save(step, f"need_event.{step.step}")
    need.state, need.told_at = LEADS_TO[NeedStep(step.step)], None
    # A promise that is said anew leaves the state as it is, and is a change all the same.
    return trail.save(need, f"employee_need.{NeedState(need.state).value}", step=step.public_id)


def _said(words: str, remedy: str) -> str:
    return words_given(words, "words", most=WORDS_LENGTH, remedy=remedy)
