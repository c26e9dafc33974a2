"""Signatures under exact versions of records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.people import Person
from baton.core.models.records import Record
from baton.core.registries import Retention
from baton.core.signing_rules import OUTSIDE_GRADES, Grade, Meaning
from baton.core.texts import TextsField, say

MEANINGS = {
    Meaning.AUTHOR: _("Authorship"),
    Meaning.REVIEW: _("Review"),
    Meaning.APPROVAL: _("Approval"),
    Meaning.ACCEPTANCE: _("Acceptance"),
}
GRADES = {
    Grade.TAP: _("Confirmed while signed in"),
    Grade.REAUTHENTICATION: _("Signed with password or code"),
    Grade.TASK_LINK: _("Task link and code"),
    Grade.PAPER: _("Signed on paper"),
}


class Signature(Record):
    """Who signed which version of a record, when, and what he said with it.

    Rows are only ever added; triggers of the database refuse everything else. Nothing here says whether it still holds:
    that is computed from ``digest`` and the record as it now stands, and from the seal in the audit entry
    ``changed_seq`` (baton.core.queries.signatures_of).
    """

    kind = "signature"
    personal: ClassVar[Mapping[str, Retention]] = {
        "printed_name": Retention(10, _("Proof of who signed; it stays when the person is forgotten."))
    }
    secret = frozenset({"salt"})
    units: ClassVar[dict[str, str]] = {"utc_offset": "min"}

    object_kind = models.CharField(_("kind of record"), max_length=40, help_text=_("Kind of the record signed."))
    object_id = models.CharField(_("record"), max_length=40, help_text=_("Public id of the record signed."))
    digest = models.CharField(
        _("digest"), max_length=64, help_text=_("SHA-256 of the canonical JSON of the exact version signed.")
    )
    meaning = models.CharField(
        _("meaning"), max_length=12, choices=[(meaning.value, label) for meaning, label in MEANINGS.items()],
        help_text=_("What is said with it: authorship, review, approval or acceptance."),
    )  # fmt: skip
    grade = models.CharField(
        pgettext_lazy("of a signature", "grade"), max_length=16,
        choices=[(grade.value, label) for grade, label in GRADES.items()],
        help_text=_("How it was made sure who signs."),
    )  # fmt: skip
    means = models.JSONField(
        _("means"), default=list, help_text=_("What was asked for, such as sign-in name and password.")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person"),
        help_text=_("Who signed; empty: somebody outside."),
    )  # fmt: skip
    printed_name = TextsField(_("printed name"), help_text=_("Name by language as it was when it was signed."))
    side = models.CharField(
        _("side"), max_length=20, blank=True, help_text=_("For which side, such as supplier; empty: there are none.")
    )
    capacity = models.JSONField(
        _("capacity"), default=dict, blank=True, help_text=_("As what, by language, such as head of the laundry.")
    )
    signed_at = models.DateTimeField(_("signed at"), help_text=_("When it was signed (UTC)."))
    zone = models.CharField(_("time zone"), max_length=64, help_text=_("Zone of the signer."))
    utc_offset = models.SmallIntegerField(
        _("difference to UTC"), help_text=_("How far the signer's clock was ahead of UTC.")
    )
    salt = models.CharField(
        _("salt"), max_length=32, editable=False,
        help_text=_("Random; without it nobody tells the printed name from the seal in the audit trail."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    person__isnull=False, grade__in=sorted(grade.value for grade in set(Grade) - OUTSIDE_GRADES)
                )
                | Q(person__isnull=True, grade__in=sorted(grade.value for grade in OUTSIDE_GRADES)),
                name="core_signature_of_a_person_or_from_outside",
            ),
        )
        indexes = (models.Index(fields=["object_id", "id"], name="core_signature_object"),)

    def __str__(self) -> str:
        return say(self.printed_name)

    def data_subject(self) -> str:
        """The signer; of somebody outside the signature itself, whose key can be destroyed like a person's."""
        return self.person.public_id if self.person is not None else self.public_id

    @property
    def local_time(self) -> datetime:
        """When it was signed, by the signer's clock."""
        return self.signed_at.astimezone(timezone(timedelta(minutes=self.utc_offset)))
