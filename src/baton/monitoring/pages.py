"""What the panel of a link and the page about monitoring show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from baton.core import formats
from baton.core.actors import Actor
from baton.core.registries import Subject
from baton.monitoring import policy, queries
from baton.monitoring.forms import MEASURE_NAMES, StartPhaseForm
from baton.monitoring.models import StoredMeasure
from baton.monitoring.queries import Broken, Figures, Joined, PhaseNote, Results
from baton.monitoring.rules import (
    BASELINE_WEEKS,
    DAYS_A_WEEK,
    MEASURES,
    NELSON,
    RULE_SETS,
    WATCHED_RULES,
    WESTERN_ELECTRIC,
    day_of_number,
    week_name,
)
from baton_analysis.errors import filled, sentences

RULE_SET_NAMES = {WESTERN_ELECTRIC: gettext_lazy("Western Electric"), NELSON: gettext_lazy("Nelson")}
KINDS = {"i": "I", "p": "p", "p_prime": "p'"}
_NORMAL_95 = 1.96


def link_panel(viewer: Actor, subject: Subject, rule_set: str, form: StartPhaseForm | None = None) -> dict[str, Any]:
    """The charts of a subject. ``rule_set``: which rules are named (an unknown one means the watched ones)."""
    rule_set = rule_set if rule_set in RULE_SETS else WATCHED_RULES
    results = queries.results_of(viewer=viewer, subject=subject)
    names = [subject.kind, subject.public_id]
    address = reverse("monitoring:panel", args=names)
    may_start = policy.may_start_phase(viewer, *names)
    blocks = [
        _block(name, results, rule_set, names)
        for name in MEASURES
        if name in results.measures or name in results.before
    ]
    return {
        "subject": subject,
        "blocks": blocks,
        "reach": results.reach,
        "old": results.old,
        "address": f"{address}?{urlencode({'rules': rule_set})}",
        "choices": [(key, label, f"{address}?{urlencode({'rules': key})}") for key, label in RULE_SET_NAMES.items()],
        "rule_set": rule_set,
        "may_start_phase": may_start,
        "form": (form or StartPhaseForm()) if may_start else None,
        "form_address": reverse("monitoring:start_phase", args=names),
    }


def _block(name: str, results: Results, rule_set: str, names: list[str]) -> dict[str, Any]:
    """One chart with its figures. ``names``: kind and public id of the object, for addresses."""
    own, phases, whole = results.measures.get(name), results.phases.get(name, []), results.joined(name)
    stored = own if own is not None else results.before[name][-1][1]
    result = own.result if own is not None else whole.result
    scale, unit = _unit(name, whole.result["values"])
    return {
        "name": name,
        "chart": _chart(name, stored, whole, phases, rule_set, scale, unit),
        "stats": _stats(own.result, results.figures(name), scale, unit) if own is not None else [],
        "before": [part.earlier.name for part in whole.parts if part.earlier is not None],
        "phases": [
            {
                "week": week_name(note.week),
                "reason": note.reason,
                "who": note.declared_by,
                "withdraw": reverse("monitoring:withdraw_phase", args=[*names, note.public_id]),
            }
            for note in phases
        ],
        "signals": _signals(result, rule_set),
        "marks": [week_name(result["weeks"][index]) for index in reversed(result["marks"])],
        "empty": not any(value is not None for value in whole.result["values"]),
    }


def state_page(viewer: Actor) -> dict[str, Any]:
    """What the page about monitoring shows."""
    state = queries.state(viewer=viewer)
    return {"state": state, "broken": [_broken(one) for one in state.broken]}


def _broken(broken: Broken) -> dict[str, Any]:
    """A source that cannot be read: which, what happened, what to do, when it is tried again."""
    said = broken.row.message
    parts = (said[part] for part in ("expected", "found", "remedy") if said[part])
    return {
        "name": broken.name or broken.row.source,
        "address": broken.address,
        "said": sentences(filled(part, said["values"], _) for part in parts),
        "since": broken.row.first_failed_at,
        "attempts": broken.row.attempts,
        "retry_at": broken.row.retry_at,
        "old": None if broken.row.subjects is None else len(broken.row.subjects),
    }


def _chart(
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
            "n": result["n"][index],
            "phase": result["phase"][index],
            "violations": [
                *(_rule(one) for one in violations.get(str(index), [])),
                *([_("differs from a baseline without variation")] if index in marks else []),
            ],
            **{key: _scaled(result[column][index], scale) for key, column in limits},
        }
        for index, week in enumerate(result["weeks"])
    ]
    return {
        "title": str(MEASURE_NAMES[name]),
        "unit": unit,
        "kind": KINDS.get(_chart_kind(stored), ""),
        "points": points,
        "centre": [_scaled(value, scale) for value in result["centre"]],
        "phases": _phases(whole, phases),
        "method": _method(stored, rule_set),
        "warnings": [
            *(filled(one["message"], {"count": one["count"], **one["values"]}, _) for one in result["warnings"]),
            *_remarks(whole),
        ],
    }


def _remarks(whole: Joined) -> list[str]:
    """What a reader of a joined chart has to know."""
    if not any(part.earlier is not None for part in whole.parts):
        return []
    remarks = [_("What was handed over before is measured apart: each phase has limits of its own facts.")]
    if any(part.overlaps for part in whole.parts):
        remarks.append(_("Some weeks stand twice: several parties worked side by side before they became one."))
    return remarks


def _method(stored: StoredMeasure, rule_set: str) -> str:
    texts = {
        "i": _("individuals and moving range; limits from the first {weeks} weeks of each phase"),
        "p": _("proportions, binomial limits from the first {weeks} weeks of each phase"),
        "p_prime": _("Laney p', over-dispersion allowed for; limits from the first {weeks} weeks of each phase"),
    }
    weeks = stored.result["weeks"]
    last = day_of_number(weeks[-1] + DAYS_A_WEEK - 1) if weeks else None
    parts = [
        texts.get(_chart_kind(stored), "").format(weeks=BASELINE_WEEKS),
        _("rules: {name}").format(name=RULE_SET_NAMES[rule_set]),
        _("from event log facts up to the week that ends on {day}").format(day=formats.day(last)),
        _("version {version}").format(version=stored.version),
    ]
    return pgettext("between the parts of a remark", "; ").join(part for part in parts if part)


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


def _signals(result: Mapping[str, Any], rule_set: str) -> list[dict[str, Any]]:
    """The violations in words, latest first: neighbouring weeks that violate the same rule are one line."""
    violations = result["violations"][rule_set]
    runs: list[dict[str, Any]] = []
    open_runs: dict[str, dict[str, Any]] = {}
    for index, week in enumerate(result["weeks"]):
        if result["values"][index] is None:
            continue
        now: dict[str, dict[str, Any]] = {}
        for one in violations.get(str(index), []):
            run = open_runs.get(one["rule"]) or {"rule": _rule(one), "first": week_name(week), "weeks": 0}
            run |= {"last": week_name(week), "weeks": run["weeks"] + 1, "order": week}
            if run["weeks"] == 1:
                runs.append(run)
            now[one["rule"]] = run
        open_runs = now
    return sorted(runs, key=lambda run: (-run["order"], run["rule"]))


def _rule(one: Mapping[str, Any]) -> str:
    return _("{code}: {words}").format(code=one["rule"], words=_(one["name"]).format(**one["values"]))


def _stats(result: Mapping[str, Any], figures: Figures, scale: float, unit: str) -> list[dict[str, Any]]:
    """The last week that has a value, and what is usual; each with n and, where there is one, an interval."""
    known = [index for index, value in enumerate(result["values"]) if value is not None]
    if not known:
        return []
    last = known[-1]

    def figure(label: str, value: float, n: int, low: float | None, high: float | None) -> dict[str, Any]:
        bounds = [formats.number(bound / scale, 1) for bound in (low, high) if bound is not None]
        interval = _("{low} to {high} {unit}").format(low=bounds[0], high=bounds[1], unit=unit) if bounds else ""
        return {"label": label, "value": formats.number(value / scale, 1), "unit": unit, "n": n, "interval": interval}

    week = week_name(result["weeks"][last])
    low, high = (result[side][last] if side in result else None for side in ("low", "high"))
    latest = figure(_("Last week, {week}").format(week=week), result["values"][last], result["n"][last], low, high)
    if "whole" in result:
        whole = result["whole"]
        usual = figure(_("All weeks"), whole["value"], whole["n"], whole["low"], whole["high"])
    else:
        usual = figure(_("Usual week (centre line; n counts weeks)"), *_centre(result, last))
    return [latest | {"status": figures.health, "word": figures.word}, usual]


def _centre(result: Mapping[str, Any], last: int) -> tuple[float, int, float | None, float | None]:
    """Centre line of the last phase, the weeks that it comes from, and its 95 % interval from the chart's sigma."""
    centre, ucl = result["centre"][last], result["ucl"][last]
    weeks = result["limits"][result["phase"][last]]
    if ucl is None or weeks < 2:
        return centre, weeks, None, None
    half = _NORMAL_95 * (ucl - centre) / 3 / weeks**0.5
    return centre, weeks, max(0.0, centre - half), centre + half


def _unit(name: str, values: Sequence[float | None]) -> tuple[float, str]:
    """The unit in which a chart reads best: what to divide by, and its sign."""
    if name != MEASURES[0]:
        return 0.01, "%"
    known = sorted(value for value in values if value is not None)
    middle = known[len(known) // 2] if known else 0.0
    if middle >= 2 * formats.DAY:
        return float(formats.DAY), _("d")
    if middle >= 2 * formats.HOUR:
        return float(formats.HOUR), _("h")
    return (float(formats.MINUTE), _("min")) if middle >= 2 * formats.MINUTE else (1.0, _("s"))


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else round(value / scale, 6)
