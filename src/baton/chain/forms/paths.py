"""From whom to whom a way is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, offer


class PathForm(forms.Form):
    """The two ends of a way."""

    start = forms.ChoiceField(label=_("From"), required=False)
    end = forms.ChoiceField(label=_("To"), required=False)

    def __init__(self, *args: Any, parties: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, nobody in (("start", _("Me")), ("end", _("The nearest outside customers"))):
            offer(self, name, parties, nobody=nobody)
