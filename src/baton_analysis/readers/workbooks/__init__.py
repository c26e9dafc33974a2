"""Excel workbooks (.xlsx): bounded before they are unpacked, one sheet at a time, every cell as its text."""

from baton_analysis.readers.workbooks.cells import CellText, cell_text
from baton_analysis.readers.workbooks.frames import SheetFrame, placed, sheet_frame
from baton_analysis.readers.workbooks.headers import Header, find_header
from baton_analysis.readers.workbooks.parts import SheetInfo, Workbook, refuse_ole
from baton_analysis.readers.workbooks.scan import column_letters
from baton_analysis.readers.workbooks.sheets import SheetTable

__all__ = [
    "CellText",
    "Header",
    "SheetFrame",
    "SheetInfo",
    "SheetTable",
    "Workbook",
    "cell_text",
    "column_letters",
    "find_header",
    "placed",
    "refuse_ole",
    "sheet_frame",
]
