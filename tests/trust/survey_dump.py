"""Everything that an installation keeps, as an attacker with the whole machine reads it: rows with their places and
transactions, files of the databases byte by byte, write-ahead logs, the data folder, backups."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from baton.feedback.models import AnswerSheet, SurveyComment, Wave
from tests.databases import Databases
from tests.trust.survey_attack import Trace

# Keys of sheets and, in these tests, comments: found wherever they begin.
_HEXADECIMAL = re.compile(rb"(?=([0-9a-f]{32}))")
_OWN = {
    "sqlite": "rowid AS at_place, 0 AS born, 0 AS died, 0 AS command",
    "postgresql": "ctid AS at_place, xmin::text AS born, xmax::text AS died, cmin::text AS command",
}


def rows_of(table: str) -> list[dict[str, Any]]:
    """All rows of a table in the order in which they lie, with what the database keeps of its own: place, and the
    transactions that wrote and removed it (0 on SQLite, which keeps none)."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_OWN[connection.vendor]}, t.* FROM {table} t ORDER BY at_place")
        names = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def tables() -> list[str]:
    """Tables of the records, sessions, tasks, outbox: all that there are."""
    return sorted(set(connection.introspection.table_names()))


def files(databases: Databases) -> dict[str, bytes]:
    """By name what lies on the disk: databases with their logs and free pages, the data folder, the keys."""
    folders = [Path(databases.names["default"]).parent] if connection.vendor == "sqlite" else _folders_of_server()
    folders += [Path(settings.DATA_DIR)]
    found = {}
    for folder in folders:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            with suppress(FileNotFoundError):  # a server renames and removes files of its own at any time
                found[f"{folder.name}/{file.relative_to(folder)}"] = file.read_bytes()
    return found


def _folders_of_server() -> list[Path]:
    """Heap files of this database and the write-ahead log of its server."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        number = cursor.fetchone()[0]
    found = [data / "base" / str(number), data / "pg_wal"]
    return [folder for folder in found if os.access(folder, os.R_OK | os.X_OK)]


def words_in(databases: Databases, wanted: Iterable[str], *, more: Iterable[Path] = ()) -> set[tuple[str, str]]:
    """Which of the wanted texts stand where: in which files, and in which tables of every database."""
    needles = [one.encode() for one in wanted]
    found = set()
    haystacks = files(databases) | {file.name: file.read_bytes() for file in more}
    for name, contents in haystacks.items():
        found |= {(needle.decode(), name) for needle in needles if needle in contents}
    for alias in databases.names:
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names():
                cursor.execute(f"SELECT * FROM {table}")
                held = repr(cursor.fetchall()).encode()
                found |= {(needle.decode(), table) for needle in needles if needle in held}
    return found


def traces_of(wave: Wave, owners: dict[str, int], databases: Databases, backups: Iterable[Path] = ()) -> list[Trace]:
    """Answer sheets and comments of a closed wave with all that is known of where they lie. ``owners`` tells by the
    mark of a sheet, or the words of a comment, whose it is."""
    found = {}
    for table, place in ((AnswerSheet, _sheet), (SurveyComment, _comment)):
        for ordinal, row in enumerate(rows_of(table._meta.db_table)):
            if row["wave_id"] != wave.pk:
                continue
            identity, mark, group, more = place(row)
            own = {"place": float(ordinal), "transaction": float(row["born"]), "command": float(row["command"])}
            signals = own | more
            found[identity] = Trace(group, owners[mark], signals)
    _add_offsets(found, databases, backups)
    return list(found.values())


def _sheet(row: dict[str, Any]) -> tuple[str, str, str, dict[str, float]]:
    answers = row["answers"] if isinstance(row["answers"], dict) else json.loads(row["answers"])
    more = {"key": float(int(row["key"], 16)), "length or id": float(len(json.dumps(answers)))}
    return row["key"], str(int(answers.get("mark") or answers["mark_all"])), f"sheet {row['wave_link_id']}", more


def _comment(row: dict[str, Any]) -> tuple[str, str, str, dict[str, float]]:
    more = {"key": float(row["id"]), "length or id": float(int.from_bytes(row["public_id"].encode()[:6], "big"))}
    return row["words"], row["words"], f"comment {row['wave_link_id']}", more


def _add_offsets(found: dict[str, Trace], databases: Databases, backups: Iterable[Path]) -> None:
    """Where each lies in the files, first and last; a store that holds few of them tells nothing of the others."""
    stores: dict[str, bytes] = {}
    for name, contents in files(databases).items():
        kind = "log" if "wal" in name else "file"
        stores[kind] = stores.get(kind, b"") + contents
    stores |= {f"backup {number}": file.read_bytes() for number, file in enumerate(backups)}
    for store, contents in stores.items():
        places: dict[str, list[int]] = {}
        for identity, offset in _occurrences(contents, found):
            places.setdefault(identity, []).append(offset)
        if len(places) < 0.9 * len(found):
            continue
        for identity, trace in found.items():
            held = places.get(identity, [len(contents)])
            trace.signals[f"first in {store}"] = float(held[0])
            trace.signals[f"last in {store}"] = float(held[-1])


def _occurrences(contents: bytes, wanted: dict[str, Trace]) -> Iterator[tuple[str, int]]:
    for match in _HEXADECIMAL.finditer(contents):
        identity = match.group(1).decode()
        if identity in wanted:
            yield identity, match.start()
