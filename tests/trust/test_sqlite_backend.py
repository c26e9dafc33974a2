"""The SQLite backend: settings, the write lock, the version gate, snapshots."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from baton.core.database.snapshots import read_snapshot
from baton.core.database.sqlite import base, library, locks
from baton.core.database.sqlite.base import DatabaseWrapper
from baton.core.models import FeedCursor
from tests.databases import Databases

pytestmark = pytest.mark.sqlite

WRITE = """
import django, sys
django.setup()
from django.db import transaction
from baton.core.models import FeedCursor
print("begins", flush=True)
with transaction.atomic():
    print("begun", flush=True)
    FeedCursor.objects.create(reader=sys.argv[1])
    sys.stdin.readline()
"""


def pragma(name: str, alias: str = "default") -> Any:
    with connections[alias].cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.parametrize(("alias", "synchronous"), [("default", 2), ("volatile", 1)])
def test_settings(committed_db: Databases, alias: str, synchronous: int) -> None:
    assert pragma("journal_mode", alias) == "wal"
    assert pragma("synchronous", alias) == synchronous
    assert (pragma("mmap_size", alias), pragma("secure_delete", alias), pragma("foreign_keys", alias)) == (0, 1, 1)
    assert pragma("busy_timeout", alias) == 20_000


def test_a_new_database_is_its_owners_alone(committed_db: Databases, tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite3"
    made = connections.create_connection("default")
    made.settings_dict = {**made.settings_dict, "NAME": str(file)}
    made.ensure_connection()
    made.close()
    assert file.stat().st_mode & 0o077 == 0


def other_process(databases: Databases, reader: str) -> subprocess.Popen[str]:
    """One that is about to begin a transaction, in which it writes and waits for a line."""
    other = subprocess.Popen(
        [sys.executable, "-c", WRITE, reader], env=os.environ | {"DATABASE_URL": databases.url},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "begins\n"
    return other


def test_other_processes_wait_their_turn(committed_db: Databases) -> None:
    """While this process is in a transaction, another one cannot begin its own; afterwards it can."""
    with transaction.atomic():
        other = other_process(committed_db, "other")
        assert other.stdin is not None
        assert other.stdout is not None
        FeedCursor.objects.create(reader="mine")
        began = threading.Event()
        reading = threading.Thread(target=lambda: other.stdout.readline() and began.set())  # type: ignore[union-attr]
        reading.start()
        assert not began.wait(1)
    assert began.wait(60)
    other.communicate("\n")
    reading.join()
    assert set(FeedCursor.objects.values_list("reader", flat=True)) == {"mine", "other"}


def test_a_killed_holder_leaves_no_lock(committed_db: Databases) -> None:
    other = other_process(committed_db, "other")
    assert other.stdout is not None
    assert other.stdout.readline() == "begun\n"
    other.kill()
    other.communicate()
    FeedCursor.objects.create(reader="mine")
    with transaction.atomic():
        assert list(FeedCursor.objects.values_list("reader", flat=True)) == ["mine"]


def lock_is_free() -> bool:
    lock = locks.write_lock(str(connection.settings_dict["NAME"]))
    if lock.acquire(0.05):
        lock.release()
        return True
    return False


def test_the_lock_is_given_back(committed_db: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    """After commit, rollback, closing inside a transaction, and a BEGIN that failed."""
    with transaction.atomic():
        assert not lock_is_free()
        with transaction.atomic():
            assert not lock_is_free()
        assert not lock_is_free()
    assert lock_is_free()

    with pytest.raises(KeyError), transaction.atomic():
        raise KeyError
    assert lock_is_free()

    with transaction.atomic():
        connection.close()
        assert lock_is_free()
    assert lock_is_free()

    blocker = library.connect(Path(str(connection.settings_dict["NAME"])))
    blocker.isolation_level = None
    blocker.execute("BEGIN IMMEDIATE")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    connection.close()
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    blocker.close()
    assert lock_is_free()
    connection.close()


def test_waiting_ends_with_an_error(committed_db: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    """A holder that never lets go: threads of this process and other processes give up after the timeout."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.2)
    lock = locks.write_lock(str(connection.settings_dict["NAME"]))
    assert lock.acquire(1)
    with pytest.raises(OperationalError, match="write lock for more than 0.2 s"), transaction.atomic():
        pass
    lock.release()

    other = other_process(committed_db, "other")
    assert other.stdout is not None
    assert other.stdout.readline() == "begun\n"
    with pytest.raises(OperationalError, match="write lock"), transaction.atomic():
        pass
    other.communicate("\n")
    with transaction.atomic():  # having given up keeps nobody out
        pass
    connection.close()


def test_a_forked_child_does_not_give_the_parents_lock_away(committed_db: Databases) -> None:
    with transaction.atomic():
        child = os.fork()
        if child == 0:
            try:
                connection._release_lock()  # type: ignore[attr-defined]
                os._exit(0 if not locks._locks else 1)
            finally:
                os._exit(2)
        assert os.waitpid(child, 0)[1] == 0
        assert not lock_is_free()
        ran = subprocess.run(
            [sys.executable, "-c", TRY_LOCK, f"{connection.settings_dict['NAME']}.lock"], capture_output=True, text=True
        )
        assert ran.stdout.strip() == "held"
    assert lock_is_free()


