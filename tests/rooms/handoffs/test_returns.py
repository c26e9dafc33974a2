"""Returns are contested, decided, settled and taken back; judgements, checks, measured values, predecessors."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from baton.agreements.rules import Measure
from baton.core.errors import Forbidden, Refused
from baton.handoffs import changes, queries
from baton.handoffs.models import HandoffReturn
from baton.handoffs.queries.parts import sees_part
from baton.handoffs.queries.reading import held_with
from baton.handoffs.rules import Moments, ReturnState, Side, Stage, State
from tests.rooms.agreements.made import LINEN, first_clause, in_force, proposed, terms
from tests.rooms.handoffs.made import HOUR, accepted, delivered, requested
from tests.rooms.handoffs.test_life import as_
from tests.world import NOON, World

if TYPE_CHECKING:
    from baton.handoffs.models import Handoff


def returned(world: World, handoff: Handoff | None = None) -> HandoffReturn:
    """All of it, sent back by Chen Jie."""
    handoff = handoff or delivered(world)
    changes.return_handoff(**as_(world, "chen_jie"), handoff=handoff, phenomenon="Damp")
    return HandoffReturn.objects.get(handoff=handoff)


def contested(world: World, handoff: Handoff | None = None) -> HandoffReturn:
    """That return, contested by Gao Ming."""
    return changes.contest_return(**as_(world, "gao_ming"), found=returned(world, handoff), ground="Dry by our meter")


def arbiter(world: World, name: str = "liu_yang") -> None:
    """Proposed by the head of the Laundry, agreed to by that of the ward."""
    link = world.laundry_ward
    changes.propose_practice(
        **as_(world, "zhao_lei"), link=link, side=Side.SUPPLIER, arbiter=getattr(world, name), contest_hours=24
    )
    changes.confirm_practice(**as_(world, "wang_fang"), link=link, side=Side.CUSTOMER)


@pytest.mark.parametrize(
    ("verdict", "was_accepted", "state"),
    [
        (ReturnState.UPHELD, False, State.RETURNED), (ReturnState.DISMISSED, False, State.DELIVERED),
        (ReturnState.DISMISSED, True, State.ACCEPTED), (ReturnState.UNDECIDED, True, State.ACCEPTED),
    ],
)  # fmt: skip
def test_the_arbiter_decides(world: World, verdict: ReturnState, was_accepted: bool, state: State) -> None:
    found = contested(world, accepted(world) if was_accepted else None)
    arbiter(world)
    for name in ("gao_ming", "chen_jie", "lin_mei"):
        with pytest.raises(Forbidden):
            changes.decide_return(**as_(world, name), found=found, verdict=verdict, note="Seen")
    decided = changes.decide_return(**as_(world, "liu_yang"), found=found, verdict=verdict, note="Seen")
    assert (decided.state, decided.decided_by) == (verdict, world.liu_yang)
    found.handoff.refresh_from_db()
    assert found.handoff.state == state


def test_without_an_arbiter_the_quality_manager_decides(world: World) -> None:
    found = contested(world)
    assert changes.decide_return(
        **as_(world, "lin_mei"), found=found, verdict=ReturnState.UNDECIDED, note="Washed since"
    ).state == ReturnState.UNDECIDED  # fmt: skip
    with pytest.raises(Refused, match="stands so"):
        changes.settle_return(**as_(world, "chen_jie"), found=found, settlement="Credited")


@pytest.mark.parametrize("named", [False, True])
def test_nobody_decides_about_what_he_sent_back_himself(world: World, named: bool) -> None:
    if named:
        arbiter(world)
    who = "liu_yang" if named else "lin_mei"
    handoff = delivered(world)
    changes.return_handoff(**as_(world, who), handoff=handoff, phenomenon="Damp")
    found = changes.contest_return(
        **as_(world, "gao_ming"), found=HandoffReturn.objects.get(handoff=handoff), ground="Dry by our meter"
    )
    (row,) = queries.handoff_shown(
        viewer=world.actor(getattr(world, who)), at=NOON, public_id=handoff.public_id
    ).returns
    assert not row.may_decide
    with pytest.raises(Forbidden):
        changes.decide_return(**as_(world, who), found=found, verdict=ReturnState.UPHELD, note="Seen")


def test_a_return_is_contested_in_time_and_with_a_ground(world: World) -> None:
    found = returned(world)
    with pytest.raises(Refused, match="Say why it was right"):
        changes.contest_return(**as_(world, "gao_ming"), found=found, ground="")
    with pytest.raises(Forbidden):
        changes.contest_return(**as_(world, "chen_jie"), found=found, ground="Dry")
    late = {**as_(world, "gao_ming"), "at": NOON + 25 * HOUR}
    with pytest.raises(Refused, match="within 24 h"):
        changes.contest_return(**late, found=found, ground="Dry")


def test_a_return_is_settled_without_another_delivery(world: World) -> None:
    found = returned(world)
    changes.settle_return(**as_(world, "chen_jie"), found=found, settlement="Credited")
    found.handoff.refresh_from_db()
    assert found.handoff.state == State.SETTLED


def test_a_return_is_taken_back(world: World) -> None:
    found = contested(world, accepted(world))
    changes.withdraw_return(**as_(world, "chen_jie"), found=found, reason="Wrong cart")
    found.handoff.refresh_from_db()
    assert found.handoff.state == State.ACCEPTED


def test_judgements_are_read_by_both_at_once(world: World) -> None:
    handoff = accepted(world)
    ward, laundry = world.actor(world.chen_jie), world.actor(world.gao_ming)

    def read(viewer: Any, at: Any = NOON) -> list[str]:
        page = queries.handoff_shown(viewer=viewer, at=at, public_id=handoff.public_id)
        return sorted(one.side for one in page.judgements)

    given = {"handoff": handoff, "side": Side.CUSTOMER}
    with pytest.raises(Refused, match="at least"):
        changes.judge_handoff(**as_(world, "chen_jie"), **given)
    with pytest.raises(Forbidden):
        changes.judge_handoff(**as_(world, "gao_ming"), **given, as_agreed=True)
    changes.judge_handoff(**as_(world, "chen_jie"), **given, as_agreed=True, fit_for_use=True)
    changes.judge_handoff(**as_(world, "chen_jie"), **given, as_agreed=True, fit_for_use=False)
    assert (read(ward), read(laundry)) == (["customer"], [])
    assert [read(world.actor(getattr(world, name))) for name in ("lin_mei", "he_jun", "wu_tao")] == [[], [], []]
    assert read(laundry, NOON + timedelta(days=7)) == ["customer"]
    changes.judge_handoff(
        **as_(world, "gao_ming"), handoff=handoff, side=Side.SUPPLIER, request_complete=True, told_in_time=False
    )
    assert read(ward) == read(laundry) == ["customer", "supplier"]
    with pytest.raises(Refused, match="can be read already"):
        changes.judge_handoff(**as_(world, "chen_jie"), **given, as_agreed=False)


def test_whatever_his_role_nobody_outside_a_side_reads_what_it_judged_before_the_other_does(world: World) -> None:
    handoff, manager = accepted(world), world.actor(world.lin_mei)
    said = changes.judge_handoff(**as_(world, "chen_jie"), handoff=handoff, side=Side.CUSTOMER, fit_for_use=False)
    judgement = {"kind": said.kind, "public_id": said.public_id}
    assert not sees_part(viewer=manager, at=NOON, **judgement)
    assert held_with(viewer=manager, at=NOON, public_id=handoff.public_id).judgements == []
    # What he wrote down for a side himself he knows; with that both have judged.
    changes.judge_handoff(**as_(world, "lin_mei"), handoff=handoff, side=Side.SUPPLIER, told_in_time=True)
    assert sees_part(viewer=manager, at=NOON, **judgement)
    other = accepted(world)
    changes.judge_handoff(**as_(world, "lin_mei"), handoff=other, side=Side.SUPPLIER, told_in_time=True)
    assert [one.side for one in held_with(viewer=manager, at=NOON, public_id=other.public_id).judgements] == [
        "supplier"
    ]


def test_three_checks_and_who_enters_them(world: World) -> None:
    handoff = delivered(world)
    given = {"handoff": handoff, "passed": True}
    changes.record_check(
        **as_(world, "gao_ming"), **given, stage=Stage.SELF_CHECK, checked=Decimal(10), found=Decimal(1)
    )
    changes.record_check(**as_(world, "chen_jie"), **given, stage=Stage.RECEIVER, found=Decimal(3))
    changes.record_check(**as_(world, "lin_mei"), **given, stage=Stage.INSPECTOR)
    page = world.client(world.chen_jie).get(f"/handoffs/{handoff.public_id}/").content.decode()
    assert "1 faulty of 10" in page
    assert "3 faulty <" in page, "of how many, nobody said"
    with pytest.raises(Refused, match="has not come"):
        changes.record_check(**as_(world, "chen_jie"), handoff=requested(world), passed=True, stage=Stage.RECEIVER)
    for name, stage in (("gao_ming", Stage.RECEIVER), ("chen_jie", Stage.SELF_CHECK), ("chen_jie", Stage.INSPECTOR)):
        with pytest.raises(Forbidden):
            changes.record_check(**as_(world, name), **given, stage=stage)
    with pytest.raises(Refused, match="at most 10"):
        changes.record_check(
            **as_(world, "gao_ming"), **given, stage=Stage.SELF_CHECK, checked=Decimal(10), found=Decimal(11)
        )
    changes.withdraw_handoff(**as_(world, "lin_mei"), handoff=handoff, reason="Wrong link")
    with pytest.raises(Refused, match="was withdrawn"):
        changes.record_check(**as_(world, "gao_ming"), **given, stage=Stage.SELF_CHECK)


def test_a_measured_value_cites_the_clause_that_was_in_force(world: World) -> None:
    value = terms(LINEN, measure=Measure.VALUE, unit="%", target=None, upper=5.0, direction=None, attainment=None)
    version = in_force(proposed(world, value))
    clause = first_clause(version).public_id
    before, after = requested(world), requested(world, requested_at=NOON, due_at=None)
    with pytest.raises(Refused, match="held on this link then"):
        changes.record_value(**as_(world, "chen_jie"), handoff=before, clause=clause, value=3.0)
    with pytest.raises(Refused, match="the unit %"):
        changes.record_value(**as_(world, "chen_jie"), handoff=after, clause=clause, value=3.0, unit="kg")
    with pytest.raises(Refused, match="a number"):
        changes.record_value(**as_(world, "chen_jie"), handoff=after, clause=clause, value=float("inf"))
    held = changes.record_value(**as_(world, "chen_jie"), handoff=after, clause=clause, value=3.0, unit="%")
    assert (held.clause.public_id, held.value) == (clause, 3.0)
    assert (
        queries.handoff_shown(viewer=world.actor(world.chen_jie), at=NOON, public_id=after.public_id).version == version
    )


def test_predecessors(world: World) -> None:
    first, second = delivered(world), requested(world)
    origin = changes.add_predecessor(**as_(world, "gao_ming"), handoff=second, predecessor=first)
    for wrong in (first, second):
        with pytest.raises(Refused, match="another handoff"):
            changes.add_predecessor(**as_(world, "gao_ming"), handoff=second, predecessor=wrong)
    third = delivered(world)
    changes.add_predecessor(**as_(world, "gao_ming"), handoff=third, predecessor=second)
    for after in (second, third):
        with pytest.raises(Refused, match="made of it") as refused:
            changes.add_predecessor(**as_(world, "gao_ming"), handoff=first, predecessor=after)
        assert refused.value.field == "predecessor"
    assert changes.end_predecessor(**as_(world, "gao_ming"), origin=origin).ended_at == NOON
    changes.add_predecessor(**as_(world, "gao_ming"), handoff=first, predecessor=third)


def test_one_predecessor_named_twice_is_one(world: World) -> None:
    first = delivered(world)
    made = changes.record_handoff(
        **as_(world, "gao_ming"), link=world.laundry_ward, moments=Moments(delivered_at=NOON), predecessors=[first] * 2
    )
    assert [one.predecessor for one in made.origins.all()] == [first]


def test_predecessors_out_of_sight_are_not_named_to_programs(world: World) -> None:
    """Stores sees what LinenCo brings it; the ward, which does not, sees nothing of it."""
    towels = changes.record_handoff(
        **as_(world, "lin_mei"), link=world.linenco_stores, moments=Moments(delivered_at=NOON)
    )
    handoff = delivered(world)
    changes.add_predecessor(**as_(world, "lin_mei"), handoff=handoff, predecessor=towels)
    seen = [
        held_with(viewer=world.actor(one), at=NOON, public_id=handoff.public_id).predecessors
        for one in (world.lin_mei, world.chen_jie)
    ]
    assert seen == [[towels.public_id], []]


def test_silence_holds_when_both_sides_agree(world: World) -> None:
    link = world.laundry_ward
    changes.propose_silence(**as_(world, "zhao_lei"), link=link, side=Side.SUPPLIER, hours=48)
    with pytest.raises(Refused, match="nothing to agree to"):
        changes.confirm_silence(**as_(world, "zhao_lei"), link=link, side=Side.SUPPLIER)
    with pytest.raises(Forbidden):
        changes.confirm_silence(**as_(world, "chen_jie"), link=link, side=Side.CUSTOMER)
    held = changes.confirm_silence(**as_(world, "wang_fang"), link=link, side=Side.CUSTOMER)
    assert (held.silent_hours, held.confirmed_by) == (48, world.wang_fang)
    with pytest.raises(Refused, match="1 to"):
        changes.propose_silence(**as_(world, "zhao_lei"), link=link, side=Side.SUPPLIER, hours=0)
