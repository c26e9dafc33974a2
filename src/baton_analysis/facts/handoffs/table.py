"""From events to the table of handoffs: net business time against the promise, computed anew each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.calendars.business_days import day_closes
from baton_analysis.facts.calendars.model import BusinessCalendar
from baton_analysis.facts.calendars.moments import DAY, SECOND, local_day, microseconds, moment_of_local, monday_of
from baton_analysis.facts.calendars.timetable import due_moments, timetable_over
from baton_analysis.facts.handoffs.columns import UTC_TIME, handoff_schema
from baton_analysis.facts.handoffs.course import Course, Events, Flags, Ints, course
from baton_analysis.facts.handoffs.events import sorted_events
from baton_analysis.facts.handoffs.promises import Clock, Promise
from baton_analysis.readers.model import Notice

METHOD = "net_business_time"
VERSION = "1"

_NO_TARGET = -(2**62)
"""Stands where nothing is promised. A due moment before the start leaves less than no time, so that -1 will not do."""
_NO_MOMENT = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False, slots=True)
class HandoffFacts:
    """Handoffs with their net business time.

    Attributes
    ----------
    frame
        One row a handoff, by subject and case; columns: :data:`baton_analysis.facts.handoffs.HANDOFFS`.
    as_of
        The moment of the table: what happened later is left out, and open handoffs are judged as of then.
    promises
        The promise of each subject, with its calendar.
    notices
        What a reader has to know: what was left out and why, each with its count.
    """

    frame: pl.DataFrame
    as_of: datetime
    promises: Mapping[str, Promise]
    notices: tuple[Notice, ...] = ()
    method: str = METHOD
    version: str = VERSION
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def calendars(self) -> dict[str, BusinessCalendar]:
        """The calendars behind the table, by digest."""
        distinct = {promise.calendar for promise in self.promises.values()}
        return {calendar.digest: calendar for calendar in distinct}


@checked(FactError)
def handoff_facts(events: pl.DataFrame, promises: Promise | Mapping[str, Promise], *, as_of: datetime) -> HandoffFacts:
    """Net business time of every handoff, from its events.

    Parameters
    ----------
    events
        One row an event, see :data:`baton_analysis.facts.handoffs.HANDOFF_EVENTS`; in any order, but events of one
        handoff at one moment count in the order of the rows.
    promises
        What is promised: by subject, or the same for all.
    as_of
        The moment for which the table is made, with a zone.

    Raises
    ------
    FactError
        The events are not such a table, a subject has no promise, or a moment lies outside of 1900 to 2299.
    """
    past, later = sorted_events(events, as_of)
    by_subject = _promises(past["subject"].unique().to_list(), promises)
    kept, counts = _without_withdrawn(past)
    counts["later"] = later
    now = int(microseconds([as_of])[0])
    parts = []
    for clock, calendar, part in _alike(kept, by_subject):
        table, seen = _Reckoning(Events(part), clock, calendar, now).table(by_subject)
        parts.append(table)
        for name, count in seen.items():
            counts[name] = counts.get(name, 0) + count
    frame = pl.concat(parts) if parts else pl.DataFrame(schema=handoff_schema())
    if len(parts) > 1:
        frame = frame.sort("subject", "case")
    notices = (*_notices(counts), *_unknown_holidays(frame, by_subject, as_of))
    return HandoffFacts(frame, as_of, by_subject, notices, counts=counts)


class _Reckoning:
    """The handoffs of one clock and one calendar; all durations are business microseconds."""

    def __init__(self, events: Events, clock: Clock, calendar: BusinessCalendar, now: int) -> None:
        self.events, self.clock, self.calendar, self.now = events, clock, calendar, now
        self.course: Course = course(events, clock)
        self.known: Flags = self.course.start >= 0
        moment = np.array([now], dtype=np.int64)
        timetable = timetable_over(calendar, events.at, moment)
        passed = timetable.passed(events.at)
        following = np.append(passed[1:], 0)
        following[events.ends] = timetable.passed(moment)[0]
        passes = following - passed
        self.counting = self.course.running & ~self.course.paused
        self.spent: Ints = np.where(self.counting, passes, 0)
        """Business time that counted after each event, until the next."""
        self.elapsed: Ints = np.add.reduceat(self.spent, events.begins)
        rested = np.where(self.course.running & self.course.paused, passes, 0)
        self.rested: Ints = np.add.reduceat(rested, events.begins)
        self.started_at: Ints = events.at[np.maximum(self.course.start, 0)]
        self.stopped_at: Ints = np.where(self.course.open, now, events.at[self.course.until])

    def table(self, promises: Mapping[str, Promise]) -> tuple[pl.DataFrame, dict[str, int]]:
        """The rows of these handoffs, and what was met on the way."""
        paused_now = self.course.open & self.course.paused[self.events.ends] & self.known
        seen = {
            "idle": self.course.idle,
            "never_started": int((~self.known).sum()),
            "paused_now": int(paused_now.sum()),
        }
        target, priority = self._targets(promises)
        agreed = self._agreed_due()
        target = self._up_to(agreed, target)
        first = self.events.frame.select("subject", "case")[self.events.begins]
        columns = {**self._of_the_clock(), **self._of_the_promise(target, agreed), "priority": priority}
        rows = first.with_columns(**columns).filter(pl.Series(self.known))
        return rows.select(*handoff_schema()).cast(pl.Schema(handoff_schema())), seen

    def _of_the_clock(self) -> dict[str, pl.Series]:
        """Columns that no promise changes."""
        stopped = ~self.course.open
        return {
            "net_seconds": _where(stopped, _seconds(self.elapsed)),
            "open": pl.Series(self.course.open),
            "returned": pl.Series(self.course.reopenings > 0),
            "started_at": _times(self.started_at),
            "stopped_at": _where(stopped, _times(self.stopped_at)),
            "elapsed_seconds": _seconds(self.elapsed),
            "paused_seconds": _seconds(self.rested),
            "reopenings": pl.Series(self.course.reopenings),
        }

    def _of_the_promise(self, target: Ints, agreed: Ints) -> dict[str, pl.Series]:
        """Columns that rest on the promised time (_NO_TARGET: none), which may end at an agreed moment."""
        promised, stopped, over = target != _NO_TARGET, ~self.course.open, self.elapsed > target
        due = self._with_agreed(self._due(target), agreed, target)
        judged = promised & (stopped | over)
        at = np.where(stopped, self.stopped_at, due)
        day = local_day(at, self.calendar.zone)
        dated = promised | stopped
        return {
            "at": _where(dated, _times(at)),
            "day": _where(dated, pl.Series(day)),
            "week": _where(dated, pl.Series(monday_of(day))),
            "target_seconds": _where(promised, _seconds(np.maximum(target, 0))),
            "late": _where(judged, pl.Series(over)),
            "due_at": _where(promised, _times(due)),
            "due_day": _where(promised, pl.Series(local_day(due, self.calendar.zone))),
            "lateness_seconds": _where(judged, _seconds(self.elapsed - target)),
            "due_agreed": pl.Series(agreed != _NO_MOMENT),
        }

    def _agreed_due(self) -> Ints:
        """The due moment that was agreed for each handoff before its clock stopped (_NO_MOMENT: none)."""
        due = self.events.frame["due_at"]
        given: Ints = due.dt.epoch("us").fill_null(0).to_numpy().astype(np.int64)
        place = self.events.latest(due.is_not_null().to_numpy())[self.course.until]
        moment = given[np.maximum(place, 0)]
        if self.clock.due_means == "day":
            next_day = (local_day(moment, self.calendar.zone).astype(np.int64) + 1) * DAY
            moment = moment_of_local(next_day, self.calendar.zone) - 1
        return np.where(place >= 0, moment, _NO_MOMENT)

    def _up_to(self, agreed: Ints, target: Ints) -> Ints:
        """The promised times, with the business time from the start to an agreed moment where there is one: below 0
        where the clock started after it.
        """
        there = agreed != _NO_MOMENT
        if not there.any():
            return target
        start, due = self.started_at[there], agreed[there]
        timetable = timetable_over(self.calendar, start, due)
        found = target.copy()
        found[there] = timetable.passed(due) - timetable.passed(start)
        return found

    def _with_agreed(self, due: Ints, agreed: Ints, target: Ints) -> Ints:
        """The due moments, and those agreed as they were said unless a pause or a return has moved them."""
        there = agreed != _NO_MOMENT
        if not there.any():
            return due
        timetable = timetable_over(self.calendar, due[there], agreed[there])
        unmoved = timetable.passed(due[there]) == timetable.passed(agreed[there])
        found = due.copy()
        found[there] = np.where(unmoved | (target[there] < 0), agreed[there], due[there])
        return found

    def _targets(self, promises: Mapping[str, Promise]) -> tuple[Ints, pl.Series]:
        """The promised time of each handoff (_NO_TARGET: none), and the priority whose promise that is."""
        handoff, place = self._priorities_in_force()
        named = self.events.frame["priority"][np.maximum(place, 0)]
        priorities = _where(place >= 0, named)
        subjects = self.events.frame["subject"][self.events.begins][handoff]
        time = self._promised_times(handoff, subjects, priorities, promises)
        # Of several promises that were in force the shortest counts, and no promise is longer than any.
        order = np.lexsort((np.where(time == _NO_TARGET, np.iinfo(np.int64).max, time), handoff))
        chosen = order[np.searchsorted(handoff[order], np.arange(len(self.known)))]
        return time[chosen], priorities[chosen]

    def _priorities_in_force(self) -> tuple[Ints, Ints]:
        """Pairs of handoff and place of the event that set a priority which may decide; -1 where none was set."""
        events, start, until = self.events, np.maximum(self.course.start, 0), self.course.until
        sets = events.frame["priority"].is_not_null().to_numpy()
        latest, every = events.latest(sets), np.arange(len(self.known))
        if self.clock.priority == "last":
            return every, latest[until]
        if self.clock.priority == "first":
            return every, latest[start]
        within = sets & (events.places > start[events.handoff]) & (events.places <= until[events.handoff])
        handoff = np.concatenate([every, events.handoff[within]])
        place = np.concatenate([latest[start], events.places[within]])
        order = np.argsort(handoff, kind="stable")
        return handoff[order], place[order]

    def _promised_times(
        self, handoff: Ints, subjects: pl.Series, priorities: pl.Series, promises: Mapping[str, Promise]
    ) -> Ints:
        pairs = pl.DataFrame({"subject": subjects, "priority": priorities})
        kinds = pairs.unique()
        targets = [promises[subject].target_of(priority) for subject, priority in kinds.iter_rows()]
        seconds = [None if target is None else target.seconds for target in targets]
        days = [None if target is None else target.days for target in targets]
        known = kinds.with_columns(seconds=pl.Series(seconds, dtype=pl.Float64), days=pl.Series(days, dtype=pl.Int64))
        each = pairs.join(known, on=["subject", "priority"], how="left", nulls_equal=True, maintain_order="left")
        time = (each["seconds"] * SECOND).round().fill_null(_NO_TARGET).cast(pl.Int64).to_numpy().copy()
        in_days = each["days"].is_not_null().to_numpy()
        if in_days.any():
            begun = self.started_at[handoff[in_days]]
            closes = day_closes(self.calendar, begun, each["days"].drop_nulls().to_numpy())
            timetable = timetable_over(self.calendar, begun, closes)
            time[in_days] = timetable.passed(closes) - timetable.passed(begun)
        return time

    def _due(self, target: Ints) -> Ints:
        """When the promised time is used up: in the past where it is, else as if the clock ran on from now, or from
        the stop. Anything where nothing is promised.
        """
        events = self.events
        # Sums may pass the largest integer over many handoffs; their differences are right all the same.
        total = np.cumsum(self.spent)
        so_far = total - (total - self.spent)[events.begins][events.handoff]
        reached = self.counting & (so_far >= target[events.handoff])
        none = len(events.places)
        place = np.minimum.reduceat(np.where(reached, events.places, none), events.begins)
        used_up = place < none
        place = np.where(used_up, place, 0)
        begin = np.where(used_up, events.at[place], self.stopped_at)
        left = target - np.where(used_up, (so_far - self.spent)[place], self.elapsed)
        return due_moments(self.calendar, begin, np.maximum(left, 0), self.clock.exact_close)


def _promises(subjects: list[str], promises: Promise | Mapping[str, Promise]) -> dict[str, Promise]:
    if isinstance(promises, Promise):
        return dict.fromkeys(sorted(subjects), promises)
    absent = sorted(set(subjects) - set(promises))
    if absent:
        raise FactError(
            expected=gettext_noop("Every subject has a promise, or at least a calendar."),
            found=gettext_noop("Without one: {absent}."),
            remedy=gettext_noop("Add a promise without target for links that promise no time."),
            absent=", ".join(absent[:10]),
        )
    return {subject: promises[subject] for subject in sorted(subjects)}


def _without_withdrawn(events: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    withdrawn = events.filter(pl.col("kind") == "withdrawn").select("subject", "case").unique()
    if withdrawn.is_empty():
        return events, {"withdrawn": 0}
    left = events.join(withdrawn, on=["subject", "case"], how="anti", maintain_order="left")
    return left, {"withdrawn": withdrawn.height}


def _alike(
    events: pl.DataFrame, promises: Mapping[str, Promise]
) -> Iterator[tuple[Clock, BusinessCalendar, pl.DataFrame]]:
    """Events of subjects that keep time alike, in one piece."""
    numbers: dict[tuple[Clock, BusinessCalendar], int] = {}
    group = {
        subject: numbers.setdefault((promise.clock, promise.calendar), len(numbers))
        for subject, promise in promises.items()
    }
    if len(numbers) > 1:
        marked = events.with_columns(group=pl.col("subject").replace_strict(group, return_dtype=pl.Int64))
        parts = marked.partition_by("group", as_dict=True, include_key=False)
    else:
        parts = {(0,): events}
    for (clock, calendar), number in numbers.items():
        part = parts.get((number,))
        if part is not None and len(part):
            yield clock, calendar, part


def _where(condition: npt.NDArray[np.bool_], values: pl.Series) -> pl.Series:
    """The values, and null where the condition does not hold."""
    return values.set(pl.Series(~condition), None)


def _seconds(durations: Ints) -> pl.Series:
    return pl.Series(durations / SECOND)


def _times(moments: Ints) -> pl.Series:
    return pl.from_epoch(pl.Series(moments), time_unit="us").dt.replace_time_zone("UTC").cast(UTC_TIME)


def _notices(counts: Mapping[str, int]) -> list[Notice]:
    said = {
        "later": gettext_noop("{count} events lie after the moment of the table and are left out."),
        "withdrawn": gettext_noop("{count} handoffs were withdrawn and are left out."),
        "never_started": gettext_noop("{count} handoffs have no event that starts the clock; they are left out."),
        "paused_now": gettext_noop("{count} open handoffs are paused; their clocks stand still."),
        "idle": gettext_noop("{count} events say nothing at their place, such as a delivery before the start."),
    }
    return [Notice(text, counts[name]) for name, text in said.items() if counts.get(name)]


def _unknown_holidays(frame: pl.DataFrame, promises: Mapping[str, Promise], as_of: datetime) -> list[Notice]:
    """A remark on years of the table for which a calendar knows no holidays, though it does for others."""
    if frame.is_empty():
        return []
    first, last = frame.select(
        pl.col("started_at").min().dt.year(), pl.col("stopped_at").fill_null(as_of.astimezone(UTC)).max().dt.year()
    ).row(0)
    calendars = {promise.calendar for promise in promises.values()}
    unknown = [calendar.years_without_holidays(first, last) for calendar in calendars]
    years = sorted({year for some in unknown for year in some})
    if not years:
        return []
    text = gettext_noop("No holidays are known for {years}: business time there may be too long.")
    return [Notice(text, len(years), {"years": ", ".join(map(str, years))})]
