"""People, with what they are in which parties; a row for each membership."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes.bulk_memberships import MEMBERSHIPS_TARGET
from baton.chain.imports.belonging import BELONGING_COLUMNS, Held, One, belongings_told, belongs, end_belonging
from baton.chain.imports.columns import LANGUAGE_WORDS, name_columns, names_given, names_told, withdrawn
from baton.chain.imports.known import KnownParties
from baton.core.actors import Actor
from baton.core.changes import edit_person
from baton.core.changes.bulk_people import PEOPLE_TARGET, normal_names, person_line
from baton.core.errors import NotFound, Refused
from baton.core.ids import new_public_id
from baton.core.import_targets import (
    ChoiceCell,
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
    *BELONGING_COLUMNS,
)  # fmt: skip


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New people, what changes in those who are there, and memberships that are not there yet."""
    keys = {row["party"] for row in rows if row["party"]}
    known = KnownParties.read(findings.viewer, findings.system, keys if findings.system else None)
    held = Held.read(findings)
    people: dict[str, One] = {}
    for row in rows:
        name = normal_sign_in_name(row["sign_in_name"])
        if name in people:
            _another_row(row, people[name], findings)
        else:
            people[name] = _first_row(row, name, held, findings)
        if row["party"] and not findings.is_refused(row):
            belongs(row, people[name], known, held, findings)


def _first_row(row: ImportRow, name: str, held: Held, findings: Findings) -> One:
    meant = row.known or held.by_name.get(name, "")
    person = held.by_id.get(meant)
    one = One(row, person.public_id if person else new_public_id(), person)
    one.outsider = person is not None and person.pk in held.outsiders
    if person is None:
        _new(row, one, held, findings)
    else:
        _changed(row, person, held, findings)
    return one


def _new(row: ImportRow, one: One, held: Held, findings: Findings) -> None:
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


def _names_free(row: ImportRow, public_id: str, held: Held, findings: Findings) -> bool:
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


def _changed(row: ImportRow, person: Person, held: Held, findings: Findings) -> None:
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
            expected=gettext_noop("Expected this person unchanged: {name}."),
            found=gettext_noop("The row says something else."),
            remedy=gettext_noop("Only administrators and HR change people; ask one of them to import this table."),
            name=say(person.name),
        ))  # fmt: skip
    elif _names_free(row, person.public_id, held, findings):
        was = {"email": person.email, "phone": person.phone, "language": person.language, **names_told(person.name)}
        findings.change(row, line, made=person.public_id, was=was)


def _another_row(row: ImportRow, one: One, findings: Findings) -> None:
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


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Edit one person, and end what he is somewhere, as the row says."""
    if "membership" in line:
        end_belonging(by=by, at=at, line=line)
    if "person" not in line:
        return
    try:
        person = open_person(viewer=by, public_id=line["person"])
    except NotFound:
        raise withdrawn(gettext_noop("Expected a person who is there.")) from None
    given = {name: value for name, value in line.items() if name not in ("person", "row", "membership", "ended_on")}
    edit_person(by=by, at=at, person=person, **given)


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """Everybody whom the viewer may list, with a row for each membership; contacts only for those who may change them,
    because others see them masked."""
    whole = may_add_people(viewer)
    belongings = belongings_told(viewer, at, whole=whole)
    for person in all_people(viewer=viewer, at=at).iterator(chunk_size=1_000):
        own = {
            "sign_in_name": person.sign_in_name, **names_told(person.name),
            "email": (person.email or "") if whole else "",
            "phone": (person.phone or "") if whole else "", "language": person.language,
        }  # fmt: skip
        for held in belongings.get(person.pk) or [{}]:
            yield own | held


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
