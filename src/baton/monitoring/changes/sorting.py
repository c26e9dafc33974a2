"""What charts show now -> signals: opened, opened again, closed by themselves.

The work-list of subjects is written with the measures, in one transaction, and struck off with the signals, in another:
a run that is killed in between loses nothing. Each signal is opened by a change of its own, so that its history says
when and why; the changes go in slices that keep other writers waiting briefly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from baton.core import registries
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes.numbers import next_number
from baton.core.pace import Pace
from baton.monitoring.models import Signal, StoredMeasure, StoredViolation, UnsortedSubject
from baton.monitoring.rules import WATCHED_RULES, Closing, Side, SignalState, severity_of, week_name

if TYPE_CHECKING:
    from baton.core.models import Person

PREFIX = "S"
SUBJECTS_A_READ = 100
FIRST_SUBJECTS = 10

Key = tuple[str, str, str, str]
"""Subject, measure, rule, side; all signals are of the watched rules."""


@dataclass(slots=True)
class Sorted:
    """How many signals were opened (also again) and closed."""

    opened: int = 0
    closed: int = 0


@dataclass(slots=True)
class _Shown:
    """What the charts of some subjects show, and what is known of their signals. ``alarms`` are the violations of now,
    ``measured`` subject and measure of what has a chart, ``standing`` the subjects that are worth a look."""

    alarms: dict[Key, dict[str, Any]] = field(default_factory=dict)
    measured: set[tuple[str, str]] = field(default_factory=set)
    violations: dict[Key, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    standing: set[str] = field(default_factory=set)
    owners: Mapping[str, Person] = field(default_factory=dict)

    @classmethod
    def of(cls, subjects: Collection[str], at: datetime) -> _Shown:
        shown = cls()
        computed = ("method", "version", "input_digest")
        rows = StoredMeasure.objects.filter(subject__in=subjects)
        for subject, name, recent, *how in rows.values_list("subject", "name", "recent", *computed):
            shown.measured.add((subject, name))
            for side, now in ((Side.ABOVE, recent["alarms"]), (Side.BELOW, recent["better"])):
                for alarm in now:
                    key = (subject, name, alarm["rule"], side.value)
                    shown.alarms[key] = alarm | dict(zip(computed, how, strict=True))
        known = StoredViolation.objects.filter(subject__in=subjects)
        for row in known.only("subject", "measure", "rule", "side", "week", "last_week"):
            shown.violations[row.subject, row.measure, row.rule, row.side].append((row.week, row.last_week))
        owners: dict[str, Person] = {}
        for _room, asked in registries.measurables:
            shown.standing |= asked.standing(at, subjects)
            owners |= asked.responsible(at, subjects)
        shown.owners = owners
        return shown

    def closing(self, signal: Signal) -> Closing:
        """Why a signal that is no violation of now is closed."""
        key = (signal.subject, signal.measure, signal.rule, signal.side)
        if signal.subject not in self.standing or (signal.subject, signal.measure) not in self.measured:
            return Closing.GONE
        overlaps = any(week <= signal.last_week and signal.week <= last for week, last in self.violations.get(key, ()))
        return Closing.PASSED if overlaps else Closing.UNDONE


def sort_signals(*, by: Actor, at: datetime) -> Sorted:
    """Bring the signals of all subjects of the work-list in line with what their charts show now."""
    done, pace = Sorted(), Pace(FIRST_SUBJECTS)
    while waiting := list(
        UnsortedSubject.objects.order_by("subject").values_list("subject", flat=True)[:SUBJECTS_A_READ]
    ):
        shown = _Shown.of(waiting, at)
        while waiting:
            dealt, seconds = _slice(by, at, waiting[: pace.rows], shown, done)
            waiting = waiting[dealt:]
            pace.took(dealt, seconds)
    return done


def _slice(by: Actor, at: datetime, subjects: Sequence[str], shown: _Shown, done: Sorted) -> tuple[int, float]:
    """Deal with as many of ``subjects`` as fit into the time of a slice; at least one."""
    known: dict[str, list[Signal]] = defaultdict(list)
    for signal in Signal.objects.filter(subject__in=subjects):
        known[signal.subject].append(signal)
    dealt: list[str] = []
    with change(by=by, at=at) as trail:
        for subject in subjects:
            _sort(trail, subject, known[subject], shown, done)
            dealt.append(subject)
            if Pace.over(trail.held_seconds):
                break
        UnsortedSubject.objects.filter(subject__in=dealt).delete()
    return len(dealt), trail.held_seconds


def _sort(trail: Trail, subject: str, known: Sequence[Signal], shown: _Shown, done: Sorted) -> None:
    alarms = {key: alarm for key, alarm in shown.alarms.items() if key[0] == subject and subject in shown.standing}
    for signal in known:
        alarm = alarms.pop((subject, signal.measure, signal.rule, signal.side), None)
        if alarm is not None:
            done.opened += _go_on(trail, signal, alarm, shown)
        elif signal.is_open:
            _close(trail, signal, shown)
            done.closed += 1
    for (_subject, name, rule, side), alarm in sorted(alarms.items()):
        _open(trail, subject, name, rule, side, alarm, shown)
        done.opened += 1


def _open(trail: Trail, subject: str, name: str, rule: str, side: str, alarm: Mapping[str, Any], shown: _Shown) -> None:
    signal = Signal(
        number=next_number(prefix=PREFIX, at=trail.at), subject=subject, measure=name, rule_set=WATCHED_RULES,
        rule=rule, side=side, severity=severity_of(rule), owner=shown.owners.get(subject), opened_at=trail.at,
        **_of(alarm),
    )  # fmt: skip
    trail.save(signal, "signal.opened", since=week_name(alarm["week"]))


def _go_on(trail: Trail, signal: Signal, alarm: Mapping[str, Any], shown: _Shown) -> bool:
    """The rule is violated now. Returns whether the signal was opened again.

    What was closed or explained concerned the weeks that were known then; a violation that begins later is another one.
    What closed by itself is open as soon as the chart shows it again.
    """
    later = alarm["week"] > signal.last_week
    said = signal.state == SignalState.EXPLAINED or signal.closing == Closing.PERSON
    if (later and said) or (not signal.is_open and signal.closing != Closing.PERSON):
        fresh = trail.lock(Signal, signal)
        fresh.state, fresh.closing, fresh.opened_at = SignalState.NEW, "", trail.at
        fresh.times += 1
        fresh.owner = fresh.owner or shown.owners.get(signal.subject)
        for name, value in _of(alarm).items():
            setattr(fresh, name, value)
        trail.save(fresh, "signal.reopened", since=week_name(alarm["week"]))
        return True
    moved = {name: value for name, value in _of(alarm).items() if getattr(signal, name) != value}
    if moved:  # how far a violation has come is no decision of anybody: it makes no entry and no form stale
        Signal.objects.filter(pk=signal.pk).update(**moved)
    return False


def _close(trail: Trail, signal: Signal, shown: _Shown) -> None:
    fresh = trail.lock(Signal, signal)
    fresh.state, fresh.closing = SignalState.CLOSED, shown.closing(signal)
    trail.save(fresh, "signal.closed_by_itself")


def _of(alarm: Mapping[str, Any]) -> dict[str, Any]:
    """What a signal keeps of the violation that it stands for, and of how the chart was computed."""
    return {
        "week": alarm["week"], "last_week": alarm["last_week"], "pattern": alarm["name"], "figures": alarm["values"],
        **{name: alarm[name] for name in ("method", "version", "input_digest")},
    }  # fmt: skip
