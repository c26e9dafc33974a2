"""What monitoring measures, and when a link needs a look. Pure Python."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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

# The end of the method of a chart on which a phase has another baseline than that, or carries limits on.
BY_PHASE = ".baseline_by_phase"
# No phase takes its limits from more: what two years hold is seldom one steady process.
LONGEST_BASELINE_WEEKS = 104

# Below this many charted weeks limits say too little to call a link in control or not.
FEWEST_WEEKS = 8
# A violation in one of the last so many charted weeks counts as "now".
RECENT_WEEKS = 4
# A chart speaks of "now" with its last RECENT_WEEKS weeks. Where its newest point lies more weeks than that before the
# newest week of all facts, none of its points is from now, and nothing can be said.
SILENT_WEEKS = RECENT_WEEKS

# A quarter: how much is handed over on a link is counted in so many weeks.
QUARTER_WEEKS = 13
# Lists show so many weeks beside the latest figure.
SHOWN_WEEKS = 26

DAYS_A_WEEK = 7
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Phase:
    """Where a phase of a chart begins (``week``, day number of the Monday), and where its limits come from: its first
    ``baseline_weeks`` weeks with a value, or, where ``limits_week`` is given, the earlier phase in which that week
    lies."""

    week: int
    baseline_weeks: int = BASELINE_WEEKS
    limits_week: int | None = None


class Health(StrEnum):
    """How a link goes, as its charts say. Nothing here is said about agreements.

    IN_CONTROL  enough weeks and limits, and no recent violation towards longer waits or more returns
    SIGNAL      a watched rule was violated towards longer waits or more returns in the last RECENT_WEEKS charted weeks
    UNKNOWN     nothing can be said; Unknown says why
    """

    IN_CONTROL = "in_control"
    SIGNAL = "signal"
    UNKNOWN = "unknown"


class Unknown(StrEnum):
    """Why nothing can be said of a measure.

    FEW        fewer than FEWEST_WEEKS charted weeks
    NO_LIMITS  nothing varied in the baseline, or no two neighbouring weeks have a value: limits cannot be estimated
    SILENT     no point for more than SILENT_WEEKS, while other facts go on
    """

    FEW = "few"
    NO_LIMITS = "no_limits"
    SILENT = "silent"


class SignalState(StrEnum):
    """How far people have come with a signal.

    NEW   nobody has looked at it
    SEEN  somebody has looked at it
    """

    NEW = "new"
    SEEN = "seen"


class Scale(StrEnum):
    """On which scale capability is computed.

    LINEAR  as measured
    LOG     logarithms: for waits with a long tail, which are then often near a normal distribution
    """

    LINEAR = "none"
    LOG = "log"


class Stability(StrEnum):
    """Whether the chart calls the last phase steady; Cp, Cpk and Cpm are only given where it does.

    STABLE     enough weeks and limits, and no watched rule violated in the phase, on either side
    UNSTABLE   a watched rule was violated in the phase
    FEW        fewer than FEWEST_WEEKS charted weeks in the phase
    NO_LIMITS  the chart has no limits there
    """

    STABLE = "stable"
    UNSTABLE = "unstable"
    FEW = "few"
    NO_LIMITS = "no_limits"


class Side(StrEnum):
    """On which side of the centre line the point lies that completes a violation. ABOVE is worse for all measures."""

    ABOVE = "above"
    BELOW = "below"


def unknown(charted_weeks: Sequence[int], *, limits: bool) -> Unknown | None:
    """Why a chart cannot be judged; None: it can. ``limits``: whether its last phase has limits."""
    if len(charted_weeks) < FEWEST_WEEKS:
        return Unknown.FEW
    return None if limits else Unknown.NO_LIMITS


def health(charted_weeks: Sequence[int], bad_weeks: Collection[int], *, limits: bool = True) -> Health:
    """Health by one measure, when it was measured.

    ``charted_weeks``: the weeks with a value, ascending. ``bad_weeks``: those in which a watched rule was violated on
    the bad side.
    """
    if unknown(charted_weeks, limits=limits):
        return Health.UNKNOWN
    return Health.SIGNAL if set(bad_weeks).intersection(charted_weeks[-RECENT_WEEKS:]) else Health.IN_CONTROL


def is_silent(newest: int | None, reach: int | None) -> bool:
    """Whether more than SILENT_WEEKS lie between the newest week of a chart and that of all facts (Mondays; None:
    there is none)."""
    return newest is not None and reach is not None and (reach - newest) // DAYS_A_WEEK > SILENT_WEEKS


def worst(found: list[Health]) -> Health:
    """Health by several measures: a signal if any has one; unknown only if all are."""
    if Health.SIGNAL in found:
        return Health.SIGNAL
    return Health.IN_CONTROL if Health.IN_CONTROL in found else Health.UNKNOWN


def monday_of(day: int) -> int:
    """The Monday of the ISO week of a day, both in days since 1970-01-01, a Thursday."""
    return (day + 3) // DAYS_A_WEEK * DAYS_A_WEEK - 3


def week_name(day: int) -> str:
    """The ISO week of a Monday (days since 1970-01-01) as ``2025-W10``."""
    year, week, _weekday = day_of_number(day).isocalendar()
    return f"{year}-W{week:02d}"


def day_of_number(number: int) -> date:
    """The date of a day number (days since 1970-01-01)."""
    return _EPOCH + timedelta(days=number)


def number_of_day(day: date) -> int:
    """The day number of a date (days since 1970-01-01)."""
    return (day - _EPOCH).days
