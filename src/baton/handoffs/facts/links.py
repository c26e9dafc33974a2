"""Waits and returns of a link, as recorded: they stand on the same charts as the handovers found in event logs."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import polars as pl

from baton.core.queries.calendars import home_zone
from baton.handoffs.facts.reading import MOMENT, read
from baton.handoffs.facts.sources import SYSTEM, Span


def link_facts(source: str) -> pl.DataFrame | None:
    """What was delivered, one row a handoff, with the columns of the fact table ``handovers``: ``wait_seconds`` is the
    time from when the supplier had what he needed, else from the request, until the delivery; ``returned`` whether
    something came back that counts. None where nothing was delivered."""
    span = Span.of(source)
    first = span.handoffs().select_related("link__supplier", "link__customer").first()
    found = read(span) if first is not None else None
    if found is None or first is None:
        return None
    begun = pl.coalesce("received_at", "requested_at")
    delivered = found.rows.with_columns(at=pl.coalesce("delivered_at", "accepted_at")).drop_nulls("at")
    if delivered.is_empty():
        return None
    return dated(delivered, home_zone(viewer=SYSTEM)).select(
        pl.lit(first.link.measured_as).alias("subject"),
        "case",
        "at",
        "day",
        "week",
        wait_seconds=(pl.col("at") - begun).dt.total_microseconds().cast(pl.Float64) / 1e6,
        returned=pl.col("came_back"),
    )


def dated(rows: pl.DataFrame, zone: ZoneInfo) -> pl.DataFrame:
    """The rows with the day of ``at`` in the zone, and the Monday of its ISO week (days since 1970-01-01)."""
    day = pl.col("at").dt.convert_time_zone(zone.key).dt.date().cast(pl.Int32)
    return rows.with_columns(pl.col("at").cast(MOMENT), day=day).with_columns(
        week=((pl.col("day") + 3) // 7 * 7 - 3).cast(pl.Int32)
    )
