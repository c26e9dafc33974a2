"""Pages about webhooks and group chats, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from baton.core import policy, registries
from baton.core.answering import carried_out
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.models import Webhook, WebhookDelivery
from baton.core.rules import DeliveryState, WebhookState
from baton.core.texts import say
from baton.core.webhook_forms import ChatForm, WebhookForm
from baton.core.webhooks import audiences, changes, queries

PAGE_SIZE = 50

STATUSES = {WebhookState.ACTIVE: "kept", WebhookState.PAUSED: "at_risk", WebhookState.ENDED: "unknown"}
DELIVERY_STATUSES = {
    DeliveryState.WAITING: "info",
    DeliveryState.ASKED: "info",
    DeliveryState.DELIVERED: "kept",
    DeliveryState.FAILED: "broken",
    DeliveryState.SKIPPED: "unknown",
    DeliveryState.WITHHELD: "unknown",
    DeliveryState.LATE: "unknown",
}


@require_safe
@guarded(policy.may_manage_webhooks)
def webhooks(request: BatonRequest) -> HttpResponse:
    """All subscriptions."""
    page = Paginator(queries.webhooks(viewer=request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    queues = queries.queues(viewer=request.actor)
    rows = [
        {"webhook": one, "status": STATUSES[WebhookState(one.state)], "queue": queues.get(one.pk)}
        for one in page.object_list
    ]
    return render(request, "core/webhooks.html", {"page_obj": page, "rows": rows})


@never_cache
@guarded(policy.may_manage_webhooks)
def add_webhook(request: BatonRequest) -> HttpResponse:
    """The form for a new one; its secret is shown once, on the page that answers."""
    by, at = request.actor, request.now
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made, secret = form.made(lambda: changes.add_webhook(by=by, at=at, **form.given()), by=by, at=at)
        if made is not None:
            return _page(request, made, secret=secret)
    return render(request, "core/webhook_form.html", {"form": form}, status=form.status)


@never_cache
@guarded(policy.may_manage_webhooks)
def add_chat(request: BatonRequest) -> HttpResponse:
    """The form for a group chat."""
    by, at = request.actor, request.now
    form = ChatForm(request.POST or None, by=by, at=at)
    said = _("Saved. Send a test to see whether the robot takes it.")
    made = carried_out(request, form, lambda: changes.add_chat(by=by, at=at, **form.given()), said=said)
    if made is not None:
        return redirect("core:webhook", made.public_id)
    return render(request, "core/webhook_form.html", {"form": form, "is_chat": True}, status=form.status)


@require_safe
@guarded(policy.may_manage_webhooks)
def webhook(request: BatonRequest, public_id: str) -> HttpResponse:
    """One subscription with its log."""
    return _page(request, queries.webhook(viewer=request.actor, public_id=public_id))


@never_cache
@guarded(policy.may_manage_webhooks)
def edit_webhook(request: BatonRequest, public_id: str) -> HttpResponse:
    """Name, address and events; of a chat also who is in it."""
    by, at = request.actor, request.now
    record = queries.webhook(viewer=by, public_id=public_id)
    form: ChatForm | WebhookForm
    if record.is_chat:
        form = ChatForm(request.POST or None, by=by, at=at, record=record)
        write = partial(changes.edit_chat, chat=record)
    else:
        form = WebhookForm(request.POST or None, record=record)
        write = partial(changes.edit_webhook, webhook=record)
    if carried_out(request, form, lambda: write(by=by, at=at, expected_seq=form.version, **form.given())):
        return redirect("core:webhook", public_id)
    return render(
        request,
        "core/webhook_form.html",
        {"form": form, "webhook": record, "is_chat": record.is_chat},
        status=form.status,
    )


@never_cache
@require_POST
@guarded(policy.may_manage_webhooks)
def renew_webhook_secret(request: BatonRequest, public_id: str) -> HttpResponse:
    """Another secret, shown once."""
    record = queries.webhook(viewer=request.actor, public_id=public_id)
    fresh, secret = changes.renew_secret(by=request.actor, at=request.now, webhook=record)
    return _page(request, fresh, secret=secret)


_STEPS: dict[str, tuple[Callable[..., object], Any]] = {
    "pause": (changes.pause_webhook, gettext_lazy("Paused. What happens from now on is sent when it is resumed.")),
    "resume": (changes.resume_webhook, gettext_lazy("Resumed. What waited is sent within a minute.")),
    "end": (changes.end_webhook, gettext_lazy("Ended. Nothing is sent any more.")),
    "test": (changes.send_test, gettext_lazy("A test is on its way. Its answer stands in the log in a moment.")),
}


@require_POST
@guarded(policy.may_manage_webhooks)
def act_on_webhook(request: BatonRequest, public_id: str, step: str) -> HttpResponse:
    """Pause, resume, end, or send a test."""
    record = queries.webhook(viewer=request.actor, public_id=public_id)
    if step not in _STEPS:
        raise NotFound
    write, said = _STEPS[step]
    write(by=request.actor, at=request.now, webhook=record)
    messages.success(request, said)
    return redirect("core:webhook", public_id)


@require_POST
@guarded(policy.may_manage_webhooks)
def act_on_delivery(request: BatonRequest, public_id: str, delivery: str, step: str) -> HttpResponse:
    """Send an event again, or take it out of the queue."""
    record = queries.webhook(viewer=request.actor, public_id=public_id)
    found = queries.delivery(viewer=request.actor, webhook=record, public_id=delivery)
    if step == "skip":
        changes.skip(by=request.actor, at=request.now, delivery=found)
        messages.success(request, _("The event is not sent; those behind it are."))
    elif step == "redeliver":
        changes.redeliver(by=request.actor, at=request.now, delivery=found)
        messages.success(request, _("It is sent again in a moment, under the same event id."))
    else:
        raise NotFound
    return redirect("core:webhook", public_id)


def _page(request: BatonRequest, record: Webhook, *, secret: str = "") -> HttpResponse:
    viewer = request.actor
    page = Paginator(queries.deliveries(viewer=viewer, webhook=record), PAGE_SIZE).get_page(request.GET.get("page"))
    words = dict(registries.actions)
    values = {
        "webhook": record, "secret": secret, "status": STATUSES[WebhookState(record.state)], "page_obj": page,
        "rows": [_row(one, words) for one in page.object_list], "events": [(code, words.get(code, code))
                                                                           for code in record.events],
        "queue": queries.queue_of(viewer=viewer, webhook=record),
        "waiting": queries.waiting(viewer=viewer, webhook=record),
        "audience": say(audiences.named(record)), "language": dict(settings.LANGUAGES).get(record.language, ""),
        "is_active": record.state == WebhookState.ACTIVE, "is_ended": record.state == WebhookState.ENDED,
    }  # fmt: skip
    return render(request, "core/webhook.html", values)


def _row(delivery: WebhookDelivery, words: dict[str, Any]) -> dict[str, Any]:
    policies = dict(registries.policies)
    seen = policies.get(delivery.kind)
    return {
        "delivery": delivery,
        "what": _("Test") if delivery.action == changes.TEST_ACTION else words.get(delivery.action, delivery.action),
        "href": seen.address(delivery.object_id) if seen is not None else "",
        "status": DELIVERY_STATUSES[DeliveryState(delivery.state)],
        "failure": queries.FAILURES.get(delivery.failure, ""),  # type: ignore[call-overload]
        "waits": delivery.state == DeliveryState.WAITING,
        "may_repeat": delivery.state not in {DeliveryState.ASKED, DeliveryState.WITHHELD},
    }
