"""The year of a demonstration as handoffs: a table of another system, brought like anybody's."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.conf import settings

from baton.core.actors import Actor
from baton.core.changes import imports
from baton.core.queries.calendars import business_calendar_of
from baton.core.rules import ImportOrigin
from baton.core.texts import say
from baton.core.worker import Worker
from baton.handoffs import changes as handoffs
from baton.starters.changes.demo_in_force import CODES, IN_FORCE, InForce, hours_of_promises
from baton.starters.changes.demo_talk import Key

if TYPE_CHECKING:
    from numpy.random import Generator

    from baton.chain.models import Link
    from baton_analysis.simulation.running import SimulatedYear

BY = Actor.system("demo")
SEED = 2026
SYSTEMS = {"hospital": "HIS", "factory": "MES", "laboratory": "LIMS"}
"""The system of each sector that tells the handoffs."""
COLUMNS = (
    "link", "reference", "requested_at", "due_at", "received_at", "delivered_at", "accepted_at", "complete",
    "information_right", "item", "unit", "quantity_ordered", "quantity_delivered", "quantity_accepted",
    "quantity_refused", "defect_code",
)  # fmt: skip
LATELY = timedelta(weeks=8)
WAITING = 2
"""So many of the last deliveries of each link wait for the customer."""
MOST_WARNED, WARNED_EACH = 8, 4
UNSAID = 0.12
"""Share of the last deliveries about which nobody says a word, where both sides agreed that this is enough."""


class Fate(StrEnum):
    """What becomes of a handoff.

    PLAIN     the table tells all of it: accepted, or still owed
    RETURNED  the customer sends it back
    WARNED    the supplier says before that it will be late
    WAITING   it was delivered, and the customer has not said anything yet
    """

    PLAIN = "plain"
    RETURNED = "returned"
    WARNED = "warned"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Told:
    """A handoff of the year: on which link of those that are agreed, what became of it, and its moments."""

    of: InForce
    reference: str
    fate: Fate
    due_at: datetime | None
    delivered_at: datetime | None
    accepted_at: datetime | None
    returned_at: datetime | None
    again_at: datetime | None
    pieces: int | None

    @property
    def late(self) -> bool:
        """Whether it came after it was due."""
        return self.delivered_at is not None and self.due_at is not None and self.delivered_at > self.due_at

    @property
    def entered_when_delivered(self) -> bool:
        """Whether its supplier says himself, at the moment, that it is delivered: after a warning, and where hours of
        silence run, which begin when the delivery can be read."""
        return self.fate is Fate.WARNED or (self.fate is Fate.WAITING and self.of.silent is not None)


def record_year(*, at: datetime, year: SimulatedYear, sector: str, links: Mapping[Key, Link]) -> list[Told]:
    """Bring what passed on the links that have an agreement in force, and enter it. Returns what was told, by link and
    time; what people did with it is left for :func:`baton.starters.changes.demo_lived.live_through`."""
    for code, name in CODES.items():
        handoffs.add_defect_code(by=BY, at=at, code=code, name=dict(name))
    told: list[Told] = []
    values = [one.value.name for one in IN_FORCE[sector] if one.value is not None]
    header = {f"value_{place}": _header(sector, place) for place in range(1, len(values) + 1)}
    text = StringIO()
    table = csv.DictWriter(text, [*COLUMNS, *header], restval="", lineterminator="\n")
    table.writerow({**{name: name for name in COLUMNS}, **header})
    for row, one in _rows(at, year, sector):
        table.writerow({"link": links[one.of.link].number, **row})
        told.append(one)
    _enter(at, sector, text.getvalue(), {**{name: name for name in COLUMNS}, **header})
    return told


def _header(sector: str, place: int) -> str:
    """The column of a measured value: its clause in the organisation's language, with the unit."""
    one = [one for one in IN_FORCE[sector] if one.value is not None][place - 1]
    assert one.value is not None, "only links with a measured value are counted"
    unit = next(terms.unit for terms in one.clauses if terms.characteristic == one.value.name)
    return f"{say(dict(one.value.name), settings.LANGUAGE_CODE)} ({unit})"


def _enter(at: datetime, sector: str, text: str, mapping: Mapping[str, str]) -> None:
    run = imports.bring_import(
        by=BY, at=at, target="handoffs", title=f"{sector}-handoffs.csv", origin=ImportOrigin.FILE,
        chunks=[text.encode()],
    )  # fmt: skip
    run = imports.check_import(by=BY, at=at, run=run, mapping=mapping, system=SYSTEMS[sector])
    Worker().drain(at)
    run.refresh_from_db()
    imports.enter_import(by=BY, at=at, run=run)
    Worker().drain(at)


