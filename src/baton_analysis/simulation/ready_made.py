"""What the ready-made organisations share: calendars and loads (hours are UTC), simple flows, and their year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from baton_analysis.facts.calendars import business_calendar
from baton_analysis.simulation.description import Flow, Load, Organisation, PlantedFault, Rating, Step
from baton_analysis.simulation.running import SimulatedYear, simulate

WEEKS = 52

HOLIDAYS = frozenset(
    date(year, month, day)
    for year in range(2020, 2041)
    for month, day in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3), (12, 25))
)
"""New Year's Day, 1 May, the first days of October, Christmas Day: of China and Europe together."""

OFFICE = business_calendar("UTC", {"mon-fri": [("08:00", "17:00")]}, holidays=HOLIDAYS)
TWO_SHIFTS = business_calendar("UTC", {"mon-sat": [("06:00", "22:00")]}, holidays=HOLIDAYS)

OFFICE_LOAD = Load(
    weekday=(1.25, 1.2, 1.15, 1.15, 1.05, 0.0, 0.0),
    hour=(*(0,) * 8, 10, 12, 12, 9, 5, 9, 11, 10, 7, *(0,) * 7),
)
"""Cases of an office week: nothing on Saturday and Sunday."""

SHIFT_LOAD = Load(
    weekday=(1.2, 1.2, 1.2, 1.2, 1.2, 1.0, 0.0),
    hour=(*(0,) * 6, 6, 8, 9, 9, 9, 8, 5, 8, 9, 9, 8, 7, 7, 7, 6, 5, *(0,) * 2),
    month=(1.0, 0.9, 1.05, 1.05, 1.0, 1.0, 0.95, 0.9, 1.05, 1.05, 1.1, 1.0),
)
"""Cases of a plant with two shifts, six days a week; less in February and August, more in November."""


def handed_over(
    code: str,
    daily: float,
    begun: tuple[str, str],
    done: tuple[str, str],
    minutes: float,
    spread: float,
    *,
    returned: float = 0.0,
    load: Load = OFFICE_LOAD,
    rating: Rating | None = None,
) -> Flow:
    """A kind of case with one handover; ``begun`` and ``done`` are party and activity."""
    return Flow(code, daily, (Step(*begun), Step(*done, minutes, spread, returned=returned)), load, rating)


def week_of(first: date, number: int) -> date:
    """Monday of a week of the year, counted from 1."""
    return first + timedelta(weeks=number - 1)


def year_of(
    organisation: Organisation,
    planted_faults: Callable[[date], tuple[PlantedFault, ...]],
    *,
    seed: int,
    end: date,
    volume: float,
    planted: bool,
) -> SimulatedYear:
    """The 52 weeks up to and with the week of ``end``; events after ``end`` have not happened yet.

    ``volume`` is times the usual number of cases. Without ``planted`` faults the organisation is steady, for counting
    false alarms.
    """
    first = end - timedelta(days=end.weekday(), weeks=WEEKS - 1)
    faults = planted_faults(first) if planted else ()
    return simulate(organisation, seed=seed, first=first, end=end, faults=faults, volume=volume)
