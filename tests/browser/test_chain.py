"""The chain in a browser: from home to a link, filters without a new page, the map, and all of it without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import world as hospital
from tests.browser import axe
from tests.browsers import DESKTOP, PHONE, open_page
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


def enter(page: Page, live: LiveBaton, world: World, key: str) -> Page:
    """Let the person use the page: his session's cookie, without typing a password."""
    cookies = world.client(getattr(world, key)).cookies
    page.context.add_cookies(
        [{"name": name, "value": cookie.value, "url": live.url} for name, cookie in cookies.items()]
    )
    return page


@pytest.fixture
def manager(page: Page, live_baton: LiveBaton, world: World) -> Page:
    return enter(page, live_baton, world, "lin_mei")


def test_from_home_to_the_link(page: Page, live_baton: LiveBaton, world: World) -> None:
    enter(page, live_baton, world, "wang_fang").goto(live_baton.url)
    page.get_by_role("link", name="Clean linen", exact=True).click()
    expect(page).to_have_url(f"{live_baton.url}/links/{world.laundry_ward.public_id}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Clean linen")
    page.get_by_label("Who serves whom").get_by_role("link", name="Laundry").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Laundry")


def test_a_filter_changes_the_table_and_the_address_but_not_the_page(manager: Page, live_baton: LiveBaton) -> None:
    manager.goto(f"{live_baton.url}/links/")
    manager.evaluate("window.sameDocument = true")
    manager.get_by_label("Kind of output").select_option("control")
    manager.get_by_role("button", name="Filter").click()
    expect(manager.locator("#links tbody tr")).to_have_count(1)
    expect(manager).to_have_url(re.compile("kind=control"))
    assert manager.evaluate("window.sameDocument === true")
    manager.locator("#links").get_by_role("link", name="Audits").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("Audits")
    manager.go_back()
    expect(manager.locator("#links tbody tr")).to_have_count(1)


def test_rows_are_chosen_with_keys_and_judged_together_then_the_filters_are_kept_as_a_view(
    manager: Page, live_baton: LiveBaton
) -> None:
    manager.goto(f"{live_baton.url}/links/?kind=service&order=output")
    bar, chosen = manager.locator("[data-acts]"), manager.locator("[data-chosen]")
    expect(bar).to_be_hidden()
    first = manager.locator(".pick input[name=row]").first
    first.focus()
    manager.keyboard.press("Space")
    expect(chosen).to_have_text("1")
    manager.locator(".pick input[name=row]").nth(2).click(modifiers=["Shift"])
    expect(chosen).to_have_text("3")
    manager.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    manager.get_by_label("Choose all rows of this page").check()
    expect(chosen).to_have_text("6")
    bar.get_by_role("button", name="Judge").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("Judge links")
    manager.get_by_label("Stage").select_option("back")
    manager.get_by_role("button", name="Judge: 6 links").click()
    expect(manager.locator(".stat", has_text="Changed").locator(".figure")).to_have_text("6")
    manager.get_by_role("link", name="Back to the list").click()
    expect(manager).to_have_url(re.compile(r"kind=service&order=output$"))
    manager.get_by_role("link", name="Save as a view").first.click()
    manager.get_by_label("Name").fill("Services by output")
    manager.get_by_role("button", name="Save").click()
    views = manager.locator(".list-views")
    expect(views.locator("summary")).to_contain_text("Services by output")
    views.locator("summary").click()
    views.get_by_role("link", name="All rows").click()
    expect(views.locator("summary")).to_contain_text("All rows")


def test_the_map_is_drawn_searched_and_clicked_through(manager: Page, live_baton: LiveBaton) -> None:
    manager.goto(f"{live_baton.url}/map/")
    expect(manager.locator("[data-ready]")).to_have_count(1)
    manager.get_by_label("Find a department or person").fill("LinenCo")
    listed = manager.get_by_role("navigation", name="Departments and persons on the map")
    expect(listed.get_by_role("link", name="Stores")).to_be_hidden()
    listed.get_by_role("link", name="LinenCo").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("LinenCo")


OUTLINED = """at => at.tagName === "MAIN" || (getComputedStyle(at).outlineStyle !== "none"
    && parseFloat(getComputedStyle(at).outlineWidth) >= 2)"""


