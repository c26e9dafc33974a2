"""Links that the viewer may see."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.db.models import F, Q, QuerySet

from baton.chain import policy
from baton.chain.models import Link, Membership
from baton.chain.queries.beyond import Onwards, onwards
from baton.chain.queries.chains import chain_in_sight
from baton.chain.queries.figures import EXPORT_ROWS, LinkRow, streamed, with_figures
from baton.chain.queries.lists import by_name, found, in_state, ordered, page_of
from baton.chain.queries.successions import Before, before_link
from baton.chain.queries.tracing import Trace, nearest, traces_of
from baton.chain.rules import Criticality, OutputKind, Source, Stage, State, sums_of_grades
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, history_of
from baton.core.once import once
from baton.core.slices import in_order
from baton.core.texts import clean_text
from baton.core.versions import Memory
from baton.monitoring import queries as monitoring
from baton.monitoring.rules import Health

_HEALTH_RANK = {Health.SIGNAL: 0, Health.IN_CONTROL: 1, Health.UNKNOWN: 2}


@dataclass(frozen=True, slots=True)
class LinkFilters:
    """What a list of links shows. ``party`` is a public id, on either side; ``state`` is live, planned, ended or all;
    ``health`` is in_control, signal or unknown; ``criticality`` one of its classes or not_judged; ``need`` is named or
    missing; ``project`` a public id; ``output`` a public id; ``order``: supplier, customer, number, output, began_on,
    health (signals first); minus sign: descending."""

    search: str = ""
    party: str = ""
    output_kind: str = ""
    source: str = ""
    state: str = State.LIVE
    health: str = ""
    criticality: str = ""
    stage: str = ""
    need: str = ""
    project: str = ""
    output: str = ""
    order: str = "supplier"


@dataclass(frozen=True, slots=True)
class LinkPage:
    """A link with those who answer for its two sides, the nearest needs that it serves and how many more, who gets the
    work after its customer, and what happened to it."""

    link: Link
    state: State
    heads: dict[int, Membership]
    beside: list[Link]
    history: list[HistoryEntry]
    may_edit: bool
    measured: bool
    before: Before
    serves: list[Trace]
    serves_more: int
    onwards: Onwards

    @property
    def sharing(self) -> list[Link]:
        """Links in force from the same supplier to the same customer, whose figures are the same: an event log says who
        handed over to whom, not what. Empty where nothing is measured."""
        return [one for one in self.beside if self.measured and one.supplier_id == self.link.supplier_id]

    @property
    def supplier_head(self) -> Membership | None:
        return self.heads.get(self.link.supplier_id)

    @property
    def customer_head(self) -> Membership | None:
        return self.heads.get(self.link.customer_id)


def links(*, viewer: Actor, at: datetime, filters: LinkFilters, page: int | str = 1) -> Page[LinkRow]:
    """A page of the list."""
    rows = listed_links(viewer=viewer, at=at, filters=filters)
    found_page: Page[Any] = page_of(rows, page, keys=keys_by_health(viewer, rows, filters))
    found_page.object_list = with_figures(viewer, list(found_page.object_list))
    return found_page


def links_to_export(*, viewer: Actor, at: datetime, filters: LinkFilters) -> Iterator[LinkRow]:
    """The whole list, as :func:`links` shows it page by page."""
    rows = listed_links(viewer=viewer, at=at, filters=filters)
    keys = keys_by_health(viewer, rows, filters)
    if keys is None:
        return streamed(viewer, rows.iterator(chunk_size=EXPORT_ROWS))
    batches = (keys[start : start + EXPORT_ROWS] for start in range(0, len(keys), EXPORT_ROWS))
    return streamed(viewer, (link for batch in batches for link in in_order(rows, batch)))


def link(*, viewer: Actor, at: datetime, public_id: str) -> Link:
    """One link with its two parties; :class:`NotFound` also where the viewer may not know of it."""
    return _one(policy.sight_of(viewer, day_of(at)), public_id)


def sees_link(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is such a link and the viewer may know of it."""
    sight = policy.sight_of(viewer, day_of(at))
    rows = Link.objects.filter(sight.links, public_id=public_id)
    return once(_seen_key(sight, public_id), rows.exists)


