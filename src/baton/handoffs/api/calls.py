"""Call points: list, read, call from one. A machine calls as its token may."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.chain.api.shapes import PartyNamed
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import made, reads, shown, writes
from baton.core.api.schemas import Asked, PublicId, Rows, Sent, Shown
from baton.core.policy import may_use
from baton.core.slices import slice_of
from baton.handoffs import changes
from baton.handoffs.api.shapes import READ, WRITE, HandoffShown, see_handoff, show_handoff
from baton.handoffs.models import CallPoint
from baton.handoffs.queries.calls import call_point, points_in_sight
from baton_analysis.errors import gettext_noop

router = Router()


class PointShown(Shown):
    """A call point: its customer calls, its supplier comes."""

    id: PublicId
    name: str = Field(examples=["Press 3"])
    link: PublicId
    supplier: PartyNamed
    customer: PartyNamed
    calls: int = Field(examples=[12])
    ended_at: datetime | None
    version: int = Field(examples=[42])


class CallSent(Sent):
    """Nothing need be said of a call."""


def _shown(one: CallPoint) -> PointShown:
    link = one.link
    return PointShown(
        id=one.public_id, name=one.name, link=link.public_id,
        supplier=PartyNamed(id=link.supplier.public_id, name=link.supplier.name),
        customer=PartyNamed(id=link.customer.public_id, name=link.customer.name),
        calls=one.calls, ended_at=one.ended_at, version=one.changed_seq,
    )  # fmt: skip


def _see(request: ApiRequest, public_id: str) -> CallPoint:
    return call_point(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=Rows[PointShown], summary=gettext_noop("List call points"),
    description=gettext_noop("Of links in sight; ended ones, too."),
)  # fmt: skip
def list_call_points(request: ApiRequest, asked: Query[Asked]) -> Any:
    rows = points_in_sight(viewer=request.actor, at=request.now).order_by("name", "pk")
    part = slice_of(rows, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[PointShown](rows=[_shown(one) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=PointShown,
    summary=gettext_noop("Read a call point"),
    description=gettext_noop("Where it is, and who comes when it calls."),
)  # fmt: skip
def read_call_point(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request, public_id)
    return shown(found, _shown(found))


@writes(
    router, "POST", "/{slug:public_id}/calls", scope=WRITE, may=may_use, response=HandoffShown, status=201,
    summary=gettext_noop("Call from a call point"),
    description=gettext_noop(
        "For whoever acts for the customer: a machine’s button, or its controller. As long as a call from there is"
        " open, it is that one. What becomes of it is said by the steps of the handoff: receive (arrived), deliver"
        " (fixed), accept (confirmed)."
    ),
    example={},
)  # fmt: skip
def call_from_point(request: ApiRequest, public_id: PublicId, sent: CallSent) -> HttpResponse:
    found = _see(request, public_id)
    return made(
        request, show=show_handoff(request), see=see_handoff(request),
        write=lambda: changes.call_from(by=request.actor, at=request.now, point=found),
    )  # fmt: skip
