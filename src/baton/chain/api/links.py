"""Links: list, read, add, change, judge, put into a project, end."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import changes, queries
from baton.chain.api.parties import READ, WRITE, EndSent, party_named
from baton.chain.api.shapes import LinkShown, link_shown, see_link, see_need, see_project
from baton.chain.models import Link
from baton.chain.queries import slices
from baton.chain.rules import Criticality, OutputKind, Source, Sourcing, Stage, State
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Rows, Search, Sent, Texts
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()


class LinkOrder(StrEnum):
    """By what links are ordered; with a minus sign descending."""

    NUMBER = "number"
    NUMBER_DOWN = "-number"
    SUPPLIER = "supplier"
    SUPPLIER_DOWN = "-supplier"
    CUSTOMER = "customer"
    CUSTOMER_DOWN = "-customer"
    OUTPUT = "output"
    OUTPUT_DOWN = "-output"
    BEGAN_ON = "began_on"
    BEGAN_ON_DOWN = "-began_on"


class StateAsked(StrEnum):
    """Which state; ``all`` for every one."""

    LIVE = State.LIVE.value
    PLANNED = State.PLANNED.value
    ENDED = State.ENDED.value
    ALL = "all"


class CriticalityAsked(StrEnum):
    """How much hangs on a link; ``not_judged``: a grade is missing."""

    LOW = Criticality.LOW.value
    MEDIUM = Criticality.MEDIUM.value
    HIGH = Criticality.HIGH.value
    NOT_JUDGED = "not_judged"


class NeedAsked(StrEnum):
    """Whether a link names an outside need."""

    NAMED = "named"
    MISSING = "missing"


class LinksAsked(Asked):
    """Which links, in which order."""

    search: Search = ""
    party: PublicId | None = Field(default=None, description="On either side.")
    output_kind: OutputKind | None = None
    source: Source | None = None
    state: StateAsked = StateAsked.LIVE
    criticality: CriticalityAsked | None = None
    stage: Stage | None = None
    need: NeedAsked | None = None
    project: PublicId | None = None
    output: PublicId | None = None
    order: LinkOrder = LinkOrder.NUMBER


class LinkSent(Sent):
    """A new link."""

    supplier: PublicId = Field(description="Who hands over.")
    customer: PublicId = Field(description="Who receives.")
    output: Texts = Field(examples=[{"en": "Clean linen"}])
    output_kind: OutputKind = OutputKind.SERVICE
    need: PublicId | None = Field(default=None, description="The outside need that it serves.")
    project: PublicId | None = Field(default=None, description="The project with which it ends.")
    began_on: Day | None = Field(default=None, description="First day; null: today.")


class LinkEditSent(Edited):
    """What is handed over, corrected."""

    output: Texts = Field(examples=[{"en": "Clean linen"}])
    output_kind: OutputKind
    need: PublicId | None = Field(default=None, description="Left out: it stays; null: it names none.")


Grade = Annotated[int, Field(strict=True, ge=1, le=5)]


class JudgementSent(Edited):
    """How much hangs on a link; null: nobody has said."""

    spend: Grade | None = Field(description="What it costs: 1 least, 5 most.")
    irreplaceability: Grade | None = Field(description="1: another could do it tomorrow; 5: nobody else can.")
    impact: Grade | None = Field(description="1: its failure is hardly noticed; 5: somebody comes to harm.")
    stage: Stage | None = None
    sourcing: Sourcing | None = Field(default=None, description="A chosen single source needs a continuity plan.")
    continuity_plan: Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")] = ""


class LinkProjectSent(Edited):
    """To which project a link belongs."""

    project: PublicId | None = Field(description="The project with which it ends; null: it belongs to none.")


@reads(
    router, "", scope=READ, may=may_use, response=Rows[LinkShown],
    summary=gettext_noop("List links"),
    description=gettext_noop("Who hands what to whom, as far as it is in sight."),
)  # fmt: skip
def list_links(request: ApiRequest, asked: Query[LinksAsked]) -> Any:
    filters = queries.LinkFilters(
        search=asked.search, party=asked.party or "", output_kind=asked.output_kind or "", source=asked.source or "",
        state=asked.state.value, criticality=asked.criticality.value if asked.criticality else "",
        stage=asked.stage or "", need=asked.need.value if asked.need else "", project=asked.project or "",
        output=asked.output or "", order=asked.order.value,
    )  # fmt: skip
    part = slices.link_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )  # fmt: skip
    return Rows[LinkShown](rows=[link_shown(request, link) for link in part.rows], next=part.next)


@reads(router, "/{slug:public_id}", scope=READ, may=may_use, response=LinkShown, summary=gettext_noop("Read a link"))
def read_link(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_link(request)(public_id)
    return shown(found, link_shown(request, found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=LinkShown, status=201,
    summary=gettext_noop("Add a link"),
    description=gettext_noop("For the quality manager and for the head of either side."),
    example={"supplier": "2b3c4d5f6g7h8j9k", "customer": "3c4d5f6g7h8j9k2b", "output": {"en": "Clean linen"}},
)  # fmt: skip
def add_link(request: ApiRequest, sent: LinkSent) -> HttpResponse:
    by, at = request.actor, request.now

    def write() -> Link:
        return changes.add_link(
            by=by, at=at, output=sent.output, output_kind=sent.output_kind, began_on=sent.began_on,
            supplier=party_named(request, sent.supplier, "supplier"),
            customer=party_named(request, sent.customer, "customer"),
            need=named(lambda: see_need(request)(sent.need), "need") if sent.need else None,
            project=named(lambda: see_project(request)(sent.project), "project") if sent.project else None,
        )  # fmt: skip

    return made(request, write=write, show=lambda link: link_shown(request, link), see=see_link(request))


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=LinkShown, versioned=True,
    summary=gettext_noop("Change a link"),
    description=gettext_noop("What is handed over, or its kind; another supplier or customer is another link."),
    example={"output": {"en": "Clean bed linen"}, "output_kind": "service", "version": 42},
)  # fmt: skip
def change_link(request: ApiRequest, public_id: PublicId, sent: LinkEditSent) -> HttpResponse:
    def write(link: Link, **seen: Any) -> Link:
        need: Any = "as_it_is"
        if "need" in sent.model_fields_set:
            need = named(lambda: see_need(request)(sent.need), "need") if sent.need else None
        return changes.change_link(
            link=link, output=sent.output, output_kind=sent.output_kind, need=need, reason=sent.reason, **seen
        )

    return changed(
        request, public_id, sent, show=lambda fresh: link_shown(request, fresh), see=see_link(request), write=write
    )


@writes(
    router, "POST", "/{slug:public_id}/judge", scope=WRITE, may=may_use, response=LinkShown, versioned=True,
    summary=gettext_noop("Judge a link"),
    description=gettext_noop("How much hangs on it, where the outside customer sees it, and its sourcing."),
    example={"spend": 3, "irreplaceability": 4, "impact": 5, "stage": "back", "version": 42},
)  # fmt: skip
def judge_link(request: ApiRequest, public_id: PublicId, sent: JudgementSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: link_shown(request, fresh), see=see_link(request),
        write=lambda link, **seen: changes.judge_link(
            link=link, spend=sent.spend, irreplaceability=sent.irreplaceability, impact=sent.impact,
            stage=sent.stage or "", sourcing=sent.sourcing or "", continuity_plan=sent.continuity_plan,
            reason=sent.reason, **seen,
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/project", scope=WRITE, may=may_use, response=LinkShown, versioned=True,
    summary=gettext_noop("Put a link into a project"),
    description=gettext_noop("Or out of it: a link of a project is temporary, and ends with it."),
    example={"project": "2b3c4d5f6g7h8j9k", "version": 42},
)  # fmt: skip
def assign_link_to_project(request: ApiRequest, public_id: PublicId, sent: LinkProjectSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: link_shown(request, fresh), see=see_link(request),
        write=lambda link, **seen: changes.assign_link_to_project(
            link=link, reason=sent.reason, **seen,
            project=named(lambda: see_project(request)(sent.project), "project") if sent.project else None,
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=LinkShown, versioned=True,
    summary=gettext_noop("End a link"),
    description=gettext_noop("Its history and its measures stay."),
    example={"ended_on": "2026-03-31", "version": 42},
)  # fmt: skip
def end_link(request: ApiRequest, public_id: PublicId, sent: EndSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: link_shown(request, fresh), see=see_link(request),
        write=lambda link, **seen: changes.end_link(link=link, ended_on=sent.ended_on, reason=sent.reason, **seen),
    )  # fmt: skip
