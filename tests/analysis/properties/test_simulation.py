"""What is described comes out of a simulation, what is planted is there and nowhere else, and a seed says it all."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from baton_analysis.errors import SimulationError
from baton_analysis.facts.calendars import business_calendar, net_seconds
from baton_analysis.measures.control_charts.many import individuals_charts
from baton_analysis.readers import read
from baton_analysis.signals.chart_rules import find_flags
from baton_analysis.simulation import (
    Buyers,
    Flow,
    Load,
    Organisation,
    Party,
    PlantedFault,
    Rating,
    SimulatedYear,
    Step,
    organisation,
    simulate,
    weekly_waits,
    write_facts,
    write_log,
)
from baton_analysis.simulation.description import FaultKind
from baton_analysis.simulation.working_time import WorkingTime, queued, seconds_of

FIRST, END = date(2026, 1, 5), date(2026, 12, 27)
HALF = date(2026, 7, 6)
OFFICE = business_calendar(
    "UTC",
    {"mon-fri": [("08:00", "17:00")]},
    holidays=[date(2026, 5, 1)],
    makeup_days={date(2026, 5, 9): "wed"},
)
EVENLY = Load(weekday=(1.0,) * 7)


def one_flow(*steps: Step, code: str = "F", daily: float = 20.0, rating: Rating | None = None) -> Organisation:
    parties = dict.fromkeys(step.party for step in steps)
    return Organisation(
        parties=tuple(Party(party, {"en": party, "zh-hans": party}) for party in parties),
        links=(),
        flows=(Flow(code, daily, steps, EVENLY, rating),),
    )


def simulated(what: Organisation, *faults: PlantedFault, seed: int = 1, end: date = END) -> SimulatedYear:
    return simulate(what, seed=seed, first=FIRST, end=end, faults=faults)


def weekly(year: SimulatedYear, pair: tuple[str, str]) -> pl.DataFrame:
    """Median wait and share of returns of a link by week."""
    of_link = year.handovers.filter(pl.col("subject") == ">".join(pair))
    return of_link.group_by("week").agg(pl.col("wait_seconds").median(), pl.col("returned").mean()).sort("week")


AB = one_flow(Step("a", "begun"), Step("b", "done", 120, 0.5, returned=0.05))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    what = organisation(parties=8, links=14, seed=4)
    files = []
    for name in ("one", "two"):
        year = simulated(what, PlantedFault(what.links[0].pair, "shift", HALF, size=2), end=date(2026, 3, 29))
        files.append([(path.name, path.read_bytes()) for path in write_facts(year, tmp_path / name)])
    assert files[0] == files[1]
    assert {name for name, _ in files[0]} == {"2026-01.parquet", "2026-02.parquet", "2026-03.parquet"}
    other = simulated(what, seed=2, end=date(2026, 3, 29))
    assert not other.events.equals(simulated(what, end=date(2026, 3, 29)).events)


def test_a_flow_more_changes_no_other() -> None:
    both = Organisation(
        AB.parties, (), (Flow("G", 5.0, (Step("b", "begun"), Step("a", "done", 30)), EVENLY), *AB.flows)
    )
    before, after = simulated(AB, end=HALF).events, simulated(both, end=HALF).events
    assert_frame_equal(before, after.filter(pl.col("case").str.starts_with("F-")), check_row_order=False)
    assert after.height > before.height


@pytest.mark.parametrize("kind", ["shift", "drift", "slower", "more_returns", "defect"])
def test_a_fault_changes_nothing_that_came_before_it(kind: FaultKind) -> None:
    calm, faulty = simulated(AB), simulated(AB, PlantedFault(("a", "b"), kind, HALF, size=3.0))
    until = pl.lit(HALF - timedelta(days=1)).cast(pl.Datetime("us", "UTC"))
    assert_frame_equal(calm.events.filter(pl.col("time") < until), faulty.events.filter(pl.col("time") < until))
    assert calm.events.height > 14_000


def test_the_weekly_sigma_is_as_announced() -> None:
    years = simulated(AB, PlantedFault(("a", "b"), "shift", date(2031, 1, 1), size=3.0), end=date(2030, 12, 29))
    found = weekly(years, ("a", "b"))["wait_seconds"].std()
    assert isinstance(found, float)
    assert found == pytest.approx(years.sigmas["a", "b"], rel=0.12)
    # As theory has it for the median of n lognormal values: median * spread * sqrt(pi / 2n).
    assert years.sigmas["a", "b"] == pytest.approx(7200 * 0.5 * np.sqrt(np.pi / 2 / 140), rel=0.12)


def test_a_shift_moves_the_weekly_value_by_that_many_sigma() -> None:
    what = organisation(parties=20, links=36, seed=2)
    pairs = [link.pair for link in what.links]
    faults = [PlantedFault(pair, "shift", HALF, size=1.0 + number % 3) for number, pair in enumerate(pairs)]
    year = simulated(what, *faults)
    day = (HALF - date(1970, 1, 1)).days
    moved = []
    for fault in faults:
        found = weekly(year, fault.link)
        values, weeks = found["wait_seconds"].to_numpy(), found["week"].to_numpy()
        away = values[weeks >= day].mean() - values[weeks < day].mean()
        moved.append(float(away / year.sigmas[fault.link] - fault.size))
    assert abs(np.mean(moved)) < 0.12
    assert np.std(moved) < 0.5


def test_three_sigma_are_seen_within_four_weeks_and_steady_links_are_left_in_peace() -> None:
    """Ideal normal series with limits from 200 weeks: 99.7 % are seen, and 1.8 % of the weeks alarmed by chance."""
    baseline, steady = 200, 52
    start = FIRST + timedelta(weeks=baseline + steady)
    what = organisation(parties=20, links=48, seed=5, daily=12.0)
    faults = [PlantedFault(link.pair, "shift", start, size=3.0) for link in what.links]
    found = weekly_waits(what, seed=5, first=FIRST, weeks=baseline + steady + 4, faults=faults)
    charts = individuals_charts(np.array([found[link.pair] for link in what.links]), baseline=baseline)
    alarmed = find_flags(charts).any
    assert alarmed[:, -4:].any(axis=1).sum() >= 47
    assert 0.010 < alarmed[:, baseline:-4].mean() < 0.028


def test_weekly_waits_are_those_of_the_log() -> None:
    what = organisation(parties=6, links=9, seed=3)
    fault = PlantedFault(what.links[2].pair, "shift", HALF, size=2.0)
    year = simulated(what, fault)
    direct = weekly_waits(what, seed=1, first=FIRST, weeks=51, faults=[fault])
    for link in what.links:
        # The log has whole seconds.
        np.testing.assert_allclose(
            direct[link.pair][:50], weekly(year, link.pair)["wait_seconds"].to_numpy()[:50], atol=1.01
        )


def test_a_drift_grows_week_by_week() -> None:
    year = simulated(AB, PlantedFault(("a", "b"), "drift", HALF, size=0.5))
    found = weekly(year, ("a", "b")).filter(pl.col("week") >= (HALF - date(1970, 1, 1)).days)["wait_seconds"].to_numpy()
    slope = np.polyfit(np.arange(len(found)), found, 1)[0]
    assert slope / year.sigmas["a", "b"] == pytest.approx(0.5, abs=0.08)


def test_returns_are_as_described_and_as_planted() -> None:
    year = simulated(AB, PlantedFault(("a", "b"), "more_returns", HALF, size=3.0))
    back = year.handovers.filter(pl.col("subject") == "b>a").with_columns(pl.col("at").dt.date().alias("date"))
    first = year.handovers.filter((pl.col("subject") == "a>b") & pl.col("returned"))
    assert back.height == pytest.approx(first.height, rel=0.02)
    late = back.filter(pl.col("date") >= HALF).height
    assert late / (back.height - late) == pytest.approx(3.0 * 175 / 182, rel=0.2)
    assert back.height - late == pytest.approx(182 * 20 * 0.05, rel=0.2)


def test_nothing_passes_a_dead_link() -> None:
    year = simulated(AB, PlantedFault(("a", "b"), "dead", HALF, until=HALF + timedelta(days=70)))
    days = year.handovers.filter(pl.col("subject") == "a>b")["at"].dt.date()
    gap = days.filter((days > HALF + timedelta(days=1)) & (days < HALF + timedelta(days=70)))
    assert gap.is_empty()
    assert days.max() > HALF + timedelta(days=80)  # type: ignore[operator]


def test_defects_reach_the_customer_who_says_so_and_leaves() -> None:
    what = one_flow(
        Step("a", "made", defects=0.1), Step("b", "checked", 60, finds=0.7), Step("c", "received", 60),
        rating=Rating(share=0.5, by_doubling=0, by_defect=2.0),
    )  # fmt: skip
    bought = Organisation(what.parties, (), what.flows, buyers=(Buyers("c", 400, lost_by_defect=0.9),))
    year = simulated(bought, PlantedFault(("a", "b"), "defect", HALF, size=6.0))
    late = pl.col("at").dt.date() >= HALF
    scores = year.ratings.group_by(late.alias("late")).agg(pl.col("score").mean()).sort("late")["score"]
    # 3 % and 18 % of the cases come with a defect that nobody found, each two points less.
    assert scores[0] - scores[1] == pytest.approx(0.15 * 2.0, abs=0.08)
    assert set(year.ratings["score"].unique()) <= set(range(1, 6))
    lost = year.purchases.group_by(late.alias("late")).agg(pl.col("lost").mean()).sort("late")["lost"]
    assert lost.to_list() == pytest.approx([0.03 + 0.9 * 0.03, 0.03 + 0.9 * 0.18], abs=0.03)
    last = year.purchases.filter("lost").select("customer", "at")
    assert last["customer"].is_unique().all()
    assert year.purchases.join(last, on="customer").filter(pl.col("at") > pl.col("at_right")).is_empty()


def test_slow_work_is_rated_lower() -> None:
    what = one_flow(
        Step("a", "made"), Step("b", "received", 60, 0.8), rating=Rating(share=1.0, by_doubling=0.6, mean=3)
    )
    year = simulated(what, PlantedFault(("a", "b"), "slower", HALF, size=2.0))
    late = pl.col("at").dt.date() >= HALF
    scores = year.ratings.group_by(late.alias("late")).agg(pl.col("score").mean()).sort("late")["score"]
    assert scores[0] - scores[1] == pytest.approx(0.6, abs=0.1)


def test_a_party_works_by_its_calendar() -> None:
    what = one_flow(Step("a", "begun"), Step("b", "done", 240, 0.5))
    office = Organisation(what.parties, (), what.flows, calendars={"b": OFFICE})
    done = simulated(office).events.filter(pl.col("team") == "b").select(
        pl.col("time").dt.date().alias("day"), pl.col("time").dt.hour().alias("hour"),
        pl.col("time").dt.weekday().alias("weekday"),
    )  # fmt: skip
    assert done["hour"].is_between(8, 17).all()
    assert done.filter((pl.col("weekday") > 5) & (pl.col("day") != date(2026, 5, 9))).is_empty()
    assert done.filter(pl.col("day") == date(2026, 5, 1)).is_empty()
    assert not done.filter(pl.col("day") == date(2026, 5, 9)).is_empty()


@pytest.mark.parametrize(("daily", "longer"), [(20.0, 1.2), (42.0, 2.0)])
def test_under_load_cases_wait_their_turn(daily: float, longer: float) -> None:
    """A desk that is taken for 30 minutes a case: at 42 cases a day it is busy 88 % of the time."""
    calm = one_flow(Step("a", "begun"), Step("b", "done", 30, 0.1), daily=daily)
    busy = one_flow(Step("a", "begun"), Step("b", "done", 30, 0.1, desks=1), daily=daily)
    means = [simulated(what).handovers["wait_seconds"].mean() for what in (calm, busy)]
    assert means[1] > longer * means[0]  # type: ignore[operator]


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 200)), min_size=1, max_size=30), st.integers(1, 3)
)  # fmt: skip
def test_the_queue_is_that_of_one_case_after_the_other(cases: list[tuple[int, int]], desks: int) -> None:
    arrival, work = np.array(cases, dtype=np.float64).T
    free, expected = -np.inf, {}
    for index in np.argsort(arrival, kind="stable"):
        begins = max(arrival[index], free)
        free = begins + work[index] / desks
        expected[int(index)] = begins + work[index]
    np.testing.assert_allclose(
        queued(arrival, work, desks), [expected[index] for index in range(len(cases))], atol=1e-6
    )


@given(st.lists(st.floats(0, 20 * 86_400), min_size=2, max_size=20))
def test_working_time_goes_forth_and_back(after: list[float]) -> None:
    working = WorkingTime.of(OFFICE, FIRST, 60)
    at = np.sort(np.array(after)) + seconds_of(FIRST)
    worked = working.worked(at)
    assert (np.diff(worked) >= 0).all()
    is_open = working.is_open(at) & (worked > 0)
    np.testing.assert_allclose(working.moment(worked)[is_open], at[is_open], atol=1e-3)
    assert (working.moment(worked) <= at + 1e-3)[worked > 0].all()


@given(st.lists(st.integers(86_400, 59 * 86_400), min_size=2, max_size=20))
def test_working_time_is_business_time(after: list[int]) -> None:
    """Also over a change of the clock (29 March 2026 in Berlin) and in shifts that overlap."""
    shifts = {"mon-sat": [("06:00", "14:30"), ("14:00", "22:00")], "sun-fri": [("22:00", "06:00")]}
    berlin = business_calendar("Europe/Berlin", shifts, holidays=[date(2026, 4, 3), date(2026, 4, 6)])
    first = date(2026, 3, 2)
    at = np.sort(np.array(after, dtype=np.float64)) + seconds_of(first)
    worked = WorkingTime.of(berlin, first, 60).worked(at)
    moments = (at * 1e6).astype("datetime64[us]")
    np.testing.assert_array_equal(np.diff(worked), net_seconds(berlin, moments[:-1], moments[1:]))


@given(st.integers(2, 40), st.floats(0, 1), st.integers(0, 99))
def test_an_organisation_is_of_the_size_that_was_asked_for(parties: int, share: float, seed: int) -> None:
    links = max(1, int(share * parties * (parties + 1) // 2))
    what = organisation(parties=parties, links=links, seed=seed)
    pairs = [link.pair for link in what.links]
    assert len(pairs) == len(set(pairs) - {(b, a) for a, b in pairs}) == links
    assert len(what.parties) == parties + 1
    assert {pair for flow in what.flows for pair in pairwise(step.party for step in flow.steps)} == set(pairs)
    assert all(supplier != customer for supplier, customer in pairs)
    if links >= parties:
        assert {code for pair in pairs for code in pair} >= {party.code for party in what.parties[:-1]}
    assert what == organisation(parties=parties, links=links, seed=seed)
    what.demand_sound()


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xes"])
def test_a_log_is_read_as_it_was_written(ending: str, tmp_path: Path) -> None:
    year = simulated(AB, end=date(2026, 1, 18))
    path = tmp_path / f"log{ending}"
    write_log(year, path)
    frame = read(path).frame
    assert frame.height == year.events.height
    team = "org:group" if ending == ".xes" else "team"
    assert sorted(frame[team].to_list()) == sorted(year.events["team"].to_list())


def test_what_means_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="between 1 and 15 links"):
        organisation(parties=5, links=16, seed=1)
    with pytest.raises(SimulationError, match="Nothing passes from “b” to “a”"):
        simulated(AB, PlantedFault(("b", "a"), "shift", HALF))
    with pytest.raises(SimulationError, match="no party “z”"):
        simulated(Organisation((), (), (Flow("F", 1.0, (Step("z", "begun"),)),)))
    with pytest.raises(SimulationError, match="ends on 2026-01-04"):
        simulated(AB, end=date(2026, 1, 4))
    with pytest.raises(SimulationError, match=r"“log.doc” ends otherwise"):
        write_log(simulated(AB, end=FIRST), tmp_path / "log.doc")
    seldom = one_flow(Step("a", "begun"), Step("b", "done", 60), daily=0.02)
    with pytest.raises(SimulationError, match="of 260 weeks"):
        simulated(seldom, PlantedFault(("a", "b"), "shift", HALF))
    every_day = [FIRST + timedelta(days=number) for number in range(2 * 366)]
    never = business_calendar("UTC", {"mon": [("08:00", "17:00")]}, holidays=every_day)
    closed = Organisation(AB.parties, (), AB.flows, calendars={"b": never})
    with pytest.raises(SimulationError, match="closed from 2026-01-05"):
        simulated(closed)
