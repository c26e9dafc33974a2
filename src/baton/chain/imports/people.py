"""People, with what they are in which parties; a row for each membership."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes.bulk_memberships import MEMBERSHIPS_TARGET, membership_line
from baton.chain.changes.memberships import held_by
from baton.chain.imports.columns import (
    CAPACITY_WORDS,
    LANGUAGE_WORDS,
    name_columns,
    names_given,
    names_told,
    withdrawn,
)
from baton.chain.imports.known import KnownParties
from baton.chain.models import Membership, Party
from baton.chain.rules import OUTSIDE, Capacity, PartyKind, overlap
from baton.core.actors import Actor
from baton.core.changes import edit_person
from baton.core.changes.bulk_people import PEOPLE_TARGET, KnownPeople, normal_names, person_line
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused
from baton.core.ids import new_public_id
from baton.core.import_targets import (
    ChoiceCell,
    DayCell,
    EmailCell,
    Findings,
    ImportColumn,
    ImportRow,
    ImportTarget,
    PhoneCell,
    TextCell,
    twice,
)
from baton.core.policy import may_add_people, may_list_people
from baton.core.queries import people as all_people
from baton.core.queries import person as open_person
from baton.core.rules import normal_phone, normal_sign_in_name
from baton.core.texts import say
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

if TYPE_CHECKING:
    from baton.core.models import Person

COLUMNS = (
    ImportColumn(
        "sign_in_name", {"en": "Sign-in name", "zh-hans": "登录名"}, TextCell(150), required=True,
        synonyms=("staff number", "employee number", "employee id", "user name", "login", "工号", "员工编号", "账号"),
        example="10023", text=_("Staff number, phone or e-mail; by it a row is known again."),
    ),
    *name_columns(
        {"en": ("full name", "employee name"), "zh-hans": ("员工姓名",)}, {"en": "Chen Jie", "zh-hans": "陈洁"}
    ),
    ImportColumn(
        "email", {"en": "E-mail", "zh-hans": "电子邮箱"}, EmailCell(), synonyms=("email", "mail", "邮箱"),
        example="chen.jie@example.org", text=_("Optional; at most one person has it."),
    ),
    ImportColumn(
        "phone", {"en": "Phone", "zh-hans": "电话"}, PhoneCell(), synonyms=("mobile", "telephone", "手机", "手机号"),
        example="+8613800138000", text=_("Optional, with country code; at most one person has it."),
    ),
    ImportColumn(
        "language", {"en": "Language", "zh-hans": "语言"}, ChoiceCell(LANGUAGE_WORDS), example="zh-hans",
        text=_("Language of pages and messages; empty: the organisation’s."),
    ),
    ImportColumn(
        "party", {"en": "Party", "zh-hans": "所属部门"}, TextCell(200),
        synonyms=("department", "department code", "unit", "部门", "部门编码", "科室"), example="W3",
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
        text=_("First day on which it holds no more; a deputy needs one."),
    ),
)  # fmt: skip


@dataclass(slots=True)
class _One:
    """A person of the table: his first row, who he is or will be."""

    row: ImportRow
    public_id: str
    person: Person | None
    outsider: bool = False
    parties: dict[tuple[str, str], int] = field(default_factory=dict)


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New people, what changes in those who are there, and memberships that are not there yet."""
    keys = {row["party"] for row in rows if row["party"]}
    known = KnownParties.read(findings.viewer, findings.system, keys if findings.system else None)
    held = _Held.read(findings)
    people: dict[str, _One] = {}
    for row in rows:
        name = normal_sign_in_name(row["sign_in_name"])
        if name in people:
            _another_row(row, people[name], findings)
        else:
            people[name] = _first_row(row, name, held, findings)
        if row["party"] and not findings.is_refused(row):
            _membership(row, people[name], known, held, findings)


