"""Entering many rows: in slices that keep others waiting briefly, invisible until all are there.

    batch = begin_batch(by=by, at=at, target="links", title=..., lines=lines)
    batch = enter_batch(by=by, at=at, batch=batch)

The rows lie in a file of the data folder, one JSON object a line; the registered target makes records of them. A run of
the worker is asked for with the entry itself, so that it is finished whoever dies: it goes on with the first row that
is not entered. Two that enter the same one at once do not disturb each other, because each slice is entered only by
whoever finds the entry where he thought it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import IntegrityError, transaction
from pydantic_core import from_json

from baton.core import jobs, policy, registries, uploads
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes.notifications import notify
from baton.core.errors import Refused
from baton.core.models import Batch, Batched
from baton.core.pace import FIRST_ROWS, Pace
from baton.core.rules import BatchState
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Callable

    from baton.core.models import ImportRun, Person

ENTER_JOB = "core.enter_batch"
SEALED_TOPIC = "core.batch_sealed"
TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Slice:
    """What came of one slice: the entry as it now stands, and for how many seconds others were kept waiting.

    ``overtaken``: somebody else has entered these rows, or taken the entry back; nothing was done.
    """

    batch: Batch
    seconds: float
    overtaken: bool = False


def begin_batch(
    *,
    by: Actor,
    at: datetime,
    target: str,
    title: str,
    lines: Iterable[Mapping[str, Any]],
    source: str = "",
) -> Batch:
    """Keep the rows to be entered as a file and ask a worker to enter them. Nobody sees them until they are sealed.

    ``target`` is the registered name of what they become, ``lines`` one mapping of plain values a row, ``source`` the
    path of the page of what they come from. Refused without rows.
    """
    policy.demand(registries.bulk_targets.get(target).may_enter(by))
    counted = _Counted(lines)
    stored = uploads.keep(counted.encoded(), limit=uploads.DERIVED_LIMIT)
    try:
        if not counted.rows:
            raise Refused(
                expected=gettext_noop("A bulk entry needs at least one row."),
                remedy=gettext_noop("Choose what is to be entered."),
            )
        with change(by=by, at=at) as trail:
            batch = Batch(
                target=target, title=title[:TITLE_LENGTH], source=source, path=stored.path, digest=stored.digest,
                rows_expected=counted.rows, person=by.person,
            )  # fmt: skip
            batch.run = _ask_for(batch)
            return trail.save(batch, "batch.begun")
    except BaseException:
        uploads.discard(stored.path)
        raise


def begin_import_batch(
    *, by: Actor, at: datetime, target: str, run: ImportRun, path: str, rows: int, digest: str
) -> Batch:
    """Begin the bulk entry of one kind of record of an import, whose rows lie in a file of its plan already.

    It is entered, sealed and taken back with the import; no worker is asked for.
    """
    policy.demand(registries.bulk_targets.get(target).may_enter(by))
    with change(by=by, at=at) as trail:
        batch = Batch(
            target=target, title=run.title[:TITLE_LENGTH], source=f"/data/imports/{run.public_id}/", path=path,
            digest=digest, rows_expected=rows, person=by.person, import_run=run, run=run.run,
        )  # fmt: skip
        return trail.save(batch, "batch.begun")


def resume_batch(*, by: Actor, at: datetime, batch: Batch) -> Batch:
    """Ask a worker once more to enter the rows that are left, after the last run was given up."""
    policy.demand(policy.may_handle_batch(by, batch))
    with change(by=by, at=at) as trail:
        batch = trail.lock(Batch, batch)
        require(batch, BatchState.STAGING)
        refuse_part(batch)
        batch.run = _ask_for(batch)
        return trail.save(batch, "batch.resumed")


def _ask_for(batch: Batch) -> str:
    return jobs.enqueue(ENTER_JOB, batch=batch.public_id)


def enter_batch(
    *, by: Actor, at: datetime, batch: Batch, progress: Callable[[int, int], None] | None = None, tell: bool = False
) -> Batch:
    """Enter the rows that are left, slice by slice, and seal the entry; with ``tell`` who began it gets a message.

    Raises :class:`Refused` for a row that cannot be entered; what was entered before it stays staged. Begun again it
    goes on where it stands; an entry that is sealed or taken back is returned as it is.
    """
    batch = stage_batch(by=by, at=at, batch=batch, progress=progress)
    return seal_batch(by=by, at=at, batch=batch, tell=tell) if batch.state == BatchState.STAGING else batch


def stage_batch(*, by: Actor, at: datetime, batch: Batch, progress: Callable[[int, int], None] | None = None) -> Batch:
    """Enter the rows that are left, slice by slice, without sealing; see :func:`enter_batch`."""
    target = registries.bulk_targets.get(batch.target)
    said = progress or jobs.silent
    if batch.state == BatchState.STAGING and batch.rows_entered == 0:
        target.prepare(by=by, at=at, batch=batch, progress=said)
    pace = Pace(least=FIRST_ROWS)
    while batch.state == BatchState.STAGING and batch.rows_entered < batch.rows_expected:
        before = batch.rows_entered
        rows = target.rows(batch)
        while taken := list(islice(rows, pace.rows)):
            done = enter_slice(by=by, at=at, batch=batch, first=batch.rows_entered + 1, rows=taken)
            batch = done.batch
            said(batch.rows_entered, batch.rows_expected)
            if done.overtaken:
                break
            pace.took(len(taken), done.seconds)
        else:
            if batch.rows_entered == before:
                raise RuntimeError(f"{batch.public_id}: {batch.rows_expected} rows expected, the file has {before}")
    return batch


def enter_slice(*, by: Actor, at: datetime, batch: Batch, first: int, rows: Sequence[Any]) -> Slice:
    """Enter ``rows``, made of the rows of the file from ``first`` (1-based) on, in one transaction with one audit row.

    They are records, or lists of values where the target names its ``columns``; None stands for a row of the file that
    makes no record. Raises what the target refuses, and then enters nothing.
    """
    target = registries.bulk_targets.get(batch.target)
    policy.demand(target.may_enter(by))
    with change(by=by, at=at) as trail:
        batch = trail.lock(Batch, batch)
        if batch.state != BatchState.STAGING or batch.rows_entered != first - 1:
            return Slice(batch, 0.0, overtaken=True)
        records = [row for row in rows if row is not None]
        target.admit(at=at, batch=batch, first=first, records=rows)
        said: dict[str, Any] = {
            "digest": batch.digest, "row_range": (first, first + len(rows) - 1), "object_id": batch.public_id,
            "records": record_kind(batch),
        }  # fmt: skip
        try:
            with transaction.atomic():
                batch.changed_seq = _added(trail, batch, target, records, said)
        except IntegrityError as taken:
            raise target.conflict(first=first, records=rows) from taken
        batch.rows_entered += len(rows)
        batch.records += len(records)
        # The audit row of the slice says so already; another one for the counters would say it twice.
        counters = {name: getattr(batch, name) for name in ("rows_entered", "records", "changed_seq")}
        Batch.objects.filter(pk=batch.pk).update(**counters)
    return Slice(batch, trail.held_seconds)


def _added(trail: Trail, batch: Batch, target: registries.BulkTarget, rows: Sequence[Any], said: dict[str, Any]) -> int:
    """Add the rows of a slice with their one audit row; its number."""
    if target.columns:
        return trail.bulk_values(
            Batch.kind, "batch.rows_entered", model=model_of(batch), columns=target.columns, rows=rows,
            shared={"batch": batch}, **said,
        )  # fmt: skip
    for record in rows:
        record.batch = batch
    return trail.bulk(Batch.kind, "batch.rows_entered", rows=rows, **said)


def seal_batch(*, by: Actor, at: datetime, batch: Batch, tell: bool = False) -> Batch:
    """Let all rows of the entry count, from this moment on; sealed already, it is returned as it is.

    Refused while rows are missing. The audit row names the kind of the records, for readers of the change feed; see
    :func:`baton.core.audit.feed.kind_in_bulk`.
    """
    target = registries.bulk_targets.get(batch.target)
    policy.demand(target.may_enter(by))
    with change(by=by, at=at) as trail:
        batch = trail.lock(Batch, batch)
        if batch.state == BatchState.SEALED:
            return batch
        require(batch, BatchState.STAGING)
        if batch.rows_entered != batch.rows_expected:
            raise Refused(
                expected=gettext_noop("All {expected_rows} rows must be entered before they count."),
                found=gettext_noop("{entered} are."),
                remedy=gettext_noop("Go on with the entry, or give it up."),
                expected_rows=batch.rows_expected,
                entered=batch.rows_entered,
            )
        batch.state, batch.sealed_at = BatchState.SEALED, at
        batch = trail.save(batch, "batch.sealed", records=record_kind(batch), count=batch.records)
        target.sealed(by=by, at=at, batch=batch)
        if tell:
            tell_asker(by, at, batch.person, SEALED_TOPIC, batch)
        return batch


def tell_asker(by: Actor, at: datetime, person: Person | None, topic: str, batch: Batch) -> None:
    """Tell who began the entry how it ended."""
    if person is not None:
        values = {"title": batch.title, "records": batch.records}
        notify(
            by=by,
            at=at,
            person=person,
            topic=topic,
            address=f"/data/bulk/{batch.public_id}/",
            values=values,
            shows=[(Batch.kind, batch.public_id)],
        )


def lines_of(batch: Batch, *, after: int) -> Iterator[Mapping[str, Any]]:
    """The rows of the entry's file behind the first ``after``, as they were given to :func:`begin_batch`."""
    with uploads.location(batch.path).open("rb") as file:
        for line in islice(file, after, None):
            yield from_json(line, cache_strings="keys")


