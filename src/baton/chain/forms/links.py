"""Forms about links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain.forms.choosing import Offered, chosen, offer, party_chosen, propose
from baton.chain.forms.parties import day_field
from baton.chain.models import Link, Output, OutsideNeed, Project
from baton.chain.models.links import CRITICALITIES, SOURCES, STAGES
from baton.chain.models.outputs import OUTPUT_KINDS
from baton.chain.rules import OutputKind, State
from baton.core.forms import RecordForm, text_field
from baton.monitoring.rules import Health

_KINDS = [(kind.value, label) for kind, label in OUTPUT_KINDS.items()]
_ALL = ("", _("All"))
_HEALTH = {Health.SIGNAL: _("Signal"), Health.IN_CONTROL: _("In control"), Health.UNKNOWN: _("Unknown")}

NEED_HELP = _("What somebody outside needs and gets through this link. Needs are written down under Outside needs.")


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


def proposed_output(outputs: Sequence[Output], public_id: str) -> dict[str, Any]:
    """First values of a :class:`LinkForm` that name the output with this public id; none where it is not among them."""
    output = next((one for one in outputs if one.public_id == public_id), None)
    if output is None:
        return {}
    names = {text_field("output", code): output.name.get(code, "") for code, _language in settings.LANGUAGES}
    return {**names, "output_kind": output.output_kind}


class LinkForm(_NamesOutput):
    """Enter a link."""

    texts: ClassVar[Mapping[str, Any]] = {"output": _("Output")}
    field_order = ("supplier", "customer", "output", "output_kind", "need", "project", "began_on")

    supplier = forms.ChoiceField(label=_("Supplier"), help_text=_("Who hands over."))
    customer = forms.ChoiceField(label=_("Customer"), help_text=_("Who receives."))
    output_kind = forms.ChoiceField(
        label=_("Kind of output"), choices=_KINDS, initial=OutputKind.SERVICE,
        help_text=_(
            "Counts for an output that is new. Control: audit, inspection; rated on clarity, speed and "
            "even-handedness, never on the verdict."
        ),
    )  # fmt: skip
    need = forms.ChoiceField(label=_("Outside need"), required=False, help_text=NEED_HELP)
    project = forms.ChoiceField(
        label=_("Project"), required=False, help_text=_("The link is temporary then, and ends with the project.")
    )
    began_on = day_field(_("From"), _("Empty: today."))

    def __init__(
        self, *args: Any, parties: Sequence[Offered], needs: Sequence[OutsideNeed] = (),
        projects: Sequence[Project] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.parties, self.needs, self.projects = parties, needs, projects
        offer(self, "supplier", parties)
        offer(self, "customer", parties)
        offer(self, "need", needs)
        offer(self, "project", projects)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.add_link` takes."""
        data = self.cleaned_data
        return {
            "supplier": party_chosen(self.parties, data["supplier"]),
            "customer": party_chosen(self.parties, data["customer"]),
            "output": data["output"],
            "output_kind": OutputKind(data["output_kind"]),
            "need": chosen(self.needs, data["need"]),
            "project": chosen(self.projects, data["project"]),
            "began_on": data["began_on"],
        }


class LinkEditForm(_NamesOutput):
    """Correct what is handed over."""

    texts: ClassVar[Mapping[str, Any]] = {"output": _("Output")}
    field_order = ("output", "output_kind", "need", "reason")

    output_kind = forms.ChoiceField(label=_("Kind of output"), choices=_KINDS)
    need = forms.ChoiceField(label=_("Outside need"), required=False, help_text=NEED_HELP)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def __init__(self, *args: Any, record: Link, needs: Sequence[OutsideNeed] = (), **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        # One that has ended, or is out of sight, stays until another is chosen.
        self.before = record.need
        self.needs = list(needs) + ([record.need] if record.need is not None and record.need not in needs else [])
        offer(self, "need", self.needs)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.change_link` takes."""
        data = self.cleaned_data
        need = chosen(self.needs, data["need"])
        return {
            "output": data["output"],
            "output_kind": OutputKind(data["output_kind"]),
            "need": "as_it_is" if need == self.before else need,
            "reason": data["reason"],
            "expected_seq": self.version,
        }


class LinkProjectForm(RecordForm):
    """Say to which project a link belongs."""

    field_order = ("project", "reason")

    project = forms.ChoiceField(
        label=_("Project"), required=False, help_text=_("The link is temporary then, and ends with the project.")
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200, help_text=_("Stands in the history."))

    def __init__(self, *args: Any, record: Link, projects: Sequence[Project], **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        self.projects = projects
        offer(self, "project", projects)

    def given(self) -> dict[str, Any]:
        """What :func:`baton.chain.changes.assign_link_to_project` takes."""
        data = self.cleaned_data
        return {
            "project": chosen(self.projects, data["project"]),
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

    criticality = forms.ChoiceField(
        label=_("Criticality"), required=False,
        choices=[_ALL, *((one.value, label) for one, label in CRITICALITIES.items()), ("not_judged", _("Not judged"))],
    )  # fmt: skip
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[_ALL, *((one.value, label) for one, label in STAGES.items())]
    )
    need = forms.ChoiceField(
        label=_("Outside need"), required=False,
        choices=[_ALL, ("named", _("Names one")), ("missing", _("Names none"))],
    )  # fmt: skip
    project = forms.ChoiceField(label=_("Project"), required=False)

    def __init__(
        self, *args: Any, parties: Sequence[Offered], projects: Sequence[Project] = (), **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        offer(self, "party", parties)
        offer(self, "project", projects)
