"""How simulated work flows: cases start with the load of days and hours, pass from party to party, and come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.float64]
"""Seconds since 1970-01-01 UTC."""

DAY = 86_400.0
WEEKDAY_LOAD = np.array([1.1, 1.05, 1.0, 1.0, 1.0, 0.7, 0.6])
"""Monday to Sunday, against a mean working day."""
HOUR_LOAD = np.array([1, 1, 1, 1, 1, 2, 4, 8, 12, 12, 11, 9, 6, 7, 10, 10, 8, 6, 4, 3, 3, 2, 2, 1], dtype=np.float64)
"""Midnight to 23:00, in parts of their sum."""

FaultKind = Literal["slower", "more_returns", "undeclared", "dead", "never_used"]


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """What was made to go wrong, so that the caller knows what has to be found.

    Attributes
    ----------
    link
        Codes of supplier and customer.
    kind
        "slower": waits of the link times ``size``. "more_returns": its share of returns times ``size``. "undeclared":
        that share of the cases takes this way although nobody agreed it. "dead": nothing passes any more. "never_used":
        agreed, and nothing ever passed.
    start, until
        First day, and first day on which it is over (None: it lasts).
    """

    link: tuple[str, str]
    kind: FaultKind
    start: date
    until: date | None = None
    size: float = 1.0

    def active(self, at: Seconds) -> npt.NDArray[np.bool_]:
        """For each moment whether the fault is at work."""
        after = at >= seconds_of(self.start)
        return after if self.until is None else after & (at < seconds_of(self.until))


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a flow.

    Attributes
    ----------
    party, activity
        Who does what.
    minutes, spread
        Median of the time since the event before, and the standard deviation of its logarithm (lognormal).
    returned
        Share of cases that are sent back here to the party before, and come again.
    detour_to
        Party of the step after this one. The step is taken only where an "undeclared" fault of the link between the
        two is at work.
    """

    party: str
    activity: str
    minutes: float = 0.0
    spread: float = 0.5
    returned: float = 0.0
    detour_to: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A kind of case: ``daily`` cases on a mean working day, which pass through ``steps`` in order."""

    code: str
    daily: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Events:
    """Events of one step: number of the case, time, who, what."""

    case: npt.NDArray[np.int64]
    at: Seconds
    party: str
    activity: str


def seconds_of(day: date) -> float:
    """Midnight UTC at which a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def starts(
    flow: Flow, first: date, days: int, faults: tuple[PlantedFault, ...], chance: np.random.Generator
) -> Seconds:
    """Moments at which the cases of a flow begin, in order; a dead link has no new cases."""
    weekday = (first.weekday() + np.arange(days)) % 7
    day = np.repeat(np.arange(days), chance.poisson(flow.daily * WEEKDAY_LOAD[weekday]))
    hour = chance.choice(24, size=len(day), p=HOUR_LOAD / HOUR_LOAD.sum())
    at = np.sort(seconds_of(first) + day * DAY + (hour + chance.random(len(day))) * 3_600)
    for fault in faults:
        if fault.kind == "dead" and fault.link in links_of(flow):
            at = at[~fault.active(at)]
    return at


def links_of(flow: Flow) -> set[tuple[str, str]]:
    """Supplier-customer pairs of a flow without its detours."""
    parties = [step.party for step in flow.steps if step.detour_to is None]
    return {(a, b) for a, b in zip(parties, parties[1:], strict=False) if a != b}


def run(flow: Flow, at: Seconds, faults: tuple[PlantedFault, ...], chance: np.random.Generator) -> list[Events]:
    """All events of the cases of a flow that begin at the moments ``at``."""
    case = np.arange(len(at))
    events: list[Events] = []
    now = at.copy()
    last = np.full(len(at), flow.steps[0].party, dtype=object)
    for step in flow.steps:
        here = np.ones(len(at), dtype=np.bool_)
        if step.detour_to is not None:
            here = _detour(step, now, faults, chance)
        passed = _waited(step, last, now, faults, chance)
        now = np.where(here, passed, now)
        events.append(Events(case[here], now[here], step.party, step.activity))
        if step.returned:
            supplier = str(last[0])
            now = _sent_back(step, supplier, now, faults, chance, events)
        last[here] = step.party
    return events


def _detour(
    step: Step, now: Seconds, faults: tuple[PlantedFault, ...], chance: np.random.Generator
) -> npt.NDArray[np.bool_]:
    draw = chance.random(len(now))
    taken = np.zeros(len(now), dtype=np.bool_)
    for fault in faults:
        if fault.kind == "undeclared" and fault.link == (step.party, step.detour_to):
            taken |= fault.active(now) & (draw < fault.size)
    return taken


def _waited(
    step: Step,
    last: npt.NDArray[np.object_],
    now: Seconds,
    faults: tuple[PlantedFault, ...],
    chance: np.random.Generator,
) -> Seconds:
    wait = _waits(step, len(now), chance)
    for fault in faults:
        if fault.kind == "slower" and fault.link[1] == step.party:
            wait = np.where(fault.active(now) & (last == fault.link[0]), wait * fault.size, wait)
    return np.asarray(now + wait)


def _waits(step: Step, count: int, chance: np.random.Generator) -> Seconds:
    if not step.minutes:
        return np.zeros(count)
    return np.asarray(60 * step.minutes * np.exp(step.spread * chance.standard_normal(count)))


def _sent_back(
    step: Step,
    supplier: str,
    now: Seconds,
    faults: tuple[PlantedFault, ...],
    chance: np.random.Generator,
    events: list[Events],
) -> Seconds:
    """Some cases go back to the supplier and come again; when each case goes on."""
    share = np.full(len(now), step.returned)
    for fault in faults:
        if fault.kind == "more_returns" and fault.link == (supplier, step.party):
            share = np.where(fault.active(now), share * fault.size, share)
    case = np.flatnonzero(chance.random(len(now)) < share)
    back = now[case] + _waits(step, len(case), chance)
    again = back + _waits(step, len(case), chance)
    events.append(Events(case, back, supplier, f"{step.activity}: sent back"))
    events.append(Events(case, again, step.party, f"{step.activity}: second time"))
    now = now.copy()
    now[case] = again
    return now
