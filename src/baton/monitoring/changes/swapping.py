"""New fact files in the place of old ones; a source that cannot be built stops nobody else."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError

from baton.core.failures import HIDDEN, class_and_place, traced
from baton.core.registries import FactBuilder
from baton.monitoring import facts
from baton.monitoring.changes.work_list import note_stale
from baton.monitoring.models import BrokenSource, FactFile, StoredMeasure
from baton.monitoring.rules import number_of_day
from baton_analysis.errors import BatonError, FactError, gettext_noop

log = logging.getLogger(__name__)

Source = tuple[str, str]
"""Fact table and public id of the record that yields the facts."""

# A broken source is tried again after one minute, then four, sixteen, at most sixty; at once when its record changes.
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(slots=True)
class Swap:
    """The new fact files of some sources, and the old ones that they replace.

    Use: :meth:`put` and :meth:`drop` each source, then :meth:`note_stale`, which reads files and takes its time, then
    :meth:`commit` inside a transaction, which reads none and is short.
    """

    seq: int
    at: datetime
    new: dict[Source, list[facts.Partition]] = field(default_factory=dict)
    old: list[FactFile] = field(default_factory=list)
    failed: dict[Source, BrokenSource] = field(default_factory=dict)
    _lost: set[str] = field(default_factory=set)

    def put(self, builder: FactBuilder, source: str) -> None:
        """Build and write the facts of one source; a source without facts loses its files.

        Whatever goes wrong with this source (its file is gone, cannot be read, holds no facts) is kept, and its old
        facts stay. Only failures of the database pass: they are not the source's.
        """
        try:
            frame = builder.build(source)
            today = number_of_day(self.at.date()) + 1  # somewhere it is tomorrow already
            parts = facts.write(builder.table, source, frame, today=today) if frame is not None else []
        except DatabaseError:
            raise
        except Exception as error:
            log.warning(
                "facts of %s %s could not be built: %s", builder.table, source, class_and_place(error),
                extra={"trace": traced(error)},
            )  # fmt: skip
            self.failed[builder.table, source] = _broken(builder.table, source, error, self.at)
        else:
            self._replace(builder.table, source, parts)

    def drop(self, table: str, source: str) -> None:
        """The source yields no facts any more."""
        self._replace(table, source, [])

    def _replace(self, table: str, source: str, parts: list[facts.Partition]) -> None:
        files = list(FactFile.objects.filter(table=table, source=source))
        new = {part.path for part in parts}
        self._lost |= facts.lost(file.path for file in files if file.path not in new)
        self.new[table, source] = parts
        self.old += files

    @property
    def written(self) -> int:
        """How many files are new."""
        return len(self._new_paths - self._old_paths)

    @property
    def rows(self) -> int:
        """How many facts stand in the new files."""
        known = self._old_paths
        return sum(part.rows for parts in self.new.values() for part in parts if part.path not in known)

    @property
    def _new_paths(self) -> set[str]:
        return {part.path for parts in self.new.values() for part in parts}

    @property
    def _old_paths(self) -> set[str]:
        return {file.path for file in self.old}

    def listed(self) -> set[str]:
        """All files that are listed once this is committed."""
        listed = set(FactFile.objects.values_list("path", flat=True))
        return (listed - self._old_paths) | self._new_paths

    def _stale(self) -> set[str]:
        """The subjects in files that come, go or come back. A lost file may have held any subject ever measured."""
        changed = self._new_paths ^ self._old_paths
        mended = {part.path for source in self._mended() for part in self.new[source]}
        subjects = facts.subjects_in((changed | mended) - self._lost)
        return subjects | set(StoredMeasure.objects.values_list("subject", flat=True)) if self._lost else subjects

    def _mended(self) -> set[Source]:
        """Sources that were broken: what was measured meanwhile may lack their facts."""
        return set(BrokenSource.objects.values_list("table", "source")) & self.new.keys()

    def note_stale(self, more: Iterable[str] = ()) -> None:
        """Put the subjects whose facts change, and ``more``, on the work-list, before the files are listed.

        A run that ends in between does no harm: the next one builds the same swap and notes them again.
        """
        note_stale({*self._stale(), *more}, self.seq)

    def commit(self) -> None:
        """List the new files instead of the old; inside the caller's transaction."""
        kept = self._new_paths
        known = self._old_paths
        FactFile.objects.filter(pk__in=[file.pk for file in self.old if file.path not in kept]).delete()
        FactFile.objects.bulk_create(
            FactFile(
                table=table, source=source, month=part.month, path=part.path, rows=part.rows, sha256=part.sha256,
                last_day=part.last_day, seq=self.seq,
            )
            for (table, source), parts in self.new.items()
            for part in parts
            if part.path not in known
        )  # fmt: skip
        self._note_broken()

    def _note_broken(self) -> None:
        for row in BrokenSource.objects.all():
            if (row.table, row.source) in self.new:
                row.delete()
        BrokenSource.objects.bulk_create(
            self.failed.values(),
            update_conflicts=True,
            unique_fields=["table", "source"],
            update_fields=["message", "subjects", "last_failed_at", "attempts", "retry_at"],
        )


def known_sources() -> set[Source]:
    """The sources that have facts, or should have."""
    files = FactFile.objects.values_list("table", "source").distinct()
    return {*files, *BrokenSource.objects.values_list("table", "source")}


def to_try_again(at: datetime) -> set[Source]:
    """Sources of which files are lost, and broken ones whose pause is over."""
    lost = facts.lost(FactFile.objects.values_list("path", flat=True))
    waiting = set(BrokenSource.objects.filter(retry_at__gt=at).values_list("table", "source"))
    due = set(BrokenSource.objects.filter(retry_at__lte=at).values_list("table", "source"))
    owners = FactFile.objects.filter(path__in=lost).values_list("table", "source") if lost else ()
    return (set(owners) | due) - waiting


def _broken(table: str, source: str, error: Exception, at: datetime) -> BrokenSource:
    before = BrokenSource.objects.filter(table=table, source=source).first()
    attempts = before.attempts + 1 if before else 1
    paths = set(FactFile.objects.filter(table=table, source=source).values_list("path", flat=True))
    return BrokenSource(
        table=table,
        source=source,
        message=_message(error),
        subjects=None if facts.lost(paths) else sorted(facts.subjects_in(paths)),
        first_failed_at=before.first_failed_at if before else at,
        last_failed_at=at,
        attempts=attempts,
        retry_at=at + min(FIRST_PAUSE * 4 ** min(attempts - 1, 4), LONGEST_PAUSE),
    )


def _message(error: Exception) -> dict[str, Any]:
    """What people are told. Of the values only numbers: a text may quote the file, and there may stand a name."""
    said = error if isinstance(error, BatonError) else _lost_file() if isinstance(error, OSError) else _unexpected()
    values = {name: value if isinstance(value, int | float) else HIDDEN for name, value in said.values.items()}
    return {"expected": said.expected, "found": said.found, "remedy": said.remedy, "values": values}


def _lost_file() -> FactError:
    return FactError(
        expected=gettext_noop("The file of an accepted event log must lie in the data folder."),
        found=gettext_noop("It is gone or cannot be opened."),
        remedy=gettext_noop("Put it back from a backup, or withdraw the event log and import the file again."),
    )


def _unexpected() -> FactError:
    return FactError(
        expected=gettext_noop("Facts should be built from this source."),
        found=gettext_noop("Building them stopped for a reason that Baton does not know."),
        remedy=gettext_noop("Ask the administrator for the worker's log, or withdraw the source and import it again."),
    )
