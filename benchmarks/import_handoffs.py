#!/usr/bin/env python3
"""A million handoffs imported from packed CSV while somebody else works, beside executemany into the same table.

    python3 -m benchmarks.import_handoffs [--handoffs 1000000] [--links 100] [--database sqlite|postgresql]

One table is brought, checked and entered as the pages and the worker do it: link, reference, four moments. Beside it
another process makes audited changes of a person, one every few milliseconds. Then the same rows, ready as tuples, are
written by ``executemany`` into an empty table of the same columns and indexes, in transactions of as many rows as the
slices of the import had (their median), without reading, checks, audit trail or numbers. Then the first table is
brought and checked again, which must change nothing. Prints one line of JSON a database: seconds of both and their
ratio, rows a second, slices, median and 99th centile of the time of the lock, the other writer's waits with and without
the import, and the most memory of the process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from benchmarks.bulk import alone, beside_another
from benchmarks.import_accounts import imported
from benchmarks.installations import VENDORS, installation

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
PARTIES = 20


def handoffs_csv(handoffs: int, links: list[str]) -> Iterator[bytes]:
    """The table: every link in turn, one handoff a few seconds after the other, nearly all delivered and accepted."""
    yield b"Link,Reference,Requested,Due,Delivered,Accepted\n"
    for n in range(handoffs):
        asked = AT + timedelta(seconds=n * 7)
        late = timedelta(minutes=n * 37 % 300)
        delivered, accepted = asked + timedelta(hours=2) + late, asked + timedelta(hours=3) + late
        cells = (links[n % len(links)], f"ORD-{n:07}", *(
            f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (asked, asked + timedelta(hours=4), delivered, accepted)
        ))  # fmt: skip
        yield (",".join(cells) + "\n").encode()


def packed(table: Iterable[bytes]) -> Iterator[bytes]:
    """The table as .gz, as one brings what is larger than a browser may send."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    for line in table:
        if some := packer.compress(line):
            yield some
    yield packer.flush()


def plainly(size: int) -> float:
    """Seconds of ``executemany`` of the stored rows into an empty copy of their table, ``size`` in a transaction."""
    from django.db import connection, transaction

    from baton.handoffs.models import Handoff

    table, copy = Handoff._meta.db_table, "handoffs_plain"
    columns = [one.column for one in Handoff._meta.concrete_fields if one.column != "id"]
    _copy_of(table, copy)
    names = ", ".join(f'"{name}"' for name in columns)
    insert = f"INSERT INTO {copy} ({names}) VALUES ({', '.join(['%s'] * len(columns))})"
    seconds, last = 0.0, 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, {names} FROM {table} WHERE id > %s ORDER BY id LIMIT 50000", [last])
            rows = cursor.fetchall()
        if not rows:
            return seconds
        last, values = rows[-1][0], iter([row[1:] for row in rows])
        began = time.perf_counter()
        while part := list(islice(values, size)):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(insert, part)
        seconds += time.perf_counter() - began


def _copy_of(table: str, copy: str) -> None:
    """An empty table of the same columns, constraints and indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE TABLE {copy} (LIKE {table} INCLUDING ALL)")
            return
        cursor.execute("SELECT type, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [table])
        for number, (kind, statement) in enumerate(sorted(cursor.fetchall(), key=lambda row: row[0] != "table")):
            renamed = statement.replace(f'"{table}"', f'"{copy}"')
            if kind == "index":
                head, _on, tail = renamed.partition(" ON ")
                renamed = f'{head[: head.index(chr(34))]}"plain_{number}" ON {tail}'
            if kind in ("table", "index"):
                cursor.execute(renamed)


def measure(vendor: str, handoffs: int, links: int) -> dict[str, Any]:
    with installation(vendor):
        from baton.chain import changes
        from baton.chain.rules import PartyKind
        from baton.core.actors import Actor
        from baton.core.audit.verify import verify
        from baton.core.changes import add_person
        from baton.handoffs.models import Handoff

        by = Actor.system("benchmark")
        add_person(by=by, at=AT, sign_in_name="other", name={"en": "Other"})
        parties = [
            changes.add_party(by=by, at=AT, party_kind=PartyKind.DEPARTMENT, name={"en": f"Department {number}"})
            for number in range(PARTIES)
        ]
        pairs = [(one, other) for one in parties for other in parties if one is not other][:links]
        numbers = [
            changes.add_link(by=by, at=AT, supplier=one, customer=other, output={"en": "Parts"}).number
            for one, other in pairs
        ]
        done: dict[str, Any] = {}
        quiet = alone()

        def enter() -> None:
            done["import"] = imported("handoffs", packed(handoffs_csv(handoffs, numbers)), ending=".csv.gz")

        def again() -> dict[str, Any]:
            return imported("handoffs", packed(handoffs_csv(handoffs, numbers)), ending=".csv.gz", enter=False)

        figures = beside_another(enter, rows=handoffs, unit="rows")
        memory = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        plain = plainly(figures["rows_a_slice"])
        return {
            "database": vendor,
            **done,
            "handoffs": Handoff.objects.count(),
            "other_alone": quiet,
            **figures,
            "most_memory_mib": memory,
            "executemany_seconds": round(plain, 1),
            "times_executemany": round(done["import"]["seconds"] / plain, 2),
            "again": again(),
            "chain_holds": verify().holds,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--handoffs", type=int, default=1_000_000)
    parser.add_argument("--links", type=int, default=100)
    parser.add_argument("--database", choices=VENDORS, help="only this one")
    chosen = parser.parse_args()
    if chosen.database:
        print(json.dumps(measure(chosen.database, chosen.handoffs, chosen.links)), flush=True)
        return
    for vendor in VENDORS:
        command = [sys.executable, "-m", "benchmarks.import_handoffs", "--database", vendor,
                   "--handoffs", str(chosen.handoffs), "--links", str(chosen.links)]  # fmt: skip
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