@dataclass
class _Held:
    """Who signs in with what, and who is what where; read once for the whole table."""

    by_id: dict[str, Person]
    by_name: dict[str, str]
    outsiders: set[int]
    memberships: dict[str, list[Membership]]
    heads: dict[tuple[str, str], Any]

    @classmethod
    def read(cls, findings: Findings) -> _Held:
        everybody = KnownPeople.read()
        day = day_of(findings.at)
        memberships: dict[str, list[Membership]] = defaultdict(list)
        outsiders = everybody.guests
        for membership in Membership.objects.filter(policy.beyond(day)).select_related("party", "person"):
            memberships[membership.party.public_id].append(membership)
            if membership.party.party_kind in OUTSIDE:
                outsiders.add(membership.person_id)
        return cls(everybody.by_id, everybody.by_name, outsiders, memberships, {})


def _first_row(row: ImportRow, name: str, held: _Held, findings: Findings) -> _One:
    meant = row.known or held.by_name.get(name, "")
    person = held.by_id.get(meant)
    one = _One(row, person.public_id if person else new_public_id(), person)
    one.outsider = person is not None and person.pk in held.outsiders
    if person is None:
        _new(row, one, held, findings)
    else:
        _changed(row, person, held, findings)
    return one


def _new(row: ImportRow, one: _One, held: _Held, findings: Findings) -> None:
    if not may_add_people(findings.viewer):
        findings.refuse(row, "sign_in_name", CellProblem(
            expected=gettext_noop("Expected the sign-in name of somebody who is there."),
            found=gettext_noop("“{value}” is nobody’s."),
            remedy=gettext_noop("Only administrators and HR add people; ask one of them to import this table."),
            values={"value": row["sign_in_name"][:80]},
        ))  # fmt: skip
        return
    if not _names_free(row, one.public_id, held, findings):
        return
    line = person_line(
        public_id=one.public_id, sign_in_name=row["sign_in_name"], name=names_given(row), email=row["email"] or "",
        phone=row["phone"] or "", language=row["language"] or settings.LANGUAGE_CODE, time_zone=settings.TIME_ZONE,
    )  # fmt: skip
    findings.new(row, PEOPLE_TARGET, line, made=one.public_id)


def _names_free(row: ImportRow, public_id: str, held: _Held, findings: Findings) -> bool:
    """Whether the three names can be somebody's and are nobody else's, also within the table."""
    try:
        given = normal_names(sign_in_name=row["sign_in_name"], email=row["email"] or "", phone=row["phone"] or "")
    except Refused as refused:
        findings.refuse(row, refused.field or "sign_in_name", refused)
        return False
    for field_name, value in given.items():
        holder = held.by_name.get(value) if value else None
        if holder is not None and holder != public_id:
            findings.refuse(row, field_name, Refused(
                expected=gettext_noop("A sign-in name, e-mail or phone belongs to one person."),
                found=gettext_noop("Somebody else has this one, here or in a row above."),
                remedy=gettext_noop("Enter another one, or correct the other person’s first."),
            ))  # fmt: skip
            return False
    held.by_name.update({value: public_id for value in given.values() if value})
    return True


def _changed(row: ImportRow, person: Person, held: _Held, findings: Findings) -> None:
    """What differs from the person as he stands; empty cells leave it as it is."""
    line: dict[str, Any] = {"person": person.public_id}
    names = {**person.name, **names_given(row)}
    if names != person.name:
        line["name"] = names
    if row["email"] and normal_sign_in_name(row["email"]) != person.email:
        line["email"] = row["email"]
    if row["phone"] and normal_phone(row["phone"]) != person.phone:
        line["phone"] = row["phone"]
    if row["language"] and row["language"] != person.language:
        line["language"] = row["language"]
    if row.known and normal_sign_in_name(row["sign_in_name"]) != person.sign_in_name:
        line["sign_in_name"] = row["sign_in_name"]
    if len(line) == 1:
        findings.same(row, person.public_id)
    elif not may_add_people(findings.viewer):
        findings.refuse(row, "", Refused(
            expected=gettext_noop("Expected this person as he stands: {name}."),
            found=gettext_noop("The row says something else."),
            remedy=gettext_noop("Only administrators and HR change people; ask one of them to import this table."),
            name=say(person.name),
        ))  # fmt: skip
    elif _names_free(row, person.public_id, held, findings):
        findings.change(row, line, made=person.public_id)


