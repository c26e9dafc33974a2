"""Two judgements of one handoff, and its three checks. Pure Python."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from baton.handoffs.rules.limits import RELEASE_AFTER


class Stage(StrEnum):
    """Who checks before a defect is passed on.

    SELF_CHECK  the supplier, before he hands it over
    RECEIVER    the customer, when he gets it
    INSPECTOR   somebody whose work it is to check
    """

    SELF_CHECK = "self_check"
    RECEIVER = "receiver"
    INSPECTOR = "inspector"


def released_at(mine: datetime | None, theirs: datetime | None, accepted_at: datetime | None) -> datetime | None:
    """When each side reads what the other judged: once both have judged, or :data:`RELEASE_AFTER` the acceptance, or
    the first judgement where nothing was accepted before it. One moment for both; None: not known yet."""
    begun = [one for one in (mine, theirs, accepted_at) if one is not None]
    moments = [min(begun) + RELEASE_AFTER] if begun else []
    if mine is not None and theirs is not None:
        moments.append(max(mine, theirs))
    return min(moments, default=None)


def is_released(mine: datetime | None, theirs: datetime | None, accepted_at: datetime | None, at: datetime) -> bool:
    """Whether each side reads what the other judged."""
    moment = released_at(mine, theirs, accepted_at)
    return moment is not None and moment <= at
