"""The structure of the organisation: parties and the tree in which they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes import move_party, rename_party
from baton.chain.changes.bulk_parties import PARTIES_TARGET, party_line
from baton.chain.imports.columns import (
    PARTY_KIND_WORDS,
    began_column,
    code_column,
    fixed,
    name_columns,
    name_field,
    names_given,
    names_told,
    plain_name,
    several,
    unknown,
)
from baton.chain.imports.known import KnownParties
from baton.chain.models import Party
from baton.chain.rules import OUTSIDE, TREE_DEPTH, PartyKind
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.ids import new_public_id
from baton.core.import_targets import (
    KEY_FIELD,
    ChoiceCell,
    Findings,
    ImportColumn,
    ImportRow,
    ImportTarget,
    TextCell,
    twice,
)
from baton.core.policy import may_use
from baton.core.queries import person_named
from baton.core.texts import Texts
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

COLUMNS = (
    code_column(
        {"en": "Code", "zh-hans": "编码"}, ("party code", "department code", "dept code", "部门编码", "代码"), "W3",
        _("The organisation’s own short code; by it a row is known again."),
    ),
    *name_columns(
        {"en": ("party", "department", "department name"), "zh-hans": ("部门名称", "部门", "科室名称")},
        {"en": "Ward 3", "zh-hans": "三病区"},
    ),
    ImportColumn(
        "party_kind", {"en": "Kind", "zh-hans": "类型"}, ChoiceCell(PARTY_KIND_WORDS), required=True,
        synonyms=("type", "party kind", "类别"), example="Department",
        text=_("What the party is; does not change later."),
    ),
    ImportColumn(
        "parent", {"en": "Stands under", "zh-hans": "上级"}, TextCell(200),
        synonyms=("parent", "parent code", "superior", "上级部门", "上级编码", "父级"), example="NUR",
        text=_("Code, key or name of the party above; it may stand anywhere in the table. Empty: at the top."),
    ),
    ImportColumn(
        "person", {"en": "Person", "zh-hans": "人员"}, TextCell(150), synonyms=("sign in name", "登录名"),
        text=_("Sign-in name; only for the kind Person."),
    ),
    began_column(_("First day; empty: today.")),
)  # fmt: skip


@dataclass(slots=True)
class _Node:
    """A row on its way into the tree: the record it is or will be, and what stands above it."""

    row: ImportRow
    public_id: str
    party: Party | None = None
    above: _Node | Party | None = None

    @property
    def kind(self) -> PartyKind:
        return PartyKind(self.row["party_kind"])


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New parties in the order of the tree, and what changes in those that are there."""
    keys = {row.key for row in rows if row.key} | {row["parent"] for row in rows if row["parent"]}
    known = KnownParties.read(findings.viewer, findings.system, keys if findings.system else None)
    nodes = list(_nodes(rows, known, findings))
    _place(nodes, known, findings)
    _refuse_cycles(nodes, findings)
    for node in _from_the_top(nodes, findings):
        if node.party is None:
            _new(node, findings)
        else:
            _changed(node, node.party, findings)


def _nodes(rows: Sequence[ImportRow], known: KnownParties, findings: Findings) -> Iterator[_Node]:
    """Rows with the parties they mean: by key, by code, or, without either, by name, kind and place."""
    codes: dict[str, int] = {}
    names: dict[tuple[str, str, str], int] = {}
    meant: dict[str, int] = {}
    for row in rows:
        code = (row["code"] or "").casefold()
        if code and codes.setdefault(code, row.number) != row.number:
            findings.refuse(row, "code", twice(codes[code]))
            continue
        place = (plain_name(row[name_field(settings.LANGUAGE_CODE)]), row["party_kind"], row["parent"] or "")
        if not code and not row.key and names.setdefault(place, row.number) != row.number:
            findings.refuse(row, name_field(settings.LANGUAGE_CODE), twice(names[place]))
            continue
        party = _party_of(row, code, known, findings)
        if isinstance(party, CellProblem):
            findings.refuse(row, "code" if code else name_field(settings.LANGUAGE_CODE), party)
            continue
        if party is not None and meant.setdefault(party.public_id, row.number) != row.number:
            findings.refuse(row, "", twice(meant[party.public_id]))
            continue
        if party is None and row["code"] and not findings.is_refused(row):
            ended = Party.everything.filter(code=row["code"]).first()
            if ended is not None:
                findings.refuse(
                    row, "code", fixed(gettext_noop("Expected a code that no other party has."), str(ended.number))
                )
                continue
        yield _Node(row, party.public_id if party else new_public_id(), party)


