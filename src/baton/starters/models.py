"""What somebody has put together in the first-run wizard and has not entered yet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record


class StartDraft(Record):
    """The answers of one person in the first-run wizard. Emptied when they are entered: then they are records.

    ``answers`` holds the steps as they were typed: ``sector``, ``names``, ``left_out``, ``chart``, ``people``,
    ``promises``, ``leader`` and the last ``step``.
    """

    kind = "start_draft"
    # Names of people who are not there yet; that somebody works on a draft is enough for the trail.
    secret = frozenset({"answers"})

    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("person"), help_text=_("Whose it is.")
    )
    answers = models.JSONField(
        pgettext_lazy("in the first-run wizard", "answers"), default=dict, help_text=_("What was typed, by step.")
    )
    entered_at = models.DateTimeField(
        _("entered at"), null=True, blank=True, help_text=_("When it became records; empty: not yet.")
    )

    class Meta:
        verbose_name = _("first-run draft")
        constraints = (
            models.UniqueConstraint(
                fields=["person"], condition=Q(entered_at__isnull=True), name="starters_one_draft_a_person"
            ),
        )

    def __str__(self) -> str:
        return str(self.person)

    def data_subject(self) -> str:
        return self.person.public_id