def tab_to(page: Page, wanted: Locator, *, most: int = 40, key: str = "Tab") -> None:
    """Press Tab until ``wanted`` has the focus; at every stop on the way the focus is seen."""
    for _ in range(most):
        page.keyboard.press(key)
        at = page.locator(":focus")
        expect(at).to_be_in_viewport()
        assert at.evaluate(OUTLINED), at.evaluate("at => at.outerHTML")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{wanted} is not reached with {most} times {key}")


def skip_to_content(page: Page) -> None:
    """Past header and navigation."""
    tab_to(page, page.get_by_role("link", name="Skip to the content"), most=1)
    page.keyboard.press("Enter")


def test_lists_and_the_map_are_used_with_the_keyboard_alone(manager: Page, live_baton: LiveBaton) -> None:
    manager.goto(f"{live_baton.url}/links/")
    skip_to_content(manager)
    tab_to(manager, manager.locator("main input[name=q]"))
    manager.keyboard.type("clean")
    manager.keyboard.press("Enter")
    rows = manager.locator("#links tbody tr")
    expect(rows).to_have_count(1)
    tab_to(manager, manager.locator("#links thead").get_by_role("link", name="Supplier"))
    manager.keyboard.press("Enter")
    expect(manager.locator("#links th[aria-sort]")).to_contain_text("Supplier")
    tab_to(manager, rows.get_by_role("link", name="Clean linen", exact=True))
    manager.keyboard.press("Enter")
    expect(manager.get_by_role("heading", level=1)).to_have_text("Clean linen")

    manager.goto(f"{live_baton.url}/map/")
    expect(manager.locator("[data-ready]")).to_have_count(1)
    skip_to_content(manager)
    tab_to(manager, manager.get_by_text("Show as a table"))
    manager.keyboard.press("Enter")
    said = manager.get_by_role("region", name="Who serves whom")
    expect(said).to_be_visible()
    tab_to(manager, said.get_by_role("link", name="Towels"))
    manager.keyboard.press("Enter")
    expect(manager.get_by_role("heading", level=1)).to_have_text("Towels")
    manager.goto(f"{live_baton.url}/map/")
    expect(manager.locator("[data-ready]")).to_have_count(1)
    skip_to_content(manager)
    tab_to(manager, manager.get_by_label("Find a department or person"))
    manager.keyboard.type("Stores")
    tab_to(manager, manager.get_by_role("navigation", name="Departments and persons on the map").get_by_role("link"))
    manager.keyboard.press("Enter")
    expect(manager.get_by_role("heading", level=1)).to_have_text("Stores")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_pages_break_no_criterion_of_wcag_and_do_not_scroll_sideways(
    browser: Browser, browser_errors: list[str], live_baton: LiveBaton, world: World, size: dict[str, int]
) -> None:
    paths = [
        "/", "/map/", "/links/", "/links/add/", "/parties/", f"/parties/{world.ward.public_id}/",
        f"/links/{world.laundry_ward.public_id}/",
    ]  # fmt: skip
    with open_page(browser, size, browser_errors) as page:
        enter(page, live_baton, world, "lin_mei")
        for path in paths:
            page.goto(live_baton.url + path)
            assert axe.violations(page) == [], path
            wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wider) <= 0, path


@pytest.fixture
def plain(browser: Browser, browser_errors: list[str]) -> Iterator[Page]:
    """A browser without scripts."""
    with open_page(browser, DESKTOP, browser_errors, java_script_enabled=False) as opened:
        yield opened


def test_everything_works_without_scripts(plain: Page, live_baton: LiveBaton, world: World) -> None:
    enter(plain, live_baton, world, "wang_fang").goto(f"{live_baton.url}/links/?q=doses")
    expect(plain.locator("#links tbody tr")).to_have_count(1)
    plain.goto(f"{live_baton.url}/links/add/?supplier={world.ward.public_id}")
    plain.get_by_label("Customer").select_option(label="Pharmacy")
    plain.get_by_label("Output (English)").fill("Orders")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Orders")
    plain.goto(f"{live_baton.url}/map/")
    plain.get_by_text("Show as a table").click()
    expect(plain.get_by_role("region", name="Who serves whom").get_by_role("link", name="Orders")).to_be_visible()
    plain.goto(f"{live_baton.url}/links/?q=doses")
    plain.get_by_label("Choose L-").check()
    plain.get_by_role("button", name="End").click()
    plain.get_by_label("Until").fill("2020-01-01")
    plain.get_by_role("button", name="End: 1 link").click()
    expect(plain.get_by_role("region", name="Refused rows")).to_contain_text("Doses")
