"""With what people show on a shared device who takes a step."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.core.models.people import Person
from baton.core.models.records import Record


class ActProof(Record):
    """The PIN and the badge of one person: good for one step on a shared device of his team, and for nothing else.

    Neither stands here: the PIN as a slow salted hash of a keyed digest, the badge as a keyed digest by which it is
    found.
    """

    kind = "act_proof"
    secret = frozenset({"pin_hash", "badge_digest"})
    units: ClassVar[dict[str, str]] = {"wrong": "1"}

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Whose they are.")
    )
    pin_hash = models.CharField(
        _("PIN"), max_length=200, blank=True, default="",
        help_text=_("Argon2id of the HMAC of the PIN; empty: none is set."),
    )  # fmt: skip
    badge_digest = models.CharField(
        _("badge"), max_length=64, null=True, blank=True, unique=True,
        help_text=_("HMAC-SHA-256 of the code of the badge; empty: none."),
    )  # fmt: skip
    wrong = models.PositiveSmallIntegerField(
        _("wrong PINs"), default=0, help_text=_("How many wrong PINs came in a row since the last right one.")
    )
    locked_until = models.DateTimeField(
        _("locked until"), null=True, blank=True, help_text=_("No PIN is accepted before; empty: not locked.")
    )

    class Meta:
        verbose_name = _("PIN and badge")
        verbose_name_plural = _("PINs and badges")

    def __str__(self) -> str:
        return str(self.person)
