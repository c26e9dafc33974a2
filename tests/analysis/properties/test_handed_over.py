"""A simulated year as handoffs: the same waits as in its event log, and nothing lost of what came back."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from baton_analysis.simulation import SimulatedYear
from baton_analysis.simulation.handing_over import handed_over
from baton_analysis.simulation.hospital import hospital_year

LINEN, SPECIMENS = ("laundry", "ward_a"), ("ward_a", "lab")


@pytest.fixture(scope="module")
def year() -> SimulatedYear:
    made: SimulatedYear = hospital_year(seed=2026, end=date(2026, 11, 20))
    return made


@pytest.fixture(scope="module")
def rows(year: SimulatedYear) -> pl.DataFrame:
    return handed_over(year, [LINEN, ("laundry", "ward_b"), SPECIMENS])


@pytest.mark.parametrize("pair", [LINEN, SPECIMENS])
def test_the_waits_are_those_of_the_event_log(year: SimulatedYear, rows: pl.DataFrame, pair: tuple[str, str]) -> None:
    mine = rows.filter(supplier=pair[0], customer=pair[1]).drop_nulls("delivered_at")
    mined = year.handovers.filter(pl.col("subject") == ">".join(pair))
    # What came back is handed over a second time in the log; here it is one handoff.
    assert mine.height + mine["again_at"].count() == mined.height
    waits = mine.select(
        (pl.col("delivered_at") - pl.col("received_at")).dt.total_seconds().cast(pl.Float64)
    ).to_series()
    again = mine.drop_nulls("again_at").select((pl.col("again_at") - pl.col("returned_at")).dt.total_seconds())
    assert float(waits.sum()) + float(again.to_series().sum()) == pytest.approx(mined["wait_seconds"].sum())
    assert mine["returned_at"].count() == mined["returned"].sum()


def test_moments_stand_in_their_order(rows: pl.DataFrame) -> None:
    known = rows.drop_nulls("delivered_at")
    assert (known["requested_at"] <= known["received_at"]).all()
    assert (known["received_at"] <= known["delivered_at"]).all()
    back = rows.drop_nulls("again_at")
    assert (back["delivered_at"] <= back["returned_at"]).all()
    assert (back["returned_at"] <= back["again_at"]).all()


def test_each_case_passes_a_link_once(rows: pl.DataFrame) -> None:
    assert rows.select("supplier", "customer", "reference").is_unique().all()


def test_what_is_in_hand_when_the_year_ends_has_not_come_yet(year: SimulatedYear, rows: pl.DataFrame) -> None:
    in_hand = rows.filter(pl.col("delivered_at").is_null())
    last = year.events.group_by("case", maintain_order=True).last()
    at_the_laundry = pl.col("activity") == "Linen washed and packed"
    at_the_ward = (pl.col("activity") == "Specimen taken") & (pl.col("team") == "ward_a")
    wanted = last.filter(at_the_laundry | at_the_ward)
    assert in_hand.height > 0
    assert set(in_hand["reference"]) == set(wanted["case"])


def test_more_specimens_come_back_in_the_planted_weeks(year: SimulatedYear, rows: pl.DataFrame) -> None:
    fault = next(one for one in year.faults if one.kind == "more_returns")
    mine = rows.filter(supplier="ward_a", customer="lab").drop_nulls("delivered_at")
    day = pl.col("delivered_at").dt.date()
    during = day.is_between(fault.start, fault.until, closed="left")
    calm, late = (
        mine.filter(when).select(pl.col("returned_at").is_not_null().mean()).item() for when in (~during, during)
    )
    assert 1.4 < late / calm < 3
