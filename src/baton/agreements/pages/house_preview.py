"""What a table would change in a house, looked at before it is entered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from baton.agreements.changes.house_tables import HouseTable
from baton.agreements.models import HouseCharacteristic, HouseNeed
from baton.agreements.pages.words import figure
from baton.agreements.queries.houses import HousePage
from baton.agreements.rules.houses import same_words
from baton.core import formats


@dataclass(frozen=True, slots=True)
class HouseChange:
    """One thing that the table says otherwise than the house: what it is about, what stands there, what the table
    says."""

    about: str
    now: str
    then: str


def changes_by(page: HousePage, table: HouseTable) -> list[HouseChange]:
    """All that the table would change, in its order; nothing for a table that says what stands there."""
    needs = {same_words(text): one for one in page.needs for text in one.words.values()}
    columns = {same_words(text): one for one in page.characteristics for text in one.name.values()}
    return [*_new(needs, columns, table), *_judged(needs, table), *_related(page, needs, columns, table)]


def _new(
    needs: dict[str, HouseNeed], columns: dict[str, HouseCharacteristic], table: HouseTable
) -> Iterator[HouseChange]:
    for name in table.characteristics:
        if same_words(name) not in columns:
            yield HouseChange(_("New characteristic"), formats.MISSING, name)
    for row in table.needs:
        if same_words(row.words) not in needs:
            said = formats.labelled(_("Importance"), row.judged.importance)
            yield HouseChange(_("New need"), formats.MISSING, formats.remarks([row.words, said]))


def _judged(needs: dict[str, HouseNeed], table: HouseTable) -> Iterator[HouseChange]:
    labels = {
        "importance": _("Importance"), "current": _("Met now"), "target": _("To be met"),
        "sales_point": _("Sales point"),
    }  # fmt: skip
    for row in table.needs:
        if (need := needs.get(same_words(row.words))) is not None:
            for name, label in labels.items():
                now, then = getattr(need, name), getattr(row.judged, name)
                if now != then:
                    yield HouseChange(formats.labelled(row.words, label), figure(now), figure(then))


def _related(
    page: HousePage, needs: dict[str, HouseNeed], columns: dict[str, HouseCharacteristic], table: HouseTable
) -> Iterator[HouseChange]:
    for row in table.needs:
        for name, then in row.relations.items():
            now = _strength(page, needs.get(same_words(row.words)), columns.get(same_words(name)))
            if now != then:
                yield HouseChange(f"{row.words} – {name}", _mark(now), _mark(then))
    for (one, other), sign in table.roof.items():
        pair = columns.get(same_words(one)), columns.get(same_words(other))
        stands = _sign(page, *pair)
        if stands != sign:
            yield HouseChange(f"{one} – {other}", stands or formats.MISSING, sign)


def _strength(page: HousePage, need: HouseNeed | None, column: HouseCharacteristic | None) -> int:
    return page.relations.get((need.pk, column.pk), 0) if need is not None and column is not None else 0


def _sign(page: HousePage, one: HouseCharacteristic | None, other: HouseCharacteristic | None) -> str:
    if one is None or other is None:
        return ""
    return page.roof.get((min(one.pk, other.pk), max(one.pk, other.pk)), "")


def _mark(strength: int) -> str:
    return str(strength) if strength else formats.MISSING
