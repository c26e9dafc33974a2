"""People, roles, notifications and the audit page: who may do what, through the pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertNumQueries

from baton.core import changes, queries, registries
from baton.core.actors import Actor
from baton.core.errors import Forbidden, Refused, Stale
from baton.core.models import AuditEntry, Notification, OrganisationRole, Person
from baton.core.registries import Topic
from baton.core.rules import Role
from tests.query_counts import queries_a_page
from tests.rooms.core.entrance import SYSTEM, actions, ann, now, signed_in
from tests.world import NOON, World

NEW_PERSON = {
    "sign_in_name": "E-77", "name_en": "Mo Farah", "name_zh_hans": "莫", "email": "", "phone": "", "language": "en",
    "time_zone": "Europe/London",
}  # fmt: skip


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    text: str = answer.content.decode()
    return text


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None
    return found[1]


# Who may do what


@pytest.mark.parametrize(
    ("who", "lists", "adds", "manages", "audits"),
    [
        ("sun_yan", True, True, True, True),
        ("qian_li", True, True, False, False),
        ("wu_tao", True, False, False, True),
        ("lin_mei", False, False, False, True),
        ("he_jun", False, False, False, False),
        ("wang_fang", False, False, False, False),
        ("chen_jie", False, False, False, False),
        ("tom_reed", False, False, False, False),
        ("ivy_stone", False, False, False, False),
    ],
)
def test_matrix(world: World, who: str, lists: bool, adds: bool, manages: bool, audits: bool) -> None:
    browser = world.client(getattr(world, who))
    target = f"/people/{world.ma_chao.public_id}/"
    assert (browser.get("/people/").status_code == 200) is lists
    assert (browser.get(target).status_code == 200) is lists
    assert (browser.get("/people/new/").status_code == 200) is adds
    assert (browser.get(f"{target}edit/").status_code == 200) is adds
    assert (browser.post(f"{target}roles/", {"role": "guest"}).status_code == 302) is manages
    assert (browser.post(f"{target}account/", {"on": "no"}).status_code == 302) is manages
    assert (browser.get("/audit/").status_code == 200) is audits
    assert browser.get("/me/").status_code == 200


def test_hr_neither_edits_powerful_people_nor_sees_the_buttons(world: World) -> None:
    hr = world.client(world.qian_li)
    assert hr.get(f"/people/{world.sun_yan.public_id}/edit/").status_code == 403
    assert "/reset-code/" not in page(hr, f"/people/{world.chen_jie.public_id}/")
    with pytest.raises(Forbidden):
        changes.edit_person(by=World.actor(world.qian_li), at=NOON, person=world.sun_yan, email="hr@example.org")


@pytest.mark.parametrize("change", [{"email": "hr@example.org"}, {"phone": "13811112222"}, {"sign_in_name": "x"}])
@pytest.mark.parametrize("whose", ["wang_fang", "zhou_min", "tom_reed"])
def test_hr_changes_no_contacts_of_heads_deputies_and_holders_of_roles(
    world: World, whose: str, change: dict[str, str]
) -> None:
    """Whoever gets somebody's mail sets his password and becomes him."""
    person, hr, admin = getattr(world, whose), World.actor(world.qian_li), World.actor(world.sun_yan)
    with pytest.raises(Forbidden):
        changes.edit_person(by=hr, at=NOON, person=person, **change)  # type: ignore[arg-type]
    assert changes.edit_person(by=admin, at=NOON, person=person, **change)  # type: ignore[arg-type]
    changes.edit_person(by=hr, at=NOON, person=world.chen_jie, email="chen@example.org")


def test_hr_edits_the_rest_of_a_head_and_the_form_offers_no_contacts(world: World) -> None:
    hr, address = world.client(world.qian_li), f"/people/{world.wang_fang.public_id}/edit/"
    opened = page(hr, address)
    assert 'name="email"' not in opened
    assert "changed by that very person or an administrator only" in opened
    form = NEW_PERSON | {"version": hidden(opened, "version"), "email": "hr@example.org"}
    assert hr.post(address, form).status_code == 302
    world.wang_fang.refresh_from_db()
    assert (world.wang_fang.email, world.wang_fang.sign_in_name) == (None, "wang.fang")
    assert str(world.wang_fang) == "Mo Farah"
    assert 'name="email"' in page(hr, f"/people/{world.chen_jie.public_id}/edit/")


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


