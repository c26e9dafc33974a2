"""Databases for tests: a template that is migrated once a session, and copies of it.

The audit trail refuses UPDATE and DELETE, so a test database cannot be emptied between tests. A test either runs in a
transaction that is rolled back (mark ``django_db``), or on a copy of its own that is thrown away (fixture
``committed_db``). Copying a SQLite file takes a few milliseconds, ``CREATE DATABASE ... TEMPLATE`` about fifty.
"""

from __future__ import annotations

import fcntl
import gc
import itertools
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Databases:
    """The databases of one installation.

    ``url`` is what another process gets as ``DATABASE_URL``; ``names`` is Django's NAME by alias in this process.
    """

    url: str
    names: dict[str, str]


class Template(ABC):
    """A migrated, otherwise empty installation that can be copied. One a session, shared by all its workers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count()

    def prepare(self) -> None:
        """Migrate the template unless another worker of this session has done it."""
        with (self.folder / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ready = self.folder / "template.ready"
            if not ready.exists():
                self._create()
                ready.touch()

    def copy(self, label: str = "copy") -> Databases:
        """A new installation, equal to the template."""
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        return self._copy(f"{label}_{worker}_{next(self._numbers)}")

    @abstractmethod
    def drop(self, databases: Databases) -> None:
        """Remove a copy, whoever is still connected to it."""

    @abstractmethod
    def _create(self) -> None: ...

    @abstractmethod
    def _copy(self, name: str) -> Databases: ...


class SQLiteTemplate(Template):
    """Two files in a folder of their own: the records, and beside them what may be lost (sessions, counters)."""

    def _databases(self, name: str) -> Databases:
        records = self.folder / name / "baton.sqlite3"
        volatile = records.with_suffix(".volatile.sqlite3")
        return Databases(f"sqlite:///{records}", {"default": str(records), "volatile": str(volatile)})

    def _create(self) -> None:
        databases = self._databases("template")
        (self.folder / "template").mkdir()
        _migrate(databases)

    def _copy(self, name: str) -> Databases:
        databases = self._databases(name)
        (self.folder / name).mkdir()
        for source in (self.folder / "template").glob("*.sqlite3"):
            shutil.copyfile(source, self.folder / name / source.name)
        return databases

    def drop(self, databases: Databases) -> None:
        shutil.rmtree(Path(databases.names["default"]).parent)


class PostgresTemplate(Template):
    """One database; ``server_url`` is the address of the server's maintenance database ``postgres``."""

    def __init__(self, folder: Path, server_url: str) -> None:
        super().__init__(folder)
        self.server_url = server_url

    def _databases(self, name: str) -> Databases:
        return Databases(f"{self.server_url.rpartition('/')[0]}/{name}", {"default": name})

    def _create(self) -> None:
        self._execute(sql.SQL("CREATE DATABASE baton_template"))
        _migrate(self._databases("baton_template"))

    def _copy(self, name: str) -> Databases:
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE baton_template").format(sql.Identifier(name)))
        return self._databases(name)

    def drop(self, databases: Databases) -> None:
        name = sql.Identifier(databases.names["default"])
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def _execute(self, statement: sql.Composable) -> None:
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def connected(databases: Databases) -> Iterator[None]:
    """Point this process's connections, of all its threads, at ``databases``; afterwards back to where they were."""
    from django.db import connections

    before = {alias: str(connections.settings[alias]["NAME"]) for alias in databases.names}
    point(databases.names)
    try:
        yield
    finally:
        point(before)


def point(names: dict[str, str]) -> None:
    """Close the open connections of this thread and name other databases for the next ones, where they are others."""
    from django.db import connections

    for alias, name in names.items():
        if str(connections.settings[alias]["NAME"]) == name:
            continue
        connection = connections[alias]
        connection.close()
        if getattr(connection, "pool", None):
            connection.close_pool()
        connections.settings[alias]["NAME"] = name
        del connections[alias]


def _migrate(databases: Databases) -> None:
    from baton.core.database.migrating import migrate

    # Migrations make thousands of models that refer to each other; to search them for garbage takes a fifth of it all.
    gc.disable()
    try:
        with connected(databases):
            for alias in databases.names:
                migrate(alias)
    finally:
        gc.enable()
