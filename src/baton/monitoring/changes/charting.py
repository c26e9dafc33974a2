"""One subject's weekly series -> the two control charts, with violations and health, as plain values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from baton.monitoring.changes import comparing
from baton.monitoring.changes.comparing import what_changed
from baton.monitoring.changes.episodes import episodes_now, evidence
from baton.monitoring.changes.promising import with_promise
from baton.monitoring.changes.weekly import Weekly
from baton.monitoring.rules import (
    ATTAINMENT,
    BASELINE_WEEKS,
    BY_PHASE,
    DAYS_A_WEEK,
    DEFINED,
    KEPT_CLAUSES,
    RECENT_WEEKS,
    RULE_SETS,
    SHOWN_WEEKS,
    SINGLE_VALUES,
    WATCHED_RULES,
    ChartKind,
    Health,
    Phase,
    Side,
    health,
    is_worse,
    unknown,
    week_name,
)
from baton_analysis.errors import gettext_noop
from baton_analysis.measures import charted_series, weekly_series
from baton_analysis.measures.control_charts import (
    CarriedOn,
    ControlChart,
    c_chart,
    individuals_chart,
    laney_u_chart,
    over_dispersion_threshold,
    proportion_chart,
    u_chart,
)
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.readers.model import Notice
from baton_analysis.signals import chart_rules

# Series, charts, and what this module makes of them: what is stored is computed anew when any of them changes.
VERSION = f"{weekly_series.VERSION}.{charted_series.VERSION}.{comparing.VERSION}.10"

Violations = dict[int, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Signal:
    """A watched rule violated from ``week`` to ``last_week`` without a break (day numbers of the Mondays).

    ``explanation`` is an English template.
    """

    rule_set: str
    rule: str
    side: Side
    week: int
    last_week: int
    explanation: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A computed measure. ``result`` is what :class:`StoredMeasure` keeps and pages read.

    ``result`` has one entry a week in ``weeks`` (day number of the Monday), ``values`` (seconds, or share; None in a
    gap), ``n``, ``centre``, ``lcl``, ``ucl``, ``phase`` and, for shares, ``low`` and ``high`` (Wilson, 95 %), with
    ``whole`` for all weeks together;
    ``violations`` maps each rule set to {index of the week: [{rule, name (English template), values}, ...]};
    ``phase_weeks`` are the Mondays at which phases begin; of each phase, the first included, ``limits`` says how many
    points stand behind its limits and ``carried`` the number of the phase whose limits it carries on (None: its own);
    ``changed`` is what :func:`baton.monitoring.changes.comparing.what_changed` says (None without values);
    for waits ``ranges``, ``range_centre`` and ``range_ucl`` are the moving ranges; ``marks``
    the indices of weeks that differ from a baseline without variation; ``breaks`` those of the empty weeks that stand
    for a gap of more than a year; ``warnings`` are {message, count, values}.

    ``recent`` is the little that lists read: ``end`` (the last week), ``values`` and ``n`` of the last SHOWN_WEEKS
    weeks, ``centre`` of the last phase, ``week``, ``value`` and ``of`` (its n) of the last week that has a value (None
    and 0 where none has), ``unknown`` (why nothing can be said, of ``rules.Unknown``, or empty), and ``alarms``: the
    watched rules violated on the bad side in one of the last RECENT_WEEKS charted weeks, as {rule, name, values, week,
    last_week}; of clauses ``chart`` holds ``centre``, ``lcl`` and ``ucl`` of these weeks, and in ``hits`` the places at
    which a watched rule is violated. ``episodes`` are what signals are opened by, ``evidence`` what is tested over all
    charts: see :mod:`baton.monitoring.changes.episodes`.
    """

    method: str
    health: Health
    result: dict[str, Any]
    recent: dict[str, Any]
    signals: tuple[Signal, ...]
    evidence: list[list[float | None]]


