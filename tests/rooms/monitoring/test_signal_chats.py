"""Group chats are told of new signals: one line a day, of what concerns them and everybody in them may see."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from baton.core.models import AuditEntry, Webhook, WebhookDelivery
from baton.core.outgoing.calls import Wire
from baton.core.webhooks import sending
from baton.core.webhooks.events import offered_to_chats
from baton.monitoring import changes
from baton.monitoring.models import Signal, SignalDigest
from tests.receivers import Receiver
from tests.rooms.core.chats import chat, hosts, receiver, said, wire
from tests.rooms.monitoring.bench import SYSTEM, Bench
from tests.rooms.monitoring.test_signals import AT, run
from tests.rooms.monitoring.test_telling import worse

if TYPE_CHECKING:
    from datetime import datetime

    from tests.world import World

__all__ = ["hosts", "receiver", "wire"]

DIGEST = "signal_digest.made"


def told(one: Webhook, wire: Wire, at: datetime = AT) -> list[str]:
    """Let what happened be sent, and say how each event fared."""
    sending.collect(webhook=one, at=at)
    sending.send(by=SYSTEM, at=at, webhook=one, wire=wire)
    return list(WebhookDelivery.objects.filter(webhook=one).order_by("pk").values_list("state", flat=True))


def test_one_line_a_day_of_what_concerns_the_chat(bench: Bench, world: World, receiver: Receiver, wire: Wire) -> None:
    ward = chat(world, events=[DIGEST])
    stores = chat(world, f"party:{world.stores.public_id}", name="Stores", events=[DIGEST])
    everybody = chat(world, "everybody", name="All", events=[DIGEST], language="zh-hans")
    worse(bench, [world.laundry_ward.measured_as, world.pharmacy_ward.measured_as])
    run()
    assert told(ward, wire) == ["delivered"]
    text = said(receiver)["markdown"]["content"]
    assert "New signals: " in text
    assert "Laundry → Ward 3" in text
    assert "Pharmacy → Ward 3" in text
    assert text.endswith("[Open](http://127.0.0.1:8000/monitoring/signals/?show=new)")
    assert told(stores, wire) == [], "none of it is its business"
    assert told(everybody, wire) == ["delivered"]
    assert "Ward" not in said(receiver)["markdown"]["content"]

    bench.put("log2", [])
    worse(bench, [world.ward_laundry.measured_as], until=53)
    run(AT + timedelta(hours=1))
    assert SignalDigest.objects.count() == 1, "what comes later today waits until tomorrow"
    changes.tell_of_signals(by=SYSTEM, at=AT + timedelta(hours=10))
    assert SignalDigest.objects.count() == 1, "nobody is woken at night"
    tomorrow = AT + timedelta(days=1)
    changes.tell_of_signals(by=SYSTEM, at=tomorrow)
    assert told(ward, wire, tomorrow) == ["delivered", "delivered"]
    text = said(receiver)["markdown"]["content"]
    assert "Ward 3 → Laundry" in text
    assert "Pharmacy" not in text, "told yesterday"


def test_what_somebody_in_the_chat_may_not_see_is_left_out_of_it(
    bench: Bench, world: World, receiver: Receiver, wire: Wire
) -> None:
    managers = chat(world, "role:quality_manager", events=[DIGEST])
    administrators = chat(world, "role:administrator", name="Administrators", events=[DIGEST])
    worse(bench, [world.laundry_ward.measured_as])
    run()
    assert told(managers, wire) == ["delivered"]
    assert told(administrators, wire) == ["withheld"], "Sun Yan sees no link"


def test_no_chat_is_told_of_each_signal(world: World) -> None:
    offered = {code for code, _label in offered_to_chats()}
    assert {DIGEST, "signal.explained", "signal.closed"} <= offered
    assert not {"signal.opened", "signal.reopened", "signal.seen"} & offered


def test_what_people_say_is_told_without_their_words(
    bench: Bench, world: World, receiver: Receiver, wire: Wire
) -> None:
    ward = chat(world, events=["signal.explained"])
    worse(bench, [world.laundry_ward.measured_as])
    run()
    signal = Signal.objects.get()
    changes.explain_signal(by=world.actor(world.zhao_lei), at=AT, signal=signal, reason="Zeppelin")
    assert told(ward, wire) == ["delivered"]
    assert "Signal explained: Laundry → Ward 3" in said(receiver)["markdown"]["content"]
    assert "Zeppelin" not in str(receiver.bodies)
    assert not AuditEntry.objects.filter(action=DIGEST).filter(body__contains="Zeppelin").exists()
