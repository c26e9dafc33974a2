#!/usr/bin/env python3
"""A large organisation to measure on: 2,000 parties, 6,000 links, 20,000 people, and half a year of an event log.

    python3 -m benchmarks.organisations FOLDER

It is entered through the doors that everybody uses: three tables through the import engine, needs and roles one by one,
the event log as a file that the worker reads, and the charts that follow from it. A folder that holds it already is
left as it is. It has a root, 12 divisions, 144 departments and teams below them, each with a head and about ten people;
most links stay within a department, some lead to the next one, some come from suppliers or lead to customers outside.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
INSIDE, CUSTOMERS, SUPPLIERS = 1_900, 60, 40
PARTIES = INSIDE + CUSTOMERS + SUPPLIERS
LINKS, OUTPUTS, PEOPLE = 6_000, 500, 20_000
BELOW = 12
"""Parties that stand directly in another one."""
CASES, STEPS, DAYS = 5_000, 8, 182
PASSWORD = "pass-the-baton"
QUALITY, HEAD, DIVISION_HEAD = "quality", "s000020", "s000003"
"""Sign-in names: the quality manager, the head of a department with its teams, the head of a division."""
DESCRIPTION = "organisation.json"


@dataclass(frozen=True, slots=True)
class Built:
    """What stands in the folder: counts of the tables, and seconds that it took."""

    parties: int
    links: int
    people: int
    outputs: int
    measured: int
    seconds: float


def code(party: int) -> str:
    return f"D{party:04}"


def parent(party: int) -> int | None:
    """The party in which one stands; None for the root and for those outside."""
    return (party - 1) // BELOW if 0 < party < INSIDE else None


def tables(chance: random.Random) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Target, header and rows of each table, in the order in which they are brought."""
    first = "2025-01-06"
    yield (
        "organisation",
        ["Code", "Name (English)", "Name (Chinese)", "Kind", "Stands under", "From"],
        [[code(n), *_named(n), _kind(n), "" if parent(n) is None else code(parent(n) or 0), first]
         for n in range(PARTIES)],
    )  # fmt: skip
    yield (
        "people",
        ["Sign-in name", "Name (English)", "Name (Chinese)", "Party", "Capacity", "Belongs from"],
        [
            [f"S{n:06}", f"Person {n}", f"员工{n}", code(n % INSIDE), "Head" if n < INSIDE else "Member", first]
            for n in range(PEOPLE)
        ],
    )
    yield (
        "links",
        ["Supplier", "Customer", "Output", "Stage", "Spend", "Irreplaceability", "Impact", "From"],
        [
            [code(supplier), code(customer), f"Output {output}", "Back stage" if output % 3 else "Front stage",
             str(1 + output % 5), str(1 + output % 4), str(1 + output % 3), first]
            for supplier, customer, output in links(chance)
        ],
    )  # fmt: skip


def _named(party: int) -> tuple[str, str]:
    if party >= INSIDE + CUSTOMERS:
        return f"Supplier {party}", f"供应商{party}"
    if party >= INSIDE:
        return f"Customer {party}", f"客户{party}"
    word, chinese = (
        ("Division", "事业部") if party <= BELOW else ("Department", "部门") if party < 157 else ("Team", "班组")
    )
    return f"{word} {party}", f"{chinese}{party}"


def _kind(party: int) -> str:
    if party >= INSIDE + CUSTOMERS:
        return "Outside supplier"
    if party >= INSIDE:
        return "Outside customer"
    return "Department" if party < 157 else "Team"


def links(chance: random.Random) -> list[tuple[int, int, int]]:
    """(supplier, customer, output), each once: 82 % within a department, 14 % to any other party inside, the rest
    across the border of the organisation."""
    found: dict[tuple[int, int, int], None] = {}
    while len(found) < LINKS:
        supplier, lot = chance.randrange(13, INSIDE), chance.random()
        if lot < 0.82:
            below = parent(supplier) or 0
            customer = min(below * BELOW + 1 + chance.randrange(BELOW), INSIDE - 1)
        elif lot < 0.96:
            customer = chance.randrange(13, INSIDE)
        elif lot < 0.985:
            customer = INSIDE + chance.randrange(CUSTOMERS)
        else:
            supplier, customer = INSIDE + CUSTOMERS + chance.randrange(SUPPLIERS), supplier
        if supplier != customer:
            found[supplier, customer, chance.randrange(OUTPUTS)] = None
    return list(found)


