"""Subscriptions: made, changed, paused, resumed, ended; tests and repetitions asked for."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from baton.core import jobs, policy
from baton.core.actors import Actor
from baton.core.audit import feed
from baton.core.audit.trail import Trail, change, head
from baton.core.errors import Forbidden, Refused
from baton.core.models import Person, Webhook, WebhookDelivery, WebhookQueue
from baton.core.outgoing.addresses import parsed
from baton.core.rules import DeliveryState, WebhookState
from baton.core.sealing import sealed
from baton.core.texts import clean_text
from baton.core.webhooks.events import offered
from baton.core.webhooks.signatures import new_secret
from baton_analysis.errors import gettext_noop

MOST_WEBHOOKS = 50
PURPOSE = "webhook"
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
        if Webhook.objects.exclude(state=WebhookState.ENDED).count() >= MOST_WEBHOOKS:
            raise Refused(
                expected=gettext_noop("Expected at most {most} webhooks."),
                remedy=gettext_noop("End those that are no longer used."),
                most=MOST_WEBHOOKS,
            )
        webhook = Webhook(
            owner=by.person, name=clean_text(name), address=address, events=sorted(set(events)),
            sealed=sealed(PURPOSE, secret),
        )  # fmt: skip
        trail.save(webhook, "webhook.added")
        WebhookQueue.objects.create(webhook=webhook)
        feed.advance(reader_of(webhook), head())
        return webhook, secret


def edit_webhook(
    *, by: Actor, at: datetime, webhook: Webhook, expected_seq: int | None, name: str, address: str,
    events: Sequence[str],
) -> Webhook:  # fmt: skip
    """Change what it is called, where it leads and of what it tells. Events that wait go to the new address."""
    policy.demand(policy.may_manage_webhooks(by))
    _check(name=name, address=address, events=events)
    with change(by=by, at=at) as trail:
        fresh = _alive(trail, webhook, expected_seq)
        fresh.name, fresh.address, fresh.events = clean_text(name), address, sorted(set(events))
        trail.save(fresh, "webhook.edited")
        _forgive(fresh)
        return fresh


def renew_secret(*, by: Actor, at: datetime, webhook: Webhook) -> tuple[Webhook, str]:
    """Another secret in the place of the old one, from the next call on; shown once."""
    policy.demand(policy.may_manage_webhooks(by))
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
            found=gettext_noop("This one has."),
            remedy=gettext_noop("Make a new one."),
        )
    return fresh


def _check(*, name: str, address: str, events: Sequence[str]) -> None:
    if not 1 <= len(clean_text(name)) <= 100:
        raise Refused(
            field="name",
            expected=gettext_noop("Expected a name of at most 100 characters that says what the webhook is for."),
            remedy=gettext_noop("Enter one, such as: maintenance system."),
        )
    parsed(address)
    if not events or not set(events) <= {code for code, _label in offered()}:
        raise Refused(
            field="events",
            expected=gettext_noop("Expected at least one of the events that are offered."),
            remedy=gettext_noop("Choose of what the other system is told."),
        )
