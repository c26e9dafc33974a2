"""Open pages for feedback: without a sign-in, a cookie, a script or a trace; who opens and closes them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry, Notification, Submission
from baton.feedback import changes
from baton.feedback.changes import FeedbackTold
from baton.feedback.models import FeedbackDoor, FeedbackItem
from baton.feedback.rules.inbox import TOLD_A_MINUTE, FeedbackChannel
from baton.feedback.views import tell
from tests.api import in_one_minute
from tests.rooms.chain.test_pages import filled, hidden
from tests.world import SYSTEM, World

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db
WORDS = "The linen was damp again"


@pytest.fixture(autouse=True)
def uncounted() -> Iterator[None]:
    tell._told.clear()
    yield
    tell._told.clear()


def opened(world: World, **given: Any) -> FeedbackDoor:
    """The page of the laundry."""
    about = given or {"party": world.laundry}
    return changes.open_door(by=world.actor(world.lin_mei), at=datetime.now(UTC), **about)


def _sent(client: Client, address: str, **values: str) -> Any:
    """What a browser sends that was told ``no-referrer``: its origin is null, and it has no cookie."""
    page = client.get(address).content.decode()
    given = {"version": "", "submission": hidden(page, "submission"), "category": "", "name": "", "reach": "",
             "words": WORDS, "by": "", **values}  # fmt: skip
    return client.post(address.partition("?")[0], given, headers={"Origin": "null"})


def test_anybody_tells_something_and_whoever_leads_it_hears_of_it(world: World) -> None:
    address = f"/tell/{opened(world).public_id}/"
    client = Client(enforce_csrf_checks=True)
    page = client.get(address).content.decode()
    wanted = ("Laundry", "Who reads it, and what is kept", "Neither your network address", 'lang="zh-hans"')
    assert [text for text in wanted if text not in page] == []
    assert "<script" not in page.partition("<body")[2]
    answer = _sent(client, address, name="Mrs. Wu", reach="0571 5555")
    assert (answer.status_code, answer["Location"]) == (302, f"{address}thanks/")
    assert "It has arrived" in client.get(answer["Location"]).content.decode()
    item = FeedbackItem.objects.get()
    assert (item.party, item.holder, item.channel, item.teller, item.taken_by, item.category, item.language) == (
        world.laundry, world.laundry, "form", None, None, "complaint", "en",
    )  # fmt: skip
    assert [one.person for one in Notification.objects.all()] == [world.zhao_lei]
    assert "Mrs. Wu" in world.client(world.zhao_lei).get(f"/inbox/{item.public_id}/").content.decode()
    assert "Mrs. Wu" not in world.client(world.he_jun).get(f"/inbox/{item.public_id}/").content.decode()


def test_it_is_told_by_the_code_in_chinese_about_a_link_once(world: World) -> None:
    door = opened(world, link=world.laundry_ward)
    address = f"/tell/{door.public_id}/zh-hans/"
    client = Client()
    page = client.get(f"{address}?by=qr").content.decode()
    assert f"/tell/{door.public_id}/en/?by=qr" in page
    given = {"version": "", "submission": hidden(page, "submission"), "words": "床单又迟到了", "category": "",
             "name": "", "reach": "", "by": hidden(page, "by")}  # fmt: skip
    assert [client.post(address, given).status_code for _turn in range(2)] == [302, 302]
    item = FeedbackItem.objects.get()
    assert (item.link, item.channel, item.language, item.category) == (
        world.laundry_ward, "qr", "zh-hans", "complaint",
    )  # fmt: skip


def test_nothing_says_who_told_it_not_even_where_the_browser_is_signed_in(world: World) -> None:
    address = f"/tell/{opened(world).public_id}/"
    browser = world.client(world.chen_jie)
    last = AuditEntry.objects.order_by("-seq").values_list("seq", flat=True)[0]
    answers = [browser.get(address), _sent(browser, address), browser.get(f"{address}thanks/"), browser.get("/tell/x/")]
    assert [one.status_code for one in answers] == [200, 302, 200, 404]
    for one in answers:
        assert not one.cookies
        assert (one["Cache-Control"], one["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert not one.headers.get("X-Request-Id")
    for entry in AuditEntry.objects.filter(seq__gt=last):
        body = json.loads(entry.body)
        assert (body["by"], body["request"]) == ("system:feedback_door", "")
        assert "127.0.0.1" not in entry.body
        assert world.chen_jie.public_id not in entry.body
    assert {one.actor for one in Submission.objects.all()} <= {"system:feedback_door"}


@pytest.mark.parametrize(("values", "says"), [
    ({"words": " \u200b "}, "Fill it in"), ({"words": "x" * 4_001}, "4000"), ({"name": "x" * 121}, "120"),
    ({"category": "nonsense"}, "Choose again"),
])  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    world: World, values: dict[str, str], says: str
) -> None:
    address = f"/tell/{opened(world).public_id}/"
    answer = _sent(Client(), address, **{"reach": "0571 5555", **values})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in re.sub(r"(\d),(\d)", r"\1\2", page)
    assert 'value="0571 5555"' in page
    assert not FeedbackItem.objects.exists()


def test_a_flood_is_held_back_and_the_words_stay(world: World) -> None:
    address = f"/tell/{opened(world).public_id}/"
    client = Client()
    answers = in_one_minute(
        lambda: [_sent(client, address, words=f"{WORDS} {turn}") for turn in range(TOLD_A_MINUTE + 2)], tell._told
    )
    assert {one.status_code for one in answers} == {302, 429}
    held = next(one for one in answers if one.status_code == 429)
    assert WORDS in held.content.decode()
    assert int(held["Retry-After"]) > 0
    elsewhere = Client(REMOTE_ADDR="127.0.0.2")
    assert _sent(elsewhere, address).status_code == 302


def test_only_the_quality_manager_opens_prints_and_closes(world: World) -> None:
    client = world.client(world.lin_mei)
    address = f"/inbox/doors/open/?link={world.laundry_ward.public_id}"
    assert address in client.get(f"/links/{world.laundry_ward.public_id}/").content.decode().replace("&amp;", "&")
    page = client.post(address, filled(client, address))["Location"]
    door = FeedbackDoor.objects.get()
    assert f"/tell/{door.public_id}/" in client.get(page).content.decode()
    printed = client.get(f"{page}poster.pdf")
    assert printed.content.startswith(b"%PDF-")
    for person, status in ((world.zhao_lei, 403), (world.he_jun, 403), (world.tom_reed, 403), (None, 302)):
        for path in ("/inbox/doors/", address, page, f"{page}poster.pdf", f"{page}close/"):
            assert world.client(person).get(path).status_code == status, path
    public = f"/tell/{door.public_id}/"
    assert Client().get(public).status_code == 200
    assert client.post(f"{page}close/", filled(client, f"{page}close/")).status_code == 302
    gone = Client().post(public, {"words": WORDS})
    assert (gone.status_code, "Nothing can be told here" in gone.content.decode()) == (404, True)
    assert client.get(f"{page}poster.pdf").status_code == 404
    assert "Closed pages" in client.get("/inbox/doors/").content.decode()


def test_a_page_is_opened_once_for_departments_and_teams_only(world: World) -> None:
    assert opened(world).pk == opened(world).pk
    assert opened(world, link=world.laundry_ward).pk != opened(world).pk
    with pytest.raises(Forbidden):
        changes.open_door(by=world.actor(world.zhao_lei), at=datetime.now(UTC), party=world.laundry)
    with pytest.raises(Refused) as refused:
        changes.open_door(by=world.actor(world.lin_mei), at=datetime.now(UTC))
    assert refused.value.field == "party"


def test_a_closed_door_takes_nothing(world: World) -> None:
    door, at = opened(world), datetime.now(UTC)
    told = FeedbackTold(WORDS)
    with pytest.raises(NotFound):
        changes.tell_at_door(at=at, door=door, told=told, channel=FeedbackChannel.PAPER)
    changes.close_door(by=SYSTEM, at=at, door=door)
    with pytest.raises(NotFound):
        changes.tell_at_door(at=at, door=door, told=told, channel=FeedbackChannel.QR)
