"""Tokens with which programs call the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.core.models.people import Person
from baton.core.models.records import Record
from baton.core.registries import Retention
from baton.core.rules import TokenKind

TOKEN_KINDS = {TokenKind.PERSONAL: _("Personal"), TokenKind.MACHINE: _("Machine")}


class ApiToken(Record):
    """A key with which a program calls the API in its owner's name. It never may more than its owner now may.

    The secret itself is shown once and kept nowhere: ``digest`` is a keyed digest of it.
    """

    kind = "api_token"
    personal: ClassVar[Mapping[str, Retention]] = {"name": Retention(1, _("Telling one’s own tokens apart."))}
    secret = frozenset({"digest"})

    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"),
        help_text=_("In whose name it acts, and who answers for it."),
    )  # fmt: skip
    token_kind = models.CharField(
        _("kind"), max_length=10, choices=[(kind.value, label) for kind, label in TOKEN_KINDS.items()],
        help_text=_("Personal: for one's own scripts. Machine: for another system that works unattended."),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=100, help_text=_("What it is for, as its owner called it."))
    prefix = models.CharField(
        _("prefix"), max_length=12, unique=True, help_text=_("Beginning of the token, by which it is recognised.")
    )
    digest = models.CharField(
        _("digest"), max_length=64, help_text=_("HMAC-SHA-256 of the token under the installation's secret key.")
    )
    scopes = models.JSONField(_("scopes"), default=list, help_text=_("What it may be used for, such as chain:read."))
    expires_at = models.DateTimeField(_("expires at"), help_text=_("After this it is refused."))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, help_text=_("From when on it is refused."))

    class Meta:
        verbose_name = _("API token")

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"

    def data_subject(self) -> str:
        """The owner: what he called it may say something about him."""
        return self.owner.public_id

    def is_alive(self, at: datetime) -> bool:
        """Whether it is accepted at ``at``, as far as it alone is concerned; its owner must be able to sign in, too."""
        return at < self.expires_at and (self.withdrawn_at is None or at < self.withdrawn_at)


class TokenUse(models.Model):
    """When a token was last used, to the minute; in the volatile database, lost without harm."""

    token = models.CharField(_("token"), max_length=16, primary_key=True, help_text=_("Public id of the token."))
    used_at = models.DateTimeField(_("last used"), help_text=_("Last use (UTC), noted once a minute at most."))

    def __str__(self) -> str:
        return self.token
