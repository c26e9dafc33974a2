"""Tasks for people outside, who have no sign-in: a link that expires, and its code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.people import Person
from baton.core.models.records import Record
from baton.core.models.signatures import Signature
from baton.core.registries import Retention
from baton.core.signing_rules import SIGNER_LENGTH, TASK_LINK_TRIES, LinkFate

WORDS_LENGTH = 2000
"""Longest objection of somebody outside, in characters."""


class TaskLink(Record):
    """Something that somebody outside is asked to do once with one version of a record: read it, and accept it or say
    what speaks against it. Who is asked proves himself by the link and a code that reached him on another way.

    Of both only keyed digests are kept. ``digest`` is that of the version; of another one the link opens nothing.
    """

    kind = "task_link"
    personal: ClassVar[Mapping[str, Retention]] = {
        "name": Retention(10, _("Knowing who was asked.")),
        "email": Retention(1, _("Sending the link.")),
        "words": Retention(10, _("Knowing what speaks against a version.")),
    }
    secret = frozenset({"token_digest", "code_digest"})
    units: ClassVar[dict[str, str]] = {"tries": "1"}

    task = models.CharField(_("task"), max_length=40, help_text=_("What is asked for, such as agreements.acceptance."))
    object_id = models.CharField(_("record"), max_length=40, help_text=_("Public id of the record it is about."))
    side = models.CharField(_("side"), max_length=20, blank=True, help_text=_("For which side; empty: there are none."))
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 of the version that is shown."))
    name = models.CharField(
        pgettext_lazy("of a person", "name"), max_length=SIGNER_LENGTH, help_text=_("Who is asked.")
    )
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Where the link is sent; empty: it is handed over."))
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE,
        help_text=_("Language of the e-mail."),
    )  # fmt: skip
    token_digest = models.CharField(
        _("digest of the link"), max_length=64, unique=True, help_text=_("HMAC-SHA-256 of what stands in the address.")
    )
    code_digest = models.CharField(_("digest of the code"), max_length=64, help_text=_("HMAC-SHA-256 of the code."))
    made_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("made by"),
        help_text=_("Who asks; empty: Baton itself."),
    )  # fmt: skip
    expires_at = models.DateTimeField(_("expires at"), help_text=_("After this it opens nothing."))
    tries = models.PositiveSmallIntegerField(
        _("wrong codes"), default=0, help_text=_("How many wrong codes were typed.")
    )
    used_at = models.DateTimeField(_("used at"), null=True, help_text=_("When the task was done; empty: it is not."))
    signature = models.ForeignKey(
        Signature, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("signature"),
        help_text=_("With which it was accepted; empty: it was not."),
    )  # fmt: skip
    words = models.CharField(
        _("objection"), max_length=WORDS_LENGTH, blank=True, help_text=_("What speaks against it, in his words.")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, help_text=_("From when on it opens nothing."))

    class Meta:
        verbose_name = _("task link")
        verbose_name_plural = _("task links")
        constraints = (
            models.CheckConstraint(
                condition=Q(used_at__isnull=False) | Q(signature__isnull=True, words=""),
                name="core_task_link_done_when_used",
            ),
            models.CheckConstraint(
                condition=Q(signature__isnull=True) | Q(words=""), name="core_task_link_accepted_or_objected"
            ),
        )
        indexes = (models.Index(fields=["object_id", "id"], name="core_task_link_object"),)

    def __str__(self) -> str:
        return self.name

    def data_subject(self) -> str:
        """The link itself: whom it names has no row of his own; its key can be destroyed like a person's."""
        return self.public_id

    def fate(self, at: datetime) -> LinkFate:
        """What has become of it."""
        if self.used_at is not None:
            return LinkFate.USED
        if self.withdrawn_at is not None:
            return LinkFate.WITHDRAWN
        if self.tries >= TASK_LINK_TRIES:
            return LinkFate.LOCKED
        return LinkFate.EXPIRED if at >= self.expires_at else LinkFate.OPEN
