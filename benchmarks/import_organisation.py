#!/usr/bin/env python3
"""Importing an organisation of 2,000 parties, 6,000 links and 20,000 people from Excel while somebody else works.

    python3 -m benchmarks.import_organisation [--scale 1.0] [--database sqlite|postgresql]

Three workbooks are made, brought, checked and entered one after the other as the pages and the worker do it; beside it
another process makes audited changes of a person, one every few milliseconds. Prints one line of JSON a database:
seconds of each table and in all, seconds of processor time, slices of bulk entries and how long they held the write
lock, the other writer's p50, p99 and longest wait, and whether the same tables again change nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from benchmarks.bulk import Other, noted
from benchmarks.installations import VENDORS, installation

PARTIES, LINKS, PEOPLE = 2_000, 6_000, 20_000


def tables(scale: float) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Target, header and rows of each table; the tree has four levels, every party a head and ten members."""
    parties, links, people = (round(count * scale) for count in (PARTIES, LINKS, PEOPLE))
    code = [f"D{number:04}" for number in range(parties)]
    yield (
        "organisation",
        ["Code", "Name (English)", "Name (Chinese)", "Kind", "Stands under", "From"],
        [
            [code[n], f"Department {n}", f"第{n}部门", "Department", code[(n - 1) // 12] if n else "", "2026-01-05"]
            for n in range(parties)
        ],
    )
    yield (
        "people",
        ["Sign-in name", "Name (English)", "Name (Chinese)", "E-mail", "Phone", "Party", "Capacity", "Belongs from"],
        [
            [
                f"S{n:06}", f"Person {n}", f"员工{n}", f"person{n}@example.org", f"+86139{n:08}", code[n % parties],
                "Head" if n < parties else "Member", "2026-01-05",
            ]
            for n in range(people)
        ],
    )  # fmt: skip
    yield (
        "links",
        ["Supplier", "Customer", "Output", "Stage", "Spend", "Impact", "From"],
        [
            [
                code[n % parties], code[(n + 1 + n // parties) % parties], f"Output {n % 500}", "Back stage",
                str(1 + n % 5), str(1 + n % 4), "2026-01-05",
            ]
            for n in range(links)
        ],
    )  # fmt: skip


def measure(vendor: str, scale: float) -> dict[str, Any]:
    with installation(vendor):
        from baton.core.actors import Actor
        from baton.core.audit.verify import verify
        from baton.core.changes import add_person
        from baton.core.workbooks import Sheet, workbook

        by = Actor.system("benchmark")
        add_person(by=by, at=datetime.now(UTC), sign_in_name="other", name={"en": "Other"})
        books = {name: workbook([Sheet(name, header, rows)]) for name, header, rows in tables(scale)}
        other = Other("other")
        used = time.process_time()
        seconds: dict[str, float] = {}
        counts: dict[str, list[int]] = {}
        with noted() as held:
            for name, book in books.items():
                began = time.perf_counter()
                counts[name] = imported(name, book)
                seconds[name] = round(time.perf_counter() - began, 1)
        used = time.process_time() - used
        beside = other.waits()
        again = {name: imported(name, book, enter=False) for name, book in books.items()}
        return {
            "database": vendor,
            "seconds": seconds,
            "seconds_in_all": round(sum(seconds.values()), 1),
            "cpu_seconds": round(used, 1),
            "new_changed_unchanged_refused": counts,
            "again": again,
            **held.figures(),
            "other_beside": beside,
            "chain_holds": verify().holds,
        }


def imported(target: str, book: bytes, *, enter: bool = True) -> list[int]:
    """Bring, check and enter one workbook; rows new, changed, unchanged, refused."""
    from baton.core.actors import Actor
    from baton.core.changes.imports import bring_import, check_import, enter_import
    from baton.core.import_targets import import_targets
    from baton.core.imports.runs import check_now, enter_now
    from baton.core.imports.tables import beginning, proposed
    from baton.core.rules import ImportOrigin

    by, at = Actor.system("benchmark"), datetime.now(UTC)
    run = bring_import(by=by, at=at, target=target, title=f"{target}.xlsx", origin=ImportOrigin.COMMAND, chunks=[book])
    mapping = proposed(import_targets.get(target), beginning(run).header)
    run = check_now(by=by, at=at, run=check_import(by=by, at=at, run=run, mapping=mapping))
    found = [run.rows_new, run.rows_changed, run.rows_unchanged, run.rows_refused]
    if enter:
        run = enter_now(by=by, at=at, run=enter_import(by=by, at=at, run=run))
        if run.state != "entered":
            raise RuntimeError(f"{target}: {run.state} {run.failure}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--database", choices=VENDORS, help="only this one")
    chosen = parser.parse_args()
    if chosen.database:
        print(json.dumps(measure(chosen.database, chosen.scale)), flush=True)
        return
    for vendor in VENDORS:
        command = [sys.executable, "-m", "benchmarks.import_organisation", "--database", vendor]
        subprocess.run([*command, "--scale", str(chosen.scale)], check=True)


if __name__ == "__main__":
    main()
