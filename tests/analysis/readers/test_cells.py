"""Cells to values: what is read, what is refused and how it is said, and that nothing is ever raised."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton_analysis.readers.cells import (
    CellProblem,
    Choice,
    clean_text,
    day_order_of,
    decimal_sign_of,
    has_invisible,
    parse_choice,
    parse_day,
    parse_decimal,
    parse_email,
    parse_moment,
    parse_phone,
    parse_text,
    parse_whole,
    parse_yes_no,
)

EARLIEST, LATEST = datetime(1900, 1, 2), datetime(2199, 12, 30)  # noqa: DTZ001  made aware below
KINDS = Choice({"department": ["Department", "部门"], "team": ["Team", "班组"], "role": ["Role", "岗位", "Team role"]})
PARSERS = {
    "text": parse_text,
    "whole": parse_whole,
    "decimal": parse_decimal,
    "day": parse_day,
    "moment": lambda text: parse_moment(text, zone="Europe/Berlin"),
    "yes or no": parse_yes_no,
    "choice": lambda text: parse_choice(text, KINDS),
    "email": parse_email,
    "phone": parse_phone,
}


def refused(found: object) -> str:
    """The message of a problem, each part of which is there and filled in."""
    assert isinstance(found, CellProblem)
    assert found.expected
    assert found.found
    assert found.remedy
    said = found.render()
    assert "{" not in said or "{" in found.values["value"]
    assert len(said) < 600
    return said


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("empty", [None, "", "  ", "\u200b", "\u00a0"])
def test_nothing_is_nothing(name: str, empty: str | None) -> None:
    assert PARSERS[name](empty) is None


@pytest.mark.parametrize("name", PARSERS)
def test_b007_nul_and_errors_of_formulas_are_refused_everywhere(name: str) -> None:
    assert "NUL" in refused(PARSERS[name]("1\x002"))
    assert "#N/A" in refused(PARSERS[name]("#N/A"))


@pytest.mark.parametrize("name", PARSERS)
@given(text=st.text(max_size=40) | st.text("0123456789.,:/-+ eE年月日TZ\u0663\uff11", max_size=25))
def test_any_text_is_a_value_or_a_problem(name: str, text: str) -> None:
    found = PARSERS[name](text)
    if isinstance(found, CellProblem):
        refused(found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("+7", 7),
        ("5.0", 5),
        ("1,000", 1000),
        ("1 000 000", 1_000_000),
        ("１２３", 123),
        ("-0", 0),
    ],
)
def test_whole_numbers(text: str, value: int) -> None:
    assert parse_whole(text) == value


@pytest.mark.parametrize(
    "text", ["3.14", "1_000", "1e400", "1e3", "nan", "inf", "١٢٣", "12 h", "1.234", "0x1F", "--1", "½"]
)
def test_b016_what_python_would_take_for_a_number_is_refused(text: str) -> None:
    assert text in refused(parse_whole(text))


def test_b017_5000_digits_are_refused() -> None:
    assert "18 digits" in refused(parse_whole("9" * 5_000))
    assert "36 digits" in refused(parse_decimal("9" * 5_000))
    assert "36 digits" in refused(parse_decimal("0." + "9" * 5_000))


def test_bounds_are_said() -> None:
    assert "at least 0" in refused(parse_whole("-1", least=0))
    assert "at most 100" in refused(parse_decimal("100.5", most=100))
    assert parse_decimal("100", least=100, most=100) == 100


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,14", "3.14"), ("3.14", "3.14"), ("1,234.5", "1234.5"), ("1.234,5", "1234.5"), ("1,234,567", "1234567"),
        (".5", "0.5"), ("1e-05", "0.00001"), ("-0", "0"), ("1 234,5", "1234.5"), ("12345.678", "12345.678"),
    ],
)  # fmt: skip
def test_b019_decimals_that_can_be_read_in_one_way(text: str, value: str) -> None:
    assert parse_decimal(text) == Decimal(value)


def test_b019_a_number_that_can_be_read_in_two_ways_is_refused_until_the_sign_is_said() -> None:
    assert "1234 or 1.234" in refused(parse_decimal("1,234"))
    assert parse_decimal("1,234", sign=",") == Decimal("1.234")
    assert parse_decimal("1,234", sign=".") == 1234
    assert parse_decimal("1.234", sign=",") == 1234
    assert decimal_sign_of(["1,234", "3,5", None, "x"]) == ","
    assert decimal_sign_of(["1,234.5", "7"]) == "."
    assert decimal_sign_of(["3,5", "3.5"]) is None
    assert "3,5" in refused(parse_decimal("3,5", sign="."))


@pytest.mark.parametrize("text", ["1e400", "nan", "inf", "-inf", "1_000", "١٢٣", "1,23,4", "1.2.3", ".", "1e", "€5"])
def test_b016_decimals_that_are_none(text: str) -> None:
    refused(parse_decimal(text))


@given(st.decimals(-(10**12), 10**12, allow_nan=False, places=4))
def test_decimals_survive_in_either_notation(value: Decimal) -> None:
    assert parse_decimal(str(value), sign=".") == value
    assert parse_decimal(f"{value:,}", sign=".") == value
    assert parse_decimal(f"{value:,}".translate(str.maketrans(",.", ".,")), sign=",") == value


@given(st.integers(-(10**17), 10**17))
def test_whole_numbers_survive(value: int) -> None:
    assert parse_whole(str(value)) == value
    assert parse_whole(f"{value:,}") == value


@pytest.mark.parametrize(
    "text",
    ["2026-03-31", "31/03/2026", "31.3.2026", "2026年3月31日", "2026/3/31 14:05", "46112", "46112.5", "03-31-2026"],
)
def test_days(text: str) -> None:
    assert parse_day(text) == date(2026, 3, 31)


@pytest.mark.parametrize(
    "text",
    ["31/02/2026", "0000-00-00", "10000-01-01", "60", "0", "2026-13-01", "2026-02-30", "1026-01-01", "yesterday",
     "31/03/26", "9" * 5_000, "2026-01-01 25:00", "2026-01-01 13:00 PM", "2026-01-01T00:00+99:00"],
)  # fmt: skip
def test_b018_days_that_do_not_exist(text: str) -> None:
    refused(parse_day(text))


def test_b018_day_and_month_that_could_be_exchanged_are_refused_until_the_order_is_said() -> None:
    assert "2026-04-03 or 2026-03-04" in refused(parse_day("03/04/2026"))
    assert parse_day("03/04/2026", order="day first") == date(2026, 4, 3)
    assert parse_day("03/04/2026", order="month first") == date(2026, 3, 4)
    assert parse_day("04/04/2026") == date(2026, 4, 4)
    assert day_order_of(["03/04/2026", "31/03/2026"]) == "day first"
    assert day_order_of(["03/31/2026", "2026-31-03"]) == "month first"
    assert day_order_of(["03/31/2026", "31/03/2026"]) is None
    refused(parse_day("31/03/2026", order="month first"))


def test_b018_moments_are_of_their_zone_and_gaps_are_refused() -> None:
    assert parse_moment("2026-03-31 14:05", zone="Europe/Berlin") == datetime(2026, 3, 31, 12, 5, tzinfo=UTC)
    assert parse_moment("2026-03-31T14:05+08:00", zone="Europe/Berlin") == datetime(2026, 3, 31, 6, 5, tzinfo=UTC)
    assert parse_moment("2026-10-25 02:30", zone="Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    said = refused(parse_moment("2026-03-29 02:30", zone="Europe/Berlin"))
    assert "does not exist in Europe/Berlin" in said
    assert parse_moment("2026-03-31 12:30 AM", zone="UTC") == datetime(2026, 3, 31, 0, 30, tzinfo=UTC)


@given(st.datetimes(EARLIEST, LATEST), st.sampled_from(["Asia/Shanghai", "America/New_York"]))
def test_moments_survive(moment: datetime, zone: str) -> None:
    from zoneinfo import ZoneInfo

    here = moment.replace(microsecond=0, tzinfo=UTC).astimezone(ZoneInfo(zone))
    if here.fold == 0 and here.utcoffset() == timedelta(seconds=round(here.utcoffset().total_seconds() / 60) * 60):  # type: ignore[union-attr]
        assert parse_moment(here.replace(tzinfo=None).isoformat(), zone=zone) == here
        assert parse_moment(here.isoformat(), zone="UTC") == here


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_days_survive(day: date) -> None:
    assert parse_day(day.isoformat()) == day
    assert parse_day(f"{day:%d.%m.%Y}", order="day first") == day
    assert parse_day(f"{day.year}年{day.month}月{day.day}日") == day


@pytest.mark.parametrize(
    ("text", "value"),
    [("Yes", True), ("是", True), ("✓", True), ("1", True), ("NO", False), ("否", False), ("0", False)],
)
def test_yes_and_no_in_both_languages(text: str, value: bool) -> None:
    assert parse_yes_no(text) is value


def test_neither_yes_nor_no() -> None:
    assert "maybe" in refused(parse_yes_no("maybe"))


@pytest.mark.parametrize(
    ("text", "code"),
    [("team", "team"), ("TEAM", "team"), ("班组", "team"), (" 部门 ", "department"), ("team_role", "role")],
)
def test_choices_by_code_or_label_in_either_language(text: str, code: str) -> None:
    assert parse_choice(text, KINDS) == code


def test_an_unknown_choice_says_which_there_are_and_what_was_perhaps_meant() -> None:
    said = refused(parse_choice("Departmnt", KINDS))
    assert "department, team, role" in said
    assert "Did you mean “Department”?" in said
    assert "Write one of these" in refused(parse_choice("xyz", KINDS))
    both = Choice({"a": ["Same"], "b": ["same"]})
    assert "a, b" in refused(parse_choice("SAME", both))


@pytest.mark.parametrize("text", ["ann@example.org", "Ann.B+x@Sub.Example.ORG", "安@例子.中国"])
def test_addresses(text: str) -> None:
    local, _, domain = text.partition("@")
    assert parse_email(text) == f"{local}@{domain.lower()}"


@pytest.mark.parametrize(
    "text",
    ["ann", "a@b", "a@b@c.de", "a b@c.de", "a@c..de", "a@c.de, b@c.de", ".a@c.de", "a@-c.de", "x" * 250 + "@c.de"],
)
def test_no_addresses(text: str) -> None:
    refused(parse_email(text))


def test_an_address_with_an_invisible_sign_is_refused() -> None:
    refused(parse_email("ann\u200b@example.org"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+86 138 0013 8000", "+8613800138000"),
        ("0086-10-1234567", "+86101234567"),
        ("(030) 123/456 转 12", "030123456x12"),
        ("１３８", "138"),
    ],
)
def test_phones(text: str, value: str) -> None:
    assert parse_phone(text) == value


@pytest.mark.parametrize("text", ["12", "call me", "+49 30 1; +49 30 2", "1" * 16, "٠١٢٣٤٥", "1" * 5_000])
def test_no_phones(text: str) -> None:
    refused(parse_phone(text))


def test_b014_b021_text_is_composed_and_without_what_nobody_sees() -> None:
    assert parse_text(" Cafe\u0301 ") == "Caf\u00e9"
    assert parse_text("ab\u202ecd\u200b") == "abcd"
    assert has_invisible("ab\u202ecd")
    assert not has_invisible("line\none \U0001f469\u200d\U0001f52c")
    assert parse_text("line\none") == "line one"
    assert parse_text("line\r\none", lines=True) == "line\none"
    assert parse_text("\U0001f469\u200d\U0001f52c") == "\U0001f469\u200d\U0001f52c"
    assert "At most 3 characters" in refused(parse_text("abcd", longest=3))


def test_b015_b020_formulas_and_markup_are_only_text() -> None:
    for text in ("=HYPERLINK(1)", "+cmd|'/c calc'!A0", "@SUM(A1)", "<img src=x onerror=alert(1)>"):
        assert parse_text(text) == text


@given(st.text(max_size=40))
def test_clean_text_is_composed_stable_and_without_invisible_signs(text: str) -> None:
    clean = clean_text(text)
    assert clean == clean_text(clean)
    assert unicodedata.is_normalized("NFC", clean)
    assert not has_invisible(clean)
