"""What is written as CSV, XES or Parquet is read back as it was."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from baton_analysis.readers import read
from tests.analysis.readers.logs import log_of

# Letters that XML and CSV can carry; a byte order mark at the beginning is no part of a text.
LETTERS = st.characters(
    exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff", include_characters="\n\t"
)
VALUES = st.text(LETTERS, min_size=1, max_size=12)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    width = draw(st.integers(2, 5))
    row = st.lists(st.none() | VALUES, min_size=width, max_size=width).filter(any)
    rows = draw(st.lists(row, min_size=1, max_size=12))
    return pl.DataFrame(rows, schema={f"column {i}": pl.String for i in range(width)}, orient="row")


@FEW
@given(tables(), st.sampled_from([",", ";", "\t", "|", "\uff0c"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_csv(table: pl.DataFrame, delimiter: str, encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow(table.columns)
            writer.writerows(table.rows())
        result = read(path, delimiter=delimiter).frame
    assert result.equals(table)


@FEW
@given(tables())
def test_parquet(table: pl.DataFrame) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        table.write_parquet(path)
        assert read(path).frame.equals(table)


@example([("a", [{"^$": "b"}])])  # a pattern, if Polars is let
@FEW
@given(st.lists(st.tuples(VALUES, st.lists(st.dictionaries(VALUES, VALUES, max_size=4), max_size=5)), max_size=6))
def test_xes(cases: list[tuple[str, list[dict[str, str]]]]) -> None:
    expected = [{"case:concept:name": name, **event} for name, events in cases for event in events]
    if not expected:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        path.write_bytes(log_of(cases))
        frame = read(path).frame
    assert [{k: v for k, v in row.items() if v is not None} for row in frame.to_dicts()] == expected
