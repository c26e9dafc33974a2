"""The short form in which the whole run has its walks through everything, and the exhaustive form of ``--exhaustive``.

The short form meets every page, call, route and kind of refusal; the exhaustive form every combination of these with
people, records, themes and odd values. What is taken of a matrix depends on the name of its row alone, so that a new
row changes nothing for the others, and the people take turns from row to row.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar
from zlib import crc32

# Set by tests/conftest.py for ``--exhaustive``; inherited by the workers of the session.
EXHAUSTIVE = "BATON_TEST_EXHAUSTIVE"

Number = TypeVar("Number", int, float)
Taken = TypeVar("Taken")


def exhaustive() -> bool:
    """Whether this session was started with ``--exhaustive``."""
    return EXHAUSTIVE in os.environ


def shortly(short: Number, long: Number) -> Number:
    """How often: ``short`` in the whole run, ``long`` in the exhaustive form."""
    return long if exhaustive() else short


def in_turn(
    row: str, found: Iterable[Taken], kind: Callable[[Taken], Hashable], most: dict[Hashable, int]
) -> list[Taken]:
    """Of each kind so many as ``most`` says, all where it does not; which these are depends on ``row``.

    In the exhaustive form all of them.
    """
    every = list(found)
    if exhaustive() or not every:
        return every
    place = crc32(row.encode()) % len(every)
    left, taken = dict(most), []
    for one in every[place:] + every[:place]:
        of_kind = kind(one)
        if left.get(of_kind, 1) > 0:
            taken.append(one)
        if of_kind in left:
            left[of_kind] -= 1
    return taken
