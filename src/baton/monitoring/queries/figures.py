"""How subjects go, in a line each, for lists and maps. Results as they are stored, judged by how far facts reach."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from baton.core.actors import Actor
from baton.core.once import once
from baton.core.policy import demand
from baton.monitoring import policy
from baton.monitoring.models import BrokenSource, StoredMeasure
from baton.monitoring.models.signals import MEASURE_WORDS
from baton.monitoring.queries.reach import reach
from baton.monitoring.rules import (
    DAYS_A_WEEK,
    QUARTER_WEEKS,
    RETURN_RATE,
    SILENT_WEEKS,
    WAITING_TIME,
    Health,
    Unknown,
    day_of_number,
    is_silent,
    week_name,
    worst,
)

_HEALTH = {health.value: health for health in Health}

# Above this many subjects it is cheaper to read all than to name each (SQLite also limits parameters).
_MOST_NAMED = 500


@dataclass(frozen=True, slots=True)
class Latest:
    """One measure as lists show it: ``value`` (seconds, or a share) of the last week that has one, from ``n`` records;
    ``values`` of the last weeks (None: a gap) and the ``centre`` line of the phase that goes on."""

    value: float
    n: int
    week: date
    values: list[float | None]
    centre: float | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A watched rule that is violated now on the bad side. ``since``: Monday of the first week of the violation."""

    measure: str
    rule: str
    explanation: str
    values: dict[str, Any]
    since: date

    @property
    def measure_name(self) -> str:
        """Which chart gave the alarm, in the reader's language."""
        return str(MEASURE_WORDS[self.measure])

    @property
    def words(self) -> str:
        """The rule in the reader's language."""
        return gettext(self.explanation).format(**self.values)


@dataclass(frozen=True, slots=True)
class Figures:
    """How a subject goes, in a line. ``wait`` in seconds, ``returns`` a share; None where there is nothing to say.

    ``alarms``, in the order in which they began, are the reasons of a health SIGNAL; ``why`` is the reason of a health
    UNKNOWN of something measured, with ``silent_since``, the Monday of the last week heard of, for SILENT. ``measured``
    is False where monitoring knows nothing of the subject at all; ``old`` is True where a source of its facts is
    broken, so that they may have moved on.
    """

    health: Health
    wait: Latest | None = None
    returns: Latest | None = None
    alarms: tuple[Alarm, ...] = ()
    why: Unknown | None = None
    silent_since: int | None = None
    measured: bool = True
    old: bool = False

    @property
    def shows(self) -> str:
        """The same for figures that show the same."""
        return repr(self)

    @property
    def word(self) -> str:
        """The health in the reader's language, with its reason where it is unknown."""
        if not self.measured:
            return gettext("Not measured")
        if self.why is Unknown.SILENT and self.silent_since is not None:
            return gettext("No handoffs since {week}").format(week=week_name(self.silent_since))
        reasons = {Unknown.FEW: gettext("Too few weeks"), Unknown.NO_LIMITS: gettext("No limits yet")}
        words = {Health.IN_CONTROL: gettext("In control"), Health.SIGNAL: gettext("Signal")}
        return words.get(self.health) or (reasons.get(self.why) if self.why else None) or gettext("Unknown")


NOT_MEASURED = Figures(Health.UNKNOWN, measured=False)


@dataclass(frozen=True, slots=True)
class Flows:
    """Health of each subject, and how much was handed over on it in the QUARTER_WEEKS weeks before ``until`` (the first
    day after the last week for which there are facts; None: there are none). ``silent_since``: the Monday of the last
    week heard of, of subjects that are silent."""

    health: dict[str, Health]
    handovers: dict[str, int]
    silent_since: dict[str, int]
    until: date | None


def health_of(*, viewer: Actor, subjects: Iterable[str]) -> dict[str, Health]:
    """How each of these subjects goes, for maps and lists, in two queries.

    The rule: a signal when a Western Electric rule was violated towards longer waits or more returns in one of the last
    four weeks of a chart; in control when not, and a chart has limits and at least eight weeks; otherwise unknown (also
    when nothing was measured). A chart whose newest week lies more than SILENT_WEEKS before that of all facts says
    nothing of now. ``subjects`` are keys of what the caller already showed to be visible to the viewer.
    """
    demand(policy.may_see_health(viewer))
    return _health_of(dict.fromkeys(subjects, Health.UNKNOWN), _last_week(viewer))


def _health_of(found: dict[str, Health], reach: int | None) -> dict[str, Health]:
    """``found`` with the health of each: :func:`baton.monitoring.rules.worst` of :func:`_now`, told to the database."""
    speaking = _rows_of(found).exclude(health=Health.UNKNOWN)
    if reach is not None:
        speaking = speaking.exclude(week__lt=reach - SILENT_WEEKS * DAYS_A_WEEK)
    for subject, health in speaking.values_list("subject", "health"):
        if found.get(subject, Health.SIGNAL) is not Health.SIGNAL:
            found[subject] = _HEALTH[health]
    return found


