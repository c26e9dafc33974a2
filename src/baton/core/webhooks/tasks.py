"""What the worker does for webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from baton.core.actors import Actor
from baton.core.jobs import silent
from baton.core.models import Webhook, WebhookDelivery
from baton.core.webhooks import sending


def look(*, by: Actor, at: datetime, progress: Any = silent) -> None:
    """Queue what happened, and ask for what is to be sent."""
    sending.look(by=by, at=at)


def send(*, by: Actor, at: datetime, progress: Any = silent, webhook: str) -> None:
    """Send what waits for one subscription."""
    sending.send(by=by, at=at, webhook=Webhook.objects.get(public_id=webhook))


def send_once(*, by: Actor, at: datetime, progress: Any = silent, delivery: str) -> None:
    """Send a test or a repetition."""
    sending.send_one(at=at, delivery=WebhookDelivery.objects.get(public_id=delivery))