def _party_of(row: ImportRow, code: str, known: KnownParties, findings: Findings) -> Party | CellProblem | None:
    if row.known:
        party = known.parties.get(row.known)
        holder = known.by_code.get(code)
        if code and holder and holder != row.known:
            return several(row["code"], [known.parties[holder].number])
        return party
    if code:
        found = known.by_code.get(code)
        return known.parties[found] if found else None
    if row.key and findings.system:
        return None
    name = plain_name(row[name_field(settings.LANGUAGE_CODE)])
    same = [
        known.parties[public_id]
        for public_id in known.by_name.get(name, ())
        if known.parties[public_id].party_kind == row["party_kind"] and _stands_under(known.parties[public_id], row)
    ]
    if len(same) > 1:
        return several(row[name_field(settings.LANGUAGE_CODE)], [party.number for party in same])
    return same[0] if same else None


def _stands_under(party: Party, row: ImportRow) -> bool:
    """Whether a party stands where a row without code says; an empty cell says the top."""
    if not row["parent"]:
        return party.parent is None
    if party.parent is None:
        return False
    said = row["parent"]
    return said.casefold() in {(party.parent.code or "").casefold(), party.parent.number.casefold()} or plain_name(
        said
    ) in {plain_name(name) for name in party.parent.name.values()}


def _place(nodes: Sequence[_Node], known: KnownParties, findings: Findings) -> None:
    """Find what stands above each row: rows of the table first, then parties that are there."""
    by_code: dict[str, _Node] = {}
    by_key: dict[str, _Node] = {}
    by_name: dict[str, list[_Node]] = defaultdict(list)
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


def _refuse_cycles(nodes: Sequence[_Node], findings: Findings) -> None:
    """Refuse every row of a cycle; the message names the rows of it in their order."""
    done: set[int] = set()
    for start in nodes:
        path: list[_Node] = []
        node: _Node | Party | None = start
        while isinstance(node, _Node) and id(node) not in done:
            done.add(id(node))
            path.append(node)
            node = node.above
        if isinstance(node, _Node) and any(node is other for other in path):
            cycle = path[next(i for i, other in enumerate(path) if other is node) :]
            rows = " → ".join(str(one.row.number) for one in (*cycle, cycle[0]))
            for one in cycle:
                findings.refuse(one.row, "parent", CellProblem(
                    expected=gettext_noop("Expected a tree: nothing stands under itself."),
                    found=gettext_noop("These rows stand under each other: {rows}."),
                    remedy=gettext_noop("Correct what one of them stands under."),
                    values={"rows": rows},
                ))  # fmt: skip


def _from_the_top(nodes: Sequence[_Node], findings: Findings) -> Iterator[_Node]:
    """Each row behind the row it stands under; what stands under a refused row is refused."""
    below: dict[int, list[_Node]] = defaultdict(list)
    for node in nodes:
        if isinstance(node.above, _Node):
            below[id(node.above)].append(node)
    waiting = [(node, _depth(node)) for node in nodes if not isinstance(node.above, _Node)]
    for node, depth in waiting:  # grows while it is read
        above = node.above
        if isinstance(above, _Node) and findings.is_refused(above.row):
            findings.refuse(node.row, "parent", CellProblem(
                expected=gettext_noop("Expected a party that can be entered."),
                found=gettext_noop("Row {first}, under which it stands, is refused."),
                remedy=gettext_noop("Mend that row first."), values={"first": above.row.number},
            ))  # fmt: skip
        _check_place(node, depth, findings)
        if not findings.is_refused(node.row):
            yield node
        waiting.extend((child, depth + 1) for child in below[id(node)])


def _depth(node: _Node) -> int:
    return 1 + (node.above.path.count("/") if isinstance(node.above, Party) else 0)


