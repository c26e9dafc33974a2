"""One row a handoff: what becomes of it, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl
import pytest

from baton_analysis.errors import FactError
from baton_analysis.facts.calendars import always_open
from baton_analysis.facts.handoffs import Clock, Promise, Target, events_of_rows, handoff_facts

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEN = NINE.replace(hour=10)
NOON = NINE.replace(hour=12)
ROWS = pl.DataFrame(
    {
        "subject": ["lab>ward", "lab>ward", "lab>ward"],
        "case": ["Q-7", "Q-8", "Q-9"],
        "requested": [NINE, NINE, NINE],
        "accepted": [TEN, None, NOON],
        "priority": ["high", "low", "low"],
    }
)


def test_rows_become_handoffs() -> None:
    promise = Promise(always_open(), Target(seconds=7200), {"high": Target(seconds=1800)}, Clock(starts="requested"))
    frame = handoff_facts(events_of_rows(ROWS), promise, as_of=NOON.replace(hour=11)).frame
    assert frame.select("case", "net_seconds", "target_seconds", "late", "open").rows() == [
        (1, 3600.0, 1800.0, True, False),
        (2, None, 7200.0, None, True),
        (3, None, 7200.0, None, True),
    ]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda rows: rows.drop("case"), "Its columns are: subject, requested, accepted, priority."),
        (lambda rows: rows.select("subject", "case"), "Its columns are: subject, case."),
        (lambda rows: rows.with_columns(pl.col("accepted").dt.replace_time_zone(None)), "“accepted” must hold times"),
        (
            lambda rows: rows.with_columns(requested=pl.lit("today")),
            "“requested” must hold times with a zone. It holds",
        ),
        (lambda rows: rows.with_columns(case=pl.lit("Q-7")), "2 rows repeat a subject and case."),
    ],
)
def test_rows_that_are_none_are_refused(spoil: Callable[[pl.DataFrame], pl.DataFrame], said: str) -> None:
    with pytest.raises(FactError) as refused:
        events_of_rows(spoil(ROWS))
    assert said in str(refused.value)


def events(**columns: object) -> pl.DataFrame:
    whole = {"subject": "lab>ward", "case": 1, "at": NINE, "kind": "received", "priority": None} | columns
    return pl.DataFrame({name: [value] for name, value in whole.items()})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (events().drop("kind"), "The columns that are absent: kind."),
        (events(case="7"), "“case” must hold Int64. It holds String."),
        (events(at=NINE.replace(tzinfo=None)), "“at” must hold Datetime(time_unit='us', time_zone='UTC'). It holds"),
        (events(subject=None), "1 row has none."),
        (events(kind="handed over"), "There is also handed over."),
        (events(kind="priority_changed"), "1 change names none."),
        (events(at=datetime(1, 1, 2, tzinfo=UTC)), "They reach from 0001-01-01"),
    ],
)
def test_events_that_are_none_are_refused(wrong: pl.DataFrame, said: str) -> None:
    with pytest.raises(FactError) as refused:
        handoff_facts(wrong, Promise(always_open()), as_of=NOON)
    assert said in str(refused.value)


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(FactError, match="“stops” of a clock is one of: delivered, accepted. “paid” was given."):
        Clock(stops="paid")  # type: ignore[arg-type]
    for target in ({}, {"seconds": 1, "days": 1}, {"seconds": -1}, {"seconds": float("nan")}):
        with pytest.raises(FactError, match="Give one of the two"):
            Target(**target)
    with pytest.raises(FactError, match="Without one: lab>ward"):
        handoff_facts(events(), {}, as_of=NOON)
    with pytest.raises(FactError, match="must have a time zone"):
        handoff_facts(events(), Promise(always_open()), as_of=NOON.replace(tzinfo=None))
