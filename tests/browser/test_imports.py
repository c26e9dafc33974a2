"""An organisation of ten rows with two mistakes: pasted, mended, entered and withdrawn, as a person does it."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect

from baton.chain.models import Party
from tests import world as hospital
from tests.browser import axe
from tests.browser.steps import work
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser

ROWS = [
    ("Code", "部门名称", "English name", "Kind", "Stands under"),
    ("OR", "手术部", "Theatres", "Department", ""),
    ("OR1", "一号手术室", "Theatre 1", "Workplace", "OR"),
    ("OR2", "二号手术室", "Theatre 2", "Workplace", "OR"),
    ("REC", "复苏室", "Recovery", "Room", "OR"),
    ("ANA", "麻醉科", "Anaesthesia", "Department", ""),
    ("ANT", "麻醉护士", "Anaesthesia nurses", "Team", "ANX"),
    ("END", "内镜中心", "Endoscopy", "Department", ""),
    ("ENW", "清洗间", "Endoscope washing", "Workplace", "END"),
    ("DEV", "器械供应商", "DeviceCo", "Outside supplier", ""),
    ("FAM", "家属", "Families", "Group of consumers", ""),
]
TABLE = "\n".join("\t".join(row) for row in ROWS)


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


def looked_at(page: Page, name: str) -> None:
    """No criterion of WCAG is broken; a picture where somebody wants to look (PICTURES)."""
    assert axe.violations(page) == []
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def brought(page: Page, live_baton: LiveBaton, table: str) -> None:
    page.goto(f"{live_baton.url}/data/imports/bring/organisation/")
    looked_at(page, "bring")
    page.get_by_label("Or paste cells").fill(table)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_label("Name (Chinese)")).to_have_value("部门名称")
    expect(page.get_by_label("Name (English)")).to_have_value("English name")
    looked_at(page, "columns")
    page.get_by_role("button", name="Check every row").click()
    work()
    page.reload()


def test_pasted_mended_entered_and_withdrawn(page: Page, live_baton: LiveBaton, world: World) -> None:
    before = Party.objects.count()
    cookies = world.client(world.lin_mei).cookies
    page.context.add_cookies(
        [{"name": name, "value": cookie.value, "url": live_baton.url} for name, cookie in cookies.items()]
    )
    brought(page, live_baton, TABLE)
    mistakes = page.get_by_role("region", name="Mistakes").locator("tbody tr")
    expect(mistakes).to_have_count(2)
    expect(mistakes.nth(0)).to_contain_text("“Room” is none of them.")
    expect(mistakes.nth(1)).to_contain_text("ANX")
    looked_at(page, "checked")
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_text("Nothing is entered while a row is refused.").first).to_be_visible()
    assert Party.objects.count() == before

    brought(page, live_baton, TABLE.replace("Room", "Workplace").replace("ANX", "ANA"))
    page.get_by_role("button", name="Enter").click()
    work()
    page.reload()
    expect(page.get_by_text("All of it counts.")).to_be_visible()
    looked_at(page, "entered")
    assert Party.objects.count() == before + 10
    page.goto(f"{live_baton.url}/data/imports/")
    looked_at(page, "list")
    page.go_back()
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_label("Reason").fill("the wrong list")
    looked_at(page, "withdraw")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("the wrong list")).to_be_visible()
    assert Party.objects.count() == before
