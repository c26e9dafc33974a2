"""From a link forward to what somebody outside needs, and from a need back to all that serves it.

A link serves a need when it names it, or when the chain leads on from it to a link that names it: the customer of one
link is the supplier of the next. A walk ends with an outside customer; what he hands on himself begins another chain.
Cycles are legal: a party is walked through once. Of several ways to the same need the shortest is shown.

The walk itself stands in :mod:`baton.chain.queries.graph`, the links that it goes along in
:mod:`baton.chain.queries.chains`; one query reads the links that are shown, with all that they name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from baton.chain import policy
from baton.chain.models import Link, OutsideNeed
from baton.chain.queries.chains import Chain, PartyFact, chain_in_sight
from baton.chain.queries.graph import Edge, Walk

MOST_SERVING = 200
"""Most links shown that serve a need, the nearest first."""
MOST_TRACES = 20
"""Most needs shown that something serves, the nearest first."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A need and the way to it: the parties from the first supplier to the customer of the link that names the need."""

    need: OutsideNeed
    parties: list[PartyFact]


def walk_in_sight(sight: policy.Sight, day: date) -> Walk:
    """The live links in sight; a need that is not in force on ``day`` is none."""
    return chain_in_sight(sight, day).walk


def links_with_names(links: Iterable[int]) -> dict[int, Link]:
    """Links by primary key, with all that they name. One query, none for no links."""
    wanted = set(links)
    with_them = Link.objects.select_related("supplier", "customer", "output", "need__holder")
    return with_them.in_bulk(wanted) if wanted else {}


def nearest(paths: Mapping[int, list[Edge]]) -> dict[int, list[Edge]]:
    """The paths that are shown, of those that a walk has found: at most :data:`MOST_TRACES`."""
    return dict(islice(paths.items(), MOST_TRACES))


def traces_of(chain: Chain, paths: Mapping[int, Sequence[Edge]]) -> list[Trace]:
    """The ``paths`` to needs (primary keys) in words. One query, none for no paths."""
    needs = OutsideNeed.objects.select_related("holder").in_bulk(paths) if paths else {}
    return [
        Trace(needs[need], [chain.parties[party] for party in (path[0].supplier, *(edge.customer for edge in path))])
        for need, path in paths.items()
    ]


def outputs_that_serve(walk: Walk) -> set[int]:
    """Primary keys of the outputs of which at least one link serves a need."""
    return {walk.edges[link].output for link in walk.serving_any()}


@dataclass(frozen=True, slots=True)
class Serving:
    """All that serves a need: links with the number of links up to the need, nearest first, at most
    :data:`MOST_SERVING`; and how many links serve it, parties hand over on them, and outputs are handed over."""

    links: list[tuple[int, Link]]
    all_links: int
    parties: int
    outputs: int


def serving(walk: Walk, need: OutsideNeed) -> Serving:
    """All in sight that serves ``need``. One query."""
    steps = walk.serving([need.pk])
    edges = [edge for edge in walk.edges.values() if edge.link in steps]
    near = sorted(edges, key=lambda edge: steps[edge.link])[:MOST_SERVING]
    named = links_with_names(edge.link for edge in near)
    return Serving(
        [(steps[edge.link], named[edge.link]) for edge in near],
        len(edges),
        len({edge.supplier for edge in edges}),
        len({edge.output for edge in edges}),
    )
