"""What may be imported: targets that rooms register, their columns, and what a row becomes.

A target says which columns it knows, in every language, and what makes of the rows a plan: new rows of bulk entries,
changes of records that are there, or refusals. The engine (:mod:`baton.core.imports`) does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from baton.core.actors import Actor
from baton.core.registries import Registry
from baton_analysis.errors import BatonError, gettext_noop
from baton_analysis.readers.cells import (
    CellProblem,
    Choice,
    DayOrder,
    parse_choice,
    parse_day,
    parse_decimal,
    parse_email,
    parse_local_moment,
    parse_phone,
    parse_text,
    parse_whole,
    parse_yes_no,
)

if TYPE_CHECKING:
    from baton.core.models import ImportRun

T = TypeVar("T")


class Cell(Protocol):
    """How the text of a cell is read: the value, None where it is empty, or what is wrong with it."""

    def parse(self, text: str, order: DayOrder | None) -> Any | CellProblem | None: ...

    def choices(self) -> Mapping[str, Sequence[str]]:
        """Codes with their labels, where only some words are allowed."""
        ...


@dataclass(frozen=True, slots=True)
class TextCell:
    """A text of at most ``longest`` characters."""

    longest: int = 200

    def parse(self, text: str, order: DayOrder | None) -> str | CellProblem | None:
        return parse_text(text, longest=self.longest)

    def choices(self) -> Mapping[str, Sequence[str]]:
        return {}


@dataclass(frozen=True)
class ChoiceCell:
    """One of several codes, by the code or a label in any language."""

    labels: Mapping[str, Sequence[str]]

    @cached_property
    def _choice(self) -> Choice:
        return Choice(self.labels)

    def parse(self, text: str, order: DayOrder | None) -> str | CellProblem | None:
        return parse_choice(text, self._choice)

    def choices(self) -> Mapping[str, Sequence[str]]:
        return self.labels


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day; the order of day and month is found from the whole column where single cells leave it open."""

    def parse(self, text: str, order: DayOrder | None) -> Any | CellProblem | None:
        return parse_day(text, order=order)

    def choices(self) -> Mapping[str, Sequence[str]]:
        return {}


@dataclass(frozen=True, slots=True)
class MomentCell:
    """A day and time: in UTC where the text names its zone, else without one; the target knows that of the table."""

    def parse(self, text: str, order: DayOrder | None) -> datetime | CellProblem | None:
        return parse_local_moment(text, order=order)

    def choices(self) -> Mapping[str, Sequence[str]]:
        return {}


@dataclass(frozen=True, slots=True)
class EmailCell:
    """An e-mail address."""

    def parse(self, text: str, order: DayOrder | None) -> str | CellProblem | None:
        return parse_email(text)

    def choices(self) -> Mapping[str, Sequence[str]]:
        return {}


@dataclass(frozen=True, slots=True)
class PhoneCell:
    """A telephone number."""

    def parse(self, text: str, order: DayOrder | None) -> str | CellProblem | None:
        return parse_phone(text)

    def choices(self) -> Mapping[str, Sequence[str]]:
        return {}


