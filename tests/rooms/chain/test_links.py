"""Links, one and many."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from baton.chain import changes
from baton.chain.models import Link
from baton.chain.rules import Criticality, Sourcing, Stage, State
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


@pytest.mark.both
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
    fresh = Link.objects.get(pk=world.laundry_ward.pk)
    assert stale.value.theirs["output"] == fresh.output.public_id
    assert (fresh.output.name, fresh.output.output_kind) == ({"en": "Linen"}, "control")


def test_an_output_that_others_hand_over_is_not_corrected_from_one_link(world: World) -> None:
    same = changes.add_link(
        by=SYSTEM, at=NOON, supplier=world.laundry, customer=world.pharmacy, output={"en": "CLEAN linen"}
    )
    assert same.output == world.laundry_ward.output
    with pytest.raises(Refused, match=same.output.number):
        changes.change_link(by=SYSTEM, at=NOON, link=same, output={"en": "clean linen"}, output_kind="control")
    changes.change_link(by=SYSTEM, at=NOON, link=same, output={"en": "White coats"}, output_kind="service")
    assert [str(link.output) for link in Link.objects.filter(supplier=world.laundry).order_by("pk")] == [
        "Clean linen", "White coats",
    ]  # fmt: skip
    assert same.output.number != Link.objects.get(pk=same.pk).output.number


def test_a_corrected_output_makes_open_pages_of_its_links_stale(world: World) -> None:
    seen = world.laundry_ward.changed_seq
    changes.change_output(
        by=SYSTEM, at=NOON, output=world.laundry_ward.output, name={"en": "Linen"}, output_kind="service"
    )
    with pytest.raises(Stale):
        changes.change_link(
            by=SYSTEM, at=NOON, link=world.laundry_ward, output={"en": "X"}, output_kind="service", expected_seq=seen
        )


def test_a_chosen_single_source_has_a_plan(world: World) -> None:
    judged = {"spend": 5, "irreplaceability": 4, "impact": 5}
    with pytest.raises(Refused) as refused:
        changes.judge_link(by=SYSTEM, at=NOON, link=world.linenco_laundry, sourcing=Sourcing.CHOSEN, **judged)
    assert refused.value.field == "continuity_plan"
    link = changes.judge_link(
        by=SYSTEM, at=NOON, link=world.linenco_laundry, sourcing=Sourcing.CHOSEN, stage=Stage.BACK,
        continuity_plan="Two weeks of stock; hire from the town hospital", **judged,
    )  # fmt: skip
    assert link.criticality is Criticality.HIGH
    with pytest.raises(Forbidden):
        changes.judge_link(by=world.actor(world.chen_jie), at=NOON, link=link, **judged)


def test_links_of_a_project_end_with_it(world: World) -> None:
    project = changes.add_project(
        by=SYSTEM, at=NOON, name={"en": "New dryers"}, owner=world.laundry, began_on=date(2026, 5, 1)
    )
    link = changes.add_link(
        by=world.actor(world.zhao_lei), at=NOON, supplier=world.stores, customer=world.laundry,
        output={"en": "Spare parts"}, project=project,
    )  # fmt: skip
    with pytest.raises(Refused, match="first day of the project"):
        changes.add_link(
            by=SYSTEM, at=NOON, supplier=world.stores, customer=world.laundry, output={"en": "Drums"},
            project=project, began_on=date(2026, 4, 30),
        )  # fmt: skip
    changes.end_project(by=SYSTEM, at=NOON, project=project, ended_on=date(2026, 7, 1))
    assert Link.objects.get(pk=link.pk).ended_on == date(2026, 7, 1)


def test_an_output_that_is_handed_over_is_not_ended(world: World) -> None:
    with pytest.raises(Refused, match=world.laundry_ward.number):
        changes.end_output(by=SYSTEM, at=NOON, output=world.laundry_ward.output)


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
