"""In a browser on a phone: the laundry hands over, the nurse accepts all except two sheets, and says why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from baton.handoffs import changes
from baton.handoffs.rules import Quantities
from tests import world as hospital
from tests.browser import axe
from tests.browser.test_chain import enter
from tests.browsers import Reported
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


def test_from_the_laundry_to_the_ward_on_a_phone(
    page: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    at = datetime.now(UTC)
    sheets = changes.LineGiven(name="Sheets", unit="pc", quantities=Quantities(ordered=Decimal(100)))
    changes.request_handoff(
        by=world.actor(world.chen_jie), at=at, link=world.laundry_ward, due_at=at + timedelta(hours=2),
        reference="W3-11", lines=[sheets],
    )  # fmt: skip
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, live_baton, world, "gao_ming")
    page.goto(f"{live_baton.url}/handoffs/today/")
    assert axe.violations(page) == []
    page.get_by_role("link", name="Hand over HO-").click()
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Nothing is open")).to_be_visible()
    page.context.clear_cookies()
    enter(page, live_baton, world, "chen_jie")
    page.goto(f"{live_baton.url}/handoffs/today/")
    accept = page.get_by_role("button", name="Accept HO-")
    box = accept.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    page.get_by_role("link", name="All except").click()
    page.get_by_label("Goes back").fill("2")
    page.get_by_role("button", name="Accept all except").click()
    expect(page.get_by_text("Say what you see").first).to_be_visible()
    browser_errors.provoked(422)  # a form that is to be mended
    page.get_by_label("What is wrong with it").fill("Torn")
    page.get_by_role("button", name="Accept all except").click()
    page.get_by_role("link", name="Torn").click()
    expect(page.get_by_text("Accepted in part").first).to_be_visible()
    assert axe.violations(page) == []


def test_a_hand_in_a_glove_calls_and_somebody_comes(
    page: Page, browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    point = changes.add_call_point(
        by=world.actor(world.zhao_lei), at=datetime.now(UTC), link=world.laundry_ward, name="Bed 12"
    )
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, live_baton, world, "chen_jie")
    page.goto(f"{live_baton.url}/handoffs/points/{point.public_id}/")
    assert axe.violations(page) == []
    button = page.get_by_role("button", name="Call Laundry")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 300
    assert box["width"] >= 340
    button.click()
    expect(page.get_by_text("Laundry has been told.")).to_be_visible()
    assert axe.violations(page) == []
    page.context.clear_cookies()
    enter(page, live_baton, world, "gao_ming")
    page.goto(f"{live_baton.url}/")
    with page.expect_navigation():
        page.get_by_role("navigation", name="Main, short").get_by_role("link", name="Today").click()
    page.goto(f"{live_baton.url}/handoffs/calls/")
    expect(page.get_by_text("1 call waits for somebody.")).to_be_visible()
    assert axe.violations(page) == []
    here = page.get_by_role("button", name="I am here Bed 12")
    box = here.bounding_box()
    assert box is not None
    assert box["height"] >= 56
    here.click()
    page.get_by_role("button", name="It is fixed Bed 12").click()
    expect(page.get_by_text("Fixed, to be confirmed")).to_be_visible()


def test_the_board_renews_itself(page: Page, browser_errors: Reported, live_baton: LiveBaton, world: World) -> None:
    point = changes.add_call_point(
        by=world.actor(world.zhao_lei), at=datetime.now(UTC), link=world.laundry_ward, name="Bed 14"
    )
    enter(page, live_baton, world, "gao_ming")
    page.goto(f"{live_baton.url}/handoffs/calls/")
    expect(page.get_by_text("Bed 14")).to_have_count(0)
    changes.call_from(by=world.actor(world.chen_jie), at=datetime.now(UTC), point=point)
    expect(page.get_by_text("Bed 14").first).to_be_visible(timeout=90_000)
