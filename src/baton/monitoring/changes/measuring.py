"""Facts -> measures -> signals for the subjects on the work-list."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import polars as pl
from django.db import transaction

from baton.core.actors import Actor
from baton.core.queries.calendars import home_zone
from baton.monitoring import facts
from baton.monitoring.changes import capabilities, weekly
from baton.monitoring.changes.charting import VERSION, Measured, measure
from baton.monitoring.changes.promising import promise_of
from baton.monitoring.changes.weekly import Weekly
from baton.monitoring.changes.work_list import NOTED_A_WRITE, batches, note_stale, note_unsorted
from baton.monitoring.models import (
    FactFile,
    PhaseStart,
    StaleSubject,
    StoredCapability,
    StoredMeasure,
    StoredViolation,
)
from baton.monitoring.rules import (
    DAYS_A_WEEK,
    DEFINED,
    HANDOVERS,
    KEPT_CLAUSES,
    LINK_TABLES,
    MEASURED_VALUE,
    QUARTER_WEEKS,
    RETURN_RATE,
    WAITING_TIME,
    ChartKind,
    Phase,
    day_of_number,
    measures_of,
    monday_of,
    number_of_day,
)
from baton_analysis.measures.clause_weeks import clause_weeks
from baton_analysis.measures.weekly_series import weekly_series

SUBJECTS_A_BATCH = 100
# So few are stored in one transaction that nobody waits for its lock longer than a blink: results are large.
SUBJECTS_A_WRITE = 10

Phases = dict[tuple[str, str], list[Phase]]
_SYSTEM = Actor.system("monitoring")


def forget_digests() -> None:
    """From now on no digest saves the work: what is on the work-list is computed anew."""
    keys = list(StoredMeasure.objects.exclude(input_digest="").values_list("pk", flat=True))
    StoredCapability.objects.exclude(input_digest="").update(input_digest="")
    for start in range(0, len(keys), NOTED_A_WRITE):
        StoredMeasure.objects.filter(pk__in=keys[start : start + NOTED_A_WRITE]).update(input_digest="")


def measure_stale(*, at: datetime, seq: int, progress: Callable[[int, int, str], None]) -> tuple[int, int]:
    """Measure every subject of the work-list and strike it off. Returns subjects handled, measures computed.

    A subject that has no facts any more loses its measures, unless files are lost that may hold some. One whose input
    digest stands unchanged is left as it is. What another version of the method computed is computed anew.
    """
    _note_outdated(at, seq)
    noted = dict(StaleSubject.objects.values_list("subject", "seq"))
    if not noted:
        return 0, 0
    stale = sorted(noted)
    seen = max(noted.values())
    tables = {table for one in DEFINED.values() for table in one.tables}
    files = list(FactFile.objects.filter(table__in=tables).values_list("table", "path"))
    lost = facts.lost(path for _table, path in files)
    there: dict[tuple[str, ...], set[str]] = {
        kind: {path for table, path in files if table in kind} - lost for kind in (LINK_TABLES, (KEPT_CLAUSES,))
    }  # fmt: skip
    series = _series(stale, there[LINK_TABLES], there[KEPT_CLAUSES,], at)
    computed = 0
    for number, batch in enumerate(batches(stale, SUBJECTS_A_BATCH)):
        phases = _phases(batch)
        progress(number * SUBJECTS_A_BATCH, len(stale), "")
        known = {(row.subject, row.name): row for row in StoredMeasure.objects.filter(subject__in=batch)}
        fresh: list[tuple[StoredMeasure, Measured]] = []
        later: list[tuple[StoredMeasure, datetime | None]] = []
        for subject in batch:
            for name, one in series.get(subject, {}).items():
                chosen = phases.get((subject, name), [])
                digest = _digest(one, chosen)
                old = known.get((subject, name))
                if old is not None and (old.input_digest, old.version) == (digest, VERSION):
                    later.append((old, one.next_due))
                    continue
                measured = measure(name, one.weekly, chosen, one.promise)
                fresh.append((_row(subject, name, digest, at, seq, measured, one.next_due), measured))
        _measure_capabilities({one: series[one] for one in batch if one in series}, known, fresh, there, at=at, seq=seq)
        for part in batches(batch, SUBJECTS_A_WRITE):
            stored = set(part)
            with transaction.atomic():
                _store([one for one in fresh if one[0].subject in stored], at)
                _put_off([one for one in later if one[0].subject in stored])
                _forget([(one, set(series.get(one, ()))) for one in part] if not lost else [])
                # What became stale meanwhile (somebody started a phase) has a later number and stays on the list.
                StaleSubject.objects.filter(subject__in=part, seq__lte=seen).delete()
        computed += len(fresh)
    return len(stale), computed


def _measure_capabilities(
    batch: Mapping[str, Mapping[str, _Series]],
    known: Mapping[tuple[str, str], StoredMeasure],
    fresh: Sequence[tuple[StoredMeasure, Measured]],
    paths: Mapping[tuple[str, ...], set[str]],
    *,
    at: datetime,
    seq: int,
) -> None:
    """From the charts of waits and of measured values as they are now, before the subjects are struck off the
    work-list."""
    stored = {**known, **{(row.subject, row.name): row for row, _ in fresh}}

    def charts(name: str) -> dict[str, Any]:
        return {subject: stored[subject, name].result for subject in batch if (subject, name) in stored}

    capabilities.measure_capabilities(charts(WAITING_TIME), paths[LINK_TABLES], at=at, seq=seq)
    limits = {
        subject: held for subject, measures in batch.items()
        if MEASURED_VALUE in measures and (held := measures[MEASURED_VALUE].limits) is not None
    }  # fmt: skip
    capabilities.measure_clauses(charts(MEASURED_VALUE), limits, paths[KEPT_CLAUSES,], at=at, seq=seq)


def _note_outdated(at: datetime, seq: int) -> None:
    """Put on the work-list what was computed by another version, and of what something is due by now."""
    outdated = {
        *StoredMeasure.objects.filter(again_at__lte=at).values_list("subject", flat=True),
        *StoredMeasure.objects.exclude(version=VERSION).values_list("subject", flat=True),
        *StoredCapability.objects.exclude(version=capabilities.VERSION).values_list("subject", flat=True),
    }
    note_stale(outdated - set(StaleSubject.objects.values_list("subject", flat=True)), seq)


@dataclass(frozen=True, eq=False, slots=True)
class _Series:
    """What of a subject goes on one chart, what is promised, when it is another one though no record changes, between
    which limits its clause wants it, and all that its digest is made of."""

    weekly: Weekly
    columns: Sequence[npt.ArrayLike]
    promise: dict[str, Any] | None = None
    next_due: datetime | None = None
    limits: capabilities.Limits | None = None


def _series(
    subjects: Sequence[str], of_links: set[str], of_clauses: set[str], at: datetime
) -> dict[str, dict[str, _Series]]:
    """By subject and name of the measure. Facts of weeks that begin after tomorrow (somewhere it is tomorrow already)
    are left out."""
    until = monday_of(number_of_day(at.date()) + 1)
    running, over_at = _running_week(at)
    found: dict[str, dict[str, _Series]] = defaultdict(dict)
    if of_links:
        wanted = facts.scan_of_links(of_links).filter(pl.col("subject").is_in(subjects))
        for subject, one in weekly_series(nw.from_native(wanted), until=until).items():
            columns = (one.weeks, one.handovers, one.waits, one.median_wait_seconds, one.returns)
            for name in measures_of(HANDOVERS):
                found[subject][name] = _Series(weekly.of_link(name, one), (*columns, [one.later]))
    if of_clauses:
        wanted = facts.scan(of_clauses).filter(pl.col("subject").is_in(subjects))
        for subject, kept in clause_weeks(nw.from_native(wanted), as_of=at, until=until).items():
            for name in measures_of(KEPT_CLAUSES):
                series = weekly.of_clause(name, kept, running=running)
                if series is not None:
                    promise = promise_of(name, kept)
                    said = (series.weeks, series.n, series.values, series.sizes, [series.later], _said(promise))
                    waits = DEFINED[name].chart is ChartKind.COUNTS and bool((kept.weeks >= running).any())
                    again_at = over_at if waits else kept.next_due
                    limits = capabilities.Limits(kept.clause, *kept.limits) if name == MEASURED_VALUE else None
                    found[subject][name] = _Series(series, said, promise, again_at, limits)
    return found


def _running_week(at: datetime) -> tuple[int, datetime]:
    """Monday of the week that is not over by the organisation's clock, and when it will be."""
    zone = home_zone(viewer=_SYSTEM)
    monday = monday_of(number_of_day(at.astimezone(zone).date()))
    following = day_of_number(monday + DAYS_A_WEEK)
    return monday, datetime.combine(following, time.min, tzinfo=zone).astimezone(UTC)


