"""The side navigation: its sections, and whom it shows what."""

from __future__ import annotations

import re

from baton.core.navigation import places as places_of
from tests.world import World


def _sections(page: str) -> dict[str, list[str]]:
    """Of the navigation of a page the lines of each section; "" is the one without a heading."""
    side = page.split('<nav class="places"', 1)[1].split("</nav>", 1)[0]
    parts = re.split(r'<p class="places-title" id="[a-z-]+">([^<]+)</p>', side)
    headed = zip(["", *parts[1::2]], parts[::2], strict=True)
    return {title: re.findall(r"</svg><span>([^<]+)</span>", part) for title, part in headed}


def test_everybody_finds_his_own_places_first_and_the_others_by_section(world: World) -> None:
    sections = _sections(world.client(world.lin_mei).get("/me/").content.decode())
    listening = "What is said"
    assert list(sections) == ["", "Who serves whom", "What is agreed", "What is handed over", listening, "Organisation"]
    assert sections[""] == ["My chain", "Map", "Links", "Signals"], "what a phone shows in its bar"
    assert sections["What is agreed"] == ["Agreements", "Promises", "Needs and workshops", "Reviews and plans"]
    assert "People" not in sections["Organisation"]
    assert "People" in _sections(world.client(world.sun_yan).get("/me/").content.decode())["Organisation"]


def test_a_guest_finds_no_section_without_a_place(world: World) -> None:
    sections = _sections(world.client(world.tom_reed).get("/me/").content.decode())
    assert sections == {"": ["My chain"], "Who serves whom": ["Parties"]}


def test_the_page_that_one_is_on_is_marked(world: World) -> None:
    page = world.client(world.lin_mei).get("/parties/").content.decode()
    assert re.findall(
        r'<a href="([^"]+)" aria-current="page">', page.split('<nav class="places"')[1].split("</nav>")[0]
    ) == ["/parties/"]


def test_every_page_behind_a_line_is_a_tab_of_it_and_one_tap_away_on_a_phone(world: World) -> None:
    client = world.client(world.lin_mei)
    page = client.get("/agreements/coverage/").content.decode()
    side = page.split('<nav class="places"')[1].split("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)" aria-current="true">', side) == ["/agreements/owed/"]
    tabs = page.split('<nav class="tabs" aria-label="Promises">')[1].split("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)"( aria-current="page")?>', tabs) == [
        ("/agreements/owed/", ""), ("/agreements/leader-promises/", ""),
        ("/agreements/coverage/", ' aria-current="page"'), ("/agreements/promises/", ""),
    ]  # fmt: skip
    phone = page.split('<nav class="bottom-bar"')[1].split("</nav>")[0]
    places = places_of(world.actor(world.lin_mei), "/").sections
    tabbed = [tab.address for section in places for place in section.places for tab in place.tabs]
    assert len(tabbed) >= 12
    assert all(f'href="{address}"' in phone for address in tabbed)
    assert '<nav class="tabs" aria-label="Promises">' not in client.get("/parties/").content.decode()
