"""Whoever answers an anonymous survey leaves nothing behind: no session, no cookie, no line in the log, even where his
browser is signed in."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from baton.core.logs import JsonFormatter
from baton.core.models import AuditEntry, Person
from baton.core.untraced import FailuresOnly, UntracedMiddleware, untraced
from tests.rooms.feedback.asked import letters, opened
from tests.rooms.feedback.sheets import one_card
from tests.world import World

SAYS_WHO = {
    "HTTP_COOKIE": "baton=abc; baton-language=zh-hans", "HTTP_USER_AGENT": "Canary/1.0", "HTTP_REFERER": "https://here/",
    "HTTP_ACCEPT_LANGUAGE": "zh-CN", "HTTP_AUTHORIZATION": "Bearer canary", "HTTP_IF_NONE_MATCH": '"canary"',
}  # fmt: skip


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What an installation logs during the test, at the level that says most."""
    lines = StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonFormatter())
    for one in settings.LOGGING["handlers"]["stderr"]["filters"]:
        assert one == "failures_only"
        handler.addFilter(FailuresOnly())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(handler)


def test_it_stands_before_all_others() -> None:
    assert settings.MIDDLEWARE[0] == "baton.core.untraced.UntracedMiddleware"


@pytest.mark.parametrize(
    ("path", "reaches"), [("/s/x/", False), ("/tell/x/", False), ("/surveys/", True), ("/static/s/", True)]
)
def test_nothing_that_says_who_asks_reaches_these_pages_alone(path: str, reaches: bool) -> None:
    seen: dict[str, str] = {}

    def page(request: HttpRequest) -> HttpResponse:
        seen.update({name: str(value) for name, value in request.META.items() if name in SAYS_WHO})
        response = HttpResponse()
        response.set_cookie("left", "behind")
        return response

    answer = UntracedMiddleware(page)(RequestFactory().get(path, **SAYS_WHO))
    assert bool(seen) is reaches
    assert bool(answer.cookies) is reaches
    assert (answer.get("Referrer-Policy") == "no-referrer") is not reaches
    assert (answer.get("Cache-Control") == "no-store") is not reaches
    assert not untraced.get()


@pytest.mark.django_db
def test_signed_in_browser_is_nobody_there(world: World, logged: StringIO) -> None:
    wave = opened(world)
    token = one_card(world, wave)
    browser = world.client(world.chen_jie)
    logged.truncate(0)  # what opening it asked of a worker
    logged.seek(0)
    before = AuditEntry.objects.count()
    seen = Person.objects.get(pk=world.chen_jie.pk).__dict__ | {"_state": None}
    address = f"/s/{wave.public_id}/"
    link = {f"{one.public_id}.on_time": "3" for one in wave.links.all()}
    answers = [
        browser.get(address), browser.post(address, {"code": "wrong"}), browser.post(address, {"code": token}),
        browser.post(address, {"code": token, "send": "1"}), browser.get("/s/2222222222222222/"),
        browser.post(address, {"code": token, "send": "1", **link}), browser.get(f"{address}thanks/"),
        browser.get("/s/sheet.js"), browser.post("/s/sheet.js"), browser.get("/s/no/such/page/"),
    ]  # fmt: skip
    assert [one.status_code for one in answers] == [200, 404, 200, 422, 404, 302, 200, 200, 405, 404]
    for one in answers:
        assert not one.cookies
        assert not one.headers.get("X-Request-Id")
        assert one["Cache-Control"] == "no-store"
        assert one["Referrer-Policy"] == "no-referrer"
        assert "Chen Jie" not in one.content.decode()
    assert logged.getvalue() == ""
    assert AuditEntry.objects.count() == before
    assert Person.objects.get(pk=world.chen_jie.pk).__dict__ | {"_state": None} == seen


@pytest.mark.django_db
def test_who_fetches_his_code_stands_in_no_line(world: World, logged: StringIO) -> None:
    wave = opened(world)
    letters(world, wave)
    browser = world.client(world.chen_jie)
    logged.truncate(0)
    answer = browser.post("/surveys/mine/code/", {"wave": wave.public_id})
    assert answer.status_code == 200
    assert world.chen_jie.public_id not in logged.getvalue()
    assert "/surveys/mine/code/" not in logged.getvalue()


@pytest.mark.django_db
def test_other_pages_of_the_same_browser_go_on_as_before(world: World, logged: StringIO) -> None:
    browser = world.client(world.chen_jie)
    browser.get(f"/s/{opened(world).public_id}/")
    logged.truncate(0)
    assert browser.get("/me/").status_code == 200
    assert world.chen_jie.public_id in logged.getvalue()


def test_failure_is_logged_with_its_day_alone() -> None:
    record = logging.LogRecord("baton.test", logging.ERROR, __file__, 1, "failed", (), None)
    token = untraced.set(True)
    try:
        line = json.loads(JsonFormatter().format(record))
        assert FailuresOnly().filter(record)
        assert not FailuresOnly().filter(logging.LogRecord("x", logging.WARNING, __file__, 1, "no", (), None))
    finally:
        untraced.reset(token)
    assert len(line["at"]) == len("2026-11-23")
    assert "request" not in line
    assert FailuresOnly().filter(logging.LogRecord("x", logging.INFO, __file__, 1, "yes", (), None))


@pytest.mark.django_db
def test_forms_of_other_sites_need_the_code_too(world: World) -> None:
    """There is no token against forgery, which would be a cookie: without the code nothing can be handed in."""
    wave = opened(world)
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "https://elsewhere.example"})
    answer = strict.post(f"/s/{wave.public_id}/", {"code": one_card(world, wave)})
    assert answer.status_code == 200
    assert strict.post(f"/s/{wave.public_id}/", {"send": "1"}).status_code == 404
