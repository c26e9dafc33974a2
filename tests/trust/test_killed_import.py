"""A worker that is killed while it reads an event log leaves nothing half done."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from baton.chain import changes
from baton.chain.models import EventLog, LogParty, MinedPair
from baton.core.actors import Actor
from baton.core.audit.verify import verify
from baton.core.worker import Worker
from baton_analysis.facts.events import EventMapping
from tests.databases import Databases

BY = Actor.system("test")


def _brought() -> EventLog:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["case", "time", "team"])
    for case in range(20_000):
        for step in range(3):
            writer.writerow(
                [f"c{case}", f"2026-03-{1 + case % 28:02d}T{8 + step:02d}:00:00Z", f"T{(case + step) % 50}"]
            )
    log = changes.bring_event_log(by=BY, at=timezone.now(), file_name="a.csv", chunks=[text.getvalue().encode()])
    mapping = EventMapping(case="case", party="team", time="time")
    return changes.choose_columns(by=BY, at=timezone.now(), log=log, mapping=mapping, zone="UTC")


def _state() -> tuple[str, int, int]:
    return (EventLog.objects.get().state, MinedPair.objects.count(), LogParty.objects.count())


@pytest.mark.sqlite
def test_a_killed_reading_is_taken_over_and_gives_the_same(committed_db: Databases) -> None:
    from django_tasks_db.models import DBTaskResult

    _brought()
    environment = {**os.environ, "DATABASE_URL": committed_db.url, "BATON_DATA": str(settings.DATA_DIR)}
    worker = subprocess.Popen(
        [sys.executable, "-m", "baton.config", "worker"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while worker.poll() is None and not DBTaskResult.objects.filter(status="RUNNING").exists():
            time.sleep(0.003)  # else the worker would have half of the machine
    finally:
        worker.kill()
        worker.wait()
    found = _state()
    assert found in {("reading", 0, 0), ("mined", 50, 50)}
    Worker().drain(timezone.now() + timedelta(minutes=5))
    assert _state() == ("mined", 50, 50)
    assert verify().holds
