"""The organisation's days, and the numbers that people say."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pytest_django.fixtures import Settings

from baton.core.changes import next_number, next_numbers
from baton.core.days import day_of

NEW_YEAR_IN_SHANGHAI = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)


def test_a_moment_falls_on_the_organisations_day(settings: Settings) -> None:
    assert day_of(NEW_YEAR_IN_SHANGHAI) == date(2026, 12, 31)
    settings.TIME_ZONE = "Asia/Shanghai"
    assert day_of(NEW_YEAR_IN_SHANGHAI) == date(2027, 1, 1)


@pytest.mark.django_db
def test_numbers_begin_anew_each_year_and_are_never_given_twice(settings: Settings) -> None:
    assert next_numbers(prefix="T", at=NEW_YEAR_IN_SHANGHAI, count=2) == ["T-2026-0001", "T-2026-0002"]
    assert next_number(prefix="T", at=NEW_YEAR_IN_SHANGHAI) == "T-2026-0003"
    assert next_number(prefix="U", at=NEW_YEAR_IN_SHANGHAI) == "U-2026-0001"
    settings.TIME_ZONE = "Asia/Shanghai"
    assert next_number(prefix="T", at=NEW_YEAR_IN_SHANGHAI) == "T-2027-0001"
    assert next_numbers(prefix="T", at=NEW_YEAR_IN_SHANGHAI, count=0) == []
