"""What a webhook sends: the published signature, the guide's example, the same bytes each time."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from baton.core import registries
from baton.core.models import WebhookDelivery
from baton.core.webhooks import changes
from baton.core.webhooks.events import body_of, offered
from baton.core.webhooks.signatures import NotGenuine, headers, new_secret, signature, verify
from tests.rooms.core.test_webhooks import ports, subscribe
from tests.world import NOON, World

__all__ = ["ports"]

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide"


def test_b065_what_a_receiver_refuses() -> None:
    secret, body, now = new_secret(), b'{"id":"a-1"}', 1_700_000_000
    call = headers(secret, "a-1", now, body)
    assert verify(secret, {name.upper(): value for name, value in call.items()}, body, now=now + 299) == "a-1"
    seen = {"a-1"}
    for wrong in (
        {"now": now + 301}, {"now": now - 301}, {"came_before": seen.__contains__}, {"body": body + b" "},
        {"secret": new_secret()}, {"received": {**call, "webhook-id": "a-2"}},
        {"received": {**call, "webhook-timestamp": str(now + 1)}}, {"received": {}},
        {"received": {**call, "webhook-signature": "v1,"}}, {"received": {**call, "webhook-timestamp": "١٢"}},
    ):  # fmt: skip
        with pytest.raises(NotGenuine):
            verify(**{"secret": secret, "received": call, "body": body, "now": now, **wrong})  # type: ignore[arg-type]
    renewed = {**call, "webhook-signature": f"v1,AAAA {call['webhook-signature']}"}
    assert verify(secret, renewed, body, now=now) == "a-1"


def test_the_signature_is_that_of_the_published_example() -> None:
    """Standard Webhooks, specification, “Signature scheme”: symmetric example of its reference libraries."""
    secret, event, stamp = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(secret, event, stamp, b'{"test": 2432232314}') == expected


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_example_of_the_guide_runs(language: str) -> None:
    text = (GUIDE / language / "webhooks.md").read_text(encoding="utf-8")
    example = re.search(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert example is not None
    names: dict[str, Any] = {}
    exec(example[1], names)
    genuine: Any = names["genuine"]
    secret, body, now = new_secret(), b'{"id":"a-1"}', 1_700_000_000
    call = headers(secret, "a-1", now, body)
    assert genuine(secret, call, body, set().__contains__, now) == "a-1"
    assert genuine(secret, call, body, {"a-1"}.__contains__, now) is None
    assert genuine(secret, call, body, set().__contains__, now + 301) is None
    assert genuine(secret, call, body + b" ", set().__contains__, now) is None
    assert genuine(new_secret(), call, body, set().__contains__, now) is None
    assert genuine(secret, {}, body, set().__contains__, now) is None


def test_every_offered_event_has_a_policy() -> None:
    codes = {code for code, _label in offered()}
    assert {"link.added", "party.renamed", "person.added", "batch.sealed"} <= codes
    assert all(code.partition(".")[0] in registries.policies for code in codes)
    assert not any(code.startswith(("webhook.", "person.sign")) for code in codes)


def test_the_body_is_ascii_and_stable(world: World) -> None:
    webhook, _secret = subscribe(world)
    delivery = changes.send_test(by=world.actor(world.sun_yan), at=NOON, webhook=webhook)
    assert body_of(delivery) == body_of(WebhookDelivery.objects.get())
    assert body_of(delivery).isascii()
