"""What the pages and the API show of webhooks."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baton.core import policy
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.models import Webhook, WebhookDelivery, WebhookQueue
from baton.core.outgoing.calls import Failure
from baton.core.rules import DeliveryState

FAILURES = {
    Failure.NAME: _("The name is not known."),
    Failure.INNER: _("The address may not be called: it leads to a private or special network."),
    Failure.CONNECT: _("Nobody answers at the address."),
    Failure.TLS: _("The certificate is not valid for the name."),
    Failure.TIME: _("No answer within ten seconds."),
    Failure.ANSWER: _("What came back is not an HTTP response."),
    Failure.REDIRECT: _("The receiver answered with a redirect; redirects are not followed."),
    Failure.STATUS: _("The receiver refused."),
    Failure.REFUSED: _("The robot of the chat refused; its answer says why."),
    Failure.RATE: _("The robot takes no more messages for the moment."),
}


def webhooks(*, viewer: Actor) -> QuerySet[Webhook]:
    """All subscriptions, the newest first."""
    policy.demand(policy.may_manage_webhooks(viewer))
    return Webhook.objects.select_related("owner").order_by("-recorded_at", "-public_id")


def webhook(*, viewer: Actor, public_id: str) -> Webhook:
    """One subscription."""
    policy.demand(policy.may_manage_webhooks(viewer))
    found = Webhook.objects.select_related("owner").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def queue_of(*, viewer: Actor, webhook: Webhook) -> WebhookQueue:
    """How its sending stands."""
    policy.demand(policy.may_manage_webhooks(viewer))
    return WebhookQueue.objects.get(webhook=webhook)


def queues(*, viewer: Actor) -> dict[int, WebhookQueue]:
    """How the sending of every subscription stands, by primary key."""
    policy.demand(policy.may_manage_webhooks(viewer))
    return {queue.webhook_id: queue for queue in WebhookQueue.objects.all()}


def deliveries(*, viewer: Actor, webhook: Webhook) -> QuerySet[WebhookDelivery]:
    """Its log, the latest event first; 30 days are kept."""
    policy.demand(policy.may_manage_webhooks(viewer))
    return WebhookDelivery.objects.filter(webhook=webhook).order_by("-pk")


def delivery(*, viewer: Actor, webhook: Webhook, public_id: str) -> WebhookDelivery:
    """One line of the log."""
    found = deliveries(viewer=viewer, webhook=webhook).select_related("webhook").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def waiting(*, viewer: Actor, webhook: Webhook) -> int:
    """How many events are in the queue."""
    return deliveries(viewer=viewer, webhook=webhook).filter(state=DeliveryState.WAITING).count()
