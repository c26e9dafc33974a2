"""Proposed links: list, propose, accept, decline, take back; and the ways from a party to somebody outside."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.chain import changes, queries
from baton.chain.api.parties import READ, WRITE, party_named
from baton.chain.api.shapes import PartyNamed, PersonNamed, see_need
from baton.chain.changes.proposals import ProposedLink
from baton.chain.models import LinkProposal, OutsideNeed, Party
from baton.chain.queries.chains import PartyFact
from baton.chain.rules import Lane, ProposalState, Side
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, writes
from baton.core.api.schemas import Asked, Edited, FreeText, PublicId, Rows, Sent, Shown, Text
from baton.core.policy import may_use
from baton.core.slices import slice_of_list
from baton_analysis.errors import gettext_noop

router = Router()
paths_router = Router()

_Words = Annotated[str, FreeText]


class Whose(StrEnum):
    """Proposed links that wait for the caller, or those that he made."""

    TO_ANSWER = "to_answer"
    OWN = "own"


class ProposalsAsked(Asked):
    """Which proposed links."""

    show: Whose = Whose.TO_ANSWER


class ProposalShown(Shown):
    """A link as somebody sees it who works there."""

    id: PublicId
    party: PartyNamed
    side: Side = Field(description="What the other one is to the party.")
    other: PartyNamed | None = Field(description="Null: no party has the name that was written.")
    other_name: str
    output: str
    missed: str = Field(description="What the customer would miss without it.")
    outside: str = Field(description="What somebody outside gets in the end.")
    proposed_by: PersonNamed
    recorded_at: datetime
    state: ProposalState
    reason: str = Field(description="Why it was declined.")
    link: PublicId | None = Field(description="The link that it became.")
    version: int = Field(examples=[42])


class ProposalSent(Sent):
    """A link to be proposed."""

    party: PublicId = Field(description="The party of which the caller is part.")
    side: Side = Field(description="What the other one is to it.")
    other: Text = Field(description="The other one, by name or code.", examples=["Pharmacy"])
    output: Text = Field(description="What is handed over.", examples=["Ready trays"])
    missed: _Words = Field(default="", description="What the customer would miss without it.")
    outside: _Words = Field(default="", description="What somebody outside gets in the end.")


class AcceptSent(Edited):
    """With whom it becomes a link."""

    other: PublicId
    output: _Words = Field(default="", description="Instead of the words of the proposal; empty: as they are.")
    need: PublicId | None = Field(default=None, description="What somebody outside needs and gets through it.")


class StepShown(Shown):
    """All that one party hands to the next."""

    supplier: PartyNamed
    customer: PartyNamed
    links: list[PublicId]
    lanes: list[Lane] = Field(description="Lane of the service blueprint, for each of the links.")


class PathsShown(Shown):
    """Ways along live links in sight, the shortest first."""

    starts: list[PartyNamed]
    by_way_of: PartyNamed | None = Field(description="Party above the start, where that hands over nothing itself.")
    ways: list[list[StepShown]]


class PathsAsked(Sent):
    """From whom to whom."""

    start: PublicId | None = Field(default=None, description="A party or a person; null: the caller himself.")
    end: PublicId | None = Field(default=None, description="A party; null: the nearest outside customers.")


def _named(party: Party | PartyFact) -> PartyNamed:
    return PartyNamed(id=party.public_id, name=party.name)


def proposal_shown(one: LinkProposal) -> ProposalShown:
    return ProposalShown(
        id=one.public_id, party=_named(one.party), side=Side(one.side), other=_named(one.other) if one.other else None,
        other_name=one.other_name, output=one.output, missed=one.missed, outside=one.outside,
        proposed_by=PersonNamed(id=one.proposed_by.public_id, name=one.proposed_by.name), recorded_at=one.recorded_at,
        state=ProposalState(one.state), reason=one.reason, link=one.link.public_id if one.link else None,
        version=one.changed_seq,
    )  # fmt: skip


def see_proposal(request: ApiRequest) -> Any:
    """Reads a proposed link as the caller may see it."""
    return lambda public_id: queries.proposal(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=Rows[ProposalShown],
    summary=gettext_noop("List proposed links"),
    description=gettext_noop("Those that wait for your answer, or those that you made; at most 100 are kept in view."),
)  # fmt: skip
def list_proposals(request: ApiRequest, asked: Query[ProposalsAsked]) -> Any:
    found = queries.proposals(viewer=request.actor, at=request.now)
    rows = found.to_answer if asked.show is Whose.TO_ANSWER else found.own
    part = slice_of_list(
        rows, key=lambda one: f"{one.recorded_at.isoformat()} {one.public_id}", asked=asked.filters(),
        limit=asked.limit, cursor=asked.cursor,
    )  # fmt: skip
    return Rows[ProposalShown](rows=[proposal_shown(one) for one in part.rows], next=part.next)


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=ProposalShown, status=201,
    summary=gettext_noop("Propose a link"),
    description=gettext_noop("Of a party of which you are part; whoever leads it accepts or declines."),
    example={"party": "2b3c4d5f6g7h8j9k", "side": "customer", "other": "Pharmacy", "output": "Ready trays"},
)  # fmt: skip
def propose_link(request: ApiRequest, sent: ProposalSent) -> HttpResponse:
    by, at = request.actor, request.now
    proposed = ProposedLink(sent.side, sent.other, sent.output, sent.missed, sent.outside)

    def write() -> LinkProposal:
        party = party_named(request, sent.party, "party")
        return changes.propose_links(by=by, at=at, party=party, links=[proposed])[0]

    return made(request, write=write, show=proposal_shown, see=see_proposal(request))


@writes(
    router, "POST", "/{slug:public_id}/accept", scope=WRITE, may=may_use, response=ProposalShown, versioned=True,
    summary=gettext_noop("Accept a proposed link"),
    description=gettext_noop("It becomes a link with the party that you name."),
    example={"other": "2b3c4d5f6g7h8j9k", "version": 42},
)  # fmt: skip
def accept_proposal(request: ApiRequest, public_id: PublicId, sent: AcceptSent) -> HttpResponse:
    def write(proposal: LinkProposal, **seen: Any) -> LinkProposal:
        need: OutsideNeed | None = named(lambda: see_need(request)(sent.need), "need") if sent.need else None
        return changes.accept_proposal(
            proposal=proposal, other=party_named(request, sent.other, "other"), output=sent.output, need=need, **seen
        )

    return changed(request, public_id, sent, write=write, show=proposal_shown, see=see_proposal(request))


@writes(
    router, "POST", "/{slug:public_id}/decline", scope=WRITE, may=may_use, response=ProposalShown, versioned=True,
    summary=gettext_noop("Decline a proposed link"),
    description=gettext_noop("With a reason for whoever proposed it."),
    example={"reason": "The stores do that", "version": 42},
)  # fmt: skip
def decline_proposal(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=proposal_shown, see=see_proposal(request),
        write=lambda proposal, **seen: changes.decline_proposal(proposal=proposal, reason=sent.reason, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/withdraw", scope=WRITE, may=may_use, response=ProposalShown, versioned=True,
    summary=gettext_noop("Take a proposed link back"),
    description=gettext_noop("Your own, before it is answered."),
    example={"version": 42},
)  # fmt: skip
def withdraw_proposal(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=proposal_shown, see=see_proposal(request),
        write=lambda proposal, **seen: changes.withdraw_proposal(proposal=proposal, **seen),
    )  # fmt: skip


@reads(
    paths_router, "", scope=READ, may=may_use, response=PathsShown,
    summary=gettext_noop("Find ways along the chain"),
    description=gettext_noop("From a party or a person over live links in sight to somebody outside."),
)  # fmt: skip
def read_paths(request: ApiRequest, asked: Query[PathsAsked]) -> Any:
    found = queries.paths(viewer=request.actor, at=request.now, start=asked.start or "", end=asked.end or "")
    ways = [
        [
            StepShown(
                supplier=_named(hop.supplier), customer=_named(hop.customer),
                links=[one.link.public_id for one in hop.links], lanes=[one.lane for one in hop.links],
            )
            for hop in way
        ]
        for way in found.ways
    ]  # fmt: skip
    return PathsShown(
        starts=[_named(party) for party in found.starts],
        by_way_of=_named(found.by_way_of) if found.by_way_of is not None else None, ways=ways,
    )  # fmt: skip
