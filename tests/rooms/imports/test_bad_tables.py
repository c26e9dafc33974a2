"""Bad tables at the door of an import (B001-B035): told plainly, nothing half saved."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from baton.chain.models import Party
from baton.core.exports import csv_lines
from baton.core.imports.reports import report_header, report_rows
from baton.core.models import ImportRun, Person
from baton.core.workbooks import Sheet, workbook
from baton_analysis.errors import ReadError
from tests.rooms.imports.tables import checked, counts, entered, said
from tests.world import World

HEAD = "Code,Name (English),Kind,Stands under,From\n"
GOOD = HEAD + "A,Alpha,Department,,2026-01-05\n"


def book(*rows: list[object], header: list[str] | None = None) -> bytes:
    return workbook([Sheet("T", header or HEAD.strip().split(","), rows)])


def patched(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.namelist():
            raw = source.read(item)
            if item == name:
                assert old in raw
                raw = raw.replace(old, new)
            target.writestr(item, raw)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
BOOK = book(["A", "Alpha", "Department", "", "2026-01-05"])


def bomb() -> bytes:
    """A workbook whose sheet unpacks to 600 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for item in source.namelist():
            packed.writestr(item, source.read(item) + (b" " * 600_000_000 if item == SHEET else b""))
    return out.getvalue()


REFUSED = {
    "B001": b"",
    "B002": HEAD.encode(),
    "B006": HEAD.encode()
    + "A,护理部门的工作人员,Department,,\n".encode()
    + "B,检验科的医生和技师,Department,,\n".encode("gb18030"),
    "B007": (HEAD + "A,Al\0pha,Department,,\n").encode(),
    "B008": (HEAD + "A," + "x" * 5_000_000 + ",Department,,\n").encode(),
    "B009": (HEAD + 'A,"Alpha,Department,,\n').encode(),
    "B012": b"," * 1_000_000 + b"\n",
    "B013": GOOD.replace("Kind", "Code", 1).encode(),
    "B014": GOOD.replace("Kind", "Code ", 1).encode(),
    "B025": book()[:0] + b"PK\x05\x06" + b"\0" * 18,
    "B027": patched(
        BOOK, "xl/workbook.xml", b"<workbook", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook'
    ),
    "B031": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "B035": BOOK[:-30],
}


@pytest.mark.sqlite
@pytest.mark.parametrize("number", REFUSED)
def test_a_table_that_cannot_be_read_is_told_at_once(world: World, number: str) -> None:
    before = Party.objects.count()
    client = world.client(world.lin_mei)
    file = SimpleUploadedFile("table.xlsx" if REFUSED[number][:2] == b"PK" else "table.csv", REFUSED[number])
    sent = client.post("/data/imports/bring/organisation/", {"file": file})
    assert sent.status_code == 422, number
    assert "error" in sent.content.decode()
    assert not ImportRun.objects.exclude(state="failed").exists()
    assert Party.objects.count() == before


READ = {
    "B003": b"\xef\xbb\xbf" + GOOD.encode(),
    "B004": GOOD.encode("utf-16"),
    "B005": GOOD.replace("Alpha", "护理部门的工作人员，三病区").encode("gb18030"),
    "B010": GOOD.replace(",", ";").encode(),
    "B011": GOOD.replace("\n", "\r").encode(),
    "B015": (HEAD + "A,'=HYPERLINK(1),Department,,\n").encode(),
    "B020": (HEAD + "A,<img onerror=alert(1)>,Department,,\n").encode(),
    "B021": (HEAD + "A,Al\u202epha\u200b 😀,Department,,\n").encode(),
    "B028": patched(BOOK, SHEET, b"<sheetViews>", b'<dimension ref="A1:XFD1048576"/><sheetViews>'),
}


@pytest.mark.django_db
@pytest.mark.parametrize("number", READ)
def test_a_table_that_only_looks_odd_is_entered(number: str) -> None:
    run = entered("organisation", READ[number])
    assert counts(run) == (1, 0, 0, 0)
    name = Party.objects.get(code="A").name["en"]
    assert "\u202e" not in name
    assert "\u200b" not in name
    assert number != "B015" or name == "=HYPERLINK(1)"


