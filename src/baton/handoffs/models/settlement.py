"""Points for handoffs: what both sides of a link agreed to, and what is claimed back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.handoffs.models.handoffs import Handoff
from baton.handoffs.models.labels import HANDOFF, OF_WHICH, SIDES, choice_field, moment_field, person_field
from baton.handoffs.models.returns import HandoffReturn
from baton.handoffs.rules import NOTE_LENGTH
from baton.handoffs.rules.settlement import (
    DAYS_RANGE,
    PRICE_RANGE,
    RULING_RANGE,
    SHARE_RANGE,
    ClaimState,
    TermsState,
    TripReason,
)

TERMS_STATES = {
    TermsState.PROPOSED: pgettext_lazy("terms of settlement", "Proposed"),
    TermsState.AGREED: pgettext_lazy("terms of settlement", "Agreed"),
    TermsState.DROPPED: pgettext_lazy("terms of settlement", "Not agreed"),
    TermsState.ENDED: pgettext_lazy("terms of settlement", "Ended"),
}
CLAIM_STATES = {
    ClaimState.OPEN: pgettext_lazy("claim", "Waits for an answer"),
    ClaimState.ACCEPTED: pgettext_lazy("claim", "Accepted"),
    ClaimState.DISPUTED: pgettext_lazy("claim", "Disputed"),
    ClaimState.TRIPPED: pgettext_lazy("claim", "Tripped"),
    ClaimState.DECIDED: pgettext_lazy("claim", "Decided"),
    ClaimState.WITHDRAWN: pgettext_lazy("claim", "Taken back"),
}
TRIP_REASONS = {
    TripReason.UNCLAIMED: _("Nobody claimed the breach in time"),
    TripReason.UNANSWERED: _("Nobody answered the claim in time"),
}


def _within(field: str, allowed: range) -> Q:
    return Q(**{f"{field}__gte": allowed.start, f"{field}__lt": allowed.stop})


class LinkSettlement(Record):
    """What both sides of a link agreed about points, or one of them proposes. Never changed: other terms are another
    row. What its state means: :class:`baton.handoffs.rules.settlement.TermsState`."""

    kind = "link_settlement"
    units: ClassVar[dict[str, str]] = {"price": "points", "share": "%", "claim_days": "d"}

    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"), help_text=_("Of which link.")
    )
    state = choice_field(_("state"), TERMS_STATES, _("How the terms stand."), default=TermsState.PROPOSED)
    price = models.PositiveIntegerField(
        _("points of a handoff"), help_text=_("What an accepted handoff earns its supplier and costs its customer.")
    )
    share = models.PositiveSmallIntegerField(
        _("share given back"), help_text=_("What an accepted claim gives back, of the points of the handoff.")
    )
    claim_days = models.PositiveSmallIntegerField(
        _("days to claim and answer"),
        help_text=_("So long a breach can be claimed, and then the claim be answered; after that it is tripped."),
    )
    arbiter = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("arbiter"),
        help_text=_("Who decides what is disputed or tripped; of neither side."),
    )  # fmt: skip
    proposed_side = choice_field(_("proposed by side"), SIDES, _("Which side proposed them."))
    proposed_by = person_field(_("proposed by"), _("Who proposed them."))
    agreed_at = moment_field(_("agreed at"), _("When the other side agreed; from then on handoffs earn points."))
    agreed_by = person_field(_("agreed by"), _("Who agreed for the other side."))
    ended_at = moment_field(_("ended at"), _("When they ceased to hold, or were dropped."))

    class Meta:
        verbose_name = _("terms of settlement")
        verbose_name_plural = _("terms of settlement")
        constraints = (
            models.UniqueConstraint(
                fields=["link"], condition=Q(state=TermsState.PROPOSED), name="handoffs_one_settlement_proposed"
            ),
            models.UniqueConstraint(
                fields=["link"], condition=Q(state=TermsState.AGREED), name="handoffs_one_settlement_agreed"
            ),
            models.CheckConstraint(condition=_within("price", PRICE_RANGE), name="handoffs_settlement_price"),
            models.CheckConstraint(condition=_within("share", SHARE_RANGE), name="handoffs_settlement_share"),
            models.CheckConstraint(condition=_within("claim_days", DAYS_RANGE), name="handoffs_settlement_days"),
            models.CheckConstraint(
                condition=Q(state=TermsState.PROPOSED, agreed_at__isnull=True, ended_at__isnull=True)
                | Q(state=TermsState.AGREED, agreed_at__isnull=False, ended_at__isnull=True)
                | Q(state=TermsState.DROPPED, agreed_at__isnull=True, ended_at__isnull=False)
                | Q(state=TermsState.ENDED, agreed_at__isnull=False, ended_at__isnull=False),
                name="handoffs_settlement_state_fits",
            ),
        )

    def __str__(self) -> str:
        return f"{self.link_id} {self.price}"


class SettlementClaim(Record):
    """A breach for which a part of the points of a handoff is asked back, or which was tripped. One of a handoff; it
    rests on one clause or one return. What its state means: :class:`baton.handoffs.rules.settlement.ClaimState`."""

    kind = "settlement_claim"
    units: ClassVar[dict[str, str]] = {"ruling": "%"}

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as SC-2026-0001.")
    )
    handoff = models.OneToOneField(
        Handoff, on_delete=models.PROTECT, related_name="claim", verbose_name=HANDOFF, help_text=OF_WHICH
    )
    terms = models.ForeignKey(
        LinkSettlement, on_delete=models.PROTECT, related_name="+", verbose_name=_("terms"),
        help_text=_("Under which terms the handoff earned its points."),
    )  # fmt: skip
    state = choice_field(_("state"), CLAIM_STATES, _("How the claim stands."), default=ClaimState.OPEN)
    clause = models.ForeignKey(
        "agreements.Clause", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("clause"), help_text=_("Which clause was broken; empty: something came back."),
    )  # fmt: skip
    found_return = models.ForeignKey(
        HandoffReturn, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=pgettext_lazy("something that came back", "return"),
        help_text=_("What came back or was missing; empty: a clause was broken."),
    )  # fmt: skip
    breached_at = models.DateTimeField(_("known since"), help_text=_("Since when the breach could be claimed (UTC)."))
    ground = models.CharField(
        pgettext_lazy("of a claim", "ground"), max_length=NOTE_LENGTH, blank=True,
        help_text=_("What was not as promised, as the customer says; empty: nobody claimed it."),
    )  # fmt: skip
    made_at = moment_field(_("claimed at"), _("When the customer claimed it; empty: nobody did."))
    made_by = person_field(_("claimed by"), _("Who claimed it."))
    answer = models.CharField(
        _("answer"), max_length=NOTE_LENGTH, blank=True, help_text=_("What the supplier says to it.")
    )
    answered_at = moment_field(_("answered at"), _("When the supplier answered."))
    answered_by = person_field(_("answered by"), _("Who answered."))
    trip_reason = choice_field(
        _("why tripped"), TRIP_REASONS, _("Why it went to the arbiter by itself; empty: it did not."), blank=True
    )
    tripped_at = moment_field(_("tripped at"), _("When it went to the arbiter by itself."))
    ruling = models.PositiveSmallIntegerField(
        _("ruling"),
        null=True,
        blank=True,
        help_text=_("Which share the arbiter gives back; empty: he has not decided."),
    )
    ruling_note = models.CharField(
        _("why so decided"), max_length=NOTE_LENGTH, blank=True, help_text=_("What the arbiter found.")
    )
    decided_at = moment_field(_("decided at"), _("When the arbiter decided."))
    decided_by = person_field(_("decided by"), _("Who decided."))
    withdrawn_note = models.CharField(
        _("why taken back"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why the customer took it back.")
    )

    class Meta:
        verbose_name = pgettext_lazy("for points", "claim")
        verbose_name_plural = pgettext_lazy("for points", "claims")
        constraints = (
            models.CheckConstraint(
                condition=Q(clause__isnull=False, found_return__isnull=True)
                | Q(clause__isnull=True, found_return__isnull=False),
                name="handoffs_claim_of_one_breach",
            ),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True, ground="") | (Q(made_at__isnull=False) & ~Q(ground="")),
                name="handoffs_claim_with_a_ground",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ClaimState.OPEN, ClaimState.ACCEPTED, ClaimState.DISPUTED])
                | Q(made_at__isnull=False),
                name="handoffs_claim_made_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ClaimState.ACCEPTED, ClaimState.DISPUTED]) | Q(answered_at__isnull=False),
                name="handoffs_claim_answered",
            ),
            models.CheckConstraint(
                condition=Q(tripped_at__isnull=True, trip_reason="")
                | (Q(tripped_at__isnull=False) & ~Q(trip_reason="")),
                name="handoffs_claim_tripped_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.TRIPPED) | Q(tripped_at__isnull=False), name="handoffs_claim_tripped"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=ClaimState.DECIDED, decided_at__isnull=False)
                    & _within("ruling", RULING_RANGE)
                    & ~Q(ruling_note="")
                )
                | (~Q(state=ClaimState.DECIDED) & Q(decided_at__isnull=True, ruling__isnull=True, ruling_note="")),
                name="handoffs_claim_decided",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(
                fields=["state", "made_at"],
                condition=Q(state__in=[ClaimState.OPEN, ClaimState.DISPUTED, ClaimState.TRIPPED]),
                name="handoffs_claims_pending",
            ),
        )

    def __str__(self) -> str:
        return self.number