def _said(promise: Mapping[str, Any] | None) -> list[float]:
    if promise is None:
        return []
    version = int.from_bytes(hashlib.sha256(promise["clause"].encode()).digest()[:6], "big")
    return [float(version), *(float(promise[key]) for key in ("promised", "count", "n", "version", "first", "last"))]


def _digest(series: _Series, phases: Sequence[Phase]) -> str:
    """Of all that goes into a measure, apart from its method; the same facts give the same digest on any machine."""
    digest = hashlib.sha256()
    said = [[one.week, one.baseline_weeks, math.nan if one.limits_week is None else one.limits_week] for one in phases]
    for column in (*series.columns[:5], said, *series.columns[5:]):
        values = np.asarray(column, dtype=np.float64).ravel()
        digest.update(len(values).to_bytes(8, "big"))
        digest.update(values.astype(">f8").tobytes())
    return digest.hexdigest()


def _phases(subjects: Sequence[str]) -> Phases:
    found: Phases = defaultdict(list)
    rows = PhaseStart.objects.filter(subject__in=subjects, withdrawn_at=None).order_by("week")
    for row in rows:
        found[row.subject, row.measure].append(row.phase)
    return found


def _row(
    subject: str, name: str, digest: str, at: datetime, seq: int, measured: Measured, again_at: datetime | None
) -> StoredMeasure:  # fmt: skip
    return StoredMeasure(
        subject=subject, name=name, method=measured.method, version=VERSION, input_digest=digest,
        computed_at=at, seq=seq, health=measured.health, result=measured.result,
        recent=measured.recent, evidence=measured.evidence, week=measured.recent["week"], heard=measured.recent["end"],
        quarter=" ".join(map(str, measured.recent["n"][-QUARTER_WEEKS:] if name == RETURN_RATE else ())),
        again_at=again_at,
    )  # fmt: skip


