"""By what links are compared, and which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, offer
from baton.core.texts import clean_text
from baton.handoffs.pages.comparing import BY
from baton.handoffs.rules.comparing import Compared


class ComparisonForm(forms.Form):
    """Anything that makes no sense is left out."""

    by = forms.ChoiceField(label=_("By"), required=False, choices=[(one.value, BY[one]) for one in Compared])
    output = forms.ChoiceField(label=_("Output"), required=False)

    def __init__(self, *args: Any, outputs: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "output", outputs, nobody=_("All"))


def asked_comparison(asked: Mapping[str, str]) -> tuple[Compared, str]:
    """By what, and the public id of an output, empty for all; as an address asks for."""
    by = asked.get("by", "")
    return Compared(by) if by in set(Compared) else Compared.ON_TIME, clean_text(asked.get("output", "")[:32])
