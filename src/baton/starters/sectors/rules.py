"""What a sector template holds. Pure Python: parties, outputs, responsibilities, outside needs, links and what later
rooms take from them. A template is read and checked as a whole; nothing here writes to a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from baton.agreements.rules import ClauseKind, Direction, Side
from baton.chain.rules import OUTSIDE, OutputKind, PartyKind, Responsible, Sourcing, Stage
from baton_analysis.errors import BatonError, gettext_noop

Texts = Mapping[str, str]
"""A text by language; every one of LANGUAGES is there."""

LANGUAGES = ("en", "zh-hans")


class SectorError(BatonError):
    """A sector file is not sound. ``file``, ``table`` and ``entry`` say where; entries are named by their code, by
    supplier > customer: output, or by their place in the table, counted from 1."""

    def __init__(
        self, *, file: str, table: str, entry: str, remedy: str, expected: str = "", found: str = "", **values: Any
    ) -> None:
        self.file, self.table, self.entry = file, table, entry
        super().__init__(
            expected=expected, found=found, remedy=remedy, file=file, table=table, entry=entry, **values
        )  # fmt: skip

    def render(self, translate: Callable[[str], str] = gettext_noop) -> str:
        where = translate(gettext_noop("{file}, table {table}, entry {entry}:")).format(**self.values)
        return f"{where} {super().render(translate)}"


class Dimension(StrEnum):
    """What a survey item asks about: the five RATER dimensions, the overall judgement, or a cost of switching."""

    RELIABILITY = "reliability"
    ASSURANCE = "assurance"
    TANGIBLES = "tangibles"
    EMPATHY = "empathy"
    RESPONSIVENESS = "responsiveness"
    OVERALL = "overall"
    SWITCHING_COST = "switching_cost"


RATER = (
    Dimension.RELIABILITY, Dimension.ASSURANCE, Dimension.TANGIBLES, Dimension.EMPATHY, Dimension.RESPONSIVENESS,
)  # fmt: skip


class Factor(StrEnum):
    """The six factors of 5M1E; measurement is the check on the other five, and is itself checked."""

    MAN = "man"
    MACHINE = "machine"
    MATERIAL = "material"
    METHOD = "method"
    ENVIRONMENT = "environment"
    MEASUREMENT = "measurement"


class Promised(StrEnum):
    """What the leader promises the staff, as a supplier does a customer."""

    TRAINING = "training"
    RECOGNITION = "recognition"
    SUPPORT = "support"


UNITS: Mapping[str, Texts] = {
    "%": {"en": "%", "zh-hans": "%"},
    "ppm": {"en": "ppm", "zh-hans": "ppm"},
    "1": {"en": "times", "zh-hans": "次"},
    "1/10000": {"en": "per 10,000", "zh-hans": "次/万次"},
    "1/release": {"en": "per release", "zh-hans": "项/次发布"},
    "1/story": {"en": "per story", "zh-hans": "个/用户故事"},
    "1/month": {"en": "per month", "zh-hans": "次/月"},
    "1/term": {"en": "per term", "zh-hans": "次/学期"},
    "ring": {"en": "rings", "zh-hans": "声"},
    "min": {"en": "min", "zh-hans": "分钟"},
    "h": {"en": "h", "zh-hans": "小时"},
    "h/year": {"en": "h per year", "zh-hans": "小时/年"},
    "d": {"en": "d", "zh-hans": "天"},
    "working_d": {"en": "working d", "zh-hans": "个工作日"},
    "sprint": {"en": "sprints", "zh-hans": "个迭代"},
    "of_5": {"en": "of 5 points", "zh-hans": "分（满分5分）"},
}
"""Units of clauses by code, as people read them. Shares are in percent, from 0 to 100."""

SHARES = frozenset({"%"})


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who gives or receives work. ``stage`` says whether outside customers meet him. ``parent`` and
    ``deputy_of`` are codes, empty where there is none; a deputy is a role that serves the customers of the role he
    stands in for."""

    code: str
    kind: PartyKind
    name: Texts
    stage: Stage
    parent: str = ""
    deputy_of: str = ""

    @property
    def outside(self) -> bool:
        """Whether it stands beyond the organisation."""
        return self.kind in OUTSIDE


@dataclass(frozen=True, slots=True)
class Output:
    """What is handed over, under its item code and revision."""

    item: str
    revision: str
    kind: OutputKind
    name: Texts


@dataclass(frozen=True, slots=True)
class Responsibility:
    """What ``party`` has to do with ``output`` (item code)."""

    output: str
    party: str
    responsible: Responsible


@dataclass(frozen=True, slots=True)
class OutsideNeed:
    """What an outside customer wants, in his own words; ``whose`` is the code of his party."""

    code: str
    whose: str
    name: Texts


@dataclass(frozen=True, slots=True)
class Criticality:
    """How much hangs on a link, an example to be changed: share of spending, how hard the supplier is to replace,
    what a failure does to the outside customer; each from 1 (little) to 5 (much)."""

    spend: int
    irreplaceability: int
    impact: int


@dataclass(frozen=True, slots=True)
class Clause:
    """A starting value of a standard.

    ``direction`` says when it is kept: at least or at most ``value``, or between it and ``upto``. ``value`` (and
    ``upto``) is in ``unit``, a key of UNITS. ``attainment`` is the share in percent of
    deliveries that must keep it; None: all of them, or ``value`` is itself a share. A value either names the ``source``
    in which it was seen (a key of the sources) or is an ``example`` that people replace with their own.
    """

    measure: Texts
    direction: Direction
    value: float
    unit: str
    upto: float | None = None
    attainment: float | None = None
    kind: ClauseKind = ClauseKind.OUTCOME
    owed_by: Side = Side.SUPPLIER
    source: str = ""
    example: bool = False
    note: Texts | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Who hands what to whom; ``need`` is the code of the outside need that it serves in the end."""

    supplier: str
    customer: str
    output: str
    need: str
    criticality: Criticality
    stage: Stage
    sourcing: Sourcing | None = None
    continuity: Texts | None = None
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyItem:
    """A statement that customers of a link agree or disagree with."""

    code: str
    dimension: Dimension
    text: Texts


@dataclass(frozen=True, slots=True)
class CheckItem:
    """What is looked at under one of the six factors, and at which party."""

    code: str
    factor: Factor
    party: str
    text: Texts
    source: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """What the leader promises the staff; the links of ``output`` carry it."""

    promised: Promised
    output: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Note:
    """A rule or figure of the sector that belongs to no single link, for a later room."""

    code: str
    text: Texts
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector template as it stands in its file."""

    code: str
    name: Texts
    about: Texts
    parties: tuple[Party, ...]
    outputs: tuple[Output, ...]
    responsibilities: tuple[Responsibility, ...]
    needs: tuple[OutsideNeed, ...]
    links: tuple[Link, ...]
    promises: tuple[Promise, ...]
    survey: tuple[SurveyItem, ...]
    checks: tuple[CheckItem, ...]
    notes: tuple[Note, ...] = ()

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.code}.toml"

    def party(self, code: str) -> Party:
        """The party of that code; KeyError if there is none."""
        return {party.code: party for party in self.parties}[code]

    def output(self, item: str) -> Output:
        """The output of that item code; KeyError if there is none."""
        return {output.item: output for output in self.outputs}[item]

    def below(self, code: str) -> Iterator[Party]:
        """The parties that stand directly under ``code``."""
        return (party for party in self.parties if party.parent == code)
