#!/usr/bin/env python3
"""Killing the product in the middle of its work: what was acknowledged must be there.

    python3 -m benchmarks.kill [--rounds 100] [--database sqlite|postgresql] [--writers 4] [--here]

Each round starts writers that change records through changes.py and say so after every commit, kills them all at once
with SIGKILL after a random moment, and looks: every acknowledged change is there, the trail holds without a gap, and a
new writer can begin at once. Prints one line of JSON a database. ``--here``: in the migrated, empty installation that
the environment names (DATABASE_URL, BATON_DATA), not in one that is made for it. The same through the web server and a
form: tests/trust/test_kill.py.
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
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from benchmarks.installations import VENDORS, disconnect, installation

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@dataclass
class Tally:
    """What the rounds so far have shown."""

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


def write(prefix: str, say: int) -> None:
    """One writer: adds people until it is killed, and writes each name to the pipe ``say`` once it is committed."""
    from baton.core.actors import Actor
    from baton.core.changes import add_person

    number = 0
    while True:
        name = f"{prefix}-{number}"
        add_person(by=Actor.system("benchmark"), at=AT, sign_in_name=name, name={"en": name})
        os.write(say, f"{name}\n".encode())
        number += 1


def start(prefix: str) -> tuple[int, int]:
    """Fork a writer that opens a connection of its own; returns its process id and the pipe that it writes to."""
    hear, say = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(hear)
            write(prefix, say)
        finally:
            os._exit(1)
    os.close(say)
    return process, hear


def one_round(number: int, writers: int, chance: random.Random) -> list[str]:
    """Start the writers, kill them at a random moment; returns what they acknowledged."""
    disconnect()  # nothing that is open may be inherited
    started = [start(f"r{number}w{writer}") for writer in range(writers)]
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


def look(tally: Tally, number: int, said: list[str]) -> None:
    """After a round: is everything there that was acknowledged, and does the trail hold?"""
    from baton.core.actors import Actor
    from baton.core.audit.verify import verify
    from baton.core.changes import add_person
    from baton.core.models import AuditEntry, Person

    began = time.perf_counter()
    add_person(by=Actor.system("benchmark"), at=AT, sign_in_name=f"r{number}-after", name={"en": "after"})
    tally.slowest_restart_seconds = max(tally.slowest_restart_seconds, time.perf_counter() - began)
    there = set(Person.objects.filter(sign_in_name__startswith=f"r{number}w").values_list("sign_in_name", flat=True))
    tally.rounds += 1
    tally.acknowledged += len(said)
    tally.lost += sorted(set(said) - there)
    tally.unacknowledged_but_stored += len(there - set(said))
    found = verify()
    if not found.holds or found.entries != Person.objects.count() or AuditEntry.objects.count() != found.entries:
        tally.broken.append(found.sentence())


def run_rounds(rounds: int, writers: int, seed: int = 1) -> Tally:
    """``rounds`` rounds in the installation that this process is connected to."""
    tally, chance = Tally(), random.Random(seed)
    for number in range(rounds):
        look(tally, number, one_round(number, writers, chance))
    return tally


def measure(vendor: str, rounds: int, writers: int, *, here: bool = False) -> dict[str, Any]:
    """The tally of the rounds; ``here``: in the installation of the environment."""
    with nullcontext() if here else installation(vendor):
        if here:
            import django

            django.setup()
        tally = run_rounds(rounds, writers)
    return {"database": vendor, "writers": writers, **tally.to_dict()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--database", choices=VENDORS)
    parser.add_argument("--here", action="store_true")
    chosen = parser.parse_args()
    if chosen.database:
        found = measure(chosen.database, chosen.rounds, chosen.writers, here=chosen.here)
        print(json.dumps(found), flush=True)
    else:
        for vendor in VENDORS:
            numbers = ["--rounds", str(chosen.rounds), "--writers", str(chosen.writers)]
            subprocess.run([sys.executable, "-m", "benchmarks.kill", "--database", vendor, *numbers], check=True)


if __name__ == "__main__":
    main()
