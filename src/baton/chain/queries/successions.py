"""What a merge or a split of parties carries over, and which parties came of which."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext

from baton.chain import policy
from baton.chain.models import Link, Membership, OutsideNeed, Party, PartySuccession, Project, Responsibility
from baton.chain.queries.lists import by_name
from baton.chain.rules import OUTSIDE, Capacity, PartyKind, Succession
from baton.core import formats
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.once import once
from baton.core.policy import demand, is_signed_in
from baton.core.queries import external_keys
from baton.core.registries import Earlier

if TYPE_CHECKING:
    from baton.core.models import ExternalKey, Person


@dataclass(frozen=True, slots=True)
class Holdings:
    """What hangs on some parties beyond a day: all that somebody must take over when they end."""

    links: list[Link]
    memberships: list[Membership]
    responsibilities: list[Responsibility]
    children: list[Party]
    needs: list[OutsideNeed]
    projects: list[Project]
    keys: list[ExternalKey]

    @property
    def count(self) -> int:
        return (
            len(self.links) + len(self.memberships) + len(self.responsibilities) + len(self.children)
            + len(self.needs) + len(self.projects) + len(self.keys)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge will do. ``into`` is None where a new party comes of it, which then stands under ``parent``.

    Every link of ``holdings`` is in one of three lists: ``moved`` go on as links of the successor; ``folded`` end
    because the link beside them is of the same output between the same two; ``inner`` end because both their sides
    become one party. ``head`` is who heads the successor; None: nobody, or somebody has to be chosen among ``heads``.
    """

    predecessors: list[Party]
    into: Party | None
    parent: Party | None
    holdings: Holdings
    kept: Holdings
    heads: list[Person]
    head: Person | None
    moved: list[Link] = field(default_factory=list)
    folded: list[tuple[Link, Link]] = field(default_factory=list)
    inner: list[Link] = field(default_factory=list)

    @property
    def keys(self) -> frozenset[int]:
        """Primary keys of the parties that end."""
        return frozenset(party.pk for party in self.predecessors)

    @property
    def undecided(self) -> bool:
        """Whether somebody has to say who heads the party that comes of it."""
        return self.head is None and len(self.heads) > 1

    @property
    def deputies(self) -> list[Membership]:
        """Deputies that go on: those of the head who goes on; the others end with their head's place."""
        led = {held.party_id for held in self.holdings.memberships if self._heads(held)}
        return [held for held in self.holdings.memberships if held.capacity == Capacity.DEPUTY and held.party_id in led]

    def _heads(self, held: Membership) -> bool:
        return held.capacity == Capacity.HEAD and self.head is not None and held.person_id == self.head.pk


@dataclass(frozen=True, slots=True)
class Before:
    """What a link goes on from. ``links`` handed over the same before the parties were merged or split."""

    successions: list[PartySuccession]
    links: list[Link]


def holdings(*, viewer: Actor, at: datetime, parties: Collection[Party], on: date) -> Holdings:
    """All that hangs on ``parties`` beyond the day ``on``. Raises :class:`NotFound` for parties out of sight."""
    keys = {party.pk for party in parties}
    sight = policy.sight_of(viewer, day_of(at))
    if Party.objects.filter(sight.parties, pk__in=keys).count() != len(keys):
        raise NotFound
    beyond, either = policy.beyond(on), Q(supplier__in=keys) | Q(customer__in=keys)
    ids = [party.public_id for party in parties]
    held = external_keys(viewer=viewer, kind=Party.kind, object_ids=ids)
    return Holdings(
        links=list(
            Link.objects.filter(beyond, either)
            .select_related("supplier", "customer", "output", "need", "project")
            .order_by("began_on", "number")
        ),
        memberships=list(
            Membership.objects.filter(beyond, party__in=keys).select_related("party", "person").order_by("pk")
        ),
        responsibilities=list(
            Responsibility.objects.filter(beyond, party__in=keys).select_related("party", "output").order_by("pk")
        ),
        children=list(
            Party.objects.filter(parent__in=keys, ended_on__isnull=True).exclude(pk__in=keys).order_by(by_name())
        ),
        needs=list(OutsideNeed.objects.filter(beyond, holder__in=keys).order_by("number")),
        projects=list(Project.objects.filter(beyond, owner__in=keys).order_by("number")),
        keys=[key for public_id in ids for key in held.get(public_id, [])],
    )


def merge_plan(
    *, viewer: Actor, at: datetime, parties: Sequence[Party], into: Party | None, on: date, head: Person | None = None
) -> MergePlan:
    """What a merge of ``parties`` into ``into`` (None: a new party) on the day ``on`` will do. Refuses nothing."""
    ending = [party for party in dict.fromkeys(parties) if into is None or party.pk != into.pk]
    held = holdings(viewer=viewer, at=at, parties=ending, on=on)
    kept = holdings(viewer=viewer, at=at, parties=[into] if into is not None else [], on=on)
    staying = next((one.person for one in kept.memberships if _leads(one, on)), None)
    heads = [one.person for one in held.memberships if _leads(one, on)] if staying is None else [staying]
    heads = list({person.pk: person for person in heads}.values())
    chosen = next((person for person in heads if head is not None and person.pk == head.pk), None)
    plan = MergePlan(
        predecessors=ending,
        into=into,
        parent=_parent(ending) if into is None else into.parent,
        holdings=held,
        kept=kept,
        heads=heads,
        head=heads[0] if len(heads) == 1 else chosen,
    )
    _sort_links(plan)
    return plan


