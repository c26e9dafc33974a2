#!/usr/bin/env python3
"""A million accounts of an outside party imported from CSV while somebody else works, and the pages that show them.

    python3 -m benchmarks.import_accounts [--accounts 1000000] [--contacts 20000] [--database sqlite|postgresql]

Two tables are brought, checked and entered one after the other as the pages and the worker do it: accounts, then
contacts of some of them; beside it another process makes audited changes of a person, one every few milliseconds. Then
the first table is brought and checked again, which must change nothing. Then the list of accounts (first part, a part
far behind, a number, a phone typed whole) and the page of one account are asked for as a member of the department that
keeps them does, in process, ``--asked`` times each. Prints one line of JSON a database: seconds of checking and of
entering and rows a second of each table, slices, median and longest time of the lock, the other writer's waits with and
without, the most memory of the process, the median and 95th centile of each page in milliseconds, and what it takes to
withdraw both tables again.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from benchmarks.bulk import alone, beside_another, noted
from benchmarks.installations import VENDORS, installation

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def accounts_csv(accounts: int) -> Iterator[bytes]:
    """The table of accounts, a piece at a time."""
    yield b"Outside party,Account number,Account name,From\n"
    yield from (f"BUYERS,{n:08},Customer {n},2026-01-05\n".encode() for n in range(accounts))


def contacts_csv(contacts: int) -> Iterator[bytes]:
    """The table of contacts, one for each of the first accounts."""
    yield b"Outside party,Account number,Contact name,Phone,E-mail,Consent on,Source of the consent,Contacts a month\n"
    for n in range(contacts):
        yield f"BUYERS,{n:08},Person {n},138{n:08},person{n}@example.org,2026-01-05,Contract,4\n".encode()


def imported(target: str, table: Iterator[bytes], *, ending: str = ".csv", enter: bool = True) -> dict[str, Any]:
    """Bring, check and enter one table; how long each took, and rows new, changed, unchanged, refused."""
    from baton.core.actors import Actor
    from baton.core.changes.imports import bring_import, check_import, enter_import
    from baton.core.import_targets import import_targets
    from baton.core.imports.runs import check_now, enter_now
    from baton.core.imports.tables import beginning, proposed
    from baton.core.rules import ImportOrigin

    by, at, began = Actor.system("benchmark"), datetime.now(UTC), time.perf_counter()
    run = bring_import(by=by, at=at, target=target, title=target + ending, origin=ImportOrigin.COMMAND, chunks=table)
    mapping = proposed(import_targets.get(target), beginning(run).header)
    run = check_now(by=by, at=at, run=check_import(by=by, at=at, run=run, mapping=mapping))
    found = {"counts": [run.rows_new, run.rows_changed, run.rows_unchanged, run.rows_refused]}
    found["check_seconds"] = round(time.perf_counter() - began, 1)
    if enter:
        run = enter_now(by=by, at=at, run=enter_import(by=by, at=at, run=run))
        if run.state != "entered":
            raise RuntimeError(f"{target}: {run.state} {run.failure}")
        seconds = time.perf_counter() - began
        found |= {"seconds": round(seconds, 1), "rows_a_second": round(run.rows / seconds)}
    return found


def measure(vendor: str, accounts: int, contacts: int, asked: int) -> dict[str, Any]:
    with installation(vendor):
        from baton.chain import changes
        from baton.chain.rules import Capacity, PartyKind
        from baton.core.actors import Actor
        from baton.core.changes import add_person

        by = Actor.system("benchmark")
        add_person(by=by, at=AT, sign_in_name="other", name={"en": "Other"})
        clerk = add_person(by=by, at=AT, sign_in_name="clerk", name={"en": "Clerk"})
        desk = changes.add_party(by=by, at=AT, party_kind=PartyKind.DEPARTMENT, name={"en": "Customer service"})
        buyers = changes.add_party(
            by=by, at=AT, party_kind=PartyKind.CONSUMERS, name={"en": "Buyers"}, code="BUYERS"
        )  # fmt: skip
        changes.add_link(by=by, at=AT, supplier=desk, customer=buyers, output={"en": "Answers"})
        changes.appoint(by=by, at=AT, party=desk, person=clerk, capacity=Capacity.MEMBER)

        people = min(contacts, accounts)
        done: dict[str, Any] = {}

        def enter() -> None:
            done["accounts"] = imported("accounts", accounts_csv(accounts))
            done["contacts"] = imported("contacts", contacts_csv(people))

        quiet = alone()
        figures = beside_another(enter, rows=accounts + people, unit="rows")
        return {
            "database": vendor,
            **done,
            "other_alone": quiet,
            **figures,
            "accounts_again": imported("accounts", accounts_csv(accounts), enter=False),
            "most_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "pages": pages(clerk, buyers, accounts, asked),
            "withdrawn": {target: withdrawn(target) for target in ("contacts", "accounts")},
        }


def withdrawn(target: str) -> dict[str, float]:
    """Take the whole import back; its rows give their keys back later, in slices of a worker."""
    from baton.core.actors import Actor
    from baton.core.changes.imports import withdraw_import
    from baton.core.models import ImportRun

    run, began = ImportRun.objects.get(target=target, state="entered"), time.perf_counter()
    with noted() as held:
        withdraw_import(by=Actor.system("benchmark"), at=datetime.now(UTC), run=run, reason="benchmark")
    seconds = time.perf_counter() - began
    return {"seconds": round(seconds, 2), "lock_ms": round(max(held.changes) * 1000, 1)}


def pages(clerk: Any, party: Any, accounts: int, asked: int) -> dict[str, dict[str, float]]:
    """Median and 95th centile in milliseconds of each page."""
    from django.db import connection
    from django.test import Client

    from baton.chain.models import Account
    from baton.core.middleware import BEGAN, SEEN

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(clerk, backend="baton.core.accounts.backends.SignInBackend")
    session = client.session
    session[BEGAN] = session[SEEN] = datetime.now(UTC).timestamp()
    session.save()
    far = Account.objects.get(party=party, number=f"{accounts * 9 // 10:08}").public_id
    one = Account.objects.get(party=party, number=f"{1:08}").public_id
    here = f"/accounts-of/{party.public_id}/"
    found: dict[str, dict[str, float]] = {}
    for name, address in {
        "list": here, "list_far_behind": f"{here}?after={far}", "number": f"{here}?q={accounts // 2:08}",
        "phone": f"{here}?q=138{1:08}", "quiet_list": f"{here}quiet/", "account": f"/customer-accounts/{one}/",
        "party": f"/parties/{party.public_id}/",
    }.items():  # fmt: skip
        waits = []
        for _time in range(asked + 2):
            began = time.perf_counter()
            answer = client.get(address)
            waits.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
        centiles = statistics.quantiles(waits[2:], n=20)
        found[name] = {"median_ms": round(statistics.median(waits[2:]), 1), "p95_ms": round(centiles[18], 1)}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--contacts", type=int, default=20_000)
    parser.add_argument("--asked", type=int, default=20)
    parser.add_argument("--database", choices=VENDORS, help="only this one")
    chosen = parser.parse_args()
    if chosen.database:
        found = measure(chosen.database, chosen.accounts, chosen.contacts, chosen.asked)
        print(json.dumps(found), flush=True)
        return
    for vendor in VENDORS:
        command = [sys.executable, "-m", "benchmarks.import_accounts", "--database", vendor,
                   "--accounts", str(chosen.accounts), "--contacts", str(chosen.contacts),
                   "--asked", str(chosen.asked)]  # fmt: skip
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
