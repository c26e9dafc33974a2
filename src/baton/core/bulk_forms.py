"""Forms of bulk entries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm


class TakeBackForm(RecordForm):
    """Why a bulk entry is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("Stands in the audit trail."))

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required
        # What stands there is the record's own, not what is to be said now.
        self.initial["reason"] = ""
