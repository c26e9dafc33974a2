"""What the charts of a link say: limits, phases, violations, signals and health, read through the front doors."""

from __future__ import annotations

import pytest

from baton.core.actors import NOBODY
from baton.core.errors import Forbidden
from baton.monitoring import changes, queries
from baton.monitoring.models import StoredMeasure, StoredViolation
from baton.monitoring.rules import (
    BASELINE_WEEKS,
    NELSON,
    RETURN_RATE,
    WAITING_TIME,
    WESTERN_ELECTRIC,
    Health,
    Side,
    health,
    is_silent,
    monday_of,
    number_of_day,
    worst,
)
from tests.rooms.monitoring.bench import AT, SYSTEM, Bench, Row, handover, monday, year

SHIFT = 30


def measured(bench: Bench, rows: list[Row], name: str = WAITING_TIME) -> StoredMeasure:
    bench.put("log1", rows)
    changes.refresh(by=SYSTEM, at=AT)
    return StoredMeasure.objects.get(name=name)


def measured_until(bench: Bench, rows: list[Row], subject: str, weeks: int) -> None:
    """The facts of all but one subject, and of this one only the first weeks."""
    last = monday(weeks)
    bench.put(
        "log1", [row for row in rows if row[0] != subject or row[2] is None or number_of_day(row[2].date()) < last]
    )
    changes.refresh(by=SYSTEM, at=AT)


def health_now() -> dict[str, Health]:
    return queries.health_of(viewer=SYSTEM, subjects=["a>b", "c>d", "e>f"])


@pytest.mark.django_db
def test_a_planted_shift_is_one_signal_a_rule_and_the_link_has_a_signal(bench: Bench) -> None:
    stored = measured(bench, year("a>b", seed=1, worse_from=SHIFT))
    beyond = StoredViolation.objects.get(measure=WAITING_TIME, rule="WE1", side=Side.ABOVE, week__gte=monday(SHIFT))
    assert (beyond.week, beyond.last_week) == (monday(SHIFT), monday(51)), "22 weeks beyond the limit are one signal"
    assert stored.health == Health.SIGNAL
    assert queries.health_of(viewer=SYSTEM, subjects=["a>b", "x>y"]) == {"a>b": Health.SIGNAL, "x>y": Health.UNKNOWN}
    limits = set(stored.result["ucl"])
    assert len(limits) == 1, "the limits of the first twenty weeks are held: the shift does not widen them"


@pytest.mark.django_db
def test_a_shift_to_the_better_is_a_signal_but_no_risk(bench: Bench) -> None:
    rows = [handover("a>b", week, 3600.0 + 60 * (week % 3)) for week in range(SHIFT)]
    rows += [handover("a>b", week, 600.0) for week in range(SHIFT, 52)]
    stored = measured(bench, rows)
    assert StoredViolation.objects.filter(measure=WAITING_TIME, side=Side.BELOW).exists()
    assert not StoredViolation.objects.filter(measure=WAITING_TIME, side=Side.ABOVE, week__gte=monday(SHIFT)).exists()
    assert stored.health == Health.IN_CONTROL


@pytest.mark.django_db
def test_a_risk_passes_when_the_last_weeks_are_well_again(bench: Bench) -> None:
    rows = [handover("a>b", week, (9000.0 if week == 25 else 3600.0) + 60 * (week % 3)) for week in range(52)]
    stored = measured(bench, rows)
    assert StoredViolation.objects.filter(rule="WE1", week=monday(25)).exists()
    assert stored.health == Health.IN_CONTROL


@pytest.mark.django_db
def test_a_known_series_gets_the_limits_of_the_textbook(bench: Bench) -> None:
    """NIST/SEMATECH e-Handbook 6.3.2.2, flow rate: centre 50.81, limits 45.8159 and 55.8041 (d2 = 1.128)."""
    flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    stored = measured(bench, [handover("a>b", week, value) for week, value in enumerate(flow)])
    assert stored.result["centre"][0] == pytest.approx(50.81)
    assert stored.result["lcl"][0] == pytest.approx(45.8159, abs=2e-3)
    assert stored.result["ucl"][0] == pytest.approx(55.8041, abs=2e-3)
    assert stored.method == f"waiting_time.i.baseline{BASELINE_WEEKS}"
    assert stored.result["warnings"][0]["values"] == {"points": 10, "enough": 12}


@pytest.mark.django_db
def test_a_wait_has_no_limit_below_zero(bench: Bench) -> None:
    stored = measured(bench, [handover("a>b", week, 10.0 + 100.0 * (week % 2)) for week in range(12)])
    assert set(stored.result["lcl"]) == {0.0}