def event_log(agreed: list[tuple[int, int, int]], chance: random.Random, end: date) -> bytes:
    """Cases that go along agreed links; one step in forty goes to somebody else of the same department."""
    onward: dict[int, list[int]] = {}
    for supplier, customer, _output in agreed:
        onward.setdefault(supplier, []).append(customer)
    starts = sorted(onward)
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["case", "activity", "time", "team"])
    begin = datetime(end.year, end.month, end.day, tzinfo=UTC) - timedelta(days=DAYS)
    for case in range(CASES):
        here, when = chance.choice(starts), begin + timedelta(minutes=chance.randrange(DAYS * 1440 - 5 * 1440))
        for _step in range(STEPS):
            out.writerow([case, "work", when.strftime("%Y-%m-%dT%H:%M:%SZ"), code(here)])
            when += timedelta(minutes=chance.randrange(20, 600))
            below = parent(here)
            if chance.random() < 1 / 40 and below is not None:
                here = min(below * BELOW + 1 + chance.randrange(BELOW), INSIDE - 1)
            elif here in onward:
                here = chance.choice(onward[here])
            else:
                break
    return text.getvalue().encode()


def enter() -> Built:
    """Enter it into the installation that the environment names."""
    import django

    django.setup()
    from django.db import connections

    from baton.core.actors import Actor
    from baton.core.database.migrating import migrate
    from baton.core.workbooks import Sheet, workbook
    from benchmarks.import_organisation import imported

    for alias in connections:
        migrate(alias)

    at, by, chance = datetime.now(UTC), Actor.system("benchmark"), random.Random(2026)
    for target, header, rows in tables(chance):
        imported(target, workbook([Sheet(target, header, rows)]))
    agreed = links(random.Random(2026))
    _people(by, at)
    _needs(by, at)
    _log(by, at, event_log(agreed, chance, at.date()))
    from baton.chain.models import Link, Output, Party
    from baton.core.models import Person
    from baton.monitoring.models import StoredMeasure

    return Built(
        Party.objects.count(), Link.objects.count(), Person.objects.count(), Output.objects.count(),
        StoredMeasure.objects.values("subject").distinct().count(), (datetime.now(UTC) - at).total_seconds(),
    )  # fmt: skip


def _people(by: Any, at: datetime) -> None:
    """A quality manager, and two heads who may sign in."""
    from baton.core import changes
    from baton.core.models import Person
    from baton.core.rules import Role

    manager = changes.add_person(
        by=by, at=at, sign_in_name=QUALITY, name={"en": "Quality manager"}, password=PASSWORD, language="en"
    )
    changes.give_role(by=by, at=at, person=manager, role=Role.QUALITY_MANAGER)
    for name in (HEAD, DIVISION_HEAD):
        head = Person.objects.get(sign_in_name=name)
        changes.change_password(by=by, at=at, person=head, password=PASSWORD)


def _needs(by: Any, at: datetime) -> None:
    """A need of every outside customer, named by the first link that leads to him."""
    from baton.chain import changes
    from baton.chain.models import Link, Party
    from baton.chain.rules import OUTSIDE_CUSTOMERS, OutputKind

    for holder in Party.objects.filter(party_kind__in=OUTSIDE_CUSTOMERS).order_by("pk"):
        need = changes.add_need(by=by, at=at, holder=holder, words={"en": f"What {holder} needs"})
        link = Link.objects.filter(customer=holder).select_related("output").order_by("pk").first()
        if link is not None:
            kind = OutputKind(link.output.output_kind)
            changes.change_link(by=by, at=at, link=link, output=link.output, output_kind=kind, need=need)


def _log(by: Any, at: datetime, content: bytes) -> None:
    from baton.chain import changes
    from baton.core.worker import Worker
    from baton.monitoring import changes as monitoring
    from baton_analysis.facts.mapping import EventMapping

    log = changes.bring_event_log(by=by, at=at, file_name="handovers.csv", chunks=[content])
    mapping = EventMapping(case="case", party="team", time="time", activity="activity", party_kind="team")
    changes.choose_columns(by=by, at=at, log=log, zone="UTC", mapping=mapping)
    Worker().drain(at)
    log.refresh_from_db()
    changes.accept_event_log(by=by, at=at, log=log)
    monitoring.refresh(by=by, at=at)


def built(folder: Path) -> tuple[dict[str, str], Built]:
    """The environment of the installation in ``folder``, and what stands in it; entered where it is not there yet."""
    environment = {
        **os.environ, "BATON_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "baton.config.settings",
        "BATON_SECRET_KEY": "a key for benchmarks", "BATON_DEMO": "yes",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    description = folder / DESCRIPTION
    if not description.exists():
        folder.mkdir(parents=True, exist_ok=True)
        entering = [sys.executable, "-m", "benchmarks.organisations", str(folder), "--enter"]
        subprocess.run(entering, env=environment, cwd=ROOT, check=True)
    return environment, Built(**json.loads(description.read_text()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--enter", action="store_true", help="enter it here and now, into the environment's database")
    chosen = parser.parse_args()
    if chosen.enter:
        done = enter()
        (chosen.folder / DESCRIPTION).write_text(json.dumps(asdict(done)))
        return
    _environment, done = built(chosen.folder)
    print(json.dumps(asdict(done)))


if __name__ == "__main__":
    main()
