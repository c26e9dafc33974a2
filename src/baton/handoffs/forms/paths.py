"""Where a path that is to be measured begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, offer


class WayForm(forms.Form):
    """From one party to another; without an end, to the nearest customers outside."""

    start = forms.ChoiceField(label=_("From"), required=False)
    end = forms.ChoiceField(label=_("To"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "start", parties, nobody=_("Me"))
        offer(self, "end", parties, nobody=_("The nearest outside customer"))