@pytest.mark.django_db
def test_without_known_waits_there_is_no_waiting_chart_but_one_of_returns(bench: Bench) -> None:
    stored = measured(bench, [handover("a>b", week, None, returned=week == 3) for week in range(12)])
    assert set(stored.result["values"]) == {None}
    assert stored.health == Health.UNKNOWN
    returns = StoredMeasure.objects.get(name=RETURN_RATE)
    assert returns.result["values"][3] == 1.0
    assert (returns.health, returns.recent["unknown"]) == (Health.IN_CONTROL, "")


@pytest.mark.django_db
def test_over_dispersed_returns_get_laney_s_limits(bench: Bench) -> None:
    steady = [handover("a>b", week, 1.0, returned=case % 10 == 0) for week in range(24) for case in range(200)]
    assert measured(bench, steady, RETURN_RATE).method.startswith("return_rate.p.")
    wild = [
        handover("a>b", week, 1.0, returned=case % 10 < (1 if week % 2 else 4))
        for week in range(24)
        for case in range(200)
    ]
    assert measured(bench, wild, RETURN_RATE).method.startswith("return_rate.p_prime.")


@pytest.mark.django_db
def test_a_first_return_after_none_ever_came_is_marked_and_no_signal(bench: Bench) -> None:
    rows = [handover("a>b", week, 60.0 + week % 3, case=case) for week in range(24) for case in range(15)]
    rows += [handover("a>b", 24, 60.0, returned=case < 3, case=case) for case in range(15)]
    stored = measured(bench, rows, RETURN_RATE)
    assert stored.result["marks"] == [24]
    assert set(stored.result["ucl"]) == {None}
    assert not StoredViolation.objects.filter(measure=RETURN_RATE).exists()
    assert (stored.health, stored.recent["unknown"]) == (Health.UNKNOWN, "no_limits")
    (warning,) = stored.result["warnings"]
    assert warning["values"] == {"records": 300, "bound": "0.994"}
    assert queries.health_of(viewer=SYSTEM, subjects=["a>b"]) == {"a>b": Health.IN_CONTROL}, "the waits can be judged"


@pytest.mark.django_db
def test_waits_that_never_vary_alarm_nobody(bench: Bench) -> None:
    rows = [handover("a>b", week, 60.0 if week < 30 else 90.0, returned=week % 5 == 0) for week in range(32)]
    stored = measured(bench, rows)
    assert stored.result["marks"] == [30, 31]
    assert stored.result["violations"][WESTERN_ELECTRIC] == {}
    assert stored.health == Health.UNKNOWN


