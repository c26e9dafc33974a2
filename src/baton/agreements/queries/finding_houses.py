"""What of houses of quality a search finds, and where their parts stand.

What is read here for the index knows no viewer; :func:`search_sight` decides what of it is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from baton.agreements.models import House, HouseCharacteristic, HouseFilling, HouseNeed, Relation, Roof
from baton.agreements.queries.houses import houses_in_sight
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.core.registries import Findable

PARTS: dict[str, tuple[type[Model], str]] = {
    HouseNeed.kind: (HouseNeed, "house"),
    HouseCharacteristic.kind: (HouseCharacteristic, "house"),
    HouseFilling.kind: (HouseFilling, "house"),
    Relation.kind: (Relation, "need__house"),
    Roof.kind: (Roof, "first__house"),
}
"""Kinds of parts of a house, and how one comes from them to their house."""


def search_sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """The houses that the viewer may know of; guests find none."""
    return {House.kind: houses_in_sight(viewer=viewer, at=at)} if may_use(viewer) else {}


def sees_house_part(*, viewer: Actor, at: datetime, kind: str, public_id: str) -> bool:
    """Whether there is such a part of a house and the viewer may know of the house."""
    return houses_in_sight(viewer=viewer, at=at).filter(public_id__in=_house_of(kind, [public_id])).exists()


def address_of_house_part(kind: str, public_id: str) -> str:
    """The page of the house in which a part stands."""
    house = next(iter(_house_of(kind, [public_id])), None)
    return f"/agreements/houses/{house}/" if house is not None else "/agreements/houses/"


def houses_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Houses by number and name, and by the needs and characteristics in them."""
    rows = House.objects.filter(public_id__in=public_ids).select_related("link__supplier", "link__customer")
    for one in rows.prefetch_related("needs", "characteristics"):
        said = [text for need in one.needs.all() if not need.dropped for text in need.words.values()]
        measured = [text for part in one.characteristics.all() if not part.dropped for text in part.name.values()]
        yield Findable(
            one.public_id, one.number, one.name, texts=[*said, *measured],
            note=f"{one.link.supplier} → {one.link.customer}",
            ended_on=day_of(one.ended_at) if one.ended_at is not None else None,
        )  # fmt: skip


def house_ids() -> Iterable[str]:
    """Every house."""
    return House.objects.values_list("public_id", flat=True)


def houses_of_needs(public_ids: Collection[str]) -> Iterable[str]:
    """The houses in which these needs stand."""
    return _house_of(HouseNeed.kind, public_ids)


def houses_of_characteristics(public_ids: Collection[str]) -> Iterable[str]:
    """The houses in which these characteristics stand."""
    return _house_of(HouseCharacteristic.kind, public_ids)


def _house_of(kind: str, public_ids: Collection[str]) -> QuerySet[Any, str]:
    model, path = PARTS[kind]
    return model._default_manager.filter(public_id__in=public_ids).values_list(f"{path}__public_id", flat=True)
