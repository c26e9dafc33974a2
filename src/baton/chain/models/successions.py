"""Which parties came of which: departments merge and split."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.models.parties import Party
from baton.chain.rules import Succession
from baton.core.models.records import Record

SUCCESSIONS = {
    Succession.MERGE: pgettext_lazy("parties", "Merged"),
    Succession.SPLIT: pgettext_lazy("parties", "Split"),
}


class PartySuccession(Record):
    """One party took over from another one on a day; see :class:`baton.chain.rules.Succession`.

    A merge is one row for each party that ended in it, a split one for each party that came of it.
    """

    kind = "party_succession"

    predecessor = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="succeeded_by", verbose_name=_("before"),
        help_text=_("The party that ended."),
    )  # fmt: skip
    successor = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="succeeds", verbose_name=_("afterwards"),
        help_text=_("The party that took over."),
    )  # fmt: skip
    how = models.CharField(
        _("how"), max_length=5, choices=[(how.value, label) for how, label in SUCCESSIONS.items()],
        help_text=_("Several became one, or one became several."),
    )  # fmt: skip
    on_day = models.DateField(_("on"), help_text=_("Day on which the old party ended and the new one took over."))

    class Meta:
        verbose_name = _("succession of parties")
        verbose_name_plural = _("successions of parties")
        constraints = (
            models.UniqueConstraint(fields=["predecessor", "successor"], name="chain_succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="chain_succession_of_another"),
        )

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
