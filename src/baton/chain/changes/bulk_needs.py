"""Many outside needs at once, as part of an import: each comes out as ``add_need`` would have made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import F

from baton.chain.changes.bulk_rows import refuse_ended
from baton.chain.changes.checks import parties_named
from baton.chain.models import OutsideNeed, Party
from baton.core.changes import next_numbers
from baton.core.changes.bulk import lines_of
from baton.core.errors import Refused
from baton.core.texts import Texts, folded

if TYPE_CHECKING:
    from baton.core.models import Batch

NEEDS_TARGET = "needs"
RELEASED: Mapping[str, Any] = {"ended_on": F("began_on")}
"""A withdrawn need was nobody's: it ends on its first day."""
_READ = 500


def need_line(*, holder: str, words: Texts, began_on: date) -> dict[str, Any]:
    """A row of the entry; ``holder`` is a public id."""
    return {"holder": holder, "words": dict(words), "began_on": began_on.isoformat()}


def needs_of(batch: Batch) -> Iterator[OutsideNeed]:
    """The needs of the rows that are left, without numbers."""
    lines = lines_of(batch, after=batch.rows_entered)
    while chunk := list(islice(lines, _READ)):
        holders = parties_named({line["holder"] for line in chunk})
        for line in chunk:
            began = date.fromisoformat(line["began_on"])
            yield OutsideNeed(holder=holders[line["holder"]], words=line["words"], began_on=began)


def admit_needs(*, at: datetime, batch: Batch, first: int, records: Sequence[OutsideNeed]) -> None:
    """Under the lock: refuse those whose holder has ended since, and number the others."""
    refuse_ended(Party, [(row, need.holder_id) for row, need in enumerate(records, start=first)])
    numbers = next_numbers(prefix="N", at=at, count=len(records))
    for need, number in zip(records, numbers, strict=True):
        need.number = number
        need.search_text = folded(number, *need.words.values())


def conflict_of_needs(*, first: int, records: Sequence[OutsideNeed]) -> Refused:
    """Nothing of a need is unique but what Baton gives it."""
    raise RuntimeError("the database refused needs that were admitted")
