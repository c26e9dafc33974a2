"""Which links do not keep what was promised, with the number of false findings held among all links."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from scipy.special import bdtrc

from baton_analysis.analyse.configuration import Promise
from baton_analysis.measures.false_discovery import control_false_discoveries
from baton_analysis.measures.proportions import wilson_interval

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
}
"""Columns of the table of links."""

_WEEK = 7


def judged_links(link_weeks: pl.DataFrame, signals: pl.DataFrame, promise: Promise) -> pl.DataFrame:
    """One row a link over the last weeks, what matters first.

    Broken promises come first, then links with new signals for the worse, then those with the most late handoffs. The
    p-value is that of the exact one-sided binomial test that at least so many would be late if the promise were kept;
    it is adjusted by Benjamini and Hochberg (1995) over all links that were judged.
    """
    last = link_weeks["week"].max()
    if not isinstance(last, int):
        return pl.DataFrame(schema=LINKS)
    recent = link_weeks.filter(pl.col("week") > last - _WEEK * promise.weeks)
    rows = recent.group_by("subject").agg(
        weeks=pl.len().cast(pl.Int64),
        **{name: pl.col(name).sum() for name in ("handoffs", "judged", "late", "returns")},
        mean_seconds=(pl.col("mean_seconds") * pl.col("known")).sum() / pl.col("known").sum(),
    )
    rows = _with_verdict(rows.sort("subject"), promise).join(_counts(signals), on="subject", how="left")
    order = ["broken", "recent_worse", "adjusted_p", "late", "handoffs", "subject"]
    return (
        rows.with_columns(
            pl.col("recent_signals", "recent_worse").fill_null(0),
            pl.col("mean_seconds").fill_nan(None),
            return_share=pl.col("returns") / pl.col("handoffs"),
        )
        .select(pl.col(name).cast(kind) for name, kind in LINKS.items())
        .sort(order, descending=[True, True, False, True, True, False], nulls_last=True)
    )


def _with_verdict(rows: pl.DataFrame, promise: Promise) -> pl.DataFrame:
    late, judged = (rows[name].to_numpy().astype(np.float64) for name in ("late", "judged"))
    low, high = wilson_interval(late, judged)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(judged > 0, late / judged, np.nan)
    p = np.full(len(rows), np.nan)
    if promise.attainment is not None:
        tail = bdtrc(np.maximum(late - 1, 0), np.maximum(judged, 1).astype(np.int64), 1 - promise.attainment)
        p = np.where(judged > 0, np.where(late > 0, tail, 1.0), np.nan)
    control = control_false_discoveries(p, level=promise.fdr)
    columns = {
        "late_share": share, "late_low": low, "late_high": high, "p": control.p, "adjusted_p": control.adjusted,
    }  # fmt: skip
    return rows.with_columns(
        pl.lit(promise.attainment, pl.Float64).alias("attainment"),
        *(pl.Series(name, values).fill_nan(None) for name, values in columns.items()),
        pl.Series("broken", control.found),
    )


def _counts(signals: pl.DataFrame) -> pl.DataFrame:
    recent = signals.filter("recent").group_by("subject")
    return recent.agg(
        recent_signals=pl.len().cast(pl.Int64),
        recent_worse=pl.col("worse").fill_null(False).sum().cast(pl.Int64),
    )
