"""The ledger of points: rows are only ever added, and each moves points from one party to another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.audit.triggers import ProtectAuditTrail, Protected, protect
from baton.core.models.records import Record
from baton.handoffs.models.handoffs import Handoff
from baton.handoffs.models.labels import HANDOFF, OF_WHICH, choice_field
from baton.handoffs.models.settlement import LinkSettlement, SettlementClaim
from baton.handoffs.rules.settlement import EntryKind

ENTRY_KINDS = {
    EntryKind.CREDIT: pgettext_lazy("entry of points", "Handoff"),
    EntryKind.CLAIM: pgettext_lazy("entry of points", "Claim"),
    EntryKind.RULING: pgettext_lazy("entry of points", "Ruling"),
    EntryKind.VOID: pgettext_lazy("entry of points", "Handoff withdrawn"),
}
_DECIDED = [EntryKind.CLAIM, EntryKind.RULING]

LEDGER = protect(
    Protected(
        "LedgerEntry",
        "handoffs_ledger",
        "id = NEW.id OR public_id = NEW.public_id OR (handoff_id = NEW.handoff_id AND (entry_kind = NEW.entry_kind OR "
        "(entry_kind IN ('claim', 'ruling') AND NEW.entry_kind IN ('claim', 'ruling'))))",
        "the ledger of points is append-only",
        app="handoffs",
    )
)


class ProtectLedger(ProtectAuditTrail):
    """Last step of every migration that creates or changes the table of the ledger."""

    protected = LEDGER


class LedgerEntry(Record):
    """``points`` that go from one party (``debit``) to another (``credit``). One row is both sides of the posting, so
    that what one gains the other loses and all balances together are zero, whatever is written. A mistake is never
    changed: another entry counters it."""

    kind = "ledger_entry"
    units: ClassVar[dict[str, str]] = {"points": "points"}
    taken_back_with = frozenset({"handoff"})

    handoff = models.ForeignKey(
        Handoff, on_delete=models.PROTECT, related_name="entries", verbose_name=HANDOFF, help_text=OF_WHICH
    )
    terms = models.ForeignKey(
        LinkSettlement, on_delete=models.PROTECT, related_name="entries", verbose_name=_("terms"),
        help_text=_("Under which terms."),
    )  # fmt: skip
    entry_kind = choice_field(pgettext_lazy("of an entry", "kind"), ENTRY_KINDS, _("What the points are for."))
    debit = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of points", "from"),
        help_text=_("Who loses the points."),
    )  # fmt: skip
    credit = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of points", "to"),
        help_text=_("Who gains the points."),
    )  # fmt: skip
    points = models.PositiveIntegerField(
        pgettext_lazy("for handoffs", "points"), help_text=_("How many; always above 0.")
    )
    happened_at = models.DateTimeField(
        _("happened at"), help_text=_("When the handoff was accepted, the claim accepted or decided (UTC).")
    )
    counters = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="countered_by",
        verbose_name=pgettext_lazy("of an entry", "counters"),
        help_text=_("Which entry it takes back, whole or in part; empty: none."),
    )  # fmt: skip
    claim = models.ForeignKey(
        SettlementClaim, on_delete=models.PROTECT, null=True, blank=True, related_name="entries",
        verbose_name=pgettext_lazy("for points", "claim"), help_text=_("By which claim; empty: none."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("entry of the ledger")
        verbose_name_plural = _("entries of the ledger")
        constraints = (
            models.CheckConstraint(condition=Q(points__gt=0), name="handoffs_entry_of_something"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="handoffs_entry_between_two"),
            models.CheckConstraint(
                condition=Q(entry_kind=EntryKind.CREDIT, counters__isnull=True)
                | (~Q(entry_kind=EntryKind.CREDIT) & Q(counters__isnull=False)),
                name="handoffs_entry_counters_one",
            ),
            models.CheckConstraint(
                condition=Q(entry_kind__in=_DECIDED, claim__isnull=False)
                | (~Q(entry_kind__in=_DECIDED) & Q(claim__isnull=True)),
                name="handoffs_entry_by_a_claim",
            ),
            models.UniqueConstraint(
                fields=["handoff"], condition=Q(entry_kind=EntryKind.CREDIT), name="handoffs_credited_once"
            ),
            models.UniqueConstraint(
                fields=["handoff"], condition=Q(entry_kind__in=_DECIDED), name="handoffs_given_back_once"
            ),
            models.UniqueConstraint(
                fields=["handoff"], condition=Q(entry_kind=EntryKind.VOID), name="handoffs_voided_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry_kind} {self.points}"
