"""Many outputs at once, as part of an import: each comes out as ``add_output`` would have made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F

from baton.chain.changes.bulk_rows import refused_rows
from baton.chain.changes.outputs import fold_output, name_key
from baton.chain.models import Output
from baton.chain.rules import OutputKind
from baton.core.changes import next_numbers
from baton.core.changes.bulk import lines_of
from baton.core.errors import Refused
from baton.core.texts import Texts, sort_keys
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Batch

OUTPUTS_TARGET = "outputs"
RELEASED: Mapping[str, Any] = {"ended_on": F("began_on")}
"""A withdrawn output was never handed over: it ends on its first day."""


def output_line(
    *, public_id: str, name: Texts, output_kind: OutputKind, item_code: str, began_on: date
) -> dict[str, Any]:
    """A row of the entry."""
    return {
        "public_id": public_id, "name": dict(name), "output_kind": output_kind.value, "item_code": item_code,
        "began_on": began_on.isoformat(),
    }  # fmt: skip


def outputs_of(batch: Batch) -> Iterator[Output]:
    """The outputs of the rows that are left, without numbers."""
    for line in lines_of(batch, after=batch.rows_entered):
        yield Output(
            public_id=line["public_id"], name=line["name"], name_key=name_key(line["name"]),
            sort_keys=sort_keys(line["name"]), output_kind=OutputKind(line["output_kind"]),
            item_code=line["item_code"], began_on=date.fromisoformat(line["began_on"]),
        )  # fmt: skip


def admit_outputs(*, at: datetime, batch: Batch, first: int, records: Sequence[Output]) -> None:
    """Number the outputs; names and codes that are taken the unique keys of the table find."""
    for output, number in zip(records, next_numbers(prefix="O", at=at, count=len(records)), strict=True):
        output.number = number
        fold_output(output)


def conflict_of_outputs(*, first: int, records: Sequence[Output]) -> Refused:
    """Which row is there already, when the database has said that one is."""
    live = Output.everything.filter(ended_on__isnull=True)
    names = {output.name_key: row for row, output in enumerate(records, start=first)}
    codes = {output.item_code: row for row, output in enumerate(records, start=first) if output.item_code}
    for taken in live.filter(name_key__in=names):
        return refused_rows([(names[taken.name_key], _taken(taken))])
    for taken in live.filter(item_code__in=codes):
        return refused_rows([(codes[taken.item_code], _taken(taken))])
    raise RuntimeError("the database refused outputs for another reason than their unique keys")


def _taken(other: Output) -> Refused:
    return Refused(
        field="name",
        expected=gettext_noop("Expected a name and an item code that no other output has."),
        found=gettext_noop("{number} has the same."),
        remedy=gettext_noop("Check the table again."),
        number=other.number,
    )
