"""Panels and rows that are not drawn again are what they would be if they were."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from baton.chain.changes import (
    add_link,
    add_need,
    appoint,
    change_link,
    change_output,
    end_link,
    end_membership,
    rename_party,
)
from baton.chain.models import Membership
from baton.chain.rules import Capacity, OutputKind
from baton.core.changes import edit_person
from baton.core.days import day_of
from baton.core.versions import Memory
from tests.kept_panels import apart
from tests.query_counts import of_records
from tests.rooms.agreements.made import in_force, proposed
from tests.rooms.handoffs.made import delivered
from tests.world import NOON, SYSTEM, World

pytestmark = pytest.mark.django_db


def queries(client: Client, address: str) -> tuple[int, str]:
    """How many the page asks of the records, and what it shows but for what is different in each answer."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    text = re.sub(r"\b([A-Za-z0-9]{64}|[0-9a-f]{32}|\d{13})\b", "", answer.content.decode())
    return sum(of_records(query["sql"]) for query in asked), text


def test_panels_are_drawn_again_when_what_they_show_has_changed(world: World) -> None:
    address = f"/links/{world.laundry_ward.public_id}/"
    version = proposed(world)
    client = world.client(world.chen_jie)
    cold, first = queries(client, address)
    warm, second = queries(client, address)
    assert warm < cold - 5
    assert first == second
    in_force(version)
    _again, third = queries(client, address)
    assert "In force" in third
    assert "In force" not in second


def test_nobody_gets_a_panel_that_was_drawn_for_somebody_else(world: World) -> None:
    address = f"/links/{world.laundry_ward.public_id}/"
    in_force(proposed(world))
    leads, nurse = world.client(world.zhao_lei), world.client(world.chen_jie)
    alone = queries(nurse, address)[1]
    queries(leads, address)
    assert queries(nurse, address)[1] == alone
    assert "joint quality plan" in queries(leads, address)[1]


def test_each_reader_gets_it_in_his_language(world: World) -> None:
    address = f"/links/{world.laundry_ward.public_id}/"
    in_force(proposed(world))
    delivered(world)
    edit_person(by=SYSTEM, at=NOON, person=world.wang_fang, language="zh-hans")
    english, chinese = world.client(world.chen_jie), world.client(world.wang_fang)
    for page, said, word in (
        (address, "In force", "有效|生效中"),
        ("/handoffs/today/", "due", "期限"),
        ("/handoffs/", "Delivered", "已送达|已交付"),
    ):
        first = queries(english, page)[1]
        assert said in first
        assert not re.search(word, first)
        assert re.search(word, queries(chinese, page)[1])
        assert queries(english, page)[1] == first


@pytest.mark.usefixtures("each_panel_reads_for_itself")
@pytest.mark.parametrize("name", ["lin_mei", "wang_fang", "chen_jie", "zhao_lei"])
def test_panels_name_all_that_they_read(world: World, name: str) -> None:
    in_force(proposed(world))
    delivered(world)
    client = world.client(getattr(world, name))
    for page in ("/", f"/links/{world.laundry_ward.public_id}/", f"/parties/{world.laundry.public_id}/"):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", ["/handoffs/today/", "/handoffs/"])
def test_a_row_shows_the_new_name_of_its_supplier(world: World, page: str) -> None:
    delivered(world)
    client = world.client(world.chen_jie)
    assert "Laundry" in queries(client, page)[1]
    rename_party(by=world.actor(world.lin_mei), at=NOON, party=world.laundry, name={"en": "Linen service"})
    shown = queries(client, page)[1]
    assert "Linen service" in shown
    assert not re.search(r">[^<]*Laundry[^<]*<", shown)


