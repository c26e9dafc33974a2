"""Heads, deputies and members: list, read, appoint, end."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.chain import changes
from baton.chain.api.links import StateAsked
from baton.chain.api.parties import READ, WRITE, EndSent, party_named, person_named
from baton.chain.api.shapes import MembershipShown, membership_shown, see_membership
from baton.chain.models import Membership
from baton.chain.queries import slices
from baton.chain.rules import Capacity, Dealings, LinkSide, OutputKind, Scope
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, shown, writes
from baton.core.api.schemas import Asked, Day, PublicId, Rows, Sent
from baton.core.policy import is_signed_in, may_use
from baton_analysis.errors import gettext_noop

router = Router()


class MembershipsAsked(Asked):
    """Which memberships."""

    party: PublicId | None = None
    person: PublicId | None = None
    capacity: Capacity | None = None
    state: StateAsked = StateAsked.LIVE


class MembershipSent(Sent):
    """A new membership."""

    party: PublicId
    person: PublicId
    capacity: Capacity
    scope: Scope = Field(default=Scope.ALL, description="What a deputy may do in the head's place.")
    scope_side: LinkSide | None = Field(
        default=None, description="Hold a deputy for links to those on which the party is this; null: to neither."
    )
    scope_kind: OutputKind | None = Field(
        default=None, description="Hold a deputy for links to those of one kind of output; null: to none."
    )
    scope_dealings: Dealings | None = Field(
        default=None, description="Hold a deputy for links to those with parties inside or outside; null: to neither."
    )
    began_on: Day | None = Field(default=None, description="First day; null: today.")
    ended_on: Day | None = Field(default=None, description="First day on which it no longer holds; a deputy needs one.")


@reads(
    router, "", scope=READ, may=is_signed_in, response=Rows[MembershipShown],
    summary=gettext_noop("List memberships"),
    description=gettext_noop("Heads, deputies and members of the parties in sight."),
)  # fmt: skip
def list_memberships(request: ApiRequest, asked: Query[MembershipsAsked]) -> Any:
    filters = slices.MembershipFilters(
        party=asked.party or "", person=asked.person or "", capacity=asked.capacity or "", state=asked.state.value
    )  # fmt: skip
    part = slices.membership_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )  # fmt: skip
    return Rows[MembershipShown](rows=[membership_shown(request, held) for held in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=is_signed_in, response=MembershipShown,
    summary=gettext_noop("Read a membership"),
)  # fmt: skip
def read_membership(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_membership(request)(public_id)
    return shown(found, membership_shown(request, found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=MembershipShown, status=201,
    summary=gettext_noop("Appoint somebody"),
    description=gettext_noop("Make a person head, deputy or member of a party. One head at a time."),
    example={"party": "2b3c4d5f6g7h8j9k", "person": "3c4d5f6g7h8j9k2b", "capacity": "member"},
)  # fmt: skip
def appoint(request: ApiRequest, sent: MembershipSent) -> HttpResponse:
    by, at = request.actor, request.now

    def write() -> Membership:
        return changes.appoint(
            by=by, at=at, party=party_named(request, sent.party, "party"), capacity=sent.capacity, scope=sent.scope,
            person=person_named(request, sent.person, "person"), began_on=sent.began_on, ended_on=sent.ended_on,
            scope_side=sent.scope_side or "", scope_kind=sent.scope_kind or "",
            scope_dealings=sent.scope_dealings or "",
        )  # fmt: skip

    return made(request, write=write, show=lambda held: membership_shown(request, held), see=see_membership(request))


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=MembershipShown, versioned=True,
    summary=gettext_noop("End a membership"),
    description=gettext_noop("Only the quality manager leaves a department without a head."),
    example={"ended_on": "2026-03-31", "version": 42},
)  # fmt: skip
def end_membership(request: ApiRequest, public_id: PublicId, sent: EndSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: membership_shown(request, fresh), see=see_membership(request),
        write=lambda held, **seen: changes.end_membership(
            membership=held, ended_on=sent.ended_on, reason=sent.reason, **seen
        ),
    )  # fmt: skip
