"""What each run did and what it cost, for those who look after monitoring."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import DatabaseError

from baton.core.audit import feed
from baton.core.failures import kept_message
from baton.monitoring.models import Run
from baton.monitoring.queries import READER
from baton.monitoring.rules import RUNS_KEPT, RunKind

if TYPE_CHECKING:
    from baton.monitoring.changes.runs import Refreshed

ERROR_LENGTH = 2000


@dataclass(slots=True)
class RunLog:
    """The run that is at work."""

    row: Run
    worked: bool = False

    def note(self, done: Refreshed) -> None:
        """What the run did; one that found nothing to do leaves no row."""
        for name in ("sources", "rows", "subjects", "computed", "opened", "closed"):
            setattr(self.row, name, getattr(done, name))
        self.row.files = done.files_written
        self.worked = any((done.sources, done.files_written, done.subjects, done.opened, done.closed))


@contextmanager
def logged(kind: RunKind, at: datetime) -> Iterator[RunLog]:
    """Keep what the run inside did and how long it took; of one that fails also why, without values of the data."""
    log = RunLog(Run(kind=kind, began_at=at, first_seq=feed.position(READER)))
    began = time.perf_counter()
    try:
        yield log
    except Exception as error:
        log.row.error, log.worked = kept_message(error)[:ERROR_LENGTH], True
        with suppress(DatabaseError):  # what went wrong is worth more than its note
            _keep(log.row, began)
        raise
    if log.worked:
        _keep(log.row, began)


def _keep(row: Run, began: float) -> None:
    row.seconds, row.last_seq = time.perf_counter() - began, feed.position(READER)
    row.save(force_insert=True)
    old = Run.objects.order_by("-pk").values_list("pk", flat=True)[RUNS_KEPT : RUNS_KEPT + 1].first()
    if old is not None:
        Run.objects.filter(pk__lte=old).delete()
