"""Complaints of customers inside and outside, and what happened to each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Batched, Record
from baton.core.registries import Retention
from baton.feedback.rules.complaints import (
    CUSTOMER_KEPT_YEARS,
    EMAIL_LENGTH,
    NAME_LENGTH,
    NUMBER_LENGTH,
    PRODUCT_LENGTH,
    TOLD,
    WORDED,
    Channel,
    ComplaintAct,
    ComplaintState,
    Matter,
    Urgency,
)

MATTERS = {
    Matter.RETURN: pgettext_lazy("complaint form", "Return"),
    Matter.EXCHANGE: pgettext_lazy("complaint form", "Exchange"),
    Matter.COMPLAINT: pgettext_lazy("complaint form", "Complaint"),
    Matter.OTHER: pgettext_lazy("complaint form", "Other"),
}
CHANNELS = {
    Channel.PHONE: pgettext_lazy("channel of a complaint", "Telephone"),
    Channel.PERSON: pgettext_lazy("channel of a complaint", "In person"),
    Channel.PAPER: pgettext_lazy("channel of a complaint", "Letter or paper"),
    Channel.EMAIL: pgettext_lazy("channel of a complaint", "E-mail"),
    Channel.WEB: pgettext_lazy("channel of a complaint", "Web form"),
    Channel.QR: pgettext_lazy("channel of a complaint", "QR code"),
    Channel.MESSAGE: pgettext_lazy("channel of a complaint", "Message"),
}
URGENCIES = {
    Urgency.NORMAL: pgettext_lazy("urgency of a complaint", "Normal"),
    Urgency.URGENT: pgettext_lazy("urgency of a complaint", "Urgent"),
}
COMPLAINT_STATES = {
    ComplaintState.RECEIVED: pgettext_lazy("complaint", "Cause is looked for"),
    ComplaintState.INVESTIGATED: pgettext_lazy("complaint", "Waits for a decision"),
    ComplaintState.DECIDED: pgettext_lazy("complaint", "Decided"),
    ComplaintState.RESOLVED: pgettext_lazy("complaint", "Resolved"),
    ComplaintState.CLOSED: pgettext_lazy("complaint", "Closed"),
    ComplaintState.DROPPED: pgettext_lazy("complaint", "No action"),
}
COMPLAINT_ACTS = {
    ComplaintAct.ACKNOWLEDGE: pgettext_lazy("complaint", "Acknowledged"),
    ComplaintAct.ROUTE: pgettext_lazy("complaint", "Given to who looks into it"),
    ComplaintAct.CAUSE: pgettext_lazy("complaint", "Cause investigation"),
    ComplaintAct.DISPOSITION: pgettext_lazy("complaint", "Disposition"),
    ComplaintAct.RESULT: pgettext_lazy("complaint", "Result"),
    ComplaintAct.PREVENT: pgettext_lazy("complaint", "Recurrence prevention"),
    ComplaintAct.NOTIFY: pgettext_lazy("complaint", "Customer notified"),
    ComplaintAct.CLOSE: pgettext_lazy("complaint", "Closed"),
    ComplaintAct.DROP: pgettext_lazy("complaint", "No action"),
    ComplaintAct.REOPEN: pgettext_lazy("complaint", "Reopened"),
}
_CODE_LENGTH = 12
_REACHING = _("Telling the customer what came of the complaint.")


def _choices(labels: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(one.value, label) for one, label in labels.items()]


def _text(name: Any, most: int, help_text: Any) -> models.CharField[str, str]:
    return models.CharField(name, max_length=most, blank=True, help_text=help_text)


class Complaint(Batched):
    """What a customer, inside or outside, complains of: the head of the form. What is found, decided and done is a
    :class:`ComplaintStep` each; when what is due follows from these and the organisation's calendar and is stored
    nowhere."""

    kind = "complaint"
    personal: ClassVar[Mapping[str, Retention]] = {
        "customer_name": Retention(CUSTOMER_KEPT_YEARS, _REACHING),
        "customer_number": Retention(CUSTOMER_KEPT_YEARS, _REACHING),
        "telephone": Retention(CUSTOMER_KEPT_YEARS, _REACHING),
        "email": Retention(CUSTOMER_KEPT_YEARS, _REACHING),
    }

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as CO-2026-0001.")
    )
    received_at = models.DateTimeField(_("received at"), help_text=_("When the customer said it (UTC)."))
    received_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("received by"),
        help_text=_("Who took it down."),
    )  # fmt: skip
    matter = models.CharField(
        pgettext_lazy("complaint form", "matter"), max_length=_CODE_LENGTH, default=Matter.COMPLAINT,
        choices=_choices(MATTERS), help_text=_("What the customer wants."),
    )  # fmt: skip
    channel = models.CharField(
        pgettext_lazy("complaint", "channel"), max_length=_CODE_LENGTH, default=Channel.PHONE,
        choices=_choices(CHANNELS), help_text=_("By which way it came."),
    )  # fmt: skip
    urgency = models.CharField(
        pgettext_lazy("complaint", "urgency"), max_length=_CODE_LENGTH, default=Urgency.NORMAL,
        choices=_choices(URGENCIES), help_text=_("How fast the customer must hear of it; the clocks depend on it."),
    )  # fmt: skip
    customer_name = _text(_("customer’s name"), NAME_LENGTH, _("Who complains; seen by who handles it only."))
    customer_number = _text(_("customer number"), NUMBER_LENGTH, _("As it stands on invoices and cards."))
    telephone = _text(_("telephone"), NUMBER_LENGTH, _("Where the customer is reached, as it was given."))
    email = _text(_("e-mail"), EMAIL_LENGTH, _("Where the customer is reached."))
    customer = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer"),
        help_text=_("Which customer of the chain it is; empty: none that is known."),
    )  # fmt: skip
    supplier = models.ForeignKey(
        "chain.Party", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("supplier"),
        help_text=_("Whose work it is about, who looks into it; empty: nobody has said."),
    )  # fmt: skip
    link = models.ForeignKey(
        "chain.Link", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("link"),
        help_text=_("On which link it came about; empty: none that is known."),
    )  # fmt: skip
    handoff = models.ForeignKey(
        "handoffs.Handoff", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("one thing handed over", "handoff"),
        help_text=_("Which handoff of the link it is about; empty: none that is known."),
    )  # fmt: skip
    product = _text(_("product"), PRODUCT_LENGTH, _("What was delivered or done."))
    model = _text(pgettext_lazy("of a product", "model"), NAME_LENGTH, _("Model or type of the product."))
    lot = _text(_("lot"), NAME_LENGTH, _("Lot, batch or serial number."))
    shipped_on = models.DateField(
        _("shipped on"), null=True, blank=True, help_text=_("Day on which it left; empty: not known.")
    )
    invoice = _text(_("invoice number"), NAME_LENGTH, _("Invoice or order with which it was sold."))
    phenomenon = models.TextField(
        _("phenomenon"), help_text=_("What the customer sees, in his words; without names of people.")
    )
    investigator = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("person in charge"), help_text=_("Who is asked to find the cause; empty: the supplier’s head."),
    )  # fmt: skip
    state = models.CharField(
        pgettext_lazy("complaint", "state"), max_length=_CODE_LENGTH, default=ComplaintState.RECEIVED, editable=False,
        choices=_choices(COMPLAINT_STATES), help_text=_("How far it has come."),
    )  # fmt: skip
    told_at = models.DateTimeField(
        _("told at"), null=True, editable=False,
        help_text=_("When who handles it was told that it is late; empty: not since the last step."),
    )  # fmt: skip
    forgotten_at = models.DateTimeField(
        _("forgotten at"), null=True, editable=False, help_text=_("When the personal data were destroyed (UTC).")
    )

    class Meta(Batched.Meta):
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints = (
            models.CheckConstraint(condition=~Q(phenomenon=""), name="feedback_complaint_says_what"),
            models.CheckConstraint(
                condition=Q(handoff__isnull=True) | Q(link__isnull=False), name="feedback_complaint_handoff_of_a_link"
            ),
            models.CheckConstraint(
                condition=Q(link__isnull=True) | Q(supplier__isnull=False, customer__isnull=False),
                name="feedback_complaint_link_with_sides",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True)
                | Q(customer_name="", customer_number="", telephone="", email=""),
                name="feedback_complaint_forgotten_is_empty",
            ),
        )
        indexes: ClassVar[tuple[models.Index, ...]] = (  # type: ignore[assignment]  # longer than the base's
            *Batched.Meta.indexes,
            models.Index(fields=["state", "received_at"], name="feedback_complaint_by_state"),
            models.Index(fields=["link", "received_at"], name="feedback_complaint_of_link"),
        )

    def __str__(self) -> str:
        return self.number

    def data_subject(self) -> str:
        return self.public_id


class ComplaintStep(Record):
    """Something that was done with a complaint. Added, never changed; cause and disposition are signed."""

    kind = "complaint_step"

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="steps", verbose_name=_("complaint"),
        help_text=_("To which complaint it belongs."),
    )  # fmt: skip
    act = models.CharField(
        pgettext_lazy("complaint", "step"), max_length=_CODE_LENGTH, choices=_choices(COMPLAINT_ACTS),
        help_text=_("What was done."),
    )  # fmt: skip
    person = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("who did it"),
        help_text=_("Who wrote it down."),
    )  # fmt: skip
    happened_at = models.DateTimeField(_("happened at"), help_text=_("When it was done (UTC)."))
    words = models.TextField(
        pgettext_lazy("complaint", "what was said"), blank=True, help_text=_("What was found, decided or done, or why.")
    )
    channel = models.CharField(
        pgettext_lazy("complaint", "channel"), max_length=_CODE_LENGTH, blank=True, choices=_choices(CHANNELS),
        help_text=_("By which way the customer was told; empty: he was told nothing."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("step of a complaint")
        verbose_name_plural = _("steps of complaints")
        constraints = (
            models.CheckConstraint(
                condition=~Q(act__in=sorted(WORDED)) | ~Q(words=""), name="feedback_complaint_step_with_words"
            ),
            models.CheckConstraint(
                condition=Q(act__in=sorted(TOLD)) & ~Q(channel="") | ~Q(act__in=sorted(TOLD)) & Q(channel=""),
                name="feedback_complaint_told_by_a_channel",
            ),
        )

    def __str__(self) -> str:
        return str(self.get_act_display())