def test_nobody_changes_his_own_sign_in_name_or_roles(world: World) -> None:
    browser = world.client(world.chen_jie)
    form = {"name_en": "Chen", "language": "en", "time_zone": "UTC", "sign_in_name": "root", "role": "administrator"}
    unversioned = browser.post("/me/", form)
    assert (unversioned.status_code, "Open the page again" in unversioned.content.decode()) == (422, True)
    form["version"] = str(world.chen_jie.changed_seq)
    assert browser.post("/me/", form).status_code == 302
    world.chen_jie.refresh_from_db()
    assert world.chen_jie.sign_in_name == "chen.jie"
    assert queries.roles_of(world.chen_jie, NOON) == frozenset()
    with pytest.raises(Forbidden):
        changes.edit_person(by=World.actor(world.chen_jie), at=NOON, person=world.chen_jie, sign_in_name="root")


# The list


def test_search_filter_and_order(world: World) -> None:
    browser = world.client(world.sun_yan)
    assert "Chen Jie" in page(browser, "/people/?q=陈")
    assert "Ma Chao" not in page(browser, "/people/?q=陈").partition("<tbody>")[2]
    assert "Chen Jie" in page(browser, "/people/?q=chen.jie")
    assert "Ma Chao" not in page(browser, "/people/?role=auditor")
    changes.disable_person(by=SYSTEM, at=NOON, person=world.ma_chao)
    assert "Ma Chao" in page(browser, "/people/?state=off")
    assert "Nobody found" in page(browser, "/people/?q=%25_'\"--<b>")
    names = [str(person) for person in queries.people(viewer=World.actor(world.sun_yan), at=NOON)]
    assert names == sorted(names, key=str.casefold)


@pytest.mark.parametrize("query", ["page=-1", "page=99999999999", "page=x", "role=root", "state=%00", "q=%00"])
def test_nonsense_in_the_address_is_harmless(world: World, query: str) -> None:
    assert world.client(world.sun_yan).get(f"/people/?{query}").status_code == 200


@pytest.mark.sqlite
def test_the_list_takes_as_many_queries_for_many_as_for_few(world: World) -> None:
    browser = world.client(world.sun_yan)
    for number in range(40):
        changes.add_person(by=SYSTEM, at=NOON, sign_in_name=f"M-{number}", name={"en": f"Many {number}"})
    assert queries_a_page(browser, ["/people/"])["/people/"] <= 15


# Adding and editing


def test_adding_somebody_who_then_comes_in_with_a_code(world: World) -> None:
    admin = world.client(world.sun_yan)
    added = admin.post("/people/new/", NEW_PERSON)
    assert added.status_code == 302
    shown = admin.post(f"{added['Location']}reset-code/").content.decode()
    found = re.search(r"\w{4}-\w{4}-\w{4}", shown.partition("one-time-code")[2])
    assert found is not None
    answer = Client().post(
        "/accounts/password/reset/code/",
        {"sign_in_name": "e-77", "code": found[0], "password": "nine green parrots", "again": "nine green parrots"},
    )
    assert answer.status_code == 302
    signed_in("E-77", "nine green parrots")
    assert found[0] not in page(admin, added["Location"])


def test_a_form_sent_twice_adds_one_person(world: World) -> None:
    admin = world.client(world.sun_yan)
    form = NEW_PERSON | {"submission": hidden(page(admin, "/people/new/"), "submission")}
    first, second = admin.post("/people/new/", form), admin.post("/people/new/", form)
    assert first["Location"] == second["Location"]
    assert Person.objects.filter(sign_in_name="e-77").count() == 1
    assert actions().count("person.added") == len(Person.objects.all())


def test_the_same_key_with_other_contents_is_refused(world: World) -> None:
    admin = world.client(world.sun_yan)
    form = NEW_PERSON | {"submission": "k" * 32}
    admin.post("/people/new/", form)
    answer = admin.post("/people/new/", form | {"sign_in_name": "E-78"})
    assert answer.status_code == 422
    assert "already sent" in answer.content.decode()
    assert not Person.objects.filter(sign_in_name="e-78").exists()


def test_a_taken_name_is_said_beside_its_field(world: World) -> None:
    answer = world.client(world.sun_yan).post("/people/new/", NEW_PERSON | {"email": "", "sign_in_name": "Chen.Jie"})
    assert answer.status_code == 422
    assert "Somebody else signs in with this one" in str(answer.context["form"].errors["sign_in_name"])


