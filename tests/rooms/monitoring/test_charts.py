"""What the charts of a link say: limits, phases, violations, signals and health, read through the front doors."""

from __future__ import annotations

import pytest

from baton.core.actors import NOBODY
from baton.core.errors import Forbidden
from baton.monitoring import changes, queries
from baton.monitoring.models import StoredMeasure, StoredSignal
from baton.monitoring.rules import (
    BASELINE_WEEKS,
    NELSON,
    RETURN_RATE,
    WAITING_TIME,
    WESTERN_ELECTRIC,
    Health,
    Side,
    health,
    is_monday,
    worst,
)
from tests.rooms.monitoring.bench import AT, SYSTEM, Bench, Row, handover, monday, year

SHIFT = 30


def measured(bench: Bench, rows: list[Row], name: str = WAITING_TIME) -> StoredMeasure:
    bench.put("log1", rows)
    changes.refresh(by=SYSTEM, at=AT)
    return StoredMeasure.objects.get(name=name)


@pytest.mark.django_db
def test_a_planted_shift_is_one_signal_a_rule_and_the_link_is_at_risk(bench: Bench) -> None:
    stored = measured(bench, year("a>b", seed=1, worse_from=SHIFT))
    beyond = StoredSignal.objects.get(measure=WAITING_TIME, rule="WE1", side=Side.ABOVE, week__gte=monday(SHIFT))
    assert (beyond.week, beyond.last_week) == (monday(SHIFT), monday(51)), "22 weeks beyond the limit are one signal"
    assert stored.health == Health.AT_RISK
    assert queries.health_of(viewer=SYSTEM, subjects=["a>b", "x>y"]) == {"a>b": Health.AT_RISK, "x>y": Health.UNKNOWN}
    limits = set(stored.result["ucl"])
    assert len(limits) == 1, "the limits of the first twenty weeks are held: the shift does not widen them"


@pytest.mark.django_db
def test_a_shift_to_the_better_is_a_signal_but_no_risk(bench: Bench) -> None:
    rows = [handover("a>b", week, 3600.0 + 60 * (week % 3)) for week in range(SHIFT)]
    rows += [handover("a>b", week, 600.0) for week in range(SHIFT, 52)]
    stored = measured(bench, rows)
    assert StoredSignal.objects.filter(measure=WAITING_TIME, side=Side.BELOW).exists()
    assert not StoredSignal.objects.filter(measure=WAITING_TIME, side=Side.ABOVE, week__gte=monday(SHIFT)).exists()
    assert stored.health == Health.KEPT


@pytest.mark.django_db
def test_a_risk_passes_when_the_last_weeks_are_well_again(bench: Bench) -> None:
    rows = [handover("a>b", week, (9000.0 if week == 25 else 3600.0) + 60 * (week % 3)) for week in range(52)]
    stored = measured(bench, rows)
    assert StoredSignal.objects.filter(rule="WE1", week=monday(25)).exists()
    assert stored.health == Health.KEPT


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
    assert returns.health == Health.KEPT


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
def test_both_rule_sets_are_stored(bench: Bench) -> None:
    """From week 19 on all lie above the centre: Western Electric speaks at the eighth, Nelson at the ninth."""
    rows = [handover("a>b", week, 100.0 + (week % 2)) for week in range(20)]
    rows += [handover("a>b", week, 100.8 + 0.1 * (week % 2)) for week in range(20, 30)]
    found = measured(bench, rows).result["violations"]
    ended = {name: min(int(i) for i, hits in found[name].items() if hits[0]["rule"] in {"WE4", "N2"}) for name in found}
    assert ended == {WESTERN_ELECTRIC: 19 + 7, NELSON: 19 + 8}


@pytest.mark.django_db
def test_health_is_asked_for_in_one_query(bench: Bench, django_assert_num_queries: object) -> None:
    bench.put("log1", [row for number in range(30) for row in year(f"p{number}>q", seed=number, weeks=10)])
    changes.refresh(by=SYSTEM, at=AT)
    for count in (3, 30, 900):
        with django_assert_num_queries(1):  # type: ignore[operator]
            found = queries.health_of(viewer=SYSTEM, subjects=[f"p{number}>q" for number in range(count)])
        assert len(found) == count
        assert found["p1>q"] != Health.UNKNOWN
    with pytest.raises(Forbidden):
        queries.health_of(viewer=NOBODY, subjects=[])


def test_the_rule_of_health() -> None:
    weeks = [monday(week) for week in range(12)]
    assert health(weeks[:7], set()) == Health.UNKNOWN
    assert health(weeks, set()) == Health.KEPT
    assert health(weeks, {weeks[7]}) == Health.KEPT
    assert health(weeks, {weeks[8]}) == Health.AT_RISK
    assert worst([]) == Health.UNKNOWN
    assert worst([Health.UNKNOWN, Health.KEPT]) == Health.KEPT
    assert worst([Health.AT_RISK, Health.KEPT]) == Health.AT_RISK
    assert is_monday(monday(0))
    assert not is_monday(monday(0) + 1)
