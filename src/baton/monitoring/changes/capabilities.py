"""The single waits of the last phase, and the limits in force -> capability, as plain values for JSON."""

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
VERSION = f"{indices.VERSION}.1"
# Of a histogram: so many columns at least and at most, up to the wait that all but one in a hundred stay below.
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


def measure_capabilities(charts: Mapping[str, Chart], paths: Collection[str], *, at: datetime, seq: int) -> None:
    """Compute and store the capability of every subject of ``charts`` that has limits in force; forget that of others.

    ``charts`` are the charts of their waits, ``paths`` the fact files. One whose input digest stands unchanged is left
    as it is.
    """
    phases = {subject: phase for subject, chart in charts.items() if (phase := last_phase(chart)) is not None}
    limits = _in_force(phases)
    StoredCapability.objects.filter(subject__in=charts.keys() - limits.keys()).delete()
    if not limits:
        return
    known = {row.subject: row for row in StoredCapability.objects.filter(subject__in=limits)}
    rows = []
    for subject, waits in _waits({subject: phases[subject] for subject in limits}, paths).items():
        digest = _digest(waits, limits[subject], phases[subject])
        old = known.get(subject)
        if old is None or (old.input_digest, old.version) != (digest, VERSION):
            rows.append(_row(subject, waits, limits[subject], phases[subject], digest, at, seq))
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


def _in_force(phases: Mapping[str, LastPhase]) -> dict[str, Specification]:
    """The limits that hold in the last week of each phase."""
    rows = Specification.objects.filter(subject__in=phases, measure=WAITING_TIME, withdrawn_at=None)
    return {
        row.subject: row
        for row in rows.order_by("began_on")
        if row.began_on <= day_of_number(phases[row.subject].last + DAYS_A_WEEK - 1)
    }


@dataclass(frozen=True, eq=False, slots=True)
class Waits:
    """The known waits of a phase in seconds, in the order of time, each with the Monday of its week."""

    weeks: npt.NDArray[np.int64]
    seconds: Floats

    def by_week(self) -> list[Floats]:
        edges = np.flatnonzero(np.diff(self.weeks)) + 1
        return [np.asarray(part, dtype=np.float64) for part in np.split(self.seconds, edges)]


def _waits(phases: Mapping[str, LastPhase], paths: Collection[str]) -> dict[str, Waits]:
    if not paths:
        return {}
    known = pl.col("wait_seconds").is_not_null() & pl.col("week").is_not_null()
    since = pl.col("week") >= min(phase.first for phase in phases.values())
    wanted = facts.scan_of_links(paths).filter(pl.col("subject").is_in(list(phases)) & since & known)
    rows = wanted.select("subject", "week", "at", "wait_seconds").collect().sort("subject", "week", "at")
    found = {}
    for key, part in rows.partition_by("subject", as_dict=True).items():
        phase = phases[str(key[0])]
        here = part.filter(pl.col("week").is_between(phase.first, phase.last))
        found[str(key[0])] = Waits(
            here["week"].cast(pl.Int64).to_numpy(), here["wait_seconds"].cast(pl.Float64).to_numpy()
        )
    return found


def _digest(waits: Waits, limits: Specification, phase: LastPhase) -> str:
    """Of all that goes into a capability, apart from its method."""
    digest = hashlib.sha256()
    for column in (waits.weeks, waits.seconds):
        digest.update(len(column).to_bytes(8, "big"))
        digest.update(column.astype(">f8").tobytes())
    digest.update(repr((limits.public_id, limits.changed_seq, phase.stability, phase.rules)).encode())
    return digest.hexdigest()


