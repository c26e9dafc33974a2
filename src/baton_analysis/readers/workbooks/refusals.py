"""Why a workbook is not read: each with what was expected, what was found and what to do."""

from __future__ import annotations

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.model import MIB, display

_WORKBOOK = gettext_noop("An Excel workbook (.xlsx) was expected.")


def not_a_workbook(inside: str) -> ReadError:
    """A ZIP archive that is no workbook; ``inside`` names what is in it."""
    return ReadError(
        expected=_WORKBOOK,
        found=gettext_noop("The file is a ZIP archive with other contents: {inside}."),
        remedy=gettext_noop("Unpack it, and import the .xlsx or CSV file that is in it."),
        inside=display(inside, 200) or "-",
    )


def other_type(kind: str) -> ReadError:
    """A file of another office program, whatever its name says."""
    return ReadError(
        expected=_WORKBOOK,
        found=gettext_noop("By its contents the file is of another type: {type}."),
        remedy=gettext_noop("Open it in the program it comes from, save it as .xlsx or CSV, and import that file."),
        type=kind,
    )


def encrypted() -> ReadError:
    """A workbook that opens with a password only."""
    return ReadError(
        expected=gettext_noop("An Excel workbook without a password was expected."),
        found=gettext_noop("This one is encrypted: it opens with a password only."),
        remedy=gettext_noop("Open it, take the password away (File, Info, Protect Workbook), and save it again."),
    )


def packed_again() -> ReadError:
    """A workbook inside .gz."""
    return ReadError(
        expected=gettext_noop("An Excel workbook as it is was expected; it is packed by itself."),
        found=gettext_noop("It is packed once more, as .gz."),
        remedy=gettext_noop("Unpack the .gz and import the .xlsx that is in it."),
    )


def damaged() -> ReadError:
    """A workbook that is cut off or broken. What the library found stays with the cause: it is worded in English."""
    return ReadError(
        expected=gettext_noop("A complete Excel workbook was expected."),
        found=gettext_noop("It is damaged or cut off."),
        remedy=gettext_noop("Copy or download the file again; if it stays so, open it in Excel and save it anew."),
    )


def outside(part: str) -> ReadError:
    """A member whose name leads out of the archive, or that is a link."""
    return ReadError(
        expected=gettext_noop("A workbook was expected whose parts all lie within it."),
        found=gettext_noop("One of them points elsewhere: “{part}”. No spreadsheet program writes that."),
        remedy=gettext_noop("Do not open this file. Ask whoever sent it for a new export."),
        part=display(part),
    )


def too_many_parts(count: int, limit: int) -> ReadError:
    """More members than a workbook has."""
    return ReadError(
        expected=gettext_noop("A workbook of at most {limit} parts was expected."),
        found=gettext_noop("It has {count}."),
        remedy=gettext_noop("Copy the one sheet that is needed into a new workbook."),
        limit=limit,
        count=count,
    )


def unpacks_to_too_much(part: str, packed: int, unpacked: int, limit: int, ratio: int) -> ReadError:
    """A member that unpacks to more than it may."""
    return ReadError(
        expected=gettext_noop(
            "Parts that unpack to at most {limit} MiB, and to at most {ratio} times their size, were expected."
        ),
        found=gettext_noop("{packed} bytes of “{part}” unpack to {unpacked} bytes or more."),
        remedy=gettext_noop("Copy the needed cells into a new workbook, or save the sheet as CSV."),
        part=display(part),
        packed=packed,
        unpacked=unpacked,
        limit=max(1, limit // MIB),
        ratio=ratio,
    )


def doctype(part: str) -> ReadError:
    """A part with a document type, which may define entities."""
    return ReadError(
        expected=gettext_noop("A workbook without a document type (DOCTYPE) was expected."),
        found=gettext_noop("“{part}” declares one, which can read other files or unfold to any size."),
        remedy=gettext_noop("Do not open this file. Ask whoever sent it for a new export."),
        part=display(part),
    )


def not_utf8(part: str) -> ReadError:
    """A part in another encoding."""
    return ReadError(
        expected=gettext_noop("A workbook whose parts are UTF-8 was expected, as spreadsheet programs write them."),
        found=gettext_noop("“{part}” is written in another encoding."),
        remedy=gettext_noop("Open the file in Excel and save it as a new workbook."),
        part=display(part),
    )


def too_many_strings(limit: int) -> ReadError:
    """More shared texts than are read."""
    return ReadError(
        expected=gettext_noop("A workbook with at most {limit} different texts was expected."),
        found=gettext_noop("It has more."),
        remedy=gettext_noop("Save the sheet as CSV, and import that."),
        limit=limit,
    )


def too_far_apart(cell: str, filled: int) -> ReadError:
    """Few cells over a huge area."""
    return ReadError(
        expected=gettext_noop("A sheet whose cells stand together was expected."),
        found=gettext_noop("It has {filled} filled cells, but reaches down and across to {cell}."),
        remedy=gettext_noop("Delete the rows and columns beyond the table, or copy the table into a new workbook."),
        cell=cell,
        filled=filled,
    )


def no_sheets() -> ReadError:
    """A workbook without any sheet of cells."""
    return ReadError(
        expected=gettext_noop("A workbook with at least one sheet of cells was expected."),
        found=gettext_noop("It has none."),
        remedy=gettext_noop("Copy the table into a new workbook, and import that."),
    )


def no_such_sheet(name: str, names: str) -> ReadError:
    """A sheet that is not there."""
    return ReadError(
        expected=gettext_noop("One of the sheets of the workbook was expected: {sheets}."),
        found=gettext_noop("“{sheet}” was named."),
        remedy=gettext_noop("Choose one of these."),
        sheet=display(name),
        sheets=names,
    )


def empty_sheet(name: str, others: str) -> ReadError:
    """A sheet without a cell."""
    return ReadError(
        expected=gettext_noop("A header and at least one row were expected."),
        found=gettext_noop("The sheet “{sheet}” is empty. The sheets of the workbook are: {sheets}."),
        remedy=gettext_noop("Choose another sheet, or check the export."),
        sheet=display(name),
        sheets=others,
    )


def no_rows(name: str, header_row: int) -> ReadError:
    """A header without rows."""
    return ReadError(
        expected=gettext_noop("At least one row below the header was expected."),
        found=gettext_noop("On the sheet “{sheet}” nothing stands below row {header_row}."),
        remedy=gettext_noop("Choose another sheet or header row, or check the filter and the period of the export."),
        sheet=display(name),
        header_row=header_row,
    )


def no_such_row(header_row: int, rows: int) -> ReadError:
    """A header row that is not there."""
    return ReadError(
        expected=gettext_noop("A header row between 1 and {rows} was expected."),
        found=gettext_noop("Row {header_row} was named."),
        remedy=gettext_noop("Name the row in which the names of the columns stand, or leave it out."),
        header_row=header_row,
        rows=rows,
    )
