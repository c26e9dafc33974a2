"""Parquet tables: types as stored, bounds before decoding, damage refused."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from baton_analysis.errors import ReadError
from baton_analysis.readers import Limits, preview, read
from tests.analysis.readers.refusals import MEMORY_MIB, peak_memory_of_refusal, refused


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.parquet"


def test_types_are_kept_and_times_brought_to_utc(path: Path) -> None:
    pl.DataFrame(
        {
            "case": ["a", None],
            "n": [1, 2],
            "x": [1.5, None],
            "ok": [True, False],
            "zoned": pl.Series([datetime(2026, 1, 1, 8, tzinfo=UTC)] * 2).dt.convert_time_zone("Asia/Shanghai"),
            "local": [datetime(2026, 1, 1, 8)] * 2,  # noqa: DTZ001
            "day": [date(2026, 1, 1)] * 2,
            "said": ["2026-01-01 08:00", "2026-01-02 08:00"],
            "kind": pl.Series(["u", "v"], dtype=pl.Categorical),
        }
    ).write_parquet(path)
    table = read(path, zone="Asia/Shanghai")
    assert (table.format, table.encoding, table.delimiter) == ("parquet", None, None)
    row = table.frame.row(0, named=True)
    assert row["zoned"] == datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert row["local"] == row["said"] == datetime(2026, 1, 1, 0, tzinfo=UTC)
    assert row["day"] == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert (row["case"], row["n"], row["x"], row["ok"], row["kind"]) == ("a", 1, 1.5, True, "u")
    assert table.frame.schema["kind"] == pl.String
    assert len([n for n in table.notices if "no zone" in n.render()]) == 3


def test_a_preview_describes_it(path: Path) -> None:
    rows = 6_000
    columns = {
        "case": [str(i) for i in range(rows)],
        "team": ["A", "B"] * (rows // 2),
        "when": [datetime(2026, 1, 1, tzinfo=UTC)] * rows,
    }
    pl.DataFrame(columns).write_parquet(path)
    seen = preview(path)
    assert (seen.rows_sampled, seen.complete) == (5_000, False)
    assert [column.kind for column in seen.columns] == ["number", "text", "time"]
    assert (seen.proposal.case, seen.proposal.time, seen.proposal.party) == ("case", "when", "team")


def test_nested_columns_are_left_out_and_said(path: Path) -> None:
    pl.DataFrame({"case": ["a"], "parts": [[1, 2]]}).write_parquet(path)
    table = read(path)
    assert table.frame.columns == ["case"]
    assert any("lists or records" in n.render() and "parts" in n.render() for n in table.notices)
    refused(path, preview_too=False, columns=["parts"])


@pytest.mark.parametrize("cut", [4, 100, -1, -8])
def test_a_truncated_file_is_refused(path: Path, cut: int) -> None:
    pl.DataFrame({"case": [str(i) for i in range(1_000)]}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:cut])
    assert "damaged" in refused(path).render()


@pytest.mark.parametrize("compression", ["zstd", "uncompressed"])
def test_damage_anywhere_is_refused_or_harmless(path: Path, compression: Literal["zstd", "uncompressed"]) -> None:
    frame = pl.DataFrame({"case": [f"case {i * i}" for i in range(300)], "n": list(range(300))})
    frame.write_parquet(path, compression=compression)
    sound = path.read_bytes()
    for place in range(4, len(sound), 37):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :])
        with contextlib.suppress(ReadError):
            read(path).frame.write_csv()


def test_text_that_is_not_utf_8_is_refused(path: Path) -> None:
    pl.DataFrame({"case": ["naïve"] * 3}).write_parquet(path, compression="uncompressed", statistics=False)
    path.write_bytes(path.read_bytes().replace("ï".encode(), b"\xff\xfe"))
    assert "damaged" in refused(path).render()


def test_no_rows_missing_columns_and_duplicate_names_are_refused(path: Path) -> None:
    pl.DataFrame({"case": []}, schema={"case": pl.String}).write_parquet(path)
    assert "no rows" in refused(path).render()
    pl.DataFrame({"case": ["a"]}).write_parquet(path)
    refused(path, preview_too=False, columns=["team"])
    pl.DataFrame({"case": ["a"], "case ": ["b"]}).write_parquet(path)
    assert "columns 1, 2" in refused(path).render()


def test_bounds_hold_before_decoding(path: Path) -> None:
    pl.DataFrame({"case": ["a"] * 1_001}).write_parquet(path)
    refused(path, limits=Limits(events=1_000))
    pl.DataFrame({f"c{i}": [1] for i in range(11)}).write_parquet(path)
    refused(path, limits=Limits(columns=10))


def test_a_long_text_repeated_at_no_cost_is_refused(path: Path) -> None:
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x" * 900_000]))
    pq.write_table(pa.table({"case": long}), path)
    assert path.stat().st_size < 100_000
    assert "unpacks" in refused(path, preview_too=False).render()
    assert peak_memory_of_refusal(path) < MEMORY_MIB


@pytest.mark.parametrize("columns", [{"case": ["1"], "team": ["A\x00B"]}, {"case": ["1"], "te\x00am": ["A"]}])
def test_nul_is_refused_as_in_a_csv(path: Path, columns: dict[str, list[str]]) -> None:
    pl.DataFrame(columns).write_parquet(path)
    assert "NUL" in refused(path).render()
