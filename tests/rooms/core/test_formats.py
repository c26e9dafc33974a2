"""Numbers, shares, durations and dates as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation
from hypothesis import example, given
from hypothesis import strategies as st

from baton.core import formats


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"), (1234, "1,234"), (1234.5, "1,234.5"), (0.126, "0.13"), (-3, "−3"), ("12", "12"), (2.0, "2"),
        (-0.0, "0"), (-0.001, "0"), (0.999, "1"), (-0.999, "−1"),
        (None, "–"), ("", "–"), (float("nan"), "–"), (float("inf"), "–"), ("many", "–"),
    ],
)  # fmt: skip
def test_numbers(value: object, written: str) -> None:
    assert formats.number(value) == written


def test_asked_digits_are_kept() -> None:
    assert formats.number(2, 1) == "2.0"
    assert formats.number(1234567.891, 2) == "1,234,567.89"
    assert formats.number(-0.04, 1) == formats.number(0.04, 1) == "0.0", "what rounds to nothing has no sign"


@pytest.mark.parametrize(("share", "written"), [(0.123, "12.3 %"), (1, "100.0 %"), (0, "0.0 %"), (None, "–")])
def test_shares(share: float | None, written: str) -> None:
    assert formats.percent(share).replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0 s"), (45, "45 s"), (0.5, "0.5 s"), (90, "1.5 min"), (720, "12 min"), (3600, "1.0 h"), (18_720, "5.2 h"),
        (86_400, "1.0 d"), (97_632, "1.1 d"), (-7200, "−2.0 h"), (None, "–"),
        (59.94, "59.9 s"), (59.96, "1.0 min"), (59.999, "1.0 min"), (-0.04, "0.0 s"), (599, "10 min"),
        (597, "9.9 min"), (3569, "59 min"), (3570.1, "1.0 h"), (3599, "1.0 h"), (86_219, "23.9 h"),
        (86_399, "1.0 d"), (86_400 * 999.96, "1,000 d"),
    ],
)  # fmt: skip
def test_durations_take_the_largest_unit_that_fits(seconds: float | None, written: str) -> None:
    assert formats.duration(seconds).replace("\u00a0", " ") == written


UNITS = {"en": ("s", "min", "h", "d"), "zh-hans": ("秒", "分钟", "小时", "天")}
SIZES = (1, 60, 3_600, 86_400)
MOST = (60, 60, 24, float("inf"))


def read_back(written: str, language: str) -> tuple[float, int]:
    """The figure of a written duration, and the place of its unit."""
    figure, unit = written.split("\u00a0")
    return float(figure.replace(",", "").replace("−", "-")), UNITS[language].index(unit)


@pytest.mark.parametrize("language", UNITS)
@given(seconds=st.floats(-1e9, 1e9) | st.integers(-(10**9), 10**9))
@example(seconds=59.96)
@example(seconds=3_599)
@example(seconds=-86_399.5)
@example(seconds=-0.0)
def test_a_written_duration_is_that_duration_in_a_unit_that_fits(language: str, seconds: float) -> None:
    with translation.override(language):
        written = formats.duration(seconds)
    figure, unit = read_back(written, language)
    assert abs(figure) < MOST[unit], "as much as the next unit is written in the next unit"
    assert abs(figure) >= 1 or unit == 0
    assert abs(figure * SIZES[unit] - seconds) <= max(0.05 * SIZES[unit], 0.051 * abs(seconds)) + 1e-6
    assert not (written.startswith("−") and figure == 0)


@pytest.mark.parametrize("language", UNITS)
@given(one=st.floats(0, 1e9), more=st.floats(0, 1e9))
def test_what_lasts_longer_is_never_written_as_less(language: str, one: float, more: float) -> None:
    with translation.override(language):
        short, long = (read_back(formats.duration(seconds), language) for seconds in (one, one + more))
    assert short[0] * SIZES[short[1]] <= long[0] * SIZES[long[1]] + 1e-6


@pytest.mark.parametrize("language", UNITS)
@given(figure=st.floats(-1e12, 1e12), digits=st.none() | st.integers(0, 4))
@example(figure=-0.0, digits=None)
@example(figure=-0.04, digits=1)
def test_a_written_number_is_that_number(language: str, figure: float, digits: int | None) -> None:
    with translation.override(language):
        written = formats.number(figure, digits)
    back = float(written.replace(",", "").replace("−", "-"))
    assert back == pytest.approx(figure, abs=0.5001 * 10.0 ** -(2 if digits is None else digits), rel=1e-12)
    assert not (written.startswith("−") and back == 0)


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
