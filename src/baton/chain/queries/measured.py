"""What monitoring asks about pairs of parties, whose handovers it measures: which links they stand for, and whose they
are. Its keys are those of :attr:`baton.chain.models.Link.measured_as`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Concat

from baton.chain import policy
from baton.chain.models import Link, Membership, Party
from baton.chain.queries.discussing import lasting_name
from baton.chain.queries.lists import found
from baton.chain.rules import OUTSIDE, Capacity
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.once import once
from baton.core.registries import Measured
from baton.core.texts import Texts, say

if TYPE_CHECKING:
    from baton.core.models import Person

MOST_NAMED = 2_000
"""Pairs in sight that are named one by one; of more, a query says which they are."""

_SEARCHED = ("search_text", "output__search_text", "supplier__search_text", "customer__search_text")


def pairs_in_sight(*, viewer: Actor, at: datetime, search: str = "") -> Collection[str] | QuerySet[Link, str] | None:
    """Keys of the pairs between which the viewer sees a link, read once a request; more than are named, as a query.
    ``search`` as in the list of links.
    None: without looking, because he sees every link.
    """
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    if sight.sees_all_links and not search:
        return None
    key = Concat("supplier__public_id", Value(">"), "customer__public_id", output_field=CharField())
    rows = Link.objects.filter(sight.links, found(search, *_SEARCHED)).order_by()
    keys = rows.values_list(key, flat=True).distinct()
    few = once(("chain.pairs", viewer, day, search), lambda: list(keys[: MOST_NAMED + 1]))
    return few if len(few) <= MOST_NAMED else keys


def pairs_named(*, viewer: Actor, at: datetime, keys: Collection[str]) -> dict[str, Measured]:
    """Those of the pairs between which the viewer sees a link, each with the page of one: of a link in force rather
    than of one that ended, of the earliest among several. One query beside those for his sight."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    rows = _links_between(sight, keys)
    named: dict[str, Measured] = {}
    for link in sorted(rows, key=lambda one: (one.ended_on is not None, one.pk)):
        if link.measured_as in keys and link.measured_as not in named:
            ended = link.ended_on is not None and link.ended_on <= day
            named[link.measured_as] = _named(link, ended=ended)
    return named


def pairs_in_force(*, at: datetime, keys: Collection[str]) -> set[str]:
    """Those of the pairs between which there is a link today."""
    rows = Link.objects.filter(policy.in_force(day_of(at)), _between(keys)).select_related("supplier", "customer")
    return {link.measured_as for link in rows} & set(keys)


def links_of_pairs(*, keys: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """All links, ended ones too, between the two of each pair, as (kind, public id)."""
    records: dict[str, list[tuple[str, str]]] = {}
    for link in Link.objects.filter(_between(keys)).select_related("supplier", "customer").order_by("pk"):
        if link.measured_as in keys:
            records.setdefault(link.measured_as, []).append((Link.kind, link.public_id))
    return records


def responsible_for_pairs(*, at: datetime, keys: Collection[str]) -> dict[str, Person]:
    """Who should look first when the handovers of a pair give a signal: the head of its supplier, where that has none
    the head of the nearest party above; for a supplier outside, the same of the customer. Two queries."""
    day = day_of(at)
    ids = {one for key in keys for one in key.split(">")}
    parties = {party.public_id: party for party in Party.objects.filter(public_id__in=ids)}
    heads = _heads({step for party in parties.values() for step in _upwards(party)}, day)
    responsible = {}
    for key in keys:
        sides = [parties[one] for one in key.split(">") if one in parties]
        inside = next((party for party in sides if party.party_kind not in OUTSIDE), None)
        head = next((heads[step] for step in _upwards(inside) if step in heads), None) if inside is not None else None
        if head is not None:
            responsible[key] = head
    return responsible


def answerable_pairs(*, viewer: Actor, at: datetime, keys: Collection[str]) -> set[str]:
    """Those of the pairs with a link that the viewer may change: he may also say what is behind its signals."""
    sight = policy.sight_of(viewer, day_of(at))
    standing = sight.standing
    return {
        link.measured_as
        for link in _links_between(sight, keys)
        if link.measured_as in keys
        and policy.may_edit_link(standing, link.supplier, link.customer, link.output.output_kind)
    }


def _links_between(sight: policy.Sight, keys: Collection[str]) -> list[Link]:
    """Links in sight between the two of each pair, and some more; read once for all that a page asks about them."""
    rows = Link.objects.filter(sight.links, _between(keys)).select_related("supplier", "customer", "output")
    return once(("chain.links_between", sight.standing.actor, sight.standing.day, frozenset(keys)), lambda: list(rows))


def _between(keys: Iterable[str]) -> Q:
    """Links between parties that occur in these keys; more than are meant, which is looked at afterwards."""
    sides = [key.partition(">") for key in keys]
    return Q(supplier__public_id__in={one for one, _sign, _other in sides}) & Q(
        customer__public_id__in={other for _one, _sign, other in sides}
    )


def _named(link: Link, *, ended: bool) -> Measured:
    names = _arrow(link.supplier.name, link.customer.name)
    lasting = _arrow(lasting_name(link.supplier), lasting_name(link.customer))
    return Measured(Link.kind, link.public_id, names, lasting, ended=ended)


def _arrow(supplier: Mapping[str, Any], customer: Mapping[str, Any]) -> Texts:
    return {code: f"{say(supplier, code)} → {say(customer, code)}" for code, _label in settings.LANGUAGES}


def _upwards(party: Party) -> list[str]:
    """Public ids of the party and of those above it, the nearest first."""
    return [step for step in party.path.split("/") if step][::-1]


def _heads(parties: Collection[str], day: date) -> dict[str, Person]:
    held = Membership.objects.filter(
        policy.in_force(day), party__public_id__in=parties, capacity=Capacity.HEAD, person__is_active=True
    )
    return {one.party.public_id: one.person for one in held.select_related("party", "person").order_by("pk")}
