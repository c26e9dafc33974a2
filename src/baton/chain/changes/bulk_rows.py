"""What bulk entries of the chain say of rows that cannot be entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from baton.chain.changes.checks import still_there
from baton.chain.models import Output, Party, Project
from baton.core.errors import Refused, RefusedRows, explain
from baton.core.formats import labelled
from baton_analysis.errors import gettext_noop

MOST_NAMED = 10
"""Refused rows that the message names with the reason."""


def refused_rows(refused: Sequence[tuple[int, Refused]]) -> RefusedRows:
    """One refusal for all rows that are refused, at least one; the first :data:`MOST_NAMED` with the reason."""
    said = [labelled(row, explain(refusal)) for row, refusal in refused[:MOST_NAMED]]
    return RefusedRows(
        refused,
        field=refused[0][1].field,
        expected=gettext_noop("Nothing was entered. Refused rows: {count}."),
        found=gettext_noop("Row {rows}"),
        remedy=gettext_noop("Correct these rows and enter them again."),
        count=len(refused),
        rows=" … ".join(said),
    )


@contextmanager
def of_row(row: int) -> Iterator[None]:
    """Let a refusal within the block say which row it is about."""
    try:
        yield
    except Refused as refusal:
        raise refused_rows([(row, refusal)]) from refusal


def refuse_ended(
    model: type[Party] | type[Output] | type[Project], rows: Iterable[tuple[int, int | None]]
) -> None:  # fmt: skip
    """Refuse the first row that stands on a record of ``model`` which has ended since it was checked. ``rows`` are row
    numbers with the primary key of what each stands on, None for nothing. One query."""
    keys = {row: key for row, key in rows if key is not None}
    ended = model.everything.filter(ended_on__isnull=False).in_bulk(set(keys.values()))
    for row, key in keys.items():
        if key in ended:
            with of_row(row):
                still_there(ended[key].ended_on, ended[key].number)
