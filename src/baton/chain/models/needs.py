"""What people outside need, in their own words."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baton.chain.models.parties import Party
from baton.chain.rules import State, state_on
from baton.core.models.records import Batched
from baton.core.texts import TextsField, say


class OutsideNeed(Batched):
    """Something that an outside customer or a group of consumers needs: "I want to know my result today".

    A link that names a need serves it; every link from which the chain leads on to such a link serves it, too.
    """

    kind = "outside_need"

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as N-2026-0001.")
    )
    words = TextsField(_("need"), help_text=_("In the customer’s words, by language."))
    search_text = models.TextField(_("search text"), editable=False, help_text=_("Number and words, folded."))
    holder = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="needs", verbose_name=_("whose"),
        help_text=_("The outside customer or group of consumers whose need it is."),
    )  # fmt: skip
    began_on = models.DateField(_("from"), help_text=_("First day."))
    ended_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("First day on which it is needed no more; empty: open.")
    )

    class Meta(Batched.Meta):
        verbose_name = _("outside need")
        verbose_name_plural = _("outside needs")
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="chain_need_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return say(self.words) or self.number

    def state(self, day: date) -> State:
        return state_on(day, self.began_on, self.ended_on)
