"""Which department a page of kept promises, or a board, is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, offer
from baton.handoffs.models.labels import SIDES


class PartyFilterForm(forms.Form):
    """Of which party, with all that stands in it; none: of those of the reader."""

    party = forms.ChoiceField(label=_("Party"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties, nobody=_("All that are mine"))


class BoardFilterForm(PartyFilterForm):
    """What a board shows: the handoffs of a party, as supplier, as customer or both; or those of one link."""

    side = forms.ChoiceField(
        label=_("As"), required=False, choices=[("", _("Either side")), *((s.value, word) for s, word in SIDES.items())]
    )
    link = forms.CharField(required=False, widget=forms.HiddenInput)
