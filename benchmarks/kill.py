#!/usr/bin/env python3
"""Killing the product in the middle of its work: what was acknowledged must be there.

    python3 -m benchmarks.kill [--rounds 100] [--database sqlite|postgresql] [--writers 4] [--work handoffs] [--here]

Each round starts writers that change records through changes.py and say so after every commit, kills them all at once
with SIGKILL after a random moment, and looks: every acknowledged change is there, the trail holds without a gap, and a
new writer can begin at once. The work is adding people, or with ``--work handoffs`` asking for, handing over and
accepting one handoff after the other. Prints one line of JSON a database. ``--here``: in the migrated, empty
installation that the environment names (DATABASE_URL, BATON_DATA), not in one that is made for it. The same through the
web server and a form: tests/trust/test_kill.py.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from benchmarks.installations import VENDORS, disconnect, installation

if TYPE_CHECKING:
    from baton.core.actors import Actor

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@dataclass
class Tally:
    """What the rounds so far have shown."""

    entries: int = 0
    rounds: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    unacknowledged_but_stored: int = 0
    broken: list[str] = field(default_factory=list)
    slowest_restart_seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        return {
            "rounds": self.rounds,
            "acknowledged": self.acknowledged,
            "lost": len(self.lost),
            "stored_but_not_acknowledged": self.unacknowledged_but_stored,
            "broken_chains": len(self.broken),
            "slowest_restart_seconds": round(self.slowest_restart_seconds, 2),
        }


def people(prefix: str) -> Iterator[str]:
    """Adds people without end; the name of each."""
    from baton.core.changes import add_person

    for number in count():
        name = f"{prefix}-{number}"
        add_person(by=_by(), at=AT, sign_in_name=name, name={"en": name})
        yield name


def handoffs(prefix: str) -> Iterator[str]:
    """Asks for, hands over and accepts on one link without end; reference and state of each step."""
    from baton.chain.models import Link
    from baton.handoffs import changes

    link = Link.objects.get()
    for number in count():
        reference = f"{prefix}-{number}"
        handoff = changes.request_handoff(by=_by(), at=AT, link=link, reference=reference)
        yield f"{reference} expected"
        handoff = changes.deliver_handoff(by=_by(), at=AT, handoff=handoff)
        yield f"{reference} delivered"
        changes.accept_handoff(by=_by(), at=AT, handoff=handoff)
        yield f"{reference} accepted"


WORKS: dict[str, Callable[[str], Iterator[str]]] = {"people": people, "handoffs": handoffs}


def there(work: str, number: int) -> set[str]:
    """What the writers of a round would have said of all that is stored."""
    from baton.core.models import Person
    from baton.handoffs.models import Handoff

    if work == "people":
        mine = Person.objects.filter(sign_in_name__startswith=f"r{number}w")
        return set(mine.values_list("sign_in_name", flat=True))
    steps = ["expected", "delivered", "accepted"]
    found = Handoff.objects.filter(reference__startswith=f"r{number}w").values_list("reference", "state")
    return {f"{reference} {step}" for reference, state in found for step in steps[: steps.index(state) + 1]}


def prepare(work: str) -> None:
    """What the work needs before it begins."""
    if work == "people":
        return
    from baton.chain import changes
    from baton.chain.rules import PartyKind

    laundry, ward = (
        changes.add_party(by=_by(), at=AT, party_kind=PartyKind.DEPARTMENT, name={"en": name})
        for name in ("Laundry", "Ward")
    )
    changes.add_link(by=_by(), at=AT, supplier=laundry, customer=ward, output={"en": "Linen"})


def write(work: str, prefix: str, say: int) -> None:
    """One writer: works until it is killed, and writes what it did to the pipe ``say`` once it is committed."""
    for done in WORKS[work](prefix):
        os.write(say, f"{done}\n".encode())


def _by() -> Actor:
    from baton.core.actors import Actor

    return Actor.system("benchmark")


def start(work: str, prefix: str) -> tuple[int, int]:
    """Fork a writer that opens a connection of its own; returns its process id and the pipe that it writes to."""
    hear, say = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(hear)
            write(work, prefix, say)
        finally:
            os._exit(1)
    os.close(say)
    return process, hear


def one_round(work: str, number: int, writers: int, chance: random.Random) -> list[str]:
    """Start the writers, kill them at a random moment; returns what they acknowledged."""
    disconnect()  # nothing that is open may be inherited
    started = [start(work, f"r{number}w{writer}") for writer in range(writers)]
    said: list[str] = []
    readers = [threading.Thread(target=_collect, args=(pipe, said)) for _process, pipe in started]
    for reader in readers:
        reader.start()
    deadline = time.monotonic() + 60
    while len(said) < writers and time.monotonic() < deadline:  # they are at work
        readers[0].join(0.01)
    time.sleep(chance.uniform(0.0, 0.6))
    for process, _pipe in started:
        os.kill(process, signal.SIGKILL)
    for (process, _pipe), reader in zip(started, readers, strict=True):
        os.waitpid(process, 0)
        reader.join()
    return said


def _collect(pipe: int, said: list[str]) -> None:
    with os.fdopen(pipe) as lines:
        for line in lines:
            if line.endswith("\n"):
                said.append(line.strip())


def look(tally: Tally, work: str, number: int, said: list[str]) -> None:
    """After a round: is everything there that was acknowledged, an entry of the trail for each, and does it hold?"""
    from baton.core.audit.verify import verify
    from baton.core.changes import add_person
    from baton.core.models import AuditEntry

    began = time.perf_counter()
    add_person(by=_by(), at=AT, sign_in_name=f"r{number}-after", name={"en": "after"})
    tally.slowest_restart_seconds = max(tally.slowest_restart_seconds, time.perf_counter() - began)
    stored = there(work, number)
    tally.rounds += 1
    tally.acknowledged += len(said)
    tally.lost += sorted(set(said) - stored)
    tally.unacknowledged_but_stored += len(stored - set(said))
    tally.entries += len(stored) + 1
    found = verify()
    if not found.holds or found.entries != tally.entries or AuditEntry.objects.count() != found.entries:
        tally.broken.append(found.sentence())


def run_rounds(work: str, rounds: int, writers: int, seed: int = 1) -> Tally:
    """``rounds`` rounds in the installation that this process is connected to."""
    from baton.core.models import AuditEntry

    prepare(work)
    tally, chance = Tally(entries=AuditEntry.objects.count()), random.Random(seed)
    for number in range(rounds):
        look(tally, work, number, one_round(work, number, writers, chance))
    return tally


def measure(vendor: str, work: str, rounds: int, writers: int, *, here: bool = False) -> dict[str, Any]:
    """The tally of the rounds; ``here``: in the installation of the environment."""
    with nullcontext() if here else installation(vendor):
        if here:
            import django

            django.setup()
        tally = run_rounds(work, rounds, writers)
    return {"database": vendor, "work": work, "writers": writers, **tally.to_dict()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--database", choices=VENDORS)
    parser.add_argument("--work", choices=sorted(WORKS), default="people")
    parser.add_argument("--here", action="store_true")
    chosen = parser.parse_args()
    if chosen.database:
        found = measure(chosen.database, chosen.work, chosen.rounds, chosen.writers, here=chosen.here)
        print(json.dumps(found), flush=True)
    else:
        for vendor in VENDORS:
            numbers = ["--rounds", str(chosen.rounds), "--writers", str(chosen.writers), "--work", chosen.work]
            subprocess.run([sys.executable, "-m", "benchmarks.kill", "--database", vendor, *numbers], check=True)


if __name__ == "__main__":
    main()
