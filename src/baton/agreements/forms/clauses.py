"""The form of a clause: it shows what its measure needs and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.agreements.forms.versions import reason_field
from baton.agreements.models import Clause
from baton.agreements.models.clauses import (
    ASPECTS,
    CLAUSE_KINDS,
    DIRECTIONS,
    MEASURED_BY,
    MEASURES,
    SAMPLINGS,
    SOURCES,
)
from baton.agreements.pages.words import unit_name
from baton.agreements.rules import (
    DIRECTIONS as DIRECTIONS_OF,
)
from baton.agreements.rules import (
    LARGEST_SAMPLE,
    LONGEST_BASELINE,
    NOTE_LENGTH,
    PER_CASE,
    TEXT_LENGTH,
    UNIT_LENGTH,
    UNITS,
    Aspect,
    ClauseKind,
    Direction,
    Measure,
    MeasuredBy,
    Sampling,
    Side,
    Source,
    Terms,
    aspects_of,
)
from baton.chain.forms.parties import day_field
from baton.core.forms import RecordForm

if TYPE_CHECKING:
    from baton.core.models import WorkCalendar

NOT_SAID = ("", _("Nobody has said"))
RESHAPE = "reshape"
"""Name of the button that asks for the fields of another measure."""
_LIMITS = ("lower", "upper")
_BASELINE = ("baseline_value", "baseline_weeks", "baseline_from", "baseline_until", "baseline_note", "trial_until")

PARTS = (
    (_("What is owed"), frozenset({"characteristic", "clause_kind", "aspect"})),
    (
        _("How you find out whether it is kept"),
        frozenset({"measure", "direction", "target", *_LIMITS, "unit", "attainment", "calendar"}),
    ),
    (
        _("Where the figures come from"),
        frozenset({"source", "source_note", "measured_by", "sampling", "sample_size", "sampling_note"}),
    ),
    (_("What is usual today"), frozenset(_BASELINE)),
    (_("How the one who is served feels it"), frozenset({"perception_item"})),
    (_("Why it is changed"), frozenset({"reason"})),
)
"""The parts of the form: title and fields."""
SIDE_BY_SIDE = frozenset({
    "clause_kind", "aspect", "direction", "target", *_LIMITS, "unit", "attainment", "source", "measured_by", "sampling",
    "sample_size", "baseline_value", "baseline_weeks", "baseline_from", "baseline_until",
})  # fmt: skip
"""Short fields, of which two stand in a row."""


class FigureField(forms.FloatField):
    """A figure as people write it: 24, not 24.0."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.NumberInput(attrs={"step": "any"}), **options)

    def prepare_value(self, value: Any) -> Any:
        return int(value) if isinstance(value, float) and value.is_integer() else value


def _choices(labels: Mapping[Any, Any], *, empty: bool = False) -> list[tuple[str, Any]]:
    known = [(value.value, label) for value, label in labels.items()]
    return [NOT_SAID, *known] if empty else known


def _note(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=NOTE_LENGTH)


