"""Houses of quality that the viewer may see, with what is computed of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from django.core.paginator import Page
from django.db.models import Count, F, Q, QuerySet

from baton.agreements import policy
from baton.agreements.models import (
    Agreement,
    AgreementVersion,
    Clause,
    House,
    HouseCharacteristic,
    HouseFilling,
    HouseNeed,
    Relation,
    Roof,
    ServiceOffer,
)
from baton.agreements.queries.agreements import clauses_by_version
from baton.agreements.queries.sight import of_party
from baton.agreements.rules import OPEN, PAGE_ROWS, Side, VersionState
from baton.agreements.rules.houses import told_apart
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.chain.queries.lists import by_name, found, ordered, page_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, history_of
from baton.core.slices import FEW_ROWS, Slice, slice_of
from baton.core.texts import say

if TYPE_CHECKING:
    from baton_analysis.measures.house_of_quality import HouseOfQuality

P = TypeVar("P", HouseNeed, HouseCharacteristic, HouseFilling)


@dataclass(frozen=True, slots=True)
class HouseFilters:
    """What a list of houses shows. ``party`` is a public id, on either side of the link; ``closed``: closed ones, too.
    ``order``: number, name, link; minus sign: descending."""

    search: str = ""
    party: str = ""
    closed: bool = False
    order: str = "number"


@dataclass(frozen=True)
class HousePage:
    """A house with all that its page shows.

    ``relations`` and ``roof`` are by primary keys, the lower one of a pair first; ``left_out`` what was taken out.
    ``clauses`` are those of the agreement of the link (``agreement``, None: none) that hold or are on their way, by
    line. ``fillings`` are the tables that changed something in it, the last first.
    """

    house: House
    needs: list[HouseNeed]
    characteristics: list[HouseCharacteristic]
    left_out: list[HouseNeed | HouseCharacteristic]
    relations: Mapping[tuple[int, int], int]
    roof: Mapping[tuple[int, int], str]
    agreement: Agreement | None
    clauses: Mapping[str, Clause]
    fillings: list[HouseFilling]
    may_edit: bool
    history: list[HistoryEntry]

    @cached_property
    def need_names(self) -> list[str]:
        """What the needs are called in the reader's language, no two alike."""
        return told_apart(say(need.words) for need in self.needs)

    @cached_property
    def characteristic_names(self) -> list[str]:
        """What the characteristics are called in the reader's language, no two alike."""
        return told_apart(say(one.name) for one in self.characteristics)

    @cached_property
    def weighed(self) -> HouseOfQuality | None:
        """The weights; None while needs or characteristics are missing."""
        return _weighed(self) if self.needs and self.characteristics else None

    @property
    def needs_without_clause(self) -> list[HouseNeed]:
        """Needs that no characteristic serves which a clause promises."""
        promised = {one.pk for one in self.characteristics if one.line in self.clauses}
        served = {need for (need, one), strength in self.relations.items() if strength and one in promised}
        return [need for need in self.needs if need.pk not in served]

    @property
    def clauses_without_need(self) -> list[Clause]:
        """Promises of the link behind which stands no need of the house."""
        asked = {one for (_need, one), strength in self.relations.items() if strength}
        lines = {one.line for one in self.characteristics if one.pk in asked}
        return [
            clause for line, clause in self.clauses.items() if clause.owed_by == Side.SUPPLIER and line not in lines
        ]


def houses_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[House]:
    """Houses of links that the viewer may know of."""
    return House.objects.filter(link__in=chain.links_in_sight(viewer=viewer, at=at).values("pk"))


def houses(*, viewer: Actor, at: datetime, filters: HouseFilters, page: int | str = 1) -> Page[House]:
    """A page of the list; each house carries ``need_count`` and ``characteristic_count``."""
    return page_of(listed_houses(viewer=viewer, at=at, filters=filters), page, rows_a_page=PAGE_ROWS)


