"""Loading the application."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """What a process loads in this block stays until its end, so the collector of garbage does not look at it.

    Not meanwhile, which is a fifth of the time that a start takes, and not in full collections later.
    """
    from django.apps import apps

    if apps.ready or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
