"""The second factor (B072)."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from baton.core import changes
from baton.core.errors import Forbidden
from baton.core.models import Person
from baton.core.rules import Role
from tests.rooms.core.entrance import PASSWORD, actions, ann, is_inside, now, sign_in, signed_in
from tests.world import World

pytestmark = pytest.mark.django_db
STEP = 30
CODE_PAGE = "/accounts/second-factor/authenticate/"


@pytest.fixture(autouse=True)
def early_in_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock that codes are computed from, so that no test runs across the border of two steps."""
    stopped = time.time() // STEP * STEP + 5
    monkeypatch.setattr(time, "time", lambda: stopped)


def code(secret: str, offset: int = 0) -> str:
    """What a phone shows whose clock is ``offset`` seconds off."""
    return format_hotp_value(hotp_value(secret, int(time.time() + offset) // STEP))


def with_factor() -> tuple[Person, str]:
    person, secret = ann(), generate_totp_secret()
    TOTP.activate(person, secret)
    return person, secret


def half_way() -> Client:
    """A browser that has given the right password and is asked for the code."""
    browser = Client()
    assert sign_in(browser=browser)["Location"] == CODE_PAGE
    return browser


def give(browser: Client, typed: str) -> bool:
    """Type a code; whether it opened the door."""
    browser.post(CODE_PAGE, {"code": typed})
    return is_inside(browser)


def test_the_password_alone_opens_nothing() -> None:
    with_factor()
    browser = half_way()
    assert not is_inside(browser)
    assert not give(browser, "000000")


def test_b072_a_code_is_accepted_once() -> None:
    _person, secret = with_factor()
    shown = code(secret)
    assert give(half_way(), shown)
    assert not give(half_way(), shown), "replayed"


def test_b072_an_older_code_is_dead_once_a_newer_was_used() -> None:
    """Also after the half minute for which allauth itself remembers a code."""
    _person, secret = with_factor()
    assert give(half_way(), code(secret, STEP))
    from django.core.cache import cache

    cache.clear()
    assert not give(half_way(), code(secret))
    assert not give(half_way(), code(secret, STEP))


@pytest.mark.parametrize(
    ("offset", "opens"), [(-STEP, True), (0, True), (STEP, True), (-3 * STEP, False), (3 * STEP, False)]
)
def test_b072_a_clock_may_be_one_step_off(offset: int, opens: bool) -> None:
    _person, secret = with_factor()
    assert give(half_way(), code(secret, offset)) is opens


def test_b072_codes_cannot_be_guessed_at_length() -> None:
    _person, secret = with_factor()
    browser = half_way()
    for guess in range(12):
        browser.post(CODE_PAGE, {"code": f"{guess:06}"})
    assert not give(browser, code(secret)), "too many wrong codes: the right one is not looked at"


def test_a_recovery_code_opens_once() -> None:
    person, _secret = with_factor()
    codes = RecoveryCodes.activate(person)
    recovery = codes.get_unused_codes()[0]
    assert give(half_way(), recovery)
    assert not give(half_way(), recovery)


def test_setting_up_asks_for_the_password_keeps_the_secret_sealed_and_spends_the_code(
    django_capture_on_commit_callbacks: Any,
) -> None:
    person = ann()
    browser = signed_in()
    asked = browser.get("/accounts/second-factor/app/on/")
    page = browser.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert page.status_code == 200
    secret = page.context["form"].secret
    typed = code(secret)
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post("/accounts/second-factor/app/on/", {"code": typed}).status_code == 302
    kept = Authenticator.objects.get(user=person, type="totp")
    assert secret not in str(kept.data)
    assert "person.factor_added" in actions(person)
    assert not give(half_way(), typed)
    assert give(half_way(), code(secret, STEP))


def test_a_wrong_code_stands_in_the_trail() -> None:
    person, _secret = with_factor()
    give(half_way(), "000000")
    assert actions(person)[-1] == "person.factor_failed"


def test_only_an_administrator_takes_a_lost_factor_away() -> None:
    person, _secret = with_factor()
    boss = ann(Role.ADMINISTRATOR, sign_in_name="E-1", email="", phone="")
    with pytest.raises(Forbidden):
        changes.remove_second_factor(by=World.actor(person), at=now(), person=person)
    admin = signed_in("E-1", PASSWORD)
    admin.post(f"/people/{person.public_id}/second-factor/")
    assert is_inside(signed_in())
    assert "person.factor_removed" in actions(person)
    assert boss.is_active


def test_the_pages_about_the_factor_open() -> None:
    person, secret = with_factor()
    RecoveryCodes.activate(person)
    browser = half_way()
    give(browser, code(secret))
    browser.post("/accounts/confirm/", {"password": PASSWORD})
    for address in ("", "app/off/", "codes/", "codes/new/", "codes/file/"):
        assert browser.get(f"/accounts/second-factor/{address}").status_code == 200, address


def test_switching_off_without_having_confirmed_is_taken_up_after_confirming() -> None:
    person, secret = with_factor()
    browser = half_way()
    give(browser, code(secret))
    asked = browser.post("/accounts/second-factor/app/off/")
    assert Authenticator.objects.filter(user=person).exists()
    browser.post(asked["Location"], {"password": PASSWORD})
    assert not Authenticator.objects.filter(user=person).exists()


def test_a_factor_kept_under_another_secret_key_is_explained(settings: Any) -> None:
    """As after a restore onto a machine whose file secret_key is a new one."""
    _person, secret = with_factor()
    settings.SECRET_KEY = "another key, of another machine"
    browser = half_way()
    answer = browser.post(CODE_PAGE, {"code": code(secret)})
    assert answer.status_code == 400
    assert "Ask an administrator to remove your second factor" in answer.content.decode()
    assert not is_inside(browser)
