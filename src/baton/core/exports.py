"""Tables that leave the house: inert in the spreadsheet that opens them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from baton.core.errors import Refused
from baton.core.workbooks import Sheet, workbook_download
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells.formulas import inert


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The table as CSV (RFC 4180), a line at a time; a byte order mark in front, by which Excel knows UTF-8."""
    yield "\ufeff"
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in chain([header], rows):
        writer.writerow([inert(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


XLSX_ROWS = 1_048_576
"""Rows of a sheet of Excel."""


def xlsx_download(file_name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The table as a workbook with one sheet, in which nothing is a formula. A table that is longer than a sheet is
    refused before anything is sent."""
    widths = [max(12, min(40, len(cell) + 2)) for cell in header]
    name = file_name.partition(".")[0]
    return workbook_download(file_name, [Sheet(name, header, _as_many_as_fit(rows), widths)])


def _as_many_as_fit(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    for number, row in enumerate(rows, 2):
        if number > XLSX_ROWS:
            raise Refused(
                expected=gettext_noop("A sheet holds at most {most} rows."),
                remedy=gettext_noop("Export the table as CSV, or filter it first."),
                most=XLSX_ROWS - 1,
            )
        yield row


def download(
    request: HttpRequest, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponseBase:
    """The table in the format that ``?format=`` names, ``csv`` or ``xlsx``; CSV where it names none."""
    if request.GET.get("format") == "xlsx":
        return xlsx_download(f"{name}.xlsx", header, rows)
    return csv_download(f"{name}.csv", header, rows)


def csv_download(file_name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """The table as a file to keep; ``file_name`` is one of ours, never a reader's."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
