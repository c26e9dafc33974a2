"""What a clause says about time, share and notice, as the arithmetic along a chain takes it. Pure Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from baton.agreements.rules.clauses import ClauseKind, Direction, Measure, Side, Terms

SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
PER_UNIT = {"1": 1.0, "1/100": 1e-2, "1/1000": 1e-3, "1/10000": 1e-4, "ppm": 1e-6}


@dataclass(frozen=True, slots=True)
class Span:
    """A promised time: ``seconds``, or business days; ``elapsed``: by day and night, whatever the calendar says."""

    seconds: float | None = None
    days: int | None = None
    elapsed: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """What the clauses of a link say, each with its line: the longest promised time with the share of the cases in
    which it is to be met, the smallest promised share of right cases, the longest notice that its customer owes. Of
    calendars the public id, empty for the organisation's own."""

    time: Span | None = None
    time_line: str = ""
    calendar: str = ""
    attainment: float = 1.0
    conforming: float | None = None
    conforming_line: str = ""
    lead: Span | None = None
    lead_line: str = ""
    lead_calendar: str = ""


def carried(clauses: Iterable[tuple[str, Terms]]) -> Carried:
    """What these clauses, by line, say. A link that promises several times (a first answer, a delivery) is through when
    the last of them has passed; one that promises several shares cannot promise more than the smallest."""
    held = list(clauses)
    promises = [(line, terms) for line, terms in held if terms.owed_by is Side.SUPPLIER]
    duties = [(line, terms) for line, terms in held if terms.owed_by is Side.CUSTOMER]
    times = [(span, line, terms) for line, terms in promises if (span := span_of(terms, Direction.AT_MOST))]
    shares = [(share, line) for line, terms in promises if (share := conforming_of(terms)) is not None]
    leads = [(span, line, terms) for line, terms in duties if (span := span_of(terms, Direction.AT_LEAST))]
    time, time_line, of_time = max(times, key=lambda one: _seconds(one[0]), default=(None, "", None))
    share, share_line = min(shares, default=(None, ""))
    lead, lead_line, of_lead = max(leads, key=lambda one: _seconds(one[0]), default=(None, "", None))
    met = of_time.attainment if of_time is not None and of_time.attainment else 100.0
    calendar = of_time.calendar if of_time is not None else ""
    lead_calendar = of_lead.calendar if of_lead is not None else ""
    return Carried(time, time_line, calendar, met / 100, share, share_line, lead, lead_line, lead_calendar)


def span_of(terms: Terms, direction: Direction) -> Span | None:
    """The time that a clause names in this direction; None where it names none."""
    if terms.measure is not Measure.TIME or terms.direction is not direction or terms.target is None:
        return None
    if terms.unit == "working_d":
        return Span(days=ceil(terms.target))
    if terms.unit not in SECONDS:
        return None
    return Span(seconds=terms.target * SECONDS[terms.unit], elapsed=terms.unit == "d")


def conforming_of(terms: Terms) -> float | None:
    """The share of right cases that a clause about what comes out promises; None where it promises none, or nothing.

    Of defects per unit at least 1 minus that many units have none, however they fall.
    """
    if terms.clause_kind is not ClauseKind.OUTCOME or terms.target is None:
        return None
    if terms.measure is Measure.SHARE:
        share = terms.target / 100
        found = share if terms.direction is Direction.AT_LEAST else 1 - share
    elif terms.measure is Measure.DEFECTS and terms.unit in PER_UNIT:
        found = 1 - terms.target * PER_UNIT[terms.unit]
    else:
        return None
    return found if found > 0 else None


def _seconds(span: Span) -> float:
    """For comparison of several times only: a business day as a day."""
    return span.seconds if span.seconds is not None else (span.days or 0) * SECONDS["d"]
