"""What the rules find wrong with a row, said of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from baton.core.import_targets import Findings, ImportRow
from baton.handoffs.rules import Fault
from baton_analysis.readers.cells import CellProblem


def refuse_faults(
    row: ImportRow, faults: Sequence[Fault], findings: Findings, columns: Mapping[str, str] | None = None
) -> None:
    """Refuse a row for what the rules find wrong with it; ``columns``: by field of the rules that of the table."""
    for fault in faults:
        column = (columns or {}).get(fault.field, fault.field)
        values = {name: str(value) for name, value in fault.values.items()}
        findings.refuse(row, column, CellProblem(fault.expected, fault.found, fault.remedy, values))
