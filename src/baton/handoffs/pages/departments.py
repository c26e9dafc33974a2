"""What a department owes and gets, the worst first. Only stored results are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from baton.agreements.rules import Side
from baton.core import formats
from baton.core.texts import say
from baton.handoffs.pages.promises import STATUS_WORDS, PromiseRow, promise_row
from baton.handoffs.pages.whole import share_of
from baton.handoffs.queries.departments import Department, LinkStanding, StillOpen
from baton.handoffs.rules.mending import Rank, beyond_the_promise, rank_of
from baton.monitoring.rules import DEFECT_RATE, PromiseStatus

SHOWN = 100
"""Links of each direction on the page; all of them are in the table that is taken away."""
OWN = {"owes": gettext_lazy("What we owe"), "gets": gettext_lazy("What we get")}
OF_PARTY = {"owes": gettext_lazy("What it owes"), "gets": gettext_lazy("What it gets")}
IN_ORDER = (PromiseStatus.BROKEN, PromiseStatus.AT_RISK, PromiseStatus.UNKNOWN, PromiseStatus.KEPT)


@dataclass(frozen=True, slots=True)
class JudgedPromise:
    """A clause with its place among the others."""

    row: PromiseRow
    rank: Rank
    beyond: float


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A link in one direction, its clauses the worst first. ``other`` is who stands at the other end, ``mine`` the part
    of the department at this one; ``figures`` are those of the link as a whole, for the direction in which it hands
    over."""

    standing: LinkStanding
    mine: str
    other: str
    promises: list[JudgedPromise]
    still: StillOpen | None
    perfect: dict[str, Any] | None
    returns: int | None
    cost: str

    @property
    def rank(self) -> tuple[Rank, int, str]:
        """Its worst clause, then what is overdue; the smaller, the worse."""
        worst = self.promises[0].rank if self.promises else rank_of(None, most=False)
        return worst, -(self.still.overdue if self.still else 0), self.standing.link.number


def department_context(found: Department, at: datetime) -> dict[str, Any]:
    """What ``handoffs/department.html`` shows."""
    titles = OWN if found.party is None else OF_PARTY
    directions = [
        _direction(name, str(titles[name]), standing_rows(found, name, at)) for name in ("owes", "gets")
    ]  # fmt: skip
    return {
        "department": found,
        "directions": directions,
        "any": any(one["all"] for one in directions),
        "measured": any(one["measured"] for one in directions),
        "computed_at": max(
            (row.figures.computed_at for row in [*found.owes, *found.gets] if row.figures is not None), default=None
        ),
    }


def department_in_short(found: Department, at: datetime) -> list[dict[str, Any]]:
    """The same for a panel: how many promises stand how, and the worst broken one of each direction."""
    shown = [
        _direction(name, str(OF_PARTY[name]), standing_rows(found, name, at)) for name in ("owes", "gets")
    ]  # fmt: skip
    return [one for one in shown if one["all"]]


def standing_rows(found: Department, direction: str, at: datetime) -> list[StandingRow]:
    """The links of a direction (owes, gets), the worst first."""
    standings: list[LinkStanding] = getattr(found, direction)
    return sorted((_row(one, at, owes=direction == "owes") for one in standings), key=lambda row: row.rank)


def _direction(name: str, title: str, rows: list[StandingRow]) -> dict[str, Any]:
    judged = [one for row in rows for one in row.promises if one.row.stored is not None]
    counts = [(code.value, STATUS_WORDS[code], sum(one.row.status == code for one in judged)) for code in IN_ORDER]
    broken = sum(one.row.status == PromiseStatus.BROKEN for one in judged)
    first = rows[0] if broken else None
    return {
        "name": name,
        "title": title,
        "rows": rows[:SHOWN],
        "all": len(rows),
        "measured": bool(judged),
        "several": len({row.mine for row in rows}) > 1,
        "counts": [one for one in counts if one[2]],
        "overdue": sum(row.still.overdue for row in rows if row.still),
        "open": sum(row.still.handoffs for row in rows if row.still),
        "first": _mend(first) if first is not None else None,
        "broken": broken,
    }


def _mend(row: StandingRow) -> dict[str, Any]:
    """The worst broken promise in words."""
    worst = row.promises[0]
    return {
        "row": row,
        "promise": worst.row,
        "beyond": formats.number(worst.beyond, 0 if worst.beyond >= 10 else 1),
        "units": worst.row.stored is not None and worst.row.stored.name == DEFECT_RATE,
    }


def _row(standing: LinkStanding, at: datetime, *, owes: bool) -> StandingRow:
    ends = (standing.ower, standing.getter) if owes else (standing.getter, standing.ower)
    mine, other = (say(one.name) for one in ends)
    promises = sorted(
        (_judged(standing.link.public_id, standing.stored[one.line], one, at) for one in standing.clauses),
        key=lambda one: one.rank,
    )
    if standing.owed_by is not Side.SUPPLIER:
        return StandingRow(standing, mine, other, promises, None, None, None, "")
    result = standing.figures.result if standing.figures is not None else None
    return StandingRow(
        standing, mine, other, promises, standing.still,
        share_of(_("Perfect handoffs"), result["perfect"]) if result else None,
        result["returns"] if result else None,
        formats.money(result["cost"]) if result and result["cost"] else "",
    )  # fmt: skip


def _judged(link: str, stored: Any, clause: Any, at: datetime) -> JudgedPromise:
    row = promise_row(link, clause, stored, at)
    promise = row.promise
    most = row.stored is not None and row.stored.name == DEFECT_RATE
    beyond = beyond_the_promise(promise, most=most) if promise is not None else 0.0
    return JudgedPromise(row, rank_of(promise, most=most), beyond)


def header() -> Sequence[str]:
    """Names of the columns of the table that is taken away."""
    return [
        _("Direction"), _("Party"), _("The other end"), _("Link"), _("Output"), _("Clause"), _("Target in words"),
        _("Status"), _("Promised"), _("Reached"), _("Lower bound"), _("Upper bound"), _("n"), _("Open"), _("Overdue"),
        _("Waits for acceptance"), _("Returns"), _("Cost"), _("Currency"),
    ]  # fmt: skip


def rows(found: Department, at: datetime) -> Iterator[Sequence[object]]:
    """A row a clause, the worst first; one for a link without clauses."""
    titles = OWN if found.party is None else OF_PARTY
    for name in ("owes", "gets"):
        for row in standing_rows(found, name, at):
            link, still = row.standing.link, row.still or StillOpen()
            figures = row.standing.figures.result if row.standing.figures is not None and row.still else {}
            cost = figures.get("cost")
            priced = [cost, settings.CURRENCY if cost is not None else ""]
            tail = [still.handoffs, still.overdue, still.to_accept, figures.get("returns"), *priced]
            begun = [str(titles[name]), row.mine, row.other, link.number, str(link.output)]
            for one in row.promises:
                yield [*begun, *_told(one.row), *tail]
            if not row.promises:
                yield [*begun, "", "", pgettext("no promise", "Nothing is promised"), *[None] * 5, *tail]


def _told(row: PromiseRow) -> list[object]:
    said = row.promise or {}
    figures = [said.get(name) for name in ("promised", "reached", "low", "high")]
    return [say(row.clause.characteristic), row.said, row.word, *figures, row.n]


def address_of(party: str) -> str:
    """The page of a party (public id); empty: of the reader's own."""
    return reverse("handoffs:department") + (f"?party={party}" if party else "")
