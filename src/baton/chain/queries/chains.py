"""The chain of a day in memory: its parties and links, a few values of each.

Maps, matrices, ways and gaps look at thousands of links at once; a model for each would cost more than all the rest of
the page. The whole chain is kept in this process as long as no record of it changes (:mod:`baton.core.versions`); what
of it a viewer sees is asked of the database each time, so that who may see what is said in the policy alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import get_language

from baton.chain import policy
from baton.chain.models import Link, Output, OutsideNeed, Party
from baton.chain.queries.graph import Edge, Walk
from baton.chain.rules import OUTSIDE_CUSTOMERS, Criticality, PartyKind, State, criticality, criticality_score, state_on
from baton.core.once import once
from baton.core.texts import Texts, say
from baton.core.versions import Memory, Version, version_of

_KINDS = {kind.value: kind for kind in PartyKind}


class PartyFact(NamedTuple):
    """A live party."""

    pk: int
    public_id: str
    number: str
    name: Texts
    sort_keys: Texts
    party_kind: PartyKind
    path: str

    def __str__(self) -> str:
        return say(self.name) or self.number

    @property
    def above(self) -> list[str]:
        """Public ids from the top down to the party itself."""
        return self.path.strip("/").split("/")


class LinkFact(NamedTuple):
    """A live link; supplier, customer, output and need are primary keys."""

    pk: int
    public_id: str
    supplier: int
    customer: int
    output: int
    need: int | None
    number: str
    sourcing: str
    spend: int | None
    irreplaceability: int | None
    impact: int | None

    @property
    def criticality(self) -> Criticality | None:
        """How much hangs on it; None until all three grades are given."""
        if self.spend is None:
            return None
        return criticality(
            criticality_score(spend=self.spend, irreplaceability=self.irreplaceability, impact=self.impact)
        )


class OutputFact(NamedTuple):
    """An output, live or not."""

    pk: int
    public_id: str
    number: str
    name: Texts
    live: bool

    def __str__(self) -> str:
        return say(self.name) or self.number


class NamedLink(NamedTuple):
    """A live link with all that it names."""

    public_id: str
    number: str
    supplier: PartyFact
    customer: PartyFact
    output: OutputFact


class Listed(list[PartyFact]):
    """Parties in the order of a language. ``kept`` holds what is made of all of them in that language, by name."""

    def __init__(self, parties: Iterable[PartyFact]) -> None:
        super().__init__(parties)
        self.kept: dict[str, Any] = {}


@dataclass(frozen=True)
class Chain:
    """Live parties and links by primary key, links in the order of their numbers; every link has both its ends among
    the parties. ``outputs`` are all that there are, ``needs`` those in force."""

    day: date
    parties: Mapping[int, PartyFact]
    links: Mapping[int, LinkFact]
    outputs: Mapping[int, OutputFact]
    needs: frozenset[int]

    @cached_property
    def walk(self) -> Walk:
        """The chain as it is walked along; a need that is not in force is none."""
        edges = [
            Edge(link.pk, link.supplier, link.customer, link.output, link.need if link.need in self.needs else None)
            for link in self.links.values()
        ]
        return Walk(edges, {pk for pk, party in self.parties.items() if party.party_kind in OUTSIDE_CUSTOMERS})

    def named(self, link: int) -> NamedLink:
        """A link in words, by its primary key."""
        fact = self.links[link]
        supplier, customer = self.parties[fact.supplier], self.parties[fact.customer]
        return NamedLink(fact.public_id, fact.number, supplier, customer, self.outputs[fact.output])

    @cached_property
    def _in_order(self) -> dict[str, Listed]:
        return {}

    def by_name(self) -> Listed:
        """The parties as the reader expects them to be sorted."""
        language = get_language() or "en"
        if language not in self._in_order:
            listed = sorted(self.parties.values(), key=lambda party: (party.sort_keys.get(language, ""), party.pk))
            self._in_order[language] = Listed(listed)
        return self._in_order[language]


_WHOLE: Memory[Chain] = Memory(most=2)
_PARTS: Memory[Chain] = Memory(most=50)
"""What of it single viewers see."""


def chain_version() -> Version:
    """Equal as long as no party, link, output or need changes. Two queries, once a request."""
    models = ("chain.Party", "chain.Link", "chain.Output", "chain.OutsideNeed")
    return once("chain.version", lambda: version_of(*models))


def whole_chain(day: date) -> Chain:
    """The chain of everybody, for those who may know all of it and for what is shown to others part by part only."""
    return _WHOLE.get((chain_version(), day), lambda: _read(day, Q(), Q()))


def chain_in_sight(sight: policy.Sight, day: date) -> Chain:
    """The live parties and links in sight. At most eight queries, two while nothing has changed."""
    return once(("chain.in_sight", sight.standing.actor, day), lambda: _in_sight(sight, day))


def _in_sight(sight: policy.Sight, day: date) -> Chain:
    if sight.parties == Q() and sight.links == Q():
        return whole_chain(day)
    if sight.key is None:
        return _part(sight, day)
    return _PARTS.get((chain_version(), sight.key, day), lambda: _part(sight, day))


def _part(sight: policy.Sight, day: date) -> Chain:
    whole = _WHOLE.peek((chain_version(), day))
    if whole is None:
        return _read(day, sight.parties, sight.links)
    parties = _known(whole.parties, _live(Party.objects, sight.parties, day))
    links = _known(whole.links, _live(Link.objects, sight.links, day).order_by("number"))
    between = {pk: link for pk, link in links.items() if link.supplier in parties and link.customer in parties}
    if len(parties) == len(whole.parties) and len(between) == len(whole.links):
        return whole
    return Chain(day, parties, between, whole.outputs, whole.needs)


def _live(rows: Any, seen: Q, day: date) -> Any:
    return rows.filter(seen, policy.in_force(day))


def _known(whole: Mapping[int, Any], rows: Any) -> dict[int, Any]:
    return {pk: whole[pk] for pk in rows.values_list("pk", flat=True) if pk in whole}


def _read(day: date, parties_seen: Q, links_seen: Q) -> Chain:
    """Four queries."""
    parties = {
        pk: PartyFact(pk, public_id, number, name, sort_keys, _KINDS[kind], path)
        for pk, public_id, number, name, sort_keys, kind, path in _live(Party.objects, parties_seen, day).values_list(
            "pk", "public_id", "number", "name", "sort_keys", "party_kind", "path"
        )
    }
    links = _links(_live(Link.objects, links_seen, day).order_by("number").values_list(
        "pk", "public_id", "supplier_id", "customer_id", "output_id", "need_id", "number", "sourcing", "spend",
        "irreplaceability", "impact",
    ))  # fmt: skip
    outputs = {
        row[0]: OutputFact(*row[:4], live=state_on(day, *row[4:]) is State.LIVE)
        for row in Output.objects.values_list("pk", "public_id", "number", "name", "began_on", "ended_on")
    }
    return Chain(
        day=day,
        parties=parties,
        links={link.pk: link for link in links if link.supplier in parties and link.customer in parties},
        outputs=outputs,
        needs=frozenset(OutsideNeed.objects.filter(policy.in_force(day)).values_list("pk", flat=True)),
    )


def _links(rows: Iterable[tuple[Any, ...]]) -> list[LinkFact]:
    return [LinkFact._make(row) for row in rows]
