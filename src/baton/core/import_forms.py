"""Forms of imports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.core.import_targets import ImportTarget
from baton.core.imports.tables import Beginning
from baton.core.models import SavedMapping
from baton.core.models.external_keys import SYSTEM_LENGTH

_HOUR = "{:02}:00"
PASTE_LENGTH = 16 * 1024**2


class BringForm(forms.Form):
    """A table: a file, or cells that were copied and pasted."""

    file = forms.FileField(
        label=_("File"), required=False, max_length=255, allow_empty_file=True,
        help_text=_("CSV, Excel (.xlsx) or Parquet; the first row holds the names of the columns."),
    )  # fmt: skip
    pasted = forms.CharField(
        label=_("Or paste cells"), required=False, max_length=PASTE_LENGTH, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Mark the cells in the spreadsheet, the names of the columns included; copy, and paste here."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data = super().clean() or self.cleaned_data
        if not self.errors and bool(data.get("file")) == bool((data.get("pasted") or "").strip()):
            self.add_error(None, _("Choose a file, or paste cells: one of the two."))
        return data


class ColumnsForm(forms.Form):
    """Which column of the table holds which field."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Open the page again and enter what is missing there.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, target: ImportTarget, seen: Beginning, systems: Sequence[str], **kwargs: Any
    ) -> None:
        """``seen`` are the first rows of the table."""
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        self.target, self.header = target, seen.header
        if len(seen.sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(label=_("Sheet"), choices=[(name, name) for name in seen.sheets])
        choices = [("", _("(not in the table)")), *((name, told) for name, told in seen.samples())]
        for column in target.all_columns():
            self.fields[f"column_{column.name}"] = forms.ChoiceField(
                label=column.label(language), choices=choices, required=column.required, help_text=column.text,
            )  # fmt: skip
        if target.kind or target.of_systems:
            self.fields["system"] = forms.CharField(
                label=_("Other system"), required=False, max_length=SYSTEM_LENGTH,
                help_text=_("Whose keys the table holds, such as SAP or HR; by them rows are known again."),
                widget=forms.TextInput(attrs={"list": "systems", "autocomplete": "off"}),
            )  # fmt: skip
        self.systems = systems
        self.fields["mapping_name"] = forms.CharField(
            label=_("Save this assignment as"), required=False, max_length=60,
            help_text=_("Optional: a name under which it is offered for tables that come again."),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One column serves one field; keys need their system."""
        data = super().clean() or self.cleaned_data
        chosen: dict[str, str] = {}
        for column in self.target.all_columns():
            name = data.get(f"column_{column.name}")
            if name and chosen.setdefault(name, column.name) != column.name:
                self.add_error(f"column_{column.name}", _("This column is assigned twice."))
        return data

    def left_over(self) -> list[str]:
        """Columns of the table that no field takes, as the form stands."""
        taken = {bound.value() for bound in self.column_fields()}
        return [name for name in self.header if name not in taken]

    def mapping(self) -> dict[str, str]:
        """Field -> name of the column."""
        return {column.name: self.cleaned_data.get(f"column_{column.name}", "") for column in self.target.all_columns()}

    def column_fields(self) -> list[Any]:
        """The fields of the columns, in their order."""
        return [self[f"column_{column.name}"] for column in self.target.all_columns()]


class FolderForm(forms.Form):
    """A folder to be watched."""

    name = forms.CharField(
        label=_("Name of the folder"), max_length=40,
        help_text=_("Small letters, digits and hyphens; it lies below imports/ in the data folder of Baton."),
    )  # fmt: skip
    target = forms.ChoiceField(label=_("What is laid into it"))
    mapping = forms.ChoiceField(
        label=_("Saved assignment of columns"), required=False,
        help_text=_("Without one, columns are found by their names."),
    )  # fmt: skip
    hour = forms.TypedChoiceField(
        label=_("When"), required=False, coerce=int, empty_value=None,
        choices=[("", _("Every five minutes")), *((hour, _HOUR.format(hour)) for hour in range(24))],
        help_text=_("At an hour: you are told when there was no table."),
    )  # fmt: skip
    leave_out = forms.BooleanField(label=_("Leave refused rows out"), required=False)

    def __init__(
        self, *args: Any, targets: Sequence[tuple[str, Any]], mappings: Sequence[SavedMapping], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mappings = {mapping.public_id: mapping for mapping in mappings}
        for name, choices in (
            ("target", [(name, target.title) for name, target in targets]),
            ("mapping", [("", "–"), *((mapping.public_id, str(mapping)) for mapping in mappings)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """The kept assignment belongs to what is laid into the folder."""
        data = super().clean() or self.cleaned_data
        mapping = self.mappings.get(data.get("mapping") or "")
        if mapping is not None and mapping.target != data.get("target"):
            self.add_error("mapping", _("This assignment was saved for another kind of table."))
        return data


class WithdrawImportForm(RecordForm):
    """Why an import is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("Stands in the audit trail."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["reason"] = ""


class TakeForm(forms.Form):
    """Why a table with personal data is taken away."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Stands in the audit trail."))
