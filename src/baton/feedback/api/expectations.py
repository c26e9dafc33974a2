"""What customers expect: list, read, enter, change, confirm, end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.chain import queries as chain
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, SaidTexts, Sent, Shown, Texts
from baton.core.policy import may_use
from baton.feedback import changes
from baton.feedback.api.findings import MOST_ROWS, READ, WRITE, Words
from baton.feedback.models import Expectation
from baton.feedback.queries import expectations as queries
from baton.feedback.queries.expectations import ExpectationFilters
from baton.feedback.rules.expectations import Channel, is_stale
from baton_analysis.errors import gettext_noop

router = Router()


class ExpectationShown(Shown):
    """Something that the customer of a link expects."""

    id: PublicId
    link: PublicId
    words: SaidTexts
    channel: Channel = Field(description="How it was learned.")
    learned_on: date
    confirmed_on: date = Field(description="When somebody last made sure that it holds.")
    stale: bool = Field(description="Nobody has made sure for half a year.")
    ended: bool
    ended_because: str
    version: int = Field(examples=[42])


class ExpectationsShown(Shown):
    """What was confirmed longest ago comes first."""

    rows: list[ExpectationShown]


class ExpectationsAsked(Asked):
    """Which expectations."""

    show: Literal["open", "stale", "all"] = "open"
    link: PublicId | None = None
    party: PublicId | None = Field(default=None, description="Either side.")


class ExpectationSent(Sent):
    """What a customer expects."""

    link: PublicId
    words: Texts = Field(examples=[{"en": "Clean linen before the morning round"}])
    channel: Channel = Channel.CONVERSATION
    learned_on: Day | None = Field(default=None, description="Null: today.")


class ExpectationEdited(Edited):
    """The same in other words."""

    words: Texts = Field(examples=[{"en": "Clean linen before 6:30"}])
    channel: Channel = Channel.CONVERSATION


class ConfirmationSent(Edited):
    """When somebody made sure that it still holds."""

    confirmed_on: Day | None = Field(default=None, description="Null: today.")


class ExpectationEnd(Edited):
    """Why it is expected no more."""

    why: Words = Field(examples=["The round begins later since May"])


def _shown(request: ApiRequest) -> Callable[[Expectation], ExpectationShown]:
    today = request.now.date()
    return lambda one: ExpectationShown(
        id=one.public_id, link=one.link.public_id, words=one.words, channel=Channel(one.channel),
        learned_on=one.learned_on, confirmed_on=one.confirmed_on, stale=is_stale(one.confirmed_on, today),
        ended=one.ended_at is not None, ended_because=one.ended_because, version=one.changed_seq,
    )  # fmt: skip


def _see(request: ApiRequest) -> Callable[[str], Expectation]:
    return lambda public_id: queries.expectation(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=ExpectationsShown,
    summary=gettext_noop("List what customers expect"),
    description=gettext_noop("On links in sight; at most 500, what was confirmed longest ago comes first."),
)  # fmt: skip
def list_expectations(request: ApiRequest, asked: Query[ExpectationsAsked]) -> Any:
    filters = ExpectationFilters(show=asked.show, party=asked.party or "", link=asked.link or "")
    found = queries.listed_expectations(viewer=request.actor, at=request.now, filters=filters)
    return ExpectationsShown(rows=list(map(_shown(request), found[:MOST_ROWS])))


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=ExpectationShown,
    summary=gettext_noop("Read an expectation"),
)  # fmt: skip
def read_expectation(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=ExpectationShown, status=201,
    summary=gettext_noop("Enter what a customer expects"),
    description=gettext_noop("For who belongs to a side of the link, and quality managers."),
    example={"link": "2b3c4d5f6g7h8j9k", "words": {"en": "Clean linen before the morning round"}, "channel": "visit"},
)  # fmt: skip
def add_expectation(request: ApiRequest, sent: ExpectationSent) -> HttpResponse:
    by, at = request.actor, request.now
    link = named(lambda: chain.link(viewer=by, at=at, public_id=sent.link), "link")
    return made(
        request, show=_shown(request), see=_see(request),
        write=lambda: changes.add_expectation(
            by=by, at=at, link=link, words=sent.words, channel=sent.channel, learned_on=sent.learned_on
        ),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=ExpectationShown, versioned=True,
    summary=gettext_noop("Say an expectation in other words"),
    example={"version": 42, "words": {"en": "Clean linen before 6:30"}, "channel": "visit"},
)  # fmt: skip
def change_expectation(request: ApiRequest, public_id: PublicId, sent: ExpectationEdited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.change_expectation(
            expectation=one, words=sent.words, channel=sent.channel, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/confirm", scope=WRITE, may=may_use, response=ExpectationShown, versioned=True,
    summary=gettext_noop("Say that it is still expected"), example={"version": 42, "confirmed_on": "2026-11-01"},
)  # fmt: skip
def confirm_expectation(request: ApiRequest, public_id: PublicId, sent: ConfirmationSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.confirm_expectation(
            expectation=one, confirmed_on=sent.confirmed_on, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=ExpectationShown, versioned=True,
    summary=gettext_noop("Say that it is expected no more"),
    example={"version": 42, "why": "The round begins later since May"},
)  # fmt: skip
def end_expectation(request: ApiRequest, public_id: PublicId, sent: ExpectationEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.end_expectation(expectation=one, reason=sent.why, **seen),
    )  # fmt: skip
