"""The write lock of a SQLite file: one writer at a time, across threads and processes.

SQLite's own busy handler sleeps longer and longer, up to a tenth of a second, and so starves who has waited longest.
Here writers take an ``flock`` on a file beside the database before they begin their transaction, and look the more
often the longer they have waited; inside a process they queue on a thread lock. (To block in ``flock`` would be fairer
still but knows no time limit.) The lock file is opened for each acquisition, so nothing that matters is inherited over
a fork.
"""

from __future__ import annotations

import os
import sys
import threading
import time

if sys.platform != "win32":
    import fcntl


# Seconds between two looks at the lock, for newcomers and for those who have waited longer than PATIENCE.
OFTEN = 0.001
SOON = 0.0003
PATIENCE = 0.02


class WriteLock:
    """The lock of one database file in this process; get it with :func:`write_lock`."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._thread = threading.Lock()
        self._file: int | None = None
        self._process = os.getpid()

    def acquire(self, timeout: float) -> bool:
        """Wait for at most ``timeout`` seconds; returns whether the caller now holds the lock."""
        deadline = time.monotonic() + timeout
        if not self._thread.acquire(timeout=timeout):
            return False
        granted = False
        try:
            if sys.platform == "win32":
                granted = True  # Threads queue; between processes SQLite's own busy handler decides.
            else:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                granted = _lock_file(self._file, deadline - time.monotonic())
        finally:
            if not granted:
                self._close()
                self._thread.release()
        return granted

    def release(self) -> None:
        """Let the next writer in. In a process forked by the holder this does nothing: the lock is the holder's."""
        if self._process != os.getpid():
            return
        file, self._file = self._file, None
        if file is not None and sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_UN)
            os.close(file)
        self._thread.release()

    def _close(self) -> None:
        """Close the descriptor, which frees the lock only where no other process has a copy of it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _lock_file(file: int, timeout: float) -> bool:
    """Lock ``file`` exclusively within ``timeout`` seconds."""
    began = time.monotonic()
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = time.monotonic() - began
            if waited >= timeout:
                return False
            time.sleep(SOON if waited > PATIENCE else OFTEN)
        else:
            return True


_locks: dict[str, WriteLock] = {}
_locks_guard = threading.Lock()


def write_lock(database: str) -> WriteLock:
    """The lock of the database file ``database``, one object a process."""
    path = os.path.realpath(database) + ".lock"
    with _locks_guard:
        return _locks.setdefault(path, WriteLock(path))


def _after_fork() -> None:
    global _locks_guard
    _locks_guard = threading.Lock()
    for lock in _locks.values():
        lock._close()  # lest the lock outlive the parent that holds it
    _locks.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
