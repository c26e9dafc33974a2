"""What Django keeps for whoever answers a request: language, time zone, script prefix and table of addresses.

It keeps them in a store that also follows tasks of asyncio and therefore takes a lock for each look; a page looks
hundreds of times. Baton answers each request in a thread of its own and has no such tasks: there the store of the
standard library is the same, and threads do not wait for each other.
"""

from __future__ import annotations

import threading

from django.urls import base
from django.utils import timezone
from django.utils.translation import trans_real


def keep_by_thread() -> None:
    """Keep these values by thread. Called once, before anything of them is set."""
    trans_real._active = threading.local()  # type: ignore[attr-defined]
    timezone._active = threading.local()  # type: ignore[attr-defined]
    base._prefixes = threading.local()  # type: ignore[attr-defined]
    base._urlconfs = threading.local()  # type: ignore[attr-defined]
