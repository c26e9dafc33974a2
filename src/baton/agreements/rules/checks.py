"""What is wrong with a clause, and what it lacks. Pure Python.

Wrong is what contradicts itself: it is refused at every door. Lacking is what nobody has said yet: such a clause may be
written and talked about; it is red and cannot be agreed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from baton.agreements.rules.clauses import PER_CASE, Measure, Sampling, Source, Terms, aspects_of
from baton.agreements.rules.units import DIRECTIONS, UNIT_LENGTH, UNITS, bounds, direction_of, fits
from baton_analysis.errors import gettext_noop

ALL_CASES = 100.0
"""Attainment, in percent, where nobody has said that fewer cases will do."""


LARGEST_SAMPLE = 1_000_000
"""Most cases of a sample."""

LONGEST_BASELINE = 520
"""Most weeks of a baseline: ten years."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a clause is refused: which field, and the message as templates with their values."""

    field: str
    expected: str
    remedy: str
    found: str = ""
    values: dict[str, Any] = dataclasses.field(default_factory=dict)


def settled(terms: Terms) -> Terms:
    """The terms with what follows from them: the direction of a measured value from its limits, the only direction that
    a measure has, an attainment of all cases where there is none."""
    if terms.measure is None:
        return terms
    direction = terms.direction
    if terms.measure is Measure.VALUE:
        direction = direction_of(terms.lower, terms.upper)
    elif direction is None and len(DIRECTIONS[terms.measure]) == 1:
        direction = DIRECTIONS[terms.measure][0]
    attainment = terms.attainment
    if attainment is None and terms.measure in PER_CASE:
        attainment = ALL_CASES
    return replace(terms, direction=direction, attainment=attainment)


def missing(terms: Terms) -> tuple[str, ...]:
    """The fields without which the clause cannot be agreed, in the order of the form: ``measure``, ``unit``,
    ``direction``, ``target``, ``source``. A measured value has a lower or an upper limit as its target."""
    settled_terms = settled(terms)
    is_value = settled_terms.measure is Measure.VALUE
    has_target = settled_terms.direction is not None if is_value else settled_terms.target is not None
    lacks = {
        "measure": settled_terms.measure is None,
        "unit": not settled_terms.unit,
        "direction": settled_terms.direction is None and not is_value,
        "target": not has_target,
        "source": settled_terms.source is None or (settled_terms.source is Source.OTHER and not terms.source_note),
    }
    return tuple(name for name, lacking in lacks.items() if lacking)


def faults(terms: Terms, *, control: bool = False) -> list[Fault]:
    """All that contradicts itself in :func:`settled` terms, in the order of the form; none where they are well.
    ``control``: the link hands over a control output."""
    checks: tuple[Callable[[Terms], Iterator[Fault]], ...] = (
        _of_unit, _of_calendar, _of_direction, _of_numbers, _of_limits, _of_attainment, _of_sampling, _of_baseline,
    )  # fmt: skip
    return [*_of_aspect(terms, control), *(fault for check in checks for fault in check(terms))]


def _of_aspect(terms: Terms, control: bool) -> Iterator[Fault]:
    allowed = aspects_of(terms.owed_by, control=control)
    if terms.aspect is not None and terms.aspect not in allowed:
        yield Fault(
            "aspect",
            gettext_noop("Expected one of these: {choices}."),
            gettext_noop("A control output is judged by clarity, speed and even-handedness, everything else by RATER."),
            gettext_noop("Found {value}."),
            {"choices": ", ".join(allowed), "value": terms.aspect},
        )


def _of_unit(terms: Terms) -> Iterator[Fault]:
    if not terms.unit:
        return
    if terms.measure is None:
        yield Fault(
            "measure",
            gettext_noop("Expected a measure: how it is found out whether the clause is kept."),
            gettext_noop("Choose a measure, or leave out the unit."),
            gettext_noop("Found the unit {unit} without a measure."),
            {"unit": terms.unit},
        )
    elif terms.measure is Measure.VALUE and not fits(terms.measure, terms.unit):
        yield Fault(
            "unit",
            gettext_noop("Expected a unit of 1 to {most} characters, such as °C or mm."),
            gettext_noop("Shorten it."),
            gettext_noop("Found {length} characters."),
            {"most": UNIT_LENGTH, "length": len(terms.unit)},
        )
    elif not fits(terms.measure, terms.unit):
        yield Fault(
            "unit",
            gettext_noop("Expected a unit that fits the measure: {units}."),
            gettext_noop("Choose one of these, or another measure."),
            gettext_noop("Found {unit}."),
            {"units": ", ".join(UNITS[terms.measure]), "unit": terms.unit},
        )


def _of_calendar(terms: Terms) -> Iterator[Fault]:
    if terms.calendar and terms.measure is not Measure.TIME:
        yield Fault(
            "calendar",
            gettext_noop("Expected a calendar for elapsed business time only."),
            gettext_noop("Leave the calendar empty, or choose elapsed business time."),
        )


def _of_direction(terms: Terms) -> Iterator[Fault]:
    if terms.measure is None or terms.direction is None or terms.direction in DIRECTIONS[terms.measure]:
        return
    yield Fault(
        "direction",
        gettext_noop("Expected a direction that fits the measure: {directions}."),
        gettext_noop("Choose one of these, or another measure."),
        gettext_noop("Found {direction}."),
        {"directions": ", ".join(DIRECTIONS[terms.measure]), "direction": terms.direction},
    )


