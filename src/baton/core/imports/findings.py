"""What a check finds: collected part by part, and written into the files of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic_core import to_json

from baton.core import uploads
from baton.core.actors import Actor
from baton.core.changes.bulk_keys import KEYS_TARGET
from baton.core.import_targets import EmailCell, ImportRow, ImportTarget, PhoneCell
from baton.core.imports.seen import Seen
from baton_analysis.errors import BatonError
from baton_analysis.readers.cells import CellProblem

if TYPE_CHECKING:
    from baton_analysis.readers import RowTable
    from baton_analysis.readers.model import RowProblem

T = TypeVar("T")

CHANGES = "changes"
PROBLEMS = "problems"
WAS = "was"
"""Under which a change holds what it changes, for the page alone."""
_TOLD = 200
_COUNTED = ("rows", "rows_new", "rows_changed", "rows_unchanged", "rows_refused")


class PlanFiles:
    """The files of a plan while they are written: new rows by bulk target, changes, mistakes; one JSON object a line.

    ``order`` are the bulk targets in the order in which their rows are entered.
    """

    def __init__(self, order: Sequence[str]) -> None:
        self._order = order
        self._files: dict[str, uploads.Keeping] = {}
        self._lines: dict[str, int] = {}

    def add(self, name: str, lines: Iterable[Mapping[str, Any]]) -> None:
        """More lines of one file."""
        written = list(map(to_json, lines))
        if not written:
            return
        if name not in self._files:
            self._files[name] = uploads.Keeping(limit=uploads.DERIVED_LIMIT)
        self._files[name].write(b"\n".join((*written, b"")))
        self._lines[name] = self.lines(name) + len(written)

    def lines(self, name: str) -> int:
        """How many lines a file has."""
        return self._lines.get(name, 0)

    def done(self) -> dict[str, Any]:
        """The plan as an import keeps it: ``new`` lists target, path, number of rows and SHA-256 of each file."""
        kept = {name: file.done() for name, file in self._files.items()}
        return {
            "new": [
                [name, kept[name].path, self._lines[name], kept[name].digest] for name in self._order if name in kept
            ],
            **{name: kept[name].path if name in kept else "" for name in (CHANGES, PROBLEMS)},
        }

    def drop(self) -> None:
        """Nothing of the plan stays behind."""
        for file in self._files.values():
            file.drop()


@dataclass
class Found:
    """What is found about the rows of one table; what a target is given as ``findings``.

    Single rows are remembered until :meth:`end_part`; then they stand in the files, and only their numbers are kept.
    """

    viewer: Actor
    at: datetime
    system: str
    table: RowTable
    mapping: Mapping[str, str]
    target: ImportTarget
    files: PlanFiles
    keys: Seen = field(default_factory=Seen)
    problems: list[dict[str, Any]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    unread: set[tuple[int, str]] = field(default_factory=set)
    lines: list[tuple[int, str, Mapping[str, Any]]] = field(default_factory=list)
    changes: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    made: dict[int, tuple[ImportRow, str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))
    _kept: dict[str, Any] = field(default_factory=dict)

    def refuse(self, row: ImportRow, column: str, why: CellProblem | BatonError) -> None:
        """The row has a mistake in a field; what cannot be read is not said to be empty, too."""
        if (row.number, column) not in self.unread:
            self.note(row.number, column, why)

    def new(self, row: ImportRow, bulk_target: str, line: Mapping[str, Any], *, made: str = "") -> None:
        """The row makes a record of a bulk entry."""
        self.lines.append((row.number, bulk_target, line))
        if made:
            self.made[row.number] = (row, made)

    def change(
        self, row: ImportRow, line: Mapping[str, Any], *, made: str = "", was: Mapping[str, Any] | None = None
    ) -> None:
        """The row changes a record that is there; what is said of it twice, is one change."""
        said = self.changes.pop()[1] if self.changes and self.changes[-1][0] == row.number else {}
        told = {**said.get(WAS, {}), **self._differing(row, was or {})}
        self.changes.append((row.number, {**said, **line, "row": row.number, WAS: told}))
        if made:
            self.made[row.number] = (row, made)

    def _differing(self, row: ImportRow, was: Mapping[str, Any]) -> dict[str, list[str]]:
        """What stands there and what the row says instead, by field; how somebody is reached is not told."""
        told = {}
        for name, before in was.items():
            old, new = _cell(before), _cell(row[name])
            if row[name] is not None and old != new:
                hidden = isinstance(self.target.column(name).cell, PhoneCell | EmailCell)
                told[name] = ["…", "…"] if hidden else [old[:_TOLD], new[:_TOLD]]
        return told

    def same(self, row: ImportRow, public_id: str) -> None:
        """The row is this record as it stands."""
        self.made[row.number] = (row, public_id)

    def is_refused(self, row: ImportRow) -> bool:
        """Whether something was found wrong with the row."""
        return row.number in self.refused

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What the target keeps from one part to the next."""
        if name not in self._kept:
            self._kept[name] = make()
        kept: T = self._kept[name]
        return kept

    def note(self, number: int, column: str, why: CellProblem | BatonError) -> None:
        """A mistake in the row of this number."""
        self.refused.add(number)
        header = self.mapping.get(column, "")
        self.problems.append({
            "row": number, "field": column, "column": header, "sheet": self.table.sheet,
            "letter": self.table.letter(header) if header else "", "expected": why.expected, "found": why.found,
            "remedy": why.remedy, "values": {name: str(value)[:300] for name, value in why.values.items()},
        })  # fmt: skip

    def note_unread(self, number: int, column: str, why: CellProblem) -> None:
        """The cell of this field, in the row of this number, cannot be read."""
        self.note(number, column, why)
        self.unread.add((number, column))

    def end_part(self, rows: int, wrong_width: Iterable[RowProblem]) -> None:
        """Write what was found about a part of so many rows; ``wrong_width`` are the rows between them that have more
        or fewer cells than the header, which are counted by :meth:`counted`."""
        self._give_keys()
        new = {number for number, _target, _line in self.lines} - self.refused
        changed = {number: line for number, line in self.changes if number not in self.refused}
        for name in dict.fromkeys((*self.target.makes, KEYS_TARGET)):
            self.files.add(name, (line for number, of, line in self.lines if of == name and number not in self.refused))
        self.files.add(CHANGES, changed.values())
        self.problems += [
            {
                "row": problem.row, "field": "", "column": problem.column, "sheet": "", "letter": problem.letter,
                "expected": problem.expected, "found": problem.found, "remedy": problem.remedy,
                "values": dict(problem.values),
            }
            for problem in wrong_width
        ]  # fmt: skip
        self.files.add(PROBLEMS, sorted(self.problems, key=lambda problem: problem["row"]))
        unchanged = rows - len(self.refused) - len(new | changed.keys())
        for name, count in zip(_COUNTED, (rows, len(new), len(changed), unchanged, len(self.refused)), strict=True):
            self.counts[name] += count
        self._begin_part()

    def _begin_part(self) -> None:
        self.problems, self.lines, self.changes = [], [], []
        self.refused, self.unread, self.made = set(), set(), {}

    def _give_keys(self) -> None:
        """Records of rows with a key that is not theirs yet get it."""
        if not self.system or not self.target.kind:
            return
        for row, public_id in self.made.values():
            if row.key and not row.known and not self.is_refused(row):
                line = {
                    "kind": self.target.kind, "object_id": public_id, "system": self.system, "key": row.key,
                    "subject": public_id if self.target.key_is_personal else "",
                }  # fmt: skip
                self.lines.append((row.number, KEYS_TARGET, line))

    def counted(self, wrong_width: int) -> dict[str, int]:
        """The figures of the whole table, in which so many rows are of another width than the header."""
        counts = {**self.counts, "problems": self.files.lines(PROBLEMS)}
        counts["rows"] += wrong_width
        counts["rows_refused"] += wrong_width
        return counts


def _cell(value: Any) -> str:
    """A value as the cell of a table."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value)
