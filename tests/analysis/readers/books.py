"""Small Excel workbooks to write down in tests, part by part, so that every one of them can be made wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FORMATS = {"day": 1, "moment": 2, "duration": 3}
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="3"><numFmt numFmtId="170" formatCode="yyyy-mm-dd"/>'
    '<numFmt numFmtId="171" formatCode="yyyy-mm-dd hh:mm:ss"/><numFmt numFmtId="172" formatCode="[h]:mm"/></numFmts>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/></cellXfs>'
    "</styleSheet>"
)
Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Raw:
    """A cell as XML; ``{ref}`` is its address."""

    xml: str


@dataclass(frozen=True)
class Serial:
    """A day number with a format: "day", "moment" or "duration"."""

    number: float
    format: str = "day"


@dataclass(frozen=True)
class Sheet:
    """A sheet: rows of cells, merged ranges ("A1:B1"), the state ("hidden"), and XML in place of everything."""

    name: str
    rows: Sequence[Sequence[Cell | Raw | Serial]] = ()
    merged: Sequence[str] = ()
    state: str = ""
    xml: str = ""


def letters(index: int) -> str:
    """0 is A, 26 is AA."""
    return (letters(index // 26 - 1) if index >= 26 else "") + chr(65 + index % 26)


def cell(value: Cell | Raw | Serial, ref: str) -> str:
    """The XML of one cell."""
    if value is None:
        return ""
    if isinstance(value, Raw):
        return value.xml.replace("{ref}", ref)
    if isinstance(value, Serial):
        return f'<c r="{ref}" s="{FORMATS[value.format]}"><v>{value.number!r}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{ref}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{ref}"><v>{value!r}</v></c>'


def sheet_xml(sheet: Sheet) -> str:
    """The part of a sheet."""
    if sheet.xml:
        return sheet.xml
    rows = "".join(
        f'<row r="{number}">{"".join(cell(v, f"{letters(i)}{number}") for i, v in enumerate(row))}</row>'
        for number, row in enumerate(sheet.rows, 1)
    )
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in sheet.merged)
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>' + (
        f"<mergeCells>{merged}</mergeCells></worksheet>" if merged else "</worksheet>"
    )


def parts(*sheets: Sheet, date1904: bool = False, strings: str = "") -> dict[str, str]:
    """The parts of a workbook by name."""
    counted = ' date1904="1"' if date1904 else ""
    listed = "".join(
        f'<sheet name={quoteattr(s.name)} sheetId="{i}" state={quoteattr(s.state or "visible")} r:id="rId{i}"/>'
        for i, s in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    related += f'<Relationship Id="rId98" Type="{OFFICE}/styles" Target="styles.xml"/>'
    related += f'<Relationship Id="rId99" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>' if strings else ""
    written = {
        "[Content_Types].xml": HEAD + "<Types/>",
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f"<workbookPr{counted}/><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
        "xl/styles.xml": STYLES,
    }
    if strings:
        written["xl/sharedStrings.xml"] = strings
    return written | {f"xl/worksheets/sheet{i}.xml": sheet_xml(s) for i, s in enumerate(sheets, 1)}


def packed(members: Mapping[str, str | bytes], *, stored: bool = False) -> bytes:
    """A ZIP archive of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, None if stored else zipfile.ZIP_DEFLATED)
    return file.getvalue()


def book(*sheets: Sheet | Sequence[Sequence[Cell | Raw | Serial]], date1904: bool = False, strings: str = "") -> bytes:
    """A whole workbook; a list of rows is a sheet called Data."""
    named = [s if isinstance(s, Sheet) else Sheet("Data", s) for s in sheets]
    return packed(parts(*named, date1904=date1904, strings=strings))
