"""Events from the change feed to the receivers, other systems and group chats: at least once, each subscription's in
their order.

What is kept here is bookkeeping: a row of the audit trail for every call would itself be an event.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from baton.core import jobs, policy
from baton.core.actors import Actor
from baton.core.audit import feed
from baton.core.audit.trail import change
from baton.core.changes.notifications import notify
from baton.core.models import AuditEntry, Webhook, WebhookDelivery, WebhookQueue
from baton.core.outgoing.calls import INTERNET, Answer, Failure, Wire
from baton.core.rules import (
    LONGEST_SILENCE,
    ROBOT_LINES,
    ROBOT_LOCK,
    ROBOT_MOST,
    ROBOT_WINDOW,
    DeliveryState,
    WebhookState,
    gap_after,
)
from baton.core.texts import clean_text
from baton.core.webhooks import calling
from baton.core.webhooks.changes import SEND_JOB, TEST_ACTION, reader_of

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
    is_meant, wanted = calling.meant(webhook, at), set(webhook.events)
    with transaction.atomic():
        entries = feed.read(reader_of(webhook), limit)
        rows = [
            _queued(webhook, entry)
            for entry in entries
            if entry.action in wanted and is_meant(entry.kind, entry.object_id)
        ]
        WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
        if entries:
            feed.advance(reader_of(webhook), entries[-1].seq)
    return len(rows)


def send(*, by: Actor, at: datetime, webhook: Webhook, wire: Wire = INTERNET) -> int:
    """Send what waits, oldest first, until something is not taken. Returns how many events were taken.

    Nothing behind an event that is not taken is sent before it. One worker at a time. A group chat gets several events
    in one message, and no more messages than its robot takes.
    """
    claimed = WebhookQueue.objects.filter(_free(at), webhook=webhook).update(claimed_until=at + CLAIM)
    if not claimed:
        return 0
    sent, end = 0, time.monotonic() + RUN_SECONDS
    try:
        for _n in range(MOST_A_RUN):
            fresh = Webhook.objects.select_related("owner").get(pk=webhook.pk)
            if fresh.state != WebhookState.ACTIVE or not _is_owned(fresh, at) or _has_said_enough(fresh, at):
                break
            ready = _next(fresh, at, end)
            if not ready:
                break
            answer = calling.call(fresh, ready, at, wire)
            _note(ready, answer, at, otherwise=DeliveryState.WAITING)
            if answer.failure is not None:
                _failed(by=by, at=at, webhook=fresh, failure=answer.failure)
                break
            WebhookQueue.objects.filter(webhook=fresh).update(failures=0, failing_since=None, next_at=None)
            sent += len(ready)
    finally:
        WebhookQueue.objects.filter(webhook=webhook).update(claimed_until=None)
    return sent


def send_one(*, at: datetime, delivery: WebhookDelivery, wire: Wire = INTERNET) -> Answer | None:
    """Send a test or a repetition, once; None where it was sent already or may not be sent."""
    webhook = Webhook.objects.select_related("owner").get(pk=delivery.webhook_id)
    if delivery.state != DeliveryState.ASKED or webhook.state == WebhookState.ENDED:
        return None
    seen = delivery.action == TEST_ACTION or calling.may_be_sent(webhook, delivery, at, calling.sight_of(webhook, at))
    if not _is_owned(webhook, at) or not seen:
        WebhookDelivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.WITHHELD)
        return None
    full = _has_said_enough(webhook, at)
    answer = Answer(Failure.RATE) if full else calling.call(webhook, [delivery], at, wire)
    _note([delivery], answer, at, otherwise=DeliveryState.FAILED)
    return answer


def _next(webhook: Webhook, at: datetime, end: float) -> list[WebhookDelivery]:
    """What goes with the next call, nothing after ``end`` (monotonic seconds); what may not be sent, or comes too late
    for a chat, is taken out of the queue."""
    sight = calling.sight_of(webhook, at)
    while time.monotonic() < end:
        waiting = WebhookDelivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING).order_by("pk")
        first = list(waiting[: ROBOT_LINES if webhook.is_chat else 1])
        late = [one.pk for one in first if webhook.is_chat and one.at < at - LONGEST_SILENCE]
        seen = [one for one in first if one.pk not in late and calling.may_be_sent(webhook, one, at, sight)]
        kept = {one.pk for one in seen}
        WebhookDelivery.objects.filter(pk__in=late).update(state=DeliveryState.LATE)
        hidden = [one.pk for one in first if one.pk not in kept and one.pk not in late]
        WebhookDelivery.objects.filter(pk__in=hidden).update(state=DeliveryState.WITHHELD)
        if seen or not first:
            return seen
    return []


def _has_said_enough(webhook: Webhook, at: datetime) -> bool:
    """Whether the robot of a chat would take no more."""
    if not webhook.is_chat:
        return False
    lately = WebhookDelivery.objects.filter(webhook=webhook, sent_at__gt=at - ROBOT_WINDOW, sent_at__lte=at)
    return lately.count() >= ROBOT_MOST


def _free(at: datetime) -> Q:
    due = Q(next_at__isnull=True) | Q(next_at__lte=at)
    return due & (Q(claimed_until__isnull=True) | Q(claimed_until__lte=at))


def _is_owned(webhook: Webhook, at: datetime) -> bool:
    """Whether the owner still may own a subscription."""
    return webhook.owner.is_active and policy.may_manage_webhooks(calling.owner_of(webhook, at))


def _queued(webhook: Webhook, entry: AuditEntry) -> WebhookDelivery:
    return WebhookDelivery(
        webhook=webhook, event=f"{webhook.public_id}-{entry.seq}", seq=entry.seq, kind=entry.kind,
        object_id=entry.object_id, action=entry.action, at=entry.at, state=DeliveryState.WAITING,
    )  # fmt: skip


def _note(sent: Sequence[WebhookDelivery], answer: Answer, at: datetime, *, otherwise: DeliveryState) -> None:
    WebhookDelivery.objects.filter(pk__in=[one.pk for one in sent]).update(
        state=DeliveryState.DELIVERED if answer.failure is None else otherwise,
        attempts=F("attempts") + 1,
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


def _failed(*, by: Actor, at: datetime, webhook: Webhook, failure: Failure) -> None:
    queue = WebhookQueue.objects.get(webhook=webhook)
    queue.failures += 1
    queue.failing_since = queue.failing_since or at
    gap = gap_after(queue.failures)
    queue.next_at = at + (max(gap, ROBOT_LOCK) if failure is Failure.RATE else gap)
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
