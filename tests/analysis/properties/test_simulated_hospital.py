"""What was planted in the simulated year is found, and little else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from polars.testing import assert_frame_equal

from baton_analysis.facts.events import EventMapping, event_facts
from baton_analysis.measures.control_charts import ControlChart, individuals_chart
from baton_analysis.measures.handover_chain import HandoverChain, handover_chain
from baton_analysis.signals.chart_rules import find_violations
from baton_analysis.simulation.hospital import hospital_year
from baton_analysis.simulation.ready_made import WEEKS
from baton_analysis.simulation.running import SimulatedYear
from baton_analysis.simulation.synthetic import synthetic_events

END = date(2026, 11, 20)
BASELINE = 26
SEEDS = range(5)


def mined(year: SimulatedYear) -> HandoverChain:
    return handover_chain(event_facts(year.events, EventMapping("case", "team", "time", "activity")))


def waiting_chart(year: SimulatedYear, chain: HandoverChain, supplier: str, customer: str) -> ControlChart:
    """Weekly median wait of a link, judged by its first half year."""
    medians = {week.start: week.median_wait_seconds for week in chain.weekly(supplier, customer)}
    weeks = [year.first + timedelta(weeks=number) for number in range(WEEKS)]
    return individuals_chart([medians.get(week) for week in weeks], labels=weeks, baseline=BASELINE)


@pytest.fixture(scope="module")
def year() -> SimulatedYear:
    return hospital_year(seed=8, end=END)


@pytest.fixture(scope="module")
def chain(year: SimulatedYear) -> HandoverChain:
    return mined(year)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_shift_of_three_sigma_is_signalled_within_four_weeks(seed: int) -> None:
    year = hospital_year(seed=seed, end=END)
    chart = waiting_chart(year, mined(year), "laundry", "ward_a")
    start = next(fault.start for fault in year.faults if fault.kind == "shift")
    shifted = chart.labels.index(start)
    assert shifted == 30
    after = [violation.index for violation in find_violations(chart) if violation.index >= shifted]
    assert min(after) < shifted + 4
    assert len(set(after)) > (WEEKS - shifted) / 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_steady_hospital_is_left_in_peace(seed: int) -> None:
    """The four rules alarm falsely once in about 90 points; limits from 26 points only roughly double that."""
    year = hospital_year(seed=seed, end=END, planted=False)
    chain = mined(year)
    points, flagged = 0, 0
    for edge in chain.edges:
        if edge.handovers >= 300:
            chart = waiting_chart(year, chain, edge.supplier, edge.customer)
            points += chart.n
            flagged += len({violation.index for violation in find_violations(chart)})
    assert points > 1_000
    assert flagged / points < 0.06


def test_returns_of_specimens_double_for_eight_weeks(year: SimulatedYear, chain: HandoverChain) -> None:
    fault = next(fault for fault in year.faults if fault.kind == "more_returns")
    weeks = chain.weekly(*fault.link)
    assert fault.until is not None
    during = [week for week in weeks if fault.start <= week.start < fault.until]
    before = [week for week in weeks if week.start < fault.start]
    assert len(during) == 8
    rates = [sum(w.returns for w in part) / sum(w.handovers for w in part) for part in (before, during)]
    assert 1.4 < rates[1] / rates[0] < 3


def test_the_undeclared_way_is_in_the_log_and_not_agreed(year: SimulatedYear, chain: HandoverChain) -> None:
    agreed = {(link.supplier, link.customer) for link in year.links}
    edge = next(edge for edge in chain.edges if (edge.supplier, edge.customer) == ("porters", "imaging"))
    assert ("porters", "imaging") not in agreed
    assert edge.handovers > 200
    assert edge.first_seen is not None
    assert edge.first_seen.date() >= year.first + timedelta(weeks=11)
    others = [one for one in chain.edges if (one.supplier, one.customer) not in agreed and one is not edge]
    assert all(one.returns == one.handovers for one in others)  # Only the ways back of what was returned.


def test_one_agreed_link_died_and_one_was_never_used(year: SimulatedYear, chain: HandoverChain) -> None:
    agreed = {(link.supplier, link.customer) for link in year.links}
    seen = {(edge.supplier, edge.customer): edge.last_seen for edge in chain.edges}
    assert agreed - set(seen) == {("infection_control", "ward_a")}
    last = seen["equipment", "lab"]
    assert last is not None
    assert last.date() < year.first + timedelta(weeks=10)


def test_the_log_is_a_years_work_and_ends_where_it_should(year: SimulatedYear) -> None:
    assert 40_000 < year.events.height < 65_000
    assert year.first.weekday() == 0
    times = year.events["time"]
    assert times.is_sorted()
    assert (times.min().date(), times.max().date()) == (year.first, END)  # type: ignore[union-attr]
    codes = {party.code for party in year.parties}
    assert set(year.events["team"]) <= codes
    assert {link.supplier for link in year.links} | {link.customer for link in year.links} <= codes
    texts = [party.name for party in year.parties] + [link.output for link in year.links]
    assert all(text["en"] and text["zh-hans"] for text in texts)


def test_the_same_seed_gives_the_same_year(year: SimulatedYear) -> None:
    assert_frame_equal(hospital_year(seed=8, end=END).events, year.events)
    assert not hospital_year(seed=9, end=END).events.equals(year.events)


def test_synthetic_events_are_as_many_as_wanted() -> None:
    log = synthetic_events(5_000, 40, seed=1)
    assert log.height == 5_000
    assert log["team"].n_unique() == 40
    assert log.equals(synthetic_events(5_000, 40, seed=1))
    assert 400 < log["case"].n_unique() <= 500
