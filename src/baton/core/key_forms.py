"""Forms about keys in other systems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.core.models.external_keys import KEY_LENGTH, SYSTEM_LENGTH
from baton.core.widgets import Suggesting


def system_field(help_text: Any, *, required: bool) -> forms.CharField:
    """The name of another system; offer the known ones with :func:`suggest`."""
    return forms.CharField(
        label=_("System"), max_length=SYSTEM_LENGTH, required=required, help_text=help_text, widget=Suggesting()
    )


def suggest(form: forms.Form, field: str, values: Sequence[str]) -> None:
    """Offer ``values`` while somebody types into ``field``."""
    widget = form.fields[field].widget
    assert isinstance(widget, Suggesting)
    widget.values = values


class KeyForm(RecordForm):
    """Give a record a key of another system."""

    field_order = ["system", "key"]

    system = system_field(_("Such as SAP, HR or the ticket system."), required=True)
    key = forms.CharField(label=_("Key"), max_length=KEY_LENGTH, help_text=_("What the record is called there."))

    def __init__(self, *args: Any, systems: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suggest(self, "system", systems)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.core.changes.give_external_key` takes beside the record."""
        return {"system": self.cleaned_data["system"], "key": self.cleaned_data["key"]}
