"""A control chart as its picture and its table need it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext

from baton.core import formats
from baton.monitoring.forms import MEASURE_NAMES
from baton.monitoring.models import StoredMeasure
from baton.monitoring.pages.units import digits_of, figure, scaled
from baton.monitoring.queries import Joined, PhaseNote
from baton.monitoring.rules import (
    BASELINE_WEEKS,
    BROKEN_PROMISE,
    BY_PHASE,
    DAYS_A_WEEK,
    DEFINED,
    KEPT_CLAUSES,
    NELSON,
    WESTERN_ELECTRIC,
    day_of_number,
    week_name,
)
from baton_analysis.errors import filled

RULE_SET_NAMES = {WESTERN_ELECTRIC: gettext_lazy("Western Electric"), NELSON: gettext_lazy("Nelson")}
USUAL_DIGITS = 2
"""Figures of a chart have at most so many decimals unless it says otherwise."""
KINDS = {"i": "I", "p": "p", "p_prime": "p'", "u": "u", "u_prime": "u'", "c": "c"}


def chart_of(
    name: str,
    stored: StoredMeasure,
    whole: Joined,
    phases: Sequence[PhaseNote],
    rule_set: str,
    scale: float,
    unit: str,
) -> dict[str, Any]:
    """``stored`` says how the chart was drawn, ``whole`` what stands in it."""
    result = whole.result
    violations = result["violations"].get(rule_set, {})
    limits = ("value", "values"), ("lcl", "lcl"), ("ucl", "ucl")
    marks = set(result["marks"])
    points = [
        {
            "label": week_name(week),
            "day": day_of_number(week).isoformat(),
            "n": result["n"][index],
            "phase": result["phase"][index],
            "violations": [
                *(rule_in_words(one) for one in violations.get(str(index), [])),
                *([_("differs from a baseline without variation")] if index in marks else []),
            ],
            **{key: scaled(result[column][index], scale) for key, column in limits},
        }
        for index, week in enumerate(result["weeks"])
    ]
    return {
        "title": str(MEASURE_NAMES[name]),
        "unit": unit,
        "kind": KINDS.get(_chart_kind(stored), ""),
        "points": points,
        "centre": [scaled(value, scale) for value in result["centre"]],
        "phases": _phases(whole, phases),
        "method": _method(stored, rule_set),
        "warnings": [*warnings_in_words(result), *_remarks(whole)],
        "digits": more if (more := digits_of(name, result["values"], scale)) > USUAL_DIGITS else None,
    }


def warnings_in_words(result: Mapping[str, Any]) -> list[str]:
    """What the mathematics had to say of a chart."""
    return [filled(one["message"], {"count": one["count"], **one["values"]}, _) for one in result["warnings"]]


def ranges_of(chart: Mapping[str, Any], whole: Joined, scale: float) -> dict[str, Any]:
    """The chart of moving ranges that belongs to a ``chart`` of single values: how much neighbouring weeks differ."""
    result = whole.result
    points = [
        {
            "label": point["label"],
            "n": None,
            "phase": point["phase"],
            "value": scaled(result["ranges"][index], scale),
            "lcl": None if result["range_ucl"][index] is None else 0.0,
            "ucl": scaled(result["range_ucl"][index], scale),
            "violations": _beyond(result["ranges"][index], result["range_ucl"][index]),
        }
        for index, point in enumerate(chart["points"])
    ]
    return {
        **chart,
        "title": _("Moving ranges: {title}").format(title=chart["title"]),
        "kind": "MR",
        "points": points,
        "centre": [scaled(value, scale) for value in result["range_centre"]],
        "method": _("distance of each week to the week before; upper limit D4 times their mean"),
        "warnings": [],
    }


def _beyond(value: float | None, limit: float | None) -> list[str]:
    if value is None or limit is None or value <= limit:
        return []
    return [_("This week differs from the one before by more than usual")]


def _remarks(whole: Joined) -> list[str]:
    """What a reader of a joined chart has to know."""
    if not any(part.earlier is not None for part in whole.parts):
        return []
    remarks = [_("What was handed over before is measured apart: each phase has limits of its own facts.")]
    if any(part.overlaps for part in whole.parts):
        remarks.append(_("Some weeks stand twice: several parties worked side by side before they became one."))
    return remarks


_FROM = {
    False: gettext_noop("from event logs and handoffs up to the week that ends on {day}"),
    True: gettext_noop("from handoffs up to the week that ends on {day}"),
}


def _method(stored: StoredMeasure, rule_set: str) -> str:
    if stored.method.endswith(BY_PHASE):
        texts = {
            "i": _("individuals and moving range; limits as the phases say"),
            "p": _("proportions, binomial limits as the phases say"),
            "p_prime": _("Laney p', over-dispersion allowed for; limits as the phases say"),
            "u": _("rates, Poisson limits as the phases say"),
            "u_prime": _("Laney u', over-dispersion allowed for; limits as the phases say"),
            "c": _("counts, Poisson limits as the phases say"),
        }
    else:
        texts = _usual_methods()
    weeks = stored.result["weeks"]
    last = day_of_number(weeks[-1] + DAYS_A_WEEK - 1) if weeks else None
    parts = [
        texts.get(_chart_kind(stored), "").format(weeks=BASELINE_WEEKS),
        _("rules: {name}").format(name=RULE_SET_NAMES[rule_set]),
        _(_FROM[KEPT_CLAUSES in DEFINED[stored.name].tables]).format(day=formats.day(last)),
        _("version {version}").format(version=stored.version),
    ]
    return pgettext("between the parts of a remark", "; ").join(part for part in parts if part)


def _usual_methods() -> dict[str, str]:
    return {
        "i": _("individuals and moving range; limits from the first {weeks} weeks of each phase"),
        "p": _("proportions, binomial limits from the first {weeks} weeks of each phase"),
        "p_prime": _("Laney p', over-dispersion allowed for; limits from the first {weeks} weeks of each phase"),
        "u": _("rates, Poisson limits from the first {weeks} weeks of each phase"),
        "u_prime": _("Laney u', over-dispersion allowed for; limits from the first {weeks} weeks of each phase"),
        "c": _("counts, Poisson limits from the first {weeks} weeks of each phase"),
    }


def _chart_kind(stored: StoredMeasure) -> str:
    """Which chart was drawn: the second part of the method, such as ``return_rate.p_prime.baseline20``."""
    return str(stored.method.split(".")[1])


def _phases(whole: Joined, notes: Sequence[PhaseNote]) -> list[dict[str, Any]]:
    """Where phases begin: the parts of a joined chart, and the phases of the last part."""
    reasons, result = {note.week: note.reason for note in notes}, whole.result
    begun: list[dict[str, Any]] = [
        {"start": part.start, "label": part.earlier.name if part.earlier is not None else _own_label(whole)}
        for part in whole.parts
    ]
    own = next((part.start for part in whole.parts if part.earlier is None), 0)
    for week in result["phase_weeks"]:
        begun.append({"start": result["weeks"].index(week, own), "label": reasons.get(week, week_name(week))})
    return begun or [{"start": 0, "label": ""}]


def _own_label(whole: Joined) -> str:
    if len(whole.parts) > 1:
        return _("afterwards")
    return _("first phase") if whole.result["phase_weeks"] else ""


def runs_in_words(result: Mapping[str, Any], rule_set: str) -> list[dict[str, Any]]:
    """The violations in words, latest first: neighbouring weeks that violate the same rule are one line."""
    violations = result["violations"][rule_set]
    runs: list[dict[str, Any]] = []
    open_runs: dict[str, dict[str, Any]] = {}
    for index, week in enumerate(result["weeks"]):
        if result["values"][index] is None:
            continue
        now: dict[str, dict[str, Any]] = {}
        for one in violations.get(str(index), []):
            run = open_runs.get(one["rule"]) or {"rule": rule_in_words(one), "first": week_name(week), "weeks": 0}
            run |= {"last": week_name(week), "weeks": run["weeks"] + 1, "order": week}
            if run["weeks"] == 1:
                runs.append(run)
            now[one["rule"]] = run
        open_runs = now
    return sorted(runs, key=lambda run: (-run["order"], run["rule"]))


def rule_in_words(one: Mapping[str, Any], measure: str = "") -> str:
    """A violated rule with its figures; that a promise is broken with those of the ``measure``."""
    values = one["values"]
    if one["rule"] == BROKEN_PROMISE:
        values = {key: figure(measure, value) for key, value in values.items()}
    return _("{code}: {words}").format(code=rule_name(one["rule"]), words=_(one["name"]).format(**values))


def rule_name(code: str) -> str:
    """What people call a rule: its number; that a promise is broken is none of the chart."""
    return _("Promise broken") if code == BROKEN_PROMISE else code
