"""What is taken as a table and brought into an empty installation is the same again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.db import transaction
from django.utils import timezone

from baton.chain import changes
from baton.chain.models import Membership
from baton.chain.rules import Capacity, OutputKind, PartyKind, Responsible, Scope
from baton.core.changes import give_external_key
from baton.core.import_targets import KEY_FIELD, import_targets
from baton.core.imports.reports import problems_of
from baton.core.workbooks import Sheet, workbook
from tests import world as hospital
from tests.rooms.imports.tables import SYSTEM, checked, counts, entered

TARGETS = (
    "organisation", "keys", "people", "outputs", "needs", "projects", "links", "responsibilities", "accounts",
    "contacts",
)  # fmt: skip


def taken(target: str) -> list[Mapping[str, str]]:
    """The rows of a target as they are taken."""
    return list(import_targets.get(target).rows(SYSTEM, timezone.now()))


def as_book(target: str, rows: list[Mapping[str, str]]) -> bytes:
    """The rows as a workbook with the names of the columns in Chinese."""
    columns = import_targets.get(target).all_columns()
    header = [column.label("zh-hans") for column in columns]
    return workbook([Sheet(target, header, [[row.get(column.name, "") for column in columns] for row in rows])])


def known(rows: list[Mapping[str, str]]) -> list[list[tuple[str, str]]]:
    """The rows without what a new installation numbers anew, in an order of their own."""
    return sorted(
        sorted((name, value) for name, value in row.items() if name not in (KEY_FIELD, "parent")) for row in rows
    )


def enlarge(world: hospital.World) -> None:
    """What is hard to take along: names that several have, a deputy who is held to some links, a temporary link."""
    at, by = hospital.BEGAN, SYSTEM
    changes.add_party(
        by=by, at=at, party_kind=PartyKind.SHIFT, name={"en": "Night shift"}, parent=world.laundry, began_on=at.date()
    )
    shift = changes.add_party(
        by=by, at=at, party_kind=PartyKind.SHIFT, name={"en": "Night shift"}, parent=world.stores, began_on=at.date()
    )
    changes.appoint(by=by, at=at, party=shift, person=world.gao_ming, capacity=Capacity.MEMBER, note="On Mondays")
    buyers = changes.add_party(
        by=by, at=at, party_kind=PartyKind.CONSUMERS, name={"en": "Night shift"}, began_on=at.date()
    )
    changes.appoint(
        by=by, at=at, party=world.stores, person=world.sun_lei, capacity=Capacity.DEPUTY, scope=Scope.LINKS,
        scope_side="customer", scope_kind=OutputKind.SERVICE, scope_dealings="outside",
        ended_on=hospital.DEPUTY_UNTIL,
    )  # fmt: skip
    give_external_key(by=by, at=at, kind="party", object_id=shift.public_id, system="SAP", key="4711")
    project = changes.add_project(by=by, at=at, name={"en": "New press"}, owner=shift, began_on=at.date())
    needs = [
        changes.add_need(by=by, at=at, holder=who, words={"en": "Quiet nights"}) for who in (buyers, world.patient)
    ]
    changes.add_link(
        by=by, at=at, supplier=shift, customer=buyers, output={"en": "Towels at night"}, need=needs[0], project=project
    )
    linen = world.laundry_ward.output
    for party, held in ((world.laundry, Responsible.ACCOUNTABLE), (shift, Responsible.INFORMED)):
        changes.give_responsibility(by=by, at=at, output=linen, party=party, responsible=held)
    account = changes.add_account(by=by, at=at, party=buyers, number="A-1", name="Li household")
    changes.add_contact(
        by=by, at=at, account=account, name="Li Na", phone="+8613800138000", consented_on=at.date(),
        consent_source="Contract", quiet_until=hospital.DEPUTY_UNTIL, budget=2,
    )  # fmt: skip


@pytest.mark.django_db
def test_what_is_taken_comes_back_the_same() -> None:
    before: dict[str, list[Mapping[str, str]]] = {}
    books: dict[str, bytes] = {}
    with transaction.atomic():
        enlarge(hospital.build())
        for target in TARGETS:
            before[target] = taken(target)
            books[target] = as_book(target, before[target])
            again = checked(target, books[target])
            assert counts(again) == (0, 0, len(before[target]), 0), target
        transaction.set_rollback(True)
    assert not any(taken(target) for target in TARGETS)
    for target in TARGETS:
        run = entered(target, books[target])
        assert run.rows_new + run.rows_unchanged == len(before[target])
        assert known(taken(target)) == known(before[target]), target
        again = checked(target, books[target])
        assert counts(again) == (0, 0, len(before[target]), 0), target
    tree = {(row["name_en"], row["parent"] != "") for row in before["organisation"]}
    assert {(row["name_en"], row["parent"] != "") for row in taken("organisation")} == tree


@pytest.mark.django_db
def test_a_table_of_people_ends_what_they_were() -> None:
    entered("organisation", "Code\tName (English)\tKind\nW3\tWard 3\tDepartment\n")
    header = "Sign-in name\tName (English)\tParty\tCapacity\tBelongs until\tDeputy for\n"
    entered("people", header + "1\tChen Jie\tW3\tmember\t\t\n2\tSun Lei\tW3\tdeputy\t2099-12-31\tMembers\n")
    run = entered("people", header + "1\tChen Jun\tW3\tmember\t2099-01-31\t\n")
    assert counts(run) == (0, 1, 0, 0)
    held = Membership.objects.select_related("person").get(capacity="member")
    assert (held.person.name["en"], held.ended_on and held.ended_on.isoformat()) == ("Chen Jun", "2099-01-31")
    wrong = checked("people", header + "2\tSun Lei\tW3\tdeputy\t2099-12-31\tLinks\n3\tMa Chao\tW3\thead\t\tLinks\n")
    assert [problem.column for problem in problems_of(wrong)] == ["Deputy for", "Deputy for"]
