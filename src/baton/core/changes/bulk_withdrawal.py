"""Taking a bulk entry back, as a whole.

One short transaction makes all its rows invisible; slices then give their unique keys back, so that the same may be
entered anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import F, ForeignKey, Q

from baton.core import jobs, policy, registries
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes.bulk import enter_batch, model_of, record_kind, refuse_part, require, tell_asker
from baton.core.errors import Refused
from baton.core.models import Batch, Batched
from baton.core.rules import FIRST_ROWS, TAKEN_BACK, BatchState, next_slice
from baton_analysis.errors import BatonError, gettext_noop

if TYPE_CHECKING:
    from django.db.models import Field

RELEASE_JOB = "core.release_batch"
ABANDONED_TOPIC = "core.batch_abandoned"
MOST_NAMED = 5


def enter_or_abandon(
    *,
    by: Actor,
    at: datetime,
    batch: Batch,
    progress: Callable[[int, int], None] | None = None,
    tell: bool = False,
    keeper: Actor | None = None,
) -> Batch:
    """:func:`enter_batch`; an entry of which a row is refused is given up by ``keeper`` (``by``), and the refusal
    raised."""
    try:
        return enter_batch(by=by, at=at, batch=batch, progress=progress, tell=tell)
    except Refused as refusal:
        if Batch.objects.filter(pk=batch.pk, state=BatchState.STAGING).exists():
            abandon_batch(by=keeper or by, at=at, batch=batch, failure=refusal, tell=tell)
        raise


def withdraw_batch(
    *, by: Actor, at: datetime, batch: Batch, reason: str, expected_seq: int | None = None, whole: bool = False
) -> Batch:
    """Take a sealed entry back: from this moment on none of its rows counts.

    Refused without a reason, when rows were changed since they were sealed (named, at most :data:`MOST_NAMED`), and
    when something else stands on them by now (what, and how many). ``whole``: with all other entries of its import; one
    of them alone is refused.
    """
    policy.demand(policy.may_enter_batch(by, batch.target))
    with change(by=by, at=at, reason=reason) as trail:
        batch = trail.lock(Batch, batch, expected_seq=expected_seq)
        require(batch, BatchState.SEALED)
        if not whole:
            refuse_part(batch)
        if not reason.strip():
            raise Refused(
                field="reason",
                expected=gettext_noop("Withdrawing needs a reason, which stands in the audit trail."),
                remedy=gettext_noop("Say why it is taken back."),
            )
        _refuse_changed(batch)
        _refuse_dependants(batch)
        batch.state = BatchState.WITHDRAWN
        return _taken_back(trail, batch, "batch.withdrawn", reason)


def abandon_batch(
    *,
    by: Actor,
    at: datetime,
    batch: Batch,
    reason: str = "",
    failure: BatonError | None = None,
    tell: bool = False,
    whole: bool = False,
) -> Batch:
    """Give up an entry that is not sealed; ``failure`` says why it could not go on, ``reason`` what somebody says;
    ``whole`` as for :func:`withdraw_batch`."""
    policy.demand(policy.may_enter_batch(by, batch.target))
    with change(by=by, at=at, reason=reason) as trail:
        batch = trail.lock(Batch, batch)
        require(batch, BatchState.STAGING)
        if not whole:
            refuse_part(batch)
        batch.state = BatchState.ABANDONED
        if failure is not None:
            batch.failure = {
                "expected": failure.expected, "found": failure.found, "remedy": failure.remedy,
                "values": {name: str(value)[:2000] for name, value in failure.values.items()},
            }  # fmt: skip
        batch = _taken_back(trail, batch, "batch.abandoned", reason)
        if tell:
            tell_asker(by, at, batch.person, ABANDONED_TOPIC, batch)
        return batch


def _taken_back(trail: Trail, batch: Batch, action: str, reason: str) -> Batch:
    """Few rows are released at once, many by a worker."""
    batch.withdrawn_at, batch.reason = trail.at, reason.strip()[:500]
    batch = trail.save(batch, action, records=record_kind(batch), count=batch.records)
    if batch.records > FIRST_ROWS:
        jobs.enqueue(RELEASE_JOB, batch=batch.public_id)
    elif batch.records:
        _release(trail, batch, FIRST_ROWS)
    return batch


def release_rows(
    *, by: Actor, at: datetime, batch: Batch, progress: Callable[[int, int], None] = lambda done, total: None
) -> Batch:
    """Give the unique keys of all rows of an entry that was taken back free again, slice by slice.

    A transaction and an audit row a slice; begun again it goes on where it stands.
    """
    policy.demand(policy.may_enter_batch(by, batch.target))
    size = FIRST_ROWS
    while True:
        with change(by=by, at=at) as trail:
            began = time.perf_counter()
            batch = trail.lock(Batch, batch)
            require(batch, *TAKEN_BACK)
            released = _release(trail, batch, size)
        progress(batch.records_released, batch.records)
        if batch.records_released >= batch.records or not released:
            return batch
        size = next_slice(released, time.perf_counter() - began, FIRST_ROWS)


def _release(trail: Trail, batch: Batch, most: int) -> int:
    """Release the next ``most`` rows; returns how many there were. Those that are released have a later number."""
    rows = model_of(batch).everything.filter(batch=batch, changed_seq__lt=batch.changed_seq)
    found = list(rows.order_by("pk").values_list("pk", "public_id")[:most])
    if not found:
        return 0
    digest = sha256("\n".join(public_id for _pk, public_id in found).encode()).hexdigest()
    first = batch.records_released + 1
    seq = trail.note(
        "batch.rows_released", kind=Batch.kind, object_id=batch.public_id, records=record_kind(batch),
        rows=len(found), row_range=[first, first + len(found) - 1], ids_digest=digest,
    )  # fmt: skip
    values = registries.bulk_targets.get(batch.target).released
    model_of(batch).everything.filter(pk__in=[pk for pk, _public_id in found]).update(**values, changed_seq=seq)
    batch.records_released += len(found)
    # ``changed_seq`` stays that of the withdrawal: by it one tells which rows are still to be released.
    Batch.objects.filter(pk=batch.pk).update(records_released=F("records_released") + len(found))
    return len(found)


def _refuse_changed(batch: Batch) -> None:
    changed = model_of(batch).everything.filter(batch=batch, changed_seq__gt=batch.changed_seq)
    count = changed.count()
    if count:
        raise Refused(
            expected=gettext_noop("Only what stands as it was entered can be withdrawn."),
            found=gettext_noop("{count} were changed since: {named}."),
            remedy=gettext_noop("Look at these first; end one by one what is not wanted."),
            count=count,
            named=some([str(row) for row in changed.order_by("pk")[:MOST_NAMED]], count),
        )


def _refuse_dependants(batch: Batch) -> None:
    found = dependants(batch)
    if found:
        raise Refused(
            expected=gettext_noop("Only what nothing else stands on can be withdrawn."),
            found=gettext_noop("Something does: {what}."),
            remedy=gettext_noop("End or withdraw that first; or end one by one what is not wanted."),
            what="; ".join(f"{label}: {count}" for label, count in found.items()),
        )


def dependants(batch: Batch) -> dict[str, int]:
    """What stands on the rows of an entry: what it is called -> how many. Rows of the entry itself, and of entries that
    were taken back, do not count.

    Found by the foreign keys of all tables, and where rooms say more (``registries.dependants``).
    """
    model = model_of(batch)
    found: dict[str, int] = {}
    for other in apps.get_models():
        for column in other._meta.concrete_fields:
            if not _leads_to(column, model):
                continue
            rows = other._base_manager.filter(**{f"{column.name}__batch": batch})
            if issubclass(other, Batched):
                rows = rows.exclude(Q(batch=batch) | Q(batch__state__in=TAKEN_BACK))
            if count := rows.count():
                label = str(other._meta.verbose_name_plural)
                found[label] = found.get(label, 0) + count
    for _name, asked in registries.dependants:
        found |= {str(label): count for label, count in asked(batch).items() if count}
    return found


def _leads_to(column: Field[Any, Any], model: type[Batched]) -> bool:
    return isinstance(column, ForeignKey) and column.related_model is model


def some(names: Sequence[str], count: int) -> str:
    """The first names and how many more there are."""
    more = f" (+{count - len(names)})" if count > len(names) else ""
    return ", ".join(names) + more
