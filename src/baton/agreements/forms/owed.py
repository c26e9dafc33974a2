"""What the list of what is promised is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.pages.coverage import STANDS
from baton.agreements.pages.owed import TITLES
from baton.agreements.queries.owed import OwedFilters, View
from baton.agreements.rules.coverage import Stands
from baton.chain.forms.choosing import Offered, offer


class OwedFilterForm(forms.Form):
    """Whose clauses, and which; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    party = forms.ChoiceField(label=_("Party"), required=False)
    view = forms.ChoiceField(label=_("Show"), required=False, choices=[(one.value, TITLES[one]) for one in View])
    stands = forms.ChoiceField(
        label=_("Standing of clauses"), required=False,
        choices=[("", _("All")), *((one.value, STANDS[one][1]) for one in (Stands.BINDING, Stands.ON_TRIAL))],
    )  # fmt: skip

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties, nobody=_("All that are mine"))


def asked_owed(asked: Mapping[str, str]) -> OwedFilters:
    """The filters of an address."""
    view, stands = asked.get("view", ""), asked.get("stands", "")
    return OwedFilters(
        party=asked.get("party", ""),
        view=View.OWED if view == View.OWED else View.OWES,
        stands=stands if stands in (Stands.BINDING, Stands.ON_TRIAL) else "",
        search=asked.get("q", ""),
    )
