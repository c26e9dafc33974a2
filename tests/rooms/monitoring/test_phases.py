"""Phases of a chart: seen before they are saved, corrected, judged by earlier limits, with a baseline of their own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from baton.core.errors import Forbidden, NotFound, Refused, Stale
from baton.core.models import AuditEntry
from baton.core.registries import Subject
from baton.monitoring import changes
from baton.monitoring.models import PhaseStart, StoredMeasure
from baton.monitoring.rules import WAITING_TIME, day_of_number
from tests.rooms.monitoring.bench import AT, SYSTEM, Bench, Row, handover, monday, year
from tests.rooms.monitoring.test_pages import PANEL, SUBJECT, text, withdrawal

if TYPE_CHECKING:
    from tests.world import World

PREVIEW = f"{PANEL}phase/preview/"


def first_day(week: int) -> date:
    """The Monday ``week`` weeks after the first of the bench."""
    return day_of_number(monday(week))


def disturbed() -> list[Row]:
    """An hour's wait, from week 24 to 30 three hours, then an hour again."""
    return [handover("a>b", week, (10_800.0 if 24 <= week < 30 else 3_600.0) + 120 * (week % 3)) for week in range(52)]


def measured(bench: Bench, rows: list[Row]) -> None:
    bench.put("log1", rows)
    changes.refresh(by=SYSTEM, at=AT)


def begin(world: World, week: int, **said: object) -> PhaseStart:
    by = world.actor(world.lin_mei)
    phase = changes.start_phase(
        by=by, at=AT, subject=SUBJECT, measure=WAITING_TIME, day=first_day(week),
        **{"reason": "A second dryer", **said},  # type: ignore[arg-type]
    )  # fmt: skip
    changes.refresh(by=SYSTEM, at=AT)
    return phase


def stored() -> StoredMeasure:
    return StoredMeasure.objects.get(name=WAITING_TIME)


@pytest.mark.django_db
def test_after_a_disturbance_the_limits_of_before_are_carried_on(link: Bench, world: World) -> None:
    measured(link, disturbed())
    begin(world, 24)
    begin(world, 30, limits_from=first_day(3))
    result = stored().result
    assert result["phase_weeks"] == [monday(24), monday(30)]
    assert result["carried"] == [None, None, 0]
    assert result["ucl"][-1] == result["ucl"][0] < result["ucl"][26]
    assert stored().method == "waiting_time.i.baseline_by_phase"
    assert result["violations"]["western_electric"] == {}
    page = text(world.client(world.wang_fang).get(PANEL))
    assert "carried on from the phase of 2025-W05" in page
    assert "limits as the phases say" in page


@pytest.mark.django_db
def test_a_phase_on_the_first_week_says_from_how_many_weeks_the_first_limits_come(link: Bench, world: World) -> None:
    measured(link, year("a>b", seed=1))
    begin(world, 0, baseline_weeks=30)
    result = stored().result
    assert (result["phase_weeks"], result["limits"]) == ([], [30])
    begin(world, 40, baseline_weeks=8)
    assert stored().result["limits"] == [30, 8]
    incremental = stored().result, stored().input_digest
    changes.rebuild(by=SYSTEM, at=AT)
    assert (stored().result, stored().input_digest) == incremental


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"baseline_weeks": 7}, "baseline_weeks", "Limits come from 8 to 104 weeks"),
        ({"baseline_weeks": 105}, "baseline_weeks", "105 weeks were given"),
        ({"limits_from": date(2025, 9, 1)}, "limits_from", "does not lie before it"),
        ({"limits_from": date(2024, 9, 1)}, "limits_from", "does not lie before it"),
        ({"day": date(2025, 1, 7)}, "day", "must begin after the first"),
        ({"reason": " "}, "reason", "needs a reason"),
    ],
)
def test_limits_that_make_no_sense_are_refused(
    link: Bench, world: World, said: dict[str, object], field: str, words: str
) -> None:
    measured(link, year("a>b", seed=1))
    given = {"measure": WAITING_TIME, "day": first_day(30), "reason": "A second dryer"} | said
    with pytest.raises(Refused, match=words) as refused:
        changes.start_phase(by=world.actor(world.lin_mei), at=AT, subject=SUBJECT, **given)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not PhaseStart.objects.exists()


@pytest.mark.django_db
def test_what_a_phase_would_change_is_shown_and_not_saved(link: Bench, world: World) -> None:
    measured(link, year("a>b", seed=1, worse_from=30))
    before = stored().result
    client = world.client(world.lin_mei)
    asked = {"measure": WAITING_TIME, "day": first_day(30).isoformat(), "baseline_weeks": "20", "limits_from": ""}
    shown = text(client.get(PREVIEW, asked))
    assert "2025-W02 – 2025-W31" in shown
    assert "2025-W32 – 2026-W01" in shown
    vanish = shown[shown.index("Signals that would vanish") :]
    assert "2025-W32 – 2026-W01</strong> WE1" in vanish
    assert "<svg" in shown
    assert not PhaseStart.objects.exists()
    assert stored().result == before
    too_early = text(client.get(PREVIEW, asked | {"day": "2025-01-08"}))
    assert "must begin after the first" in too_early
    assert "between the second and the last week" in too_early
    assert "Choose a day" in text(client.get(PREVIEW, {"measure": WAITING_TIME}))
    assert "Enter a valid date" in text(client.get(PREVIEW, asked | {"day": "soon"}))
    assert client.get(PREVIEW, asked | {"measure": "speed"}).status_code == 200
    begin(world, 30)
    after = stored().result
    assert f"{after['centre'][-1] / 60:.1f}\xa0min" in shown or f"{after['centre'][-1] / 3600:.1f}\xa0h" in shown


