"""A clause in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from baton.agreements.models import Clause
from baton.agreements.models.clauses import MEASURED_BY, MEASURES, SOURCES
from baton.agreements.rules import ALL_CASES, Direction, Measure, Sampling, Standing, Terms
from baton.core import formats
from baton.core.texts import say

_UNIT_NAMES = {
    "s": _("seconds"), "min": _("minutes"), "h": _("business hours"), "working_d": _("working days"), "d": _("days"),
    "%": "%",
    "1": _("per unit"), "1/100": _("per 100 units"), "1/1000": _("per 1,000 units"), "1/10000": _("per 10,000 units"),
    "ppm": _("per million units"),
    "1/day": _("per day"), "1/week": _("per week"), "1/month": _("per month"), "1/quarter": _("per quarter"),
    "1/year": _("per year"), "1/term": _("per school term"), "1/release": _("per release"),
    "of_5": _("of 5 points"), "of_7": _("of 7 points"), "of_10": _("of 10 points"), "nps": _("net promoter score"),
    "top2": _("% in the two best answers"),
}  # fmt: skip
STANDINGS = {
    Standing.RED: ("broken", pgettext_lazy("clause", "Incomplete")),
    Standing.ON_TRIAL: ("info", pgettext_lazy("clause", "On trial")),
    Standing.BINDING: ("kept", pgettext_lazy("clause", "Binding")),
}
"""Code of the status of a clause that is in force, and its word."""
READINESS = {
    Standing.RED: STANDINGS[Standing.RED],
    Standing.ON_TRIAL: ("info", pgettext_lazy("clause", "Starts on trial")),
    Standing.BINDING: ("kept", pgettext_lazy("clause", "Complete")),
}
"""The same of a clause that is not in force: nothing binds yet."""
LACKING = {
    "measure": _("how it is measured"), "unit": _("the unit"), "direction": _("the direction"),
    "target": _("the target"), "source": _("the data source"),
}  # fmt: skip


def unit_name(code: str) -> Any:
    """A unit as people read it; that of a measured value as it was written."""
    return _UNIT_NAMES.get(code, code)


def figure(value: float | None) -> str:
    """A figure as people write it: 24, 0.5, 1,200; nothing: a dash."""
    if value is None:
        return formats.MISSING
    whole = float(value).is_integer()
    return formats.number(int(value)) if whole else formats.number(value, _digits(value))


def _digits(value: float) -> int:
    return min(len(f"{value:.6f}".rstrip("0").partition(".")[2]), 6)


def with_unit(value: float | None, unit: str) -> str:
    """``24 business hours``, ``5 °C``, ``2 per month``."""
    if unit in ("s", "min", "h", "working_d", "d"):
        return _span(value, unit)
    if unit == "nps":
        return figure(value)
    if unit == "%":
        return gettext("{n} %").format(n=figure(value))
    if unit == "top2":
        return gettext("{n} % in the two best answers").format(n=figure(value))
    return f"{figure(value)} {unit_name(unit)}".strip()


def _span(value: float | None, unit: str) -> str:
    n = 1 if value == 1 else 2
    said = {
        "s": ngettext("{n} second", "{n} seconds", n), "min": ngettext("{n} minute", "{n} minutes", n),
        "h": ngettext("{n} business hour", "{n} business hours", n),
        "working_d": ngettext("{n} working day", "{n} working days", n), "d": ngettext("{n} day", "{n} days", n),
    }  # fmt: skip
    return said[unit].format(n=figure(value))


def target_of(clause: Clause) -> str:
    """What is to be reached, with the calendar in which business time runs where it is not the organisation's own:
    ``95 % within 24 business hours of the calendar “Ward”``."""
    said = target_words(clause.terms)
    if not said or clause.calendar is None:
        return said
    return gettext("{target} of the calendar “{name}”").format(target=said, name=clause.calendar)


def target_words(terms: Terms) -> str:
    """What is to be reached: ``95 % within 24 business hours``; empty where nobody has said."""
    if terms.measure is None:
        return ""
    if terms.measure is Measure.VALUE:
        return _share_of_cases(terms, _limits(terms))
    if terms.target is None:
        return ""
    amount, at_most = with_unit(terms.target, terms.unit), terms.direction is Direction.AT_MOST
    if terms.measure is Measure.TIME:
        if terms.direction is Direction.AT_LEAST:
            return _share_of_cases(terms, gettext("at least {amount} ahead").format(amount=amount))
        return _share_of_cases(terms, gettext("within {amount}").format(amount=amount))
    if terms.measure is Measure.RATING and terms.unit == "nps":
        return gettext("a net promoter score of at least {amount}").format(amount=amount)
    if terms.target == 0 and at_most:
        return gettext("none at all")
    if terms.measure is Measure.SHARE and terms.target == ALL_CASES and not at_most:
        return gettext("all cases")
    bound = (gettext("at most {amount}") if at_most else gettext("at least {amount}")).format(amount=amount)
    return gettext("{bound} of the cases").format(bound=bound) if terms.measure is Measure.SHARE else bound


def _share_of_cases(terms: Terms, bound: str) -> str:
    if not bound:
        return ""
    if terms.attainment is None or terms.attainment >= ALL_CASES:
        return gettext("every case {bound}").format(bound=bound)
    return gettext("{share} % {bound}").format(share=figure(terms.attainment), bound=bound)


def _limits(terms: Terms) -> str:
    lower, upper = terms.lower, terms.upper
    if lower is not None and upper is not None:
        said = gettext("from {lower} to {upper}").format(lower=figure(lower), upper=with_unit(upper, terms.unit))
    elif lower is not None:
        said = gettext("at least {amount}").format(amount=with_unit(lower, terms.unit))
    elif upper is not None:
        said = gettext("at most {amount}").format(amount=with_unit(upper, terms.unit))
    else:
        return ""
    if terms.target is None:
        return said
    aim = gettext("target {amount}").format(amount=with_unit(terms.target, terms.unit))
    return formats.listing([said, aim])


def sentence(clause: Clause) -> str:
    """The whole clause: ``Clean linen is on the ward: 95 % within 24 business hours``."""
    target = target_of(clause)
    return formats.labelled(clause, target) if target else str(clause)


def terms_sentence(terms: Terms | None) -> str:
    """:func:`sentence` of terms that stand in no clause; empty for none."""
    if terms is None:
        return ""
    target = target_words(terms)
    return formats.labelled(say(terms.characteristic), target) if target else say(terms.characteristic)


def measure_words(terms: Terms) -> str:
    """How, from what, by whom and of which cases it is measured."""
    parts: list[object] = []
    if terms.measure is not None:
        parts.append(MEASURES[terms.measure])
    if terms.source is not None:
        note = f" ({terms.source_note})" if terms.source_note else ""
        parts.append(f"{SOURCES[terms.source]}{note}")
    parts.append(gettext("measured by: {who}").format(who=_lower(str(MEASURED_BY[terms.measured_by]))))
    if terms.sampling is Sampling.SAMPLE:
        said = gettext("sample of {n}").format(n=terms.sample_size)
        parts.append(f"{said} ({terms.sampling_note})" if terms.sampling_note else said)
    return " · ".join(str(part) for part in parts)


def baseline_words(terms: Terms) -> str:
    """What was usual before; empty where nobody has measured."""
    if terms.baseline_value is None:
        return ""
    said = ngettext(
        "{amount} in {weeks} measured week", "{amount} in {weeks} measured weeks", terms.baseline_weeks or 0
    )
    return said.format(amount=with_unit(terms.baseline_value, terms.unit), weeks=terms.baseline_weeks)


def lacking_words(missing: tuple[str, ...]) -> str:
    """What a red clause lacks."""
    return formats.listing(LACKING[name] for name in missing)


def field_words(terms: Terms, name: str, calendars: Mapping[str, str]) -> str:
    """The value of one field of a clause, for versions side by side. ``calendars`` are names by public id."""
    value = calendars.get(terms.calendar, "") if name == "calendar" else getattr(terms, name)
    if value in (None, "", {}):
        return formats.MISSING
    if isinstance(value, dict):
        return say(value)
    if isinstance(value, float):
        return with_unit(value, "%" if name == "attainment" else terms.unit)
    if name == "unit":
        return str(unit_name(value))
    choices = dict(getattr(Clause._meta.get_field(name), "flatchoices", ()) or ())
    return str(choices.get(value, formats.day(value) if hasattr(value, "isoformat") else value))


def field_label(name: str) -> str:
    """What a field of a clause is called."""
    return str(getattr(Clause._meta.get_field(name), "verbose_name", name))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
