#!/usr/bin/env python3
"""A million accounts of an outside party entered in bulk while somebody else works, and the pages that show them.

    python3 -m benchmarks.import_accounts [--accounts 1000000] [--database sqlite|postgresql]

As :mod:`benchmarks.bulk`, for accounts: one process enters them, another makes audited changes of a person beside it.
Then the list of accounts (first part, a part far behind, a number, a phone typed whole) and the page of one account are
asked for as a member of the department that keeps them does, in process, ``--asked`` times each. Prints one line of
JSON a database: seconds, accounts a second, slices, median and longest time of the lock, the other writer's waits with
and without, and the median and 95th centile of each page in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from benchmarks.bulk import beside_another
from benchmarks.installations import VENDORS, installation

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CONTACTS = 2000


def numbered(accounts: int) -> Iterator[dict[str, str]]:
    return ({"number": f"{n:08}", "name": f"Customer {n}"} for n in range(accounts))


def measure(vendor: str, accounts: int, asked: int) -> dict[str, Any]:
    with installation(vendor):
        from baton.chain import changes
        from baton.chain.models import Account
        from baton.chain.rules import Capacity, PartyKind
        from baton.core.actors import Actor
        from baton.core.changes import add_person

        by = Actor.system("benchmark")
        add_person(by=by, at=AT, sign_in_name="other", name={"en": "Other"})
        clerk = add_person(by=by, at=AT, sign_in_name="clerk", name={"en": "Clerk"})
        desk = changes.add_party(by=by, at=AT, party_kind=PartyKind.DEPARTMENT, name={"en": "Customer service"})
        buyers = changes.add_party(by=by, at=AT, party_kind=PartyKind.CONSUMERS, name={"en": "Buyers"})
        changes.add_link(by=by, at=AT, supplier=desk, customer=buyers, output={"en": "Answers"})
        changes.appoint(by=by, at=AT, party=desk, person=clerk, capacity=Capacity.MEMBER)

        rows = numbered(accounts)
        figures = beside_another(
            lambda: changes.add_accounts_in_bulk(by=by, at=AT, party=buyers, rows=rows, title="Buyers"),
            rows=accounts, unit="accounts",
        )  # fmt: skip
        people = [
            {"account": f"{n:08}", "name": f"Person {n}", "phone": f"138{n:08}"} for n in range(min(CONTACTS, accounts))
        ]
        changes.add_contacts_in_bulk(by=by, at=AT, party=buyers, rows=people, title="People")
        return {
            "database": vendor,
            "accounts": Account.objects.count(),
            **figures,
            "pages": pages(clerk, buyers, accounts, asked),
        }


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
    parser.add_argument("--asked", type=int, default=20)
    parser.add_argument("--database", choices=VENDORS, help="only this one")
    chosen = parser.parse_args()
    if chosen.database:
        print(json.dumps(measure(chosen.database, chosen.accounts, chosen.asked)), flush=True)
        return
    for vendor in VENDORS:
        command = [sys.executable, "-m", "benchmarks.import_accounts", "--database", vendor,
                   "--accounts", str(chosen.accounts), "--asked", str(chosen.asked)]  # fmt: skip
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
