"""Files to tables: event logs in XES (.xes, .xes.gz) and tables in CSV and Parquet, bounded, streamed, never guessed.

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

__all__ = ["Column", "Limits", "Notice", "Preview", "Proposal", "RowProblem", "RowsError", "Table", "preview", "read"]
