"""Many handoffs at once, with a line and measured values each: entered in slices, counting together, withdrawn
together.

Their rows are lists of values (:meth:`baton.core.audit.trail.Trail.bulk_values`): a year of a machine is a million of
them. They are checked before, by :mod:`baton.handoffs.imports`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.changes.bulk import lines_of
from baton.core.changes.numbers import next_numbers
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.queries import roles_of
from baton.handoffs import policy
from baton.handoffs.changes.keyed import keyed
from baton.handoffs.changes.recording import NUMBER_DIGITS, NUMBER_PREFIX, state_of
from baton.handoffs.changes.telling import AMOUNTS, LineTold, ValueTold
from baton.handoffs.models import Handoff
from baton.handoffs.rules import PLACES, Form, Moments
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Batch

HANDOFFS_TARGET = "handoffs"
LINES_TARGET = "handoff_lines"
VALUES_TARGET = "measured_values"
HANDOFF_COLUMNS = (
    "public_id", "number", "link", "form", "state", "reference", "system", "key", "priority", "occurred_at", "zone",
    "requested_at", "due_at", "received_at", "delivered_at", "accepted_at", "withdrawn_at", "complete",
    "information_right", "supplier_cost", "customer_cost",
)  # fmt: skip
LINE_COLUMNS = (
    "public_id", "handoff", "position", "item_code", "item_revision", "name", "unit", "ordered", "delivered",
    "accepted", "refused", "code",
)  # fmt: skip
VALUE_COLUMNS = ("public_id", "handoff", "clause", "value", "measured_at", "person")
HANDOFFS_RELEASED: Mapping[str, Any] = {"key": ""}
"""A handoff that was taken back gives its key back to the one that comes in its place."""
READ_ROWS = 2_000
_NUMBER, _LINK, _KEY = (HANDOFF_COLUMNS.index(name) for name in ("number", "link", "key"))
_MOMENTS = [place for place, name in enumerate(HANDOFF_COLUMNS) if name.endswith("_at")]
_HANDOFF = LINE_COLUMNS.index("handoff")
_CENT = Decimal("0.01")
_QUANTUM = Decimal(1).scaleb(-PLACES)


def handoff_row(
    *, public_id: str, link: int, moments: Moments, reference: str, system: str, key: str, priority: str = "",
    zone: str = "", complete: bool | None = None, information_right: bool | None = None,
    supplier_cost: Decimal | None = None, customer_cost: Decimal | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A row of an entry of handoffs; ``link`` is its primary key. The number is given when it is entered."""
    occurred_at = moments.occurred_at
    assert occurred_at is not None, "moments are checked before they are entered"
    return {"row": [
        public_id, "", link, Form.SINGLE.value, state_of(moments).value, reference, system, key, priority,
        occurred_at, zone, moments.requested_at, moments.due_at, moments.received_at, moments.delivered_at,
        moments.accepted_at, None, complete, information_right,
        *(None if cost is None else str(cost.quantize(_CENT)) for cost in (supplier_cost, customer_cost)),
    ]}  # fmt: skip


def line_row(*, public_id: str, handoff: str, told: LineTold) -> dict[str, Any]:
    """A row of an entry of lines: the only one of a handoff (public id) of the same import."""
    amounts = (getattr(told.quantities, name) for name in AMOUNTS)
    return {"row": [
        public_id, handoff, 1, told.item_code, told.item_revision, told.name, told.unit,
        *(None if amount is None else str(amount.quantize(_QUANTUM)) for amount in amounts), told.code,
    ]}  # fmt: skip


def value_row(*, public_id: str, handoff: str, told: ValueTold) -> dict[str, Any]:
    """A row of an entry of measured values of a handoff (public id) of the same import; nobody is named for it."""
    return {"row": [public_id, handoff, told.clause, told.value, told.measured_at.isoformat(), None]}


def handoffs_of(batch: Batch) -> Iterator[list[Any]]:
    """The rows that are left. The plan has their moments as 2026-03-31T14:05:00Z, the trail with an offset."""
    for line in lines_of(batch, after=batch.rows_entered):
        row = line["row"]
        for place in _MOMENTS:
            if (moment := row[place]) is not None and moment[-1] == "Z":
                row[place] = f"{moment[:-1]}+00:00"
        yield row


def parts_of_handoffs(batch: Batch) -> Iterator[list[Any]]:
    """The lines or measured values that are left, each with the primary key of its handoff."""
    lines = lines_of(batch, after=batch.rows_entered)
    while rows := [line["row"] for line in islice(lines, READ_ROWS)]:
        named = sorted({row[_HANDOFF] for row in rows})
        keys: dict[str, int] = {}
        for start in range(0, len(named), 500):
            found = Handoff.everything.filter(public_id__in=named[start : start + 500])
            keys |= dict(found.values_list("public_id", "pk"))
        for row in rows:
            row[_HANDOFF] = keys[row[_HANDOFF]]
            yield row


def admit_handoffs(*, at: datetime, batch: Batch, first: int, records: Sequence[list[Any]]) -> None:
    """Under the lock: number the handoffs; refuse a link that is there no more, or of which who brings them may not
    tell any more."""
    wanted = {row[_LINK] for row in records}
    by = Actor.system("import") if batch.person is None else Actor(batch.person, roles_of(batch.person, at))
    standing = standing_of(by, day_of(at))
    links = chain.links_in_sight(viewer=by, at=at).filter(pk__in=wanted)
    if not standing.edits_all:
        links = links.select_related("supplier", "customer", "output")
    if wanted - {link.pk for link in links if policy.may_tell_of(standing, link)}:
        raise Refused(
            field="link",
            expected=gettext_noop("Expected links that are there, and of which you may tell."),
            found=gettext_noop("One of them was withdrawn since the check, or you speak for it no more."),
            remedy=gettext_noop("Import the table again."),
        )
    numbers = next_numbers(prefix=NUMBER_PREFIX, at=at, count=len(records), digits=NUMBER_DIGITS)
    for row, number in zip(records, numbers, strict=True):
        row[_NUMBER] = number


def admit_parts(*, at: datetime, batch: Batch, first: int, records: Sequence[list[Any]]) -> None:
    """Lines and values stand on handoffs of the same import, which nobody else sees yet."""


def conflict_of_handoffs(*, first: int, records: Sequence[list[Any]]) -> Refused:
    """Which key is there already, when the database has said that one is."""
    system = HANDOFF_COLUMNS.index("system")
    for row in records:
        same = keyed(link=row[_LINK], system=row[system]).filter(key=row[_KEY])
        if (known := same.first()) is not None:
            return Refused(
                field="key",
                expected=gettext_noop("Expected a key that no handoff of the link has in this system."),
                found=gettext_noop("{number} was given the key {key} in the meantime."),
                remedy=gettext_noop("Import the table again: then it is known."),
                number=known.number,
                key=row[_KEY],
            )
    raise RuntimeError("the database refused handoffs for another reason than their keys")


def conflict_of_parts(*, first: int, records: Sequence[list[Any]]) -> Refused:
    """Nothing else can stand in their place."""
    raise RuntimeError("the database refused parts of handoffs, which only their own import makes")
