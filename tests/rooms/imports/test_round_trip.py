"""What is taken as a table and brought into an empty installation is the same again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.db import transaction
from django.utils import timezone

from baton.chain.changes import add_link, add_party
from baton.chain.rules import PartyKind
from baton.core.import_targets import KEY_FIELD, import_targets
from baton.core.workbooks import Sheet, workbook
from tests import world as hospital
from tests.rooms.imports.tables import SYSTEM, checked, counts, entered
from tests.world import BEGAN, World

TARGETS = ("organisation", "people", "outputs", "links")


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


@pytest.mark.django_db
def test_what_is_taken_comes_back_the_same() -> None:
    before: dict[str, list[Mapping[str, str]]] = {}
    books: dict[str, bytes] = {}
    with transaction.atomic():
        hospital.build()
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
    tree = {(row["name_en"], row["parent"] != "") for row in before["organisation"]}
    assert {(row["name_en"], row["parent"] != "") for row in taken("organisation")} == tree


def test_parties_of_one_name_are_told_so_that_they_are_known_again(world: World) -> None:
    """By the name that two have, a table of links would mean neither."""
    parties = [
        add_party(by=SYSTEM, at=BEGAN, party_kind=PartyKind.SHIFT, name={"en": "Shift A"}, parent=of)
        for of in (world.ward, world.laundry)
    ]
    for party in parties:
        add_link(by=SYSTEM, at=BEGAN, supplier=party, customer=world.stores, output={"en": "Handover note"})
    rows = taken("links")
    assert {row["supplier"] for row in rows} > {str(party.number) for party in parties}
    assert counts(checked("links", as_book("links", rows))) == (0, 0, len(rows), 0)
