"""Feedback: list, read, tell, enter, and say what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import queries as chain
from baton.chain.api.parties import party_named, person_named
from baton.chain.api.shapes import PartyNamed
from baton.chain.policy import standing_of
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, PublicId, Sent, Shown
from baton.core.days import day_of
from baton.feedback import changes, policy
from baton.feedback.api.findings import MOST_ROWS, READ, WRITE
from baton.feedback.changes import FeedbackTold
from baton.feedback.models import FeedbackItem
from baton.feedback.queries import inbox as queries
from baton.feedback.queries.inbox import STEPS, InboxFilters
from baton.feedback.rules.inbox import (
    NAME_LENGTH,
    REACH_LENGTH,
    WORDS_LENGTH,
    FeedbackCategory,
    FeedbackChannel,
    FeedbackState,
    FeedbackStep,
    FeedbackTimes,
)
from baton_analysis.errors import gettext_noop

router = Router()

Words = Annotated[str, StringConstraints(min_length=1, max_length=WORDS_LENGTH, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(max_length=NAME_LENGTH, pattern=r"^[^\x00]*$")]
Reach = Annotated[str, StringConstraints(max_length=REACH_LENGTH, pattern=r"^[^\x00]*$")]
Entered = Literal["paper", "telephone", "colleague"]


class FeedbackStepShown(Shown):
    """Something that was done with feedback."""

    step: FeedbackStep
    at: datetime
    person: PublicId
    words: str
    party: PublicId | None = Field(description="To whom it was passed on, or whose people are thanked.")
    earner: PublicId | None = Field(description="Who is thanked.")


class FeedbackShown(Shown):
    """What somebody told, and what became of it. Moments of the clock follow from the organisation’s calendar. Who told
    it and how to reach him are null for those who may not read that."""

    id: PublicId
    number: str = Field(examples=["FB-2026-0001"])
    category: FeedbackCategory
    channel: FeedbackChannel
    words: str
    party: PartyNamed | None = Field(description="Whom it is about.")
    link: PublicId | None
    holder: PartyNamed | None = Field(description="Whose head owes the outcome; null: the quality manager.")
    teller: PublicId | None
    teller_name: str | None
    teller_reach: str | None
    received_at: datetime
    outcome_due_at: datetime
    dealt_with_at: datetime | None = Field(description="When it had its first outcome.")
    in_time: bool | None = Field(description="Whether the outcome came in time; null: it is not due yet.")
    late: bool
    state: FeedbackState
    complaint: PublicId | None = Field(description="Which complaint was opened of it.")
    steps: list[FeedbackStepShown]
    version: int = Field(examples=[42])


class FeedbackListed(Shown):
    """What was received first comes first."""

    rows: list[FeedbackShown]


class FeedbackAsked(Asked):
    """Which feedback."""

    show: Literal["open", "turn", "late", "mine", "all"] = Field(
        default="open", description="open: an outcome is owed; turn: by the caller."
    )
    category: FeedbackCategory | None = None
    channel: FeedbackChannel | None = None
    party: PublicId | None = None
    link: PublicId | None = None


class FeedbackSent(Sent):
    """What is told. Of a link its supplier is concerned."""

    words: Words = Field(examples=["The linen was damp again this morning"])
    category: FeedbackCategory | None = Field(default=None, description="null: as the words seem to say.")
    party: PublicId | None = None
    link: PublicId | None = None


class FeedbackEnteredSent(FeedbackSent):
    """What reached the caller on paper, by telephone or by word of mouth."""

    channel: Entered
    received_at: datetime | None = Field(default=None, description="null: now.")
    name: Line = ""
    reach: Reach = Field(default="", description="Telephone or e-mail, only if an answer is wanted.")


class FeedbackWordsSent(Edited):
    """The answer, or why nothing is done."""

    words: Words = Field(examples=["The dryer is mended"])


class FeedbackThanksSent(Edited):
    """Thanks for a person or the people of a party."""

    words: Words = Field(examples=["Thank you for coming at night"])
    earner: PublicId | None = None
    party: PublicId | None = None


class FeedbackPassSent(Edited):
    """To which party."""

    party: PublicId
    words: str = Field(default="", max_length=WORDS_LENGTH, pattern=r"^[^\x00]*$")


class FeedbackKindSent(Edited):
    """Of which kind it is."""

    category: FeedbackCategory


def _party(party: Any) -> PartyNamed | None:
    return PartyNamed(id=party.public_id, name=party.name) if party is not None else None


def _one(request: ApiRequest, item: FeedbackItem, clock: FeedbackTimes) -> FeedbackShown:
    names = policy.may_read_names(standing_of(request.actor, day_of(request.now)), item)
    return FeedbackShown(
        id=item.public_id, number=item.number, category=FeedbackCategory(item.category),
        channel=FeedbackChannel(item.channel), words=item.words, party=_party(item.party), holder=_party(item.holder),
        link=item.link.public_id if item.link is not None else None,
        teller=item.teller.public_id if names and item.teller is not None else None,
        teller_name=item.teller_name if names else None, teller_reach=item.teller_reach if names else None,
        received_at=item.received_at, outcome_due_at=clock.due, dealt_with_at=item.dealt_at, in_time=clock.in_time,
        late=clock.late, state=FeedbackState(item.state), version=item.changed_seq,
        complaint=item.complaint.public_id if item.complaint is not None else None,
        steps=[
            FeedbackStepShown(
                step=FeedbackStep(one.step), at=one.recorded_at, person=one.person.public_id, words=one.words,
                party=one.party.public_id if one.party is not None else None,
                earner=one.earner.public_id if one.earner is not None else None,
            )
            for one in queries.steps_of(item)
        ],
    )  # fmt: skip


def _shown(request: ApiRequest) -> Callable[[FeedbackItem], FeedbackShown]:
    return lambda item: _one(request, *queries.timed(viewer=request.actor, at=request.now, items=[item])[0])


def _see(request: ApiRequest) -> Callable[[str], FeedbackItem]:
    return lambda public_id: queries.feedback_item(viewer=request.actor, at=request.now, public_id=public_id)


def _told(request: ApiRequest, sent: FeedbackSent, **more: str) -> FeedbackTold:
    by, at, asked = request.actor, request.now, sent.link
    party = party_named(request, sent.party, "party") if sent.party else None
    link = named(lambda: chain.link(viewer=by, at=at, public_id=asked), "link") if asked else None
    return FeedbackTold(words=sent.words, category=sent.category, party=party, link=link, **more)


@reads(
    router, "", scope=READ, may=policy.may_tell, response=FeedbackListed, summary=gettext_noop("List feedback"),
    description=gettext_noop("What is in the caller’s sight; at most 500, what was received first comes first."),
)  # fmt: skip
def list_feedback(request: ApiRequest, asked: Query[FeedbackAsked]) -> Any:
    filters = InboxFilters(
        show=asked.show, category=asked.category or "", channel=asked.channel or "", party=asked.party or "",
        link=asked.link or "",
    )  # fmt: skip
    viewer, at = request.actor, request.now
    found = queries.listed_feedback(viewer=viewer, at=at, filters=filters).prefetch_related(STEPS)[:MOST_ROWS]
    timed = queries.timed(viewer=viewer, at=at, items=found)
    return FeedbackListed(rows=[_one(request, item, clock) for item, clock in timed])


# Before the ids: an address of one word is taken by the first that fits.
@writes(
    router, "POST", "/entered", scope=WRITE, may=policy.may_tell, response=FeedbackShown, status=201,
    summary=gettext_noop("Enter feedback that came on paper, by telephone or by word of mouth"),
    example={"words": "Thank you for the blanket", "channel": "telephone", "party": "3c4d5f6g7h8j9k2b"},
)  # fmt: skip
def enter_feedback(request: ApiRequest, sent: FeedbackEnteredSent) -> HttpResponse:
    told = _told(request, sent, name=sent.name, reach=sent.reach)
    return made(
        request, show=_shown(request), see=_see(request),
        write=lambda: changes.enter_feedback(
            by=request.actor, at=request.now, told=told, channel=FeedbackChannel(sent.channel),
            received_at=sent.received_at,
        ),
    )  # fmt: skip


@reads(
    router, "/{slug:public_id}", scope=READ, may=policy.may_tell, response=FeedbackShown,
    summary=gettext_noop("Read feedback"),
)  # fmt: skip
def read_feedback(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=policy.may_tell, response=FeedbackShown, status=201,
    summary=gettext_noop("Tell a party something"),
    example={"words": "The linen was damp again this morning", "party": "3c4d5f6g7h8j9k2b"},
)  # fmt: skip
def tell_feedback(request: ApiRequest, sent: FeedbackSent) -> HttpResponse:
    told = _told(request, sent)
    return made(
        request, show=_shown(request), see=_see(request),
        write=lambda: changes.tell_feedback(by=request.actor, at=request.now, told=told),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/answer", scope=WRITE, may=policy.may_tell, response=FeedbackShown,
    versioned=True, summary=gettext_noop("Answer feedback"), example={"version": 42, "words": "The dryer is mended"},
)  # fmt: skip
def answer_feedback(request: ApiRequest, public_id: PublicId, sent: FeedbackWordsSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.answer_feedback(item=one, words=sent.words, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/no-action", scope=WRITE, may=policy.may_tell, response=FeedbackShown,
    versioned=True, summary=gettext_noop("Say why nothing is done about feedback"),
    example={"version": 42, "words": "It was another department"},
)  # fmt: skip
def leave_feedback(request: ApiRequest, public_id: PublicId, sent: FeedbackWordsSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.leave_feedback(item=one, words=sent.words, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/thank", scope=WRITE, may=policy.may_tell, response=FeedbackShown,
    versioned=True, summary=gettext_noop("Pass thanks on to who earned them"),
    example={"version": 42, "words": "Thank you for coming at night", "party": "3c4d5f6g7h8j9k2b"},
)  # fmt: skip
def thank_for_feedback(request: ApiRequest, public_id: PublicId, sent: FeedbackThanksSent) -> HttpResponse:
    _see(request)(public_id)
    earner = person_named(request, sent.earner, "earner") if sent.earner else None
    party = party_named(request, sent.party, "party") if sent.party else None
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.thank_for_feedback(
            item=one, words=sent.words, earner=earner, party=party, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/pass-on", scope=WRITE, may=policy.may_tell, response=FeedbackShown,
    versioned=True, summary=gettext_noop("Pass feedback on to a party"),
    example={"version": 42, "party": "3c4d5f6g7h8j9k2b"},
)  # fmt: skip
def pass_on_feedback(request: ApiRequest, public_id: PublicId, sent: FeedbackPassSent) -> HttpResponse:
    _see(request)(public_id)
    party = party_named(request, sent.party, "party")
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.pass_on_feedback(item=one, party=party, words=sent.words, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/kind", scope=WRITE, may=policy.may_tell, response=FeedbackShown,
    versioned=True, summary=gettext_noop("Say of which kind feedback is"),
    example={"version": 42, "category": "suggestion"},
)  # fmt: skip
def sort_feedback(request: ApiRequest, public_id: PublicId, sent: FeedbackKindSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.sort_feedback(item=one, category=sent.category, **seen),
    )  # fmt: skip