def _check_place(node: _Node, depth: int, findings: Findings) -> None:
    """What ``add_party`` would refuse about the place."""
    above = node.above
    if above is None:
        return
    kind = above.kind if isinstance(above, _Node) else PartyKind(above.party_kind)
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


def _new(node: _Node, findings: Findings) -> None:
    row, person = node.row, ""
    if (node.kind is PartyKind.PERSON) != bool(row["person"]):
        findings.refuse(row, "person", CellProblem(
            expected=gettext_noop("Expected a person for the kind Person, and none for any other kind."),
            found=gettext_noop("The kind is “{value}”."),
            remedy=gettext_noop("Write the sign-in name, or another kind of party."),
            values={"value": row["party_kind"]},
        ))  # fmt: skip
        return
    if row["person"]:
        found = person_named(row["person"])
        if found is None:
            findings.refuse(
                row, "person", unknown(row["person"], gettext_noop("Expected the sign-in name of a person."))
            )
            return
        person = found.public_id
    line = party_line(
        public_id=node.public_id, party_kind=node.kind, name=names_given(row), code=row["code"] or "",
        parent=node.above.public_id if node.above is not None else "",
        began_on=row["began_on"] or day_of(findings.at), person=person,
    )  # fmt: skip
    findings.new(row, PARTIES_TARGET, line, made=node.public_id)


def _changed(node: _Node, party: Party, findings: Findings) -> None:
    """What differs from the party as it stands; empty cells leave it as it is."""
    row = node.row
    if party.party_kind != row["party_kind"]:
        findings.refuse(
            row, "party_kind", fixed(gettext_noop("Expected the kind as it is; it does not change."), party.party_kind)
        )
        return
    if row["began_on"] and row["began_on"] != party.began_on:
        findings.refuse(
            row,
            "began_on",
            fixed(gettext_noop("Expected the first day as it is; it does not change."), party.began_on.isoformat()),
        )
        return
    names: Texts = {**party.name, **names_given(row)}
    code = row["code"] or party.code or ""
    above = node.above.public_id if node.above is not None else ""
    was_above = party.parent.public_id if party.parent else ""
    line: dict[str, Any] = {"party": party.public_id}
    if names != party.name or code != (party.code or ""):
        line |= {"name": names, "code": code}
    if row["parent"] and above != was_above:
        line["parent"] = above
    if len(line) > 1:
        findings.change(row, line, made=party.public_id)
    else:
        findings.same(row, party.public_id)


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Rename and move one party as the row says."""
    party = _there(line["party"])
    if "name" in line:
        party = rename_party(by=by, at=at, party=party, name=line["name"], code=line["code"])
    if "parent" in line and (party.parent.public_id if party.parent else "") != line["parent"]:
        move_party(by=by, at=at, party=party, parent=_there(line["parent"]))


def _there(public_id: str) -> Party:
    found = Party.objects.filter(public_id=public_id).select_related("parent").first()
    if found is None:
        raise Refused(
            expected=gettext_noop("Expected a party that is there."),
            found=gettext_noop("It was withdrawn since the check."),
            remedy=gettext_noop("Bring the table again."),
        )
    return found


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """All live parties that the viewer sees, from the top down; by their numbers rows without codes name each other."""
    sight = policy.sight_of(viewer, day_of(at))
    seen = Party.objects.filter(sight.parties, ended_on__isnull=True).select_related("parent", "person")
    parties = sorted(seen, key=lambda party: (party.path.count("/"), party.number))
    numbers = {party.public_id for party in parties}
    for party in parties:
        above = party.parent if party.parent is not None and party.parent.public_id in numbers else None
        yield {
            "code": party.code or "", **names_told(party.name), "party_kind": party.party_kind,
            "parent": (above.code or str(above.number)) if above else "", KEY_FIELD: party.number,
            "person": party.person.sign_in_name if party.person else "", "began_on": _iso(party.began_on),
        }  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


ORGANISATION = ImportTarget(
    title=_("Organisation structure"),
    text=_("Departments, teams, workplaces and outside parties, with the tree in which they stand."),
    columns=COLUMNS,
    may_bring=policy.may_add_links_in_bulk,
    makes=(PARTIES_TARGET,),
    check=check,
    apply=apply,
    rows=rows,
    kind="party",
    may_take=may_use,
    icon="building-2",
)
