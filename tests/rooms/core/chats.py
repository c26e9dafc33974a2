"""What the tests of group chats share: a service that listens, a chat, what it was told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from baton.chain.changes import add_link
from baton.core.actors import Actor
from baton.core.models import Webhook, WebhookDelivery
from baton.core.outgoing.calls import Wire
from baton.core.rules import Protocol
from baton.core.webhooks import changes, sending
from tests.receivers import Receiver, Recorded, receiving
from tests.world import NOON, SYSTEM, World

BY = Actor.system("core.look_for_webhooks")
TAKEN = b'HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{"errcode":0,"errmsg":"ok"}'
KEY = "693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa"
EVENTS = ("link.added", "link.ended", "party.renamed", "output.added")


def answer(body: str, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}".encode()


@pytest.fixture(autouse=True)
def hosts(settings: Any) -> None:
    settings.WEBHOOK_PORTS = [443, 80]
    settings.CHAT_HOSTS = ["chat.example.org"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(Receiver()) as listening:
        listening.speak = lambda connection, request: connection.sendall(
            listening.answers.pop(0) if listening.answers else TAKEN
        )
        yield listening


@pytest.fixture
def wire(receiver: Receiver) -> Wire:
    return Recorded(receiver).wire


def chat(world: World, audience: str = "", *, protocol: Protocol = Protocol.WECOM, **given: Any) -> Webhook:
    asked: dict[str, Any] = {
        "name": "Ward 3 all", "protocol": protocol, "address": f"http://chat.example.org/send?key={KEY}",
        "audience": audience or f"party:{world.ward.public_id}", "language": "en", "events": EVENTS,
    }  # fmt: skip
    return changes.add_chat(by=world.actor(world.sun_yan), at=NOON, **{**asked, **given})


def hand(world: World, what: str = "Gloves", **sides: Any) -> None:
    add_link(by=SYSTEM, at=NOON, **{"supplier": world.stores, "customer": world.ward, **sides}, output={"en": what})


def told(one: Webhook, wire: Wire) -> list[str]:
    """Let what happened be sent, and say how each event fared."""
    sending.collect(webhook=one, at=NOON)
    sending.send(by=BY, at=NOON, webhook=one, wire=wire)
    return list(WebhookDelivery.objects.filter(webhook=one).order_by("pk").values_list("state", flat=True))


def said(receiver: Receiver, n: int = -1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(receiver.bodies[n])
    return found
