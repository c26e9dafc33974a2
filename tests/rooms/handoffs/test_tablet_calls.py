"""What else a team does at its shared tablet: call somebody, answer a call, count an hour; and what a second tap, and
badges tried out one after the other, come to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from baton.chain.changes import end_link
from baton.core.models import AuditEntry
from baton.handoffs import changes
from baton.handoffs.models import Handoff
from baton.handoffs.rules import Form, State
from baton.handoffs.views import on_tablet
from tests.rooms.handoffs.made import requested
from tests.rooms.handoffs.test_pages import delivered, filled
from tests.rooms.handoffs.test_tablets import PIN, at_tablet, device, registered, state_of, with_pin
from tests.trust.test_bad_forms import errors
from tests.world import World

if TYPE_CHECKING:
    from django.test import Client

    from baton.core.models import Person
    from baton.handoffs.models import CallPoint


@pytest.fixture(autouse=True)
def nobody_tried() -> None:
    on_tablet.wrong.clear()


@pytest.fixture
def ward(world: World) -> Client:
    """The tablet of the ward; Chen Jie has a PIN."""
    with_pin(world, world.chen_jie)
    return device(registered(world))


@pytest.fixture
def laundry(world: World) -> Client:
    """The tablet of the Laundry; Gao Ming has a PIN."""
    with_pin(world, world.gao_ming)
    by = world.actor(world.zhao_lei)
    return device(changes.register_tablet(by=by, at=datetime.now(UTC), party=world.laundry, name="Dock", days=1))


def point(world: World, name: str = "Bed 12") -> CallPoint:
    by = world.actor(world.zhao_lei)
    return changes.add_call_point(by=by, at=datetime.now(UTC), link=world.laundry_ward, name=name)


def said(client: Client, address: str, person: Person, **more: str) -> Any:
    """One thing said at a tablet, with name and PIN."""
    who = {"who_person": person.public_id, "who_pin": PIN}
    return client.post(address, {**filled(client, address), **who, **more})


def page_of(client: Client) -> str:
    return client.get("/tablet/").content.decode()


def test_a_call_from_the_first_tap_to_the_last(world: World, ward: Client, laundry: Client) -> None:
    found = point(world)
    assert "Call Laundry · Bed 12" in page_of(ward)
    assert "Bed 12" not in page_of(laundry)
    assert said(ward, f"/tablet/calls/{found.public_id}/", world.chen_jie)["Location"] == "/tablet/"
    handoff = Handoff.objects.get(form=Form.CALL)
    entry = AuditEntry.objects.filter(object_id=handoff.public_id, action="handoff.recorded").get()
    assert (entry.actor, bool(json.loads(entry.body)["via"])) == (world.chen_jie.public_id, True)
    assert "Call Laundry · Bed 12" not in page_of(ward), "who is called already is called no second time"
    board = page_of(laundry)
    for words in ("Bed 12", "I am here", "It is fixed"):
        assert words in board
    for words in ("Nobody need come", "Hand over", "It will be late"):
        assert words not in board, "a call is answered as a call"
    step = f"/tablet/calls/{handoff.public_id}/"
    for name, client, asked in (("gao_ming", laundry, "arrive"), ("gao_ming", laundry, "fix")):
        assert said(client, f"{step}{asked}/", getattr(world, name)).status_code == 302, asked
    for _twice in range(2):
        assert said(ward, f"{step}confirm/", world.chen_jie).status_code == 302
    handoff.refresh_from_db()
    assert (handoff.state, handoff.events.count()) == (State.ACCEPTED, 0)
    assert "Nothing is open" in page_of(laundry)


@pytest.mark.sqlite
def test_nobody_is_called_on_a_link_that_has_ended(world: World, ward: Client) -> None:
    point(world)
    end_link(by=world.actor(world.lin_mei), at=datetime.now(UTC), link=world.laundry_ward)
    assert "Call Laundry" not in page_of(ward)


def test_who_answers_a_call_is_of_the_called_team(world: World, ward: Client, laundry: Client) -> None:
    changes.call_from(by=world.actor(world.chen_jie), at=datetime.now(UTC), point=point(world))
    handoff = Handoff.objects.get(form=Form.CALL)
    refused = said(ward, f"/tablet/calls/{handoff.public_id}/arrive/", world.chen_jie)
    assert (refused.status_code, "may not do this" in refused.content.decode()) == (422, True)
    wrong = said(laundry, f"/tablet/calls/{handoff.public_id}/arrive/", world.gao_ming, who_pin="1357")
    assert wrong.status_code == 422
    handoff.refresh_from_db()
    assert handoff.received_at is None


@pytest.mark.sqlite
def test_what_is_not_the_teams_is_not_found_there(world: World, ward: Client, laundry: Client) -> None:
    found, other = point(world), requested(world)
    changes.call_from(by=world.actor(world.chen_jie), at=datetime.now(UTC), point=found)
    call = Handoff.objects.get(form=Form.CALL)
    pharmacy = device(changes.register_tablet(
        by=world.actor(world.xu_jing), at=datetime.now(UTC), party=world.pharmacy, name="Counter", days=1
    ))  # fmt: skip
    for client, address in (
        (laundry, f"calls/{found.public_id}/"), (pharmacy, f"calls/{found.public_id}/"),
        (pharmacy, f"calls/{call.public_id}/arrive/"), (ward, f"calls/{other.public_id}/arrive/"),
        (ward, f"calls/{call.public_id}/explode/"), (ward, f"count/{world.laundry_ward.public_id}/"),
    ):  # fmt: skip
        assert client.get(f"/tablet/{address}").status_code == 404, address
    assert "Bed 12" not in page_of(pharmacy)


def test_an_hour_is_counted_and_corrected(world: World, ward: Client) -> None:
    assert "Count an hour" not in page_of(ward), "nobody counts here yet"
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=5)
    changes.enter_tally(
        by=world.actor(world.chen_jie), at=datetime.now(UTC), link=world.laundry_ward, begins_at=hour,
        ends_at=hour + timedelta(hours=1), came=Decimal(40), good=Decimal(38), returned={},
    )  # fmt: skip
    assert "Count an hour" in page_of(ward)
    own = f"/tablet/count/{world.laundry_ward.public_id}/"
    assert said(ward, own, world.chen_jie, good="").status_code == 422
    answer = said(ward, own, world.chen_jie, good="37", came="40")
    assert answer.status_code == 302
    tally = Handoff.objects.filter(form=Form.TALLY).latest("pk")
    assert str(tally.lines.get(code=None).accepted.normalize()) == "37"
    begun = tally.key.removeprefix("tally:").partition("/")[0]
    assert "You correct what was counted" in ward.get(own, {"from": begun}).content.decode()
    assert said(ward, own, world.chen_jie, **{"from": begun}, good="39", came="40").status_code == 302
    assert Handoff.objects.filter(form=Form.TALLY).count() == 2
    assert str(tally.lines.get(code=None).accepted.normalize()) == "39"


def test_a_second_tap_leads_back_and_says_how_it_stands(world: World, ward: Client) -> None:
    handoff = delivered(world)
    address = f"/tablet/{handoff.public_id}/accept/"
    tried = {**filled(ward, address), "who_person": world.chen_jie.public_id, "who_pin": PIN}
    assert [ward.post(address, tried)["Location"] for _twice in range(2)] == ["/tablet/", "/tablet/"]
    page = page_of(ward)
    for words in ("Accepted", f"{handoff.number} is not open any more"):
        assert words in page
    assert Handoff.objects.get(pk=handoff.pk).events.count() == 0


@pytest.mark.sqlite
def test_badges_are_not_tried_out_for_hours(world: World, ward: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_tablet, "WRONG_BADGES_AN_HOUR", 2)
    handoff = delivered(world)
    for _try in range(2):
        assert "not known" in errors(at_tablet(ward, handoff, who_badge="UNKNOWN"))["who_badge"]
    on_tablet.wrong.clear()  # another minute, or another process
    assert "choose your name" in errors(at_tablet(ward, handoff, who_badge="UNKNOWN"))["who_badge"].lower()
    assert AuditEntry.objects.filter(action="shared_tablet.badge_refused").count() == 2
    assert at_tablet(ward, handoff, world.chen_jie).status_code == 302, "the PIN is taken all the same"
    assert state_of(handoff) == State.ACCEPTED
