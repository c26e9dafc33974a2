"""Webhooks: list, read, make, pause, resume, and what was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.core import policy
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import made, reads, shown, writes
from baton.core.api.schemas import Asked, PublicId, Rows, Sent, Shown
from baton.core.models import Webhook, WebhookDelivery
from baton.core.rules import DeliveryState, Protocol, WebhookState
from baton.core.slices import slice_of
from baton.core.webhooks import changes, queries
from baton_analysis.errors import gettext_noop

router = Router()

READ, WRITE = "webhooks:read", "webhooks:write"

Line = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern="^[^\\x00]+$")]
Target = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern="^[!-~]+$")]
Event = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z_]+\.[a-z_]+$")]


class WebhookShown(Shown):
    """A subscription. ``secret`` is there once: in the answer to the call that made it."""

    id: PublicId
    name: str = Field(examples=["Maintenance system"])
    protocol: Protocol = Field(description="Another system, or a group chat; chats are made on their page.")
    address: str = Field(description="Of a chat its host only.", examples=["https://receiver.example.org/baton"])
    events: list[str] = Field(examples=[["link.added"]])
    state: WebhookState
    secret: str | None = Field(default=None, description="Key of the signatures; shown once.")
    version: int = Field(examples=[42])


class WebhookSent(Sent):
    """A new subscription."""

    name: Line = Field(examples=["Maintenance system"])
    address: Target = Field(description="https only.", examples=["https://receiver.example.org/baton"])
    events: list[Event] = Field(
        min_length=1, max_length=200, description="Actions of which it tells.", examples=[["link.added"]]
    )


class DeliveryShown(Shown):
    """An event and what came of the last call."""

    event: str = Field(description="The same in every repetition.", examples=["2b3c4d5f6g7h8j9k-4711"])
    seq: int = Field(description="Number of the audit entry; 0 for a test.", examples=[4711])
    kind: str = Field(examples=["link"])
    public_id: str = Field(examples=["2b3c4d5f6g7h8j9k"])
    action: str = Field(examples=["link.added"])
    at: datetime
    state: DeliveryState
    attempts: int = Field(examples=[1])
    status: int = Field(description="Status of the last answer; 0: there was none.", examples=[200])


def _shown(webhook: Webhook, secret: str | None = None) -> WebhookShown:
    return WebhookShown(
        id=webhook.public_id, name=webhook.name, protocol=Protocol(webhook.protocol), address=webhook.address,
        events=webhook.events,
        state=WebhookState(webhook.state), secret=secret, version=webhook.changed_seq,
    )  # fmt: skip


def _delivery(one: WebhookDelivery) -> DeliveryShown:
    return DeliveryShown(
        event=one.event, seq=one.seq, kind=one.kind, public_id=one.object_id, action=one.action, at=one.at,
        state=DeliveryState(one.state), attempts=one.attempts, status=one.status,
    )  # fmt: skip


def _see(request: ApiRequest) -> Callable[[str], Webhook]:
    return lambda public_id: queries.webhook(viewer=request.actor, public_id=public_id)


@reads(
    router, "", scope=READ, may=policy.may_manage_webhooks, response=Rows[WebhookShown],
    summary=gettext_noop("List webhooks"), description=gettext_noop("For administrators."),
)  # fmt: skip
def list_webhooks(request: ApiRequest, asked: Query[Asked]) -> Any:
    found = queries.webhooks(viewer=request.actor)
    part = slice_of(found, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[WebhookShown](rows=[_shown(one) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=policy.may_manage_webhooks, response=WebhookShown,
    summary=gettext_noop("Read a webhook"),
)  # fmt: skip
def read_webhook(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _shown(found))


@reads(
    router, "/{slug:public_id}/deliveries", scope=READ, may=policy.may_manage_webhooks,
    response=Rows[DeliveryShown], summary=gettext_noop("List deliveries of a webhook"),
    description=gettext_noop("Of the last 30 days, the latest event first."),
)  # fmt: skip
def list_deliveries(request: ApiRequest, public_id: PublicId, asked: Query[Asked]) -> Any:
    webhook = _see(request)(public_id)
    found = queries.deliveries(viewer=request.actor, webhook=webhook)
    listed = {**asked.filters(), "webhook": webhook.public_id}
    part = slice_of(found, asked=listed, limit=asked.limit, cursor=asked.cursor)
    return Rows[DeliveryShown](rows=[_delivery(one) for one in part.rows], next=part.next)


@writes(
    router, "POST", "", scope=WRITE, may=policy.may_manage_webhooks, response=WebhookShown, status=201,
    summary=gettext_noop("Make a webhook"),
    description=gettext_noop("The answer holds the secret, once; a repetition of the call does not."),
    example={"name": "Maintenance", "address": "https://receiver.example.org/baton", "events": ["link.added"]},
)  # fmt: skip
def add_webhook(request: ApiRequest, sent: WebhookSent) -> HttpResponse:
    secrets: list[str] = []

    def write() -> Webhook:
        webhook, secret = changes.add_webhook(
            by=request.actor, at=request.now, name=sent.name, address=sent.address, events=sent.events
        )
        secrets.append(secret)
        return webhook

    return made(
        request, write=write, see=_see(request),
        show=lambda webhook: _shown(webhook, secrets[0] if secrets else None),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/pause", scope=WRITE, may=policy.may_manage_webhooks, response=WebhookShown,
    summary=gettext_noop("Pause a webhook"),
)  # fmt: skip
def pause_webhook(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return made(
        request, see=_see(request), show=_shown, status=200,
        write=lambda: changes.pause_webhook(by=request.actor, at=request.now, webhook=found),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/resume", scope=WRITE, may=policy.may_manage_webhooks, response=WebhookShown,
    summary=gettext_noop("Resume a webhook"),
    description=gettext_noop("What happened meanwhile is sent first."),
)  # fmt: skip
def resume_webhook(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return made(
        request, see=_see(request), show=_shown, status=200,
        write=lambda: changes.resume_webhook(by=request.actor, at=request.now, webhook=found),
    )  # fmt: skip