def links_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Link]:
    """Every link that the viewer may know of, in no order: for rooms whose records belong to links."""
    return Link.objects.filter(policy.sight_of(viewer, day_of(at)).links)


def link_page(*, viewer: Actor, at: datetime, public_id: str) -> LinkPage:
    """Everything that the chain itself says on the page of a link."""
    day = day_of(at)
    key = policy.company_of(viewer, day), day, public_id
    told = _KEPT.unchanged(("chain", "core.Person"), key, lambda: _of_chain(viewer, at, public_id))
    seen, sight = told.link, policy.sight_of(viewer, day)
    _seen_as(sight, seen)
    said = monitoring.said_ever(viewer=viewer, measured_as=seen.measured_as)
    return LinkPage(
        link=seen,
        state=seen.state(day),
        heads=told.heads,
        beside=told.beside,
        history=_history(viewer, seen, said),
        before=told.before,
        measured=monitoring.has_measures(viewer=viewer, measured_as=seen.measured_as),
        may_edit=seen.ended_on is None
        and policy.may_edit_link(sight.standing, seen.supplier, seen.customer, seen.output.output_kind),
        serves=told.serves,
        serves_more=told.serves_more,
        onwards=told.onwards,
    )


@dataclass(frozen=True, slots=True)
class _OfChain:
    """What of the page of a link stands in the records of the chain, as all alike see it. Readers share it."""

    link: Link
    heads: dict[int, Membership]
    beside: list[Link]
    before: Before
    serves: list[Trace]
    serves_more: int
    onwards: Onwards


_KEPT: Memory[_OfChain] = Memory(most=1_000)
"""By what he is who looks, in which roles, the day, and the link."""


def _of_chain(viewer: Actor, at: datetime, public_id: str) -> _OfChain:
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    seen = _one(sight, public_id)
    heads = Membership.objects.filter(
        policy.in_force(day), party__in=(seen.supplier_id, seen.customer_id), capacity="head"
    ).select_related("person")
    pair = Q(supplier=seen.supplier, customer=seen.customer) | Q(supplier=seen.customer, customer=seen.supplier)
    beside = Link.objects.filter(sight.links, policy.in_force(day), pair).exclude(pk=seen.pk)
    chain = chain_in_sight(sight, day)
    found_paths = chain.walk.paths_to_needs([seen.pk])
    paths = nearest(found_paths)
    return _OfChain(
        link=seen,
        heads={held.party_id: held for held in heads},
        beside=list(beside.select_related("supplier", "customer", "output").order_by("number")),
        before=before_link(viewer=viewer, at=at, link=seen),
        serves=traces_of(chain, paths),
        serves_more=len(found_paths) - len(paths),
        onwards=onwards(chain, seen.customer_id),
    )


def _history(viewer: Actor, seen: Link, said: Sequence[str]) -> list[HistoryEntry]:
    """What happened to the link, to what it hands over, and to phases and limits of its charts, and when it began to
    count if it came in bulk."""
    own = history_of(viewer=viewer, object_ids=[seen.public_id, *said])
    beside = [seen.output.public_id, *([seen.batch.public_id] if seen.batch is not None else [])]
    more = history_of(viewer=viewer, object_ids=beside, actions={"batch.sealed", "output.changed"})
    return sorted([*own, *more], key=lambda entry: -entry.seq)


def pair_of(*, public_id: str) -> str:
    """The key under which monitoring keeps a link's measures; empty where there is no such link."""
    found_link = Link.objects.filter(public_id=public_id).select_related("supplier", "customer", "output").first()
    return found_link.measured_as if found_link is not None else ""


