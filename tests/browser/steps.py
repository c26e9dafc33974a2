"""What several journeys share: signing in as a person does, a log to bring, the worker at work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import FilePayload, Page, expect

from baton.core.models import Person
from baton.core.worker import Done, Worker

PASSWORD = "seven brown horses"
MONDAY = datetime(2025, 1, 6, 6, 0, tzinfo=UTC)
WEEKS = 60
BUNDLES_A_WEEK = 12


def give_password(person: Person, password: str = PASSWORD) -> None:
    """The people of the world cannot sign in with a password; from here on this one can."""
    from baton.core.actors import Actor
    from baton.core.changes import change_password

    change_password(by=Actor(person, frozenset(), "test"), at=datetime.now(UTC), person=person, password=password)
    person.refresh_from_db()


def sign_in(page: Page, url: str, name: str, password: str = PASSWORD) -> None:
    """Type name and password into the form; ``url`` is the server's. What comes after is the caller's to expect."""
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("Staff number, phone or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_in_to_the_chain(page: Page, url: str, name: str, password: str = PASSWORD) -> None:
    """Sign in with nothing but name and password, and arrive at the home page."""
    sign_in(page, url, name, password)
    expect(page).to_have_url(f"{url}/")


def work(*, minutes: int = 0) -> Done:
    """What a worker does that looks in ``minutes`` from now: runs that were asked for, jobs that are due by then.

    A job of every minute is due with ``minutes=1`` once; to see it a second time, look in later than that.
    """
    return Worker().drain(datetime.now(UTC) + timedelta(minutes=minutes))


def linen(source: str) -> FilePayload:
    """Bundles of linen as a ticket system exports them.

    The laundry hands each to Ward 3; every sixth goes back once, every fourth comes from ``source``, which is no party
    yet. Waits are three to nine hours.
    """
    lines = ["bundle,place,when,step"]
    for number in range(WEEKS * BUNDLES_A_WEEK):
        at = MONDAY + timedelta(weeks=number // BUNDLES_A_WEEK, hours=11 * (number % BUNDLES_A_WEEK))
        places = [source] * (number % 4 == 0) + ["Laundry", "Ward 3"] * (2 if number % 6 == 0 else 1)
        for step, place in enumerate(places):
            lines.append(f"B{number},{place},{at:%Y-%m-%d %H:%M},{step}")
            at += timedelta(hours=3 + (7 * number + step) % 7)
    return {"name": f"{source}.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
