"""What the calls of the chain show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import Field

from baton.chain import queries
from baton.chain.models import Link, Membership, Party
from baton.chain.queries import slices
from baton.chain.rules import (
    Capacity,
    Confidentiality,
    Criticality,
    Dealings,
    LinkSide,
    OutputKind,
    Partner,
    PartyKind,
    Scope,
    Source,
    Sourcing,
    Stage,
    State,
)
from baton.core.api.door import ApiRequest
from baton.core.api.schemas import PublicId, SaidTexts, Shown
from baton.core.days import day_of
from baton.core.queries import external_keys


class KeyShown(Shown):
    """Under which key another system knows it."""

    system: str = Field(examples=["SAP"])
    key: str = Field(examples=["40001234"])


class PartyShown(Shown):
    """A party."""

    id: PublicId
    number: str = Field(examples=["P-2026-0001"])
    kind: PartyKind
    name: SaidTexts
    code: str | None = Field(examples=["W3"])
    partner: Partner | None = Field(description="What an outside party is beyond buying and selling.")
    confidentiality: Confidentiality
    parent: PublicId | None = Field(description="What it stands under; null at the top, or where that is not shared.")
    began_on: date
    ended_on: date | None
    state: State
    keys: list[KeyShown] = Field(description="Keys in other systems.")
    version: int = Field(examples=[42])


class PartyNamed(Shown):
    """A party by its id and name."""

    id: PublicId
    name: SaidTexts


class PersonNamed(Shown):
    """A person by his id and name."""

    id: PublicId
    name: SaidTexts = Field(examples=[{"en": "Ann Lee"}])


class MembershipShown(Shown):
    """Somebody's part in a party."""

    id: PublicId
    party: PartyNamed
    person: PersonNamed
    capacity: Capacity
    scope: Scope
    scope_side: LinkSide | None = Field(description="On which side of links a deputy acts; null: on both.")
    scope_kind: OutputKind | None = Field(description="For which kind of output a deputy acts; null: for all.")
    scope_dealings: Dealings | None = Field(
        description="For links with parties inside or outside a deputy acts; null: for both."
    )
    began_on: date
    ended_on: date | None
    state: State
    version: int = Field(examples=[42])


class NeedNamed(Shown):
    """What somebody outside needs, by its id and words."""

    id: PublicId
    words: SaidTexts = Field(examples=[{"en": "I want to know my result today"}])


class ProjectNamed(Shown):
    """A project by its id and name."""

    id: PublicId
    name: SaidTexts = Field(examples=[{"en": "New dryers"}])


class LinkShown(Shown):
    """One output that a supplier hands to a customer."""

    id: PublicId
    number: str = Field(examples=["L-2026-0001"])
    supplier: PartyNamed
    customer: PartyNamed
    output: SaidTexts = Field(examples=[{"en": "Clean linen"}])
    output_id: PublicId
    output_number: str = Field(examples=["O-2026-0001"])
    output_kind: OutputKind
    need: NeedNamed | None = Field(description="What somebody outside gets through it; null: it names none.")
    project: ProjectNamed | None = Field(description="With which it ends; null: it is not temporary.")
    stage: Stage | None
    spend: int | None = Field(description="1 to 5; null: nobody has said.")
    irreplaceability: int | None = Field(description="1 to 5; null: nobody has said.")
    impact: int | None = Field(description="1 to 5; null: nobody has said.")
    criticality: Criticality | None = Field(description="By the mean of the three grades.")
    sourcing: Sourcing | None = Field(description="Whether its single source was chosen.")
    continuity_plan: str
    source: Source
    began_on: date
    ended_on: date | None
    state: State
    version: int = Field(examples=[42])


