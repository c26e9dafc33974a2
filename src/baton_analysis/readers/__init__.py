"""Files to tables: event logs in XES (.xes, .xes.gz) and tables in CSV and Parquet, bounded, streamed, never guessed.

>>> from pathlib import Path
>>> from baton_analysis.readers import preview, read
>>> proposal = preview(Path("log.xes.gz")).proposal  # doctest: +SKIP
>>> table = read(Path("log.xes.gz"), columns=["case:concept:name", "org:group", "time:timestamp"])  # doctest: +SKIP
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
