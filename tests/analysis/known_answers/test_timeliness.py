"""Attainment of promised times: counts that were worked out by hand, and Wilson's interval beside them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import narwhals as nw
import polars as pl
import pytest

from baton_analysis.engines import engine_named
from baton_analysis.errors import FactError, MeasureError
from baton_analysis.facts.calendars import business_calendar
from baton_analysis.facts.handoffs import HandoffFacts, Promise, Target, handoff_facts
from baton_analysis.measures.timeliness import attainment, attainments

OFFICE = business_calendar("UTC", {"mon-fri": [("09:00", "17:00")]})
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = 3600.0
NOW = MONDAY + timedelta(days=4)
"""Friday, 09:00: 32 business hours after Monday's opening."""


def facts(*spent: float | None, subject: str = "lab>ward", start: datetime = MONDAY, target: float = 8) -> HandoffFacts:
    """Handoffs received at one moment and accepted so many real hours later (None: open), with a promise in hours."""
    rows = [
        (case, kind, hours) for case, last in enumerate(spent) for kind, hours in (("received", 0), ("accepted", last))
    ]
    events = pl.DataFrame(
        [(subject, case, start + timedelta(hours=hours), kind) for case, kind, hours in rows if hours is not None],
        schema={"subject": pl.String, "case": pl.Int64, "at": pl.Datetime("us", "UTC"), "kind": pl.String},
        orient="row",
    )
    return handoff_facts(events, Promise(OFFICE, Target(seconds=target * HOUR)), as_of=NOW)


def test_eight_eight_nine_and_ten_hours_against_eight() -> None:
    """8, 8, 9 and 10 business hours: half of them in time, for exactly 8 hours keep a promise of 8 hours."""
    found = attainment(facts(8, 8, 25, 26))
    assert (found.n, found.kept, found.late, found.value) == (4, 2, 2, 0.5)
    assert found.interval == pytest.approx((0.1500, 0.8500), abs=5e-5)  # Wilson 1927, without correction
    assert found.calendars == (OFFICE.digest,)
    assert [warning.render() for warning in found.warnings] == [
        "The attainment rests on 4 handoffs; 30 are wanted. Look at the interval."
    ]


def test_what_is_open_and_overdue_is_broken_now_and_what_is_not_due_is_left_out() -> None:
    long_ago = attainment(facts(8, None, None))
    assert (long_ago.n, long_ago.kept, long_ago.overdue, long_ago.waiting) == (3, 1, 2, 0)
    not_due = attainment(facts(8, None, None, target=33))
    assert (not_due.n, not_due.kept, not_due.overdue, not_due.waiting) == (1, 1, 0, 2)
    assert not_due.warnings[-1].render() == (
        "2 open handoffs are not due yet and are left out: their windows are not over."
    )


def test_an_open_handoff_is_overdue_only_when_it_could_no_longer_keep_its_promise() -> None:
    """At 32 hours sharp it could still be accepted in time: net time may equal the promise."""
    assert attainment(facts(None, target=32)).waiting == 1
    assert attainment(facts(None, target=31.999)).overdue == 1


def test_without_a_promise_nothing_is_late() -> None:
    nothing = dict.fromkeys(("target_seconds", "late", "due_at", "due_day"))
    rows = facts(8, None).frame
    typed = rows.with_columns(**nothing).cast({name: rows.schema[name] for name in nothing})
    found = attainment(nw.from_native(typed.lazy()))
    assert (found.n, found.value, found.interval, found.without_promise) == (0, None, None, 2)
    assert found.warnings[0].render() == "No handoff with a promise was due: there is no attainment."
    assert json.loads(json.dumps(found.to_dict()))["value"] is None


def test_a_late_handoff_burdens_the_week_in_which_it_was_due() -> None:
    """Due on Friday 27 February, accepted on Tuesday 3 March."""
    late = facts(8, 8, 96 + 9, start=MONDAY - timedelta(days=3))
    by_due = attainments(late).to_table()
    assert by_due.select("window", "n", "kept", "late").rows() == [(date(2026, 2, 23), 3, 2, 1)]
    by_stop = attainments(late, window_by="stopped").to_table()
    assert by_stop.select("window", "n", "kept", "late").rows() == [
        (date(2026, 2, 23), 2, 2, 0),
        (date(2026, 3, 2), 1, 0, 1),
    ]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_engines_give_the_same(engine: str) -> None:
    several = [facts(2, 8, 25, 26, None), facts(1, 1, 1, subject="store>lab"), facts(None, subject="a>b", target=33)]
    frame = pl.concat([one.frame for one in several])
    found = attainments(engine_named(engine).lazy(frame), window="month", calendars=[OFFICE.digest])
    assert found.to_table().drop("lower", "upper").rows() == [
        ("a>b", date(2026, 3, 1), 0, 0, 0, 0, 1, 0, None),
        ("lab>ward", date(2026, 3, 1), 5, 2, 2, 1, 0, 0, 0.4),
        ("store>lab", date(2026, 3, 1), 3, 3, 0, 0, 0, 0, 1.0),
    ]
    assert found.n == 8
    written = json.loads(json.dumps(found.to_dict()))
    assert written["rows"][1]["window"] == "2026-03-01"
    assert written["calendars"] == [OFFICE.digest]


def test_first_and_last_day_are_included() -> None:
    late = facts(8, 8, 96 + 9, start=MONDAY - timedelta(days=3))
    friday = date(2026, 2, 27)
    assert attainment(late, first=friday, last=friday).n == 3
    assert attainment(late, first=date(2026, 2, 28)).n == 0
    assert attainment(late, last=date(2026, 2, 26)).n == 0


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(MeasureError, match="“fortnight” was given"):
        attainments(facts(8), window="fortnight")  # type: ignore[arg-type]
    with pytest.raises(MeasureError, match="“received” was given"):
        attainment(facts(8), window_by="received")  # type: ignore[arg-type]
    with pytest.raises(MeasureError, match="need the column due_day"):
        attainment(nw.from_native(facts(8).frame.drop("due_day").lazy()))
    with pytest.raises(FactError, match="absent: late"):
        attainment(nw.from_native(facts(8).frame.drop("late").lazy()))
