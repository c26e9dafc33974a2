"""What leaders promise, as pages and panels show it: kept or late, with the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.leaders import RHYTHMS
from baton.agreements.queries.leaders import LeaderRow, leader_rows
from baton.agreements.rules.leaders import Keeping, Kept, Rhythm
from baton.core import formats
from baton.core.actors import Actor
from baton.core.texts import say

SIGNS = {
    Keeping.WAITING: ("info", pgettext_lazy("promise of a leader", "Not due yet")),
    Keeping.KEPT: ("kept", pgettext_lazy("promise of a leader", "Kept")),
    Keeping.LATE: ("broken", pgettext_lazy("promise of a leader", "Late")),
}
"""Code of the status, and its word."""


def lines(rows: Iterable[LeaderRow]) -> list[dict[str, Any]]:
    """Promises with their sign, and the days that go with it."""
    return [
        {"row": row, "sign": SIGNS[row.kept.keeping][0], "word": word_of(row.kept), "days": _days(row)} for row in rows
    ]  # fmt: skip


def word_of(kept: Kept) -> str:
    """``Kept on 3 Nov 2026``, ``Late since 1 Nov 2026``."""
    if kept.on is None:
        return str(SIGNS[kept.keeping][1])
    said = _("Late since {day}") if kept.keeping is Keeping.LATE else _("Kept on {day}")
    return said.format(day=formats.day(kept.on))


def _days(row: LeaderRow) -> str:
    """``next by 1 Dec 2026 · every month · 3 of 4 in time``."""
    kept, parts = row.kept, []
    if kept.next_due is not None and kept.keeping is not Keeping.LATE:
        parts.append(_("next by {day}").format(day=formats.day(kept.next_due)))
    parts.append(str(RHYTHMS[Rhythm(row.promise.rhythm)]))
    if kept.due:
        parts.append(_("{n} of {due} in time").format(n=kept.in_time, due=kept.due))
    return " · ".join(parts)


def header() -> Sequence[str]:
    """Names of the columns."""
    return [
        _("Leader"), _("Staff"), _("Promise"), _("State"), _("Since"), _("Next by"), _("How often"), _("Days due"),
        _("Done"), _("In time"), _("Signed"), _("Seen by"), _("What was done last"),
    ]  # fmt: skip


def all_promises(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """A row for each promise in sight that was not ended."""
    for row in leader_rows(viewer=viewer, at=at):
        kept = row.kept
        yield [
            say(row.link.supplier.name), say(row.link.customer.name), say(row.clause.characteristic),
            str(SIGNS[kept.keeping][1]), kept.on, kept.next_due, str(RHYTHMS[Rhythm(row.promise.rhythm)]), kept.due,
            kept.done, kept.in_time, _("yes") if row.signed else _("no"), row.seen,
            row.last.note if row.last is not None else "",
        ]  # fmt: skip
