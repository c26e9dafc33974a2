"""A head grades on a phone without script: who will read it stands first, a D without its fact is refused beside its
field, and all of it takes one page."""

from __future__ import annotations

import time
from datetime import date

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from baton.feedback.models.grades import DepartmentGrade
from tests import world as hospital
from tests.browser import axe
from tests.browsers import PHONE, Reported, open_page
from tests.rooms.feedback.graded import round_opened
from tests.servers import LiveBaton
from tests.world import World

pytestmark = pytest.mark.browser
TWO_MINUTES = 120


@pytest.fixture(scope="module")
def world(live_baton: LiveBaton) -> World:
    """The hospital on a server of this module."""
    return hospital.build()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_head_grades_in_two_minutes_on_a_phone(
    browser: Browser, browser_errors: Reported, live_baton: LiveBaton, world: World, script: bool
) -> None:
    round = round_opened(world, title={"en": f"Round {script}"}, began_on=date(2026, 1, 1 + script))
    rows = {one.supplier.name["en"]: one.public_id for one in round.grades.filter(customer=world.ward)}
    key = world.client(world.wang_fang).cookies[settings.SESSION_COOKIE_NAME].value
    with open_page(browser, PHONE, browser_errors, java_script_enabled=script) as page:
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_baton.url}])
        began = time.monotonic()
        page.goto(f"{live_baton.url}/surveys/grades/")
        page.locator(f'a[href="/surveys/grades/{round.public_id}/for/{world.ward.public_id}/"]').click()
        expect(page.get_by_text("This stands beside your name")).to_be_visible()
        _choose(page, rows["Laundry"], "D")
        _choose(page, rows["Pharmacy"], "B")
        _choose(page, rows["Laboratory"], "N")
        page.get_by_role("button", name="Give these grades with my name").click()
        expect(page.locator(f"#id_{rows['Laundry']}__fact_error")).to_contain_text("Name one event")
        if script:  # axe is one
            assert axe.violations(page) == []
        page.locator(f'[name="{rows["Laundry"]}__reason"]').fill("Late on most Mondays")
        page.locator(f'[name="{rows["Laundry"]}__fact"]').fill("No linen until 10:40")
        page.locator(f'[name="{rows["Laundry"]}__happened_on"]').fill("2026-02-09")
        _tall_enough(page)
        page.get_by_role("button", name="Give these grades with my name").click()
        expect(page.get_by_text("Your grades are kept.")).to_be_visible()
        assert time.monotonic() - began < TWO_MINUTES
    browser_errors.provoked(422)
    kept = dict(DepartmentGrade.objects.filter(public_id__in=rows.values()).values_list("public_id", "grade"))
    assert kept == {rows["Laundry"]: "D", rows["Pharmacy"]: "B", rows["Laboratory"]: "N"}


def _choose(page: Page, grade: str, letter: str) -> None:
    """A tap on the letter, or on what is no grade."""
    page.locator(f'label:has([name="{grade}__grade"][value="{letter}"])').click()


def _tall_enough(page: Page) -> None:
    """What is tapped is as tall as a thumb."""
    for one in (page.locator(".scale label").first, page.locator(".scale-beside label").first,
                page.locator("summary").first, page.locator(".survey-send .btn").first):  # fmt: skip
        box = one.bounding_box()
        assert box is not None
        assert box["height"] >= 44
