"""Forms about accounts and contacts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.parties import day_field
from baton.chain.models import Contact
from baton.chain.rules import BUDGETS, NUMBER_LENGTH
from baton.core.forms import RecordForm
from baton.core.rules import masked_email, masked_phone


class AccountForm(RecordForm):
    """Enter or correct an account."""

    number = forms.CharField(
        label=_("Account number"), max_length=NUMBER_LENGTH, help_text=_("As it stands on invoices and cards.")
    )
    name = forms.CharField(label=_("Name"), max_length=200)

    def given(self) -> dict[str, Any]:
        """What both changes take."""
        return {"number": self.cleaned_data["number"], "name": self.cleaned_data["name"]}


class ContactForm(RecordForm):
    """Enter or correct a contact. Phone and e-mail of one that is there are masked; empty, they stay."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=200)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=32)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    consented_on = day_field(_("Consent on"), _("Day of the agreement to be contacted. Empty: not yet."))
    consent_source = forms.CharField(
        label=_("Source of the consent"), required=False, max_length=200, help_text=_("Such as: form, call, contract.")
    )
    quiet = forms.BooleanField(label=_("Quiet list"), required=False, help_text=_("No contact at all."))
    quiet_until = day_field(_("Quiet until"), _("First day on which contact is allowed again."))
    budget = forms.IntegerField(
        label=_("Contacts a month"), initial=4, min_value=BUDGETS.start, max_value=BUDGETS.stop - 1,
        help_text=_("Most contacts in a calendar month."),
    )  # fmt: skip

    def __init__(self, *args: Any, record: Contact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        self.editing = record is not None
        if record is not None:
            self.initial["phone"] = self.initial["email"] = ""
            for name, masked in (("phone", masked_phone(record.phone)), ("email", masked_email(record.email))):
                if masked:
                    self.fields[name].help_text = format_lazy(_("Now {value}. Empty: it stays."), value=masked)

    def given(self) -> dict[str, Any]:
        """What both changes take."""
        data = self.cleaned_data
        found = {name: data[name] for name in ("name", "language", "consented_on", "consent_source", "quiet",
                                               "quiet_until", "budget")}  # fmt: skip
        reach = {name: (data[name] or None) if self.editing else data[name] for name in ("phone", "email")}
        return {**found, **reach}

    def _show_both(self, stale: Any) -> None:
        """What another one entered meanwhile is not told unmasked."""
        theirs = {name: value for name, value in stale.theirs.items() if name not in ("phone", "email")}
        super()._show_both(type(stale)(theirs=theirs, version=stale.version))


class AccountFilterForm(forms.Form):
    """What a list of accounts shows."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"}),
        help_text=_("A whole account number, phone, e-mail or key in another system."),
    )  # fmt: skip


class ReasonForm(RecordForm):
    """Why something is done that cannot be undone, or concerns personal data."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Stands in the audit trail."))
