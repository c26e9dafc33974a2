"""The parts of a workbook, looked at one by one within bounds; what is read is a clean copy with one sheet in it.

A workbook is a ZIP archive of XML. Its list of members is checked first, then only the few parts that hold cells are
unpacked, each as a stream with a bound, and written into an archive of our own making. Drawings, macros, embedded files
and links to other workbooks are never unpacked.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from baton_analysis.readers.model import MIB, Limits
from baton_analysis.readers.workbooks import refusals
from baton_analysis.readers.workbooks.scan import Extent, Sift, column_letters

_CHUNK = 1024 * 1024
_MEMBERS = 20_000
_SMALL = 16 * MIB
"""Bound of the parts that are held in memory: the list of sheets and the styles."""
_STRINGS = 1_000_000
_DENSE_AREA = 4_000_000
"""Cells of the rectangle around a sheet's cells that are allowed whatever it holds; it is laid out in memory."""
_SPARSE = 10
"""A larger rectangle must have one filled cell in so many."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_COUNTS = re.compile(rb"""\s(?:uniqueCount|count)\s*=\s*(?:"[^"]*"|'[^']*')""")
_STRING = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?si[\s/>]")


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet of a workbook: its name, and whether it is hidden there."""

    name: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class CopiedSheet:
    """What was met on the way of a sheet into the clean copy."""

    formulas: int
    merged: tuple[tuple[int, int, int, int], ...]
    """First row, first column, last row, last column of each merged range, from 0."""


class Workbook:
    """A workbook whose list of parts has been checked.

    Raises
    ------
    ReadError
        It is no .xlsx, is encrypted, damaged, or larger than its bounds.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        try:
            self._members = _members(path)
            self._names = {name.lower(): name for name in reversed(self._members)}
            self._refuse_other_types()
            self.sheets, self._parts, self.date1904 = self._listed()
        except _BROKEN as error:
            raise _said(error) from error

    @property
    def external_links(self) -> int:
        """Links to other workbooks, which are never followed."""
        return sum(bool(re.search(r"xl/externallinks/[^/]+\.xml$", name)) for name in self._names)

    def copy_sheet(self, sheet: SheetInfo, target: Path) -> CopiedSheet:
        """Write an archive to ``target`` that holds this sheet with its texts and formats, and nothing else."""
        part = self._parts[self.sheets.index(sheet)]
        try:
            with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
                copy.writestr("_rels/.rels", _ROOT)
                copy.writestr("xl/workbook.xml", _workbook_xml(sheet.name, date1904=self.date1904))
                self._copy_strings(copy)
                self._copy_styles(copy)
                return self._copy_cells(part, copy)
        except _BROKEN as error:
            raise _said(error) from error

    def _refuse_other_types(self) -> None:
        if "mimetype" in self._names and "content.xml" in self._names:
            raise refusals.other_type("ODS / ODT (OpenDocument)")
        if "xl/workbook.bin" in self._names:
            raise refusals.other_type("XLSB")
        if "xl/vbaproject.bin" in self._names:
            raise refusals.other_type("XLSM (with macros)")
        if "word/document.xml" in self._names:
            raise refusals.other_type("DOCX")
        if "_rels/.rels" not in self._names and "xl/workbook.xml" not in self._names:
            raise refusals.not_a_workbook(", ".join(list(self._members)[:5]))

    def _listed(self) -> tuple[tuple[SheetInfo, ...], list[str], bool]:
        """The sheets, the part of each, and whether days are counted from 1904."""
        place = self._place()
        folder, _, name = place.rpartition("/")
        self._base = folder + "/" if folder else ""
        book = self._tree(place)
        relations = self._tree(f"{self._base}_rels/{name}.rels")
        targets = {r.get("Id"): (r.get("Type", ""), r.get("Target", "")) for r in _elements(relations, "Relationship")}
        self._shared = next((t for kind, t in targets.values() if kind.endswith("/sharedStrings")), None)
        self._styles = next((t for kind, t in targets.values() if kind.endswith("/styles")), None)
        sheets, parts = [], []
        for element in _elements(book, "sheet"):
            key = next((v for k, v in element.attrib.items() if str(k).endswith("}id")), None)
            kind, target = targets.get(key, ("", ""))
            if kind.endswith("/worksheet") and target:
                sheets.append(SheetInfo(element.get("name", ""), element.get("state", "visible") != "visible"))
                parts.append(self._resolved(target))
        if not sheets:
            raise refusals.no_sheets()
        settings = next(iter(_elements(book, "workbookPr")), None)
        date1904 = settings is not None and settings.get("date1904", "0").lower() in ("1", "true", "on")
        return tuple(sheets), parts, date1904

    def _place(self) -> str:
        """The part that lists the sheets: nearly always xl/workbook.xml."""
        if "_rels/.rels" in self._names:
            for relation in _elements(self._tree("_rels/.rels"), "Relationship"):
                if relation.get("Type", "").endswith("/officeDocument"):
                    return str(relation.get("Target", "")).lstrip("/")
        return "xl/workbook.xml"

    def _resolved(self, target: str) -> str:
        """The name of the part that a relation of the workbook points to."""
        return target.lstrip("/") if target.startswith("/") else self._base + target.removeprefix("./")

    def _tree(self, part: str) -> Any:
        data = b"".join(self._stream(part, _SMALL))
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise refusals.damaged() from error

    def _stream(self, part: str, limit: int) -> Iterator[bytes]:
        """A part piece by piece, refused where it has a document type, is not UTF-8, or unpacks to too much."""
        name = self._names.get(part.lower())
        if name is None:
            raise refusals.damaged()
        member = self._members[name]
        bound, limits = min(limit, self.limits.unpacked), self.limits
        packed = max(1, member.compress_size)
        if member.file_size > bound or self._too_dense(member.file_size, packed):
            raise refusals.unpacks_to_too_much(part, packed, member.file_size, bound, limits.ratio)
        total, tail = 0, b""
        with zipfile.ZipFile(self.path) as archive, archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                if total == 0 and (chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in chunk[:4]):
                    raise refusals.not_utf8(part)
                total += len(chunk)
                if total > bound or self._too_dense(total, packed):  # it may state less than it has
                    raise refusals.unpacks_to_too_much(part, packed, total, bound, limits.ratio)
                if b"<!" in (seen := tail + chunk) and _DTD.search(seen):
                    raise refusals.doctype(part)
                tail = chunk[-16:]
                yield chunk

    def _too_dense(self, unpacked: int, packed: int) -> bool:
        return unpacked > self.limits.ratio_from and unpacked > packed * self.limits.ratio

    def _copy_strings(self, copy: zipfile.ZipFile) -> None:
        if self._shared is None or self._resolved(self._shared).lower() not in self._names:
            copy.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}"/>')
            return
        count, tail, started = 0, b"", False
        with copy.open("xl/sharedStrings.xml", "w", force_zip64=True) as out:
            for chunk in self._stream(self._resolved(self._shared), self.limits.unpacked):
                count += len(_STRING.findall(tail + chunk)) - len(_STRING.findall(tail))
                if count > _STRINGS:
                    raise refusals.too_many_strings(_STRINGS)
                tail = chunk[-64:]
                if not started:  # how many there are is counted, not believed
                    chunk, started = _COUNTS.sub(b"", chunk), True
                out.write(chunk)

    def _copy_styles(self, copy: zipfile.ZipFile) -> None:
        if self._styles is not None and self._resolved(self._styles).lower() in self._names:
            data = b"".join(self._stream(self._resolved(self._styles), _SMALL))
            copy.writestr("xl/styles.xml", _COUNTS.sub(b"", data))

    def _copy_cells(self, part: str, copy: zipfile.ZipFile) -> CopiedSheet:
        """Copy the cells; a sheet that reaches too far is copied without its empty cells, then judged again."""
        for drop_empty in (False, True):
            extent = Extent()
            name = f"xl/worksheets/sheet{1 + drop_empty}.xml"
            with copy.open(name, "w", force_zip64=True) as out:
                sift = Sift(extent, drop_empty=drop_empty, longest=self.limits.row_chars)
                for chunk in self._stream(part, self.limits.unpacked):
                    out.write(sift.feed(chunk))
                out.write(sift.close())
            if self._fits(extent):
                copy.writestr("xl/_rels/workbook.xml.rels", _relations_xml(name))
                return CopiedSheet(extent.formulas, extent.merged)
        raise refusals.too_far_apart(column_letters(extent.columns - 1) + str(extent.rows), extent.cells)

    def _fits(self, extent: Extent) -> bool:
        return extent.area <= max(_DENSE_AREA, _SPARSE * extent.cells)


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ROOT = (
    f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
)


