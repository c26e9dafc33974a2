"""Python's collector of garbage waits while somebody holds the write lock.

A full collection looks at every object of the process and takes a tenth of a second, in which all other writers would
wait. It comes as soon as the lock is let go.
"""

from __future__ import annotations

import gc
import threading


class Pause:
    """From its making until :meth:`end`, which may be called more than once, nothing is collected."""

    _guard = threading.Lock()
    _open = 0
    _was_on = True

    def __init__(self) -> None:
        self._ended = False
        with Pause._guard:
            if not Pause._open:
                Pause._was_on = gc.isenabled()
                gc.disable()
            Pause._open += 1

    def end(self) -> None:
        with Pause._guard:
            if self._ended:
                return
            self._ended = True
            Pause._open -= 1
            if not Pause._open and Pause._was_on:
                gc.enable()
