"""Clauses: what one side owes the other, and how it is found out whether it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.agreements import SIDES, AgreementVersion
from baton.agreements.models.labels import POSITION
from baton.agreements.models.offers import OfferVersion
from baton.agreements.rules import (
    LINE_LENGTH,
    NOTE_LENGTH,
    PER_CASE,
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
)
from baton.core.models.records import Batched
from baton.core.texts import TextsField, say

CLAUSE_KINDS = {
    ClauseKind.OUTCOME: _("Outcome"),
    ClauseKind.PROCESS: _("Process"),
    ClauseKind.BEHAVIOUR: _("Behaviour"),
}
ASPECTS = {
    Aspect.RELIABILITY: _("Reliability"),
    Aspect.ASSURANCE: _("Assurance"),
    Aspect.TANGIBLES: _("Tangibles"),
    Aspect.EMPATHY: _("Empathy"),
    Aspect.RESPONSIVENESS: _("Responsiveness"),
    Aspect.CLARITY: _("Clarity"),
    Aspect.SPEED: _("Speed"),
    Aspect.EVEN_HANDEDNESS: _("Even-handedness"),
}
MEASURES = {
    Measure.TIME: _("Elapsed business time"),
    Measure.SHARE: _("Share of cases"),
    Measure.DEFECTS: _("Defects per unit"),
    Measure.VALUE: _("Measured value"),
    Measure.COUNT: _("Count per period"),
    Measure.RATING: _("Rating"),
}
DIRECTIONS = {
    Direction.AT_LEAST: _("At least"),
    Direction.AT_MOST: _("At most"),
    Direction.BETWEEN: _("Between the limits"),
}
SOURCES = {
    Source.HANDOFFS: _("Handoffs in Baton"),
    Source.IMPORT: _("Imported table"),
    Source.EVENT_LOG: _("Event log"),
    Source.SURVEY: _("Survey"),
    Source.INSPECTION: pgettext_lazy("source of data", "Inspection"),
    Source.COUNT_BY_HAND: _("Count by hand"),
    Source.OTHER: pgettext_lazy("source of data", "Other"),
}
SAMPLINGS = {Sampling.ALL: _("All cases"), Sampling.SAMPLE: _("A sample")}
MEASURED_BY = {
    MeasuredBy.SUPPLIER: _("The supplier"),
    MeasuredBy.CUSTOMER: _("The customer"),
    MeasuredBy.BOTH: _("Both together"),
    MeasuredBy.THIRD: _("A third party"),
}


def _choice(name: Any, labels: Mapping[Any, Any], help_text: Any, **options: Any) -> models.CharField[str, str]:
    length = max(len(value.value) for value in labels)
    choices = [(value.value, label) for value, label in labels.items()]
    return models.CharField(name, max_length=length, choices=choices, help_text=help_text, **options)


def _number(name: Any, help_text: Any) -> models.FloatField[float | None, float | None]:
    return models.FloatField(name, null=True, blank=True, help_text=help_text)


_FITTING = Q(unit="") | Q(measure=Measure.VALUE)
for _measure, _units in UNITS.items():
    if _units:
        _FITTING |= Q(measure=_measure, unit__in=_units)


class Clause(Batched):
    """One thing that one side owes the other, in a version of an agreement or of a service offer.

    ``line`` is the same through all versions, by which they are compared. A clause of an agreement that accepts an
    offer and ``deviates_from`` a line of it replaces that clause there, or leaves it out where it is ``dropped``.
    Nothing is deleted: a clause that is taken out of a draft stays there, ``dropped``.
    """

    kind = "clause"
    units: ClassVar[dict[str, str]] = {
        "position": "1", "target": "as unit says", "lower": "as unit says", "upper": "as unit says",
        "attainment": "%", "sample_size": "1", "baseline_value": "as unit says", "baseline_weeks": "week",
    }  # fmt: skip

    agreement_version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="clauses",
        verbose_name=_("version of the agreement"), help_text=_("In which it stands; empty: in one of an offer."),
    )  # fmt: skip
    offer_version = models.ForeignKey(
        OfferVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="clauses",
        verbose_name=_("version of the service offer"),
        help_text=_("In which it stands; empty: in one of an agreement."),
    )  # fmt: skip
    line = models.CharField(
        _("line"), max_length=LINE_LENGTH, editable=False, help_text=_("Id under which it goes through all versions.")
    )
    position = models.PositiveSmallIntegerField(POSITION, help_text=_("Its place, 1 for the first."))
    owed_by = _choice(_("owed by"), SIDES, _("Supplier: a promise. Customer: a duty."))
    clause_kind = _choice(
        _("kind of clause"), CLAUSE_KINDS, _("What comes out, how it is done, or how people treat each other."),
        default=ClauseKind.OUTCOME,
    )  # fmt: skip
    characteristic = TextsField(
        _("characteristic"), help_text=_("What is to be so, by language: clean linen is on the ward in time.")
    )
    aspect = _choice(
        _("aspect of quality"), ASPECTS, _("RATER; for audits and inspections clarity, speed and even-handedness."),
        blank=True,
    )  # fmt: skip
    measure = _choice(
        _("measure"), MEASURES, _("How it is found out whether it is kept; empty: nobody has said."), blank=True
    )
    unit = models.CharField(_("unit"), max_length=UNIT_LENGTH, blank=True, help_text=_("Unit of target and limits."))
    direction = _choice(_("direction"), DIRECTIONS, _("On which side of the target it is kept."), blank=True)
    target = _number(_("target"), _("What is to be reached, in the unit; of a measured value what is aimed at."))
    lower = _number(_("lower limit"), _("A measured value below it breaks the clause; empty: no limit."))
    upper = _number(_("upper limit"), _("A measured value above it breaks the clause; empty: no limit."))
    attainment = _number(_("attainment"), _("Share of the cases in which the target is to be met."))
    calendar = models.ForeignKey(
        "core.WorkCalendar", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("calendar"),
        help_text=_("In whose hours business time runs; empty: in those of the organisation’s calendar."),
    )  # fmt: skip
    source = _choice(_("data source"), SOURCES, _("Where the data come from; empty: nobody has said."), blank=True)
    source_note = models.CharField(
        _("about the source"), max_length=NOTE_LENGTH, blank=True, help_text=_("Which log, list or form exactly.")
    )
    sampling = _choice(_("sampling"), SAMPLINGS, _("Whether all cases are measured or a sample."), default=Sampling.ALL)
    sample_size = models.PositiveIntegerField(
        _("sample size"), null=True, blank=True, help_text=_("How many cases of a period are looked at.")
    )
    sampling_note = models.CharField(
        _("how the sample is drawn"), max_length=NOTE_LENGTH, blank=True, help_text=_("Such as the first 20 of a week.")
    )
    measured_by = _choice(_("measured by"), MEASURED_BY, _("Who measures it."), default=MeasuredBy.SUPPLIER)
    perception_item = TextsField(
        _("perception item"), blank=True,
        help_text=_("What the one who is served is asked in surveys, by language; empty: nothing."),
    )  # fmt: skip
    baseline_value = _number(_("baseline"), _("What was usual before, in the unit; empty: nobody has measured."))
    baseline_weeks = models.PositiveSmallIntegerField(
        _("weeks of the baseline"), null=True, blank=True,
        help_text=_("In how many weeks it was measured; fewer than four: the clause starts on trial."),
    )  # fmt: skip
    baseline_from = models.DateField(
        _("baseline from"), null=True, blank=True, help_text=_("First day on which it was measured.")
    )
    baseline_until = models.DateField(
        _("baseline until"), null=True, blank=True, help_text=_("Last day on which it was measured.")
    )
    baseline_note = models.CharField(
        _("about the baseline"), max_length=NOTE_LENGTH, blank=True, help_text=_("Where the figure comes from.")
    )
    trial_until = models.DateField(
        _("on trial until"), null=True, blank=True,
        help_text=_("Last day on which it is tried out and cannot be breached; empty: no trial."),
    )  # fmt: skip
    example = models.BooleanField(
        _("example"), default=False, help_text=_("Whether it is a starting value that nobody has agreed to yet.")
    )
    deviates_from = models.CharField(
        _("deviates from"), max_length=LINE_LENGTH, blank=True, editable=False,
        help_text=_("Line of the offer’s clause that it replaces; empty: none."),
    )  # fmt: skip
    dropped = models.BooleanField(
        _("left out"), default=False,
        help_text=_("Whether it is left out: taken out of the draft, or the offer’s clause that does not hold here."),
    )  # fmt: skip

    class Meta(Batched.Meta):
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = (
            models.CheckConstraint(
                condition=Q(agreement_version__isnull=True, offer_version__isnull=False)
                | Q(agreement_version__isnull=False, offer_version__isnull=True),
                name="agreements_clause_in_one_version",
            ),
            models.UniqueConstraint(fields=["agreement_version", "line"], name="agreements_line_once"),
            models.UniqueConstraint(fields=["offer_version", "line"], name="agreements_offered_line_once"),
            models.UniqueConstraint(
                fields=["agreement_version", "deviates_from"], condition=~Q(deviates_from=""),
                name="agreements_one_deviation_a_line",
            ),
            models.CheckConstraint(
                condition=Q(deviates_from="") | Q(offer_version__isnull=True), name="agreements_deviation_of_a_link"
            ),
            models.CheckConstraint(condition=_FITTING, name="agreements_unit_fits_measure"),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | ~Q(measure=""), name="agreements_target_has_a_measure"
            ),
            models.CheckConstraint(
                condition=Q(attainment__isnull=True)
                | Q(attainment__gt=0, attainment__lte=100, measure__in=sorted(PER_CASE)),
                name="agreements_attainment_up_to_100",
            ),
            models.CheckConstraint(
                condition=~Q(measure=Measure.SHARE) | Q(target__isnull=True) | Q(target__gte=0, target__lte=100),
                name="agreements_share_up_to_100",
            ),
            models.CheckConstraint(
                condition=Q(lower__isnull=True, upper__isnull=True) | Q(measure=Measure.VALUE),
                name="agreements_limits_of_values",
            ),
            models.CheckConstraint(
                condition=Q(calendar__isnull=True) | Q(measure=Measure.TIME), name="agreements_calendar_of_time"
            ),
            models.CheckConstraint(
                condition=Q(lower__isnull=True) | Q(upper__isnull=True) | Q(upper__gt=F("lower")),
                name="agreements_upper_above_lower",
            ),
            models.CheckConstraint(
                condition=(Q(target__isnull=True) | Q(lower__isnull=True) | Q(target__gte=F("lower")))
                & (Q(target__isnull=True) | Q(upper__isnull=True) | Q(target__lte=F("upper"))),
                name="agreements_target_within_limits",
            ),
            models.CheckConstraint(
                condition=Q(sampling=Sampling.SAMPLE, sample_size__gte=1)
                | Q(sampling=Sampling.ALL, sample_size__isnull=True),
                name="agreements_sample_has_a_size",
            ),
            models.CheckConstraint(
                condition=Q(baseline_value__isnull=True, baseline_weeks__isnull=True)
                | Q(baseline_value__isnull=False, baseline_weeks__gte=1),
                name="agreements_baseline_was_measured",
            ),
            models.CheckConstraint(
                condition=Q(baseline_from__isnull=True)
                | Q(baseline_until__isnull=True)
                | Q(baseline_until__gte=F("baseline_from")),
                name="agreements_baseline_ends_after_it_began",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return say(self.characteristic)

    @property
    def terms(self) -> Terms:
        """What it says, as :mod:`baton.agreements.rules` reads it."""
        return Terms(
            owed_by=Side(self.owed_by), clause_kind=ClauseKind(self.clause_kind), characteristic=self.characteristic,
            aspect=Aspect(self.aspect) if self.aspect else None,
            measure=Measure(self.measure) if self.measure else None,
            unit=self.unit, direction=Direction(self.direction) if self.direction else None,
            target=self.target, lower=self.lower, upper=self.upper, attainment=self.attainment,
            calendar=self.calendar.public_id if self.calendar is not None else "",
            source=Source(self.source) if self.source else None, source_note=self.source_note,
            sampling=Sampling(self.sampling), sample_size=self.sample_size, sampling_note=self.sampling_note,
            measured_by=MeasuredBy(self.measured_by), perception_item=self.perception_item,
            baseline_value=self.baseline_value, baseline_weeks=self.baseline_weeks,
            baseline_from=self.baseline_from, baseline_until=self.baseline_until, baseline_note=self.baseline_note,
            trial_until=self.trial_until,
        )  # fmt: skip
