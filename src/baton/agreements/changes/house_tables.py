"""A whole house at once, from a table: needs and characteristics that are missing are added, all is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.conf import settings

from baton.agreements.changes.houses import Judged, add_characteristic, add_house_need, judge_house, to_edit_house
from baton.agreements.models import House, HouseCharacteristic, HouseNeed
from baton.agreements.rules.houses import NeedSource
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.texts import Texts

P = TypeVar("P", HouseNeed, HouseCharacteristic)


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need as a table says it: in one language, with its judgements and its relations by name."""

    words: str
    judged: Judged
    relations: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class HouseTable:
    """A house as a table says it: characteristics in their order, needs, and the marks of the roof by names."""

    characteristics: tuple[str, ...]
    needs: tuple[NeedRow, ...]
    roof: Mapping[tuple[str, str], str]


def fill_house(*, by: Actor, at: datetime, house: House, table: HouseTable, expected_seq: int | None = None) -> House:
    """Bring what the table says into the house, all of it or nothing. What bears the same words in any language is the
    same; what the table does not name stays as it is."""
    with change(by=by, at=at, reason="") as trail:
        house = to_edit_house(trail, house, expected_seq)
        columns = _by_name(house.characteristics.filter(dropped=False), "name")
        for name in table.characteristics:
            if _key(name) not in columns:
                columns[_key(name)] = add_characteristic(by=by, at=at, house=house, name=_texts(name))
        needs = _by_name(house.needs.filter(dropped=False), "words")
        for row in table.needs:
            if _key(row.words) not in needs:
                needs[_key(row.words)] = add_house_need(
                    by=by, at=at, house=house, words=_texts(row.words), judged=row.judged, source=NeedSource.OTHER
                )
        return judge_house(
            by=by,
            at=at,
            house=house,
            needs={needs[_key(row.words)].public_id: row.judged for row in table.needs},
            relations={
                (needs[_key(row.words)].public_id, columns[_key(name)].public_id): strength
                for row in table.needs
                for name, strength in row.relations.items()
            },
            roof={
                (columns[_key(one)].public_id, columns[_key(other)].public_id): sign
                for (one, other), sign in table.roof.items()
            },
        )


def _by_name(parts: Iterable[P], field: str) -> dict[str, P]:
    return {_key(text): part for part in parts for text in getattr(part, field).values()}


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _texts(text: str) -> Texts:
    return {settings.LANGUAGE_CODE: text}
