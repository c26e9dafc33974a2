"""Facts -> measures -> signals for the subjects on the work-list."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import narwhals as nw
import polars as pl
from django.db import transaction

from baton.monitoring import facts
from baton.monitoring.changes.charting import VERSION, Measured, measure
from baton.monitoring.models import FactFile, PhaseStart, StaleSubject, StoredMeasure, StoredSignal
from baton.monitoring.rules import HANDOVERS, MEASURES
from baton_analysis.measures.weekly_series import WeeklySeries, weekly_series

SUBJECTS_A_BATCH = 100

Phases = dict[tuple[str, str], list[int]]


def measure_stale(*, at: datetime, seq: int, progress: Callable[[int, int, str], None]) -> tuple[int, int]:
    """Measure every subject of the work-list and strike it off. Returns subjects handled, measures computed.

    A subject that has no facts any more loses its measures. One whose input digest stands unchanged is left as it is.
    """
    stale = sorted(StaleSubject.objects.values_list("subject", flat=True))
    if not stale:
        return 0, 0
    paths = dict(FactFile.objects.filter(table=HANDOVERS).values_list("path", "sha256"))
    series = _series(stale, paths)
    sums = _sums_by_subject(stale, paths)
    computed = 0
    for number, batch in enumerate(_batches(stale)):
        progress(number * SUBJECTS_A_BATCH, len(stale), "")
        phases = _phases(batch)
        known = {(row.subject, row.name): row for row in StoredMeasure.objects.filter(subject__in=batch)}
        fresh: list[tuple[StoredMeasure, Measured]] = []
        for subject in batch:
            for name in MEASURES if subject in series else ():
                starts = phases.get((subject, name), [])
                digest = _digest(sums[subject], starts)
                old = known.get((subject, name))
                if old is not None and (old.input_digest, old.version) == (digest, VERSION):
                    continue
                measured = measure(name, series[subject], starts)
                fresh.append((_row(subject, name, digest, at, seq, measured), measured))
        _store(batch, [subject for subject in batch if subject not in series], fresh, at)
        computed += len(fresh)
    return len(stale), computed


def _series(subjects: Sequence[str], paths: dict[str, str]) -> dict[str, WeeklySeries]:
    if not paths:
        return {}
    wanted = facts.scan(paths).filter(pl.col("subject").is_in(subjects))
    return weekly_series(nw.from_native(wanted))


def _sums_by_subject(subjects: Sequence[str], paths: dict[str, str]) -> dict[str, list[str]]:
    """The sums of the fact files in which each subject occurs, sorted."""
    if not paths:
        return {}
    rows = facts.scan(paths, with_path="file").filter(pl.col("subject").is_in(subjects))
    found: dict[str, list[str]] = defaultdict(list)
    root = facts.folder()
    by_file = {str(root / path): sha256 for path, sha256 in paths.items()}
    for subject, file in rows.select("subject", "file").unique().collect().iter_rows():
        found[subject].append(by_file[file])
    return {subject: sorted(sums) for subject, sums in found.items()}


def _digest(sums: list[str], starts: list[int]) -> str:
    """Of all that goes into a measure, apart from its method."""
    return hashlib.sha256("\n".join([*sums, "phases", *map(str, starts)]).encode()).hexdigest()


def _phases(subjects: Sequence[str]) -> Phases:
    found: Phases = defaultdict(list)
    rows = PhaseStart.objects.filter(subject__in=subjects).order_by("week")
    for subject, name, week in rows.values_list("subject", "measure", "week"):
        found[subject, name].append(week)
    return found


def _row(subject: str, name: str, digest: str, at: datetime, seq: int, measured: Measured) -> StoredMeasure:
    return StoredMeasure(
        subject=subject, name=name, method=measured.method, version=VERSION, input_digest=digest,
        computed_at=at, seq=seq, health=measured.health, result=measured.result,
    )  # fmt: skip


def _store(
    batch: Sequence[str], gone: Sequence[str], fresh: Sequence[tuple[StoredMeasure, Measured]], at: datetime
) -> None:
    with transaction.atomic():
        StoredMeasure.objects.bulk_create(
            [row for row, _ in fresh],
            update_conflicts=True,
            unique_fields=["subject", "name"],
            update_fields=["method", "version", "input_digest", "computed_at", "seq", "health", "result"],
        )
        _store_signals(fresh, at)
        StoredMeasure.objects.filter(subject__in=gone).delete()
        StoredSignal.objects.filter(subject__in=gone).delete()
        StaleSubject.objects.filter(subject__in=batch).delete()


def _store_signals(fresh: Sequence[tuple[StoredMeasure, Measured]], at: datetime) -> None:
    """Add new signals, remove those that are no longer so, and leave the others as people found them."""
    measured = {(row.subject, row.name) for row, _ in fresh}
    found = {
        (row.subject, row.name, signal.rule_set, signal.rule, signal.week): signal
        for row, what in fresh
        for signal in what.signals
    }
    known = {
        (row.subject, row.measure, row.rule_set, row.rule, row.week): row.pk
        for row in StoredSignal.objects.filter(subject__in={subject for subject, _ in measured})
        if (row.subject, row.measure) in measured
    }
    StoredSignal.objects.filter(pk__in=[pk for key, pk in known.items() if key not in found]).delete()
    StoredSignal.objects.bulk_create(
        StoredSignal(
            subject=key[0], measure=key[1], rule_set=signal.rule_set, rule=signal.rule, week=signal.week,
            side=signal.side, explanation=signal.explanation, first_seen=at,
        )
        for key, signal in found.items()
        if key not in known
    )  # fmt: skip


def _batches(subjects: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(subjects), SUBJECTS_A_BATCH):
        yield subjects[start : start + SUBJECTS_A_BATCH]
