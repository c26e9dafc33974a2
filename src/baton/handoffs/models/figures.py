"""Figures of a link that come from its handoffs as a whole, not from one clause; computed anew from the records."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkFigures(models.Model):
    """Perfect handoffs, early warnings, what came back and what it cost, on one link. Nothing but a result: it may be
    thrown away and is then computed again."""

    units: ClassVar[dict[str, str]] = {}

    link = models.OneToOneField(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"), help_text=_("Of which link.")
    )
    result = models.JSONField(_("result"), help_text=_("Counts, shares and intervals, as the analysis gives them."))
    method = models.CharField(_("method"), max_length=80, help_text=_("How it was computed."))
    version = models.CharField(_("version"), max_length=20, help_text=_("Version of the method."))
    computed_at = models.DateTimeField(_("computed at"), help_text=_("When it was computed (UTC)."))

    class Meta:
        verbose_name = _("figures of a link")

    def __str__(self) -> str:
        return f"{self.link_id} {self.method}"
