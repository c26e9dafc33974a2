"""Named waves: whoever is asked answers signed in, beside his name, which the page says; paper goes into the urn."""

from __future__ import annotations

from typing import Any

import pytest

from baton.core.models import AuditEntry
from baton.feedback.models import NamedSheet, UrnSheet, Wave
from baton.feedback.rules import Mode
from tests.rooms.feedback.asked import closed, opened
from tests.rooms.feedback.sheets import every_kind, fields_of, one_card
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(world: World) -> Wave:
    """The heads and staff of Ward 3 rate two links by name."""
    return every_kind(world, mode=Mode.NAMED)


def rated(wave: Wave, rating: str, **more: str) -> dict[str, Any]:
    return {f"{link.public_id}.on_time": rating for link in wave.links.all()} | {"send": "1", **more}


def test_open_waves_that_ask_for_a_name_are_listed(world: World, wave: Wave) -> None:
    page = world.client(world.chen_jie).get("/surveys/mine/").content.decode()
    assert "Autumn survey" in page
    assert f"/surveys/mine/{wave.public_id}/" in page
    assert "Autumn survey" not in world.client(world.gao_ming).get("/surveys/mine/").content.decode()
    closed(world, wave)
    assert "Autumn survey" not in world.client(world.chen_jie).get("/surveys/mine/").content.decode()


def test_anonymous_wave_is_not_among_them(world: World) -> None:
    other = every_kind(world)
    browser = world.client(world.chen_jie)
    assert f"/surveys/mine/{other.public_id}/" not in browser.get("/surveys/mine/").content.decode()
    assert browser.get(f"/surveys/mine/{other.public_id}/").status_code == 404


def test_sheet_says_whose_name_stands_beside_it(world: World, wave: Wave) -> None:
    page = world.client(world.chen_jie).get(f"/surveys/mine/{wave.public_id}/").content.decode()
    assert "Your answers stand beside your name" in page
    assert "sees that Chen Jie gave them" in page
    assert "Write nothing by which you can be known" not in page


def test_answers_are_kept_by_name_and_may_be_changed(world: World, wave: Wave) -> None:
    browser, address = world.client(world.chen_jie), f"/surveys/mine/{wave.public_id}/"
    link = wave.links.first().public_id
    more = {f"{link}.reached": ["phone", "mail"], f"{link}.first.time": "1", f"{link}.first.amount": "3",
            f"{link}.first.cold": "2", f"{link}.complete.expected": "4", f"{link}.complete.experienced": "na",
            f"{link}.hours": "1.0", ".recommend": "9"}  # fmt: skip
    answer = browser.post(address, rated(wave, "4", **more), follow=True)  # type: ignore[arg-type]
    assert "Your answers are kept." in answer.content.decode()
    assert "Answered" in answer.content.decode()
    fields = fields_of(browser.get(address).content)
    assert {name: fields[name] for name in more} == {
        name: value if isinstance(value, list) else [value.replace("1.0", "1")] for name, value in more.items()
    }
    browser.post(address, rated(wave, "2"))
    assert {one.answers["on_time"] for one in NamedSheet.objects.filter(wave_link__isnull=False)} == {2}
    assert {one.person for one in NamedSheet.objects.all()} == {world.chen_jie}


def test_what_is_said_of_a_link_no_more_is_taken_back(world: World, wave: Wave) -> None:
    browser, address = world.client(world.chen_jie), f"/surveys/mine/{wave.public_id}/"
    browser.post(address, rated(wave, "4", **{".recommend": "9"}))
    assert NamedSheet.objects.exclude(answers={}).count() == 3
    browser.post(address, rated(wave, "4"))
    assert NamedSheet.objects.get(wave_link__isnull=True).answers == {}
    assert fields_of(browser.get(address).content)[".recommend"] == []
    assert AuditEntry.objects.filter(action="named_sheet.emptied").count() == 1
    browser.post(address, rated(wave, "3"))
    assert AuditEntry.objects.filter(action="named_sheet.emptied").count() == 1
    assert closed(world, wave).answered == 1


def test_faults_keep_what_was_typed(world: World, wave: Wave) -> None:
    browser, address = world.client(world.chen_jie), f"/surveys/mine/{wave.public_id}/"
    link = wave.links.first().public_id
    answer = browser.post(address, rated(wave, "9") | {f"{link}.better": "{{7*7}}<script>"})
    assert answer.status_code == 422
    assert "Found “9”." in answer.content.decode()
    assert fields_of(answer.content)[f"{link}.better"] == ["{{7*7}}<script>"]
    assert not NamedSheet.objects.exists()


def test_nobody_else_answers_and_nobody_by_the_nameless_door(world: World, wave: Wave) -> None:
    address = f"/surveys/mine/{wave.public_id}/"
    for person in (world.gao_ming, world.lin_mei, world.sun_yan, world.he_jun):
        assert world.client(person).get(address).status_code == 404
        assert world.client(person).post(address, rated(wave, "4")).status_code == 404
    assert world.client(world.tom_reed).get(address).status_code == 403
    assert world.client().get(f"/s/{wave.public_id}/").status_code == 404
    assert not NamedSheet.objects.exists()
    assert not UrnSheet.objects.exists()


def test_who_runs_a_wave_reads_how_paper_gets_into_the_urn(world: World) -> None:
    wave = opened(world)
    page = world.client(world.lin_mei).get(f"/surveys/{wave.public_id}/paper/")
    assert f"/s/{wave.public_id}/kiosk/" in page.content.decode()
    for person in (world.he_jun, world.wu_tao, world.chen_jie, world.sun_yan):
        assert world.client(person).get(f"/surveys/{wave.public_id}/paper/").status_code == 404
    token = one_card(world, wave)
    given = {f"{link.public_id}.on_time": "3" for link in wave.links.all()} | {"code": token, "send": "1"}
    assert world.client(world.lin_mei).post(f"/s/{wave.public_id}/kiosk/", given).status_code == 302
    closed(world, wave)
    assert (
        "Nothing can be entered here"
        in world.client(world.lin_mei).get(f"/surveys/{wave.public_id}/paper/").content.decode()
    )
