"""Due moments that were agreed for single handoffs, worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from baton_analysis.analyse.configuration import configuration
from baton_analysis.analyse.running import analyse
from baton_analysis.errors import FactError
from baton_analysis.facts.calendars import always_open, business_calendar
from baton_analysis.facts.handoffs import Clock, Promise, Target, events_of_rows, handoff_facts

OFFICE = business_calendar("Asia/Shanghai", {"mon-fri": [("09:00", "17:00")]})
HOUR = 3600.0


def local(day: int, hour: int = 0) -> datetime:
    """Of March 2026 in Shanghai; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(hours=8)


def row(promise: Promise, *events: tuple[str, datetime] | tuple[str, datetime, datetime | None]) -> dict[str, Any]:
    """The row of one handoff; events may carry a due moment."""
    rows = [("lab>ward", 1, one[0], one[1], one[2] if len(one) > 2 else None) for one in events]
    time = pl.Datetime("us", "UTC")
    schema = {"subject": pl.String, "case": pl.Int64, "kind": pl.String, "at": time, "due_at": time}
    made = handoff_facts(pl.DataFrame(rows, schema=schema, orient="row"), promise, as_of=local(20))
    return made.frame.row(0, named=True)


PROMISE = Promise(OFFICE, Target(seconds=4 * HOUR))


def test_an_agreed_moment_takes_the_place_of_the_promised_time() -> None:
    """Received on Monday at 9 with 4 hours promised; needed on Tuesday at 12, which is 11 business hours later."""
    found = row(PROMISE, ("received", local(2, 9), local(3, 12)), ("accepted", local(3, 11)))
    assert (found["target_seconds"], found["net_seconds"], found["late"]) == (11 * HOUR, 10 * HOUR, False)
    assert (found["due_at"], found["due_agreed"], found["lateness_seconds"]) == (local(3, 12), True, -HOUR)
    plain = row(PROMISE, ("received", local(2, 9)), ("accepted", local(3, 11)))
    assert (plain["target_seconds"], plain["late"], plain["due_agreed"]) == (4 * HOUR, True, False)


def test_exactly_at_the_moment_is_in_time_and_a_second_later_is_late() -> None:
    promise, due = Promise(always_open()), local(3, 12)
    for after, late in ((0, False), (1, True)):
        found = row(promise, ("received", local(2), due), ("accepted", due + timedelta(seconds=after)))
        assert found["late"] is late


def test_a_moment_agreed_later_counts_unless_the_clock_had_stopped() -> None:
    moved = row(PROMISE, ("received", local(2, 9), local(2, 12)), ("paused", local(2, 10), local(3, 12)),
                ("resumed", local(2, 10)), ("accepted", local(3, 10)))  # fmt: skip
    assert (moved["late"], moved["due_at"]) == (False, local(3, 12))
    too_late = row(PROMISE, ("received", local(2, 9), local(2, 12)), ("accepted", local(3, 10)),
                   ("delivered", local(3, 11), local(4, 12)))  # fmt: skip
    assert (too_late["late"], too_late["due_at"]) == (True, local(2, 12))


def test_a_pause_moves_the_moment_as_it_moves_any_promise() -> None:
    found = row(PROMISE, ("received", local(2, 9), local(2, 12)), ("paused", local(2, 10)), ("resumed", local(2, 14)),
                ("accepted", local(2, 16)))  # fmt: skip
    assert (found["net_seconds"], found["target_seconds"], found["late"]) == (3 * HOUR, 3 * HOUR, False)
    assert found["due_at"] == local(2, 16)


def test_where_the_clock_starts_after_the_moment_it_is_late_at_once() -> None:
    found = row(PROMISE, ("received", local(3, 9), local(2, 12)), ("accepted", local(3, 9)))
    assert (found["target_seconds"], found["late"], found["lateness_seconds"]) == (0.0, True, 5 * HOUR)
    assert found["due_at"] == local(2, 12)
    still_open = row(PROMISE, ("received", local(3, 9), local(2, 12)))
    assert (still_open["open"], still_open["late"], still_open["at"]) == (True, True, local(2, 12))


def test_a_midnight_may_mean_the_whole_of_its_day_in_the_zone_of_the_calendar() -> None:
    events = (("received", local(2, 9), local(4)), ("accepted", local(4, 16)))
    assert row(Promise(OFFICE), *events)["late"] is True
    whole = row(Promise(OFFICE, clock=Clock(due_means="day")), *events)
    assert (whole["late"], whole["due_at"]) == (False, local(5) - timedelta(microseconds=1))
    next_day = (events[0], ("accepted", local(5, 10)))
    assert row(Promise(OFFICE, clock=Clock(due_means="day")), *next_day)["late"] is True
    with pytest.raises(FactError, match="“week” was given"):
        Clock(due_means="week")  # type: ignore[arg-type]


def test_due_moments_need_a_zone() -> None:
    rows = pl.DataFrame({"subject": ["a>b"], "case": [1], "received": [local(2)], "due_at": [datetime(2026, 3, 3)]})  # noqa: DTZ001
    with pytest.raises(FactError, match="“due_at” must hold times with a zone"):
        events_of_rows(rows)


def test_the_command_analyse_takes_due_moments_of_rows(tmp_path: Path) -> None:
    table = tmp_path / "orders.csv"
    lines = [f"{n},a>b,2026-03-0{n} 09:00,2026-03-0{n + 1} 10:00,2026-03-0{n + 1 - n % 2} 00:00" for n in range(1, 7)]
    table.write_text("\n".join(["order,link,came,done,needed", *lines]), encoding="utf-8")
    settings = {
        "calendar": {"hours": {"mon-sun": [["00:00", "24:00"]]}},
        "columns": {"case": "order", "subject": "link", "received": "came", "accepted": "done", "due_at": "needed"},
    }
    for means, late in (("moment", 6), ("day", 3)):
        wanted = configuration({**settings, "clock": {"due_means": means}})
        found = analyse(table, wanted, tmp_path / means)
        assert found.links["late"].to_list() == [late]
