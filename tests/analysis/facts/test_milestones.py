"""A row a case becomes a row a handoff for each link: zones, cases under way, and moments in the wrong order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from baton_analysis.errors import BatonError
from baton_analysis.facts.handoffs import Milestone, events_of_rows, rows_of_milestones

ORDERS = pl.DataFrame(
    {
        "order": ["A", "B", "C"],
        "bought": [datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 11)],  # noqa: DTZ001
        "paid": [datetime(2026, 3, 2, 10), None, datetime(2026, 3, 4, 11)],  # noqa: DTZ001
        "sent": [datetime(2026, 3, 3, 10), datetime(2026, 3, 3, 10), datetime(2026, 3, 4, 10)],  # noqa: DTZ001
    }
)
LINKS = [Milestone("shop>bank", ("bought",), "paid"), Milestone("bank>post", ("paid", "bought"), "sent", due="paid")]


def test_each_link_has_a_row_of_each_case_that_has_begun_there() -> None:
    found = rows_of_milestones(ORDERS, LINKS, reference="order", zone="Asia/Shanghai")
    assert found.frame.select("subject", "reference").rows() == [
        *(("shop>bank", order) for order in "ABC"),
        *(("bank>post", order) for order in "ABC"),
    ]
    assert found.frame["received"][0] == datetime(2026, 3, 2, 1, tzinfo=UTC)
    without = rows_of_milestones(ORDERS, [Milestone("bank>post", ("paid",), "sent")], reference="order")
    assert without.frame["reference"].to_list() == ["A", "C"]


def test_an_end_before_the_start_counts_as_no_time_and_is_said() -> None:
    found = rows_of_milestones(ORDERS, LINKS, reference="order")
    last = found.frame.row(-1, named=True)
    assert last["received"] == last["accepted"] == datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert last["due_at"] == datetime(2026, 3, 4, 11, tzinfo=UTC)
    assert found.notices[0].render() == ("1 handoff ended before it began, by its moments: its time counts as nothing.")
    assert events_of_rows(found.frame).height == 6 + 5


@pytest.mark.parametrize(
    ("links", "settings", "words"),
    [
        ([], {}, "Links: –"),
        ([*LINKS, LINKS[0]], {}, "shop>bank, bank>post, shop>bank"),
        ([Milestone("a>b", (), "sent")], {}, "Links: a>b. Absent: –"),
        ([Milestone("a>b", ("ordered",), "sent")], {}, "Absent: ordered"),
        ([Milestone("a>b", ("order",), "sent")], {}, "“order” must hold times. It holds String."),
        (LINKS, {"zone": "Mars/Base"}, "Mars/Base"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(links: list[Milestone], settings: dict[str, Any], words: str) -> None:
    with pytest.raises(BatonError) as refused:
        rows_of_milestones(ORDERS, links, reference="order", **settings)
    assert words in str(refused.value)
