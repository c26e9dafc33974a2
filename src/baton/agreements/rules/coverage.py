"""How far a department's links are covered by agreed standards, and how that is counted. Pure Python.

A link counts for its supplier among the outgoing, for its customer among the incoming ones, and for all in which they
stand. It is covered while a version of its agreement is in force. Clauses are counted in the version in force; where
there is none, in the one on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from baton.agreements.rules.clauses import Aspect


class Stands(StrEnum):
    """How a clause is counted, each clause once.

    BINDING       stands in a version in force, whole, and is to be kept
    ON_TRIAL      stands in a version in force, whole, and is tried out
    EXAMPLE       stands in a version on its way and is a starting value that nobody has agreed to
    RED           lacks its measure, unit, target or source, in whichever version; it then binds nobody
    BEING_AGREED  stands in a version on its way and could be agreed
    """

    BINDING = "binding"
    ON_TRIAL = "on_trial"
    EXAMPLE = "example"
    RED = "red"
    BEING_AGREED = "being_agreed"


IN_FORCE = frozenset({Stands.BINDING, Stands.ON_TRIAL})
"""How the clauses of a version in force stand."""


class LinkState(StrEnum):
    """How far the agreement of a link has come.

    COVERED     a version is in force
    ON_ITS_WAY  none is in force, and one is being written, talked over or signed
    NOTHING     neither
    """

    COVERED = "covered"
    ON_ITS_WAY = "on_its_way"
    NOTHING = "nothing"


@dataclass(slots=True)
class LinkStandards:
    """What is agreed on one link: how many of its clauses stand how, and which aspects of quality its promises in force
    speak of."""

    state: LinkState = LinkState.NOTHING
    clauses: dict[Stands, int] = field(default_factory=dict)
    aspects: set[Aspect] = field(default_factory=set)


@dataclass(slots=True)
class Coverage:
    """Links counted together. ``aspects``: on how many of them a promise in force speaks of that aspect of quality."""

    links: int = 0
    covered: int = 0
    on_its_way: int = 0
    clauses: dict[Stands, int] = field(default_factory=dict)
    aspects: dict[Aspect, int] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """Covered links of all; None where there is no link."""
        return self.covered / self.links if self.links else None

    @property
    def without(self) -> int:
        """Links without an agreement in force."""
        return self.links - self.covered

    def of(self, stands: Stands) -> int:
        """How many clauses stand so."""
        return self.clauses.get(stands, 0)

    def share_of(self, aspect: Aspect) -> float | None:
        """Share of the links with a promise of this aspect; None where there is no link."""
        return self.aspects.get(aspect, 0) / self.links if self.links else None

    def count(self, link: LinkStandards) -> None:
        """Count one more link."""
        self.links += 1
        self.covered += link.state is LinkState.COVERED
        self.on_its_way += link.state is LinkState.ON_ITS_WAY
        for stands, number in link.clauses.items():
            self.clauses[stands] = self.clauses.get(stands, 0) + number
        for aspect in link.aspects:
            self.aspects[aspect] = self.aspects.get(aspect, 0) + 1

    def add(self, other: Coverage) -> None:
        """Count all links of ``other``, too."""
        self.links += other.links
        self.covered += other.covered
        self.on_its_way += other.on_its_way
        for stands, number in other.clauses.items():
            self.clauses[stands] = self.clauses.get(stands, 0) + number
        for aspect, number in other.aspects.items():
            self.aspects[aspect] = self.aspects.get(aspect, 0) + number


@dataclass(slots=True)
class BothSides:
    """The links of a party and of all that stands in it: ``outgoing`` as supplier, ``incoming`` as customer. A link
    between two of its parts is counted on both sides."""

    outgoing: Coverage = field(default_factory=Coverage)
    incoming: Coverage = field(default_factory=Coverage)


def counted(links: Iterable[tuple[int, int, int]], standards: Mapping[int, LinkStandards]) -> dict[int, BothSides]:
    """What is counted for each party itself. ``links`` are keys of link, supplier and customer."""
    found: dict[int, BothSides] = {}
    nothing = LinkStandards()
    for link, supplier, customer in links:
        said = standards.get(link, nothing)
        found.setdefault(supplier, BothSides()).outgoing.count(said)
        found.setdefault(customer, BothSides()).incoming.count(said)
    return found


def rolled_up(own: Mapping[int, BothSides], above: Mapping[int, Iterable[str]]) -> dict[str, BothSides]:
    """The same for each party with all that stands in it, by public id. ``above`` names for each party, by key, the
    public ids from the top down to itself."""
    found: dict[str, BothSides] = {}
    for party, both in own.items():
        for public_id in above.get(party, ()):
            total = found.setdefault(public_id, BothSides())
            total.outgoing.add(both.outgoing)
            total.incoming.add(both.incoming)
    return found


def total(own: Mapping[int, BothSides]) -> Coverage:
    """All links, each once."""
    found = Coverage()
    for both in own.values():
        found.add(both.outgoing)
    return found
