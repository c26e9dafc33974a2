"""Which links do not keep what was promised, with the number of false findings held among all links."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from baton_analysis.analyse.configuration import Configuration
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.signals.broken_standards import attainment_below_standard, broken_standards

LINKS: dict[str, Any] = {
    "subject": pl.String,
    "weeks": pl.Int64,
    "handoffs": pl.Int64,
    "judged": pl.Int64,
    "late": pl.Int64,
    "late_share": pl.Float64,
    "late_low": pl.Float64,
    "late_high": pl.Float64,
    "returns": pl.Int64,
    "return_share": pl.Float64,
    "mean_seconds": pl.Float64,
    "attainment": pl.Float64,
    "p": pl.Float64,
    "adjusted_p": pl.Float64,
    "broken": pl.Boolean,
    "recent_signals": pl.Int64,
    "recent_worse": pl.Int64,
    "recent_effect": pl.Float64,
}
"""Columns of the table of links. ``recent_signals`` counts rules that are broken in the recent weeks, ``recent_worse``
those of them for the worse. ``recent_effect`` adds up, over the points of the latter, effect times volume: handoffs
late or returned beyond those of the centre line, and for medians handoffs times the share by which they take longer."""

_WEEK = 7


def judged_links(link_weeks: pl.DataFrame, signals: pl.DataFrame, wanted: Configuration) -> pl.DataFrame:
    """One row a link over the last weeks, what matters first.

    Broken promises come first, by what they cost (handoffs late beyond those that the promise allows), then links with
    new signals for the worse, by ``recent_effect``, then those with the most late handoffs. See
    :mod:`baton_analysis.signals.broken_standards`.
    """
    last = link_weeks["week"].max()
    if not isinstance(last, int):
        return pl.DataFrame(schema=LINKS)
    recent = link_weeks.filter(pl.col("week") > last - _WEEK * wanted.promise.weeks)
    rows = recent.group_by("subject").agg(
        weeks=pl.len().cast(pl.Int64),
        **{name: pl.col(name).sum() for name in ("handoffs", "judged", "late", "returns")},
        mean_seconds=(pl.col("mean_seconds") * pl.col("known")).sum() / pl.col("known").sum(),
    )
    rows = _with_verdict(rows.sort("subject"), wanted).join(_counts(signals), on="subject", how="left")
    order = [pl.when("broken").then("cost"), "recent_effect", "late", "handoffs", "subject"]
    return (
        rows.with_columns(
            pl.col("recent_signals", "recent_worse", "recent_effect").fill_null(0),
            pl.col("mean_seconds").fill_nan(None),
            return_share=pl.col("returns") / pl.col("handoffs"),
        )
        .sort(order, descending=[True, True, True, True, False], nulls_last=True)
        .select(pl.col(name).cast(kind) for name, kind in LINKS.items())
    )


def _with_verdict(rows: pl.DataFrame, wanted: Configuration) -> pl.DataFrame:
    late, judged = (rows[name].to_numpy().astype(np.float64) for name in ("late", "judged"))
    low, high = wilson_interval(late, judged)
    subjects = rows["subject"].to_list()
    promised = pl.Series("attainment", [wanted.attainment_of(subject) for subject in subjects], dtype=pl.Float64)
    rows = rows.with_columns(
        promised,
        pl.when(pl.col("judged") > 0).then(pl.col("late") / pl.col("judged")).alias("late_share"),
        pl.Series("late_low", low).fill_nan(None),
        pl.Series("late_high", high).fill_nan(None),
    )
    if promised.null_count() == len(promised):
        nothing = pl.lit(None, pl.Float64)
        return rows.with_columns(nothing.alias("p"), nothing.alias("adjusted_p"), nothing.alias("cost"), broken=False)
    # A link without a promise has nothing to be tested.
    tested = np.where(promised.is_not_null().to_numpy(), judged, 0.0)
    kept = np.where(tested > 0, judged - late, 0.0)
    tests = attainment_below_standard(subjects, kept, tested, promised.fill_null(1.0).to_numpy())
    found = broken_standards(tests, level=wanted.promise.fdr).to_table()
    verdicts = found.select(
        pl.col("link").alias("subject"),
        pl.col("p", "cost").fill_nan(None),
        pl.col("adjusted").fill_nan(None).alias("adjusted_p"),
        pl.col("found").alias("broken"),
    )
    return rows.join(verdicts, on="subject", how="left")


def _counts(signals: pl.DataFrame) -> pl.DataFrame:
    recent = signals.filter("recent").with_columns(pl.col("worse").fill_null(False))
    counted = recent.group_by("subject").agg(
        recent_signals=pl.len().cast(pl.Int64), recent_worse=pl.col("worse").sum().cast(pl.Int64)
    )
    away = pl.col("value") - pl.col("centre")
    effect = (
        pl.when(pl.col("measure").str.ends_with("_share"))
        .then(away)
        .when(pl.col("centre") > 0)
        .then(away / pl.col("centre"))
    )
    points = recent.filter("worse").unique(["subject", "measure", "week"])
    weighed = points.group_by("subject").agg(recent_effect=(pl.col("n") * effect).sum())
    return counted.join(weighed, on="subject", how="left")
