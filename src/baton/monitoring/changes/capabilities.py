"""The single waits, or values, of the last phase, and the limits in force -> capability, as plain values for JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from baton.monitoring import facts
from baton.monitoring.models import Specification, StoredCapability
from baton.monitoring.rules import (
    DAYS_A_WEEK,
    FEWEST_WEEKS,
    MEASURED_VALUE,
    RECENT_WEEKS,
    UNSTABLE_SHARE,
    WAITING_TIME,
    WATCHED_RULES,
    Scale,
    Stability,
    day_of_number,
)
from baton_analysis.errors import MeasureError
from baton_analysis.measures import capability as indices
from baton_analysis.measures.capability import Capability, capability
from baton_analysis.measures.proportions import wilson_interval

# The mathematics and what this module makes of it.
VERSION = f"{indices.VERSION}.2"
# Of a histogram: so many columns at least and at most, up to the value that all but one in a hundred stay below.
COLUMNS = (8, 30)
SHOWN_UP_TO = 0.99

Floats = npt.NDArray[np.float64]
Chart = Mapping[str, Any]
"""What a stored chart of waits holds, see :class:`baton.monitoring.changes.charting.Measured`."""


@dataclass(frozen=True, slots=True)
class LastPhase:
    """The last phase of a chart: its first and last week with a value (day numbers of the Mondays), whether it is
    steady, and the watched rules that are violated in it."""

    first: int
    last: int
    stability: Stability
    rules: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which bounds the values of a subject are to lie: of whatever record (``public_id``), in its state
    ``seq``, from the day ``began_on`` (ISO; empty: since the clause holds)."""

    public_id: str
    lower: float | None
    upper: float | None
    target: float | None
    transform: str = Scale.LINEAR
    began_on: str = ""
    seq: int = 0


def measure_capabilities(charts: Mapping[str, Chart], paths: Collection[str], *, at: datetime, seq: int) -> None:
    """Compute and store the capability of the waits of every subject of ``charts`` that has limits in force; forget
    that of others.

    ``charts`` are the charts of their waits, ``paths`` the fact files. One whose input digest stands unchanged is left
    as it is.
    """
    phases = _last_phases(charts)
    limits = _in_force(phases)
    StoredCapability.objects.filter(measure=WAITING_TIME, subject__in=charts.keys() - limits.keys()).delete()
    if limits and paths:
        table = facts.scan_of_links(paths)
        _store(WAITING_TIME, _values(table, "wait_seconds", phases, limits), limits, phases, at=at, seq=seq)


def measure_clauses(
    charts: Mapping[str, Chart], limits: Mapping[str, Limits], paths: Collection[str], *, at: datetime, seq: int
) -> None:
    """The same for measured values against the ``limits`` of their clauses, by subject."""
    phases = _last_phases(charts)
    held = {subject: limits[subject] for subject in phases if _is_bound(limits.get(subject))}
    StoredCapability.objects.filter(measure=MEASURED_VALUE, subject__in=charts.keys() - held.keys()).delete()
    if held and paths:
        values = _values(facts.scan(paths), "value", phases, held)
        _store(MEASURED_VALUE, values, held, phases, at=at, seq=seq)


def _is_bound(limits: Limits | None) -> bool:
    return limits is not None and (limits.lower is not None or limits.upper is not None)


def _last_phases(charts: Mapping[str, Chart]) -> dict[str, LastPhase]:
    return {subject: phase for subject, chart in charts.items() if (phase := last_phase(chart)) is not None}


def _store(
    measure: str, values: Mapping[str, Values], limits: Mapping[str, Limits], phases: Mapping[str, LastPhase], *,
    at: datetime, seq: int,
) -> None:  # fmt: skip
    known = {row.subject: row for row in StoredCapability.objects.filter(measure=measure, subject__in=values)}
    rows = []
    for subject, found in values.items():
        digest = _digest(found, limits[subject], phases[subject])
        old = known.get(subject)
        if old is None or (old.input_digest, old.version) != (digest, VERSION):
            result, method = _computed(found, limits[subject], phases[subject])
            rows.append(StoredCapability(
                subject=subject, measure=measure, method=f"{measure}.{method}.{limits[subject].transform}",
                version=VERSION, input_digest=digest, computed_at=at, seq=seq, result=result,
            ))  # fmt: skip
    StoredCapability.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["subject", "measure"],
        update_fields=["method", "version", "input_digest", "computed_at", "seq", "result"],
    )