def _rows(at: datetime, year: SimulatedYear, sector: str) -> Iterator[tuple[dict[str, Any], Told]]:
    """What the table says of each handoff, and what became of it."""
    from baton_analysis.facts.calendars import due_at
    from baton_analysis.simulation.chance import stream
    from baton_analysis.simulation.handing_over import handed_over

    agreed = {one.link[:2]: one for one in IN_FORCE[sector]}
    calendar = business_calendar_of(hours_of_promises())
    places = [one.link for one in agreed.values() if one.value is not None]
    passed = handed_over(year, agreed.keys())
    for pair, of in agreed.items():
        rows = passed.filter((passed["supplier"] == pair[0]) & (passed["customer"] == pair[1])).to_dicts()
        dues: list[datetime | None] = [None] * len(rows)
        if of.seconds is not None:
            ends = due_at(calendar, [row["received_at"] for row in rows], of.seconds)
            dues = [end.replace(tzinfo=UTC, microsecond=0) for end in ends.astype("datetime64[us]").tolist()]
        fates = _fates(at, of, rows, dues, stream(SEED, "fates", *pair), main=of is IN_FORCE[sector][0])
        chance = stream(SEED, "handoffs", *pair)
        value = f"value_{places.index(of.link) + 1}" if of.value is not None else ""
        for row, due, fate in zip(rows, dues, fates, strict=True):
            yield _row(at, of, row, due, fate, chance, value)


def _fates(
    at: datetime, of: InForce, rows: list[dict[str, Any]], dues: list[datetime | None], chance: Generator, *,
    main: bool,
) -> list[Fate]:  # fmt: skip
    """What becomes of the handoffs of a link, by when the supplier could begin."""
    delivered = [place for place, row in enumerate(rows) if row["delivered_at"] is not None]
    waiting = set(sorted(delivered, key=lambda place: rows[place]["delivered_at"])[-WAITING:])
    late = [
        place for place in delivered
        if main and (due := dues[place]) is not None and rows[place]["delivered_at"] > due > at - LATELY
    ]  # fmt: skip
    warned = set(late[::WARNED_EACH][-MOST_WARNED:]) - waiting
    lately = {place for place in delivered if rows[place]["delivered_at"] > at - LATELY} if of.silent else set()
    fates = []
    for place, row in enumerate(rows):
        unsaid = chance.random() < UNSAID
        if row["returned_at"] is not None:
            fates.append(Fate.RETURNED)
        elif place in warned:
            fates.append(Fate.WARNED)
        elif place in waiting or (unsaid and place in lately):
            fates.append(Fate.WAITING)
        else:
            fates.append(Fate.PLAIN)
    return fates


def _row(
    at: datetime, of: InForce, row: dict[str, Any], due: datetime | None, fate: Fate, chance: Generator, value: str
) -> tuple[dict[str, Any], Told]:
    delivered = row["delivered_at"]
    taken = None if delivered is None else min(delivered + timedelta(minutes=int(chance.integers(2, 15))), at)
    pieces = int(chance.integers(of.line.pieces[0], of.line.pieces[1] + 1)) if of.line is not None else None
    told = Told(
        of, row["reference"], fate, due, delivered, taken if fate is Fate.PLAIN else None, row["returned_at"],
        row["again_at"], pieces,
    )  # fmt: skip
    said: dict[str, Any] = {
        "reference": row["reference"], "requested_at": row["requested_at"], "due_at": due,
        "received_at": row["received_at"], "delivered_at": None if told.entered_when_delivered else delivered,
        "accepted_at": told.accepted_at,
    }  # fmt: skip
    if told.accepted_at is not None:
        said["complete"] = "yes" if chance.random() > 0.02 else "no"
        said["information_right"] = "yes" if chance.random() > 0.01 else "no"
    if of.line is not None:
        said |= _line(of, told, chance)
    if of.value is not None and said["delivered_at"] is not None:
        said[value] = f"{chance.normal(of.value.mean, of.value.deviation):.2f}"
    return {name: "" if cell is None else cell for name, cell in said.items()}, told


def _line(of: InForce, told: Told, chance: Generator) -> dict[str, Any]:
    """The line of a handoff: some pieces of what was accepted are refused."""
    assert of.line is not None, "only links with a line are asked"
    assert told.pieces is not None, "a line has pieces"
    line = {
        "item": say(dict(of.line.item), settings.LANGUAGE_CODE), "quantity_ordered": told.pieces,
        "unit": say(dict(of.line.unit), settings.LANGUAGE_CODE),
    }  # fmt: skip
    refused = int(chance.binomial(told.pieces, of.line.refused / 1000))
    if told.accepted_at is not None:
        line |= {"quantity_delivered": told.pieces, "quantity_accepted": told.pieces - refused}
        if refused:
            line |= {"quantity_refused": refused, "defect_code": of.line.code}
    return line
