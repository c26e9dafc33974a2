"""Showing who one is at signing (21 CFR 11.200, 11.300): both components at first, one later, wrong ones are paced."""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from baton.chain.changes import add_party, appoint, rename_party
from baton.chain.models import Party
from baton.chain.rules import Capacity, PartyKind
from baton.core import registries
from baton.core.models import AuditEntry, Notification, Person, Signature
from baton.core.rules import SIGN_IN_FAILURES, Role
from tests.rooms.core.devices import HERE, Device, question_on
from tests.rooms.core.entrance import COUNTING, PASSWORD, SYSTEM, ann, now, sign_in, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rooms.core.signing_urls")]
ADD = "/accounts/second-factor/passkeys/add/"
PAGE = (
    "{% extends 'core/base.html' %}{% block content %}{% include 'core/_signing.html' %}"
    "{% include 'core/_signatures.html' %}{% endblock %}"
)


@pytest.fixture(autouse=True)
def parties_are_signed(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def named(public_ids: Collection[str]) -> dict[str, dict[str, Any]]:
        return {row.public_id: row.name for row in Party.objects.filter(public_id__in=public_ids)}

    monkeypatch.setitem(registries.signables._entries, "party", registries.Signable(named, named))
    loaders = [("django.template.loaders.locmem.Loader", {"signing_page.html": PAGE})]
    (engine,) = settings.TEMPLATES
    options = {name: value for name, value in engine["OPTIONS"].items() if name != "loaders"}
    kept = ["django.template.loaders.app_directories.Loader"]
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": {**options, "loaders": [*loaders, *kept]}}]
    settings.PASSWORD_HASHERS = COUNTING


@pytest.fixture
def laundry() -> Party:
    """A department that Ann heads."""
    party = add_party(by=SYSTEM, at=now(), party_kind=PartyKind.DEPARTMENT, name={"en": "Laundry"})
    appoint(by=SYSTEM, at=now(), party=party, person=ann(), capacity=Capacity.HEAD)
    return party


def digest_on(page: Any) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page.content.decode())
    assert found is not None
    return found[1]


def sign(browser: Client, party: Party, **given: str) -> Any:
    """The answer to the signing form, with the digest of the page as it was just read unless ``given``."""
    address = f"/sign/{party.public_id}/"
    return browser.post(address, {"digest": given.pop("digest", "") or digest_on(browser.get(address)), **given})


def test_both_components_at_first_and_one_later_and_both_in_the_next_session(laundry: Party) -> None:
    """21 CFR 11.200(a)(1)(i) and (ii)."""
    browser = signed_in()
    page = browser.get(f"/sign/{laundry.public_id}/").content.decode()
    assert 'name="sign_in_name"' in page
    assert 'name="password"' in page
    assert "You sign: <strong>Laundry</strong>" in page
    assert sign(browser, laundry, password=PASSWORD).status_code == 422
    assert sign(browser, laundry, sign_in_name="E-17").status_code == 422
    assert not Signature.objects.exists()
    assert sign(browser, laundry, sign_in_name="ANN@example.org", password=PASSWORD).status_code == 302
    assert Signature.objects.get().means == ["sign_in_name", "password"]
    page = browser.get(f"/sign/{laundry.public_id}/").content.decode()
    assert 'name="sign_in_name"' not in page
    for said in ("Ann Lee", "Approval", "Signed with password or code: sign-in name, password", "holds"):
        assert said in page
    assert sign(browser, laundry).status_code == 422
    assert sign(browser, laundry, password=PASSWORD).status_code == 302
    assert Signature.objects.order_by("pk").last().means == ["password"]  # type: ignore[union-attr]
    again = signed_in()
    assert sign(again, laundry, password=PASSWORD).status_code == 422
    assert Signature.objects.count() == 2