def measure(
    name: str, series: Weekly, phases: Sequence[Phase], promise: dict[str, Any] | None = None
) -> Measured:  # fmt: skip
    """The measure ``name`` (of ``rules.MEASURES``) of one subject, on a chart with these ``phases``, and beside it what
    is promised (see :mod:`baton.monitoring.changes.promising`)."""
    there, n = ~np.isnan(series.values), series.n
    if not there.any():
        return _nothing(name, series)
    begun = _begun(series.weeks, there, phases)
    chart = _chart(name, series, begun)
    judged = {name: chart_rules.find_carried_violations(chart, chart_rules.RULE_SETS[name]) for name in RULE_SETS}
    found = {name: violations for name, (violations, _remarks) in judged.items()}
    violations = {rule_set: _violations(there) for rule_set, there in found.items()}
    result = _result(name, chart, series, begun, violations)
    result["warnings"] += [_warning(notice) for notice in judged[WATCHED_RULES][1]]
    if DEFINED[name].chart is ChartKind.PROPORTIONS:
        result |= _intervals(series)
    if DEFINED[name].chart is ChartKind.RATES:
        result["sizes"] = series.sizes.tolist()
    if chart.companion is not None:
        result |= _ranges(chart.companion)
    signals = _signals(chart, series, violations[WATCHED_RULES])
    charted = series.weeks[~np.isnan(chart.values)].tolist()
    worse = [signal for signal in signals if is_worse(name, signal.side)]
    bad = {week for week in charted if any(signal.week <= week <= signal.last_week for signal in worse)}
    limits = bool(np.isfinite(chart.ucl[~np.isnan(chart.values)][-1]))
    recent = _recent(result, charted, worse, limits=limits)
    if KEPT_CLAUSES in DEFINED[name].tables:
        recent["chart"] = _small(result)
    recent["episodes"] = episodes_now(chart, series.weeks, found[WATCHED_RULES])
    # A shift that lasts violates the rules until now; a false alarm of long ago asks nobody since when.
    result["changed"] = what_changed(name, chart, series, since_when=bool(recent["episodes"]))
    goes = health(charted, bad, limits=limits)
    said = evidence(chart, n) if goes is not Health.UNKNOWN else []
    if promise is not None:
        recent |= {"promise": promise, "episodes": with_promise(name, promise, recent["episodes"])}
        if name == ATTAINMENT:
            said = [[promise["reached"], promise["promised"], None, int(promise["n"])], *said]
    return Measured(_method(name, chart.method, begun), goes, result, recent, signals, said)


def _chart(name: str, series: Weekly, begun: Sequence[_Begun]) -> ControlChart:
    starts, baselines = [one.start for one in begun[1:]], [one.baseline for one in begun]
    kind = DEFINED[name].chart
    if kind in SINGLE_VALUES:
        values = [None if np.isnan(value) else float(value) for value in series.values]
        return individuals_chart(values, phases=starts, baseline=baselines)
    counts, sizes = series.counts.tolist(), series.sizes.tolist()
    if kind is ChartKind.PROPORTIONS:
        return proportion_chart(counts, sizes, phases=starts, baseline=baselines)
    if kind is ChartKind.COUNTS:
        return c_chart(counts, phases=starts, baseline=baselines)
    prime = laney_u_chart(counts, sizes, phases=starts, baseline=baselines)
    if any(limit.spread > over_dispersion_threshold(limit.n - 1) for limit in prime.limits):
        return prime
    return u_chart(counts, sizes, phases=starts, baseline=baselines)


