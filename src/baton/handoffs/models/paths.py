"""Paths of links that are measured as one, and what their handoffs tell; the latter is computed anew from the
records."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.handoffs.models.labels import moment_field

PATH = pgettext_lazy("several links, one after the other", "path")


class MeasuredPath(Record):
    """Links that follow each other, along which references are followed: from an order to its payment, from a sample to
    its result. Somebody asked that it be measured; a path is measured once, whoever asks."""

    kind = "measured_path"

    key = models.CharField(
        _("key"), max_length=64, unique=True, editable=False, help_text=_("SHA-256 of its links in their order.")
    )
    links = models.JSONField(_("links"), help_text=_("Public ids of the links, in their order."))
    ended_at = moment_field(_("ended at"), _("Since when it is measured no more; empty: it is."))

    class Meta:
        verbose_name = PATH
        verbose_name_plural = pgettext_lazy("several links, one after the other", "paths")
        constraints = (models.CheckConstraint(condition=~Q(key=""), name="handoffs_path_has_a_key"),)

    def __str__(self) -> str:
        return " > ".join(self.links)


class PathFigures(models.Model):
    """Lead time, yield and delays of a path. Nothing but a result: it may be thrown away and is then computed again."""

    units: ClassVar[dict[str, str]] = {}

    path = models.OneToOneField(
        MeasuredPath, on_delete=models.PROTECT, related_name="figures", verbose_name=PATH,
        help_text=_("Of which path."),
    )  # fmt: skip
    result = models.JSONField(
        _("result"), null=True, help_text=_("Times, delays, yields and intervals, as the analysis gives them; empty:"
                                            " no reference could be followed."),
    )  # fmt: skip
    method = models.CharField(_("method"), max_length=80, help_text=_("How it was computed."))
    version = models.CharField(_("version"), max_length=20, help_text=_("Version of the method."))
    computed_at = models.DateTimeField(_("computed at"), help_text=_("When it was computed (UTC)."))
    outdated = models.BooleanField(
        _("outdated"), default=False, help_text=_("Whether something happened on the path since.")
    )

    class Meta:
        verbose_name = _("figures of a path")

    def __str__(self) -> str:
        return f"{self.path_id} {self.method}"
