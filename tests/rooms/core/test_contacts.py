"""Contacts of people: masked, shown in one answer, never lost by a form."""

from __future__ import annotations

import pytest

from baton.core import changes, queries
from baton.core.models import AuditEntry, Person
from tests.rooms.core.entrance import NEW_PERSON, SYSTEM, actions, hidden, page
from tests.world import NOON, World

PHONE, EMAIL = "13800131234", "chen@example.org"


@pytest.fixture
def with_contacts(world: World) -> Person:
    return changes.edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, phone=PHONE, email=EMAIL)


@pytest.mark.parametrize("who", ["sun_yan", "qian_li", "wu_tao"])
def test_contacts_are_masked_for_everybody(world: World, with_contacts: Person, who: str) -> None:
    browser, address = world.client(getattr(world, who)), f"/people/{with_contacts.public_id}/"
    opened = ["/people/?q=chen", address]
    opened += [f"{address}edit/"] if who != "wu_tao" else []
    for page_address in opened:
        seen = page(browser, page_address)
        assert ("138****1234" in seen, "c***@example.org" in seen) == (True, True)
        assert (PHONE in seen, EMAIL in seen) == (False, False)


@pytest.mark.parametrize(
    ("name", "shown"), [("chen@example.org", "c***@example.org"), ("+86 138-0013-1234", "+86138****1234")]
)
def test_a_sign_in_name_that_is_a_contact_is_masked(world: World, name: str, shown: str) -> None:
    changes.edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, sign_in_name=name)
    for address in ("/people/", f"/people/{world.chen_jie.public_id}/", f"/people/{world.chen_jie.public_id}/edit/"):
        seen = page(world.client(world.sun_yan), address)
        assert shown in seen
        assert queries.person(viewer=SYSTEM, public_id=world.chen_jie.public_id).sign_in_name not in seen


def test_contacts_are_shown_in_one_answer_and_the_trail_says_so(world: World, with_contacts: Person) -> None:
    hr, address = world.client(world.qian_li), f"/people/{with_contacts.public_id}/"
    answer = hr.post(f"{address}contacts/")
    seen = answer.content.decode()
    assert (PHONE in seen, EMAIL in seen, "no-store" in answer["Cache-Control"]) == (True, True, True)
    entry = AuditEntry.objects.get(action="person.contacts_shown")
    assert (entry.actor, entry.object_id) == (world.qian_li.public_id, with_contacts.public_id)
    assert PHONE not in entry.body
    assert PHONE not in page(hr, address)
    assert hr.get(f"{address}contacts/").status_code == 405


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [("wu_tao", "chen_jie", 403), ("lin_mei", "chen_jie", 403), ("wang_fang", "chen_jie", 403),
     ("chen_jie", "chen_jie", 403), ("qian_li", "sun_yan", 403), ("sun_yan", "qian_li", 200)],
)  # fmt: skip
def test_who_may_have_contacts_shown(world: World, who: str, whose: str, status: int) -> None:
    browser = world.client(getattr(world, who))
    assert browser.post(f"/people/{getattr(world, whose).public_id}/contacts/").status_code == status
    assert ("person.contacts_shown" in actions()) is (status == 200)


def test_nothing_is_offered_where_there_is_nothing_to_show(world: World) -> None:
    assert "Show contacts" not in page(world.client(world.sun_yan), f"/people/{world.ma_chao.public_id}/")
    changes.edit_person(by=SYSTEM, at=NOON, person=world.ma_chao, phone="13800131234")
    assert "Show contacts" in page(world.client(world.sun_yan), f"/people/{world.ma_chao.public_id}/")


def test_own_contacts_stay_in_sight(world: World, with_contacts: Person) -> None:
    seen = page(world.client(world.chen_jie), "/me/")
    assert (PHONE in seen, EMAIL in seen) == (True, True)


def test_my_profile_says_what_is_kept_what_for_and_how_long(world: World) -> None:
    seen = page(world.client(world.chen_jie), "/me/").partition("What Baton keeps about me")[2]
    for said in ("Person · e-mail", "Sending messages and links for a new password.", "Membership · note"):
        assert said in seen


def test_an_empty_field_leaves_a_contact_as_it_is(world: World, with_contacts: Person) -> None:
    admin, address = world.client(world.sun_yan), f"/people/{with_contacts.public_id}/edit/"
    form = NEW_PERSON | {"sign_in_name": "chen.jie", "version": hidden(page(admin, address), "version")}
    assert admin.post(address, form).status_code == 302
    with_contacts.refresh_from_db()
    assert (with_contacts.email, with_contacts.phone, str(with_contacts)) == (EMAIL, PHONE, "Mo Farah")
    form |= {"version": hidden(page(admin, address), "version"), "email": "new@example.org", "remove_phone": "on"}
    assert admin.post(address, form).status_code == 302
    with_contacts.refresh_from_db()
    assert (with_contacts.email, with_contacts.phone) == ("new@example.org", None)
    assert "remove_phone" not in page(admin, address)


def test_a_stale_edit_shows_no_contacts(world: World, with_contacts: Person) -> None:
    admin, address = world.client(world.sun_yan), f"/people/{with_contacts.public_id}/edit/"
    form = NEW_PERSON | {"sign_in_name": "chen.jie", "version": hidden(page(admin, address), "version"), "phone": "1"}
    changes.edit_person(by=SYSTEM, at=NOON, person=with_contacts, phone="13900139999", name={"en": "Theirs"})
    answer = admin.post(address, form)
    seen = answer.content.decode()
    assert (answer.status_code, "Now stands: Theirs" in seen) == (409, True)
    assert ("13900139999" in seen, EMAIL in seen) == (False, False)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("13800131234", True), ("+138 0013-1234", False), ("chen@example.org", True), ("1380013", False),
     ("@example", False), ("hen.ji", True)],
)  # fmt: skip
def test_contacts_are_found_whole_and_not_felt_out(
    world: World, with_contacts: Person, typed: str, found: bool
) -> None:
    viewer = World.actor(world.sun_yan)
    assert (with_contacts in queries.people(viewer=viewer, at=NOON, search=typed)) is found
    changes.edit_person(by=SYSTEM, at=NOON, person=world.sun_lei, sign_in_name="13700137777")
    assert not queries.people(viewer=viewer, at=NOON, search="137001377")
