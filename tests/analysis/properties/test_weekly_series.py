"""Weekly series of any weeks: bounded, in order, nothing lost, broken only where a gap is too long."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from baton_analysis.engines import engine_named
from baton_analysis.measures.weekly_series import LONGEST_GAP_WEEKS, weekly_series

WEEKS = st.lists(st.integers(-100_000, 400_000) | st.integers(2_800, 2_960), min_size=1, max_size=30)
"""Weeks since the first Monday of 1970: years from 53 to 9635, most of them near 2025."""


@given(WEEKS)
def test_a_series_is_bounded_by_its_data_and_loses_nothing(weeks: list[int]) -> None:
    mondays = [4 + 7 * week for week in weeks]
    facts = pl.DataFrame(
        {
            "subject": ["a>b"] * len(weeks),
            "week": pl.Series(mondays, dtype=pl.Int32),
            "wait_seconds": [float(week) for week in weeks],
            "returned": [week % 2 == 0 for week in weeks],
        }
    )
    (series,) = weekly_series(engine_named().lazy(facts)).values()
    seen = series.weeks[series.handovers > 0]
    assert seen.tolist() == sorted(set(mondays))
    assert series.handovers.sum() == len(weeks)
    assert len(series) <= len(set(weeks)) * (LONGEST_GAP_WEEKS + 1)
    steps = np.diff(series.weeks)
    assert (steps > 0).all()
    assert (steps % 7 == 0).all()
    assert (np.flatnonzero(steps > 7)).tolist() == list(series.breaks)
    for index in series.breaks:
        assert series.handovers[index] == 0
        assert np.isnan(series.median_wait_seconds[index])
        assert (series.weeks[index + 1] - series.weeks[index]) // 7 >= LONGEST_GAP_WEEKS