def _one(sight: policy.Sight, public_id: str) -> Link:
    found_links = Link.objects.filter(sight.links, public_id=public_id)
    with_them = found_links.select_related("supplier", "customer", "output", "batch", "need__holder", "project")
    seen = once(_link_key(sight, public_id), with_them.first)
    if seen is None:
        raise NotFound
    _seen_as(sight, seen)
    return seen


def _seen_as(sight: policy.Sight, seen: Link) -> None:
    """Panels of its page ask for it, too."""
    once(_link_key(sight, seen.public_id), lambda: seen)
    once(_seen_key(sight, seen.public_id), lambda: True)


def _link_key(sight: policy.Sight, public_id: str) -> Hashable:
    return "chain.link", sight.standing.actor, sight.standing.day, public_id


def _seen_key(sight: policy.Sight, public_id: str) -> Hashable:
    """Under which it is kept for a request that a viewer sees a link, or does not."""
    return "chain.sees_link", sight.standing.actor, sight.standing.day, public_id


def listed_links(*, viewer: Actor, at: datetime, filters: LinkFilters) -> QuerySet[Link]:
    """The whole list, in its order, but for ``health``."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    searched = found(
        filters.search, "search_text", "output__search_text", "supplier__search_text", "customer__search_text"
    )
    rows = Link.objects.filter(sight.links, searched, in_state(filters.state, day))
    if party := clean_text(filters.party):
        rows = rows.filter(Q(supplier__public_id=party) | Q(customer__public_id=party))
    if filters.output_kind in set(OutputKind):
        rows = rows.filter(output__output_kind=filters.output_kind)
    if filters.source in set(Source):
        rows = rows.filter(source=filters.source)
    rows = _judged_as(rows, filters)
    orders = {
        "supplier": by_name("supplier__"), "customer": by_name("customer__"), "number": F("number"),
        "output": by_name("output__"), "began_on": F("began_on"),
    }  # fmt: skip
    with_them = rows.select_related("supplier", "customer", "output", "need", "project")
    return ordered(with_them, filters.order, orders, "supplier")


def _judged_as(rows: QuerySet[Link], filters: LinkFilters) -> QuerySet[Link]:
    """Those with the wanted criticality, stage, need, project and output."""
    if filters.criticality in set(Criticality):
        sums = sums_of_grades(Criticality(filters.criticality))
        rows = rows.alias(grades=F("spend") + F("irreplaceability") + F("impact")).filter(grades__in=sums)
    elif filters.criticality == "not_judged":
        rows = rows.filter(Q(spend=None) | Q(irreplaceability=None) | Q(impact=None))
    if filters.stage in set(Stage):
        rows = rows.filter(stage=filters.stage)
    if filters.need in ("named", "missing"):
        rows = rows.filter(need__isnull=filters.need == "missing")
    if project := clean_text(filters.project):
        rows = rows.filter(project__public_id=project)
    if output := clean_text(filters.output):
        rows = rows.filter(output__public_id=output)
    return rows


def keys_by_health(viewer: Actor, rows: QuerySet[Link], filters: LinkFilters) -> list[int] | None:
    """Keys of the links that have the wanted health, in the wanted order; None where health does not matter.

    Health stands in another room, so it is asked for all links of the list at once.
    """
    sorts = filters.order.removeprefix("-") == "health"
    wanted = filters.health if filters.health in set(Health) else ""
    if not wanted and not sorts:
        return None
    subjects = {
        pk: f"{supplier}>{customer}"
        for pk, supplier, customer in rows.values_list("pk", "supplier__public_id", "customer__public_id")
    }
    health = monitoring.health_of(viewer=viewer, subjects=subjects.values()) if subjects else {}
    keys = [pk for pk, subject in subjects.items() if wanted in ("", health[subject])]
    if sorts:
        keys.sort(key=lambda pk: _HEALTH_RANK[health[subjects[pk]]], reverse=filters.order.startswith("-"))
    return keys
