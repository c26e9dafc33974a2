"""Tables for an import: the same rows out of every format, and cells that were pasted."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.errors import ReadError
from baton_analysis.readers import Limits, Row, open_rows, paste_rows, propose_columns
from baton_analysis.readers.cells import CellProblem, parse_whole
from tests.analysis.readers.books import Sheet, book
from tests.analysis.readers.logs import event, log, trace
from tests.analysis.readers.refusals import SECONDS


def rows(text: str, **options: object) -> list[tuple[str, ...]]:
    with paste_rows(text, **options) as table:  # type: ignore[arg-type]
        return [row.texts for row in table]


def pasted_error(text: str, **options: object) -> ReadError:
    with pytest.raises(ReadError) as caught:
        rows(text, **options)
    error = caught.value
    assert error.expected
    assert error.found
    assert error.remedy
    assert "{" not in error.render()
    return error


def test_every_format_gives_the_same_rows(tmp_path: Path) -> None:
    given_rows = [["staff", "name", "hours"], ["00123", "Ann", "5"], ["00124", "Bo", ""]]
    text = "\n".join("\t".join(row) for row in given_rows)
    (tmp_path / "a.csv").write_text(text.replace("\t", ","))
    (tmp_path / "a.xlsx").write_bytes(book([["staff", "name", "hours"], ["00123", "Ann", 5.0], ["00124", "Bo", None]]))
    frame = pl.DataFrame({"staff": ["00123", "00124"], "name": ["Ann", "Bo"], "hours": [5.0, None]})
    frame.write_parquet(tmp_path / "a.parquet")
    expected = [("00123", "Ann", "5"), ("00124", "Bo", "")]
    for name in ("a.csv", "a.xlsx", "a.parquet"):
        with open_rows(tmp_path / name) as table:
            assert table.header == ("staff", "name", "hours")
            assert [row.texts for row in table] == expected
            assert [row.texts for row in table] == expected
            assert len(table.digest) == 64
            assert table.format == name.partition(".")[2]
    assert rows(text) == expected


def test_rows_keep_their_numbers_and_problems_name_the_place(tmp_path: Path) -> None:
    path = tmp_path / "staff.xlsx"
    path.write_bytes(
        book(Sheet("Staff", [["As of May"], [], [None, "name", "hours"], [None, "Ann", "5"], [], [None, "Bo", "x"]]))
    )
    with open_rows(path) as table:
        seen = list(table)
        assert [row.number for row in seen] == [4, 6]
        problem = parse_whole(seen[1].texts[1])
        assert isinstance(problem, CellProblem)
        said = table.problem(seen[1], "hours", problem).render()
    assert said.startswith("Sheet “Staff”, row 6, column C (“hours”). A whole number was expected")
    assert "“x” is not one." in said


def test_rows_of_another_width_are_told_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n\n3,4,5\n6,7\n")
    with open_rows(path) as table:
        assert [(row.number, row.texts) for row in table] == [(2, ("1", "2")), (5, ("6", "7"))]
        problems, count = table.problems
    assert (count, problems[0].row) == (1, 4)


def test_chunks_are_of_the_size_that_was_asked_for(tmp_path: Path) -> None:
    with paste_rows("n\n" + "\n".join(map(str, range(2_500)))) as table:
        assert [len(chunk) for chunk in table.chunks(1_000)] == [1_000, 1_000, 500]


def test_an_event_log_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(log(trace("a", event(group="A"))))
    with pytest.raises(ReadError, match="under Discovery"):
        open_rows(path)


def test_pasted_cells_may_hold_line_breaks_tabs_and_quotes() -> None:
    text = 'name\tnote\r\nAnn\t"line one\nline ""two"""\r\nBo\t5" pipe\r\n'
    assert rows(text) == [("Ann", 'line one\nline "two"'), ("Bo", '5" pipe')]


def test_pasted_quotes_that_are_no_quoting_stand_for_themselves() -> None:
    assert rows('name\tnote\n"Ann" B.\tx\n"Bo\ty\n') == [('"Ann" B.', "x"), ('"Bo', "y")]


def test_empty_cells_at_the_end_do_no_harm() -> None:
    assert rows("a\tb\t\t\n1\t2\t\t\n3\t\t\n4\n\t\t\n") == [("1", "2"), ("3", ""), ("4", "")]


def test_a_value_beyond_the_header_is_told() -> None:
    with paste_rows("a\tb\n1\t2\t3\n") as table:
        assert list(table) == []
        assert table.problems[1] == 1


def test_pasted_commas_are_found_where_there_is_no_tab() -> None:
    assert rows("a;b\n1;2\n") == [("1", "2")]
    assert rows("name\nAnn\n") == [("Ann",)]


def test_b001_b002_b007_nothing_pasted_or_no_text_is_refused() -> None:
    assert "Nothing was pasted" in pasted_error(" \n\t\n").render()
    assert "NUL character" in pasted_error("a\tb\n1\tx\x00y\n").render()
    assert rows("a\tb\n") == []


def test_b003_b011_b021_marks_line_ends_and_invisible_signs() -> None:
    with paste_rows("\ufeffname\tteam\r1\tA\r2\tB\r") as table:
        assert table.header == ("name", "team")
        assert [row.texts for row in table] == [("1", "A"), ("2", "B")]


def test_b008_b012_b013_b022_bounds_of_what_is_pasted() -> None:
    assert "longer" in pasted_error("a\tb\n1\t" + "x" * 40_000).render()
    assert "columns" in pasted_error("\t".join(map(str, range(300))) + "\n").render()
    assert "columns 1, 2" in pasted_error("a\ta \n1\t2\n").render()
    assert "MiB" in pasted_error("a\n" + "x" * 30 * 1024**2, limits=Limits(unpacked=1024**2)).render()
    assert "At most 50000 rows" in pasted_error("n\n" + "1\n" * 50_001).render()


def test_50_000_pasted_rows_are_read_in_time() -> None:
    text = "\n".join(
        ["\t".join(f"c{i}" for i in range(10)), *("\t".join(f"v{r}-{i}" for i in range(10)) for r in range(50_000))]
    )
    start = time.process_time()
    assert len(rows(text)) == 50_000
    assert time.process_time() - start < SECONDS


CELLS = st.text(st.characters(exclude_characters='\x00\r\n\t"\ufeff', exclude_categories=["Cs"]), max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_is_copied_is_what_is_read(cells: list[list[str]]) -> None:
    text = "a\tb\tc\n" + "\n".join("\t".join(row) for row in cells)
    expected = [tuple(row) for row in cells if any(text.strip() for text in row)]
    assert rows(text) == expected


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_pasted_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ReadError):
        assert all(isinstance(row, tuple) for row in rows(text))


WANTED = {
    "number": ("staff number", "no", "工号", "编号"),
    "name": ("full name", "姓名", "名称"),
    "department": ("team", "部门", "科室"),
    "email": ("e-mail", "mail", "邮箱"),
}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["StaffNumber", "Full_Name", "Dept"], ["StaffNumber", "Full_Name", None, None]),
        (["姓名", "员工工号", "所属部门", "邮箱"], ["员工工号", "姓名", "所属部门", "邮箱"]),
        (["name of department", "name", "E-Mail"], [None, "name", "name of department", "E-Mail"]),
        (["x", "y"], [None, None, None, None]),
    ],
)
def test_columns_are_proposed_by_name_in_both_languages(names: list[str], expected: list[str | None]) -> None:
    assert list(propose_columns(names, WANTED).values()) == expected


def test_rows_are_plain_values() -> None:
    with paste_rows("a\n1\n") as table:
        assert list(table) == [Row(2, ("1",))]
