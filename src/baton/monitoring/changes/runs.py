"""The runs: records -> facts -> measures -> signals, as far as something changed, or from nothing.

Order of a run, so that it can be killed anywhere and the next run ends in the same state:

1. The change feed says which sources were touched since the cursor. Their facts are built and written as files whose
   names nobody lists yet.
   A source that cannot be built is noted as broken and keeps its old facts; the others go on (see swapping).
2. What comes and goes is scanned, and noted whose measures are stale; then one short transaction lists the new files
   in place of the old and advances the cursor.
3. The stale subjects are measured in batches; a transaction a batch stores the results and strikes them off the list.
4. Signals are opened and closed for the subjects that were measured (see sorting), marked where they hold over all
   charts (see judging), and people told of the new ones.
5. Files that are no longer listed are removed.

What a run did and cost is kept, also of one that failed (see run_log).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl
from django.db import transaction
from narwhals.exceptions import NarwhalsError

from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit import feed
from baton.core.audit.trail import change, head
from baton.core.jobs import silent
from baton.core.policy import demand
from baton.monitoring import facts, policy
from baton.monitoring.changes.judging import judge_signals
from baton.monitoring.changes.measuring import forget_digests, measure_stale
from baton.monitoring.changes.run_log import logged
from baton.monitoring.changes.sorting import sort_signals
from baton.monitoring.changes.swapping import Swap, known_sources, to_try_again
from baton.monitoring.changes.telling import tell_of_signals
from baton.monitoring.changes.work_list import note_unsorted
from baton.monitoring.models import FactFile, StoredMeasure
from baton.monitoring.queries import READER
from baton.monitoring.rules import RunKind

if TYPE_CHECKING:
    from baton.core.models import AuditEntry

ENTRIES_A_STEP = 1000

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a run did. ``busy``: another run was at work, nothing was done. Counts of sources, facts, files, subjects,
    measures, signals opened and closed, and people told."""

    busy: bool = False
    sources: int = 0
    rows: int = 0
    files_written: int = 0
    files_removed: int = 0
    subjects: int = 0
    computed: int = 0
    opened: int = 0
    closed: int = 0
    told: int = 0


def refresh(*, by: Actor, at: datetime, progress: Report = silent, wait: bool = False) -> Refreshed:
    """Bring facts, measures and signals up to date with the records: only what was touched is read and computed.

    With ``wait`` it waits for another run to end, otherwise it then does nothing. Files of the store that cannot be
    read are made anew from their sources.
    """
    demand(policy.may_refresh(by))
    with facts.locked(wait=wait) as held:
        if not held:
            return Refreshed(busy=True)
        with logged(RunKind.REFRESH, at) as log:
            facts.remove_all_but(_listed())
            try:
                done = _refreshed(by, at, progress)
            except (pl.exceptions.PolarsError, NarwhalsError, OSError):
                if not facts.remove_damaged(dict(FactFile.objects.values_list("path", "sha256"))):
                    raise
                done = _refreshed(by, at, progress)
            log.note(done)
        return done


def rebuild(*, by: Actor, at: datetime, progress: Report = silent, reason: str = "") -> Refreshed:
    """Build all facts, measures and signals anew from the records, with the result that refreshing would have had.

    What people said about signals, and when a signal was first seen, is kept. Waits for another run to end.
    """
    demand(policy.may_refresh(by))
    with facts.locked(wait=True), logged(RunKind.REBUILD, at) as log:
        with change(by=by, at=at, reason=reason) as trail:
            seq = trail.note("monitoring.rebuilt", kind="monitoring", object_id="")
        swap = Swap(seq, at)
        wanted = [(builder, source) for _, builder in registries.fact_builders for source in builder.sources()]
        for number, (builder, source) in enumerate(wanted):
            progress(number, len(wanted), source)
            swap.put(builder, source)
        for table, source in known_sources() - {(builder.table, source) for builder, source in wanted}:
            swap.drop(table, source)
        # Also what no fact file touches any more is looked at again, and digests no longer save the work.
        listed = swap.listed()
        swap.note_stale(facts.subjects_in(listed - facts.lost(listed)) | _measured_subjects())
        forget_digests()
        with transaction.atomic():
            swap.commit()
            feed.advance(READER, seq)
        done = _measured(by, at, progress, Refreshed(sources=len(wanted), rows=swap.rows, files_written=swap.written))
        log.note(done)
    return done