def test_two_people_editing_one_person_both_versions_are_shown(world: World) -> None:
    address = f"/people/{world.chen_jie.public_id}/edit/"
    mine, other = world.client(world.sun_yan), world.client(world.qian_li)
    opened = page(mine, address)
    form = NEW_PERSON | {"sign_in_name": "chen.jie", "version": hidden(opened, "version"), "name_en": "My version"}
    assert other.post(address, form | {"name_en": "Her version"}).status_code == 302
    answer = mine.post(address, form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Now stands: Her version" in text
    assert 'value="My version"' in text
    world.chen_jie.refresh_from_db()
    assert str(world.chen_jie) == "Her version"
    again = mine.post(address, form | {"version": hidden(text, "version")})
    assert again.status_code == 302
    world.chen_jie.refresh_from_db()
    assert str(world.chen_jie) == "My version"


def test_a_stale_change_is_refused_without_a_form_too(world: World) -> None:
    seen = world.chen_jie.changed_seq
    changes.edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, language="zh-hans")
    with pytest.raises(Stale) as stale:
        changes.edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, expected_seq=seen, language="en")
    assert stale.value.version > seen


def test_markup_in_a_name_is_text(world: World) -> None:
    name = "<script>alert(1)</script>"
    changes.edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, name={"en": name})
    admin = world.client(world.sun_yan)
    for address in ("/people/", f"/people/{world.chen_jie.public_id}/", "/audit/"):
        assert name not in page(admin, address)


def test_invisible_characters_do_not_reach_a_name(world: World) -> None:
    world.client(world.sun_yan).post("/people/new/", NEW_PERSON | {"name_en": "Mo\u202e\u200b Farah\x07"})
    assert Person.objects.get(sign_in_name="e-77").name["en"] == "Mo Farah"


# The last administrator


def test_the_last_administrator_stays(world: World) -> None:
    by = World.actor(world.sun_yan)
    role = OrganisationRole.objects.get(person=world.sun_yan)
    with pytest.raises(Refused):
        changes.end_role(by=by, at=now(), role=role)
    with pytest.raises(Refused):
        changes.disable_person(by=by, at=now(), person=world.sun_yan)
    changes.give_role(by=by, at=now(), person=world.chen_jie, role=Role.ADMINISTRATOR)
    changes.disable_person(by=by, at=now(), person=world.chen_jie)
    with pytest.raises(Refused):
        changes.end_role(by=by, at=now(), role=role)
    changes.enable_person(by=by, at=now(), person=world.chen_jie)
    changes.end_role(by=by, at=now(), role=role)
    assert queries.roles_of(world.sun_yan, now()) == frozenset()


def test_the_page_says_why_the_last_administrator_stays(world: World) -> None:
    admin = world.client(world.sun_yan)
    answer = admin.post(f"/people/{world.sun_yan.public_id}/account/", {"on": "no"}, follow=True)
    assert "At least one administrator" in answer.content.decode()


def test_a_role_is_held_once_at_a_time(world: World) -> None:
    answer = world.client(world.sun_yan).post(f"/people/{world.wu_tao.public_id}/roles/", {"role": "auditor"})
    assert answer.status_code == 422


# Notifications


@pytest.fixture
def topic() -> Any:
    registries.topics.add("test.greeting", Topic("{name} sends {what}."))
    yield "test.greeting"
    del registries.topics._entries["test.greeting"]


def test_notifications_are_counted_shown_and_opened(world: World, topic: str) -> None:
    for number in range(3):
        changes.notify(
            by=SYSTEM, at=NOON, person=world.chen_jie, topic=topic, address="/me/",
            values={"name": {"en": "Laundry", "zh-hans": "洗衣房"}, "what": number},
        )  # fmt: skip
    browser = world.client(world.chen_jie)
    text = page(browser, "/notifications/")
    assert "Laundry sends 2." in text
    assert "Notifications, 3 unread" in text
    changes.edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, language="zh-hans")
    assert "洗衣房 sends 2." in page(browser, "/notifications/")
    first = Notification.objects.first()
    assert first is not None
    assert browser.get(f"/notifications/{first.public_id}/open/").status_code == 405
    assert browser.post(f"/notifications/{first.public_id}/open/")["Location"] == "/me/"
    assert queries.unread_notifications(viewer=Actor(world.chen_jie)) == 2
    assert world.client(world.sun_lei).post(f"/notifications/{first.public_id}/open/").status_code == 404
    browser.post("/notifications/read/")
    assert queries.unread_notifications(viewer=Actor(world.chen_jie)) == 0


def test_a_notification_leads_nowhere_else(world: World, topic: str) -> None:
    for address in ("https://evil.example", "//evil.example", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="not a path"):
            changes.notify(by=SYSTEM, at=NOON, person=world.chen_jie, topic=topic, address=address)
    with pytest.raises(KeyError):
        changes.notify(by=SYSTEM, at=NOON, person=world.chen_jie, topic="no.such", address="/")


