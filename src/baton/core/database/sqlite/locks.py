"""The write lock of a SQLite file: one writer at a time, across threads and processes, first come first served.

SQLite's own busy handler sleeps and tries again, which starves writers under load. Here writers queue in the kernel
(``flock`` on a file beside the database) before they begin their transaction; inside a process they queue on a thread
lock. The lock file is opened for each acquisition, so nothing that matters is inherited over a fork.
"""

from __future__ import annotations

import os
import sys
import threading
import time

if sys.platform != "win32":
    import fcntl


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
                self._file = None  # closed by the waiter that still stands in the queue
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

    def drop_inherited(self) -> None:
        """In a forked child: close the copied descriptor, lest the lock outlive the parent that holds it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _lock_file(file: int, timeout: float) -> bool:
    """Lock ``file`` exclusively within ``timeout`` seconds. When it fails, ``file`` is closed sooner or later."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _Waiter(file).wait(timeout)
    return True


class _Waiter:
    """``flock`` has a queue but no time limit: a thread of its own stands in it, so that the caller can leave."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._turn = threading.Lock()
        self._granted = threading.Event()
        self._abandoned = False
        threading.Thread(target=self._stand_in_queue, name="write-lock", daemon=True).start()

    def _stand_in_queue(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        with self._turn:
            if self._abandoned:
                os.close(self._file)
            else:
                self._granted.set()

    def wait(self, timeout: float) -> bool:
        got_it = False
        try:
            got_it = self._granted.wait(max(timeout, 0))
        finally:
            with self._turn:
                if not got_it and self._granted.is_set():
                    fcntl.flock(self._file, fcntl.LOCK_UN)
                    os.close(self._file)
                self._abandoned = not got_it
        return got_it


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
        lock.drop_inherited()
    _locks.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