def test_the_second_factor_is_asked_for_too(laundry: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = time.time() // 30 * 30 + 5
    clock = [stopped]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    secret = generate_totp_secret()
    browser = signed_in()
    TOTP.activate(Person.objects.get(sign_in_name="e-17"), secret)

    def code() -> str:
        return format_hotp_value(hotp_value(secret, int(clock[0]) // 30))

    given = {"sign_in_name": "E-17", "password": PASSWORD}
    wrong = sign(browser, laundry, code="000000", **given)
    assert wrong.status_code == 422
    assert "This code is not valid" in wrong.content.decode()
    shown = code()
    assert sign(browser, laundry, code=shown, **given).status_code == 302
    assert Signature.objects.get().means == ["sign_in_name", "password", "code"]
    clock[0] += 30
    assert sign(browser, laundry, password=PASSWORD).status_code == 302


def test_a_passkey_stands_for_the_second_factor(laundry: Party, settings: Any) -> None:
    settings.BASE_URL = HERE
    browser, device, address = signed_in(), Device(), f"/sign/{laundry.public_id}/"
    browser.post(browser.get(ADD)["Location"], {"password": PASSWORD})
    browser.post(ADD, {"name": "Phone", "credential": device.create(question_on(browser.get(ADD).content.decode()))})
    given = {"sign_in_name": "E-17", "password": PASSWORD}
    lacking = sign(browser, laundry, **given)
    assert "A second factor was expected" in lacking.content.decode()
    stranger = Device(id=device.id).get(question_on(lacking.content.decode()))
    assert "No valid passkey was given" in sign(browser, laundry, passkey=stranger, **given).content.decode()
    page = browser.get(address)
    answer = device.get(question_on(page.content.decode()))
    assert sign(browser, laundry, digest=digest_on(page), passkey=answer, **given).status_code == 302
    assert Signature.objects.get().means == ["sign_in_name", "password", "passkey"]
    assert AuditEntry.objects.filter(action="signature.refused").count() == 1
    assert sign(browser, laundry, password=PASSWORD).status_code == 302


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "given",
    [{"sign_in_name": "E-17", "password": "not the password"}, {"sign_in_name": "E-18", "password": PASSWORD},
     {"sign_in_name": "nobody", "password": PASSWORD}],
)  # fmt: skip
def test_nobody_signs_with_what_is_not_his(laundry: Party, given: dict[str, str]) -> None:
    """Also not with the right secrets of somebody else; every wrong try is noted at the record (11.300(d))."""
    ann(sign_in_name="E-18", email="bo@example.org", phone="13800138001", name={"en": "Bo"})
    answer = sign(signed_in(), laundry, **given)
    assert answer.status_code == 422
    assert "is not yours" in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert not Signature.objects.exists()
    noted = AuditEntry.objects.get(action="signature.refused")
    assert (noted.kind, noted.object_id) == ("party", laundry.public_id)
    assert AuditEntry.objects.filter(action="person.sign_in_failed").count() == 1


def test_wrong_tries_lock_as_at_the_sign_in_and_administrators_are_told_at_once(laundry: Party) -> None:
    """21 CFR 11.300(d)."""
    chief = ann(
        Role.ADMINISTRATOR, sign_in_name="E-1", email="a@example.org", phone="13800138002", name={"en": "Chief"}
    )
    browser = signed_in()
    digest = digest_on(browser.get(f"/sign/{laundry.public_id}/"))
    statuses = [
        sign(browser, laundry, digest=digest, sign_in_name="E-17", password=f"wrong {number}").status_code
        for number in range(SIGN_IN_FAILURES + 2)
    ]
    assert statuses == [422] * (SIGN_IN_FAILURES - 1) + [429] * 3
    right = sign(browser, laundry, digest=digest, sign_in_name="E-17", password=PASSWORD)
    assert right.status_code == 429
    assert sign_in().status_code == 429
    assert not Signature.objects.exists()
    assert AuditEntry.objects.filter(action="signature.refused").count() == SIGN_IN_FAILURES
    told = Notification.objects.filter(person=chief, topic="core.signer_locked")
    assert told.count() == 1


def test_b088_what_changed_under_the_signer_is_shown_and_signed_only_when_sent_again(laundry: Party) -> None:
    browser = signed_in()
    read = digest_on(browser.get(f"/sign/{laundry.public_id}/"))
    rename_party(by=SYSTEM, at=now(), party=laundry, name={"en": "Linen service"})
    given = {"sign_in_name": "E-17", "password": PASSWORD}
    answer = sign(browser, laundry, digest=read, **given)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "It was changed meanwhile" in page
    assert "Linen service" in page
    assert not Signature.objects.exists()
    assert digest_on(answer) != read
    assert sign(browser, laundry, digest=digest_on(answer), **given).status_code == 302


def test_sent_twice_it_is_signed_once(laundry: Party) -> None:
    browser = signed_in()
    digest = digest_on(browser.get(f"/sign/{laundry.public_id}/"))
    given = {"digest": digest, "sign_in_name": "E-17", "password": PASSWORD, "submission": "ab" * 16}
    assert sign(browser, laundry, **given).status_code == 302
    assert sign(browser, laundry, **given).status_code == 302
    assert Signature.objects.count() == 1


@pytest.mark.sqlite
def test_who_has_no_secret_of_his_own_is_told_how_to_get_one(laundry: Party, settings: Any) -> None:
    browser = signed_in()
    settings.PASSWORDS_FOR_EVERYBODY = False
    page = browser.get(f"/sign/{laundry.public_id}/").content.decode()
    assert "Set up a second factor" in page
    assert 'name="sign_in_name"' not in page
