"""A whole house at once, from a table: needs and characteristics that are missing are added, all is judged. It is taken
back as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings

from baton.agreements.changes.checks import reason_given
from baton.agreements.changes.houses import (
    Judged,
    add_characteristic,
    add_house_need,
    judge_house,
    leave_out,
    to_edit_house,
    touch_house,
)
from baton.agreements.models import House, HouseCharacteristic, HouseFilling, HouseNeed, Relation, Roof
from baton.agreements.models.house_fillings import TITLE_LENGTH
from baton.agreements.rules.houses import NeedSource, same_words
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Refused
from baton.core.texts import Texts, clean_text, say
from baton_analysis.errors import gettext_noop

P = TypeVar("P", HouseNeed, HouseCharacteristic)

NEED, CHARACTERISTIC, RELATION, ROOF = "need", "characteristic", "relation", "roof"
"""Parts of a house in what a filling wrote: the word, then one public id or two."""
_JUDGED = ("importance", "current", "target", "sales_point")
MOST_NAMED = 5


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


def fill_house(
    *, by: Actor, at: datetime, house: House, table: HouseTable, title: str = "", expected_seq: int | None = None
) -> HouseFilling:
    """Bring what the table says into the house, all of it or nothing. What bears the same words in any language is the
    same; what the table does not name stays as it is. ``title`` is the name of its file."""
    with change(by=by, at=at) as trail:
        house = to_edit_house(trail, house, expected_seq)
        before = _standing(house)
        _bring_in(by, at, house, table)
        filling = HouseFilling(house=house, title=clean_text(title)[:TITLE_LENGTH])
        filling.wrote = _differing(before, _standing(house))
        filling = trail.save(filling, "house.filled")
        touch_house(trail, house)
        return filling


def withdraw_filling(
    *, by: Actor, at: datetime, filling: HouseFilling, reason: str, expected_seq: int | None = None
) -> HouseFilling:
    """Take a table back with a reason: what it added is left out again, what it changed says what it said before.

    Refused where it was withdrawn already, and where something that it wrote, or that stands on what it added, was
    changed since; that is named.
    """
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        house = to_edit_house(trail, filling.house)
        held = trail.lock(HouseFilling, filling, expected_seq=expected_seq)
        if held.ended_at is not None:
            raise Refused(
                expected=gettext_noop("Expected a table that counts."),
                found=gettext_noop("It was withdrawn."),
                remedy=gettext_noop("Load the page again to see which count."),
            )
        _refuse_changed(house, held.wrote)
        _take_out(by, at, house, held.wrote)
        held.ended_at, held.ended_because = at, why
        held = trail.save(held, "house.filling_withdrawn")
        touch_house(trail, house)
        return held


def _bring_in(by: Actor, at: datetime, house: House, table: HouseTable) -> None:
    columns = _by_name(house.characteristics.filter(dropped=False), "name")
    for name in table.characteristics:
        if same_words(name) not in columns:
            columns[same_words(name)] = add_characteristic(by=by, at=at, house=house, name=_texts(name))
    needs = _by_name(house.needs.filter(dropped=False), "words")
    for row in table.needs:
        if same_words(row.words) not in needs:
            needs[same_words(row.words)] = add_house_need(
                by=by, at=at, house=house, words=_texts(row.words), judged=row.judged, source=NeedSource.OTHER
            )
    rows = {name: need.public_id for name, need in needs.items()}
    measured = {name: column.public_id for name, column in columns.items()}
    judge_house(
        by=by,
        at=at,
        house=house,
        needs={rows[same_words(row.words)]: row.judged for row in table.needs},
        relations={
            (rows[same_words(row.words)], measured[same_words(name)]): strength
            for row in table.needs
            for name, strength in row.relations.items()
        },
        roof={
            (measured[same_words(one)], measured[same_words(other)]): sign for (one, other), sign in table.roof.items()
        },
    )


def _standing(house: House) -> dict[str, Any]:
    """What stands in the house, by part: of needs and characteristics all that they say, of cells that somebody has
    judged their mark. What is left out does not stand there."""
    found: dict[str, Any] = {}
    for need in HouseNeed.objects.filter(house=house, dropped=False):
        found[f"{NEED} {need.public_id}"] = {"words": need.words, **{name: getattr(need, name) for name in _JUDGED}}
    for one in HouseCharacteristic.objects.filter(house=house, dropped=False):
        found[f"{CHARACTERISTIC} {one.public_id}"] = {"name": one.name, "line": one.line}
    relations = Relation.objects.filter(need__house=house, need__dropped=False, characteristic__dropped=False)
    for row, column, strength in relations.values_list("need__public_id", "characteristic__public_id", "strength"):
        if strength:
            found[f"{RELATION} {row} {column}"] = strength
    marks = Roof.objects.filter(first__house=house, first__dropped=False, second__dropped=False)
    for first, second, sign in marks.values_list("first__public_id", "second__public_id", "sign"):
        if sign:
            found[f"{ROOF} {first} {second}"] = sign
    return found


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """By part what stood there and what stands there now; None where there is nothing."""
    return {
        part: [before.get(part), after.get(part)]
        for part in [*after, *(one for one in before if one not in after)]
        if before.get(part) != after.get(part)
    }


def _refuse_changed(house: House, wrote: Mapping[str, Any]) -> None:
    now = _standing(house)
    added = {part.split()[1] for part, (before, _after) in wrote.items() if before is None and _is_row(part)}
    changed = [part for part, (_before, after) in wrote.items() if now.get(part) != after]
    changed += [part for part in now if part not in wrote and not _is_row(part) and added & set(part.split()[1:])]
    if changed:
        names = _names(house)
        said = [" – ".join(names.get(one, "") for one in part.split()[1:]) for part in changed]
        more = f" (+{len(said) - MOST_NAMED})" if len(said) > MOST_NAMED else ""
        raise Refused(
            expected=gettext_noop("Only what stands as the table wrote it can be withdrawn."),
            found=gettext_noop("{count} were changed since: {named}."),
            remedy=gettext_noop("Put these back as the table says, withdraw a later table first, or correct by hand."),
            count=len(said),
            named="; ".join(said[:MOST_NAMED]) + more,
        )


def _take_out(by: Actor, at: datetime, house: House, wrote: Mapping[str, Any]) -> None:
    """Give back what stood there before; ``wrote`` stands there as it was written."""
    former = {part: before for part, (before, _after) in wrote.items()}
    needs = {part.split()[1]: said for part, said in former.items() if part.startswith(NEED) and said is not None}
    judge_house(
        by=by,
        at=at,
        house=house,
        needs={one: Judged(**{name: said[name] for name in _JUDGED}) for one, said in needs.items()},
        relations={_pair(part): said or 0 for part, said in former.items() if part.startswith(RELATION)},
        roof={_pair(part): said or "" for part, said in former.items() if part.startswith(ROOF)},
    )
    added = {part.split()[1] for part, before in former.items() if before is None and _is_row(part)}
    for model in (HouseNeed, HouseCharacteristic):
        for one in model.objects.filter(house=house, public_id__in=added):
            leave_out(by=by, at=at, part=one, dropped=True)


def _is_row(part: str) -> bool:
    """Whether it is a need or a characteristic, and no cell."""
    return part.split()[0] in (NEED, CHARACTERISTIC)


def _pair(part: str) -> tuple[str, str]:
    _kind, one, other = part.split()
    return one, other


def _names(house: House) -> dict[str, str]:
    """What needs and characteristics are called, by public id."""
    needs = {one.public_id: say(one.words) for one in house.needs.all()}
    return needs | {one.public_id: say(one.name) for one in house.characteristics.all()}


def _by_name(parts: Iterable[P], field: str) -> dict[str, P]:
    return {same_words(text): part for part in parts for text in getattr(part, field).values()}


def _texts(text: str) -> Texts:
    return {settings.LANGUAGE_CODE: text}
