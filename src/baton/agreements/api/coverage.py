"""The register of standards: coverage by party."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from ninja import Query, Router
from pydantic import Field

from baton.agreements.api.shapes import READ
from baton.agreements.queries.coverage import CoverageFilters, CoverageRow, register_page
from baton.agreements.rules import Aspect
from baton.agreements.rules.coverage import Coverage, Stands
from baton.chain.api.shapes import PartyNamed
from baton.chain.rules import PartyKind
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import Flag, Integer, PublicId, Search, Sent, Shown
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()


class CoverageOrder(StrEnum):
    """By what the rows are ordered; with a minus sign descending."""

    NAME = "name"
    NAME_DOWN = "-name"
    OUTGOING = "outgoing"
    OUTGOING_DOWN = "-outgoing"
    INCOMING = "incoming"
    INCOMING_DOWN = "-incoming"


class CoverageAsked(Sent):
    """Which rows, in which order."""

    search: Search = ""
    under: PublicId | None = Field(default=None, description="Parts of this party; null: those at the top.")
    kind: PartyKind | None = None
    lacking: Flag = Field(default=False, description="Only where a link is not covered.")
    order: CoverageOrder = CoverageOrder.NAME
    page: Integer = Field(default=1, ge=1, le=1_000, description="50 rows each.")


class CoverageShown(Shown):
    """Links counted together."""

    links: int = Field(examples=[12])
    covered: int = Field(description="With a version in force.", examples=[9])
    share: float | None = Field(description="Covered of all; null without a link.", examples=[0.75])
    on_its_way: int = Field(examples=[1])
    clauses: dict[Stands, int] = Field(examples=[{"binding": 14, "on_trial": 3}])
    aspects: dict[Aspect, int] = Field(
        description="On how many links a promise in force speaks of it.", examples=[{"reliability": 8}]
    )


class CoverageRowShown(Shown):
    """A party with all that stands in it; a link between two of its parts is counted on both sides."""

    party: PartyNamed
    kind: PartyKind
    parts: int = Field(description="Parties that stand right below it.")
    outgoing: CoverageShown = Field(description="As supplier.")
    incoming: CoverageShown = Field(description="As customer.")


class RegisterShown(Shown):
    """The register; counted are live links that the caller sees."""

    whole: CoverageShown = Field(description="All links, each once.")
    of: CoverageRowShown | None = Field(description="The party asked for; null at the top.")
    rows: list[CoverageRowShown]
    pages: int


@reads(
    router, "", scope=READ, may=may_use, response=RegisterShown,
    summary=gettext_noop("Read the coverage of standards"),
    description=gettext_noop("How many links of each department have an agreement in force, and how clauses stand."),
)  # fmt: skip
def read_coverage(request: ApiRequest, asked: Query[CoverageAsked]) -> Any:
    filters = CoverageFilters(
        search=asked.search, kind=asked.kind or "", under=asked.under or "", lacking=asked.lacking,
        order=asked.order.value,
    )  # fmt: skip
    found, page = register_page(viewer=request.actor, at=request.now, filters=filters, page=asked.page)
    return RegisterShown(
        whole=_coverage(found.whole), of=_row(found.at) if found.at is not None else None,
        rows=[_row(row) for row in page.object_list], pages=page.paginator.num_pages,
    )  # fmt: skip


def _row(row: CoverageRow) -> CoverageRowShown:
    return CoverageRowShown(
        party=PartyNamed(id=row.party.public_id, name=row.party.name), kind=row.party.party_kind, parts=row.parts,
        outgoing=_coverage(row.sides.outgoing), incoming=_coverage(row.sides.incoming),
    )  # fmt: skip


def _coverage(one: Coverage) -> CoverageShown:
    return CoverageShown(
        links=one.links, covered=one.covered, share=one.share, on_its_way=one.on_its_way, clauses=one.clauses,
        aspects=one.aspects,
    )  # fmt: skip
