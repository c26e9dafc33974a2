"""What the register of standards is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.queries.coverage import NOT_LISTED, CoverageFilters
from baton.chain.forms.choosing import Offered, offer
from baton.chain.forms.parties import KIND_CHOICES

KINDS = [("", _("All")), *((kind, label) for kind, label in KIND_CHOICES if kind not in NOT_LISTED)]


class CoverageFilterForm(forms.Form):
    """What the register shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    under = forms.ChoiceField(label=_("Stands in"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=KINDS)
    lacking = forms.BooleanField(label=_("Only with links that are not covered"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "under", parties, nobody=_("The whole organisation"))


def asked_coverage(asked: Mapping[str, str]) -> CoverageFilters:
    """The filters of an address."""
    return CoverageFilters(
        search=asked.get("q", ""),
        kind=asked.get("kind", ""),
        under=asked.get("under", ""),
        lacking="lacking" in asked,
        order=asked.get("order", "name"),
    )
