"""Somebody of an outside party confirms minutes and signs editions by task link, or says what speaks against them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from baton.agreements import changes
from baton.agreements.changes import agenda, closing_reviews, plans, reviews
from baton.agreements.changes.confirming_outside import ask_to_confirm
from baton.agreements.changes.plans import Described
from baton.agreements.models import Confirmation, PlanEdition, ReviewMeeting
from baton.agreements.rules import Side, Stance
from baton.agreements.rules.reviews import Attendance, Topic
from baton.core.audit.verify import verify
from baton.core.errors import Forbidden, Refused
from baton.core.models import Notification
from baton.core.signatures import digest_now
from tests.rooms.agreements.meetings import LATER, SOON
from tests.rooms.agreements.signed import bought, page_digest
from tests.world import NOON, World


def planned(world: World) -> ReviewMeeting:
    by = world.actor(world.zhao_lei)
    meeting = reviews.plan_meeting(by=by, at=NOON, link=world.linenco_laundry, starts_at=SOON, ends_at=LATER)
    item = agenda.add_item(by=by, at=NOON, meeting=meeting, title="Sheets for the new ward")
    agenda.write_minutes(by=by, at=NOON, item=item, minutes="LinenCo brings <i>sixty</i>.")
    return meeting


def held(world: World) -> ReviewMeeting:
    by, meeting = world.actor(world.zhao_lei), planned(world)
    came = {one.public_id: Attendance.PRESENT for one in meeting.people.all()}
    reviews.note_attendance(by=by, at=LATER, meeting=meeting, attendance=came)
    return closing_reviews.close_meeting(by=by, at=LATER, meeting=meeting)


def issued(world: World) -> PlanEdition:
    by = world.actor(world.zhao_lei)
    plan = plans.begin_plan(by=by, at=NOON, link=world.linenco_laundry)
    said = Described(what={"en": "Count sheets twice"}, side=Side.SUPPLIER)
    plans.add_plan_item(by=by, at=NOON, plan=plan, said=said)
    return plans.issue_plan(by=by, at=NOON, plan=plan)


def ask(world: World, page: str) -> tuple[str, str]:
    """The address and code that the head of the Laundry gets on the page to hand over."""
    browser, address = world.client(world.zhao_lei), f"{page}ask/supplier/"
    assert address in browser.get(page).content.decode()
    typed = {"digest": page_digest(browser.get(address)), "name": "Ana Silva", "days": "14", "language": "en"}
    shown = browser.post(address, typed).content.decode()
    token, code = re.search(r"/task/(\w+)/", shown), re.search(r'one-time-code">([^<]+)<', shown)
    assert token is not None, shown
    assert code is not None
    return f"/task/{token[1]}/", code[1]


def test_an_outside_party_confirms_the_minutes_by_task_link(world: World) -> None:
    meeting = held(world)
    page = f"/agreements/reviews/{meeting.public_id}/"
    address, code = ask(world, page)
    stranger = Client()
    read = stranger.post(address, {"code": code})
    shown = read.content.decode()
    for said in (
        "Sheets for the new ward",
        "LinenCo brings &lt;i&gt;sixty&lt;/i&gt;.",
        "Zhao Lei",
        "LinenCo → Laundry",
    ):
        assert said in shown, said
    assert 'href="/links/' not in shown
    sent = {"code": code, "step": "accept", "name": "Ana Silva", "digest": page_digest(read)}
    assert "Accepted by Ana Silva" in stranger.post(address, sent).content.decode()
    given = Confirmation.objects.get(meeting=meeting, side="supplier").signature
    assert (given.grade, given.meaning, given.capacity["en"]) == ("task_link", "review", "For LinenCo")
    shown = world.client(world.zhao_lei).get(page).content.decode()
    assert "Task link and code" in shown
    assert "ask/supplier/" not in shown
    assert stranger.post(address, sent).status_code == 410
    assert verify().holds


def test_the_agenda_tells_an_outside_party_nothing_of_the_organisations_own(world: World) -> None:
    """The Laundry has one supplier of linen only, which nobody decided; LinenCo is not told so. What somebody of the
    Laundry thinks of the agreement stays inside, too, what its head says for it does not."""
    version = changes.open_consultation(by=world.actor(world.zhao_lei), at=NOON, version=bought(world))
    due, said = NOON.date() + timedelta(days=10), {"line": "", "stance": Stance.OBJECTION, "at": NOON}
    people = [world.gao_ming.public_id]
    by = world.actor(world.zhao_lei)
    changes.ask_staff(by=by, at=NOON, version=version, side=Side.CUSTOMER, due_on=due, people=people)
    changes.say_opinion(by=world.actor(world.gao_ming), version=version, text="They are dear", **said)  # type: ignore[arg-type]
    changes.say_opinion(by=by, version=version, text="Too few sheets", **said)  # type: ignore[arg-type]
    meeting = planned(world)
    assert not meeting.items.filter(topic=Topic.GAP).exists()
    objections = meeting.items.filter(topic=Topic.OBJECTION)
    assert [one.facts["text"] for one in objections] == ["Too few sheets"]


def test_what_speaks_against_the_minutes_stands_beside_the_signatures(world: World) -> None:
    meeting = held(world)
    page = f"/agreements/reviews/{meeting.public_id}/"
    address, code = ask(world, page)
    sent = {"code": code, "step": "object", "words": "We said <b>fifty</b>"}
    assert "objection was sent" in Client().post(address, sent).content.decode()
    assert not Confirmation.objects.exists()
    assert Notification.objects.filter(topic="agreements.outside_objected", person=world.zhao_lei).count() == 1
    assert "We said &lt;b&gt;fifty&lt;/b&gt;" in world.client(world.zhao_lei).get(page).content.decode()


def test_an_edition_of_a_plan_is_signed_by_task_link(world: World) -> None:
    edition = issued(world)
    address, code = ask(world, f"/agreements/plan-editions/{edition.public_id}/")
    stranger = Client()
    read = stranger.post(address, {"code": code})
    assert "Count sheets twice" in read.content.decode()
    stranger.post(address, {"code": code, "step": "accept", "name": "Ana Silva", "digest": page_digest(read)})
    given = Confirmation.objects.get(edition=edition, side="supplier").signature
    assert (given.grade, given.meaning) == ("task_link", "acceptance")


def test_a_link_that_is_withdrawn_confirms_nothing(world: World) -> None:
    meeting = held(world)
    page, browser = f"/agreements/reviews/{meeting.public_id}/", world.client(world.zhao_lei)
    address, code = ask(world, page)
    withdraw = re.search(r'action="(/agreements/confirming-links/\w+/withdraw/)"', browser.get(page).content.decode())
    assert withdraw is not None
    assert world.client(world.he_ping).post(withdraw[1]).status_code == 404
    assert browser.post(withdraw[1])["Location"] == page
    assert Client().post(address, {"code": code}).status_code == 410


def test_who_is_asked_and_who_asks(world: World) -> None:
    by = world.actor(world.zhao_lei)
    given = {"name": "Ana Silva", "days": 14, "at": LATER}

    def asked(meeting: ReviewMeeting, side: Side, who: object = by) -> None:
        ask_to_confirm(by=who, record=meeting, side=side, digest=digest_now(meeting.kind, meeting.public_id), **given)  # type: ignore[arg-type]

    with pytest.raises(Refused, match="once the meeting is closed"):
        asked(planned(world), Side.SUPPLIER)
    meeting = held(world)
    with pytest.raises(Refused, match="party of the organisation"):
        asked(meeting, Side.CUSTOMER)
    with pytest.raises(Forbidden):
        asked(meeting, Side.SUPPLIER, world.actor(world.gao_ming))
    address, code = ask(world, f"/agreements/reviews/{meeting.public_id}/")
    stranger = Client()
    read = stranger.post(address, {"code": code})
    stranger.post(address, {"code": code, "step": "accept", "name": "Ana Silva", "digest": page_digest(read)})
    with pytest.raises(Refused, match="signs a version once"):
        asked(meeting, Side.SUPPLIER)
