"""Subscriptions: made, changed, paused, resumed, ended; tests and repetitions asked for."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from baton.core import jobs, policy
from baton.core.actors import Actor
from baton.core.audit import feed
from baton.core.audit.trail import Trail, change, head
from baton.core.changes.notifications import notify
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import Person, Webhook, WebhookDelivery, WebhookQueue
from baton.core.outgoing.addresses import parsed
from baton.core.rules import DeliveryState, Protocol, WebhookState
from baton.core.sealing import sealed
from baton.core.texts import clean_text
from baton.core.webhooks import audiences, robots
from baton.core.webhooks.events import offered, offered_to_chats
from baton.core.webhooks.signatures import new_secret
from baton_analysis.errors import gettext_noop

MOST_WEBHOOKS = 50
PURPOSE = "webhook"
CHAT_PURPOSE = "group_chat"
CHAT_TOPIC = "core.chat_added"
SEND_JOB = "core.send_webhook"
SEND_ONE_JOB = "core.send_webhook_once"
TEST_ACTION = "webhook.test"


def reader_of(webhook: Webhook) -> str:
    """Name of the subscription's cursor in the change feed."""
    return f"webhook:{webhook.public_id}"


def add_webhook(*, by: Actor, at: datetime, name: str, address: str, events: Sequence[str]) -> tuple[Webhook, str]:
    """A new subscription of ``by`` to what happens from now on, and its secret, which is shown once."""
    policy.demand(policy.may_manage_webhooks(by))
    if by.person is None:
        raise Forbidden
    _check(name=name, address=address, events=events)
    secret = new_secret()
    with change(by=by, at=at) as trail:
        _refuse_too_many()
        webhook = Webhook(
            owner=by.person, name=clean_text(name), address=address, events=sorted(set(events)),
            sealed=sealed(PURPOSE, secret),
        )  # fmt: skip
        _begin(trail, webhook)
        return webhook, secret


def edit_webhook(
    *, by: Actor, at: datetime, webhook: Webhook, expected_seq: int | None, name: str, address: str,
    events: Sequence[str],
) -> Webhook:  # fmt: skip
    """Change what it is called, where it leads and of what it tells. Events that wait go to the new address."""
    policy.demand(policy.may_manage_webhooks(by))
    if webhook.is_chat:
        raise NotFound
    _check(name=name, address=address, events=events)
    with change(by=by, at=at) as trail:
        fresh = _alive(trail, webhook, expected_seq)
        fresh.name, fresh.address, fresh.events = clean_text(name), address, sorted(set(events))
        trail.save(fresh, "webhook.edited")
        _forgive(fresh)
        return fresh


def add_chat(
    *,
    by: Actor,
    at: datetime,
    name: str,
    protocol: Protocol,
    address: str,
    secret: str = "",
    audience: str,
    language: str,
    events: Sequence[str],
) -> Webhook:
    """A group chat that is told what happens from now on, as far as everybody in ``audience`` may see it.

    Who leads the audience is told that there is such a chat. ``secret`` is the robot's, where it checks signatures.
    """
    policy.demand(policy.may_manage_webhooks(by))
    if by.person is None:
        raise Forbidden
    protocol = Protocol(protocol)
    host = robots.target_of(protocol, address).host
    _check_chat(by=by, at=at, name=name, audience=audience, language=language, events=events)
    with change(by=by, at=at) as trail:
        _refuse_too_many()
        chat = Webhook(
            owner=by.person, name=clean_text(name), protocol=protocol, address=f"https://{host}", audience=audience,
            language=language, events=sorted(set(events)), sealed=_chat_seal(address, secret),
        )  # fmt: skip
        _begin(trail, chat)
        _tell_leaders(by, at, chat)
        return chat


def edit_chat(
    *,
    by: Actor,
    at: datetime,
    chat: Webhook,
    expected_seq: int | None,
    name: str,
    address: str = "",
    secret: str = "",
    audience: str,
    language: str,
    events: Sequence[str],
) -> Webhook:
    """Change what it is called, who is in it and of what it is told. An empty address leaves address and secret."""
    policy.demand(policy.may_manage_webhooks(by))
    protocol = Protocol(chat.protocol)
    if secret.strip() and not address:
        raise Refused(
            field="address",
            expected=gettext_noop("Expected address and secret of a robot together."),
            found=gettext_noop("Found the secret alone."),
            remedy=gettext_noop("Copy the address from the settings of the chat’s robot, too."),
        )
    host = robots.target_of(protocol, address).host if address else ""
    _check_chat(by=by, at=at, name=name, audience=audience, language=language, events=events)
    with change(by=by, at=at) as trail:
        fresh = _alive(trail, chat, expected_seq)
        is_other = fresh.audience != audience
        fresh.name, fresh.audience, fresh.language = clean_text(name), audience, language
        fresh.events = sorted(set(events))
        if host:
            fresh.address, fresh.sealed = f"https://{host}", _chat_seal(address, secret)
        trail.save(fresh, "webhook.edited")
        _forgive(fresh)
        if is_other:
            WebhookDelivery.objects.filter(webhook=fresh, state=DeliveryState.WAITING).update(
                state=DeliveryState.SKIPPED
            )
            _tell_leaders(by, at, fresh)
        return fresh


