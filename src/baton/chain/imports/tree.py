"""The tree in which the rows of an organisation stand: what is above each, cycles, and the order from the top down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baton.chain.imports.columns import names_given, plain_name, several
from baton.chain.imports.known import KnownParties
from baton.chain.models import Party
from baton.chain.rules import OUTSIDE, TREE_DEPTH, PartyKind
from baton.core.import_targets import Findings, ImportRow
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem


@dataclass(slots=True)
class Node:
    """A row on its way into the tree: the record it is or will be, and what stands above it."""

    row: ImportRow
    public_id: str
    party: Party | None = None
    above: Node | Party | None = None

    @property
    def kind(self) -> PartyKind:
        return PartyKind(self.row["party_kind"])


def place(nodes: Sequence[Node], known: KnownParties, findings: Findings) -> None:
    """Find what stands above each row: rows of the table first, then parties that are there."""
    by_code: dict[str, Node] = {}
    by_key: dict[str, Node] = {}
    by_name: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.row["code"]:
            by_code[node.row["code"].casefold()] = node
        if node.row.key:
            by_key[node.row.key] = node
        for name in names_given(node.row).values():
            if node not in by_name[plain_name(name)]:
                by_name[plain_name(name)].append(node)
    for node in nodes:
        said = node.row["parent"]
        if not said:
            node.above = None if node.party is None else node.party.parent
            continue
        named = by_name.get(plain_name(said), [])
        in_table = by_code.get(said.casefold()) or by_key.get(said) or (named[0] if len(named) == 1 else None)
        if in_table is not None:
            node.above = in_table
            continue
        found = several(said, [str(n.row.number) for n in named]) if named else known.meant(said)
        if isinstance(found, CellProblem):
            findings.refuse(node.row, "parent", found)
        else:
            node.above = found


def refuse_cycles(nodes: Sequence[Node], findings: Findings) -> None:
    """Refuse every row of a cycle; the message names the rows of it in their order."""
    done: set[int] = set()
    for start in nodes:
        path: list[Node] = []
        node: Node | Party | None = start
        while isinstance(node, Node) and id(node) not in done:
            done.add(id(node))
            path.append(node)
            node = node.above
        if isinstance(node, Node) and any(node is other for other in path):
            cycle = path[next(i for i, other in enumerate(path) if other is node) :]
            rows = " → ".join(str(one.row.number) for one in (*cycle, cycle[0]))
            for one in cycle:
                findings.refuse(one.row, "parent", CellProblem(
                    expected=gettext_noop("Expected a tree: nothing stands under itself."),
                    found=gettext_noop("These rows stand under each other: {rows}."),
                    remedy=gettext_noop("Correct what one of them stands under."),
                    values={"rows": rows},
                ))  # fmt: skip


def from_the_top(nodes: Sequence[Node], findings: Findings) -> Iterator[Node]:
    """Each row behind the row it stands under; what stands under a refused row is refused."""
    below: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        if isinstance(node.above, Node):
            below[id(node.above)].append(node)
    waiting = [(node, _depth(node)) for node in nodes if not isinstance(node.above, Node)]
    for node, depth in waiting:  # grows while it is read
        above = node.above
        if isinstance(above, Node) and findings.is_refused(above.row):
            findings.refuse(node.row, "parent", CellProblem(
                expected=gettext_noop("Expected a party that can be entered."),
                found=gettext_noop("Row {first}, under which it stands, is refused."),
                remedy=gettext_noop("Correct that row first."), values={"first": above.row.number},
            ))  # fmt: skip
        _check_place(node, depth, findings)
        if not findings.is_refused(node.row):
            yield node
        waiting.extend((child, depth + 1) for child in below[id(node)])


def _depth(node: Node) -> int:
    return 1 + (node.above.path.count("/") if isinstance(node.above, Party) else 0)


def _check_place(node: Node, depth: int, findings: Findings) -> None:
    """What ``add_party`` would refuse about the place."""
    above = node.above
    if above is None:
        return
    kind = above.kind if isinstance(above, Node) else PartyKind(above.party_kind)
    if kind is PartyKind.PERSON or (kind in OUTSIDE) != (node.kind in OUTSIDE):
        findings.refuse(node.row, "parent", CellProblem(
            expected=gettext_noop("Expected a department, team or role; for an outside party another outside party."),
            found=gettext_noop("“{value}” is of another kind."),
            remedy=gettext_noop("Choose another party, or leave it at the top."),
            values={"value": node.row["parent"] or ""},
        ))  # fmt: skip
    if depth > TREE_DEPTH:
        findings.refuse(node.row, "parent", CellProblem(
            expected=gettext_noop("Expected at most {most} levels."),
            found=gettext_noop("This row stands on level {depth}."),
            remedy=gettext_noop("Put it under a party that stands higher."),
            values={"most": TREE_DEPTH, "depth": depth},
        ))  # fmt: skip
