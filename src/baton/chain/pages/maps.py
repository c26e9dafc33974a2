"""The chain as the component ``chain_map`` draws it; large chains collapsed to levels of the tree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from baton.chain.models.parties import PARTY_KINDS
from baton.chain.queries import ChainMap
from baton.chain.queries.chains import PartyFact
from baton.chain.queries.maps import MapLink
from baton.chain.rules import MAP_PARTIES, TREE_DEPTH, PartyKind
from baton.core import formats
from baton.core.texts import say
from baton.monitoring.rules import Health

_ID = "0"
_WORST = (Health.SIGNAL, Health.UNKNOWN, Health.IN_CONTROL)


@dataclass(frozen=True, slots=True)
class MapFilters:
    """What of the chain is drawn: the parties of the subtree ``under`` (public id; empty: all) and who deals with them,
    ``level`` levels deep (0: as many as :data:`MAP_PARTIES` allow), what stands in the parties ``opened`` (public ids)
    and links of one ``criticality``."""

    under: str = ""
    level: int = 0
    opened: frozenset[str] = frozenset()
    criticality: str = ""


@dataclass(frozen=True, slots=True)
class Collapsed:
    """The parties that are drawn, by primary key, and where each party of the chain is drawn: as itself, or in the
    party that holds it. ``holds`` counts the parties within one that are not drawn themselves; ``left_out`` those for
    which there was no place at all."""

    nodes: Mapping[int, PartyFact]
    place: Mapping[int, int]
    holds: Mapping[int, int]
    left_out: int
    level: int


def graph(chain: ChainMap, filters: MapFilters | None = None) -> dict[str, Any]:
    """Nodes, and edges with what was handed over in the last quarter and how each link goes.

    A department without a head is marked as a gap; that says nothing of its links. Links of parties that are drawn in
    the party that holds them are one line each way; ``left_out`` parties and ``collapsed`` say what is not drawn.
    """
    filters = filters or MapFilters()
    wanted = filters.criticality
    links = [link for link in chain.links if link.criticality == wanted] if wanted else chain.links
    seen = collapse(chain.parties, links, filters)
    kinds = {kind.value: str(PARTY_KINDS[kind]) for kind in PartyKind}
    nodes = []
    for pk, party in seen.nodes.items():
        node = {
            "id": party.public_id,
            "label": str(party),
            "kind": kinds[party.party_kind],
            "shape": party.party_kind,
            "gap": pk in chain.headless,
        }
        if held := seen.holds.get(pk):
            node["label"] = gettext("{party} (+{n})").format(party=party, n=formats.number(held))
            node["href"] = f"?{query_of(filters, level=seen.level, opened=filters.opened | {party.public_id})}"
        nodes.append(node)
    return {
        "nodes": nodes,
        "edges": _edges(links, seen),
        "node_href": reverse("chain:party", args=[_ID]).replace(_ID, "{id}"),
        "edge_href": reverse("chain:link", args=[_ID]).replace(_ID, "{id}"),
        "table_href": reverse("chain:map_table"),
        "path_href": f"{reverse('chain:path')}?start=",
        "left_out": seen.left_out,
        "collapsed": sum(seen.holds.values()),
        "level": seen.level,
    }


def query_of(filters: MapFilters, *, level: int, opened: Iterable[str]) -> str:
    """The filters as an address's query, with the level that is shown and what is opened."""
    asked = [("under", filters.under), ("level", level or ""), ("criticality", filters.criticality)]
    return urlencode([*((name, value) for name, value in asked if value), *(("open", one) for one in sorted(opened))])


def collapse(parties: Sequence[PartyFact], links: Sequence[MapLink], filters: MapFilters) -> Collapsed:
    """Which parties are drawn. A chain of at most :data:`MAP_PARTIES` parties is drawn whole unless asked otherwise."""
    depth, upper = _tree(parties)
    root = next((party for party in parties if party.public_id == filters.under), None)
    if root is not None:
        inside = [party for party in parties if party.path.startswith(root.path)]
        depth = {**dict.fromkeys(depth, 0), **{party.pk: depth[party.pk] - depth[root.pk] + 1 for party in inside}}
        depth |= {party.pk: TREE_DEPTH + 1 for party in parties if depth[party.pk] == 0 and upper[party.pk] is not None}
    level = filters.level if 0 < filters.level <= TREE_DEPTH else _level_that_fits(depth)
    ids = {party.pk: party.public_id for party in parties}
    place: dict[int, int] = {}
    for party in sorted(parties, key=lambda one: len(one.path)):
        above = upper[party.pk]
        drawn = above is None or depth[party.pk] <= level or (place[above] == above and ids[above] in filters.opened)
        place[party.pk] = party.pk if drawn or above is None else place[above]
    if root is not None:
        near = _near(place, links, root)
        place = {pk: at for pk, at in place.items() if at in near}
    nodes = [party for party in parties if place.get(party.pk) == party.pk]
    kept, left_out = _most_linked(nodes, links, place)
    holds = Counter(at for pk, at in place.items() if pk != at and at in kept)
    return Collapsed({party.pk: party for party in nodes if party.pk in kept}, place, holds, left_out, level)


