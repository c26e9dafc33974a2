#!/usr/bin/env python3
"""Entering many links while somebody else works: how long a slice holds the write lock, how long the other one waits.

    python3 -m benchmarks.bulk [--links 20000] [--judged 2000] [--database sqlite|postgresql]

One process enters links in bulk; beside it another makes audited changes of a person, one every few milliseconds, as
one does who works with the application. Before that the same changes without the bulk entry, for comparison. Prints one
line of JSON a database: seconds and links a second, slices, the longest and the median time of the lock (measured from
the first statement under it to the end of the commit), and the other writer's p50, p99 and longest wait with and
without the bulk entry; and the same of an action on ``--judged`` of the links, which are written one by one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from baton.core.rules import Role
from benchmarks.installations import VENDORS, installation

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
PARTIES = 300
PAUSE = 0.005
ALONE_SECONDS = 10.0
LANGUAGES = ("en", "zh-hans")


def work(name: str) -> None:
    """The other writer: changes one person until its input ends, then prints its latencies in seconds."""
    import threading

    import django

    django.setup()
    from baton.core.actors import Actor
    from baton.core.changes import edit_person
    from baton.core.models import Person

    person = Person.objects.get(sign_in_name=name)
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    edit_person(by=Actor(person), at=AT, person=person, language=LANGUAGES[0])
    print("ready", flush=True)
    latencies = []
    while not over.is_set():
        began = time.perf_counter()
        edit_person(by=Actor(person), at=AT, person=person, language=LANGUAGES[(len(latencies) + 1) % 2])
        latencies.append(time.perf_counter() - began)
        time.sleep(PAUSE)
    print(json.dumps(latencies), flush=True)


class Other:
    """The other writer as a process of its own."""

    def __init__(self, name: str) -> None:
        command = [sys.executable, "-m", "benchmarks.bulk", "--name", name]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("the other writer did not start")

    def waits(self) -> dict[str, float]:
        """End it; p50, p99 and longest wait in milliseconds, and how many changes it made."""
        latencies = sorted(json.loads(self.process.communicate()[0]))
        centiles = statistics.quantiles(latencies, n=100)
        return {
            "changes": len(latencies),
            "p50_ms": round(centiles[49] * 1000, 1),
            "p99_ms": round(centiles[98] * 1000, 1),
            "max_ms": round(latencies[-1] * 1000, 1),
        }


@dataclass
class Held:
    """For how many seconds the write lock was held: by each slice (with its rows), and by each change of whatever kind,
    slices included."""

    slices: list[tuple[int, float]] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float | None]:
        held = [seconds for _rows, seconds in self.slices]
        return {
            "slices": len(held),
            "rows_a_slice": round(statistics.median(rows for rows, _seconds in self.slices)),
            "lock_median_ms": round(statistics.median(held) * 1000, 1),
            "lock_p99_ms": round(statistics.quantiles(held, n=100)[98] * 1000, 1) if len(held) > 1 else None,
            "lock_max_ms": round(max(held) * 1000, 1),
            "lock_max_of_any_change_ms": round(max(self.changes) * 1000, 1),
        }


@contextmanager
def noted() -> Iterator[Held]:
    """Note how long the lock is held in the block."""
    from baton.core.audit.trail import Trail
    from baton.core.pace import Pace

    held, took, let_go = Held(), Pace.took, Trail._let_go

    def taken(pace: Pace, rows: int, seconds: float) -> None:
        held.slices.append((rows, seconds))
        took(pace, rows, seconds)

    def gone(trail: Trail) -> None:
        let_go(trail)
        held.changes.append(trail.held_seconds)

    Pace.took, Trail._let_go = taken, gone  # type: ignore[method-assign]
    try:
        yield held
    finally:
        Pace.took, Trail._let_go = took, let_go  # type: ignore[method-assign]


def alone() -> dict[str, float]:
    """What the other writer, who stands as “other”, waits when nobody else works."""
    other = Other("other")
    time.sleep(ALONE_SECONDS)
    return other.waits()


def beside_another(work: Callable[[], object], *, rows: int, unit: str) -> dict[str, Any]:
    """What work on so many ``rows`` costs, and what it costs the other writer."""
    other = Other("other")
    began = time.perf_counter()
    with noted() as held:
        work()
    seconds = time.perf_counter() - began
    beside = other.waits()
    return {
        "seconds": round(seconds, 1),
        f"{unit}_a_second": round(rows / seconds),
        **held.figures(),
        "other_beside": beside,
    }


def judge(links: int) -> None:
    """An action on the first links of their list, as a person begins it and the worker carries it out."""
    from baton.chain.models import Link
    from baton.core.actors import Actor
    from baton.core.changes.list_actions import begin_action, carry_out, propose_action
    from baton.core.models import Person

    by = Actor(Person.objects.get(sign_in_name="manager"), frozenset({Role.QUALITY_MANAGER}))
    rows = list(Link.objects.order_by("pk").values_list("public_id", "changed_seq")[:links])
    action = propose_action(by=by, at=AT, list_name="chain.links", act="judge", rows=rows)
    action = begin_action(by=by, at=AT, action=action, arguments={"spend": "3", "impact": "2", "irreplaceability": "1"})
    action = carry_out(by=by, at=AT, action=action)
    if action.rows_done != len(rows):
        raise RuntimeError(f"{action.rows_refused} of {len(rows)} rows were refused")


def measure(vendor: str, links: int, judged: int) -> dict[str, Any]:
    with installation(vendor):
        from baton.chain.changes import LinkRow, add_party
        from baton.chain.changes.bulk_links import add_links_in_bulk
        from baton.chain.models import Link
        from baton.chain.rules import PartyKind
        from baton.core.actors import Actor
        from baton.core.audit.verify import verify
        from baton.core.changes import add_person, give_role

        by = Actor.system("benchmark")
        add_person(by=by, at=AT, sign_in_name="other", name={"en": "Other"})
        manager = add_person(by=by, at=AT, sign_in_name="manager", name={"en": "Manager"})
        give_role(by=by, at=AT, person=manager, role=Role.QUALITY_MANAGER)
        parties = [
            add_party(by=by, at=AT, party_kind=PartyKind.DEPARTMENT, name={"en": f"Department {number}"})
            for number in range(PARTIES)
        ]
        pairs = [(a, b) for a in parties for b in parties if a is not b]
        rows = [LinkRow(*pairs[n % len(pairs)], {"en": f"Output {n // len(pairs)}"}) for n in range(links)]

        quiet = alone()
        entered = beside_another(
            lambda: add_links_in_bulk(by=by, at=AT, rows=rows, title="Benchmark"), rows=links, unit="links"
        )
        return {
            "database": vendor,
            "links": Link.objects.count(),
            "other_alone": quiet,
            **entered,
            "judged": beside_another(lambda: judge(judged), rows=judged, unit="links"),
            "chain_holds": verify().holds,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--links", type=int, default=20_000)
    parser.add_argument("--judged", type=int, default=2_000)
    parser.add_argument("--database", choices=VENDORS, help="only this one")
    parser.add_argument("--name", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.name:
        work(chosen.name)
    elif chosen.database:
        print(json.dumps(measure(chosen.database, chosen.links, chosen.judged)), flush=True)
    else:
        for vendor in VENDORS:
            command = [sys.executable, "-m", "benchmarks.bulk", "--database", vendor, "--links", str(chosen.links)]
            subprocess.run([*command, "--judged", str(chosen.judged)], check=True)


if __name__ == "__main__":
    main()
