"""Which promises are added up along a chain."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PlannedForm(forms.Form):
    """Whether what is not in force yet counts, too."""

    planned = forms.BooleanField(label=_("With what is still on its way"), required=False)
