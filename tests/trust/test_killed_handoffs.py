"""``baton import handoffs`` is killed again and again and run again: the state is that of a table entered in one go.

The long form is ``python3 run.py test tests/trust/test_killed_handoffs.py --exhaustive``.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Sum

from baton.chain import changes as chain
from baton.chain.rules import PartyKind
from baton.core.audit.verify import verify
from baton.core.models import Batch, ImportRun
from baton.core.rules import BatchState, ImportState
from baton.handoffs.models import Handoff, HandoffLine
from tests.databases import Databases
from tests.exhaustive import shortly
from tests.rooms.imports.tables import SYSTEM

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
HANDOFFS = 6_000
PATIENCE = 120.0
LOOK = 0.003
"""Seconds between two looks at the counter: without them the command would have half of the machine."""
Entered = tuple[str, str, datetime, datetime, Decimal]


def _links() -> list[str]:
    parties = [
        chain.add_party(by=SYSTEM, at=AT, party_kind=PartyKind.DEPARTMENT, name={"en": f"Department {n}"})
        for n in range(3)
    ]
    pairs = [(one, other) for one in parties for other in parties if one is not other]
    return [chain.add_link(by=SYSTEM, at=AT, supplier=a, customer=b, output={"en": "Parts"}).number for a, b in pairs]


def _rows(links: list[str]) -> list[Entered]:
    return [
        (links[n % len(links)], f"ORD-{n}", AT + timedelta(minutes=n), AT + timedelta(minutes=n + 30), Decimal(n))
        for n in range(HANDOFFS)
    ]


def _table(rows: list[Entered]) -> str:
    lines = (
        f"{link},{key},{asked:%Y-%m-%d %H:%M},{come:%Y-%m-%d %H:%M},{amount}\n"
        for link, key, asked, come, amount in rows
    )
    return "Link,Reference,Requested,Delivered,Ordered\n" + "".join(lines)


def _begun(table: Path, url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "baton.config", "import", "handoffs", str(table), "--json"]
    environment = {**os.environ, "DATABASE_URL": url, "BATON_DATA": str(settings.DATA_DIR)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def _entered() -> int:
    return Batch.objects.aggregate(all=Sum("rows_entered"))["all"] or 0


@pytest.mark.slow
def test_killed_at_any_row_and_run_again_gives_the_equal_state(committed_db: Databases, tmp_path: Path) -> None:
    chance, kills = random.Random(19), shortly(2, 50)
    rows = _rows(_links())
    table = tmp_path / "orders.csv"
    table.write_text(_table(rows))
    at_rows = sorted(chance.sample(range(1, 2 * HANDOFFS - 2_000), kills))
    for at_row in at_rows:
        running = _begun(table, committed_db.url)
        deadline = time.monotonic() + PATIENCE
        try:
            while running.poll() is None and _entered() < at_row and time.monotonic() < deadline:
                time.sleep(LOOK)
        finally:
            running.kill()
            running.communicate()
        assert at_row <= _entered() < 2 * HANDOFFS
        assert not Handoff.objects.exists(), "nothing counts before all is there"
    ended = json.loads(_begun(table, committed_db.url).communicate(timeout=PATIENCE)[0])
    assert (ended["state"], ended["new"]) == ("entered", HANDOFFS)

    stored = HandoffLine.objects.order_by("handoff__pk").values_list(
        "handoff__link__number", "handoff__key", "handoff__requested_at", "handoff__delivered_at", "ordered"
    )
    assert list(stored) == rows
    numbers = list(Handoff.objects.order_by("pk").values_list("number", flat=True))
    assert numbers == [f"{numbers[0][:-7]}{n:07}" for n in range(1, HANDOFFS + 1)]
    assert set(Batch.objects.values_list("state", flat=True)) == {BatchState.SEALED}
    assert set(ImportRun.objects.values_list("state", flat=True)) == {ImportState.ENTERED}
    assert verify().holds

    before = Handoff.everything.count(), HandoffLine.everything.count()
    again = json.loads(_begun(table, committed_db.url).communicate(timeout=PATIENCE)[0])
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, HANDOFFS)
    assert (Handoff.everything.count(), HandoffLine.everything.count()) == before
