"""Tables as Excel workbooks: every cell is a text or a number, never a formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NS = "http://schemas.openxmlformats.org"
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STAMP = (2000, 1, 1, 0, 0, 0)
_LONGEST_CELL = 32_767
SHEET_LENGTH = 31
"""Longest name of a sheet, in characters."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: ``name`` (31 characters at most), header in bold, rows; ``widths`` in characters."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[int] = ()


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as the bytes of an .xlsx file (ECMA-376). Texts are inline strings, which no program calculates."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _frame(sheets):
            packed.writestr(zipfile.ZipInfo(name, _STAMP), _HEAD + content, zipfile.ZIP_DEFLATED)
        for place, sheet in enumerate(sheets, 1):
            info = zipfile.ZipInfo(f"xl/worksheets/sheet{place}.xml", _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            with packed.open(info, "w") as part:
                for piece in _sheet(sheet):
                    part.write(piece.encode())
    return out.getvalue()


def workbook_download(file_name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """The workbook as a file to keep; ``file_name`` is one of ours, never a reader's."""
    response = HttpResponse(workbook(sheets), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _sheet(sheet: Sheet) -> Iterable[str]:
    yield f'{_HEAD}<worksheet xmlns="{_NS}/spreadsheetml/2006/main">'
    yield '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
    yield 'state="frozen"/></sheetView></sheetViews>'
    if sheet.widths:
        columns = (
            f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>' for i, width in enumerate(sheet.widths, 1)
        )
        yield f"<cols>{''.join(columns)}</cols>"
    yield "<sheetData>"
    yield _row(sheet.header, style=1)
    for row in sheet.rows:
        yield _row(row, style=2)
    yield "</sheetData></worksheet>"


def _row(cells: Sequence[object], *, style: int) -> str:
    return f"<row>{''.join(_cell(cell, style) for cell in cells)}</row>"


def _cell(cell: object, style: int) -> str:
    if cell is None or cell == "":
        return "<c/>"
    # Excel keeps fifteen digits, and knows neither infinity nor what is no number.
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < 1e15:
        return f"<c><v>{cell}</v></c>"
    if isinstance(cell, datetime):
        cell = cell.isoformat(sep=" ", timespec="seconds")
    text = escape(_BAD.sub("", str(cell))[:_LONGEST_CELL])
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _frame(sheets: Sequence[Sheet]) -> list[tuple[str, str]]:
    """The parts that hold the sheets together. Style 1 is bold; style 2 is a text, so that nothing typed over it turns
    into a date or loses its leading zeros."""
    count = range(1, len(sheets) + 1)
    office = f"{_NS}/officeDocument/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{types}.worksheet+xml"/>' for i in count
    )
    names = "".join(
        f'<sheet name={quoteattr(_sheet_name(sheet.name))} sheetId="{i}" r:id="rId{i}"/>'
        for i, sheet in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{office}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in count
    )
    styles = len(sheets) + 1
    return [
        (
            "[Content_Types].xml",
            f'<Types xmlns="{_NS}/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" '
            f'ContentType="{types}.styles+xml"/>{parts}</Types>',
        ),
        (
            "_rels/.rels",
            f'<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        ),
        (
            "xl/workbook.xml",
            f'<workbook xmlns="{_NS}/spreadsheetml/2006/main" xmlns:r="{office}"><sheets>{names}</sheets></workbook>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_NS}/package/2006/relationships">{links}'
            f'<Relationship Id="rId{styles}" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        ),
        (
            "xl/styles.xml",
            f'<styleSheet xmlns="{_NS}/spreadsheetml/2006/main"><fonts count="2"><font/><font><b/></font></fonts>'
            '<fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/>'
            '</cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/>'
            '<xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>',
        ),
    ]


def _sheet_name(name: str) -> str:
    return re.sub(r"[\\/*?:\[\]]", " ", name)[:31] or "Sheet"
