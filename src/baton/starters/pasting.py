"""What people type or paste into the first-run wizard, read line by line. Pure Python: nothing here knows a database.

The chart is one party a line; a line that is indented deeper than the one above stands under it. A kind in brackets at
the end says what the party is, such as "Night shift (shift)"; without one it is a department. The people are one a
line: name, sign-in name, and where he works if that is known, parted by tabs, commas or semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from baton.chain.rules import NAME_LENGTH, OUTSIDE, TREE_DEPTH, PartyKind
from baton.core.rules import normal_sign_in_name
from baton_analysis.errors import BatonError, gettext_noop

MOST_LINES = 300
"""Most lines that are taken from a box; more come as a file."""

TAB = 4
"""Spaces that a tab stands for."""

KIND_WORDS: Mapping[str, PartyKind] = {
    "department": PartyKind.DEPARTMENT, "部门": PartyKind.DEPARTMENT, "科室": PartyKind.DEPARTMENT,
    "team": PartyKind.TEAM, "班组": PartyKind.TEAM, "团队": PartyKind.TEAM,
    "role": PartyKind.ROLE, "岗位": PartyKind.ROLE,
    "workplace": PartyKind.WORKPLACE, "工位": PartyKind.WORKPLACE,
    "shift": PartyKind.SHIFT, "班次": PartyKind.SHIFT,
    "consumers": PartyKind.CONSUMERS, "顾客群": PartyKind.CONSUMERS,
    "outside customer": PartyKind.OUTSIDE_CUSTOMER, "customer": PartyKind.OUTSIDE_CUSTOMER,
    "外部客户": PartyKind.OUTSIDE_CUSTOMER, "客户": PartyKind.OUTSIDE_CUSTOMER,
    "outside supplier": PartyKind.OUTSIDE_SUPPLIER, "supplier": PartyKind.OUTSIDE_SUPPLIER,
    "外部供应商": PartyKind.OUTSIDE_SUPPLIER, "供应商": PartyKind.OUTSIDE_SUPPLIER,
}  # fmt: skip
"""Words in brackets that say of what kind a party is."""

HEAD_WORDS = frozenset({"head", "负责人", "主管"})
"""Words that make somebody head of where he works."""

_MARKED = re.compile(r"^(?P<name>.*\S)\s*[(（](?P<kind>[^()（）]+)[)）]\s*$")
_COLUMNS = re.compile(r"\s*[\t,;，；、]\s*")


class LineError(BatonError):
    """A line cannot be read; ``line`` counts from 1 as the person sees it."""

    def __init__(self, line: int, *, expected: str, found: str, remedy: str, **values: object) -> None:
        self.line = line
        super().__init__(expected=expected, found=found, remedy=remedy, **values)


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A party of the chart; ``above`` is the place in the list of the one it stands under, None at the top."""

    line: int
    name: str
    kind: PartyKind
    depth: int
    above: int | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person; ``place`` is the name of the party where he works, empty where none was said."""

    line: int
    name: str
    sign_in_name: str
    place: str = ""
    head: bool = False


@dataclass(slots=True)
class Chart:
    """A chart as far as it could be read."""

    parties: list[ChartLine] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)


@dataclass(slots=True)
class People:
    """A list of people as far as it could be read."""

    people: list[PersonLine] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)


def read_chart(text: str) -> Chart:
    """The parties of an indented text."""
    chart = Chart()
    open_lines: list[tuple[int, int]] = []  # (indentation, place in the list) from the top down to the line before
    seen: set[tuple[int | None, str]] = set()
    for number, raw in _lines(text, chart.errors):
        indent = _indent(raw)
        while open_lines and open_lines[-1][0] >= indent:
            last = open_lines.pop()[0]
            if last > indent and (not open_lines or open_lines[-1][0] < indent):
                chart.errors.append(_indented_in_between(number, raw))
        above = open_lines[-1][1] if open_lines else None
        name, kind = _name_and_kind(raw.strip())
        line = ChartLine(number, name, kind, len(open_lines), above)
        chart.errors += _wrong_party(line, chart.parties, seen)
        seen.add((above, name.casefold()))
        open_lines.append((indent, len(chart.parties)))
        chart.parties.append(line)
    return chart


def read_people(text: str, places: Sequence[str]) -> People:
    """The people of a pasted list; ``places`` are the names of the parties that will be there."""
    found = People()
    known = {place.casefold() for place in places}
    taken: dict[str, int] = {}
    heads: dict[str, int] = {}
    for number, raw in _lines(text, found.errors):
        cells = _COLUMNS.split(raw.strip())
        name, sign_in, place, word = (*cells, "", "", "", "")[:4]
        line = PersonLine(number, name, sign_in, place, word.casefold() in HEAD_WORDS)
        errors = list(_wrong_person(line, len(cells), word, known, taken, heads))
        found.errors += errors
        if not errors:
            taken[normal_sign_in_name(sign_in)] = number
            if line.head:
                heads[place.casefold()] = number
            found.people.append(line)
    return found


def _lines(text: str, errors: list[LineError]) -> Iterator[tuple[int, str]]:
    """Number and content of the lines that are not empty, at most :data:`MOST_LINES`."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_LINES:
        errors.append(
            LineError(
                lines[MOST_LINES][0], expected=gettext_noop("Expected at most {most} lines."),
                found=gettext_noop("Found {count}."), remedy=gettext_noop("Import the rest as a file afterwards."),
                most=MOST_LINES, count=len(lines),
            )
        )  # fmt: skip
    yield from lines[:MOST_LINES]