@pytest.mark.django_db
def test_without_scripts_a_button_shows_what_would_change(link: Bench, world: World) -> None:
    measured(link, year("a>b", seed=1, worse_from=30))
    said = {"measure": WAITING_TIME, "day": first_day(30).isoformat(), "reason": "A second dryer", "look": "yes"}
    page = text(world.client(world.lin_mei).post(f"{PANEL}phase/", said))
    assert "Signals that would vanish" in page
    assert 'value="A second dryer"' in page
    assert not PhaseStart.objects.exists()


def correction(client: Client, address: str, **said: str) -> dict[str, str]:
    """What the form of a correction sends."""
    typed = {"day": "2025-08-13", "reason": "A third dryer", "why": "It came later"}
    return typed | withdrawal(text(client.get(address))) | said


@pytest.mark.django_db
def test_a_phase_is_corrected_and_what_was_said_before_stays(link: Bench, world: World) -> None:
    measured(link, year("a>b", seed=1, worse_from=31))
    phase = begin(world, 30)
    client = world.client(world.lin_mei)
    address = f"{PANEL}phase/{phase.public_id}/"
    page = text(client.get(address))
    assert f'value="{first_day(30).isoformat()}"' in page
    assert 'value="A second dryer"' in page
    response = client.post(address, correction(client, address))
    assert (response.status_code, response.headers["Location"]) == (302, "/bench/one/")
    changes.refresh(by=SYSTEM, at=AT)
    assert stored().result["phase_weeks"] == [monday(31)]
    entry = AuditEntry.objects.get(action="phase.corrected")
    for said in ("A second dryer", "A third dryer", "It came later"):
        assert said in entry.body
    panel = text(client.get(PANEL))
    assert "2025-W33 · It came later" in panel
    assert "2025-W32 · A second dryer" in panel


@pytest.mark.django_db
def test_a_correction_keeps_limits_whose_phase_begins_elsewhere_now(link: Bench, world: World) -> None:
    measured(link, disturbed())
    earlier = begin(world, 10)
    later = begin(world, 30, limits_from=first_day(10))
    changes.withdraw_phase(by=world.actor(world.lin_mei), at=AT, subject=SUBJECT, phase=earlier, reason="no change")
    changes.refresh(by=SYSTEM, at=AT)
    client = world.client(world.lin_mei)
    address = f"{PANEL}phase/{later.public_id}/"
    assert f'<option value="{first_day(10).isoformat()}" selected>' in text(client.get(address))
    sent = correction(client, address, limits_from=first_day(10).isoformat())
    asked = sent | {"measure": WAITING_TIME, "phase": later.public_id}
    assert "carried on from phase 1" in text(client.get(PREVIEW, asked)), "the week lies in the first phase now"
    assert client.post(address, sent).status_code == 302
    later.refresh_from_db()
    assert later.limits_week == monday(10)


@pytest.mark.django_db
def test_a_correction_needs_a_reason_the_version_seen_and_the_right(link: Bench, world: World) -> None:
    measured(link, year("a>b", seed=1, worse_from=30))
    phase, other = begin(world, 30), begin(world, 40)
    client = world.client(world.lin_mei)
    address = f"{PANEL}phase/{phase.public_id}/"
    assert "Nothing was entered" in text(client.post(address, correction(client, address, why="")))
    stale = client.post(address, correction(client, address, version=str(phase.changed_seq - 1)))
    assert stale.status_code == 409
    assert "Now stands: 2025-08-04" in text(stale), "both versions are shown"
    taken = client.post(address, correction(client, address, day=first_day(40).isoformat()))
    assert "begins in this week already" in text(taken)
    assert world.client(world.wang_fang).get(address).status_code == 403
    assert world.client(world.chen_jie).get(address).status_code == 404
    given = {"at": AT, "phase": phase, "day": first_day(31), "reason": "x", "why": "y"}
    with pytest.raises(Forbidden):
        changes.correct_phase(by=world.actor(world.wang_fang), subject=SUBJECT, **given)  # type: ignore[arg-type]
    by = world.actor(world.lin_mei)
    with pytest.raises(NotFound):
        changes.correct_phase(by=by, subject=Subject("bench_link", "one", "x>y"), **given)  # type: ignore[arg-type]
    with pytest.raises(Stale):
        changes.correct_phase(by=by, subject=SUBJECT, expected_seq=1, **given)  # type: ignore[arg-type]
    changes.withdraw_phase(by=by, at=AT, subject=SUBJECT, phase=other, reason="wrong")
    with pytest.raises(Refused, match="withdrawn already"):
        changes.correct_phase(by=by, subject=SUBJECT, **(given | {"phase": other}))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_moving_ranges_stand_beside_the_waits_on_request(link: Bench, world: World) -> None:
    measured(link, disturbed())
    client = world.client(world.wang_fang)
    assert "Moving ranges" not in text(client.get(PANEL))
    page = text(client.get(f"{PANEL}?ranges=yes"))
    assert "Moving ranges: Weekly median wait" in page
    assert page.count("This week differs from the one before by more than usual") >= 2
    assert "?rules=nelson&amp;ranges=yes" in page, "the other rules keep them"
