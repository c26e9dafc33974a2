"""Walks through a directed graph whose nodes are primary keys of parties: ``edges`` maps a node to its customers.

Everything here is linear in nodes and edges, so that it holds for chains of many thousand links.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

Edges = Mapping[int, Collection[int]]


def customers_of(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """(supplier, customer) pairs as a graph."""
    edges: dict[int, set[int]] = {}
    for supplier, customer in pairs:
        edges.setdefault(supplier, set()).add(customer)
    return edges


def reached(edges: Edges, starts: Iterable[int]) -> set[int]:
    """``starts`` and everything that can be reached from them."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for following in edges.get(waiting.pop(), ()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return found


def shortest(edges: Edges, start: int, ends: Collection[int]) -> list[int]:
    """A shortest way from ``start`` to the nearest of ``ends``, both included; empty where there is none."""
    came_from: dict[int, int] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for following in sorted(edges.get(here, ())):
            if following in came_from or following == start:
                continue
            came_from[following] = here
            if following in ends:
                return _way(came_from, start, following)
            waiting.append(following)
    return []


def _way(came_from: Mapping[int, int], start: int, end: int) -> list[int]:
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


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
    (Yen 1971, for steps of equal length)."""
    first = shortest(edges, start, ends)
    found: list[list[int]] = [first] if first else []
    others: set[tuple[int, ...]] = set()
    while found and len(found) < most:
        last = found[-1]
        for place in range(len(last) - 1):
            root = last[: place + 1]
            taken = {way[place + 1] for way in found if way[: place + 1] == root}
            rest = shortest(_without(edges, root, taken), root[-1], ends)
            if rest:
                others.add((*root[:-1], *rest))
        others -= {tuple(way) for way in found}
        if not others:
            break
        best = min(others, key=lambda way: (len(way), way))
        found.append(list(best))
    return found


class _Without(dict[int, Collection[int]]):
    """``edges`` without the parties already passed, and without some first steps from the last of them."""

    def __init__(self, edges: Edges, passed: Collection[int], here: int, taken: Collection[int]) -> None:
        super().__init__()
        self.edges, self.passed, self.here, self.taken = edges, frozenset(passed), here, frozenset(taken)

    def get(self, node: int, default: Any = ()) -> Any:
        left_out = self.passed | self.taken if node == self.here else self.passed
        return [following for following in self.edges.get(node, default) if following not in left_out]


def _without(edges: Edges, root: list[int], taken: Collection[int]) -> Edges:
    return _Without(edges, root[:-1], root[-1], taken)
