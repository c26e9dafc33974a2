"""How long, how many and how much."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

REFERENCE_LENGTH = 80
"""Longest reference (order, lot, case, sample), in characters."""

SYSTEM_LENGTH = 40
"""Longest name of the system that a handoff comes from, in characters."""

OWN_SYSTEM = "Baton"
"""As whose keys Baton's own tables give the public ids of handoffs that no other system knows by a key."""

KEY_LENGTH = 100
"""Longest id of a handoff in the system that it comes from, in characters."""

PRIORITY_LENGTH = 20
"""Longest priority, in characters."""

NAME_LENGTH = 120
"""Longest name of what a line hands over, in characters."""

CODE_LENGTH = 40
"""Longest item code, revision or defect code, in characters."""

UNIT_LENGTH = 20
"""Longest unit of a quantity, in characters."""

REASON_LENGTH = 200
"""Longest reason of a pause, a warning or a refusal, in characters."""

NOTE_LENGTH = 500
"""Longest note, phenomenon or ground, in characters."""

MOST_PHOTOS = 60
"""Most evidence photos of one handoff, removed ones left out."""

MOST_LINES = 200
"""Most lines of one handoff; more of them are several handoffs."""

LARGEST = Decimal("999999999999")
"""No quantity lies beyond this; larger numbers are slips of the pen."""

HIGHEST_COST = Decimal("999999999999.99")
"""No cost lies beyond this."""

PLACES = 6
"""Decimal places of a quantity."""

CLOCK_ERROR = timedelta(minutes=5)
"""By how much the clock of a phone may be ahead: what lies so far in the future is taken for now, more is refused."""

FIRST_YEAR = 2000
"""Nothing happened before it; an earlier year is a slip of the pen."""

LATEST_DUE = timedelta(days=3 * 366)
"""Nothing is due later than so long ahead."""

CONTEST_HOURS = 24
"""Within how many hours a return may be contested where the link says nothing else."""

CONTEST_RANGE = range(1, 24 * 30 + 1)
SILENT_RANGE = range(1, 24 * 60 + 1)

RELEASE_AFTER = timedelta(days=7)
"""How long after the acceptance the judgement of one side is kept from the other that has not judged."""

PAGE_ROWS = 50
"""Rows of one page of a list."""

MOST_LISTED = 10_000
"""Rows of a list that are counted and paged through; whoever wants more narrows it down or takes the export."""
