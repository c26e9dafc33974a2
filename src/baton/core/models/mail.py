"""E-mail about what happens: who wants to be told how soon, what waits to be told, and what came of each e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.ids import new_public_id
from baton.core.models.messages import Notification
from baton.core.models.people import Person
from baton.core.models.records import Record
from baton.core.registries import Retention
from baton.core.rules import DAILY_AT, QUIET_FROM, QUIET_UNTIL, MailState

MAIL_STATES = {
    MailState.WAITING: _("Waiting"),
    MailState.SENT: _("Sent"),
    MailState.FAILED: _("Failed"),
}
_WISH = Retention(1, _("Telling people by e-mail only what and when they want."))


class MailChoices(Record):
    """How soon, and at which hours, one person wants to be told by e-mail."""

    kind = "mail_choices"
    units: ClassVar[dict[str, str]] = {"quiet_from": "h", "quiet_until": "h", "daily_at": "h"}
    personal: ClassVar[Mapping[str, Retention]] = {
        "rhythms": _WISH, "quiet_from": _WISH, "quiet_until": _WISH, "daily_at": _WISH
    }  # fmt: skip

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Who chose.")
    )
    rhythms = models.JSONField(
        _("how soon"), default=dict, help_text=_("At once, daily or never, by kind of message; others: as shipped.")
    )
    quiet_from = models.PositiveSmallIntegerField(
        _("quiet from"), default=QUIET_FROM, help_text=_("Hour from which no e-mail is sent, in the person’s zone.")
    )
    quiet_until = models.PositiveSmallIntegerField(
        pgettext_lazy("hour", "quiet until"), default=QUIET_UNTIL, help_text=_("Hour from which e-mail is sent again.")
    )
    daily_at = models.PositiveSmallIntegerField(
        _("daily at"), default=DAILY_AT, help_text=_("Hour of the daily e-mail, in the person’s zone.")
    )

    class Meta:
        verbose_name = _("choice about e-mail")

    def data_subject(self) -> str:
        return self.person.public_id


class Mail(models.Model):
    """One e-mail to one person; bookkeeping, no record. What stands in it is put together when it is sent."""

    units: ClassVar[dict[str, str]] = {"attempts": "1", "status": "1"}

    public_id = models.CharField(
        _("public id"), max_length=16, unique=True, default=new_public_id, editable=False,
        help_text=_("Random id; the Message-ID begins with it and is the same in every repetition."),
    )  # fmt: skip
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"), help_text=_("To whom.")
    )
    made_at = models.DateTimeField(_("made at"), help_text=_("When it was put together (UTC)."))
    state = models.CharField(
        _("state"), max_length=10, default=MailState.WAITING,
        choices=[(state.value, label) for state, label in MAIL_STATES.items()], help_text=_("How far it has come."),
    )  # fmt: skip
    attempts = models.PositiveIntegerField(_("attempts"), default=0, help_text=_("How often it was sent."))
    next_at = models.DateTimeField(_("next at"), null=True, help_text=_("Not sent before this (UTC)."))
    claimed_until = models.DateTimeField(
        _("claimed until"), null=True, help_text=_("A worker sends it; no other one does until then (UTC).")
    )
    sent_at = models.DateTimeField(_("last sent"), null=True, help_text=_("When it was last sent (UTC)."))
    failure = models.CharField(_("failure"), max_length=10, blank=True, help_text=_("Why the last attempt failed."))
    status = models.PositiveSmallIntegerField(
        _("status"), default=0, help_text=_("Code of the mail server’s last refusal; 0: there was none.")
    )

    class Meta:
        indexes = (
            models.Index(fields=["state", "next_at"], name="core_mail_waiting"),
            models.Index(fields=["person", "made_at"], name="core_mail_of_person"),
        )


class MailEntry(models.Model):
    """A message that somebody is to be told by e-mail, written together with it; bookkeeping, no record."""

    notification = models.OneToOneField(
        Notification, on_delete=models.CASCADE, related_name="+", verbose_name=_("message"), help_text=_("Which one.")
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"), help_text=_("To whom.")
    )
    due_at = models.DateTimeField(_("due at"), help_text=_("Not told before this (UTC)."))
    mail = models.ForeignKey(
        Mail, on_delete=models.CASCADE, null=True, related_name="entries", verbose_name=_("e-mail"),
        help_text=_("In which e-mail it stands; empty: in none yet."),
    )  # fmt: skip

    class Meta:
        indexes = (models.Index(fields=["mail", "due_at"], name="core_mail_entry_due"),)
