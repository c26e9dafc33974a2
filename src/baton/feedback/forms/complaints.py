"""Forms of complaints: the one that is filled in when it comes, its steps, and the filters of the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.choosing import Offered, among_colleagues, offer
from baton.chain.forms.parties import day_field
from baton.core.actors import Actor
from baton.core.choosing_people import PersonField
from baton.core.forms import RecordForm, email_field
from baton.feedback.models.complaints import CHANNELS, MATTERS, URGENCIES
from baton.feedback.queries.complaints import ComplaintFilters
from baton.feedback.rules.complaints import (
    NAME_LENGTH,
    NUMBER_LENGTH,
    PRODUCT_LENGTH,
    WORDS_LENGTH,
    Channel,
    ComplaintGiven,
    Matter,
    Urgency,
)
from baton.handoffs.forms.fields import MomentField, happened_at_field

SHOWS = [
    ("open", pgettext_lazy("complaints", "Open")), ("mine", pgettext_lazy("complaints", "Wait for me")),
    ("late", _("Late")), ("over", pgettext_lazy("complaints", "Over")), ("all", _("All")),
]  # fmt: skip
_MATTERS = [(one.value, label) for one, label in MATTERS.items()]
_CHANNELS = [(one.value, label) for one, label in CHANNELS.items()]
_URGENCIES = [(one.value, label) for one, label in URGENCIES.items()]


def _line(label: Any, most: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, help_text=help_text)


def _words(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=WORDS_LENGTH, required=required,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


class ComplaintForm(RecordForm):
    """What stands on the form when a complaint comes."""

    field_order = (
        "matter", "urgency", "channel", "received_at", "customer_name", "customer_number", "telephone", "email",
        "customer", "phenomenon", "product", "model", "lot", "shipped_on", "invoice", "link", "handoff", "supplier",
    )  # fmt: skip
    headings = (
        (_("The complaint"), frozenset({"matter", "urgency", "channel", "received_at", "phenomenon"})),
        (_("The customer"), frozenset({"customer_name", "customer_number", "telephone", "email", "customer"})),
        (_("The product"), frozenset({"product", "model", "lot", "shipped_on", "invoice"})),
        (_("Whose work it is about"), frozenset({"link", "handoff", "supplier"})),
    )

    matter = forms.ChoiceField(
        label=pgettext_lazy("complaint form", "Matter"), choices=_MATTERS, widget=forms.RadioSelect,
        initial=Matter.COMPLAINT.value,
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("How urgent"), choices=_URGENCIES, widget=forms.RadioSelect, initial=Urgency.NORMAL.value,
        help_text=_("Urgent: the customer hears of us within 6 working hours, and it is resolved within 12."),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("How it came"), choices=_CHANNELS, initial=Channel.PHONE.value)
    received_at = MomentField(label=_("Received at"), help_text=_("Empty: now."))
    phenomenon = _words(_("What the customer sees"), _("In his words, without names of people. Others read it."))
    customer_name = _line(
        _("Customer’s name"), NAME_LENGTH, _("Read by who handles the complaint and the quality manager only.")
    )
    customer_number = _line(_("Customer number"), NUMBER_LENGTH)
    telephone = _line(_("Telephone"), NUMBER_LENGTH)
    email = email_field(required=False)
    customer = forms.ChoiceField(
        label=_("Customer of the chain"), required=False, help_text=_("Where it is one that is known.")
    )
    product = _line(_("Product"), PRODUCT_LENGTH, _("What was delivered or done."))
    model = _line(pgettext_lazy("of a product", "Model"), NAME_LENGTH)
    lot = _line(_("Lot"), NAME_LENGTH)
    shipped_on = day_field(_("Shipped on"), required=False)
    invoice = _line(_("Invoice number"), NAME_LENGTH)
    link = _line(_("Number of the link"), 16, _("Such as L-2026-0001, if it is known: it says customer and supplier."))
    handoff = _line(_("Number of the handoff"), 16, _("Such as HO-2026-0000001, if it is known."))
    supplier = forms.ChoiceField(
        label=_("Supplier"), required=False,
        help_text=_("Who is to find the cause. Nobody chosen: the quality manager says."),
    )  # fmt: skip

    def __init__(self, *args: Any, parties: Iterable[Offered] = (), sides: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("customer", "supplier"):
            if sides:
                offer(self, name, parties)
        for name in () if sides else ("link", "handoff", "supplier", "customer"):
            del self.fields[name]

    def given(self) -> ComplaintGiven:
        """What the changes take of it."""
        data = self.cleaned_data
        texts = ("phenomenon", "customer_name", "customer_number", "telephone", "email")
        things = ("product", "model", "lot", "invoice")
        return ComplaintGiven(
            matter=Matter(data["matter"]), urgency=Urgency(data["urgency"]), channel=Channel(data["channel"]),
            received_at=data["received_at"], shipped_on=data["shipped_on"],
            **{name: data[name] for name in (*texts, *things)},
        )  # fmt: skip


class RouteForm(RecordForm):
    """Who looks into it."""

    supplier = forms.ChoiceField(
        label=_("Supplier"), required=False, help_text=_("Whose work it is about. Nobody chosen: as it was.")
    )
    investigator = PersonField(
        label=_("Person in charge"), required=False, help_text=_("Nobody chosen: who leads the supplier.")
    )

    def __init__(self, *args: Any, viewer: Actor, parties: Iterable[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "supplier", parties)
        among_colleagues(self, viewer, "investigator")


class ActForm(RecordForm):
    """A step: words, and of some by which channel and when."""

    field_order = ("channel", "words", "happened_at")

    words = _words("")
    channel = forms.ChoiceField(label=_("How the customer was told"), choices=_CHANNELS, initial=Channel.PHONE.value)
    happened_at = happened_at_field()

    def __init__(
        self, *args: Any, label: Any = "", help_text: Any = "", told: bool = False, dated: bool = False,
        asks: bool = True, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **{"initial": {"words": ""}, **kwargs})
        words = self.fields["words"]
        words.label, words.help_text, words.required = label, help_text, not told
        for name, kept in (("words", asks), ("channel", told), ("happened_at", dated)):
            if not kept:
                del self.fields[name]

    def given(self) -> dict[str, Any]:
        """What the changes take beside the complaint; ``words`` under the name of the change."""
        data = self.cleaned_data
        found: dict[str, Any] = {"expected_seq": self.version}
        found |= {name: data[name] for name in ("words", "happened_at") if name in data}
        if "channel" in data:
            found["channel"] = Channel(data["channel"])
        return found


class ForgetForm(RecordForm):
    """Why the customer's data are destroyed."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("It stands in the audit trail; do not name the customer.")
    )


class ComplaintFilterForm(forms.Form):
    """Which complaints the list shows."""

    q = forms.CharField(label=_("Number, product, lot or invoice"), required=False, max_length=120)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWS)
    matter = forms.ChoiceField(
        label=pgettext_lazy("complaint form", "Matter"), required=False, choices=[("", _("All")), *_MATTERS]
    )
    urgency = forms.ChoiceField(label=_("How urgent"), required=False, choices=[("", _("All")), *_URGENCIES])


def asked_complaints(asked: Mapping[str, str]) -> ComplaintFilters:
    """The filters of an address."""
    show, matter, urgency = asked.get("show", ""), asked.get("matter", ""), asked.get("urgency", "")
    return ComplaintFilters(
        show=show if show in dict(SHOWS) else "open", matter=matter if matter in dict(_MATTERS) else "",
        urgency=urgency if urgency in dict(_URGENCIES) else "", party=asked.get("party", ""),
        link=asked.get("link", ""), text=asked.get("q", ""),
    )  # fmt: skip
