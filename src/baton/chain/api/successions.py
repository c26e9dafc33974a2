"""Parties are merged and split, partners described; which parties came of which."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.chain import changes, policy, queries
from baton.chain.api.parties import READ, WRITE, party_named, person_named, router
from baton.chain.api.shapes import PartyNamed, PartyShown, parties_shown, party_shown, see_party
from baton.chain.changes.splitting import to_assign
from baton.chain.models import Party
from baton.chain.queries import slices
from baton.chain.rules import PARTS, Confidentiality, Partner, Succession
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, version_of, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Rows, Shown, Texts
from baton.core.days import day_of
from baton.core.policy import demand, is_signed_in, may_use
from baton_analysis.errors import gettext_noop

successions_router = Router()

_Most = Annotated[list[PublicId], Field(min_length=1, max_length=50)]


class SuccessionShown(Shown):
    """One party took over from another one."""

    id: PublicId
    before: PartyNamed
    afterwards: PartyNamed
    how: Succession
    on: date


class SuccessionsAsked(Asked):
    """Of which party."""

    party: PublicId | None = Field(default=None, description="Either the one before or the one afterwards.")


class HoldingShown(Shown):
    """Something that goes to one of the parties that come of a split."""

    id: PublicId
    name: str = Field(examples=["L-2026-0001 Clean linen"])


class HoldingsShown(Shown):
    """All that hangs on a party."""

    rows: list[HoldingShown]


class MergeSent(Edited):
    """With which others the party becomes one."""

    others: _Most = Field(description="The other parties that end, or that are to take over.")
    into: PublicId | None = Field(default=None, description="Which of them all takes over; null: a new party.")
    name: Texts | None = Field(default=None, description="Name of the new party; null where one of them takes over.")
    on: Day | None = Field(default=None, description="On which day, today at the latest; null: today.")
    head: PublicId | None = Field(default=None, description="Who heads it, where several could.")


class SplitSent(Edited):
    """What becomes of the party."""

    names: list[Texts] = Field(
        min_length=PARTS.start, max_length=PARTS.stop - 1, description="The parties that come of it."
    )
    assigned: dict[PublicId, Annotated[int, Field(ge=0, lt=PARTS.stop)]] = Field(
        description="To which of them (from 0) each row of its holdings goes.",
        max_length=1000,
        # Else the reference would admit any other key, with anything behind it.
        json_schema_extra={"additionalProperties": False},
    )
    on: Day | None = Field(default=None, description="On which day, today at the latest; null: today.")


class SplitShown(Shown):
    """The party that ended, and those that came of it."""

    before: PartyShown
    afterwards: list[PartyShown]


class PartnerSent(Edited):
    """What an outside party is."""

    partner: Partner | None = Field(description="What it is beyond buying and selling; null: nothing more.")
    confidentiality: Confidentiality


@reads(
    successions_router, "", scope=READ, may=is_signed_in, response=Rows[SuccessionShown],
    summary=gettext_noop("List successions of parties"),
    description=gettext_noop("Which parties in sight were merged or split, and what came of them."),
)  # fmt: skip
def list_successions(request: ApiRequest, asked: Query[SuccessionsAsked]) -> Any:
    part = slices.succession_slice(
        viewer=request.actor, at=request.now, party=asked.party or "", limit=asked.limit, cursor=asked.cursor
    )
    rows = [
        SuccessionShown(
            id=one.public_id, how=Succession(one.how), on=one.on_day,
            before=PartyNamed(id=one.predecessor.public_id, name=one.predecessor.name),
            afterwards=PartyNamed(id=one.successor.public_id, name=one.successor.name),
        )
        for one in part.rows
    ]  # fmt: skip
    return Rows[SuccessionShown](rows=rows, next=part.next)


@reads(
    router, "/{slug:public_id}/holdings", scope=READ, may=may_use, response=HoldingsShown,
    summary=gettext_noop("Read what hangs on a party"),
    description=gettext_noop("What has to go to one of the parties that come of a split; for who may split it."),
)  # fmt: skip
def read_holdings(request: ApiRequest, public_id: PublicId) -> Any:
    viewer, at, party = request.actor, request.now, see_party(request)(public_id)
    demand(policy.may_split(policy.standing_of(viewer, day_of(at)), party))
    held = queries.holdings(viewer=viewer, at=at, parties=[party], on=day_of(at))
    return HoldingsShown(rows=[HoldingShown(id=key, name=name) for key, name in to_assign(held).items()])


@writes(
    router, "POST", "/{slug:public_id}/merge", scope=WRITE, may=may_use, response=PartyShown, versioned=True,
    summary=gettext_noop("Merge parties"),
    description=gettext_noop("Several become one; what hangs on those that end goes on at the one that takes over."),
    example={"others": ["2b3c4d5f6g7h8j9k"], "name": {"en": "Supply"}, "version": 42},
)  # fmt: skip
def merge_parties(request: ApiRequest, public_id: PublicId, sent: MergeSent) -> HttpResponse:
    def write(party: Party, **seen: Any) -> Party:
        return changes.merge_parties(
            parties=[party, *(party_named(request, other, "others") for other in sent.others)],
            into=party_named(request, sent.into, "into") if sent.into else None, name=sent.name, on=sent.on,
            head=person_named(request, sent.head, "head") if sent.head else None, reason=sent.reason, **seen,
        )  # fmt: skip

    return changed(
        request, public_id, sent, write=write, show=lambda fresh: party_shown(request, fresh), see=see_party(request)
    )


@writes(
    router, "POST", "/{slug:public_id}/split", scope=WRITE, may=may_use, response=SplitShown, versioned=True,
    summary=gettext_noop("Split a party"),
    description=gettext_noop("One becomes several; every row of its holdings goes to one of them."),
    example={"names": [{"en": "Day ward"}, {"en": "Night ward"}], "assigned": {"2b3c4d5f6g7h8j9k": 0}, "version": 42},
)  # fmt: skip
def split_party(request: ApiRequest, public_id: PublicId, sent: SplitSent) -> HttpResponse:
    by, at, party = request.actor, request.now, see_party(request)(public_id)
    seen = version_of(request, sent.version)

    def write() -> Party:
        changes.split_party(
            by=by, at=at, party=party, names=sent.names, assigned=sent.assigned, on=sent.on, expected_seq=seen,
            reason=sent.reason,
        )  # fmt: skip
        return Party.objects.get(pk=party.pk)

    def show(old: Party) -> SplitShown:
        part = slices.succession_slice(viewer=by, at=at, party=old.public_id)
        came = (one.successor for one in part.rows if one.predecessor_id == old.pk)
        parts = sorted(came, key=lambda party: party.number)
        return SplitShown(before=party_shown(request, old), afterwards=parties_shown(request, parts))

    return made(request, write=write, show=show, see=see_party(request), status=200)


@writes(
    router, "POST", "/{slug:public_id}/partner", scope=WRITE, may=may_use, response=PartyShown, versioned=True,
    summary=gettext_noop("Describe a partner"),
    description=gettext_noop("What an outside party is, and whether its links are confidential (quality manager)."),
    example={"partner": "former_competitor", "confidentiality": "confidential", "version": 42},
)  # fmt: skip
def describe_partner(request: ApiRequest, public_id: PublicId, sent: PartnerSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: party_shown(request, fresh), see=see_party(request),
        write=lambda party, **seen: changes.describe_partner(
            party=party, partner=sent.partner or "", confidentiality=sent.confidentiality,
            reason=sent.reason, **seen,
        ),
    )  # fmt: skip
