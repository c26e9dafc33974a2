"""What a search looks through."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """The words under which one record is found. Made anew from the records at any time; nothing of it is shown.

    What a viewer finds is decided by his sight of the records themselves, and what he is shown is read from them.
    """

    kind = models.CharField(_("kind"), max_length=40, help_text=_("Kind of the record that is found."))
    object_id = models.CharField(_("record"), max_length=16, help_text=_("Public id of the record."))
    number = models.CharField(
        _("number"), max_length=40, blank=True, db_index=True, help_text=_("Spoken number, folded; empty: it has none.")
    )
    name = models.TextField(_("name"), help_text=_("Names in all languages, folded, one a line."))
    text = models.TextField(_("text"), help_text=_("Everything that it is found by, folded, one a line."))
    ended_on = models.DateField(
        _("until"), null=True, help_text=_("First day on which the record holds no more: such are found last.")
    )

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = (models.UniqueConstraint(fields=["kind", "object_id"], name="core_one_search_entry_a_record"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
