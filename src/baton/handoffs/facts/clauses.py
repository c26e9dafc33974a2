"""Each handoff held against the clauses that were in force when it occurred."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl

from baton.agreements.queries import clauses_by_version
from baton.agreements.queries.in_force import versions_ever_in_force
from baton.agreements.rules import ClauseKind, Direction, Measure, Side, Source, Standing, standing
from baton.agreements.rules.chaining import PER_UNIT, Span, span_of
from baton.core.queries.calendars import business_calendars_of, default_calendar, home_zone
from baton.handoffs.facts.links import dated
from baton.handoffs.facts.reading import INCOMPLETE, MOMENT, Read, read
from baton.handoffs.facts.sources import SYSTEM
from baton.handoffs.facts.sources import Span as SourceSpan
from baton.handoffs.facts.units import counted_unit
from baton.handoffs.rules import Form, State
from baton_analysis.facts.calendars import always_open
from baton_analysis.facts.handoffs import Clock, Promise, Target, events_of_rows, handoff_facts
from baton_analysis.measures.clause_weeks import CLAUSE_FACTS

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion, Clause
    from baton.agreements.rules import Terms
    from baton_analysis.facts.calendars import BusinessCalendar

PROMISED_TIME = Clock(starts="received", stops="delivered")
"""From when the supplier has what he needs until he hands over, without pauses; what comes back lets it go on."""
NOTICE = Clock(starts="requested", stops="accepted")
"""From the request until it is wanted."""
RESPONSE = Clock(starts="requested", stops="accepted")
"""From a call until somebody arrives."""
DELIVERIES, COMEBACKS = "deliveries", "comebacks"
_TAKEN = [State.ACCEPTED, State.PARTLY, State.RETURNED, State.SETTLED]


@dataclass(frozen=True, slots=True)
class _Held:
    """A clause, the cases that it was in force for, and what is known of them."""

    clause: Clause
    terms: Terms
    version: AgreementVersion
    known: Read
    calendar: BusinessCalendar
    zone: ZoneInfo
    unit: str
    """In which a rate of defects counts."""


def clause_facts(source: str) -> pl.DataFrame | None:
    """One row a handoff and clause (of measured values one a value), with the columns that
    :data:`baton_analysis.measures.clause_weeks.CLAUSE_FACTS` names; None where no clause is measured by handoffs.

    Subject is ``<public id of the link>/<line of the clause>``. What came back counts unless it was decided not to;
    what is contested or undecided counts against neither side and is left out. A clause on trial is measured and
    promises nothing. The facts rest on the records alone, not on the clock: an open handoff carries when it is due.
    """
    span = SourceSpan.of(source)
    first = span.handoffs().first()
    if first is None:
        return None
    versions = versions_ever_in_force(viewer=SYSTEM, links=[first.link_id])[first.link_id]
    versions = [one for one in versions if _overlaps(one, span)]
    clauses = clauses_by_version(viewer=SYSTEM, versions=versions) if versions else {}
    measured = {one.pk: [held for held in clauses[one.pk] if _is_measured(held)] for one in versions}
    known = read(span) if any(measured.values()) else None
    if known is None:
        return None
    zone = home_zone(viewer=SYSTEM)
    calendars = _calendars([clause for held in measured.values() for clause in held], zone)
    parts = [
        _facts(_Held(clause, clause.terms, version, here, calendars(clause), zone, unit), span.link)
        for version, here in _by_version(known, versions)
        for unit in [_unit(first.link_id, version, measured[version.pk])]
        for clause in measured[version.pk]
    ]
    there = [part for part in parts if not part.is_empty()]
    return pl.concat(there) if there else None


def _overlaps(version: AgreementVersion, span: SourceSpan) -> bool:
    begun, closed = version.activated_at, version.closed_at
    return begun is not None and begun < span.after and (closed is None or closed > span.first)


def _begun(version: AgreementVersion, zone: ZoneInfo) -> int:
    """Day number of the first whole day on which a version held."""
    assert version.activated_at is not None
    begun = version.activated_at.astimezone(zone)
    return (begun.date() - date(1970, 1, 1)).days + (begun.time() != time.min)


def _is_measured(clause: Clause) -> bool:
    terms = clause.terms
    return terms.source is Source.HANDOFFS and terms.measure in _MEASURED and standing_now(terms) is not Standing.RED


def standing_now(terms: Terms) -> Standing:
    """Whether it lacks anything; the day does not matter for that."""
    return standing(terms, date.max)


def _by_version(known: Read, versions: Sequence[AgreementVersion]) -> list[tuple[AgreementVersion, Read]]:
    """The handoffs that occurred while each version was in force; where two overlap, the later one holds."""
    found: list[tuple[AgreementVersion, Read]] = []
    taken = pl.repeat(False, known.rows.height, eager=True)
    for version in reversed(versions):
        occurred = known.rows["occurred_at"]
        held = (occurred >= version.activated_at) & ~taken
        if version.closed_at is not None:
            held &= occurred < version.closed_at
        taken |= held
        if held.any():
            rows = known.rows.filter(held)
            found.append((version, _only(known, rows)))
    return found[::-1]


def _unit(link: int, version: AgreementVersion, clauses: Sequence[Clause]) -> str:
    """In which unit rates of defects count under a version; not asked for where it promises none."""
    if version.activated_at is None or all(one.terms.measure is not Measure.DEFECTS for one in clauses):
        return ""
    return counted_unit(link=link, since=version.activated_at)


def _only(known: Read, rows: pl.DataFrame) -> Read:
    """What is known of these handoffs alone."""
    return Read(rows, *(_of(rows, one) for one in (known.events, known.lines, known.values)))


def _of(rows: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    return parts.join(rows.select("case"), on="case", how="semi", maintain_order="left")


def _calendars(clauses: Sequence[Clause], zone: ZoneInfo) -> Callable[[Clause], BusinessCalendar]:
    """In whose hours the time of a clause runs: its own calendar's, else the organisation's, else all hours."""
    home = default_calendar(viewer=SYSTEM)
    named = {one.calendar for one in clauses if one.calendar is not None}
    found = business_calendars_of([*named, *([home] if home is not None else [])])

    def of_clause(clause: Clause) -> BusinessCalendar:
        calendar = clause.calendar if clause.calendar is not None else home
        return found[calendar.pk] if calendar is not None else always_open(zone.key)

    return of_clause


def _facts(held: _Held, link: str) -> pl.DataFrame:
    measure = held.terms.measure
    assert measure is not None
    rows = _MEASURED[measure](held)
    promised = _promised(held.terms)
    on_trial = _on_trial(held.terms)
    given = set(rows.columns)
    said: dict[str, Any] = {
        "subject": pl.lit(f"{link}/{held.clause.line}"), "clause": pl.lit(held.clause.public_id),
        "version": pl.lit(held.version.version), "begun": pl.lit(_begun(held.version, held.zone)),
        "promised": pl.when(~on_trial).then(pl.lit(promised, dtype=pl.Float64)),
    }  # fmt: skip
    empty = {name: pl.lit(None, dtype=dtype) for name, dtype in CLAUSE_FACTS.items() if name not in given | said.keys()}
    return rows.with_columns(**said, **empty).select(pl.col(name).cast(dtype) for name, dtype in CLAUSE_FACTS.items())


def _on_trial(terms: Terms) -> pl.Expr:
    """Whether the clause was on trial on the day of the row."""
    if terms.trial_until is None:
        return pl.lit(standing_now(terms) is Standing.ON_TRIAL)
    return pl.col("day") <= (terms.trial_until - date(1970, 1, 1)).days


def _promised(terms: Terms) -> float | None:
    """The share of the handoffs that is promised to keep the clause; of defects the rate; of counts nothing."""
    if terms.measure in (Measure.TIME, Measure.VALUE):
        return (terms.attainment if terms.attainment is not None else 100.0) / 100
    if terms.target is None:
        return None
    if terms.measure is Measure.SHARE:
        return terms.target / 100 if terms.direction is Direction.AT_LEAST else 1 - terms.target / 100
    return terms.target * PER_UNIT[terms.unit] if terms.measure is Measure.DEFECTS else None


def _flags(rows: pl.DataFrame) -> pl.DataFrame:
    """With whether it was delivered and came back."""
    delivered = pl.coalesce("delivered_at", "accepted_at").is_not_null()
    return rows.with_columns(delivered=delivered, came_back=pl.col("came_back"))


def _times(held: _Held) -> pl.DataFrame:
    """Business time of each handoff against the promised time, or, of a duty, between request and wish against the
    notice. Of a call the promise is that it is fixed so long after somebody arrived; where the clause is about how it
    is done, or how people treat each other, that somebody arrives so long after the call."""
    span = span_of(held.terms, Direction.AT_MOST)
    notice = span is None
    span = span or span_of(held.terms, Direction.AT_LEAST)
    rows = held.known.rows
    if span is None or (notice and held.terms.owed_by is Side.SUPPLIER):
        return _flags(rows).clear().select("case")
    if notice:
        return _timed(held, span, _asked_ahead(rows), NOTICE)
    called = rows.filter(form=Form.CALL.value)
    if called.is_empty() or held.terms.clause_kind is ClauseKind.OUTCOME:
        return _timed(held, span, _course(held.known), PROMISED_TIME)
    others = _only(held.known, rows.filter(pl.col("form") != Form.CALL.value))
    parts = (_timed(held, span, _course(others), PROMISED_TIME), _timed(held, span, _answered(called), RESPONSE))
    return pl.concat([part for part in parts if not part.is_empty()] or [parts[0]])


def _timed(held: _Held, span: Span, events: pl.DataFrame, clock: Clock) -> pl.DataFrame:
    rows = held.known.rows
    if events.is_empty():
        return rows.clear().select("case")
    calendar = always_open(held.zone.key) if span.elapsed else held.calendar
    promise = Promise(
        calendar, Target(span.seconds, None if span.seconds is not None else span.days), clock=clock
    )  # fmt: skip
    latest = events["at"].max()
    assert isinstance(latest, datetime)
    judged = handoff_facts(events, promise, as_of=latest).frame.drop_nulls("at")
    long_enough = pl.col("net_seconds") >= pl.col("target_seconds")
    flagged = _flags(rows).select("case", "delivered", "came_back", "paused", "in_doubt")
    # Whoever sends back what was right cannot make it late: what is in doubt is told by its first delivery.
    told = judged.join(flagged, on="case").select(
        "case", "at", "day", "week", "delivered", "came_back",
        kept=long_enough if clock is NOTICE else ~pl.col("late"),
        due_at=pl.when(pl.col("open") & ~pl.col("paused") & pl.col("late").is_null()).then(pl.col("due_at")),
    )  # fmt: skip
    # When a paused one is due shows as soon as it goes on, which is an event.
    return told.filter(pl.col("kept").is_not_null() | pl.col("due_at").is_not_null())


def _answered(called: pl.DataFrame) -> pl.DataFrame:
    """From the call until somebody was there; who fixed it without a word before was there by then."""
    arrived = pl.coalesce("received_at", "delivered_at", "accepted_at")
    known = called.drop_nulls("requested_at")
    return events_of_rows(
        known.select(pl.lit("clause").alias("subject"), "case", requested="requested_at", accepted=arrived)
    )


def _asked_ahead(rows: pl.DataFrame) -> pl.DataFrame:
    known = rows.drop_nulls(["requested_at", "due_at"])
    return events_of_rows(
        known.select(pl.lit("clause").alias("subject"), "case", requested="requested_at", accepted="due_at")
    )


def _course(known: Read) -> pl.DataFrame:
    """All that happened to each handoff, in the words of the analysis."""
    begun = known.rows.with_columns(received=pl.coalesce("received_at", "requested_at"))
    first = events_of_rows(
        begun.select(
            pl.lit("clause").alias("subject"), "case", "received", "priority", delivered="delivered_at",
            accepted="accepted_at",
        )
    ).with_columns(reason=pl.lit(None, dtype=pl.String))  # fmt: skip
    later = known.events.with_columns(subject=pl.lit("clause"), at=pl.col("at").cast(MOMENT))
    return pl.concat([first, later.select(first.columns)])


def _judged(held: _Held) -> pl.DataFrame:
    """What the customer has judged: taken, in whole or part, or sent back; without what counts against neither."""
    rows = _flags(held.known.rows).filter(pl.col("state").is_in(_TAKEN) & ~pl.col("in_doubt"))
    at = pl.coalesce("accepted_at", "returned_at", "delivered_at")
    return dated(rows.with_columns(at=at).drop_nulls("at"), held.zone)


def _shares(held: _Held) -> pl.DataFrame:
    """Of a promise: handoffs of which nothing came back that counts. Of a duty: requests that were not sent back."""
    if held.terms.owed_by is Side.CUSTOMER:
        sent_back = held.known.events.filter(pl.col("reason") == INCOMPLETE)["case"].unique()
        rows = _flags(held.known.rows).drop_nulls("requested_at").with_columns(at=pl.col("requested_at"))
        asked = dated(rows, held.zone).with_columns(kept=~pl.col("case").is_in(sent_back.to_list()))
        return asked.select("case", "at", "day", "week", "delivered", "came_back", "kept")
    right = _judged(held).with_columns(kept=~pl.col("came_back"))
    return right.select("case", "at", "day", "week", "delivered", "came_back", "kept")


def _defects(held: _Held) -> pl.DataFrame:
    """Refused units among those that were handed over, in the one unit in which the rate counts."""
    lines = held.known.lines.filter((pl.col("units") > 0) & (pl.col("unit") == held.unit))
    counted = _judged(held).join(lines, on="case")
    return counted.select(
        "case", "at", "day", "week", "delivered", "came_back", "units", defects=pl.min_horizontal("refused", "units")
    )


def _values(held: _Held) -> pl.DataFrame:
    """Each measured value against the limits."""
    lower, upper, target = held.terms.lower, held.terms.upper, held.terms.target
    mine = held.known.values.filter(pl.col("clause") == held.clause.pk).drop("clause")
    within = pl.lit(True)
    if lower is not None:
        within &= pl.col("value") >= lower
    if upper is not None:
        within &= pl.col("value") <= upper
    joined = dated(mine, held.zone).join(_flags(held.known.rows).select("case", "delivered", "came_back"), on="case")
    limits = {"lower": lower, "upper": upper, "target": target}
    return joined.with_columns(kept=within, **{name: pl.lit(limit, dtype=pl.Float64) for name, limit in limits.items()})


def _counts(held: _Held) -> pl.DataFrame:
    """Deliveries in a period where at least so many are promised, else what came back."""
    counts = DELIVERIES if held.terms.direction is Direction.AT_LEAST else COMEBACKS
    rows = _flags(held.known.rows).with_columns(at=pl.coalesce("delivered_at", "accepted_at")).drop_nulls("at")
    return dated(rows, held.zone).select("case", "at", "day", "week", "delivered", "came_back", counts=pl.lit(counts))


_MEASURED: dict[Measure, Callable[[_Held], pl.DataFrame]] = {
    Measure.TIME: _times, Measure.SHARE: _shares, Measure.DEFECTS: _defects, Measure.VALUE: _values,
    Measure.COUNT: _counts,
}  # fmt: skip
