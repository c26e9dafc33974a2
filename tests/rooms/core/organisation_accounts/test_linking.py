"""Accounts that administrators link and unlink."""

from __future__ import annotations

import pytest
from django.test import Client

from baton.core import changes
from baton.core.actors import Actor
from baton.core.errors import Forbidden, Refused
from baton.core.middleware import BEGAN, SEEN
from baton.core.models import AuditEntry, Identity, Person
from baton.core.queries import roles_of
from baton.core.rules import Role
from tests.oidc import Provider
from tests.rooms.core.entrance import SYSTEM, actions, ann, is_inside, now
from tests.rooms.core.organisation_accounts.steps import (
    come_back,
    refused,
)

pytestmark = pytest.mark.django_db


def office(person: Person) -> Client:
    browser = Client()
    browser.force_login(person, backend="baton.core.accounts.backends.SignInBackend")
    session = browser.session
    session[BEGAN] = session[SEEN] = now().timestamp()
    session.save()
    return browser


def test_administrator_links_and_unlinks(provider: Provider) -> None:
    person = ann(email="")
    boss = ann(Role.ADMINISTRATOR, sign_in_name="boss", email="", phone="")
    page, desk = f"/people/{person.public_id}/", office(boss)
    assert "None yet." in desk.get(page).content.decode()
    sent = {"provider": provider.issuer, "subject": "a-1"}
    assert desk.post(f"{page}identities/", sent).status_code == 302
    browser = Client()
    come_back(browser, provider)
    assert is_inside(browser)
    held = Identity.objects.get()
    shown = desk.get(page).content.decode()
    assert "a-1" in shown
    assert "Unlink" in shown
    desk.post(f"/people/identities/{held.public_id}/unlink/")
    assert not is_inside(browser), "open sign-ins end"
    changes.edit_person(by=SYSTEM, at=now(), person=person, email="ann@example.org")
    refused(come_back(browser, provider), 403, "An administrator has ended the sign-in with this account")
    assert "a-1" in desk.get(page).content.decode(), "it stays as history"
    assert [action for action in actions() if action.startswith("identity.")] == [
        "identity.linked",
        "identity.unlinked",
    ]
    assert "a-1" not in "".join(AuditEntry.objects.values_list("body", flat=True))


def test_account_of_somebody_else_and_a_second_one_are_refused(provider: Provider) -> None:
    person = ann()
    boss = ann(Role.ADMINISTRATOR, sign_in_name="boss", email="", phone="")
    changes.link_identity(by=SYSTEM, at=now(), person=person, issuer=provider.issuer, subject="a-1")
    desk = office(boss)
    for whom, subject, said in ((boss, "a-1", "Somebody else signs in"), (person, "a-2", "has another account")):
        answer = desk.post(f"/people/{whom.public_id}/identities/", {"provider": provider.issuer, "subject": subject})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    for subject in ("", " ", "a\x00b", "x" * 256):
        with pytest.raises(Refused):
            changes.link_identity(by=SYSTEM, at=now(), person=boss, issuer=provider.issuer, subject=subject)


def test_hr_does_not_link(provider: Provider) -> None:
    person, hr = ann(), ann(Role.HR, sign_in_name="hr", email="", phone="")
    sent = {"provider": provider.issuer, "subject": "mine"}
    assert office(hr).post(f"/people/{person.public_id}/identities/", sent).status_code == 403
    with pytest.raises(Forbidden):
        changes.link_identity(
            by=Actor(hr, roles_of(hr, now())), at=now(), person=person, issuer=provider.issuer, subject="mine"
        )


def test_forgotten_person_is_not_known_by_his_account(provider: Provider) -> None:
    person = ann()
    come_back(Client(), provider)
    changes.forget_person(by=SYSTEM, at=now(), person=person, reason="left")
    assert "a-1" not in Identity.objects.get().subject
    refused(come_back(Client(), provider), 403, "Baton knows nobody")
