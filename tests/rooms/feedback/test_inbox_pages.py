"""Pages of feedback: told on the pages of link and party, entered, dealt with, found, once whatever happens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from baton.feedback.models import FeedbackItem
from tests.rooms.chain.test_pages import filled
from tests.rooms.feedback.told import NAME, REACH, WORDS, answered, entered, told
from tests.world import World

pytestmark = pytest.mark.django_db


def test_it_is_told_from_the_pages_of_link_and_party_once(world: World) -> None:
    client = world.client(world.chen_jie)
    for kind, record in (("link", world.laundry_ward), ("party", world.laundry)):
        page = client.get(f"/{'links' if kind == 'link' else 'parties'}/{record.public_id}/").content.decode()
        address = f"/inbox/tell/?{kind}={record.public_id}"
        assert address in page
        asked = client.get(address).content.decode()
        assert "Whom is it about?" not in asked
        assert ("Send</button>" in asked, "Save</button>" in asked) == (True, False)
        sent = filled(client, address, words=f"{WORDS}, {kind}", category="")
        assert [client.post(address, sent).status_code for _turn in range(2)] == [302, 302]
    items = FeedbackItem.objects.order_by("pk")
    assert [(one.party, one.link, one.category) for one in items] == [
        (world.laundry, world.laundry_ward, "complaint"), (world.laundry, None, "complaint"),
    ]  # fmt: skip
    page = unescape(client.get(f"/inbox/{items[0].public_id}/").content.decode())
    assert "Kept as" in page
    assert "Laundry → Ward 3" in page


def test_what_it_is_about_must_be_in_sight(world: World) -> None:
    address = f"/inbox/tell/?link={world.linenco_stores.public_id}"
    assert world.client(world.chen_jie).get(address).status_code == 404
    assert world.client(world.chen_jie).get("/inbox/tell/?party=nothing").status_code == 404


def test_paper_from_last_week_is_entered_with_its_day(world: World) -> None:
    client = world.client(world.chen_jie)
    day = (datetime.now(UTC) - timedelta(days=7)).date()
    sent = {"channel": "paper", "received_on": day.isoformat(), "words": "Kind people", "category": "compliment",
            "party": world.laundry.public_id, "name": "Mr. Ma", "reach": "ma@example.org"}  # fmt: skip
    assert client.post("/inbox/enter/", filled(client, "/inbox/enter/", **sent)).status_code == 302
    item = FeedbackItem.objects.get()
    assert (item.received_at.date(), item.taken_by, item.teller) == (day, world.chen_jie, None)
    refused = client.post("/inbox/enter/", filled(client, "/inbox/enter/", **{**sent, "received_on": "2100-01-01"}))
    assert refused.status_code == 422
    assert "Correct the day." in refused.content.decode()
    assert 'value="Mr. Ma"' in refused.content.decode()


def test_it_is_dealt_with_on_pages(world: World) -> None:
    client, teller = world.client(world.zhao_lei), world.client(world.chen_jie)
    item = told(world)
    assert WORDS in client.get("/inbox/?show=turn").content.decode()
    address = f"/inbox/{item.public_id}/"
    sent = filled(client, f"{address}kind/", category="suggestion")
    assert client.post(f"{address}kind/", sent).status_code == 302
    sent = filled(client, f"{address}answer/", words="The dryer is mended")
    assert client.post(f"{address}answer/", sent).status_code == 302
    page = teller.get(address).content.decode()
    assert [word in page for word in ("The dryer is mended", "Suggestion", "Answered")] == [True] * 3
    assert WORDS not in client.get("/inbox/").content.decode()
    assert WORDS in teller.get("/inbox/?show=mine").content.decode()
    thanks = filled(client, f"{address}thank/", words="Thank you", earner="", party=world.ward.public_id)
    assert client.post(f"{address}thank/", thanks).status_code == 302
    assert "Thank you" in teller.get(address).content.decode()


def test_it_is_passed_on_and_left_on_pages(world: World) -> None:
    client = world.client(world.lin_mei)
    item = told(world, party=None)
    address = f"/inbox/{item.public_id}/"
    sent = filled(client, f"{address}pass-on/", party=world.laundry.public_id, words="")
    assert client.post(f"{address}pass-on/", sent).status_code == 302
    head = world.client(world.zhao_lei)
    assert "Feedback that waits for you" in head.get("/").content.decode()
    sent = filled(head, f"{address}no-action/", words="It was dried twice")
    assert head.post(f"{address}no-action/", sent).status_code == 302
    assert "It was dried twice" in client.get(address).content.decode()
    assert "Feedback that waits for you" not in head.get("/").content.decode()


def test_the_list_is_filtered_and_says_when_nothing_is_found(world: World) -> None:
    client = world.client(world.lin_mei)
    assert "No feedback waits" in client.get("/inbox/").content.decode()
    told(world)
    entered(world, words="A thank you to the laundry")
    for asked, expected in (
        ("", [True, True]), ("category=compliment", [False, True]), ("channel=baton", [True, False]),
        ("q=LINEN", [True, False]), ("q=FB-", [True, True]), ("show=mine", [False, False]),
        (f"party={world.ward.public_id}", [False, False]), ("show=nonsense&category=x", [True, True]),
    ):  # fmt: skip
        page = client.get(f"/inbox/?{asked}").content.decode()
        assert [WORDS in page, "A thank you" in page] == expected, asked
    assert "No feedback found" in client.get("/inbox/?q=nothing").content.decode()


def test_who_may_see_it_finds_it_and_nobody_else(world: World) -> None:
    answered(world, told(world))
    for person, finds in ((world.chen_jie, True), (world.he_jun, True), (world.gao_ming, False)):
        page = world.client(person).get("/search/?q=damp").content.decode()
        assert ("FB-" in page) is finds


def test_the_form_of_a_complaint_stands_filled_in(world: World) -> None:
    client = world.client(world.zhao_lei)
    item = entered(world, party=None, link=world.laundry_ward)
    address = f"/inbox/{item.public_id}/complaint/"
    page = unescape(client.get(address).content.decode())
    assert [text for text in (WORDS, NAME, REACH, world.laundry_ward.number) if text not in page] == []
    sent = filled(
        client, address, matter="complaint", urgency="normal", channel="phone", phenomenon=WORDS, customer_name=NAME,
        link=world.laundry_ward.number, supplier="", customer="", handoff="",
    )  # fmt: skip
    assert client.post(address, sent).status_code == 302
    item.refresh_from_db()
    assert item.complaint is not None
    assert (item.complaint.link, item.complaint.customer) == (world.laundry_ward, world.ward)
    assert item.complaint.number in client.get(f"/inbox/{item.public_id}/").content.decode()