def house_slice(
    *, viewer: Actor, at: datetime, filters: HouseFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[House]:
    """The list as programs read it, part by part."""
    rows = listed_houses(viewer=viewer, at=at, filters=filters)
    return slice_of(rows, asked=asdict(filters), limit=limit, cursor=cursor)


def listed_houses(*, viewer: Actor, at: datetime, filters: HouseFilters) -> QuerySet[House]:
    """The whole list, in its order."""
    rows = houses_in_sight(viewer=viewer, at=at).select_related("link__supplier", "link__customer", "link__output")
    rows = rows.filter(found(filters.search, "search_text", "link__search_text"), of_party(filters.party))
    if not filters.closed:
        rows = rows.filter(ended_at__isnull=True)
    counted = rows.annotate(
        need_count=Count("needs", filter=Q(needs__dropped=False), distinct=True),
        characteristic_count=Count("characteristics", filter=Q(characteristics__dropped=False), distinct=True),
    )
    orders = {"number": F("number"), "name": by_name(), "link": F("link__number")}
    return ordered(counted, filters.order, orders, "number")


def houses_of_link(*, viewer: Actor, at: datetime, link: str) -> list[House]:
    """The houses of a link (public id) that people work with, by number."""
    held = houses_in_sight(viewer=viewer, at=at).filter(link__public_id=link, ended_at__isnull=True)
    return list(held.order_by("number"))


def houses_of_offer(*, viewer: Actor, at: datetime, offer: ServiceOffer) -> list[House]:
    """The houses in sight of links on which the supplier of a service offer hands over its output."""
    rows = houses_in_sight(viewer=viewer, at=at).filter(link__supplier=offer.supplier_id, link__output=offer.output_id)
    return list(rows.filter(ended_at__isnull=True).order_by("number"))


def house(*, viewer: Actor, at: datetime, public_id: str) -> House:
    """One house with its link; :class:`NotFound` also where the viewer may not know of it."""
    rows = houses_in_sight(viewer=viewer, at=at).filter(public_id=public_id)
    seen = rows.select_related("link__supplier", "link__customer", "link__output").first()
    if seen is None:
        raise NotFound
    return seen


def sees_house(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is such a house and the viewer may know of it."""
    return houses_in_sight(viewer=viewer, at=at).filter(public_id=public_id).exists()


def house_need(*, viewer: Actor, at: datetime, public_id: str) -> HouseNeed:
    """One need of a house, by the rules of :func:`house`."""
    return _part(HouseNeed, viewer, at, public_id)


def house_characteristic(*, viewer: Actor, at: datetime, public_id: str) -> HouseCharacteristic:
    """One characteristic of a house, by the rules of :func:`house`."""
    return _part(HouseCharacteristic, viewer, at, public_id)


def house_filling(*, viewer: Actor, at: datetime, public_id: str) -> HouseFilling:
    """One table that was brought into a house, by the rules of :func:`house`."""
    return _part(HouseFilling, viewer, at, public_id)


def house_page(*, viewer: Actor, at: datetime, public_id: str) -> HousePage:
    """Everything that the page of a house shows."""
    seen = house(viewer=viewer, at=at, public_id=public_id)
    needs = list(seen.needs.select_related("outside_need").order_by("position", "pk"))
    characteristics = list(seen.characteristics.order_by("position", "pk"))
    relations = Relation.objects.filter(need__house=seen)
    marks = Roof.objects.filter(first__house=seen)
    fillings = list(HouseFilling.objects.filter(house=seen).exclude(wrote={}).order_by("-pk"))
    placed = standing_of(viewer, day_of(at))
    return HousePage(
        house=seen,
        needs=[one for one in needs if not one.dropped],
        characteristics=[one for one in characteristics if not one.dropped],
        left_out=[*(one for one in needs if one.dropped), *(one for one in characteristics if one.dropped)],
        relations={(one.need_id, one.characteristic_id): one.strength for one in relations},
        roof={(one.first_id, one.second_id): one.sign for one in marks if one.sign},
        agreement=Agreement.objects.filter(link=seen.link_id).first(),
        clauses=clauses_of_link(viewer=viewer, link=seen.link_id),
        fillings=fillings,
        may_edit=seen.ended_at is None and policy.may_write(placed, seen.link),
        history=history_of(
            viewer=viewer,
            object_ids=[one.public_id for one in (seen, *needs, *characteristics, *fillings)],
        ),
    )


def clauses_of_link(*, viewer: Actor, link: int) -> dict[str, Clause]:
    """Clauses of the link's agreement by line: of the version in force, and over them those of the one on its way. The
    caller has made sure that ``viewer`` sees the link."""
    states = [VersionState.ACTIVE, *sorted(OPEN)]
    versions = list(AgreementVersion.objects.filter(agreement__link=link, state__in=states).order_by("version"))
    held = clauses_by_version(viewer=viewer, versions=versions)
    return {clause.line: clause for version in versions for clause in held.get(version.pk, [])}


def _weighed(page: HousePage) -> HouseOfQuality:
    """The house as :mod:`baton_analysis.measures.house_of_quality` weighs it."""
    from baton_analysis.measures import house_of_quality as measure  # when it is weighed: a server starts without

    rows = list(zip(page.needs, page.need_names, strict=True))
    columns = list(zip(page.characteristics, page.characteristic_names, strict=True))
    called = {one.pk: name for one, name in columns}
    return measure.house_of_quality(
        [
            measure.Need(name, need.importance, need.current, need.target, need.sales_point, need.others)
            for need, name in rows
        ],
        [measure.Characteristic(name, one.goal or None, one.line in page.clauses) for one, name in columns],  # type: ignore[arg-type]
        {
            (need_name, name): page.relations.get((need.pk, one.pk), 0)
            for need, need_name in rows
            for one, name in columns
        },
        roof={
            (called[first], called[second]): sign  # type: ignore[misc]
            for (first, second), sign in page.roof.items()
            if first in called and second in called
        },
        importance_scale=page.house.importance_scale,
    )  # fmt: skip


def _part(model: type[P], viewer: Actor, at: datetime, public_id: str) -> P:
    held = model.objects.filter(public_id=public_id, house__in=houses_in_sight(viewer=viewer, at=at).values("pk"))
    links = [f"house__link__{side}" for side in ("supplier", "customer", "output")]
    seen = held.select_related(*links).first()
    if seen is None:
        raise NotFound
    return seen
