"""Times along a path, worked out by hand by the definitions of docs/methods/path-times.md; the median as in Conover."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import narwhals as nw
import numpy as np
import polars as pl
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.medians import median
from baton_analysis.measures.path_times import PathTimes, path_delays, path_times

START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = 86_400.0
Leg = tuple[str, str, float, float | None, float | None, bool]


def day(number: float | None) -> datetime | None:
    return None if number is None else START + timedelta(days=number)


def followed(*legs: Leg, path: str = "abc") -> PathTimes:
    """Handoffs as reference, link, start, stop and due in days, and whether the due moment was agreed."""
    rows = [(one, link, day(begun), day(done), day(due), agreed) for one, link, begun, done, due, agreed in legs]
    time = pl.Datetime("us", "UTC")
    schema = {"reference": pl.String, "subject": pl.String, "started_at": time, "stopped_at": time, "due_at": time}
    frame = pl.DataFrame(rows, schema={**schema, "due_agreed": pl.Boolean}, orient="row")
    return path_times(nw.from_native(frame.lazy()), list(path))


def days(found: PathTimes, name: str) -> list[float]:
    return [value / DAY for value in found.links[f"{name}_seconds"]]


def test_conover_1999_ranks_of_the_interval_of_a_median() -> None:
    """95 % for 10 values: 2nd to 9th; 20: 6th to 15th; 100: 40th to 61st. Five values have none."""
    for n, first, last in ((6, 1, 6), (10, 2, 9), (20, 6, 15), (100, 40, 61)):
        assert median(np.arange(1, n + 1)).interval == (first, last)
    few = median([3.0, 1.0, 2.0, 5.0, 4.0])
    assert (few.value, few.interval) == (3.0, None)
    assert few.warnings[0].render() == "5 values are too few for an interval of this confidence."


def test_recovery_the_true_median_lies_in_its_interval_as_often_as_said() -> None:
    chance = np.random.default_rng(9)
    held = 0
    for _ in range(500):
        interval = median(chance.lognormal(1, 2, 41)).interval
        assert interval is not None
        held += interval[0] <= np.e <= interval[1]
    assert held / 500 >= 0.95 - 0.02


def test_where_the_time_goes() -> None:
    """a takes 2 days; 1 day passes until b begins, which takes 3; c begins at once and takes 4."""
    found = followed(("R", "a", 0, 2, None, False), ("R", "b", 3, 6, None, False), ("R", "c", 6, 10, None, False))
    assert (found.n, found.lead_days) == (1, 10.0)
    assert days(found, "mean") == [2.0, 4.0, 4.0]
    assert (days(found, "wait"), days(found, "work")) == ([0.0, 1.0, 0.0], [2.0, 3.0, 4.0])
    assert found.links["share"].to_list() == [0.2, 0.4, 0.4]
    assert (found.late_share, found.lateness_seconds) == (None, None)
    assert found.warnings[-1].render().startswith("Nothing is promised at: a, b, c.")


def test_agreed_moments_a_late_predecessor_is_inherited() -> None:
    """Due on days 2, 5, 9: a hands over on day 4 (2 own), b on day 8 (3 late: 2 inherited, 1 own), c on day 10 (1
    late: 2 of 3 recovered). Of the last day a third is b's, two thirds are a's."""
    found = followed(("R", "a", 0, 4, 2, True), ("R", "b", 4, 8, 5, True), ("R", "c", 8, 10, 9, True))
    assert days(found, "lateness") == [2.0, 3.0, 1.0]
    assert days(found, "own") == [2.0, 1.0, 0.0]
    assert days(found, "inherited") == [0.0, 2.0, 1.0]
    assert days(found, "recovered") == [0.0, 0.0, 2.0]
    assert days(found, "contribution") == pytest.approx([2 / 3, 1 / 3, 0.0])
    assert found.links["contribution_share"].to_list() == pytest.approx([2 / 3, 1 / 3, 0.0])
    assert (found.late, found.late_share) == (1, 1.0)


def test_promised_times_are_planned_one_after_the_other() -> None:
    """Promised are 2 days each, counted from each link's own start. a takes 3, b begins late and keeps its 2 days: the
    day that it is late is inherited. c begins a day after b's handover and keeps its time: the wait is its own."""
    found = followed(("R", "a", 0, 3, 2, False), ("R", "b", 3, 5, 5, False), ("R", "c", 6, 8, 8, False))
    assert days(found, "lateness") == [1.0, 1.0, 2.0]
    assert days(found, "own") == [1.0, 0.0, 1.0]
    assert days(found, "inherited") == [0.0, 1.0, 1.0]


def test_without_a_promise_a_link_is_neither_late_nor_early() -> None:
    found = followed(("R", "a", 0, 5, None, False), ("R", "b", 5, 7, 6, True), path="ab")
    assert (days(found, "own"), found.links["promised"].to_list()) == ([0.0, 1.0], [0, 1])


def test_parts_of_one_reference_are_one_whole_and_what_is_under_way_is_left_out() -> None:
    found = followed(
        ("R", "a", 0, 1, 1, True), ("R", "a", 0, 3, 2, True), ("R", "b", 3, 4, 4, True),
        ("open", "a", 0, 1, 1, True), ("open", "b", 1, None, 4, True), ("begun", "a", 0, 1, 1, True), path="ab",
    )  # fmt: skip
    assert (found.n, found.references, found.lead_days) == (1, 3, 4.0)
    assert days(found, "lateness") == [1.0, 0.0]
    assert found.warnings[0].render() == (
        "2 references have not passed all links and are left out: long ones are among them."
    )
    assert json.loads(json.dumps(found.to_dict()))["links"][0]["n"] == 1


def test_nothing_has_passed_yet() -> None:
    found = followed(("R", "a", 0, None, 1, True), path="ab")
    assert (found.n, found.lead_seconds, found.late_share) == (0, None, None)
    assert found.to_table()["n"].to_list() == [0, 0]
    assert str(found)


def test_what_is_no_path_is_refused() -> None:
    with pytest.raises(MeasureError, match="Path: –"):
        followed(path="")
    with pytest.raises(MeasureError, match="Path: a, a"):
        followed(path="aa")
    with pytest.raises(MeasureError, match="Absent: started_at, stopped_at, order"):
        path_times(nw.from_native(pl.DataFrame({"subject": ["a"]}).lazy()), ["a"], by="order")
    with pytest.raises(MeasureError, match="1 value is not finite"):
        path_delays([[1.0, float("nan")]])
    with pytest.raises(MeasureError, match="0 values that are known"):
        median([])