def last_phase(chart: Chart) -> LastPhase | None:
    """The last phase of a chart of waits; None where no wait is known."""
    charted = [place for place, value in enumerate(chart["values"]) if value is not None]
    if not charted:
        return None
    number = chart["phase"][charted[-1]]
    places = [place for place in charted if chart["phase"][place] == number]
    hits = chart["violations"][WATCHED_RULES]
    violated = [place for place in places if hits.get(str(place))]
    found = {hit["rule"]: hit for place in violated for hit in hits[str(place)]}
    lately = not set(violated).isdisjoint(places[-RECENT_WEEKS:])
    return LastPhase(
        first=chart["weeks"][places[0]],
        last=chart["weeks"][places[-1]],
        stability=_stability(
            len(places),
            limits=chart["ucl"][places[-1]] is not None,
            violated=lately or len(violated) > UNSTABLE_SHARE * len(places),
        ),
        rules=tuple(found[rule] for rule in sorted(found)),
    )


def _stability(weeks: int, *, limits: bool, violated: bool) -> Stability:
    if violated:
        return Stability.UNSTABLE
    if not limits:
        return Stability.NO_LIMITS
    return Stability.STABLE if weeks >= FEWEST_WEEKS else Stability.FEW


def _in_force(phases: Mapping[str, LastPhase]) -> dict[str, Limits]:
    """The limits that hold in the last week of each phase."""
    rows = Specification.objects.filter(subject__in=phases, measure=WAITING_TIME, withdrawn_at=None)
    return {
        row.subject: Limits(
            row.public_id, row.lower, row.upper, row.target, row.transform, row.began_on.isoformat(), row.changed_seq
        )
        for row in rows.order_by("began_on")
        if row.began_on <= day_of_number(phases[row.subject].last + DAYS_A_WEEK - 1)
    }


@dataclass(frozen=True, eq=False, slots=True)
class Values:
    """The known values of a phase in the order of time (waits in seconds), each with the Monday of its week."""

    weeks: npt.NDArray[np.int64]
    values: Floats

    def by_week(self) -> list[Floats]:
        edges = np.flatnonzero(np.diff(self.weeks)) + 1
        return [np.asarray(part, dtype=np.float64) for part in np.split(self.values, edges)]


def _values(
    table: pl.LazyFrame, column: str, phases: Mapping[str, LastPhase], limits: Mapping[str, Limits]
) -> dict[str, Values]:
    """Of each subject with limits the values in ``column`` that lie in its last phase."""
    known = pl.col(column).is_not_null() & pl.col("week").is_not_null()
    since = pl.col("week") >= min(phases[subject].first for subject in limits)
    wanted = table.filter(pl.col("subject").is_in(list(limits)) & since & known)
    rows = wanted.select("subject", "week", "at", column).collect().sort("subject", "week", "at")
    found = {}
    for key, part in rows.partition_by("subject", as_dict=True).items():
        phase = phases[str(key[0])]
        here = part.filter(pl.col("week").is_between(phase.first, phase.last))
        found[str(key[0])] = Values(here["week"].cast(pl.Int64).to_numpy(), here[column].cast(pl.Float64).to_numpy())
    return found


def _digest(values: Values, limits: Limits, phase: LastPhase) -> str:
    """Of all that goes into a capability, apart from its method."""
    digest = hashlib.sha256()
    for column in (values.weeks, values.values):
        digest.update(len(column).to_bytes(8, "big"))
        digest.update(column.astype(">f8").tobytes())
    digest.update(repr((limits, phase.stability, phase.rules)).encode())
    return digest.hexdigest()


def _computed(values: Values, limits: Limits, phase: LastPhase) -> tuple[dict[str, Any], str]:
    """The result, and the name of its method."""
    result = _said(limits, phase) | _spread(values.values, limits)
    try:
        found = _capability(values, limits, phase)
    except MeasureError as error:
        result["refused"] = {
            "expected": error.expected, "found": error.found, "remedy": error.remedy,
            "values": {name: value if isinstance(value, int | float) else str(value)
                       for name, value in error.values.items()},
        }  # fmt: skip
        return result, "none"
    return result | _indices(found, phase), found.method