def model_of(batch: Batch) -> type[Batched]:
    """The table of the entry's rows."""
    model = apps.get_model(registries.bulk_targets.get(batch.target).model)
    if not issubclass(model, Batched):
        raise TypeError(f"{model._meta.label} cannot come in bulk: it is not Batched")
    return model


def record_kind(batch: Batch) -> str:
    """Kind of the records that the entry makes, such as ``link``."""
    return model_of(batch).kind


def require(batch: Batch, *states: BatchState) -> None:
    """Refuse what cannot be done with an entry in its state."""
    if batch.state not in states:
        raise Refused(
            expected=gettext_noop("This can be done while a bulk entry is: {states}."),
            found=gettext_noop("It is: {state}."),
            remedy=gettext_noop("Open the bulk entry again to see how it stands."),
            states=", ".join(states),
            state=batch.state,
        )


def refuse_part(batch: Batch) -> None:
    """Refuse to go on with, or take back, a single entry of an import."""
    if batch.import_run_id is not None:
        raise Refused(
            expected=gettext_noop("What came with an import is continued and withdrawn as a whole."),
            found=gettext_noop("This bulk entry is part of an import."),
            remedy=gettext_noop("Open the import (Data, Imports) and do it there."),
        )


class _Counted:
    """Lines on their way into a file, counted."""

    def __init__(self, lines: Iterable[Mapping[str, Any]]) -> None:
        self._lines = lines
        self.rows = 0

    def encoded(self) -> Iterator[bytes]:
        for line in self._lines:
            self.rows += 1
            yield json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
