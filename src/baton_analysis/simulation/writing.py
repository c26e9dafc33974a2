"""A simulated time as files: facts in Parquet by month, and the event log as CSV, Parquet or XES."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import quoteattr

import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import SimulationError, gettext_noop
from baton_analysis.simulation.running import SimulatedYear

TIME = "%Y-%m-%dT%H:%M:%SZ"


@checked(SimulationError)
def write_facts(year: SimulatedYear, folder: Path) -> tuple[Path, ...]:
    """Write handovers, ratings and purchases as ``<table>/<year>-<month>.parquet``, by the month of ``at``.

    The same simulation gives the same bytes. Returns the files in order; a month in which nothing happened has none.
    """
    tables = {"handovers": year.handovers, "ratings": year.ratings, "purchases": year.purchases}
    return tuple(path for name, table in tables.items() for path in _by_month(table, folder / name))


def _by_month(table: pl.DataFrame, folder: Path) -> Iterator[Path]:
    months = table.with_columns(pl.col("at").dt.strftime("%Y-%m").alias("month"))
    for (month,), part in months.group_by("month", maintain_order=True):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{month}.parquet"
        part.drop("month").write_parquet(path, compression="zstd", statistics=True)
        yield path


@checked(SimulationError)
def write_log(year: SimulatedYear, path: Path) -> None:
    """Write the event log in the format that the ending of ``path`` names: .csv, .parquet or .xes.

    Raises
    ------
    SimulationError
        The ending names another format.
    """
    match path.suffix.lower():
        case ".csv":
            path.write_bytes(log_as_csv(year))
        case ".parquet":
            year.events.write_parquet(path, compression="zstd", statistics=True)
        case ".xes":
            with path.open("w", encoding="utf-8") as file:
                _write_xes(year.events, file)
        case _:
            raise SimulationError(
                expected=gettext_noop("An event log is written as .csv, .parquet or .xes."),
                found=gettext_noop("“{name}” ends otherwise."),
                remedy=gettext_noop("Choose one of these endings."),
                name=path.name,
            )


def log_as_csv(year: SimulatedYear) -> bytes:
    """The event log as anybody's export: comma, UTF-8, times in UTC."""
    return year.events.with_columns(pl.col("time").dt.strftime(TIME)).write_csv().encode()


def _write_xes(events: pl.DataFrame, file: TextIO) -> None:
    """IEEE 1849-2023: a trace a case, with the concept, time and organizational extensions."""
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2023">\n')
    for (case,), rows in events.group_by("case", maintain_order=True):
        file.write(f"<trace>\n{_text('concept:name', str(case))}")
        for activity, time, team in rows.select("activity", "time", "team").iter_rows():
            file.write(f"<event>{_text('concept:name', activity)}{_moment(time)}{_text('org:group', team)}</event>\n")
        file.write("</trace>\n")
    file.write("</log>\n")


def _text(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(value)}/>'


def _moment(at: datetime) -> str:
    return f'<date key="time:timestamp" value="{at.isoformat()}"/>'
