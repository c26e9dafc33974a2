"""The search in a browser: the key that leads to it, what it proposes, and names that try to be markup."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from baton.chain import changes
from baton.chain.rules import PartyKind
from tests import world as hospital
from tests.browsers import PHONE
from tests.rooms.core.test_search import found
from tests.servers import LiveBaton
from tests.world import NOON, SYSTEM, World

pytestmark = pytest.mark.browser

MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script> linen'


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital, and a party whose name is markup, on a server of this module."""
    made = hospital.build()
    changes.add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.TEAM, name={"en": MARKUP, "zh-hans": MARKUP})
    return made


@pytest.fixture
def manager(page: Page, live_baton: LiveBaton, world: World) -> Page:
    cookies = world.client(world.lin_mei).cookies
    page.context.add_cookies(
        [{"name": name, "value": one.value, "url": live_baton.url} for name, one in cookies.items()]
    )
    return page


def test_slash_suggestions_and_markup_that_stays_text(manager: Page, live_baton: LiveBaton, world: World) -> None:
    assert ("party", MARKUP) in found(world.actor(world.lin_mei), "linen")
    noticed: list[str] = []
    manager.on("dialog", lambda dialog: (noticed.append(dialog.message), dialog.dismiss()))
    manager.on("console", lambda message: noticed.append(message.text) if message.type == "error" else None)
    manager.goto(f"{live_baton.url}/parties/")
    manager.keyboard.press("/")
    box = manager.locator("#site-search")
    expect(box).to_be_focused()
    manager.keyboard.type("onerror")
    suggestion = manager.locator("#site-search-suggestions li a").first
    expect(suggestion).to_contain_text(MARKUP)
    manager.keyboard.press("ArrowDown")
    expect(suggestion).to_be_focused()
    manager.keyboard.press("Escape")
    expect(box).to_be_focused()
    expect(manager.locator("#site-search-suggestions")).to_be_hidden()
    manager.keyboard.press("Enter")
    expect(manager.locator(".hits li").first).to_contain_text(MARKUP)
    assert noticed == []


def test_on_a_phone_slash_and_the_magnifying_glass_open_the_search(manager: Page, live_baton: LiveBaton) -> None:
    manager.set_viewport_size(PHONE)
    manager.goto(f"{live_baton.url}/links/")
    manager.keyboard.press("/")
    expect(manager.locator("#search-here")).to_be_visible()
    manager.goto(f"{live_baton.url}/links/")
    manager.locator(".search-tool").click()
    manager.locator("#search-here").fill("laundry")
    manager.locator("#search-here").press("Enter")
    expect(manager.locator(".hits li").first).to_contain_text("Laundry")


def test_somebody_is_mentioned_by_keyboard_and_words_stay_text(
    manager: Page, live_baton: LiveBaton, world: World
) -> None:
    noticed: list[str] = []
    manager.on("dialog", lambda dialog: (noticed.append(dialog.message), dialog.dismiss()))
    manager.goto(f"{live_baton.url}/links/{world.laundry_ward.public_id}/")
    box = manager.get_by_label("Your comment")
    box.press_sequentially(f"{MARKUP} @zh")
    expect(manager.locator("[role=option]")).to_have_text(["Zhao Lei 赵磊", "Zhou Min 周敏"])
    box.press("Enter")
    box.press_sequentially("please")
    expect(box).to_have_value(f"{MARKUP} @Zhao Lei please")
    expect(manager.locator("[role=option]")).to_have_count(0)
    manager.get_by_role("button", name="Comment", exact=True).click()
    said = manager.locator(".comment-words")
    expect(said).to_have_text(f"{MARKUP} @Zhao Lei please")
    expect(said.locator(".mention")).to_have_text("@Zhao Lei")
    manager.get_by_role("button", name="Unfollow").click()
    expect(manager.get_by_role("button", name="Follow", exact=True)).to_be_visible()
    assert noticed == []
