"""A worker that is killed while it enters in bulk, or takes it back, leaves nothing twice, nothing half and nothing
seen."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from baton.chain import changes
from baton.chain.models import Link
from baton.chain.rules import PartyKind
from baton.core import changes as core
from baton.core.actors import Actor
from baton.core.audit.verify import verify
from baton.core.models import AuditEntry, Batch
from baton.core.worker import Worker
from tests.databases import Databases

BY = Actor.system("test")
LINKS = 3_000
PATIENCE = 60.0
LOOK = 0.003
"""Seconds between two looks at the counter: without them the worker would have half of the machine."""


def _begun() -> Batch:
    at = timezone.now()
    parties = [
        changes.add_party(by=BY, at=at, party_kind=PartyKind.DEPARTMENT, name={"en": f"Department {n}"})
        for n in range(60)
    ]
    pairs = [(a.public_id, b.public_id) for a in parties for b in parties if a is not b][:LINKS]
    lines = [
        {
            "supplier": supplier, "customer": customer, "output": {"en": "Work"}, "output_kind": "service",
            "source": "mined", "began_on": "2026-01-05",
        }
        for supplier, customer in pairs
    ]  # fmt: skip
    return core.begin_batch(by=BY, at=at, target="links", title="Catalogue", lines=lines)


def _killed_when(databases: Databases, reached: str, batch: Batch) -> Batch:
    """Let a worker run until the counter ``reached`` has moved, then kill it (SIGKILL)."""
    environment = {**os.environ, "DATABASE_URL": databases.url, "BATON_DATA": str(settings.DATA_DIR)}
    worker = subprocess.Popen(
        [sys.executable, "-m", "baton.config", "worker"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + PATIENCE
    try:
        while worker.poll() is None and time.monotonic() < deadline:
            batch.refresh_from_db()
            if getattr(batch, reached):
                break
            time.sleep(LOOK)
    finally:
        worker.kill()
        worker.wait()
    batch.refresh_from_db()
    return batch


def test_killed_in_the_middle_it_goes_on_where_it_stood(committed_db: Databases) -> None:
    batch = _killed_when(committed_db, "rows_entered", _begun())
    assert 0 < batch.rows_entered < LINKS
    assert batch.state == "staging"
    assert Link.everything.filter(batch=batch).count() == batch.rows_entered
    assert Link.objects.count() == 0
    before = set(Link.everything.values_list("public_id", flat=True))

    Worker().drain(timezone.now() + timedelta(minutes=5))
    batch.refresh_from_db()
    assert (batch.state, batch.records, Link.objects.count()) == ("sealed", LINKS, LINKS)
    assert before <= set(Link.objects.values_list("public_id", flat=True))
    pairs = Link.objects.values_list("supplier", "customer")
    assert len(set(pairs)) == LINKS
    numbers = list(Link.objects.order_by("pk").values_list("number", flat=True))
    assert numbers == sorted(numbers, key=lambda number: int(number.rpartition("-")[2]))

    core.withdraw_batch(by=BY, at=timezone.now(), batch=batch, reason="wrong")
    assert Link.objects.count() == 0
    batch = _killed_when(committed_db, "records_released", batch)
    assert 0 < batch.records_released < LINKS
    released = Link.everything.filter(batch=batch, ended_on__isnull=False).count()
    assert released == batch.records_released
    Worker().drain(timezone.now() + timedelta(minutes=10))
    batch.refresh_from_db()
    assert batch.records_released == LINKS
    assert Link.everything.filter(batch=batch, ended_on__isnull=True).count() == 0
    assert AuditEntry.objects.filter(object_id=batch.public_id, action="batch.sealed").count() == 1
    assert verify().holds
