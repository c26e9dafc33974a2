"""What monitoring measures, and when a link needs a look. Pure Python."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

# Fact tables: handovers that were found in event logs, what was handed over on a link as it was recorded, and what was
# recorded held against one clause.
HANDOVERS = "handovers"
HANDED_OVER = "handed_over"
KEPT_CLAUSES = "handoffs"

WAITING_TIME = "waiting_time"
RETURN_RATE = "return_rate"
ATTAINMENT = "attainment"
MEASURED_VALUE = "measured_value"
DEFECT_RATE = "defect_rate"
DELIVERIES = "deliveries"
COMEBACKS = "comebacks"

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
# So many charted weeks without a violation lie within one episode; one more, and it is over and its signal closes.
CALM_WEEKS = RECENT_WEEKS - 1
# A steady process violates the Western Electric rules in about one week in 90 (Champ & Woodall 1987, Technometrics 29:
# 393-399). A phase in which more of its charted weeks than this violate one is not called stable.
UNSTABLE_SHARE = 0.05
# A chart speaks of "now" with its last RECENT_WEEKS weeks. Where its newest point lies more weeks than that before the
# newest week of all facts, none of its points is from now, and nothing can be said.
SILENT_WEEKS = RECENT_WEEKS

# A quarter: how much is handed over on a link is counted in so many weeks.
QUARTER_WEEKS = 13
# Lists show so many weeks beside the latest figure.
SHOWN_WEEKS = 26

DAYS_A_WEEK = 7
_EPOCH = date(1970, 1, 1)


class Side(StrEnum):
    """On which side of the centre line the point lies that completes a violation; what is worse, says the measure."""

    ABOVE = "above"
    BELOW = "below"


class ChartKind(StrEnum):
    """On which chart a measure is drawn.

    MEDIANS      single values (I chart): the median of each week
    MEANS        single values (I chart): the mean of each week
    PROPORTIONS  p chart, or p' where weeks vary by more than chance
    RATES        u chart, or u' where weeks vary by more than chance
    COUNTS       c chart: every week has the same opportunity
    """

    MEDIANS = "medians"
    MEANS = "means"
    PROPORTIONS = "proportions"
    RATES = "rates"
    COUNTS = "counts"


SINGLE_VALUES = frozenset({ChartKind.MEDIANS, ChartKind.MEANS})


@dataclass(frozen=True, slots=True)
class Defined:
    """What a measure is: from which fact tables it comes, on which chart it is drawn, on which sides of the centre line
    it is worse, and whether it can be below 0. A ``weight`` is how many seconds of waiting a handoff weighs that is off
    by 1, so that the signals of all measures stand in one order."""

    name: str
    tables: tuple[str, ...]
    chart: ChartKind
    worse: frozenset[Side]
    weight: float = 86_400.0
    signed: bool = False


_HIGH, _LOW = frozenset({Side.ABOVE}), frozenset({Side.BELOW})
_OF_LINKS, _OF_CLAUSES = (HANDOVERS, HANDED_OVER), (KEPT_CLAUSES,)
DEFINED = {
    one.name: one
    for one in (
        Defined(WAITING_TIME, _OF_LINKS, ChartKind.MEDIANS, _HIGH, weight=1.0),
        Defined(RETURN_RATE, _OF_LINKS, ChartKind.PROPORTIONS, _HIGH),
        Defined(ATTAINMENT, _OF_CLAUSES, ChartKind.PROPORTIONS, _LOW),
        Defined(MEASURED_VALUE, _OF_CLAUSES, ChartKind.MEANS, _HIGH | _LOW, weight=1.0, signed=True),
        Defined(DEFECT_RATE, _OF_CLAUSES, ChartKind.RATES, _HIGH),
        Defined(DELIVERIES, _OF_CLAUSES, ChartKind.COUNTS, _LOW),
        Defined(COMEBACKS, _OF_CLAUSES, ChartKind.COUNTS, _HIGH),
    )
}
"""All that is measured, by name."""

MEASURES = tuple(DEFINED)
LINK_TABLES = _OF_LINKS


def measures_of(table: str) -> tuple[str, ...]:
    """The measures that come from a fact table."""
    return tuple(name for name, one in DEFINED.items() if table in one.tables)


def is_worse(measure: str, side: str) -> bool:
    """Whether a point on this side of the centre line is worse."""
    return side in DEFINED[measure].worse


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

    IN_CONTROL  enough weeks and limits, and no recent violation towards the worse
    SIGNAL      a watched rule was violated towards the worse in the last RECENT_WEEKS charted weeks
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
    """How far people have come with a signal, which is one episode of a chart. One that somebody closed is opened
    again, as NEW, when rules are violated anew before the process had returned; afterwards that is another signal.

    NEW        nobody has looked at it since it was opened
    SEEN       somebody has looked at it
    EXPLAINED  somebody said what is behind it; it is open as long as the chart shows it
    CLOSED     nobody needs to look any more; Closing says why
    """

    NEW = "new"
    SEEN = "seen"
    EXPLAINED = "explained"
    CLOSED = "closed"


OPEN_STATES = (SignalState.NEW, SignalState.SEEN, SignalState.EXPLAINED)


class Closing(StrEnum):
    """Why a signal is closed.

    PERSON  somebody closed it, and said why
    PASSED  by itself: no rule was violated any more in the last RECENT_WEEKS charted weeks
    UNDONE  by itself: other facts came, or a phase, and with them the chart shows that no rule was violated
    GONE    by itself: there are no facts any more, or the chart is no longer worth a look (the link ended)
    """

    PERSON = "person"
    PASSED = "passed"
    UNDONE = "undone"
    GONE = "gone"


class Severity(StrEnum):
    """How much the violated rules say by themselves.

    STRONG    one point beyond three sigma: something happened in that week
    MODERATE  a pattern of several points: the process has moved, or moves
    """

    STRONG = "strong"
    MODERATE = "moderate"


# What stands among the rules of a signal where a promise is broken: no rule of the chart.
BROKEN_PROMISE = "PROMISE"
# The watched rules by number.
WATCHED_RULE_CODES = ("WE1", "WE2", "WE3", "WE4")
BEYOND_THREE_SIGMA = frozenset({"WE1", "N1"})

# Of charts in control whose limits are known, so many show a rule of Western Electric violated towards the
# worse in one of the last RECENT_WEEKS points. Simulated; the tests simulate it again with the rules as they are.
SIGNAL_BY_CHANCE = 0.025

# A signal of weeks that ended longer ago is history when a run finds it: it stands in the list, and nobody is told.
TOLD_WEEKS = 8
# A signal that was opened longer ago is told to nobody any more, whoever begins to listen.
TOLD_AFTER = timedelta(days=14)
# Group chats are told in these hours of the organisation's day, once.
DIGEST_HOURS = range(8, 20)
# A run begins every minute: what is further behind than this is wrong.
LATE = timedelta(minutes=10)
# So many of the last runs that did something are kept with what they cost.
RUNS_KEPT = 200
REFRESH_JOB = "monitoring.refresh"
REASON_LENGTH = 500


class Keeping(StrEnum):
    """How monitoring keeps up with the records, the worst first that is so.

    NOT_RUN  no run has ended well yet, and none failed: a worker has yet to begin
    FAILED   the last run failed; it is tried again
    LATE     no run has ended well for LATE, though one begins every minute
    BEHIND   runs end well, but an entry has been waiting for longer than LATE
    WELL     none of these
    """

    NOT_RUN = "not_run"
    FAILED = "failed"
    LATE = "late"
    BEHIND = "behind"
    WELL = "well"


class RunKind(StrEnum):
    """What a run of monitoring was to do: follow the records, or build everything anew."""

    REFRESH = "refresh"
    REBUILD = "rebuild"


class Scale(StrEnum):
    """On which scale capability is computed.

    LINEAR  as measured
    LOG     logarithms: for waits with a long tail, which are then often near a normal distribution
    """

    LINEAR = "none"
    LOG = "log"


class PromiseStatus(StrEnum):
    """What was reached, held against what was promised; never by the figure alone, always by its interval.

    KEPT     the whole interval keeps the promise, or nothing broke it among FEWEST_JUDGED or more
    AT_RISK  the interval reaches to both sides of the promise
    BROKEN   no part of the interval keeps the promise
    UNKNOWN  neither of these, among fewer than FEWEST_JUDGED
    """

    KEPT = "kept"
    AT_RISK = "at_risk"
    BROKEN = "broken"
    UNKNOWN = "unknown"


FEWEST_JUDGED = 20


def promise_status(promised: float, low: float, high: float, *, n: float, spotless: bool, most: bool) -> PromiseStatus:
    """How a promise stands of which ``low`` to ``high`` was reached of ``n``. ``most``: no more than that is promised
    (a rate of defects), else no less (a share that is kept). ``spotless``: nothing broke it."""
    if low > promised if most else high < promised:
        return PromiseStatus.BROKEN
    if high <= promised if most else low >= promised:
        return PromiseStatus.KEPT
    if n < FEWEST_JUDGED:
        return PromiseStatus.UNKNOWN
    return PromiseStatus.KEPT if spotless else PromiseStatus.AT_RISK


class Stability(StrEnum):
    """Whether the chart calls the last phase steady; Cp, Cpk and Cpm are only given where it does.

    STABLE     enough weeks and limits, and no more violations, on either side, than chance gives a steady process
    UNSTABLE   a watched rule was violated in one of the last RECENT_WEEKS charted weeks of the phase, or in more than
               UNSTABLE_SHARE of them
    FEW        fewer than FEWEST_WEEKS charted weeks in the phase
    NO_LIMITS  the chart has no limits there
    """

    STABLE = "stable"
    UNSTABLE = "unstable"
    FEW = "few"
    NO_LIMITS = "no_limits"


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


def severity_of(rules: Iterable[str]) -> Severity:
    """How much violations of these rules (``WE1``) say by themselves: as much as the strongest."""
    return Severity.MODERATE if (BEYOND_THREE_SIGMA | {BROKEN_PROMISE}).isdisjoint(rules) else Severity.STRONG


def is_history(last_week: int, today: int) -> bool:
    """Whether a signal that was violated last in this week (its Monday) is told to nobody any more (day numbers)."""
    return (monday_of(today) - last_week) // DAYS_A_WEEK > TOLD_WEEKS


def signal_cost(measure: str, effect: float, handoffs: int) -> float:
    """What an ``effect`` (seconds a handoff, or share of returns) on so many handoffs weighs, in seconds of waiting."""
    return effect * handoffs * DEFINED[measure].weight


def expected_by_chance(charts: int) -> float:
    """On how many of so many charts, all in control, a signal towards the worse stands by chance."""
    return charts * SIGNAL_BY_CHANCE


def keeping(at: datetime, *, ended_well_at: datetime | None, failed: bool, waiting_since: datetime | None) -> Keeping:
    """How monitoring keeps up: when a run last ended well (None: never), whether the last one failed, and since when
    the oldest entry has been waiting that no run has read (None: none has)."""
    if failed:
        return Keeping.FAILED
    if ended_well_at is None:
        return Keeping.NOT_RUN
    if at - ended_well_at > LATE:
        return Keeping.LATE
    return Keeping.BEHIND if waiting_since is not None and at - waiting_since > LATE else Keeping.WELL


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