def parties_shown(request: ApiRequest, parties: Sequence[Party]) -> list[PartyShown]:
    """Parties in the caller's sight; the same few queries for any number of them."""
    viewer, at = request.actor, request.now
    parents = slices.parents_in_sight(viewer=viewer, at=at, parties=list(parties))
    ids = [party.public_id for party in parties]
    keys = external_keys(viewer=viewer, kind="party", object_ids=ids) if ids else {}
    return [
        PartyShown(
            id=party.public_id,
            number=party.number,
            kind=PartyKind(party.party_kind),
            name=party.name,
            code=party.code,
            partner=Partner(party.partner) if party.partner else None,
            confidentiality=Confidentiality(party.confidentiality),
            parent=parents.get(party.parent_id or 0),
            began_on=party.began_on,
            ended_on=party.ended_on,
            state=party.state(day_of(at)),
            keys=[KeyShown(system=key.system, key=key.key) for key in keys.get(party.public_id, [])],
            version=party.changed_seq,
        )
        for party in parties
    ]


def party_shown(request: ApiRequest, party: Party) -> PartyShown:
    return parties_shown(request, [party])[0]


def membership_shown(request: ApiRequest, held: Membership) -> MembershipShown:
    return MembershipShown(
        id=held.public_id,
        party=PartyNamed(id=held.party.public_id, name=held.party.name),
        person=PersonNamed(id=held.person.public_id, name=held.person.name),
        capacity=Capacity(held.capacity),
        scope=Scope(held.scope),
        scope_side=LinkSide(held.scope_side) if held.scope_side else None,
        scope_kind=OutputKind(held.scope_kind) if held.scope_kind else None,
        scope_dealings=Dealings(held.scope_dealings) if held.scope_dealings else None,
        began_on=held.began_on,
        ended_on=held.ended_on,
        state=held.state(day_of(request.now)),
        version=held.changed_seq,
    )


def link_shown(request: ApiRequest, link: Link) -> LinkShown:
    return LinkShown(
        id=link.public_id,
        number=link.number,
        supplier=PartyNamed(id=link.supplier.public_id, name=link.supplier.name),
        customer=PartyNamed(id=link.customer.public_id, name=link.customer.name),
        output=link.output.name,
        output_id=link.output.public_id,
        output_number=link.output.number,
        output_kind=OutputKind(link.output.output_kind),
        need=NeedNamed(id=link.need.public_id, words=link.need.words) if link.need else None,
        project=ProjectNamed(id=link.project.public_id, name=link.project.name) if link.project else None,
        stage=Stage(link.stage) if link.stage else None,
        spend=link.spend,
        irreplaceability=link.irreplaceability,
        impact=link.impact,
        criticality=link.criticality,
        sourcing=Sourcing(link.sourcing) if link.sourcing else None,
        continuity_plan=link.continuity_plan,
        source=Source(link.source),
        began_on=link.began_on,
        ended_on=link.ended_on,
        state=link.state(day_of(request.now)),
        version=link.changed_seq,
    )


def see_party(request: ApiRequest) -> Any:
    """Reads a party as the caller may see it."""
    return lambda public_id: queries.party(viewer=request.actor, at=request.now, public_id=public_id)


def see_link(request: ApiRequest) -> Any:
    """Reads a link as the caller may see it."""
    return lambda public_id: queries.link(viewer=request.actor, at=request.now, public_id=public_id)


def see_membership(request: ApiRequest) -> Any:
    """Reads a membership as the caller may see it."""
    return lambda public_id: queries.membership(viewer=request.actor, at=request.now, public_id=public_id)


def see_output(request: ApiRequest) -> Any:
    """Reads an output as the caller may see it."""
    return lambda public_id: queries.output(viewer=request.actor, at=request.now, public_id=public_id)


def see_need(request: ApiRequest) -> Any:
    """Reads an outside need as the caller may see it."""
    return lambda public_id: queries.need(viewer=request.actor, at=request.now, public_id=public_id)


def see_project(request: ApiRequest) -> Any:
    """Reads a project as the caller may see it."""
    return lambda public_id: queries.project(viewer=request.actor, at=request.now, public_id=public_id)
