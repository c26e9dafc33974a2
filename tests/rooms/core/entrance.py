"""What the tests of signing in share: a person with a password, and browsers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from baton.core import changes
from baton.core.accounts.hashers import PasswordHasher
from baton.core.actors import Actor
from baton.core.models import AuditEntry, Person
from baton.core.rules import Role

SYSTEM = Actor.system("test")
PASSWORD = "seven brown horses"
LOGIN = "/accounts/login/"
INSIDE = "/me/"
NEW_PERSON = {
    "sign_in_name": "E-77", "name_en": "Mo Farah", "name_zh_hans": "莫", "email": "", "phone": "", "language": "en",
    "time_zone": "Europe/London",
}  # fmt: skip


class CountingHasher(PasswordHasher):
    """The real hasher; ``count`` says how often it worked."""

    count = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).count += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        type(self).count += 1
        return super().verify(password, encoded)


class OlderHasher(PasswordHasher):
    """The real hasher, of other parameters."""

    memory_cost = 128


COUNTING = ["tests.rooms.core.entrance.CountingHasher"]


def now() -> datetime:
    return datetime.now(UTC)


def ann(*roles: Role, **fields: Any) -> Person:
    """Ann, staff number E-17, with a mailbox, a phone and a password."""
    given = {
        "sign_in_name": "E-17", "name": {"en": "Ann Lee", "zh-hans": "李安"}, "email": "ann@example.org",
        "phone": "+86 138 0013 8000", "password": PASSWORD,
    } | fields  # fmt: skip
    person = changes.add_person(by=SYSTEM, at=now(), **given)
    for role in roles:
        changes.give_role(by=SYSTEM, at=now(), person=person, role=role)
    return person


def sign_in(name: str = "E-17", password: str = PASSWORD, browser: Client | None = None, **more: Any) -> Any:
    """The answer to a sign-in form that was sent."""
    return (browser or Client()).post(LOGIN, {"login": name, "password": password, **more})


def signed_in(name: str = "E-17", password: str = PASSWORD) -> Client:
    """A browser in which somebody signed in through the form."""
    browser = Client()
    answer = sign_in(name, password, browser)
    assert answer.status_code == 302, answer.content.decode()
    return browser


def is_inside(browser: Client) -> bool:
    """Whether the browser is signed in."""
    return bool(browser.get(INSIDE).status_code == 200)


def actions(person: Person | None = None) -> list[str]:
    """Actions in the audit trail, the oldest first."""
    rows = AuditEntry.objects.filter(object_id=person.public_id) if person else AuditEntry.objects.all()
    return list(rows.order_by("seq").values_list("action", flat=True))


def page(browser: Client, address: str) -> str:
    """The page at ``address``, which there is."""
    answer = browser.get(address)
    assert answer.status_code == 200, address
    text: str = answer.content.decode()
    return text


def hidden(text: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None
    return found[1]
