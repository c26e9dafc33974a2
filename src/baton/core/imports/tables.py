"""The table of an import: opened, its columns proposed, its first rows shown."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import override

from baton.core import uploads
from baton.core.import_targets import ImportTarget, import_targets
from baton.core.models import ImportRun, SavedMapping
from baton.core.rules import ImportOrigin
from baton.core.workbooks import SHEET_LENGTH
from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.cells.formulas import inert
from baton_analysis.readers.model import Notice, display

if TYPE_CHECKING:
    from baton_analysis.readers import RowTable

FIRST_SHOWN = 8
_SHOWN_WIDTH = 80
_SAMPLE_WIDTH = 30


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first rows of a table, fit to be shown, with what its columns are called."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sheets: tuple[str, ...]
    sheet: str
    notices: tuple[Notice, ...]

    def samples(self) -> Iterator[tuple[str, str]]:
        """Each column with its name and the first value in it: ``Dept · Ward 3``."""
        for place, name in enumerate(self.header):
            first = next((row[place] for row in self.rows if row[place].strip()), "")
            yield name, f"{name} · {display(first, _SAMPLE_WIDTH)}" if first else name


def open_table(run: ImportRun, *, sheet: str | None = None) -> RowTable:
    """The table of a run; raises ReadError where it cannot be read. Close it, or use it as a context."""
    from baton_analysis.readers import open_rows, paste_rows

    path = uploads.location(run.path)
    if run.origin == ImportOrigin.PASTE:
        return paste_rows(path.read_text("utf-8"))
    return open_rows(path, sheet=(sheet or run.sheet) or None)


def beginning(run: ImportRun, *, sheet: str | None = None) -> Beginning:
    """The first rows. Raises ReadError for a table that cannot be read, or has no row.

    Of a workbook in which no sheet was chosen the one that is called as the target is taken, else the first.
    """
    with open_table(run, sheet=sheet or run.sheet or _own_sheet(run)) as table:
        rows = tuple(tuple(display(text, _SHOWN_WIDTH) for text in row.texts) for row in islice(table, FIRST_SHOWN))
        if not rows and not table.problems[1]:
            raise ReadError(
                expected=gettext_noop("A table with at least one row below the names of its columns was expected."),
                found=gettext_noop("There is none."),
                remedy=gettext_noop("Import a table with rows; the template shows what belongs where."),
            )
        return Beginning(table.header, rows, table.sheets, table.sheet, table.notices)


def _own_sheet(run: ImportRun) -> str:
    """The sheet that bears the name of the run's target in some language; empty where there is none, or no workbook.

    Asked before any sheet is read: the first may have no rows.
    """
    from baton_analysis.readers.rows import TABLE_LIMITS
    from baton_analysis.readers.workbooks import Workbook

    path = uploads.location(run.path)
    if run.origin == ImportOrigin.PASTE or not zipfile.is_zipfile(path):
        return ""
    try:
        sheets = [one.name for one in Workbook(path, TABLE_LIMITS).sheets]
    except ReadError:  # told where the table is opened
        return ""
    names = set()
    for language, _label in settings.LANGUAGES:
        with override(language):
            names.add(str(target_of(run).title)[:SHEET_LENGTH].casefold())
    return next((name for name in sheets if name.casefold() in names), "")


def proposed(target: ImportTarget, header: tuple[str, ...], saved: SavedMapping | None = None) -> dict[str, str]:
    """For each field the column that probably holds it; what a saved mapping says comes first."""
    from baton_analysis.readers import propose_columns

    wanted = {column.name: (*column.labels.values(), *column.synonyms) for column in target.all_columns()}
    plain = {field: [_lower(name) for name in names] for field, names in wanted.items()}
    found = {field: name or "" for field, name in propose_columns(header, plain).items()}
    if saved is not None:
        said = {field: name for field, name in saved.mapping.items() if name in header}
        found = {field: said.get(field, "") for field in wanted}
    return found


def _lower(name: str) -> str:
    return " ".join(name.replace("-", " ").replace("_", " ").split()).lower()


def plain_text(text: str) -> str:
    """The text of a cell without the apostrophe that an export puts before what looks like a formula."""
    if text.startswith("'") and inert(text[1:]) == text:
        return text[1:]
    return text


def target_of(run: ImportRun) -> ImportTarget:
    """The registered target of a run."""
    return import_targets.get(run.target)


def columns_read(run: ImportRun, header: tuple[str, ...]) -> Mapping[str, int]:
    """Field -> place of its column in the table."""
    known = {column.name for column in target_of(run).all_columns()}
    return {field: header.index(name) for field, name in run.mapping.items() if field in known and name in header}


def spoken(problem: Mapping[str, Any]) -> Mapping[str, Any]:
    """Values of a problem for its templates, its place included."""
    return {**problem["values"], "row": problem["row"], "column": problem["column"]}
