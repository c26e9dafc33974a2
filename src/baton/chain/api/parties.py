"""Parties: list, read, add, rename, move, end; what who leads one promises the staff."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import changes, queries
from baton.chain.api.shapes import PartyShown, parties_shown, party_shown, see_party
from baton.chain.models import Party
from baton.chain.queries import slices
from baton.chain.rules import CODE_LENGTH, PartyKind
from baton.core import queries as core
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, Flag, PublicId, Rows, Search, Sent, Texts
from baton.core.errors import NotFound
from baton.core.policy import is_signed_in, may_use
from baton_analysis.errors import gettext_noop

router = Router()

READ, WRITE = "chain:read", "chain:write"

MOST_PROMISES = 10
"""How many promises one call makes."""

Code = Annotated[str, StringConstraints(max_length=CODE_LENGTH, pattern=r"^[^\x00]*$"), Field(examples=["W3"])]


class PartyOrder(StrEnum):
    """By what parties are ordered; with a minus sign descending."""

    NAME = "name"
    NAME_DOWN = "-name"
    NUMBER = "number"
    NUMBER_DOWN = "-number"
    KIND = "kind"
    KIND_DOWN = "-kind"


class PartiesAsked(Asked):
    """Which parties, in which order."""

    search: Search = ""
    kind: PartyKind | None = None
    ended: Flag = Field(default=False, description="Ended ones too.")
    order: PartyOrder = PartyOrder.NAME


class PartySent(Sent):
    """A new party."""

    kind: PartyKind
    name: Texts
    code: Code = ""
    parent: PublicId | None = Field(default=None, description="What it stands under; null: at the top.")
    person: PublicId | None = Field(default=None, description="Who it is, for the kind person only.")
    began_on: Day | None = Field(default=None, description="First day; null: today.")


class RenameSent(Edited):
    """Other names, another code."""

    name: Texts
    code: Code | None = Field(default=None, description="Null: it stays; empty: it has none.")


class MoveSent(Edited):
    """Another place in the tree."""

    parent: PublicId | None = Field(description="What it is to stand under; null: at the top.")


class EndSent(Edited):
    """The end of something."""

    ended_on: Day | None = Field(default=None, description="First day on which it holds no more; null: today.")


class PromisesSent(Sent):
    """What the staff of a party can count on."""

    post: Texts = Field(
        description="The role that promises; it is entered in the party where none in it promises so far.",
        examples=[{"en": "Head of the laundry"}],
    )
    promises: Annotated[list[Texts], Field(min_length=1, max_length=MOST_PROMISES)] = Field(
        description="Each becomes an output that the role hands to all in the party.",
        examples=[[{"en": "An answer to every request within three days"}]],
    )


def person_named(request: ApiRequest, public_id: str, field: str) -> Any:
    """A colleague whom a member of the body names."""

    def read() -> Any:
        found = core.colleagues(viewer=request.actor).filter(public_id=public_id).first()
        if found is None:
            raise NotFound
        return found

    return named(read, field)


def party_named(request: ApiRequest, public_id: str, field: str) -> Party:
    """A party whom a member of the body names."""
    found: Party = named(lambda: see_party(request)(public_id), field)
    return found


@reads(
    router, "", scope=READ, may=is_signed_in, response=Rows[PartyShown],
    summary=gettext_noop("List parties"),
    description=gettext_noop("Everybody in sight who gives or receives work; two hops along the chain for members."),
)  # fmt: skip
def list_parties(request: ApiRequest, asked: Query[PartiesAsked]) -> Any:
    filters = queries.PartyFilters(
        search=asked.search, kind=asked.kind or "", ended=asked.ended, order=asked.order.value
    )  # fmt: skip
    part = slices.party_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )  # fmt: skip
    return Rows[PartyShown](rows=parties_shown(request, part.rows), next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=is_signed_in, response=PartyShown,
    summary=gettext_noop("Read a party"),
)  # fmt: skip
def read_party(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_party(request)(public_id)
    return shown(found, party_shown(request, found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=PartyShown, status=201,
    summary=gettext_noop("Add a party"),
    description=gettext_noop("For the quality manager, and for heads below their own party."),
    example={"kind": "department", "name": {"en": "Laundry", "zh-hans": "洗衣房"}, "code": "LD"},
)  # fmt: skip
def add_party(request: ApiRequest, sent: PartySent) -> HttpResponse:
    by, at = request.actor, request.now

    def write() -> Party:
        return changes.add_party(
            by=by, at=at, party_kind=sent.kind, name=sent.name, code=sent.code, began_on=sent.began_on,
            parent=party_named(request, sent.parent, "parent") if sent.parent else None,
            person=person_named(request, sent.person, "person") if sent.person else None,
        )  # fmt: skip

    return made(request, write=write, show=lambda party: party_shown(request, party), see=see_party(request))


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=PartyShown, versioned=True,
    summary=gettext_noop("Rename a party"),
    description=gettext_noop("Its old names stay in the history."),
    example={"name": {"en": "Laundry and linen"}, "version": 42},
)  # fmt: skip
def rename_party(request: ApiRequest, public_id: PublicId, sent: RenameSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: party_shown(request, fresh), see=see_party(request),
        write=lambda party, **seen: changes.rename_party(
            party=party, name=sent.name, code=sent.code, reason=sent.reason, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/move", scope=WRITE, may=may_use, response=PartyShown, versioned=True,
    summary=gettext_noop("Move a party"),
    description=gettext_noop("With all that stands under it, to another place in the tree."),
    example={"parent": "2b3c4d5f6g7h8j9k", "version": 42},
)  # fmt: skip
def move_party(request: ApiRequest, public_id: PublicId, sent: MoveSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: party_shown(request, fresh), see=see_party(request),
        write=lambda party, **seen: changes.move_party(
            party=party, reason=sent.reason, **seen,
            parent=party_named(request, sent.parent, "parent") if sent.parent else None,
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=PartyShown, versioned=True,
    summary=gettext_noop("End a party"),
    description=gettext_noop("Refused while links, members or parties under it go on."),
    example={"ended_on": "2026-03-31", "version": 42},
)  # fmt: skip
def end_party(request: ApiRequest, public_id: PublicId, sent: EndSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: party_shown(request, fresh), see=see_party(request),
        write=lambda party, **seen: changes.end_party(party=party, ended_on=sent.ended_on, reason=sent.reason, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/promises", scope=WRITE, may=may_use, response=PartyShown, status=201,
    summary=gettext_noop("Promise something to the staff"),
    description=gettext_noop("Who leads a party is the supplier of all in it: each promise becomes a link."),
    example={"post": {"en": "Head of the laundry"}, "promises": [{"en": "Two days of training a year"}]},
)  # fmt: skip
def promise_to_staff(request: ApiRequest, public_id: PublicId, sent: PromisesSent) -> HttpResponse:
    by, at, party = request.actor, request.now, see_party(request)(public_id)
    return made(
        request, show=lambda post: party_shown(request, post), see=see_party(request),
        write=lambda: changes.promise_to_staff(by=by, at=at, party=party, post=sent.post, promises=sent.promises),
    )  # fmt: skip