class ClauseForm(RecordForm):
    """What a clause says. ``side`` is who owes it, ``measure`` the one whose fields are shown: that of the
    record where None, none where empty. ``calendars`` are those in force."""

    texts: ClassVar[Mapping[str, Any]] = {"characteristic": _("What is to be so"), "perception_item": _("Survey item")}
    optional_texts: ClassVar[frozenset[str]] = frozenset({"perception_item"})
    text_length: ClassVar[int] = TEXT_LENGTH
    headings = PARTS
    field_order = (
        "characteristic", "clause_kind", "aspect", "measure", "direction", "target", *_LIMITS, "unit", "attainment",
        "calendar", "source", "source_note", "measured_by", "sampling", "sample_size", "sampling_note", *_BASELINE,
        "perception_item", "reason",
    )  # fmt: skip

    clause_kind = forms.ChoiceField(
        label=_("Kind of clause"), choices=_choices(CLAUSE_KINDS), initial=ClauseKind.OUTCOME,
        help_text=_("What comes out, how it is done, or how people treat each other."),
    )  # fmt: skip
    aspect = forms.ChoiceField(label=_("Aspect of quality"), required=False)
    measure = forms.ChoiceField(
        label=_("Measure"), required=False, choices=_choices(MEASURES, empty=True),
        help_text=_("How you find out whether it is kept. A clause without a measure is red and cannot be signed."),
    )  # fmt: skip
    direction = forms.ChoiceField(label=_("Direction"), required=False)
    target = FigureField(label=_("Target"))
    lower = FigureField(label=_("Lower limit"), help_text=_("Empty: no limit on this side."))
    upper = FigureField(label=_("Upper limit"), help_text=_("Empty: no limit on this side."))
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    calendar = forms.ChoiceField(
        label=_("Calendar"), required=False, help_text=_("In whose business hours the time runs.")
    )
    attainment = FigureField(
        label=_("In how many of the cases, %"), help_text=_("95: in 95 of 100 cases. Empty: in all of them.")
    )
    source = forms.ChoiceField(
        label=_("Data source"), required=False, choices=_choices(SOURCES, empty=True),
        help_text=_("Where the figures come from. Without one the clause is red."),
    )  # fmt: skip
    source_note = _note(_("About the source"), _("Which log, list or form exactly."))
    measured_by = forms.ChoiceField(label=_("Measured by"), choices=_choices(MEASURED_BY), initial=MeasuredBy.SUPPLIER)
    sampling = forms.ChoiceField(label=_("Sampling"), choices=_choices(SAMPLINGS), initial=Sampling.ALL)
    sample_size = forms.IntegerField(
        label=_("Sample size"), required=False, min_value=1, max_value=LARGEST_SAMPLE,
        help_text=_("Cases looked at in a period; only for a sample."),
    )  # fmt: skip
    sampling_note = _note(_("How the sample is drawn"), _("Such as the first 20 of a week."))
    baseline_value = FigureField(label=_("Usual today"), help_text=_("What was measured before, in the same unit."))
    baseline_weeks = forms.IntegerField(
        label=_("Weeks measured"), required=False, min_value=1, max_value=LONGEST_BASELINE,
        help_text=_("With fewer than four the clause starts on trial, and cannot be breached meanwhile."),
    )  # fmt: skip
    baseline_from = day_field(_("Measured from"))
    baseline_until = day_field(_("Measured until"))
    baseline_note = _note(_("Where the figure comes from"), "")
    trial_until = day_field(_("On trial until"), _("Empty: 13 weeks from the first day, if nobody has measured."))
    reason = reason_field(_("Reason"), _("Why it is changed; stands in the history."))

    def __init__(
        self,
        *args: Any,
        side: Side,
        control: bool,
        calendars: Sequence[WorkCalendar] = (),
        measure: str | None = None,
        record: Clause | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, record=record, **kwargs)
        self.side = side
        if record is None:
            del self.fields["reason"]
        else:
            self.initial["reason"] = ""
        self.chosen = self._measure_of(measure, record)
        self._offer_calendars(calendars, record)
        self.initial["measure"] = self.chosen.value if self.chosen is not None else ""
        self._choose("aspect", {one: ASPECTS[one] for one in aspects_of(side, control=control)}, empty=True)
        # A page without scripts has a button for it.
        self.fields["measure"].widget.attrs |= {
            "hx-post": "", "hx-trigger": "change", "hx-vals": f'{{"{RESHAPE}": "yes"}}', "hx-target": "#clause-form",
            "hx-select": "#clause-form", "hx-swap": "outerHTML",
        }  # fmt: skip
        self._keep_what_is_needed()

    def _measure_of(self, measure: str | None, record: Clause | None) -> Measure | None:
        if self.is_bound:
            said = self.data.get(self.add_prefix("measure"), "")
        else:
            said = record.measure if measure is None and record is not None else measure or ""
        return Measure(said) if said in set(Measure) else None

    def _offer_calendars(self, calendars: Sequence[WorkCalendar], record: Clause | None) -> None:
        """The calendars that are not the organisation's own; that of the record also where it has ended."""
        named = {one.public_id: str(one) for one in calendars if not one.is_default}
        if record is not None and record.calendar is not None:
            named.setdefault(record.calendar.public_id, str(record.calendar))
        if not named:
            self._leave_out("calendar")
            return
        field = self.fields["calendar"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The organisation’s own")), *named.items()]

    def _keep_what_is_needed(self) -> None:
        measure = self.chosen
        if measure is None:
            self._leave_out("direction", "target", *_LIMITS, "unit", "attainment", "calendar", *_BASELINE)
            return
        if measure is Measure.VALUE:
            self._leave_out("direction")
            self.fields["unit"] = forms.CharField(
                label=_("Unit"), required=False, max_length=UNIT_LENGTH, help_text=_("Such as °C or mm.")
            )
        else:
            self._leave_out(*_LIMITS)
            self._choose("direction", {one: DIRECTIONS[one] for one in DIRECTIONS_OF[measure]})
            self._choose_unit(UNITS[measure])
        if measure is not Measure.TIME:
            self._leave_out("calendar")
        if measure not in PER_CASE:
            self._leave_out("attainment")
        if len(DIRECTIONS_OF[measure]) == 1:
            self._leave_out("direction")
        if len(UNITS[measure]) == 1:
            self._leave_out("unit")

    def _choose_unit(self, codes: Sequence[str]) -> None:
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, unit_name(code)) for code in codes]
        if self.initial.get("unit") not in codes:
            self.initial["unit"] = codes[0]

    def _leave_out(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)

    def _choose(self, name: str, labels: Mapping[Any, Any], *, empty: bool = False) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _choices(labels, empty=empty)

    def with_widths(self) -> list[dict[str, Any]]:
        """The fields in the parts of the page: ``title``, and ``fields`` as (field, whether two stand side by side)."""
        return [
            {"title": title, "fields": [(bound, bound.name in SIDE_BY_SIDE) for bound in fields]}
            for title, fields in self.under_headings()
        ]

    def terms(self) -> Terms:
        """What the clause says, as :mod:`baton.agreements.changes` takes it."""
        data = self.cleaned_data
        measure = self.chosen
        only_unit = UNITS[measure][0] if measure is not None and len(UNITS[measure]) == 1 else ""
        sampling = Sampling(data["sampling"])
        figures = ("target", *_LIMITS, "attainment", "baseline_value", "baseline_weeks")
        days = ("baseline_from", "baseline_until", "trial_until")
        figures_and_days: dict[str, Any] = {name: data.get(name) for name in (*figures, *days)}
        return Terms(
            owed_by=self.side,
            characteristic=data["characteristic"],
            perception_item=data["perception_item"],
            clause_kind=ClauseKind(data["clause_kind"]),
            aspect=Aspect(data["aspect"]) if data.get("aspect") else None,
            measure=measure,
            unit=data.get("unit") or only_unit,
            direction=Direction(data["direction"]) if data.get("direction") else None,
            source_note=data["source_note"],
            sampling_note=data["sampling_note"],
            source=Source(data["source"]) if data.get("source") else None,
            sampling=sampling,
            sample_size=data.get("sample_size") if sampling is Sampling.SAMPLE else None,
            measured_by=MeasuredBy(data["measured_by"]),
            calendar=data.get("calendar", ""),
            baseline_note=data.get("baseline_note", ""),
            **figures_and_days,
        )

    def given(self) -> dict[str, Any]:
        """What :func:`baton.agreements.changes.add_clause` or ``change_clause`` takes."""
        said: dict[str, Any] = {"terms": self.terms()}
        if "reason" in self.fields:
            said |= {"reason": self.cleaned_data["reason"], "expected_seq": self.version}
        return said
