"""Forms about tables that fill houses of quality."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.agreements.changes.house_tables import HouseTable
from baton.agreements.forms.versions import WithReasonForm, reason_field
from baton.agreements.imports.houses import LARGEST, read_house
from baton.agreements.imports.kept_houses import kept, read_kept
from baton.agreements.models import House
from baton.core.forms import RecordForm
from baton.core.uploads import shown_name
from baton_analysis.errors import BatonError
from baton_analysis.readers.model import RowProblem


class HouseTableForm(RecordForm):
    """A house from a table, as it is exported; every cell that is wrong is named. ``kept`` carries the table that was
    read from one showing of the page to the next, so that what was looked at is what is entered."""

    file = forms.FileField(
        label=_("Table"), max_length=255, required=False,
        help_text=_("CSV or Excel, as a house is exported: needs in rows, characteristics from the sixth column on."),
    )  # fmt: skip
    kept = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    table: HouseTable
    title: str = ""
    """Name of the file."""

    def __init__(self, *args: Any, record: House, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        self.house = record

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "file" in self.errors:
            return data
        if not data.get("file"):
            self._take_kept(data.get("kept", ""))
            return data
        problems: Sequence[BatonError | RowProblem]
        self.title = shown_name(data["file"].name)
        try:
            self.table, problems = read_house(data["file"].read(LARGEST + 1))
        except BatonError as error:
            problems = [error]
        for problem in problems:
            self.add_error("file", problem.render(gettext))
        return data

    def _take_kept(self, text: str) -> None:
        found = read_kept(text, self.house) if text else None
        if found is None:
            self.add_error("file", gettext("A table was expected. There is none. Choose the file."))
        else:
            self.table, self.title = found

    def keep(self) -> None:
        """Let the page carry the table that was read."""
        self.data = {**dict(self.data.items()), self.add_prefix("kept"): kept(self.table, self.house, self.title)}


class WithdrawFillingForm(WithReasonForm):
    """Why a table is taken back."""

    reason = reason_field(_("Reason"), _("Stands in the history of the house."), required=True)
