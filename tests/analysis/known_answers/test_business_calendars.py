"""Business days and hours against NumPy's and pandas' documented results, and against what clocks really showed."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pytest

from baton_analysis.facts.calendars import (
    BusinessCalendar,
    business_calendar,
    count_days,
    due_after_days,
    due_at,
    is_business_day,
    net_seconds,
    offset_days,
)

OFFICE = business_calendar("UTC", {"mon-fri": [("09:00", "17:00")]})
HOUR = 3600


def day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


def moments(*texts: str) -> npt.NDArray[np.datetime64]:
    return np.array(texts, dtype="datetime64[us]")


def hours(calendar: BusinessCalendar, start: str, end: str) -> float:
    return float(net_seconds(calendar, moments(start), moments(end))[0]) / HOUR


def test_numpy_busday_count() -> None:
    """Examples of numpy.busday_count (NumPy reference; run with NumPy 2.4.6): January 2011, and all of 2011."""
    counted = count_days(OFFICE, [day("2011-01"), day("2011")], [day("2011-02"), day("2012")])
    assert counted.tolist() == [21, 260]


@pytest.mark.parametrize(
    ("start", "offset", "roll", "expected"),
    [
        ("2011-10", 0, "forward", "2011-10-03"),
        ("2012-03", -1, "backward", "2012-02-29"),
        ("2011-01", 2, "forward", "2011-01-05"),
    ],
)
def test_numpy_busday_offset(start: str, offset: int, roll: str, expected: str) -> None:
    """Examples of numpy.busday_offset (NumPy reference; run with NumPy 2.4.6)."""
    found = offset_days(OFFICE, day(start), offset, roll=roll)  # type: ignore[arg-type]
    assert int(found) == day(expected)


PANDAS = [
    ("2014-08-01T10:00", 1, "2014-08-01T11:00"),
    ("2014-08-01T08:00", 1, "2014-08-01T10:00"),
    ("2014-08-01T19:00", 1, "2014-08-04T10:00"),
    ("2014-08-01T16:00", 1, "2014-08-04T09:00"),
    ("2014-08-01T16:30", 1, "2014-08-04T09:30"),
    ("2014-08-01T10:00", 24, "2014-08-06T10:00"),
]
"""Friday 1 August 2014 plus business hours: user guide of pandas, BusinessHour (run with pandas 2.3.3)."""


@pytest.mark.parametrize(("start", "wait", "due"), PANDAS)
def test_pandas_business_hour(start: str, wait: int, due: str) -> None:
    found = due_at(OFFICE, moments(start), wait * HOUR, exact_close="next_opening")
    assert found.tolist() == moments(due).tolist()
    assert hours(OFFICE, start, due) == wait


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2014-08-01T17:00", "2014-08-01T18:00"),
        ("2014-08-01T23:00", "2014-08-02T00:00"),
        ("2014-08-02T04:00", "2014-08-02T05:00"),
        ("2014-08-04T04:00", "2014-08-04T18:00"),
    ],
)
def test_pandas_business_hour_over_midnight(start: str, due: str) -> None:
    """One hour of the night shift that begins at 17:00 from Monday to Friday: Saturday morning belongs to Friday,
    Monday morning to Sunday, which has none (user guide of pandas, run with pandas 2.3.3).
    """
    night = business_calendar("UTC", {"mon-fri": [("17:00", "09:00")]})
    assert due_at(night, moments(start), HOUR, exact_close="next_opening") == moments(due)


def test_pandas_custom_business_hour_over_a_holiday() -> None:
    """Martin Luther King Day 2014 (user guide of pandas, CustomBusinessHour, run with pandas 2.3.3)."""
    office = business_calendar("UTC", {"mon-fri": [("09:00", "17:00")]}, holidays=[date(2014, 1, 20)])
    due = due_at(office, moments("2014-01-17T15:00", "2014-01-17T15:00"), [HOUR, 2 * HOUR], exact_close="next_opening")
    assert due.tolist() == moments("2014-01-17T16:00", "2014-01-21T09:00").tolist()


def test_what_is_due_at_the_close_is_due_at_the_close() -> None:
    """The other convention: one hour after Friday 16:00 is Friday 17:00. All else is as pandas says."""
    for start, wait, due in PANDAS:
        expected = "2014-08-01T17:00" if due == "2014-08-04T09:00" else due
        assert due_at(OFFICE, moments(start), wait * HOUR).tolist() == moments(expected).tolist()


def test_an_opening_includes_its_first_moment_and_not_its_last() -> None:
    assert hours(OFFICE, "2014-08-01T17:00", "2014-08-04T09:00") == 0
    assert hours(OFFICE, "2014-08-01T16:59:59.999999", "2014-08-04T09:00:00.000001") == pytest.approx(2e-6 / HOUR)
    assert due_at(OFFICE, moments("2014-08-01T17:00"), 0, exact_close="next_opening") == moments("2014-08-04T09:00")
    assert due_at(OFFICE, moments("2014-08-01T17:00"), 0) == moments("2014-08-01T17:00")


def test_real_time_passes_on_the_days_on_which_clocks_change() -> None:
    """Berlin: on 29 March 2026 02:00 becomes 03:00, on 25 October 2026 03:00 becomes 02:00."""
    night = business_calendar("Europe/Berlin", {"sat": [("22:00", "06:00")]})
    assert hours(night, "2026-03-28T12:00", "2026-03-29T12:00") == 7
    assert hours(night, "2026-10-24T12:00", "2026-10-25T12:00") == 9
    assert hours(night, "2026-10-31T12:00", "2026-11-01T12:00") == 8


def test_times_that_are_left_out_or_come_twice() -> None:
    """02:30 in Berlin is the moment of the change in March, and the first 02:30 in October, as opening and as close."""
    early = business_calendar("Europe/Berlin", {"sun": [("01:00", "02:30")]})
    late = business_calendar("Europe/Berlin", {"sun": [("02:30", "04:00")]})
    assert [hours(one, "2026-03-29T00:00", "2026-03-29T12:00") for one in (early, late)] == [1, 1]
    assert [hours(one, "2026-10-24T20:00", "2026-10-25T12:00") for one in (early, late)] == [1.5, 2.5]
    gone = business_calendar("Europe/Berlin", {"sun": [("02:00", "03:00")]})
    assert hours(gone, "2026-03-29T00:00", "2026-03-29T12:00") == 0


def test_samoa_had_no_30_december_2011() -> None:
    """The islands changed sides of the date line: the clock went from 29 December 24:00 to 31 December 00:00."""
    office = business_calendar("Pacific/Apia", {"mon-sun": [("08:00", "16:00")]})
    assert hours(office, "2011-12-29T10:00", "2011-12-31T10:00") == 16


SPRING_FESTIVAL_2026 = business_calendar(
    "Asia/Shanghai",
    {"mon-fri": [("09:00", "12:00"), ("13:30", "18:00")]},
    holidays=[date(2026, 2, number) for number in range(15, 24)],
    makeup_days={date(2026, 2, 14): "tue", date(2026, 2, 28): "mon"},
    edition="State Council notice for 2026",
)
"""Free from 15 to 23 February 2026; Saturdays 14 and 28 February are worked instead."""


def test_a_make_up_saturday_works_like_its_weekday() -> None:
    asked = [day("2026-02-14"), day("2026-02-16"), day("2026-02-21")]
    assert is_business_day(SPRING_FESTIVAL_2026, asked).tolist() == [True, False, False]
    # Friday 13 February 17:00 to Tuesday 24 February 10:00 in Shanghai: 1 h, the Saturday's 7.5 h, 1 h.
    assert hours(SPRING_FESTIVAL_2026, "2026-02-13T09:00", "2026-02-24T02:00") == 9.5
    due = due_at(SPRING_FESTIVAL_2026, moments("2026-02-14T09:00"), 2 * HOUR)
    assert due == moments("2026-02-24T02:00")
    assert int(count_days(SPRING_FESTIVAL_2026, day("2026-02-01"), day("2026-03-01"))) == 16


def test_an_opening_belongs_to_the_day_on_which_it_opens() -> None:
    """The night shift that began on the eve of a holiday runs to its end; none begins on the holiday."""
    night = business_calendar("UTC", {"mon-sun": [("22:00", "06:00")]}, holidays=[date(2026, 10, 1)])
    assert hours(night, "2026-09-30T12:00", "2026-10-01T12:00") == 8
    assert hours(night, "2026-10-01T12:00", "2026-10-02T12:00") == 0


def test_the_night_of_new_year_is_whole() -> None:
    """Years are laid out one by one: what begins in the old one runs into the new one, in every zone."""
    night = business_calendar("Pacific/Auckland", {"mon-sun": [("22:00", "06:00")]})
    assert hours(night, "2025-12-31T12:00", "2025-12-31T23:00") == 5
    assert (
        hours(business_calendar("UTC", {"mon-sun": [("22:00", "06:00")]}), "2026-01-01T00:00", "2026-01-01T12:00") == 6
    )


def test_a_promise_in_business_days_is_due_at_a_close() -> None:
    """Friday morning plus one day is Monday's close; Friday evening counts as Monday and is due on Tuesday."""
    due = due_after_days(OFFICE, moments("2014-08-01T10:00", "2014-08-01T17:00", "2014-08-01T10:00"), [1, 1, 0])
    assert due.tolist() == moments("2014-08-04T17:00", "2014-08-05T17:00", "2014-08-01T17:00").tolist()
    night = business_calendar("UTC", {"mon-fri": [("22:00", "06:00")]})
    assert due_after_days(night, moments("2014-08-05T03:00"), 1) == moments("2014-08-06T06:00")
