"""Who comes into a workshop, how many, and when one is begun."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from baton.agreements.changes import workshops as changes
from baton.agreements.models import Workshop, WorkshopSeat
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import MOST_SEATS, Stage
from baton.core.errors import Refused
from baton.core.models import Notification
from tests.rooms.agreements.held import Phone, begun
from tests.world import World

if TYPE_CHECKING:
    pass


@pytest.mark.sqlite
def test_codes_are_not_guessed(world: World) -> None:
    begun(world)
    phone = Phone(begun_elsewhere(world))
    wrong = phone.client.post("/w/", {"code": "2222-2222"})
    assert (wrong.status_code, "There is none with this one" in wrong.content.decode()) == (422, True)
    assert phone.client.post("/w/", {"code": ""}).status_code == 422
    from baton.agreements.views import workshop_phones

    workshop_phones._wrong.clear()
    answers = {phone.client.post("/w/", {"code": f"{n:08}"}).status_code for n in range(2 * 121)}
    assert answers == {422, 429}
    workshop_phones._wrong.clear()


def begun_elsewhere(world: World) -> Workshop:
    """A workshop about another agreement."""
    from baton.agreements.changes import begin_agreement

    by, at = world.actor(world.zhao_lei), datetime.now(UTC)
    return changes.begin_workshop(by=by, at=at, version=begin_agreement(by=by, at=at, link=world.ward_laundry))


def test_one_workshop_at_a_time_about_what_can_still_be_written(world: World) -> None:
    workshop = begun(world)
    leader, at = world.actor(world.zhao_lei), datetime.now(UTC)
    with pytest.raises(Refused, match="Expected a version without another workshop"):
        changes.begin_workshop(by=leader, at=at, version=workshop.version)
    closed = changes.close_workshop(by=leader, at=at, workshop=workshop)
    with pytest.raises(Refused, match="Expected a workshop that is not closed"):
        changes.set_stage(by=leader, at=at, workshop=closed, stage=Stage.JOIN)
    changes.begin_workshop(by=leader, at=at, version=workshop.version)
    with pytest.raises(Refused) as refused:
        changes.begin_workshop(by=leader, at=at, version=begun_elsewhere(world).version, dots=21)
    assert refused.value.field in {"", "dots"}


def test_members_are_asked_to_come_and_counted(world: World) -> None:
    workshop = begun(world)
    leader = world.client(world.zhao_lei)
    assert leader.post(f"/agreements/workshops/{workshop.public_id}/invite/").status_code == 302
    told = Notification.objects.filter(topic="agreements.workshop")
    assert {one.person.sign_in_name for one in told} == {"gao.ming", "wang.fang", "zhou.min", "chen.jie", "sun.lei"}
    workshop.refresh_from_db()
    assert (workshop.invited_supplier, workshop.invited_customer) == (2, 4)
    nurse = world.client(world.chen_jie)
    page = nurse.get(f"/agreements/workshops/{workshop.public_id}/").content.decode()
    assert workshop.token() in page
    assert "Go on to" not in page


def test_a_crowd_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop = begun(world)
    seats = [WorkshopSeat(workshop=workshop, secret_digest=f"{n}", side=Side.CUSTOMER) for n in range(MOST_SEATS)]
    WorkshopSeat.objects.bulk_create(seats)
    phone = Phone(workshop)
    page = phone.sends("join", seat=changes.new_seat_secret(), side=Side.CUSTOMER)
    assert (page.status_code, "Write together with somebody" in page.content.decode()) == (422, True)
