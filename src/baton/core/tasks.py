"""Jobs of the core that enter and take back in bulk."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from baton.core.actors import Actor
from baton.core.changes import bulk_withdrawal
from baton.core.errors import Refused
from baton.core.jobs import Reporter
from baton.core.queries import batch as open_batch
from baton.core.queries import roles_of
from baton.core.rules import BatchState


def enter_batch(*, by: Actor, at: datetime, progress: Reporter, batch: str) -> None:
    """Enter the rows that are left and seal the entry, in the name of who began it and with the roles he has now.

    What cannot be entered ends the entry; the page says why, and who began it is told.
    """
    record = open_batch(viewer=by, public_id=batch)
    if record.state != BatchState.STAGING:
        return
    person = record.person
    asker = by if person is None else Actor(person, roles_of(person, at), request=by.request)
    with suppress(Refused):  # the page of the entry says why, and who began it is told
        bulk_withdrawal.enter_or_abandon(by=asker, at=at, batch=record, progress=progress, tell=True, keeper=by)


def release_batch(*, by: Actor, at: datetime, progress: Reporter, batch: str) -> None:
    """Give the unique keys of an entry that was taken back free again."""
    record = open_batch(viewer=by, public_id=batch)
    bulk_withdrawal.release_rows(by=by, at=at, batch=record, progress=progress)
