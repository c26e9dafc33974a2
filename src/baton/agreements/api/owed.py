"""What parties promise and are promised: clauses in force, from both ends."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ninja import Query, Router
from pydantic import Field

from baton.agreements.api.shapes import READ
from baton.agreements.pages.words import target_of
from baton.agreements.queries.owed import OwedFilters, OwedRow, View, owed_page
from baton.agreements.rules import Side
from baton.agreements.rules.coverage import Stands
from baton.agreements.rules.leaders import Keeping
from baton.chain.api.shapes import PartyNamed
from baton.chain.queries.chains import PartyFact
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import Integer, PublicId, SaidTexts, Search, Sent, Shown
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()

StandsInForce = Literal["binding", "on_trial"]


class OwedAsked(Sent):
    """Whose clauses, and from which end."""

    party: PublicId | None = Field(default=None, description="With all that stands in it; null: the caller's own.")
    view: View = Field(default=View.OWES, description="Owes: what it promises. Owed: what it is promised.")
    stands: StandsInForce | None = None
    search: Search = ""
    page: Integer = Field(default=1, ge=1, le=10_000, description="50 rows each.")


class OwedShown(Shown):
    """A clause in force."""

    clause: PublicId
    line: str = Field(description="The same through all versions.")
    agreement: PublicId
    agreement_version: PublicId
    party: PartyNamed
    other: PartyNamed = Field(description="At the other end of the link.")
    owed_by: Side = Field(description="Supplier: a promise. Customer: a duty.")
    characteristic: SaidTexts
    target: str = Field(description="In words, in the caller's language.", examples=["95 % within 24 business hours"])
    stands: Stands = Field(description="Binding or on trial; red where something of the clause is missing.")
    trial_until: date | None
    starts_on: date | None
    ends_on: date | None
    keeping: Keeping | None = Field(description="Of a leader's promise with days; null: it has none.")
    since: date | None = Field(description="Since when it is late, or when it was kept last.")


class OwedListShown(Shown):
    """A page of clauses, by the party at the other end."""

    rows: list[OwedShown]
    owes: int = Field(description="Clauses that it owes, filters aside.")
    owed: int = Field(description="Clauses that it is owed, filters aside.")
    pages: int


@reads(
    router, "", scope=READ, may=may_use, response=OwedListShown,
    summary=gettext_noop("List what is promised"),
    description=gettext_noop("Clauses in force that a party owes or is owed, promises and duties."),
)  # fmt: skip
def list_owed(request: ApiRequest, asked: Query[OwedAsked]) -> Any:
    filters = OwedFilters(party=asked.party or "", view=asked.view, stands=asked.stands or "", search=asked.search)
    found, page = owed_page(viewer=request.actor, at=request.now, filters=filters, page=asked.page)
    return OwedListShown(
        rows=[_row(row) for row in page.object_list], owes=found.number(View.OWES), owed=found.number(View.OWED),
        pages=page.paginator.num_pages,
    )  # fmt: skip


def _row(row: OwedRow) -> OwedShown:
    clause, version = row.clause, row.version
    return OwedShown(
        clause=clause.public_id, line=clause.line, agreement=version.agreement.public_id,
        agreement_version=version.public_id, party=_named(row.mine), other=_named(row.other),
        owed_by=Side(clause.owed_by), characteristic=clause.characteristic, target=target_of(clause),
        stands=row.stands, trial_until=clause.trial_until,
        starts_on=version.starts_on, ends_on=version.ends_on,
        keeping=row.kept.keeping if row.kept else None, since=row.kept.on if row.kept else None,
    )  # fmt: skip


def _named(party: PartyFact) -> PartyNamed:
    return PartyNamed(id=party.public_id, name=party.name)