def _refreshed(by: Actor, at: datetime, progress: Report) -> Refreshed:
    sources = rows = written = 0
    for swap in _swaps(at, progress):
        sources += len(swap.new)
        rows += swap.rows
        written += swap.written
    return _measured(by, at, progress, Refreshed(sources=sources, rows=rows, files_written=written))


def _swaps(at: datetime, progress: Report) -> Iterator[Swap]:
    """Handle the feed step by step until it has nothing new; each yielded swap is committed."""
    again = to_try_again(at)
    while True:
        entries = feed.read(READER, ENTRIES_A_STEP)
        if not entries and not again:
            return
        swap = Swap(entries[-1].seq if entries else head(), at)
        touched = _touched(entries) | again
        note_unsorted(_of_things(entries))
        builders = {builder.table: builder for _, builder in registries.fact_builders}
        for number, (table, source) in enumerate(sorted(touched)):
            progress(number, len(touched), source)
            if table in builders:
                swap.put(builders[table], source)
            else:
                swap.drop(table, source)
        swap.note_stale()
        with transaction.atomic():
            swap.commit()
            if entries:
                feed.advance(READER, swap.seq)
        yield swap
        again = set()


def _touched(entries: Sequence[AuditEntry]) -> set[tuple[str, str]]:
    """Which sources of which tables these entries concern, those that came or were withdrawn in bulk included."""
    touched = set()
    # A record stands in several entries of a step and is asked about once.
    for kind, object_id, in_bulk in {(one.kind, one.object_id, feed.kind_in_bulk(one)) for one in entries}:
        for _, builder in registries.fact_builders:
            if kind in builder.kinds:
                touched |= {(builder.table, source) for source in builder.of_record(kind, object_id)}
            if in_bulk in builder.kinds:
                touched |= {(builder.table, source) for source in builder.in_batch(object_id)}
    return touched


def _of_things(entries: Sequence[AuditEntry]) -> set[str]:
    """Keys of what is measured as whose things these entries concern: one that begins or ends may make a chart worth a
    look, or no longer. After a bulk entry of such, all that is measured."""
    found: set[str] = set()
    for _room, asked in registries.measurables:
        for entry in entries:
            if feed.kind_in_bulk(entry) in asked.kinds:
                return _measured_subjects()
            if entry.kind in asked.kinds and entry.kind in registries.policies:
                measured_as = registries.policies.get(entry.kind).measured_as
                found |= {measured_as(entry.object_id)} if measured_as is not None else set()
    return found & _measured_subjects() if found else found


def _measured(by: Actor, at: datetime, progress: Report, done: Refreshed) -> Refreshed:
    """Measure what is stale, bring signals in line and tell of the new ones; ``done`` is what came before."""
    subjects, computed = measure_stale(at=at, seq=feed.position(READER), progress=progress)
    signals = sort_signals(by=by, at=at)
    if subjects or signals.opened or signals.closed:
        judge_signals()
    return replace(
        done,
        subjects=subjects,
        computed=computed,
        opened=signals.opened,
        closed=signals.closed,
        told=tell_of_signals(by=by, at=at) if signals.opened else 0,
        files_removed=facts.remove_all_but(_listed()),
    )


def _listed() -> set[str]:
    return set(FactFile.objects.values_list("path", flat=True))


def _measured_subjects() -> set[str]:
    return set(StoredMeasure.objects.values_list("subject", flat=True))
