"""The fact store: Parquet files by table, month and source below ``<data>/facts``.

A file's name ends in the digest of its content, and a file is never changed once it has its name: what the database
lists is there, whole, however a run ended. Files that the database does not list are left over and may be removed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.conf import settings

from baton.monitoring.rules import HANDED_OVER
from baton_analysis.errors import FactError, gettext_noop

UNDATED = "undated"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_DIGITS = 12
_END = b"PAR1"


@dataclass(frozen=True, slots=True)
class Partition:
    """The facts of one source in one month, as written. ``path`` is relative to :func:`folder`; ``last_day`` is the
    newest day of its facts that was not in the future (days since 1970-01-01; None: there is none)."""

    month: str
    path: str
    rows: int
    sha256: str
    last_day: int | None


def folder() -> Path:
    """Where the files are."""
    return Path(settings.DATA_DIR) / "facts"


@contextmanager
def locked(*, wait: bool) -> Iterator[bool]:
    """Hold the store against other writers, of this or any process; released by the system when a process dies.

    Yields whether it is held; without ``wait`` it may not be.
    """
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def write(table: str, source: str, frame: pl.DataFrame, *, today: int) -> list[Partition]:
    """Write the facts of one source, a file a month, and return what was written; the same facts give the same files.

    ``frame`` has at least ``subject`` (text) and ``at`` (Datetime, null where unknown). Raises FactError otherwise.
    Facts after ``today`` (days since 1970-01-01) are written and do not count for ``last_day``.
    """
    if not (_NAME.fullmatch(table) and _NAME.fullmatch(source)):
        raise ValueError(f"not a name for a file: {table!r}, {source!r}")
    _check(table, frame)
    ordered = frame.sort("subject", "at", *(name for name in frame.columns if name not in {"subject", "at"}))
    month = pl.col("at").dt.convert_time_zone("UTC").dt.strftime("%Y-%m").fill_null(UNDATED)
    parts = ordered.with_columns(month.alias("month")).partition_by(
        "month", as_dict=True, maintain_order=True, include_key=False
    )
    return [_write_month(table, source, str(key[0]), part, today) for key, part in sorted(parts.items())]


def scan(paths: Collection[str]) -> pl.LazyFrame:
    """The facts of these files."""
    return pl.scan_parquet([folder() / path for path in sorted(paths)], glob=False)


def scan_of_links(paths: Collection[str]) -> pl.LazyFrame:
    """What these files say of links: where the handoffs of a link were recorded, the handovers that an event log shows
    of the same week are left out, because they are the same work seen a second time."""
    recorded = {path for path in paths if path.startswith(f"{HANDED_OVER}/")}
    mined = set(paths) - recorded
    if not (recorded and mined):
        return scan(paths)
    seen = scan(recorded).select("subject", "week").unique()
    others = scan(mined).join(seen, on=["subject", "week"], how="anti")
    return pl.concat([others, scan(recorded)], how="diagonal_relaxed")


def subjects_in(paths: Collection[str]) -> set[str]:
    """All subjects that occur in these files."""
    if not paths:
        return set()
    tables: dict[str, list[str]] = {}
    for path in paths:  # each table has columns of its own
        tables.setdefault(path.partition("/")[0], []).append(path)
    found = [scan(those).select(pl.col("subject").unique()).collect()["subject"] for those in tables.values()]
    return {subject for subjects in found for subject in subjects.to_list()}


def lost(paths: Iterable[str]) -> set[str]:
    """Those of the files that are not there, or that were cut off."""
    return {path for path in paths if not _is_whole(folder() / path)}


def _is_whole(file: Path) -> bool:
    """Whether there is a file that ends as Parquet does: cheap, and finds what a full disk or a crash leaves."""
    try:
        with file.open("rb") as facts:
            facts.seek(-len(_END), os.SEEK_END)
            return facts.read() == _END
    except OSError:
        return False


def remove_damaged(sums: Mapping[str, str]) -> set[str]:
    """Remove the files whose content is not that of their sum (path -> SHA-256), and say which: they are lost then."""
    damaged = set()
    for path in sums.keys() - lost(sums):
        file = folder() / path
        with file.open("rb") as facts:
            if hashlib.file_digest(facts, "sha256").hexdigest() != sums[path]:
                damaged.add(path)
    for path in damaged:
        (folder() / path).unlink()
    return damaged


def remove_all_but(paths: Collection[str]) -> int:
    """Remove the files of the store that are not among ``paths``, half-written ones included. Returns how many."""
    kept = {folder() / path for path in paths}
    removed = 0
    for file in folder().glob("*/month=*/*"):
        if file not in kept:
            file.unlink(missing_ok=True)
            removed += 1
    return removed


def _check(table: str, frame: pl.DataFrame) -> None:
    at = frame.schema.get("at")
    if frame.schema.get("subject") != pl.String or not isinstance(at, pl.Datetime) or at.time_zone is None:
        raise FactError(
            expected=gettext_noop("Facts of “{table}” need the columns subject (text) and at (time with zone)."),
            found=gettext_noop("They have {columns}."),
            remedy=gettext_noop("Correct the fact builder of this table."),
            table=table,
            columns=", ".join(f"{name} ({kind})" for name, kind in frame.schema.items()),
        )


def _write_month(table: str, source: str, month: str, part: pl.DataFrame, today: int) -> Partition:
    place = folder() / table / f"month={month}"
    place.mkdir(parents=True, exist_ok=True)
    draft = place / f".{source}-{secrets.token_hex(6)}.draft"
    part.write_parquet(draft, compression="zstd", statistics=True)
    with draft.open("rb") as written:
        os.fsync(written.fileno())
        sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    final = place / f"{source}-{sha256[:_DIGITS]}.parquet"
    draft.rename(final)
    _sync_folder(place)
    return Partition(month, str(final.relative_to(folder())), part.height, sha256, _last_day(part, today))


def _last_day(part: pl.DataFrame, today: int) -> int | None:
    """By the facts' own day where they have one (it is the day where it happened), else by the day in UTC."""
    day = pl.col("day") if "day" in part.columns else pl.col("at").dt.date().cast(pl.Int32)
    newest = part.select(day.filter(day <= today).max()).item()
    return None if newest is None else int(newest)


def _sync_folder(place: Path) -> None:
    """Make the new name survive a power cut."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
