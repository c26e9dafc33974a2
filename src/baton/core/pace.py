"""How much work is done under the write lock at a time: long work goes in slices, so that others wait briefly.

    pace = Pace()
    while rows := list(islice(left, pace.rows)):
        with change(by=by, at=at) as trail:
            ...
        pace.took(len(rows), trail.held_seconds)

Work that goes row by row can also stop in the middle of a slice, when :meth:`Pace.over` says so.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

LOCK_SECONDS = 0.06
"""How long a slice should keep other writers waiting; 0.2 s are the most that is allowed."""

FIRST_ROWS = 50
"""Rows of the first slice, where a row costs little."""

MOST_ROWS = 2_000
"""Most rows of a slice, so that it fits into memory and into one statement's parameters."""

PAUSE_SECONDS = 0.002
"""After each slice; twice as long as those who wait for SQLite's lock sleep between two looks at it. It goes to whoever
looks first, which would nearly always be who has just let it go."""

REMEMBERED = 3
"""So many slices are remembered: after a slow one the next are small, and one that was lucky makes none large."""


@dataclass
class Pace:
    """Rows of the next slice, by what a row of the last slices has cost.

    ``rows`` of the first one is given; ``least`` are the fewest, because a slice also costs what does not depend on its
    rows: fewer of them would hold the lock as long for that alone on a machine that is busy with other things.
    """

    rows: int = FIRST_ROWS
    least: int = 1
    _costs: deque[float] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def took(self, rows: int, seconds: float) -> None:
        """A slice of so many rows has held the lock for ``seconds``. The next one is at most half as large again, and
        begins when whoever waits has had his turn."""
        self._costs.append(seconds / max(rows, 1))
        fitting = int(LOCK_SECONDS / max(*self._costs, 1e-7))
        self.rows = max(self.least, min(fitting, rows + max(rows // 2, 1), MOST_ROWS))
        time.sleep(PAUSE_SECONDS)

    @staticmethod
    def over(held_seconds: float) -> bool:
        """Whether a slice that has held the lock for so long should end with the row that it is at."""
        return held_seconds >= LOCK_SECONDS
