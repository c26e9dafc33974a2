"""Handoffs held against the clauses in force: facts, weekly figures, the promise against what was reached."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from baton.agreements.rules import Direction, Measure
from baton.handoffs import changes, facts
from baton.handoffs.changes.figures import refresh_figures
from baton.handoffs.models import HandoffEvent, HandoffReturn
from baton.handoffs.pages.promises import promises_panel
from baton.handoffs.pages.whole import whole_panel
from baton.handoffs.rules import Moments, Quantities
from baton.monitoring import changes as monitoring
from baton.monitoring.models import FactFile, Signal, StoredMeasure
from baton.monitoring.rules import Health
from tests.rooms.agreements.made import terms
from tests.rooms.handoffs.held import (
    DAY,
    HOUR,
    IN_TWO_HOURS,
    NO_RETURNS,
    agreed,
    built,
    handed_over,
    in_force_on,
    stored,
)
from tests.world import NOON, SYSTEM, World


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"


def test_times_are_held_against_the_promise_by_the_records_alone(world: World) -> None:
    (line,) = agreed(world, IN_TWO_HOURS)
    for days, hours in ((20, 1.0), (19, 3.0), (10, 1.5)):
        handed_over(world, days, hours)
    waiting = handed_over(world, 1, None)
    rows = built().sort("at")
    assert rows["subject"].unique().to_list() == [f"{world.laundry_ward.public_id}/{line}"]
    assert rows["kept"].to_list() == [True, False, True, None]
    assert rows["promised"].to_list() == [0.9] * 4
    assert rows["due_at"].drop_nulls().len() == 1
    assert waiting.requested_at < rows["due_at"].drop_nulls()[0]
    found = stored(world, line, "attainment")
    assert sum(found.result["n"]) == 4, "what is open and due has not kept it"
    promise = found.recent["promise"]
    assert (promise["promised"], promise["count"], promise["n"], promise["status"]) == (0.9, 2, 4, "broken")


def test_what_came_back_breaks_the_clause_and_what_is_in_doubt_counts_against_neither(world: World) -> None:
    (line,) = agreed(world, NO_RETURNS)
    right, wrong, doubted = (handed_over(world, days) for days in (9, 8, 7))
    by = {"by": world.actor(world.chen_jie), "at": NOON}
    for one in (wrong, doubted):
        changes.return_handoff(**by, handoff=one, phenomenon="Torn", when=NOON - DAY)
    HandoffReturn.objects.filter(handoff=doubted).update(
        state="contested", contested_at=NOON, ground="It was right when it left"
    )
    rows = built()
    assert dict(zip(rows["case"].to_list(), rows["kept"].to_list(), strict=True)) == {right.pk: True, wrong.pk: False}
    waits = built(facts.link_facts).sort("at")
    assert waits["returned"].to_list() == [False, True, False]
    assert waits["wait_seconds"].to_list() == [3600.0] * 3
    promise = stored(world, line, "attainment").recent["promise"]
    assert (promise["count"], promise["n"], promise["promised"]) == (1, 2, 0.95)
    monitoring.refresh(by=SYSTEM, at=NOON)
    pair = StoredMeasure.objects.get(subject=world.laundry_ward.measured_as, name="return_rate")
    assert sum(pair.result["n"]) == 3, "the charts of the link take handoffs too"


def test_a_clause_on_trial_is_measured_and_promises_nothing(world: World) -> None:
    (line,) = agreed(world, replace(IN_TWO_HOURS, baseline_value=None, baseline_weeks=None))
    handed_over(world, 5, 9.0)
    assert built()["promised"].to_list() == [None]
    found = stored(world, line, "attainment")
    assert (found.result["values"], "promise" in found.recent) == ([0.0], False)


def test_measured_values_and_defects(world: World) -> None:
    value = terms(
        IN_TWO_HOURS,
        measure=Measure.VALUE,
        unit="pH",
        direction=None,
        target=None,
        lower=6.0,
        upper=7.0,
        attainment=None,
    )
    defects = terms(
        NO_RETURNS, measure=Measure.DEFECTS, unit="1/100", direction=Direction.AT_MOST, target=2.0, attainment=None
    )
    of_value, of_defects = agreed(world, value, defects)
    moments = Moments(delivered_at=NOON - DAY, accepted_at=NOON - DAY)
    line = changes.LineGiven(
        name="Sheets",
        unit="pc",
        quantities=Quantities(delivered=Decimal(100), accepted=Decimal(95), refused=Decimal(5)),
    )
    made = changes.record_handoff(by=SYSTEM, at=NOON, link=world.laundry_ward, moments=moments, lines=[line])
    clause = next(one for one in in_force_on(world) if one.line == of_value)
    for measured in (6.5, 7.5):
        changes.record_value(by=SYSTEM, at=NOON, handoff=made, clause=clause.public_id, value=measured)
    assert stored(world, of_value, "measured_value").result["values"] == [7.0]
    assert stored(world, of_value, "attainment").result["values"] == [0.5]
    rate = stored(world, of_defects, "defect_rate")
    assert rate.result["values"] == [0.05]
    assert (rate.recent["promise"]["promised"], rate.recent["promise"]["status"]) == (0.02, "at_risk")


def test_built_anew_or_bit_by_bit_or_after_a_crash_the_same_stands_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(world, IN_TWO_HOURS, NO_RETURNS)
    for days in range(0, 300, 5):
        handed_over(world, days + 1, 1.0 if days % 3 else 4.0)
    monitoring.refresh(by=SYSTEM, at=NOON)
    late = handed_over(world, 200, 9.0)
    with monkeypatch.context() as killed:
        killed.setattr("baton.monitoring.changes.measuring._store", _stop)
        with pytest.raises(KeyboardInterrupt):
            monitoring.refresh(by=SYSTEM, at=NOON)
    monitoring.refresh(by=SYSTEM, at=NOON)
    bit_by_bit = everything()
    assert late.pk in built()["case"].to_list()
    monitoring.rebuild(by=SYSTEM, at=NOON)
    assert everything() == bit_by_bit


def _stop(*_given: Any) -> None:
    raise KeyboardInterrupt


def everything() -> list[Any]:
    """What monitoring keeps, apart from when it was computed."""
    kept = ("subject", "name", "method", "version", "input_digest", "health", "result", "recent")
    return [
        *StoredMeasure.objects.order_by("subject", "name").values_list(*kept),
        *FactFile.objects.order_by("path").values_list("table", "source", "path", "sha256"),
    ]


@pytest.mark.sqlite
def test_a_planted_fault_is_found_and_told_apart_from_the_promise(world: World) -> None:
    (line,) = agreed(world, IN_TWO_HOURS)
    for week in range(30):
        for case in range(4):
            handed_over(world, 2 + 7 * week, 5.0 if (week < 4 if case else week % 4 == 0) else 1.0)
    found = stored(world, line, "attainment")
    assert found.health == Health.SIGNAL
    assert found.recent["promise"]["status"] == "broken"
    signal = Signal.objects.get(subject=found.subject, measure="attainment")
    assert (signal.side, signal.is_worse, signal.holds, signal.severity) == ("below", True, True, "strong")
    assert "PROMISE" in signal.rules.split()
    assert signal.cost > 0
    page = promises_panel(world.actor(world.lin_mei), NOON, world.laundry_ward.public_id)
    assert page is not None
    (row,) = page["rows"]
    assert (row.status, row.n, row.promised) == ("broken", 52, "90.0\u00a0%")
    assert row.chart is not None
    assert [len(row.chart[line]) for line in ("values", "centre", "lcl", "ucl")] == [26] * 4
    assert row.chart["hits"][-1] == 25, "the last week violates a rule"
    assert row.chart_said == f"{len(row.chart['hits'])} weeks violate a rule"
    link = world.client(world.lin_mei).get(f"/links/{world.laundry_ward.public_id}/").content.decode()
    assert link.count('class="ring"') == len(row.chart["hits"])
    shown = " ".join(world.client(world.lin_mei).get("/monitoring/signals/?show=all").content.decode().split())
    assert "Promise broken: promised are 90.0\u00a0%, reached are" in shown or "also Promise broken" in shown
    assert "points lower, 16 handoffs" in shown
    of_it = world.client(world.lin_mei).get(f"/monitoring/signals/{signal.public_id}/").content.decode()
    assert f"Promise broken: promised are 90.0\u00a0%, reached are {row.interval.split()[0]}\u00a0% to" in of_it


def test_the_whole_of_a_link_is_stored_and_shown(world: World) -> None:
    for days, late in ((30, False), (20, False), (10, True), (5, True)):
        due = NOON - days * DAY + HOUR * (0.5 if late else 2)
        made = handed_over(world, days, 1.0, due_at=due)
        if days == 10:
            HandoffEvent.objects.create(
                handoff=made,
                event="warn_late",
                at=due - HOUR / 4,
                expected_at=NOON,
                side="supplier",
                recorded_at=NOON,
                changed_seq=1,
            )
        if days == 20:
            code = changes.add_defect_code(by=world.actor(world.lin_mei), at=NOON, code="TORN", name={"en": "Torn"})
            by = {"by": world.actor(world.chen_jie), "at": NOON}
            changes.return_handoff(**by, handoff=made, phenomenon="Torn", code=code, when=NOON - DAY)
    assert refresh_figures(by=SYSTEM, at=NOON) == 1
    assert refresh_figures(by=SYSTEM, at=NOON) == 0, "nothing has changed since"
    page = whole_panel(world.actor(world.lin_mei), NOON, world.laundry_ward.public_id)
    assert page is not None
    perfect, first, warned = page["stats"]
    assert (first["value"], first["n"]) == ("75.0", 4)
    assert (perfect["n"], perfect["value"]) == (4, "25.0")
    assert (warned["n"], warned["value"]) == (2, "50.0")
    assert [(row["name"], row["n"]) for row in page["causes"]] == [("TORN: Torn", 1)]
    assert whole_panel(world.actor(world.ivy_stone), NOON, world.laundry_ward.public_id) is None
