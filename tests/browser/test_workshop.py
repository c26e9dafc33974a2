"""A workshop with two phones, the desk of whoever leads it, and the wall."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from baton.agreements.changes import workshops
from baton.agreements.models import Workshop, WorkshopNote
from tests import world as hospital
from tests.browser import axe
from tests.browser.test_chain import enter
from tests.browsers import DESKTOP, PHONE, Reported, open_page
from tests.rooms.agreements.made import drafted
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


@pytest.fixture
def phones(browser: Browser, browser_errors: Reported) -> Iterator[list[Page]]:
    """Of a nurse and of somebody of the laundry."""
    with ExitStack() as opened:
        yield [opened.enter_context(open_page(browser, PHONE, browser_errors)) for _ in range(2)]


def on_to(desk: Page, stage: str) -> None:
    """Take the workshop on; phones and wall follow by themselves."""
    desk.get_by_role("button", name=f"Go on to “{stage}”").click()
    expect(desk.locator("[aria-current=step]")).to_have_text(stage)


def test_two_phones_a_desk_and_a_wall(
    browser: Browser, phones: list[Page], browser_errors: Reported, live_baton: LiveBaton, world: World
) -> None:
    held = workshops.begin_workshop(
        by=world.actor(world.zhao_lei), at=datetime.now(UTC), version=drafted(world), dots=1, invited_customer=1
    )
    nurse, washer = phones
    with open_page(browser, DESKTOP, browser_errors) as desk:
        enter(desk, live_baton, world, "zhao_lei")
        desk.goto(f"{live_baton.url}/agreements/workshops/{held.public_id}/")
        wall = desk.context.new_page()
        wall.goto(f"{live_baton.url}/agreements/workshops/{held.public_id}/projector/")
        come_in(nurse, live_baton, held, "Ward 3")
        come_in(washer, live_baton, held, "Laundry")
        expect(wall.locator(".projected-counts")).to_contain_text("1 / 1")
        assert axe.violations(wall) == []
        write(desk, nurse, washer, browser_errors)
        put_together(desk)
        vote_and_see(desk, wall, nurse)
    assert Workshop.objects.get().stage == "clauses"


def come_in(phone: Page, live: LiveBaton, held: Workshop, side: str) -> None:
    """By the code on the wall, without a sign-in."""
    phone.goto(f"{live.url}/w/")
    phone.get_by_label("Code").fill(held.code())
    phone.get_by_role("button", name="Come in").click()
    phone.get_by_role("button", name=side).click()
    expect(phone.get_by_text("Keep this page open")).to_be_visible()


def write(desk: Page, nurse: Page, washer: Page, errors: Reported) -> None:
    """The page of the nurse goes on by itself; what she types outlives a lost connection and the end of the stage."""
    on_to(desk, "Receivers write")
    words = nurse.get_by_label("To serve my customer I need")
    words.fill("Linen before seven")
    assert axe.violations(nurse) == []
    nurse.context.set_offline(True)
    nurse.get_by_role("button", name="Send the note").click()
    expect(nurse.get_by_text("No connection just now")).to_be_visible()
    expect(words).to_have_value("Linen before seven")
    nurse.context.set_offline(False)
    nurse.get_by_role("button", name="Send the note").click()
    expect(nurse.locator(".workshop-own")).to_contain_text("Linen before seven")
    words.fill("No holes")
    words.press("Tab")
    nurse.keyboard.press("Enter")
    expect(nurse.locator(".workshop-own")).to_contain_text("No holes")
    words.fill("Still typing")
    on_to(desk, "Suppliers write")
    expect(nurse.get_by_text("Your text is still here: send it")).to_be_visible()
    nurse.get_by_role("button", name="Send the note").click()
    expect(nurse.get_by_role("alert")).to_contain_text("nothing was sent")
    expect(nurse.get_by_label("What you typed")).to_have_value("Still typing")
    expect(washer.get_by_label("To keep that, I need from my customer")).to_be_visible()
    errors.provoked(409, "ERR_INTERNET_DISCONNECTED", "htmx:afterRequest", "htmx:sendError")


def put_together(desk: Page) -> None:
    """One note by keyboard, the other by dragging it there."""
    on_to(desk, "Put together")
    desk.get_by_role("checkbox", name="Linen before seven").focus()
    desk.keyboard.press("Space")
    desk.locator("#put-name").fill("Linen as it should be")
    desk.locator("#put-name").press("Enter")
    cluster = desk.get_by_role("region", name="Linen as it should be")
    expect(cluster).to_contain_text("Linen before seven")
    desk.set_viewport_size({"width": 1280, "height": 1400})  # nothing scrolls away under the pointer
    desk.locator("[data-note]", has_text="No holes").drag_to(cluster)
    expect(cluster.locator("[data-note]")).to_have_count(2)
    assert WorkshopNote.objects.filter(cluster__isnull=False).count() == 2
    assert axe.violations(desk) == []


def vote_and_see(desk: Page, wall: Page, nurse: Page) -> None:
    """A dot by thumb; what it was laid on stands on the wall."""
    on_to(desk, "Vote")
    nurse.get_by_role("button", name="Lay a dot on Linen as it should be").click()
    expect(nurse.get_by_text("You have 0 dots left")).to_be_visible()
    expect(nurse.get_by_role("button", name="Lay a dot on Linen as it should be")).to_be_disabled()
    assert axe.violations(nurse) == []
    on_to(desk, "Turn into clauses")
    expect(wall.locator(".projected-topics li").first).to_contain_text("Linen as it should be")
    assert axe.violations(wall) == []
