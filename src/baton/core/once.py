"""What is read once in a request: several parts of a page ask the same, such as what its reader may see.

Nothing of it outlives the beginning of a change or a write within it (:func:`forget`): what is changed is judged by
what stands in the database once nobody else can write.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_WRITTEN = object()
"""Kept from the beginning of the first change on."""

_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def once_in_here(kept: dict[Hashable, Any] | None = None) -> Iterator[None]:
    """Within the block, what :func:`once` reads is read once, and nothing is taken over that was read before it.

    Several blocks with the same ``kept``, empty at first, share what they read.
    """
    within: dict[Hashable, Any] = {} if kept is None else kept
    token = _kept.set(within)
    try:
        yield
    finally:
        _kept.reset(token)
        if _WRITTEN in within:
            forget()


def once(key: Hashable, read: Callable[[], T]) -> T:
    """What ``read`` gives, read once under ``key`` within a request; outside one it is read each time."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: T = kept[key]
    return found


def forget() -> None:
    """Read everything anew: a change begins, or something was written."""
    kept = _kept.get()
    if kept is not None:
        kept.clear()
        kept[_WRITTEN] = True


def only_reads() -> bool:
    """Whether a request is answered in which no change has begun yet: what is read now was committed."""
    kept = _kept.get()
    return kept is not None and _WRITTEN not in kept
