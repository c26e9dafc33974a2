"""Workshops: list, read with what came out of them, begin, close. People take part on their phones, without names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.agreements.api.offer_shapes import see_offer_version
from baton.agreements.api.shapes import READ, WRITE, see_version
from baton.agreements.changes import workshops as changes
from baton.agreements.models import AgreementVersion, OfferVersion, Workshop
from baton.agreements.queries import workshops as queries
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import (
    DOTS,
    DOTS_RANGE,
    HOURS,
    HOURS_RANGE,
    MINUTES,
    MINUTES_RANGE,
    MOST_INVITED,
    Stage,
)
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, PublicId, Rows, Sent, Shown
from baton.core.errors import Refused
from baton.core.policy import may_use
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop

router = Router()

Invited = Annotated[int, Field(ge=0, le=MOST_INVITED, strict=True, examples=[30])]


def _range(allowed: range) -> Any:
    return Field(ge=allowed.start, le=allowed.stop - 1, strict=True)


class ParticipationShown(Shown):
    """How many of a side took part."""

    side: Side
    invited: int
    joined: int
    wrote: int
    voted: int


class WorkshopShown(Shown):
    """A workshop, without address and code: these stand on its wall."""

    id: PublicId
    number: str = Field(examples=["W-2026-0001"])
    agreement: PublicId | None = Field(description="Null: it is about a service offer.")
    agreement_version: PublicId | None
    offer: PublicId | None = Field(description="Null: it is about an agreement.")
    offer_version: PublicId | None
    stage: Stage
    minutes: int = Field(description="Time box.")
    dots: int
    participation: list[ParticipationShown]
    expires_at: datetime
    closed_at: datetime | None
    version: int = Field(examples=[42])


class NoteShown(Shown):
    """What somebody of one side wrote; nobody can say who."""

    side: Side
    words: str


class TopicShown(Shown):
    """A cluster with its notes, or a note that stands alone."""

    id: PublicId
    name: str | None = Field(description="Of a cluster; null: a note that stands alone.")
    notes: list[NoteShown]
    dots: int
    clauses: list[PublicId] = Field(description="What it was turned into.")


class WorkshopResult(WorkshopShown):
    """A closed workshop with what came out of it; of one that is open topics and taken_out are empty."""

    topics: list[TopicShown]
    taken_out: list[str] = Field(description="Why notes were taken out; their words are destroyed.")
    minutes_digest: str = Field(description="SHA-256 of notes, clusters and dots as it was closed.")


class WorkshopsAsked(Asked):
    """Which workshops."""

    agreement_version: PublicId | None = None
    offer_version: PublicId | None = None


class WorkshopSent(Sent):
    """A new workshop, about one of the two."""

    agreement_version: PublicId | None = Field(default=None, description="A draft, or a version in consultation.")
    offer_version: PublicId | None = Field(default=None, description="A draft of a service offer.")
    minutes: Annotated[int, _range(MINUTES_RANGE)] = MINUTES
    dots: Annotated[int, _range(DOTS_RANGE)] = DOTS
    hours: Annotated[int, _range(HOURS_RANGE)] = HOURS
    everybody_sorts: bool = False
    invited_supplier: Invited = 0
    invited_customer: Invited = 0


def _fields(one: Workshop, people: Mapping[Side, queries.Participation]) -> dict[str, Any]:
    agreed, offered = one.version, one.offer_version
    return {
        "id": one.public_id, "number": one.number,
        "agreement": agreed.agreement.public_id if agreed is not None else None,
        "agreement_version": agreed.public_id if agreed is not None else None,
        "offer": offered.offer.public_id if offered is not None else None,
        "offer_version": offered.public_id if offered is not None else None,
        "stage": Stage(one.stage), "minutes": one.minutes, "dots": one.dots, "expires_at": one.expires_at,
        "closed_at": one.closed_at, "version": one.changed_seq,
        "participation": [
            ParticipationShown(
                side=held.side, invited=held.invited, joined=held.joined, wrote=held.wrote, voted=held.voted
            )
            for held in people.values()
        ],
    }  # fmt: skip


def _show(request: ApiRequest) -> Callable[[Workshop], WorkshopShown]:
    return lambda one: WorkshopShown(**_fields(one, queries.people_of(viewer=request.actor, workshop=one)))


def _result(request: ApiRequest, one: Workshop) -> WorkshopResult:
    if one.closed_at is None:
        people = queries.people_of(viewer=request.actor, workshop=one)
        return WorkshopResult(**_fields(one, people), topics=[], taken_out=[], minutes_digest="")
    board = queries.board_of(viewer=request.actor, workshop=one)
    topics = [
        TopicShown(
            id=topic.public_id, name=topic.words if topic.cluster is not None else None, dots=topic.votes,
            notes=[NoteShown(side=Side(note.side), words=note.words) for note in topic.notes],
            clauses=[clause.public_id for clause in topic.clauses],
        )
        for topic in board.ranked
    ]  # fmt: skip
    return WorkshopResult(
        **_fields(one, board.people), topics=topics, minutes_digest=one.minutes_digest,
        taken_out=[note.taken_out_because for note in board.taken_out],
    )  # fmt: skip


def _see(request: ApiRequest) -> Callable[[str], Workshop]:
    return lambda public_id: queries.workshop(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=Rows[WorkshopShown], summary=gettext_noop("List workshops"),
    description=gettext_noop("About agreements and service offers in sight."),
)  # fmt: skip
def list_workshops(request: ApiRequest, asked: Query[WorkshopsAsked]) -> Any:
    found = queries.workshops_in_sight(viewer=request.actor, at=request.now)
    if asked.agreement_version:
        found = found.filter(version__public_id=asked.agreement_version)
    if asked.offer_version:
        found = found.filter(offer_version__public_id=asked.offer_version)
    part = slice_of(found.order_by("recorded_at"), asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    people = queries.people_by_workshop(viewer=request.actor, workshops=part.rows)
    rows = [WorkshopShown(**_fields(one, people[one.pk])) for one in part.rows]
    return Rows[WorkshopShown](rows=rows, next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=WorkshopResult,
    summary=gettext_noop("Read a workshop and what came out of it"),
)  # fmt: skip
def read_workshop(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _result(request, found))


def _text_named(request: ApiRequest, sent: WorkshopSent) -> AgreementVersion | OfferVersion:
    """What it is to be about."""
    agreed, offered = sent.agreement_version, sent.offer_version
    if agreed is not None and offered is None:
        return named(lambda: see_version(request)(agreed), "agreement_version")
    if offered is not None and agreed is None:
        return named(lambda: see_offer_version(request)(offered), "offer_version")
    raise Refused(
        field="agreement_version",
        expected=gettext_noop("Expected a version of an agreement, or one of a service offer."),
        found=gettext_noop("Found both, or neither."),
        remedy=gettext_noop("Name one of the two."),
    )


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=WorkshopShown, status=201,
    summary=gettext_noop("Begin a workshop"),
    description=gettext_noop(
        "About a draft of an agreement or of a service offer, or a version in consultation. Its page shows its code."
    ),
    example={"agreement_version": "2b3c4d5f6g7h8j9k", "invited_customer": 30, "invited_supplier": 4},
)  # fmt: skip
def begin_workshop(request: ApiRequest, sent: WorkshopSent) -> HttpResponse:
    version = _text_named(request, sent)
    names = ("minutes", "dots", "hours", "everybody_sorts", "invited_supplier", "invited_customer")
    return made(
        request, show=_show(request), see=_see(request),
        write=lambda: changes.begin_workshop(
            by=request.actor, at=request.now, version=version, **{name: getattr(sent, name) for name in names}
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/close", scope=WRITE, may=may_use, response=WorkshopShown, versioned=True,
    summary=gettext_noop("Close a workshop"),
    description=gettext_noop("Counts figures and dots, and destroys what could tell who wrote what."),
    example={"version": 42},
)  # fmt: skip
def close_workshop(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_show(request), see=_see(request),
        write=lambda one, **seen: changes.close_workshop(workshop=one, reason=sent.reason, **seen),
    )  # fmt: skip
