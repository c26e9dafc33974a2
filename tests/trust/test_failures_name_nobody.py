"""What failed work says of itself names nobody: a cell of a file stands in no log, schedule, run or audit entry."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django_tasks_db.models import DBTaskResult

from baton.chain.changes import bring_event_log, choose_columns
from baton.core import jobs, registries
from baton.core.failures import class_and_place
from baton.core.logs import JsonFormatter
from baton.core.models import AuditEntry, Schedule
from baton.core.worker import Worker
from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.facts.events import EventMapping
from tests.world import World

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CANARY = "Qx7Vorname"


class Lines(logging.Handler):
    """Every line that would stand in the log."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler, root = Lines(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.setLevel(before)
    root.removeHandler(handler)


def _named(**values: Any) -> None:
    raise ReadError(
        expected=gettext_noop("Every row has {count} cells."),
        found=gettext_noop("Row {row} is “{value}”."),
        remedy=gettext_noop("Correct the file."),
        count=3, row=17, value=CANARY,
    )  # fmt: skip


def _unexpected(**values: Any) -> None:
    try:
        int(CANARY)
    except ValueError as wrong:
        raise KeyError(CANARY) from wrong


@pytest.mark.django_db
@pytest.mark.parametrize("fails", [_named, _unexpected])
def test_a_cell_stands_in_no_log_schedule_run_or_entry(
    fails: Any, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry: registries.Registry[registries.Job] = registries.Registry("job")
    registry.add("burn", registries.Job("burn", fails, "FREQ=MINUTELY;BYSECOND=0", attempts=1))
    monkeypatch.setattr(registries, "jobs", registry)
    cache.clear()
    worker = Worker()
    worker.drain(AT)
    run = jobs.enqueue("burn")
    assert worker.drain(AT).failed == 1
    said = Schedule.objects.get().last_error
    kept = [
        *lines.said, said, str(jobs.progress_of(run)), *DBTaskResult.objects.values_list("traceback", flat=True),
        *AuditEntry.objects.values_list("body", flat=True),
    ]  # fmt: skip
    assert [text for text in kept if CANARY in text] == []
    assert "trust/test_failures_name_nobody.py" in said
    failed = next(json.loads(line) for line in lines.said if "job burn failed" in line)
    assert any(fails.__name__ in place for place in failed["traceback"])


@pytest.mark.django_db
def test_a_refusal_keeps_its_sentences_and_numbers_but_no_values(monkeypatch: pytest.MonkeyPatch) -> None:
    registry: registries.Registry[registries.Job] = registries.Registry("job")
    registry.add("burn", registries.Job("burn", _named, "FREQ=MINUTELY;BYSECOND=0", attempts=1))
    monkeypatch.setattr(registries, "jobs", registry)
    worker = Worker()
    worker.drain(AT)
    jobs.enqueue("burn")
    worker.drain(AT)
    said = Schedule.objects.get().last_error
    assert said.endswith("Every row has 3 cells. Row 17 is “…”. Correct the file.")
    assert "baton_analysis.errors.ReadError in" in said


def test_what_speaks_of_the_machine_is_said_in_full() -> None:
    with pytest.raises(OSError, match="No such file") as missing:
        Path("/no/such/file/here").read_bytes()
    assert "/no/such/file/here" in class_and_place(missing.value)


def test_a_bad_cell_of_a_log_is_told_to_whoever_brought_it_and_nowhere_else(world: World, lines: Lines) -> None:
    """Through the front door: a file whose times cannot be read; the page quotes the cell, nothing else does."""
    by = world.actor(world.lin_mei)
    rows = b"case,team,when\n" + b"".join(b"c%d,Ward,%s\n" % (number, CANARY.encode()) for number in range(30))
    log = bring_event_log(by=by, at=AT, file_name="bad.csv", chunks=[rows])
    mapping = EventMapping(case="case", party="team", time="when")
    choose_columns(by=by, at=AT, log=log, mapping=mapping, zone="UTC")
    Worker().drain(datetime.now(UTC))
    page = world.client(world.lin_mei).get(f"/discovery/{log.public_id}/", follow=True)
    assert CANARY in page.content.decode()
    kept = [*lines.said, *AuditEntry.objects.values_list("body", flat=True)]
    kept += [*Schedule.objects.values_list("last_error", flat=True)]
    kept += [*DBTaskResult.objects.values_list("traceback", flat=True)]
    assert len(kept) > 3
    assert [text for text in kept if CANARY in text] == []
