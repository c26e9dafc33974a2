"""What a list of handoffs is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, offer
from baton.chain.forms.parties import day_field
from baton.handoffs.models.labels import FORMS, SIDES, STATES
from baton.handoffs.queries import LATE, OPEN_ONES, HandoffFilters

FILTER_STATES = [
    ("", _("All")),
    (OPEN_ONES, _("Not over")),
    (LATE, _("Not over and late")),
    *((state.value, label) for state, label in STATES.items()),
]


class HandoffFilterForm(forms.Form):
    """What a list of handoffs shows; anything that makes no sense is left out."""

    q = forms.CharField(
        label=_("Number or reference"), required=False, widget=forms.TextInput(attrs={"type": "search"}),
        help_text=_("Its beginning, as it is written."),
    )  # fmt: skip
    state = forms.ChoiceField(label=_("State"), required=False, choices=FILTER_STATES)
    party = forms.ChoiceField(label=_("Party"), required=False)
    side = forms.ChoiceField(
        label=_("As"), required=False, choices=[("", _("Either side")), *((s.value, word) for s, word in SIDES.items())]
    )
    form = forms.ChoiceField(
        label=_("How it came about"), required=False,
        choices=[("", _("All")), *((one.value, word) for one, word in FORMS.items())],
    )  # fmt: skip
    since = day_field(_("From"))
    until = day_field(_("Until"))
    link = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties, nobody=_("All"))


def asked_handoffs(asked: Mapping[str, str]) -> HandoffFilters:
    """The filters of an address."""
    return HandoffFilters(
        search=asked.get("q", ""), state=asked.get("state", ""), link=asked.get("link", ""),
        party=asked.get("party", ""), side=asked.get("side", ""), form=asked.get("form", ""),
        since=_day(asked.get("since", "")), until=_day(asked.get("until", "")), order=asked.get("order", "-number"),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
