"""What the panel of a link shows: its charts with their figures, violations and phases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from baton.core import formats
from baton.core.actors import Actor
from baton.core.registries import Subject
from baton.monitoring import policy, queries
from baton.monitoring.pages.charts import RULE_SET_NAMES, chart_of, ranges_of, runs_in_words
from baton.monitoring.pages.phases import phase_form, phase_rows, phase_timeline
from baton.monitoring.pages.units import digits_of, unit_of
from baton.monitoring.queries import Figures, Results
from baton.monitoring.rules import DEFINED, MEASURES, RULE_SETS, WAITING_TIME, WATCHED_RULES, week_name

_NORMAL_95 = 1.96


def link_panel(viewer: Actor, subject: Subject, rule_set: str, *, ranges: bool = False) -> dict[str, Any]:
    """The charts of a subject. ``rule_set``: which rules are named (an unknown one means the watched ones); ``ranges``:
    whether moving ranges stand beside the waits."""
    rule_set = rule_set if rule_set in RULE_SETS else WATCHED_RULES
    results = queries.results_of(viewer=viewer, subject=subject)
    names = [subject.kind, subject.public_id]
    may_edit = policy.may_start_phase(viewer, *names)
    blocks = [
        _block(subject, name, results, rule_set, ranges=ranges, may_edit=may_edit)
        for name in MEASURES
        if name in results.measures or name in results.before
    ]

    def address(rules: str, *, with_ranges: bool) -> tuple[str, str]:
        asked = f"?{urlencode({'rules': rules, **({'ranges': 'yes'} if with_ranges else {})})}"
        return asked, f"{reverse('monitoring:panel', args=names)}{asked}"

    return {
        "subject": subject,
        "blocks": blocks,
        "reach": results.reach,
        "old": results.old,
        "choices": [(key, label, *address(key, with_ranges=ranges)) for key, label in RULE_SET_NAMES.items()],
        "rule_set": rule_set,
        "ranges": ranges,
        "has_waits": any(block["name"] == WAITING_TIME for block in blocks),
        "other_ranges": address(rule_set, with_ranges=not ranges),
        "may_edit_phases": may_edit,
        "phase_history": phase_timeline(queries.phase_history(viewer=viewer, subject=subject)),
    }


def _block(
    subject: Subject, name: str, results: Results, rule_set: str, *, ranges: bool, may_edit: bool
) -> dict[str, Any]:
    """One chart with its figures and its phases."""
    own, phases, whole = results.measures.get(name), results.phases.get(name, []), results.joined(name)
    stored = own if own is not None else results.before[name][-1][1]
    result = own.result if own is not None else whole.result
    scale, unit = unit_of(name, whole.result["values"], subject.unit)
    chart = chart_of(name, stored, whole, phases, rule_set, scale, unit)
    return {
        "name": name,
        "chart": chart,
        "ranges": ranges_of(chart, whole, scale) if ranges and name == WAITING_TIME else None,
        "stats": _stats(name, own.result, results.figures(name), scale, unit) if own is not None else [],
        "before": [part.earlier.name for part in whole.parts if part.earlier is not None],
        "phases": phase_rows(subject, phases),
        "form": phase_form(subject, name, own.result, phases) if may_edit and own is not None else None,
        "signals": runs_in_words(result, rule_set),
        "marks": [week_name(result["weeks"][index]) for index in reversed(result["marks"])],
        "empty": not any(value is not None for value in whole.result["values"]),
    }


def _stats(
    name: str, result: Mapping[str, Any], figures: Figures, scale: float, unit: str
) -> list[dict[str, Any]]:  # fmt: skip
    """The last week that has a value, and what is usual; each with n and, where there is one, an interval."""
    known = [index for index, value in enumerate(result["values"]) if value is not None]
    if not known:
        return []
    last, digits = known[-1], digits_of(name, result["values"], scale)

    def figure(label: str, value: float, n: int, low: float | None, high: float | None) -> dict[str, Any]:
        bounds = [formats.number(bound / scale, digits) for bound in (low, high) if bound is not None]
        interval = _("{low} to {high} {unit}").format(low=bounds[0], high=bounds[1], unit=unit) if bounds else ""
        return {
            "label": label,
            "value": formats.number(value / scale, digits),
            "unit": unit,
            "n": n,
            "interval": interval.rstrip(),
        }

    week = week_name(result["weeks"][last])
    low, high = (result[side][last] if side in result else None for side in ("low", "high"))
    latest = figure(_("Last week, {week}").format(week=week), result["values"][last], result["n"][last], low, high)
    if "whole" in result:
        whole = result["whole"]
        usual = figure(_("All weeks"), whole["value"], whole["n"], whole["low"], whole["high"])
    else:
        usual = figure(_("Usual week (centre line; n counts weeks)"), *_centre(name, result, last))
    return [latest | {"status": figures.health, "word": figures.word}, usual]


def _centre(name: str, result: Mapping[str, Any], last: int) -> tuple[float, int, float | None, float | None]:
    """Centre line of the last phase, the weeks that it comes from, and its 95 % interval from the chart's sigma."""
    centre, ucl = result["centre"][last], result["ucl"][last]
    weeks = result["limits"][result["phase"][last]]
    if ucl is None or weeks < 2:
        return centre, weeks, None, None
    half = _NORMAL_95 * (ucl - centre) / 3 / weeks**0.5
    low = centre - half
    return centre, weeks, low if DEFINED[name].signed else max(0.0, low), centre + half
