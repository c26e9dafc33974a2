"""Handoffs of a published marketplace, from its files to attainment, against figures that were computed independently.

Olist, Brazilian e-commerce (coherent subset of 8,135 orders). The platform approves an order, the seller hands it to
the carrier by his shipping limit, the carrier hands it to the customer by the estimated day, which is written as
midnight.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from baton_analysis.facts.calendars import always_open
from baton_analysis.facts.handoffs import (
    Clock,
    HandoffFacts,
    Milestone,
    Promise,
    events_of_rows,
    handoff_facts,
    rows_of_milestones,
)
from baton_analysis.measures.path_times import PathTimes, path_times
from baton_analysis.measures.timeliness import attainment

pytestmark = pytest.mark.shared_data

SAO_PAULO = "America/Sao_Paulo"
APPROVAL, SELLER, CARRIER = "platform>seller", "seller>carrier", "carrier>customer"
PURCHASED, APPROVED = "order_purchase_timestamp", "order_approved_at"
SHIPPED, DELIVERED = "order_delivered_carrier_date", "order_delivered_customer_date"
DAY = 86_400.0

ORDERS = [
    Milestone(APPROVAL, (PURCHASED,), APPROVED),
    Milestone(SELLER, (APPROVED,), SHIPPED),
    Milestone(CARRIER, (SHIPPED,), DELIVERED, due="order_estimated_delivery_date"),
]
LIMITS = [Milestone(SELLER, (APPROVED,), SHIPPED, due="shipping_limit_date")]


def facts(rows: pl.DataFrame, milestones: list[Milestone], clock: Clock, *, case: str | None = None) -> HandoffFacts:
    made = rows_of_milestones(rows, milestones, reference="order_id", case=case, zone=SAO_PAULO)
    as_of = datetime(2018, 12, 31, tzinfo=UTC)
    return handoff_facts(events_of_rows(made.frame), Promise(always_open(SAO_PAULO), clock=clock), as_of=as_of)


@pytest.fixture(scope="module")
def orders(shared_data: Path) -> pl.DataFrame:
    return pl.read_csv(shared_data / "olist" / "olist_orders_dataset.csv.gz", try_parse_dates=True)


@pytest.fixture(scope="module")
def items(shared_data: Path, orders: pl.DataFrame) -> pl.DataFrame:
    """Items whose order was taken by a carrier."""
    read = pl.read_csv(shared_data / "olist" / "olist_order_items_dataset.csv.gz", try_parse_dates=True)
    named = read.with_columns(item=pl.format("{}/{}", "order_id", "order_item_id"))
    return named.join(orders, on="order_id").filter(pl.col(SHIPPED).is_not_null())


def delivered(orders: pl.DataFrame) -> pl.DataFrame:
    return orders.filter((pl.col("order_status") == "delivered") & pl.col(DELIVERED).is_not_null())


@pytest.mark.parametrize(("means", "late", "share"), [("moment", 414, 0.0802), ("day", 342, 0.0662)])
def test_orders_delivered_late_by_timestamp_and_by_day(
    orders: pl.DataFrame, means: str, late: int, share: float
) -> None:
    clock = Clock(due_means=means)  # type: ignore[arg-type]
    found = attainment(facts(delivered(orders), ORDERS[2:], clock))
    assert (found.late, found.overdue) == (late, 0)
    assert 1 - (found.value or 0) == pytest.approx(share, abs=5e-5)


def test_sellers_after_their_limit(items: pl.DataFrame) -> None:
    """9.62 % of items, 9.50 % of handoffs of an order by a seller (his items of one order have one limit)."""
    of_items = attainment(facts(items, LIMITS, Clock(), case="item"))
    assert (of_items.n, of_items.late) == (7_172, 690)
    assert 1 - (of_items.value or 0) == pytest.approx(0.0962, abs=5e-5)
    by_seller = items.unique(["order_id", "seller_id"]).with_columns(pair=pl.format("{}/{}", "order_id", "seller_id"))
    of_sellers = attainment(facts(by_seller, LIMITS, Clock(), case="pair"))
    assert (of_sellers.n, of_sellers.late) == (6_424, 610)
    assert 1 - (of_sellers.value or 0) == pytest.approx(0.0950, abs=5e-5)


def test_median_times_of_the_three_links(orders: pl.DataFrame) -> None:
    made = facts(orders, ORDERS, Clock())
    medians = made.frame.group_by("subject").agg(pl.col("net_seconds").median() / DAY).rows()
    assert {link: round(days, 3) for link, days in medians} == {APPROVAL: 0.014, SELLER: 1.828, CARRIER: 7.15}
    assert rows_of_milestones(orders, ORDERS, reference="order_id").notices[0].render() == (
        "80 handoffs ended before they began, by their moments: their time counts as nothing."
    )


def test_reviews_of_orders_on_time_and_late(shared_data: Path, orders: pl.DataFrame) -> None:
    reviews = pl.read_csv(shared_data / "olist" / "olist_order_reviews_dataset.csv.gz", try_parse_dates=True)
    rows = rows_of_milestones(delivered(orders), ORDERS[2:], reference="order_id", zone=SAO_PAULO).frame
    made = facts(delivered(orders), ORDERS[2:], Clock()).frame
    numbered = rows.with_columns(number=pl.col("case").rank("dense").cast(pl.Int64))
    late = numbered.join(made.select("late", number="case"), on="number").select("late", order_id="reference")
    scores = reviews.join(late, on="order_id").group_by("late").agg(pl.len(), pl.col("review_score").mean().round(2))
    assert {row[0]: row[1:] for row in scores.rows()} == {False: (4_814, 4.28), True: (418, 2.50)}


@pytest.fixture(scope="module")
def path(orders: pl.DataFrame, items: pl.DataFrame) -> PathTimes:
    """All links of the delivered orders, with the sellers' limits and the estimated days as promises."""
    whole = delivered(orders).join(
        items.group_by("order_id").agg(limit=pl.col("shipping_limit_date").max()), on="order_id"
    )
    milestones = [ORDERS[0], Milestone(SELLER, (APPROVED,), SHIPPED, due="limit"), ORDERS[2]]
    made = rows_of_milestones(whole, milestones, reference="order_id", zone=SAO_PAULO).frame
    promise = Promise(always_open(SAO_PAULO))
    table = handoff_facts(events_of_rows(made), promise, as_of=datetime(2018, 12, 31, tzinfo=UTC)).frame
    return path_times(nw.from_native(table.lazy()), [APPROVAL, SELLER, CARRIER], by="case")


def test_the_path_of_an_order_and_whose_delay_it_is(path: PathTimes) -> None:
    links = {row["link"]: row for row in path.links.iter_rows(named=True)}
    assert path.n > 5_100
    assert path.late_share == pytest.approx(0.080, abs=0.001)
    assert sum(row["share"] for row in links.values()) == pytest.approx(1)
    assert links[CARRIER]["share"] > links[SELLER]["share"] > links[APPROVAL]["share"]
    assert links[APPROVAL]["own_seconds"] == 0
    assert path.links["contribution_seconds"].sum() == pytest.approx(path.lateness_seconds)
    assert links[CARRIER]["contribution_share"] > links[SELLER]["contribution_share"] > 0
