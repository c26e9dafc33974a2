"""Every address says who may open it, and none that is opened with GET writes.

A view carries ``@guarded(...)`` or ``@public`` (baton.core.guards). What a public view shows to everybody is looked at
by people: the list of public routes stands here and grows only on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.urls.resolvers import RegexPattern

from baton.core import changes
from baton.core.guards import TOKEN, guarded, policy_of, public
from tests.exhaustive import exhaustive
from tests.world import NOON, SYSTEM, World

VOLATILE = {"django_session", "baton_cache", "axes_accessattempt", "core_tokenuse"}

PUBLIC = {
    # says nothing that the published source does not say
    "api:openapi",
    # a monitor has no sign-in
    "core:health",
    # sample data; refuses all but administrators outside developer's mode
    "core:components",
    "core:component_progress",
    # a page whose reader was signed out gets the token of the next sign-in
    "core:token",
    # somebody outside who was asked to do something: its address and a code are the right to it
    "core:task",
    # who takes part in a workshop needs no sign-in: the address or the code on the wall is the right to it
    *(f"workshop:{name}" for name in ("enter", "phone", "wall", "join", "write", "take_back", "sort", "vote")),
    # who answers an anonymous survey needs no sign-in, and none counts there: the code is the right to it
    *(f"sheet:{name}" for name in ("first", "kiosk", "thanks", "script")),
    # anybody tells something where the quality manager has opened a page for it; nothing is read there
    "tell:form",
    "tell:thanks",
    # a shared tablet knows no sign-in: its cookie is the right to see its team's day, PIN or badge the right to a step
    "tablet:today",
    "tablet:board",
    "tablet:step",
    "tablet:call",
    "tablet:call_step",
    "tablet:tally",
    # calendar programs have no sign-in; the address, which nobody can guess, is the right to read
    "core:calendar_feed",
    # customers read how a service goes before a door or a counter; the supplier publishes it, and takes it down
    "agreements:published",
    # whoever cannot sign in yet
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_with_code",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "openid_connect_login",
    "openid_connect_callback",
    "set_language",
}


def routes(
    patterns: list[URLPattern | URLResolver], namespace: str = "", prefix: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """(name with namespace, path, pattern) of every route."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry.url_patterns, inner, prefix + str(entry.pattern))
        else:
            yield f"{namespace}{entry.name}", prefix + str(entry.pattern), entry


def undecided(patterns: list[URLPattern | URLResolver]) -> list[str]:
    """Routes whose view says nothing about who may open it."""
    return sorted(name for name, _path, route in routes(patterns) if policy_of(route.callback) is None)


def all_routes() -> list[URLPattern | URLResolver]:
    return list(get_resolver().url_patterns)


def test_every_route_says_who_may_open_it() -> None:
    assert undecided(all_routes()) == []


def test_public_routes_are_the_listed_ones() -> None:
    found = {name for name, _path, route in routes(all_routes()) if policy_of(route.callback) == "public"}
    assert found == PUBLIC


def test_planted_route_is_noticed() -> None:
    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    planted: list[URLPattern | URLResolver] = [
        path("bare/", bare, name="bare"),
        path("all/", public(lambda request: HttpResponse()), name="all"),
        path("some/", guarded()(lambda request: HttpResponse()), name="some"),
    ]
    assert undecided(planted) == ["bare"]


@pytest.mark.django_db
def test_a_stranger_is_asked_to_sign_in_everywhere_else(client: Client) -> None:
    opened = {}
    for name, route_path, route in routes(all_routes()):
        if policy_of(route.callback) == "public":
            continue
        answer = client.get(_sample(route_path, route))
        if policy_of(route.callback) == TOKEN and answer.status_code in {401, 405}:
            continue  # tests/rooms/api looks at each of them
        if answer.status_code != 405 and not (
            answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
        ):
            opened[name] = answer.status_code
    assert opened == {}


def test_guest_sees_no_page_of_the_organisation(world: World) -> None:
    """A guest opens his own pages and what is shared with him, which the queries decide record by record."""
    guest = world.client(world.tom_reed)
    for address in ("/people/", "/audit/", "/map/", "/links/", "/discovery/"):
        assert guest.get(address).status_code == 403, address


def _sample(route_path: str, route: URLPattern) -> str:
    if isinstance(route.pattern, RegexPattern):
        return "/" + route_path.replace("^", "").split("(?P")[0]
    parts = [("1" if part.startswith("<int:") else "x") if part[:1] == "<" else part for part in route_path.split("/")]
    return "/" + "/".join(parts)


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that change rows of the records while the block runs. Sessions and counters stand elsewhere, or
    in tables that may be lost."""
    found: list[str] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql[:6].upper() in {"INSERT", "UPDATE", "DELETE"} and not VOLATILE & set(sql.replace('"', " ").split()):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


def test_no_get_writes(world: World) -> None:
    """The quality manager opens every page with GET, the administrator those that he alone may open, or with
    ``--exhaustive`` all; the records stay as they are."""
    opened: set[str] = set()
    every = list(routes(all_routes()))
    # Without a token all calls of the API are refused at one door: three stand for them.
    calls = [route for _name, _path, route in every if policy_of(route.callback) == TOKEN]
    for person in (world.lin_mei, world.sun_yan):
        browser = world.client(person)
        for name, route_path, _route in (one for one in every if one[2] not in calls[3:]):
            if route_path in opened and not exhaustive():
                continue
            with written() as statements:
                answer = browser.get(_real(route_path, world))
            assert statements == [], f"GET of {name} wrote"
            opened |= {route_path} if answer.status_code == 200 else set()
    assert len(opened) > 30


def test_planted_write_is_noticed(world: World) -> None:
    with written() as statements:
        changes.edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, language="zh-hans")
    assert statements


def _real(route_path: str, world: World) -> str:
    """The address with the id of a record that exists, where the test world has one of the kind."""
    record = world.chen_jie
    if route_path.startswith("parties/"):
        record = world.ward
    elif route_path.startswith("links/"):
        record = world.laundry_ward
    numbers = {part: "1" for part in route_path.split("/") if part.startswith("<int:")}
    parts = [numbers.get(part) or (record.public_id if part[:1] == "<" else part) for part in route_path.split("/")]
    return "/" + "/".join(parts).replace("^", "").split("(?P")[0]
