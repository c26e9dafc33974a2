"""How the runs of monitoring went."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.monitoring.rules import RunKind

RUN_KINDS = {RunKind.REFRESH: _("Bring up to date"), RunKind.REBUILD: _("Build anew")}


class Run(models.Model):
    """One run that found something to do, or failed: what it did and what that cost. The last few are kept."""

    units: ClassVar[dict[str, str]] = {
        "seconds": "s", "first_seq": "1", "last_seq": "1", "sources": "1", "rows": "1", "files": "1", "subjects": "1",
        "computed": "1", "opened": "1", "closed": "1",
    }  # fmt: skip

    kind = models.CharField(
        _("kind"), max_length=10, choices=[(kind.value, label) for kind, label in RUN_KINDS.items()],
        help_text=_("Bring up to date, or build everything anew."),
    )  # fmt: skip
    began_at = models.DateTimeField(_("began"), help_text=_("When it began (UTC)."))
    seconds = models.FloatField(_("took"), help_text=_("How long it took."))
    first_seq = models.BigIntegerField(_("from entry"), help_text=_("Audit entry up to which had been read before."))
    last_seq = models.BigIntegerField(_("up to entry"), help_text=_("Audit entry up to which was read afterwards."))
    sources = models.IntegerField(_("sources"), default=0, help_text=_("Sources whose facts were built."))
    rows = models.BigIntegerField(_("facts"), default=0, help_text=_("Facts in the files that were written."))
    files = models.IntegerField(_("files"), default=0, help_text=_("Fact files that were written."))
    subjects = models.IntegerField(_("subjects"), default=0, help_text=_("Subjects that were looked at."))
    computed = models.IntegerField(_("measures"), default=0, help_text=_("Measures that were computed."))
    opened = models.IntegerField(_("opened"), default=0, help_text=_("Signals that were opened, also again."))
    closed = models.IntegerField(_("closed"), default=0, help_text=_("Signals that were closed."))
    error = models.CharField(
        _("error"),
        max_length=2000,
        blank=True,
        help_text=_("What ended it early, without values of the data; empty: it ended well."),
    )

    class Meta:
        verbose_name = _("run of monitoring")
        indexes = (models.Index(fields=["began_at"], name="monitoring_run_began"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.began_at.isoformat()}"

    @property
    def entries(self) -> int:
        """How many entries of the audit trail it read."""
        return self.last_seq - self.first_seq
