"""Jobs of the chain."""

from __future__ import annotations

from datetime import datetime

from baton.chain.changes.event_logs import record_chain, record_failure
from baton.chain.facts import mined_with_activities
from baton.chain.queries.event_logs import event_log
from baton.chain.rules import LogState
from baton.core import queries as people
from baton.core.actors import Actor
from baton.core.jobs import Reporter
from baton_analysis.errors import BatonError, ReadError, gettext_noop

STEPS = 100


def mine_event_log(*, by: Actor, at: datetime, progress: Reporter, log: str, person: str = "") -> None:
    """Read the file of a log, keep what it shows and tell ``person``, who asked for it (public id; empty: nobody).

    Run again after a crash it does the same once more. A log that is withdrawn while it is read ends the run quietly.
    """
    record = event_log(viewer=by, public_id=log)
    if record.state != LogState.READING:
        return
    asker = people.person(viewer=by, public_id=person) if person else None
    try:
        chain, activities = mined_with_activities(record, lambda share: progress(round(share * STEPS), STEPS))
    except BatonError as error:
        record_failure(by=by, at=at, log=record, error=error, tell=asker)
        return
    except Exception:
        # Whatever it is, the log must not stay "being read": the person may choose again, and the run's log says more.
        if record_failure(by=by, at=at, log=record, error=_unexpected(), tell=asker).state == LogState.WITHDRAWN:
            return  # its file went while it was read
        raise
    record_chain(by=by, at=at, log=record, chain=chain, activities=activities, tell=asker)


def _unexpected() -> ReadError:
    return ReadError(
        expected=gettext_noop("The file should be read to its end."),
        found=gettext_noop("Reading stopped for a reason that is not in the file."),
        remedy=gettext_noop(
            "Choose the columns again; if it stops once more, ask the administrator for the worker's log."
        ),
    )
