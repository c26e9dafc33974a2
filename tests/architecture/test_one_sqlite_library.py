"""One SQLite library in a process: two of them cancel each other's file locks, and acknowledged commits vanish.

The library is chosen in ``baton/__init__.py`` before Django loads. Nothing else may open a SQLite file: not the
standard library's module, not another driver, not an engine that reads databases.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent.parent / "src"
CHOSEN_HERE = Path("baton/__init__.py")
# Below these, Django's own backend may be built on; it opens what it is given, with the chosen library.
BACKENDS = (Path("baton/core/database"), Path("baton/core/backup"))
# Runs as a process of its own and nowhere else: see test_the_reader_of_databases_is_never_imported.
CHILD = Path("baton_analysis/readers/ocel/sqlite_child.py")
OPENERS = ("sqlite3", "pysqlite3", "apsw", "aiosqlite", "adbc_driver_sqlite", "connectorx", "sqlalchemy")
CALLS = {"read_database", "read_database_uri", "write_database", "sqlite_scan", "sqlite_attach"}

WHICH = """
import baton
from django.db.backends.sqlite3.base import Database
import sqlite3
print(Database.sqlite_version_info >= (3, 51, 3), sqlite3.sqlite_version == Database.sqlite_version)
"""


def openers(text: str) -> list[str]:
    """What a file names that opens SQLite files, as ``line: name``."""
    found: list[str] = []
    if not any(name in text for name in (*OPENERS, *CALLS)):  # to parse all takes seconds
        return found
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
            found.append(f"{node.lineno}: {node.func.attr}")
            continue
        else:
            continue
        found += [f"{node.lineno}: {name}" for name in names if name.partition(".")[0] in OPENERS]
    return found


def test_nothing_else_opens_sqlite() -> None:
    files = [file.relative_to(SOURCE) for file in SOURCE.rglob("*.py")]
    found = {
        str(file): names
        for file in files
        if file not in {CHOSEN_HERE, CHILD}
        and not any(file.is_relative_to(place) for place in BACKENDS)
        and (names := openers((SOURCE / file).read_text(encoding="utf-8")))
    }
    assert found == {}


def test_the_reader_of_databases_is_never_imported() -> None:
    importers = [
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if CHILD.stem in (text := file.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom) and CHILD.stem in ast.unparse(node)
    ]
    assert importers == []


def test_the_readers_load_no_sqlite_library() -> None:
    loaded = "import sys, baton_analysis.readers; print('sqlite3' in sys.modules, 'pysqlite3' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True)
    assert ran.stdout.split() == ["False", "False"], ran.stderr


@pytest.mark.parametrize(
    "line",
    [
        "import sqlite3",
        "from sqlite3 import connect",
        "import pysqlite3.dbapi2",
        "import adbc_driver_sqlite.dbapi",
        "frame = polars.read_database_uri(query, 'sqlite:///x')",
        "connection.sqlite_attach('x')",
    ],
)
def test_planted_opener_is_noticed(line: str) -> None:
    assert openers(line) != []


def test_django_uses_the_chosen_library() -> None:
    ran = subprocess.run([sys.executable, "-c", WHICH], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    mended, same = ran.stdout.split()
    assert same == "True"
    if sys.platform == "linux":
        assert mended == "True"
