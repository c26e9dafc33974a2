"""Links, one and many."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from baton.chain import changes, queries
from baton.chain.changes import LinkRow
from baton.chain.models import Link
from baton.chain.rules import BATCH_ROWS, OutputKind, Source, State
from baton.core.audit.trail import head
from baton.core.errors import Forbidden, Refused, Stale
from baton.core.history import history_of
from baton.core.registries import policies
from tests.world import NOON, SYSTEM, World


def test_a_link_is_live_on_its_days(world: World) -> None:
    link = changes.add_link(
        by=SYSTEM, at=NOON, supplier=world.stores, customer=world.ward, output={"en": "Gloves"},
        began_on=date(2026, 6, 10),
    )  # fmt: skip
    changes.end_link(by=SYSTEM, at=NOON, link=link, ended_on=date(2026, 6, 20))
    link.refresh_from_db()
    states = [link.state(date(2026, 6, day)) for day in (9, 10, 19, 20)]
    assert states == [State.PLANNED, State.LIVE, State.LIVE, State.ENDED]


def test_nobody_is_his_own_customer(world: World) -> None:
    with pytest.raises(Refused, match="both sides"):
        changes.add_link(by=SYSTEM, at=NOON, supplier=world.ward, customer=world.ward, output={"en": "x"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.filter(pk=world.laundry_ward.pk).update(customer=world.laundry)


@pytest.mark.parametrize("output", ["Clean linen", "clean  LINEN", "ｃlean linen", "Clean\u200b linen"])
def test_the_same_output_is_live_once(world: World, output: str) -> None:
    with pytest.raises(Refused, match=world.laundry_ward.number):
        changes.add_link(by=SYSTEM, at=NOON, supplier=world.laundry, customer=world.ward, output={"en": output})


def test_what_ended_may_be_entered_anew_as_another_link(world: World) -> None:
    changes.end_link(by=SYSTEM, at=NOON, link=world.laundry_ward)
    again = changes.add_link(
        by=SYSTEM, at=NOON, supplier=world.laundry, customer=world.ward, output={"en": "Clean linen"}
    )
    assert again.number != world.laundry_ward.number
    with pytest.raises(Refused, match="not taken up again"):
        changes.change_link(by=SYSTEM, at=NOON, link=world.laundry_ward, output={"en": "x"}, output_kind="service")


def test_a_stale_change_is_refused_with_what_now_stands(world: World) -> None:
    seen = world.laundry_ward.changed_seq
    changes.change_link(
        by=SYSTEM, at=NOON, link=world.laundry_ward, output={"en": "Linen"}, output_kind="control", expected_seq=seen
    )
    with pytest.raises(Stale) as stale:
        changes.change_link(
            by=SYSTEM, at=NOON, link=world.laundry_ward, output={"en": "X"}, output_kind="service", expected_seq=seen
        )
    assert stale.value.theirs["output"] == {"en": "Linen"}
    assert stale.value.theirs["output_kind"] == "control"


def test_an_output_cannot_be_changed_into_another_live_one(world: World) -> None:
    other = changes.add_link(by=SYSTEM, at=NOON, supplier=world.laundry, customer=world.ward, output={"en": "Towels"})
    with pytest.raises(Refused, match=world.laundry_ward.number):
        changes.change_link(by=SYSTEM, at=NOON, link=other, output={"en": "Clean linen"}, output_kind="service")


def test_either_side_may_enter_a_link_and_nobody_else(world: World) -> None:
    sides = {"supplier": world.stores, "customer": world.pharmacy}
    for key, outcome in {
        "he_ping": True,
        "xu_jing": True,
        "wang_fang": False,
        "he_jun": False,
        "sun_yan": False,
    }.items():
        by = world.actor(getattr(world, key))
        if outcome:
            assert changes.add_link(by=by, at=NOON, output={"en": key}, **sides)
        else:
            with pytest.raises(Forbidden):
                changes.add_link(by=by, at=NOON, output={"en": key}, **sides)


def rows(world: World, count: int = 3) -> list[LinkRow]:
    return [
        LinkRow(world.stores, world.pharmacy, {"en": f"Item {n}", "zh-hans": f"物品{n}"}, OutputKind.SERVICE,
                date(2026, 1, 1 + n % 28))
        for n in range(count)
    ]  # fmt: skip


def plain(link: Link) -> dict[str, object]:
    """All columns but those that differ from link to link by design."""
    own = {"id", "public_id", "number", "search_text", "batch", "changed_seq"}
    return {f.attname: getattr(link, f.attname) for f in Link._meta.concrete_fields if f.name not in own}


def test_bulk_makes_the_links_that_single_entries_make(world: World) -> None:
    with transaction.atomic():
        one_by_one = [
            plain(changes.add_link(
                by=SYSTEM, at=NOON, source=Source.MINED, supplier=row.supplier, customer=row.customer,
                output=row.output, output_kind=row.output_kind, began_on=row.began_on))
            for row in rows(world)
        ]  # fmt: skip
        transaction.set_rollback(True)
    made = changes.add_links_in_bulk(by=SYSTEM, at=NOON, rows=rows(world), source=Source.MINED)
    stored = [Link.objects.get(public_id=link.public_id) for link in made]
    assert [plain(link) for link in stored] == one_by_one
    numbers = [int(link.number[-4:]) for link in stored]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert all(link.number.casefold() in link.search_text for link in stored)


def test_bulk_writes_one_audit_row_a_batch_and_every_link_knows_it(world: World) -> None:
    before = head()
    made = changes.add_links_in_bulk(by=SYSTEM, at=NOON, rows=rows(world, BATCH_ROWS + 5), digest="ab" * 32)
    assert head() == before + 2
    page = queries.link_page(viewer=SYSTEM, at=NOON, public_id=made[-1].public_id)
    assert page.history[0].action == "links.added_in_bulk"
    assert page.history[0].detail["row_range"] == [BATCH_ROWS + 1, BATCH_ROWS + 5]
    assert page.history[0].detail["digest"] == "ab" * 32
    assert {link.changed_seq for link in made} == {before + 1, before + 2}


def test_bulk_refuses_the_whole_when_one_row_is_wrong_and_names_it(world: World) -> None:
    before, count = head(), Link.objects.count()
    wrong = {
        "both sides": LinkRow(world.ward, world.ward, {"en": "x"}),
        "is the same": LinkRow(world.laundry, world.ward, {"en": "clean linen"}),
        "can be read": LinkRow(world.laundry, world.ward, {"en": "\u200b"}),
    }
    for said, row in wrong.items():
        with pytest.raises(Refused, match=said) as refused:
            changes.add_links_in_bulk(by=SYSTEM, at=NOON, rows=[*rows(world), row])
        assert "row 4" in str(refused.value)
    twice = rows(world, 1) * 2
    with pytest.raises(Refused, match="row 2"):
        changes.add_links_in_bulk(by=SYSTEM, at=NOON, rows=twice)
    assert (head(), Link.objects.count()) == (before, count)


def test_bulk_is_the_quality_managers(world: World) -> None:
    with pytest.raises(Forbidden):
        changes.add_links_in_bulk(by=world.actor(world.he_ping), at=NOON, rows=rows(world))
    assert changes.add_links_in_bulk(by=world.actor(world.lin_mei), at=NOON, rows=rows(world))


def test_core_services_ask_who_may_see_a_link_and_what_it_is_measured_as(world: World) -> None:
    asked = policies.get("link")
    link = world.linenco_stores
    assert asked.may_see(world.actor(world.he_ping), link.public_id)
    assert not asked.may_see(world.actor(world.chen_jie), link.public_id)
    assert not asked.may_see(world.actor(world.lin_mei), "no such link")
    assert asked.measured_as is not None
    assert asked.measured_as(link.public_id) == f"{world.linenco.public_id}>{world.stores.public_id}"
    assert asked.measured_as("no such link") == ""
    assert asked.address(link.public_id) == f"/links/{link.public_id}/"


def test_history_names_who_and_why(world: World) -> None:
    changes.end_link(by=world.actor(world.wang_fang), at=NOON, link=world.lab_ward, reason="now by telephone")
    last = history_of(viewer=SYSTEM, object_ids=[world.lab_ward.public_id])[0]
    assert (last.action, last.reason, last.who["en"]) == ("link.ended", "now by telephone", "Wang Fang")
