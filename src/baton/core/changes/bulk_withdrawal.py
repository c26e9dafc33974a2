"""Taking a bulk entry back, as a whole.

One short transaction makes all its rows invisible; slices then give their unique keys back, so that the same may be
entered anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import F, ForeignKey, Q

from baton.core import jobs, policy, registries
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change, head
from baton.core.changes.bulk import enter_batch, model_of, record_kind, refuse_part, require, tell_asker
from baton.core.errors import Refused
from baton.core.formats import labelled, remarks
from baton.core.models import Batch, Batched, Record
from baton.core.pace import FIRST_ROWS, Pace
from baton.core.rules import TAKEN_BACK, BatchState
from baton_analysis.errors import BatonError, gettext_noop

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

RELEASE_JOB = "core.release_batch"
ABANDONED_TOPIC = "core.batch_abandoned"
MOST_NAMED = 5
READ_ROWS = 500


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
    *, by: Actor, at: datetime, batch: Batch, reason: str, expected_seq: int | None = None,
    looked_to: int | None = None,
) -> Batch:  # fmt: skip
    """Take a sealed entry back: from this moment on none of its rows counts.

    Refused without a reason, when rows were changed since they were sealed (named, at most :data:`MOST_NAMED`), and
    when something else stands on them by now (what, and how many). ``looked_to`` is given where it is taken back with
    all other entries of its import, as :func:`refuse_dependants` said; one of them alone is refused.
    """
    policy.demand(policy.may_handle_batch(by, batch))
    whole = looked_to is not None
    looked_to = refuse_dependants(batch) if looked_to is None else looked_to
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
        refuse_dependants(batch, after=looked_to)
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
    ``whole``: with all other entries of its import; one of them alone is refused."""
    policy.demand(policy.may_handle_batch(by, batch))
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
    policy.demand(policy.may_handle_batch(by, batch))
    pace = Pace(least=FIRST_ROWS)
    while True:
        with change(by=by, at=at) as trail:
            batch = trail.lock(Batch, batch)
            require(batch, *TAKEN_BACK)
            released = _release(trail, batch, pace.rows)
        progress(batch.records_released, batch.records)
        if batch.records_released >= batch.records or not released:
            return batch
        pace.took(released, trail.held_seconds)


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


def refuse_dependants(batch: Batch, *, after: int = 0) -> int:
    """Refuse an entry on whose rows something else stands. Returns up to which entry of the trail that is known.

    To look through a million rows takes a second; whoever takes an entry back does it before he has the lock, and under
    it looks again only at what has changed ``after`` that entry of the trail.
    """
    looked_to = head()
    found = dependants(batch, after=after)
    if found:
        raise Refused(
            expected=gettext_noop("Only what nothing else stands on can be withdrawn."),
            found=gettext_noop("Something does: {what}."),
            remedy=gettext_noop("End or withdraw that first; or end one by one what is not wanted."),
            what=remarks(labelled(label, count) for label, count in found.items()),
        )
    return looked_to


def dependants(batch: Batch, *, after: int = 0) -> dict[str, int]:
    """What stands on the rows of an entry: what it is called -> how many. Rows of the entry itself, of its import, and
    of entries that were taken back, do not count.

    Found by the foreign keys of all tables, and where rooms say more (``registries.dependants``). ``after``: only what
    was entered or changed after this entry of the trail; of tables that the trail does not keep, everything.
    """
    found: dict[str, int] = {}
    for other, column in _columns_to(model_of(batch)):
        lately = after and issubclass(other, Record)
        if count := _changed_since(batch, other, column, after) if lately else _standing(batch, other, column).count():
            label = str(other._meta.verbose_name_plural)
            found[label] = found.get(label, 0) + count
    for _name, asked in registries.dependants:
        found |= {str(label): count for label, count in asked(batch).items() if count}
    return found


def _columns_to(model: type[Batched]) -> Iterator[tuple[type[Model], str]]:
    for other in apps.get_models():
        by_itself: frozenset[str] = other.taken_back_with if issubclass(other, Record) else frozenset()
        for column in other._meta.concrete_fields:
            if isinstance(column, ForeignKey) and column.related_model is model and column.name not in by_itself:
                yield other, column.name


def _standing(batch: Batch, other: type[Model], column: str) -> QuerySet[Model]:
    rows = other._base_manager.filter(**{f"{column}__batch": batch})
    if issubclass(other, Batched):
        rows = rows.exclude(Q(batch=batch) | Q(batch__state__in=TAKEN_BACK))
        if batch.import_run_id is not None:
            rows = rows.exclude(batch__import_run=batch.import_run_id)
    return rows


def _changed_since(batch: Batch, other: type[Model], column: str, after: int) -> int:
    """As many of :func:`_standing` as have changed after an entry of the trail. They are few, but the database does not
    know that, and would begin with the million; so the rows that they point to are asked for one by one."""
    changed = other._base_manager.filter(changed_seq__gt=after)
    met = list({key for key in changed.values_list(column, flat=True) if key is not None})
    own: list[int] = []
    for start in range(0, len(met), READ_ROWS):
        pointed_to = model_of(batch).everything.filter(pk__in=met[start : start + READ_ROWS])
        own += [key for key, entry in pointed_to.values_list("pk", "batch") if entry == batch.pk]
    parts = (own[start : start + READ_ROWS] for start in range(0, len(own), READ_ROWS))
    return sum(
        _standing(batch, other, column).filter(changed_seq__gt=after, **{f"{column}__in": part}).count()
        for part in parts
    )


def some(names: Sequence[str], count: int) -> str:
    """The first names and how many more there are."""
    more = f" (+{count - len(names)})" if count > len(names) else ""
    return ", ".join(names) + more
