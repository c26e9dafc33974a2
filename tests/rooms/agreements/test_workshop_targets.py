"""Workshops about service offers; and what holds for all workshops where notes have become clauses, links have ended
or hours are over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from baton.agreements.changes import open_consultation, propose_version
from baton.agreements.changes import workshops as changes
from baton.agreements.models import Clause, OfferVersion, Workshop, WorkshopNote
from baton.agreements.queries.consulting import consultation
from baton.agreements.queries.workshops import origins_of
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import MOST_NOTES, Stage
from baton.chain.changes import end_link
from baton.core.days import day_of
from baton.core.errors import Forbidden, Refused
from baton.core.models import Notification
from tests.api import Program, token_for
from tests.rooms.agreements.held import Phone, begun, taken_to
from tests.rooms.agreements.made import proposed, terms
from tests.rooms.agreements.offering import drafted_offer, more_wards, proposed_offer
from tests.rooms.agreements.test_pages import TYPED
from tests.rooms.chain.test_pages import filled
from tests.world import NOON, SYSTEM, World

NUMBERS = {"minutes": "60", "dots": "3", "hours": "2", "invited_customer": "30", "invited_supplier": "2"}


def _about_an_offer(world: World) -> tuple[OfferVersion, Workshop]:
    """A workshop about a draft of the Laundry's service offer, begun through the form by its head."""
    version = drafted_offer(world)
    client, address = world.client(world.zhao_lei), f"/agreements/workshops/begin/{version.public_id}/"
    assert f'href="{address}"' in client.get(f"/agreements/offers/{version.offer.public_id}/").content.decode()
    assert client.post(address, filled(client, address, **NUMBERS)).status_code == 302
    return version, Workshop.objects.get()


def test_from_a_draft_of_an_offer_to_its_clauses(world: World) -> None:
    version, workshop = _about_an_offer(world)
    assert (workshop.text, workshop.supplier, workshop.customer) == (version, world.laundry, None)
    nurse, leader = Phone(workshop, Side.CUSTOMER), world.client(world.zhao_lei)
    assert "All customers" in nurse.page()
    taken_to(world, workshop, Stage.CUSTOMER)
    nurse.sends("write", words="Linen before seven")
    taken_to(world, workshop, Stage.CLAUSES)
    turning = f"/agreements/workshops/{workshop.public_id}/topics/{WorkshopNote.objects.get().pk}/clause/?side=supplier"
    assert leader.post(turning, {**TYPED, "characteristic_en": "Linen in time"}).status_code == 302
    clause = Clause.objects.get(origin__workshop=workshop)
    assert clause.offer_version == version
    page = f"/agreements/offers/{version.offer.public_id}/?version=1#c-{clause.public_id}"
    assert page in leader.get(f"/agreements/workshops/{workshop.public_id}/").content.decode()
    assert "Linen before seven" in leader.get(f"/agreements/offers/{version.offer.public_id}/").content.decode()
    # A customer reads the minutes of what he was asked to, and not the draft.
    changes.close_workshop(by=world.actor(world.zhao_lei), at=datetime.now(UTC), workshop=workshop)
    minutes = world.client(world.wang_fang).get(f"/agreements/workshops/{workshop.public_id}/minutes/")
    assert (minutes.status_code, "Linen in time" in minutes.content.decode()) == (200, True)
    assert f"/agreements/offers/{version.offer.public_id}/" not in minutes.content.decode()


def test_who_begins_a_workshop_about_an_offer_and_who_is_told(world: World) -> None:
    more_wards(world, 1, world.he_ping)
    version = drafted_offer(world)
    at = datetime.now(UTC)
    with pytest.raises(Forbidden):
        changes.begin_workshop(by=world.actor(world.wang_fang), at=at, version=version)
    workshop = changes.begin_workshop(by=world.actor(world.zhao_lei), at=at, version=version)
    with pytest.raises(Refused, match="without another workshop"):
        changes.begin_workshop(by=world.actor(world.lin_mei), at=at, version=version)
    changes.invite_to_workshop(by=world.actor(world.zhao_lei), at=at, workshop=workshop)
    told = Notification.objects.filter(topic="agreements.workshop")
    assert {one.person.sign_in_name for one in told} == {"gao.ming", "wang.fang", "zhou.min", "he.ping"}
    workshop.refresh_from_db()
    assert (workshop.invited_supplier, workshop.invited_customer) == (2, 3)
    address = f"/agreements/workshops/{workshop.public_id}/"
    seen = {name: world.client(getattr(world, name)).get(address).status_code for name in ("he_ping", "ivy_stone")}
    assert seen == {"he_ping": 200, "ivy_stone": 404}
    changes.close_workshop(by=world.actor(world.zhao_lei), at=at, workshop=workshop)
    proposed_offer(world, version, world.laundry_ward)
    with pytest.raises(Refused, match="its text stands still"):
        changes.begin_workshop(by=world.actor(world.zhao_lei), at=at, version=version)


def test_programs_name_an_agreement_or_an_offer(world: World) -> None:
    version = drafted_offer(world)
    writer = Program(token_for(world.zhao_lei, "agreements:read", "agreements:write"))
    made = writer.call("POST", "/workshops", {"offer_version": version.public_id})
    assert (made.status_code, made.json()["offer"]) == (201, version.offer.public_id)
    assert writer.call("POST", "/workshops", {"minutes": 60}).status_code == 422
    listed = writer.call("GET", f"/workshops?offer_version={version.public_id}").json()["rows"]
    assert [one["agreement"] for one in listed] == [None]


