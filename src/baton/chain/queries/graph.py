"""Walks along the chain. Its nodes are parties (primary keys); a node's neighbours are its customers, or, looking back,
its suppliers.

All of them go by one walk, :func:`walk`, which is linear in nodes and edges, so that it holds for chains of many
thousand links. :class:`Walk` is the chain with its links, from which it follows what a link serves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from heapq import heappop, heappush
from typing import NamedTuple

Edges = Mapping[int, Collection[int]]


def customers_of(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """(supplier, customer) pairs as a graph."""
    edges: dict[int, set[int]] = {}
    for supplier, customer in pairs:
        edges.setdefault(supplier, set()).add(customer)
    return edges


def suppliers_of(edges: Edges) -> dict[int, set[int]]:
    """The graph with every line turned round."""
    return customers_of((customer, supplier) for supplier, customers in edges.items() for customer in customers)


class Step(NamedTuple):
    """A node that a walk has reached: from which one (None: it began there), and after how many lines."""

    node: int
    before: int | None
    steps: int


def walk(
    following: Callable[[int], Iterable[int]], starts: Iterable[int], ends: Collection[int] = ()
) -> Iterator[Step]:
    """Everything that can be reached from ``starts``, the nearest first, each node once; nothing beyond ``ends``."""
    waiting = deque(Step(node, None, 0) for node in dict.fromkeys(starts))
    found = {step.node for step in waiting}
    while waiting:
        here = waiting.popleft()
        yield here
        if here.node in ends:
            continue
        for other in following(here.node):
            if other not in found:
                found.add(other)
                waiting.append(Step(other, here.node, here.steps + 1))


def reached(edges: Edges, starts: Iterable[int]) -> set[int]:
    """``starts`` and everything that can be reached from them."""
    return {step.node for step in walk(_along(edges), starts)}


def shortest(edges: Edges, start: int, ends: Collection[int]) -> list[int]:
    """A shortest way of at least one line from ``start`` to the nearest of ``ends``, both included; empty where there
    is none. Of several the one that comes first by its nodes."""
    came_from: dict[int, int] = {}
    for step in walk(lambda node: sorted(edges.get(node, ())), sorted(edges.get(start, ()))):
        came_from[step.node] = start if step.before is None else step.before
        if step.node in ends:
            return _way(came_from, start, step.node)
    return []


def _along(edges: Edges) -> Callable[[int], Collection[int]]:
    return lambda node: edges.get(node, ())


def _way(came_from: Mapping[int, int], start: int, end: int) -> list[int]:
    way = [end]
    while (before := came_from[way[-1]]) != start:
        way.append(before)
    return [start, *way[::-1]]


def strong_components(edges: Edges) -> Iterator[list[int]]:
    """Sets of nodes of which each reaches each other (Tarjan 1972, without recursion)."""
    place: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in edges:
        if root in place:
            continue
        path = [(root, iter(edges.get(root, ())))]
        while path:
            node, following = path[-1]
            if node not in place:
                place[node] = low[node] = len(place)
                stack.append(node)
                on_stack.add(node)
            for other in following:
                if other not in place:
                    path.append((other, iter(edges.get(other, ()))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], place[other])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == place[node]:
                    cut = _last(stack, node)
                    found = stack[cut:]
                    del stack[cut:]
                    on_stack.difference_update(found)
                    yield found


def _last(stack: list[int], node: int) -> int:
    at = len(stack) - 1
    while stack[at] != node:
        at -= 1
    return at


def circle(edges: Edges, component: Collection[int]) -> list[int]:
    """A circle of three or more nodes of a strong component, its first node not repeated; empty where there is none:
    parties that only work to and fro with each other are no circle.

    With a line in one direction only there is one: a way back from its end cannot be that line turned round. Where all
    lines go both ways there is one exactly if they are more than a tree has.
    """
    inside = frozenset(component)
    within = {node: {other for other in edges.get(node, ()) if other in inside} for node in sorted(inside)}
    for node, following in within.items():
        for other in sorted(following):
            if node not in within[other]:
                return [node, *shortest(within, other, {node})[:-1]]
    return _undirected_circle(within)


def _undirected_circle(within: Edges) -> list[int]:
    start = next(iter(within))
    came_from = {start: start}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for other in sorted(within[here]):
            if other not in came_from:
                came_from[other] = here
                waiting.append(other)
            elif came_from[here] != other and came_from[other] != here:
                return _joined(came_from, here, other)
    return []


def _joined(came_from: Mapping[int, int], one: int, other: int) -> list[int]:
    """The circle that the line between ``one`` and ``other`` closes in the tree ``came_from``."""

    def to_root(node: int) -> list[int]:
        way = [node]
        while came_from[way[-1]] != way[-1]:
            way.append(came_from[way[-1]])
        return way

    left, right = to_root(one), to_root(other)
    while len(left) > 1 and len(right) > 1 and left[-2] == right[-2]:
        left.pop()
        right.pop()
    return left + right[:-1][::-1]


def ways(edges: Edges, start: int, ends: Collection[int], most: int) -> list[list[int]]:
    """Up to ``most`` ways from ``start`` to any of ``ends``, the shortest first, none of which passes a party twice
    (Yen 1971, for steps of equal length). Of ways of one length those come first that do so by their nodes."""
    left = {step.node: step.steps for step in walk(_along(suppliers_of(edges)), sorted(ends))}
    first = _nearest(edges, left, [start], frozenset())
    found: list[list[int]] = [first] if first else []
    others: set[tuple[int, ...]] = set()
    while found and len(found) < most:
        last = found[-1]
        for place in range(len(last) - 1):
            root = last[: place + 1]
            taken = frozenset(way[place + 1] for way in found if way[: place + 1] == root)
            if rest := _nearest(edges, left, root, taken):
                others.add(tuple(rest))
        others -= {tuple(way) for way in found}
        if not others:
            break
        best = min(others, key=lambda way: (len(way), way))
        found.append(list(best))
    return found


def _nearest(edges: Edges, left: Mapping[int, int], root: list[int], taken: Collection[int]) -> list[int]:
    """The shortest way that begins with ``root`` and does not go on with one of ``taken``; empty where there is none.

    ``left`` says how many lines are left from each node to the nearest end at least, so that the search goes straight
    there (A*; Hart, Nilsson and Raphael 1968). A node that is an end has 0.
    """
    passed = frozenset(root[:-1])
    done: set[int] = set()
    waiting = [(left.get(root[-1], 0), tuple(root))]
    while waiting:
        _length, way = heappop(waiting)
        here = way[-1]
        if len(way) > len(root) and left[here] == 0:
            return list(way)
        if here in done:
            continue
        done.add(here)
        for other in edges.get(here, ()):
            free = other in left and other not in done and other not in passed
            if free and (len(way) > len(root) or other not in taken):
                heappush(waiting, (len(way) + left[other], (*way, other)))
    return []


class Edge(NamedTuple):
    """A live link as a walk needs it; all are primary keys."""

    link: int
    supplier: int
    customer: int
    output: int
    need: int | None = None


class Walk:
    """The chain with its links. ``ends`` are the parties beyond whom no walk leads.

    A link serves a need when it names it, or when the chain leads on from it to a link that names it.
    """

    def __init__(self, edges: Iterable[Edge], ends: Collection[int] = ()) -> None:
        self.edges = {edge.link: edge for edge in edges}
        self.ends = frozenset(ends)

    @cached_property
    def leaving(self) -> dict[int, list[Edge]]:
        """Links by supplier."""
        found: dict[int, list[Edge]] = {}
        for edge in self.edges.values():
            found.setdefault(edge.supplier, []).append(edge)
        return found

    @cached_property
    def arriving(self) -> dict[int, list[Edge]]:
        """Links by customer."""
        found: dict[int, list[Edge]] = {}
        for edge in self.edges.values():
            found.setdefault(edge.customer, []).append(edge)
        return found

    def paths_to_needs(self, begin: Iterable[int]) -> dict[int, list[Edge]]:
        """The needs that the links ``begin`` serve, nearest first, each with the shortest way to it: the links from one
        of ``begin`` to the one that names the need. Links that are not in the graph are left out."""
        first = [self.edges[link] for link in begin if link in self.edges]
        found: dict[int, list[Edge]] = {}
        starts: dict[int, Edge] = {}
        for edge in first:
            starts.setdefault(edge.customer, edge)
            if edge.need is not None:
                found.setdefault(edge.need, [edge])
        came_from: dict[int, int | None] = {}
        for step in walk(self._customers, starts, self.ends):
            came_from[step.node] = step.before
            for edge in self._naming.get(step.node, ()) if step.node not in self.ends else ():
                if edge.need is not None and edge.need not in found:
                    found[edge.need] = [*self._way_to(step.node, starts, came_from), edge]
        return found

    @cached_property
    def _naming(self) -> dict[int, list[Edge]]:
        """Links that name a need, by supplier."""
        found: dict[int, list[Edge]] = {}
        for edge in self.edges.values():
            if edge.need is not None:
                found.setdefault(edge.supplier, []).append(edge)
        return found

    def _way_to(self, party: int, starts: Mapping[int, Edge], came_from: Mapping[int, int | None]) -> list[Edge]:
        """The links over which a walk came to ``party``: ``starts`` lead to where it began."""
        way = []
        while (before := came_from[party]) is not None:
            way.append(next(edge for edge in self.leaving[before] if edge.customer == party))
            party = before
        return [starts[party], *reversed(way)]

    def serving(self, needs: Collection[int]) -> dict[int, int]:
        """Links that serve one of ``needs``, with the number of links up to the one that names it, which counts 1."""
        wanted = frozenset(needs)
        near = [edge for edge in self.edges.values() if edge.need in wanted]
        steps = {edge.link: 1 for edge in near}
        for step in walk(self._suppliers, [edge.supplier for edge in near], self.ends):
            for before in self.arriving.get(step.node, ()) if step.node not in self.ends else ():
                steps.setdefault(before.link, step.steps + 2)
        return steps

    def serving_any(self) -> dict[int, int]:
        """As :meth:`serving`, for all needs that a link names."""
        return self.serving({edge.need for edge in self.edges.values() if edge.need is not None})

    def _customers(self, party: int) -> list[int]:
        return [edge.customer for edge in self.leaving.get(party, ())]

    def _suppliers(self, party: int) -> list[int]:
        return [edge.supplier for edge in self.arriving.get(party, ())]