def test_counting_takes_one_query(world: World) -> None:
    with assertNumQueries(1):
        queries.unread_notifications(viewer=Actor(world.chen_jie))


# The audit page


def test_the_audit_page_filters_by_record_person_and_action(world: World) -> None:
    changes.edit_person(by=World.actor(world.sun_yan), at=NOON, person=world.chen_jie, language="zh-hans")
    auditor = world.client(world.wu_tao)
    chen, sun = world.chen_jie.public_id, world.sun_yan.public_id
    assert "person.edited" in page(auditor, f"/audit/?record={chen}")
    assert "person.added" not in page(auditor, f"/audit/?by={sun}").partition("<tbody>")[2]
    assert "person.added" not in page(auditor, "/audit/?action=person.edited").partition("<tbody>")[2]
    assert "role.given" not in page(auditor, "/audit/?action=person").partition("<tbody>")[2]
    assert "No such entry" in page(auditor, "/audit/?record=nonsense&before=x")


def test_older_entries_are_reached_without_gaps(world: World) -> None:
    auditor = world.client(world.wu_tao)
    seen: list[int] = []
    address = "/audit/?"
    for _turn in range(20):
        text = page(auditor, address)
        seen += [int(seq) for seq in re.findall(r'href="/audit/(\d+)/"', text)]
        older = re.search(r"&amp;before=(\d+)", text)
        if older is None:
            break
        address = f"/audit/?before={older[1]}"
    assert seen == list(range(AuditEntry.objects.count(), 0, -1))


def test_personal_values_are_sealed_until_opened_and_opening_is_noted(world: World) -> None:
    changes.edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, email="chen@example.org")
    entry = AuditEntry.objects.get(action="person.edited")
    auditor = world.client(world.wu_tao)
    assert "chen@example.org" not in page(auditor, f"/audit/{entry.seq}/")
    opened = auditor.post(f"/audit/{entry.seq}/values/").content.decode()
    assert "chen@example.org" in opened
    assert actions()[-1] == "audit.opened"
    assert world.client(world.lin_mei).post(f"/audit/{entry.seq}/values/").status_code == 403
    assert auditor.get("/audit/999999/").status_code == 404


def test_a_head_hands_a_code_to_his_own_people_from_the_page_of_the_department(world: World) -> None:
    head = world.client(world.wang_fang)
    address = f"/people/{world.chen_jie.public_id}/reset-code/"
    assert address in page(head, f"/parties/{world.ward.public_id}/")
    assert "one-time-code" not in page(head, address)
    assert re.search(r"one-time-code\">\w{4}-\w{4}-\w{4}<", head.post(address).content.decode())
    assert address not in page(world.client(world.sun_lei), f"/parties/{world.ward.public_id}/")
    for who, whom in (
        (world.sun_lei, world.chen_jie),
        (world.wang_fang, world.gao_ming),
        (world.wang_fang, world.sun_yan),
    ):
        assert world.client(who).post(f"/people/{whom.public_id}/reset-code/").status_code == 404


@pytest.mark.django_db
def test_profile_changes_take_effect_on_the_next_page() -> None:
    ann(language="en", time_zone="UTC")
    browser = signed_in()
    text = page(browser, "/me/")
    form = {
        "name_en": "Ann Lee", "name_zh_hans": "李安", "email": "ann@example.org", "phone": "+8613800138000",
        "language": "zh-hans", "time_zone": "Asia/Shanghai", "version": hidden(text, "version"),
    }  # fmt: skip
    assert browser.post("/me/", form).status_code == 302
    assert 'lang="zh-hans"' in page(browser, "/me/")
    assert browser.post("/me/", form | {"time_zone": "Mars/Olympus"}).status_code == 422


@pytest.mark.parametrize(
    ("field", "typed"),
    [("sign_in_name", "\ufdfa" * 150), ("email", f"a@{'ﬃ' * 60}.{'ﬃ' * 30}.com"), ("phone", "㍭" * 32)],
)
def test_a_name_that_grows_beyond_its_column_is_refused_beside_its_field(world: World, field: str, typed: str) -> None:
    sent = {"sign_in_name": "E-77", "name_en": "Ann", "language": "en", "time_zone": "UTC", field: typed}
    answer = world.client(world.sun_yan).post("/people/new/", sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors.get(field)


def test_a_name_of_invisible_characters_is_no_name(world: World) -> None:
    sent = {"sign_in_name": "E-77", "name_en": "\u200b", "language": "en", "time_zone": "UTC"}
    answer = world.client(world.sun_yan).post("/people/new/", sent)
    assert answer.status_code == 422
    assert "name_en" in answer.context["form"].errors