def _row(
    subject: str, waits: Waits, limits: Specification, phase: LastPhase, digest: str, at: datetime, seq: int
) -> StoredCapability:
    result = _said(limits, phase) | _spread(waits, limits)
    method = "none"
    try:
        found = _capability(waits, limits, phase)
    except MeasureError as error:
        result["refused"] = {
            "expected": error.expected, "found": error.found, "remedy": error.remedy,
            "values": {name: value if isinstance(value, int | float) else str(value)
                       for name, value in error.values.items()},
        }  # fmt: skip
    else:
        method = found.method
        result |= _indices(found, phase)
    return StoredCapability(
        subject=subject, measure=WAITING_TIME, method=f"{WAITING_TIME}.{method}.{limits.transform}", version=VERSION,
        input_digest=digest, computed_at=at, seq=seq, result=result,
    )  # fmt: skip


def _capability(waits: Waits, limits: Specification, phase: LastPhase) -> Capability:
    """Weeks are the subgroups, as on the chart: what varies within a week is what the process does by itself."""
    groups = waits.by_week()
    several = any(len(group) > 1 for group in groups)
    return capability(
        groups if several else waits.seconds,  # type: ignore[arg-type]
        lower=limits.lower,
        upper=limits.upper,
        target=limits.target,
        within="pooled" if several else "moving_range",
        stable=phase.stability != Stability.UNSTABLE,
        transform="log" if limits.transform == Scale.LOG else "none",
    )


def _said(limits: Specification, phase: LastPhase) -> dict[str, Any]:
    return {
        "specification": {
            "public_id": limits.public_id, "lower": limits.lower, "upper": limits.upper, "target": limits.target,
            "transform": limits.transform, "began_on": limits.began_on.isoformat(),
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


def _spread(waits: Waits, limits: Specification) -> dict[str, Any]:
    """How many waits lie outside, and how all of them are spread."""
    seconds = waits.seconds
    n = len(seconds)
    outside = sum(
        int(np.count_nonzero(beyond))
        for beyond in (
            *([seconds < limits.lower] if limits.lower is not None else []),
            *([seconds > limits.upper] if limits.upper is not None else []),
        )
    )
    low, high = wilson_interval([outside], [n])
    return {
        "n": n,
        "outside": outside,
        "outside_low": float(low[0]),
        "outside_high": float(high[0]),
        "median": float(np.median(seconds)),
        "p95": float(np.quantile(seconds, 0.95)),
        "histogram": histogram(seconds, limits.lower, limits.upper),
    }


def histogram(seconds: Floats, lower: float | None, upper: float | None) -> dict[str, Any]:
    """Columns of equal width that reach over all but the longest waits and over the limits, which lie on edges: their
    ``edges``, the ``counts`` between them (a wait at a limit is within it), and how many waits lie ``above`` the last
    edge. About as many columns as the square root of the number of waits."""
    shown = [limit for limit in (lower, upper) if limit is not None]
    low = min([float(seconds.min()), *shown])
    high = max([float(np.quantile(seconds, SHOWN_UP_TO)), *(1.1 * limit for limit in shown)])
    high = high if high > low else low + 1.0
    width = (high - low) / np.clip(np.ceil(np.sqrt(len(seconds))), *COLUMNS)
    if lower is not None and upper is not None:
        width = (upper - lower) / max(1.0, np.rint((upper - lower) / width))
    start = shown[-1] - (np.floor((shown[-1] - low) / width) + 1) * width
    edges = start + width * np.arange(int(np.ceil((high - start) / width)) + 1)
    edges[0] = max(edges[0], min(0.0, low))
    # Each column holds its right edge, but for the one that ends at the lower limit.
    bounds = np.where(np.isclose(edges, lower), np.nextafter(edges, -np.inf), edges) if lower is not None else edges
    place = np.searchsorted(bounds, seconds, side="left") - 1
    within = seconds <= bounds[-1]
    counts = np.bincount(np.maximum(place[within], 0), minlength=len(edges) - 1)
    return {
        "edges": [float(edge) for edge in edges],
        "counts": [int(count) for count in counts],
        "above": int(np.count_nonzero(~within)),
    }
