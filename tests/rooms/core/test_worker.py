"""Schedule and worker: no slot twice, missed slots once, retries, dead workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from baton.core import jobs, registries, schedules
from baton.core.actors import Actor
from baton.core.models import Schedule
from baton.core.worker import MOST_WORKERS_LOST, Done, Worker, last_seen, run_worker
from tests.databases import Databases

MONDAY = datetime(2025, 3, 3, 10, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Jobs:
    """The registry of jobs while a test has it for itself."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []

    def record(self, **values: Any) -> None:
        self.runs.append(values)

    def fail(self, **values: Any) -> None:
        self.runs.append(values)
        raise ValueError("the printer is on fire")


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """An empty registry with ``count`` every ten minutes and ``burn``, which fails and is tried three times."""
    ours = Jobs()
    registry: registries.Registry[registries.Job] = registries.Registry("job")
    registry.add("count", registries.Job("count", ours.record, "FREQ=MINUTELY;INTERVAL=10;BYSECOND=0"))
    registry.add("burn", registries.Job("burn", ours.fail, attempts=3))
    monkeypatch.setattr(registries, "jobs", registry)
    cache.clear()
    return ours


@pytest.mark.django_db
def test_a_job_runs_in_its_slot_and_not_before(registered: Jobs) -> None:
    worker = Worker()
    assert worker.drain(MONDAY).runs == 0
    schedule = Schedule.objects.get(job="count")
    assert schedule.next_at == datetime(2025, 3, 3, 10, 10, tzinfo=UTC)

    assert worker.drain(MONDAY + 9 * MINUTE) == Done()
    assert worker.drain(MONDAY + 10 * MINUTE) == Done(slots=1, runs=1)
    assert worker.drain(MONDAY + 10 * MINUTE) == Done()

    schedule.refresh_from_db()
    assert schedule.last_slot == datetime(2025, 3, 3, 10, 10, tzinfo=UTC)
    assert schedule.last_ok_at == MONDAY + 10 * MINUTE
    assert schedule.next_at == datetime(2025, 3, 3, 10, 20, tzinfo=UTC)
    (run,) = registered.runs
    assert run["at"] == MONDAY + 10 * MINUTE
    assert run["by"].id == "system:count"


@pytest.mark.django_db
def test_slots_missed_while_no_worker_ran_are_made_up_for_once(registered: Jobs) -> None:
    worker = Worker()
    worker.drain(MONDAY)
    assert worker.drain(MONDAY + timedelta(days=2)) == Done(slots=1, runs=1)
    assert Schedule.objects.get(job="count").next_at == datetime(2025, 3, 5, 10, 10, tzinfo=UTC)