def may_merge_some(*, viewer: Actor, at: datetime, party: Party) -> list[Party]:
    """The parties with which the viewer may merge ``party``: live ones in sight that he may end, of the same side."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    seen = Party.objects.filter(sight.parties, policy.in_force(day), ended_on__isnull=True)
    outside = party.party_kind in OUTSIDE
    found = seen.exclude(pk=party.pk).exclude(party_kind=PartyKind.PERSON).select_related("parent").order_by(by_name())
    return [
        other
        for other in found
        if (other.party_kind in OUTSIDE) is outside and policy.may_edit_party(sight.standing, other)
    ]


def before_link(*, viewer: Actor, at: datetime, link: Link) -> Before:
    """The successions of the two parties of a link, and the links in sight that it goes on from. Two queries, one where
    neither party came of another one."""
    ends = (link.supplier_id, link.customer_id)
    found = sorted(_came_of(frozenset(ends)), key=lambda one: one.on_day, reverse=True)
    if not found:
        return Before([], [])
    sides = {key: {key, *(one.predecessor_id for one in found if one.successor_id == key)} for key in ends}
    same = Link.objects.filter(
        policy.sight_of(viewer, day_of(at)).links,
        supplier__in=sides[link.supplier_id], customer__in=sides[link.customer_id], output=link.output_id,
        ended_on__in={one.on_day for one in found},
    ).exclude(pk=link.pk)  # fmt: skip
    return Before(found, list(same.select_related("supplier", "customer", "output").order_by("number")))


def link_with_sides(public_id: str) -> Link | None:
    """A link with its two parties, whoever looks: for what the room itself has to know. One query, once a request."""
    rows = Link.objects.filter(public_id=public_id).select_related("supplier", "customer")
    return once(("chain.link_with_sides", public_id), rows.first)


def pairs_before(*, viewer: Actor, public_id: str) -> list[Earlier]:
    """As what the pair of a link was measured before its parties were merged or split, the oldest first: the pairs of
    their predecessors, over any number of generations. The caller has found that the viewer may see the link; its page
    names the predecessors. One query, and one for each generation."""
    demand(is_signed_in(viewer))
    link = link_with_sides(public_id)
    if link is None:
        return []
    before = _generations({link.supplier_id, link.customer_id})
    if not before:
        return []
    found = {}
    for supplier, one in _line(link.supplier, before):
        for customer, other in _line(link.customer, before):
            ends = [end for end in (one, other) if end is not None]
            if ends:
                last = min(ends, key=lambda end: end.on_day)
                found[f"{supplier.public_id}>{customer.public_id}"] = (last.on_day, _in_words(supplier, customer, last))
    return [Earlier(key, day, name) for key, (day, name) in sorted(found.items(), key=lambda pair: pair[1])]


def _came_of(parties: frozenset[int]) -> list[PartySuccession]:
    """What these parties took over from; read once for all parts of a page."""
    rows = PartySuccession.objects.filter(successor__in=parties).select_related("predecessor", "successor")
    return once(("chain.came_of", parties), lambda: list(rows.order_by("pk")))


def _generations(parties: set[int]) -> dict[int, list[PartySuccession]]:
    """By successor: what ``parties`` came of, and what those came of in turn."""
    before: dict[int, list[PartySuccession]] = {}
    asked = set(parties)
    while asked:
        new = set()
        for one in _came_of(frozenset(asked)):
            before.setdefault(one.successor_id, []).append(one)
            new.add(one.predecessor_id)
        asked = new - parties
        parties = parties | new
    return before


def _line(party: Party, before: dict[int, list[PartySuccession]]) -> Iterator[tuple[Party, PartySuccession | None]]:
    """The party and all that it came of, each with the succession in which that one ended."""
    yield party, None
    waiting, seen = [party.pk], {party.pk}
    while waiting:
        for one in before.get(waiting.pop(), ()):
            if one.predecessor_id not in seen:
                seen.add(one.predecessor_id)
                waiting.append(one.predecessor_id)
                yield one.predecessor, one


def _in_words(supplier: Party, customer: Party, last: PartySuccession) -> str:
    words = {
        Succession.MERGE: gettext("{supplier} → {customer}, before the merge on {day}"),
        Succession.SPLIT: gettext("{supplier} → {customer}, before the split on {day}; not divided"),
    }
    return words[Succession(last.how)].format(supplier=supplier, customer=customer, day=formats.day(last.on_day))


def _leads(held: Membership, on: date) -> bool:
    return held.capacity == Capacity.HEAD and held.began_on <= on


def _parent(ending: Sequence[Party]) -> Party | None:
    """Where a new party stands: under the nearest party above the first one that does not end with it."""
    keys, parent = {party.pk for party in ending}, ending[0].parent
    while parent is not None and parent.pk in keys:
        parent = parent.parent
    return parent


def _sort_links(plan: MergePlan) -> None:
    successor = plan.into.pk if plan.into is not None else 0
    standing: dict[tuple[int, int, int], list[Link]] = {}
    for link in plan.kept.links:
        standing.setdefault((link.supplier_id, link.customer_id, link.output_id), []).append(link)
    for link in plan.holdings.links:
        supplier, customer = (successor if key in plan.keys else key for key in (link.supplier_id, link.customer_id))
        same = standing.setdefault((supplier, customer, link.output_id), [])
        other = next((one for one in same if one.pk != link.pk and _covers(one, link)), None)
        if supplier == customer:
            plan.inner.append(link)
        elif other is not None:
            plan.folded.append((link, other))
        else:
            plan.moved.append(link)
            same.append(link)


def _covers(one: Link, other: Link) -> bool:
    """Whether ``one`` goes on at least as long as ``other``."""
    return one.ended_on is None or (other.ended_on is not None and other.ended_on <= one.ended_on)
