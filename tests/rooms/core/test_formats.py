"""Numbers, shares, durations and dates as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from baton.core import formats


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"), (1234, "1,234"), (1234.5, "1,234.5"), (0.126, "0.13"), (-3, "−3"), ("12", "12"), (2.0, "2"),
        (None, "–"), ("", "–"), (float("nan"), "–"), (float("inf"), "–"), ("many", "–"),
    ],
)  # fmt: skip
def test_numbers(value: object, written: str) -> None:
    assert formats.number(value) == written


def test_asked_digits_are_kept() -> None:
    assert formats.number(2, 1) == "2.0"
    assert formats.number(1234567.891, 2) == "1,234,567.89"


@pytest.mark.parametrize(("share", "written"), [(0.123, "12.3 %"), (1, "100.0 %"), (0, "0.0 %"), (None, "–")])
def test_shares(share: float | None, written: str) -> None:
    assert formats.percent(share).replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0 s"), (45, "45 s"), (0.5, "0.5 s"), (90, "1.5 min"), (720, "12 min"), (3600, "1.0 h"), (18_720, "5.2 h"),
        (86_400, "1.0 d"), (97_632, "1.1 d"), (-7200, "−2.0 h"), (None, "–"),
    ],
)  # fmt: skip
def test_durations_take_the_largest_unit_that_fits(seconds: float | None, written: str) -> None:
    assert formats.duration(seconds).replace("\u00a0", " ") == written


def test_figure_and_unit_stay_on_one_line() -> None:
    assert " " not in formats.duration(97_632) + formats.percent(0.5)


def test_a_day_is_the_readers_day() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    with timezone.override("Asia/Shanghai"):
        assert formats.day(late) == "22 Nov 2026"
        assert formats.moment(late) == "22 Nov 2026, 07:30"
    assert formats.day(date(2026, 3, 1)) == "1 Mar 2026"
    assert formats.day(None) == formats.moment(None) == "–"


def test_months_are_named_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        assert "Nov" not in formats.day(date(2026, 11, 21))
