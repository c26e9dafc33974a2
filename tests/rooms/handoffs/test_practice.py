"""Who decides about contested returns, and how long they can be contested: both sides agree."""

from __future__ import annotations

from typing import Any

import pytest

from baton.core import changes as core
from baton.core.errors import Forbidden, Refused
from baton.handoffs import changes, queries
from baton.handoffs.models import LinkPractice
from baton.handoffs.rules import ReturnState, Side
from tests.rooms.handoffs.made import HOUR
from tests.rooms.handoffs.test_life import as_
from tests.rooms.handoffs.test_returns import arbiter, contested, returned
from tests.world import NOON, World


def proposed(world: World, name: str = "zhao_lei", **more: Any) -> LinkPractice:
    """The Laundry wants Liu Yang to decide, and one hour to contest."""
    values = {"side": Side.SUPPLIER, "arbiter": world.liu_yang, "contest_hours": 1, **more}
    return changes.propose_practice(**as_(world, name), link=world.laundry_ward, **values)


def confirmed(world: World, name: str, side: Side) -> LinkPractice:
    return changes.confirm_practice(**as_(world, name), link=world.laundry_ward, side=side)


def test_what_one_side_proposes_alone_holds_for_nothing(world: World) -> None:
    found = contested(world)
    held = proposed(world)
    assert (held.arbiter, held.contest_hours) == (None, 24)
    with pytest.raises(Forbidden):
        changes.decide_return(**as_(world, "liu_yang"), found=found, verdict=ReturnState.UPHELD, note="Seen")
    for name, side in (("zhao_lei", Side.SUPPLIER), ("lin_mei", Side.SUPPLIER)):
        with pytest.raises(Refused, match="nothing to agree to"):
            confirmed(world, name, side)
    for name, side in (("chen_jie", Side.CUSTOMER), ("zhao_lei", Side.CUSTOMER), ("gao_ming", Side.SUPPLIER)):
        with pytest.raises(Forbidden):
            confirmed(world, name, side)
    held = confirmed(world, "wang_fang", Side.CUSTOMER)
    assert (held.arbiter, held.contest_hours, held.wanted_side, held.wanted_arbiter) == (world.liu_yang, 1, "", None)
    with pytest.raises(Refused, match="nothing to agree to"):
        confirmed(world, "wang_fang", Side.CUSTOMER)
    changes.decide_return(**as_(world, "liu_yang"), found=found, verdict=ReturnState.UPHELD, note="Seen")


def test_until_the_other_side_agrees_holds_what_held_before(world: World) -> None:
    arbiter(world)
    proposed(world, "wang_fang", side=Side.CUSTOMER, arbiter=None)
    found = contested(world)
    with pytest.raises(Forbidden):
        changes.decide_return(**as_(world, "lin_mei"), found=found, verdict=ReturnState.UPHELD, note="Seen")
    confirmed(world, "zhao_lei", Side.SUPPLIER)
    changes.decide_return(**as_(world, "lin_mei"), found=found, verdict=ReturnState.UPHELD, note="Seen")


def test_the_quality_manager_does_not_agree_with_himself(world: World) -> None:
    proposed(world, "lin_mei", side=Side.CUSTOMER)
    with pytest.raises(Refused, match="nothing to agree to"):
        confirmed(world, "lin_mei", Side.SUPPLIER)
    assert confirmed(world, "zhao_lei", Side.SUPPLIER).arbiter == world.liu_yang


@pytest.mark.parametrize("name", ["ivy_stone", "tom_reed"])
def test_whoever_decides_sees_the_link(world: World, name: str) -> None:
    with pytest.raises(Refused, match="sees this link") as refused:
        proposed(world, arbiter=getattr(world, name))
    assert refused.value.field == "arbiter"
    with pytest.raises(Refused, match="1 to"):
        proposed(world, contest_hours=0)
    assert not LinkPractice.objects.exists()


def test_when_the_arbiter_has_left_the_quality_manager_decides(world: World) -> None:
    arbiter(world)
    found = contested(world)
    core.disable_person(by=world.actor(world.sun_yan), at=NOON, person=world.liu_yang)
    changes.decide_return(**as_(world, "lin_mei"), found=found, verdict=ReturnState.UPHELD, note="Seen")


def test_the_button_to_contest_goes_when_the_time_has_passed(world: World) -> None:
    found = returned(world)
    laundry = world.actor(world.gao_ming)
    for later, may in ((24 * HOUR, True), (25 * HOUR, False)):
        page = queries.handoff_shown(viewer=laundry, at=NOON + later, public_id=found.handoff.public_id)
        assert page.returns[0].may_contest is may
