"""The worker: asks for what is due, runs what was asked for, takes over from workers that died.

Any number of workers may run on one database. A worker that is told to stop (SIGTERM, SIGINT) finishes the run at hand;
one that is killed leaves its run marked as running, and the next worker finds that nobody is behind it and repeats it.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType
from typing import Any, TypeAlias

from django.core.cache import cache
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult, get_date_max

from baton.core import schedules, vocabulary

log = logging.getLogger(__name__)

Row: TypeAlias = "DBTaskResult[Any, Any]"

HEARTBEAT = timedelta(seconds=10)
SILENT_AFTER = timedelta(seconds=60)
LOOK_FOR_DEAD_EVERY = timedelta(seconds=30)
# A run that took this many workers with it (out of memory, say) is given up.
MOST_WORKERS_LOST = 3
_LAST_SEEN = "baton:worker:last_seen"


@dataclass(slots=True)
class Done:
    """What one pass of a worker did: slots claimed, runs taken over from dead workers, runs done, of which failed."""

    slots: int = 0
    taken_over: int = 0
    runs: int = 0
    failed: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(
            self.slots + other.slots,
            self.taken_over + other.taken_over,
            self.runs + other.runs,
            self.failed + other.failed,
        )


def last_seen() -> datetime | None:
    """When any worker last said that it lives; None when none has."""
    stored = cache.get(_LAST_SEEN)
    return datetime.fromisoformat(stored) if stored else None


class Worker:
    """One worker. ``id`` names host, process and a random part; it stands in the rows of the runs that it took."""

    def __init__(self) -> None:
        self.id = f"{socket.gethostname()[:24]}:{os.getpid()}:{secrets.token_hex(8)}"
        self._runner = TaskRunner(
            queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
            worker_id=self.id, excluded_queue_names=[],
        )  # fmt: skip

    def beat(self, at: datetime) -> None:
        """Say that this worker lives."""
        life = (2 * SILENT_AFTER).total_seconds()
        cache.set(_beat_key(self.id), at.isoformat(), life)
        cache.set(_LAST_SEEN, at.isoformat(), None)

    def run_once(self, at: datetime) -> Done:
        """Claim what is due and do one run, the most urgent that is ready at ``at``."""
        done = Done(slots=schedules.tick(at))
        taken = self._take(at)
        if taken is not None:
            self._runner.run_task(taken)
            done.runs = 1
            done.failed = int(taken.status == TaskResultStatus.FAILED)
        return done

    def drain(self, at: datetime) -> Done:
        """Do everything that is due or ready at ``at``, runs of dead workers included; for tests and one-off commands.

        A run that fails and is to be repeated later is later: it is left for then.
        """
        schedules.agree_with_registry(at)
        total = Done(taken_over=self.take_over(at))
        while True:
            done = self.run_once(at)
            total += done
            if not done.runs:
                return total

    def take_over(self, at: datetime) -> int:
        """Make the runs of dead workers ready again. Returns how many; gives up what killed too many workers."""
        count = 0
        for row in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
            if row.worker_ids and self._lives(row.worker_ids[-1], at):
                continue
            same_claim = DBTaskResult.objects.filter(
                pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
            )
            if len(row.worker_ids) >= MOST_WORKERS_LOST:
                same_claim.update(
                    status=TaskResultStatus.FAILED, finished_at=at,
                    traceback=f"given up: {len(row.worker_ids)} workers died while they ran it",
                )  # fmt: skip
                log.error("run %s given up: %d workers died while they ran it", row.pk, len(row.worker_ids))
            else:
                count += same_claim.update(status=TaskResultStatus.READY)
                log.warning("run %s of a dead worker is taken over", row.pk)
        return count

    def _take(self, at: datetime) -> Row | None:
        """Mark the most urgent ready run as ours; None when there is none."""
        ready = DBTaskResult.objects.filter(Q(run_after=get_date_max()) | Q(run_after__lte=at))
        ready = ready.filter(status=TaskResultStatus.READY)
        if not ready.exists():  # A look costs no write lock; most looks find nothing.
            return None
        with transaction.atomic():
            row: Row | None = _locked(ready).first()
            if row is not None:
                row.status = TaskResultStatus.RUNNING
                row.started_at = at
                row.worker_ids = [*row.worker_ids, self.id]
                row.save(update_fields=["status", "started_at", "worker_ids"])
        return row

    def _lives(self, worker: str, at: datetime) -> bool:
        """Whether ``worker`` still runs: by its process on this host, by its heartbeat elsewhere."""
        if worker == self.id:
            return True
        host, _, rest = worker.partition(":")
        pid = rest.partition(":")[0]
        if host == self.id.partition(":")[0] and pid.isdigit() and (int(pid) == os.getpid() or not _exists(int(pid))):
            return False
        heard = cache.get(_beat_key(worker))
        return heard is not None and at - datetime.fromisoformat(heard) < SILENT_AFTER


def run_worker(stop: threading.Event | None = None, *, poll: timedelta = timedelta(seconds=1)) -> Done:
    """Work until ``stop`` is set (default: until SIGTERM or SIGINT). Returns what was done."""
    stop = stop or stop_on_signals()
    vocabulary.load()
    worker, over = Worker(), threading.Event()
    _beat(worker)
    # Until the last run is over, which may be long after the signal: a worker without a heartbeat counts as dead.
    threading.Thread(target=_keep_beating, args=(worker, over), name="heartbeat", daemon=True).start()
    log.info("worker %s starts", worker.id)
    try:
        return _work(worker, stop, poll)
    finally:
        over.set()
        log.info("worker %s stops", worker.id)


def _work(worker: Worker, stop: threading.Event, poll: timedelta) -> Done:
    total = Done()
    next_look = timezone.now()
    while not stop.is_set():
        at = timezone.now()
        try:
            if at >= next_look:
                schedules.agree_with_registry(at)
                total.taken_over += worker.take_over(at)
                next_look = at + LOOK_FOR_DEAD_EVERY
            done = worker.run_once(at)
        except DatabaseError:
            log.exception("the database cannot be used; trying again")
            done = Done()
        total += done
        close_old_connections()
        if not done.runs:
            stop.wait(poll.total_seconds())
    return total


def run_once() -> Done:
    """Do everything that is due or was asked for, then stop."""
    done = Worker().drain(timezone.now())
    log.info("done: %s", done)
    return done


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set; a second signal ends the process at once."""
    stop = threading.Event()

    def told(signum: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signum, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return stop


def _keep_beating(worker: Worker, over: threading.Event) -> None:
    while not over.wait(HEARTBEAT.total_seconds()):
        _beat(worker)
    connection.close()


def _beat(worker: Worker) -> None:
    try:
        worker.beat(timezone.now())
    except DatabaseError:
        log.exception("the heartbeat cannot be stored")


def _beat_key(worker: str) -> str:
    return f"baton:worker:{worker}"


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _locked(ready: QuerySet[Row]) -> QuerySet[Row]:
    """Rows that no other worker is taking. SQLite's transactions exclude one another anyway."""
    return ready.select_for_update(skip_locked=True) if connection.features.has_select_for_update else ready
