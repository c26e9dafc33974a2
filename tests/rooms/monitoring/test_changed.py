"""What changed on a link: how far level, returns and volume moved, since when, and what happened at that time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.core.cache import cache

from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.monitoring import changes
from baton.monitoring.models import StoredMeasure
from baton.monitoring.pages import changed_panel
from baton.monitoring.pages.changed import last_visit
from baton.monitoring.rules import RETURN_RATE, WAITING_TIME
from baton_analysis.measures.before_after import two_proportions, welch
from tests.rooms.monitoring.bench import AT, SYSTEM, Bench, handover, monday, year
from tests.rooms.monitoring.test_pages import SUBJECT

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(autouse=True)
def _forgotten_visits() -> None:
    cache.clear()


def measured(bench: Bench, rows: list[Any]) -> None:
    bench.put("log1", rows)
    changes.refresh(by=SYSTEM, at=AT)


def begin(world: World) -> None:
    for name in (WAITING_TIME, RETURN_RATE):
        changes.start_phase(
            by=world.actor(world.lin_mei), at=AT, subject=SUBJECT, measure=name, day=date(2025, 8, 4), reason="Dryer"
        )
    changes.refresh(by=SYSTEM, at=AT)


def changed(name: str) -> dict[str, Any]:
    found: dict[str, Any] = StoredMeasure.objects.get(name=name).result["changed"]
    return found


def panel(viewer: Actor) -> dict[str, Any]:
    found = changed_panel(viewer, SUBJECT, AT)
    assert found is not None
    return found


@pytest.mark.django_db
def test_phases_are_compared_as_the_library_does(link: Bench, world: World) -> None:
    rows = year("a>b", seed=1, worse_from=30)
    measured(link, rows)
    assert changed(WAITING_TIME)["phase"] is None
    begin(world)
    result = StoredMeasure.objects.get(name=WAITING_TIME).result
    level = welch(result["values"][:30], result["values"][30:])
    found = changed(WAITING_TIME)["phase"]
    assert found["weeks"] == [monday(0), monday(29), monday(30), monday(51)]
    assert (found["level"]["estimate"], found["level"]["low"], found["level"]["high"]) == pytest.approx(
        (level.estimate, *level.interval)
    )
    returned = [sum(row[4] for row in rows[start:end]) for start, end in ((0, 150), (150, 260))]
    shares = two_proportions((returned[0], 150), (returned[1], 110))
    found = changed(RETURN_RATE)["phase"]
    assert (found["level"]["method"], found["level"]["low"]) == (shares.method, pytest.approx(shares.interval[0]))
    assert found["volume"] is None, "five a week, always: nothing varies"
    said = panel(world.actor(world.wang_fang))["parts"][0]
    assert "2025-W32 to 2026-W01" in said["title"]
    assert "Dryer" in said["title"]
    assert [one["word"] for one in said["said"]] == ["Worse", "No change"]
    assert said["said"][0]["words"].startswith("The wait moved from")
    assert said["said"][0]["n"] == "n = 30 and 22 weeks"


@pytest.mark.django_db
def test_the_last_weeks_are_compared_with_those_before_and_volume_is_told(link: Bench, world: World) -> None:
    random = np.random.default_rng(5)
    rows = [
        handover("a>b", week, float(random.normal(3600, 300)), case=case)
        for week in range(40)
        for case in range(int(random.integers(5, 8)) + (12 if week >= 36 else 0))
    ]
    measured(link, rows)
    recent = changed(RETURN_RATE)["recent"]
    assert recent["weeks"] == [monday(0), monday(35), monday(36), monday(39)]
    assert recent["volume"]["low"] > 8
    words = [one["words"] for one in panel(world.actor(world.wang_fang))["parts"][0]["said"]]
    assert any(one.startswith("Handoffs a week moved from") for one in words)
    measured(link, rows[:60])
    assert changed(RETURN_RATE)["recent"] is None, "too few weeks"


@pytest.mark.django_db
def test_a_shift_nobody_announced_is_dated_by_the_figures(link: Bench, world: World) -> None:
    measured(link, year("a>b", seed=1, worse_from=30))
    point = changed(WAITING_TIME)["change_point"]
    assert (point["week"], point["first"], point["last"]) == (monday(30), monday(29), monday(31))
    (said,) = panel(world.actor(world.wang_fang))["points"]
    assert "the level changed about 2025-W32" in said
    measured(link, [handover("a>b", week, 3600.0 + 60 * (week % 3)) for week in range(52)])
    assert changed(WAITING_TIME)["change_point"] is None


@pytest.mark.django_db
def test_what_was_recorded_since_the_last_visit_stands_there_with_new_violations(link: Bench, world: World) -> None:
    measured(link, year("a>b", seed=1, worse_from=30))
    viewer = world.actor(world.wang_fang)
    assert panel(viewer)["visit"] is None
    begin(world)
    later = AT + timedelta(hours=2)
    found = changed_panel(viewer, SUBJECT, later)
    assert found is not None
    assert found["visit"] == AT
    assert {event["title"] for event in found["events"]} >= {"New phase started"}
    assert any("2025-W32 · Dryer" in event["text"] for event in found["events"])
    assert found["violations"] == [], "the data end before the last visit"
    with pytest.raises(NotFound):
        changed_panel(world.actor(world.chen_jie), SUBJECT, AT)


@pytest.mark.django_db
def test_a_visit_lasts_half_an_hour_and_nobody_else_knows_of_it(link: Bench, world: World) -> None:
    viewer, other = world.actor(world.wang_fang), world.actor(world.lin_mei)
    minutes = [last_visit(viewer, SUBJECT, AT + timedelta(minutes=after)) for after in (0, 20, 40, 60, 90)]
    assert minutes == [None, None, AT, AT, AT + timedelta(minutes=40)]
    assert last_visit(other, SUBJECT, AT) is None
    assert last_visit(SYSTEM, SUBJECT, AT) is None
