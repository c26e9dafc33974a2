"""Bad CSV files, by their numbers in the list of bad inputs (B001 to B023)."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from baton_analysis.readers import Limits, RowsError, preview, read
from tests.analysis.readers.refusals import MEMORY_MIB, peak_memory_of_refusal, refused

CHINESE = "编号,部门,时间\n一,护理部门的工作人员,2026-03-01 08:00\n二,检验科的医生和技师,2026-03-01 09:30\n"
TRADITIONAL = "編號,部門,時間\n一,護理部門的工作人員,2026-03-01 08:00\n二,檢驗科的醫生和技師,2026-03-01 09:30\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.csv"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_b001_empty_file_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "empty" in refused(path).render()


@pytest.mark.parametrize("content", ["case,team,time\n", "case,team,time", '"case","team","time"\r\n'])
def test_b002_header_only_is_refused(path: Path, content: str) -> None:
    path.write_text(content)
    assert "3 columns and no row" in refused(path).render()


def test_b003_a_byte_order_mark_is_not_part_of_the_first_name(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbfcase,team\n1,A\n")
    assert read(path).frame.columns == ["case", "team"]
    assert preview(path).encoding == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_b004_utf_16_is_read_with_and_without_mark(path: Path, encoding: str) -> None:
    path.write_bytes(CHINESE.encode(encoding))
    table = read(path)
    assert table.encoding in {"utf-16-le", "utf-16-be"}
    assert table.frame["部门"].to_list() == ["护理部门的工作人员", "检验科的医生和技师"]


@pytest.mark.parametrize(("encoding", "text"), [("gb18030", CHINESE), ("big5", TRADITIONAL)])
def test_b005_chinese_encodings_are_found_and_said(path: Path, encoding: str, text: str) -> None:
    path.write_bytes(text.encode(encoding))
    table = read(path)
    assert table.encoding == encoding
    assert table.frame.rows()[0][:2] == tuple(text.splitlines()[1].split(",")[:2])
    assert any(encoding in notice.render() for notice in table.notices)
    assert preview(path).encoding == encoding


def test_b005_chinese_after_a_long_ascii_beginning_is_found(path: Path) -> None:
    path.write_bytes(b"case,team\n" + b"1,A\n" * 400_000 + "2,护理部门的工作人员\n".encode("gb18030"))
    table = read(path)
    assert table.encoding == "gb18030"
    assert table.frame["team"][-1] == "护理部门的工作人员"


def test_b006_mixed_encodings_are_refused_with_the_row(path: Path) -> None:
    rows = CHINESE.splitlines(keepends=True)
    path.write_bytes(rows[0].encode() + rows[1].encode() + rows[2].encode("gb18030"))
    error = refused(path)
    assert error.values["row"] == 3
    assert "Row 3" in error.render()


def test_b006_mixture_far_behind_the_beginning_is_refused_with_the_row(path: Path) -> None:
    head = CHINESE.encode() * 20_000
    path.write_bytes(head + "三,检验科的医生,2026\n".encode("gb18030"))
    assert refused(path, preview_too=False).values["row"] == 60_001


def test_b006_utf_8_rows_in_a_gb18030_file_are_refused(path: Path) -> None:
    rows = [CHINESE.splitlines(keepends=True)[0], *["一,护理部门的工作人员,2026-03-01 08:00\n"] * 40]
    path.write_bytes("".join(rows).encode("gb18030") + "二,检验科的医生和技师,2026\n".encode())
    assert "one encoding" in refused(path).render()


def test_b006_a_utf_8_row_far_behind_in_a_gb18030_file_is_refused_though_it_could_be_misread(path: Path) -> None:
    head = "编号,部门\n" + "一,检验科的医生和技师\n" * 60_000
    assert "护理".encode().decode("gb18030")
    path.write_bytes(head.encode("gb18030") + "1,护理\n".encode())
    assert refused(path, preview_too=False).values["row"] == 60_002


@pytest.mark.parametrize("place", ["case\x00,team\n1,A\n", "case,team\n1,A\x00B\n", "case,team\n\x00" + "1,A\n" * 9])
def test_b007_nul_is_refused(path: Path, place: str) -> None:
    path.write_text(place)
    error = refused(path)
    assert "NUL" in error.render()
    assert error.values["row"] == place[: place.index("\x00")].count("\n") + 1


def test_b008_a_field_of_200_000_characters_is_read_and_one_over_the_bound_refused(path: Path) -> None:
    path.write_text("case,note\n1," + "x" * 200_000 + '\n2,"' + "y" * 200_000 + '"\n')
    assert read(path).frame["note"].str.len_chars().to_list() == [200_000, 200_000]
    path.write_text("case,note\n1," + "x" * 1_000_001 + "\n")
    assert "“note” is longer" in refused(path).render()


def test_b009_an_unclosed_quote_is_refused_with_the_row_it_opens_in(path: Path) -> None:
    path.write_text('case,team\n1,A\n2,"B\n3,C\n4,D\n')
    assert refused(path).values["row"] == 3


def test_b009_an_unclosed_quote_in_a_large_file_is_refused_before_all_is_swallowed(path: Path) -> None:
    path.write_text('case,team\n1,A\n2,"B\n' + "3,C\n" * 2_000_000)
    assert refused(path).values["row"] == 3


def test_b009_signs_after_a_closed_quote_are_refused(path: Path) -> None:
    path.write_text('case,team\n1,"A"x\n')
    assert refused(path).values["row"] == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "\uff0c"])
def test_b010_the_delimiter_is_found(path: Path, delimiter: str) -> None:
    rows = [["case", "team", "note"], ["1", "A", "3,5" if delimiter != "," else "3.5"], ["2", "B", "x y"]]
    path.write_text("\n".join(delimiter.join(row) for row in rows) + "\n", encoding="utf-8")
    table = read(path)
    assert table.delimiter == delimiter
    assert [list(row) for row in table.frame.rows()] == rows[1:]
    assert preview(path).delimiter == delimiter


def test_b010_a_wrong_delimiter_shows_in_the_message(path: Path) -> None:
    path.write_text("case;team\n1;A\n")
    error = refused(path, preview_too=False, columns=["team"], delimiter=",")
    assert "“case;team”" in error.render()
    assert "delimiter" in error.remedy


def test_b010_rows_of_another_width_are_listed_and_counted(path: Path) -> None:
    path.write_text("case,team\n1,A\n" + "2,B,C\n" * 30 + "3\n")
    with pytest.raises(RowsError) as caught:
        read(path)
    assert caught.value.count == 31
    assert [problem.row for problem in caught.value.problems] == list(range(3, 23))
    assert "2 values in every row" in caught.value.problems[0].render()


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_b011_every_line_end_is_read(path: Path, end: str) -> None:
    path.write_bytes(end.join(["case,team", "1,A", "2,B", ""]).encode())
    assert read(path).frame.rows() == [("1", "A"), ("2", "B")]
    assert preview(path).rows == ({"case": "1", "team": "A"}, {"case": "2", "team": "B"})


@pytest.mark.parametrize("where", ["header", "row", "quoted"])
def test_b012_ten_million_columns_are_refused(path: Path, where: str) -> None:
    wide = '"",' * 1_000_000 if where == "quoted" else "," * 10_000_000
    path.write_text(("" if where == "header" else "case,team\n") + wide + "\n")
    assert refused(path).render()
    assert peak_memory_of_refusal(path) < MEMORY_MIB


def test_b013_a_duplicate_header_is_refused_with_its_places(path: Path) -> None:
    path.write_text("case,team,time,team\n1,A,2026,B\n")
    assert "columns 2, 4" in refused(path).render()


@pytest.mark.parametrize("twin", ["Cafe\u0301", "Caf\u00e9 ", "\ufeffCaf\u00e9"])
def test_b014_headers_that_only_look_different_are_duplicates(path: Path, twin: str) -> None:
    path.write_text(f"Caf\u00e9,{twin}\n1,2\n", encoding="utf-8")
    assert "columns 1, 2" in refused(path).render()


@pytest.mark.parametrize(
    "value", ['=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1+1", "\uff1d1+1", "-1+1"]
)
def test_b015_a_formula_stays_the_text_it_is(path: Path, value: str) -> None:
    quoted = '"' + value.replace('"', '""') + '"'
    path.write_text(f"case,team\n1,{quoted}\n", encoding="utf-8")
    assert read(path).frame["team"].to_list() == [value]


@pytest.mark.parametrize("value", ["1e400", "nan", "-0", "1_000", "١٢٣", "inf", "007", "1.10"])
def test_b016_a_text_never_turns_into_a_number(path: Path, value: str) -> None:
    path.write_text(f"case,amount\n1,{value}\n", encoding="utf-8")
    assert read(path).frame["amount"].to_list() == [value]


def test_b017_an_integer_of_5_000_digits_stays_text(path: Path) -> None:
    path.write_text(f"case,amount\n1,{'9' * 5_000}\n")
    assert read(path).frame["amount"].to_list() == ["9" * 5_000]
    assert preview(path).columns[1].samples[0].endswith("…")


@pytest.mark.parametrize(
    ("value", "others"),
    [
        ("31/02/2026", "01/02/2026"),
        ("0000-00-00", "2026-01-01"),
        ("10000-01-01", "2026-01-01"),
        ("2025-02-29", "2026-01-01"),
        ("2026-13-01", "2026-01-01"),
        ("2026-01-01 25:00", "2026-01-01 10:00"),
        ("pending", "2026-01-01"),
    ],
)
def test_b018_an_impossible_date_is_a_row_problem(path: Path, value: str, others: str) -> None:
    path.write_text("case,time\n" + f"1,{others}\n" * 5 + f"2,{value}\n")
    error = refused(path, preview_too=False, columns=["case", "time"])
    assert isinstance(error, RowsError)
    assert error.count == 1
    problem = error.problems[0]
    assert (problem.row, problem.column) == (7, "time")
    assert value in problem.render()
    assert value in error.render()


def test_b018_an_impossible_date_leaves_a_column_that_nobody_asked_for_as_text(path: Path) -> None:
    path.write_text("case,time\n" + "1,2026-01-01\n" * 5 + "2,2026-02-30\n")
    table = read(path)
    assert table.frame["time"][-1] == "2026-02-30"
    assert any("kept as text" in notice.render() and notice.count == 1 for notice in table.notices)


def test_b018_an_hour_that_the_clocks_left_out_is_a_row_problem(path: Path) -> None:
    path.write_text("case,time\n1,2026-03-29 01:30\n2,2026-03-29 02:30\n3,2026-03-29 03:30\n")
    error = refused(path, preview_too=False, columns=["time"], zone="Europe/Berlin")
    assert error.values["row"] == 3
    assert "clocks" in error.render() + error.problems[0].render()
    assert read(path, columns=["time"], zone="Asia/Shanghai").frame.height == 3


def test_b018_day_60_of_excel_never_was(path: Path) -> None:
    path.write_text("case,date\n1,46000\n2,46001.5\n3,60\n4,46002\n5,46003\n")
    error = refused(path, preview_too=False, columns=["date"])
    assert error.values["row"] == 4


def test_b019_decimal_commas_stay_as_written(path: Path) -> None:
    path.write_text("case;amount\n1;3,14\n2;3.14\n")
    assert read(path).frame["amount"].to_list() == ["3,14", "3.14"]
    path.write_text("case,amount\n1,3,14\n2,3.14\n")
    assert refused(path).values["row"] == 2


def test_b020_markup_is_text(path: Path) -> None:
    markup = "<img src=x onerror=alert(1)>"
    path.write_text(f"case,{markup}\n1,{markup}\n")
    assert read(path).frame.rows() == [("1", markup)]
    assert preview(path).rows[0][markup] == markup


def test_b021_strange_letters_are_kept_shown_and_said(path: Path) -> None:
    names = ["ab\u202ecd", "Ann\u200ba", "\U0001f469\u200d\u2695\ufe0f", "𠮷田"]
    path.write_text("case,name\n" + "".join(f"{i},{name}\n" for i, name in enumerate(names)), encoding="utf-8")
    table = read(path)
    assert table.frame["name"].to_list() == names
    assert any("invisible" in notice.render() and notice.count == 3 for notice in table.notices)
    assert preview(path).rows[0]["name"] == "ab\\u202ecd"


def test_b022_a_stream_without_end_is_refused_at_the_bound(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    assert "bytes" in refused(path).render()
    assert peak_memory_of_refusal(path) < MEMORY_MIB


def test_b041_ten_million_events_are_refused_before_any_is_kept(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"case,team\n")
        for _ in range(100):
            file.write(b"1,A\n" * 100_000)
    assert "5000000 events" in refused(path, preview_too=False).render()
    assert peak_memory_of_refusal(path) < MEMORY_MIB


def test_b041_quoted_rows_are_counted_before_any_is_kept(path: Path) -> None:
    path.write_bytes(b'"case","team"\n' + b'"1","A"\n' * 1_000_001)
    assert "1000000 events" in refused(path, preview_too=False, limits=Limits(events=1_000_000)).render()


def test_b041_lines_within_quotes_are_no_rows(path: Path) -> None:
    path.write_text("case,team\n" + '1,"A\nB\nC"\n' * 400)
    assert read(path, limits=Limits(events=400)).frame.height == 400
    assert "399" in refused(path, preview_too=False, limits=Limits(events=399)).render()


def test_b041_a_wide_encoding_is_counted_by_its_letters(path: Path) -> None:
    """The second byte of 上 is that of a line feed in UTF-16."""
    path.write_text("case,team\n" + "1,上上上上\n" * 400, encoding="utf-16")
    assert read(path, limits=Limits(events=400)).frame.height == 400


def test_b022_more_rows_than_the_bound_are_refused(path: Path) -> None:
    path.write_text("case,team\n" + "1,A\n" * 1_001)
    assert "1000" in refused(path, preview_too=False, limits=Limits(events=1_000)).render()
    assert read(path, limits=Limits(events=1_001)).frame.height == 1_001


@pytest.mark.parametrize("row", ["1,A\n", '"1","A"\n'])
def test_b022_more_values_than_the_bound_are_refused(path: Path, row: str) -> None:
    path.write_text("case,team\n" + row * 60_000)
    assert "values" in refused(path, preview_too=False, limits=Limits(cells=100_000)).render()
    assert read(path, columns=["team"], limits=Limits(cells=100_000)).frame.height == 60_000


def test_b023_the_digest_tells_same_files_from_reordered_ones(path: Path, tmp_path: Path) -> None:
    path.write_text("case,team\n1,A\n2,B\n")
    twin = tmp_path / "copy.csv"
    twin.write_bytes(path.read_bytes())
    reordered = tmp_path / "reordered.csv"
    reordered.write_text("case,team\n2,B\n1,A\n")
    assert read(path).digest == read(twin).digest
    assert read(path).digest != read(reordered).digest
    assert read(path).frame.equals(read(reordered).frame.sort("case"))


@pytest.mark.parametrize(
    ("magic", "name"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
        (b'{"ocel:events": []}', "JSON"),
    ],
)
def test_another_type_named_csv_is_refused_by_its_bytes(path: Path, magic: bytes, name: str) -> None:
    path.write_bytes(magic + b"\x00" * 50 if magic[:1] != b"{" else magic)
    error = refused(path)
    assert name in error.render()
    assert "CSV" in error.remedy


def test_a_missing_file_and_unknown_names_are_refused(path: Path) -> None:
    refused(path)
    path.write_text("case,team\n1,A\n")
    refused(path, encoding="utf-9")
    refused(path, encoding="zip")
    refused(path, delimiter="::")
    refused(path, preview_too=False, zone="Europe/Atlantis")
    refused(path, preview_too=False, columns=["ward"])
