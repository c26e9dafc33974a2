"""Reads an OCEL 2.0 database in a process of its own and writes what is in it to standard output, a JSON list a line.

    python -I sqlite_child.py FILE BYTES_OF_MEMORY SECONDS

Only ever run as a program: a second SQLite library in the process of the application would cancel its file locks
(docs/decisions/0002, 0015). It uses nothing but the standard library, opens the file read-only and immutable, reads
plain tables alone, and bounds its own memory.

Lines: ["o", id, type], ["O", id, {attributes}], ["e", id, type], ["E", id, time, {attributes}],
["r", event id, object id], at the end ["end"], or ["not", reason, what is missing, tables] when it cannot be read;
the reason is one of tables, columns, damaged and memory.
"""

from __future__ import annotations

import json
import sys
from typing import Any
from urllib.parse import quote

NEEDED = ("event", "object", "event_object")


def bound_myself(memory: int, seconds: int) -> None:
    """No more memory (bytes) and processor time than a log may take, where the system can say so."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def text(value: Any) -> str | None:
    """A value as text; blobs and nothing are None."""
    if value is None or isinstance(value, bytes):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).replace("\x00", "\ufffd") or None


def say(*line: Any) -> None:
    """One line of the answer, as JSON, to the process that asked."""
    sys.stdout.write(json.dumps(line) + "\n")


def things(database: Any, tables: set[str], kind: str) -> None:
    """Events or objects: first who they are, then what the tables of their types say of them."""
    letter = kind[0]
    for identity, name in database.execute(f"SELECT ocel_id, ocel_type FROM {quoted(kind)}"):
        say(letter, text(identity), text(name))
    names = database.execute(f"SELECT DISTINCT ocel_type FROM {quoted(kind)}").fetchall()
    parts = {name: name for (name,) in names}
    if f"{kind}_map_type" in tables:
        parts |= dict(database.execute(f"SELECT ocel_type, ocel_type_map FROM {quoted(kind + '_map_type')}"))
    for part in parts.values():
        table = f"{kind}_{part}"
        if table in tables:
            details(database, table, letter.upper())


def details(database: Any, table: str, letter: str) -> None:
    """One line a row of the table of a type; of an object's changes over time the order is kept."""
    cursor = database.execute(f"SELECT * FROM {quoted(table)}")
    names = [column[0] for column in cursor.description]
    for row in cursor:
        values = {name: text(value) for name, value in zip(names, row, strict=True)}
        identity, time = values.pop("ocel_id", None), values.pop("ocel_time", None)
        values.pop("ocel_changed_field", None)
        given = {name: value for name, value in values.items() if value is not None}
        say(*((letter, identity, given) if letter == "O" else (letter, identity, time, given)))


def main(path: str, memory: int, seconds: int) -> int:
    """Write the log; 0 also when it is none, which the last line says."""
    import sqlite3

    bound_myself(memory, seconds)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        database = sqlite3.connect(f"file:{quote(path)}?mode=ro&immutable=1", uri=True)
        database.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for pragma in ("query_only = 1", "trusted_schema = 0", "cell_size_check = 1"):
            database.execute(f"PRAGMA {pragma}")
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        tables = {name for (name,) in database.execute(listed)}
        if missing := [name for name in NEEDED if name not in tables]:
            say("not", "tables", missing, sorted(tables)[:20])
            return 0
        things(database, tables, "object")
        things(database, tables, "event")
        for event, related in database.execute("SELECT ocel_event_id, ocel_object_id FROM event_object"):
            say("r", text(event), text(related))
    except MemoryError:
        say("not", "memory", [], [])
        return 0
    except sqlite3.Error as error:
        say("not", "columns" if str(error).startswith("no such column") else "damaged", [], [])
        return 0
    say("end")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
