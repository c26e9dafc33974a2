"""From the text of a sector file to its entries: every key known, every value of its type, in every language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import product
from math import isfinite
from typing import Any, TypeVar

from baton.agreements.rules import ClauseKind, Direction, Side
from baton.chain.rules import CODE_LENGTH, GRADES, NAME_LENGTH, OutputKind, PartyKind, Responsible, Sourcing, Stage
from baton.starters.sectors import rules
from baton.starters.sectors.rules import LANGUAGES, Sector, SectorError, Texts
from baton_analysis.errors import gettext_noop

Choice = TypeVar("Choice", bound=StrEnum)

_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_ITEM = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
LONG = 600
"""Longest text that is no name, in characters."""
TABLES = ("party", "output", "need", "link", "promise", "survey", "check", "note")


class Entry:
    """One entry of a table. What is taken from it is ticked off, so that :meth:`close` finds keys that mean nothing."""

    def __init__(self, file: str, table: str, name: str, values: Mapping[str, Any]) -> None:
        self.file, self.table, self.name, self.values = file, table, name, values
        self.taken: set[str] = set()

    def wrong(self, expected: str, found: str, remedy: str, **values: Any) -> SectorError:
        """What to raise about this entry."""
        return SectorError(
            file=self.file, table=self.table, entry=self.name, expected=expected, found=found, remedy=remedy, **values
        )

    def has(self, key: str) -> bool:
        return key in self.values

    def take(self, key: str, kind: type | tuple[type, ...]) -> Any:
        """The value of ``key``, which must be there and of ``kind``."""
        self.taken.add(key)
        if key not in self.values:
            raise self.wrong(
                gettext_noop("Expected a value for {key}."), gettext_noop("Found none."),
                gettext_noop("Add {key} to this entry."), key=key,
            )  # fmt: skip
        value = self.values[key]
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise self.wrong(
                gettext_noop("Expected {kinds} as {key}."), gettext_noop("Found {value}."),
                gettext_noop("Correct {key}."), key=key, kinds=" | ".join(k.__name__ for k in kinds), value=repr(value),
            )  # fmt: skip
        return value

    def code(self, key: str, form: re.Pattern[str] = _CODE) -> str:
        value: str = self.take(key, str)
        if not form.fullmatch(value) or len(value) > CODE_LENGTH:
            raise self.wrong(
                gettext_noop("Expected a code as {key}, written like {example}, of at most {most} characters."),
                gettext_noop("Found {value}."), gettext_noop("Correct {key}."), key=key, value=repr(value),
                most=CODE_LENGTH,
                example="LINEN-CLEAN" if form is _ITEM else "ward_night",
            )  # fmt: skip
        return value

    def item(self, key: str) -> str:
        return self.code(key, _ITEM)

    def codes(self, key: str, *, none: bool = False) -> tuple[str, ...]:
        """A list of codes, each once; empty only where ``none`` allows it."""
        values = self.take(key, list) if self.has(key) or not none else []
        if not all(isinstance(value, str) for value in values) or len(set(values)) != len(values):
            raise self.wrong(
                gettext_noop("Expected codes as {key}, each once."), gettext_noop("Found {value}."),
                gettext_noop("Correct {key}."), key=key, value=repr(values),
            )  # fmt: skip
        if not values and not none:
            raise self.wrong(
                gettext_noop("Expected at least one code as {key}."), gettext_noop("Found none."),
                gettext_noop("Name it."), key=key,
            )  # fmt: skip
        return tuple(values)

    def choice(self, key: str, among: type[Choice]) -> Choice:
        value = self.take(key, str)
        if value not in list(among):
            raise self.wrong(
                gettext_noop("Expected one of {choices} as {key}."), gettext_noop("Found {value}."),
                gettext_noop("Correct {key}."), key=key, value=repr(value), choices=", ".join(among),
            )  # fmt: skip
        return among(value)

    def texts(self, key: str, *, most: int = NAME_LENGTH) -> Texts:
        """A text in every language, in its own script, of at most ``most`` characters."""
        value: dict[str, Any] = self.take(key, dict)
        missing = [code for code in LANGUAGES if not isinstance(value.get(code), str) or not value[code].strip()]
        missing += [code for code, text in value.items() if code not in LANGUAGES and not isinstance(text, str)]
        if missing:
            raise self.wrong(
                gettext_noop("Expected {key} in every language ({languages})."),
                gettext_noop("Found none in {missing}."), gettext_noop("Add {key} in {missing}."), key=key,
                languages=", ".join(LANGUAGES), missing=", ".join(missing),
            )  # fmt: skip
        if _CHINESE.search(value["en"]) or not _CHINESE.search(value["zh-hans"]):
            raise self.wrong(
                gettext_noop("Expected {key} in English under en and in Chinese under zh-hans."),
                gettext_noop("Found {value}."), gettext_noop("Translate it."), key=key,
                value=" / ".join(value[code] for code in LANGUAGES),
            )  # fmt: skip
        longest = max(len(text) for text in value.values())
        if longest > most:
            raise self.wrong(
                gettext_noop("Expected at most {most} characters as {key}."), gettext_noop("Found {length}."),
                gettext_noop("Shorten it."), key=key, most=most, length=longest,
            )  # fmt: skip
        return dict(value)

    def number(self, key: str) -> float:
        value = float(self.take(key, (int, float)))
        if not isfinite(value):
            raise self.wrong(
                gettext_noop("Expected a number as {key}."), gettext_noop("Found {value}."),
                gettext_noop("Correct {key}."), key=key, value=value,
            )  # fmt: skip
        return value

    def close(self) -> None:
        """Refuse keys that nobody asked for."""
        unknown = sorted(self.values.keys() - self.taken)
        if unknown:
            raise self.wrong(
                gettext_noop("Expected no other keys than {known}."), gettext_noop("Found {unknown}."),
                gettext_noop("Correct the spelling or leave it out."), known=", ".join(sorted(self.taken)),
                unknown=", ".join(unknown),
            )  # fmt: skip


def _unreadable(file: str, found: str, **values: Any) -> SectorError:
    return SectorError(
        file=file, table="-", entry="-", expected=gettext_noop("Expected a TOML file in UTF-8."), found=found,
        remedy=gettext_noop("Correct the file there."), **values,
    )  # fmt: skip


def read(text: bytes, *, code: str) -> Sector:
    """The sector of that code from the content of its file. What stands in one entry is checked here; what entries say
    of each other is checked by :func:`baton.starters.sectors.faults.faults`."""
    file = f"{code}.toml"
    try:
        document = tomllib.loads(text.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _unreadable(file, gettext_noop("Found bytes that are not UTF-8.")) from error
    except tomllib.TOMLDecodeError as error:  # it words what it met in English only
        at = re.search(r"at line (\d+)", str(error))
        line = int(at[1]) if at else text.count(b"\n") + 1
        raise _unreadable(file, gettext_noop("Line {line} cannot be read."), line=line) from error
    top = Entry(file, "-", "-", document)
    entries = {table: tuple(_entries(file, table, top.take(table, list))) for table in TABLES if top.has(table)}
    missing = [table for table in TABLES if table not in entries and table != "note"]
    if missing:
        top.take(missing[0], list)
    name, about = top.texts("name"), top.texts("about", most=LONG)
    top.close()
    return Sector(
        code=code,
        name=name,
        about=about,
        parties=tuple(_party(entry) for entry in entries["party"]),
        outputs=tuple(_output(entry) for entry in entries["output"]),
        responsibilities=tuple(said for entry in entries["output"] for said in _responsibilities(entry)),
        needs=tuple(_need(entry) for entry in entries["need"]),
        links=tuple(link for entry in entries["link"] for link in _links(entry)),
        promises=tuple(_promise(entry) for entry in entries["promise"]),
        survey=tuple(_survey(entry) for entry in entries["survey"]),
        checks=tuple(_check(entry) for entry in entries["check"]),
        notes=tuple(_note(entry) for entry in entries.get("note", ())),
    )


def _entries(file: str, table: str, rows: Sequence[Any]) -> Iterator[Entry]:
    for place, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            entry = Entry(file, table, str(place), {})
            raise entry.wrong(
                gettext_noop("Expected a table of keys and values."), gettext_noop("Found {value}."),
                gettext_noop("Write it in braces or under [[{table}]]."), value=repr(row),
            )  # fmt: skip
        yield Entry(file, table, _called(row) or str(place), row)


def _called(row: Mapping[str, Any]) -> str:
    """How a message names an entry."""
    if "suppliers" in row:
        sides = [row.get(key) for key in ("suppliers", "customers")]
        said = [", ".join(map(str, side)) if isinstance(side, list) else str(side) for side in sides]
        return f"{' > '.join(said)}: {row.get('output', '?')}"
    return str(row.get("code") or row.get("item") or row.get("promised") or "")


def _party(entry: Entry) -> rules.Party:
    party = rules.Party(
        code=entry.code("code"),
        kind=entry.choice("kind", PartyKind),
        name=entry.texts("name"),
        stage=entry.choice("stage", Stage),
        parent=entry.code("parent") if entry.has("parent") else "",
        deputy_of=entry.code("deputy_of") if entry.has("deputy_of") else "",
    )
    if party.kind is PartyKind.PERSON:
        raise entry.wrong(
            gettext_noop("Expected parties that every organisation of the sector has."),
            gettext_noop("Found a person."), gettext_noop("Make it a role."),
        )  # fmt: skip
    entry.close()
    return party


def _output(entry: Entry) -> rules.Output:
    return rules.Output(
        item=entry.item("item"),
        revision=entry.take("revision", str),
        kind=entry.choice("kind", OutputKind),
        name=entry.texts("name"),
    )


def _responsibilities(entry: Entry) -> Iterator[rules.Responsibility]:
    item = entry.item("item")
    raci = Entry(entry.file, entry.table, entry.name, entry.take("raci", dict))
    for letter in Responsible:
        for party in raci.codes(letter, none=True):
            yield rules.Responsibility(item, party, letter)
    raci.close()
    entry.close()


def _need(entry: Entry) -> rules.OutsideNeed:
    need = rules.OutsideNeed(code=entry.code("code"), whose=entry.code("whose"), name=entry.texts("name"))
    entry.close()
    return need


def _links(entry: Entry) -> Iterator[rules.Link]:
    """The links of an entry: every supplier to every customer."""
    criticality = Entry(entry.file, entry.table, entry.name, entry.take("criticality", dict))
    rated = rules.Criticality(*(_rating(criticality, key) for key in ("spend", "irreplaceability", "impact")))
    criticality.close()
    link = rules.Link(
        supplier="",
        customer="",
        output=entry.item("output"),
        need=entry.code("need"),
        criticality=rated,
        stage=entry.choice("stage", Stage),
        sourcing=entry.choice("sourcing", Sourcing) if entry.has("sourcing") else None,
        continuity=entry.texts("continuity", most=LONG) if entry.has("continuity") else None,
        clauses=tuple(_clause(entry, row) for row in entry.take("clauses", list)),
    )
    pairs = list(product(entry.codes("suppliers"), entry.codes("customers")))
    entry.close()
    yield from (replace(link, supplier=supplier, customer=customer) for supplier, customer in pairs)


def _rating(entry: Entry, key: str) -> int:
    value: int = entry.take(key, int)
    if value not in GRADES:
        raise entry.wrong(
            gettext_noop("Expected a whole number from {least} to {most} as {key}."), gettext_noop("Found {value}."),
            gettext_noop("Correct {key}."), key=key, value=value, least=GRADES[0], most=GRADES[-1],
        )  # fmt: skip
    return value


def _clause(link: Entry, row: Any) -> rules.Clause:
    entry = next(_entries(link.file, "link.clauses", [row]))
    entry.name = link.name
    clause = rules.Clause(
        measure=entry.texts("measure"),
        direction=entry.choice("direction", Direction),
        value=entry.number("value"),
        unit=entry.take("unit", str),
        upto=entry.number("upto") if entry.has("upto") else None,
        attainment=entry.number("attainment") if entry.has("attainment") else None,
        kind=entry.choice("kind", ClauseKind),
        owed_by=entry.choice("owed_by", Side) if entry.has("owed_by") else Side.SUPPLIER,
        source=entry.take("source", str) if entry.has("source") else "",
        example=entry.take("example", bool) if entry.has("example") else False,
        note=entry.texts("note", most=LONG) if entry.has("note") else None,
    )
    entry.close()
    return clause


def _promise(entry: Entry) -> rules.Promise:
    promise = rules.Promise(entry.choice("promised", rules.Promised), entry.item("output"), entry.texts("text"))
    entry.close()
    return promise


def _survey(entry: Entry) -> rules.SurveyItem:
    item = rules.SurveyItem(entry.code("code"), entry.choice("dimension", rules.Dimension), entry.texts("text"))
    entry.close()
    return item


def _check(entry: Entry) -> rules.CheckItem:
    item = rules.CheckItem(
        code=entry.code("code"),
        factor=entry.choice("factor", rules.Factor),
        party=entry.code("party"),
        text=entry.texts("text"),
        source=entry.take("source", str) if entry.has("source") else "",
    )
    entry.close()
    return item


def _note(entry: Entry) -> rules.Note:
    source = entry.take("source", str) if entry.has("source") else ""
    note = rules.Note(entry.code("code"), entry.texts("text", most=LONG), source)
    entry.close()
    return note
