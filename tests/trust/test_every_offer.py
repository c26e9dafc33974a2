"""What a page offers may be done: everybody of the demonstration follows his links and presses his buttons.

Of each view the first page that is offered is opened, and of those who are nothing but heads or members of a department
a few follow their links; with ``--exhaustive`` everybody does and three pages are opened. Forms
are sent as they stand, in a transaction that is rolled back. A form that is to be filled in first may answer that
something is missing (422); it may not answer that the sender is not allowed (403), or that there is no such address
(404, 405).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import Resolver404, resolve

from baton.chain import changes
from baton.chain.models import EventLog
from baton.chain.rules import LogState
from baton.core.actors import Actor
from baton.core.models import Person
from baton.starters.changes import load_demo
from baton.starters.rules import HOSPITAL
from tests.exhaustive import shortly
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DEAD = {403, 404, 405, 429}
# Ends the session with which the walk goes on.
NOT_PRESSED = {"/accounts/logout/"}
# Heads who stand as others do: of the ward (with members), of the laundry and of nursing (with parties below).
LIKE_OTHER_HEADS = {"lab", "pharmacy", "logistics", "medical", "imaging", "cssd", "admission"}
# A member who stands as the nurse does; the washer is one of those who serve her.
LIKE_THE_NURSE = {"porter"}


class Offers(HTMLParser):
    """Links and forms of a page; a form as (address, fields, names and values of its buttons)."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, str], list[tuple[str, str]]]] = []
        self._address = address
        self._form: tuple[str, dict[str, str], list[tuple[str, str]]] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = (given.get("action") or self._address, {}, [])
        if self._form is not None:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        _address, fields, buttons = self._form
        name = given.get("name", "")
        if tag == "button" and given.get("type", "submit") == "submit":
            buttons.append((name, given.get("value", "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and (self._select not in fields or "selected" in given):
            fields[self._select] = given.get("value", "")
        elif tag in {"input", "textarea"} and name and given.get("type") not in {"checkbox", "radio", "file"}:
            fields[name] = given.get("value", "")
        elif given.get("type") in {"checkbox", "radio"} and "checked" in given:
            fields[name] = given.get("value", "on")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "form" and self._form is not None:
            self.forms.append(self._form)
            self._form = None


def view_of(address: str) -> str:
    """Name of the view that answers; empty for static files and other sites."""
    path = address.partition("?")[0].partition("#")[0]
    if not path.startswith("/") or path.startswith(("//", "/static/")):
        return ""
    try:
        return resolve(path).view_name
    except Resolver404:
        return "no such address"


def walk(client: Client, per_view: int) -> Iterator[tuple[str, int, Offers]]:
    """(address, status, what its page offers): every link that is offered, of each view the first ``per_view``."""
    to_see, opened, pressed = ["/"], Counter[str](), Counter[str]()
    known = set(to_see)
    while to_see:
        address = to_see.pop(0)
        view = view_of(address)
        if not view or opened[view] >= per_view or address in NOT_PRESSED:
            continue
        opened[view] += 1
        answer: Any = client.get(address)
        page = Offers(address.partition("#")[0])
        if answer.status_code == 302:
            page.links.append(answer["Location"])
        elif answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            page.feed(answer.content.decode())
        elif answer.streaming:
            answer.getvalue()
        page.links = [page_link(address, link) for link in page.links]
        for form in page.forms:
            pressed[view_of(form[0])] += 1
        page.forms = [form for form in page.forms if pressed[view_of(form[0])] <= per_view]
        yield address, answer.status_code, page
        fresh = [link for link in page.links if link not in known]
        known.update(fresh)
        to_see += fresh


def page_link(address: str, link: str) -> str:
    """A link as an address of this server: ``?order=name`` belongs to the page it stands on."""
    return address.partition("?")[0].partition("#")[0] + link if link[:1] in {"?", "#"} else link


def press(client: Client, form: tuple[str, dict[str, str], list[tuple[str, str]]]) -> Iterator[tuple[str, int]]:
    """Send the form with each of its buttons once; what it wrote is taken back."""
    address, fields, buttons = form
    for name, value in dict.fromkeys(buttons or [("", "")]):
        with ExitStack() as taken_back:
            for alias in connections:
                taken_back.enter_context(transaction.atomic(using=alias))
            answer = client.post(address, {**fields, **({name: value} if name else {})})
            for alias in connections:
                transaction.set_rollback(True, using=alias)
        yield f"POST {address} {name}={value}", answer.status_code


@pytest.fixture
def demonstration(db: None, settings: Any) -> None:
    """The hospital, with a log in each of the states in which its page differs."""
    settings.DEMO = True
    by, at = Actor.system("test"), datetime.now(UTC)
    load_demo(at=at)
    for state in (LogState.UPLOADED, LogState.FAILED, LogState.READING, LogState.MINED):
        content = f"case,team,time\n1,{state},2026-03-01T08:00:00Z\n1,Laundry,2026-03-01T09:00:00Z\n".encode()
        log = changes.bring_event_log(by=by, at=at, file_name=f"{state}.csv", chunks=[content])
        columns = {"case": "case", "party": "team", "time": "time", "activity": None, "party_kind": "team",
                   "missing": [], "allow_persons": False}  # fmt: skip
        EventLog.objects.filter(pk=log.pk).update(state=state, columns=columns)


def dead_offers(person: Person, per_view: int) -> list[str]:
    client = World.client(person)
    client.raise_request_exception = False
    found = []
    came_from: dict[str, str] = {}
    for address, status, page in walk(client, per_view):
        for link in page.links:
            came_from.setdefault(link, address)
        if status in DEAD or status >= 500:
            found.append(f"{person.sign_in_name}: {status} {address} (offered on {came_from.get(address)})")
        for form in page.forms:
            if form[0] in NOT_PRESSED:
                continue
            for said, answered in press(client, form):
                if answered in DEAD or answered >= 500:
                    found.append(f"{person.sign_in_name}: {answered} {said} (offered on {address})")
    return found


@pytest.mark.slow
def test_nobody_is_offered_what_he_may_not_do(demonstration: None) -> None:
    found, per_view = [], shortly(1, 3)
    names = [one.sign_in_name for one in HOSPITAL]
    assert {one.sign_in_name for one in HOSPITAL if one.heads and one.role is None} > LIKE_OTHER_HEADS
    for name in names if per_view > 1 else [name for name in names if name not in LIKE_OTHER_HEADS | LIKE_THE_NURSE]:
        found += dead_offers(Person.objects.get(sign_in_name=name), per_view)
    assert not found, "\n".join(found)
