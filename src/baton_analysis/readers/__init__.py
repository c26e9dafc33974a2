"""Files to tables: event logs in XES and OCEL, tables in CSV, Excel and Parquet; bounded and never guessed.

A preview proposes which columns are case, activity, time and party; :func:`read` takes the columns that were chosen.
What could be read but needs a word comes as a :class:`Notice`; what could not is a
:class:`~baton_analysis.errors.ReadError`, and then there is no table at all.
"""

from baton_analysis.readers.files import preview, read
from baton_analysis.readers.model import (
    Column,
    Limits,
    Notice,
    Preview,
    Proposal,
    RowProblem,
    RowsError,
    Table,
)
from baton_analysis.readers.proposals import propose_columns
from baton_analysis.readers.rows import PASTE_LIMITS, TABLE_LIMITS, Row, RowTable, open_rows, paste_rows

__all__ = [
    "Column",
    "Limits",
    "Notice",
    "PASTE_LIMITS",
    "Preview",
    "Proposal",
    "Row",
    "RowProblem",
    "RowTable",
    "RowsError",
    "TABLE_LIMITS",
    "Table",
    "open_rows",
    "paste_rows",
    "preview",
    "propose_columns",
    "read",
]
