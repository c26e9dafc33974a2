#!/usr/bin/env python3
"""Many writers at once: audited changes a second, and how long a single one waits.

    python3 -m benchmarks.writers [--writers 8] [--changes 2000]

Each writer is a process that edits a person of its own through changes.py, so every change is a row and an audit entry
in one transaction. On SQLite with Baton's backend, on SQLite with Django's own backend (the peer: same journal, same
synchronisation, same IMMEDIATE transactions and timeout, only without the file lock before the transaction), and on
PostgreSQL. Afterwards the trail is verified. Prints one line of JSON a database.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.installations import installation

VARIANTS = ("sqlite", "sqlite, Django's backend", "postgresql")
LANGUAGES = ("en", "zh-hans")
AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def use_djangos_backend() -> None:
    """This process opens the records with Django's backend, set up as Baton's is but for the lock."""
    from django.db import connections

    pragmas = ("journal_mode = WAL", "synchronous = FULL", "mmap_size = 0", "secure_delete = ON")
    connections.settings["default"] |= {
        "ENGINE": "django.db.backends.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": ";".join(f"PRAGMA {pragma}" for pragma in pragmas),
        },
    }
    # Loading the applications has made a connection of Baton's backend already.
    connections["default"].close()
    del connections["default"]
    if type(connections["default"]).__module__ != "django.db.backends.sqlite3.base":
        raise RuntimeError(f"the peer would run on {type(connections['default']).__module__}")


def write(variant: str, name: str, changes: int) -> None:
    """One writer: waits for a line, writes, prints its latencies (seconds) and its errors."""
    import django

    django.setup()
    if variant == VARIANTS[1]:
        use_djangos_backend()
    from baton.core.actors import Actor
    from baton.core.changes import edit_person
    from baton.core.models import Person

    person = Person.objects.get(sign_in_name=name)
    print("ready", flush=True)
    sys.stdin.readline()
    latencies, errors = [], []
    for number in range(changes):
        began = time.perf_counter()
        try:
            edit_person(by=Actor(person), at=AT, person=person, language=LANGUAGES[(number + 1) % 2])
        except Exception as error:  # counted and reported, whatever it is
            errors.append(f"{type(error).__name__}: {error}")
        latencies.append(time.perf_counter() - began)
    print(json.dumps({"latencies": latencies, "errors": errors}), flush=True)


def measure(variant: str, writers: int, changes: int) -> dict[str, Any]:
    with installation(variant.partition(",")[0]):
        from baton.core.actors import Actor
        from baton.core.audit.verify import verify
        from baton.core.changes import add_person

        names = [f"writer{number}" for number in range(writers)]
        for name in names:
            add_person(by=Actor.system("benchmark"), at=AT, sign_in_name=name, name={"en": name})
        command = [sys.executable, "-m", "benchmarks.writers", "--variant", variant, "--changes", str(changes)]
        started = [
            subprocess.Popen([*command, "--name", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for name in names
        ]
        for process in started:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise RuntimeError("a writer did not start")
        began = time.perf_counter()
        for process in started:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        results = [json.loads(process.communicate()[0]) for process in started]
        seconds = time.perf_counter() - began
        found = verify()
    return summary(variant, results, seconds) | {
        "entries": found.entries,
        "entries_expected": writers + writers * changes,
        "chain_holds": found.holds,
    }


def summary(variant: str, results: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    latencies = sorted(latency for result in results for latency in result["latencies"])
    errors = [error for result in results for error in result["errors"]]
    centiles = statistics.quantiles(latencies, n=100)
    return {
        "database": variant,
        "changes": len(latencies),
        "errors": len(errors),
        "first_errors": errors[:2],
        "writes_a_second": round(len(latencies) / seconds),
        "p50_ms": round(centiles[49] * 1000, 1),
        "p99_ms": round(centiles[98] * 1000, 1),
        "max_ms": round(latencies[-1] * 1000, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--changes", type=int, default=2000)
    parser.add_argument("--variant", choices=VARIANTS, help="only this one")
    parser.add_argument("--name", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.name:
        write(chosen.variant, chosen.name, chosen.changes)
    elif chosen.variant:
        print(json.dumps(measure(chosen.variant, chosen.writers, chosen.changes)), flush=True)
    else:
        for variant in VARIANTS:
            numbers = ["--writers", str(chosen.writers), "--changes", str(chosen.changes)]
            command = [sys.executable, "-m", "benchmarks.writers", "--variant", variant, *numbers]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
