"""What is promised to whom, as a page, a panel and a table show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from baton.agreements.pages.coverage import STANDS
from baton.agreements.pages.leaders import SIGNS, word_of
from baton.agreements.pages.words import target_of
from baton.agreements.queries.owed import Owed, OwedFilters, OwedRow, View, owed_to_export
from baton.core.actors import Actor
from baton.core.texts import say

TITLES = {View.OWES: gettext_lazy("What we promise"), View.OWED: gettext_lazy("What we are promised")}
OF_PARTY = {View.OWES: gettext_lazy("What it promises"), View.OWED: gettext_lazy("What it is promised")}


def tabs(owed: Owed, chosen: View) -> list[dict[str, Any]]:
    """The two ends, with the number of clauses of each."""
    titles = TITLES if owed.party is None else OF_PARTY
    return [
        {"view": view, "title": titles[view], "number": owed.number(view), "chosen": view is chosen} for view in View
    ]


def counts(owed: Owed) -> list[dict[str, Any]]:
    """Of each end how many clauses stand how."""
    return [
        {**tab, "stands": [(*STANDS[stands], number) for stands, number in owed.counts[tab["view"]].items()]}
        for tab in tabs(owed, View.OWES)
    ]


def lines(rows: Iterable[OwedRow]) -> list[dict[str, Any]]:
    """The rows with target and standing in words; of leaders' promises also whether they were kept, once known."""
    return [
        {
            "row": row, "target": target_of(row.clause), "sign": STANDS[row.stands][0], "word": STANDS[row.stands][1],
            "kept": (SIGNS[row.kept.keeping][0], word_of(row.kept)) if row.kept is not None and row.kept.on else None,
        }
        for row in rows
    ]  # fmt: skip


def header() -> Sequence[str]:
    """Names of the columns."""
    return [
        _("End"), _("Party"), _("The other end"), _("Promise or duty"), _("Clause"), _("Target in words"), _("Output"),
        pgettext("clause", "Standing"), _("On trial until"), _("Agreement"), _("Version"), _("First day"),
        _("Last day"),
    ]  # fmt: skip


def rows(found: Iterable[OwedRow], view: View) -> Iterator[Sequence[object]]:
    """A row for each clause, from this end."""
    for row in found:
        version = row.version
        yield [
            str(TITLES[view]), str(row.mine), str(row.other), _("Promise") if row.is_promise else _("Duty"),
            say(row.clause.characteristic), target_of(row.clause), str(version.agreement.link.output),
            str(STANDS[row.stands][1]), row.clause.trial_until, version.agreement.number, version.version,
            version.starts_on, version.ends_on,
        ]  # fmt: skip


def all_rows(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """What the parties of the viewer owe and are owed."""
    for view in View:
        yield from rows(owed_to_export(viewer=viewer, at=at, filters=OwedFilters(view=view)), view)
