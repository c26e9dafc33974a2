"""Files to tables: event logs in XES and OCEL, tables in CSV, Excel and Parquet; bounded and never guessed.

A preview proposes which columns are case, activity, time and party; :func:`read` takes the columns that were chosen.
What could be read but needs a word comes as a :class:`Notice`; what could not is a
:class:`~baton_analysis.errors.ReadError`, and then there is no table at all.

The readers themselves, and the libraries behind them, are loaded when the first of them is asked for: a server that
starts, and a page that only shows a remark, need none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from baton_analysis.readers.model import Column, Limits, Notice, Preview, Proposal, RowProblem, RowsError, Table

if TYPE_CHECKING:
    from baton_analysis.readers.files import preview, read
    from baton_analysis.readers.proposals import propose_columns
    from baton_analysis.readers.rows import PASTE_LIMITS, TABLE_LIMITS, Row, RowTable, open_rows, paste_rows

_LOADED_ON_DEMAND = {
    "preview": "files",
    "read": "files",
    "propose_columns": "proposals",
    "PASTE_LIMITS": "rows",
    "TABLE_LIMITS": "rows",
    "Row": "rows",
    "RowTable": "rows",
    "open_rows": "rows",
    "paste_rows": "rows",
}

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


def __getattr__(name: str) -> Any:
    if name not in _LOADED_ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LOADED_ON_DEMAND[name]}"), name)
