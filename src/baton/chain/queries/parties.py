"""Parties that the viewer may see."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.paginator import Page
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from baton.chain import policy
from baton.chain.models import Link, Membership, Output, Party, PartySuccession, Responsibility
from baton.chain.queries.beyond import TwoSteps, customers_customers, suppliers_suppliers
from baton.chain.queries.chains import PartyFact, chain_in_sight
from baton.chain.queries.figures import LinkRow, with_figures
from baton.chain.queries.lists import by_name, found, ordered, page_of
from baton.chain.queries.outputs import outputs_in_sight
from baton.chain.rules import Capacity, Confidentiality, Partner, PartyKind, Responsible, State
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, history_of
from baton.core.policy import demand, is_signed_in
from baton.core.queries import external_keys, people_without_roles, records_with_key_like
from baton.core.texts import Texts

if TYPE_CHECKING:
    from baton.core.models import ExternalKey, Person


@dataclass(frozen=True, slots=True)
class PartyFilters:
    """What a list of parties shows. ``partner`` is a kind of partner, or ``confidential``. ``order``: name, number,
    kind, suppliers, customers; minus sign: descending."""

    search: str = ""
    kind: str = ""
    partner: str = ""
    ended: bool = False
    order: str = "name"


@dataclass(frozen=True, slots=True)
class PartyPage:
    """A party in both its roles. ``from_suppliers`` are links in which it is the customer, ``to_customers`` those in
    which it is the supplier, live ones first; ``before`` and ``after`` are who serves the suppliers and who gets the
    work after the customers. ``answers_for`` are its responsibilities for outputs in sight, as
    :class:`baton.chain.rules.Responsible` orders them; ``planned`` who is to belong to it from a later day, not for
    guests. ``people`` maps the public id of every membership, past ones too, to the
    person's name; ``keys`` are those in other systems, the withdrawn ones too; ``helped``
    are the primary keys of the members to whom the viewer may hand a reset code; ``standing`` is the viewer's.
    ``came_of`` and ``went_into`` say which parties in sight it took over from, and which took over from it."""

    party: Party
    above: list[Party]
    from_suppliers: list[LinkRow]
    to_customers: list[LinkRow]
    before: TwoSteps
    after: TwoSteps
    answers_for: list[Responsibility]
    members: list[Membership]
    planned: list[Membership]
    under: list[Party]
    history: list[HistoryEntry]
    people: dict[str, Texts]
    keys: list[ExternalKey]
    helped: frozenset[int]
    standing: policy.Standing
    came_of: list[PartySuccession]
    went_into: list[PartySuccession]

    @property
    def head(self) -> Membership | None:
        """Who heads it on the day; None is a gap."""
        return next((held for held in self.members if held.capacity == Capacity.HEAD), None)

    @property
    def lacks_head(self) -> bool:
        return self.party.party_kind == PartyKind.DEPARTMENT and self.party.ended_on is None and self.head is None


def parties(*, viewer: Actor, at: datetime, filters: PartyFilters, page: int | str = 1) -> Page[Party]:
    """A page of the list; each party carries ``suppliers`` and ``customers``, its numbers of live links in sight."""
    return page_of(listed_parties(viewer=viewer, at=at, filters=filters), page)


def parties_to_export(*, viewer: Actor, at: datetime, filters: PartyFilters) -> Iterator[Party]:
    """The whole list, as :func:`parties` shows it page by page."""
    return listed_parties(viewer=viewer, at=at, filters=filters).iterator(chunk_size=500)


def party(*, viewer: Actor, at: datetime, public_id: str) -> Party:
    """One party; :class:`NotFound` also where the viewer may not know of it."""
    sight = policy.sight_of(viewer, day_of(at))
    seen = Party.objects.filter(sight.parties, public_id=public_id).select_related("parent", "person").first()
    if seen is None:
        raise NotFound
    return seen


def sees_party(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is such a party and the viewer may know of it."""
    sight = policy.sight_of(viewer, day_of(at))
    return Party.objects.filter(sight.parties, public_id=public_id).exists()


def seen_parties(*, viewer: Actor, at: datetime) -> QuerySet[Party]:
    """The parties of which the viewer may know, ended ones too."""
    return Party.objects.filter(policy.sight_of(viewer, day_of(at)).parties)


def parties_in_sight(*, viewer: Actor, at: datetime, public_ids: Collection[str]) -> set[str]:
    """Which of these are parties of which the viewer may know."""
    sight = policy.sight_of(viewer, day_of(at))
    return set(Party.objects.filter(sight.parties, public_id__in=public_ids).values_list("public_id", flat=True))


