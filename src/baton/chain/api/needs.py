"""What people outside need: list, read, add, change, end."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.chain import changes, queries
from baton.chain.api.links import StateAsked
from baton.chain.api.parties import READ, WRITE, EndSent, party_named
from baton.chain.api.shapes import PartyNamed, see_need
from baton.chain.models import OutsideNeed
from baton.chain.queries import slices
from baton.chain.rules import State
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, Flag, PublicId, Rows, SaidTexts, Search, Sent, Shown, Texts
from baton.core.days import day_of
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()


class NeedShown(Shown):
    """Something that somebody outside needs."""

    id: PublicId
    number: str = Field(examples=["N-2026-0001"])
    holder: PartyNamed
    words: SaidTexts = Field(examples=[{"en": "I want to know my result today"}])
    began_on: date
    ended_on: date | None
    state: State
    version: int = Field(examples=[42])


class NeedOrder(StrEnum):
    """By what needs are ordered; with a minus sign descending."""

    NUMBER = "number"
    NUMBER_DOWN = "-number"
    HOLDER = "holder"
    HOLDER_DOWN = "-holder"
    BEGAN_ON = "began_on"
    BEGAN_ON_DOWN = "-began_on"


class NeedsAsked(Asked):
    """Which needs, in which order."""

    search: Search = ""
    holder: PublicId | None = Field(default=None, description="Whose.")
    state: StateAsked = StateAsked.LIVE
    unserved: Flag = Field(default=False, description="Only those that no live link in sight names.")
    order: NeedOrder = NeedOrder.NUMBER


class NeedSent(Sent):
    """A new need."""

    holder: PublicId = Field(description="An outside customer or a group of consumers.")
    words: Texts = Field(examples=[{"en": "I want to know my result today"}])
    began_on: Day | None = Field(default=None, description="First day; null: today.")


class NeedEditSent(Edited):
    """A need, corrected."""

    holder: PublicId
    words: Texts = Field(examples=[{"en": "I want to know my result today"}])


def need_shown(request: ApiRequest, need: OutsideNeed) -> NeedShown:
    return NeedShown(
        id=need.public_id,
        number=need.number,
        holder=PartyNamed(id=need.holder.public_id, name=need.holder.name),
        words=need.words,
        began_on=need.began_on,
        ended_on=need.ended_on,
        state=need.state(day_of(request.now)),
        version=need.changed_seq,
    )


@reads(
    router, "", scope=READ, may=may_use, response=Rows[NeedShown],
    summary=gettext_noop("List outside needs"),
    description=gettext_noop("Needs of parties in sight, and those that links in sight name."),
)  # fmt: skip
def list_needs(request: ApiRequest, asked: Query[NeedsAsked]) -> Any:
    filters = queries.NeedFilters(
        search=asked.search, holder=asked.holder or "", state=asked.state.value, unserved=asked.unserved,
        order=asked.order.value,
    )  # fmt: skip
    part = slices.need_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )  # fmt: skip
    return Rows[NeedShown](rows=[need_shown(request, need) for need in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=NeedShown,
    summary=gettext_noop("Read an outside need"),
)  # fmt: skip
def read_need(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_need(request)(public_id)
    return shown(found, need_shown(request, found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=NeedShown, status=201,
    summary=gettext_noop("Add an outside need"),
    description=gettext_noop("For whoever may add links: the one who hears a customer writes it down."),
    example={"holder": "2b3c4d5f6g7h8j9k", "words": {"en": "I want to know my result today"}},
)  # fmt: skip
def add_need(request: ApiRequest, sent: NeedSent) -> HttpResponse:
    by, at = request.actor, request.now
    return made(
        request, show=lambda need: need_shown(request, need), see=see_need(request),
        write=lambda: changes.add_need(
            by=by, at=at, holder=party_named(request, sent.holder, "holder"), words=sent.words, began_on=sent.began_on
        ),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=NeedShown, versioned=True,
    summary=gettext_noop("Change an outside need"),
    description=gettext_noop("The words, or whose need it is."),
    example={"holder": "2b3c4d5f6g7h8j9k", "words": {"en": "I want my result by six"}, "version": 42},
)  # fmt: skip
def change_need(request: ApiRequest, public_id: PublicId, sent: NeedEditSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: need_shown(request, fresh), see=see_need(request),
        write=lambda need, **seen: changes.change_need(
            need=need, holder=party_named(request, sent.holder, "holder"), words=sent.words,
            reason=sent.reason, **seen,
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=NeedShown, versioned=True,
    summary=gettext_noop("End an outside need"),
    description=gettext_noop("Links that name it keep it, and serve nothing through it any more."),
    example={"ended_on": "2026-03-31", "version": 42},
)  # fmt: skip
def end_need(request: ApiRequest, public_id: PublicId, sent: EndSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: need_shown(request, fresh), see=see_need(request),
        write=lambda need, **seen: changes.end_need(need=need, ended_on=sent.ended_on, reason=sent.reason, **seen),
    )  # fmt: skip
