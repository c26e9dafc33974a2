"""Who somebody is at the organisation's identity providers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.people import Person
from baton.core.models.records import Record
from baton.core.registries import Retention
from baton.core.rules import ISSUER_LENGTH, SUBJECT_LENGTH


class Identity(Record):
    """The account with which a person signs in at a provider (OpenID Connect): its issuer and, there, its subject.

    One in use means one person, and a person has at most one at each issuer. One that was taken from a person stays as
    history, and is never given back by a sign-in, only by an administrator.
    """

    kind = "identity"
    personal: ClassVar[Mapping[str, Retention]] = {
        "subject": Retention(1, _("Recognising the person who signs in with the organisation's account."))
    }

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Who signs in.")
    )
    issuer = models.CharField(
        _("issuer"), max_length=ISSUER_LENGTH, help_text=_("Address of the provider, without a slash at its end.")
    )
    subject = models.CharField(
        pgettext_lazy("for signing in", "account"),
        max_length=SUBJECT_LENGTH,
        help_text=_("What the provider calls the account for ever (sub)."),
    )
    unlinked_at = models.DateTimeField(
        _("unlinked at"), null=True, blank=True, help_text=_("From when it signs nobody in; empty: in use.")
    )

    class Meta:
        verbose_name = _("account at a provider")
        verbose_name_plural = _("accounts at providers")
        constraints = (
            models.UniqueConstraint(
                fields=["issuer", "subject"], condition=models.Q(unlinked_at__isnull=True),
                name="core_identity_means_one_person",
            ),
            models.UniqueConstraint(
                fields=["person", "issuer"], condition=models.Q(unlinked_at__isnull=True),
                name="core_one_identity_an_issuer",
            ),
            models.CheckConstraint(condition=~models.Q(issuer="") & ~models.Q(subject=""), name="core_identity_said"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.issuer}: {self.subject}"

    def data_subject(self) -> str:
        return self.person.public_id
