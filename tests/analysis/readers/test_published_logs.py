"""The published logs, against figures that were computed independently."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from baton_analysis.readers import preview, read

pytestmark = pytest.mark.shared_data


def test_bpi_2013_incidents(shared_data: Path) -> None:
    path = shared_data / "eventlogs" / "bpi2013_incidents.xes.gz"
    start = time.process_time()
    frame = read(path).frame
    assert time.process_time() - start < 25  # 2 s on a machine of its own
    assert frame.height == 65_533
    assert frame["case:concept:name"].n_unique() == 7_554
    assert frame["org:group"].n_unique() == 649
    assert frame["organization involved"].null_count() == 0
    assert frame["time:timestamp"].min().isoformat()[:10] == "2010-03-31"  # type: ignore[union-attr]
    assert frame["time:timestamp"].max().isoformat()[:10] == "2012-05-22"  # type: ignore[union-attr]


def test_bpi_2020_domestic_declarations(shared_data: Path) -> None:
    path = shared_data / "eventlogs" / "bpi2020_domestic_declarations.xes.gz"
    frame = read(path, columns=["case:concept:name", "org:role", "time:timestamp"]).frame
    assert frame.height == 55_628
    assert frame["case:concept:name"].n_unique() == 10_357
    pairs = frame.select(
        frame["org:role"].shift(1).alias("from"),
        frame["org:role"].alias("to"),
        (frame["case:concept:name"] == frame["case:concept:name"].shift(1)).alias("same"),
    ).filter("same")
    back = pairs.filter((pairs["from"] == "ADMINISTRATION") & (pairs["to"] == "EMPLOYEE"))
    assert back.height == 936


@pytest.mark.parametrize(
    ("name", "party"), [("bpi2013_incidents", "org:group"), ("bpi2020_domestic_declarations", "org:role")]
)
def test_the_right_columns_are_proposed_soon(shared_data: Path, name: str, party: str) -> None:
    start = time.process_time()
    proposal = preview(shared_data / "eventlogs" / f"{name}.xes.gz").proposal
    assert time.process_time() - start < 10  # well under a second on a machine of its own
    assert (proposal.case, proposal.activity, proposal.time, proposal.party) == (
        "case:concept:name",
        "concept:name",
        "time:timestamp",
        party,
    )


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("olist/olist_orders_dataset.csv.gz", 8_135),
        ("online_retail/online_retail_2009_2010.parquet", 525_461),
        ("surveys/mobi.csv", 250),
        ("surveys/bh1996.csv.gz", 7_382),
    ],
)
def test_published_tables_are_read_whole(shared_data: Path, name: str, rows: int) -> None:
    assert read(shared_data / name).frame.height == rows
