"""What the calls of the handoffs show and take."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.conf import settings
from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints

from baton.chain.api.shapes import PartyNamed
from baton.core.api.door import ApiRequest
from baton.core.api.schemas import Flag, PublicId, SaidTexts, Sent, Shown
from baton.handoffs import queries
from baton.handoffs.models import Handoff, HandoffLine, HandoffPhoto, HandoffReturn
from baton.handoffs.queries.reading import Held, held_with
from baton.handoffs.rules import (
    CODE_LENGTH,
    KEY_LENGTH,
    LARGEST,
    MOST_LINES,
    NAME_LENGTH,
    NOTE_LENGTH,
    PRIORITY_LENGTH,
    REASON_LENGTH,
    REFERENCE_LENGTH,
    SYSTEM_LENGTH,
    UNIT_LENGTH,
    Form,
    ReturnState,
    Side,
    Stage,
    State,
    Step,
)

READ, WRITE = "handoffs:read", "handoffs:write"
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")


def _moment(value: Any) -> Any:
    """Only ``2026-03-31T14:05:00+08:00``, with a zone: no numbers since 1970, and no year that no clock can show."""
    if not isinstance(value, str) or not _WRITTEN.match(value) or value[:4] == "9999" or value[:4] < "0002":
        raise ValueError("moment")
    return value


_NO_NUL = r"^[^\x00]*$"

Moment = Annotated[AwareDatetime, BeforeValidator(_moment), Field(examples=["2026-03-31T14:05:00+08:00"])]
Amount = Annotated[float, Field(ge=0, le=float(LARGEST), allow_inf_nan=False, examples=[12.5])]
Note = Annotated[str, StringConstraints(max_length=NOTE_LENGTH, pattern=_NO_NUL)]
Reason = Annotated[str, StringConstraints(max_length=REASON_LENGTH, pattern=_NO_NUL)]
Reference = Annotated[str, StringConstraints(max_length=REFERENCE_LENGTH, pattern=_NO_NUL)]
Priority = Annotated[str, StringConstraints(max_length=PRIORITY_LENGTH, pattern=_NO_NUL)]
Currency = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Z]{3})?$"),
    Field(description="Of the costs, ISO 4217: left out, or that of the organisation.", examples=["EUR"]),
]
Unit = Annotated[str, StringConstraints(max_length=UNIT_LENGTH, pattern=_NO_NUL)]
Code = Annotated[str, StringConstraints(max_length=CODE_LENGTH, pattern=_NO_NUL)]
Name = Annotated[str, StringConstraints(max_length=NAME_LENGTH, pattern=_NO_NUL)]
System = Annotated[str, StringConstraints(max_length=SYSTEM_LENGTH, pattern=_NO_NUL)]
Key = Annotated[str, StringConstraints(max_length=KEY_LENGTH, pattern=_NO_NUL)]
Zone = Annotated[str, StringConstraints(max_length=64, pattern=_NO_NUL)]


def amount(given: float | None) -> Decimal | None:
    """A quantity exactly as it was written."""
    return None if given is None else Decimal(repr(given))


class LineSent(Sent):
    """One item of a new handoff. Refused quantities only of what was accepted already."""

    name: Name = Field(min_length=1, examples=["Sheets"])
    unit: Unit = Field(default="", examples=["pc"])
    item_code: Code = ""
    item_revision: Code = ""
    ordered: Amount | None = None
    delivered: Amount | None = Field(default=None, description="Null: what was ordered.")
    accepted: Amount | None = None
    refused: Amount | None = None
    code: PublicId | None = Field(default=None, description="Defect code of what was refused.")


class HandoffSent(Sent):
    """A new handoff with whatever is known of it; one moment at least."""

    link: PublicId
    requested_at: Moment | None = None
    due_at: Moment | None = Field(default=None, description="The only one that may lie ahead.")
    received_at: Moment | None = Field(default=None, description="When the supplier had what he needs.")
    delivered_at: Moment | None = None
    accepted_at: Moment | None = None
    reference: Reference = Field(default="", examples=["LOT-7"])
    priority: Priority = ""
    zone: Zone = Field(default="", description="In which the moments were told.", examples=["Asia/Shanghai"])
    system: System = Field(default="", description="The system that it comes from.", examples=["SAP"])
    key: Key = Field(default="", description="Its id there; the same one twice on a link is refused.")
    complete: Flag | None = None
    information_right: Flag | None = None
    supplier_cost: Amount | None = Field(default=None, description="What it cost the supplier that it was not right.")
    customer_cost: Amount | None = Field(default=None, description="What it cost the customer.")
    currency: Currency = ""
    lines: list[LineSent] = Field(default_factory=list, max_length=MOST_LINES)
    predecessors: list[PublicId] = Field(default_factory=list, max_length=50, description="What went into it.")


class LessSent(Sent):
    """What of a line is delivered, or is not taken."""

    line: PublicId | None = Field(default=None, description="Null: of a handoff without lines.")
    delivered: Amount | None = Field(default=None, description="With deliver only.")
    refused: Amount | None = Field(default=None, description="Goes back.")
    missing: Amount | None = None
    unit: Unit = Field(default="", description="Left out, or that of the line.")
    phenomenon: Note = Field(default="", description="What is seen to be wrong; no cause, no person.")
    code: PublicId | None = None


class LineShown(Shown):
    """One item. Of an accepted handoff a line without ``accepted`` was taken whole."""

    id: PublicId
    position: int
    name: str
    unit: str
    item_code: str
    item_revision: str
    ordered: float | None
    delivered: float | None
    accepted: float | None
    refused: float | None
    code: PublicId | None


class EventShown(Shown):
    """Something that happened after the first moments."""

    id: PublicId
    event: Step
    at: datetime
    side: Side | None
    reason: str
    priority: str
    expected_at: datetime | None
    quantity: float | None
    note: str


class ReturnShown(Shown):
    """What came back or is missing."""

    id: PublicId
    number: str = Field(examples=["R-2026-0001"])
    handoff: PublicId
    line: PublicId | None
    missing: bool
    quantity: float | None
    phenomenon: str
    code: PublicId | None
    opened_at: datetime
    state: ReturnState
    ground: str
    decision_note: str
    settled_at: datetime | None
    settlement: str
    cost: float | None = Field(description="What it cost the customer.")
    currency: str = Field(examples=["EUR"])
    version: int = Field(examples=[42])


class JudgementShown(Shown):
    """What a side judges, once both sides may read it; one's own at once."""

    side: Side
    person: SaidTexts | None
    judged_at: datetime
    as_agreed: bool | None
    fit_for_use: bool | None
    request_complete: bool | None
    told_in_time: bool | None
    note: str