def may_edit_party(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether the viewer may rename this party and say its keys in other systems."""
    live = Party.objects.filter(public_id=public_id, ended_on__isnull=True).first()
    return live is not None and policy.may_edit_party(policy.standing_of(viewer, day_of(at)), live)


def keys_of_parties(*, viewer: Actor) -> dict[str, list[ExternalKey]]:
    """The keys in other systems of all parties in sight, by public id of the party."""
    return external_keys(viewer=viewer, kind=Party.kind)


def party_page(*, viewer: Actor, at: datetime, public_id: str) -> PartyPage:
    """Everything that the page of a party shows."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    seen = Party.objects.filter(sight.parties, public_id=public_id).select_related("parent", "person").first()
    if seen is None:
        raise NotFound
    links = Link.objects.filter(sight.links, Q(supplier=seen) | Q(customer=seen)).select_related(
        "supplier", "customer", "output"
    )
    both = with_figures(viewer, list(links.order_by(F("ended_on").desc(nulls_first=True), "number")))
    beyond = Membership.objects.filter(policy.beyond(day), party=seen).select_related("person", "party")
    held_on = list(beyond.order_by("capacity", "began_on"))
    members = [one for one in held_on if one.state(day) is State.LIVE]
    # A guest knows those who are there now; who was there before is no matter of his.
    ever = members if sight.standing.is_guest else Membership.objects.filter(party=seen).select_related("person")
    people: dict[str, Texts] = {one.public_id: one.person.name for one in ever}
    keys = external_keys(viewer=viewer, kind=Party.kind, object_ids=[seen.public_id], withdrawn=True)
    held = keys.get(seen.public_id, [])
    above = {public_id for public_id in seen.path.strip("/").split("/") if public_id != seen.public_id}
    ancestors = Party.objects.filter(sight.parties, public_id__in=above).order_by("path")
    successions = _successions(sight, seen)
    return PartyPage(
        party=seen,
        above=sorted(ancestors, key=lambda ancestor: len(ancestor.path)),
        from_suppliers=[row for row in both if row.link.customer_id == seen.pk],
        to_customers=[row for row in both if row.link.supplier_id == seen.pk],
        before=suppliers_suppliers(sight, day, seen),
        after=customers_customers(sight, day, seen),
        answers_for=_answers_for(sight, day, seen),
        members=sorted(members, key=lambda held: list(Capacity).index(Capacity(held.capacity))),
        planned=[] if sight.standing.is_guest else [one for one in held_on if one.state(day) is State.PLANNED],
        under=list(Party.objects.filter(sight.parties, parent=seen, ended_on__isnull=True).order_by(by_name())),
        history=history_of(
            viewer=viewer,
            object_ids=[seen.public_id, *people, *(key.public_id for key in held)],
            also={shown.person.public_id for shown in members},
        ),  # fmt: skip
        people=people,
        keys=held,
        helped=_helped(sight.standing, at, members),
        standing=sight.standing,
        came_of=[one for one in successions if one.successor_id == seen.pk],
        went_into=[one for one in successions if one.predecessor_id == seen.pk],
    )


def _answers_for(sight: policy.Sight, day: date, party: Party) -> list[Responsibility]:
    """What the party is to outputs in sight. One query; guests know of no outputs."""
    if sight.standing.is_guest:
        return []
    rows = Responsibility.objects.filter(policy.in_force(day), party=party).select_related("output")
    seen = rows.filter(output__in=Output.objects.filter(outputs_in_sight(sight, day)).values("pk"))
    order = [value.value for value in Responsible]
    return sorted(seen.order_by("output__number"), key=lambda one: order.index(one.responsible))


def _successions(sight: policy.Sight, party: Party) -> list[PartySuccession]:
    """Those in which the other party is in sight, too. One query."""
    seen = Party.objects.filter(sight.parties).values("pk")
    rows = PartySuccession.objects.filter(
        Q(predecessor=party, successor__in=seen) | Q(successor=party, predecessor__in=seen)
    )
    return list(rows.select_related("predecessor", "successor").order_by("on_day", "pk"))


def _helped(standing: policy.Standing, at: datetime, members: Sequence[Membership]) -> frozenset[int]:
    """Three queries, none for somebody who heads nothing."""
    people = list({held.person_id: held.person for held in members}.values())
    allowed = _to_help(standing, people)
    return frozenset(allowed & people_without_roles(viewer=standing.actor, at=at, people=people) if allowed else ())


def parties_to_choose(*, viewer: Actor, at: datetime) -> list[PartyFact]:
    """Live parties in sight, by name, a few values of each: for a field in which one is chosen, or a filter."""
    day = day_of(at)
    return chain_in_sight(policy.sight_of(viewer, day), day).by_name()


def parties_that_hold(*, viewer: Actor, at: datetime) -> list[PartyFact]:
    """Live parties in sight in which others stand, by name."""
    offered = parties_to_choose(viewer=viewer, at=at)
    holding = {public_id for party in offered for public_id in party.above[:-1]}
    return [party for party in offered if party.public_id in holding]


def membership(*, viewer: Actor, at: datetime, public_id: str) -> Membership:
    """One membership of a party in sight."""
    sight = policy.sight_of(viewer, day_of(at))
    held = Membership.objects.select_related("party", "person").filter(public_id=public_id).first()
    if held is None or not Party.objects.filter(sight.parties, pk=held.party_id).exists():
        raise NotFound
    return held


def places_of(*, viewer: Actor, at: datetime, people: Sequence[Person]) -> dict[int, str]:
    """The parties in sight that these people are part of, in words, by primary key of the person. Six queries."""
    day = day_of(at)
    seen = Party.objects.filter(policy.sight_of(viewer, day).parties)
    held = Membership.objects.filter(policy.in_force(day), person__in=people, party__in=seen).select_related("party")
    places: dict[int, list[str]] = {}
    for one in held.order_by("pk"):
        places.setdefault(one.person_id, []).append(str(one.party))
    return {person: ", ".join(names[:2]) for person, names in places.items()}


def is_superior(*, viewer: Actor, at: datetime, person: Person) -> bool:
    """Whether the viewer, as head, may hand a reset code to ``person``, as far as the chain knows; never to himself."""
    return person.pk in people_to_help(viewer=viewer, at=at, people=[person])


def people_to_help(*, viewer: Actor, at: datetime, people: Sequence[Person]) -> set[int]:
    """Primary keys of those among ``people`` to whom the viewer may, as head, hand a reset code, as far as the chain
    knows: see :func:`baton.chain.policy.may_help`. Four queries, two for somebody who heads nothing."""
    return _to_help(policy.standing_of(viewer, day_of(at)), people)


def _to_help(standing: policy.Standing, people: Sequence[Person]) -> set[int]:
    own = standing.actor.person
    others = [person.pk for person in people if own is not None and person.pk != own.pk]
    if not standing.headed or not others:
        return set()
    places: dict[int, list[policy.Place]] = {}
    held = Membership.objects.filter(policy.in_force(standing.day), person__in=others)
    for person, path, entered_by in held.values_list("person_id", "party__path", "appointed_by_id"):
        places.setdefault(person, []).append(policy.Place(path, entered_by))
    entered = {place.entered_by for found in places.values() for place in found}
    ever = Membership.objects.filter(policy.under(standing.headed, "party__"), person__in=entered - {None})
    own_people = set(ever.values_list("person_id", flat=True))
    return {person for person, found in places.items() if policy.may_help(standing, found, own_people)}


def leads_a_party(*, viewer: Actor, at: datetime, person: Person) -> bool:
    """Whether ``person`` heads a party, or stands in for its head; now or from a day to come."""
    demand(is_signed_in(viewer))
    led = Membership.objects.filter(person=person).exclude(capacity=Capacity.MEMBER)
    return led.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day_of(at))).exists()