@pytest.mark.django_db
def test_a_mistyped_year_makes_no_endless_chart_and_is_said(bench: Bench) -> None:
    rows = year("a>b", seed=1)
    before = measured(bench, rows)
    gone = monday(0) - monday_of(-25_567)  # 1900-01-01 is day -25,567
    rows += [handover("a>b", -gone // 7, 3600.0), handover("a>b", 50_000, 3600.0)]
    after = measured(bench, rows)
    weeks = after.result["weeks"]
    assert len(weeks) == len(before.result["weeks"]) + 2
    assert (weeks[0], weeks[1], weeks[2]) == (-25_567, -25_560, monday(0))
    assert after.result["breaks"] == [1]
    said = {warning["message"][:12]: warning for warning in after.result["warnings"]}
    assert (said["No handoffs "]["count"], said["No handoffs "]["values"]) == (gone // 7 - 1, {"week": "2025-W01"})
    assert said["Left out are"]["count"] == 1
    assert after.recent["end"] == monday(51), "the year 2983 has not come"


@pytest.mark.django_db
def test_a_link_that_fell_silent_while_others_go_on_is_unknown(bench: Bench) -> None:
    rows = [*year("a>b", seed=1, weeks=30), *year("c>d", seed=2, weeks=33), *year("e>f", seed=3, weeks=40)]
    measured_until(bench, rows, "e>f", 34)
    assert health_now() == dict.fromkeys(("a>b", "c>d", "e>f"), Health.IN_CONTROL), "29 to 33: four weeks"
    measured_until(bench, rows, "e>f", 35)
    assert health_now() == {"a>b": Health.UNKNOWN, "c>d": Health.IN_CONTROL, "e>f": Health.IN_CONTROL}
    found = queries.figures_of(viewer=SYSTEM, subjects=["a>b", "c>d"])
    assert found["a>b"].word == "No handoffs since 2025-W31"
    assert found["c>d"].word == "In control"
    flows = queries.flows_of(viewer=SYSTEM, subjects=["a>b", "e>f"])
    assert (flows.health["a>b"], flows.silent_since) == (Health.UNKNOWN, {"a>b": monday(29)})
    reached = queries.reach(viewer=SYSTEM)
    assert reached is not None
    assert reached.week == monday(34)


@pytest.mark.django_db
def test_a_log_that_ended_long_ago_is_judged_by_its_own_end(bench: Bench) -> None:
    """All facts end in the spring of 2025; the run is a year later."""
    measured(bench, year("a>b", seed=1, weeks=12))
    assert queries.health_of(viewer=SYSTEM, subjects=["a>b"]) == {"a>b": Health.IN_CONTROL}


@pytest.mark.django_db
def test_a_signal_of_a_silent_link_is_none_of_now(bench: Bench) -> None:
    rows = [*year("a>b", seed=1, worse_from=26, weeks=30), *year("c>d", seed=2, weeks=45)]
    bench.put("log1", rows)
    changes.refresh(by=SYSTEM, at=AT)
    assert StoredMeasure.objects.filter(subject="a>b", health=Health.SIGNAL).exists()
    figures = queries.figures_of(viewer=SYSTEM, subjects=["a>b"])["a>b"]
    assert (figures.health, figures.alarms) == (Health.UNKNOWN, ())


@pytest.mark.django_db
def test_a_date_in_the_future_makes_nobody_silent(bench: Bench) -> None:
    bench.put("log1", [*year("a>b", seed=1), handover("c>d", 50_000, 60.0)])
    changes.refresh(by=SYSTEM, at=AT)
    reached = queries.reach(viewer=SYSTEM)
    assert reached is not None
    assert reached.week == monday(51)
    assert queries.health_of(viewer=SYSTEM, subjects=["a>b"]) == {"a>b": Health.IN_CONTROL}


@pytest.mark.django_db
def test_both_rule_sets_are_stored(bench: Bench) -> None:
    """From week 19 on all lie above the centre: Western Electric speaks at the eighth, Nelson at the ninth."""
    rows = [handover("a>b", week, 100.0 + (week % 2)) for week in range(20)]
    rows += [handover("a>b", week, 100.8 + 0.1 * (week % 2)) for week in range(20, 30)]
    found = measured(bench, rows).result["violations"]
    ended = {name: min(int(i) for i, hits in found[name].items() if hits[0]["rule"] in {"WE4", "N2"}) for name in found}
    assert ended == {WESTERN_ELECTRIC: 19 + 7, NELSON: 19 + 8}


@pytest.mark.django_db
def test_health_is_asked_for_in_two_queries(bench: Bench, django_assert_num_queries: object) -> None:
    bench.put("log1", [row for number in range(30) for row in year(f"p{number}>q", seed=number, weeks=10)])
    changes.refresh(by=SYSTEM, at=AT)
    for count in (3, 30, 900):
        with django_assert_num_queries(2):  # type: ignore[operator]
            found = queries.health_of(viewer=SYSTEM, subjects=[f"p{number}>q" for number in range(count)])
        assert len(found) == count
        assert found["p1>q"] != Health.UNKNOWN
    with pytest.raises(Forbidden):
        queries.health_of(viewer=NOBODY, subjects=[])


def test_the_rule_of_health() -> None:
    weeks = [monday(week) for week in range(12)]
    assert health(weeks[:7], set()) == Health.UNKNOWN
    assert health(weeks, set()) == Health.IN_CONTROL
    assert health(weeks, {weeks[7]}) == Health.IN_CONTROL
    assert health(weeks, {weeks[8]}) == Health.SIGNAL
    assert worst([]) == Health.UNKNOWN
    assert worst([Health.UNKNOWN, Health.IN_CONTROL]) == Health.IN_CONTROL
    assert worst([Health.SIGNAL, Health.IN_CONTROL]) == Health.SIGNAL
    assert health(weeks, {weeks[11]}, limits=False) == Health.UNKNOWN
    assert not is_silent(weeks[4], weeks[8]), "four weeks later the facts still speak of now"
    assert is_silent(weeks[4], weeks[9])
    assert not is_silent(weeks[4], weeks[0])
    assert not is_silent(None, weeks[0])
    assert not is_silent(weeks[0], None)
    for day in range(7):
        assert monday_of(monday(3) + day) == monday(3)
