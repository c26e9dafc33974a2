"""Webhooks: what happened reaches other systems at least once, in order, signed, as far as the owner may see it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from baton.chain.changes import add_link, end_link, rename_party
from baton.core import changes as core_changes
from baton.core import registries
from baton.core.actors import Actor
from baton.core.errors import Forbidden, Refused, explain
from baton.core.models import AuditEntry, Notification, Webhook, WebhookDelivery, WebhookQueue
from baton.core.outgoing.calls import Wire
from baton.core.queries import notification_text
from baton.core.rules import DeliveryState, Role, WebhookState, gap_after
from baton.core.sealing import opened, sealed
from baton.core.webhooks import changes, queries, sending
from baton.core.webhooks.signatures import verify
from baton.core.worker import Worker
from tests.api import Program, said, token_for
from tests.receivers import Receiver, Recorded, receiving
from tests.world import BEGAN, NOON, PEOPLE, SYSTEM, World

ADDRESS = "https://receiver.example.org/hook"
BY = Actor.system("core.look_for_webhooks")
NO = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(autouse=True)
def ports(settings: Any) -> None:
    settings.WEBHOOK_PORTS = [443, 80]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(Receiver()) as listening:
        yield listening


@pytest.fixture
def wire(receiver: Receiver) -> Wire:
    return Recorded(receiver).wire


def subscribe(world: World, *events: str) -> tuple[Webhook, str]:
    chosen = events or ("link.added", "link.ended", "party.renamed")
    return changes.add_webhook(
        by=world.actor(world.sun_yan), at=NOON, name="Maintenance", address="http://receiver.example.org/hook",
        events=chosen,
    )  # fmt: skip


def happen(world: World, at: datetime = NOON) -> None:
    link = add_link(by=SYSTEM, at=at, supplier=world.stores, customer=world.ward, output={"en": "Gloves"})
    end_link(by=SYSTEM, at=at, link=link)
    rename_party(by=SYSTEM, at=at, party=world.ward, name={"en": "Ward three"})


def states(webhook: Webhook) -> list[str]:
    return list(WebhookDelivery.objects.filter(webhook=webhook).order_by("pk").values_list("state", flat=True))


def allow_links(world: World) -> None:
    """Administrators see no links; this one is quality manager, too."""
    core_changes.give_role(by=SYSTEM, at=BEGAN, person=world.sun_yan, role=Role.QUALITY_MANAGER)


def test_what_happens_is_sent_in_its_order_and_signed(world: World, receiver: Receiver, wire: Wire) -> None:
    allow_links(world)
    webhook, secret = subscribe(world)
    happen(world)
    assert sending.look(by=BY, at=NOON) == 1
    assert sending.send(by=BY, at=NOON, webhook=webhook, wire=wire) == 3
    bodies = [json.loads(body) for body in receiver.bodies]
    assert [one["action"] for one in bodies] == ["link.added", "link.ended", "party.renamed"]
    assert [one["seq"] for one in bodies] == sorted(one["seq"] for one in bodies)
    assert set(bodies[0]) == {"id", "seq", "kind", "public_id", "action", "at"}
    assert bodies[2]["public_id"] == world.ward.public_id
    for n, body in enumerate(receiver.bodies):
        assert verify(secret, receiver.headers(n), body, now=NOON.timestamp()) == json.loads(body)["id"]
    assert states(webhook) == ["delivered"] * 3
    assert sending.look(by=BY, at=NOON) == 0
    first = WebhookDelivery.objects.order_by("pk")[0]
    assert (first.status, first.answer, first.attempts) == (200, "ok", 1)


def test_nothing_personal_leaves(world: World, receiver: Receiver, wire: Wire) -> None:
    webhook, _secret = subscribe(world, "person.added", "person.edited")
    core_changes.add_person(by=SYSTEM, at=NOON, sign_in_name="new.one", name={"en": "Zed Nought"}, phone="13800001234")
    sending.collect(webhook=webhook, at=NOON)
    assert sending.send(by=BY, at=NOON, webhook=webhook, wire=wire) == 1
    sent = receiver.requests[0].decode()
    assert not re.search("Zed|Nought|new.one|1380000", sent)


def test_only_what_the_owner_may_see(world: World, receiver: Receiver, wire: Wire) -> None:
    webhook, _secret = subscribe(world)
    happen(world)
    sending.collect(webhook=webhook, at=NOON)
    sees = [registries.policies.get(one.kind).may_see(world.actor(world.sun_yan), one.object_id)
            for one in WebhookDelivery.objects.all()]  # fmt: skip
    assert all(sees)
    assert {one.kind for one in WebhookDelivery.objects.all()} == {"party"}


def test_what_he_may_no_longer_see_is_withheld(world: World, receiver: Receiver, wire: Wire) -> None:
    allow_links(world)
    webhook, _secret = subscribe(world, "link.added")
    happen(world)
    sending.collect(webhook=webhook, at=NOON)
    role = next(one for one in world.sun_yan.organisation_roles.all() if one.role == Role.QUALITY_MANAGER)
    core_changes.end_role(by=SYSTEM, at=NOON, role=role)
    later = NOON + timedelta(minutes=1)
    assert sending.send(by=BY, at=later, webhook=webhook, wire=wire) == 0
    assert states(webhook) == ["withheld"]
    assert receiver.requests == []


def test_b065_again_later_and_nothing_overtakes(world: World, receiver: Receiver, wire: Wire) -> None:
    allow_links(world)
    webhook, _secret = subscribe(world)
    happen(world)
    sending.collect(webhook=webhook, at=NOON)
    receiver.answers = [NO, NO]
    at = NOON
    assert sending.send(by=BY, at=at, webhook=webhook, wire=wire) == 0
    assert sending.send(by=BY, at=at, webhook=webhook, wire=wire) == 0  # too early
    assert len(receiver.requests) == 1
    at += gap_after(1)
    assert sending.send(by=BY, at=at, webhook=webhook, wire=wire) == 0
    assert WebhookQueue.objects.get(webhook=webhook).next_at == at + timedelta(minutes=2)
    at += gap_after(2)
    assert sending.send(by=BY, at=at, webhook=webhook, wire=wire) == 3
    ids = [json.loads(body)["id"] for body in receiver.bodies]
    assert ids[0] == ids[1] == ids[2]
    assert len(set(ids)) == 3
    queue = WebhookQueue.objects.get(webhook=webhook)
    assert (queue.failures, queue.failing_since, queue.next_at) == (0, None, None)


def test_gaps_grow_to_six_hours() -> None:
    assert [gap_after(n) // timedelta(minutes=1) for n in (1, 2, 3, 9, 10, 500)] == [1, 2, 4, 256, 360, 360]


def test_a_worker_that_died_while_sending_lets_the_next_one_send_again(
    world: World, receiver: Receiver, wire: Wire
) -> None:
    webhook, _secret = subscribe(world, "party.renamed")
    happen(world)
    sending.collect(webhook=webhook, at=NOON)
    WebhookQueue.objects.filter(webhook=webhook).update(claimed_until=NOON + sending.CLAIM)
    assert sending.send(by=BY, at=NOON, webhook=webhook, wire=wire) == 0
    assert sending.send(by=BY, at=NOON + sending.CLAIM, webhook=webhook, wire=wire) == 1


def test_after_days_of_failure_it_is_paused_and_the_owner_told(
    world: World, receiver: Receiver, wire: Wire, settings: Any
) -> None:
    settings.WEBHOOK_DAYS = 2
    webhook, _secret = subscribe(world, "party.renamed")
    happen(world)
    sending.collect(webhook=webhook, at=NOON)
    receiver.answers = [NO] * 50
    at, tries = NOON, 0
    while Webhook.objects.get().state == WebhookState.ACTIVE:
        sending.send(by=BY, at=at, webhook=webhook, wire=wire)
        at = WebhookQueue.objects.get().next_at or at
        tries += 1
    assert at - NOON >= timedelta(days=2)
    assert 10 < tries < 20
    told = Notification.objects.get(person=world.sun_yan)
    assert "Maintenance" in notification_text(told)
    assert told.address == f"/webhooks/{webhook.public_id}/"
    assert sending.look(by=BY, at=at) == 0
    receiver.answers = []
    changes.resume_webhook(by=world.actor(world.sun_yan), at=at, webhook=webhook)
    assert sending.send(by=BY, at=at, webhook=webhook, wire=wire) == 1


def test_it_is_paused_when_its_owner_may_not_own_it_any_more(world: World) -> None:
    other = core_changes.add_person(by=SYSTEM, at=BEGAN, sign_in_name="second", name={"en": "Second"})
    core_changes.give_role(by=SYSTEM, at=BEGAN, person=other, role=Role.ADMINISTRATOR)
    webhook, _secret = subscribe(world)
    core_changes.disable_person(by=SYSTEM, at=NOON, person=world.sun_yan)
    sending.look(by=BY, at=NOON)
    webhook.refresh_from_db()
    assert webhook.state == WebhookState.PAUSED
    fresh = changes.resume_webhook(by=world.actor(other), at=NOON, webhook=webhook)
    assert fresh.owner == other


def test_what_happens_while_paused_is_sent_afterwards(world: World, receiver: Receiver, wire: Wire) -> None:
    webhook, _secret = subscribe(world, "party.renamed")
    by = world.actor(world.sun_yan)
    changes.pause_webhook(by=by, at=NOON, webhook=webhook)
    happen(world)
    assert sending.look(by=BY, at=NOON) == 0
    assert sending.send(by=BY, at=NOON, webhook=webhook, wire=wire) == 0
    changes.resume_webhook(by=by, at=NOON, webhook=webhook)
    assert sending.look(by=BY, at=NOON) == 1
    assert sending.send(by=BY, at=NOON, webhook=webhook, wire=wire) == 1


def test_a_test_goes_to_a_paused_one_too_and_is_not_tried_again(world: World, receiver: Receiver, wire: Wire) -> None:
    webhook, secret = subscribe(world)
    by = world.actor(world.sun_yan)
    changes.pause_webhook(by=by, at=NOON, webhook=webhook)
    receiver.answers = [
        b"HTTP/1.1 400 No\r\nContent-Length: 40\r\n\r\n<b>no</b>\x1b[31m\xe2\x80\xae\r\nSet: 1" + b" " * 20
    ]
    delivery = changes.send_test(by=by, at=NOON, webhook=webhook)
    answer = sending.send_one(at=NOON, delivery=delivery, wire=wire)
    assert answer is not None
    assert answer.status == 400
    assert verify(secret, receiver.headers(), receiver.bodies[0], now=NOON.timestamp()) == delivery.event
    delivery.refresh_from_db()
    assert (delivery.state, delivery.answer) == (DeliveryState.FAILED, "<b>no</b>[31m Set: 1")
    assert sending.send_one(at=NOON, delivery=delivery, wire=wire) is None
    page = world.client(world.sun_yan).get(f"/webhooks/{webhook.public_id}/").content.decode()
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert "<b>no</b>" not in page


def test_an_event_is_sent_again_under_its_id_and_one_is_skipped(world: World, receiver: Receiver, wire: Wire) -> None:
    allow_links(world)
    webhook, _secret = subscribe(world, "link.added", "link.ended")
    by = world.actor(world.sun_yan)
    happen(world)
    sending.collect(webhook=webhook, at=NOON)
    first, second = WebhookDelivery.objects.select_related("webhook").order_by("pk")
    receiver.answers = [NO]
    sending.send(by=BY, at=NOON, webhook=webhook, wire=wire)
    changes.skip(by=by, at=NOON, delivery=first)
    assert sending.send(by=BY, at=NOON, webhook=webhook, wire=wire) == 1
    assert states(webhook) == ["skipped", "delivered"]
    asked = changes.redeliver(by=by, at=NOON, delivery=second)
    sending.send_one(at=NOON, delivery=asked, wire=wire)
    ids = [json.loads(body)["id"] for body in receiver.bodies]
    assert ids == [first.event, second.event, second.event]


def test_the_worker_does_it(world: World, receiver: Receiver) -> None:
    """Through the registered jobs; the real wire refuses, because no name of example.org is asked for in a test."""
    webhook, _secret = subscribe(world, "party.renamed")
    Webhook.objects.filter(pk=webhook.pk).update(address="https://127.0.0.1/")  # as if the rules had been looser
    happen(world)
    Worker().drain(NOON)
    Worker().drain(NOON + timedelta(minutes=2))
    only = WebhookDelivery.objects.get()
    assert (only.state, only.failure, only.attempts) == ("waiting", "inner", 1)


def test_the_log_is_kept_for_thirty_days(world: World) -> None:
    webhook, _secret = subscribe(world, "party.renamed")
    changes.send_test(by=world.actor(world.sun_yan), at=NOON, webhook=webhook)
    sending.look(by=BY, at=NOON + timedelta(days=30))
    assert WebhookDelivery.objects.count() == 1
    sending.look(by=BY, at=NOON + timedelta(days=31))
    assert WebhookDelivery.objects.count() == 0


def test_ended_for_good(world: World, receiver: Receiver, wire: Wire) -> None:
    webhook, _secret = subscribe(world, "party.renamed")
    by = world.actor(world.sun_yan)
    happen(world)
    sending.collect(webhook=webhook, at=NOON)
    changes.end_webhook(by=by, at=NOON, webhook=webhook)
    assert states(webhook) == ["skipped"]
    assert sending.send(by=BY, at=NOON, webhook=webhook, wire=wire) == 0
    for write in (changes.resume_webhook, changes.pause_webhook, changes.send_test, changes.renew_secret):
        with pytest.raises(Refused):
            write(by=by, at=NOON, webhook=webhook)


def test_the_secret_stands_nowhere_in_the_clear(world: World) -> None:
    webhook, secret = subscribe(world)
    assert secret not in webhook.sealed
    assert opened(changes.PURPOSE, webhook.sealed) == secret
    bodies = "".join(AuditEntry.objects.values_list("body", flat=True))
    assert secret not in bodies
    assert webhook.sealed not in bodies
    _fresh, renewed = changes.renew_secret(by=world.actor(world.sun_yan), at=NOON, webhook=webhook)
    assert renewed != secret
    with pytest.raises(Refused):
        opened("another purpose", webhook.sealed)


def test_a_seal_of_another_key_says_so(settings: Any) -> None:
    seal = sealed("x", "y")
    settings.SECRET_KEY = "another"
    with pytest.raises(Refused) as refused:
        opened("x", seal)
    assert "BATON_SECRET_KEY" in explain(refused.value)


@pytest.mark.parametrize(("field", "wrong"), [
    ("name", " "), ("name", "x" * 101), ("address", "http://127.0.0.1/"), ("events", []), ("events", ["no.such"]),
    ("events", ["person.signed_in"]), ("events", ["role.given"]),
])  # fmt: skip
def test_refused(world: World, field: str, wrong: Any) -> None:
    given = {"name": "x", "address": ADDRESS, "events": ["link.added"], field: wrong}
    with pytest.raises(Refused) as refused:
        changes.add_webhook(by=world.actor(world.sun_yan), at=NOON, **given)
    assert refused.value.field == field


@pytest.mark.sqlite
def test_only_administrators(world: World, receiver: Receiver) -> None:
    webhook, _secret = subscribe(world)
    delivery = changes.send_test(by=world.actor(world.sun_yan), at=NOON, webhook=webhook)
    routes = ("", "new/", f"{webhook.public_id}/", f"{webhook.public_id}/edit/")
    for who in PEOPLE:
        client, may = world.client(getattr(world, who)), who == "sun_yan"
        assert {client.get(f"/webhooks/{route}").status_code for route in routes} == ({200} if may else {403}), who
        if may:
            continue
        by = world.actor(getattr(world, who))
        for step in ("pause", "resume", "end", "test", "secret"):
            assert client.post(f"/webhooks/{webhook.public_id}/{step}/").status_code == 403
        for step in ("redeliver", "skip"):
            address = f"/webhooks/{webhook.public_id}/deliveries/{delivery.public_id}/{step}/"
            assert client.post(address).status_code == 403
        for write in (
            lambda by=by: changes.pause_webhook(by=by, at=NOON, webhook=webhook),
            lambda by=by: changes.send_test(by=by, at=NOON, webhook=webhook),
            lambda by=by: changes.redeliver(by=by, at=NOON, delivery=delivery),
            lambda by=by: queries.webhooks(viewer=by),
        ):
            with pytest.raises(Forbidden):
                write()


def test_from_the_form_to_the_log(world: World) -> None:
    client = world.client(world.sun_yan)
    given = {"name": "HIS", "address": ADDRESS, "events": ["party.renamed"], "submission": "s" * 32}
    page = client.post("/webhooks/new/", given).content.decode()
    webhook = Webhook.objects.get()
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", page)
    assert secret is not None
    assert opened(changes.PURPOSE, webhook.sealed) == secret[0]
    assert "whsec_" not in client.post("/webhooks/new/", given).content.decode()
    assert Webhook.objects.count() == 1
    assert "whsec_" not in client.get(f"/webhooks/{webhook.public_id}/").content.decode()
    for step in ("test", "pause", "resume"):
        assert client.post(f"/webhooks/{webhook.public_id}/{step}/").status_code == 302
    delivery = WebhookDelivery.objects.get()
    assert delivery.event in client.get(f"/webhooks/{webhook.public_id}/").content.decode()
    bad = client.post("/webhooks/new/", {**given, "address": "https://10.0.0.1/", "submission": "t" * 32})
    assert bad.status_code == 422
    assert "private network" in bad.content.decode()
    edited = {**given, "name": "HIS 2", "version": webhook.changed_seq, "submission": "u" * 32}
    stale = client.post(f"/webhooks/{webhook.public_id}/edit/", edited)
    assert stale.status_code == 409
    webhook.refresh_from_db()
    edited |= {"version": webhook.changed_seq, "submission": "v" * 32}
    assert client.post(f"/webhooks/{webhook.public_id}/edit/", edited).status_code == 302
    assert "whsec_" in client.post(f"/webhooks/{webhook.public_id}/secret/").content.decode()


def test_over_the_api(world: World) -> None:
    program = Program(token_for(world.sun_yan, "webhooks:read", "webhooks:write"))
    body = {"name": "HIS", "address": ADDRESS, "events": ["party.renamed"]}
    made = program.post("/webhooks", body, key="k" * 20)
    assert made.status_code == 201
    assert said(made)["secret"].startswith("whsec_")
    again = program.post("/webhooks", body, key="k" * 20)
    assert (again["Idempotent-Replayed"], said(again)["secret"]) == ("true", None)
    here = f"/webhooks/{said(made)['id']}"
    assert said(program.post(f"{here}/pause", {}))["state"] == "paused"
    assert said(program.post(f"{here}/resume", {}))["state"] == "active"
    assert [one["id"] for one in said(program.get("/webhooks"))["rows"]] == [said(made)["id"]]
    changes.send_test(by=world.actor(world.sun_yan), at=NOON, webhook=Webhook.objects.get())
    assert said(program.get(f"{here}/deliveries"))["rows"][0]["action"] == "webhook.test"
    refused = program.post("/webhooks", {**body, "address": "https://169.254.169.254/latest"})
    assert refused.status_code == 422
    assert said(refused)["errors"][0]["field"] == "address"
