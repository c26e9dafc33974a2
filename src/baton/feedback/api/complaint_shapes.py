"""What the API says of complaints, and what it takes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from baton.chain.api.shapes import PartyNamed
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Sent, Shown
from baton.feedback.models import Complaint, ComplaintStep
from baton.feedback.queries import complaints as queries
from baton.feedback.rules.complaints import (
    EMAIL_LENGTH,
    NAME_LENGTH,
    NUMBER_LENGTH,
    PRODUCT_LENGTH,
    WORDS_LENGTH,
    Channel,
    Clock,
    ComplaintAct,
    ComplaintState,
    ComplaintTimes,
    Matter,
    Urgency,
)

NO_NULL = r"^[^\x00]*$"
Words = Annotated[str, StringConstraints(min_length=1, max_length=WORDS_LENGTH, pattern=NO_NULL)]
Text = Annotated[str, StringConstraints(max_length=WORDS_LENGTH, pattern=NO_NULL)]
Line = Annotated[str, StringConstraints(max_length=NAME_LENGTH, pattern=NO_NULL)]
Number = Annotated[str, StringConstraints(max_length=NUMBER_LENGTH, pattern=NO_NULL)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=NO_NULL)]


class ClockShown(Shown):
    """One thing that is owed to the customer."""

    due_at: datetime | None = Field(description="Until when; null: it is not owed yet, or no more.")
    done_at: datetime | None
    in_time: bool | None = Field(description="Null: it is owed still, and not late.")


class ComplaintStepShown(Shown):
    """Something that was done with a complaint."""

    id: PublicId
    act: ComplaintAct
    at: datetime
    person: PublicId
    words: str
    channel: Channel | None = Field(description="By which way the customer was told.")


class ComplainantShown(Shown):
    """The customer's data, for who handles the complaint."""

    name: str
    number: str
    telephone: str
    email: str


class ComplaintShown(Shown):
    """What a customer complains of, and what was done. Moments of the clocks follow from the organisation’s
    calendar."""

    id: PublicId
    number: str = Field(examples=["CO-2026-0001"])
    state: ComplaintState
    received_at: datetime
    received_by: PublicId
    matter: Matter
    channel: Channel
    urgency: Urgency
    complainant: ComplainantShown | None = Field(description="Null: one does not handle it.")
    customer: PartyNamed | None
    supplier: PartyNamed | None
    link: PublicId | None
    handoff: PublicId | None
    investigator: PublicId | None
    product: str
    model: str
    lot: str
    shipped_on: Day | None
    invoice: str
    phenomenon: str
    acknowledged: ClockShown
    resolved: ClockShown
    notified: ClockShown
    late: bool
    steps: list[ComplaintStepShown]
    version: int = Field(examples=[42])


class ComplaintsShown(Shown):
    """What came last comes first."""

    rows: list[ComplaintShown]


class ComplaintsAsked(Asked):
    """Which complaints."""

    show: Literal["open", "mine", "late", "over", "all"] = Field(default="open", description="mine: wait for me.")
    party: PublicId | None = Field(default=None, description="One of its sides.")
    link: PublicId | None = None
    matter: Matter | None = None
    urgency: Urgency | None = None


class ComplaintSent(Sent):
    """What a customer complains of. Who sends it took it down."""

    phenomenon: Words = Field(examples=["The sheets are damp and grey"])
    matter: Matter = Matter.COMPLAINT
    channel: Channel = Channel.PHONE
    urgency: Urgency = Urgency.NORMAL
    received_at: datetime | None = Field(default=None, description="When the customer said it; null: now.")
    customer_name: Line = ""
    customer_number: Number = ""
    telephone: Number = ""
    email: Annotated[str, StringConstraints(max_length=EMAIL_LENGTH, pattern=NO_NULL)] = ""
    product: Annotated[str, StringConstraints(max_length=PRODUCT_LENGTH, pattern=NO_NULL)] = ""
    model: Line = ""
    lot: Line = ""
    shipped_on: Day | None = None
    invoice: Line = ""
    link: PublicId | None = Field(default=None, description="Then supplier and customer are its sides.")
    handoff: PublicId | None = None
    supplier: PublicId | None = None
    customer: PublicId | None = None


class ToldSent(Edited):
    """The customer was told, by a channel."""

    channel: Channel
    words: Text = ""
    happened_at: datetime | None = Field(default=None, description="Null: now.")


class WordsSent(Edited):
    """What was found, decided or done."""

    words: Words


class ResultSent(WordsSent):
    """What came of it."""

    happened_at: datetime | None = Field(default=None, description="Null: now.")


class ReasonSent(Edited):
    """Why."""

    reason: Reason


class RouteSent(Edited):
    """Who looks into it."""

    supplier: PublicId | None = Field(default=None, description="Null: as it was.")
    investigator: PublicId | None = Field(default=None, description="Null: who leads the supplier.")


class CloseSent(Edited):
    """Nothing is left to do."""


def _clock(one: Clock) -> ClockShown:
    return ClockShown(due_at=one.due, done_at=one.done, in_time=one.in_time)


def _step(one: ComplaintStep) -> ComplaintStepShown:
    return ComplaintStepShown(
        id=one.public_id, act=ComplaintAct(one.act), at=one.happened_at, person=one.person.public_id, words=one.words,
        channel=Channel(one.channel) if one.channel else None,
    )  # fmt: skip


def _party(party: Any) -> PartyNamed | None:
    return PartyNamed(id=party.public_id, name=party.name) if party is not None else None


def _id(record: Any) -> str | None:
    return record.public_id if record is not None else None


def complaint_shown(one: Complaint, times: ComplaintTimes, *, handles: bool) -> ComplaintShown:
    """A complaint with its clocks; with the customer's data where the reader ``handles`` it."""
    who = ComplainantShown(name=one.customer_name, number=one.customer_number, telephone=one.telephone, email=one.email)
    return ComplaintShown(
        id=one.public_id, number=one.number, state=ComplaintState(one.state), received_at=one.received_at,
        received_by=one.received_by.public_id, matter=Matter(one.matter), channel=Channel(one.channel),
        urgency=Urgency(one.urgency), complainant=who if handles else None, customer=_party(one.customer),
        supplier=_party(one.supplier), link=_id(one.link), handoff=_id(one.handoff),
        investigator=_id(one.investigator), product=one.product, model=one.model, lot=one.lot,
        shipped_on=one.shipped_on, invoice=one.invoice, phenomenon=one.phenomenon,
        acknowledged=_clock(times.acknowledged), resolved=_clock(times.resolved), notified=_clock(times.notified),
        late=times.late, steps=[_step(step) for step in queries.steps_of(one)], version=one.changed_seq,
    )  # fmt: skip
