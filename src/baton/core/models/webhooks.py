"""Webhooks: who is told of what, and what came of each call."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.core.ids import new_public_id
from baton.core.models.people import Person
from baton.core.models.records import Record
from baton.core.rules import DeliveryState, Protocol, WebhookState

WEBHOOK_STATES = {
    WebhookState.ACTIVE: _("Active"),
    WebhookState.PAUSED: _("Paused"),
    WebhookState.ENDED: _("Ended"),
}
DELIVERY_STATES = {
    DeliveryState.WAITING: _("Waiting"),
    DeliveryState.ASKED: _("Asked for"),
    DeliveryState.DELIVERED: _("Delivered"),
    DeliveryState.FAILED: _("Failed"),
    DeliveryState.SKIPPED: _("Skipped"),
    DeliveryState.WITHHELD: _("Withheld"),
    DeliveryState.LATE: _("Too late"),
}
PROTOCOLS = {
    Protocol.STANDARD: _("Another system"),
    Protocol.WECOM: _("Group chat in WeCom"),
    Protocol.DINGTALK: _("Group chat in DingTalk"),
    Protocol.FEISHU: _("Group chat in Feishu or Lark"),
}


class Webhook(Record):
    """A subscription: another system is called when something happens that the owner may see, or a group chat when
    everybody in it may."""

    kind = "webhook"
    secret = frozenset({"sealed"})

    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"),
        help_text=_("What the owner may not see is not sent."),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=100, help_text=_("What it is for."))
    protocol = models.CharField(
        _("receiver"), max_length=10, default=Protocol.STANDARD,
        choices=[(protocol.value, label) for protocol, label in PROTOCOLS.items()],
        help_text=_("Another system, or the robot of a group chat."),
    )  # fmt: skip
    audience = models.CharField(
        _("who is in the chat"), max_length=60, blank=True,
        help_text=_("Whose sight decides what a chat is told, such as party:<public id>; empty: the owner's."),
    )  # fmt: skip
    language = models.CharField(
        _("language"), max_length=10, blank=True, help_text=_("In which language a chat is written to.")
    )
    address = models.CharField(
        _("address"), max_length=500,
        help_text=_("Where the receiver is called; of a chat its host only: the rest is its secret."),
    )  # fmt: skip
    events = models.JSONField(_("events"), default=list, help_text=_("Actions of which it tells, such as link.added."))
    sealed = models.TextField(
        _("secret"),
        help_text=_(
            "Key of the signatures, of a chat also its address, encrypted under the installation's secret key."
        ),
    )
    state = models.CharField(
        _("state"), max_length=10, default=WebhookState.ACTIVE,
        choices=[(state.value, label) for state, label in WEBHOOK_STATES.items()],
        help_text=_("Whether it is sent to; a paused one goes on where it stopped."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("webhook")

    def __str__(self) -> str:
        return self.name

    @property
    def is_chat(self) -> bool:
        """Whether people read it, in a group chat."""
        return self.protocol != Protocol.STANDARD


class WebhookQueue(models.Model):
    """How the sending of one subscription stands; bookkeeping, no record."""

    units: ClassVar[dict[str, str]] = {"failures": "1"}

    webhook = models.OneToOneField(
        Webhook, on_delete=models.CASCADE, related_name="+", primary_key=True, verbose_name=_("webhook"),
        help_text=_("Which subscription."),
    )  # fmt: skip
    failures = models.PositiveIntegerField(_("failures"), default=0, help_text=_("Failed calls in a row."))
    failing_since = models.DateTimeField(_("failing since"), null=True, help_text=_("First of these failures (UTC)."))
    next_at = models.DateTimeField(_("next at"), null=True, help_text=_("Not called before this (UTC)."))
    claimed_until = models.DateTimeField(
        _("claimed until"), null=True, help_text=_("A worker sends; no other one does until then (UTC).")
    )


class WebhookDelivery(models.Model):
    """One event for one subscription, and what came of the last call; bookkeeping, no record."""

    units: ClassVar[dict[str, str]] = {"seq": "1", "attempts": "1", "status": "1", "milliseconds": "ms"}

    public_id = models.CharField(
        _("public id"), max_length=16, unique=True, default=new_public_id, editable=False,
        help_text=_("Random id used in addresses."),
    )  # fmt: skip
    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="+", verbose_name=_("webhook"), db_index=False,
        help_text=_("For which subscription."),
    )  # fmt: skip
    event = models.CharField(_("event"), max_length=60, help_text=_("Id of the event, the same in every repetition."))
    seq = models.BigIntegerField(_("entry"), help_text=_("Number of the audit entry; 0 for a test."))
    kind = models.CharField(_("kind"), max_length=40, help_text=_("Kind of the record that it is about."))
    object_id = models.CharField(_("record"), max_length=40, help_text=_("Public id of the record."))
    action = models.CharField(_("action"), max_length=60, help_text=_("What was done, such as party.renamed."))
    at = models.DateTimeField(_("at"), help_text=_("When it happened (UTC)."))
    state = models.CharField(
        _("state"), max_length=10, choices=[(state.value, label) for state, label in DELIVERY_STATES.items()],
        help_text=_("How far it has come."),
    )  # fmt: skip
    attempts = models.PositiveIntegerField(_("attempts"), default=0, help_text=_("How often it was sent."))
    sent_at = models.DateTimeField(_("last sent"), null=True, help_text=_("When it was last sent (UTC)."))
    status = models.PositiveSmallIntegerField(
        _("status"), default=0, help_text=_("Status of the last answer; 0: there was none.")
    )
    milliseconds = models.PositiveIntegerField(_("duration"), default=0, help_text=_("How long the last call took."))
    failure = models.CharField(_("failure"), max_length=10, blank=True, help_text=_("Why the last call failed."))
    answer = models.CharField(
        _("answer"), max_length=500, blank=True, help_text=_("Beginning of the last answer, as plain text.")
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["webhook", "event"], name="core_one_delivery_an_event"),)
        indexes = (models.Index(fields=["webhook", "state", "id"], name="core_delivery_waiting"),)
