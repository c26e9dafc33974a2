"""Forms about links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import chosen, offer, propose
from baton.chain.forms.parties import day_field
from baton.chain.models import Output, Party
from baton.chain.models.links import SOURCES
from baton.chain.models.outputs import OUTPUT_KINDS
from baton.chain.rules import OutputKind, State
from baton.core.forms import RecordForm, text_field
from baton.monitoring.rules import Health

_KINDS = [(kind.value, label) for kind, label in OUTPUT_KINDS.items()]
_ALL = ("", _("All"))
_HEALTH = {Health.SIGNAL: _("Signal"), Health.IN_CONTROL: _("In control"), Health.UNKNOWN: _("Unknown")}


class _NamesOutput(RecordForm):
    """Names what is handed over: the output of that name, or a new one. Known names are proposed while typing."""

    def __init__(self, *args: Any, outputs: Sequence[Output], **kwargs: Any) -> None:
        self.outputs = {output.public_id: output for output in outputs}
        super().__init__(*args, **kwargs)
        for code, _language in settings.LANGUAGES:
            names = [output.name.get(code, "") for output in outputs]
            propose(self, text_field("output", code), names)

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        output = self.outputs.get(values.get("output") or "")
        said = {"output": output.name, "output_kind": output.output_kind} if output is not None else {"output": {}}
        return super()._shown({**values, **said})


class LinkForm(_NamesOutput):
    """Enter a link."""

    texts: ClassVar[Mapping[str, Any]] = {"output": _("Output")}
    field_order = ("supplier", "customer", "output", "output_kind", "began_on")

    supplier = forms.ChoiceField(label=_("Supplier"), help_text=_("Who hands over."))
    customer = forms.ChoiceField(label=_("Customer"), help_text=_("Who receives."))
    output_kind = forms.ChoiceField(
        label=_("Kind of output"), choices=_KINDS, initial=OutputKind.SERVICE,
        help_text=_(
            "Counts for an output that is new. Control: audit, inspection; rated on clarity, speed and "
            "even-handedness, never on the verdict."
        ),
    )  # fmt: skip
    began_on = day_field(_("From"), _("Empty: today."))

    def __init__(self, *args: Any, parties: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        offer(self, "supplier", parties)
        offer(self, "customer", parties)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.add_link` takes."""
        data = self.cleaned_data
        return {
            "supplier": chosen(self.parties, data["supplier"]),
            "customer": chosen(self.parties, data["customer"]),
            "output": data["output"],
            "output_kind": OutputKind(data["output_kind"]),
            "began_on": data["began_on"],
        }


class LinkEditForm(_NamesOutput):
    """Correct what is handed over."""

    texts: ClassVar[Mapping[str, Any]] = {"output": _("Output")}
    field_order = ("output", "output_kind", "reason")

    output_kind = forms.ChoiceField(label=_("Kind of output"), choices=_KINDS)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.change_link` takes."""
        data = self.cleaned_data
        return {
            "output": data["output"],
            "output_kind": OutputKind(data["output_kind"]),
            "reason": data["reason"],
            "expected_seq": self.version,
        }


class LinkFilterForm(forms.Form):
    """What a list of links shows; anything that makes no sense is left out."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    party = forms.ChoiceField(label=_("Party"), required=False)
    kind = forms.ChoiceField(label=_("Kind of output"), required=False, choices=[_ALL, *_KINDS])
    source = forms.ChoiceField(
        label=_("Source"), required=False, choices=[_ALL, *((source.value, label) for source, label in SOURCES.items())]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[(State.LIVE.value, _("Live")), (State.PLANNED.value, _("Planned")), (State.ENDED.value, _("Ended")),
                 ("all", _("All"))],
    )  # fmt: skip

    health = forms.ChoiceField(
        label=_("Status"), required=False,
        choices=[_ALL, *((health.value, word) for health, word in _HEALTH.items())],
    )  # fmt: skip

    def __init__(self, *args: Any, parties: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "party", parties)
