"""Forms of the way from an event log to links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.chain.forms.choosing import Offered
from baton.chain.models import EventLog
from baton.chain.rules import sounds_like_persons
from baton.core.days import zones
from baton.core.errors import explain
from baton.core.forms import RecordForm
from baton.core.key_forms import suggest, system_field
from baton.core.texts import visible
from baton.core.widgets import LongSelect
from baton_analysis.errors import FactError
from baton_analysis.facts.mapping import PROPOSED_MISSING, EventMapping, party_kind_of
from baton_analysis.readers.model import Preview, display

KINDS = [
    ("team", _("Teams")),
    ("department", _("Departments")),
    ("role", pgettext_lazy("kinds of party", "Roles")),
    ("person", _("Persons (shown under pseudonyms)")),
]
EMPTY = "(empty)"


class EventLogForm(forms.Form):
    """A file of events."""

    file = forms.FileField(
        label=_("Event log"),
        help_text=_("XES, OCEL, CSV, Excel (.xlsx) or Parquet: one line or element for each event."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".xes,.gz,.csv,.tsv,.txt,.xlsx,.parquet,.sqlite,.json,.jsonocel,.xml,.xmlocel"}
        ),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty. Choose another one.")},
    )


class ColumnsForm(forms.Form):
    """What the columns of an event log mean."""

    case = forms.ChoiceField(
        label=_("Case"), help_text=_("What the work is about: an order, a patient, a request. Each has its own value.")
    )
    party = forms.ChoiceField(label=_("Party"), help_text=_("Who does the work: team, role, department or person."))
    party_kind = forms.ChoiceField(
        label=_("The parties are"),
        choices=[("", _("(please choose)")), *KINDS],
        help_text=_("Persons get pseudonyms. Nothing else does: say so wherever the column holds names of persons."),
    )
    not_persons = forms.BooleanField(
        label=_("The column holds no names of persons"),
        required=False,
        help_text=_("Tick this only if you have looked at its values."),
    )
    time = forms.ChoiceField(
        label=_("Time"),
        required=False,
        help_text=_("When it happened. Without it the file's order counts, and there are no waiting times."),
    )
    activity = forms.ChoiceField(label=_("Activity"), required=False, help_text=_("What was done."))
    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Zone of times that carry none, and of days and weeks."))
    system = system_field(
        _("Which system wrote this log, such as SAP: its keys of parties are recognised. Empty: keys of any system."),
        required=False,
    )
    missing = forms.MultipleChoiceField(
        label=_("These values mean “missing”"),
        required=False,
        choices=[(value or EMPTY, value or _("(empty)")) for value in PROPOSED_MISSING],
        initial=[value or EMPTY for value in PROPOSED_MISSING],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A missing party is passed over: work goes from the last known party to the next known one."),
    )
    missing_more = forms.CharField(
        label=_("Other values that mean “missing”"), required=False, help_text=_("Separated by commas.")
    )
    allow_persons = forms.BooleanField(
        label=_("Show persons by name"),
        required=False,
        help_text=_("Only with the consent of those concerned. Otherwise persons get pseudonyms."),
    )
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Open the page again and enter what is missing there.")},
    )

    def __init__(self, *args: Any, log: EventLog, preview: Preview, systems: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suggest(self, "system", systems)
        names = [(column.name, visible(column.name)) for column in preview.columns]
        nothing = [("", _("(none)"))]
        for field in ("case", "party"):
            self._choices(field, names)
        for field in ("time", "activity"):
            self._choices(field, nothing + names)
        self._choices("zone", zones())
        # What was said of another sheet says nothing of this one.
        before = log.columns if log.columns.get("sheet") in (None, preview.sheet) else {}
        said = before or {
            "case": preview.proposal.case, "party": preview.proposal.party, "time": preview.proposal.time,
            "activity": preview.proposal.activity,
            "party_kind": party_kind_of(preview.proposal.party or "") or "",
        }  # fmt: skip
        self.initial = {
            **{name: value for name, value in said.items() if name not in ("missing", "sheet")},
            "zone": log.zone,
            "system": log.system,
        }
        self.initial["version"] = log.changed_seq
        self.asks_about_persons = False
        if before:
            self.initial["missing"] = [value or EMPTY for value in said["missing"] if value in PROPOSED_MISSING]
            self.initial["missing_more"] = ", ".join(v for v in said["missing"] if v not in PROPOSED_MISSING)

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("case") and data.get("case") == data.get("party"):
            self.add_error("party", _("Case and party are the same column. Choose the one that says who did the work."))
        self._ask_about_persons(data)
        if not self.errors:
            try:
                data["mapping"] = self._mapping(data)
            except FactError as refused:
                self.add_error(None, explain(refused))
        return data

    def _ask_about_persons(self, data: dict[str, Any]) -> None:
        """A column that is named like persons is taken for something else only by somebody who says so twice."""
        self.asks_about_persons = sounds_like_persons(data.get("party_kind") or "", data.get("party", ""))
        if self.asks_about_persons and not data.get("not_persons"):
            message = _(
                "By its name the column “{column}” holds persons, who get pseudonyms. Choose persons, or tick that it"
                " holds no names of persons."
            )
            self.add_error("party_kind", message.format(column=display(data["party"])))

    def _mapping(self, data: dict[str, Any]) -> EventMapping:
        ticked = ["" if value == EMPTY else value for value in data["missing"]]
        more = [part.strip() for part in data["missing_more"].split(",") if part.strip()]
        return EventMapping(
            case=data["case"],
            party=data["party"],
            time=data["time"] or None,
            activity=data["activity"] or None,
            party_kind=data["party_kind"],
            missing=tuple(dict.fromkeys(ticked + more)),
            allow_persons=data["allow_persons"],
        )


class PairFilterForm(forms.Form):
    """Which pairs of a mined chain are listed."""

    search = forms.CharField(label=_("Search"), required=False, max_length=200)
    at_least = forms.IntegerField(label=_("At least … handovers"), required=False, min_value=1, max_value=10**9)


class MakeLinksForm(RecordForm):
    """What the links that are made of mined pairs hand over, and where new parties stand."""

    texts = {"output": _("What is handed over")}

    parent = forms.ChoiceField(
        label=_("New parties stand under"),
        widget=LongSelect,
        required=False,
        help_text=_("Names of the log that are no party yet become parties here."),
    )

    def __init__(self, *args: Any, parents: Sequence[Offered], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("(top of the organisation)"))] + [(p.public_id, str(p)) for p in parents]
        defaults = {"en": "Work handed over", "zh-hans": "移交的工作"}
        for code, _label in settings.LANGUAGES:
            self.initial.setdefault(f"output_{code.replace('-', '_')}", defaults.get(code, ""))


class WithdrawForm(forms.Form):
    """Why a log is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("Stands in the audit trail."))
