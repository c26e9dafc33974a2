"""What people outside need, as far as the viewer may see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from baton.chain import policy
from baton.chain.models import Link, OutsideNeed, Party
from baton.chain.queries.figures import LinkRow, with_figures
from baton.chain.queries.lists import by_name, found, in_state, ordered, page_of
from baton.chain.queries.tracing import Serving, serving, walk_in_sight
from baton.chain.rules import OUTSIDE_CUSTOMERS, State
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, history_of


@dataclass(frozen=True, slots=True)
class NeedFilters:
    """What a list of needs shows. ``holder`` is the public id of the party whose need it is; ``unserved``: no live link
    in sight names it. ``order``: holder, number, links, began_on; minus sign: descending."""

    search: str = ""
    holder: str = ""
    state: str = State.LIVE
    unserved: bool = False
    order: str = "holder"


@dataclass(frozen=True, slots=True)
class NeedPage:
    """A need, the links in sight that name it, and all that serves it over them."""

    need: OutsideNeed
    state: State
    links: list[LinkRow]
    serving: Serving
    history: list[HistoryEntry]
    may_edit: bool


def needs_in_sight(sight: policy.Sight) -> Q:
    """Needs of parties in sight, and those that a link in sight names. A guest reads none: the words are the house's
    notes of what he said."""
    if sight.sees_all_links:
        return Q()
    if sight.standing.is_guest:
        return Q(pk__in=())
    named = Link.objects.filter(sight.links, need__isnull=False).values("need")
    return Q(pk__in=named) | Q(holder__in=Party.objects.filter(sight.parties).values("pk"))


def needs(*, viewer: Actor, at: datetime, filters: NeedFilters, page: int | str = 1) -> Page[OutsideNeed]:
    """A page of the list; each need carries ``links_live``, the number of live links in sight that name it."""
    return page_of(listed_needs(viewer=viewer, at=at, filters=filters), page)


def needs_to_export(*, viewer: Actor, at: datetime, filters: NeedFilters) -> Iterator[OutsideNeed]:
    """The whole list, as :func:`needs` shows it page by page."""
    return listed_needs(viewer=viewer, at=at, filters=filters).iterator(chunk_size=500)


def needs_to_choose(*, viewer: Actor, at: datetime) -> list[OutsideNeed]:
    """Live needs in sight, by whose they are, for a field in which one is chosen."""
    return list(listed_needs(viewer=viewer, at=at, filters=NeedFilters()))


def holders_to_choose(*, viewer: Actor, at: datetime) -> list[Party]:
    """Live outside customers and groups of consumers in sight, by name."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    held = Party.objects.filter(sight.parties, policy.in_force(day), party_kind__in=OUTSIDE_CUSTOMERS)
    return list(held.order_by(by_name()))


def need(*, viewer: Actor, at: datetime, public_id: str) -> OutsideNeed:
    """One need; :class:`NotFound` also where the viewer may not know of it."""
    return _one(policy.sight_of(viewer, day_of(at)), public_id)


def sees_need(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is such a need and the viewer may know of it."""
    sight = policy.sight_of(viewer, day_of(at))
    return OutsideNeed.objects.filter(needs_in_sight(sight), public_id=public_id).exists()


def need_page(*, viewer: Actor, at: datetime, public_id: str) -> NeedPage:
    """Everything that the page of a need shows."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    seen = _one(sight, public_id)
    naming = Link.objects.filter(sight.links, need=seen).select_related("supplier", "customer", "output")
    return NeedPage(
        need=seen,
        state=seen.state(day),
        links=with_figures(viewer, list(naming.order_by(F("ended_on").desc(nulls_first=True), "number"))),
        serving=serving(walk_in_sight(sight, day), seen),
        history=history_of(viewer=viewer, object_ids=[seen.public_id]),
        may_edit=seen.ended_on is None and policy.may_write_needs(sight.standing),
    )


def listed_needs(*, viewer: Actor, at: datetime, filters: NeedFilters) -> QuerySet[OutsideNeed]:
    """The whole list, in its order."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    rows = OutsideNeed.objects.filter(
        needs_in_sight(sight), found(filters.search, "search_text", "holder__search_text"), in_state(filters.state, day)
    )
    if filters.holder:
        rows = rows.filter(holder__public_id=filters.holder)
    rows = rows.select_related("holder").annotate(links_live=_links_of(sight, day))
    if filters.unserved:
        rows = rows.filter(links_live=0)
    orders = {
        "holder": by_name("holder__"), "number": F("number"), "links": F("links_live"), "began_on": F("began_on"),
    }  # fmt: skip
    return ordered(rows, filters.order, orders, "holder")


def _links_of(sight: policy.Sight, day: date) -> Coalesce:
    mine = Link.objects.filter(sight.links, policy.in_force(day), need=OuterRef("pk")).order_by().values("need")
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _one(sight: policy.Sight, public_id: str) -> OutsideNeed:
    seen = OutsideNeed.objects.filter(needs_in_sight(sight), public_id=public_id).select_related("holder").first()
    if seen is None:
        raise NotFound
    return seen
