"""The console of waves: prepare, choose links and people, open, raise, extend, call to mind, close."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from baton.chain.models import Link
from baton.core.models import AuditEntry, Notification
from baton.feedback import changes
from baton.feedback.models import Ballot, SurveyInvitation, Wave
from baton.feedback.rules import Mode, WaveState
from tests.rooms.chain.test_pages import filled
from tests.rooms.feedback.asked import asking, cast, closed, opened, prepared, written
from tests.trust.test_bad_forms import errors
from tests.world import World

pytestmark = pytest.mark.django_db


def page(wave: Wave, more: str = "") -> str:
    return f"/surveys/{wave.public_id}/{more}"


def later(days: int = 7) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def sent(client: Client, path: str, **values: str) -> Any:
    return client.post(path, filled(client, path, **values))


def wave_values(world: World, **values: str) -> dict[str, str]:
    return {
        "title_en": "Autumn", "questionnaire": written(world).public_id, "mode": "anonymous", "closes_at": later(),
        "least": "5", "least_comments": "10", **values,
    }  # fmt: skip


def test_from_nothing_to_an_open_wave_and_its_close(world: World) -> None:
    lin = world.client(world.lin_mei)
    assert "No survey is under way" in lin.get("/surveys/").content.decode()
    answer = sent(lin, "/surveys/new/", **wave_values(world))
    wave = Wave.objects.get()
    assert answer["Location"] == page(wave, "links/")
    sent(lin, page(wave, "links/"), rule="customer", party=world.ward.public_id)
    assert {one.link_id for one in wave.links.all()} == {
        world.laundry_ward.pk, world.pharmacy_ward.pk, world.lab_ward.pk
    }  # fmt: skip
    shown = lin.get(page(wave, "people/")).content.decode()
    assert "Some results will never be shown" in shown
    assert "never shown" in shown
    sent(lin, page(wave, "people/"), window_days="90", half_width="")
    assert SurveyInvitation.objects.filter(wave=wave).count() == 4
    assert sent(lin, page(wave, "open/")).status_code == 422
    assert Wave.objects.get().state == WaveState.DRAFT
    sent(lin, page(wave, "open/"), confirmed="on")
    wave.refresh_from_db()
    assert (wave.state, wave.invited) == (WaveState.OPEN, 4)
    assert "told from 50 people asked" in lin.get(page(wave)).content.decode()
    assert sent(lin, page(wave, "close/"), reason="").status_code == 422
    sent(lin, page(wave, "close/"), reason="The strike")
    wave.refresh_from_db()
    assert wave.state == WaveState.CLOSED
    assert "The strike" in AuditEntry.objects.get(action="wave.closed").body


def test_links_by_number_are_added_replaced_and_left_out(world: World) -> None:
    lin, wave = world.client(world.lin_mei), prepared(world)
    path = page(wave, "links/")
    sent(lin, path, rule="one", numbers=f"{world.lab_ward.number.lower()}, {world.ward_patient.number}")
    assert wave.links.count() == 4
    sent(lin, path, rule="all", instead="on")
    assert wave.links.count() == Link.objects.filter(ended_on=None).count() > 4
    sent(lin, path, rule="within", party=world.nursing.public_id, instead="on")
    assert wave.links.count() == 0
    last = AuditEntry.objects.order_by("-seq")[0]
    assert (last.action, last.object_id) == ("wave.links_chosen", wave.public_id), "leaving all out is written down"
    sent(lin, path, rule="supplier", party=world.ward.public_id)
    assert {one.link_id for one in wave.links.all()} == {world.ward_laundry.pk, world.ward_patient.pk}
    lin.post(page(wave, f"links/{wave.links.get(link=world.ward_patient).public_id}/out/"))
    assert [one.link_id for one in wave.links.all()] == [world.ward_laundry.pk]


def test_bad_input_is_said_beside_the_field_and_nothing_is_kept(world: World) -> None:
    lin, wave = world.client(world.lin_mei), prepared(world)
    bad = {
        "closes_at": later(-1), "least": "2", "title_en": "", "questionnaire": "x", "mode": "secret",
        "collector": "Nobody at all",
    }  # fmt: skip
    for field, value in bad.items():
        answer = sent(lin, page(wave, "change/"), **wave_values(world, **{field: value}))
        assert answer.status_code == 422, field
        assert field in errors(answer), field
    links = page(wave, "links/")
    assert "numbers" in errors(sent(lin, links, rule="one", numbers="L-1900-0001"))
    assert "numbers" in errors(sent(lin, links, rule="one", numbers=""))
    assert "party" in errors(sent(lin, links, rule="supplier", party=""))
    people = page(wave, "people/")
    assert "window_days" in errors(sent(lin, people, window_days="2", half_width=""))
    assert "half_width" in errors(sent(lin, people, window_days="90", half_width="77"))
    assert "half_width" in errors(sent(lin, people, window_days="90", half_width="{{7*7}}"))
    assert lin.get(f"{people}?window_days=abc&half_width=x").status_code == 422
    wave.refresh_from_db()
    assert (wave.title, wave.least, wave.links.count(), wave.window_days) == ({"en": "Autumn"}, 5, 2, 90)


def test_open_wave_only_rises_and_is_not_prepared_again(world: World) -> None:
    lin, wave = world.client(world.lin_mei), opened(world)
    path = page(wave, "change/")
    assert "least" in errors(sent(lin, path, closes_at=later(), least="4", least_comments="10"))
    sent(lin, path, closes_at=later(9), least="8", least_comments="12", mode="named")
    wave.refresh_from_db()
    assert (wave.least, wave.least_comments, wave.mode) == (8, 12, Mode.ANONYMOUS)
    assert wave.closes_at > datetime.now(UTC) + timedelta(days=8)
    for more in ("links/", "people/", "open/"):
        assert lin.get(page(wave, more)).status_code == 404, more


def test_stale_edit_is_refused(world: World) -> None:
    lin, wave = world.client(world.lin_mei), prepared(world)
    old = filled(lin, page(wave, "change/"), **wave_values(world))
    changes.change_wave(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave, title={"en": "Other"})
    assert lin.post(page(wave, "change/"), old).status_code == 409


def test_only_the_quality_manager_reaches_the_console(world: World) -> None:
    wave = asking(world, prepared(world))
    before = AuditEntry.objects.count()
    for person in (world.he_jun, world.wu_tao):
        assert world.client(person).get(page(wave)).status_code == 200
    for person in (world.sun_yan, world.qian_li, world.wang_fang, world.ivy_stone):
        assert world.client(person).get(page(wave)).status_code == 404
        assert world.client(person).get("/surveys/")["Location"] == "/surveys/mine/"
    assert world.client(world.tom_reed).get("/surveys/").status_code == 403
    for more in ("change/", "links/", "people/", "open/", "close/", "withdraw/", "remind/", "cards/"):
        for person in (world.he_jun, world.wu_tao, world.sun_yan, world.wang_fang, world.tom_reed):
            assert world.client(person).post(page(wave, more), {"confirmed": "on"}).status_code == 403, more
        assert world.client().post(page(wave, more)).status_code in (302, 401, 403), more
    assert AuditEntry.objects.count() == before


def test_console_tells_no_count_while_a_wave_is_open(world: World) -> None:
    wave = opened(world)
    empty = world.client(world.lin_mei).get(page(wave)).content.decode()
    for token in changes.print_cards(
        by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave, links=list(wave.links.all()), count=3
    )[:2]:
        cast(wave, token, on_time=5)
    shown = world.client(world.lin_mei).get(page(wave)).content.decode()
    assert "told from 50 people asked" in empty
    assert "told from 50 people asked" in shown
    assert Ballot.objects.filter(wave=wave).count() == 1
    closed(world, wave)
    assert "(2 of 7)" in world.client(world.lin_mei).get(page(wave)).content.decode()


def test_withdrawn_with_a_reason(world: World) -> None:
    lin, wave = world.client(world.lin_mei), prepared(world)
    assert "reason" in errors(sent(lin, page(wave, "withdraw/"), reason=" "))
    sent(lin, page(wave, "withdraw/"), reason="No time")
    wave.refresh_from_db()
    assert (wave.state, wave.ended_because) == (WaveState.WITHDRAWN, "No time")
    assert "No time" in lin.get(page(wave)).content.decode()


def test_reminder_by_hand_once_a_day(world: World) -> None:
    lin, wave = world.client(world.lin_mei), opened(world)
    form = {"version": str(wave.changed_seq)}
    assert lin.post(page(wave, "remind/"), form).status_code == 302
    assert lin.post(page(wave, "remind/"), form).status_code == 400
    assert wave.reminders.count() == 1
    assert not Notification.objects.exists()


def test_pages_are_read_in_chinese(world: World) -> None:
    wave = asking(world, prepared(world))
    lin = world.client(world.lin_mei)
    lin.post("/language/", {"language": "zh-hans", "next": "/"})
    for path in ("/surveys/", page(wave), page(wave, "people/"), page(wave, "open/"), "/surveys/mine/"):
        assert lin.get(path).status_code == 200