def _method(name: str, chart: str, begun: Sequence[_Begun]) -> str:
    usual = all(one.baseline == BASELINE_WEEKS for one in begun)
    return f"{name}.{chart}" + (f".baseline{BASELINE_WEEKS}" if usual else BY_PHASE)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A phase on the chart: the index of its first week, and where its limits come from."""

    start: int
    baseline: int | CarriedOn


def _begun(weeks: npt.NDArray[np.int64], there: npt.NDArray[np.bool_], phases: Sequence[Phase]) -> list[_Begun]:
    """The phases of the chart, the first included. One that would have no value (its facts were withdrawn) is left
    out; one that begins before there is any value says from how many weeks the first limits come."""
    begun = [_Begun(0, BASELINE_WEEKS)]
    first = [0]
    for phase in sorted(phases, key=lambda one: one.week):
        index = int(np.searchsorted(weeks, phase.week))
        if not there[:index].any():
            begun[0] = _Begun(0, phase.baseline_weeks)
        elif there[first[-1] : index].any() and there[index:].any():
            begun.append(_Begun(index, _baseline(weeks, first, phase)))
            first.append(index)
    return begun


def _baseline(weeks: npt.NDArray[np.int64], first: Sequence[int], phase: Phase) -> int | CarriedOn:
    """``first``: the indices at which the phases before this one begin."""
    if phase.limits_week is None:
        return phase.baseline_weeks
    index = int(np.searchsorted(weeks, phase.limits_week))
    return CarriedOn(sum(start <= index for start in first) - 1)


def _violations(there: Sequence[chart_rules.Violation]) -> Violations:
    """By index of the completing point: the rules that it violates."""
    found: Violations = {}
    for one in there:
        found.setdefault(one.index, []).append({"rule": one.rule, "name": one.name, "values": dict(one.values)})
    return found


def _result(
    name: str,
    chart: ControlChart,
    series: Weekly,
    begun: Sequence[_Begun],
    violations: dict[str, Violations],
) -> dict[str, Any]:
    return {
        "weeks": series.weeks.tolist(),
        "n": series.n.tolist(),
        "values": _plain(chart.values),
        "centre": _plain(chart.centre),
        # Most measures are never below 0; the rules are judged by sigma, which is not clipped.
        "lcl": _plain(chart.lcl if DEFINED[name].signed else np.maximum(chart.lcl, 0)),
        "ucl": _plain(chart.ucl),
        "phase": chart.phase.tolist(),
        "phase_weeks": [int(series.weeks[one.start]) for one in begun[1:]],
        "limits": [limit.n for limit in chart.limits],
        "carried": [one.baseline.phase if isinstance(one.baseline, CarriedOn) else None for one in begun],
        "violations": {
            rule_set: {str(index): rules for index, rules in found.items()} for rule_set, found in violations.items()
        },
        "marks": np.flatnonzero(chart.departures).tolist(),
        "breaks": list(series.breaks),
        "warnings": [_warning(notice) for notice in (*chart.warnings, *_notices(series))],
    }


def _ranges(ranges: ControlChart) -> dict[str, list[float | None]]:
    """The chart of moving ranges, by week as the one of the values."""
    return {"ranges": _plain(ranges.values), "range_centre": _plain(ranges.centre), "range_ucl": _plain(ranges.ucl)}


def _warning(notice: Notice) -> dict[str, Any]:
    return {"message": notice.message, "count": notice.count, "values": dict(notice.values)}


def _notices(series: Weekly) -> list[Notice]:
    """What of the series is not on the chart, and why."""
    notices = []
    for index in series.breaks:
        empty = (int(series.weeks[index + 1]) - int(series.weeks[index])) // DAYS_A_WEEK
        notices.append(
            Notice(
                message=gettext_noop(
                    "No handoffs for {count} weeks up to {week}: the chart breaks there and leaves them out. If the "
                    "date is wrong, correct it in the log."
                ),
                count=empty,
                values={"week": week_name(int(series.weeks[index + 1]) - DAYS_A_WEEK)},
            )
        )
    if series.later:
        notices.append(
            Notice(
                message=gettext_noop(
                    "Left out are {count} handoffs that are dated in the future. Correct their dates in the log."
                ),
                count=series.later,
            )
        )
    return notices


def _intervals(series: Weekly) -> dict[str, Any]:
    """How far the share of each week, and of all weeks together, can be trusted."""
    low, high = wilson_interval(series.counts, series.sizes)
    counted, n = int(series.counts.sum()), int(series.sizes.sum())
    whole = wilson_interval([counted], [n])
    return {
        "low": _plain(low),
        "high": _plain(high),
        "whole": {"value": counted / n, "n": n, "low": float(whole[0][0]), "high": float(whole[1][0])},
    }


def _nothing(name: str, series: Weekly) -> Measured:
    """There are handovers, but none of which the measure can be told (no waits are known)."""
    gaps: list[None] = [None] * len(series.weeks)
    result = {
        "weeks": series.weeks.tolist(), "n": [0] * len(series.weeks), "values": gaps, "centre": gaps, "lcl": gaps,
        "ucl": gaps, "phase": [0] * len(series.weeks), "phase_weeks": [], "limits": [],
        "carried": [], "changed": None,
        "violations": {rule_set: {} for rule_set in RULE_SETS}, "marks": [], "breaks": list(series.breaks),
        "warnings": [_warning(notice) for notice in _notices(series)],
    }  # fmt: skip
    return Measured(_method(name, "none", ()), Health.UNKNOWN, result, _recent(result, [], (), limits=False), (), [])


def _recent(
    result: dict[str, Any], charted: Sequence[int], signals: Sequence[Signal], *, limits: bool
) -> dict[str, Any]:
    """What lists show; ``charted``: the weeks that have a value, ascending; ``signals``: those towards the worse."""
    weeks = result["weeks"]
    last = weeks.index(charted[-1]) if charted else None
    now = charted[-RECENT_WEEKS:]
    return {
        "end": weeks[-1] if weeks else None,
        "values": [_rounded(value) for value in result["values"][-SHOWN_WEEKS:]],
        "n": result["n"][-SHOWN_WEEKS:],
        "centre": None if last is None else result["centre"][last],
        "week": None if last is None else weeks[last],
        "value": None if last is None else result["values"][last],
        "of": 0 if last is None else result["n"][last],
        "unknown": unknown(charted, limits=limits) or "",
        "alarms": [_alarm(result, one) for one in signals if one.last_week in now],
        "episodes": [],
    }


def _small(result: dict[str, Any]) -> dict[str, list[Any]]:
    """Centre line and limits of the last weeks, and the places among them at which a watched rule is violated."""
    first = max(0, len(result["weeks"]) - SHOWN_WEEKS)
    lines = {key: [_rounded(value) for value in result[key][first:]] for key in ("centre", "lcl", "ucl")}
    hits = (int(place) - first for place in result["violations"][WATCHED_RULES])
    return {**lines, "hits": sorted(place for place in hits if place >= 0)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _alarm(result: dict[str, Any], signal: Signal) -> dict[str, Any]:
    """The signal with the figures of its rule, which stand beside the week that violates it last."""
    at_last = result["violations"][signal.rule_set][str(result["weeks"].index(signal.last_week))]
    values = next(one["values"] for one in at_last if one["rule"] == signal.rule)
    return {
        "rule": signal.rule, "name": signal.explanation, "values": values, "week": signal.week,
        "last_week": signal.last_week,
    }  # fmt: skip


def _signals(chart: ControlChart, series: Weekly, violations: Violations) -> tuple[Signal, ...]:
    """One signal for all neighbouring charted weeks in which the same rule is violated on the same side."""
    charted = np.flatnonzero(~np.isnan(chart.values)).tolist()
    found: list[Signal] = []
    going_on: dict[tuple[str, Side], Signal] = {}
    for index in charted:
        week = int(series.weeks[index])
        side = Side.ABOVE if chart.values[index] > chart.centre[index] else Side.BELOW
        now: dict[tuple[str, Side], Signal] = {}
        for one in violations.get(index, []):
            key = (one["rule"], side)
            begun = going_on.get(key)
            first = begun.week if begun else week
            now[key] = Signal(WATCHED_RULES, one["rule"], side, first, week, one["name"])
        found += [signal for key, signal in going_on.items() if key not in now]
        going_on = now
    return (*found, *going_on.values())


def _plain(values: npt.NDArray[np.float64]) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]
