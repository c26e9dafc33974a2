"""No request makes the server fail: odd addresses, query parameters and forms are answered, never with 5xx.

Every route is opened by somebody who may open it, with values that no browser sends: numbers beyond every column, NUL,
text of 100 kB, markup, bytes that are no text. PostgreSQL refuses several of them where SQLite does not.

In the whole run one database is asked for one half of the addresses and the other for the other; lists, which read
most parameters, are asked on both for some turns of the odd values. ``--exhaustive`` asks each for everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from tests.exhaustive import exhaustive, shortly
from tests.world import World

if TYPE_CHECKING:
    from baton.chain.models import EventLog

pytestmark = pytest.mark.django_db

HUGE = str(10**30)
ENDLESS = "9" * 5000
NUL = "a\x00b"
MARKUP = "<script>alert(1)</script>"
LONG = "x" * 100_000
WORDS = "\ufdfa" * 200  # one character that stands for four words when it is folded
ODD = (
    "-1", "0", HUGE, ENDLESS, f"-{'9' * 400}", "1e400", "²", NUL, MARKUP, LONG, WORDS, "\udcff", "2026-02-30",
    "0001-01-01",
)  # fmt: skip

# Every query parameter that a page reads, and some that none does.
PARAMETERS = (
    "page", "order", "q", "state", "party", "kind", "source", "health", "ended", "search", "at_least", "finding",
    "show", "match", "rules", "supplier", "customer", "under", "record", "by", "action", "before", "role", "done",
    "next", "step", "all", "pair", "language", "view", "after", "criticality", "stage", "need", "project", "output",
    "holder", "partner", "level", "open", "rows", "columns", "detector", "start", "end", "person", "way", "parts",
    "list", "query", "saved", "sheet", "format", "field",
)  # fmt: skip

# What an odd form fills in, beside the fields that the page's own form has.
FIELDS = (
    "name_en", "name_zh_hans", "output_en", "output_zh_hans", "sign_in_name", "email", "phone", "language", "time_zone",
    "party_kind", "parent", "person", "code", "began_on", "ended_on", "reason", "capacity", "scope", "note", "supplier",
    "customer", "output_kind", "version", "submission", "role", "on", "case", "party", "time", "activity", "zone",
    "missing", "missing_more", "value", "pair", "all", "at_least", "step", "measure", "day", "next", "login",
    "password", "again", "password1", "password2", "oldpassword",
)  # fmt: skip

# Which of the odd values a list is asked for: every third.
TURNS = shortly(3, 1)

CALLS = "/api/v1/"
DOCUMENT = f"{CALLS}openapi.json"
LISTS = (
    "/parties/", "/parties/export.csv", "/links/", "/links/export.csv", "/people/", "/audit/", "/components/progress/",
    "/monitoring/signals/",
)  # fmt: skip


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, prefix + str(entry.pattern))
        else:
            yield "/" + (prefix + str(entry.pattern)).replace("^", "")


def addresses(world: World, log: EventLog | None = None, odd: str = "") -> list[str]:
    """Every address once, with the ids of records that exist, or with ``odd`` in the place of every id.

    Of calls of the API it is one with each kind of address: without a token all are refused at one door, before what
    was sent is read. What is sent with a token stands in tests/rooms/api/test_bad_calls.py.
    """
    every = list(routes(list(get_resolver().url_patterns)))
    calls = [route for route in every if route.startswith(CALLS) and route != DOCUMENT]
    one_of_each = {tuple(re.findall(r"<(\w+):", route)): route for route in calls}
    left_out = set(calls) - set(one_of_each.values())
    return [_filled(route, world, log, odd) for route in every if route not in left_out]


def _filled(route: str, world: World, log: EventLog | None, odd: str) -> str:
    record: Any = world.chen_jie
    for beginning, found in (
        ("/parties/", world.ward), ("/links/", world.laundry_ward), ("/outputs/", world.laundry_ward.output),
        ("/accounts-of/", world.linenco), ("/discussions/", world.laundry_ward), ("/discovery/", log),
    ):  # fmt: skip
        if route.startswith(beginning) and found is not None:
            record = found
    parts = route.split("(?P")[0].split("/")
    if route.startswith("/monitoring/panel/"):
        record = world.laundry_ward
    values = {"<int:seq>": odd or "1", "<slug:kind>": odd or "link"}
    return "/".join(values.get(part, odd or record.public_id) if part[:1] == "<" else part for part in parts)


@pytest.fixture
def log(world: World) -> EventLog:
    """An event log that was read: its pages show pairs and names."""
    from tests.rooms.chain.test_event_logs import bring, mine

    client = world.client(world.lin_mei)
    return mine(client, bring(client))


def client_for(world: World, address: str) -> Client:
    """A browser of somebody who may open the page: the administrator for people, else the quality manager."""
    client = world.client(world.sun_yan if address.startswith(("/people/", "/components/")) else world.lin_mei)
    client.raise_request_exception = False
    return client


def failure(client: Client, address: str, data: dict[str, Any] | None = None) -> str:
    """What was answered with 5xx; empty when the answer was another one."""
    with transaction.atomic():  # PostgreSQL: what breaks one request must not break the next
        answer = client.get(address) if data is None else client.post(address, data)
        if answer.streaming:
            answer.getvalue()
        if answer.status_code >= 500:
            transaction.set_rollback(True)
            return f"{answer.status_code} {address[:120]}"
    return ""


def of_this_database(every: list[str]) -> list[tuple[int, str]]:
    """(place, address): every other address, on PostgreSQL those that SQLite leaves out."""
    first = int(connection.vendor == "postgresql")
    return list(enumerate(every))[slice(first, None, 2) if not exhaustive() else slice(None)]


def query(first: int) -> str:
    """Every parameter with an odd value, another one for each, beginning with number ``first``."""
    values = (ODD[(first + place) % len(ODD)] for place in range(len(PARAMETERS)))
    pairs = zip(PARAMETERS, values, strict=True)
    return "&".join(f"{name}={quote(odd, errors='surrogateescape')}" for name, odd in pairs)


@pytest.mark.slow
def test_odd_query_parameters(world: World, log: EventLog) -> None:
    """Every page with odd values in all its parameters; lists, which read most of them, with each in turn."""
    broken = [
        failure(client_for(world, address), f"{address}?{query(place)}")
        for place, address in of_this_database(addresses(world, log))
    ]
    for turn, address in enumerate((*LISTS, f"/discovery/{log.public_id}/", f"/discovery/{log.public_id}/names/")):
        client = client_for(world, address)
        broken += [failure(client, f"{address}?{query(first)}") for first in range(turn % TURNS, len(ODD), TURNS)]
    assert list(filter(None, broken)) == []


@pytest.mark.parametrize("odd", [HUGE, "%00", pytest.param("x" * 2000, marks=pytest.mark.sqlite)])
def test_odd_addresses(world: World, odd: str) -> None:
    """Ids that no record has, in every address that carries one; of those at which no page is, one.

    That a long one is on no record both databases say alike, as of one of thirty-one digits.
    """
    every = sorted(set(addresses(world, odd=odd)) - set(addresses(world)))
    asked = [*filter(leads_somewhere, every), *[address for address in every if not leads_somewhere(address)][:1]]
    assert list(filter(None, (failure(client_for(world, address), address) for address in asked))) == []


def leads_somewhere(address: str) -> bool:
    """Whether a view looks at the address: all others get the same page, whatever stands in them."""
    try:
        resolve(unquote(address))
    except Resolver404:
        return False
    return True


@pytest.mark.slow
def test_odd_forms(world: World, log: EventLog) -> None:
    """Every form with odd values in all its fields, another one for each."""
    broken = []
    for place, address in of_this_database(addresses(world, log)):
        if address == "/accounts/logout/":
            continue
        sent = {name: ODD[(place + number) % len(ODD)] for number, name in enumerate(FIELDS)}
        sent = {name: value.encode(errors="surrogateescape").decode(errors="replace") for name, value in sent.items()}
        broken.append(failure(client_for(world, address), address, sent))
    assert list(filter(None, broken)) == []
