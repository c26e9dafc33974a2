"""From a link forward to what somebody outside needs, and from a need back to all that serves it.

A link serves a need when it names it, or when the chain leads on from it to a link that names it: the customer of one
link is the supplier of the next. A walk ends with an outside customer; what he hands on himself begins another chain.
Cycles are legal: a party is walked through once. Of several ways to the same need the shortest is shown.

The chain is walked in memory: one query reads the live links in sight as five numbers each, whatever the size of the
chain, and one reads the links that are shown, with all that they name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from baton.chain import policy
from baton.chain.models import Link, Output, OutsideNeed, Party
from baton.chain.rules import OUTSIDE_CUSTOMERS, State, state_on


@dataclass(frozen=True, slots=True)
class Edge:
    """A live link as the walk needs it; all are primary keys."""

    link: int
    supplier: int
    customer: int
    output: int
    need: int | None = None


class Walk:
    """The chain as a graph: parties are joined by links. ``ends`` are the parties beyond whom no walk leads."""

    def __init__(self, edges: Iterable[Edge], ends: Collection[int] = ()) -> None:
        self.edges = {edge.link: edge for edge in edges}
        self.ends = frozenset(ends)
        self.leaving: dict[int, list[Edge]] = {}
        self.arriving: dict[int, list[Edge]] = {}
        for edge in self.edges.values():
            self.leaving.setdefault(edge.supplier, []).append(edge)
            self.arriving.setdefault(edge.customer, []).append(edge)

    def paths_to_needs(self, begin: Iterable[int]) -> dict[int, list[Edge]]:
        """The needs that the links ``begin`` serve, nearest first, each with the shortest way to it: the links from one
        of ``begin`` to the one that names the need. Links that are not in the graph are left out."""
        first = [self.edges[link] for link in begin if link in self.edges]
        came_from: dict[int, Edge | None] = {edge.link: None for edge in first}
        reached: set[int] = set()
        found: dict[int, Edge] = {}
        while first:
            following = []
            for edge in first:
                if edge.need is not None:
                    found.setdefault(edge.need, edge)
                if edge.customer in reached or edge.customer in self.ends:
                    continue
                reached.add(edge.customer)
                for onward in self.leaving.get(edge.customer, ()):
                    if onward.link not in came_from:
                        came_from[onward.link] = edge
                        following.append(onward)
            first = following
        return {need: list(reversed(list(_back(edge, came_from)))) for need, edge in found.items()}

    def serving(self, needs: Collection[int]) -> dict[int, int]:
        """Links that serve one of ``needs``, with the number of links up to the one that names it, which counts 1."""
        wanted = frozenset(needs)
        near = [edge for edge in self.edges.values() if edge.need in wanted]
        steps = {edge.link: 1 for edge in near}
        reached: set[int] = set()
        step = 1
        while near:
            step += 1
            following = []
            for edge in near:
                if edge.supplier in reached or edge.supplier in self.ends:
                    continue
                reached.add(edge.supplier)
                for before in self.arriving.get(edge.supplier, ()):
                    if before.link not in steps:
                        steps[before.link] = step
                        following.append(before)
            near = following
        return steps

    def serving_any(self) -> dict[int, int]:
        """As :meth:`serving`, for all needs that a link names."""
        return self.serving({edge.need for edge in self.edges.values() if edge.need is not None})


def _back(edge: Edge, came_from: dict[int, Edge | None]) -> Iterator[Edge]:
    here: Edge | None = edge
    while here is not None:
        yield here
        here = came_from[here.link]


@dataclass(frozen=True, slots=True)
class Trace:
    """A need and the way to it: the links from the first one to the one that names the need."""

    need: OutsideNeed
    links: list[Link]

    @property
    def parties(self) -> list[Party]:
        """From the first supplier to the last customer, one more than links."""
        return [self.links[0].supplier, *(link.customer for link in self.links)]


def walk_in_sight(sight: policy.Sight, day: date) -> Walk:
    """The live links in sight; a need that is not in force on ``day`` is none. One query."""
    rows = Link.objects.filter(sight.links, policy.in_force(day)).values_list(
        "pk", "supplier_id", "customer_id", "output_id", "need_id", "need__began_on", "need__ended_on",
        "customer__party_kind",
    )  # fmt: skip
    edges, ends = [], set()
    for link, supplier, customer, output, need, began_on, ended_on, kind in rows:
        held = need is not None and state_on(day, began_on, ended_on) is State.LIVE
        edges.append(Edge(link, supplier, customer, output, need if held else None))
        if kind in OUTSIDE_CUSTOMERS:
            ends.add(customer)
    return Walk(edges, ends)


def links_with_names(links: Iterable[int]) -> dict[int, Link]:
    """Links by primary key, with all that they name. One query, none for no links."""
    wanted = set(links)
    with_them = Link.objects.select_related("supplier", "customer", "output", "need__holder")
    return with_them.in_bulk(wanted) if wanted else {}


def traces(walk: Walk, begin: Iterable[int]) -> list[Trace]:
    """What the links ``begin`` serve, in words. One query."""
    paths = walk.paths_to_needs(begin)
    return traces_of(paths, links_with_names(edge.link for path in paths.values() for edge in path))


def traces_of(paths: Mapping[int, Sequence[Edge]], links: Mapping[int, Link]) -> list[Trace]:
    """The ``paths`` to needs in words; ``links`` holds all links on them."""
    found = []
    for path in paths.values():
        way = [links[edge.link] for edge in path]
        if (need := way[-1].need) is not None:
            found.append(Trace(need, way))
    return found


def outputs_that_serve(walk: Walk) -> set[int]:
    """Primary keys of the outputs of which at least one link serves a need."""
    return {walk.edges[link].output for link in walk.serving_any()}


@dataclass(frozen=True, slots=True)
class Serving:
    """All that serves a need: links with the number of links up to the need, nearest first, and what they hand over."""

    links: list[tuple[int, Link]]
    parties: list[Party]
    outputs: list[Output]


def serving(walk: Walk, need: OutsideNeed) -> Serving:
    """All in sight that serves ``need``. One query."""
    steps = walk.serving([need.pk])
    found = links_with_names(steps)
    links = sorted(((steps[pk], link) for pk, link in found.items()), key=lambda row: (row[0], row[1].number))
    return Serving(
        links,
        list({link.supplier_id: link.supplier for _step, link in links}.values()),
        list({link.output_id: link.output for _step, link in links}.values()),
    )