class CheckShown(Shown):
    """One of the three checks."""

    stage: Stage
    checked: float | None
    found: float | None
    passed: bool
    checked_at: datetime
    note: str


class ValueShown(Shown):
    """A measured value and the clause that was in force."""

    clause: PublicId
    value: float
    measured_at: datetime


class PhotoShown(Shown):
    """An evidence photo: of the handoff, or of one of its returns. Its file is fetched by itself."""

    id: PublicId
    handoff: PublicId
    of_return: PublicId | None
    step: Step | None = Field(description="With which step it was added; null: with none.")
    side: Side | None = Field(description="Which side shows it; null: somebody who acts for both.")
    name: str = Field(description="File name; empty: removed.", examples=["torn.jpg"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(description="Bytes.", examples=[482130])
    sha256: str
    person: SaidTexts = Field(description="Who added it.")
    at: datetime
    removed_at: datetime | None
    version: int = Field(examples=[42])


class HandoffRow(Shown):
    """A handoff as a list shows it."""

    id: PublicId
    number: str = Field(examples=["HO-2026-0000001"])
    link: PublicId
    supplier: PartyNamed
    customer: PartyNamed
    output: SaidTexts
    form: Form
    state: State
    reference: str
    priority: str
    system: str
    key: str
    occurred_at: datetime
    requested_at: datetime | None
    due_at: datetime | None
    received_at: datetime | None
    delivered_at: datetime | None
    accepted_at: datetime | None
    withdrawn_at: datetime | None
    complete: bool | None
    information_right: bool | None
    supplier_cost: float | None
    customer_cost: float | None
    currency: str = Field(description="ISO 4217.", examples=["EUR"])
    version: int = Field(examples=[42])


class HandoffShown(HandoffRow):
    """A handoff with all that stands on its page."""

    lines: list[LineShown]
    events: list[EventShown]
    returns: list[ReturnShown]
    photos: list[PhotoShown]
    judgements: list[JudgementShown]
    checks: list[CheckShown]
    values: list[ValueShown]
    predecessors: list[PublicId]


def _number(found: Decimal | None) -> float | None:
    return None if found is None else float(found)


def _row(one: Handoff) -> dict[str, Any]:
    link = one.link
    named = ("form", "state", "reference", "priority", "system", "key", "occurred_at", "requested_at", "due_at",
             "received_at", "delivered_at", "accepted_at", "withdrawn_at", "complete", "information_right")  # fmt: skip
    return {
        "id": one.public_id, "number": one.number, "link": link.public_id,
        "supplier": PartyNamed(id=link.supplier.public_id, name=link.supplier.name),
        "customer": PartyNamed(id=link.customer.public_id, name=link.customer.name), "output": link.output.name,
        "supplier_cost": _number(one.supplier_cost), "customer_cost": _number(one.customer_cost),
        "currency": settings.CURRENCY, "version": one.changed_seq, **{name: getattr(one, name) for name in named},
    }  # fmt: skip


def row_shown(one: Handoff) -> HandoffRow:
    """A row of the list."""
    return HandoffRow(**_row(one))


def show_handoff(request: ApiRequest) -> Callable[[Handoff], HandoffShown]:
    """Makes the whole of a handoff for the caller."""
    return lambda one: _whole(held_with(viewer=request.actor, at=request.now, public_id=one.public_id))


def _whole(held: Held) -> HandoffShown:
    return HandoffShown(
        **_row(held.handoff),
        lines=[_line(one) for one in held.lines],
        events=[
            EventShown(
                id=one.public_id, event=Step(one.event), at=one.at, side=Side(one.side) if one.side else None,
                reason=one.reason, priority=one.priority, expected_at=one.expected_at, quantity=_number(one.quantity),
                note=one.note,
            )
            for one in held.events
        ],
        returns=[return_shown(one) for one in held.returns],
        photos=[photo_shown(one) for one in held.photos],
        judgements=[
            JudgementShown(
                side=Side(one.side), person=one.person.name if one.person is not None else None,
                judged_at=one.judged_at, as_agreed=one.as_agreed, fit_for_use=one.fit_for_use,
                request_complete=one.request_complete, told_in_time=one.told_in_time, note=one.note,
            )
            for one in held.judgements
        ],
        checks=[
            CheckShown(
                stage=Stage(one.stage), checked=_number(one.checked), found=_number(one.found), passed=one.passed,
                checked_at=one.checked_at, note=one.note,
            )
            for one in held.checks
        ],
        values=[
            ValueShown(clause=one.clause.public_id, value=one.value, measured_at=one.measured_at)
            for one in held.values
        ],
        predecessors=held.predecessors,
    )  # fmt: skip


def _line(one: HandoffLine) -> LineShown:
    return LineShown(
        id=one.public_id, position=one.position, name=one.name, unit=one.unit, item_code=one.item_code,
        item_revision=one.item_revision, ordered=_number(one.ordered), delivered=_number(one.delivered),
        accepted=_number(one.accepted), refused=_number(one.refused),
        code=one.code.public_id if one.code is not None else None,
    )  # fmt: skip


def return_shown(one: HandoffReturn) -> ReturnShown:
    """What came back, as a program reads it."""
    return ReturnShown(
        id=one.public_id, number=one.number, handoff=one.handoff.public_id,
        line=one.line.public_id if one.line is not None else None, missing=one.shortage,
        quantity=_number(one.quantity), phenomenon=one.phenomenon,
        code=one.code.public_id if one.code is not None else None, opened_at=one.opened_at,
        state=ReturnState(one.state), ground=one.ground, decision_note=one.decision_note, settled_at=one.settled_at,
        settlement=one.settlement, cost=_number(one.cost), currency=settings.CURRENCY, version=one.changed_seq,
    )  # fmt: skip


def photo_shown(one: HandoffPhoto) -> PhotoShown:
    """A photo, as a program reads it."""
    file = one.attachment
    return PhotoShown(
        id=one.public_id, handoff=one.handoff.public_id,
        of_return=one.found.public_id if one.found is not None else None, step=Step(one.step) if one.step else None,
        side=Side(one.side) if one.side else None, name=file.file_name, media_type=file.media_type, size=file.size,
        sha256=file.digest, person=file.comment.author.name, at=one.recorded_at, removed_at=file.withdrawn_at,
        version=one.changed_seq,
    )  # fmt: skip


def see_handoff(request: ApiRequest) -> Callable[[str], Handoff]:
    """Reads a handoff that the caller may see."""
    return lambda public_id: queries.handoff(viewer=request.actor, at=request.now, public_id=public_id)
