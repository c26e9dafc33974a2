"""The audit trail, its encrypted personal values and the cursors of its readers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One thing that happened. Rows are only ever added; triggers of the database refuse everything else."""

    units: ClassVar[dict[str, str]] = {"seq": "1"}

    seq = models.BigIntegerField(_("number"), primary_key=True, help_text=_("Gap-free, in the order of commits."))
    at = models.DateTimeField(_("at"), help_text=_("When it was written (UTC)."))
    kind = models.CharField(_("kind"), max_length=40, help_text=_("Kind of the record that it is about."))
    object_id = models.CharField(
        _("record"), max_length=40, db_index=True, help_text=_("Public id of the record; deliberately no foreign key.")
    )
    action = models.CharField(_("action"), max_length=60, help_text=_("What was done, such as party.renamed."))
    actor = models.CharField(_("by"), max_length=60, help_text=_("Public id of the person, or system:<process>."))
    body = models.TextField(_("body"), help_text=_("Canonical JSON of the whole entry; this is what is hashed."))
    prev = models.CharField(_("previous hash"), max_length=64, help_text=_("Hash of the entry before."))
    hash = models.CharField(_("hash"), max_length=64, help_text=_("SHA-256 over prev, number and body."))

    class Meta:
        ordering = ("seq",)
        verbose_name = _("audit entry")


class SubjectKey(models.Model):
    """The key under which one data subject's values stand in the trail. Destroying it is forgetting: it is emptied."""

    subject = models.CharField(_("data subject"), max_length=40, primary_key=True, help_text=_("Public id."))
    key = models.BinaryField(_("key"), max_length=32, help_text=_("Random key; empty once the subject is forgotten."))


class PersonalValue(models.Model):
    """Old and new value of one personal field of one audit entry, encrypted under the subject's key."""

    units: ClassVar[dict[str, str]] = {"seq": "1"}

    seq = models.BigIntegerField(_("entry"), db_index=True, help_text=_("Number of the audit entry."))
    subject = models.CharField(_("data subject"), max_length=40, db_index=True, help_text=_("Public id."))
    field = models.CharField(_("field"), max_length=60, help_text=_("Field of the record."))
    sealed = models.BinaryField(_("sealed value"), help_text=_("Encrypted JSON [old, new]."))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["seq", "field"], name="core_one_personal_value_a_field"),)


class FeedCursor(models.Model):
    """How far one reader of the change feed has come."""

    units: ClassVar[dict[str, str]] = {"seq": "1"}

    reader = models.CharField(_("reader"), max_length=60, primary_key=True, help_text=_("Name of the reader."))
    seq = models.BigIntegerField(_("read up to"), default=0, help_text=_("Number of the last entry handled."))
