"""Weeks of clauses: which of them are counted, and what the clock alone changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from baton.agreements import changes as agreements
from baton.agreements.models import AgreementVersion
from baton.agreements.rules import Direction, Measure
from baton.handoffs.pages.promises import PromiseRow, promises_panel
from baton.monitoring import changes as monitoring
from baton.monitoring.models import StoredMeasure
from baton.monitoring.rules import monday_of, number_of_day
from tests.rooms.agreements.made import in_force, terms
from tests.rooms.handoffs.held import DAY, HOUR, IN_TWO_HOURS, NO_RETURNS, agreed, handed_over, stored
from tests.world import NOON, SYSTEM, World

WEEK = timedelta(weeks=1)
THREE_A_WEEK = terms(NO_RETURNS, measure=Measure.COUNT, unit="1/week", direction=Direction.AT_LEAST, target=3.0)


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"


def monday(at: datetime) -> int:
    return monday_of(number_of_day(at.date()))


@pytest.mark.parametrize(
    "hours",
    [2.0, pytest.param(26.0, marks=pytest.mark.sqlite), 24.0 * 17],
    ids=["today", "tomorrow", "in another week"],
)
@pytest.mark.parametrize("before", [True, False], ids=["after others", "as the first"])
def test_what_falls_due_is_late_from_then_on_without_another_record(world: World, hours: float, before: bool) -> None:
    (line,) = agreed(world, terms(IN_TWO_HOURS, target=hours))
    if before:
        handed_over(world, 30)
        assert sum(stored(world, line, "attainment").result["n"]) == 1
    handed_over(world, 0, None)
    waiting = stored(world, line, "attainment")
    due = NOON + hours * HOUR
    assert (sum(waiting.result["n"]), waiting.again_at) == (int(before), due)
    assert waiting.result["warnings"] == [] or before, "what is due later is not dated wrongly"
    assert not any("future" in one["message"] for one in waiting.result["warnings"])
    monitoring.refresh(by=SYSTEM, at=due - HOUR)
    assert sum(stored(world, line, "attainment", at=due - HOUR).result["n"]) == int(before)
    late = stored(world, line, "attainment", at=due + HOUR)
    assert (late.result["weeks"][-1], late.result["n"][-1], late.result["values"][-1]) == (monday(due), 1, 0.0)
    assert late.again_at is None


def test_a_link_on_which_all_is_still_due_has_nothing_to_show_and_says_so(world: World) -> None:
    (line,) = agreed(world, terms(IN_TWO_HOURS, target=48.0))
    handed_over(world, 0, None)
    assert stored(world, line, "attainment").result["weeks"] == []
    page = promises_panel(world.actor(world.lin_mei), NOON, world.laundry_ward.public_id)
    assert page is not None
    (row,) = page["rows"]
    assert (row.word, row.note, row.reached, row.n, page["measured"]) == (
        "Not measured", "No handoff tells it yet.", "", None, False,
    )  # fmt: skip


def test_a_count_stands_on_the_chart_when_its_week_is_over(world: World) -> None:
    (line,) = agreed(world, THREE_A_WEEK)
    for week in range(1, 4):
        for day in range(3):
            handed_over(world, 7 * week - day)
    handed_over(world, 0, 0.0)
    running = stored(world, line, "deliveries")
    assert running.result["weeks"] == [monday(NOON - week * WEEK) for week in (3, 2, 1)]
    assert (running.result["values"], running.recent["value"]) == ([3.0, 3.0, 3.0], 3.0)
    sunday, over = NOON + 6 * DAY + 11 * HOUR, NOON + 6 * DAY + 12 * HOUR
    assert running.again_at == over
    assert len(stored(world, line, "deliveries", at=sunday).result["weeks"]) == 3
    whole = stored(world, line, "deliveries", at=over)
    assert (whole.result["values"], whole.again_at) == ([3.0, 3.0, 3.0, 1.0], None)


def test_a_count_of_the_first_week_alone_waits_until_it_is_over(world: World) -> None:
    (line,) = agreed(world, THREE_A_WEEK)
    handed_over(world, 0, 0.0)
    assert stored(world, line, "deliveries").result["weeks"] == []
    assert stored(world, line, "deliveries", at=NOON + WEEK).result["values"] == [1.0]
    assert StoredMeasure.objects.get(name="deliveries").health == "unknown"


@pytest.mark.parametrize(
    ("began", "counted"),
    [
        (NOON - 3 * WEEK - 12 * HOUR, [1.0, 2.0, 3.0]), (NOON - 3 * WEEK, [2.0, 3.0]),
        (NOON - 3 * WEEK + 2 * DAY, [2.0, 3.0]), (NOON - 4 * WEEK + 2 * DAY, [1.0, 2.0, 3.0]),
    ],
    ids=["with the Monday", "on Monday at noon", "on Wednesday", "on Wednesday of the week before the first handoff"],
)  # fmt: skip
def test_a_week_in_which_the_clause_began_is_no_whole_one(world: World, began: datetime, counted: list[float]) -> None:
    (line,) = agreed(world, THREE_A_WEEK)
    AgreementVersion.objects.update(activated_at=began)
    for days in (18, 14, 13, 7, 6, 5):
        handed_over(world, days)
    found = stored(world, line, "deliveries")
    assert found.result["values"] == counted
    assert found.again_at is None, "no week is running of which there are handoffs"


def test_under_a_new_version_nothing_is_said_of_the_promise_until_something_is_judged_by_it(world: World) -> None:
    (line,) = agreed(world, IN_TWO_HOURS)
    for day in range(30, 2, -1):
        handed_over(world, day, 5.0)
    assert stored(world, line, "attainment").recent["promise"]["status"] == "broken"
    first = AgreementVersion.objects.get()
    by = world.actor(world.zhao_lei)
    draft = agreements.draft_version(by=by, at=NOON, agreement=first.agreement, reason="Four hours are enough")
    clause = draft.clauses.get()
    agreements.change_clause(by=by, at=NOON, clause=clause, terms=terms(IN_TWO_HOURS, target=4.0))
    in_force(agreements.propose_version(by=by, at=NOON, version=draft), at=NOON)
    (row,) = rows_of(world, NOON + HOUR)
    assert (row.status, row.reached, row.promise) == ("unknown", "", None)
    assert row.note == "Nothing was judged since the clause holds as it stands."
    handed_over(world, 0, 0.0)
    stored(world, line, "attainment", at=NOON + 2 * HOUR)
    (row,) = rows_of(world, NOON + 2 * HOUR)
    assert (row.status, row.n, row.reached) == ("unknown", 1, "100.0\u00a0%")


def rows_of(world: World, at: datetime) -> list[PromiseRow]:
    page = promises_panel(world.actor(world.lin_mei), at, world.laundry_ward.public_id)
    assert page is not None
    rows: list[PromiseRow] = page["rows"]
    return rows
