"""Fields for moments and quantities as people on the floor enter them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baton.core.attachments.keeping import MOST_FILES
from baton.core.file_fields import FilesField, FilesInput
from baton.core.uploads import DEFAULT_LIMIT
from baton.handoffs.rules import plain
from baton_analysis.readers.cells import CellProblem, parse_decimal, parse_moment


class MomentField(forms.CharField):
    """A day and time in the zone of the organisation, from the browser's own control or typed with an offset. Refused
    with a message: a day that does not exist, a time over which the clocks were put forward."""

    def __init__(self, *, label: Any, help_text: Any = "", required: bool = False) -> None:
        super().__init__(
            label=label, help_text=help_text, required=required,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        """The moment in UTC; None where nothing was entered."""
        text = super().to_python(value)
        found = parse_moment(text or None, zone=settings.TIME_ZONE)
        if isinstance(found, CellProblem):
            raise ValidationError(found.render(gettext))
        return found

    def prepare_value(self, value: Any) -> Any:
        """As the control of the browser shows it."""
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%dT%H:%M")
        return value


class AmountField(forms.CharField):
    """A number as people write it, with a decimal point or comma where only one reading is possible."""

    def __init__(self, *, label: Any, help_text: Any = "", required: bool = False, unit: str = "") -> None:
        super().__init__(
            label=label, help_text=help_text, required=required,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )  # fmt: skip
        self.unit = unit

    def to_python(self, value: Any) -> Any:
        """The number exactly as written; None where nothing was entered."""
        text = super().to_python(value)
        found = parse_decimal(text or None)
        if isinstance(found, CellProblem):
            raise ValidationError(found.render(gettext))
        return found

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value


def photos_field(*, camera: bool = True, required: bool = False) -> FilesField:
    """Photos that show how it was; with ``camera`` a phone takes one at once instead of asking for a file."""
    attributes = {"accept": "image/*", "capture": "environment"} if camera else {"accept": "image/*"}
    said = _(
        "JPEG, PNG or WebP: at most {files} of {limit} MiB each. Where a photo was taken is removed from it. Show no"
        " faces and no names of patients."
    )
    return FilesField(
        label=_("Photos"), required=required, allow_empty_file=True, widget=FilesInput(attrs=attributes),
        help_text=format_lazy(said, files=MOST_FILES, limit=DEFAULT_LIMIT // 1024**2),
    )  # fmt: skip


def happened_at_field(label: Any = "") -> MomentField:
    """When something happened; left empty it is now."""
    return MomentField(label=label or _("When"), help_text=_("Empty: now."))
