"""Django's SQLite backend with Baton's settings.

Write-ahead log, synchronous=FULL (an acknowledged record survives a power cut), IMMEDIATE transactions, no memory
mapping, deleted content overwritten. The write lock is taken here, before the transaction begins, so that the outermost
transaction of any library passes it; taken anywhere else, two locks would be taken in different orders. The log is
folded into the file after the lock is let go, so that nobody waits for that.

Local disks only. The option ``durable: False`` (the volatile database) leaves out the disk's confirmation of each
commit: a power cut may lose the last ones, never damage the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import transaction
from django.db.backends.sqlite3 import base, operations
from django.db.utils import OperationalError

from baton.core.database.sqlite import library
from baton.core.database.sqlite.locks import WriteLock, write_lock
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

TIMEOUT_SECONDS = 20.0

CACHE_KIB = 16_384
"""Pages that a connection keeps in memory: what a slice of a bulk entry changes in the indexes of a large table. Beyond
them pages go into the log before the commit, some of them several times."""

FOLD = "PRAGMA wal_checkpoint(PASSIVE)"

FOLDED_PAGES = 1_000
"""Pages of the write-ahead log that are worth folding into the file."""

LONG_LOG_PAGES = 4_000
"""From this length on the log is folded to its end under the write lock, so that it begins anew."""

SQLITES_OWN_PAGES = 10_000
"""From this length on SQLite folds it by itself: after writes outside transactions, which pass none of this."""


def _create_private(file: str) -> None:
    """A new database is readable by its owner only; SQLite gives its log the same mode."""
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


class DatabaseOperations(operations.DatabaseOperations):
    """With Baton's query compiler."""

    compiler_module = "baton.core.database.sqlite.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite with WAL, FULL synchronisation, IMMEDIATE transactions and a fair write lock."""

    ops_class = DatabaseOperations
    _held: WriteLock | None = None
    _reading = False
    _durable = True

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        self.transaction_mode = "IMMEDIATE"
        self._durable = params.pop("durable", True)
        params.setdefault("timeout", TIMEOUT_SECONDS)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        on_disk = not self.is_in_memory_db()
        if on_disk and not library.is_mended(library.version()):
            library.refuse_wal_file(conn_params["database"], library.version())
        if on_disk:
            _create_private(conn_params["database"])
        connection = super().get_new_connection(conn_params)
        try:
            if on_disk:
                self._set_journal(connection)
            connection.execute("PRAGMA synchronous = " + ("FULL" if self._durable else "NORMAL"))
            connection.execute(f"PRAGMA wal_autocheckpoint = {SQLITES_OWN_PAGES}")
            if self._durable:
                connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            connection.execute("PRAGMA mmap_size = 0")
            connection.execute("PRAGMA secure_delete = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        """Keep other writers out of what is no transaction, such as bringing back a backup."""
        lock = self._take_lock()
        try:
            yield
        finally:
            lock.release()

    def _set_journal(self, connection: Any) -> None:
        wanted = "wal" if library.is_mended(library.version()) else "truncate"
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == wanted:
            return
        with self.write_lock():
            got = connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()[0]
        if got != wanted:
            raise Refused(
                expected=gettext_noop("The database needs a local disk that carries SQLite's “{wanted}” journal."),
                found=gettext_noop("{file} only allows “{got}”."),
                remedy=gettext_noop("Move the data folder (BATON_DATA) to a local disk, not a network share."),
                file=self.settings_dict["NAME"],
                wanted=wanted,
                got=got,
            )

    def _take_lock(self) -> WriteLock:
        lock = write_lock(str(self.settings_dict["NAME"]))
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", TIMEOUT_SECONDS))
        if not lock.acquire(timeout):
            raise OperationalError(
                f"database is locked: another transaction has held the write lock for more than {timeout:g} s"
            )
        return lock

    def _release_lock(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()

    def _start_transaction_under_autocommit(self) -> None:
        if self._reading:
            self.cursor().execute("BEGIN DEFERRED")
            return
        if self.is_in_memory_db():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # no part of the stubs
            return
        self._held = self._take_lock()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # no part of the stubs
        except BaseException:
            self._release_lock()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # no part of the stubs
        finally:
            # A commit that failed may leave the transaction open; Django then rolls it back.
            if self.connection is None or not self.connection.in_transaction:
                self._release_lock()

    def run_and_clear_commit_hooks(self) -> None:
        super().run_and_clear_commit_hooks()
        self._fold_log()

    def _fold_log(self) -> None:
        """Fold the write-ahead log into the file once it is long. Others go on writing meanwhile; if somebody always
        does, the log never begins anew, and when it has grown very long its last pages are folded under the lock.

        What fails (the disk is full, somebody else is at it) comes with a later commit, as SQLite itself does it.
        """
        with suppress(self.Database.Error, OperationalError):
            if self._log()[1] < FOLDED_PAGES:
                return
            self.connection.execute(FOLD)
            length, left = self._log()
            if length >= LONG_LOG_PAGES and 0 < left < FOLDED_PAGES:
                with self.write_lock():
                    self.connection.execute(FOLD)

    def _log(self) -> tuple[int, int]:
        """Pages of the log, and how many of them are not in the file yet; none where there is no log."""
        if self.connection is None:
            return 0, 0
        _busy, length, folded = self.connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
        return max(length, 0), length - folded

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # no part of the stubs
        finally:
            self._release_lock()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # no part of the stubs
        finally:
            self._release_lock()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """A transaction that only reads: all its queries see one moment, and writers go on. See ``snapshots.py``."""
        inside_a_test = self.in_atomic_block
        self._reading = not inside_a_test
        try:
            with transaction.atomic(using=self.alias, durable=True):
                if inside_a_test:
                    yield
                    return
                # The moment is fixed by the first read, not by BEGIN.
                with self.cursor() as cursor:
                    cursor.execute("PRAGMA query_only = ON")
                    cursor.execute("SELECT 1 FROM sqlite_schema LIMIT 1")
                yield
        finally:
            self._reading = False
            if not inside_a_test and self.connection is not None:
                self.connection.execute("PRAGMA query_only = OFF")
