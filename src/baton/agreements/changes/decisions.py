"""What a review meeting decides: who does what until when, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from baton.agreements import policy
from baton.agreements.changes.checks import note_given, reason_given
from baton.agreements.changes.meeting_doors import to_minute
from baton.agreements.changes.telling_reviews import HANDED_TOPIC, tell_keeper
from baton.agreements.models import AgendaItem, Decision, MeetingPerson, ReviewMeeting
from baton.agreements.rules.reviews import FARTHEST, MOST_DECISIONS, DecisionState, MeetingState
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person


def decide(
    *, by: Actor, at: datetime, meeting: ReviewMeeting, words: str, owner: MeetingPerson | None, due_on: date | None,
    item: AgendaItem | None = None,
) -> Decision:  # fmt: skip
    """Note a decision: what, who of its people sees to it, until when, and to which point of the agenda."""
    with change(by=by, at=at) as trail:
        held = to_minute(trail, meeting)
        if Decision.objects.filter(meeting=held).count() >= MOST_DECISIONS:
            raise Refused(
                expected=gettext_noop("Expected at most {most} decisions."),
                remedy=gettext_noop("Put together what one person does for one purpose."),
                most=MOST_DECISIONS,
            )
        decision = Decision(meeting=held)
        _describe(decision, words, owner, due_on, item, at)
        return trail.save(decision, "decision.noted")


def change_decision(
    *, by: Actor, at: datetime, decision: Decision, words: str, owner: MeetingPerson | None, due_on: date | None,
    item: AgendaItem | None = None, expected_seq: int | None = None,
) -> Decision:  # fmt: skip
    """Other words, another owner or day, as long as the meeting is not closed."""
    with change(by=by, at=at) as trail:
        to_minute(trail, decision.meeting)
        fresh = trail.lock(Decision, decision, expected_seq=expected_seq)
        _describe(fresh, words, owner, due_on, item, at)
        return trail.save(fresh, "decision.changed")


def end_decision(
    *, by: Actor, at: datetime, decision: Decision, done: bool, done_on: date | None = None, note: str = "",
    expected_seq: int | None = None,
) -> Decision:  # fmt: skip
    """It was done, on ``done_on`` (None: today); or it is no longer wanted, with a reason."""
    text = note_given(note, "note") if done else reason_given(note, "note")
    with change(by=by, at=at, reason="" if done else text) as trail:
        fresh = _to_keep(trail, decision, expected_seq)
        day = done_on or day_of(at)
        if done and not day_of(fresh.meeting.starts_at) <= day <= day_of(at):
            raise Refused(
                field="done_on",
                expected=gettext_noop("Expected a day from the meeting until today."),
                found=gettext_noop("Found {day}."),
                remedy=gettext_noop("Correct the day."),
                day=day.isoformat(),
            )
        fresh.state = DecisionState.DONE if done else DecisionState.DROPPED
        fresh.done_on, fresh.note = day if done else None, text
        return trail.save(fresh, "decision.done" if done else "decision.dropped")


def reopen_decision(
    *, by: Actor, at: datetime, decision: Decision, reason: str, expected_seq: int | None = None
) -> Decision:
    """It is open again: it was not done after all, or is wanted after all. With a reason."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = trail.lock(Decision, decision, expected_seq=expected_seq)
        _demand_may_keep(trail, fresh)
        if fresh.state == DecisionState.OPEN:
            raise Refused(
                expected=gettext_noop("Expected a decision that was done or dropped."),
                found=gettext_noop("It is: {state}."),
                remedy=gettext_noop("Load the page again to see what became of it."),
                state=str(fresh.get_state_display()),
            )
        fresh.state, fresh.done_on, fresh.note = DecisionState.OPEN, None, ""
        fresh.told_soon_at = fresh.told_late_at = None
        return trail.save(fresh, "decision.reopened")


