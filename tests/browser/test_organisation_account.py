"""Signing in with the organisation's account in a browser: over to the provider, back, and out again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from baton.core.changes import edit_person
from tests import world as hospital
from tests.browser import axe
from tests.browsers import Reported
from tests.databases import Databases
from tests.oidc import CLIENT, SECRET, providing
from tests.servers import serve
from tests.world import NOON, SYSTEM

pytestmark = pytest.mark.browser


def test_over_to_the_provider_and_back(
    page: Page, browser_errors: Reported, committed_db: Databases, tmp_path: Path
) -> None:
    world = hospital.build()
    edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, email="chen.jie@example.org")
    with providing() as provider:
        provider.account = {"sub": "a-1", "email": "chen.jie@example.org", "email_verified": True}
        said = {
            "BATON_OIDC": "company", "BATON_OIDC_LOOPBACK": "yes", "BATON_OIDC_COMPANY_ISSUER": provider.issuer,
            "BATON_OIDC_COMPANY_CLIENT_ID": CLIENT, "BATON_OIDC_COMPANY_CLIENT_SECRET": SECRET,
            "BATON_OIDC_COMPANY_LABEL": "Example account",
        }  # fmt: skip
        with serve(committed_db, tmp_path / "data", settings=said) as live:
            page.goto(f"{live.url}/parties/")
            assert axe.violations(page) == []
            page.get_by_role("button", name="Sign in with Example account").click()
            expect(page).to_have_url(f"{live.url}/parties/")
            page.goto(f"{live.url}/me/")
            expect(page.get_by_label("Name (English)")).to_have_value("Chen Jie")
            page.locator("form[action='/accounts/logout/'] button").first.evaluate("button => button.click()")
            page.wait_for_url(f"{provider.issuer}/logout?**")
            page.goto(f"{live.url}/me/")
            expect(page.get_by_role("button", name="Sign in with Example account")).to_be_visible()
            provider.account["sub"] = "a-2"
            page.get_by_role("button", name="Sign in with Example account").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in")
            assert axe.violations(page) == []
    browser_errors.provoked(403)
