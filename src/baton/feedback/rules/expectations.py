"""Expectations of customers, and how long nobody has asked whether they still hold. Pure Python."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

STALE_AFTER = timedelta(days=180)
"""After so many days without a confirmation nobody knows whether an expectation still holds."""
WORDS_LENGTH = 1_000
MOST_OF_A_LINK = 200


class Channel(StrEnum):
    """How it was learned what a customer expects.

    SURVEY        answers and comments of a survey
    CONVERSATION  somebody said so
    COMPLAINT     a complaint or a return said so
    VISIT         it was seen where the customer works
    GROUP         a workshop or a focus group
    DOCUMENT      it stands in a contract, a rule, an order
    """

    SURVEY = "survey"
    CONVERSATION = "conversation"
    COMPLAINT = "complaint"
    VISIT = "visit"
    GROUP = "group"
    DOCUMENT = "document"


def is_stale(confirmed_on: date, today: date) -> bool:
    """Whether it was confirmed too long ago."""
    return today - confirmed_on > STALE_AFTER


def stale_before(today: date) -> date:
    """Expectations that were confirmed last before this day are stale."""
    return today - STALE_AFTER
