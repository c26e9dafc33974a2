"""Texts that say a time: which are understood, as which moment, and what is said about them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton_analysis.readers import RowsError, read
from baton_analysis.readers.times import looks_like_time, parse_times


def moment(text: str, zone: str = "UTC") -> datetime:
    times = parse_times(pl.Series("time", [text]), zone=zone, first_row=1)
    assert not times.problems, times.problems[0].render()
    value = times.series.item()
    assert isinstance(value, datetime)
    return value


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T14:05:00Z",
        "2026-03-01T16:05:00+02:00",
        "2026-03-01 16:05:00 +0200",
        "2026-03-01T09:05-05",
        "2026-03-01 14:05",
        "2026/3/1 14:05:00",
        "2026.03.01 14:05",
        "  2026-03-01 14:05:00.000 ",
        "2026-03-01 14:05:00,000 UTC",
        "2026-03-01 2:05 PM",
        "01/03/2026 14:05",
        "1.3.2026 14:05:00",
        "01-03-2026 2:05pm",
        "2026年3月1日 14:05",
        "2026年03月01日14时05分",
        "2026年3月1日 14时05分00秒",
    ],
)
def test_the_usual_ways_to_write_a_moment_are_understood(text: str) -> None:
    assert looks_like_time([text])
    assert moment(text) == datetime(2026, 3, 1, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", ["12:00 AM", "12:00 PM"])
def test_twelve_hour_clocks_at_twelve(text: str) -> None:
    assert moment(f"2026-03-01 {text}").hour == (0 if "AM" in text else 12)


@pytest.mark.parametrize("text", ["20260301", "2026", "14:05", "1,5", "٢٠٢٦-٠٣-٠١", "12-34-56", "A-2026-03-01", ""])
def test_what_only_resembles_a_time_is_none(text: str) -> None:
    assert not looks_like_time([text])


@given(st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_iso_8601_gives_the_moment_that_python_reads(naive: datetime, minutes: int) -> None:
    there = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert moment(there.isoformat()) == there
    assert moment(naive.isoformat(" ")) == naive.replace(tzinfo=UTC)


@given(st.integers(1900, 2199), st.integers(0, 13), st.integers(0, 32))
def test_a_date_is_a_problem_exactly_when_the_calendar_lacks_it(year: int, month: int, day: int) -> None:
    times = parse_times(pl.Series("time", [f"{year}-{month:02}-{day:02}"]), zone="UTC", first_row=1)
    try:
        expected = date(year, month, day)
    except ValueError:
        assert times.problem_count == 1
    else:
        assert times.series.item().date() == expected


@pytest.mark.parametrize(("year", "problems"), [(2024, 0), (2000, 0), (1900, 1), (2100, 1), (2026, 1)])
def test_leap_days_exist_in_leap_years_only(year: int, problems: int) -> None:
    assert parse_times(pl.Series("t", [f"29/02/{year}"]), zone="UTC", first_row=1).problem_count == problems


def test_day_and_month_are_told_apart_by_all_values_together() -> None:
    day_first = parse_times(pl.Series("t", ["01/02/2026", "13/02/2026"]), zone="UTC", first_row=1)
    month_first = parse_times(pl.Series("t", ["01/02/2026", "02/13/2026"]), zone="UTC", first_row=1)
    assert [t.month for t in day_first.series] == [2, 2]
    assert [(t.month, t.day) for t in month_first.series] == [(1, 2), (2, 13)]
    assert not any("exchanged" in n.render() for n in [*day_first.notices, *month_first.notices])


def test_undecided_day_and_month_are_read_day_first_and_said() -> None:
    times = parse_times(pl.Series("t", ["01/02/2026", "03/04/2026"]), zone="UTC", first_row=1)
    assert [(t.month, t.day) for t in times.series] == [(2, 1), (4, 3)]
    assert any("day/month/year" in notice.render() for notice in times.notices)


def test_values_that_contradict_the_order_of_the_others_are_problems() -> None:
    times = parse_times(pl.Series("t", ["13/02/2026", "14/02/2026", "02/15/2026"]), zone="UTC", first_row=2)
    assert [problem.row for problem in times.problems] == [4]


def test_of_a_doubled_hour_the_earlier_is_taken() -> None:
    assert moment("2026-10-25 02:30", "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_missing_words_are_missing_and_counted() -> None:
    times = parse_times(pl.Series("t", ["2026-01-01", "?", "missing", None, "n/a"]), zone="UTC", first_row=1)
    assert times.series.null_count() == 4
    assert [n.count for n in times.notices if "marked as missing" in n.render()] == [3]


def test_days_of_a_spreadsheet_need_a_name_that_says_time(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("finished time,amount\n46082.5868055556,46082.5\n46083,46083\n")
    table = read(path)
    assert table.frame["finished time"].dt.to_string("%Y-%m-%d %H:%M").to_list() == [
        "2026-03-01 14:05",
        "2026-03-02 00:00",
    ]
    assert table.frame["amount"].to_list() == ["46082.5", "46083"]
    assert any("spreadsheet" in notice.render() for notice in table.notices)


def test_at_most_twenty_problems_are_listed_and_all_counted(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("case,time\n" + "1,2026-01-01\n" * 30 + "1,2026-02-30\n" * 25)
    with pytest.raises(RowsError) as caught:
        read(path, columns=["time"])
    assert len(caught.value.problems) == 20
    assert caught.value.count == 25
    assert "25 values" in caught.value.render()


def test_local_times_are_brought_to_utc_and_said(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("case,time\n1,2026-01-01 08:00\n2,2026-07-01 08:00\n3,2026-07-01T08:00Z\n")
    table = read(path, zone="Europe/Berlin")
    assert [t.hour for t in table.frame["time"]] == [7, 6, 8]
    [notice] = [n for n in table.notices if "no zone" in n.render()]
    assert notice.count == 2
    assert "Europe/Berlin" in notice.render()
