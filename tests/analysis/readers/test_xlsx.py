"""Excel workbooks that are as they should be: sheets, headers, numbers, days, formulas."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from baton_analysis.readers import RowsError, preview, read
from tests.analysis.readers.books import Raw, Serial, Sheet, book


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.xlsx"


def notices(path: Path, **options: str) -> str:
    return " ".join(notice.render() for notice in read(path, **options).notices)


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(book([["case", "team"], ["1", "A"], ["1", "B"]]))
    table = read(path)
    assert (table.format, table.frame.rows()) == ("xlsx", [("1", "A"), ("1", "B")])
    seen = preview(path)
    assert (seen.format, seen.sheets, seen.sheet, seen.header_row) == ("xlsx", ("Data",), "Data", 1)
    assert (seen.proposal.case, seen.proposal.party) == ("case", "team")


def test_whole_numbers_have_no_point_and_staff_numbers_keep_their_zeros(path: Path) -> None:
    path.write_bytes(
        book([["staff", "hours", "share", "on"], ["00123", 1.0, 0.1 + 0.2, True], ["00007", 40.0, 1e-5, False]])
    )
    assert read(path).frame.rows() == [("00123", "1", "0.3", "true"), ("00007", "40", "1e-05", "false")]


def test_numbers_of_which_the_spreadsheet_lost_digits_are_said(path: Path) -> None:
    path.write_bytes(book([["card", "n"], [6222021234567890123, 1], ["6222021234567890123", 2]]))
    assert "1 number has more digits than the 15" in notices(path)
    assert "A2" in notices(path)


def test_b033_days_count_from_1900_or_from_1904_as_the_workbook_says(path: Path) -> None:
    rows = [["case", "time"], ["1", Serial(46_000)], ["2", Serial(46_000.5, "moment")]]
    path.write_bytes(book(rows))
    assert read(path).frame["time"].to_list() == [
        datetime(2025, 12, 9, tzinfo=UTC),
        datetime(2025, 12, 9, 12, tzinfo=UTC),
    ]
    path.write_bytes(book(rows, date1904=True))
    assert read(path).frame["time"].to_list() == [
        datetime(2029, 12, 10, tzinfo=UTC),
        datetime(2029, 12, 10, 12, tzinfo=UTC),
    ]


def test_a_stored_fraction_of_a_day_is_the_second_that_was_typed(path: Path) -> None:
    eight = datetime(2026, 3, 1, 8, tzinfo=UTC)
    path.write_bytes(book([["time", "n"], [Serial(46_082 + 1 / 3, "moment"), 1]]))
    assert read(path).frame["time"].to_list() == [eight]


def test_durations_are_hours(path: Path) -> None:
    path.write_bytes(book([["name", "worked"], ["a", Serial(1.5, "duration")]]))
    assert read(path).frame["worked"].to_list() == ["36:00:00"]


def test_b018_the_day_that_never_was_is_no_day(path: Path) -> None:
    path.write_bytes(book([["case", "time"], ["1", Serial(60)], *(["2", Serial(46_000 + i)] for i in range(9))]))
    with pytest.raises(RowsError) as caught:
        read(path, columns=["case", "time"])
    assert (caught.value.problems[0].row, caught.value.problems[0].letter) == (2, "B")


def test_a_problem_names_sheet_row_and_column_as_the_spreadsheet_shows_them(path: Path) -> None:
    rows = [["Export of July"], [], [None, "case", "time"], [None, "1", "2026-01-31"], [], [None, "2", "2026-02-31"]]
    path.write_bytes(book(Sheet("Juli", rows)))
    with pytest.raises(RowsError) as caught:
        read(path, columns=["case", "time"])
    assert "Sheet “Juli”, row 6, column C (“time”)." in caught.value.problems[0].render()


def test_b034_the_first_sheet_that_can_be_seen_is_read_and_the_others_are_named(path: Path) -> None:
    path.write_bytes(
        book(
            Sheet("Secret", [["a", "b"], [1, 2]], state="hidden"),
            Sheet("Empty"),
            Sheet("Work", [["case", "team"], ["1", "A"]]),
            Sheet("More", [["x", "y"], ["3", "4"]], state="veryHidden"),
        )
    )
    assert read(path).frame.columns == ["case", "team"]
    said = notices(path)
    assert "Of 4 sheets “Work” was read" in said
    assert "2 sheets are hidden: “Secret”, “More”." in said
    assert read(path, sheet="secret").frame.columns == ["a", "b"]
    assert preview(path, sheet="More").columns[0].name == "x"


def test_b034_names_of_columns_in_merged_cells_of_two_rows(path: Path) -> None:
    rows = [
        ["Staff of the clinic 2026"],
        ["Name", "Address", None, "Phone", None],
        [None, "Street", "Town", "desk", "mobile"],
        ["Ann", "Main St 1", "Leeds", "1", "2"],
        ["Bo", "High St 2", "York", "3", "4"],
    ]
    path.write_bytes(book(Sheet("Staff", rows, merged=["A1:E1", "A2:A3", "B2:C2", "D2:E2"])))
    table = read(path)
    assert table.frame.columns == ["Name", "Address / Street", "Address / Town", "Phone / desk", "Phone / mobile"]
    assert table.frame.rows()[0] == ("Ann", "Main St 1", "Leeds", "1", "2")
    assert "Row 3 was taken as the header; the 2 rows above it are left out." in notices(path)


def test_b034_one_merged_name_over_two_columns_is_numbered(path: Path) -> None:
    path.write_bytes(book(Sheet("Staff", [["Name", "Phone", None], ["Ann", "1", "2"]], merged=["B1:C1"])))
    assert read(path).frame.columns == ["Name", "Phone", "Phone 2"]
    assert "merged cells" in notices(path)


def test_the_header_row_may_be_chosen(path: Path) -> None:
    path.write_bytes(book([["Team", "Lead"], ["code", "person"], ["A", "Ann"]]))
    assert preview(path).header_row == 1
    assert read(path, header_row=2).frame.rows() == [("A", "Ann")]


def test_a_title_and_empty_rows_above_the_header_are_passed_over(path: Path) -> None:
    path.write_bytes(
        book([["Report"], [], ["as of", Serial(46_000)], [], ["case", "team", "n"], ["1", "A", 5], ["2", "B", 6]])
    )
    assert read(path).frame.rows() == [("1", "A", "5"), ("2", "B", "6")]


def test_b030_the_value_of_a_formula_is_taken_and_never_the_formula(path: Path) -> None:
    link = Raw('<c r="{ref}" t="str"><f>HYPERLINK("http://evil.example","x")</f><v>x</v></c>')
    dde = Raw("<c r=\"{ref}\"><f>cmd|'/c calc'!A0</f><v>7</v></c>")
    empty = Raw('<c r="{ref}"><f>[1]Sheet1!A1</f></c>')
    path.write_bytes(book([["case", "team", "n"], ["1", link, dde], ["2", "B", empty]]))
    assert read(path).frame.rows() == [("1", "x", "7"), ("2", "B", None)]
    assert "3 cells hold formulas; their last stored values are taken" in notices(path)


def test_errors_of_formulas_are_missing_and_said_with_their_cell(path: Path) -> None:
    error = Raw('<c r="{ref}" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    path.write_bytes(book([["case", "team"], ["1", error], ["2", "B"]]))
    assert read(path).frame.rows() == [("1", None), ("2", "B")]
    assert "#DIV/0! in B2" in notices(path)


def test_cells_without_addresses_are_counted_on(path: Path) -> None:
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row><c t="str"><v>case</v></c><c t="str"><v>team</v></c></row>'
        '<row><c><v>1</v></c><c t="str"><v>A</v></c></row></sheetData></worksheet>'
    )
    path.write_bytes(book(Sheet("Data", xml=xml)))
    assert read(path).frame.rows() == [("1", "A")]
