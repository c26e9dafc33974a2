"""Work done by a worker: asked for by name, retried when it fails, its progress readable by pages.

A job is registered by its room (``registries.jobs``). Asking for one writes a row in the database of the records, so
that it is there if and only if the transaction that asked was committed.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django_tasks import TaskContext, TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from baton.core import registries
from baton.core.actors import Actor
from baton.core.failures import class_and_place, kept_message, traced
from baton.core.models import Schedule

log = logging.getLogger(__name__)

# A failed run is tried again after one minute, then four, sixteen, at most sixty.
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
PROGRESS_LIFE = timedelta(days=1)
FINISHED_KEPT = timedelta(days=1)
FAILED_KEPT = timedelta(days=30)


class JobFailed(Exception):
    """A run ended badly; says class and place of the failure, not what it said (see :mod:`baton.core.failures`)."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come.

    ``state``: ``waiting`` (asked for), ``running``, ``retrying`` (failed, will be tried again), ``done``, ``failed``.
    ``done`` of ``total`` steps (``total`` 0: not known yet); ``note`` is a short text for people.
    """

    job: str
    state: str = "waiting"
    done: int = 0
    total: int = 0
    note: str = ""


class Reporter:
    """What a job gets as ``progress``: calling it tells the pages how far it has come."""

    def __init__(self, run: str, job: str) -> None:
        self.run = run
        self.job = job

    def __call__(self, done: int, total: int, note: str = "") -> None:
        self.say("running", done, total, note)

    def say(self, state: str, done: int = 0, total: int = 0, note: str = "") -> None:
        """Store the state where pages read it. It lives in the cache: losing it loses nothing but a bar."""
        progress = Progress(self.job, state, done, total, note)
        cache.set(_key(self.run), asdict(progress), PROGRESS_LIFE.total_seconds())


def silent(done: int, total: int, note: str = "") -> None:
    """A ``progress`` for callers whom nobody watches."""


def enqueue(job: str, /, **arguments: Any) -> str:
    """Ask for a run of the registered ``job`` as soon as a worker is free. Returns the run's id, for
    :func:`progress_of`.

    ``arguments`` must be values that JSON can hold. Raises KeyError for an unknown job.
    """
    registries.jobs.get(job)
    run = secrets.token_hex(8)
    run_job.enqueue(job, run, 1, arguments)
    Reporter(run, job).say("waiting")
    return run


def progress_of(run: str) -> Progress | None:
    """How far the run has come; None when nobody knows (any more)."""
    stored = cache.get(_key(run))
    return Progress(**stored) if stored else None


def _key(run: str) -> str:
    return f"baton:run:{run}"


@task(takes_context=True)
def run_job(context: TaskContext, job: str, run: str, attempt: int, arguments: dict[str, Any]) -> None:
    """What the worker calls for every run. The run's ``at`` is the time at which the worker took it."""
    at = context.task_result.started_at
    assert at is not None
    entry = registries.jobs.get(job)
    reporter = Reporter(run, job)
    reporter.say("running")
    try:
        entry.run(by=Actor.system(job, request=run), at=at, progress=reporter, **arguments)
    except Exception as error:
        said = kept_message(error)
        log.warning(
            "job %s failed (attempt %d of %d): %s", job, attempt, entry.attempts, class_and_place(error),
            extra={"run": run, "trace": traced(error)},
        )  # fmt: skip
        Schedule.objects.filter(job=job).update(last_error=said[:2000])
        if attempt < entry.attempts:
            run_job.using(run_after=at + pause_after(attempt)).enqueue(job, run, attempt + 1, arguments)
            reporter.say("retrying", note=said)
        else:
            reporter.say("failed", note=said)
        # The table of runs keeps the text of what is raised, and its logger prints it.
        raise JobFailed(class_and_place(error)) from None
    Schedule.objects.filter(job=job).update(last_ok_at=at, last_error="")
    reporter.say("done", 1, 1)


def pause_after(attempt: int) -> timedelta:
    """How long to wait after the failed ``attempt`` (1 for the first)."""
    return min(FIRST_PAUSE * int(4 ** (attempt - 1)), LONGEST_PAUSE)


def forget_finished(*, by: Actor, at: datetime, progress: Any = silent) -> int:
    """Remove the rows of runs that ended well a day ago, or badly a month ago. Returns how many."""
    finished = DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=at - FINISHED_KEPT)
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__lt=at - FAILED_KEPT)
    return finished.delete()[0] + failed.delete()[0]