def _indent(raw: str) -> int:
    lead = raw[: len(raw) - len(raw.lstrip())]
    return len(lead.replace("\u3000", "  ").expandtabs(TAB))


def _name_and_kind(text: str) -> tuple[str, PartyKind]:
    """A bracket that names no kind is part of the name."""
    text = re.sub(r"^[-*•·]\s+", "", text)
    marked = _MARKED.match(text)
    kind = KIND_WORDS.get(marked["kind"].strip().casefold()) if marked else None
    return (marked["name"], kind) if marked and kind else (text, PartyKind.DEPARTMENT)


def _indented_in_between(number: int, raw: str) -> LineError:
    return LineError(
        number, expected=gettext_noop("Expected the line to begin under one of the lines above."),
        found=gettext_noop("“{text}” begins between two of them."),
        remedy=gettext_noop("Indent it exactly as far as the lines that stand on the same level."),
        text=raw.strip()[:60],
    )  # fmt: skip


def _wrong_party(
    line: ChartLine, parties: Sequence[ChartLine], seen: set[tuple[int | None, str]]
) -> Iterator[LineError]:
    if len(line.name) > NAME_LENGTH:
        yield _too_long(line.line, line.name)
    if (line.above, line.name.casefold()) in seen:
        yield LineError(
            line.line, expected=gettext_noop("Expected a name that stands once in its place."),
            found=gettext_noop("“{name}” stands there twice."),
            remedy=gettext_noop("Leave one out, or name them apart."), name=line.name[:60],
        )  # fmt: skip
    if line.depth >= TREE_DEPTH:
        yield LineError(
            line.line, expected=gettext_noop("Expected at most {most} levels."), found=gettext_noop("Found {depth}."),
            remedy=gettext_noop("Put it under a party that stands higher."), most=TREE_DEPTH, depth=line.depth + 1,
        )  # fmt: skip
    if line.above is not None and (line.kind in OUTSIDE) is not (parties[line.above].kind in OUTSIDE):
        yield LineError(
            line.line, expected=gettext_noop("Expected outside parties apart from those of the organisation."),
            found=gettext_noop("“{name}” stands under “{other}”."),
            remedy=gettext_noop("Begin its line at the left margin."), name=line.name[:60],
            other=parties[line.above].name[:60],
        )  # fmt: skip


def _wrong_person(
    line: PersonLine, cells: int, word: str, places: set[str], taken: Mapping[str, int], heads: Mapping[str, int]
) -> Iterator[LineError]:
    """What is wrong with a line of the list of people."""
    if cells < 2 or cells > 4 or not line.name or not line.sign_in_name:
        yield LineError(
            line.line, expected=gettext_noop("Expected a name and a sign-in name, then perhaps a party and “head”."),
            found=gettext_noop("Found “{text}”."), remedy=gettext_noop("Write it as: Chen Jie, 4711, Ward A."),
            text=", ".join(part for part in (line.name, line.sign_in_name, line.place, word) if part)[:80],
        )  # fmt: skip
        return
    if max(len(line.name), len(line.sign_in_name)) > 150:
        yield _too_long(line.line, line.name)
    if (first := taken.get(normal_sign_in_name(line.sign_in_name))) is not None:
        yield LineError(
            line.line, expected=gettext_noop("Expected a sign-in name that belongs to one person."),
            found=gettext_noop("“{name}” stands in line {first}, too."),
            remedy=gettext_noop("Give one of them another."),
            name=line.sign_in_name, first=first,
        )  # fmt: skip
    if line.place and line.place.casefold() not in places:
        yield LineError(
            line.line, expected=gettext_noop("Expected the name of a party that is in the sector or in your chart."),
            found=gettext_noop("Found “{place}”."),
            remedy=gettext_noop("Write it as it stands there, or leave it out."),
            place=line.place[:60],
        )  # fmt: skip
    if word and not line.head:
        yield LineError(
            line.line, expected=gettext_noop("Expected “head” or nothing in the fourth place."),
            found=gettext_noop("Found “{word}”."), remedy=gettext_noop("Write head, or leave it out."), word=word[:40],
        )  # fmt: skip
    if line.head and (other := heads.get(line.place.casefold())) is not None:
        yield LineError(
            line.line, expected=gettext_noop("Expected one head of “{place}”."),
            found=gettext_noop("Line {other} names another one."),
            remedy=gettext_noop("Take “head” out of one of them."),
            place=line.place[:60], other=other,
        )  # fmt: skip


def _too_long(number: int, text: str) -> LineError:
    return LineError(
        number, expected=gettext_noop("Expected at most {most} characters."), found=gettext_noop("Found {length}."),
        remedy=gettext_noop("Shorten it."), most=NAME_LENGTH, length=len(text),
    )  # fmt: skip
