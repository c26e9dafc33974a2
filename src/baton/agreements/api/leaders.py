"""What leaders promise their staff: list, read, promise, say that it was kept or seen, end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from baton.agreements.api.shapes import READ, WRITE, Note
from baton.agreements.changes import leaders as changes
from baton.agreements.models import Fulfilment, LeaderPromise, PromiseSeen
from baton.agreements.queries import leaders as queries
from baton.agreements.rules.leaders import Keeping, Rhythm
from baton.chain import queries as chain
from baton.chain.api.shapes import PartyNamed
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Day, Edited, PublicId, SaidTexts, Sent, Shown, Texts
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router, fulfilments_router = Router(), Router()


class LeaderPromiseShown(Shown):
    """A promise, and how it stands today. ``in_time`` of ``due`` days so far were met by their day."""

    id: PublicId
    agreement: PublicId
    leader: PartyNamed
    staff: PartyNamed
    words: SaidTexts
    due_on: date = Field(description="The first day by which it is done.")
    rhythm: Rhythm
    evidence: str
    signed: bool = Field(description="Before the leader's signature it counts for nobody.")
    keeping: Keeping
    on: date | None = Field(description="Since when it is late, or when it was kept last.")
    next_due: date | None
    due: int
    in_time: int
    seen: int = Field(description="How many of the staff have seen what was done last.")
    version: int = Field(examples=[42])


class LeaderPromisesShown(Shown):
    """All in sight that were not ended, late ones first."""

    rows: list[LeaderPromiseShown]


class LeaderPromiseSent(Sent):
    """A promise of a leader, the supplier of the link, to his staff."""

    link: PublicId
    words: Texts = Field(examples=[{"en": "The roster hangs two weeks ahead"}])
    due_on: Day
    rhythm: Rhythm = Rhythm.ONCE
    evidence: Note = ""


class FulfilmentSent(Sent):
    """What was done."""

    due_on: Day | None = Field(default=None, description="The day for which it counts; null: the first that waits.")
    done_on: Day | None = Field(default=None, description="Null: today.")
    note: Note = Field(min_length=1, examples=["The roster of December hangs by the door"])


class FulfilmentShown(Shown):
    """That a promise was kept."""

    id: PublicId
    due_on: date
    done_on: date
    note: str
    counts: bool = Field(description="It was not taken back.")
    version: int = Field(examples=[42])


class FulfilmentEnd(Edited):
    """Why it is taken back."""

    why: Note = Field(min_length=1, description="For the staff.")


class SeenShown(Shown):
    """That the caller has seen it."""

    id: PublicId
    version: int = Field(examples=[42])


class PromiseEnd(Edited):
    """Why it is promised no more."""

    why: Note = Field(min_length=1, description="For the staff.")


def _row(row: queries.LeaderRow) -> LeaderPromiseShown:
    promise, kept, link = row.promise, row.kept, row.link
    return LeaderPromiseShown(
        id=promise.public_id, agreement=promise.agreement.public_id,
        leader=PartyNamed(id=link.supplier.public_id, name=link.supplier.name),
        staff=PartyNamed(id=link.customer.public_id, name=link.customer.name),
        words=row.clause.characteristic, due_on=promise.due_on, rhythm=Rhythm(promise.rhythm),
        evidence=promise.evidence, signed=row.signed, keeping=kept.keeping, on=kept.on, next_due=kept.next_due,
        due=kept.due, in_time=kept.in_time, seen=row.seen, version=promise.changed_seq,
    )  # fmt: skip


def _see(request: ApiRequest) -> Callable[[str], LeaderPromise]:
    return lambda public_id: queries.leader_promise(viewer=request.actor, at=request.now, public_id=public_id)


def _show(request: ApiRequest) -> Callable[[LeaderPromise], LeaderPromiseShown]:
    return lambda one: _row(queries.row_of(viewer=request.actor, at=request.now, promise=one))


def _fulfilment(one: Fulfilment) -> FulfilmentShown:
    return FulfilmentShown(
        id=one.public_id, due_on=one.due_on, done_on=one.done_on, note=one.note, counts=one.ended_at is None,
        version=one.changed_seq,
    )  # fmt: skip


@reads(
    router, "", scope=READ, may=may_use, response=LeaderPromisesShown,
    summary=gettext_noop("List promises of leaders"), description=gettext_noop("On links in sight."),
)  # fmt: skip
def list_leader_promises(request: ApiRequest) -> Any:
    found = queries.leader_rows(viewer=request.actor, at=request.now)
    return LeaderPromisesShown(rows=list(map(_row, found)))


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=LeaderPromiseShown,
    summary=gettext_noop("Read a promise of a leader"),
)  # fmt: skip
def read_leader_promise(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _show(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=LeaderPromiseShown, status=201,
    summary=gettext_noop("Make a clause of a leader’s promise"),
    description=gettext_noop("For who speaks for the leader, and quality managers; the leader signs on the page."),
    example={"link": "2b3c4d5f6g7h8j9k", "words": {"en": "The roster hangs two weeks ahead"},
             "due_on": "2026-12-01", "rhythm": "monthly"},
)  # fmt: skip
def promise_staff(request: ApiRequest, sent: LeaderPromiseSent) -> HttpResponse:
    by, at = request.actor, request.now
    link = named(lambda: chain.link(viewer=by, at=at, public_id=sent.link), "link")
    return made(
        request, show=_show(request), see=_see(request),
        write=lambda: changes.promise_staff(
            by=by, at=at, link=link, words=sent.words, due_on=sent.due_on, rhythm=sent.rhythm, evidence=sent.evidence
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/fulfilments", scope=WRITE, may=may_use, response=FulfilmentShown, status=201,
    summary=gettext_noop("Say that a leader’s promise was kept"),
    description=gettext_noop("For who speaks for the leader, and for nobody else."),
    example={"note": "The roster of December hangs by the door"},
)  # fmt: skip
def fulfil_promise(request: ApiRequest, public_id: PublicId, sent: FulfilmentSent) -> HttpResponse:
    by, at = request.actor, request.now
    found = _see(request)(public_id)
    return made(
        request, show=_fulfilment, see=lambda one: queries.fulfilment(viewer=by, at=at, public_id=one),
        write=lambda: changes.fulfil_promise(
            by=by, at=at, promise=found, note=sent.note, done_on=sent.done_on, due_on=sent.due_on
        ),
    )  # fmt: skip


@writes(
    fulfilments_router, "POST", "/{slug:public_id}/seen", scope=WRITE, may=may_use, response=SeenShown, status=201,
    summary=gettext_noop("Say that one has seen a kept promise"),
    description=gettext_noop("For the staff; shown is only how many did."),
)  # fmt: skip
def see_promise(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    by, at = request.actor, request.now
    found = queries.fulfilment(viewer=by, at=at, public_id=public_id)
    return made(
        request, show=_seen, see=lambda _one: queries.fulfilment(viewer=by, at=at, public_id=public_id),
        write=lambda: changes.see_promise(by=by, at=at, fulfilment=found),
    )  # fmt: skip


@writes(
    fulfilments_router, "POST", "/{slug:public_id}/take-back", scope=WRITE, may=may_use, response=FulfilmentShown,
    versioned=True, summary=gettext_noop("Take back that a promise was kept"),
    description=gettext_noop("For who speaks for the leader; its day waits again."),
    example={"version": 42, "why": "It was the roster of another ward"},
)  # fmt: skip
def take_back_fulfilment(request: ApiRequest, public_id: PublicId, sent: FulfilmentEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_fulfilment,
        see=lambda one: queries.fulfilment(viewer=request.actor, at=request.now, public_id=one),
        write=lambda one, **seen: changes.take_back_fulfilment(fulfilment=one, reason=sent.why, **seen),
    )  # fmt: skip


def _seen(one: PromiseSeen) -> SeenShown:
    return SeenShown(id=one.public_id, version=one.changed_seq)


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=LeaderPromiseShown, versioned=True,
    summary=gettext_noop("End a promise of a leader"), example={"version": 42, "why": "The ward is closed"},
)  # fmt: skip
def end_leader_promise(request: ApiRequest, public_id: PublicId, sent: PromiseEnd) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_show(request), see=_see(request),
        write=lambda one, **seen: changes.end_promise(promise=one, reason=sent.why, **seen),
    )  # fmt: skip