def hand_over_decision(
    *, by: Actor, at: datetime, decision: Decision, person: Person | None, expected_seq: int | None = None
) -> Decision:
    """Somebody else of one of the sides sees to it, as when the owner has left; the minutes still name the owner."""
    with change(by=by, at=at) as trail:
        fresh = _to_keep(trail, decision, expected_seq)
        if person is None or not person.is_active:
            raise _left() if person is not None else _nobody()
        if not policy.belongs_to(standing_of(Actor(person), day_of(at)), fresh.meeting.link):
            raise Refused(
                field="person",
                expected=gettext_noop("Expected somebody of {supplier} or of {customer}."),
                found=gettext_noop("He belongs to neither side of the link today."),
                remedy=gettext_noop("Choose somebody else, or make him a member of one of the two first."),
                supplier=str(fresh.meeting.link.supplier),
                customer=str(fresh.meeting.link.customer),
            )
        fresh.handed_to, fresh.told_soon_at, fresh.told_late_at = person, None, None
        fresh = trail.save(fresh, "decision.handed_over")
        tell_keeper(trail, fresh, HANDED_TOPIC)
        return fresh


def _to_keep(trail: Trail, decision: Decision, expected_seq: int | None) -> Decision:
    fresh = trail.lock(Decision, decision, expected_seq=expected_seq)
    _demand_may_keep(trail, fresh)
    if fresh.state != DecisionState.OPEN:
        raise Refused(
            expected=gettext_noop("Expected a decision that is open."),
            found=gettext_noop("It is: {state}."),
            remedy=gettext_noop("Load the page again to see what became of it."),
            state=str(fresh.get_state_display()),
        )
    return fresh


def _demand_may_keep(trail: Trail, decision: Decision) -> None:
    meeting = ReviewMeeting.objects.select_related("link__supplier", "link__customer", "link__output").get(
        pk=decision.meeting_id
    )
    decision.meeting = meeting
    keeper = decision.handed_to_id or decision.owner.person_id
    demand(policy.may_keep_decision(standing_of(trail.by, day_of(trail.at)), meeting.link, keeper=keeper))
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(
            expected=gettext_noop("Expected a meeting that takes place."),
            found=gettext_noop("{number} was cancelled."),
            remedy=gettext_noop("Plan another one on the page of the link."),
            number=meeting.number,
        )


def _describe(
    decision: Decision, words: str, owner: MeetingPerson | None, due_on: date | None, item: AgendaItem | None,
    at: datetime,
) -> None:  # fmt: skip
    decision.words = reason_given(words, "words")
    decision.owner = _owner_given(decision.meeting, owner)
    decision.due_on = _day_given(due_on, at)
    if item is not None and item.meeting_id != decision.meeting.pk:
        item = None
    decision.item = item


def _owner_given(meeting: ReviewMeeting, owner: MeetingPerson | None) -> MeetingPerson:
    if owner is None or owner.meeting_id != meeting.pk or owner.removed_at is not None:
        raise _nobody("owner")
    if owner.person is not None and not owner.person.is_active:
        raise _left("owner")
    return owner


def _nobody(field: str = "person") -> Refused:
    return Refused(
        field=field,
        expected=gettext_noop("Expected one person who sees to it."),
        found=gettext_noop("Nobody was chosen who is at this meeting or belongs to its link."),
        remedy=gettext_noop("Choose an owner; invite him first where he is not on the list."),
    )


def _left(field: str = "person") -> Refused:
    return Refused(
        field=field,
        expected=gettext_noop("Expected an owner who may sign in."),
        found=gettext_noop("He has left."),
        remedy=gettext_noop("Choose somebody else who takes it on."),
    )


def _day_given(due_on: date | None, at: datetime) -> date:
    today = day_of(at)
    if due_on is not None and today <= due_on <= today + FARTHEST:
        return due_on
    raise Refused(
        field="due_on",
        expected=gettext_noop("Expected a day from today on, within three years."),
        found=gettext_noop("Found {day}.") if due_on is not None else gettext_noop("Nothing was entered."),
        remedy=gettext_noop("Say until when it is done; what holds for good is due when it is first seen to hold."),
        **({"day": due_on.isoformat()} if due_on is not None else {}),
    )
