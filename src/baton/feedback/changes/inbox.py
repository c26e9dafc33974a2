"""Feedback is sorted, passed on, answered, thanked for or left without action; names are erased a year
later."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.days import day_of
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.policy import demand
from baton.feedback import policy
from baton.feedback.changes.complaints import receive_complaint
from baton.feedback.changes.inbox_notices import (
    FEEDBACK_CAME_TOPIC,
    FEEDBACK_DEALT_TOPIC,
    FEEDBACK_LATE_TOPIC,
    FEEDBACK_THANKS_TOPIC,
    owing_of,
    quality_of,
    said,
    tell_of,
    teller_of,
    within,
)
from baton.feedback.models import FeedbackEvent, FeedbackItem
from baton.feedback.models.inbox import FEEDBACK_STATES
from baton.feedback.queries.inbox import (
    late_feedback,
    names_to_erase,
    sees_feedback,
    who_owes,
)
from baton.feedback.rules.inbox import (
    LEADS_TO,
    NAMES_KEPT,
    STEPS_FROM,
    WORDS_LENGTH,
    FeedbackCategory,
    FeedbackState,
    FeedbackStep,
)
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link, Party
    from baton.core.models import Person
    from baton.feedback.rules.complaints import ComplaintGiven
    from baton.handoffs.models import Handoff

LATE_FEEDBACK_JOB = "feedback.tell_of_late_feedback"
ERASE_NAMES_JOB = "feedback.erase_names_of_feedback"


def sort_feedback(
    *, by: Actor, at: datetime, item: FeedbackItem, category: FeedbackCategory, expected_seq: int | None = None
) -> FeedbackItem:
    """Say that it is of another kind than was thought."""
    with change(by=by, at=at) as trail:
        fresh = _to_deal_with(trail, item, expected_seq)
        fresh.category = FeedbackCategory(category).value
        return trail.save(fresh, "feedback_item.sorted")


def pass_on_feedback(
    *, by: Actor, at: datetime, item: FeedbackItem, party: Party | None, words: str = "",
    expected_seq: int | None = None,
) -> FeedbackItem:  # fmt: skip
    """Hand it to a party, whose head owes the outcome from now on, within the same time."""
    note = within(words, "words", WORDS_LENGTH)
    with change(by=by, at=at) as trail:
        fresh = _in_state(_to_deal_with(trail, item, expected_seq), FeedbackStep.PASS_ON)
        if party is None or party.pk == fresh.holder_id:
            raise Refused(
                field="party",
                expected=gettext_noop("Expected the party that is to deal with it."),
                found=gettext_noop("None was chosen, or the one with which it lies."),
                remedy=gettext_noop("Choose another party, or say yourself what becomes of it."),
            )
        owing = who_owes(viewer=teller_of(fresh), at=at, party=party)
        if not owing:
            raise Refused(
                field="party",
                expected=gettext_noop("Expected a party that somebody leads."),
                found=gettext_noop("Nobody leads {party} or a party above it."),
                remedy=gettext_noop("Choose another party, or say yourself what becomes of it."),
                party=str(party),
            )
        fresh.holder = party
        saved = _taken(trail, fresh, FeedbackEvent(step=FeedbackStep.PASS_ON.value, words=note, party=party))
        tell_of(trail, saved, FEEDBACK_CAME_TOPIC, owing)
        return saved


def answer_feedback(
    *, by: Actor, at: datetime, item: FeedbackItem, words: str, expected_seq: int | None = None
) -> FeedbackItem:
    """Answer it: what is done, or what was asked for. Who told it signed in, or took it, reads the answer."""
    answer = said(words, gettext_noop("Write what you answered, in a sentence or two."))
    return _outcome(by, at, item, expected_seq, FeedbackEvent(step=FeedbackStep.ANSWER.value, words=answer))


def leave_feedback(
    *, by: Actor, at: datetime, item: FeedbackItem, words: str, expected_seq: int | None = None
) -> FeedbackItem:
    """Say why nothing is done."""
    answer = said(words, gettext_noop("Say why: whoever told it may read it."))
    return _outcome(by, at, item, expected_seq, FeedbackEvent(step=FeedbackStep.DECLINE.value, words=answer))


def thank_for_feedback(
    *, by: Actor, at: datetime, item: FeedbackItem, words: str, earner: Person | None = None,
    party: Party | None = None, expected_seq: int | None = None,
) -> FeedbackItem:  # fmt: skip
    """Pass thanks on to who earned them: a person, who reads then what was told, or the people of a party through who
    leads it."""
    answer = said(words, gettext_noop("Write what they are thanked for."))
    if earner is None and party is None:
        raise Refused(
            field="earner",
            expected=gettext_noop("Expected who is thanked."),
            found=gettext_noop("Neither a person nor a party was chosen."),
            remedy=gettext_noop("Choose one of them, or both."),
        )
    event = FeedbackEvent(step=FeedbackStep.THANK.value, words=answer, earner=earner, party=party)
    return _outcome(by, at, item, expected_seq, event)


def open_complaint(
    *, by: Actor, at: datetime, item: FeedbackItem, given: ComplaintGiven, link: Link | None = None,
    supplier: Party | None = None, customer: Party | None = None, handoff: Handoff | None = None,
    expected_seq: int | None = None,
) -> FeedbackItem:  # fmt: skip
    """Open a complaint of it, which goes its own way from then on; each names the other."""
    with change(by=by, at=at) as trail:
        fresh = _in_state(_to_deal_with(trail, item, expected_seq), FeedbackStep.COMPLAIN)
        fresh.complaint = receive_complaint(
            by=by, at=at, given=given, link=link, supplier=supplier, customer=customer, handoff=handoff,
            received_by=fresh.taken_by,
        )  # fmt: skip
        fresh.dealt_at = fresh.dealt_at or at
        saved = _taken(trail, fresh, FeedbackEvent(step=FeedbackStep.COMPLAIN.value))
        tell_of(trail, saved, FEEDBACK_DEALT_TOPIC, _who_waits(by, saved))
        return saved


def tell_of_late_feedback(*, by: Actor, at: datetime) -> int:
    """Tell whoever owes an outcome, and the quality manager, of what is late, each once until the next step; returns
    how many were late."""
    late = late_feedback(viewer=by, at=at)
    for item in late:
        with change(by=by, at=at) as trail:
            fresh = trail.lock(FeedbackItem, item)
            fresh.told_at = at
            trail.save(fresh, "feedback_item.told_late")
            people = {one.pk: one for one in (*owing_of(at, fresh), *quality_of(at, fresh))}
            tell_of(trail, fresh, FEEDBACK_LATE_TOPIC, people.values())
    return len(late)


def erase_names(*, by: Actor, at: datetime) -> int:
    """Erase names and how to reach people of feedback that had its outcome a year ago; returns of how many."""
    due = names_to_erase(viewer=by, before=at - NAMES_KEPT)
    for item in due:
        with change(by=by, at=at) as trail:
            fresh = trail.lock(FeedbackItem, item)
            fresh.teller_name = fresh.teller_reach = ""
            fresh.erased_at = at
            trail.save(fresh, "feedback_item.names_erased")
    return len(due)


def _outcome(
    by: Actor, at: datetime, item: FeedbackItem, expected_seq: int | None, event: FeedbackEvent
) -> FeedbackItem:
    with change(by=by, at=at) as trail:
        fresh = _in_state(_to_deal_with(trail, item, expected_seq), FeedbackStep(event.step))
        fresh.dealt_at = fresh.dealt_at or at
        saved = _taken(trail, fresh, event)
        tell_of(trail, saved, FEEDBACK_DEALT_TOPIC, _who_waits(by, saved))
        tell_of(trail, saved, FEEDBACK_THANKS_TOPIC, _thanked(at, event))
        return saved


def _who_waits(by: Actor, item: FeedbackItem) -> list[Person]:
    """Who told it signed in, or took it, and hears what became of it."""
    return [one for one in (item.teller, item.taken_by) if one is not None and one != by.person]


def _thanked(at: datetime, event: FeedbackEvent) -> list[Person]:
    """Who hears that thanks were passed on to him, or to his people."""
    if event.step != FeedbackStep.THANK:
        return []
    heads = who_owes(viewer=Actor.system("feedback"), at=at, party=event.party) if event.party is not None else []
    return [*heads, *([event.earner] if event.earner is not None and event.earner not in heads else [])]


def _to_deal_with(trail: Trail, item: FeedbackItem, expected_seq: int | None) -> FeedbackItem:
    if not sees_feedback(viewer=trail.by, at=trail.at, public_id=item.public_id):
        raise NotFound
    fresh = trail.lock(FeedbackItem, item, expected_seq=expected_seq)
    demand(policy.may_deal_with(standing_of(trail.by, day_of(trail.at)), fresh))
    return fresh


def _in_state(item: FeedbackItem, step: FeedbackStep) -> FeedbackItem:
    states = STEPS_FROM[step]
    if FeedbackState(item.state) not in states:
        raise Refused(
            expected=gettext_noop("Expected feedback of another state: {states}."),
            found=gettext_noop("It is: {state}."),
            remedy=gettext_noop("Load the page again to see what became of it."),
            states=" / ".join(str(label) for state, label in FEEDBACK_STATES.items() if state in states),
            state=str(item.get_state_display()),
        )
    return item


def _taken(trail: Trail, item: FeedbackItem, event: FeedbackEvent) -> FeedbackItem:
    """The step, kept beside the feedback, and the state to which it leads."""
    person = trail.by.person
    if person is None:
        raise Forbidden
    event.item, event.person = item, person
    trail.save(event, f"feedback_event.{event.step}")
    item.state, item.told_at = LEADS_TO[FeedbackStep(event.step)].value, None
    return trail.save(item, f"feedback_item.{item.state}", step=event.public_id)
