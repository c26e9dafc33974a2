"""A simulated time as handoffs: what was handed over on a link, with the moments that both sides would note."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from baton_analysis.simulation.description import Pair
from baton_analysis.simulation.flowing import SECOND_TIME, SENT_BACK
from baton_analysis.simulation.running import SimulatedYear

HANDOFF_COLUMNS = (
    "supplier", "customer", "reference", "requested_at", "received_at", "delivered_at", "returned_at", "again_at"
)  # fmt: skip


def handed_over(year: SimulatedYear, pairs: Collection[Pair]) -> pl.DataFrame:
    """What passed between these suppliers and customers, one row a handoff, by when the supplier could begin.

    ``reference`` is the case; ``requested_at`` its first event, ``received_at`` the supplier's last one before he
    handed over, ``delivered_at`` the customer's first: their difference is the wait of
    :mod:`baton_analysis.measures.handover_chain`. Of what came back ``returned_at`` is when the customer sent it back,
    ``again_at`` when it was there again. All times are UTC; null: that has not happened. What the supplier had in hand
    when the simulation ended has no ``delivered_at``.
    """
    of_case = pl.col("case")
    events = year.events.sort("case", "time", maintain_order=True).with_columns(
        flow=of_case.str.replace(r"-\d+$", ""),
        first=pl.col("time").first().over(of_case),
        customer=pl.col("team").shift(-1).over(of_case),
        next_at=pl.col("time").shift(-1).over(of_case),
        next_activity=pl.col("activity").shift(-1).over(of_case),
        back_at=pl.col("time").shift(-2).over(of_case),
        back_activity=pl.col("activity").shift(-2).over(of_case),
        again=pl.col("time").shift(-3).over(of_case),
    )
    wanted = pl.DataFrame(sorted(pairs), schema={"team": pl.String, "customer": pl.String}, orient="row")
    passed = events.join(wanted, on=["team", "customer"]).filter(~pl.col("next_activity").str.ends_with(SECOND_TIME))
    came_back = pl.col("back_activity").str.ends_with(SENT_BACK)
    done = passed.with_columns(
        delivered_at="next_at",
        returned_at=pl.when(came_back).then("back_at"),
        again_at=pl.when(came_back).then("again"),
    )
    begins = passed.select("flow", "team", "customer", "activity").unique()
    in_hand = events.filter(pl.col("customer").is_null()).drop("customer").join(begins, on=["flow", "team", "activity"])
    rows = pl.concat([done, in_hand.with_columns(delivered_at=None, returned_at=None, again_at=None)], how="diagonal")
    named = rows.rename({"team": "supplier", "case": "reference", "first": "requested_at", "time": "received_at"})
    return named.select(HANDOFF_COLUMNS).sort("received_at", "reference", "supplier", "customer")
