#!/usr/bin/env python3
"""How long `baton verify` takes for a long audit trail.

    python3 -m benchmarks.verify [--rows 1000000] [--database sqlite|postgresql]

Fills the trail of an empty installation with entries such as changes of links write, verifies it three times, then
changes one letter of the last entry behind the database's back and verifies again: the change must be found. Prints
one line of JSON a database.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from benchmarks.installations import VENDORS, installation

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def entries(count: int) -> Iterator[tuple[Any, ...]]:
    """Rows of the trail, chained."""
    from baton.core.audit.chain import GENESIS, canonical, entry_hash

    prev = GENESIS
    for seq in range(1, count + 1):
        at, link, by = BEGAN + timedelta(seconds=30 * seq, microseconds=seq), f"b7kd2m9xq4tn{seq % 5000:04d}", "h3w8"
        said = {
            "at": at.isoformat(),
            "by": by,
            "roles": ["quality_manager"],
            "action": "link.changed",
            "kind": "link",
            "object": link,
            "changed": {"output": [{"en": "Clean linen", "zh-hans": "洁净被服"}, {"en": f"Linen, ward {seq % 97}"}]},
            "detail": {},
            "reason": "yearly review",
            "request": f"{seq:016x}",
        }
        body = canonical(said)
        digest = entry_hash(prev, seq, body)
        yield seq, at, "link", link, "link.changed", by, body, prev, digest
        prev = digest


def fill(count: int) -> int:
    """Write ``count`` entries; returns the bytes of their texts."""
    from django.db import connection, transaction

    statement = (
        "INSERT INTO core_auditentry (seq, at, kind, object_id, action, actor, body, prev, hash) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    )
    size, rows = 0, entries(count)
    while batch := list(islice(rows, 20_000)):
        stored = [(seq, connection.ops.adapt_datetimefield_value(at), *rest) for seq, at, *rest in batch]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, stored)
        size += sum(len(row[6].encode()) for row in batch)
    return size


def tamper(seq: int) -> None:
    """Change one letter of an entry as somebody with the database's password would."""
    from django.db import connection

    from baton.core.audit import triggers

    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditentry SET body = replace(body, 'yearly', 'Yearly') WHERE seq = %s", [seq])
    triggers.create(connection)


def measure(vendor: str, rows: int) -> dict[str, Any]:
    with installation(vendor):
        from baton.core.audit.verify import verify

        size = fill(rows)
        results, processor = [], []
        for _ in range(3):
            before = time.process_time()
            results.append(verify())
            processor.append(time.process_time() - before)
        tamper(rows)
        found = verify()
    seconds = [result.seconds for result in results]
    return {
        "database": vendor,
        "rows": rows,
        "bytes_a_row": round(size / rows),
        "holds": all(result.holds and result.entries == rows for result in results),
        "seconds": [round(value, 2) for value in seconds],
        "processor_seconds": [round(value, 2) for value in processor],
        "rows_a_second": round(rows / statistics.median(seconds)),
        "tampered_entry_found": found.first_bad_seq == rows,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--database", choices=VENDORS)
    chosen = parser.parse_args()
    if chosen.database:
        print(json.dumps(measure(chosen.database, chosen.rows)), flush=True)
        return
    for vendor in VENDORS:
        command = [sys.executable, "-m", "benchmarks.verify", "--rows", str(chosen.rows), "--database", vendor]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
