"""Who hands something to whom, as a matrix of suppliers and customers, at any level of the tree of parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from baton.chain import policy
from baton.chain.models import GapAnswer, Link, Party
from baton.chain.queries.gap_detectors import pair_key
from baton.chain.queries.gap_facts import mined_without_link
from baton.chain.queries.gaps import answers_about_pairs
from baton.chain.queries.lists import by_name
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


@dataclass(frozen=True, slots=True)
class _Party:
    pk: int
    public_id: str
    name: Texts
    kind: PartyKind
    path: str

    @property
    def above(self) -> list[str]:
        """Public ids from the top down to the party itself."""
        return self.path.strip("/").split("/")


def matrix(*, viewer: Actor, at: datetime, filters: MatrixFilters) -> Matrix:
    """The matrix within the viewer's sight. Every link in sight is counted once, at the deepest party that is shown."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    seen = Party.objects.filter(sight.parties, policy.in_force(day)).order_by(by_name())
    parties = {
        pk: _Party(pk, public_id, name, PartyKind(kind), path)
        for pk, public_id, name, kind, path in seen.values_list("pk", "public_id", "name", "party_kind", "path")
    }
    rows = Link.objects.filter(sight.links, policy.in_force(day)).order_by("number")
    links = [
        link
        for link in rows.values_list("public_id", "supplier_id", "customer_id")
        if link[1] in parties and link[2] in parties
    ]
    level = filters.level if 0 < filters.level <= TREE_DEPTH else _level_that_fits(parties.values(), filters)
    suppliers = _axis(parties.values(), filters.rows, level, filters.opened)
    customers = _axis(parties.values(), filters.columns, level, filters.opened)
    supplying = {parties[supplier].public_id for _id, supplier, _customer in links}
    suppliers = [node for node in suppliers if node.kind not in OUTSIDE_CUSTOMERS or node.public_id in supplying]
    receiving = {parties[customer].public_id for _id, _supplier, customer in links}
    customers = [
        node for node in customers if node.kind is not PartyKind.OUTSIDE_SUPPLIER or node.public_id in receiving
    ]
    left_out = (max(0, len(suppliers) - MATRIX_MOST), max(0, len(customers) - MATRIX_MOST))
    suppliers, customers = suppliers[:MATRIX_MOST], customers[:MATRIX_MOST]
    linked = {(supplier, customer) for _id, supplier, customer in links}
    mined = {
        ends: seen.handovers for ends, seen in mined_without_link(viewer=viewer, at=at, linked=linked).items()
    }  # fmt: skip
    return Matrix(
        rows=suppliers,
        columns=customers,
        cells=_cells(viewer, parties, links, mined, suppliers, customers),
        answers=_answers(viewer, at, parties, mined),
        left_out=left_out,
        editable=frozenset(
            party.public_id for party in parties.values() if policy.may_answer_gap(sight.standing, [party.path])
        ),
        parties=len(parties),
        level=level,
    )


def _level_that_fits(parties: Iterable[_Party], filters: MatrixFilters) -> int:
    """The deepest level at which neither side has more than :data:`MATRIX_SIDE` parties; the first at least."""
    listed = list(parties)
    deepest = max((len(party.above) for party in listed), default=1)
    for level in range(deepest, 1, -1):
        sides = (filters.rows, filters.columns)
        if all(len(_axis(listed, side, level, frozenset())) <= MATRIX_SIDE for side in sides):
            return level
    return 1


def _axis(parties: Iterable[_Party], root: str, level: int, opened: frozenset[str]) -> list[Node]:
    """The parties of one side in the order of the tree. ``parties`` come in the order in which siblings stand."""
    listed = list(parties)
    known = {party.public_id for party in listed}
    under: dict[str, list[_Party]] = defaultdict(list)
    parts: dict[str, int] = defaultdict(int)
    for party in listed:
        seen = [public_id for public_id in party.above[:-1] if public_id in known]
        under[seen[-1] if seen else ""].append(party)
        for public_id in seen:
            parts[public_id] += 1
    start = [party for party in listed if party.public_id == root] or under[""]
    found: list[Node] = []
    waiting = [(party, 1) for party in reversed(start)]
    while waiting:
        party, depth = waiting.pop()
        open_here = depth < level or party.public_id in opened
        inside = parts[party.public_id]
        found.append(
            Node(party.public_id, party.name, party.kind, depth, party.path, inside, 0 if open_here else inside)
        )
        if open_here:
            waiting.extend((child, depth + 1) for child in reversed(under[party.public_id]))
    return found


def _cells(
    viewer: Actor,
    parties: Mapping[int, _Party],
    links: Iterable[tuple[str, int, int]],
    mined: Mapping[tuple[int, int], int],
    suppliers: Iterable[Node],
    customers: Iterable[Node],
) -> dict[tuple[str, str], Cell]:
    row_of = _places(parties, suppliers)
    column_of = _places(parties, customers)
    cells: dict[tuple[str, str], Cell] = defaultdict(Cell)
    subjects: dict[tuple[str, str], set[str]] = defaultdict(set)
    for public_id, supplier, customer in links:
        if supplier in row_of and customer in column_of:
            place = row_of[supplier], column_of[customer]
            cells[place].links.append(public_id)
            subjects[place].add(f"{parties[supplier].public_id}>{parties[customer].public_id}")
    for (supplier, customer), handovers in mined.items():
        if supplier in row_of and customer in column_of:
            cells[row_of[supplier], column_of[customer]].mined += handovers
    asked = {subject for several in subjects.values() for subject in several}
    health = monitoring.health_of(viewer=viewer, subjects=asked) if asked else {}
    for place, several in subjects.items():
        cells[place].health = min((health[subject] for subject in several), key=_WORST.index)
    return dict(cells)


def _places(parties: Mapping[int, _Party], nodes: Iterable[Node]) -> dict[int, str]:
    """Where each party is counted: the deepest party above it, or itself, that is shown."""
    shown = {node.public_id for node in nodes}
    found = {}
    for pk, party in parties.items():
        place = next((public_id for public_id in reversed(party.above) if public_id in shown), None)
        if place is not None:
            found[pk] = place
    return found


def _answers(
    viewer: Actor, at: datetime, parties: Mapping[int, _Party], mined: Mapping[tuple[int, int], int]
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