def renew_secret(*, by: Actor, at: datetime, webhook: Webhook) -> tuple[Webhook, str]:
    """Another secret in the place of the old one, from the next call on; shown once."""
    policy.demand(policy.may_manage_webhooks(by))
    if webhook.is_chat:
        raise NotFound
    secret = new_secret()
    with change(by=by, at=at) as trail:
        fresh = _alive(trail, webhook)
        fresh.sealed = sealed(PURPOSE, secret)
        return trail.save(fresh, "webhook.secret_renewed"), secret


def pause_webhook(*, by: Actor, at: datetime, webhook: Webhook) -> Webhook:
    """Send nothing until it is resumed; what happens meanwhile is sent then. Paused twice is once."""
    policy.demand(by.is_system or policy.may_manage_webhooks(by))
    with change(by=by, at=at) as trail:
        fresh = _alive(trail, webhook)
        fresh.state = WebhookState.PAUSED
        return trail.save(fresh, "webhook.paused")


def resume_webhook(*, by: Actor, at: datetime, webhook: Webhook) -> Webhook:
    """Send again, from where it stopped. Whoever resumes it is the owner from now on."""
    policy.demand(policy.may_manage_webhooks(by))
    if by.person is None:
        raise Forbidden
    with change(by=by, at=at) as trail:
        fresh = _alive(trail, webhook)
        fresh.state = WebhookState.ACTIVE
        fresh.owner = by.person
        trail.save(fresh, "webhook.resumed")
        _forgive(fresh)
        return fresh


def end_webhook(*, by: Actor, at: datetime, webhook: Webhook) -> Webhook:
    """Send nothing any more; its log stays. Ended twice is once."""
    policy.demand(policy.may_manage_webhooks(by))
    with change(by=by, at=at) as trail:
        return _end(trail, webhook)


def forget_owner(*, by: Actor, at: datetime, person: Person) -> None:
    """End the subscriptions of somebody who is forgotten."""
    with change(by=by, at=at) as trail:
        for held in Webhook.objects.filter(owner=person).exclude(state=WebhookState.ENDED):
            _end(trail, held)


def send_test(*, by: Actor, at: datetime, webhook: Webhook) -> WebhookDelivery:
    """Ask a worker to send an event that stands for nothing, now and once; also of a paused subscription."""
    policy.demand(policy.may_manage_webhooks(by))
    with change(by=by, at=at) as trail:
        fresh = _alive(trail, webhook)
        trail.note("webhook.test_asked", kind=Webhook.kind, object_id=fresh.public_id)
        delivery = WebhookDelivery.objects.create(
            webhook=fresh, event=f"{fresh.public_id}-test-{secrets.token_hex(6)}", seq=0, kind=Webhook.kind,
            object_id=fresh.public_id, action=TEST_ACTION, at=at, state=DeliveryState.ASKED,
        )  # fmt: skip
        jobs.enqueue(SEND_ONE_JOB, delivery=delivery.public_id)
        return delivery


def redeliver(*, by: Actor, at: datetime, delivery: WebhookDelivery) -> WebhookDelivery:
    """Send an event again under its old id; one that waits for its turn, and with it the queue, is tried at once."""
    policy.demand(policy.may_manage_webhooks(by))
    with change(by=by, at=at) as trail:
        webhook = _alive(trail, delivery.webhook)
        fresh = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
        trail.note("webhook.redelivery_asked", kind=Webhook.kind, object_id=webhook.public_id, event=fresh.event)
        if fresh.state == DeliveryState.WAITING:
            WebhookQueue.objects.filter(webhook=webhook).update(next_at=None)
            jobs.enqueue(SEND_JOB, webhook=webhook.public_id)
            return fresh
        fresh.state = DeliveryState.ASKED
        fresh.save(update_fields=["state"])
        jobs.enqueue(SEND_ONE_JOB, delivery=fresh.public_id)
        return fresh


