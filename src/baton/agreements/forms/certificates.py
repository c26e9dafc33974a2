"""Forms about certificates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.models.certificates import CERTIFICATE_STATES, NAME_LENGTH, NUMBER_LENGTH
from baton.agreements.rules.certificates import ALERT_DAYS, ALERT_RANGE
from baton.chain.forms.choosing import Offered, offer
from baton.chain.forms.parties import day_field
from baton.core.forms import RecordForm


class CertificateForm(RecordForm):
    """What is attested, by whom, and until when."""

    name = forms.CharField(
        label=_("What is attested"), max_length=NAME_LENGTH, help_text=_("Such as ISO 9001:2015, or ISO/IEC 17025.")
    )
    certificate_number = forms.CharField(label=_("Certificate number"), max_length=NUMBER_LENGTH, required=False)
    issuer = forms.CharField(
        label=_("Issuer"), max_length=NAME_LENGTH, required=False, help_text=_("Who attests it, such as CNAS.")
    )
    began_on = day_field(_("Valid from"), _("Empty: not known."))
    ends_on = day_field(_("Valid until"), _("Its last day. Empty: it has no end."))
    alert_days = forms.IntegerField(
        label=_("Days of notice"), initial=ALERT_DAYS, min_value=0, max_value=ALERT_RANGE.stop - 1,
        help_text=_("So many days before its last day who leads the party is told."),
    )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What add_certificate and change_certificate of :mod:`baton.agreements.changes` take."""
        names = ("name", "certificate_number", "issuer", "began_on", "ends_on", "alert_days")
        return {name: self.cleaned_data[name] for name in names}


class CertificateFilterForm(forms.Form):
    """What the list of certificates shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("All")), *((state.value, label) for state, label in CERTIFICATE_STATES.items())],
    )  # fmt: skip
    party = forms.ChoiceField(label=_("Party"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties, nobody=_("All"))
