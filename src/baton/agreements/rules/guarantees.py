"""Service guarantees: how a call ended, and how many were honoured. Pure Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class CallOutcome(StrEnum):
    """How a call of a guarantee ended.

    OPEN          nobody has said yet
    HONOURED      the customer got what was promised
    NOT_HONOURED  he did not
    """

    OPEN = "open"
    HONOURED = "honoured"
    NOT_HONOURED = "not_honoured"


MOST_POINTS = 1_000
"""Most points that a guarantee costs who gave it."""
MOST_GUARANTEES = 10
"""Most guarantees of one agreement or offer; more of them nobody remembers."""
COUNTED = timedelta(days=365)
"""Calls of so long back count for the share that was honoured."""


@dataclass(frozen=True, slots=True)
class HonouredShare:
    """How many of the calls that ended were honoured; ``open`` are those that did not end yet."""

    honoured: int = 0
    ended: int = 0
    open: int = 0

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where no call has ended."""
        return self.honoured / self.ended if self.ended else None


def honoured_share(outcomes: Iterable[str]) -> HonouredShare:
    """The share of these calls."""
    found = list(outcomes)
    honoured = found.count(CallOutcome.HONOURED)
    return HonouredShare(honoured, honoured + found.count(CallOutcome.NOT_HONOURED), found.count(CallOutcome.OPEN))