def _capability(values: Values, limits: Limits, phase: LastPhase) -> Capability:
    """Weeks are the subgroups, as on the chart: what varies within a week is what the process does by itself."""
    groups = values.by_week()
    several = any(len(group) > 1 for group in groups)
    return capability(
        groups if several else values.values,  # type: ignore[arg-type]
        lower=limits.lower,
        upper=limits.upper,
        target=limits.target,
        within="pooled" if several else "moving_range",
        stable=phase.stability != Stability.UNSTABLE,
        transform="log" if limits.transform == Scale.LOG else "none",
    )


def _said(limits: Limits, phase: LastPhase) -> dict[str, Any]:
    return {
        "specification": {
            "public_id": limits.public_id, "lower": limits.lower, "upper": limits.upper, "target": limits.target,
            "transform": limits.transform, "began_on": limits.began_on,
        },
        "first": phase.first,
        "last": phase.last,
        "stability": phase.stability,
        "rules": list(phase.rules),
        "refused": None,
        "indices": [],
        "warnings": [],
    }  # fmt: skip


def _indices(found: Capability, phase: LastPhase) -> dict[str, Any]:
    """Those that hold: without a chart that calls the process steady none of Cp, Cpk, Cpm."""
    steady = phase.stability == Stability.STABLE
    kept = [index.to_dict() for name, index in found.indices.items() if steady or name.startswith("P")]
    warnings = [
        {"message": one.message, "count": one.count, "values": dict(one.values)}
        for one in found.warnings
        if one.message != indices.NOT_STABLE
    ]
    return {"indices": kept, "warnings": warnings, "confidence": found.confidence}


def _spread(values: Floats, limits: Limits) -> dict[str, Any]:
    """How many values lie outside, and how all of them are spread."""
    n = len(values)
    outside = sum(
        int(np.count_nonzero(beyond))
        for beyond in (
            *([values < limits.lower] if limits.lower is not None else []),
            *([values > limits.upper] if limits.upper is not None else []),
        )
    )
    low, high = wilson_interval([outside], [n])
    return {
        "n": n,
        "outside": outside,
        "outside_low": float(low[0]),
        "outside_high": float(high[0]),
        "mean": float(values.mean()),
        "median": float(np.median(values)),
        "p95": float(np.quantile(values, 0.95)),
        "histogram": histogram(values, limits.lower, limits.upper),
    }


def histogram(values: Floats, lower: float | None, upper: float | None) -> dict[str, Any]:
    """Columns of equal width that reach over all but the largest values and over the limits, which lie on edges:
    their ``edges``, the ``counts`` between them (a value at a limit is within it), and how many lie ``above`` the last
    edge. About as many columns as the square root of the number of values."""
    shown = [limit for limit in (lower, upper) if limit is not None]
    low = min([float(values.min()), *shown])
    high = max([float(np.quantile(values, SHOWN_UP_TO)), *(limit + abs(limit) / 10 for limit in shown)])
    high = high if high > low else low + 1.0
    width = (high - low) / np.clip(np.ceil(np.sqrt(len(values))), *COLUMNS)
    if lower is not None and upper is not None:
        width = (upper - lower) / max(1.0, np.rint((upper - lower) / width))
    start = shown[-1] - (np.floor((shown[-1] - low) / width) + 1) * width
    edges = start + width * np.arange(int(np.ceil((high - start) / width)) + 1)
    edges[0] = max(edges[0], min(0.0, low))
    # Each column holds its right edge, but for the one that ends at the lower limit.
    bounds = np.where(np.isclose(edges, lower), np.nextafter(edges, -np.inf), edges) if lower is not None else edges
    place = np.searchsorted(bounds, values, side="left") - 1
    within = values <= bounds[-1]
    counts = np.bincount(np.maximum(place[within], 0), minlength=len(edges) - 1)
    return {
        "edges": [float(edge) for edge in edges],
        "counts": [int(count) for count in counts],
        "above": int(np.count_nonzero(~within)),
    }
