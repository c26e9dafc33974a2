"""Forms about workshops."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.forms.versions import reason_field
from baton.agreements.models import Workshop
from baton.agreements.rules.workshops import (
    DOTS,
    DOTS_RANGE,
    HOURS,
    HOURS_RANGE,
    MINUTES,
    MINUTES_RANGE,
    MOST_INVITED,
)
from baton.core.forms import RecordForm


def _number(label: Any, allowed: range, help_text: Any = "", **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=allowed.start, max_value=allowed.stop - 1, help_text=help_text, **options
    )


_INVITED = range(MOST_INVITED + 1)


class WorkshopForm(RecordForm):
    """How long it takes, how many come, how many dots each lays. A new one also says how long its address works."""

    field_order = ("invited_customer", "invited_supplier", "minutes", "dots", "everybody_sorts", "hours")

    invited_customer = _number(
        _("Invited of the customer"), _INVITED,
        _("How many of the receivers were asked to come; participation is counted against it."), initial=0,
    )  # fmt: skip
    invited_supplier = _number(_("Invited of the supplier"), _INVITED, initial=0)
    minutes = _number(
        _("Time box, minutes"), MINUTES_RANGE, _("The wall shows how much of it is left."), initial=MINUTES
    )
    dots = _number(_("Dots of each participant"), DOTS_RANGE, initial=DOTS)
    everybody_sorts = forms.BooleanField(
        label=_("Participants also put notes together on their phones"), required=False
    )
    hours = _number(
        _("Address and code work for so many hours"), HOURS_RANGE, _("From now on; more where you prepare it early."),
        initial=HOURS,
    )  # fmt: skip

    def __init__(self, *args: Any, record: Workshop | None = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record is not None:
            del self.fields["hours"]

    def given(self) -> dict[str, Any]:
        """What begin_workshop and change_workshop of :mod:`baton.agreements.changes.workshops` take."""
        names = ("minutes", "dots", "everybody_sorts", "invited_supplier", "invited_customer", "hours")
        said = {name: self.cleaned_data[name] for name in names if name in self.fields}
        return said if "hours" in self.fields else {**said, "expected_seq": self.version}


class TakeOutForm(RecordForm):
    """Why a note is taken out."""

    reason = reason_field(
        _("Reason"), _("Stands in the minutes, without the words of the note: names a patient, stands there twice."),
        required=True,
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code that stands on the projector."""

    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Two groups of four, as they stand on the wall."),
        error_messages={"required": _("A value was expected here. Nothing was entered. Fill it in.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