def _tree(parties: Sequence[PartyFact]) -> tuple[dict[int, int], dict[int, int | None]]:
    """Depth of each party among those in sight, from 1, and the nearest one in sight that it stands in."""
    known = {party.public_id: party.pk for party in parties}
    depth, upper = {}, {}
    for party in parties:
        above = [known[public_id] for public_id in party.path.strip("/").split("/")[:-1] if public_id in known]
        depth[party.pk], upper[party.pk] = len(above) + 1, above[-1] if above else None
    return depth, upper


def _level_that_fits(depth: Mapping[int, int]) -> int:
    counted = Counter(depth.values())
    level = max((one for one in counted if one <= TREE_DEPTH), default=1)
    while level > 1 and sum(n for one, n in counted.items() if one <= level) > MAP_PARTIES:
        level -= 1
    return level


def _near(place: Mapping[int, int], links: Iterable[MapLink], root: PartyFact) -> set[int]:
    """Where the parties of the subtree and those who deal with them are drawn."""
    inside = {pk for pk in place if pk == root.pk}
    near = {place[root.pk]} | inside
    for link in links:
        ends = link.supplier, link.customer
        if any(end.path.startswith(root.path) for end in ends):
            near |= {place[end.pk] for end in ends if end.pk in place}
    return near


def _most_linked(
    nodes: Sequence[PartyFact], links: Iterable[MapLink], place: Mapping[int, int]
) -> tuple[set[int], int]:
    keys = [party.pk for party in nodes]
    if len(keys) <= MAP_PARTIES:
        return set(keys), 0
    counted = Counter(place[end] for link in links for end in (link.supplier.pk, link.customer.pk) if end in place)
    kept = sorted(keys, key=lambda pk: -counted[pk])[:MAP_PARTIES]
    return set(kept), len(keys) - len(kept)


def _edges(links: Iterable[MapLink], seen: Collapsed) -> list[dict[str, Any]]:
    """A line for each link between two parties that hold nothing more, one line each way for the others together."""
    edges = []
    together: dict[tuple[int, int], list[MapLink]] = defaultdict(list)
    for link in links:
        ends = seen.place.get(link.supplier.pk), seen.place.get(link.customer.pk)
        if ends[0] == ends[1] or ends[0] not in seen.nodes or ends[1] not in seen.nodes:
            continue
        if ends[0] is not None and ends[1] is not None:
            if ends[0] in seen.holds or ends[1] in seen.holds:
                together[ends[0], ends[1]].append(link)
            else:
                edges.append(_edge(link, link.supplier, link.customer))
    for (supplier, customer), several in together.items():
        two = seen.nodes[supplier], seen.nodes[customer]
        edges.append(_edge(several[0], *two) if len(several) == 1 else _bundle(several, *two))
    return edges


def _edge(link: MapLink, supplier: PartyFact, customer: PartyFact) -> dict[str, Any]:
    return {
        "id": link.public_id,
        "source": supplier.public_id,
        "target": customer.public_id,
        "label": say(link.output),
        "weight": link.handovers,
        "status": link.health.value,
        "style": "agreed",
    }


def _bundle(links: Sequence[MapLink], supplier: PartyFact, customer: PartyFact) -> dict[str, Any]:
    known = [link.handovers for link in links if link.handovers is not None]
    sides = {"rows": supplier.public_id, "columns": customer.public_id}
    return {
        "id": f"{supplier.public_id}.{customer.public_id}",
        "source": supplier.public_id,
        "target": customer.public_id,
        "label": ngettext("{n} link", "{n} links", len(links)).format(n=formats.number(len(links))),
        "weight": sum(known) if known else None,
        "status": min((link.health for link in links), key=_WORST.index).value,
        "style": "agreed",
        "href": f"{reverse('chain:matrix')}?{urlencode(sides)}",
    }
