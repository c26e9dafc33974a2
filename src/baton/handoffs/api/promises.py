"""What was promised beside what was reached, on a link and of a party, for programs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from ninja import Router
from pydantic import Field

from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import PublicId, Shown
from baton.core.policy import may_use
from baton.handoffs.pages.departments import StandingRow, standing_rows
from baton.handoffs.pages.promises import PromiseRow, promises_panel
from baton.handoffs.queries.departments import department
from baton_analysis.errors import gettext_noop

router = Router()
SCOPE = "handoffs:read"


class PromiseShown(Shown):
    """A clause in force and what was reached; what is not known is null."""

    clause: PublicId
    line: str = Field(description="The same through all versions of the agreement.")
    characteristic: dict[str, str]
    owed_by: str = Field(examples=["supplier"])
    measure: str = Field(description="Name of the chart; empty: nothing is measured.", examples=["attainment"])
    status: str = Field(description="kept, at_risk, broken, unknown, by the interval; info: no promise.")
    promised: float | None = Field(description="Share, or of defects the rate, that is promised.")
    reached: float | None = Field(description="Null where nothing is promised, or nothing was judged yet.")
    low: float | None = Field(description="Lower bound of the 95 % interval.")
    high: float | None
    n: int | None = Field(description="Handoffs, or units, that were judged.")
    method: str
    computed_with: str = Field(description="Version of the method.")
    input_digest: str


class PromisesShown(Shown):
    """All clauses in force on a link; version 0: nothing is agreed."""

    link: PublicId
    version: int
    clauses: list[PromiseShown]


class StandingShown(Shown):
    """A link in one direction, its clauses the worst first; the counts are null where the party owes only a duty."""

    link: PublicId
    number: str
    supplier: PublicId
    customer: PublicId
    output: dict[str, str]
    owed_by: str = Field(description="supplier: these are promises; customer: its duties.", examples=["supplier"])
    open: int | None = Field(description="Handoffs that are not over.")
    overdue: int | None = Field(description="Those of them that are owed and past their time.")
    to_accept: int | None = Field(description="Those of them that wait to be accepted.")
    returns: int | None = Field(description="What came back and counts, over the last 13 weeks with handoffs.")
    cost: float | None = Field(description="What it cost both that it was not right, over the same weeks.")
    currency: str = Field(description="ISO 4217.", examples=["EUR"])
    clauses: list[PromiseShown]


class DepartmentShown(Shown):
    """What a party and all that stands in it owe and get, over the live links that the owner of the token sees; the
    worst first."""

    party: PublicId
    owes: list[StandingShown]
    gets: list[StandingShown]


@reads(
    router, "/parties/{slug:public_id}", scope=SCOPE, may=may_use, response=DepartmentShown,
    summary=gettext_noop("Read what a party owes and gets, and what was reached"),
    description=gettext_noop("Link by link the clauses in force with what was reached, what is open and overdue; the"
                             " worst broken promise first."),
)  # fmt: skip
def read_department(request: ApiRequest, public_id: PublicId) -> Any:
    found = department(viewer=request.actor, at=request.now, party=public_id)
    directions = {
        name: [_standing(row) for row in standing_rows(found, name, request.now)] for name in ("owes", "gets")
    }  # fmt: skip
    return DepartmentShown(party=public_id, **directions)


def _standing(row: StandingRow) -> StandingShown:
    link, still = row.standing.link, row.still
    figures = row.standing.figures.result if still is not None and row.standing.figures is not None else {}
    return StandingShown(
        link=link.public_id, number=link.number, supplier=link.supplier.public_id, customer=link.customer.public_id,
        output=dict(link.output.name), owed_by=row.standing.owed_by,
        open=still.handoffs if still is not None else None, overdue=still.overdue if still is not None else None,
        to_accept=still.to_accept if still is not None else None, returns=figures.get("returns"),
        cost=figures.get("cost"), currency=settings.CURRENCY, clauses=[promise_shown(one.row) for one in row.promises],
    )  # fmt: skip


@reads(
    router, "/links/{slug:public_id}", scope=SCOPE, may=may_use, response=PromisesShown,
    summary=gettext_noop("Read the promises of a link and what was reached"),
    description=gettext_noop("Of each clause in force what is promised, what was reached, n and interval."),
)  # fmt: skip
def read_kept_promises(request: ApiRequest, public_id: PublicId) -> Any:
    found = promises_panel(request.actor, request.now, public_id) or {"rows": [], "version": None}
    version = found["version"]
    return PromisesShown(
        link=public_id,
        version=version.version if version is not None else 0,
        clauses=[promise_shown(row) for row in found["rows"]],
    )


def promise_shown(row: PromiseRow) -> PromiseShown:
    """A clause and what was reached, as a program reads it."""
    clause, stored = row.clause, row.stored
    said = row.promise or {}
    return PromiseShown(
        clause=clause.public_id, line=clause.line, characteristic=dict(clause.characteristic), owed_by=clause.owed_by,
        measure=stored.name if stored is not None else "", status=row.status, promised=said.get("promised"),
        reached=said.get("reached"), low=said.get("low"), high=said.get("high"),
        n=int(said["n"]) if said else None,
        method=stored.method if stored is not None else "",
        computed_with=stored.version if stored is not None else "",
        input_digest=stored.input_digest if stored is not None else "",
    )  # fmt: skip
