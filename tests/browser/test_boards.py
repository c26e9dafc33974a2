"""In a browser: the board, the wall screen of somebody signed in and of a shared tablet, and how a path is chosen that
is to be measured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from baton.core.middleware import SEEN
from baton.core.rules import SESSION_IDLE
from baton.handoffs import changes
from baton.handoffs.models import MeasuredPath
from tests import world as hospital
from tests.browser import axe
from tests.browser.test_chain import enter
from tests.browser.test_shared_tablet import register
from tests.browsers import DESKTOP, PHONE, Reported, open_page
from tests.rooms.handoffs.made import SHEETS
from tests.rooms.handoffs.test_paths import walked
from tests.servers import LiveBaton
from tests.world import SYSTEM, World

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)
RENEWS = 21_000
"""Milliseconds of the page's clock after which it has asked for itself once more."""


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["390", "1280"])
def screen(request: pytest.FixtureRequest, browser: Browser, browser_errors: Reported) -> Iterator[Page]:
    """A page at both widths, whose clock the test turns."""
    with open_page(browser, request.param, browser_errors) as opened:
        opened.clock.install()
        yield opened


def asked(world: World, reference: str, due: timedelta) -> None:
    at = datetime.now(UTC)
    changes.request_handoff(
        by=world.actor(world.chen_jie), at=at, link=world.laundry_ward, requested_at=at - 5 * HOUR, due_at=at + due,
        reference=reference, lines=[SHEETS],
    )  # fmt: skip


def grow_idle(page: Page) -> None:
    """Nobody has touched anything for longer than a sign-in lasts without use."""
    (key,) = (cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "baton")
    stored = Session.objects.get(session_key=key)
    said = stored.get_decoded()
    said[SEEN] -= SESSION_IDLE.total_seconds() + 60
    stored.session_data = Session.objects.encode(said)
    stored.save()


def test_a_team_in_front_of_its_board(screen: Page, live_baton: LiveBaton, world: World) -> None:
    asked(world, "LATE-1", -HOUR)
    enter(screen, live_baton, world, "zhao_lei")
    screen.goto(f"{live_baton.url}/handoffs/board/")
    board = screen.get_by_role("region", name="Due soon or late")
    expect(board.get_by_text("late by 1.0 h").first).to_be_visible()
    assert axe.violations(screen) == []
    screen.get_by_label("Party").select_option("Ward 3")
    screen.get_by_role("button", name="Filter").click()
    expect(screen.get_by_role("link", name="LATE-1").first).to_be_visible()
    screen.get_by_role("link", name="LATE-1").first.click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Clean linen")
    screen.go_back()
    screen.get_by_role("link", name="Wall screen").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Ward 3")
    for colours in ("light", "dark"):
        screen.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        assert axe.violations(screen) == []
    screen.get_by_role("link", name="Leave the wall").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Board")


def test_a_wall_screen_renews_itself_says_when_it_is_old_and_when_nobody_uses_it(
    screen: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    enter(screen, live_baton, world, "zhao_lei")
    screen.goto(f"{live_baton.url}/handoffs/board/?wall=1")
    width = (screen.viewport_size or DESKTOP)["width"]
    asked(world, f"NEW-{width}", 2 * HOUR)
    expect(screen.get_by_text(f"NEW-{width}")).to_have_count(0)
    screen.clock.run_for(RENEWS)
    expect(screen.get_by_text(f"NEW-{width}")).to_be_visible()
    browser_errors.provoked("ERR_FAILED", "htmx:sendError", "htmx:afterRequest")
    screen.route("**/handoffs/board/columns/**", lambda route: route.abort())
    screen.clock.run_for(RENEWS)
    expect(screen.get_by_text("The server does not answer")).to_be_visible()
    expect(screen.get_by_text(f"NEW-{width}")).to_be_visible()
    assert axe.violations(screen) == []
    screen.unroute("**/handoffs/board/columns/**")
    screen.clock.run_for(RENEWS)
    expect(screen.get_by_text("The server does not answer")).to_be_hidden()
    grow_idle(screen)
    screen.clock.run_for(RENEWS)
    expect(screen.get_by_text("You were signed out after half an hour without use.")).to_be_visible()
    assert screen.url.endswith("/accounts/login/?next=%2Fhandoffs%2Fboard%2F%3Fwall%3D1"), screen.url


def test_a_shared_tablet_is_a_wall_screen_that_stays(screen: Page, live_baton: LiveBaton, world: World) -> None:
    width = (screen.viewport_size or DESKTOP)["width"]
    register(screen, live_baton, world)
    screen.context.clear_cookies(name="baton")
    screen.get_by_role("link", name="Wall screen").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Ward 3")
    assert axe.violations(screen) == []
    asked(world, f"TABLET-{width}", HOUR)
    screen.clock.run_for(RENEWS)
    expect(screen.get_by_text(f"TABLET-{width}")).to_be_visible()
    screen.get_by_role("link", name="Leave the wall").click()
    expect(screen.get_by_role("link", name="Wall screen")).to_be_visible()


def test_a_path_is_chosen_and_measured(screen: Page, live_baton: LiveBaton, world: World) -> None:
    if not MeasuredPath.objects.exists():
        walked(world, 12)
    enter(screen, live_baton, world, "zhao_lei")
    screen.goto(f"{live_baton.url}/handoffs/paths/")
    screen.get_by_role("link", name="Measure a path").first.click()
    assert axe.violations(screen) == []
    screen.locator("select[name=start]").select_option("LinenCo")
    screen.locator("select[name=end]").select_option("Ward 3")
    screen.get_by_role("button", name="Find the way").click()
    measure = screen.get_by_role("button", name="Measure this path")
    box = measure.first.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert axe.violations(screen) == []
    measure.first.click()
    expect(screen.get_by_role("heading", level=1)).to_contain_text("LinenCo")
    changes.refresh_paths(by=SYSTEM, at=datetime.now(UTC) + HOUR)
    screen.reload()
    expect(screen.get_by_role("heading", name="Where the time goes")).to_be_visible()
    assert axe.violations(screen) == []
    by = world.actor(world.zhao_lei)
    for path in MeasuredPath.objects.filter(ended_at=None):
        changes.end_path(by=by, at=datetime.now(UTC), path=path, links=[world.linenco_laundry, world.laundry_ward])
