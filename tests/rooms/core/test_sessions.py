"""Sessions: how they begin, end, and what they do not write (B071)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from baton.core import changes
from baton.core.middleware import BEGAN, SEEN
from baton.core.rules import SESSION_ABSOLUTE, SESSION_IDLE
from tests.rooms.core.entrance import PASSWORD, SYSTEM, ann, is_inside, now, sign_in, signed_in

pytestmark = pytest.mark.django_db


def cookie(browser: Client) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def with_cookie(value: str) -> Client:
    """Another browser that got hold of a cookie."""
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = value
    return browser


def aged(browser: Client, *, began: timedelta = timedelta(0), seen: timedelta = timedelta(0)) -> Client:
    """The browser, whose session began and was last used that long ago."""
    session = browser.session
    session[BEGAN] -= began.total_seconds()
    session[SEEN] -= seen.total_seconds()
    session.save()
    return browser


def test_b071_a_session_planted_before_the_sign_in_is_worth_nothing() -> None:
    ann()
    browser = Client()
    planted = browser.session
    planted["planted"] = True
    planted.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    sign_in(browser=browser)
    assert cookie(browser) != planted.session_key
    assert is_inside(browser)
    assert not is_inside(with_cookie(str(planted.session_key)))


def test_b071_a_cookie_is_dead_after_sign_out() -> None:
    ann()
    browser = signed_in()
    stolen = with_cookie(cookie(browser))
    assert is_inside(stolen)
    browser.post("/accounts/logout/")
    assert not is_inside(stolen)


def test_b071_a_cookie_is_dead_when_the_account_is_switched_off_and_stays_dead() -> None:
    person = ann()
    browser = signed_in()
    changes.disable_person(by=SYSTEM, at=now(), person=person)
    assert not is_inside(browser)
    changes.enable_person(by=SYSTEM, at=now(), person=person)
    assert not is_inside(browser)
    assert is_inside(signed_in())


def test_b071_an_unused_cookie_does_not_come_back_with_the_account() -> None:
    person = ann()
    stolen = with_cookie(cookie(signed_in()))
    changes.disable_person(by=SYSTEM, at=now(), person=person)
    changes.enable_person(by=SYSTEM, at=now(), person=person)
    assert not is_inside(stolen)


def test_b071_a_new_password_ends_every_other_session() -> None:
    ann()
    mine, other = signed_in(), signed_in()
    new = {"oldpassword": PASSWORD, "password1": "nine green parrots", "password2": "nine green parrots"}
    mine.post("/accounts/password/change/", new)
    assert is_inside(mine)
    assert not is_inside(other)


def test_a_session_without_its_beginning_is_none() -> None:
    person = ann()
    browser = Client()
    browser.force_login(person, backend="baton.core.accounts.backends.SignInBackend")
    session = browser.session
    del session[BEGAN]
    session.save()
    assert not is_inside(browser)


def test_it_ends_after_half_an_hour_without_use_and_says_so() -> None:
    ann()
    assert is_inside(aged(signed_in(), seen=SESSION_IDLE - timedelta(minutes=1)))
    idle = aged(signed_in(), seen=SESSION_IDLE + timedelta(seconds=1))
    answer = idle.get("/me/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/accounts/login/")
    assert "half an hour without use" in answer.content.decode()


def test_a_page_that_renews_itself_is_no_use() -> None:
    ann()
    browser = aged(signed_in(), seen=timedelta(minutes=20))
    seen = browser.session[SEEN]
    browser.get("/me/", headers={"X-Baton-Renews": "yes"})
    assert browser.session[SEEN] == seen
    browser.get("/me/")
    assert browser.session[SEEN] > seen


@pytest.mark.parametrize(
    ("page", "after"),
    [
        ("http://testserver/handoffs/board/?wall=1", "%2Fhandoffs%2Fboard%2F%3Fwall%3D1"), ("", "%2F"),
        ("http://elsewhere.example/handoffs/board/", "%2F"), ("http://[", "%2F"), ("http://testserver", "%2F"),
    ],
)  # fmt: skip
def test_a_fragment_leads_to_the_sign_in_and_back_to_its_page(page: str, after: str) -> None:
    ann()
    idle = aged(signed_in(), seen=SESSION_IDLE + timedelta(seconds=1))
    answer = idle.get("/me/", headers={"HX-Request": "true", "HX-Current-URL": page})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/accounts/login/?next={after}")
    assert "half an hour without use" in idle.get(answer["HX-Redirect"]).content.decode()


def test_it_ends_after_twelve_hours_however_busy() -> None:
    ann()
    assert is_inside(aged(signed_in(), began=SESSION_ABSOLUTE - timedelta(minutes=1)))
    assert not is_inside(aged(signed_in(), began=SESSION_ABSOLUTE + timedelta(seconds=1)))


def test_last_seen_is_written_once_a_minute_at_most() -> None:
    ann()
    browser = signed_in()
    is_inside(browser)
    before = Session.objects.get(session_key=cookie(browser)).session_data
    is_inside(browser)
    assert Session.objects.get(session_key=cookie(browser)).session_data == before
    aged(browser, seen=timedelta(minutes=2))
    is_inside(browser)
    assert now().timestamp() - browser.session[SEEN] < 5


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    ann()
    morsel = signed_in().cookies[settings.SESSION_COOKIE_NAME]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert morsel["domain"] == ""


def test_pages_of_somebody_signed_in_are_not_kept_by_the_browser() -> None:
    ann()
    assert signed_in().get("/me/")["Cache-Control"] == "private, no-store"
