"""What holds in every business calendar: time adds up, never runs back, and what is due can be counted back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.errors import BatonError
from baton_analysis.facts.calendars import (
    WEEKDAYS,
    BusinessCalendar,
    Roll,
    always_open,
    business_calendar,
    calendar_from_dict,
    count_days,
    due_after_days,
    due_at,
    is_business_day,
    net_seconds,
    offset_days,
)

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Apia")
START, END = datetime(2011, 1, 1, tzinfo=UTC), datetime(2012, 12, 31, tzinfo=UTC)
"""Two years with changes of the clock by an hour, by half an hour, and of Samoa by a whole day."""

clocks = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02d}:{quarter % 4 * 15:02d}")
spans = st.tuples(clocks, clocks).filter(lambda span: span[0] != span[1])
days = st.dates(date(2011, 1, 1), date(2012, 12, 31))
moments = st.datetimes(START.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC))


@st.composite
def calendars(draw: st.DrawFn) -> BusinessCalendar:
    hours = draw(st.dictionaries(st.sampled_from(WEEKDAYS), st.lists(spans, min_size=1, max_size=3), min_size=1))
    makeup = draw(st.dictionaries(days, st.sampled_from(sorted(hours)), max_size=3))
    holidays = [day for day in draw(st.lists(days, max_size=5)) if day not in makeup]
    return business_calendar(draw(st.sampled_from(ZONES)), hours, holidays=holidays, makeup_days=makeup)


def net(calendar: BusinessCalendar, start: datetime, end: datetime) -> float:
    return float(net_seconds(calendar, [start], [end])[0])


@settings(max_examples=40)
@given(calendars(), st.lists(moments, min_size=2, max_size=8))
def test_time_adds_up_whatever_it_is_cut_into(calendar: BusinessCalendar, cuts: list[datetime]) -> None:
    cuts.sort()
    parts = net_seconds(calendar, cuts[:-1], cuts[1:])
    assert parts.sum() == pytest.approx(net(calendar, cuts[0], cuts[-1]), abs=1e-6)
    assert (parts >= 0).all()


@settings(max_examples=40)
@given(calendars(), moments, moments)
def test_no_more_business_time_than_time_and_back_is_the_negative(
    calendar: BusinessCalendar, start: datetime, end: datetime
) -> None:
    assert abs(net(calendar, start, end)) <= abs((end - start).total_seconds())
    assert net(calendar, start, end) == -net(calendar, end, start)


@settings(max_examples=40)
@given(calendars(), moments, st.floats(0, 400 * 3600), st.sampled_from(["close", "next_opening"]))
def test_what_is_due_counts_back_to_what_was_promised(
    calendar: BusinessCalendar, start: datetime, seconds: float, exact_close: str
) -> None:
    due = due_at(calendar, [start], seconds, exact_close=exact_close)  # type: ignore[arg-type]
    begun = np.array([start.replace(tzinfo=None)], dtype="datetime64[us]")
    assert due[0] >= begun[0]
    assert net_seconds(calendar, begun, due)[0] == pytest.approx(seconds, abs=1e-6)
    if exact_close == "close" and due[0] > begun[0]:
        just_before = due - np.timedelta64(1, "us")
        assert net_seconds(calendar, begun, just_before)[0] < net_seconds(calendar, begun, due)[0]


@settings(max_examples=40)
@given(calendars(), moments, st.floats(0, 4e5), st.floats(0, 4e5))
def test_a_longer_promise_is_not_due_earlier(
    calendar: BusinessCalendar, start: datetime, first: float, second: float
) -> None:
    due = due_at(calendar, [start, start], sorted([first, second]))
    assert due[0] <= due[1]
    closes, opens = due_at(calendar, [start], first), due_at(calendar, [start], first, exact_close="next_opening")
    assert closes[0] <= opens[0]


@settings(max_examples=40)
@given(calendars(), moments)
def test_five_minutes_by_five_minutes_it_is_the_same(calendar: BusinessCalendar, start: datetime) -> None:
    """An independent count in a zone without changes: is each local time within the hours of its day or the last?"""
    calendar = replace(calendar, zone="Asia/Shanghai")
    start = start.replace(minute=start.minute // 5 * 5, second=0, microsecond=0)
    moved = dict(calendar.makeup_days)

    def is_open(moment: datetime) -> bool:
        local = moment.astimezone(ZoneInfo(calendar.zone))
        for back in (0, 1):
            day = local.date() - timedelta(days=back)
            like = -1 if day in calendar.holidays else moved.get(day, day.weekday())
            second = local.hour * 3600 + local.minute * 60 + back * 86_400
            if any(one.weekday == like and one.opens <= second < one.closes for one in calendar.openings):
                return True
        return False

    steps = range(2 * 24 * 12)
    counted = sum(is_open(start + timedelta(minutes=5 * step)) for step in steps)
    assert net(calendar, start, start + timedelta(minutes=5 * len(steps))) == counted * 300


@settings(max_examples=40)
@given(st.sampled_from(ZONES), moments, moments)
def test_who_never_closes_counts_all_time_over_every_change_of_the_clock(
    zone: str, start: datetime, end: datetime
) -> None:
    assert net(always_open(zone), start, end) == pytest.approx((end - start).total_seconds(), abs=1e-6)


@settings(max_examples=40)
@given(
    st.lists(st.booleans(), min_size=7, max_size=7).filter(any),
    st.lists(days, max_size=8),
    st.lists(st.tuples(days, days, st.integers(-60, 60)), min_size=1, max_size=10),
    st.sampled_from(get_args(Roll)),
)
def test_without_make_up_days_business_days_are_those_of_numpy(
    week: list[bool], holidays: list[date], asked: list[tuple[date, date, int]], roll: str
) -> None:
    hours = {name: [("09:00", "17:00")] for name, works in zip(WEEKDAYS, week, strict=True) if works}
    calendar = business_calendar("Asia/Shanghai", hours, holidays=holidays)
    begin = np.array([first for first, _, _ in asked], dtype="datetime64[D]")
    end = np.array([second for _, second, _ in asked], dtype="datetime64[D]")
    offset = [number for _, _, number in asked]
    theirs = np.busdaycalendar(weekmask=week, holidays=holidays)
    assert np.array_equal(count_days(calendar, begin, end), np.busday_count(begin, end, busdaycal=theirs))
    moved = np.busday_offset(begin, offset, roll=roll, busdaycal=theirs)  # type: ignore[call-overload]
    ours = offset_days(calendar, begin, offset, roll=roll)  # type: ignore[arg-type]
    assert np.array_equal(ours, moved.astype(np.int64))
    assert np.array_equal(is_business_day(calendar, begin), np.is_busday(begin, busdaycal=theirs))


@settings(max_examples=40)
@given(calendars(), moments, st.integers(0, 30))
def test_a_promise_in_days_is_due_when_its_last_day_closes(
    calendar: BusinessCalendar, start: datetime, count: int
) -> None:
    first, last = due_after_days(calendar, [start, start], [count, count + 1])
    begun = np.datetime64(start.replace(tzinfo=None), "us")
    assert begun < first <= last
    assert net_seconds(calendar, [start], np.array([first]))[0] >= 0


@settings(max_examples=40)
@given(calendars())
def test_a_calendar_survives_being_written_down(calendar: BusinessCalendar) -> None:
    again = calendar_from_dict(calendar.to_dict())
    assert again == calendar
    assert again.digest == calendar.digest


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"zone": "UTC"}, "It has zone."),
        ({"zone": "Mars/Olympus", "hours": {"mon": [["09:00", "17:00"]]}}, "“Mars/Olympus” is not one."),
        ({"zone": "UTC", "hours": {}}, "It has no opening hours."),
        ({"zone": "UTC", "hours": {"monday": [["09:00", "17:00"]]}}, "“monday” was given."),
        ({"zone": "UTC", "hours": {"mon": [["9", "17"]]}}, "“9” was given."),
        ({"zone": "UTC", "hours": {"mon": [["24:30", "25:00"]]}}, "“24:30” was given."),
        ({"zone": "UTC", "hours": {"mon": [["09:00", "09:00"]]}}, "One goes from 09:00 to 09:00."),
        ({"zone": "UTC", "hours": {"mon": ["09:00"]}}, "Something is written otherwise"),
        ({"zone": "UTC", "hours": {"mon": [["09:00", "17:00"]]}, "holidays": ["1.10."]}, "written otherwise"),
        (
            {"zone": "UTC", "hours": {"mon": [["09:00", "17:00"]]}, "makeup_days": {"2026-02-14": "sun"}},
            "2026-02-14 is to work like sun, which has none.",
        ),
        (
            {
                "zone": "UTC",
                "hours": {"mon": [["09:00", "17:00"]]},
                "makeup_days": {"2026-02-14": "mon"},
                "holidays": ["2026-02-14"],
            },
            "2026-02-14 is both.",
        ),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(BatonError) as refused:
        calendar_from_dict(settings)
    assert said in str(refused.value)


def test_moments_without_zone_or_out_of_all_time_are_refused() -> None:
    calendar = always_open()
    right = datetime(2026, 3, 2, tzinfo=UTC)
    with pytest.raises(BatonError, match="must have a time zone"):
        net_seconds(calendar, [right.replace(tzinfo=None)], [right])
    with pytest.raises(BatonError, match="1 moment is missing"):
        net_seconds(calendar, np.array(["NaT"], dtype="datetime64[us]"), [right])
    with pytest.raises(BatonError, match="1900 to 2299"):
        net_seconds(calendar, [datetime(1, 1, 2, tzinfo=UTC)], [right])
    with pytest.raises(BatonError, match="due before the year 2300"):
        due_at(calendar, [right], 1e10)
    with pytest.raises(BatonError, match="0 or more"):
        due_at(calendar, [right], -1)


def test_lists_of_different_length_are_refused() -> None:
    moments = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10, 11)]
    with pytest.raises(BatonError, match="Starts: 2, others: 3"):
        net_seconds(always_open(), moments[:2], moments)
    with pytest.raises(BatonError, match="Starts: 1, others: 3"):
        due_at(always_open(), moments[:1], [1, 2, 3])
    assert net_seconds(always_open(), moments[:1], moments).tolist() == [0, 3600, 7200]


def test_settings_that_make_no_sense_are_refused() -> None:
    calendar, moment = always_open(), np.array(["2026-03-02"], dtype="datetime64[us]")
    with pytest.raises(BatonError, match="“nat” was given"):
        offset_days(calendar, 0, 1, roll="nat")  # type: ignore[arg-type]
    with pytest.raises(BatonError, match="“midnight” was given"):
        due_at(calendar, moment, 1, exact_close="midnight")  # type: ignore[arg-type]
    with pytest.raises(BatonError, match="-1 was given"):
        due_after_days(calendar, moment, -1)
    with pytest.raises(BatonError, match="They reach from 1887"):
        count_days(calendar, -30_000, 0)


def test_years_without_holidays_are_named() -> None:
    calendar = business_calendar("UTC", {"mon": [("09:00", "17:00")]}, holidays=[date(2025, 12, 25)])
    assert calendar.years_without_holidays(2024, 2026) == [2024, 2026]
    assert always_open().years_without_holidays(2024, 2026) == []
