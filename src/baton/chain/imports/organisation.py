"""The structure of the organisation: parties and the tree in which they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes import describe_partner, move_party, rename_party
from baton.chain.changes.bulk_parties import PARTIES_TARGET, party_line
from baton.chain.imports.columns import (
    CONFIDENTIALITY_WORDS,
    PARTNER_WORDS,
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
    withdrawn,
)
from baton.chain.imports.known import KnownParties
from baton.chain.imports.tree import Node, from_the_top, place, refuse_cycles
from baton.chain.models import Party
from baton.chain.rules import OUTSIDE, Confidentiality, PartyKind
from baton.core.actors import Actor
from baton.core.days import day_of
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
        {"en": "Code", "zh-hans": "代码"}, ("party code", "department code", "dept code", "部门编码", "编码"), "W3",
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
    ImportColumn(
        "partner", {"en": "Partner type", "zh-hans": "合作方类型"}, ChoiceCell(PARTNER_WORDS),
        synonyms=("partner", "partner kind", "伙伴类型", "伙伴"), example="",
        text=_("What an outside party is beyond buying and selling; only for parties outside."),
    ),
    ImportColumn(
        "confidentiality", {"en": "Confidentiality", "zh-hans": "保密级别"}, ChoiceCell(CONFIDENTIALITY_WORDS),
        synonyms=("confidentiality level", "level", "密级", "保密"), example="",
        text=_("Confidential: only the two sides of a link of it and those who see all links see that link."),
    ),
    began_column(_("First day; empty: today.")),
)  # fmt: skip


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New parties in the order of the tree, and what changes in those that are there."""
    keys = {row.key for row in rows if row.key} | {row["parent"] for row in rows if row["parent"]}
    known = KnownParties.read(findings.viewer, findings.system, keys if findings.system else None)
    nodes = list(_nodes(rows, known, findings))
    place(nodes, known, findings)
    refuse_cycles(nodes, findings)
    for node in from_the_top(nodes, findings):
        if node.party is None:
            _new(node, findings)
        else:
            _changed(node, node.party, findings)


def _nodes(rows: Sequence[ImportRow], known: KnownParties, findings: Findings) -> Iterator[Node]:
    """Rows with the parties they mean: by key, by code, or, without either, by name, kind and place."""
    codes: dict[str, int] = {}
    names: dict[tuple[str, str, str], int] = {}
    meant: dict[str, int] = {}
    keyed = {row.key: row for row in rows if row.key}
    # Ended ones too: a code that was somebody's is nobody else's.
    held = Party.everything.exclude(code=None).values_list("code", "number")
    taken = {(code or "").casefold(): number for code, number in held}
    for row in rows:
        code = (row["code"] or "").casefold()
        if code and codes.setdefault(code, row.number) != row.number:
            findings.refuse(row, "code", twice(codes[code]))
            continue
        where = (plain_name(row[name_field(settings.LANGUAGE_CODE)]), row["party_kind"], row["parent"] or "")
        if not code and not row.key and names.setdefault(where, row.number) != row.number:
            findings.refuse(row, name_field(settings.LANGUAGE_CODE), twice(names[where]))
            continue
        party = _party_of(row, code, known, keyed, findings)
        if isinstance(party, CellProblem):
            findings.refuse(row, "code" if code else name_field(settings.LANGUAGE_CODE), party)
            continue
        if party is not None and meant.setdefault(party.public_id, row.number) != row.number:
            findings.refuse(row, "", twice(meant[party.public_id]))
            continue
        if party is None and code in taken:
            said = gettext_noop("Expected a code that no other party has.")
            findings.refuse(row, "code", fixed(said, taken[code]))
            continue
        yield Node(row, party.public_id if party else new_public_id(), party)


def _party_of(
    row: ImportRow, code: str, known: KnownParties, keyed: Mapping[str, ImportRow], findings: Findings
) -> Party | CellProblem | None:
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
        if known.parties[public_id].party_kind == row["party_kind"]
        and _stands_under(known.parties[public_id], row, keyed)
    ]
    if len(same) > 1:
        return several(row[name_field(settings.LANGUAGE_CODE)], [party.number for party in same])
    return same[0] if same else None