@pytest.mark.django_db
def test_the_schedule_follows_the_registry(registered: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    schedules.agree_with_registry(MONDAY)
    registry: registries.Registry[registries.Job] = registries.Registry("job")
    registry.add("nightly", registries.Job("nightly", registered.record, "FREQ=DAILY;BYHOUR=2;BYMINUTE=0;BYSECOND=0"))
    monkeypatch.setattr(registries, "jobs", registry)
    schedules.agree_with_registry(MONDAY)
    assert list(Schedule.objects.values_list("job", "next_at")) == [("nightly", datetime(2025, 3, 4, 2, tzinfo=UTC))]


@pytest.mark.django_db
def test_a_failing_job_is_retried_later_and_given_up_in_the_end(registered: Jobs) -> None:
    worker = Worker()
    run = jobs.enqueue("burn", heat=3)
    assert jobs.progress_of(run) == jobs.Progress("burn", "waiting")

    at = MONDAY
    assert worker.drain(at) == Done(runs=1, failed=1)
    progress = jobs.progress_of(run)
    assert progress is not None
    assert progress.state == "retrying"
    assert progress.note.startswith("ValueError in ")
    assert progress.note.endswith("test_worker.py:43 fail")
    assert worker.drain(at + timedelta(seconds=59)) == Done(), "it waits a minute"
    assert worker.drain(at + MINUTE) == Done(runs=1, failed=1)
    assert worker.drain(at + 2 * MINUTE) == Done(), "it waits four minutes"
    assert worker.drain(at + 5 * MINUTE) == Done(runs=1, failed=1)
    assert worker.drain(at + timedelta(days=1)).failed == 0
    assert [run["heat"] for run in registered.runs if "heat" in run] == [3, 3, 3]
    progress = jobs.progress_of(run)
    assert progress is not None
    assert progress.state == "failed"


@pytest.mark.django_db
def test_an_unknown_job_is_refused_when_it_is_asked_for(registered: Jobs) -> None:
    with pytest.raises(KeyError, match="there are: burn, count"):
        jobs.enqueue("cuont")


@pytest.mark.django_db
def test_finished_runs_are_forgotten_after_a_day(registered: Jobs) -> None:
    worker = Worker()
    jobs.enqueue("count")
    jobs.enqueue("burn")
    worker.drain(MONDAY)
    finished = DBTaskResult.objects.filter(finished_at__isnull=False)
    finished.update(finished_at=MONDAY)
    assert jobs.forget_finished(by=Actor.system("test"), at=MONDAY + timedelta(hours=23)) == 0
    assert jobs.forget_finished(by=Actor.system("test"), at=MONDAY + timedelta(hours=25)) == 1
    assert jobs.forget_finished(by=Actor.system("test"), at=MONDAY + timedelta(days=31)) == 1


def _running(worker_ids: list[str]) -> DBTaskResult[Any, Any]:
    jobs.enqueue("count")
    row = DBTaskResult.objects.get()
    row.status, row.started_at, row.worker_ids = TaskResultStatus.RUNNING, MONDAY, worker_ids
    row.save()
    return row


@pytest.mark.django_db
def test_the_run_of_a_dead_worker_is_taken_over(registered: Jobs) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    host = Worker().id.partition(":")[0]
    _running([f"{host}:{int(gone.stdout)}:feed"])
    assert Worker().drain(MONDAY + MINUTE) == Done(taken_over=1, runs=1)


@pytest.mark.django_db
def test_the_run_of_a_worker_elsewhere_is_left_alone_until_it_falls_silent(registered: Jobs) -> None:
    elsewhere = Worker()
    elsewhere.id = "otherhost:1:feed"
    elsewhere.beat(MONDAY)
    _running([elsewhere.id])
    assert Worker().drain(MONDAY + timedelta(seconds=30)) == Done()
    assert Worker().drain(MONDAY + timedelta(seconds=61)) == Done(taken_over=1, runs=1)


@pytest.mark.django_db
def test_a_run_that_kills_its_workers_is_given_up(registered: Jobs) -> None:
    row = _running(["otherhost:1:feed"] * MOST_WORKERS_LOST)
    assert Worker().drain(MONDAY + MINUTE) == Done()
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED
    assert registered.runs == []


@pytest.fixture
def two_threads(committed_db: Databases) -> Iterator[None]:
    """Real commits, because two threads have a connection each."""
    yield
    connections.close_all()


def test_two_workers_never_run_one_slot_twice(two_threads: None, registered: Jobs) -> None:
    Worker().drain(MONDAY)
    start = threading.Barrier(2)

    def work() -> None:
        worker = Worker()
        for minute in range(0, 200, 10):
            start.wait(timeout=30)
            worker.run_once(MONDAY + minute * MINUTE)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    Worker().drain(MONDAY + 190 * MINUTE)
    assert len(registered.runs) == 19, "ten past ten to ten past one, every ten minutes"


def test_a_worker_does_what_was_asked_for_until_it_is_told_to_stop(two_threads: None, registered: Jobs) -> None:
    stop = threading.Event()

    def once(**values: Any) -> None:
        registered.record(**values)
        stop.set()

    registries.jobs.add("once", registries.Job("once", once))
    jobs.enqueue("once")
    assert run_worker(stop).runs == 1
    assert last_seen() is not None


CHILD = """
    import django, sys, time
    django.setup()
    from baton.core import registries
    from baton.core.worker import run_worker

    def slow(*, by, at, progress):
        open(sys.argv[1], "a").write("begun\\n")
        time.sleep(float(sys.argv[2]))
        open(sys.argv[1], "a").write("ended\\n")

    registries.jobs.add("slow", registries.Job("slow", slow))
    run_worker()
"""


def _child(databases: Databases, notes: Path, seconds: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"DATABASE_URL": databases.url}
    code = [sys.executable, "-c", textwrap.dedent(CHILD), str(notes), seconds]
    return subprocess.Popen(code, env=environment, stdin=subprocess.DEVNULL)


def _wait_for(notes: Path, text: str, process: subprocess.Popen[bytes]) -> None:
    ended = threading.Event()
    while text not in notes.read_text():
        assert process.poll() is None, "the worker ended"
        ended.wait(0.02)


def test_a_killed_worker_s_run_is_repeated_and_a_stopped_one_finishes_its_own(
    committed_db: Databases, registered: Jobs, tmp_path: Path
) -> None:
    registries.jobs.add("slow", registries.Job("slow", registered.record))
    notes = tmp_path / "notes"
    notes.touch()
    jobs.enqueue("slow")
    killed = _child(committed_db, notes, "60")
    _wait_for(notes, "begun", killed)
    killed.kill()
    killed.wait()
    row = DBTaskResult.objects.get(task_path__endswith="run_job")
    assert row.status == TaskResultStatus.RUNNING, "nobody could say that it ended"

    notes.write_text("")
    stopped = _child(committed_db, notes, "0.3")
    _wait_for(notes, "begun", stopped)
    stopped.send_signal(signal.SIGTERM)
    assert stopped.wait(timeout=30) == 0
    assert notes.read_text() == "begun\nended\n"
    row.refresh_from_db()
    assert row.status == TaskResultStatus.SUCCESSFUL
    assert len(row.worker_ids) == 2
