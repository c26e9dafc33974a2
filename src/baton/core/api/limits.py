"""How many calls a minute: counted in the memory of each process, before anything is looked up or hashed."""

from __future__ import annotations

import threading
from datetime import datetime

_MOST_KEYS = 20_000


class Limit:
    """At most so many events of a key in a calendar minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._counts: dict[str, int] = {}

    def seconds_to_wait(self, key: str, at: datetime, most: int, *, count: bool = True) -> int:
        """0 while ``key`` has had fewer than ``most`` events in this minute, and counts this one if ``count``; else how
        many seconds are left of the minute."""
        minute, second = divmod(int(at.timestamp()), 60)
        with self._lock:
            if minute != self._minute or len(self._counts) > _MOST_KEYS:
                self._minute, self._counts = minute, {}
            had = self._counts.get(key, 0)
            if had >= most:
                return 60 - second
            if count:
                self._counts[key] = had + 1
        return 0

    def clear(self) -> None:
        """Begin anew."""
        with self._lock:
            self._counts = {}


calls = Limit()
wrong_tokens = Limit()
