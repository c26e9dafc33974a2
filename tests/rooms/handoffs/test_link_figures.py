"""The figures of a link: over which handoffs, what is right at first, what was turned away, and as programs read it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from baton.handoffs import changes
from baton.handoffs.changes.figures import refresh_figures
from baton.handoffs.models import LinkFigures, PathFigures
from baton.handoffs.rules import Moments
from baton.monitoring import changes as monitoring
from baton_analysis.measures.proportions import wilson_interval
from tests.api import Program, said, token_for
from tests.rooms.agreements.made import terms
from tests.rooms.handoffs.held import DAY, HOUR, IN_TWO_HOURS, NO_RETURNS, agreed, handed_over, stored
from tests.rooms.handoffs.test_capability import ACIDITY, measured
from tests.rooms.handoffs.test_figures import figures, sent_back
from tests.rooms.handoffs.test_paths import measured as path_measured
from tests.rooms.handoffs.test_paths import walked
from tests.world import NOON, SYSTEM, World


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"


def planned(world: World, days: int) -> None:
    """Nothing is known but when it is due."""
    moments = Moments(due_at=NOON + days * DAY)
    changes.record_handoff(by=SYSTEM, at=NOON, link=world.laundry_ward, moments=moments)


def test_what_is_planned_far_ahead_does_not_push_what_was_handed_over_out_of_sight(world: World) -> None:
    for day in (3, 2, 1):
        handed_over(world, day)
    planned(world, 300)
    found = figures(world)
    assert (found["handoffs"], found["last"]) == (3, (NOON - DAY).isoformat())
    assert refresh_figures(by=SYSTEM, at=NOON + HOUR) == 0, "they stand"
    assert figures(world, at=NOON + 301 * DAY)["overdue"] == 1, "then it is one that did not come"


def test_a_link_on_which_all_is_planned_has_no_figures_yet(world: World) -> None:
    planned(world, 1)
    assert refresh_figures(by=SYSTEM, at=NOON) == 0
    assert not LinkFigures.objects.exists()
    assert refresh_figures(by=SYSTEM, at=NOON) == 0, "nor is it tried each minute"
    assert figures(world, at=NOON + 2 * DAY)["overdue"] == 1


def test_what_is_planned_far_ahead_leaves_a_path_its_half_year(world: World) -> None:
    walked(world, 5)
    planned(world, 300)
    path = path_measured(world)
    changes.refresh_paths(by=SYSTEM, at=NOON)
    assert PathFigures.objects.get(path=path).result["times"]["n"] == 5


def test_right_at_first_is_what_was_judged_and_did_not_come_back(world: World) -> None:
    made = [handed_over(world, day) for day in range(9, 4, -1)]
    sent_back(world, made[0])
    handed_over(world, 1, None, due_at=NOON - HOUR)  # overdue: nobody has judged it
    found = figures(world)["yield"]
    low, high = wilson_interval([4], [5])
    assert (found["n"], found["good"], found["value"]) == (5, 4, 0.8)
    assert found["interval"] == [pytest.approx(float(low[0])), pytest.approx(float(high[0]))]


def turned_away(world: World) -> Any:
    """Handed over in an hour and not taken, because papers were missing; again after ten hours, and then taken."""
    ward, laundry = world.actor(world.chen_jie), world.actor(world.gao_ming)
    begun = NOON - 2 * DAY
    asked = changes.request_handoff(
        by=ward, at=NOON, link=world.laundry_ward, requested_at=begun, due_at=begun + 12 * HOUR
    )
    came = changes.deliver_handoff(by=laundry, at=NOON, handoff=asked, delivered_at=begun + HOUR)
    held = changes.refuse_input(by=ward, at=NOON, handoff=came, reason="No list", when=begun + 2 * HOUR)
    again = changes.deliver_handoff(by=laundry, at=NOON, handoff=held, delivered_at=begun + 10 * HOUR)
    return changes.accept_handoff(by=ward, at=NOON, handoff=again, accepted_at=begun + 11 * HOUR)


def test_what_was_turned_away_as_incomplete_was_neither_complete_nor_right_at_first(world: World) -> None:
    handed_over(world, 3, due_at=NOON - 3 * DAY + 2 * HOUR)
    turned_away(world)
    found = figures(world)
    parts = {part["name"]: (part["right"], part["n"]) for part in found["perfect"]["parts"]}
    assert (parts["complete"], parts["conforming"]) == ((1, 2), (2, 2))
    assert (found["perfect"]["perfect"], found["yield"]["good"], found["returns"]) == (1, 1, 0)


def test_the_clock_goes_on_when_it_is_turned_away(world: World) -> None:
    """Who hands over what is incomplete, is not in time with it."""
    time, share = agreed(world, IN_TWO_HOURS, NO_RETURNS)
    turned_away(world)
    assert stored(world, time, "attainment").result["values"] == [0.0]
    assert stored(world, share, "attainment").result["values"] == [0.0]


def test_programs_read_the_figures_of_a_link(world: World) -> None:
    agreed(world, terms(ACIDITY, characteristic={"en": "Acidity"}))
    measured(world)
    back = handed_over(world, 2)
    code = changes.add_defect_code(by=SYSTEM, at=NOON, code="TORN", name={"en": "Torn"})
    sent_back(world, back, code=code)
    program = Program(token_for(world.chen_jie))
    address = f"/link-figures/{world.laundry_ward.public_id}"
    nothing = said(program.get(address))
    assert (nothing["perfect"], nothing["handoffs"], nothing["capabilities"], len(nothing["clauses"])) == (
        None, None, [], 1,
    )  # fmt: skip
    refresh_figures(by=SYSTEM, at=NOON)
    monitoring.refresh(by=SYSTEM, at=NOON)
    found = said(program.get(address))
    result = LinkFigures.objects.get().result
    assert (found["handoffs"], found["first_pass"]["share"]["n"]) == (13, 13)
    assert found["first_pass"]["share"]["value"] == pytest.approx(12 / 13)
    assert found["perfect"]["parts"]["conforming"]["n"] == result["perfect"]["n"]
    (cause,) = found["causes"]
    assert (cause["code"], cause["label"], cause["count"], cause["share"]["n"]) == (code.public_id, "TORN", 1, 1)
    (capability,) = found["capabilities"]
    assert (capability["n"], capability["outside"]["value"], capability["lower"]) == (60, pytest.approx(1 / 60), 6.0)
    assert capability["clause"] == found["clauses"][0]["clause"]
    for index in capability["indices"]:
        assert index["low"] < index["value"] < index["high"]
    assert found["clauses"][0]["n"] == 60
    assert {found["method"] != "", found["first_pass"]["method"] != "", capability["method"] != ""} == {True}


def test_a_link_without_anything_has_empty_figures(world: World) -> None:
    found = said(Program(token_for(world.lin_mei)).get(f"/link-figures/{world.lab_ward.public_id}"))
    assert (found["handoffs"], found["clauses"], found["causes"], found["checks"]) == (None, [], [], [])


def test_late_ones_that_nobody_could_judge_have_no_share(world: World) -> None:
    handed_over(world, 0, None, due_at=NOON + timedelta(hours=1))
    refresh_figures(by=SYSTEM, at=NOON)
    found = said(Program(token_for(world.lin_mei)).get(f"/link-figures/{world.laundry_ward.public_id}"))
    assert (found["first_pass"], found["perfect"]["perfect"]["value"], found["warned"]["value"]) == (None, None, None)
