"""Where a session keeps what is gone after it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3  # A session needs about one.


def fast_folder() -> str:
    """A folder in memory, where files are made and removed at once, if there is room in it for all databases of a
    session; else ``/tmp``. A path so short that a socket may lie below it."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return str(MEMORY) if roomy else "/tmp"
