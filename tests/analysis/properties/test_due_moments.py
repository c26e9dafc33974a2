"""What holds for every agreed due moment: by day and night it is what the two clocks say, in any order of the rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.facts.calendars import always_open, business_calendar
from baton_analysis.facts.handoffs import Clock, Promise, Target, events_of_rows, handoff_facts

START = datetime(2026, 3, 20, tzinfo=UTC)
NOW = START + timedelta(days=30)
BERLIN = ZoneInfo("Europe/Berlin")
"""Its clocks change on 29 March."""

minutes = st.integers(0, 20 * 24 * 60)
handoffs = st.lists(st.tuples(minutes, st.integers(0, 8_000), st.none() | minutes), min_size=1, max_size=12)


def rows(drawn: list[tuple[int, int, int | None]]) -> pl.DataFrame:
    """Received after so many minutes, accepted so many later, due at a moment of its own or at none."""
    made = [
        ("a>b", case, START + timedelta(minutes=begun), START + timedelta(minutes=begun + took),
         None if due is None else START + timedelta(minutes=due))
        for case, (begun, took, due) in enumerate(drawn)
    ]  # fmt: skip
    time = pl.Datetime("us", "UTC")
    schema = {"subject": pl.String, "case": pl.Int64, "received": time, "accepted": time, "due_at": time}
    return pl.DataFrame(made, schema=schema, orient="row")


@settings(max_examples=40)
@given(handoffs)
def test_by_day_and_night_late_is_after_the_moment_or_after_its_day(drawn: list[tuple[int, int, int | None]]) -> None:
    table = rows(drawn)
    for means in ("moment", "day"):
        promise = Promise(always_open("Europe/Berlin"), clock=Clock(due_means=means))  # type: ignore[arg-type]
        found = handoff_facts(events_of_rows(table.reverse()), promise, as_of=NOW).frame
        for (_, _, _, accepted, due), one in zip(table.iter_rows(), found.iter_rows(named=True), strict=True):
            assert one["due_agreed"] is (due is not None)
            if due is None:
                assert (one["late"], one["due_at"]) == (None, None)
            elif means == "moment":
                assert (one["late"], one["due_at"]) == (accepted > due, due)
                assert one["lateness_seconds"] == (accepted - due).total_seconds()
            else:
                assert one["late"] is (accepted.astimezone(BERLIN).date() > due.astimezone(BERLIN).date())
                assert one["due_at"].astimezone(BERLIN).date() == due.astimezone(BERLIN).date()


@settings(max_examples=30)
@given(handoffs)
def test_in_business_hours_nobody_is_late_before_the_moment(drawn: list[tuple[int, int, int | None]]) -> None:
    office = business_calendar("Europe/Berlin", {"mon-fri": [("09:00", "17:00")]})
    table = rows(drawn)
    found = handoff_facts(events_of_rows(table), Promise(office, Target(seconds=7200)), as_of=NOW).frame
    plain = handoff_facts(events_of_rows(table.drop("due_at")), Promise(office, Target(seconds=7200)), as_of=NOW).frame
    assert found["net_seconds"].equals(plain["net_seconds"])
    for (_, _, received, accepted, due), one in zip(table.iter_rows(), found.iter_rows(named=True), strict=True):
        if due is not None:
            assert not (one["late"] and accepted <= due)
            assert one["target_seconds"] >= 0
            assert (one["target_seconds"] == 0) or received < due
            assert one["late"] is (one["lateness_seconds"] > 0)
        else:
            assert one["late"] is (one["net_seconds"] > 7200)