def _said(error: Exception) -> Exception:
    """What a broken archive is told as."""
    if isinstance(error, RuntimeError) and "encrypted" in str(error):
        return refusals.encrypted()
    return refusals.damaged()


def _members(path: Path) -> dict[str, zipfile.ZipInfo]:
    """The members by name, none of which leads out of the archive."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(b"\x1f\x8b"):
        raise refusals.packed_again()
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if len(members) > _MEMBERS:
        raise refusals.too_many_parts(len(members), _MEMBERS)
    for member in members:
        name = member.orig_filename.replace("\\", "/")
        link = stat.S_ISLNK(member.external_attr >> 16)
        if link or name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name):
            raise refusals.outside(member.orig_filename)
        if member.flag_bits & 1:
            raise refusals.encrypted()
    return {member.filename: member for member in members}


def refuse_ole(path: Path) -> None:
    """Refuse a file of the old binary formats, telling an encrypted workbook from an .xls."""
    with path.open("rb") as file:
        data = file.read(4 * MIB)
        if not data.startswith(_OLE):
            return
        size = path.stat().st_size
        if size > len(data):
            file.seek(max(0, size - 4 * MIB))
            data += file.read(4 * MIB)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise refusals.encrypted()
    raise refusals.other_type("XLS / DOC")


def _elements(tree: Any, local: str) -> Iterator[Any]:
    return (e for e in tree.iter() if isinstance(e.tag, str) and etree.QName(e).localname == local)


def _workbook_xml(name: str, *, date1904: bool) -> str:
    counted = ' date1904="1"' if date1904 else ""
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr{counted}/>'
        f'<sheets><sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _relations_xml(sheet: str) -> str:
    parts = (("rId1", "worksheet", sheet.removeprefix("xl/")), ("rId2", "sharedStrings", "sharedStrings.xml"))
    relations = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, kind, target in (*parts, ("rId3", "styles", "styles.xml"))
    )
    return f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>'
