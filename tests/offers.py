"""What pages offer to somebody: the links that he follows, and the forms with each of their buttons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import etree, html

# Ends the session with which the walk goes on.
NOT_PRESSED = {"/accounts/logout/"}
ASKED = ("a", "form", "button", "select", "option", "input", "textarea")


Form = tuple[str, dict[str, str], list[tuple[str, str]]]
"""(address, fields, names and values of its buttons)"""


class Offers:
    """Links and forms of a page."""

    def __init__(self, address: str) -> None:
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._address = address
        self._form: Form | None = None
        self._select = ""

    def feed(self, page: str) -> None:
        """Parsed by lxml: in Python alone it would take as long as to answer with the page."""
        for event, one in etree.iterwalk(html.document_fromstring(page), events=("start", "end"), tag=ASKED):
            if event == "start":
                self._begin(one.tag, one.attrib)
            else:
                self._end(one.tag)

    def _begin(self, tag: str, given: Mapping[str, str]) -> None:
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = (given.get("action") or self._address, {}, [])
        if self._form is not None:
            self._control(tag, given)

    def _control(self, tag: str, given: Mapping[str, str]) -> None:
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

    def _end(self, tag: str) -> None:
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


@dataclass
class Opened:
    """A page that somebody opened: what answered, what it says and what it offers."""

    address: str
    view: str
    status: int
    text: str
    links: list[str]
    forms: list[Form]


def walk(client: Client, per_view: int, read: set[str]) -> Iterator[Opened]:
    """Every page to which a link leads, of each view the first ``per_view``. Files of the views in ``read`` are asked
    for, but not read to their end; the others are added."""
    to_see, opened, pressed = ["/"], Counter[str](), Counter[str]()
    known = set(to_see)
    while to_see:
        address = to_see.pop(0)
        view = view_of(address)
        if not view or opened[view] >= per_view or address in NOT_PRESSED:
            continue
        opened[view] += 1
        page = _open(client, address, view, read)
        for form in page.forms:
            pressed[view_of(form[0])] += 1
        page.forms = [form for form in page.forms if pressed[view_of(form[0])] <= per_view]
        yield page
        fresh = [link for link in page.links if link not in known]
        known.update(fresh)
        to_see += fresh


def _open(client: Client, address: str, view: str, read: set[str]) -> Opened:
    answer: Any = client.get(address)
    offers, text = Offers(address.partition("#")[0]), ""
    if answer.status_code == 302:
        offers.links.append(answer["Location"])
    elif answer.streaming and view not in read:
        read.add(view)
        answer.getvalue()
    elif not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
        text = answer.content.decode()
        if text.strip():
            offers.feed(text)
    links = [page_link(address, link) for link in offers.links]
    return Opened(address, view, answer.status_code, text, links, offers.forms)


def page_link(address: str, link: str) -> str:
    """A link as an address of this server: ``?order=name`` belongs to the page it stands on."""
    return address.partition("?")[0].partition("#")[0] + link if link[:1] in {"?", "#"} else link


def press(client: Client, form: Form) -> Iterator[tuple[str, int]]:
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
