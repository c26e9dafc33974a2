"""Who hands something to whom, as a matrix of suppliers and customers, at any level of the tree of parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from baton.chain import policy
from baton.chain.models import GapAnswer
from baton.chain.queries.chains import Chain, PartyFact, chain_in_sight
from baton.chain.queries.gap_detectors import pair_key
from baton.chain.queries.gap_facts import mined_without_link
from baton.chain.queries.gaps import answers_about_pairs
from baton.chain.rules import MATRIX_MOST, MATRIX_SIDE, OUTSIDE_CUSTOMERS, TREE_DEPTH, GapReply, PartyKind, comes_back
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import Texts
from baton.monitoring import queries as monitoring
from baton.monitoring.rules import Health

_WORST = (Health.SIGNAL, Health.UNKNOWN, Health.IN_CONTROL)


@dataclass(frozen=True, slots=True)
class MatrixFilters:
    """What a matrix shows: suppliers of the subtree ``rows`` and customers of the subtree ``columns`` (public ids;
    empty: all), ``level`` levels deep (0: as many as fit), and what stands in the parties ``opened`` (public ids)."""

    rows: str = ""
    columns: str = ""
    level: int = 0
    opened: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Node:
    """A supplier or customer of the matrix. ``depth`` counts from the top of what is shown; ``holds`` parties stand in
    it and are counted with it; ``parts`` stand in it, shown or not."""

    public_id: str
    name: Texts
    kind: PartyKind
    depth: int
    path: str
    parts: int
    holds: int


@dataclass(slots=True)
class Cell:
    """What a supplier hands to a customer: links in force, the worst of how they go, and handovers without a link."""

    links: list[str] = field(default_factory=list)
    health: Health | None = None
    mined: int = 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """Suppliers in rows, customers in columns. ``answers`` holds what was said to pairs of these parties themselves
    and still holds; ``left_out`` are suppliers and customers beyond :data:`MATRIX_MOST`; ``editable`` are the public
    ids of parties whose links the viewer may enter. ``parties`` live parties are in sight; ``level`` is the one shown.
    """

    rows: list[Node]
    columns: list[Node]
    cells: Mapping[tuple[str, str], Cell]
    answers: Mapping[tuple[str, str], GapAnswer]
    left_out: tuple[int, int]
    editable: frozenset[str]
    parties: int
    level: int

    def cell(self, row: Node, column: Node) -> Cell | None:
        return self.cells.get((row.public_id, column.public_id))


def matrix(*, viewer: Actor, at: datetime, filters: MatrixFilters) -> Matrix:
    """The matrix within the viewer's sight. Every link in sight is counted once, at the deepest party that is shown."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    chain = chain_in_sight(sight, day)
    tree = _tree_of(chain.by_name())
    level = filters.level if 0 < filters.level <= TREE_DEPTH else _level_that_fits(tree, filters)
    suppliers = _axis(tree, filters.rows, level, filters.opened)
    customers = _axis(tree, filters.columns, level, filters.opened)
    supplying = {chain.parties[link.supplier].public_id for link in chain.links.values()}
    suppliers = [node for node in suppliers if node.kind not in OUTSIDE_CUSTOMERS or node.public_id in supplying]
    receiving = {chain.parties[link.customer].public_id for link in chain.links.values()}
    customers = [
        node for node in customers if node.kind is not PartyKind.OUTSIDE_SUPPLIER or node.public_id in receiving
    ]
    left_out = (max(0, len(suppliers) - MATRIX_MOST), max(0, len(customers) - MATRIX_MOST))
    suppliers, customers = suppliers[:MATRIX_MOST], customers[:MATRIX_MOST]
    linked = {(link.supplier, link.customer) for link in chain.links.values()}
    mined = {
        ends: seen.handovers for ends, seen in mined_without_link(viewer=viewer, at=at, linked=linked).items()
    }  # fmt: skip
    return Matrix(
        rows=suppliers,
        columns=customers,
        cells=_cells(viewer, chain, mined, suppliers, customers),
        answers=_answers(viewer, at, chain.parties, mined),
        left_out=left_out,
        editable=frozenset(
            node.public_id
            for node in (*suppliers, *customers)
            if policy.may_answer_gap(sight.standing, [node.path])
        ),
        parties=len(chain.parties),
        level=level,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Tree:
    """The parties in sight by public id, what stands directly in each of them ("": at the top), in the order in which
    siblings stand, and how many parties stand in each at whatever depth."""

    parties: Mapping[str, PartyFact]
    under: Mapping[str, list[PartyFact]]
    parts: Mapping[str, int]

    def start(self, root: str) -> list[PartyFact]:
        """The party ``root``, or those at the top where there is none."""
        return [self.parties[root]] if root in self.parties else self.under.get("", [])


def _tree_of(listed: Iterable[PartyFact]) -> _Tree:
    parties = {party.public_id: party for party in listed}
    under: dict[str, list[PartyFact]] = defaultdict(list)
    parts: dict[str, int] = defaultdict(int)
    for party in parties.values():
        seen = [public_id for public_id in party.above[:-1] if public_id in parties]
        under[seen[-1] if seen else ""].append(party)
        for public_id in seen:
            parts[public_id] += 1
    return _Tree(parties, dict(under), dict(parts))


def _level_that_fits(tree: _Tree, filters: MatrixFilters) -> int:
    """The deepest level at which neither side has more than :data:`MATRIX_SIDE` parties; the first at least."""
    fits = TREE_DEPTH
    for root in (filters.rows, filters.columns):
        layer, shown, level = tree.start(root), 0, 0
        while layer and (level == 0 or shown + len(layer) <= MATRIX_SIDE):
            shown, level = shown + len(layer), level + 1
            layer = [child for party in layer for child in tree.under.get(party.public_id, ())]
        fits = min(fits, level if layer else TREE_DEPTH)
    return min(fits, max((len(party.above) for party in tree.parties.values()), default=1))


def _axis(tree: _Tree, root: str, level: int, opened: frozenset[str]) -> list[Node]:
    """The parties of one side in the order of the tree."""
    found: list[Node] = []
    waiting = [(party, 1) for party in reversed(tree.start(root))]
    while waiting:
        party, depth = waiting.pop()
        open_here = depth < level or party.public_id in opened
        inside = tree.parts.get(party.public_id, 0)
        found.append(
            Node(party.public_id, party.name, party.party_kind, depth, party.path, inside, 0 if open_here else inside)
        )
        if open_here:
            waiting.extend((child, depth + 1) for child in reversed(tree.under.get(party.public_id, ())))
    return found


def _cells(
    viewer: Actor,
    chain: Chain,
    mined: Mapping[tuple[int, int], int],
    suppliers: Iterable[Node],
    customers: Iterable[Node],
) -> dict[tuple[str, str], Cell]:
    parties = chain.parties
    row_of = _places(parties, suppliers)
    column_of = _places(parties, customers)
    cells: dict[tuple[str, str], Cell] = defaultdict(Cell)
    subjects: dict[tuple[str, str], set[str]] = defaultdict(set)
    for link in chain.links.values():
        if link.supplier in row_of and link.customer in column_of:
            place = row_of[link.supplier], column_of[link.customer]
            cells[place].links.append(link.public_id)
            subjects[place].add(f"{parties[link.supplier].public_id}>{parties[link.customer].public_id}")
    for (supplier, customer), handovers in mined.items():
        if supplier in row_of and customer in column_of:
            cells[row_of[supplier], column_of[customer]].mined += handovers
    asked = {subject for several in subjects.values() for subject in several}
    health = monitoring.health_of(viewer=viewer, subjects=asked) if asked else {}
    for place, several in subjects.items():
        cells[place].health = min((health[subject] for subject in several), key=_WORST.index)
    return dict(cells)


def _places(parties: Mapping[int, PartyFact], nodes: Iterable[Node]) -> dict[int, str]:
    """Where each party is counted: the deepest party above it, or itself, that is shown."""
    shown = {node.public_id for node in nodes}
    found = {}
    for pk, party in parties.items():
        place = next((public_id for public_id in reversed(party.above) if public_id in shown), None)
        if place is not None:
            found[pk] = place
    return found


def _answers(
    viewer: Actor, at: datetime, parties: Mapping[int, PartyFact], mined: Mapping[tuple[int, int], int]
) -> dict[tuple[str, str], GapAnswer]:
    """Answers to pairs in sight that still hold."""
    handed = {
        pair_key(parties[supplier].public_id, parties[customer].public_id): handovers
        for (supplier, customer), handovers in mined.items()
        if supplier in parties and customer in parties
    }
    known = {party.public_id for party in parties.values()}
    found = {}
    for key, answer in answers_about_pairs(viewer=viewer, at=at).items():
        supplier, _dot, customer = key.partition(".")
        reply = GapReply(answer.reply)
        back = comes_back(reply, weight_then=answer.weight, weight_now=handed.get(key, 0))
        if {supplier, customer} <= known and reply is not GapReply.ASSIGNED and not back:
            found[supplier, customer] = answer
    return found
