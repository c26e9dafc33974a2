"""Outputs: list, read, add, change, revise, end; who answers for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import changes, policy, queries
from baton.chain.api.links import StateAsked
from baton.chain.api.parties import READ, WRITE, Code, EndSent, party_named
from baton.chain.api.shapes import PartyNamed, see_output
from baton.chain.models import Output, OutputRevision, Responsibility
from baton.chain.queries import slices
from baton.chain.queries.outputs import held_for, revisions_in_force
from baton.chain.rules import OutputKind, Responsible, State
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, shown, version_of, writes
from baton.core.api.schemas import (
    Asked,
    Day,
    Edited,
    Flag,
    PublicId,
    Rows,
    SaidTexts,
    Search,
    Sent,
    Shown,
    Texts,
    Version,
)
from baton.core.days import day_of
from baton.core.policy import demand, may_use
from baton_analysis.errors import gettext_noop

router = Router()
responsibilities_router = Router()

Label = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[^\x00]+$"), Field(examples=["B"])]


class ResponsibilityShown(Shown):
    """What a party is to an output."""

    id: PublicId
    party: PartyNamed | None = Field(description="Null: a party that is not shared with you.")
    responsible: Responsible
    began_on: date
    ended_on: date | None
    state: State
    version: int = Field(examples=[42])


class RevisionShown(Shown):
    """An issue of an output."""

    id: PublicId
    output: PublicId
    label: str = Field(examples=["B"])
    note: str
    began_on: date


class OutputShown(Shown):
    """Something that is handed over."""

    id: PublicId
    number: str = Field(examples=["O-2026-0001"])
    name: SaidTexts = Field(examples=[{"en": "Clean linen"}])
    kind: OutputKind
    item_code: str
    revision: str | None = Field(description="Label of the one in force.", examples=["B"])
    responsibilities: list[ResponsibilityShown] = Field(description="Those that have not ended.")
    began_on: date
    ended_on: date | None
    state: State
    version: int = Field(examples=[42])


class OutputOrder(StrEnum):
    """By what outputs are ordered; with a minus sign descending."""

    NAME = "name"
    NAME_DOWN = "-name"
    NUMBER = "number"
    NUMBER_DOWN = "-number"
    KIND = "kind"
    KIND_DOWN = "-kind"


class OutputsAsked(Asked):
    """Which outputs, in which order."""

    search: Search = ""
    kind: OutputKind | None = None
    state: StateAsked = StateAsked.LIVE
    without_owner: Flag = Field(default=False, description="Only those for which nobody is accountable.")
    orphan: Flag = Field(default=False, description="Only those that serve no outside need.")
    order: OutputOrder = OutputOrder.NAME


class OutputSent(Sent):
    """A new output."""

    name: Texts = Field(examples=[{"en": "Clean linen"}])
    kind: OutputKind = OutputKind.SERVICE
    item_code: Code = ""
    began_on: Day | None = Field(default=None, description="First day; null: today.")


class OutputEditSent(Edited):
    """An output, corrected on every link."""

    name: Texts = Field(examples=[{"en": "Clean linen"}])
    kind: OutputKind
    item_code: Code | None = Field(default=None, description="Null: it stays; empty: it has none.")


class RevisionSent(Sent):
    """A new revision."""

    label: Label
    note: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] = ""
    began_on: Day | None = Field(default=None, description="First day on which it holds; null: today.")


class ResponsibilitySent(Sent):
    """A new responsibility."""

    party: PublicId
    responsible: Responsible
    began_on: Day | None = Field(default=None, description="First day; null: today.")


class AccountableSent(Sent):
    """Who alone is to answer for an output."""

    version: Version | None = None
    party: PublicId
    began_on: Day | None = Field(default=None, description="First day; null: today.")


def outputs_shown(request: ApiRequest, outputs: Sequence[Output]) -> list[OutputShown]:
    """Outputs in the caller's sight; the same few queries for any number of them."""
    viewer, at = request.actor, request.now
    held = held_for(viewer=viewer, at=at, outputs=outputs)
    revisions = revisions_in_force(viewer=viewer, at=at, outputs=outputs)
    return [
        OutputShown(
            id=one.public_id,
            number=one.number,
            name=one.name,
            kind=OutputKind(one.output_kind),
            item_code=one.item_code,
            revision=revisions.get(one.pk),
            responsibilities=[
                _responsibility(request, row.held, shared=row.party is not None) for row in held.get(one.pk, [])
            ],
            began_on=one.began_on,
            ended_on=one.ended_on,
            state=one.state(day_of(at)),
            version=one.changed_seq,
        )
        for one in outputs
    ]


def output_shown(request: ApiRequest, output: Output) -> OutputShown:
    return outputs_shown(request, [output])[0]


def _responsibility(request: ApiRequest, held: Responsibility, *, shared: bool = True) -> ResponsibilityShown:
    return ResponsibilityShown(
        id=held.public_id,
        party=PartyNamed(id=held.party.public_id, name=held.party.name) if shared else None,
        responsible=Responsible(held.responsible),
        began_on=held.began_on,
        ended_on=held.ended_on,
        state=held.state(day_of(request.now)),
        version=held.changed_seq,
    )


