"""What people are in which parties, as the rows of a table of people say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes import end_membership
from baton.chain.changes.bulk_memberships import MEMBERSHIPS_TARGET, SCOPED, membership_line
from baton.chain.changes.memberships import held_by
from baton.chain.imports.columns import (
    CAPACITY_WORDS,
    DEALINGS_WORDS,
    OUTPUT_KIND_WORDS,
    SCOPE_WORDS,
    SIDE_WORDS,
    fixed,
    withdrawn,
)
from baton.chain.imports.known import KnownParties, TableNames
from baton.chain.models import Membership, Party
from baton.chain.rules import OUTSIDE, Capacity, PartyKind, Scope, overlap
from baton.core.actors import Actor
from baton.core.changes.bulk_people import KnownPeople
from baton.core.days import day_of
from baton.core.import_targets import ChoiceCell, DayCell, Findings, ImportColumn, ImportRow, TextCell, twice
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

if TYPE_CHECKING:
    from baton.core.models import Person

BELONGING_COLUMNS = (
    ImportColumn(
        "party", {"en": "Party", "zh-hans": "部门/岗位"}, TextCell(200),
        synonyms=("department", "department code", "unit", "所属部门", "部门", "部门编码", "科室"), example="W3",
        text=_("Code, key or name of the party; somebody who belongs to several has a row for each."),
    ),
    ImportColumn(
        "capacity", {"en": "Capacity", "zh-hans": "身份"}, ChoiceCell(CAPACITY_WORDS), synonyms=("position", "职务"),
        example="Member", text=_("Head, deputy or member of the party; empty: member."),
    ),
    ImportColumn(
        "member_from", {"en": "Belongs from", "zh-hans": "任职开始"}, DayCell(), synonyms=("since", "任职日期"),
        example="2026-01-01", text=_("First day in the party; empty: today."),
    ),
    ImportColumn(
        "member_until", {"en": "Belongs until", "zh-hans": "任职结束"}, DayCell(), synonyms=("until", "结束日期"),
        text=_("First day on which it no longer holds; a deputy needs one."),
    ),
    ImportColumn(
        "scope", {"en": "Deputy for", "zh-hans": "代理范围"}, ChoiceCell(SCOPE_WORDS), synonyms=("scope", "范围"),
        text=_("What a deputy may do in the head’s place; empty: everything."),
    ),
    ImportColumn(
        "scope_side", {"en": "Deputy only as", "zh-hans": "代理仅限身份"}, ChoiceCell(SIDE_WORDS),
        text=_("A deputy for links: only those on which the party is this; empty: both."),
    ),
    ImportColumn(
        "scope_kind", {"en": "Deputy only for outputs", "zh-hans": "代理仅限产出类型"}, ChoiceCell(OUTPUT_KIND_WORDS),
        text=_("A deputy for links: only outputs of this kind; empty: all."),
    ),
    ImportColumn(
        "scope_dealings", {"en": "Deputy only with", "zh-hans": "代理仅限对象"}, ChoiceCell(DEALINGS_WORDS),
        text=_("A deputy for links: only those with parties inside, or outside; empty: both."),
    ),
    ImportColumn(
        "note", {"en": "Note on belonging", "zh-hans": "任职备注"}, TextCell(200), synonyms=("note", "备注"),
        text=_("Why or for what, such as the head’s leave."),
    ),
)  # fmt: skip


@dataclass(slots=True)
class One:
    """A person of the table: his first row, who he is or will be."""

    row: ImportRow
    public_id: str
    person: Person | None
    outsider: bool = False
    parties: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass
class Held:
    """Who signs in with what, and who is what where; read once for the whole table."""

    by_id: dict[str, Person]
    by_name: dict[str, str]
    outsiders: set[int]
    memberships: dict[str, list[Membership]]
    heads: dict[tuple[str, str], Any]

    @classmethod
    def read(cls, findings: Findings) -> Held:
        everybody = KnownPeople.read()
        day = day_of(findings.at)
        memberships: dict[str, list[Membership]] = defaultdict(list)
        outsiders = everybody.guests
        for membership in Membership.objects.filter(policy.beyond(day)).select_related("party", "person"):
            memberships[membership.party.public_id].append(membership)
            if membership.party.party_kind in OUTSIDE:
                outsiders.add(membership.person_id)
        return cls(everybody.by_id, everybody.by_name, outsiders, memberships, {})


def belongs(row: ImportRow, one: One, known: KnownParties, held: Held, findings: Findings) -> None:
    party = known.meant(row["party"])
    if isinstance(party, CellProblem):
        findings.refuse(row, "party", party)
        return
    capacity = Capacity(row["capacity"] or Capacity.MEMBER)
    first = one.parties.setdefault((party.public_id, capacity.value), row.number)
    if first != row.number:
        findings.refuse(row, "party", twice(first))
        return
    began, ended = row["member_from"] or day_of(findings.at), row["member_until"]
    if (wrong := _wrong(row, party, capacity, one, began, ended)) is not None:
        findings.refuse(row, *wrong)
        return
    for other in held.memberships[party.public_id]:
        if other.capacity != capacity.value or not overlap(began, ended, other.began_on, other.ended_on):
            continue
        if one.person is not None and other.person_id == one.person.pk:
            _held_already(row, other, findings)
            return
        if capacity is Capacity.HEAD:
            findings.refuse(row, "capacity", held_by(other))
            return
    if capacity is Capacity.HEAD and held.heads.setdefault((party.public_id, "head"), row.number) != row.number:
        findings.refuse(row, "capacity", twice(held.heads[party.public_id, "head"]))
        return
    if not policy.may_add_links_in_bulk(findings.viewer):
        findings.refuse(row, "party", CellProblem(
            expected=gettext_noop("Expected people without parties."),
            found=gettext_noop("The row makes somebody part of “{value}”."),
            remedy=gettext_noop(
                "Only the quality manager says in bulk who belongs where; leave the column out and ask for it to be "
                "imported."
            ),
            values={"value": row["party"][:80]},
        ))  # fmt: skip
        return
    line = membership_line(
        party=party.public_id, person=one.public_id, capacity=capacity, began_on=began, ended_on=ended,
        scoped={name: row[name] for name in SCOPED}, note=row["note"] or "",
    )  # fmt: skip
    findings.new(row, MEMBERSHIPS_TARGET, line)


def _held_already(row: ImportRow, held: Membership, findings: Findings) -> None:
    """What a row says of a membership that is there: it may end it; what else differs does not change by an import."""
    ended: date | None = row["member_until"]
    for name in SCOPED:
        if row[name] and row[name] != getattr(held, name):
            said = gettext_noop("Expected the deputy’s scope as it is; it does not change.")
            findings.refuse(row, name, fixed(said, getattr(held, name) or "-"))
            return
    if ended is None or ended == held.ended_on:
        return
    if held.ended_on is not None or not policy.may_add_links_in_bulk(findings.viewer):
        said = gettext_noop("Expected the last day as it is; it does not change by this table.")
        findings.refuse(row, "member_until", fixed(said, held.ended_on.isoformat() if held.ended_on else "-"))
    else:
        findings.change(row, {"membership": held.public_id, "ended_on": ended.isoformat()}, was={"member_until": ""})


def end_belonging(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """End one membership as a row says."""
    held = Membership.objects.filter(public_id=line["membership"]).first()
    if held is None:
        raise withdrawn(gettext_noop("Expected a membership that is there."))
    end_membership(by=by, at=at, membership=held, ended_on=date.fromisoformat(line["ended_on"]))


def _wrong(
    row: ImportRow, party: Party, capacity: Capacity, one: One, began: date, ended: date | None
) -> tuple[str, CellProblem] | None:
    """What ``appoint`` would refuse about the membership itself."""
    if party.party_kind == PartyKind.PERSON:
        return "party", CellProblem(
            expected=gettext_noop("Expected a department, team, role or outside party."),
            found=gettext_noop("{number} is one person."),
            remedy=gettext_noop("Choose the party that this person works in."), values={"number": party.number},
        )  # fmt: skip
    if capacity is Capacity.DEPUTY and ended is None:
        return "member_until", CellProblem(
            expected=gettext_noop("Expected the day on which the deputy hands back."),
            found=gettext_noop("The cell is empty."),
            remedy=gettext_noop("Give an end; it can be renewed."),
        )
    if (said := _scope_unfit(row, capacity)) is not None:
        return said
    if ended is not None and ended < began:
        return "member_until", CellProblem(
            expected=gettext_noop("Expected an end on or after {began_on}, the first day."),
            found=gettext_noop("Found {ended_on}."), remedy=gettext_noop("Give a later day."),
            values={"began_on": began.isoformat(), "ended_on": ended.isoformat()},
        )  # fmt: skip
    if capacity is not Capacity.MEMBER and one.outsider and party.party_kind not in OUTSIDE:
        return "capacity", CellProblem(
            expected=gettext_noop("Expected somebody of the organisation as head or deputy of {number}."),
            found=gettext_noop("This person is a guest from outside."),
            remedy=gettext_noop("Choose somebody of the organisation, or end what this person is outside first."),
            values={"number": party.number},
        )
    if party.party_kind in OUTSIDE:
        one.outsider = True
    return None


def _scope_unfit(row: ImportRow, capacity: Capacity) -> tuple[str, CellProblem] | None:
    """What is said of a deputy's scope where there is none, or of links where it is not for links."""
    scope = row["scope"] or Scope.ALL.value
    if capacity is not Capacity.DEPUTY:
        wrong = next((name for name in SCOPED if row[name] and row[name] != Scope.ALL), None)
    else:
        wrong = next((name for name in SCOPED[1:] if row[name]), None) if scope != Scope.LINKS else None
    if wrong is None:
        return None
    return wrong, CellProblem(
        expected=gettext_noop(
            "Expected an empty cell: only a deputy has a scope, and only one for links is held to some."
        ),
        found=gettext_noop("Found “{value}”."),
        remedy=gettext_noop("Empty the cell; or make it a deputy for links."),
        values={"value": row[wrong]},
    )


def belongings_told(viewer: Actor, at: datetime, *, whole: bool) -> Mapping[int, list[dict[str, str]]]:
    """What everybody is in which parties, by the primary keys of people, as cells of an export; ``whole``: with the
    notes, which say why somebody is away."""
    names = TableNames(viewer, at)
    told: dict[int, list[dict[str, str]]] = defaultdict(list)
    held = Membership.objects.filter(policy.beyond(day_of(at))).select_related("party").order_by("pk")
    for one in held:
        told[one.person_id].append({
            "party": names.of(one.party), "capacity": one.capacity, "member_from": one.began_on.isoformat(),
            "member_until": one.ended_on.isoformat() if one.ended_on else "", "note": one.note if whole else "",
            **({name: getattr(one, name) for name in SCOPED} if one.capacity == Capacity.DEPUTY else {}),
        })  # fmt: skip
    return told
