"""What signatures mean, how sure it is who signed, and what becomes of task links. Pure Python."""

from __future__ import annotations

from enum import StrEnum


class Meaning(StrEnum):
    """What somebody says with a signature (21 CFR 11.50(a)(3)).

    AUTHOR      this is mine
    REVIEW      I have read and checked it
    APPROVAL    it holds, I decide so
    ACCEPTANCE  my side takes it on
    """

    AUTHOR = "author"
    REVIEW = "review"
    APPROVAL = "approval"
    ACCEPTANCE = "acceptance"


class Grade(StrEnum):
    """How it was made sure who signs.

    TAP               the session of somebody signed in
    REAUTHENTICATION  sign-in name and password or code, typed for this signature
    TASK_LINK         somebody outside: a link that was sent to him, and its code
    PAPER             a signed or chopped paper copy of the exact version
    """

    TAP = "tap"
    REAUTHENTICATION = "reauthentication"
    TASK_LINK = "task_link"
    PAPER = "paper"


OUTSIDE_GRADES = frozenset({Grade.TASK_LINK, Grade.PAPER})
"""Grades of people without a sign-in: the name printed is the one that they gave."""

SIGNER_LENGTH = 120
"""Longest name printed in a signature of somebody outside."""


class LinkFate(StrEnum):
    """What has become of a task link.

    OPEN       it can be used, with its code
    USED       the task was done: it works once
    WITHDRAWN  who asked took it back
    LOCKED     too many wrong codes were typed
    EXPIRED    its time is over
    """

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    LOCKED = "locked"
    EXPIRED = "expired"


TASK_LINK_DAYS = range(1, 61)
TASK_LINK_TRIES = 5
"""So many wrong codes lock a task link for good."""
