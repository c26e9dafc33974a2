"""Forms of call points."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.handoffs.rules import REFERENCE_LENGTH


class CallPointForm(RecordForm):
    """What stands on the machine, the bed or the door."""

    name = forms.CharField(
        label=_("What stands there"), max_length=REFERENCE_LENGTH,
        help_text=_("As people say it: Press 3, bed 12, room 204. The called team reads it on its phone."),
    )  # fmt: skip
