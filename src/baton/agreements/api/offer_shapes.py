"""What the calls of service offers show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from pydantic import Field

from baton.agreements.api.shapes import ClauseShown, clause_shown
from baton.agreements.models import OfferVersion, ServiceOffer, ServiceStep
from baton.agreements.queries import offering as read
from baton.agreements.queries import offers as queries
from baton.agreements.queries.offering import Customer
from baton.agreements.queries.offers import OfferRow
from baton.agreements.rules import Answer, OfferState
from baton.chain.api.shapes import PartyNamed
from baton.core.api.door import ApiRequest
from baton.core.api.schemas import PublicId, SaidTexts, Shown


class StepShown(Shown):
    """A step of the service, in its order."""

    id: PublicId
    name: SaidTexts
    role: SaidTexts
    minutes: int | None
    bring: SaidTexts


class CustomerShown(Shown):
    """What one customer in sight answered."""

    link: PublicId
    customer: PartyNamed
    agreement_version: PublicId
    answer: Answer
    since: datetime | None
    deviations: int = Field(description="Clauses that differ on his link.", examples=[1])
    holds: PublicId | None = Field(description="The version in force meanwhile; null: none.")


class OfferVersionShown(Shown):
    """One text of a service offer, with its clauses, its steps and what its customers answered."""

    id: PublicId
    offer: PublicId
    number: int = Field(description="1 for the first version.")
    state: OfferState
    starts_on: date | None
    holds_until: date | None = Field(description="Until when the version before holds where this one is not accepted.")
    reason: str
    proposed_at: datetime | None
    clauses: list[ClauseShown]
    steps: list[StepShown]
    customers: list[CustomerShown]
    version: int = Field(examples=[42])


class OfferShown(Shown):
    """A service offer with the version that counts: offered now, else the draft, else the last."""

    id: PublicId
    number: str = Field(examples=["SO-2026-0001"])
    name: SaidTexts
    supplier: PartyNamed
    output: SaidTexts
    counts: PublicId
    state: OfferState
    asked: int = Field(examples=[30])
    accepted: int = Field(examples=[26])
    deviating: int = Field(description="Links that say something else in at least one clause.", examples=[4])
    is_published: bool
    ended_at: datetime | None
    version: int = Field(examples=[42])


def offers_shown(rows: list[OfferRow]) -> list[OfferShown]:
    """Offers with what customers in sight answered."""
    return [
        OfferShown(
            id=row.offer.public_id, number=row.offer.number, name=row.offer.name,
            supplier=PartyNamed(id=row.offer.supplier.public_id, name=row.offer.supplier.name),
            output=row.offer.output.name, counts=row.version.public_id, state=OfferState(row.version.state),
            asked=row.tally.asked, accepted=row.tally.accepted, deviating=row.tally.deviating,
            is_published=bool(row.offer.page_token), ended_at=row.offer.ended_at, version=row.offer.changed_seq,
        )
        for row in rows
    ]  # fmt: skip


def offer_shown(request: ApiRequest) -> Callable[[ServiceOffer], OfferShown]:
    """Shows one offer to the caller."""
    return lambda one: offers_shown(queries.offer_rows(viewer=request.actor, at=request.now, offers=[one]))[0]


def see_offer(request: ApiRequest) -> Callable[[str], ServiceOffer]:
    """Reads a service offer for the caller."""
    return lambda public_id: queries.offer(viewer=request.actor, at=request.now, public_id=public_id)


def see_offer_version(request: ApiRequest) -> Callable[[str], OfferVersion]:
    """Reads a version of a service offer for the caller."""
    return lambda public_id: queries.offer_version(viewer=request.actor, at=request.now, public_id=public_id)


def offer_version_shown(request: ApiRequest) -> Callable[[OfferVersion], OfferVersionShown]:
    """Shows one version with clauses, steps and answers to the caller."""

    def show(one: OfferVersion) -> OfferVersionShown:
        customers = read.customers_of(viewer=request.actor, at=request.now, version=one)
        clauses = queries.offered_clauses(viewer=request.actor, version=one)
        return OfferVersionShown(
            id=one.public_id, offer=one.offer.public_id, number=one.version, state=OfferState(one.state),
            starts_on=one.starts_on, holds_until=one.holds_until, reason=one.reason, proposed_at=one.proposed_at,
            clauses=[clause_shown(request, clause) for clause in clauses],
            steps=[_step_shown(step) for step in read.steps_of(viewer=request.actor, version=one)],
            customers=[_customer_shown(customer) for customer in customers], version=one.changed_seq,
        )  # fmt: skip

    return show


def _step_shown(one: ServiceStep) -> StepShown:
    return StepShown(id=one.public_id, name=one.name, role=one.role, minutes=one.minutes, bring=one.bring)


def _customer_shown(one: Customer) -> CustomerShown:
    party = one.link.customer
    return CustomerShown(
        link=one.link.public_id, customer=PartyNamed(id=party.public_id, name=party.name),
        agreement_version=one.version.public_id, answer=one.answer, since=one.since, deviations=len(one.deviations),
        holds=one.holds.public_id if one.holds is not None else None,
    )  # fmt: skip
