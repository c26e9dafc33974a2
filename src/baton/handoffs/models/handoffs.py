"""Handoffs: one thing handed over on a link, with its first moments."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Batched
from baton.handoffs.models.labels import FORMS, HANDOFF, STATES, choice_field, cost_field, moment_field
from baton.handoffs.rules import (
    KEY_LENGTH,
    OPEN,
    PRIORITY_LENGTH,
    REFERENCE_LENGTH,
    SYSTEM_LENGTH,
    Form,
    Moments,
    State,
)

ZONE_LENGTH = 64
_UNTOUCHED = Q(delivered_at__isnull=True, accepted_at__isnull=True)
_FITTING = (
    (Q(state=State.EXPECTED) & _UNTOUCHED)
    | Q(state__in=[State.DELIVERED, State.UNCONFIRMED], delivered_at__isnull=False)
    | Q(state__in=[State.ACCEPTED, State.PARTLY], accepted_at__isnull=False)
    | (Q(state__in=[State.RETURNED, State.SETTLED]) & ~_UNTOUCHED)
    | Q(state__in=[State.REFUSED, State.WITHDRAWN])
)


def _not_before(earlier: str, later: str) -> Q:
    return Q(**{f"{earlier}__isnull": True}) | Q(**{f"{later}__isnull": True}) | Q(**{f"{later}__gte": F(earlier)})


class Handoff(Batched):
    """One thing handed over on a link. What its state means: :class:`baton.handoffs.rules.State`.

    It holds the first moment of each kind; every later one is a
    :class:`baton.handoffs.models.HandoffEvent`, so that a machine's handoff is one row. How long anything took is
    computed from these and stored nowhere.
    """

    kind = "handoff"
    units: ClassVar[dict[str, str]] = {
        "supplier_cost": "currency of the organisation", "customer_cost": "currency of the organisation",
    }  # fmt: skip

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as HO-2026-0000001.")
    )
    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("link"),
        help_text=_("On which link it is handed over."),
    )  # fmt: skip
    form = choice_field(
        pgettext_lazy("of a handoff", "form"), FORMS, _("How it came about."), default=Form.SINGLE, editable=False
    )
    state = choice_field(_("state"), STATES, _("How far it has come."), default=State.EXPECTED)
    reference = models.CharField(
        _("reference"), max_length=REFERENCE_LENGTH, blank=True,
        help_text=_("Under what both sides speak of it: order, lot, case, sample."),
    )  # fmt: skip
    system = models.CharField(
        _("system"), max_length=SYSTEM_LENGTH, blank=True, editable=False,
        help_text=_("The system that it comes from; empty: it was entered in Baton."),
    )  # fmt: skip
    key = models.CharField(
        _("key in that system"), max_length=KEY_LENGTH, blank=True, editable=False,
        help_text=_("Its id there: the same one twice on a link is the same handoff."),
    )  # fmt: skip
    priority = models.CharField(
        _("priority"), max_length=PRIORITY_LENGTH, blank=True,
        help_text=_("With which it was asked for, in the words of the link; later ones are events."),
    )  # fmt: skip
    occurred_at = models.DateTimeField(
        _("occurred at"), editable=False,
        help_text=_("Its first known moment, else when it is due; by it the clauses in force are found (UTC)."),
    )  # fmt: skip
    zone = models.CharField(
        _("time zone"), max_length=ZONE_LENGTH, blank=True,
        help_text=_("In which its moments were told; empty: that of the organisation."),
    )  # fmt: skip
    requested_at = moment_field(_("requested at"), _("When the customer asked for it."))
    due_at = moment_field(_("due at"), _("When it is wanted or promised; empty: nobody has said."))
    received_at = moment_field(_("received at"), _("When the supplier had what he needs to begin."))
    delivered_at = moment_field(_("delivered at"), _("When it was handed over for the first time."))
    accepted_at = moment_field(_("accepted at"), _("When the customer took it, or a part of it, for the first time."))
    withdrawn_at = moment_field(_("withdrawn at"), _("When it was withdrawn."))
    complete = models.BooleanField(
        _("complete"),
        null=True,
        blank=True,
        help_text=_("Whether all of it came, as the customer says; empty: unsaid."),
    )
    information_right = models.BooleanField(
        _("information right"), null=True, blank=True,
        help_text=_("Whether labels, papers and data were right, as the customer says; empty: unsaid."),
    )  # fmt: skip
    supplier_cost = cost_field(
        _("supplier’s cost"), _("What it cost the supplier that it was not right; empty: he has not said.")
    )
    customer_cost = cost_field(
        _("customer’s cost"), _("What it cost the customer that it was not right; empty: he has not said.")
    )

    class Meta(Batched.Meta):
        verbose_name = HANDOFF
        verbose_name_plural = pgettext_lazy("things handed over", "handoffs")
        constraints = (
            models.UniqueConstraint(
                fields=["link", "system", "key"], condition=~Q(key=""), name="handoffs_key_once_a_link"
            ),
            models.CheckConstraint(condition=_FITTING, name="handoffs_state_fits_moments"),
            models.CheckConstraint(
                condition=Q(state=State.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=State.WITHDRAWN) & Q(withdrawn_at__isnull=True)),
                name="handoffs_withdrawn_with_its_time",
            ),
            models.CheckConstraint(
                condition=_not_before("requested_at", "due_at"), name="handoffs_due_after_requested"
            ),
            models.CheckConstraint(
                condition=_not_before("requested_at", "received_at")
                & _not_before("requested_at", "delivered_at")
                & _not_before("requested_at", "accepted_at")
                & _not_before("received_at", "delivered_at")
                & _not_before("received_at", "accepted_at")
                & _not_before("delivered_at", "accepted_at"),
                name="handoffs_moments_in_order",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 0}),
                    name=f"handoffs_{name}_of_0_or_more",
                )
                for name in ("supplier_cost", "customer_cost")
            ),
        )  # fmt: skip
        indexes: ClassVar[tuple[models.Index, ...]] = (  # type: ignore[assignment]  # longer than the base's
            *Batched.Meta.indexes,
            models.Index(fields=["link", "occurred_at"], name="handoffs_of_link"),
            models.Index(fields=["occurred_at"], name="handoffs_by_occurrence"),
            models.Index(fields=["due_at"], name="handoffs_by_due"),
            models.Index(  # by which PostgreSQL finds the beginning of one, too, in whatever order its language sorts
                fields=["reference"],
                opclasses=["varchar_pattern_ops"],
                condition=~Q(reference=""),
                name="handoffs_of_reference",
            ),
            models.Index(fields=["link", "due_at"], condition=Q(state__in=sorted(OPEN)), name="handoffs_open_of_link"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.reference}".rstrip()

    @property
    def moments(self) -> Moments:
        """Its first moments, as :mod:`baton.handoffs.rules` reads them."""
        return Moments(
            requested_at=self.requested_at, due_at=self.due_at, received_at=self.received_at,
            delivered_at=self.delivered_at, accepted_at=self.accepted_at,
        )  # fmt: skip

    @property
    def cost(self) -> Decimal | None:
        """What it cost both sides; None: neither has said."""
        said = [one for one in (self.supplier_cost, self.customer_cost) if one is not None]
        return sum(said, Decimal(0)) if said else None

    @property
    def was_delivered(self) -> bool:
        """Whether it was handed over at least once."""
        return self.delivered_at is not None or self.accepted_at is not None
