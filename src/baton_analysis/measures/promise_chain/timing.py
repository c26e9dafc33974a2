"""How long the chain may take if every step takes the time that it promises.

Where all times run in one calendar they are plain numbers. Where calendars differ, a sum of their hours means nothing:
8 hours of an office and 8 hours of a ward are different times. Then the chain is run through from every hour of a year,
each step in its own calendar, and what comes out is measured in the calendar of the promise at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from baton_analysis.facts.calendars import BusinessCalendar, due_after_days, due_at, net_seconds
from baton_analysis.facts.handoffs import Target
from baton_analysis.measures.promise_chain.model import FinalPromise, Ordered

STARTS = 364 * 24
"""Hours of 52 weeks: the moments from which a chain is run through where calendars differ."""

ROUNDING = 1e-6
"""Times that differ by no more than a microsecond are the same."""

Floats = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Timing:
    """Times in business seconds of the calendar of the end, one figure a start (a single one where calendars are one).

    Attributes
    ----------
    total
        From the request to the end of the last step.
    steps
        Of each step, from when it may begin to its end; 0 where no time is promised.
    promised
        Promised at the end; None where no time is.
    fits
        Share of the starts from which ``total`` is within ``promised``.
    leads
        Lead time of each step; None where there is none.
    """

    total: Floats
    steps: tuple[Floats, ...]
    promised: Floats | None
    fits: float | None
    leads: tuple[Floats | None, ...]


def timing(chain: Ordered, final: FinalPromise, from_day: date | None) -> Timing | None:
    """Times of the chain, or None where they cannot be compared: calendars differ and no day is given to look from, or
    one of them is not said.
    """
    timed = [(step.target, step.calendar) for step in chain.steps if step.target or step.lead_seconds is not None]
    timed += [(final.target, final.calendar)] if final.target else []
    calendars = {calendar.digest if calendar else None for _, calendar in timed}
    in_days = any(target and target.days is not None for target, _ in timed)
    if len(calendars) <= 1 and not in_days:
        return _one_calendar(chain, final)
    if None in calendars or from_day is None:
        return None
    return _many_calendars(chain, final, _hours(from_day))


def longest(chain: Ordered, seconds: Sequence[float]) -> tuple[list[float], list[float]]:
    """Longest time from the request to the end of each step, and from there to the end of the chain."""
    reached: list[float] = []
    for place, needs in enumerate(chain.needs):
        reached.append(max((reached[other] for other in needs), default=0.0) + seconds[place])
    left = [0.0] * len(seconds)
    for place in reversed(range(len(seconds))):
        for other in chain.needs[place]:
            left[other] = max(left[other], left[place] + seconds[place])
    return reached, left


def _one_calendar(chain: Ordered, final: FinalPromise) -> Timing:
    seconds = [step.target.seconds or 0.0 if step.target else 0.0 for step in chain.steps]
    total = max(longest(chain, seconds)[0])
    promised = final.target.seconds if final.target else None
    return Timing(
        total=np.array([total]),
        steps=tuple(np.array([one]) for one in seconds),
        promised=None if promised is None else np.array([promised]),
        fits=None if promised is None else float(total <= promised + ROUNDING),
        leads=tuple(None if step.lead_seconds is None else np.array([step.lead_seconds]) for step in chain.steps),
    )


def _many_calendars(chain: Ordered, final: FinalPromise, starts: Times) -> Timing:
    measure = final.calendar or next(step.calendar for step in chain.steps if step.calendar)
    finished: list[Times] = []
    spent: list[Floats] = []
    for step, needs in zip(chain.steps, chain.needs, strict=True):
        ready = np.maximum.reduce([finished[other] for other in needs]) if needs else starts
        finished.append(_due(step.calendar, ready, step.target))
        spent.append(net_seconds(measure, ready, finished[-1]))
    end = np.maximum.reduce([finished[place] for place in chain.ends])
    due = _due(final.calendar, starts, final.target) if final.target else None
    return Timing(
        total=net_seconds(measure, starts, end),
        steps=tuple(spent),
        promised=None if due is None else net_seconds(measure, starts, due),
        fits=None if due is None else float((end <= due).mean()),
        leads=tuple(
            None
            if step.lead_seconds is None
            else net_seconds(measure, starts, _due(step.calendar, starts, Target(seconds=step.lead_seconds)))
            for step in chain.steps
        ),
    )


def _due(calendar: BusinessCalendar | None, starts: Times, target: Target | None) -> Times:
    if target is None or calendar is None:
        return starts
    if target.days is not None:
        return due_after_days(calendar, starts, target.days)
    return due_at(calendar, starts, target.seconds or 0.0)


def _hours(day: date) -> Times:
    return np.datetime64(day, "us") + np.arange(STARTS) * np.timedelta64(3_600_000_000, "us")