def _another_row(row: ImportRow, one: _One, findings: Findings) -> None:
    """A second row of a person is for another membership, and says the same of him."""
    own = ("email", "phone", "language")
    if (
        not row["party"]
        or any(row[name] and row[name] != one.row[name] for name in own)
        or names_given(row) != names_given(one.row)
    ):
        findings.refuse(row, "sign_in_name", twice(one.row.number))
    elif findings.is_refused(one.row):
        findings.refuse(row, "sign_in_name", CellProblem(
            expected=gettext_noop("Expected a person who can be entered."),
            found=gettext_noop("Row {first} of the same person is refused."),
            remedy=gettext_noop("Correct that row first."), values={"first": one.row.number},
        ))  # fmt: skip


def _membership(row: ImportRow, one: _One, known: KnownParties, held: _Held, findings: Findings) -> None:
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
                "Only the quality manager says in bulk who belongs where; leave the column out and ask him to "
                "import it."
            ),
            values={"value": row["party"][:80]},
        ))  # fmt: skip
        return
    line = membership_line(
        party=party.public_id, person=one.public_id, capacity=capacity, began_on=began, ended_on=ended
    )
    findings.new(row, MEMBERSHIPS_TARGET, line)


def _wrong(
    row: ImportRow, party: Party, capacity: Capacity, one: _One, began: date, ended: date | None
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
            remedy=gettext_noop("Choose somebody of the organisation, or end what he is outside first."),
            values={"number": party.number},
        )
    if party.party_kind in OUTSIDE:
        one.outsider = True
    return None


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Edit one person as the row says."""
    try:
        person = open_person(viewer=by, public_id=line["person"])
    except NotFound:
        raise withdrawn(gettext_noop("Expected a person who is there.")) from None
    given = {name: value for name, value in line.items() if name not in ("person", "row")}
    edit_person(by=by, at=at, person=person, **given)


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """Everybody whom the viewer may list, with a row for each membership; contacts only for those who may change them,
    because others see them masked."""
    whole = may_add_people(viewer)
    day = day_of(at)
    known = KnownParties.read(viewer, "")
    memberships: dict[int, list[Membership]] = defaultdict(list)
    for held in Membership.objects.filter(policy.beyond(day)).select_related("party").order_by("pk"):
        memberships[held.person_id].append(held)
    for person in all_people(viewer=viewer, at=at).iterator(chunk_size=1_000):
        own = {
            "sign_in_name": person.sign_in_name, **names_told(person.name),
            "email": (person.email or "") if whole else "",
            "phone": (person.phone or "") if whole else "", "language": person.language,
        }  # fmt: skip
        if person.pk not in memberships:
            yield own
        for held in memberships[person.pk]:
            yield own | {
                "party": known.told(held.party), "capacity": held.capacity,
                "member_from": held.began_on.isoformat(),
                "member_until": held.ended_on.isoformat() if held.ended_on else "",
            }  # fmt: skip


def may_bring(actor: Actor) -> bool:
    """Those who add people, and the quality manager, who says who belongs where."""
    return may_add_people(actor) or policy.may_add_links_in_bulk(actor)


PEOPLE = ImportTarget(
    title=_("People"),
    text=_("Who signs in, with what they are in which parties; nobody gets a password."),
    columns=COLUMNS,
    may_bring=may_bring,
    makes=(PEOPLE_TARGET, MEMBERSHIPS_TARGET),
    check=check,
    apply=apply,
    rows=rows,
    kind="person",
    key_is_personal=True,
    icon="users",
    may_take=may_list_people,
)
