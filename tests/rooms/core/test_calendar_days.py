"""Where holidays and make-up days come from: pasted lines, a country's law, iCalendar files; good ones and bad ones."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from baton.core.calendars.counting import counted, due
from baton.core.calendars.countries import COUNTRIES, country_days
from baton.core.calendars.days import DaysRead, SpecialDay, day_changes, days_left_out
from baton.core.calendars.ics import MOST_BYTES, read_ics, write_ics
from baton.core.calendars.pasting import read_pasted, write_pasted
from baton.core.errors import Refused
from baton_analysis.errors import FactError
from baton_analysis.facts.calendars import business_calendar

WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def told(read: DaysRead) -> dict[str, tuple[str, str]]:
    return {one.day.isoformat(): (one.like, one.note) for one in read.days}


def why(read: DaysRead) -> dict[int, str]:
    return {one.line: one.why.render() for one in read.unread}


def test_lines_are_read_as_people_write_them() -> None:
    """A spreadsheet's tabs, a notice's words, Chinese signs, ranges; a make-up day without a weekday is like Monday."""
    read = read_pasted(
        "2026-10-01\tholiday\tNational Day\n2026-10-02 to 2026-10-03 holiday\n\n2026-10-10 works like Monday\n"
        "２０２６年10月11日　补班\n2026/9/20,按周五上班,国庆\n2026-05-01 International Workers' Day\n"
        "2026-05-10 Working day (Labour)\n2026-06-19~2026-06-20 放假 端午节\n46023\n31.12.2026 day off\n05.12.2026",
        WEEK,
    )
    assert why(read) == {}
    assert told(read) == {
        "2026-01-01": ("", ""), "2026-05-01": ("", "International Workers' Day"), "2026-05-10": ("mon", "Labour"),
        "2026-06-19": ("", "端午节"), "2026-06-20": ("", "端午节"), "2026-09-20": ("fri", "国庆"),
        "2026-10-01": ("", "National Day"), "2026-10-02": ("", ""), "2026-10-03": ("", ""), "2026-10-10": ("mon", ""),
        "2026-10-11": ("mon", ""), "2026-12-05": ("", ""), "2026-12-31": ("", ""),
    }  # fmt: skip
    assert read_pasted(write_pasted(read.days), WEEK) == read


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2026-02-30 holiday", "“2026-02-30” is not one"),  # B018
        ("29/02/2026 holiday", "A day that exists"),  # B018
        ("0000-00-00 holiday", "A day that exists"),
        ("03/04/2026 holiday", "may be 2026-04-03 or 2026-03-04"),
        ("20261001 holiday", "A day that exists"),
        ("1066-10-14 holiday", "years 1900 and 2199"),
        ("1960-10-14 holiday", "Correct the year"),
        ("holiday", "A day that exists"),
        ("2026-10-10 some work", "Write one of the two behind the day"),
        ("2026-10-10 works like sunday", "mon, tue, wed, thu, fri"),
        ("2026-12-24 to 2026-12-01 off", "at most 62 days"),
        ("2026-01-01 to 2028-01-01 off", "at most 62 days"),
        ("=cmd|' /C calc'!A0", "A day that exists"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, says: str) -> None:
    read = read_pasted(f"2026-10-01 holiday\n{line}", WEEK)
    assert list(told(read)) == ["2026-10-01"]
    assert list(why(read)) == [2]
    assert says in why(read)[2]


def test_a_day_twice() -> None:
    """The same said again is once; something else said of it is refused, with the line that said it first."""
    read = read_pasted("2026-10-01 holiday A\n2026-10-01 holiday B\n2026-10-01 works like friday", WEEK)
    assert told(read) == {"2026-10-01": ("", "A")}
    assert "Line 1 says something else of 2026-10-01" in why(read)[3]


def test_ten_thousand_lines_are_refused_as_a_whole() -> None:
    with pytest.raises(Refused, match="Found 10000"):
        read_pasted("2026-10-01 holiday\n" * 10_000, WEEK)


def test_china_has_its_make_up_days() -> None:
    """The notice of the State Council for 2026, weekends included, agrees with what the package has of it."""
    import holidays

    days = told(country_days("CN", "", 2026, 2026, WEEK, "zh-hans"))
    assert (days["2026-02-17"], days["2026-02-21"], days["2026-10-10"]) == (
        ("", "春节"),
        ("", "春节"),
        ("mon", "国庆节"),
    )
    packaged = holidays.country_holidays("CN", years=[2026])
    assert set(map(str, packaged)) <= {day for day, (like, _note) in days.items() if not like}
    assert len(days) == 33 + 6
    before = told(country_days("CN", "", 2025, 2025, WEEK, "zh-hans"))
    assert {day for day, (like, _note) in before.items() if like} == {
        "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"
    }  # fmt: skip
    made_up = {day for day, (like, _note) in days.items() if like}
    assert made_up == {"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"}
    assert told(country_days("DE", "BY", 2026, 2026, WEEK, "en"))["2026-01-06"] == ("", "Epiphany")


@pytest.mark.parametrize(
    ("country", "part", "first", "last", "field"),
    [
        ("XX", "", 2026, 2026, "country"), ("DE", "Narnia", 2026, 2026, "subdivision"),
        ("DE", "", 2027, 2026, "last"), ("DE", "", 2000, 2099, "last"), ("DE", "", 1, 2, "last"),
    ],
)  # fmt: skip
def test_countries_and_years_that_are_not_known(country: str, part: str, first: int, last: int, field: str) -> None:
    with pytest.raises(Refused) as refused:
        country_days(country, part, first, last, WEEK, "en")
    assert refused.value.field == field


def test_every_country_that_is_offered_is_known() -> None:
    import holidays

    assert set(COUNTRIES) <= set(holidays.list_supported_countries(include_aliases=False))


def event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", ""))


def ics(*events: str) -> bytes:
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(events) + "END:VCALENDAR\r\n").encode()


def test_a_calendar_file_comes_back_as_it_went() -> None:
    days = [
        SpecialDay(date(2026, 10, 1), note="National Day; with a comma, and 国庆节"),
        SpecialDay(date(2026, 10, 10), "fri", "for 7 October"), SpecialDay(date(2026, 12, 25)),
    ]  # fmt: skip
    words = {"holiday": "Holiday", "make_up": "Make-up day"}
    file = write_ics("Office", days, uid="x", at=datetime(2026, 1, 1, tzinfo=UTC), words=words)
    assert read_ics(file, WEEK, year=2026).days == (*days[:2], SpecialDay(days[2].day, note="Holiday"))


def test_files_of_others_are_read_event_by_event() -> None:
    file = ics(
        event("SUMMARY:Meeting", "DTSTART:20260101T100000Z", "DTEND:20260101T110000Z"),
        event("SUMMARY:Golden week", "DTSTART;VALUE=DATE:20261001", "DTEND;VALUE=DATE:20261004"),
        event("SUMMARY:春节（班）", "DTSTART;VALUE=DATE:20260214"),
        event("SUMMARY:Christmas", "DTSTART;VALUE=DATE:20251225", "RRULE:FREQ=YEARLY"),
        event("SUMMARY:Bomb", "DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=SECONDLY"),
        event("SUMMARY:Month 13", "DTSTART;VALUE=DATE:20261301"),
        event("SUMMARY:Endless", "DTSTART;VALUE=DATE:20260501", "DTEND;VALUE=DATE:99991231"),
        event("SUMMARY:Two\\nlines", "garbage", "DTSTART;VALUE=DATE:20260601", "DURATION:P2D"),
        "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260601\r\nSUMMARY:Cut off\r\n",
    )
    read = read_ics(file, WEEK, year=2026)
    days = told(read)
    assert [day for day, (_like, note) in days.items() if note == "Golden week"] == [
        "2026-10-01", "2026-10-02", "2026-10-03"
    ]  # fmt: skip
    assert days["2026-02-14"] == ("mon", "春节（班）")
    assert days["2026-06-02"] == ("", "Two lines")
    assert {day for day, (_like, note) in days.items() if note == "Christmas"} == {
        f"{year}-12-25" for year in range(2025, 2030)
    }
    assert [one.text for one in read.unread] == ["Meeting", "Bomb", "Month 13", "Endless", "Cut off"]
    assert read.unread[0].line == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "begins with BEGIN:VCALENDAR"), (b"\x00\xff\xfe%PDF-1.7", "begins with BEGIN:VCALENDAR"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "has none"), (b"BEGIN:VCALENDAR\n" + b"x" * MOST_BYTES, "is larger"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 5_001, "There are more"),
    ],
)  # fmt: skip
def test_files_that_are_none(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        read_ics(content, WEEK, year=2026)
    assert refused.value.field == "file"


def test_what_changes_is_told_before() -> None:
    stand = [SpecialDay(date(2026, 1, 1)), SpecialDay(date(2026, 5, 1)), SpecialDay(date(2025, 5, 1))]
    given = [SpecialDay(date(2026, 1, 1)), SpecialDay(date(2026, 5, 2), "mon")]
    out = days_left_out(stand, given)
    assert out == [date(2026, 5, 1)]
    changes = day_changes(stand, given, out)
    assert [(one.day, one.now is None, one.then is None) for one in changes] == [
        (date(2026, 5, 1), False, True), (date(2026, 5, 2), True, False)
    ]  # fmt: skip


def test_the_calculator_tells_each_day() -> None:
    calendar = business_calendar("Asia/Shanghai", {"mon-fri": [("09:00", "17:00")]}, holidays=[date(2026, 10, 1)])
    holiday = SpecialDay(date(2026, 10, 1), note="National Day")
    begin, end = datetime(2026, 9, 30, 8, tzinfo=UTC), datetime(2026, 10, 2, 2, tzinfo=UTC)
    answer = counted(calendar, begin, end, [holiday])
    assert answer.seconds == 2 * 3600
    assert [(one.weekday, one.seconds, one.special) for one in answer.days] == [
        ("wed", 3600, None), ("thu", 0, holiday), ("fri", 3600, None)
    ]  # fmt: skip
    assert due(calendar, begin, 2, "h") == end
    assert due(calendar, begin, 1, "working_d") == datetime(2026, 10, 2, 9, tzinfo=UTC)
    with pytest.raises(FactError):
        due(calendar, begin, -1, "h")
