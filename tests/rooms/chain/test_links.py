"""Links, one and many."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from baton.chain import changes
from baton.chain.models import Link
from baton.chain.rules import State
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