def skip(*, by: Actor, at: datetime, delivery: WebhookDelivery) -> WebhookDelivery:
    """Take an event out of the queue, because the receiver will never take it and others wait behind it."""
    policy.demand(policy.may_manage_webhooks(by))
    with change(by=by, at=at) as trail:
        webhook = _alive(trail, delivery.webhook)
        fresh = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
        if fresh.state != DeliveryState.WAITING:
            return fresh
        trail.note("webhook.event_skipped", kind=Webhook.kind, object_id=webhook.public_id, event=fresh.event)
        fresh.state = DeliveryState.SKIPPED
        fresh.save(update_fields=["state"])
        _forgive(webhook)
        return fresh


def _begin(trail: Trail, webhook: Webhook) -> None:
    """Store a new one, which is told what happens from now on."""
    trail.save(webhook, "webhook.added")
    WebhookQueue.objects.create(webhook=webhook)
    feed.advance(reader_of(webhook), head())


def _refuse_too_many() -> None:
    if Webhook.objects.exclude(state=WebhookState.ENDED).count() >= MOST_WEBHOOKS:
        raise Refused(
            expected=gettext_noop("Expected at most {most} webhooks."),
            remedy=gettext_noop("End those that are no longer used."),
            most=MOST_WEBHOOKS,
        )


def _chat_seal(address: str, secret: str) -> str:
    return sealed(CHAT_PURPOSE, json.dumps({"address": address, "secret": secret.strip()}))


def _tell_leaders(by: Actor, at: datetime, chat: Webhook) -> None:
    """Nobody's affairs are told to a chat without those who lead them knowing of it."""
    for person in audiences.leaders(chat.audience, at):
        if by.person is None or person.pk != by.person.pk:
            notify(
                by=by, at=at, person=person, topic=CHAT_TOPIC, address="/notifications/",
                values={"name": chat.name, "audience": audiences.named(chat)},
            )  # fmt: skip


def _end(trail: Trail, webhook: Webhook) -> Webhook:
    fresh = trail.lock(Webhook, webhook)
    fresh.state = WebhookState.ENDED
    WebhookDelivery.objects.filter(webhook=fresh, state=DeliveryState.WAITING).update(state=DeliveryState.SKIPPED)
    return trail.save(fresh, "webhook.ended")


def _forgive(webhook: Webhook) -> None:
    """The next run tries at once, and counts failures anew."""
    WebhookQueue.objects.filter(webhook=webhook).update(failures=0, failing_since=None, next_at=None)


def _alive(trail: Trail, webhook: Webhook, expected_seq: int | None = None) -> Webhook:
    fresh = trail.lock(Webhook, webhook, expected_seq=expected_seq)
    if fresh.state == WebhookState.ENDED:
        raise Refused(
            expected=gettext_noop("Expected a webhook that has not ended."),
            found=gettext_noop("This webhook has ended."),
            remedy=gettext_noop("Make a new one."),
        )
    return fresh


def _check_chat(
    *, by: Actor, at: datetime, name: str, audience: str, language: str, events: Sequence[str]
) -> None:  # fmt: skip
    _check_name(name)
    if audience not in {key for key, _name in audiences.choices(by=by, at=at)}:
        raise Refused(
            field="audience",
            expected=gettext_noop("Expected one of the groups that are offered."),
            remedy=gettext_noop("Choose who is in the chat."),
        )
    if language not in dict(settings.LANGUAGES):
        raise Refused(field="language", remedy=gettext_noop("Choose one of the languages that are offered."))
    _check_events(events, offered_to_chats())


def _check(*, name: str, address: str, events: Sequence[str]) -> None:
    _check_name(name)
    parsed(address)
    _check_events(events, offered())


def _check_name(name: str) -> None:
    if not 1 <= len(clean_text(name)) <= 100:
        raise Refused(
            field="name",
            expected=gettext_noop("Expected a name of at most 100 characters that says what the webhook is for."),
            remedy=gettext_noop("Enter one, such as: maintenance system."),
        )


def _check_events(events: Sequence[str], choices: Sequence[tuple[str, Any]]) -> None:
    if not events or not set(events) <= {code for code, _label in choices}:
        raise Refused(
            field="events",
            expected=gettext_noop("Expected at least one of the events that are offered."),
            remedy=gettext_noop("Choose of what the other system is told."),
        )
