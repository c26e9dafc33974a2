"""Bad Excel workbooks, by their numbers in the list of bad inputs (B024 to B035)."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from baton_analysis.readers import Limits, read
from tests.analysis.readers.books import HEAD, MAIN, Raw, Sheet, book, letters, packed, parts
from tests.analysis.readers.refusals import MEMORY_MIB, peak_memory_of_refusal, refused

ROWS = [["case", "team"], ["1", "A"], ["1", "B"]]
GOOD = parts(Sheet("Data", ROWS))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.xlsx"


def sheet_of(cells: str) -> dict[str, str]:
    return GOOD | {"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'}


def test_b024_zip_bomb_is_refused_before_it_is_unpacked(path: Path) -> None:
    row = '<row><c t="str"><v>case</v></c></row>'
    path.write_bytes(packed(sheet_of(row * 8_000_000)))
    assert path.stat().st_size < 2 * 1024**2
    assert "times their size" in refused(path).render()
    assert peak_memory_of_refusal(path) < MEMORY_MIB


def test_b025_a_zip_in_a_zip_is_never_unpacked(path: Path) -> None:
    inner = packed({"x": b"\0" * 10_000_000})
    path.write_bytes(packed(GOOD | {"xl/embeddings/oleObject1.zip": inner}))
    assert read(path).frame.height == 2
    path.write_bytes(packed({"report.xlsx": book(ROWS)}))
    assert "report.xlsx" in refused(path).render()


@pytest.mark.parametrize("name", ["../../etc/x", "/etc/passwd", "xl/../../x", "..\\..\\x", "C:\\x"])
def test_b026_a_member_that_leads_outside_is_refused(path: Path, name: str) -> None:
    path.write_bytes(packed(GOOD | {name: "x"}))
    assert "points elsewhere" in refused(path).render()


def test_b026_a_symbolic_link_is_refused(path: Path) -> None:
    file = io.BytesIO(book(ROWS))
    with zipfile.ZipFile(file, "a") as archive:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    path.write_bytes(file.getvalue())
    assert "xl/link" in refused(path).render()


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"]
)
def test_b027_a_document_type_is_refused_in_every_part(path: Path, part: str) -> None:
    members = parts(Sheet("Data", ROWS), strings=f'{HEAD}<sst xmlns="{MAIN}"><si><t>&e;</t></si></sst>')
    head = f'{HEAD}<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    path.write_bytes(packed(members | {part: head + members[part].removeprefix(HEAD)}))
    error = refused(path)
    assert "DOCTYPE" in error.render()
    assert "root:" not in error.render()


def test_b027_a_document_type_that_is_read_in_two_pieces_is_refused(path: Path) -> None:
    start = f'{HEAD}<sst xmlns="{MAIN}"><!--'
    strings = start + "x" * (1024**2 - len(start) - 8) + "--><!DOCTYPE x []></sst>"
    path.write_bytes(packed(parts(Sheet("Data", ROWS), strings=strings), stored=True))
    assert "DOCTYPE" in refused(path).render()


def test_b027_a_part_in_another_encoding_is_refused(path: Path) -> None:
    path.write_bytes(
        packed({k: v.encode() for k, v in GOOD.items()} | {"xl/workbook.xml": GOOD["xl/workbook.xml"].encode("utf-16")})
    )
    assert "another encoding" in refused(path).render()


def test_b028_the_stated_dimension_is_not_believed(path: Path) -> None:
    sheet = GOOD["xl/worksheets/sheet1.xml"].replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    path.write_bytes(packed(GOOD | {"xl/worksheets/sheet1.xml": sheet}))
    assert read(path).frame.height == 2


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r = 'xfd1048576'><v>1</v></c></row>",
        '<row r="1048576">' + '<c t="b"><v>1</v></c>' * 16_000 + "</row>",
        '<row r="9999999999999999999"><c r="B99999999999999999999"><v>1</v></c></row>',
        '<row r="3"><c r="ZZZZZZZZZZZZ3"><v>1</v></c></row>',
    ],
)
def test_b028_one_cell_far_away_is_refused(path: Path, far: str) -> None:
    path.write_bytes(packed(sheet_of(f'<row r="1"><c r="A1" t="str"><v>case</v></c></row>{far}')))
    assert "reaches down and across" in refused(path).render()
    assert peak_memory_of_refusal(path) < MEMORY_MIB


def test_b028_formatted_but_empty_cells_far_away_do_no_harm(path: Path) -> None:
    rows = "".join(
        f'<row r="{i}"><c r="A{i}" t="str"><v>v{i}</v></c><c r="XFD{i}" s="1"/></row>' for i in range(1, 2_000)
    )
    path.write_bytes(packed(sheet_of(rows)))
    assert read(path).frame.height == 1_998


def test_b029_two_million_shared_strings_are_refused(path: Path) -> None:
    strings = f'<sst xmlns="{MAIN}" count="4294967295" uniqueCount="4294967295">' + "".join(
        f"<si><t>{i}</t></si>" for i in range(2_000_000)
    )
    path.write_bytes(packed(parts(Sheet("Data", ROWS), strings=strings + "</sst>")))
    assert "1000000 different texts" in refused(path).render()
    assert peak_memory_of_refusal(path) < MEMORY_MIB


def test_b029_the_stated_number_of_strings_is_not_believed(path: Path) -> None:
    text = Raw('<c r="{ref}" t="s"><v>0</v></c>')
    strings = f'<sst xmlns="{MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>A</t></si></sst>'
    path.write_bytes(book([["case", "team"], ["1", text]], strings=strings))
    assert read(path).frame.rows() == [("1", "A")]


def test_b030_links_to_other_files_are_ignored_and_said(path: Path) -> None:
    link = '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    path.write_bytes(packed(GOOD | {"xl/externalLinks/externalLink1.xml": link}))
    said = " ".join(notice.render() for notice in read(path).notices)
    assert "1 link to another file. It is not followed." in said


def ole(*names: str) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + b"".join(n.encode("utf-16-le") + b"\0" * 40 for n in names)
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (ole("Workbook"), "XLS"),
        (packed(GOOD | {"xl/vbaProject.bin": b"\xd0\xcf"}), "XLSM"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}), "ODS"),
        (packed({"_rels/.rels": "<x/>", "xl/workbook.bin": "x"}), "XLSB"),
        (packed({"_rels/.rels": "<x/>", "word/document.xml": "<x/>"}), "DOCX"),
    ],
)
def test_b031_another_type_under_the_name_of_a_workbook_is_told(path: Path, content: bytes, kind: str) -> None:
    path.write_bytes(content)
    assert kind in refused(path).render()


def test_b032_an_encrypted_workbook_is_told(path: Path) -> None:
    path.write_bytes(ole("EncryptionInfo", "EncryptedPackage"))
    assert "password" in refused(path).render()


def test_b032_encrypted_members_are_told(path: Path) -> None:
    content = bytearray(book(ROWS))
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(bytes(content))
    assert "password" in refused(path).render()


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_b035_a_workbook_that_is_cut_off_is_refused(path: Path, share: float) -> None:
    content = book(ROWS)
    path.write_bytes(content[: int(len(content) * share)])
    assert "cut off" in refused(path).render()


def test_b035_a_damaged_member_is_refused(path: Path) -> None:
    content = bytearray(packed(GOOD, stored=True))
    at = content.find(b"<sheetData>")
    content[at : at + 11] = b"<sheetDatb>"
    path.write_bytes(bytes(content))
    assert "cut off" in refused(path).render()


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_b035_a_missing_or_broken_part_is_refused(path: Path, part: str) -> None:
    path.write_bytes(packed({k: v for k, v in GOOD.items() if k != part}))
    refused(path)
    path.write_bytes(packed(GOOD | {part: GOOD[part][:-20]}))
    refused(path)


def test_b002_a_header_without_rows_and_an_empty_sheet_are_refused(path: Path) -> None:
    path.write_bytes(book(ROWS[:1]))
    assert "nothing stands below row 1" in refused(path).render()
    path.write_bytes(book(Sheet("One"), Sheet("Two")))
    assert "“One”, “Two”" in refused(path).render()


def test_b013_two_columns_of_one_name_are_refused(path: Path) -> None:
    path.write_bytes(book([["case", "team", "team "], ["1", "A", "B"]]))
    assert "columns 2, 3" in refused(path).render()


def test_a_sheet_or_header_row_that_is_not_there_is_refused(path: Path) -> None:
    path.write_bytes(book(ROWS))
    assert "“Data”" in refused(path, preview_too=False, sheet="Dato").render()
    assert "between 1 and 3" in refused(path, preview_too=False, header_row=9).render()


def test_too_many_rows_columns_and_cells_are_refused(path: Path) -> None:
    path.write_bytes(book([["case", "team"], *([str(i), "A"] for i in range(50))]))
    assert "49 events" in refused(path, limits=Limits(events=49)).render()
    assert "99 values" in refused(path, limits=Limits(cells=99)).render()
    path.write_bytes(book([[letters(i) for i in range(60)], ["1"] * 60]))
    assert "60" in refused(path, limits=Limits(columns=50)).render()
    path.write_bytes(book([["case", "team"], ["1", "x" * 5_000]]))
    assert "longer" in refused(path, limits=Limits(field_chars=1_000)).render()


def test_a_workbook_inside_gzip_says_so(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "log.xlsx.gz"
    path.write_bytes(gzip.compress(book(ROWS), mtime=0))
    assert "Unpack the .gz" in refused(path).render()
