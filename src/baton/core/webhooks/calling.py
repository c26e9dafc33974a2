"""One call: what a receiver is told, and whether it may be told."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.errors import Refused
from baton.core.formats import labelled
from baton.core.models import Webhook, WebhookDelivery
from baton.core.outgoing.addresses import parsed
from baton.core.outgoing.calls import Answer, Failure, Wire, post
from baton.core.queries import roles_of
from baton.core.rules import Protocol
from baton.core.sealing import opened
from baton.core.texts import say
from baton.core.webhooks import audiences, robots
from baton.core.webhooks.changes import CHAT_PURPOSE, PURPOSE, TEST_ACTION
from baton.core.webhooks.events import body_of
from baton.core.webhooks.signatures import headers


def owner_of(webhook: Webhook, at: datetime) -> Actor:
    """Who entered or resumed it, in the roles that he holds now."""
    return Actor(webhook.owner, roles_of(webhook.owner, at), process="webhook")


def meant(webhook: Webhook, at: datetime) -> Callable[[str, str], bool]:
    """Whether the receiver is to be told of a record (kind, public id) at all."""
    if webhook.is_chat:
        return lambda kind, public_id: audiences.announced(webhook, kind, public_id) is not None
    return partial(policy.may_see_object, owner_of(webhook, at))


def may_be_sent(webhook: Webhook, delivery: WebhookDelivery, at: datetime, sight: audiences.Sight | None) -> bool:
    """Whether what the event is about may be seen now by the owner, or by everybody in the chat, whose ``sight`` it
    is."""
    if sight is None:
        return policy.may_see_object(owner_of(webhook, at), delivery.kind, delivery.object_id)
    found = audiences.announced(webhook, delivery.kind, delivery.object_id, sight)
    return found is not None and sight.reaches(found)


def sight_of(webhook: Webhook, at: datetime) -> audiences.Sight | None:
    """What everybody in a chat sees now; None for another system."""
    return audiences.Sight(webhook, at) if webhook.is_chat else None


def call(webhook: Webhook, deliveries: Sequence[WebhookDelivery], at: datetime, wire: Wire) -> Answer:
    """Send the events, one to another system, several to a chat."""
    try:
        if webhook.is_chat:
            return _tell_chat(webhook, deliveries, at, wire)
        (delivery,) = deliveries
        target = parsed(webhook.address)  # the settings may have changed since it was entered
        body = body_of(delivery)
        said = headers(opened(PURPOSE, webhook.sealed), delivery.event, int(at.timestamp()), body)
        return post(target, body, said, wire=wire)
    except Refused:
        return Answer(Failure.INNER)


def _tell_chat(webhook: Webhook, deliveries: Sequence[WebhookDelivery], at: datetime, wire: Wire) -> Answer:
    protocol, secret = Protocol(webhook.protocol), json.loads(opened(CHAT_PURPOSE, webhook.sealed))
    target = robots.target_of(protocol, secret["address"])
    sight = audiences.Sight(webhook, at)
    with translation.override(webhook.language or settings.LANGUAGE_CODE):
        lines = [_line(webhook, one, sight) for one in deliveries]
        message = robots.Message("Baton", gettext("Open"), webhook.language, lines, colon=labelled("", ""))
    target, body = robots.call_of(protocol, target, secret["secret"], message, at)
    return robots.understood(post(target, body, {}, wire=wire))


def _line(webhook: Webhook, delivery: WebhookDelivery, sight: audiences.Sight) -> robots.Line:
    if delivery.action == TEST_ACTION:
        return robots.Line(gettext("This is a test: Baton reaches this chat"), webhook.name, settings.BASE_URL)
    found = audiences.announced(webhook, delivery.kind, delivery.object_id, sight)
    address = registries.policies.get(delivery.kind).address(delivery.object_id)
    name = say(found.name) if found is not None else ""
    return robots.Line(words.action(delivery.action), name, settings.BASE_URL + address)
