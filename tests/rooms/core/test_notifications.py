"""What people are told, and how they come to it."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django.asserts import assertNumQueries

from baton.core import changes, queries, registries
from baton.core.actors import Actor
from baton.core.models import Notification
from baton.core.registries import Topic
from tests.rooms.core.entrance import SYSTEM, page
from tests.world import NOON, World


@pytest.fixture
def topic() -> Any:
    registries.topics.add("test.greeting", Topic("{name} sends {what}."))
    yield "test.greeting"
    del registries.topics._entries["test.greeting"]


def test_notifications_are_counted_shown_and_opened(world: World, topic: str) -> None:
    for number in range(3):
        changes.notify(
            by=SYSTEM, at=NOON, person=world.chen_jie, topic=topic, address="/me/",
            values={"name": {"en": "Laundry", "zh-hans": "洗衣房"}, "what": number},
        )  # fmt: skip
    browser = world.client(world.chen_jie)
    text = page(browser, "/notifications/")
    assert "Laundry sends 2." in text
    assert "Notifications, 3 unread" in text
    changes.edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, language="zh-hans")
    assert "洗衣房 sends 2." in page(browser, "/notifications/")
    first = Notification.objects.first()
    assert first is not None
    assert browser.get(f"/notifications/{first.public_id}/open/").status_code == 405
    assert browser.post(f"/notifications/{first.public_id}/open/")["Location"] == "/me/"
    assert queries.unread_notifications(viewer=Actor(world.chen_jie)) == 2
    assert world.client(world.sun_lei).post(f"/notifications/{first.public_id}/open/").status_code == 404
    browser.post("/notifications/read/")
    assert queries.unread_notifications(viewer=Actor(world.chen_jie)) == 0


def test_a_notification_leads_nowhere_else(world: World, topic: str) -> None:
    for address in ("https://evil.example", "//evil.example", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="not a path"):
            changes.notify(by=SYSTEM, at=NOON, person=world.chen_jie, topic=topic, address=address)
    with pytest.raises(KeyError):
        changes.notify(by=SYSTEM, at=NOON, person=world.chen_jie, topic="no.such", address="/")


def test_counting_takes_one_query(world: World) -> None:
    with assertNumQueries(1):
        queries.unread_notifications(viewer=Actor(world.chen_jie))
