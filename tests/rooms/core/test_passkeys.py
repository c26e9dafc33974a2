"""Passkeys: set up, sign in and confirm with one, remove it; nobody else's, no old answer, no other address."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from baton.core.accounts.passkeys import are_possible
from baton.core.models import Person
from tests.rooms.core.devices import HERE, Device, question_on
from tests.rooms.core.entrance import PASSWORD, actions, ann, is_inside, sign_in, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ADD = "/accounts/second-factor/passkeys/add/"
FACTORS = "/accounts/second-factor/"
ASKED = "/accounts/second-factor/authenticate/"


@pytest.fixture(autouse=True)
def at_localhost(settings: Any) -> None:
    settings.BASE_URL = HERE


def confirmed() -> Client:
    """A browser of Ann in which she has just shown who she is."""
    browser = signed_in()
    browser.post(browser.get(ADD)["Location"], {"password": PASSWORD})
    return browser


def with_passkey() -> tuple[Person, Device]:
    person, device, browser = ann(), Device(), confirmed()
    answer = device.create(question_on(browser.get(ADD).content.decode()))
    assert browser.post(ADD, {"name": "My phone", "credential": answer}).status_code == 302
    return person, device


def half_way() -> Client:
    """A browser that has given the right password and is asked for the second factor."""
    browser = Client()
    assert sign_in(browser=browser)["Location"] == ASKED
    return browser


def gives(browser: Client, answer: str) -> bool:
    """Send the answer of a device; whether it opened the door."""
    assert browser.post(ASKED, {"credential": answer}).status_code in {200, 302}
    return is_inside(browser)


def test_a_passkey_is_set_up_opens_the_account_and_is_removed() -> None:
    person, device = with_passkey()
    assert "person.factor_added" in actions(person)
    browser = half_way()
    assert not is_inside(browser), "the password alone opens nothing"
    assert gives(browser, device.get(question_on(browser.get(ASKED).content.decode())))
    shown = browser.get(FACTORS).content.decode()
    assert "My phone" in shown
    assert "used last" in shown
    held = Authenticator.objects.get(user=person, type="webauthn")
    remove = f"/accounts/second-factor/passkeys/{held.pk}/remove/"
    asked = browser.post(remove)
    browser.post(asked["Location"], {"password": PASSWORD})
    assert not Authenticator.objects.filter(user=person).exists(), "its recovery codes go with it"
    assert "person.factor_removed" in actions(person)
    assert is_inside(signed_in())


def test_a_recovery_code_opens_when_the_device_is_lost() -> None:
    person, _device = with_passkey()
    codes = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()
    browser = half_way()
    browser.post(ASKED, {"code": codes[0]})
    assert is_inside(browser)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda device: Device(),  # another key, and another id
        lambda device: Device(id=device.id),  # another key under the same id
        lambda device: Device(id=device.id, key=device.key, origin="https://localhost.example.org"),
        lambda device: Device(id=device.id, key=device.key, verifies=False),  # found on a table, used by anybody
    ],
)
def test_what_opens_nothing(wrong: Any) -> None:
    _person, device = with_passkey()
    browser = half_way()
    assert not gives(browser, wrong(device).get(question_on(browser.get(ASKED).content.decode())))


def test_an_answer_counts_once_and_in_its_session_only() -> None:
    _person, device = with_passkey()
    first, second = half_way(), half_way()
    answer = device.get(question_on(first.get(ASKED).content.decode()))
    second.get(ASKED)
    assert not gives(second, answer)
    assert gives(first, answer)
    assert not gives(half_way(), answer)


@pytest.mark.parametrize("answer", ["", "no json", "null", "[]", "{}", '{"id": 1}', '{"response": {"signature": []}}'])
def test_odd_answers_are_refused_in_words(answer: str) -> None:
    with_passkey()
    browser = half_way()
    page = browser.post(ASKED, {"credential": answer})
    assert (page.status_code, "No valid passkey was given" in page.content.decode()) == (200, True)
    other = confirmed_elsewhere()
    page = other.post(ADD, {"name": "x", "credential": answer})
    assert (page.status_code, "No valid passkey was given" in page.content.decode()) == (200, True)


def confirmed_elsewhere() -> Client:
    """Somebody without a passkey who is about to set one up."""
    ann(sign_in_name="E-18", email="bo@example.org", phone="13800138001", name={"en": "Bo"})
    browser = signed_in("E-18", PASSWORD)
    browser.post(browser.get(ADD)["Location"], {"password": PASSWORD})
    return browser


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("http://127.0.0.1:8000", False), ("https://10.0.0.7", False), ("https://[::1]:8443", False),
        ("http://baton.example.org", False), ("https://baton.example.org", True), ("http://localhost:8000", True),
    ],
)  # fmt: skip
def test_where_browsers_make_passkeys(settings: Any, address: str, possible: bool) -> None:
    settings.BASE_URL = address
    assert are_possible() is possible


def test_where_there_are_none_the_page_says_why(settings: Any) -> None:
    settings.BASE_URL = "http://127.0.0.1:8000"
    ann()
    browser = signed_in()
    assert "https and a name; it has none" in browser.get(FACTORS).content.decode()
    refused = browser.get(ADD)
    assert (refused.status_code, "authenticator app" in refused.content.decode()) == (400, True)