def _store(fresh: Sequence[tuple[StoredMeasure, Measured]], at: datetime) -> None:
    StoredMeasure.objects.bulk_create(
        [row for row, _ in fresh],
        update_conflicts=True,
        unique_fields=["subject", "name"],
        update_fields=[
            "method", "version", "input_digest", "computed_at", "seq", "health", "week", "heard", "quarter", "result",
            "recent", "evidence", "again_at",
        ],
    )  # fmt: skip
    _store_violations(fresh, at)
    note_unsorted({row.subject for row, _ in fresh})


def _put_off(known: Sequence[tuple[StoredMeasure, datetime | None]]) -> None:
    """What stands as it is may become another one at another time than was known: something else is due next."""
    for row, again_at in known:
        if row.again_at != again_at:
            StoredMeasure.objects.filter(pk=row.pk).update(again_at=again_at)


def _forget(left: Sequence[tuple[str, set[str]]]) -> None:
    """Of each subject the measures that are left; of the others there are no facts any more."""
    gone = [
        row
        for row in StoredMeasure.objects.filter(subject__in=[subject for subject, _names in left]).only(
            "subject", "name"
        )
        if row.name not in dict(left)[row.subject]
    ]
    for row in gone:
        StoredViolation.objects.filter(subject=row.subject, measure=row.name).delete()
        StoredCapability.objects.filter(subject=row.subject, measure=row.name).delete()
    StoredMeasure.objects.filter(pk__in=[row.pk for row in gone]).delete()
    note_unsorted({row.subject for row in gone})


def _store_violations(fresh: Sequence[tuple[StoredMeasure, Measured]], at: datetime) -> None:
    """Add new violations, remove those that are no longer so, and keep of the others when they were first seen."""
    measured = {(row.subject, row.name) for row, _ in fresh}
    found = {
        (row.subject, row.name, signal.rule_set, signal.rule, signal.side, signal.week): signal
        for row, what in fresh
        for signal in what.signals
    }
    known = {
        (row.subject, row.measure, row.rule_set, row.rule, row.side, row.week): row.pk
        for row in StoredViolation.objects.filter(subject__in={subject for subject, _ in measured})
        if (row.subject, row.measure) in measured
    }
    StoredViolation.objects.filter(pk__in=[pk for key, pk in known.items() if key not in found]).delete()
    StoredViolation.objects.bulk_create(
        [
            StoredViolation(
                subject=subject, measure=name, rule_set=rule_set, rule=rule, side=side, week=week,
                last_week=signal.last_week, explanation=signal.explanation, first_seen=at,
            )
            for (subject, name, rule_set, rule, side, week), signal in found.items()
        ],
        update_conflicts=True,
        unique_fields=["subject", "measure", "rule_set", "rule", "side", "week"],
        update_fields=["last_week", "explanation"],
    )  # fmt: skip