def _turned(world: World) -> tuple[Workshop, Phone, WorkshopNote, Clause]:
    """A workshop that went back to writing after a note had become a clause."""
    workshop = begun(world)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    phone.sends("write", words="Linen before seven")
    note, by = WorkshopNote.objects.get(), world.actor(world.zhao_lei)
    given = {"by": by, "at": datetime.now(UTC), "workshop": workshop, "terms": terms(), "note": note.pk}
    with pytest.raises(Refused, match="has its time"):
        changes.add_clause_from(**given)
    taken_to(world, workshop, Stage.CLUSTER)
    clause = changes.add_clause_from(**given)
    return taken_to(world, workshop, Stage.CUSTOMER), phone, note, clause


def test_a_note_that_became_a_clause_is_not_taken_back(world: World) -> None:
    _workshop, phone, note, _clause = _turned(world)
    answer = phone.sends("take-back", note=note.pk)
    assert (answer.status_code, "turned into a clause" in answer.content.decode()) == (422, True)
    assert WorkshopNote.objects.filter(pk=note.pk).exists()


@pytest.mark.sqlite
def test_where_a_clause_comes_from_is_read_by_who_sees_the_workshop(world: World) -> None:
    """A service offer may have taken the clause from an agreement that not all of its customers see."""
    *_rest, clause = _turned(world)
    found = {
        name: clause.line in origins_of(viewer=world.actor(getattr(world, name)), at=NOON, clauses=[clause])
        for name in ("wang_fang", "he_ping")
    }
    assert found == {"wang_fang": True, "he_ping": False}


def test_a_workshop_of_a_link_that_has_ended_is_tidied_and_closed(world: World) -> None:
    workshop = begun(world)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    phone.sends("write", words="Mr Zhou of bed 4 waited")
    taken_to(world, workshop, Stage.CLUSTER)
    at = datetime.now(UTC)
    end_link(by=world.actor(world.zhao_lei), at=at, link=world.laundry_ward, ended_on=day_of(at), reason="Moved")
    leader = world.client(world.zhao_lei)
    note = WorkshopNote.objects.get()
    address = f"/agreements/workshops/{workshop.public_id}/notes/{note.pk}/take-out/"
    assert leader.post(address, filled(leader, address, reason="Names a patient")).status_code == 302
    assert "Close the workshop" in leader.get(f"/agreements/workshops/{workshop.public_id}/").content.decode()
    assert changes.close_expired(by=SYSTEM, at=at + timedelta(days=9)) == 1
    assert leader.get(f"/agreements/workshops/{workshop.public_id}/minutes/").status_code == 200


@pytest.mark.sqlite
def test_a_seat_outlives_the_hours_of_its_address(world: World) -> None:
    workshop = begun(world, hours=1)
    phone = Phone(workshop, Side.CUSTOMER)
    kept = phone.client.cookies[f"baton-seat-{workshop.public_id}"]["expires"]
    until = datetime.strptime(kept, "%a, %d %b %Y %H:%M:%S %Z").replace(tzinfo=UTC)
    assert until > workshop.expires_at + timedelta(days=6)


@pytest.mark.sqlite
def test_a_full_wall_says_so(world: World) -> None:
    workshop = begun(world)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    WorkshopNote.objects.bulk_create(
        WorkshopNote(workshop=workshop, side=Side.CUSTOMER, words="One", slot=str(n)) for n in range(MOST_NOTES)
    )
    assert "the wall is full" in phone.sends("write", words="One more").content.decode()


@pytest.mark.sqlite
def test_nothing_is_turned_into_a_clause_of_what_stands_still(world: World) -> None:
    workshop = begun(world)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    phone.sends("write", words="Linen before seven")
    workshop = taken_to(world, workshop, Stage.CLAUSES)
    leader, address = world.client(world.zhao_lei), f"/agreements/workshops/{workshop.public_id}/"
    assert "As a promise" in leader.get(address).content.decode()
    assert workshop.version is not None
    propose_version(by=world.actor(world.zhao_lei), at=NOON, version=workshop.version)
    assert "As a promise" not in leader.get(address).content.decode()


@pytest.mark.sqlite
def test_a_workshop_stands_beside_the_consultation_and_counts_for_nothing_in_it(world: World) -> None:
    by, at = world.actor(world.zhao_lei), datetime.now(UTC)
    version = open_consultation(by=by, at=NOON, version=proposed(world))
    workshop = changes.begin_workshop(by=by, at=at, version=version)
    for _number in range(2):
        Phone(workshop, Side.CUSTOMER)
    changes.close_workshop(by=by, at=at, workshop=workshop)
    found = consultation(viewer=by, at=at, public_id=version.public_id)
    assert (found.came, found.hearing.asked) == ({Side.SUPPLIER: 0, Side.CUSTOMER: 2}, 0)
    page = world.client(world.zhao_lei).get(f"/agreements/versions/{version.public_id}/consultation/").content.decode()
    assert "2 devices took part in workshops about this version" in page
