"""New passwords: by mail, by one-time code, by oneself (B068, B069)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from baton.core import changes
from baton.core.actors import Actor
from baton.core.errors import Forbidden, Refused
from baton.core.models import ResetCode
from baton.core.queries import roles_of
from baton.core.rules import RESET_CODE_LIFE, Role
from baton.core.worker import Worker
from tests.rooms.core.entrance import (
    COUNTING,
    PASSWORD,
    SYSTEM,
    CountingHasher,
    actions,
    ann,
    is_inside,
    now,
    sign_in,
    signed_in,
)  # fmt: skip
from tests.world import NOON, World

pytestmark = pytest.mark.django_db
NEW = "nine green parrots"
ASK = "/accounts/password/reset/"
WITH_CODE = "/accounts/password/reset/code/"


def ask(address: str, **headers: str) -> Client:
    browser = Client(**headers)  # type: ignore[arg-type]
    answer = browser.post(ASK, {"email": address})
    assert answer.status_code == 302
    return browser


def sent_link() -> str:
    """The link in the mail that the worker sends."""
    Worker().drain(now())
    found = re.search(r"https?://\S+", str(mail.outbox[-1].body))
    assert found is not None
    return found[0]


def follow(link: str, password: str = NEW) -> Client:
    """Open a link in a browser of its own and set a password."""
    browser = Client()
    address = link.removeprefix("http://127.0.0.1:8000")
    opened = browser.get(address)
    if opened.status_code == 302:
        browser.post(opened["Location"], {"password1": password, "password2": password})
    return browser


def test_link_by_mail_sets_a_new_password() -> None:
    person = ann()
    ask("Ann@Example.org")
    follow(sent_link())
    assert is_inside(signed_in(password=NEW))
    assert sign_in().status_code == 200
    assert "person.password_changed" in actions(person)
    assert mail.outbox[-1].to == ["ann@example.org"]


def test_unknown_address_gets_the_same_answer_and_no_mail() -> None:
    ann()
    answers = [Client().post(ASK, {"email": address}, follow=True) for address in ("ann@example.org", "x@example.org")]
    texts = [
        re.sub(r'value="\w{64}"|\w{64}|request: \w+|data-opened="\d+"', "", answer.content.decode())
        for answer in answers
    ]
    assert texts[0] == texts[1]
    Worker().drain(now())
    assert len(mail.outbox) == 1


# B068 the Host header


def test_b068_a_forged_host_is_refused() -> None:
    ann()
    assert Client(HTTP_HOST="evil.example").post(ASK, {"email": "ann@example.org"}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [{"HTTP_X_FORWARDED_HOST": "evil.example"}, {"HTTP_HOST": "localhost"}, {"HTTP_FORWARDED": "host=evil.example"}],
)
def test_b068_the_link_starts_with_the_configured_address(headers: dict[str, str]) -> None:
    ann()
    ask("ann@example.org", **headers)
    assert sent_link().startswith("http://127.0.0.1:8000/accounts/password/reset/key/")
    assert "evil.example" not in str(mail.outbox[-1].body)


# B069 links that must be dead


def test_b069_a_link_works_once() -> None:
    ann()
    ask("ann@example.org")
    link = sent_link()
    follow(link)
    browser = follow(link, "another one entirely")
    assert b"no longer works" in browser.get(link.removeprefix("http://127.0.0.1:8000")).content
    assert is_inside(signed_in(password=NEW))


def test_b069_a_link_dies_with_the_mailbox_it_went_to() -> None:
    person = ann()
    ask("ann@example.org")
    link = sent_link()
    changes.edit_person(by=SYSTEM, at=now(), person=person, email="ann.lee@example.org")
    follow(link)
    assert is_inside(signed_in())


def test_b069_a_link_dies_with_a_sign_in_and_with_a_new_password() -> None:
    person = ann()
    ask("ann@example.org")
    link = sent_link()
    changes.change_password(by=SYSTEM, at=now(), person=person, password="four old violins")
    follow(link)
    assert is_inside(signed_in(password="four old violins"))


def test_b069_a_link_for_one_does_not_open_another() -> None:
    ann()
    ann(sign_in_name="E-18", email="bob@example.org", phone="")
    ask("ann@example.org")
    link = sent_link()
    ask("bob@example.org")
    token = link.rpartition("/key/")[2].partition("-")[2]
    other = sent_link().rpartition("/key/")[2].partition("-")[0]
    follow(f"/accounts/password/reset/key/{other}-{token}")
    assert is_inside(signed_in("E-18"))


# One-time codes


def enter(code: str, name: str = "E-17", password: str = NEW) -> object:
    return Client().post(WITH_CODE, {"sign_in_name": name, "code": code, "password": password, "again": password})


def test_a_code_sets_a_new_password_once_and_ends_open_sessions() -> None:
    person = ann()
    before = signed_in()
    code = changes.issue_reset_code(by=SYSTEM, at=now(), person=person)
    assert enter(f" {code.upper()} ", name="ann@example.org").status_code == 302  # type: ignore[attr-defined]
    assert is_inside(signed_in(password=NEW))
    assert not is_inside(before)
    assert enter(code, password="another one entirely").status_code == 422  # type: ignore[attr-defined]
    assert is_inside(signed_in(password=NEW))
    assert [a for a in actions() if a.startswith("reset_code")] == ["reset_code.issued", "reset_code.spent"]


def test_only_the_digest_of_a_code_is_kept() -> None:
    person = ann()
    code = changes.issue_reset_code(by=SYSTEM, at=now(), person=person)
    kept = ResetCode.objects.get()
    assert code not in kept.digest
    assert len(kept.digest) == 64
    from baton.core.models import AuditEntry

    assert not any(code in body or kept.digest in body for body in AuditEntry.objects.values_list("body", flat=True))


def test_a_code_dies_after_a_day_and_with_a_newer_one() -> None:
    person = ann()
    first = changes.issue_reset_code(by=SYSTEM, at=now(), person=person)
    second = changes.issue_reset_code(by=SYSTEM, at=now(), person=person)
    for code, at in ((first, now()), (second, now() + RESET_CODE_LIFE)):
        with pytest.raises(Refused):
            changes.reset_password_with_code(at=at, sign_in_name="E-17", code=code, password=NEW)
    changes.reset_password_with_code(
        at=now() + RESET_CODE_LIFE - timedelta(minutes=1), sign_in_name="E-17", code=second, password=NEW
    )


def test_wrong_name_wrong_code_and_switched_off_are_one_refusal(settings: object) -> None:
    person = ann()
    off = ann(sign_in_name="E-18", email="", phone="")
    code = changes.issue_reset_code(by=SYSTEM, at=now(), person=person)
    code_of_off = changes.issue_reset_code(by=SYSTEM, at=now(), person=off)
    changes.disable_person(by=SYSTEM, at=now(), person=off)
    settings.PASSWORD_HASHERS = COUNTING  # type: ignore[attr-defined]
    said, hashes = set(), set()
    for name, tried in (("E-17", "aaaa-bbbb-cccc"), ("E-99", code), ("E-18", code), ("E-18", code_of_off)):
        CountingHasher.count = 0
        with pytest.raises(Refused) as refused:
            changes.reset_password_with_code(at=now(), sign_in_name=name, code=tried, password=NEW)
        said.add(str(refused.value))
        hashes.add(CountingHasher.count)
    assert len(said) == 1
    assert hashes == {1}


def test_codes_cannot_be_guessed_at_length() -> None:
    ann()
    answers = [enter("aaaa-bbbb-cccc").status_code for _ in range(25)]  # type: ignore[attr-defined]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_who_may_hand_over_a_code(world: World) -> None:
    """The administrator for everybody, a head for his people who hold no role, nobody else and nobody for himself."""

    def may(by: object, person: object) -> bool:
        try:
            changes.issue_reset_code(by=World.actor(by), at=NOON, person=person)  # type: ignore[arg-type]
        except Forbidden:
            return False
        return True

    assert may(world.sun_yan, world.chen_jie)
    assert may(world.wang_fang, world.chen_jie), "her head"
    assert not may(world.wang_fang, world.gao_ming), "another department"
    assert not may(world.chen_jie, world.sun_lei), "a colleague"
    assert not may(world.qian_li, world.chen_jie), "HR"
    assert not may(world.wang_fang, world.wang_fang), "herself"
    changes.give_role(by=SYSTEM, at=NOON, person=world.chen_jie, role=Role.AUDITOR)
    assert roles_of(world.chen_jie, NOON) == {Role.AUDITOR}
    assert not may(world.wang_fang, world.chen_jie), "an auditor in her department: she would become the auditor"


# By oneself


def change(browser: Client, old: str, new: str) -> object:
    return browser.post("/accounts/password/change/", {"oldpassword": old, "password1": new, "password2": new})


def test_changing_ones_own_password_needs_the_present_one() -> None:
    person = ann()
    browser = signed_in()
    assert change(browser, "a wrong password", NEW).status_code == 200  # type: ignore[attr-defined]
    assert person.check_password(PASSWORD)
    assert change(browser, PASSWORD, "password12").status_code == 200  # type: ignore[attr-defined]
    assert change(browser, PASSWORD, NEW)["Location"] == "/me/"  # type: ignore[index]
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_a_password_given_by_somebody_else_must_be_changed_first() -> None:
    person = ann()
    person.must_change_password = True
    person.save(update_fields=["must_change_password"])
    browser = signed_in()
    assert browser.get("/me/")["Location"] == "/accounts/password/change/"
    change(browser, PASSWORD, NEW)
    assert is_inside(browser)


def test_nobody_changes_the_password_of_another() -> None:
    person = ann()
    admin = ann(Role.ADMINISTRATOR, sign_in_name="E-18", email="", phone="")
    with pytest.raises(Forbidden):
        changes.change_password(by=Actor(admin, frozenset({Role.ADMINISTRATOR})), at=now(), person=person, password=NEW)
