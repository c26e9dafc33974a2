"""The folder in which a backup or a restore works: beside its target, locked while it is used, gone afterwards."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".baton-working-"
"""Beginning of the names of these folders; there is nothing of that name that may not be removed."""


@contextmanager
def working_folder(beside: Path) -> Iterator[Path]:
    """An empty folder in ``beside`` that goes with the block, and with it what runs that were killed left there.

    Such a leftover holds a copy of the records. It is told from the folder of a run at work by its lock, which the
    system takes away when a process ends, however it ends.
    """
    remove_leftovers(beside)
    folder, lock = _new(beside)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_leftovers(beside: Path) -> int:
    """Remove the folders that no run holds any more; how many there were."""
    removed = 0
    for folder in beside.glob(f"{PREFIX}*"):
        if folder.is_symlink() or not folder.is_dir() or folder.stat().st_uid != os.getuid():
            continue
        lock = _locked(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
            removed += 1
    return removed


def _new(beside: Path) -> tuple[Path, int]:
    """A new folder and its lock. Another run may take the folder for a leftover before it is locked: then a newer."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=beside))
        lock = _locked(folder)
        if lock is not None and folder.exists():
            return folder, lock
        if lock is not None:
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """The descriptor that holds the lock on a folder; None where another process holds it or the folder is gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