ROWS = {
    "B018": ("A,Alpha,Department,,31/02/2026\n", "From"),
    "B018-zero": ("A,Alpha,Department,,0000-00-00\n", "From"),
    "B018-far": ("A,Alpha,Department,,10000-01-01\n", "From"),
    "cycle": ("A,Alpha,Department,A,\n", "Stands under"),
    "mixed": ("A,Alpha,Department,B,\nB,Beta,Outside customer,,\n", "Stands under"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", ROWS)
def test_a_bad_cell_is_told_with_its_row_and_column(case: str) -> None:
    rows, column = ROWS[case]
    run = checked("organisation", (HEAD + rows).encode())
    assert (2, column) in {(row, where) for row, where, _text in said(run)}
    assert not Party.everything.exists()


@pytest.mark.django_db
def test_numbers_that_python_would_take_are_no_grades() -> None:
    """B016, B017, B019."""
    entered("organisation", (HEAD + "A,Alpha,Department,,\nB,Beta,Department,,\n").encode())
    bad = ["1e400", "nan", "6", "0", "-1", "3.5", "9" * 5_000, "1_0"]
    table = "Supplier,Customer,Output,Spend\n" + "".join(f"A,B,Output {n},{text}\n" for n, text in enumerate(bad))
    run = checked("links", table.encode())
    assert run.rows_refused == len(bad)
    assert {column for _row, column, _text in said(run)} == {"Spend"}


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_bomb_is_refused() -> None:
    """B024."""
    with pytest.raises(ReadError):
        checked("organisation", bomb())


@pytest.mark.django_db
def test_the_report_is_inert_and_whole() -> None:
    table = "Sign-in name,Name (English),E-mail\n" + "".join(f"u{n},Person,=cmd|' /C calc'!A{n}\n" for n in range(250))
    run = checked("people", table.encode())
    assert (run.rows_refused, run.problems) == (250, 250)
    lines = "".join(csv_lines(report_header(), report_rows(run))).splitlines()
    assert len(lines) == 251
    assert not any(cell.startswith(("=", "+", "@")) for line in lines for cell in line.split(","))


@pytest.mark.django_db
def test_rows_in_another_order_are_the_same() -> None:
    """B023."""
    rows = ["A,Alpha,Department,B,\n", "B,Beta,Department,,\n", "C,Gamma,Team,A,\n"]
    assert counts(entered("organisation", (HEAD + "".join(rows)).encode())) == (3, 0, 0, 0)
    assert counts(checked("organisation", (HEAD + "".join(reversed(rows))).encode())) == (0, 0, 3, 0)


@pytest.mark.sqlite
def test_fifty_thousand_people_pasted_into_the_page_are_looked_at_or_told_where_to_go(world: World) -> None:
    """A paste of exactly as many rows as a paste may have is taken; how many it may have is said of a longer one."""
    client = world.client(world.sun_yan)
    head = "Sign-in name\tName (English)\tE-mail\tPhone\tParty\n"
    rows = "".join(
        f"p{n}\tPerson {n}\tperson{n}@example.org\t+86139{n:08}\tDepartment {n % 300}\n" for n in range(50_000)
    )
    taken = client.post("/data/imports/bring/people/", {"pasted": head + rows})
    assert taken.status_code == 302, taken.content[:2000]
    assert client.get(taken.url).status_code == 200
    far = client.post("/data/imports/bring/people/", {"pasted": head + rows * 4})
    assert far.status_code == 413
    assert "Send less at a time" in far.content.decode()
    assert not Person.everything.filter(sign_in_name="p1").exists()


@pytest.mark.sqlite
@pytest.mark.django_db
def test_fifty_thousand_people_are_too_many_to_paste_and_said_so() -> None:
    table = "Sign-in name\tName (English)\n" + "".join(f"p{n}\tPerson {n}\n" for n in range(50_001))
    run = checked("people", table)
    assert run.state == "failed"
    assert not Person.everything.exists()
    assert run.failure["remedy"]
    assert timezone.now() >= run.recorded_at
