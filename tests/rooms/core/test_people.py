"""People and roles: who may do what, through the pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from baton.core import changes, queries
from baton.core.errors import Forbidden, Refused, Stale
from baton.core.models import OrganisationRole, Person
from baton.core.rules import Role
from tests.query_counts import queries_a_page
from tests.rooms.core.entrance import NEW_PERSON, SYSTEM, actions, ann, hidden, now, page, signed_in
from tests.world import NOON, World

# Who may do what


@pytest.mark.sqlite
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


@pytest.mark.sqlite
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
    assert queries_a_page(browser, ["/people/"])["/people/"] <= 23


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