@dataclass(frozen=True, slots=True)
class WholeCell:
    """A whole number from ``least`` to ``most``."""

    least: int
    most: int

    def parse(self, text: str, order: DayOrder | None) -> int | CellProblem | None:
        return parse_whole(text, least=self.least, most=self.most)

    def choices(self) -> Mapping[str, Sequence[str]]:
        return {}


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A number with decimals from ``least`` to ``most``; 1,234 is refused, because it may be two numbers."""

    least: int
    most: int

    def parse(self, text: str, order: DayOrder | None) -> float | CellProblem | None:
        found = parse_decimal(text, least=self.least, most=self.most)
        return float(found) if isinstance(found, Decimal) else found

    def choices(self) -> Mapping[str, Sequence[str]]:
        return {}


@dataclass(frozen=True, slots=True)
class ExactCell:
    """A number with decimals, exactly as it is written; its bounds are for the target to judge."""

    def parse(self, text: str, order: DayOrder | None) -> Decimal | CellProblem | None:
        return parse_decimal(text)

    def choices(self) -> Mapping[str, Sequence[str]]:
        return {}


@dataclass(frozen=True, slots=True)
class YesNoCell:
    """Yes or no, in the words of any language."""

    def parse(self, text: str, order: DayOrder | None) -> bool | CellProblem | None:
        return parse_yes_no(text)

    def choices(self) -> Mapping[str, Sequence[str]]:
        return {"yes": ("是",), "no": ("否",)}


@dataclass(frozen=True)
class ImportColumn:
    """A column of a target.

    ``labels`` are its names by language, of which the templates and exports take the reader's; ``synonyms`` are other
    headers by which it is recognised; ``text`` says what belongs into it (marked for translation).
    """

    name: str
    labels: Mapping[str, str]
    cell: Cell = field(default_factory=TextCell)
    required: bool = False
    synonyms: tuple[str, ...] = ()
    example: str = ""
    text: Any = ""

    def label(self, language: str) -> str:
        """The name in a language, else in English."""
        return self.labels.get(language) or self.labels["en"]


SYSTEM_CELL = TextCell(60)
"""The name of another system."""
KEY_FIELD = "external_key"
KEY_COLUMN = ImportColumn(
    KEY_FIELD,
    {"en": "Key in the other system", "zh-hans": "其他系统中的编号"},
    TextCell(200),
    synonyms=("external key", "key", "外部系统编号", "外部编号", "外部键"),
    example="10023",
)


@dataclass(slots=True)
class ImportRow:
    """A row that has every required value. ``values`` holds the fields whose columns were assigned, None where the cell
    is empty, or was refused because it cannot be read; ``key`` is what the other system calls it (without a named
    system it only serves rows of the table to name each other), ``known`` the public id of the record that has this
    key."""

    number: int
    values: Mapping[str, Any]
    key: str = ""
    known: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def says(self, name: str) -> bool:
        """Whether the table has a column for the field, be its cell empty or not."""
        return name in self.values


class Findings(Protocol):
    """What a target's check says of the rows; a row of which nothing is said is there already, unchanged."""

    viewer: Actor
    at: datetime
    system: str
    mapping: Mapping[str, str]
    """Field -> what the table calls its column."""

    def refuse(self, row: ImportRow, column: str, why: CellProblem | BatonError) -> None:
        """The row has a mistake in a field (by its name; "" for the row as a whole)."""

    def new(self, row: ImportRow, bulk_target: str, line: Mapping[str, Any], *, made: str = "") -> None:
        """The row makes a record of a bulk entry; ``made`` is its public id, to which the row's key is given."""

    def change(
        self, row: ImportRow, line: Mapping[str, Any], *, made: str = "", was: Mapping[str, Any] | None = None
    ) -> None:
        """The row changes a record that is there; ``line`` is given to the target's ``apply``, together with what was
        said of the same row just before. ``was`` holds what stands there now, by field; the page shows it beside what
        the row says instead."""

    def same(self, row: ImportRow, public_id: str) -> None:
        """The row is this record as it stands; its key is given to it where it has none."""

    def is_refused(self, row: ImportRow) -> bool:
        """Whether something was found wrong with the row."""
        ...

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What a target keeps from one part of a table to the next under a name of its own; made when first asked
        for."""
        ...


@dataclass(frozen=True, slots=True)
class TakingBack:
    """How a withdrawn import lets records say again what they said before it changed them.

    ``give_back(by=, at=, line=)`` does so with what ``apply`` wrote of one line; refused where the record says
    something else by now. ``changed_since(lines)`` yields what those records are called of which it would be refused;
    a fixed number of queries for some hundred lines.
    """

    give_back: Callable[..., None]
    changed_since: Callable[[Iterable[Mapping[str, Any]]], Iterator[str]]


@dataclass(frozen=True)
class ImportTarget:
    """A kind of table that a room takes in.

    ``check`` may be given rows that are refused already: whatever it says of them, they are not entered, and nothing of
    another row may stand on them.

    ``makes`` names the bulk targets of its new rows in the order in which they are entered. ``check(rows, findings)``
    looks at all rows whose cells could be read and says of each what becomes of it. ``apply(by=, at=, line=)`` makes
    one change; done twice it must change nothing more. ``kind`` is the kind of record to which keys of other systems
    are given, empty for none; ``key_is_personal`` says that they are the personal data of that record.
    ``rows(viewer, at)`` yields what is there in the layout of ``columns``, a mapping of field -> text each, for those
    who ``may_take`` it.

    ``in_parts``: ``check`` is called for one part of the rows after the other, so that the table may be of any length;
    what it has to know of the parts before it keeps with ``findings.kept``. Any other table is held in memory.
    ``finish(findings)``, called after the last part, says what only the whole table shows, of rows by their numbers,
    and yields after some thousand of them. With ``sees_incomplete`` rows without a required value are given to
    ``check``, too; they are refused already.
    ``note_taken(by=, at=, reason=)`` refuses to give the rows away without a reason, and notes it in the trail; None
    where nobody need ask. ``taking_back`` says how the changes of a withdrawn import are taken back; None: they stay.
    ``handles_all`` says who sees, enters and withdraws what others brought; None: whoever ``may_bring`` it.
    ``of_systems``: its rows are known again by keys of another system that stand in the records
    themselves, so that the system is asked for though ``kind`` is empty.
    """

    title: Any
    text: Any
    columns: tuple[ImportColumn, ...]
    may_bring: Callable[[Actor], bool]
    makes: tuple[str, ...]
    check: Callable[[Sequence[ImportRow], Findings], None]
    apply: Callable[..., None]
    rows: Callable[[Actor, datetime], Iterable[Mapping[str, str]]]
    kind: str = ""
    icon: str = "file-spreadsheet"
    may_take: Callable[[Actor], bool] = lambda actor: not actor.is_anonymous
    key_is_personal: bool = False
    in_parts: bool = False
    note_taken: Callable[..., None] | None = None
    taking_back: TakingBack | None = None
    of_systems: bool = False
    handles_all: Callable[[Actor], bool] | None = None
    finish: Callable[[Findings], Iterator[None]] | None = None
    sees_incomplete: bool = False

    def all_columns(self) -> tuple[ImportColumn, ...]:
        """The columns, and that of the key in another system where records have such keys."""
        return (*self.columns, KEY_COLUMN) if self.kind else self.columns

    def column(self, name: str) -> ImportColumn:
        """One column by its field."""
        return next(column for column in self.all_columns() if column.name == name)


import_targets: Registry[ImportTarget] = Registry("target of imports")


def bringable(actor: Actor) -> list[tuple[str, ImportTarget]]:
    """The targets for which the actor may bring tables."""
    return [(name, target) for name, target in import_targets if target.may_bring(actor)]


def missing_columns(target: ImportTarget, mapping: Mapping[str, str], header: Collection[str]) -> list[ImportColumn]:
    """Required columns for which the mapping names none of the table's."""
    return [column for column in target.columns if column.required and mapping.get(column.name) not in header]


def is_brought(run: ImportRun, name: str) -> bool:
    """Whether the table of a run has a column for the field."""
    return bool(run.mapping.get(name))


TWICE = CellProblem(
    expected=gettext_noop("Expected each row once."),
    found=gettext_noop("Row {first} says the same of it."),
    remedy=gettext_noop("Leave one of the two out."),
)


def twice(first: int) -> CellProblem:
    """The problem of a row that means the same record as the row ``first``."""
    return CellProblem(TWICE.expected, TWICE.found, TWICE.remedy, {"first": first})
