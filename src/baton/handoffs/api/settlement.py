"""Points for handoffs: accounts, the settlement of a link, claims."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.agreements.queries.in_force import clauses_in_force_at
from baton.chain.api.shapes import PartyNamed, PersonNamed
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import made, named, reads, shown, writes
from baton.core.api.schemas import Asked, PublicId, Rows, Sent, Shown
from baton.core.errors import Refused
from baton.core.slices import slice_of
from baton.handoffs import changes
from baton.handoffs import queries as handoff_queries
from baton.handoffs.api.shapes import READ, WRITE, Note
from baton.handoffs.models import Handoff, LinkSettlement, SettlementClaim
from baton.handoffs.policy import may_use_settlement
from baton.handoffs.queries import settlement as queries
from baton.handoffs.queries.settlement import StatementRow
from baton.handoffs.rules.settlement import ClaimState, EntryKind, TripReason
from baton_analysis.errors import gettext_noop

router = Router()


class AccountShown(Shown):
    """A party with its balance; all balances together are zero."""

    party: PartyNamed
    balance: int = Field(description="Points that came in less those that went out.", examples=[190])


class EntryShown(Shown):
    """An entry as its account sees it."""

    id: PublicId
    handoff: PublicId
    kind: EntryKind
    happened_at: datetime
    with_party: PartyNamed
    claim: PublicId | None
    points: int = Field(description="Above 0: came in.", examples=[100])
    balance: int = Field(description="After this entry.", examples=[190])


class TermsShown(Shown):
    """What both sides agreed about points."""

    id: PublicId
    price: int = Field(description="Points of a handoff.", examples=[100])
    share: int = Field(description="What an accepted claim gives back, in percent.", examples=[10])
    claim_days: int = Field(examples=[7])
    arbiter: PersonNamed
    agreed_at: datetime


class LinkSettlementShown(Shown):
    """The settlement of a link; null terms: nothing is agreed."""

    link: PublicId
    terms: TermsShown | None
    supplier_balance: int = Field(description="On this link; the customer has the same below zero.")


class ClaimShown(Shown):
    """A claim, or a breach that was tripped."""

    id: PublicId
    number: str = Field(examples=["SC-2026-0001"])
    handoff: PublicId
    state: ClaimState
    clause: PublicId | None = Field(description="Which promise was broken; null: something came back.")
    returned: PublicId | None = Field(description="What came back; null: a promise was broken.")
    ground: str
    made_at: datetime | None
    answer: str
    answered_at: datetime | None
    trip_reason: TripReason | None
    tripped_at: datetime | None
    ruling: int | None = Field(description="Share that the arbiter gives back, in percent.")
    ruling_note: str
    decided_at: datetime | None
    version: int = Field(examples=[42])


class ClaimSent(Sent):
    """For what points of a handoff are claimed back: a clause or a return of it."""

    handoff: PublicId
    ground: Note = Field(min_length=1, examples=["Ten sheets were damp"])
    clause: PublicId | None = Field(default=None, description="A promise that held when the handoff occurred.")
    returned: PublicId | None = Field(default=None, description="A return of the handoff.")


@reads(
    router, "/parties/{slug:public_id}", scope=READ, may=may_use_settlement, response=AccountShown,
    summary=gettext_noop("Read the account of points of a party"),
    description=gettext_noop("For who belongs to it, quality manager, director and auditor."),
)  # fmt: skip
def read_points(request: ApiRequest, public_id: PublicId) -> Any:
    found = queries.account(viewer=request.actor, at=request.now, party=public_id)
    return AccountShown(party=PartyNamed(id=found.party.public_id, name=found.party.name), balance=found.balance)


@reads(
    router, "/parties/{slug:public_id}/entries", scope=READ, may=may_use_settlement, response=Rows[EntryShown],
    summary=gettext_noop("List the entries of an account of points"),
    description=gettext_noop("The newest first, each with the balance after it."),
)  # fmt: skip
def list_point_entries(request: ApiRequest, public_id: PublicId, asked: Query[Asked]) -> Any:
    found, entries = queries.statement(viewer=request.actor, at=request.now, party=public_id)
    part = slice_of(entries, asked={**asked.filters(), "of": public_id}, limit=asked.limit, cursor=asked.cursor)
    rows = queries.with_balances(viewer=request.actor, party=found.party, entries=list(part.rows))
    return Rows[EntryShown](rows=[_entry(row) for row in rows], next=part.next)


@reads(
    router, "/links/{slug:public_id}", scope=READ, may=may_use_settlement, response=LinkSettlementShown,
    summary=gettext_noop("Read the settlement of a link"),
    description=gettext_noop("For both sides, the arbiter, quality manager, director and auditor."),
)  # fmt: skip
def read_settlement(request: ApiRequest, public_id: PublicId) -> Any:
    found = queries.ledger_of_link(viewer=request.actor, at=request.now, public_id=public_id)
    return LinkSettlementShown(
        link=found.link.public_id, terms=_terms(found.held) if found.held is not None else None,
        supplier_balance=found.supplier,
    )  # fmt: skip


@reads(
    router, "/claims/{slug:public_id}", scope=READ, may=may_use_settlement, response=ClaimShown,
    summary=gettext_noop("Read a claim"),
)  # fmt: skip
def read_claim(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _claim(found))


@writes(
    router, "POST", "/claims", scope=WRITE, may=may_use_settlement, response=ClaimShown, status=201,
    summary=gettext_noop("Claim points of a handoff back"),
    description=gettext_noop("For the customer, within the days of the terms, for one clause or one return."),
    example={"handoff": "2b3c4d5e6f7g8h9j", "returned": "9j8h7g6f5e4d3c2b", "ground": "Ten sheets were damp"},
)  # fmt: skip
def claim_points(request: ApiRequest, sent: ClaimSent) -> HttpResponse:
    viewer, at = request.actor, request.now
    handoff = named(lambda: handoff_queries.handoff(viewer=viewer, at=at, public_id=sent.handoff), "handoff")
    returned = (
        named(lambda: handoff_queries.handoff_return(viewer=viewer, at=at, public_id=sent.returned or ""), "returned")
        if sent.returned is not None
        else None
    )
    clause = _clause(request, handoff, sent.clause)
    return made(
        request, show=_claim, see=_see(request),
        write=lambda: changes.claim_points(
            by=viewer, at=at, handoff=handoff, ground=sent.ground, clause=clause, found_return=returned
        ),
    )  # fmt: skip


def _clause(request: ApiRequest, handoff: Handoff, public_id: str | None) -> Any:
    """The clause that held for the handoff; refused where it is none of these."""
    if public_id is None:
        return None
    held = clauses_in_force_at(viewer=request.actor, link=handoff.link_id, moment=handoff.occurred_at)
    found = next((one for one in held if one.public_id == public_id), None)
    if found is None:
        raise Refused(
            field="clause",
            expected=gettext_noop("Expected a clause that held for {number}."),
            found=gettext_noop("It is not one of them."),
            remedy=gettext_noop("Name one of the agreement that was in force when the handoff occurred."),
            number=handoff.number,
        )
    return found


def _see(request: ApiRequest) -> Any:
    return lambda public_id: queries.claim(viewer=request.actor, at=request.now, public_id=public_id)


def _terms(one: LinkSettlement) -> TermsShown:
    assert one.agreed_at is not None, "only agreed terms hold"
    return TermsShown(
        id=one.public_id, price=one.price, share=one.share, claim_days=one.claim_days,
        arbiter=PersonNamed(id=one.arbiter.public_id, name=one.arbiter.name), agreed_at=one.agreed_at,
    )  # fmt: skip


def _entry(row: StatementRow) -> EntryShown:
    one = row.entry
    other = one.debit if row.points > 0 else one.credit
    return EntryShown(
        id=one.public_id, handoff=one.handoff.public_id, kind=EntryKind(one.entry_kind), happened_at=one.happened_at,
        with_party=PartyNamed(id=other.public_id, name=other.name),
        claim=one.claim.public_id if one.claim is not None else None, points=row.points, balance=row.balance,
    )  # fmt: skip


def _claim(one: SettlementClaim) -> ClaimShown:
    return ClaimShown(
        id=one.public_id, number=one.number, handoff=one.handoff.public_id, state=ClaimState(one.state),
        clause=one.clause.public_id if one.clause is not None else None,
        returned=one.found_return.public_id if one.found_return is not None else None, ground=one.ground,
        made_at=one.made_at, answer=one.answer, answered_at=one.answered_at,
        trip_reason=TripReason(one.trip_reason) if one.trip_reason else None, tripped_at=one.tripped_at,
        ruling=one.ruling, ruling_note=one.ruling_note, decided_at=one.decided_at, version=one.changed_seq,
    )  # fmt: skip
