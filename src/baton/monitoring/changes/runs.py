"""The runs: records -> facts -> measures -> signals, as far as something changed, or from nothing.

Order of a run, so that it can be killed anywhere and the next run ends in the same state:

1. The change feed says which sources were touched since the cursor. Their facts are built and written as files whose
   names nobody lists yet.
2. One transaction lists the new files in place of the old, notes whose measures are stale, and advances the cursor.
3. The stale subjects are measured in batches; a transaction a batch stores the results and strikes them off the list.
4. Files that are no longer listed are removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit import feed
from baton.core.audit.trail import change, head
from baton.core.jobs import silent
from baton.core.policy import demand
from baton.core.registries import FactBuilder
from baton.monitoring import facts, policy
from baton.monitoring.changes.measuring import measure_stale, note_stale
from baton.monitoring.models import FactFile, StoredMeasure
from baton.monitoring.queries import READER

ENTRIES_A_STEP = 1000

Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a run did. ``busy``: another run was at work, nothing was done. Counts of sources, files, subjects."""

    busy: bool = False
    sources: int = 0
    files_written: int = 0
    files_removed: int = 0
    subjects: int = 0
    computed: int = 0


@dataclass(slots=True)
class _Swap:
    """The new fact files of some sources, and the old ones that they replace."""

    seq: int
    new: dict[tuple[str, str], list[facts.Partition]] = field(default_factory=dict)
    old: list[FactFile] = field(default_factory=list)

    def put(self, builder: FactBuilder, source: str) -> None:
        """Build and write the facts of one source; a source without facts loses its files."""
        frame = builder.build(source)
        self.new[builder.table, source] = facts.write(builder.table, source, frame) if frame is not None else []
        self.old += FactFile.objects.filter(table=builder.table, source=source)

    def drop(self, table: str, source: str) -> None:
        """The source yields no facts any more."""
        self.new[table, source] = []
        self.old += FactFile.objects.filter(table=table, source=source)

    @property
    def written(self) -> int:
        return len(self._added)

    @property
    def _added(self) -> set[str]:
        return {part.path for parts in self.new.values() for part in parts} - {file.path for file in self.old}

    def stale(self) -> set[str]:
        """The subjects in files that come or go. A lost file may have held any subject that was ever measured."""
        gone = {file.path for file in self.old} - {part.path for parts in self.new.values() for part in parts}
        lost = facts.missing(gone)
        subjects = facts.subjects_in((gone | self._added) - lost)
        return subjects | set(StoredMeasure.objects.values_list("subject", flat=True)) if lost else subjects

    def commit(self) -> None:
        """List the new files instead of the old and note the stale subjects; inside the caller's transaction."""
        kept = {part.path for parts in self.new.values() for part in parts}
        known = {file.path for file in self.old}
        note_stale(self.stale(), self.seq)
        FactFile.objects.filter(pk__in=[file.pk for file in self.old if file.path not in kept]).delete()
        FactFile.objects.bulk_create(
            FactFile(
                table=table, source=source, month=part.month, path=part.path,
                rows=part.rows, sha256=part.sha256, seq=self.seq,
            )
            for (table, source), parts in self.new.items()
            for part in parts
            if part.path not in known
        )  # fmt: skip


def refresh(*, by: Actor, at: datetime, progress: Report = silent, wait: bool = False) -> Refreshed:
    """Bring facts, measures and signals up to date with the records: only what was touched is read and computed.

    With ``wait`` it waits for another run to end, otherwise it then does nothing.
    """
    demand(policy.may_refresh(by))
    with facts.locked(wait=wait) as held:
        if not held:
            return Refreshed(busy=True)
        facts.remove_all_but(_listed())
        sources = written = 0
        for swap in _swaps(progress):
            sources += len(swap.new)
            written += swap.written
        return _measured(at=at, progress=progress, sources=sources, written=written)


def rebuild(*, by: Actor, at: datetime, progress: Report = silent, reason: str = "") -> Refreshed:
    """Build all facts, measures and signals anew from the records, with the result that refreshing would have had.

    What people said about signals, and when a signal was first seen, is kept. Waits for another run to end.
    """
    demand(policy.may_refresh(by))
    with facts.locked(wait=True):
        with change(by=by, at=at, reason=reason) as trail:
            seq = trail.note("monitoring.rebuilt", kind="monitoring", object_id="")
        swap = _Swap(seq)
        wanted = [(builder, source) for _, builder in registries.fact_builders for source in builder.sources()]
        for number, (builder, source) in enumerate(wanted):
            progress(number, len(wanted), source)
            swap.put(builder, source)
        for table, source in _known_sources() - {(builder.table, source) for builder, source in wanted}:
            swap.drop(table, source)
        with transaction.atomic():
            swap.commit()
            # Also what no fact file touches any more is looked at again, and digests no longer save the work.
            StoredMeasure.objects.update(input_digest="")
            everybody = facts.subjects_in(_listed()) | set(StoredMeasure.objects.values_list("subject", flat=True))
            note_stale(everybody, seq)
            feed.advance(READER, seq)
        return _measured(at=at, progress=progress, sources=len(wanted), written=swap.written)


def _swaps(progress: Report) -> Iterable[_Swap]:
    """Handle the feed step by step until it has nothing new; each yielded swap is committed."""
    lost = facts.missing(_listed())
    mend = set(FactFile.objects.filter(path__in=lost).values_list("table", "source"))
    while True:
        entries = feed.read(READER, ENTRIES_A_STEP)
        if not entries and not mend:
            return
        seq = entries[-1].seq if entries else head()
        swap = _Swap(seq)
        touched = _touched([(entry.kind, entry.object_id) for entry in entries]) | mend
        builders = {builder.table: builder for _, builder in registries.fact_builders}
        for number, (table, source) in enumerate(sorted(touched)):
            progress(number, len(touched), source)
            if table in builders:
                swap.put(builders[table], source)
            else:
                swap.drop(table, source)
        with transaction.atomic():
            swap.commit()
            if entries:
                feed.advance(READER, seq)
        yield swap
        mend = set()


def _touched(entries: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which sources of which tables these entries (kind, object) concern."""
    return {
        (builder.table, object_id)
        for _, builder in registries.fact_builders
        for kind, object_id in entries
        if kind in builder.kinds
    }


def _measured(*, at: datetime, progress: Report, sources: int, written: int) -> Refreshed:
    subjects, computed = measure_stale(at=at, seq=feed.position(READER), progress=progress)
    return Refreshed(
        sources=sources,
        files_written=written,
        files_removed=facts.remove_all_but(_listed()),
        subjects=subjects,
        computed=computed,
    )


def _listed() -> set[str]:
    return set(FactFile.objects.values_list("path", flat=True))


def _known_sources() -> set[tuple[str, str]]:
    return set(FactFile.objects.values_list("table", "source").distinct())