TRY_LOCK = """
import fcntl, sys
with open(sys.argv[1]) as file:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("held")
"""


def log_of_pages() -> tuple[int, int]:
    """Pages of the write-ahead log, and how many of them are in the file."""
    with connection.cursor() as cursor:
        length, folded = cursor.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()[1:]
        return length, folded


@contextmanager
def folding(lock_was_free: list[bool]) -> Iterator[None]:
    """Note at every fold of the log whether others could have begun to write."""
    saw = lambda said: lock_was_free.append(lock_is_free()) if "PASSIVE" in said else None  # noqa: E731
    connection.ensure_connection()
    connection.connection.set_trace_callback(saw)
    try:
        yield
    finally:
        connection.connection.set_trace_callback(None)


def test_the_log_is_folded_once_it_is_long_and_nobody_waits_for_it(
    committed_db: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock_was_free: list[bool] = []
    with folding(lock_was_free):
        with transaction.atomic():
            FeedCursor.objects.create(reader="short")
        length, folded = log_of_pages()
        assert (lock_was_free, folded) == ([], 0)
        monkeypatch.setattr(base, "FOLDED_PAGES", length + 1)
        with transaction.atomic():
            FeedCursor.objects.create(reader="long")
    length, folded = log_of_pages()
    assert lock_was_free == [True]
    assert length == folded
    with transaction.atomic():
        FeedCursor.objects.create(reader="next")
    assert log_of_pages()[0] < length, "the log begins anew"


def test_a_log_that_grows_while_it_is_folded_is_folded_to_its_end_under_the_lock(
    committed_db: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads an older moment keeps the last pages out of the file; that stands for one who writes meanwhile."""
    with transaction.atomic():
        FeedCursor.objects.create(reader="before")
    reader = connections.create_connection("default")
    with reader.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        cursor.execute("SELECT count(*) FROM core_feedcursor")
    length, folded = log_of_pages()
    monkeypatch.setattr(base, "LONG_LOG_PAGES", length)
    lock_was_free: list[bool] = []
    with folding(lock_was_free), transaction.atomic():
        FeedCursor.objects.create(reader="meanwhile")
        # What is new is too little to be worth it, with what was there before it is enough.
        monkeypatch.setattr(base, "FOLDED_PAGES", length + 1)
    assert lock_was_free == [True, False]
    assert lock_is_free()
    assert folded < log_of_pages()[1] < log_of_pages()[0]
    reader.close()


def test_the_volatile_database_has_a_lock_of_its_own(committed_db: Databases) -> None:
    """Somebody signs in while a long transaction writes records."""
    done = threading.Event()

    def sign_in() -> None:
        with transaction.atomic(using="volatile"):
            Session.objects.create(session_key="k", session_data="", expire_date=timezone.now())
        connections.close_all()
        done.set()

    with transaction.atomic():
        FeedCursor.objects.create(reader="mine")
        thread = threading.Thread(target=sign_in)
        thread.start()
        assert done.wait(60)
    thread.join()
    assert Session.objects.count() == 1


def test_a_snapshot_sees_one_moment_and_keeps_nobody_waiting(committed_db: Databases) -> None:
    FeedCursor.objects.create(reader="before")

    def write() -> None:
        with transaction.atomic():
            FeedCursor.objects.create(reader="meanwhile")
        connections.close_all()

    with read_snapshot():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(60)
        assert not thread.is_alive()
        assert FeedCursor.objects.count() == 1
        with pytest.raises(OperationalError, match="readonly"), transaction.atomic():
            FeedCursor.objects.create(reader="in the snapshot")
    assert FeedCursor.objects.count() == 2
    FeedCursor.objects.create(reader="afterwards")

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), read_snapshot():
        pass


def old_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "version", lambda: (3, 40, 1))
    monkeypatch.setattr(library, "_seen", set())


def wrapper(file: Path) -> DatabaseWrapper:
    made = connections.create_connection("default")
    assert isinstance(made, DatabaseWrapper)
    made.settings_dict = {**made.settings_dict, "NAME": str(file)}
    return made


def test_below_the_mended_version_a_new_database_has_a_rollback_journal(
    committed_db: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    old_library(monkeypatch)
    made = wrapper(tmp_path / "new.sqlite3")
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE t (x)")
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "truncate"
    made.close()
    assert "SQLite 3.40.1 can damage a write-ahead log" in caplog.text
    assert not library.in_wal_mode(tmp_path / "new.sqlite3")


def test_below_the_mended_version_a_wal_file_is_refused_and_left_alone(
    committed_db: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "wal.sqlite3"
    made = wrapper(file)
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE t (x)")
    made.close()
    assert library.in_wal_mode(file)
    before = file.read_bytes()
    old_library(monkeypatch)
    with pytest.raises(library.UnsafeLibrary, match="needs SQLite 3.51.3 or later"):
        wrapper(file).ensure_connection()
    assert file.read_bytes() == before
    monkeypatch.undo()
    made = wrapper(file)
    made.ensure_connection()
    made.close()


def test_versions() -> None:
    assert not library.is_mended((3, 51, 2))
    assert library.is_mended((3, 51, 3))
    assert library.version() == sqlite3.sqlite_version_info