@reads(
    router, "", scope=READ, may=may_use, response=Rows[OutputShown],
    summary=gettext_noop("List outputs"),
    description=gettext_noop("What is handed over on links in sight, or answered for by parties in sight."),
)  # fmt: skip
def list_outputs(request: ApiRequest, asked: Query[OutputsAsked]) -> Any:
    filters = queries.OutputFilters(
        search=asked.search, output_kind=asked.kind or "", state=asked.state.value, without_owner=asked.without_owner,
        orphan=asked.orphan, order=asked.order.value,
    )  # fmt: skip
    part = slices.output_slice(
        viewer=request.actor, at=request.now, filters=filters, limit=asked.limit, cursor=asked.cursor
    )  # fmt: skip
    return Rows[OutputShown](rows=outputs_shown(request, part.rows), next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=OutputShown, summary=gettext_noop("Read an output")
)
def read_output(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_output(request)(public_id)
    return shown(found, output_shown(request, found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=OutputShown, status=201,
    summary=gettext_noop("Add an output"),
    description=gettext_noop("For whoever may add links. A link that names a new output adds it by itself."),
    example={"name": {"en": "Clean linen"}, "kind": "service", "item_code": "L-17"},
)  # fmt: skip
def add_output(request: ApiRequest, sent: OutputSent) -> HttpResponse:
    by, at = request.actor, request.now
    return made(
        request, show=lambda fresh: output_shown(request, fresh), see=see_output(request),
        write=lambda: changes.add_output(
            by=by, at=at, name=sent.name, output_kind=sent.kind, item_code=sent.item_code, began_on=sent.began_on
        ),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=OutputShown, versioned=True,
    summary=gettext_noop("Change an output"),
    description=gettext_noop("Corrected on every link that hands it over; for whoever leads all that do."),
    example={"name": {"en": "Clean bed linen"}, "kind": "service", "version": 42},
)  # fmt: skip
def change_output(request: ApiRequest, public_id: PublicId, sent: OutputEditSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: output_shown(request, fresh), see=see_output(request),
        write=lambda output, **seen: changes.change_output(
            output=output, name=sent.name, output_kind=sent.kind, item_code=sent.item_code,
            reason=sent.reason, **seen,
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=OutputShown, versioned=True,
    summary=gettext_noop("End an output"),
    description=gettext_noop("Refused while a link hands it over; responsibilities for it end with it."),
    example={"ended_on": "2026-03-31", "version": 42},
)  # fmt: skip
def end_output(request: ApiRequest, public_id: PublicId, sent: EndSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: output_shown(request, fresh), see=see_output(request),
        write=lambda output, **seen: changes.end_output(
            output=output, ended_on=sent.ended_on, reason=sent.reason, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/revisions", scope=WRITE, may=may_use, response=RevisionShown, status=201,
    summary=gettext_noop("Revise an output"),
    description=gettext_noop("From its first day on the new revision is the one that is handed over."),
    example={"label": "B", "note": "Fitted sheets", "began_on": "2026-03-31"},
)  # fmt: skip
def revise_output(request: ApiRequest, public_id: PublicId, sent: RevisionSent) -> HttpResponse:
    by, at, output = request.actor, request.now, see_output(request)(public_id)

    def show(revision: OutputRevision) -> RevisionShown:
        return RevisionShown(
            id=revision.public_id, output=output.public_id, label=revision.label, note=revision.note,
            began_on=revision.began_on,
        )  # fmt: skip

    return made(
        request, show=show, see=lambda _revision: see_output(request)(public_id),
        write=lambda: changes.revise_output(
            by=by, at=at, output=output, label=sent.label, note=sent.note, began_on=sent.began_on
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/responsibilities", scope=WRITE, may=may_use, response=ResponsibilityShown,
    status=201,
    summary=gettext_noop("Give a responsibility for an output"),
    description=gettext_noop("Accountable, responsible, consulted or informed. Two accountable parties are a gap."),
    example={"party": "2b3c4d5f6g7h8j9k", "responsible": "accountable"},
)  # fmt: skip
def give_responsibility(request: ApiRequest, public_id: PublicId, sent: ResponsibilitySent) -> HttpResponse:
    by, at, output = request.actor, request.now, see_output(request)(public_id)
    return made(
        request, show=lambda held: _responsibility(request, held),
        see=lambda _held: see_output(request)(public_id),
        write=lambda: changes.give_responsibility(
            by=by, at=at, output=output, party=party_named(request, sent.party, "party"),
            responsible=sent.responsible, began_on=sent.began_on,
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/accountable", scope=WRITE, may=may_use, response=ResponsibilityShown, status=201,
    versioned=True,
    summary=gettext_noop("Make one party alone accountable for an output"),
    description=gettext_noop("Whoever was before no longer is. The version is that of the output."),
    example={"party": "2b3c4d5f6g7h8j9k", "version": 42},
)  # fmt: skip
def make_accountable(request: ApiRequest, public_id: PublicId, sent: AccountableSent) -> HttpResponse:
    by, at, output = request.actor, request.now, see_output(request)(public_id)
    demand(policy.may_edit_output(policy.standing_of(by, day_of(at)), output))
    seen = version_of(request, sent.version)
    return made(
        request, show=lambda held: _responsibility(request, held),
        see=lambda _held: see_output(request)(public_id),
        write=lambda: changes.make_accountable(
            by=by, at=at, output=output, party=party_named(request, sent.party, "party"), began_on=sent.began_on,
            expected_seq=seen,
        ),
    )  # fmt: skip


@writes(
    responsibilities_router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=ResponsibilityShown,
    versioned=True,
    summary=gettext_noop("End a responsibility for an output"),
    description=gettext_noop("An output without anybody accountable is a gap."),
    example={"ended_on": "2026-03-31", "version": 42},
)  # fmt: skip
def end_responsibility(request: ApiRequest, public_id: PublicId, sent: EndSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=lambda fresh: _responsibility(request, fresh),
        see=lambda of: queries.responsibility(viewer=request.actor, at=request.now, public_id=of),
        write=lambda held, **seen: changes.end_responsibility(responsibility=held, ended_on=sent.ended_on, **seen),
    )  # fmt: skip