def test_a_form_in_a_row_that_was_drawn_before_has_its_own_tokens(world: World) -> None:
    for _number in range(2):
        delivered(world)
    pages = [
        world.client(person).get("/handoffs/today/").content.decode() for person in (world.chen_jie, world.sun_lei)
    ]
    for token in ("csrfmiddlewaretoken", "submission"):
        first, second = (re.findall(rf'name="{token}" value="([^"]+)"', page) for page in pages)
        assert len(first) == len(second) >= 2
        assert set(first).isdisjoint(second), token
        assert token == "csrfmiddlewaretoken" or len(set(first)) == len(first)
    assert "\0" not in "".join(pages)


def while_versions_are_read(what: Callable[[], object]) -> Callable[..., Any]:
    """An execute wrapper in which somebody else does something once, just before the page learns in which version that
    stands what its panels read."""
    waiting = [what]

    def listen(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        if waiting and statement.startswith("SELECT (SELECT MAX(") and "core_attachment" in statement:
            apart(waiting.pop())
        return execute(statement, *rest)

    return listen


def the_head_goes(world: World) -> None:
    head = Membership.objects.get(party=world.ward, capacity=Capacity.HEAD, ended_on=None)
    end_membership(by=SYSTEM, at=NOON, membership=head, ended_on=head.began_on)


def the_nurse_leads(world: World) -> None:
    nurse, from_now = world.chen_jie, day_of(NOON)
    appoint(by=SYSTEM, at=NOON, party=world.ward, person=nurse, capacity=Capacity.HEAD, began_on=from_now)


MEANWHILE = {
    "a right comes": ((the_head_goes,), the_nurse_leads),
    "a right goes": ((the_head_goes, the_nurse_leads), the_head_goes),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_what_changes_while_a_page_is_drawn_stands_on_the_next(world: World, what: str) -> None:
    before, meanwhile = MEANWHILE[what]
    for one in before:
        one(world)
    in_force(proposed(world))
    client, address = world.client(world.chen_jie), f"/links/{world.laundry_ward.public_id}/"
    as_it_was = queries(client, address)[1]
    Memory.forget_all()
    with connection.execute_wrapper(while_versions_are_read(lambda: meanwhile(world))):
        queries(client, address)
    shown = queries(client, address)[1]
    Memory.forget_all()
    assert shown == queries(client, address)[1]
    assert shown != as_it_was


OF_CHAIN: dict[str, Callable[[World], object]] = {
    "a party is renamed": lambda world: rename_party(
        by=SYSTEM, at=NOON, party=world.laundry, name={"en": "Linen service"}
    ),
    "what is handed over is renamed": lambda world: change_output(
        by=SYSTEM, at=NOON, output=world.laundry_ward.output, name={"en": "Fresh linen"}, output_kind=OutputKind.SERVICE
    ),
    "a head is renamed": lambda world: edit_person(by=SYSTEM, at=NOON, person=world.zhao_lei, name={"en": "Zhao Qi"}),
    "a head goes": the_head_goes,
    "another link comes": lambda world: add_link(
        by=SYSTEM, at=NOON, supplier=world.laundry, customer=world.ward, output={"en": "Towels"}
    ),
    "a link ends": lambda world: end_link(by=SYSTEM, at=NOON, link=world.laundry_ward, ended_on=day_of(NOON)),
    "a need is named": lambda world: change_link(
        by=SYSTEM, at=NOON, link=world.ward_patient, output={"en": "Care"}, output_kind=OutputKind.SERVICE,
        need=add_need(by=SYSTEM, at=NOON, holder=world.patient, words={"en": "A bed"}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", OF_CHAIN)
def test_what_the_chain_says_on_a_page_follows_every_change(world: World, what: str) -> None:
    client = world.client(world.chen_jie)
    pages = f"/links/{world.laundry_ward.public_id}/", "/"
    before = [queries(client, page) for page in pages]
    assert [queries(client, page)[1] for page in pages] == [text for _asked, text in before]
    OF_CHAIN[what](world)
    after = [queries(client, page)[1] for page in pages]
    Memory.forget_all()
    assert after == [queries(client, page)[1] for page in pages]
    assert after[0] != before[0][1]
