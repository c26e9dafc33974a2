"""Capability of single handoffs against specification limits, for the links that the report shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import narwhals as nw
import numpy as np
import polars as pl

from baton_analysis.analyse.charting import ChartedMeasure
from baton_analysis.analyse.configuration import Configuration, Specification
from baton_analysis.engines import engine_named
from baton_analysis.errors import MeasureError
from baton_analysis.facts.files import damage_told, fact_files
from baton_analysis.measures.capability import Capability, capability
from baton_analysis.measures.link_weeks import SECONDS

MOST_VALUES = 10_000
"""So many handoffs of a link, the newest, are judged: more narrow no interval that anybody would notice."""

_WEEK = 7


def capabilities(
    place: Path, subjects: Sequence[str], wanted: Configuration, measures: Sequence[ChartedMeasure], *, engine: str
) -> Mapping[str, Capability]:
    """By link, over the last weeks of the promise; links without limits, or whose values do not suffice, are left out.

    Whether a link is stable is told by its chart of medians, where there is one.
    """
    limits = {subject: wanted.specification_of(subject) for subject in subjects}
    limited = [name for name, of in limits.items() if of.lower_seconds is not None or of.upper_seconds is not None]
    if not limited:
        return {}
    steady = _steady(measures)
    values = _values(place, limited, wanted.promise.weeks, engine).partition_by("subject", as_dict=True)
    found: dict[str, Capability] = {}
    for subject in limited:
        if (subject,) in values:
            judged = _judged(values[subject,], limits[subject], steady.get(subject))
            found |= {} if judged is None else {subject: judged}
    return found


def _judged(part: pl.DataFrame, limits: Specification, stable: bool | None) -> Capability | None:
    values = part.sort("day", maintain_order=True)["seconds"].tail(MOST_VALUES)
    values = values.filter(values > 0) if limits.transform == "log" else values
    try:
        return capability(
            values.to_list(), lower=limits.lower_seconds or None, upper=limits.upper_seconds, stable=stable,
            transform=limits.transform,
        )  # fmt: skip
    except MeasureError:
        return None


def _values(place: Path, subjects: Sequence[str], weeks: int, engine: str) -> pl.DataFrame:
    chosen, files = engine_named(engine), fact_files(place)
    last = max((file.last_week for file in files if file.last_week is not None), default=0)
    first = last - _WEEK * (weeks - 1)
    read = [file.path for file in files if file.holds(first, last)]
    facts = chosen.scan(read)
    names = facts.collect_schema().names()
    seconds = next(name for name in SECONDS if name in names)
    wanted = facts.filter(nw.col("week") >= first, nw.col("subject").is_in(list(subjects)), ~nw.col(seconds).is_null())
    day = "day" if "day" in names else "week"
    with damage_told(read):
        return chosen.collect(wanted.select("subject", seconds=nw.col(seconds).cast(nw.Float64()), day=nw.col(day)))


def _steady(measures: Sequence[ChartedMeasure]) -> dict[str, bool]:
    """Whether no rule is broken in the newest phase of a link's chart of medians."""
    for one in measures:
        if one.measure == "median_seconds":
            newest = one.charts.phase == one.charts.phase[-1]
            broken, distance = one.flags.any[:, newest], one.flags.distance[:, newest]
            return {
                subject: not broken[place].any()
                for place, subject in enumerate(one.subjects)
                if not np.isnan(distance[place]).all()
            }
    return {}
