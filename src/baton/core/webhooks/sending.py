"""Events from the change feed to the receivers: at least once, each subscription's in their order.

What is kept here is bookkeeping: a row of the audit trail for every call would itself be an event.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from baton.core import jobs, policy
from baton.core.actors import Actor
from baton.core.audit import feed
from baton.core.audit.trail import change
from baton.core.changes.notifications import notify
from baton.core.errors import Refused
from baton.core.models import AuditEntry, Webhook, WebhookDelivery, WebhookQueue
from baton.core.outgoing.addresses import parsed
from baton.core.outgoing.calls import INTERNET, Answer, Failure, Wire, post
from baton.core.queries import roles_of
from baton.core.rules import DeliveryState, WebhookState, gap_after
from baton.core.sealing import opened
from baton.core.texts import clean_text
from baton.core.webhooks.changes import PURPOSE, SEND_JOB, TEST_ACTION, reader_of
from baton.core.webhooks.events import body_of
from baton.core.webhooks.signatures import headers

PAUSED_TOPIC = "core.webhook_paused"
KEPT = timedelta(days=30)
MOST_A_RUN = 50
RUN_SECONDS = 30.0
# Longer than a run can take, so that what a dead worker claimed is free again soon.
CLAIM = timedelta(seconds=RUN_SECONDS + 4 * 15)
ANSWER_SHOWN = 500


def look(*, by: Actor, at: datetime) -> int:
    """Queue what happened for every subscription, and ask for a run for each that has something to send. Returns how
    many runs were asked for."""
    asked = 0
    for webhook in Webhook.objects.filter(state=WebhookState.ACTIVE).select_related("owner").order_by("pk"):
        if _is_owned(webhook, at):
            collect(webhook=webhook, at=at)
        else:
            _pause(by=by, at=at, webhook=webhook)
            continue
        ready = WebhookQueue.objects.filter(_free(at), webhook=webhook).exists()
        if ready and WebhookDelivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING).exists():
            jobs.enqueue(SEND_JOB, webhook=webhook.public_id)
            asked += 1
    old = WebhookDelivery.objects.filter(at__lt=at - KEPT).exclude(state=DeliveryState.WAITING)
    if old.exists():  # a look costs no write lock
        old.delete()
    return asked


def collect(*, webhook: Webhook, at: datetime, limit: int = 2000) -> int:
    """Queue what the owner may see of what happened since the last look, in its order. Returns how many events.

    Rows and cursor are stored in one transaction: nothing is left out, nothing is queued twice.
    """
    owner, wanted = _owner(webhook, at), set(webhook.events)
    with transaction.atomic():
        entries = feed.read(reader_of(webhook), limit)
        rows = [
            _queued(webhook, entry)
            for entry in entries
            if entry.action in wanted and policy.may_see_object(owner, entry.kind, entry.object_id)
        ]
        WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
        if entries:
            feed.advance(reader_of(webhook), entries[-1].seq)
    return len(rows)


def send(*, by: Actor, at: datetime, webhook: Webhook, wire: Wire = INTERNET) -> int:
    """Send what waits, oldest first, until something is not taken. Returns how many events were taken.

    Nothing behind an event that is not taken is sent before it. One worker at a time.
    """
    claimed = WebhookQueue.objects.filter(_free(at), webhook=webhook).update(claimed_until=at + CLAIM)
    if not claimed:
        return 0
    sent, end = 0, time.monotonic() + RUN_SECONDS
    try:
        while sent < MOST_A_RUN and time.monotonic() < end:
            waiting = WebhookDelivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING)
            delivery = waiting.order_by("pk").first()
            fresh = Webhook.objects.select_related("owner").get(pk=webhook.pk)
            if delivery is None or fresh.state != WebhookState.ACTIVE or not _is_owned(fresh, at):
                break
            if not policy.may_see_object(_owner(fresh, at), delivery.kind, delivery.object_id):
                WebhookDelivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.WITHHELD)
                continue
            answer = _call(fresh, delivery, at, wire)
            _note(delivery, answer, at, otherwise=DeliveryState.WAITING)
            if answer.failure is not None:
                _failed(by=by, at=at, webhook=fresh)
                break
            WebhookQueue.objects.filter(webhook=fresh).update(failures=0, failing_since=None, next_at=None)
            sent += 1
    finally:
        WebhookQueue.objects.filter(webhook=webhook).update(claimed_until=None)
    return sent


def send_one(*, at: datetime, delivery: WebhookDelivery, wire: Wire = INTERNET) -> Answer | None:
    """Send a test or a repetition, once; None where it was sent already or may not be sent."""
    webhook = Webhook.objects.select_related("owner").get(pk=delivery.webhook_id)
    if delivery.state != DeliveryState.ASKED or webhook.state == WebhookState.ENDED:
        return None
    is_test = delivery.action == TEST_ACTION
    seen = policy.may_see_object(_owner(webhook, at), delivery.kind, delivery.object_id)
    if not _is_owned(webhook, at) or not (is_test or seen):
        WebhookDelivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.WITHHELD)
        return None
    answer = _call(webhook, delivery, at, wire)
    _note(delivery, answer, at, otherwise=DeliveryState.FAILED)
    return answer


def _free(at: datetime) -> Q:
    due = Q(next_at__isnull=True) | Q(next_at__lte=at)
    return due & (Q(claimed_until__isnull=True) | Q(claimed_until__lte=at))


def _owner(webhook: Webhook, at: datetime) -> Actor:
    return Actor(webhook.owner, roles_of(webhook.owner, at), process="webhook")


def _is_owned(webhook: Webhook, at: datetime) -> bool:
    """Whether the owner still may own a subscription."""
    return webhook.owner.is_active and policy.may_manage_webhooks(_owner(webhook, at))


def _queued(webhook: Webhook, entry: AuditEntry) -> WebhookDelivery:
    return WebhookDelivery(
        webhook=webhook, event=f"{webhook.public_id}-{entry.seq}", seq=entry.seq, kind=entry.kind,
        object_id=entry.object_id, action=entry.action, at=entry.at, state=DeliveryState.WAITING,
    )  # fmt: skip


def _call(webhook: Webhook, delivery: WebhookDelivery, at: datetime, wire: Wire) -> Answer:
    try:
        target = parsed(webhook.address)  # the settings may have changed since it was entered
    except Refused:
        return Answer(Failure.INNER)
    body = body_of(delivery)
    said = headers(opened(PURPOSE, webhook.sealed), delivery.event, int(at.timestamp()), body)
    return post(target, body, said, wire=wire)


def _note(delivery: WebhookDelivery, answer: Answer, at: datetime, *, otherwise: DeliveryState) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.DELIVERED if answer.failure is None else otherwise,
        attempts=delivery.attempts + 1,
        sent_at=at,
        status=answer.status,
        milliseconds=answer.milliseconds,
        failure=answer.failure or "",
        answer=inert(answer.body),
    )


def inert(answer: bytes) -> str:
    """The beginning of an answer as plain text: no control, bidirectional or invisible characters, no line breaks."""
    text = clean_text(answer[: 4 * ANSWER_SHOWN].decode("utf-8", "replace"))
    return " ".join(text.split())[:ANSWER_SHOWN]


def _failed(*, by: Actor, at: datetime, webhook: Webhook) -> None:
    queue = WebhookQueue.objects.get(webhook=webhook)
    queue.failures += 1
    queue.failing_since = queue.failing_since or at
    queue.next_at = at + gap_after(queue.failures)
    queue.save(update_fields=["failures", "failing_since", "next_at"])
    if at - queue.failing_since >= timedelta(days=settings.WEBHOOK_DAYS):
        _pause(by=by, at=at, webhook=webhook)


def _pause(*, by: Actor, at: datetime, webhook: Webhook) -> None:
    """Baton itself pauses a subscription, and tells its owner."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Webhook, webhook)
        if fresh.state != WebhookState.ACTIVE:
            return
        fresh.state = WebhookState.PAUSED
        trail.save(fresh, "webhook.paused")
        notify(
            by=by, at=at, person=fresh.owner, topic=PAUSED_TOPIC, address=f"/webhooks/{fresh.public_id}/",
            values={"name": fresh.name},
        )  # fmt: skip
