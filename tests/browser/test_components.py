"""The living page of components in a browser: both widths, themes and languages, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe
from tests.browsers import DESKTOP, PHONE, open_page
from tests.databases import Template, connected
from tests.servers import serve
from tests.world import World

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(
    template: Template,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The page of components on a developer's server, where everybody may see it."""
    databases = template.copy("components")
    data = tmp_path_factory.mktemp("components")
    with (
        django_db_blocker.unblock(),
        connected(databases),
        serve(databases, data, settings={"BATON_DEMO": "yes", "BATON_DEBUG": "yes"}) as live,
    ):
        yield f"{live.url}/components/"
    template.drop(databases)


@pytest.fixture(scope="module")
def kept(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """One page for all tests that leave it as they found it, and what the browser reported of it."""
    errors: list[str] = []
    with open_page(browser, DESKTOP, errors) as page:
        yield opened(page, address), errors


@pytest.fixture
def shown(kept: tuple[Page, list[str]]) -> Iterator[Page]:
    """The page of components, at its top, drawn once for several tests."""
    page, errors = kept
    page.evaluate("window.scrollTo(0, 0)")
    yield page
    assert errors == []


def opened(page: Page, address: str) -> Page:
    """The page with both charts and the map drawn."""
    page.goto(address)
    expect(page.locator("[data-ready]")).to_have_count(3)
    return page


@pytest.mark.parametrize(
    ("size", "theme", "locale"),
    [(DESKTOP, "light", "zh-CN"), (DESKTOP, "dark", "en-GB"), (PHONE, "light", "en-GB"), (PHONE, "dark", "zh-CN")],
    ids=["desk-light-zh", "desk-dark-en", "phone-light-en", "phone-dark-zh"],
)
def test_it_breaks_no_criterion_of_wcag(
    browser: Browser, browser_errors: list[str], address: str, size: dict[str, int], theme: str, locale: str
) -> None:
    with open_page(browser, size, browser_errors, color_scheme=theme, locale=locale) as page:
        opened(page, address)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        expect(page.locator("html")).to_have_attribute("lang", re.compile("en" if locale == "en-GB" else "zh"))
        assert axe.violations(page) == []
    assert browser_errors == []


def test_axe_finds_a_planted_fault(page: Page, address: str) -> None:
    assert axe.sum_matches()
    opened(page, address)
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/core/img/favicon.svg\">')"
    )
    assert [line.split(":")[0] for line in axe.violations(page)] == ["image-alt"]


def test_nothing_is_wider_than_a_phone(phone: Page, address: str) -> None:
    opened(phone, address)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_main_actions_of_a_phone_are_large_enough_to_touch(phone: Page, address: str) -> None:
    opened(phone, address)
    sizes = phone.locator(".btn-primary:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert sizes
    assert min(sizes) >= 44


def test_the_chosen_theme_is_remembered_and_the_chart_follows(page: Page, address: str) -> None:
    opened(page, address)
    ink = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ink)
    before = page.locator("#wait canvas").screenshot()
    page.locator("summary", has=page.get_by_role("img", name="Light or dark")).click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate(ink) != light
    assert page.locator("#wait canvas").screenshot() != before
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_language_is_switched_in_the_header(page: Page, address: str) -> None:
    opened(page, address)
    page.locator("summary", has=page.get_by_role("img", name="Language")).click()
    page.get_by_role("button", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile("zh-hans", re.IGNORECASE))
    assert page.url == address
    page.locator("summary:has(.icon-languages)").click()
    expect(page.get_by_role("button", name="English")).to_be_visible()  # every language by its own name


def test_the_chart_says_what_was_violated_in_its_table(shown: Page) -> None:
    shown.locator("#wait summary").click()
    row = shown.locator("#wait tr", has_text="2026-W12")
    expect(row).to_contain_text("Nelson 1")
    expect(shown.locator("#wait tr", has_text="2026-W17")).to_contain_text("–")


def test_the_chart_names_the_violation_under_the_pointer(shown: Page) -> None:
    """The tooltip is drawn on the canvas: the picture changes where it appears."""
    canvas = shown.locator("#wait .chart-canvas")
    canvas.scroll_into_view_if_needed()
    before = canvas.screenshot()
    canvas.hover(position={"x": 240, "y": 120})
    shown.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert canvas.screenshot() != before


def test_without_scripts_the_pictures_and_lists_are_there(
    browser: Browser, browser_errors: list[str], address: str
) -> None:
    with open_page(browser, DESKTOP, browser_errors, java_script_enabled=False) as page:
        page.goto(address)
        expect(page.locator("#wait svg.picture")).to_be_visible()
        expect(page.locator("#hospital .map-list a").first).to_be_visible()
        expect(page.locator("#hospital .map-canvas")).to_be_hidden()
        page.locator("#hospital summary").click()
        expect(page.locator("#hospital table")).to_contain_text("Laundry")
    assert browser_errors == []


def test_the_map_finds_a_party(shown: Page) -> None:
    shown.get_by_label("Find a department or person").fill("labor")
    listed = shown.locator("#hospital [data-node]:visible")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("Clinical laboratory")
    shown.get_by_label("Find a department or person").fill("nobody of this name")
    expect(shown.get_by_text("Nothing on the map has this name.")).to_be_visible()
    shown.get_by_label("Find a department or person").fill("")


def test_the_map_shows_one_kind(shown: Page) -> None:
    shown.locator("#hospital [data-map-kind]").select_option("team")
    assert shown.locator("#hospital [data-node]:visible a").all_text_contents() == ["Ward 3", "Porters"]
    shown.locator("#hospital [data-map-kind]").select_option("")


def test_a_node_that_is_pressed_shows_whom_it_serves(shown: Page) -> None:
    canvas = shown.locator("#hospital .map-canvas")
    canvas.scroll_into_view_if_needed()
    shown.get_by_label("Find a department or person").fill("Ward 3")
    box = canvas.bounding_box()
    assert box is not None
    canvas.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    detail = shown.locator("#hospital [data-map-detail]")
    expect(detail).to_contain_text("Its customers")
    expect(detail.get_by_role("link", name="Clinical laboratory")).to_have_attribute("href", "#ward-lab")
    expect(detail.get_by_role("link", name="Open")).to_have_attribute("href", "#ward")


def test_a_dialog_opens_and_gives_the_focus_back(shown: Page) -> None:
    opener = shown.get_by_role("button", name="Add a link")
    opener.click()
    dialog = shown.get_by_role("dialog")
    expect(dialog).to_be_visible()
    shown.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_long_job_shows_that_it_moves(page: Page, address: str) -> None:
    opened(page, address)
    expect(page.locator("#progress")).to_contain_text("50 of 100")


def test_a_refused_field_is_tied_to_its_message(shown: Page) -> None:
    field = shown.locator("[name=refused-hours]")
    expect(field).to_have_attribute("aria-invalid", "true")
    described = (field.get_attribute("aria-describedby") or "").split()
    assert len(described) == 2
    expect(shown.locator(f"#{described[1]}")).to_contain_text("greater than or equal to 0")


def test_elsewhere_only_administrators_see_it(world: World) -> None:
    assert world.client().get("/components/")["Location"].startswith("/accounts/login/")
    assert world.client(world.lin_mei).get("/components/").status_code == 403
    assert world.client(world.sun_yan).get("/components/").status_code == 200
