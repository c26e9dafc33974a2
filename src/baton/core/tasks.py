"""Jobs of the core that enter, change and take back in bulk."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from baton.core.actors import Actor
from baton.core.changes import bulk_withdrawal, list_actions
from baton.core.errors import Refused
from baton.core.jobs import Reporter
from baton.core.models import ListAction
from baton.core.queries import batch as open_batch
from baton.core.queries import roles_of
from baton.core.rules import AT_ONCE, ActionState, BatchState


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


def act_on_list(*, by: Actor, at: datetime, progress: Reporter, action: str) -> None:
    """Deal with the rows that are left, in the name of who began it and with the roles he has now.

    What cannot go on because a chosen value is gone is stopped; the page says how far it came.
    """
    record = ListAction.objects.select_related("person").filter(public_id=action).first()
    if record is None or record.state != ActionState.RUNNING:
        return
    asker = Actor(record.person, roles_of(record.person, at), request=by.request)
    told = record.rows_expected > AT_ONCE
    try:
        list_actions.carry_out(by=asker, at=at, action=record, progress=progress, tell=told)
    except Refused:
        list_actions.stop_action(by=asker, at=at, action=record)


def stop_left_actions(*, by: Actor, at: datetime, progress: Reporter) -> None:
    """Stop what somebody chose rows for a day ago and never began; the files of rows go with it."""
    for action in ListAction.objects.filter(state=ActionState.PROPOSED, recorded_at__lt=at - timedelta(days=1)):
        list_actions.stop_action(by=by, at=at, action=action)


def release_batch(*, by: Actor, at: datetime, progress: Reporter, batch: str) -> None:
    """Give the unique keys of an entry that was taken back free again."""
    record = open_batch(viewer=by, public_id=batch)
    bulk_withdrawal.release_rows(by=by, at=at, batch=record, progress=progress)
