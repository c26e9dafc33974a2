"""Questionnaires."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.core.models.records import Record
from baton.core.texts import TextsField, say
from baton.feedback.rules.questions import Contents, contents_of

REASON_LENGTH = 500


class Questionnaire(Record):
    """Questions that waves ask, to be changed until it is ended. A wave that is opened keeps the words that it asks:
    later changes are for later waves."""

    kind = "questionnaire"

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as QN-2026-0001.")
    )
    name = TextsField(_("name"), help_text=_("What it is called, by language: service of the internal suppliers."))
    sort_keys = models.JSONField(_("sort keys"), default=dict, editable=False, help_text=_("Sort key by language."))
    search_text = models.TextField(
        _("search text"), editable=False, help_text=_("Number and names, folded for searching.")
    )
    purpose = TextsField(
        _("purpose"), blank=True, help_text=_("What it is for, by language; those who are asked read it.")
    )
    document = models.JSONField(
        _("contents"), default=dict, help_text=_("Sections and questions, as baton.feedback.rules.questions says.")
    )
    library_key = models.CharField(
        _("from the library"), max_length=40, blank=True, editable=False,
        help_text=_("Set of the library that it was begun with; empty: none."),
    )  # fmt: skip
    ended_at = models.DateTimeField(
        _("ended at"),
        null=True,
        editable=False,
        help_text=_("From when on no wave uses it; empty: it may."),
    )
    ended_because = models.CharField(
        _("why it ended"), max_length=REASON_LENGTH, blank=True, help_text=_("Why; empty: it did not.")
    )

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")

    def __str__(self) -> str:
        return say(self.name) or self.number

    @property
    def contents(self) -> Contents:
        """Its sections and questions."""
        return contents_of(self.document)
