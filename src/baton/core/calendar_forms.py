"""Forms of calendars: hours of the week, and the sources of holidays and make-up days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from baton.core.calendars.countries import COUNTRIES, MOST_YEARS, country_days, country_name
from baton.core.calendars.days import FIRST_YEAR, LAST_YEAR, DaysRead, SpecialDay
from baton.core.calendars.hours import Week, read_openings, write_openings
from baton.core.calendars.ics import MOST_BYTES, read_ics
from baton.core.calendars.pasting import read_pasted, write_pasted
from baton.core.days import zones
from baton.core.errors import Refused, explain
from baton.core.forms import RecordForm, text_field
from baton.core.models import WorkCalendar
from baton.core.models.calendars import WEEKDAY_NAMES
from baton.core.widgets import LongSelect
from baton_analysis.readers.cells import CellProblem, parse_moment

WORKING_WEEK = ("mon", "tue", "wed", "thu", "fri")
PATTERNS: Mapping[str, tuple[Any, Week]] = {
    "office": (_("Office hours"), {day: [["09:00", "12:00"], ["13:00", "17:30"]] for day in WORKING_WEEK}),
    "shifts": (_("Two shifts"), {day: [["06:00", "14:00"], ["14:00", "22:00"]] for day in (*WORKING_WEEK, "sat")}),
    "nights": (_("Night shift"), {day: [["22:00", "06:00"]] for day in WORKING_WEEK}),
    "always": (_("Round the clock"), {day: [["00:00", "24:00"]] for day in WEEKDAY_NAMES}),
}
"""Weeks with which a new calendar may begin."""
PASTE_LENGTH = 1024**2
_DAY_LIST = 400_000


class CalendarForm(RecordForm):
    """Name, zone, and the hours of each weekday in a line of text."""

    texts = {"name": _("Name")}
    field_order = ("name", "zone", *(f"hours_{day}" for day in WEEKDAY_NAMES), "edition")

    zone = forms.ChoiceField(
        label=_("Time zone"), widget=LongSelect, initial=lazystr(settings.TIME_ZONE),
        help_text=_("The hours are those of the clock there, in summer and in winter."),
    )  # fmt: skip
    edition = forms.CharField(
        label=_("Edition"), required=False, max_length=60,
        help_text=_("What you call this state of it, such as: 2026, second notice."),
    )  # fmt: skip

    def __init__(self, *args: Any, record: WorkCalendar | None = None, pattern: str = "", **kwargs: Any) -> None:
        """``pattern`` names the week with which a new calendar begins."""
        super().__init__(*args, record=record, **kwargs)
        self.fields["zone"].choices = zones()  # type: ignore[attr-defined]
        week = record.hours if record is not None else PATTERNS.get(pattern, (None, {}))[1]
        for day, label in WEEKDAY_NAMES.items():
            self.fields[f"hours_{day}"] = forms.CharField(
                label=label, required=False, max_length=200,
                initial=write_openings(week.get(day, ())),
                widget=forms.TextInput(attrs={"placeholder": _("closed"), "autocomplete": "off", "inputmode": "text"}),
            )  # fmt: skip
        self.order_fields(self._in_order())

    def clean(self) -> dict[str, Any]:
        """The hours put together; what is no span of time stands beside its day."""
        data = super().clean()
        data["hours"] = {}
        for day in WEEKDAY_NAMES:
            try:
                data["hours"][day] = read_openings(data.get(f"hours_{day}") or "", day)
            except Refused as refused:
                self.add_error(refused.field, explain(refused))
        return data

    def name_fields(self) -> list[forms.BoundField]:
        """The inputs of the name."""
        return [self[text_field("name", code)] for code, _label in settings.LANGUAGES]

    def hour_fields(self) -> list[forms.BoundField]:
        """The inputs of the week."""
        return [self[f"hours_{day}"] for day in WEEKDAY_NAMES]

    def given(self) -> dict[str, Any]:
        """What add_calendar and change_calendar of :mod:`baton.core.changes` take."""
        return {name: self.cleaned_data[name] for name in ("name", "zone", "hours", "edition")}

    def _shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        week = values.get("hours", {})
        hours = {f"hours_{day}": write_openings(week.get(day, ())) for day in WEEKDAY_NAMES}
        return {**super()._shown(values), **(hours if "hours" in values else {})}


class SourceForm(forms.Form):
    """Something from which days are read; the days are shown before anything is saved."""

    replace = forms.BooleanField(
        label=_("Take out what else stands in these years"), required=False,
        help_text=_("For a new notice that takes the place of an old one."),
    )  # fmt: skip

    def read(self, calendar: WorkCalendar, at: datetime) -> DaysRead | None:
        """The days; None where the source is refused as a whole: then the form says why."""
        try:
            return self._read(calendar, at)
        except Refused as refused:
            self.add_error(refused.field if refused.field in self.fields else None, explain(refused))
            return None

    def _read(self, calendar: WorkCalendar, at: datetime) -> DaysRead:
        raise NotImplementedError


PASTED = _("2026-10-01 holiday National Day\n2026-10-10 works like monday")
"""An example of lines that are understood, in the reader's language."""


