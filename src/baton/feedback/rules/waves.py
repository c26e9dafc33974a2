"""Waves of surveys: states, thresholds, what may be said while one is open. Pure Python."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class WaveState(StrEnum):
    """How far a wave has come.

    DRAFT      it is prepared: questionnaire, links, whom to ask
    OPEN       people answer; everything that protects them stands still, and only thresholds may be raised
    CLOSED     nobody answers any more; the urn was emptied, answers are being prepared for publication
    PUBLISHED  what may be shown is shown
    LOST       its key was lost while it was open (a backup was restored, a disk failed): answers cannot be read
    WITHDRAWN  it was never opened
    """

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


class Mode(StrEnum):
    """Whether an answer stands beside a name.

    ANONYMOUS  nobody, not even who runs the server, finds out afterwards who answered what
    NAMED      answers stand beside the name, and the page on which they are given says so
    """

    ANONYMOUS = "anonymous"
    NAMED = "named"


class Band(StrEnum):
    """Part that somebody plays in the department from which he is asked; the only thing about a person that stands
    beside an anonymous answer.

    LEAD   heads it, or stands in for its head
    STAFF  belongs to it
    """

    LEAD = "lead"
    STAFF = "staff"


class Way(StrEnum):
    """How the way to his sheet reaches somebody.

    MAIL    a letter with his link, sent once and kept nowhere
    APP     he fetches it in Baton, signed in, where it lies in a sealed envelope
    CARD    a card that he draws; nobody knows who drew which
    """

    MAIL = "mail"
    APP = "app"
    CARD = "card"


FEWEST = 5
"""Answers on which a published figure rests, where nobody says a higher number."""
FEWEST_COMMENTS = 10
"""Sheets of a link, or of a wave, among which comments are shown."""
FEWEST_RANGE = range(5, 101)
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=92)
"""For how long a wave is open."""
MOST_LINKS = 2_000
LINKS_A_SHEET = 5
"""Most links that one person is asked about in one wave: two minutes are not enough for more."""

PARTICIPATION_INVITED = 50
"""So many must be invited before anybody is told, while a wave is open, how many have answered."""
PARTICIPATION_STEP = 0.1
"""In steps of which that is said."""

PUBLISHED_AT_ONCE = 100
"""With more links the computing takes so long that it is left to the worker."""

LIVING = frozenset({WaveState.DRAFT, WaveState.OPEN})
OVER = frozenset({WaveState.CLOSED, WaveState.PUBLISHED, WaveState.LOST, WaveState.WITHDRAWN})


def participation_told(*, invited: int, answered: int) -> float | None:
    """What may be said while a wave is open: the share of answers, rounded down to steps of 10 %, if at least 50 were
    invited; None: nothing. A finer figure would tell who has just answered."""
    if invited < PARTICIPATION_INVITED:
        return None
    steps = int(answered / invited / PARTICIPATION_STEP + 1e-9)
    return min(1.0, round(steps * PARTICIPATION_STEP, 1))


def is_over(closes_at: datetime, at: datetime) -> bool:
    """Whether nobody answers any more."""
    return at >= closes_at