def listed_parties(*, viewer: Actor, at: datetime, filters: PartyFilters) -> QuerySet[Party]:
    """The whole list, in its order."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)

    def with_key(word: str) -> Q:
        return Q(public_id__in=records_with_key_like(viewer=viewer, kind=Party.kind, text=word))

    rows = Party.objects.filter(sight.parties, found(filters.search, "search_text", also=with_key))
    if filters.kind in set(PartyKind):
        rows = rows.filter(party_kind=filters.kind)
    if filters.partner == Confidentiality.CONFIDENTIAL:
        rows = rows.filter(confidentiality=Confidentiality.CONFIDENTIAL)
    elif filters.partner in set(Partner):
        rows = rows.filter(partner=filters.partner)
    if not filters.ended:
        rows = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
    live = Link.objects.filter(sight.links, policy.in_force(day))
    rows = rows.select_related("parent").annotate(
        suppliers=_number_of(live, "customer"), customers=_number_of(live, "supplier")
    )
    orders = {
        "name": by_name(), "number": F("number"), "kind": F("party_kind"), "suppliers": F("suppliers"),
        "customers": F("customers"),
    }  # fmt: skip
    return ordered(rows, filters.order, orders, "name")


def _number_of(links: QuerySet[Link], side: str) -> Coalesce:
    """How many of ``links`` the party of the outer query has on ``side``."""
    mine = links.filter(**{side: OuterRef("pk")}).order_by().values(side)
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
