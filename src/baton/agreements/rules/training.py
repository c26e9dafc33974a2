"""Who is trained in how a clause asks people to behave. Pure Python."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

TRAINER_LENGTH = 120
"""Longest name of who trained somebody, or of the course."""
MOST_LINES = 500
"""Most people that are entered at once."""


@dataclass(frozen=True, slots=True)
class TrainingCoverage:
    """Of ``people`` who belong to the supplying party today, ``trained`` hold a training that has not run out."""

    people: int
    trained: int

    @property
    def share(self) -> float | None:
        """Trained of all; None where nobody belongs to the party."""
        return self.trained / self.people if self.people else None


def holds(trained_on: date, expires_on: date | None, day: date) -> bool:
    """Whether a training counts on ``day``, the last day included."""
    return trained_on <= day and (expires_on is None or day <= expires_on)


def covered(people: Collection[int], trained: Collection[int]) -> TrainingCoverage:
    """Coverage of ``people`` by those whose training holds, both by key; who left the party counts no more."""
    own = set(people)
    return TrainingCoverage(len(own), len(own & set(trained)))
