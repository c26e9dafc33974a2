"""Accounts and contacts of outside parties: limits, and who may be contacted."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

NUMBER_LENGTH = 40
"""Longest account number, in characters."""

BUDGETS = range(32)
"""How often a contact may be contacted in a month."""


class Reachable(StrEnum):
    """Whether a contact may be contacted on a day, and if not, why.

    YES         he agreed, is not on the quiet list, and his budget of the month allows it
    NO_CONSENT  nobody has written down that he agreed
    QUIET       he asked not to be contacted, or not before a day
    BUDGET      he may not be contacted at all in a month
    ENDED       he is a contact no more, or his data were forgotten
    """

    YES = "yes"
    NO_CONSENT = "no_consent"
    QUIET = "quiet"
    BUDGET = "budget"
    ENDED = "ended"


def reachable(
    day: date, *, consented_on: date | None, quiet: bool, quiet_until: date | None, budget: int, ended_on: date | None
) -> Reachable:
    """Whether somebody may be contacted on ``day``; what was sent to him this month, the sender counts."""
    if ended_on is not None and ended_on <= day:
        return Reachable.ENDED
    if quiet or (quiet_until is not None and day < quiet_until):
        return Reachable.QUIET
    if consented_on is None or consented_on > day:
        return Reachable.NO_CONSENT
    return Reachable.YES if budget else Reachable.BUDGET
