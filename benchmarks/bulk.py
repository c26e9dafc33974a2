#!/usr/bin/env python3
"""Entering many links while somebody else works: how long a slice holds the write lock, how long the other one waits.

    python3 -m benchmarks.bulk [--links 20000] [--database sqlite|postgresql]

One process enters links in bulk; beside it another makes audited changes of a person, one every few milliseconds, as
one does who works with the application. Before that the same changes without the bulk entry, for comparison. Prints one
line of JSON a database: seconds and links a second, slices, the longest and the median time of the lock (measured from
the first statement under it to the end of the commit), and the other writer's p50, p99 and longest wait with and
without the bulk entry.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

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


def beside_another(enter: Callable[[], object], *, rows: int, unit: str) -> dict[str, Any]:
    """What a bulk entry of so many ``rows`` costs, and what it costs the other writer, who stands as “other”."""
    from baton.core.changes import bulk

    other = Other("other")
    time.sleep(ALONE_SECONDS)
    alone = other.waits()
    slices: list[tuple[int, float]] = []
    plain = bulk.enter_slice

    def noted(**given: Any) -> bulk.Slice:
        done = plain(**given)
        slices.append((len(given["rows"]), done.seconds))
        return done

    bulk.enter_slice = noted
    other = Other("other")
    began = time.perf_counter()
    enter()
    seconds = time.perf_counter() - began
    beside = other.waits()
    bulk.enter_slice = plain
    held = [one for _rows, one in slices]
    return {
        "seconds": round(seconds, 1),
        f"{unit}_a_second": round(rows / seconds),
        "slices": len(slices),
        "rows_a_slice": round(statistics.median(count for count, _one in slices)),
        "lock_median_ms": round(statistics.median(held) * 1000, 1),
        "lock_p99_ms": round(statistics.quantiles(held, n=100)[98] * 1000, 1) if len(held) > 1 else None,
        "lock_max_ms": round(max(held) * 1000, 1),
        "other_alone": alone,
        "other_beside": beside,
    }


def measure(vendor: str, links: int) -> dict[str, Any]:
    with installation(vendor):
        from baton.chain.changes import LinkRow, add_party
        from baton.chain.changes.bulk_links import add_links_in_bulk
        from baton.chain.models import Link
        from baton.chain.rules import PartyKind
        from baton.core.actors import Actor
        from baton.core.audit.verify import verify
        from baton.core.changes import add_person

        by = Actor.system("benchmark")
        add_person(by=by, at=AT, sign_in_name="other", name={"en": "Other"})
        parties = [
            add_party(by=by, at=AT, party_kind=PartyKind.DEPARTMENT, name={"en": f"Department {number}"})
            for number in range(PARTIES)
        ]
        pairs = [(a, b) for a in parties for b in parties if a is not b]
        rows = [LinkRow(*pairs[n % len(pairs)], {"en": f"Output {n // len(pairs)}"}) for n in range(links)]

        figures = beside_another(
            lambda: add_links_in_bulk(by=by, at=AT, rows=rows, title="Benchmark"), rows=links, unit="links"
        )
        return {"database": vendor, "links": Link.objects.count(), **figures, "chain_holds": verify().holds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--links", type=int, default=20_000)
    parser.add_argument("--database", choices=VENDORS, help="only this one")
    parser.add_argument("--name", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.name:
        work(chosen.name)
    elif chosen.database:
        print(json.dumps(measure(chosen.database, chosen.links)), flush=True)
    else:
        for vendor in VENDORS:
            command = [sys.executable, "-m", "benchmarks.bulk", "--database", vendor, "--links", str(chosen.links)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
