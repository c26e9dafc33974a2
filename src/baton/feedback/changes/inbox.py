"""Feedback reaches the organisation, is sorted, passed on, answered, thanked for or left without action; names are
erased a year later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number, notify
from baton.core.days import day_of
from baton.core.errors import Forbidden, NotFound, Refused, TooLong
from baton.core.given import words_given
from baton.core.policy import demand
from baton.core.queries import colleagues
from baton.core.texts import clean_text
from baton.feedback import policy
from baton.feedback.models import FeedbackEvent, FeedbackItem
from baton.feedback.models.inbox import FEEDBACK_STATES
from baton.feedback.queries.inbox import (
    late_feedback,
    may_tell_about,
    names_to_erase,
    quality_managers,
    sees_feedback,
    who_owes,
)
from baton.feedback.rules.inbox import (
    ENTERED,
    LEADS_TO,
    NAME_LENGTH,
    NAMES_KEPT,
    OLDEST,
    REACH_LENGTH,
    STEPS_FROM,
    WORDS_LENGTH,
    FeedbackCategory,
    FeedbackChannel,
    FeedbackState,
    FeedbackStep,
    proposed_category,
)
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link, Party
    from baton.core.models import Person

NUMBER_PREFIX = "FB"
FEEDBACK_CAME_TOPIC = "feedback.feedback_came"
FEEDBACK_DEALT_TOPIC = "feedback.feedback_dealt_with"
FEEDBACK_THANKS_TOPIC = "feedback.feedback_thanks"
FEEDBACK_LATE_TOPIC = "feedback.feedback_late"
LATE_FEEDBACK_JOB = "feedback.tell_of_late_feedback"
ERASE_NAMES_JOB = "feedback.erase_names_of_feedback"


@dataclass(frozen=True, slots=True)
class FeedbackTold:
    """What somebody tells: his words; ``category`` None: as his words seem to say. ``name`` and ``reach`` (telephone or
    e-mail) as he gives them, empty: he gives none."""

    words: str
    category: FeedbackCategory | None = None
    party: Party | None = None
    link: Link | None = None
    language: str = ""
    name: str = ""
    reach: str = ""


def tell_feedback(*, by: Actor, at: datetime, told: FeedbackTold) -> FeedbackItem:
    """Somebody signed in tells something; whoever owes the outcome hears of it, without the words."""
    with change(by=by, at=at) as trail:
        demand(policy.may_tell(by))
        if by.person is None:
            raise Forbidden
        item = _item(by, at, told, FeedbackChannel.BATON)
        item.teller, item.received_at = by.person, at
        return _received(trail, item)


def enter_feedback(
    *, by: Actor, at: datetime, told: FeedbackTold, channel: FeedbackChannel, received_at: datetime | None = None
) -> FeedbackItem:
    """Somebody enters what reached him on paper, by telephone or by word of mouth at ``received_at`` (None: now). Names
    and how to reach people are kept until a year after the outcome."""
    with change(by=by, at=at) as trail:
        demand(policy.may_tell(by))
        item = _item(by, at, told, _entered(channel))
        item.taken_by, item.received_at = by.person, _arrival(received_at, at)
        return _received(trail, item)


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
    note = _within(words, "words", WORDS_LENGTH)
    with change(by=by, at=at) as trail:
        fresh = _in_state(_to_deal_with(trail, item, expected_seq), FeedbackStep.PASS_ON)
        if party is None or party.pk == fresh.holder_id:
            raise Refused(
                field="party",
                expected=gettext_noop("Expected the party that is to deal with it."),
                found=gettext_noop("None was chosen, or the one with which it lies."),
                remedy=gettext_noop("Choose another party, or say yourself what becomes of it."),
            )
        owing = who_owes(viewer=_teller(fresh), at=at, party=party)
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
        _tell(trail, saved, FEEDBACK_CAME_TOPIC, owing)
        return saved


def answer_feedback(
    *, by: Actor, at: datetime, item: FeedbackItem, words: str, expected_seq: int | None = None
) -> FeedbackItem:
    """Answer it: what is done, or what was asked for. Who told it signed in, or took it, reads the answer."""
    said = _said(words, gettext_noop("Write what you answered, in a sentence or two."))
    return _outcome(by, at, item, expected_seq, FeedbackEvent(step=FeedbackStep.ANSWER.value, words=said))


def leave_feedback(
    *, by: Actor, at: datetime, item: FeedbackItem, words: str, expected_seq: int | None = None
) -> FeedbackItem:
    """Say why nothing is done."""
    said = _said(words, gettext_noop("Say why: whoever told it may read it."))
    return _outcome(by, at, item, expected_seq, FeedbackEvent(step=FeedbackStep.DECLINE.value, words=said))


def thank_for_feedback(
    *, by: Actor, at: datetime, item: FeedbackItem, words: str, earner: Person | None = None,
    party: Party | None = None, expected_seq: int | None = None,
) -> FeedbackItem:  # fmt: skip
    """Pass thanks on to who earned them: a person, who reads then what was told, or the people of a party through who
    leads it."""
    said = _said(words, gettext_noop("Write what they are thanked for."))
    if earner is None and party is None:
        raise Refused(
            field="earner",
            expected=gettext_noop("Expected who is thanked."),
            found=gettext_noop("Neither a person nor a party was chosen."),
            remedy=gettext_noop("Choose one of them, or both."),
        )
    event = FeedbackEvent(step=FeedbackStep.THANK.value, words=said, earner=earner, party=party)
    return _outcome(by, at, item, expected_seq, event)


def tell_of_late_feedback(*, by: Actor, at: datetime) -> int:
    """Tell whoever owes an outcome, and the quality manager, of what is late, each once until the next step; returns
    how many were late."""
    late = late_feedback(viewer=by, at=at)
    for item in late:
        with change(by=by, at=at) as trail:
            fresh = trail.lock(FeedbackItem, item)
            fresh.told_at = at
            trail.save(fresh, "feedback_item.told_late")
            people = {one.pk: one for one in (*_owing(at, fresh), *_quality(at, fresh))}
            _tell(trail, fresh, FEEDBACK_LATE_TOPIC, people.values())
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


def _item(by: Actor, at: datetime, told: FeedbackTold, channel: FeedbackChannel) -> FeedbackItem:
    """The item as it is told; what it is about must be in sight of who tells it."""
    words = _said(told.words, gettext_noop("Write what you want to tell, in a sentence or two."))
    subject = {
        "party": told.party.public_id if told.party is not None else "",
        "link": told.link.public_id if told.link is not None else "",
    }
    party, link = may_tell_about(viewer=by, at=at, subject=subject)
    category = told.category if told.category is not None else proposed_category(words)
    return FeedbackItem(
        number=next_number(prefix=NUMBER_PREFIX, at=at), category=FeedbackCategory(category).value,
        channel=channel.value, words=words, language=told.language[:10], party=party, link=link,
        teller_name=_within(told.name, "name", NAME_LENGTH), teller_reach=_within(told.reach, "reach", REACH_LENGTH),
    )  # fmt: skip


def _received(trail: Trail, item: FeedbackItem) -> FeedbackItem:
    """Kept, and told to whoever owes the outcome."""
    owing = who_owes(viewer=_teller(item), at=trail.at, party=item.party) if item.party is not None else []
    item.holder = item.party if owing else None
    saved = trail.save(item, "feedback_item.received")
    _tell(trail, saved, FEEDBACK_CAME_TOPIC, owing or _quality(trail.at, saved))
    return saved


def _outcome(
    by: Actor, at: datetime, item: FeedbackItem, expected_seq: int | None, event: FeedbackEvent
) -> FeedbackItem:
    with change(by=by, at=at) as trail:
        fresh = _in_state(_to_deal_with(trail, item, expected_seq), FeedbackStep(event.step))
        fresh.dealt_at = fresh.dealt_at or at
        saved = _taken(trail, fresh, event)
        told = [one for one in (saved.teller, saved.taken_by) if one is not None and one != by.person]
        _tell(trail, saved, FEEDBACK_DEALT_TOPIC, told)
        _tell(trail, saved, FEEDBACK_THANKS_TOPIC, _thanked(at, event))
        return saved


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


def _owing(at: datetime, item: FeedbackItem) -> list[Person]:
    return who_owes(viewer=_teller(item), at=at, party=item.holder) if item.holder is not None else []


def _quality(at: datetime, item: FeedbackItem) -> list[Person]:
    viewer = Actor.system("feedback")
    keys = quality_managers(viewer=viewer, at=at) - {item.teller_id}
    return list(colleagues(viewer=viewer).filter(pk__in=keys).order_by("pk"))


def _teller(item: FeedbackItem) -> Actor:
    """Who told it, so that nobody is asked to deal with what he told himself."""
    return Actor(item.teller) if item.teller is not None else Actor.system("feedback")


def _tell(trail: Trail, item: FeedbackItem, topic: str, people: Iterable[Person]) -> None:
    """Tell them that something happened to it; never in whose words."""
    for person in people:
        notify(
            by=trail.by, at=trail.at, person=person, topic=topic, values={"number": item.number},
            address=reverse("inbox:item", args=[item.public_id]), shows=[(FeedbackItem.kind, item.public_id)],
        )  # fmt: skip


def _entered(channel: FeedbackChannel) -> FeedbackChannel:
    if channel not in ENTERED:
        raise Refused(
            field="channel",
            expected=gettext_noop("Expected a way on which feedback reaches somebody who enters it."),
            remedy=gettext_noop("Choose paper, telephone or told to a colleague."),
        )
    return channel


def _arrival(received_at: datetime | None, at: datetime) -> datetime:
    if received_at is not None and not at - OLDEST <= received_at <= at:
        raise Refused(
            field="received_on",
            expected=gettext_noop("Expected a moment until now, and not more than ten years ago."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Correct the day."),
            day=day_of(received_at).isoformat(),
        )
    return received_at or at


def _said(words: str, remedy: str) -> str:
    return words_given(words, "words", most=WORDS_LENGTH, remedy=remedy)


def _within(raw: str, field: str, most: int) -> str:
    text = clean_text(raw)
    if len(text) > most:
        raise TooLong(field=field, most=most, length=len(text))
    return text
