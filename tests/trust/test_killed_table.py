"""A worker that is killed while it enters a table leaves nothing half: the next one goes on where it stood."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from baton.chain.models import Party
from baton.core.audit.verify import verify
from baton.core.changes.imports import enter_import
from baton.core.models import Batch
from baton.core.worker import Worker
from tests.databases import Databases
from tests.rooms.imports.tables import SYSTEM, checked

PARTIES = 1_500
PATIENCE = 120.0
LOOK = 0.003
"""Seconds between two looks at the counter: without them the worker would have half of the machine."""
HEAD = "Code,Name (English),Kind,Stands under\n"


def test_killed_half_way_and_rerun(committed_db: Databases) -> None:
    rows = [f"D{n},Department {n},Department,{f'D{(n - 1) // 9}' if n else ''}\n" for n in range(PARTIES)]
    table = (HEAD + "".join(reversed(rows))).encode()
    run = checked("organisation", table)
    assert run.rows_new == PARTIES
    run = enter_import(by=SYSTEM, at=timezone.now(), run=run)
    environment = {**os.environ, "DATABASE_URL": committed_db.url, "BATON_DATA": str(settings.DATA_DIR)}
    worker = subprocess.Popen(
        [sys.executable, "-m", "baton.config", "worker"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + PATIENCE
    try:
        while worker.poll() is None and time.monotonic() < deadline:
            batch = Batch.objects.first()
            if batch is not None and batch.rows_entered:
                break
            time.sleep(LOOK)
    finally:
        worker.kill()
        worker.wait()
    batch = Batch.objects.get()
    assert 0 < batch.rows_entered < PARTIES
    assert not Party.objects.exists()

    Worker().drain(timezone.now() + timedelta(minutes=10))
    run.refresh_from_db()
    assert (run.state, Party.objects.count()) == ("entered", PARTIES)
    assert Party.objects.get(code=f"D{PARTIES - 1}").path.count("/") == 5
    assert verify().holds
    assert checked("organisation", table).rows_unchanged == PARTIES
