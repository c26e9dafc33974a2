"""Agreements of links, in numbered versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.offers import OfferVersion, ServiceOffer
from baton.agreements.rules import NOTE_LENGTH, OPEN, RENEWAL_DAYS, Side, VersionState
from baton.core.models.records import Record

SIDES = {Side.SUPPLIER: _("Supplier"), Side.CUSTOMER: _("Customer")}
VERSION_STATES = {
    VersionState.DRAFT: pgettext_lazy("version of an agreement", "Draft"),
    VersionState.PROPOSED: pgettext_lazy("version of an agreement", "Proposed"),
    VersionState.CONSULTATION: pgettext_lazy("version of an agreement", "In consultation"),
    VersionState.ACCEPTED: pgettext_lazy("version of an agreement", "Accepted"),
    VersionState.ACTIVE: pgettext_lazy("version of an agreement", "In force"),
    VersionState.SUPERSEDED: pgettext_lazy("version of an agreement", "Superseded"),
    VersionState.EXPIRED: pgettext_lazy("version of an agreement", "Expired"),
    VersionState.ENDED: pgettext_lazy("version of an agreement", "Ended"),
    VersionState.WITHDRAWN: pgettext_lazy("version of an agreement", "Withdrawn"),
    VersionState.DECLINED: pgettext_lazy("version of an agreement", "Declined"),
}


class Agreement(Record):
    """What the two sides of a link owe each other; what it says stands in its versions. A link has one at most."""

    kind = "agreement"

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as A-2026-0001.")
    )
    link = models.OneToOneField(
        "chain.Link", on_delete=models.PROTECT, related_name="+", verbose_name=_("link"), help_text=_("Of which link.")
    )
    offer = models.ForeignKey(
        ServiceOffer, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements",
        verbose_name=_("service offer"), help_text=_("The offer that it accepts; empty: it stands for itself."),
    )  # fmt: skip
    search_text = models.TextField(_("search text"), editable=False, help_text=_("The number, folded."))

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")

    def __str__(self) -> str:
        return self.number


class AgreementVersion(Record):
    """One text of an agreement. What its state means: :class:`baton.agreements.rules.VersionState`."""

    kind = "agreement_version"
    units: ClassVar[dict[str, str]] = {"version": "1", "renewal_days": "d", "minimum_participation": "%"}

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="versions", verbose_name=_("agreement"),
        help_text=_("Of what."),
    )  # fmt: skip
    version = models.PositiveIntegerField(_("version"), help_text=_("1 for the first, 2 for the next."))
    state = models.CharField(
        _("state"), max_length=12, default=VersionState.DRAFT,
        choices=[(state.value, label) for state, label in VERSION_STATES.items()], help_text=_("How far it has come."),
    )  # fmt: skip
    offer_version = models.ForeignKey(
        OfferVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="agreement_versions",
        verbose_name=_("version of the service offer"),
        help_text=_("The offer whose clauses hold but for the deviations; empty: none."),
    )  # fmt: skip
    starts_on = models.DateField(
        _("first day"),
        null=True,
        blank=True,
        help_text=_("From which day on it holds; empty: from the last signature."),
    )
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Last day on which it holds; empty: no end.")
    )
    review_on = models.DateField(
        _("review"), null=True, blank=True, help_text=_("When both sides look at it together; empty: not said.")
    )
    renewal_days = models.PositiveSmallIntegerField(
        _("renewal notice"), default=RENEWAL_DAYS,
        help_text=_("How many days before its last day both sides are told that it runs out."),
    )  # fmt: skip
    reason = models.CharField(
        _("reason"), max_length=NOTE_LENGTH, blank=True, help_text=_("Why there is this version; for both sides.")
    )
    minimum_participation = models.PositiveSmallIntegerField(
        _("minimum participation"), default=0,
        help_text=_("Share of those asked that is to have spoken before it is signed, where it is more than usual."),
    )  # fmt: skip
    proposed_side = models.CharField(
        _("proposed by side"), max_length=8, blank=True, choices=[(side.value, label) for side, label in SIDES.items()],
        help_text=_("Which side proposed it; empty: nobody yet, or the quality manager for both."),
    )  # fmt: skip
    proposed_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("proposed by"), help_text=_("Who proposed it; empty: nobody yet, or Baton itself."),
    )  # fmt: skip
    proposed_at = models.DateTimeField(
        _("proposed at"), null=True, blank=True, help_text=_("When it was proposed; empty: not yet.")
    )
    closed_because = models.CharField(
        _("why it was closed"), max_length=NOTE_LENGTH, blank=True,
        help_text=_("Why it was declined, withdrawn or ended; for both sides."),
    )  # fmt: skip
    activated_at = models.DateTimeField(
        _("in force since"), null=True, blank=True, help_text=_("When it came into force; empty: it never did.")
    )
    renewal_told_at = models.DateTimeField(
        _("told of the end at"), null=True, blank=True, editable=False,
        help_text=_("When both sides were told that it runs out; empty: not yet."),
    )  # fmt: skip
    review_told_at = models.DateTimeField(
        _("told of the review at"), null=True, blank=True, editable=False,
        help_text=_("When both sides were told that its review is due; empty: not yet."),
    )  # fmt: skip
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, help_text=_("When it was over; empty: it is not.")
    )

    class Meta:
        verbose_name = _("version of an agreement")
        verbose_name_plural = _("versions of agreements")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "version"], name="agreements_version_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(state=VersionState.ACTIVE), name="agreements_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(state__in=sorted(OPEN)), name="agreements_one_on_its_way"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="agreements_version_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(minimum_participation__lte=100), name="agreements_participation_up_to_100"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[VersionState.DRAFT, VersionState.WITHDRAWN])
                | Q(proposed_at__isnull=False),
                name="agreements_proposed_before_signed",
            ),
            models.CheckConstraint(
                condition=Q(activated_at__isnull=False)
                | ~Q(state__in=[VersionState.ACTIVE, VersionState.SUPERSEDED, VersionState.EXPIRED]),
                name="agreements_in_force_since_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*sorted(OPEN), VersionState.ACTIVE], closed_at__isnull=True)
                | (~Q(state__in=[*sorted(OPEN), VersionState.ACTIVE]) & Q(closed_at__isnull=False)),
                name="agreements_closed_when_over",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=["state", "ends_on"], name="agreements_version_ends"),)

    def __str__(self) -> str:
        return f"{self.agreement.number} v{self.version}"
