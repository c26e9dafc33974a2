"""CSV tables: names, quoting, missing values, proposals, and both ways of cutting rows."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from baton_analysis.readers import Proposal, preview, read


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.csv"


def test_names_are_trimmed_and_composed(path: Path) -> None:
    path.write_text(" case ,Cafe\u0301,\n1,2,3\n", encoding="utf-8")
    table = read(path)
    assert table.frame.columns == ["case", "Caf\u00e9", "column_3"]
    assert any("column_" in notice.render() and notice.count == 1 for notice in table.notices)


def test_missing_values_are_null_and_counted_for_the_columns_asked_for(path: Path) -> None:
    path.write_text('case,team\n1,\n2,""\n3,?\n')
    table = read(path, columns=["team"])
    assert table.frame["team"].to_list() == [None, None, "?"]
    [notice] = [n for n in table.notices if "no value in “team”" in n.render()]
    assert notice.count == 2


def test_quoted_values_keep_delimiters_quotes_and_line_ends(path: Path) -> None:
    path.write_bytes(b'case,note\r\n1,"a, ""b""\r\nc"\r\n2,d\r\n')
    assert read(path).frame.rows() == [("1", 'a, "b"\r\nc'), ("2", "d")]


def test_blank_rows_between_others_are_said_and_those_at_the_end_are_not(path: Path) -> None:
    path.write_text("\ncase,team\n1,A\n\n\n2,B\n\n\n")
    table = read(path)
    assert table.frame.rows() == [("1", "A"), ("2", "B")]
    assert [n.count for n in table.notices if "blank" in n.render()] == [2]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quoted_and_unquoted_rows_give_the_same_table(tmp_path: Path, end: str) -> None:
    rows = [["case", "team", "time"], *[[str(i), "部门" * (i % 3), f" {i}"] for i in range(1_000)]]
    plain, quoted = tmp_path / "plain.csv", tmp_path / "quoted.csv"
    plain.write_bytes(end.join(",".join(row) for row in rows).encode())
    quoted.write_bytes(end.join(",".join(f'"{value}"' for value in row) for row in rows).encode())
    assert read(plain).frame.equals(read(quoted).frame)
    assert read(plain, columns=["time", "case"]).frame.equals(read(quoted, columns=["time", "case"]).frame)
    assert read(plain).frame["team"].to_list()[:2] == [None, "部门"]


def test_a_packed_table_is_read(path: Path) -> None:
    path.write_bytes(gzip.compress(b"case,team\n1,A\n"))
    assert read(path).frame.rows() == [("1", "A")]


def test_a_preview_stops_at_its_sample(path: Path) -> None:
    path.write_text("case,team,ok,amount\n" + "1,A,true,1.5\n" * 6_000)
    seen = preview(path)
    assert (seen.rows_sampled, seen.complete, len(seen.rows)) == (5_000, False, 20)
    assert [column.kind for column in seen.columns] == ["number", "text", "boolean", "number"]


@pytest.mark.parametrize(
    ("header", "row", "proposal"),
    [
        (
            "Case ID,Activity,Complete Timestamp,Resource,Department",
            "{i},a{i},2026-01-01,r{i},d{i}",
            Proposal("Case ID", "Activity", "Complete Timestamp", "Department", ("Department", "Resource")),
        ),
        (
            "工单编号,工序,时间,班组,负责人",
            "{i},a{i},2026-01-01,r{i},d{i}",
            Proposal("工单编号", "工序", "时间", "班组", ("班组", "负责人")),
        ),
        (
            "order_id;step;date;ward",
            "{i};a{i};01.02.2026;w{i}",
            Proposal("order_id", "step", "date", "ward", ("ward",)),
        ),
        ("x,y", "{i},2026-01-01", Proposal(None, None, "y", None, ())),
    ],
)
def test_columns_are_proposed_by_name_and_content(path: Path, header: str, row: str, proposal: Proposal) -> None:
    path.write_text("\n".join([header, *(row.format(i=i) for i in range(5))]), encoding="utf-8")
    assert preview(path).proposal == proposal


def test_a_column_of_one_value_is_the_last_choice_for_a_party(path: Path) -> None:
    path.write_text("case,team,role\n1,same,a\n2,same,b\n")
    assert preview(path).proposal.parties == ("role", "team")


def test_western_letters_without_mark_are_read_and_said(path: Path) -> None:
    path.write_bytes("case,Straße\n1,Müller\n2,Jäger é\n".encode("cp1252"))
    table = read(path)
    assert table.encoding == "cp1252"
    assert table.frame["Straße"].to_list() == ["Müller", "Jäger é"]
    assert any("cp1252" in notice.render() for notice in table.notices)


def test_a_named_encoding_and_delimiter_are_used(path: Path) -> None:
    path.write_bytes("case:team\n1:é\n".encode("latin-1"))
    table = read(path, encoding="latin-1", delimiter=":")
    assert table.frame.rows() == [("1", "é")]


def test_a_large_table_is_read_at_speed(path: Path) -> None:
    frame = pl.select(pl.int_range(200_000).alias("case")).with_columns(
        pl.format("team {}", pl.col("case") % 200).alias("team"), pl.lit("2026-01-01 08:00:00").alias("time")
    )
    frame.write_csv(path)
    table = read(path, columns=["case", "team", "time"])
    assert table.frame.height == 200_000
    assert table.frame["team"].n_unique() == 200
    assert table.frame.schema["time"] == pl.Datetime("us", "UTC")


def test_a_line_end_across_two_pieces_of_the_file_is_one(path: Path) -> None:
    header = b"case," + b"n" * 506 + b"\r\n"
    row = b"1," + b"x" * 508 + b"\r\n"
    content = header + row * 3_000
    assert content[2**20 - 1 : 2**20 + 1] == b"\r\n"
    path.write_bytes(content)
    seen = preview(path)
    assert (seen.rows_sampled, seen.complete, seen.notices) == (3_000, True, ())
    assert read(path).frame.height == 3_000
