"""Many complaints at once, as part of an import: each comes out as ``receive_complaint`` would have made it, but that
nobody is told of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from baton.chain.changes.bulk_rows import of_row
from baton.chain.changes.checks import parties_named, still_there
from baton.core.changes import next_numbers
from baton.core.changes.bulk import lines_of
from baton.core.errors import Forbidden, Refused
from baton.feedback.changes.complaints import NUMBER_PREFIX, fill_in
from baton.feedback.models import Complaint
from baton.feedback.rules.complaints import Channel, ComplaintGiven, Matter, Urgency

if TYPE_CHECKING:
    from baton.core.models import Batch

COMPLAINTS_TARGET = "complaints"
TEXTS = (
    "phenomenon", "customer_name", "customer_number", "telephone", "email", "product", "model", "lot", "invoice",
)  # fmt: skip
_READ = 500


def complaint_line(given: ComplaintGiven, *, supplier: str, customer: str) -> dict[str, Any]:
    """A row of the entry; ``supplier`` and ``customer`` are public ids, empty for none."""
    return {
        **{name: getattr(given, name) for name in TEXTS}, "matter": given.matter.value,
        "channel": given.channel.value, "urgency": given.urgency.value, "supplier": supplier, "customer": customer,
        "received_at": given.received_at.isoformat() if given.received_at else "",
        "shipped_on": given.shipped_on.isoformat() if given.shipped_on else "",
    }  # fmt: skip


def complaints_of(batch: Batch) -> Iterator[Complaint]:
    """The complaints of the rows that are left, without numbers; whoever brought the table took them down."""
    lines = lines_of(batch, after=batch.rows_entered)
    if batch.person is None:
        raise Forbidden
    while chunk := list(islice(lines, _READ)):
        parties = parties_named({line[side] for line in chunk for side in ("supplier", "customer") if line[side]})
        for line in chunk:
            row = Complaint(
                received_by=batch.person, supplier=parties.get(line["supplier"]), customer=parties.get(line["customer"])
            )
            fill_in(row, _given(line), batch.recorded_at)
            yield row


def admit_complaints(*, at: datetime, batch: Batch, first: int, records: Sequence[Complaint]) -> None:
    """Under the lock: refuse those whose supplier or customer has ended by now, and number the others."""
    live = parties_named({side.public_id for one in records for side in (one.supplier, one.customer) if side})
    for row, one in enumerate(records, start=first):
        for side in filter(None, (one.supplier, one.customer)):
            with of_row(row):
                still_there(live[side.public_id].ended_on, side.number)
    numbers = next_numbers(prefix=NUMBER_PREFIX, at=at, count=len(records))
    for one, number in zip(records, numbers, strict=True):
        one.number = number


def conflict_of_complaints(*, first: int, records: Sequence[Complaint]) -> Refused:
    """Nothing of a complaint is unique but what Baton gives it."""
    raise RuntimeError("the database refused complaints that were admitted")


def _given(line: Mapping[str, Any]) -> ComplaintGiven:
    return ComplaintGiven(
        **{name: line[name] for name in TEXTS}, matter=Matter(line["matter"]), channel=Channel(line["channel"]),
        urgency=Urgency(line["urgency"]), received_at=datetime.fromisoformat(line["received_at"]),
        shipped_on=date.fromisoformat(line["shipped_on"]) if line["shipped_on"] else None,
    )  # fmt: skip
