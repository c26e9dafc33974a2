"""Many responsibilities at once, as part of an import: each comes out as ``give_responsibility`` would have made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import F

from baton.chain.changes.bulk_rows import of_row, refused_rows
from baton.chain.changes.checks import parties_named, still_there
from baton.chain.changes.outputs import held_already, refuse_outside_owner
from baton.chain.models import Output, Party, Responsibility
from baton.chain.rules import Responsible
from baton.core.changes.bulk import lines_of
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Batch

RESPONSIBILITIES_TARGET = "responsibilities"
RELEASED: Mapping[str, Any] = {"ended_on": F("began_on")}
"""A withdrawn responsibility never held: it ends on its first day."""
_READ = 500


def responsibility_line(*, output: str, party: str, responsible: Responsible, began_on: date) -> dict[str, Any]:
    """A row of the entry; ``output`` and ``party`` are public ids."""
    return {"output": output, "party": party, "responsible": responsible.value, "began_on": began_on.isoformat()}


def responsibilities_of(batch: Batch) -> Iterator[Responsibility]:
    """The responsibilities of the rows that are left."""
    lines = lines_of(batch, after=batch.rows_entered)
    while chunk := list(islice(lines, _READ)):
        parties = parties_named({line["party"] for line in chunk})
        wanted = {line["output"] for line in chunk}
        outputs = {output.public_id: output for output in Output.objects.filter(public_id__in=wanted)}
        if wanted - outputs.keys():
            raise Refused(
                expected=gettext_noop("Every row names an output."),
                found=gettext_noop("One of them is no longer a party."),
                remedy=gettext_noop("Check the table again."),
            )
        for line in chunk:
            yield Responsibility(
                output=outputs[line["output"]], party=parties[line["party"]],
                responsible=Responsible(line["responsible"]), began_on=date.fromisoformat(line["began_on"]),
            )  # fmt: skip


def admit_responsibilities(*, at: datetime, batch: Batch, first: int, records: Sequence[Responsibility]) -> None:
    """Under the lock: refuse outputs and parties that have ended since, and parties outside that would answer."""
    parties = Party.everything.in_bulk({held.party_id for held in records})
    outputs = Output.everything.in_bulk({held.output_id for held in records})
    for row, held in enumerate(records, start=first):
        party, output = parties[held.party_id], outputs[held.output_id]
        with of_row(row):
            still_there(party.ended_on, party.number)
            still_there(output.ended_on, output.number)
            refuse_outside_owner(party, Responsible(held.responsible))


def conflict_of_responsibilities(*, first: int, records: Sequence[Responsibility]) -> Refused:
    """Which row is there already, when the database has said that one is."""
    live = Responsibility.everything.filter(ended_on__isnull=True, output__in={held.output_id for held in records})
    there = set(live.values_list("output_id", "party_id", "responsible"))
    for row, held in enumerate(records, start=first):
        if (held.output_id, held.party_id, str(held.responsible)) in there:
            return refused_rows([(row, held_already(held.party))])
    raise RuntimeError("the database refused responsibilities for another reason than their unique key")
