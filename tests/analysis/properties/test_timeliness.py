"""What holds for every attainment: nothing is counted twice, and a longer promise is kept at least as often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.facts.calendars import business_calendar
from baton_analysis.facts.handoffs import HandoffFacts, Promise, Target, handoff_facts
from baton_analysis.measures.timeliness import COUNTS, attainment, attainments

CALENDAR = business_calendar("Asia/Shanghai", {"mon-fri": [("09:00", "18:00")]}, makeup_days={date(2026, 2, 14): "mon"})
START = datetime(2026, 2, 9, tzinfo=UTC)
NOW = START + timedelta(days=20)

handoffs = st.lists(
    st.tuples(
        st.sampled_from(["a>b", "c>d"]),
        st.integers(0, 18 * 24),
        st.none() | st.integers(0, 18 * 24),
    ),
    max_size=25,
)


def facts(drawn: list[tuple[str, int, int | None]], hours: float) -> HandoffFacts:
    """Handoffs of a subject, received after so many hours and accepted so many hours later, perhaps after now."""
    rows = [
        (subject, case, START + timedelta(hours=begin + (0 if kind == "received" else waited or 0)), kind)
        for case, (subject, begin, waited) in enumerate(drawn)
        for kind in ("received", "accepted")
        if kind == "received" or waited is not None
    ]
    schema: dict[str, pl.DataType] = {
        "subject": pl.String(),
        "case": pl.Int64(),
        "at": pl.Datetime("us", "UTC"),
        "kind": pl.String(),
    }
    events = pl.DataFrame(rows, schema=schema, orient="row")
    return handoff_facts(events, Promise(CALENDAR, Target(seconds=hours * 3600)), as_of=NOW)


@settings(max_examples=30)
@given(handoffs, st.floats(0, 60))
def test_every_handoff_is_counted_once(drawn: list[tuple[str, int, int | None]], hours: float) -> None:
    made = facts(drawn, hours)
    whole = attainment(made)
    assert sum(getattr(whole, name) for name in COUNTS) == len(drawn)
    for window_by in ("due", "stopped"):
        table = attainments(made, window_by=window_by).to_table()
        assert table.select(COUNTS).sum().row(0) == tuple(getattr(whole, name) for name in COUNTS)
        assert all(monday.weekday() == 0 for monday in table["window"])
        judged = table.filter(pl.col("n") > 0)
        # Wilson's bounds of none and of all are 0 and 1 but for rounding.
        assert (judged["lower"] <= judged["attainment"] + 1e-12).all()
        assert (judged["attainment"] <= judged["upper"] + 1e-12).all()


@settings(max_examples=30)
@given(handoffs, st.floats(0, 60), st.floats(0, 60))
def test_a_longer_promise_is_broken_no_more_often(
    drawn: list[tuple[str, int, int | None]], first: float, second: float
) -> None:
    short, long = (attainment(facts(drawn, hours)) for hours in sorted([first, second]))
    assert long.late <= short.late
    assert long.overdue <= short.overdue
    assert long.kept >= short.kept


@settings(max_examples=30)
@given(handoffs, st.floats(0, 60))
def test_no_window_at_all_is_one_window(drawn: list[tuple[str, int, int | None]], hours: float) -> None:
    made = facts(drawn, hours)
    table = attainments(made, window="all").to_table()
    assert table["window"].null_count() == table.height
    assert int(table["n"].sum()) == attainment(made).n