def _stands_under(party: Party, row: ImportRow, keyed: Mapping[str, ImportRow]) -> bool:
    """Whether a party stands where a row without code says; an empty cell says the top. ``keyed`` are the rows of the
    table by the keys by which they name each other."""
    said = row["parent"]
    if not said or party.parent is None:
        return not said and party.parent is None
    above = party.parent
    if (row_above := keyed.get(said)) is not None:
        said = row_above["code"] or row_above[name_field(settings.LANGUAGE_CODE)]
    return said.casefold() in {(above.code or "").casefold(), above.number.casefold()} or plain_name(said) in {
        plain_name(name) for name in above.name.values()
    }


def _new(node: Node, findings: Findings) -> None:
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
            findings.refuse(row, "person", CellProblem(
                expected=gettext_noop("Expected the sign-in name of a person."),
                found=gettext_noop("“{value}” is none of them."),
                remedy=gettext_noop("Correct it; or leave the row out, import the people and then this table again."),
                values={"value": row["person"][:80]},
            ))  # fmt: skip
            return
        person = found.public_id
    if not _may_describe(node, findings):
        return
    line = party_line(
        public_id=node.public_id, party_kind=node.kind, name=names_given(row), code=row["code"] or "",
        parent=node.above.public_id if node.above is not None else "",
        began_on=row["began_on"] or day_of(findings.at), person=person,
        partner=row["partner"] or "", confidentiality=row["confidentiality"] or Confidentiality.OPEN.value,
    )  # fmt: skip
    findings.new(row, PARTIES_TARGET, line, made=node.public_id)


def _may_describe(node: Node, findings: Findings) -> bool:
    """Whether partner type and confidentiality are said of a party outside, or left open; else the row is refused."""
    row = node.row
    for said in ("partner", "confidentiality"):
        if row[said] and row[said] != Confidentiality.OPEN and node.kind not in OUTSIDE:
            findings.refuse(row, said, CellProblem(
                expected=gettext_noop("Expected an empty cell: only parties outside have one."),
                found=gettext_noop("The kind is “{value}”."),
                remedy=gettext_noop("Empty the cell, or correct the kind."),
                values={"value": row["party_kind"]},
            ))  # fmt: skip
            return False
    return True


def _changed(node: Node, party: Party, findings: Findings) -> None:
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
    if not _may_describe(node, findings):
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
    described = {name: row[name] or getattr(party, name) for name in ("partner", "confidentiality")}
    if any(getattr(party, name) != value for name, value in described.items()):
        line |= described
    if len(line) > 1:
        was = {"code": party.code, **names_told(party.name), "partner": party.partner}
        was |= {"confidentiality": party.confidentiality}
        if "parent" in line:
            was["parent"] = str(party.parent) if party.parent else ""
        findings.change(row, line, made=party.public_id, was=was)
    else:
        findings.same(row, party.public_id)


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Rename, move and describe one party as the row says."""
    party = _there(line["party"])
    if "name" in line:
        party = rename_party(by=by, at=at, party=party, name=line["name"], code=line["code"])
    if "parent" in line and (party.parent.public_id if party.parent else "") != line["parent"]:
        party = move_party(by=by, at=at, party=party, parent=_there(line["parent"]))
    if "partner" in line:
        describe_partner(
            by=by, at=at, party=party, partner=line["partner"], confidentiality=Confidentiality(line["confidentiality"])
        )


def _there(public_id: str) -> Party:
    found = Party.objects.filter(public_id=public_id).select_related("parent").first()
    if found is None:
        raise withdrawn(gettext_noop("Expected a party that is there."))
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
            "person": party.person.sign_in_name if party.person else "", "partner": party.partner,
            "confidentiality": party.confidentiality if party.party_kind in OUTSIDE else "",
            "began_on": _iso(party.began_on),
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
