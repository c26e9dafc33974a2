"""Specification limits of a link, and whether it keeps to them: computed by the worker from the single waits."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry
from baton.core.registries import Subject
from baton.monitoring import changes, queries
from baton.monitoring.models import Specification, StoredCapability
from baton.monitoring.pages import capability_panel
from baton.monitoring.rules import WAITING_TIME, Scale
from baton_analysis.measures.capability import capability
from tests.rooms.monitoring.bench import AT, SYSTEM, Bench, Row, handover, monday
from tests.rooms.monitoring.test_pages import PANEL, SUBJECT, text, withdrawal

if TYPE_CHECKING:
    from tests.world import World

HOUR = 3_600.0


def steady(*, seed: int = 7, weeks: int = 26, cases: int = 6) -> list[Row]:
    """Waits around an hour that nothing shifts (the seed is one without a false alarm)."""
    random = np.random.default_rng(seed)
    return [
        handover("a>b", week, float(random.normal(HOUR, 600.0)), case=week * cases + case)
        for week in range(weeks)
        for case in range(cases)
    ]


def waits_by_week(rows: list[Row]) -> list[list[float]]:
    weeks: dict[object, list[float]] = {}
    for _subject, _case, at, wait, _returned in rows:
        assert wait is not None
        weeks.setdefault(at, []).append(wait)
    return list(weeks.values())


def measured(bench: Bench, rows: list[Row]) -> None:
    bench.put("log1", rows)
    changes.refresh(by=SYSTEM, at=AT)


def specify(world: World, **said: object) -> Specification:
    given = {"upper": 1.5 * HOUR, "began_on": date(2025, 2, 1), "reason": "Agreed with the ward"} | said
    limits = changes.specify(by=world.actor(world.lin_mei), at=AT, subject=SUBJECT, **given)  # type: ignore[arg-type]
    changes.refresh(by=SYSTEM, at=AT)
    return limits


def found() -> dict[str, tuple[float, list[float]]]:
    """Index -> value and interval, as stored."""
    return {one["name"]: (one["value"], one["interval"]) for one in StoredCapability.objects.get().result["indices"]}


@pytest.mark.django_db
def test_the_indices_are_those_of_the_library_over_the_single_waits(link: Bench, world: World) -> None:
    rows = steady()
    measured(link, rows)
    specify(world, lower=0.75 * HOUR, upper=1.25 * HOUR, target=HOUR)
    wanted = capability(
        waits_by_week(rows), lower=0.75 * HOUR, upper=1.25 * HOUR, target=HOUR, within="pooled", stable=True
    )
    assert found() == {
        name: (pytest.approx(index.value), pytest.approx(list(index.interval)))
        for name, index in wanted.indices.items()
    }
    assert {"Cp", "Cpk", "Cpm", "Pp", "Ppk"} <= found().keys()
    stored = StoredCapability.objects.get()
    assert (stored.method, stored.result["n"]) == ("waiting_time.pooled.none", len(rows))
    outside = sum(not 0.75 * HOUR <= row[3] <= 1.25 * HOUR for row in rows if row[3] is not None)
    assert stored.result["outside"] == outside
    assert stored.result["outside_low"] < outside / len(rows) < stored.result["outside_high"]
    spread = stored.result["histogram"]
    assert sum(spread["counts"]) + spread["above"] == len(rows)


@pytest.mark.django_db
def test_the_panel_says_it_in_words_with_picture_and_table(link: Bench, world: World) -> None:
    measured(link, steady())
    specify(world)
    page = panel_of(world)
    assert page["limits"][0]["words"] == "at most 1.5\xa0h"
    said = page["found"]
    assert (said["n"], said["withheld"], [one["name"] for one in said["first_indices"]]) == (156, "", ["Cpk", "Ppk"])
    assert [one["label"] for one in said["histogram"]["limits"]] == ["Upper limit 90 min"]
    assert any(one["outside"] for one in said["histogram"]["columns"])
    assert "spread within weeks, pooled" in said["method"]


def panel_of(world: World) -> dict[str, object]:
    return capability_panel(world.actor(world.wang_fang), SUBJECT)  # type: ignore[return-value]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_an_unstable_process_has_no_cpk_and_the_panel_says_why(link: Bench, world: World) -> None:
    rows = steady()
    rows[-6:] = [(one[0], one[1], one[2], 3 * HOUR, one[4]) for one in rows[-6:]]
    measured(link, rows)
    specify(world)
    assert found().keys() == {"Ppu", "Ppk"}
    said = panel_of(world)["found"]
    assert "WE1: One point beyond 3 sigma" in said["withheld"]  # type: ignore[index]
    # The shift is said to be a change on purpose: nine weeks later the new phase speaks for itself.
    more = steady() + [handover("a>b", week, 3 * HOUR + 60 * (week % 3), case=week) for week in range(26, 35)]
    measured(link, more)
    changes.start_phase(
        by=world.actor(world.lin_mei), at=AT, subject=SUBJECT, measure=WAITING_TIME, day=date(2025, 7, 7), reason="x"
    )
    changes.refresh(by=SYSTEM, at=AT)
    result = StoredCapability.objects.get().result
    assert (result["first"], result["n"], result["stability"]) == (monday(26), 9, "stable")
    assert "Cpk" in found()
    assert result["outside"] == 9


@pytest.mark.sqlite
@pytest.mark.django_db
def test_too_few_weeks_and_no_limits_withhold_cpk_too(link: Bench, world: World) -> None:
    measured(link, steady(weeks=6))
    specify(world, began_on=date(2025, 1, 6))
    assert found().keys() == {"Ppu", "Ppk"}
    assert "too few weeks" in panel_of(world)["found"]["withheld"]  # type: ignore[index]
    measured(link, [handover("a>b", week, HOUR + case, case=case) for week in range(12) for case in range(3)])
    assert StoredCapability.objects.get().result["stability"] == "no_limits"
    assert "the chart has no limits" in panel_of(world)["found"]["withheld"]  # type: ignore[index]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_skewed_waits_are_judged_on_the_scale_of_logarithms(link: Bench, world: World) -> None:
    rows = [(one[0], one[1], one[2], HOUR * math.exp((one[3] - HOUR) / 1200), one[4]) for one in steady()]  # type: ignore[operator]
    measured(link, rows)
    limits = specify(world)
    linear = found()["Ppk"][0]
    assert any("normally distributed" in one["message"] for one in StoredCapability.objects.get().result["warnings"])
    changes.withdraw_specification(
        by=world.actor(world.lin_mei), at=AT, subject=SUBJECT, specification=limits, reason="wrong scale"
    )
    specify(world, transform=Scale.LOG)
    assert found()["Ppk"][0] == pytest.approx(
        capability(waits_by_week(rows), upper=1.5 * HOUR, transform="log", stable=True)["Ppk"].value
    )
    assert found()["Ppk"][0] != pytest.approx(linear)
    assert panel_of(world)["found"]["log"] is True  # type: ignore[index]
    measured(link, [*rows, handover("a>b", 25, 0.0, case=999)])
    refused = panel_of(world)["found"]["refused"]  # type: ignore[index]
    assert "for log all values" in refused
    assert "Leave the transform out" in refused


@pytest.mark.django_db
def test_limits_hold_from_their_day_and_the_latest_wins(link: Bench, world: World) -> None:
    measured(link, steady())
    later = specify(world, upper=2 * HOUR, began_on=date(2027, 1, 1))
    assert not StoredCapability.objects.exists(), "they begin after the last handoff"
    assert panel_of(world)["found"] is None
    first, second = specify(world, began_on=date(2025, 1, 6)), specify(world, upper=HOUR, began_on=date(2025, 3, 1))
    assert StoredCapability.objects.get().result["specification"]["public_id"] == second.public_id
    changes.withdraw_specification(
        by=world.actor(world.lin_mei), at=AT, subject=SUBJECT, specification=second, reason="not agreed"
    )
    changes.refresh(by=SYSTEM, at=AT)
    assert StoredCapability.objects.get().result["specification"]["public_id"] == first.public_id
    entry = AuditEntry.objects.get(action="specification.withdrawn")
    assert (entry.object_id, "not agreed" in entry.body) == (second.public_id, True)
    ids = queries.said_ever(viewer=SYSTEM, measured_as="a>b")
    assert set(ids) == {first.public_id, second.public_id, later.public_id}


@pytest.mark.django_db
def test_what_stands_unchanged_is_not_computed_again_and_a_rebuild_gives_the_same(link: Bench, world: World) -> None:
    measured(link, steady())
    specify(world)
    before = StoredCapability.objects.values("result", "input_digest", "computed_at", "seq").get()
    link.touch("log1")
    changes.refresh(by=SYSTEM, at=AT)
    assert StoredCapability.objects.values("result", "input_digest", "computed_at", "seq").get() == before
    changes.rebuild(by=SYSTEM, at=AT)
    assert StoredCapability.objects.values("result", "input_digest").get() == {
        name: before[name] for name in ("result", "input_digest")
    }
    link.withdraw("log1")
    changes.refresh(by=SYSTEM, at=AT)
    assert not StoredCapability.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"upper": None}, "upper"),
        ({"upper": -1.0}, "upper"),
        ({"upper": math.inf}, "upper"),
        ({"upper": math.nan}, "upper"),
        ({"lower": 2 * HOUR}, "lower"),
        ({"target": 2 * HOUR}, "target"),
        ({"lower": 0.0, "transform": Scale.LOG}, "lower"),
        ({"reason": " "}, "reason"),
    ],
)
def test_limits_that_make_no_sense_are_refused_beside_the_field(
    link: Bench, world: World, said: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        specify(world, **said)
    assert refused.value.field == field
    assert refused.value.remedy
    assert not Specification.objects.exists()


@pytest.mark.django_db
def test_limits_are_said_and_withdrawn_on_their_pages_by_the_quality_manager_alone(link: Bench, world: World) -> None:
    measured(link, steady())
    client, address = world.client(world.lin_mei), f"{PANEL}limits/"
    form = {"upper": "1.5", "unit": "h", "transform": "none", "began_on": "2025-02-01", "reason": "Agreed"}
    assert client.post(address, form | {"upper": "", "lower": "2", "target": "1"}).status_code == 422
    refused = text(client.post(address, form | {"lower": "2"}))
    assert "The lower limit is below the upper one" in refused
    assert client.post(address, form).status_code == 302
    limits = Specification.objects.get()
    assert (limits.upper, limits.declared_by) == (1.5 * HOUR, world.lin_mei)
    assert "begin on this day already" in text(client.post(address, form | {"upper": "2"}))
    back = f"{address}{limits.public_id}/withdraw/"
    sent = withdrawal(text(client.get(back)))
    assert client.post(back, sent).status_code == 422
    for person, status in ((world.wang_fang, 403), (world.chen_jie, 404)):
        assert world.client(person).post(address, form).status_code == status
        assert world.client(person).post(back, sent | {"why": "x"}).status_code == status
    assert client.post(back, sent | {"why": "Not agreed"}).status_code == 302
    assert client.post(back, sent | {"why": "Again", "submission": "another"}).status_code == 422
    limits.refresh_from_db()
    assert limits.withdrawn_at is not None
    by = world.actor(world.lin_mei)
    with pytest.raises(NotFound):
        changes.withdraw_specification(
            by=by, at=AT, subject=Subject("bench_link", "one", "x>y"), specification=limits, reason="no"
        )
    with pytest.raises(Forbidden):
        changes.specify(
            by=world.actor(world.wang_fang), at=AT, subject=SUBJECT, upper=1.0, began_on=date(2025, 1, 1), reason="x"
        )


@pytest.mark.django_db
def test_the_panel_of_capability_teaches_what_is_missing(link: Bench, world: World) -> None:
    page = panel_of(world)
    assert (page["found"], page["limits"], page["may_specify"]) == (None, [], False)
    with pytest.raises(NotFound):
        capability_panel(world.actor(world.chen_jie), SUBJECT)


def test_a_wait_at_a_limit_is_within_it_and_limits_lie_on_edges_of_the_histogram() -> None:
    from baton.monitoring.changes.capabilities import histogram

    seconds = np.array([60.0, 120.0, 120.0, 180.0, 240.0, 240.0, 300.0, 9_000.0])
    spread = histogram(seconds, 120.0, 240.0)
    edges, counts = spread["edges"], spread["counts"]
    below = sum(n for edge, n in zip(edges[1:], counts, strict=True) if edge <= 120.0 + 1e-6)
    above = sum(n for edge, n in zip(edges, counts, strict=False) if edge >= 240.0 - 1e-6) + spread["above"]
    assert (below, above, sum(counts) + spread["above"]) == (1, 2, 8)
    assert any(math.isclose(edge, 120.0) for edge in edges)
    assert any(math.isclose(edge, 240.0) for edge in edges)
    one = histogram(np.array([5.0, 5.0]), None, 5.0)
    assert (sum(one["counts"]), one["above"]) == (2, 0)
    assert one["counts"][[index for index, edge in enumerate(one["edges"]) if edge >= 5.0 - 1e-9][0]] == 0
