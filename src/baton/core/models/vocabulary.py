"""Words that the organisation calls otherwise."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.core.models.records import Record
from baton.core.words import FORM_LENGTH


class RenamedWord(Record):
    """A word of the interface in one language as the organisation says it; see :data:`baton.core.words.DEFAULTS`."""

    kind = "renamed_word"

    word = models.CharField(_("word"), max_length=30, help_text=_("Which word, such as link."))
    language = models.CharField(_("language"), max_length=10, help_text=_("Code of the language."))
    singular = models.CharField(
        _("singular"), max_length=FORM_LENGTH, blank=True, help_text=_("What it is called; empty: as before.")
    )
    plural = models.CharField(
        _("plural"), max_length=FORM_LENGTH, blank=True, help_text=_("Several of them; empty: as the singular.")
    )

    class Meta:
        verbose_name = _("renamed word")
        constraints = (models.UniqueConstraint(fields=["word", "language"], name="core_renamed_word_once"),)

    def __str__(self) -> str:
        return f"{self.word} ({self.language})"
