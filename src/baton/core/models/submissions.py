"""Forms and requests that were carried out once and must not be carried out again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Submission(models.Model):
    """The key of one submitted form, written in the transaction that made the record.

    A second submit of the same form (a double click, a retry after a lost answer) finds it and gets the same record.
    """

    key = models.CharField(
        pgettext_lazy("of a form", "key"), max_length=64, help_text=_("Random key that the form carried.")
    )
    actor = models.CharField(_("by"), max_length=60, help_text=_("Public id of the person, or system:<process>."))
    digest = models.CharField(_("digest"), max_length=64, help_text=_("Keyed digest (HMAC-SHA-256) of what was sent."))
    made = models.CharField(_("made"), max_length=100, help_text=_("Model and public id of the record."))
    at = models.DateTimeField(_("at"), db_index=True, help_text=_("When it was carried out (UTC)."))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["actor", "key"], name="core_submission_once"),)

    def __str__(self) -> str:
        return f"{self.key} ({self.made})"
