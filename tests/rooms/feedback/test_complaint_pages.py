"""Pages of complaints: taken down, investigated, signed twice, told and closed; the form as PDF."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from baton.feedback.models import Complaint
from tests.browser.steps import PASSWORD, give_password
from tests.rooms.agreements.signed import page_digest
from tests.rooms.chain.test_pages import filled
from tests.rooms.feedback.complaining import NAME, WORDS, closed, received
from tests.world import World

if TYPE_CHECKING:
    from django.test import Client

    from baton.core.models import Person

pypdfium2 = pytest.importorskip("pypdfium2")
pytestmark = pytest.mark.django_db
CHOSEN = {"matter": "complaint", "urgency": "normal", "channel": "phone"}


def _signs(client: Client, address: str, person: Person) -> None:
    digest = page_digest(client.get(address))
    given = {"digest": digest, "sign_in_name": person.sign_in_name, "password": PASSWORD}
    assert client.post(address, given).status_code == 302


def _sent(client: Client, address: str, **given: str) -> Any:
    return client.post(address, filled(client, address, **given))


def test_from_the_first_call_to_the_last_line(world: World, settings: Any) -> None:
    settings.PASSWORDS_FOR_EVERYBODY = True
    for person in (world.zhao_lei, world.lin_mei):
        give_password(person)
    ward, head, quality = (world.client(one) for one in (world.chen_jie, world.zhao_lei, world.lin_mei))
    new = f"/complaints/new/?link={world.laundry_ward.public_id}"
    number = world.laundry_ward.number
    assert f'value="{number}"' in ward.get(new).content.decode()
    made = _sent(
        ward, new, **CHOSEN, link=number, phenomenon=WORDS, customer_name=NAME, telephone="no idea", lot="W-17"
    )
    assert made.status_code == 302
    page = made["Location"]
    one = Complaint.objects.get()
    assert (one.link, one.supplier, one.customer) == (world.laundry_ward, world.laundry, world.ward)
    assert _sent(ward, f"{page}steps/acknowledge/", channel="phone").status_code == 302
    asked = _sent(head, f"{page}steps/cause/", words="The dryer stops too early")
    assert asked["Location"] == f"{page}sign/cause/"
    _signs(head, f"{page}sign/cause/", world.zhao_lei)
    again = _sent(head, f"{page}steps/disposition/", words="Nothing")
    assert again.status_code == 422
    assert "two different people" in again.content.decode()
    assert _sent(quality, f"{page}steps/disposition/", words="All sheets are replaced").status_code == 302
    _signs(quality, f"{page}sign/disposition/", world.lin_mei)
    assert _sent(ward, f"{page}steps/result/", words="Replaced at noon").status_code == 302
    refused = _sent(ward, f"{page}steps/close/")
    assert refused.status_code == 422
    assert "Recurrence prevention" in refused.content.decode()
    assert _sent(ward, f"{page}steps/notify/", channel="email").status_code == 302
    assert _sent(head, f"{page}steps/prevent/", words="Weekly check").status_code == 302
    assert _sent(head, f"{page}steps/close/").status_code == 302
    shown = head.get(page).content.decode()
    told = ("The dryer stops too early", "All sheets are replaced", "Replaced at noon", "Weekly check", "no idea")
    assert [word for word in told if word not in shown] == []


@pytest.mark.parametrize(("given", "said"), [
    ({"received_at": (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")}, "received_at_error"),
    ({"shipped_on": (datetime.now(UTC) + timedelta(days=2)).date().isoformat()}, "shipped_on_error"),
    ({"shipped_on": "31/02/2026"}, "shipped_on_error"),
    ({"received_at": "tomorrow"}, "received_at_error"),
    ({"phenomenon": "x" * 1_000_000}, "phenomenon_error"),
    ({"link": "L-1900-0001"}, "link_error"),
    ({"handoff": "HO-1900-1"}, "handoff_error"),
    ({"email": "at home"}, "email_error"),
    ({"matter": "grudge"}, "matter_error"),
    ({"customer_name": "\u200b"}, "customer_name_error"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(world: World, given: dict[str, str], said: str) -> None:
    client = world.client(world.chen_jie)
    sent = {**CHOSEN, "phenomenon": WORDS, "customer_name": NAME, **given}
    answer = _sent(client, "/complaints/new/", **sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Complaint.objects.exists()


def test_what_looks_like_code_is_text(world: World) -> None:
    vector = "{{7*7}}<script>alert(1)</script>"
    one = received(world, at=datetime.now(UTC), phenomenon=vector, product=vector, customer_name=vector)
    for address in (f"/complaints/{one.public_id}/", "/complaints/"):
        page = world.client(world.chen_jie).get(address).content.decode()
        assert "{{7*7}}&lt;script&gt;" in page
        assert "<script>alert" not in page


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["Complaint form", "CO-2026-0001", "W-17", "The dryer stops too early", "Zhao Lei", "Lin Mei"]),
    ("zh-hans", ["CO-2026-0001", "W-17", "The dryer stops too early", "赵磊", "林梅"]),
])  # fmt: skip
def test_the_form_is_one_page_with_both_signatures(world: World, language: str, words: list[str]) -> None:
    one = closed(world, received(world))
    for person, reads in ((world.zhao_lei, True), (world.he_jun, False)):
        answer = world.client(person).get(f"/complaints/{one.public_id}/form.pdf?language={language}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        pages = list(pypdfium2.PdfDocument(answer.content))
        text = "".join(page.get_textpage().get_text_bounded() for page in pages)
        plain = "".join(text.split())
        assert len(pages) == 1
        assert [word for word in words if "".join(word.split()) not in plain] == []
        assert ("ZoeQuill" in plain) is reads
    assert world.client(world.xu_jing).get(f"/complaints/{one.public_id}/form.pdf").status_code == 404


def test_the_search_finds_the_case_and_never_the_customer(world: World) -> None:
    number = str(received(world, at=datetime.now(UTC)).number)
    for person, finds in ((world.chen_jie, True), (world.he_jun, True), (world.xu_jing, False)):
        client = world.client(person)
        assert (number in client.get("/search/?q=damp").content.decode()) is finds
        assert number not in client.get("/search/?q=Quill").content.decode()