def figures_of(*, viewer: Actor, subjects: Iterable[str]) -> dict[str, Figures]:
    """The latest figures of each subject, for lists, in three queries; the health is that of :func:`health_of`.

    ``subjects`` are keys of what the caller already showed to be visible to the viewer.
    """
    demand(policy.may_see_health(viewer))
    found: dict[str, dict[str, tuple[Health, dict[str, Any]]]] = {subject: {} for subject in subjects}
    reach = _last_week(viewer)
    for subject, name, health, recent in _rows_of(found).values_list("subject", "name", "health", "recent"):
        if subject in found:
            found[subject][name] = _now(health, recent["week"], reach), recent
    old = with_old_facts(viewer=viewer, subjects=found)
    return {
        subject: _figures(each, reach, old=subject in old) if each else NOT_MEASURED for subject, each in found.items()
    }


def flows_of(*, viewer: Actor, subjects: Iterable[str]) -> Flows:
    """Health and handovers of the last quarter of each subject, for maps, in three queries.

    ``subjects`` are keys of what the caller already showed to be visible to the viewer. A subject that is not measured
    has a health and no number of handovers.
    """
    demand(policy.may_see_health(viewer))
    found = dict.fromkeys(subjects, Health.UNKNOWN)
    weekly: dict[str, tuple[int, list[int]]] = {}
    reach = _last_week(viewer)
    returns = _rows_of(found).filter(name=RETURN_RATE, heard__isnull=False)
    for subject, heard, quarter in returns.values_list("subject", "heard", "quarter"):
        if subject in found and heard is not None:
            weekly[subject] = heard, [int(count) for count in quarter.split()]
    last = reach if reach is not None else max((end for end, _counts in weekly.values()), default=None)
    handovers = {}
    for subject, (end, counts) in weekly.items():
        quiet = max(0, ((last or end) - end) // DAYS_A_WEEK)
        weeks = max(0, QUARTER_WEEKS - quiet)
        handovers[subject] = sum(counts[-weeks:]) if weeks else 0
    return Flows(
        health=_health_of(found, reach),
        handovers=handovers,
        silent_since={subject: end for subject, (end, _counts) in weekly.items() if is_silent(end, reach)},
        until=None if last is None else day_of_number(last + DAYS_A_WEEK),
    )


def with_old_facts(*, viewer: Actor, subjects: Collection[str]) -> set[str]:
    """Those of the subjects of which a source is broken, so that their facts may be old. One query, once a
    request."""
    demand(policy.may_see_health(viewer))
    old: set[str] = set()
    for named in once("monitoring.broken", lambda: list(BrokenSource.objects.values_list("subjects", flat=True))):
        old |= set(subjects) if named is None else set(subjects).intersection(named)
    return old


def _last_week(viewer: Actor) -> int | None:
    """Monday of the last week that all facts reach."""
    reached = reach(viewer=viewer)
    return reached.week if reached else None


def _now(health: str, newest: int | None, reach: int | None) -> Health:
    """What a stored health says of now: nothing where the chart fell silent."""
    return Health.UNKNOWN if is_silent(newest, reach) else _HEALTH[health]


def _rows_of(subjects: Collection[str]) -> QuerySet[StoredMeasure]:
    rows = StoredMeasure.objects.all()
    return rows.filter(subject__in=list(subjects)) if len(subjects) <= _MOST_NAMED else rows


def _figures(found: dict[str, tuple[Health, dict[str, Any]]], reach: int | None, *, old: bool) -> Figures:
    alarms = [
        Alarm(name, alarm["rule"], alarm["name"], alarm["values"], day_of_number(alarm["week"]))
        for name, (health, recent) in found.items()
        for alarm in recent["alarms"]
        if health is Health.SIGNAL
    ]
    health = worst([health for health, _recent in found.values()])
    recents = [recent for _health, recent in found.values()]
    why, since = _why(recents, reach) if health is Health.UNKNOWN else (None, None)
    return Figures(
        health=health,
        wait=_latest(found.get(WAITING_TIME)),
        returns=_latest(found.get(RETURN_RATE)),
        alarms=tuple(sorted(alarms, key=lambda alarm: alarm.since)),
        why=why,
        silent_since=since,
        old=old,
    )


def _why(measures: Collection[dict[str, Any]], reach: int | None) -> tuple[Unknown | None, int | None]:
    """Why nothing can be said, and for silence the last week heard of."""
    end = max((recent["end"] for recent in measures if recent["end"] is not None), default=None)
    if is_silent(end, reach):
        return Unknown.SILENT, end
    reasons = {recent["unknown"] for recent in measures}
    return (Unknown.NO_LIMITS if Unknown.NO_LIMITS in reasons else Unknown.FEW), None


def _latest(found: tuple[Health, dict[str, Any]] | None) -> Latest | None:
    if found is None or found[1]["value"] is None:
        return None
    recent = found[1]
    return Latest(recent["value"], recent["of"], day_of_number(recent["week"]), recent["values"], recent["centre"])