def _of_numbers(terms: Terms) -> Iterator[Fault]:
    for name in ("target", "lower", "upper", "baseline_value"):
        value = getattr(terms, name)
        if value is None:
            continue
        if terms.measure is None:
            if name == "target":
                yield Fault(
                    "measure",
                    gettext_noop("Expected a measure: how it is found out whether the clause is kept."),
                    gettext_noop("Choose a measure, or leave out the target."),
                )
            continue
        least, most = bounds(terms.measure, terms.unit)
        if not isfinite(value) or not least <= value <= most:
            yield Fault(
                name,
                gettext_noop("Expected a number from {least} to {most}."),
                gettext_noop("Correct it, or choose another unit."),
                gettext_noop("Found {value}."),
                {"least": f"{least:g}", "most": f"{most:g}", "value": f"{value:g}"},
            )


def _of_limits(terms: Terms) -> Iterator[Fault]:
    lower, upper, target = terms.lower, terms.upper, terms.target
    if terms.measure is not Measure.VALUE:
        if lower is not None or upper is not None:
            yield Fault(
                "lower" if lower is not None else "upper",
                gettext_noop("Expected limits for measured values only."),
                gettext_noop("Leave the limits empty, or choose measured value."),
            )
        return
    if lower is not None and upper is not None and lower >= upper:
        yield Fault(
            "upper",
            gettext_noop("Expected an upper limit above the lower one, {lower}."),
            gettext_noop("Correct one of them."),
            gettext_noop("Found {upper}."),
            {"lower": f"{lower:g}", "upper": f"{upper:g}"},
        )
    elif target is not None and ((lower is not None and target < lower) or (upper is not None and target > upper)):
        yield Fault(
            "target",
            gettext_noop("Expected a target within its limits, {lower} to {upper}."),
            gettext_noop("Correct the target or the limits."),
            gettext_noop("Found {target}."),
            {
                "lower": "-∞" if lower is None else f"{lower:g}",
                "upper": "∞" if upper is None else f"{upper:g}",
                "target": f"{target:g}",
            },
        )


def _of_attainment(terms: Terms) -> Iterator[Fault]:
    share = terms.attainment
    if share is None:
        return
    if terms.measure not in PER_CASE:
        yield Fault(
            "attainment",
            gettext_noop("Expected an attainment for time and measured values only, which every case has."),
            gettext_noop("Leave it empty: the target itself says how much is enough."),
        )
    elif not 0 < share <= ALL_CASES:  # also what is not a number
        yield Fault(
            "attainment",
            gettext_noop("Expected a share of the cases above 0 and up to 100 %."),
            gettext_noop("Give the share of cases in which the target is to be met."),
            gettext_noop("Found {value} %."),
            {"value": f"{share:g}"},
        )


def _of_sampling(terms: Terms) -> Iterator[Fault]:
    if terms.sampling is Sampling.SAMPLE and not 0 < (terms.sample_size or 0) <= LARGEST_SAMPLE:
        yield Fault(
            "sample_size",
            gettext_noop("Expected how many cases are looked at in a period, from 1 to {most}."),
            gettext_noop("Give such a number, or measure all cases."),
            values={"most": f"{LARGEST_SAMPLE:,}"},
        )
    elif terms.sampling is Sampling.ALL and terms.sample_size is not None:
        yield Fault(
            "sample_size",
            gettext_noop("Expected no sample size where all cases are measured."),
            gettext_noop("Leave it empty, or choose a sample."),
        )


def _of_baseline(terms: Terms) -> Iterator[Fault]:
    value, weeks, first, last = terms.baseline_value, terms.baseline_weeks, terms.baseline_from, terms.baseline_until
    if (value is None) != (weeks is None) or (weeks is not None and weeks < 1):
        yield Fault(
            "baseline_weeks" if value is not None else "baseline_value",
            gettext_noop("Expected a baseline as a value and the number of weeks in which it was measured."),
            gettext_noop("Give both, or neither."),
        )
    if weeks is not None and weeks > LONGEST_BASELINE:
        yield Fault(
            "baseline_weeks",
            gettext_noop("Expected at most {most} weeks."),
            gettext_noop("Give the weeks that still say what is usual."),
            gettext_noop("Found {weeks}."),
            {"most": LONGEST_BASELINE, "weeks": weeks},
        )
    if first is not None and last is not None and last < first:
        yield Fault(
            "baseline_until",
            gettext_noop("Expected an end on or after {first}, the first day of the baseline."),
            gettext_noop("Give a later day."),
            gettext_noop("Found {last}."),
            {"first": first.isoformat(), "last": last.isoformat()},
        )
    elif weeks is not None and first is not None and last is not None and ((last - first).days + 1) < 7 * weeks - 6:
        yield Fault(
            "baseline_weeks",
            gettext_noop("Expected no more weeks than there are from {first} to {last}."),
            gettext_noop("Correct the weeks or the days."),
            gettext_noop("Found {weeks} weeks."),
            {"first": first.isoformat(), "last": last.isoformat(), "weeks": weeks},
        )
