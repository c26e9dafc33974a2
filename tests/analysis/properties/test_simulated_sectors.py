"""The factory and the laboratory of the demonstration: what was planted is there, and all else is calm."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from baton_analysis.simulation import PlantedFault, SimulatedYear
from baton_analysis.simulation.factory import factory_year
from baton_analysis.simulation.laboratory import laboratory_year

END = date(2026, 11, 20)


@pytest.fixture(scope="module", params=[factory_year, laboratory_year], ids=["factory", "laboratory"])
def year(request: pytest.FixtureRequest) -> SimulatedYear:
    made: SimulatedYear = request.param(seed=2026, end=END)
    return made


def fault(year: SimulatedYear, kind: str) -> PlantedFault:
    return next(one for one in year.faults if one.kind == kind)


def of_link(year: SimulatedYear, one: PlantedFault) -> pl.DataFrame:
    """Handovers of the fault's link, with whether they fall into its time."""
    start = (one.start - date(1970, 1, 1)).days
    until = start + 10_000 if one.until is None else (one.until - date(1970, 1, 1)).days
    return year.handovers.filter(pl.col("subject") == ">".join(one.link)).with_columns(
        pl.col("day").is_between(start, until, closed="left").alias("during")
    )


def test_it_is_a_years_work(year: SimulatedYear) -> None:
    assert 50_000 < year.events.height < 90_000
    assert year.events["time"].is_sorted()
    assert (year.first.weekday(), year.end) == (0, END)
    assert {fault.kind for fault in year.faults} == {
        "shift", "drift", "more_returns", "defect", "undeclared", "dead", "never_used",
    }  # fmt: skip


def test_only_one_way_is_undeclared_and_only_what_was_planted_is_unused(year: SimulatedYear) -> None:
    agreed = {">".join(link.pair) for link in year.links}
    # Returns go back along a link; every other way that is not agreed was planted.
    seen = year.handovers.group_by("subject").agg(pl.col("returned").mean())
    planted = ">".join(fault(year, "undeclared").link)
    strange = set(seen.filter(pl.col("returned") < 1)["subject"]) - agreed
    assert strange == {planted}
    assert set(of_link(year, fault(year, "undeclared"))["during"]) == {True}
    inside = {"plant_manager>plant", "director>laboratory"}  # What a leader promises is in no log.
    assert agreed - set(seen["subject"]) - inside <= {">".join(fault(year, "never_used").link)}


def test_the_shift_and_the_drift_are_as_large_as_planted(year: SimulatedYear) -> None:
    for kind, smallest, largest in (("shift", 2.3, 3.7), ("drift", 1.5, 5.0)):
        one = fault(year, kind)
        weeks = of_link(year, one).group_by("during", "week").agg(pl.col("wait_seconds").median())
        calm, late = weeks.group_by("during").agg(pl.col("wait_seconds").mean()).sort("during")["wait_seconds"]
        assert smallest < (late - calm) / year.sigmas[one.link] < largest


def test_more_comes_back_for_some_weeks(year: SimulatedYear) -> None:
    calm, late = of_link(year, fault(year, "more_returns")).group_by("during").agg(pl.col("returned").mean()).sort(
        "during"
    )["returned"]  # fmt: skip
    assert 1.8 < late / calm < 4


def test_the_dead_link_is_dead(year: SimulatedYear) -> None:
    handovers = of_link(year, fault(year, "dead"))
    assert handovers["during"].sum() <= 3  # Those that were under way.
    assert (~handovers["during"]).sum() > 40


def test_customers_notice_the_defects(year: SimulatedYear) -> None:
    one = fault(year, "defect")
    # Deliveries of the plant, and reports of the laboratory, carry the defects to the customer.
    subject = "shipping>customer" if one.link[0] == "production" else "signatory>client"
    scores = year.ratings.filter(pl.col("subject") == subject).with_columns(
        (pl.col("at").dt.date() >= one.start).alias("late")
    )
    calm, late = scores.group_by("late").agg(pl.col("score").mean()).sort("late")["score"]
    assert calm > late
    assert year.purchases.height > 500