class PasteForm(SourceForm):
    """Lines that were copied from a spreadsheet or a notice."""

    field_order = ("text", "replace")

    text = forms.CharField(
        label=_("Days, one a line"), max_length=PASTE_LENGTH, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "placeholder": PASTED}),
        help_text=_("A day or two days with “to” between them; then holiday, or works like monday; then its name."),
    )  # fmt: skip

    def _read(self, calendar: WorkCalendar, at: datetime) -> DaysRead:
        return read_pasted(self.cleaned_data["text"], calendar.hours)


class CountryForm(SourceForm):
    """Public holidays of a country."""

    field_order = ("country", "subdivision", "first", "last", "replace")

    country = forms.ChoiceField(label=_("Country"))
    subdivision = forms.CharField(
        label=_("Part of the country"), required=False, max_length=10,
        help_text=_("Its code, such as BY for Bavaria; empty: what holds everywhere."),
    )  # fmt: skip
    first = forms.IntegerField(label=_("From year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    last = forms.IntegerField(
        label=_("To year"), min_value=FIRST_YEAR, max_value=LAST_YEAR,
        help_text=_("Ten years at most. Make-up days are known for China, in the years whose notice is out."),
    )  # fmt: skip

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or settings.LANGUAGE_CODE
        self.fields["country"].choices = [(code, country_name(code, language)) for code in COUNTRIES]  # type: ignore[attr-defined]
        self.fields["first"].initial, self.fields["last"].initial = year, min(year + 1, year + MOST_YEARS)

    def _read(self, calendar: WorkCalendar, at: datetime) -> DaysRead:
        data = self.cleaned_data
        return country_days(
            data["country"], data["subdivision"].strip().upper(), data["first"], data["last"], calendar.hours,
            get_language() or settings.LANGUAGE_CODE,
        )  # fmt: skip


class FileForm(SourceForm):
    """A calendar file, as other programs export it."""

    field_order = ("file", "replace")

    file = forms.FileField(
        label=_("Calendar file"), max_length=255, allow_empty_file=True,
        help_text=_("iCalendar (.ics): events that last whole days, each once or every year on its day."),
    )  # fmt: skip

    def _read(self, calendar: WorkCalendar, at: datetime) -> DaysRead:
        return read_ics(self.cleaned_data["file"].read(MOST_BYTES + 1), calendar.hours, year=at.year)


class DaysForm(RecordForm):
    """What was shown and is now to be saved: days that come, as lines, and days that go."""

    days = forms.CharField(required=False, max_length=_DAY_LIST * 2, strip=False, widget=forms.HiddenInput)
    out = forms.CharField(required=False, max_length=_DAY_LIST, widget=forms.HiddenInput)

    @classmethod
    def offering(cls, calendar: WorkCalendar, days: Sequence[SpecialDay], out: Iterable[date]) -> DaysForm:
        """The form with which these days are saved."""
        told = {"days": write_pasted(days), "out": " ".join(day.isoformat() for day in out)}
        return cls(record=calendar, initial=told)

    def given(self, calendar: WorkCalendar) -> dict[str, Any]:
        """What :func:`baton.core.changes.set_days` takes."""
        read = read_pasted(self.cleaned_data["days"], calendar.hours)
        return {"days": read.days, "out": _days_in(self.cleaned_data["out"])}


class TakeOutForm(RecordForm):
    """Days of a calendar that are taken out."""

    day = forms.MultipleChoiceField(
        error_messages={"required": _("Choose at least one day.")}, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, days: Iterable[SpecialDay], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].choices = [(one.day.isoformat(), one.day.isoformat()) for one in days]  # type: ignore[attr-defined]

    def out(self) -> list[date]:
        """The days that go."""
        return [date.fromisoformat(day) for day in self.cleaned_data["day"]]


class CounterForm(forms.Form):
    """From when until when, or how much from when on: the questions of the calculator."""

    begin = forms.CharField(label=_("From"), max_length=40)
    end = forms.CharField(label=_("Until"), max_length=40, required=False)
    amount = forms.FloatField(label=_("Or: due after"), required=False, min_value=0, max_value=1_000_000)
    unit = forms.ChoiceField(
        label=_("Unit"), required=False, initial="h",
        choices=[("min", _("minutes")), ("h", _("hours")), ("working_d", _("working days"))],
    )  # fmt: skip

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        for name in ("begin", "end"):
            self.fields[name].widget = forms.DateTimeInput(attrs={"type": "datetime-local"})

    def clean(self) -> dict[str, Any]:
        """Moments of the calendar's zone."""
        data = super().clean() or self.cleaned_data
        for name in ("begin", "end"):
            if data.get(name):
                data[name] = self._moment(name, data[name])
        return data

    def _moment(self, name: str, text: str) -> datetime | None:
        found = parse_moment(text, zone=self.zone)
        if isinstance(found, CellProblem):
            self.add_error(name, found.render(gettext))
            return None
        return found


def _days_in(text: str) -> list[date]:
    return [date.fromisoformat(day) for day in text.split() if len(day) == 10]
