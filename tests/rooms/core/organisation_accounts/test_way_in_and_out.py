"""Who gets in with the organisation's account, who does not, with which second factor, and the way out."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client

from baton.core import changes
from baton.core.accounts.providers import SecondFactor
from baton.core.models import AuditEntry, Identity, Person
from baton.core.queries import roles_of
from baton.core.rules import Role
from tests.oidc import CLIENT, Provider
from tests.rooms.core.entrance import LOGIN, PASSWORD, SYSTEM, actions, ann, is_inside, now, sign_in, signed_in
from tests.rooms.core.organisation_accounts.steps import (
    BUTTON,
    come_back,
    last_failure,
    refused,
    setting,
)

pytestmark = pytest.mark.django_db

# The way in


def test_first_by_confirmed_email_then_by_the_linked_account(provider: Provider) -> None:
    person, browser = ann(), Client()
    page = browser.get(LOGIN).content.decode()
    assert "Sign in with Example account" in page
    assert "Password" in page
    answer = come_back(browser, provider)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_inside(browser)
    assert Identity.objects.get().person == person
    assert actions(person)[-1] == "person.signed_in"
    entry = AuditEntry.objects.filter(action="person.signed_in").get()
    assert '"provider":"company"' in entry.body
    changes.edit_person(by=SYSTEM, at=now(), person=person, email="ann.new@example.org")
    again = Client()
    come_back(again, provider)
    assert is_inside(again)
    assert Identity.objects.count() == 1


def test_chinese_button(provider: Provider) -> None:
    page = Client(HTTP_ACCEPT_LANGUAGE="zh-hans").get(LOGIN).content.decode()
    assert "统一身份认证" in page


def test_by_staff_number_in_a_claim_that_only_the_userinfo_holds(provider: Provider, settings: Any) -> None:
    person, browser = ann(), Client()
    setting(settings, staff_number="employee_number")
    provider.account = {"sub": "a-1", "email": "somebody.else@example.org"}
    provider.more = {"employee_number": "E-17"}
    come_back(browser, provider)
    assert is_inside(browser)
    assert Identity.objects.get().person == person


def test_leads_back_to_where_the_person_was_going(provider: Provider) -> None:
    ann()
    assert come_back(Client(), provider, next="/me/")["Location"] == "/me/"


@pytest.mark.parametrize(
    "next_", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_open_redirect(provider: Provider, next_: str) -> None:
    ann()
    assert come_back(Client(), provider, next=next_)["Location"] == "/"


def test_request_cannot_change_what_the_provider_is_asked(provider: Provider) -> None:
    ann()
    browser = Client()
    extra = "?process=connect&scope=admin&auth_params=prompt%3Dnone%26redirect_uri%3Dhttps%3A%2F%2Fevil.example"
    address = browser.post(BUTTON + extra)["Refresh"]
    assert "evil.example" not in address
    assert "prompt" not in address
    assert set(parse_qs(urlsplit(address).query)["scope"][0].split()) == {"openid", "email", "profile"}


def test_button_needs_post_and_a_known_provider(provider: Provider) -> None:
    assert Client().get(BUTTON).status_code == 405
    assert Client().post("/accounts/oidc/other/").status_code == 404
    assert Client(enforce_csrf_checks=True).post(BUTTON).status_code == 403


def test_whoever_must_change_his_password_is_not_asked_for_it(provider: Provider) -> None:
    person = ann()
    Person.objects.filter(pk=person.pk).update(must_change_password=True)
    browser = Client()
    come_back(browser, provider)
    assert is_inside(browser)
    assert not is_inside(signed_in())


# Who is not let in


def test_nobody_is_added_unless_the_setting_says_so(provider: Provider) -> None:
    refused(
        come_back(Client(), provider), 403, "Baton knows nobody with the e-mail", "Ask the administrator to add you"
    )
    assert not Person.objects.exists()
    assert last_failure()["detail"]["why"] == "unknown"
    assert "a-1" not in str(last_failure())


def test_setting_adds_people_without_roles(provider: Provider, settings: Any) -> None:
    setting(settings, adds_people=True)
    browser = Client()
    come_back(browser, provider)
    assert is_inside(browser)
    person = Person.objects.get()
    assert (person.sign_in_name, person.email, str(person)) == ("ann@example.org", "ann@example.org", "Ann Lee")
    assert not roles_of(person, now())
    assert not person.has_usable_password()


def test_unconfirmed_email_means_nobody(provider: Provider, settings: Any) -> None:
    ann()
    provider.account["email_verified"] = False
    refused(come_back(Client(), provider), 403, "It has not confirmed yours")
    del provider.account["email_verified"]
    refused(come_back(Client(), provider), 403, "It has not confirmed yours")
    provider.more = {"email": "other@example.org", "email_verified": True}
    refused(come_back(Client(), provider), 403, "It has not confirmed yours")
    assert not Identity.objects.exists()
    setting(settings, email_domains=frozenset({"example.org"}))
    browser = Client()
    come_back(browser, provider)
    assert is_inside(browser)


@pytest.mark.parametrize(
    "email", ["ａnn@example.org", "ann@exаmple.org", "ann@example.org\x00", "", 7, None, "a" * 300]
)
def test_email_that_only_looks_alike_means_nobody(provider: Provider, email: Any) -> None:
    ann()
    provider.account["email"] = email
    assert come_back(Client(), provider).status_code == 403
    assert not Identity.objects.exists()


def test_claim_that_was_not_said(provider: Provider, settings: Any) -> None:
    setting(settings, staff_number="employee_number")
    refused(come_back(Client(), provider), 403, "recognises you by the staff number", "It gave none")


def test_switched_off_person_is_refused(provider: Provider) -> None:
    person = ann()
    changes.disable_person(by=SYSTEM, at=now(), person=person)
    for linked in (False, True):
        if linked:
            changes.link_identity(by=SYSTEM, at=now(), person=person, issuer=provider.issuer, subject="a-1")
        browser = Client()
        refused(come_back(browser, provider), 403, "switched off")
        assert not is_inside(browser)
        assert Identity.objects.exists() is linked
    assert actions(person)[-1] == "person.sign_in_failed"


def test_another_account_with_the_same_email_is_refused(provider: Provider) -> None:
    """An address that was given to somebody else does not open the account of whom it belonged to."""
    ann()
    come_back(Client(), provider)
    provider.account["sub"] = "a-2"
    browser = Client()
    refused(come_back(browser, provider), 403, "signs in with another one")
    assert not is_inside(browser)


# The second factor


def with_factor(person: Person) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(person, generate_totp_secret())


@pytest.mark.parametrize(
    ("factor", "said", "asked"),
    [
        (SecondFactor(), {}, False),
        (SecondFactor(asked=True), {"amr": ["pwd", "otp"]}, True),
        (SecondFactor(asked=True, unless=frozenset({"otp"})), {"amr": ["pwd", "otp"]}, False),
        (SecondFactor(asked=True, unless=frozenset({"otp"})), {"amr": ["pwd"]}, True),
        (SecondFactor(asked=True, unless=frozenset({"otp"})), {"amr": "otp"}, True),
        (SecondFactor(asked=True, unless=frozenset({"gold"})), {"acr": "gold"}, False),
    ],
)
def test_own_second_factor_only_where_the_setting_says_so(
    provider: Provider, settings: Any, factor: SecondFactor, said: dict[str, Any], asked: bool
) -> None:
    person, browser = ann(), Client()
    with_factor(person)
    setting(settings, second_factor=factor)
    provider.account |= said
    answer = come_back(browser, provider)
    assert is_inside(browser) is not asked
    if asked:
        assert answer["Location"] == "/accounts/second-factor/authenticate/"
        assert browser.get(answer["Location"]).status_code == 200
        assert "argon2" not in str(dict(browser.session)), "of the person only who he is waits in the session"


def test_sign_in_goes_on_after_the_second_factor(provider: Provider, settings: Any) -> None:
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    person, browser = ann(), Client()
    with_factor(person)
    setting(settings, second_factor=SecondFactor(asked=True))
    answer = come_back(browser, provider, next="/me/")
    factor = Authenticator.objects.get().wrap()
    secret = get_adapter().decrypt(factor.instance.data["secret"])
    counter = next(iter(yield_hotp_counters_from_time()))
    answer = browser.post(answer["Location"], {"code": format_hotp_value(hotp_value(secret, counter))})
    assert answer["Location"] == "/me/"
    assert is_inside(browser)
    assert parse_qs(urlsplit(leave(browser)).query)["client_id"] == [CLIENT]


# The way out


def leave(browser: Client) -> str:
    answer = browser.post("/accounts/logout/")
    assert not is_inside(browser)
    return str(answer.get("Refresh", "").removeprefix("0; url="))


def test_signing_out_signs_out_at_the_provider(provider: Provider) -> None:
    person, browser = ann(), Client()
    come_back(browser, provider)
    address = urlsplit(leave(browser))
    query = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.issuer}/logout"
    assert query["post_logout_redirect_uri"] == ["http://127.0.0.1:8000/accounts/login/"]
    claims = jwt.decode(query["id_token_hint"][0], options={"verify_signature": False})
    assert claims["sub"] == "a-1"
    assert actions(person)[-1] == "person.signed_out"


def test_signing_out_stays_here_where_the_provider_offers_nothing_or_a_password_was_used(
    provider: Provider, settings: Any
) -> None:
    ann()
    assert leave(signed_in()) == ""
    provider.configuration = {"end_session_endpoint": None}
    browser = Client()
    come_back(browser, provider)
    assert leave(browser) == ""
    provider.configuration = {}
    setting(settings, signs_out=False)
    come_back(browser, provider)
    assert leave(browser) == ""


# Passwords for administrators only


def test_only_administrators_use_passwords_where_the_setting_says_so(provider: Provider, settings: Any) -> None:
    settings.PASSWORDS_FOR_EVERYBODY = False
    ann()
    ann(Role.ADMINISTRATOR, sign_in_name="boss", email="", phone="")
    page = Client().get(LOGIN).content.decode()
    assert 'name="password"' not in page
    assert "Sign in with Example account" in page
    assert 'name="password"' in Client().get(LOGIN + "?password").content.decode()
    answer = sign_in()
    assert answer.status_code == 200
    assert "do not belong together" in answer.content.decode()
    assert is_inside(signed_in("boss", PASSWORD))
    browser = Client()
    come_back(browser, provider)
    assert is_inside(browser)
