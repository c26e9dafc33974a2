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
from baton.monitoring.rules import WATCHED_RULES, Closing, SignalState, severity_of, week_name

if TYPE_CHECKING:
    from baton.core.models import Person

PREFIX = "S"
SUBJECTS_A_READ = 100
FIRST_SUBJECTS = 10

Key = tuple[str, str, str]
"""Subject, measure, side; all signals are of the watched rules."""


@dataclass(slots=True)
class Sorted:
    """How many signals were opened (also again) and closed."""

    opened: int = 0
    closed: int = 0


@dataclass(slots=True)
class _Shown:
    """What the charts of some subjects show, and what is known of their signals. ``episodes`` are those of now, of two
    on one side the later one; ``measured`` subject and measure of what has a chart, ``standing`` the subjects that are
    worth a look."""

    episodes: dict[Key, dict[str, Any]] = field(default_factory=dict)
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
            for episode in recent["episodes"]:
                shown.episodes[subject, name, episode["side"]] = episode | dict(zip(computed, how, strict=True))
        known = StoredViolation.objects.filter(subject__in=subjects)
        for row in known.only("subject", "measure", "side", "week", "last_week"):
            shown.violations[row.subject, row.measure, row.side].append((row.week, row.last_week))
        owners: dict[str, Person] = {}
        for _room, asked in registries.measurables:
            shown.standing |= asked.standing(at, subjects)
            owners |= asked.responsible(at, subjects)
        shown.owners = owners
        return shown

    def closing(self, signal: Signal) -> Closing:
        """Why a signal that is no episode of now is closed."""
        key = _key(signal)
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
    for signal in Signal.objects.filter(subject__in=subjects).order_by("-pk"):
        known[signal.subject].append(signal)
    dealt: list[str] = []
    with change(by=by, at=at) as trail:
        for subject in subjects:
            _sort(trail, subject, known[subject], shown, done)
            dealt.append(subject)
            if Pace.over(trail.held_seconds):
                break
        _note_standing(dealt, shown.standing)
        UnsortedSubject.objects.filter(subject__in=dealt).delete()
    return len(dealt), trail.held_seconds


def _note_standing(subjects: Sequence[str], standing: Collection[str]) -> None:
    """Keep with the measures of these subjects whether they are worth a look: what is expected by chance, and what is
    tested over all charts, counts no others."""
    for worth in (True, False):
        these = [one for one in subjects if (one in standing) is worth]
        StoredMeasure.objects.filter(subject__in=these).exclude(standing=worth).update(standing=worth)


def _sort(trail: Trail, subject: str, known: Sequence[Signal], shown: _Shown, done: Sorted) -> None:
    """``known``: all signals of the subject, the newest first."""
    standing = subject in shown.standing
    episodes = {key: one for key, one in shown.episodes.items() if key[0] == subject and standing}
    taken = {key: _taken(known, key, episode) for key, episode in episodes.items()}
    for signal in known:
        if signal.is_open and taken.get(_key(signal)) is not signal:
            _close(trail, signal, shown)
            done.closed += 1
    for key, episode in sorted(episodes.items()):
        going_on = taken[key]
        if going_on is None:
            _open(trail, key, episode, shown)
        done.opened += going_on is None or _go_on(trail, going_on, episode, shown)


def _key(signal: Signal) -> Key:
    return signal.subject, signal.measure, signal.side


def _taken(known: Sequence[Signal], key: Key, episode: Mapping[str, Any]) -> Signal | None:
    """The signal that an episode is: the open one, or else the newest, whose weeks it shares; None: it is a new one."""
    same = [
        one
        for one in known
        if _key(one) == key and one.began <= episode["last_week"] and episode["began"] <= one.last_week
    ]
    return next((one for one in same if one.is_open), same[0] if same else None)


def _open(trail: Trail, key: Key, episode: Mapping[str, Any], shown: _Shown) -> None:
    subject, name, side = key
    signal = Signal(
        number=next_number(prefix=PREFIX, at=trail.at), subject=subject, measure=name, rule_set=WATCHED_RULES,
        side=side, owner=shown.owners.get(subject), opened_at=trail.at, **_of(episode),
    )  # fmt: skip
    trail.save(signal, "signal.opened", since=week_name(episode["week"]))


def _go_on(trail: Trail, signal: Signal, episode: Mapping[str, Any], shown: _Shown) -> bool:
    """The episode goes on. Returns whether the signal was opened again.

    An open signal takes up what comes. Who closed it spoke of the weeks that were known then: what violates rules anew,
    after a week that did not, opens it again. What closed by itself is open as soon as the chart shows it again.
    """
    by_person = signal.closing == Closing.PERSON
    if not signal.is_open and (not by_person or episode["resumed"] > signal.last_week):
        fresh = trail.lock(Signal, signal)
        fresh.state, fresh.closing, fresh.opened_at = SignalState.NEW, "", trail.at
        fresh.times += 1
        fresh.owner = fresh.owner or shown.owners.get(signal.subject)
        for name, value in _of(episode).items():
            setattr(fresh, name, value)
        trail.save(fresh, "signal.reopened", since=week_name(episode["resumed"]))
        return True
    moved = {name: value for name, value in _of(episode).items() if getattr(signal, name) != value}
    if moved:  # how far an episode has come is no decision of anybody: it makes no entry and no form stale
        Signal.objects.filter(pk=signal.pk).update(**moved)
    return False


def _close(trail: Trail, signal: Signal, shown: _Shown) -> None:
    fresh = trail.lock(Signal, signal)
    fresh.state, fresh.closing = SignalState.CLOSED, shown.closing(signal)
    trail.save(fresh, "signal.closed_by_itself")


def _of(episode: Mapping[str, Any]) -> dict[str, Any]:
    """What a signal keeps of the episode that it is, and of how the chart was computed."""
    rules = [one["rule"] for one in episode["rules"]]
    copied = ("began", "week", "last_week", "method", "version", "input_digest")
    return {
        "rules": " ".join(rules), "patterns": episode["rules"], "severity": severity_of(rules),
        **{name: episode[name] for name in copied},
    }  # fmt: skip
