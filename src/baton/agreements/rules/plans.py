"""Joint quality plans: states and limits. Pure Python."""

from __future__ import annotations

from enum import StrEnum

MOST_GOALS = 20
MOST_ITEMS = 100
MOST_EDITIONS = 200
MEASURE_LENGTH = 200
"""Longest measure or target of an item, in characters."""


class ItemState(StrEnum):
    """How far an item of a joint quality plan has come.

    PLANNED  nobody has begun
    DOING    is being worked on
    DONE     is done
    DROPPED  was taken out of the plan; it stays in its history
    """

    PLANNED = "planned"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"
