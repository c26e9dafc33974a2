"""What the list of agreements is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.models.agreements import VERSION_STATES
from baton.agreements.queries import ON_ITS_WAY, RUNS_OUT, AgreementFilters
from baton.chain.forms.choosing import Offered, offer

STATES = [
    ("", _("All")),
    (ON_ITS_WAY, _("With a version on its way")),
    (RUNS_OUT, _("Runs out soon")),
    *((state.value, label) for state, label in VERSION_STATES.items()),
]


class AgreementFilterForm(forms.Form):
    """What a list of agreements shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    party = forms.ChoiceField(label=_("Party"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties, nobody=_("All"))


def asked_agreements(asked: Mapping[str, str]) -> AgreementFilters:
    """The filters of an address."""
    return AgreementFilters(
        search=asked.get("q", ""),
        state=asked.get("state", ""),
        party=asked.get("party", ""),
        order=asked.get("order", "number"),
    )
