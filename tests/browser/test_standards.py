"""In a browser: a nurse on a phone sees what her leader promised and kept, a head finds links without an agreement."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from baton.agreements.changes import leaders
from baton.agreements.rules import Side
from baton.chain.changes import promise_to_staff
from baton.chain.models import Link
from tests import world as hospital
from tests.browser import axe
from tests.browser.test_chain import enter
from tests.rooms.agreements.test_signing import sign
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


def kept(world: World) -> None:
    """The head nurse promised the roster for today, signed it, and kept it."""
    at, by = datetime.now(UTC), world.actor(world.wang_fang)
    words = {"en": "The roster hangs two weeks ahead"}
    post = promise_to_staff(by=by, at=at, party=world.ward, post={"en": "Head nurse"}, promises=[words])
    link = Link.objects.get(supplier=post)
    promise = leaders.promise_staff(by=by, at=at, link=link, words=words, due_on=at.date())
    sign(world, promise.agreement.versions.get(), world.wang_fang, Side.SUPPLIER, at=at)
    leaders.fulfil_promise(by=by, at=at, promise=promise, note="It hangs by the door")


def test_the_staff_see_what_was_kept_and_a_head_begins_where_nothing_is_agreed(
    page: Page, browser_errors: list[str], live_baton: LiveBaton, world: World
) -> None:
    kept(world)
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, live_baton, world, "chen_jie")
    page.goto(f"{live_baton.url}/")
    expect(page.get_by_text("It hangs by the door")).to_be_visible()
    page.get_by_role("button", name="I have seen it").click()
    expect(page.get_by_role("heading", name="The roster hangs two weeks ahead")).to_be_visible()
    expect(page.get_by_role("button", name="I have seen it")).to_have_count(0)
    assert axe.violations(page) == []
    page.context.clear_cookies()
    enter(page, live_baton, world, "zhao_lei")
    page.goto(f"{live_baton.url}/")
    short = page.get_by_role("navigation", name="Main, short")
    short.get_by_text("More").click()
    assert axe.violations(page) == []
    short.get_by_role("link", name="Coverage of standards").click()
    expect(page.get_by_role("navigation", name="Promises").locator("[aria-current=page]")).to_have_text(
        "Coverage of standards"
    )
    assert axe.violations(page) == []
    page.get_by_role("link", name="Laundry", exact=True).click()
    expect(page.get_by_text("links have an agreement in force").first).to_be_visible()
    page.get_by_role("button", name="Begin the agreement").first.click()
    expect(page.get_by_text("The agreement is begun")).to_be_visible()
