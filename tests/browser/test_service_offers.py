"""A service offer in a browser: a step is written, the draft signed and proposed, published, and read by a stranger."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from baton.agreements import changes
from baton.agreements.changes import offers
from tests import world as hospital
from tests.browser import axe
from tests.browser.steps import PASSWORD, give_password
from tests.browser.test_chain import enter
from tests.rooms.agreements.made import LINEN, ORDER
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module, whose head of the Laundry has a password to sign with."""
    built = hospital.build()
    give_password(built.zhao_lei)
    return built


def drafted(world: World) -> str:
    """The address of a draft with two clauses."""
    by, at, link = world.actor(world.zhao_lei), datetime.now(UTC), world.laundry_ward
    version = offers.begin_offer(by=by, at=at, supplier=link.supplier, output=link.output, name={"en": "Daily linen"})
    for clause in (LINEN, ORDER):
        changes.add_clause(by=by, at=at, version=version, terms=clause)
    return f"/agreements/offers/{version.offer.public_id}/"


def test_an_offer_is_signed_once_published_and_read_by_a_stranger(
    page: Page, phone: Page, browser_errors: list[str], live_baton: LiveBaton, world: World
) -> None:
    address = live_baton.url + drafted(world)
    enter(page, live_baton, world, "zhao_lei")
    page.goto(address)
    page.get_by_role("link", name="Add a step").click()
    page.get_by_label("What happens (English)").fill("Hand in used linen")
    page.get_by_label("Minutes").fill("15")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("15 min").first).to_be_visible()
    page.get_by_role("link", name="Propose and sign").click()
    assert axe.violations(page) == []
    page.get_by_label("Your staff number, phone or e-mail").fill("zhao.lei")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign and propose").click()
    expect(page.get_by_text("accepted by 0 of 1 customer").first).to_be_visible()
    assert axe.violations(page) == []
    page.get_by_role("link", name="Publish", exact=True).click()
    page.get_by_label("Clean linen is on the ward: 95 % within 24 business hours").check()
    page.get_by_role("button", name="Save").click()
    public = page.get_by_role("link", name="Open it").get_attribute("href")
    phone.goto(f"{live_baton.url}{public}")
    expect(phone.get_by_text("Hand in used linen")).to_be_visible()
    expect(phone.get_by_text("95 % within 24 business hours")).to_be_visible()
    assert axe.violations(phone) == []
    assert browser_errors == []
