"""How far members of the organisation read along the chain."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.chain.rules import USUAL_REACH, Reach
from baton.core.models.records import Record

REACHES = {
    Reach.OWN: _("Links of their own parties"),
    Reach.TWO: _("Two steps along the chain"),
    Reach.THREE: _("Three steps along the chain"),
    Reach.ALL: _("All links"),
}


class Reading(Record):
    """Who reads links across departments; see :class:`baton.chain.rules.Reach`. One row, none before somebody has said
    it: then :data:`baton.chain.rules.USUAL_REACH` holds."""

    kind = "reading"

    reach = models.CharField(
        _("members read"), max_length=5, default=USUAL_REACH,
        choices=[(reach.value, label) for reach, label in REACHES.items()],
        help_text=_("How far along the chain members read, from their own parties."),
    )  # fmt: skip
    whose = models.CharField(
        _("whose"), max_length=12, unique=True, default="organisation", editable=False,
        help_text=_("The organisation’s: there is one such rule."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("reading of links")

    def __str__(self) -> str:
        return str(REACHES[Reach(self.reach)])
