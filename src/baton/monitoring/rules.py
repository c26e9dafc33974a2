"""What monitoring measures, and when a link needs a look. Pure Python."""

from __future__ import annotations

from enum import StrEnum

HANDOVERS = "handovers"
WAITING_TIME = "waiting_time"
RETURN_RATE = "return_rate"
MEASURES = (WAITING_TIME, RETURN_RATE)

WESTERN_ELECTRIC = "western_electric"
NELSON = "nelson"
RULE_SETS = (WESTERN_ELECTRIC, NELSON)
# The rules whose violations become stored signals. Nelson's are shown on request.
WATCHED_RULES = WESTERN_ELECTRIC

# Limits of a phase come from its first so many weeks with a value, and are held from there on: a slow worsening must
# not widen its own limits. Twenty to twenty-five points are usual (Montgomery, section 6.2).
BASELINE_WEEKS = 20

# Below this many charted weeks limits say too little to call a link kept or at risk.
FEWEST_WEEKS = 8
# A violation in one of the last so many charted weeks counts as "now".
RECENT_WEEKS = 4

# A quarter: how much is handed over on a link is counted in so many weeks.
QUARTER_WEEKS = 13
# Lists show so many weeks beside the latest figure.
SHOWN_WEEKS = 26

DAYS_A_WEEK = 7


class Health(StrEnum):
    """How a link goes, as its charts say.

    KEPT     enough weeks, and no recent violation towards longer waits or more returns
    AT_RISK  a watched rule was violated towards longer waits or more returns in the last RECENT_WEEKS charted weeks
    UNKNOWN  not measured, or fewer than FEWEST_WEEKS charted weeks
    """

    KEPT = "kept"
    AT_RISK = "at_risk"
    UNKNOWN = "unknown"


class SignalState(StrEnum):
    """How far people have come with a signal.

    NEW   nobody has looked at it
    SEEN  somebody has looked at it
    """

    NEW = "new"
    SEEN = "seen"


class Side(StrEnum):
    """On which side of the centre line the point lies that completes a violation. ABOVE is worse for all measures."""

    ABOVE = "above"
    BELOW = "below"


def health(charted_weeks: list[int], bad_weeks: set[int]) -> Health:
    """Health by one measure.

    ``charted_weeks``: the weeks with a value, ascending. ``bad_weeks``: those in which a watched rule was violated on
    the bad side.
    """
    if len(charted_weeks) < FEWEST_WEEKS:
        return Health.UNKNOWN
    return Health.AT_RISK if bad_weeks.intersection(charted_weeks[-RECENT_WEEKS:]) else Health.KEPT


def worst(found: list[Health]) -> Health:
    """Health by several measures: at risk if any is; unknown only if all are."""
    if Health.AT_RISK in found:
        return Health.AT_RISK
    return Health.KEPT if Health.KEPT in found else Health.UNKNOWN


def is_monday(day: int) -> bool:
    """Whether a day number (days since 1970-01-01, a Thursday) is a Monday."""
    return (day + 3) % DAYS_A_WEEK == 0
