"""A review meeting in a browser: talked over on a phone, decided, closed; and the plan that both sides write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from baton.agreements.changes import agenda, reviews
from tests import world as hospital
from tests.browser import axe
from tests.browser.test_chain import enter
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


def begun(world: World) -> str:
    """The address of a review that began an hour ago, with a point of its own."""
    by, before = world.actor(world.zhao_lei), datetime.now(UTC) - timedelta(hours=2)
    first, last = before + timedelta(hours=1), before + timedelta(hours=5)
    meeting = reviews.plan_meeting(by=by, at=before, link=world.laundry_ward, starts_at=first, ends_at=last)
    agenda.add_item(by=by, at=before, meeting=meeting, title="The second lift")
    return f"/agreements/reviews/{meeting.public_id}/"


def decide(page: Page) -> None:
    """Write minutes under a point, and note who sees to what."""
    point = page.get_by_role("listitem").filter(has_text="The second lift").first
    point.get_by_label("Minutes").fill("It stands still since July.")
    point.get_by_role("button", name="Save minutes").click()
    expect(page.get_by_text("It stands still since July.").first).to_be_visible()
    page.get_by_role("link", name="Note a decision", exact=True).click()
    page.get_by_label("What was decided").fill("Repair the lift")
    page.get_by_label("Who sees to it").select_option(label="Zhao Lei")
    page.get_by_label("Until").fill((datetime.now(UTC).date() + timedelta(days=20)).isoformat())
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Repair the lift")).to_be_visible()


def test_a_review_is_minuted_and_closed_and_the_plan_is_begun(
    page: Page, browser_errors: list[str], live_baton: LiveBaton, world: World
) -> None:
    address = begun(world)
    enter(page, live_baton, world, "zhao_lei")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_baton.url + address)
    decide(page)
    assert axe.violations(page) == []
    page.get_by_role("link", name="Note who came").click()
    page.get_by_label("Zhao Lei").select_option(label="Present")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Close the meeting").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("its minutes stand still").first).to_be_visible()
    expect(page.get_by_role("link", name="Sign for Laundry")).to_be_visible()
    assert axe.violations(page) == []
    page.goto(f"{live_baton.url}/links/{world.laundry_ward.public_id}/")
    page.get_by_role("button", name="Begin a joint quality plan").click()
    page.get_by_role("link", name="Add a goal").first.click()
    page.get_by_label("What the outside customer gets (English)").fill("Patients sleep in clean beds")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Patients sleep in clean beds")).to_be_visible()
    assert axe.violations(page) == []
    page.goto(f"{live_baton.url}/")
    expect(page.get_by_role("link", name="Repair the lift")).to_be_visible()
