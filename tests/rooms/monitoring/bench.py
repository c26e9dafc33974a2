"""A fact builder whose sources are Parquet files in a folder, and the records that say that one of them changed.

It is what a room registers; these tests need facts whose every row they know. ``Bench`` is also used by the processes
that a test starts in order to kill them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit.trail import change

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")
FIRST_MONDAY = date(2025, 1, 6)
EPOCH = date(1970, 1, 1)

Row = tuple[str, int, datetime | None, float | None, bool]


def monday(week: int) -> int:
    """Day number of the Monday ``week`` weeks after the first."""
    return (FIRST_MONDAY - EPOCH).days + 7 * week


def handover(subject: str, week: int, wait: float | None, *, returned: bool = False, case: int = 0) -> Row:
    """One handover at noon on the Tuesday of a week."""
    at = datetime(FIRST_MONDAY.year, FIRST_MONDAY.month, FIRST_MONDAY.day, 12, tzinfo=UTC)
    return subject, case, at + timedelta(days=7 * week + 1), wait, returned


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    """Handover facts as the chain gives them."""
    listed = list(rows)
    at = pl.Series("at", [row[2] for row in listed], dtype=pl.Datetime("us", "UTC"))
    day = at.dt.date().cast(pl.Int32)
    return pl.DataFrame(
        {
            "subject": pl.Series([row[0] for row in listed], dtype=pl.String),
            "case": pl.Series([row[1] for row in listed], dtype=pl.Int64),
            "at": at,
            "day": day,
            "week": ((day + 3) // 7 * 7 - 3).cast(pl.Int32),
            "wait_seconds": pl.Series([row[3] for row in listed], dtype=pl.Float64),
            "returned": pl.Series([row[4] for row in listed], dtype=pl.Boolean),
        }
    )


def year(subject: str, *, seed: int, worse_from: int | None = None, weeks: int = 52) -> list[Row]:
    """A year of handovers, about five a week, waits around an hour; from ``worse_from`` on three hours."""
    random = np.random.default_rng(seed)
    rows = []
    for week in range(weeks):
        middle = 10_800.0 if worse_from is not None and week >= worse_from else 3_600.0
        for case in range(5):
            wait = float(random.normal(middle, 300.0))
            rows.append(handover(subject, week, wait, returned=bool(random.random() < 0.1), case=week * 5 + case))
    return rows


class Bench:
    """Sources in ``folder``; a change of one is written to the audit trail as a change of a record would be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.built: list[str] = []

    def register(self) -> None:
        """Put the builder where a room's ``apps.py`` puts it."""
        kinds = frozenset({"bench_log"})
        registries.fact_builders.add("bench", registries.FactBuilder("handovers", kinds, self.sources, self.build))

    def sources(self) -> list[str]:
        return sorted(file.stem for file in self.folder.glob("*.parquet"))

    def build(self, source: str) -> pl.DataFrame | None:
        self.built.append(source)
        file = self.folder / f"{source}.parquet"
        return pl.read_parquet(file) if file.exists() else None

    def put(self, source: str, rows: Iterable[Row]) -> None:
        """Bring a source, or change it."""
        frame(rows).write_parquet(self.folder / f"{source}.parquet")
        self.touch(source)

    def withdraw(self, source: str) -> None:
        (self.folder / f"{source}.parquet").unlink()
        self.touch(source)

    def touch(self, source: str) -> None:
        """Something about the source was changed, perhaps nothing that matters to facts."""
        with change(by=SYSTEM, at=AT) as trail:
            trail.note("bench_log.changed", kind="bench_log", object_id=source)
