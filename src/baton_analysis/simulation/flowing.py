"""How cases flow: they begin with the load of days and hours, pass from party to party, wait, and come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from baton_analysis.facts.calendars import BusinessCalendar
from baton_analysis.simulation.chance import stream
from baton_analysis.simulation.description import Flow, Pair, PlantedFault, Step
from baton_analysis.simulation.working_time import DAY, HOUR, WEEK, Seconds, WorkingTime, queued, seconds_of

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

RUN_OUT_DAYS = 120
"""Calendars go on so long after the last case began, for the work that is still under way."""

SENT_BACK, SECOND_TIME = ": sent back", ": second time"
"""How the activities end of a case that is sent back to the party before, and comes again."""


@dataclass(frozen=True, eq=False, slots=True)
class Events:
    """Events of one step: number of the case, time, who, what."""

    case: Numbers
    at: Seconds
    party: str
    activity: str


@dataclass(frozen=True, eq=False)
class Scene:
    """Where and when flows run: seed, first day, days, calendars, faults, and how far each shift moves a wait (s)."""

    seed: int
    first: date
    days: int
    calendars: Mapping[str, BusinessCalendar] = field(default_factory=dict)
    faults: tuple[PlantedFault, ...] = ()
    sigmas: Mapping[Pair, float] = field(default_factory=dict)
    working: dict[str, WorkingTime] = field(default_factory=dict)

    def working_time(self, party: str) -> WorkingTime | None:
        """Of that party; None if it always works."""
        if party not in self.calendars:
            return None
        if party not in self.working:
            self.working[party] = WorkingTime.of(self.calendars[party], self.first, self.days + RUN_OUT_DAYS)
        return self.working[party]

    def of_kind(self, *kinds: str) -> list[PlantedFault]:
        """The planted faults of these kinds."""
        return [fault for fault in self.faults if fault.kind in kinds]


@dataclass(frozen=True, eq=False)
class FlowRun:
    """What became of the cases of a flow: their events, when each began and was over, and which reached the end with a
    hidden defect."""

    flow: Flow
    events: tuple[Events, ...]
    begun: Seconds
    ended: Seconds
    defective: Flags


def active(fault: PlantedFault, at: Seconds) -> Flags:
    """For each moment whether the fault is at work."""
    after = at >= seconds_of(fault.start)
    return after if fault.until is None else after & (at < seconds_of(fault.until))


def starts(flow: Flow, scene: Scene) -> Seconds:
    """Moments at which the cases of a flow begin, in order: Poisson by day, where its first party works."""
    chance = stream(scene.seed, flow.code, "starts")
    days = [scene.first + timedelta(days=number) for number in range(scene.days)]
    load = flow.load
    mean = flow.daily * np.array([load.weekday[day.weekday()] * load.month[day.month - 1] for day in days])
    hours = np.array(load.hour, dtype=np.float64)
    day = np.repeat(np.arange(scene.days), chance.poisson(mean))
    hour = chance.choice(24, size=len(day), p=hours / hours.sum())
    at = seconds_of(scene.first) + day * DAY + (hour + chance.random(len(day))) * HOUR
    if (working := scene.working_time(flow.steps[0].party)) is not None:
        # Nothing begins while the first party is closed: it begins at any open moment instead.
        closed = ~working.is_open(at)
        whole = working.worked(np.array([seconds_of(scene.first) + scene.days * DAY]))
        at[closed] = working.moment(chance.random(int(closed.sum())) * whole)
    return np.sort(at)


def run(flow: Flow, scene: Scene) -> FlowRun:
    """All that happens to the cases of a flow that begin in these days."""
    return _Running(flow, scene).run()


class _Running:
    """One flow on its way: where each case is, since when, who had it last, and whether it has a hidden defect."""

    def __init__(self, flow: Flow, scene: Scene) -> None:
        self.flow, self.scene = flow, scene
        self.codes = tuple(dict.fromkeys(step.party for step in flow.steps))
        self.begun = starts(flow, scene)
        self.now = self.begun.copy()
        self.last = np.zeros(len(self.begun), dtype=np.int64)
        self.defective = np.zeros(len(self.begun), dtype=np.bool_)
        self.events: list[Events] = []

    def run(self) -> FlowRun:
        for number, step in enumerate(self.flow.steps):
            chance = stream(self.scene.seed, self.flow.code, str(number))
            here = self._takes(step, chance)
            self.now = np.where(here, self._passed(step, chance), self.now)
            self.events.append(Events(np.flatnonzero(here), self.now[here], step.party, step.activity))
            self._send_back(number, step, chance)
            self.defective |= chance.random(len(self.now)) < self._share_of_defects(number, step)
            self.last[here] = self.codes.index(step.party)
        return self._without_dead()

    def _takes(self, step: Step, chance: np.random.Generator) -> Flags:
        """Which cases take this step: all, or of a detour those on an undeclared way."""
        if step.detour_to is None:
            return np.ones(len(self.now), dtype=np.bool_)
        draw = chance.random(len(self.now))
        taken = np.zeros(len(self.now), dtype=np.bool_)
        for fault in self.scene.of_kind("undeclared"):
            if fault.link == (step.party, step.detour_to):
                taken |= active(fault, self.now) & (draw < fault.size)
        return taken

    def _passed(self, step: Step, chance: np.random.Generator) -> Seconds:
        """When each case would be done with this step."""
        work = _durations(step, len(self.now), chance)
        for fault in self.scene.of_kind("slower"):
            work = np.where(self._on(fault, step), work * fault.size, work)
        return self._worked(step, work) + self._shifted(step)

    def _worked(self, step: Step, work: Seconds) -> Seconds:
        """The work done in the working time of its party, each case in its turn."""
        working = self.scene.working_time(step.party)
        arrival = self.now if working is None else working.worked(self.now)
        done = queued(arrival, work, step.desks) if step.desks else arrival + work
        return done if working is None else working.moment(done)

    def _shifted(self, step: Step) -> Seconds:
        """By how much planted shifts and drifts delay each case."""
        delay = np.zeros(len(self.now))
        for fault in self.scene.of_kind("shift", "drift"):
            if fault.link[1] == step.party:
                weeks = np.floor((self.now - seconds_of(fault.start)) / WEEK) + 1 if fault.kind == "drift" else 1.0
                delay += np.where(self._on(fault, step), fault.size * self.scene.sigmas[fault.link] * weeks, 0.0)
        return delay

    def _on(self, fault: PlantedFault, step: Step) -> Flags:
        """Which cases pass the link of the fault with this step while it is at work."""
        if fault.link[1] != step.party or fault.link[0] not in self.codes:
            return np.zeros(len(self.now), dtype=np.bool_)
        return np.asarray(active(fault, self.now) & (self.last == self.codes.index(fault.link[0])))

    def _send_back(self, number: int, step: Step, chance: np.random.Generator) -> None:
        """Some cases go back to the party before and come again; what was found on them is mended."""
        share = np.full(len(self.now), step.returned)
        for fault in self.scene.of_kind("more_returns"):
            share = np.where(self._on(fault, step), share * fault.size, share)
        back = chance.random(len(self.now)) < share
        back |= self.defective & (chance.random(len(self.now)) < step.finds)
        if not (step.returned or step.finds) or not number:
            return
        self.defective &= ~back
        # Drawn for all cases, so that one more that comes back leaves the others as they are.
        returned = self.now + _durations(step, len(self.now), chance)
        again = returned + _durations(step, len(self.now), chance) + self._shifted(step)
        for supplier in np.unique(self.last[back]):
            case = np.flatnonzero(back & (self.last == supplier))
            self.events.append(Events(case, returned[case], self.codes[supplier], f"{step.activity}{SENT_BACK}"))
            self.events.append(Events(case, again[case], step.party, f"{step.activity}{SECOND_TIME}"))
        self.now = np.where(back, again, self.now)

    def _share_of_defects(self, number: int, step: Step) -> npt.NDArray[np.float64]:
        share = np.full(len(self.now), step.defects)
        customers = {later.party for later in self.flow.steps[number + 1 :]}
        for fault in self.scene.of_kind("defect"):
            if fault.link[0] == step.party and fault.link[1] in customers:
                share = np.where(active(fault, self.now), share * fault.size, share)
        return share

    def _without_dead(self) -> FlowRun:
        """Leave out cases that began while a link of the flow was dead: there are none then."""
        alive = np.ones(len(self.begun), dtype=np.bool_)
        for fault in self.scene.of_kind("dead"):
            if fault.link in self.flow.links:
                alive &= ~active(fault, self.begun)
        number = np.cumsum(alive) - 1
        events = tuple(
            Events(number[part.case[alive[part.case]]], part.at[alive[part.case]], part.party, part.activity)
            for part in self.events
        )
        return FlowRun(self.flow, events, self.begun[alive], self.now[alive], self.defective[alive])


def _durations(step: Step, count: int, chance: np.random.Generator) -> Seconds:
    if not step.minutes:
        return np.zeros(count)
    return np.asarray(60 * step.minutes * np.exp(step.spread * chance.standard_normal(count)))


def waits(one: FlowRun) -> dict[Pair, tuple[Seconds, Seconds]]:
    """Each handover of a flow's cases by link: when the customer had it, and how long since the event before."""
    codes = tuple(dict.fromkeys(part.party for part in one.events))
    lengths = [len(part.case) for part in one.events]
    case = np.concatenate([part.case for part in one.events])
    time = np.concatenate([part.at for part in one.events])
    who = np.repeat([codes.index(part.party) for part in one.events], lengths)
    # The sort is stable: of two events at one time the earlier step comes first.
    order = np.lexsort((time, case))
    case, time, who = case[order], time[order], who[order]
    passed = np.flatnonzero((case[1:] == case[:-1]) & (who[1:] != who[:-1])) + 1
    pair = who[passed - 1] * len(codes) + who[passed]
    return {
        (codes[number // len(codes)], codes[number % len(codes)]): (
            time[passed[pair == number]],
            (time[passed] - time[passed - 1])[pair == number],
        )
        for number in np.unique(pair).tolist()
    }


def weekly_medians(at: Seconds, waited: Seconds, first: date, weeks: int) -> Seconds:
    """Median wait of each week from Monday ``first`` on; NaN for a week without handovers."""
    week = ((at - seconds_of(first)) // WEEK).astype(np.int64)
    order = np.lexsort((waited, week))
    week, waited = week[order], waited[order]
    edges = np.searchsorted(week, np.arange(weeks + 1))
    count = np.diff(edges)
    medians = np.full(weeks, np.nan)
    there = count > 0
    low, high = edges[:-1] + (count - 1) // 2, edges[:-1] + count // 2
    medians[there] = (waited[low[there]] + waited[high[there]]) / 2
    return medians
