"""The life of a handoff through the changes: who takes which step, what it leaves, what is refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from baton.core.audit.verify import verify
from baton.core.errors import Forbidden, NotFound, Refused, Stale
from baton.handoffs import changes, queries
from baton.handoffs.models import Handoff, HandoffReturn
from baton.handoffs.queries import HandoffFilters
from baton.handoffs.rules import Moments, Quantities, ReturnState, Side, State, Step
from tests.rooms.handoffs.made import HOUR, SHEETS, accepted, delivered, line, requested
from tests.world import NOON, World


def as_(world: World, name: str) -> dict[str, Any]:
    """Somebody, now."""
    return {"by": world.actor(getattr(world, name)), "at": NOON}


def test_from_the_request_to_the_acceptance(world: World) -> None:
    handoff = requested(world)
    assert handoff.number == "HO-2026-0000001"
    assert (handoff.state, handoff.occurred_at) == (State.EXPECTED, NOON - HOUR)
    changes.receive_handoff(**as_(world, "gao_ming"), handoff=handoff, received_at=NOON - HOUR)
    changes.deliver_handoff(**as_(world, "gao_ming"), handoff=handoff, amounts={line(handoff).public_id: Decimal(90)})
    held = changes.accept_handoff(**as_(world, "chen_jie"), handoff=handoff, complete=False)
    assert (held.state, held.delivered_at, held.accepted_at) == (State.ACCEPTED, NOON, NOON)
    assert (held.complete, line(held).delivered, line(held).accepted) == (False, 90, None)
    assert not held.events.exists()
    page = queries.handoff_shown(viewer=world.actor(world.chen_jie), at=NOON, public_id=held.public_id)
    assert [(one.what, one.who) for one in page.timeline] == [
        ("requested", "Chen Jie"), (Step.RECEIVE, "Gao Ming"), (Step.DELIVER, "Gao Ming"), (Step.ACCEPT, "Chen Jie"),
    ]  # fmt: skip
    assert verify().holds


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("name", "sides"),
    [
        ("chen_jie", {Side.CUSTOMER}), ("gao_ming", {Side.SUPPLIER}), ("wang_fang", {Side.CUSTOMER}),
        ("zhou_min", {Side.CUSTOMER}), ("lin_mei", set(Side)), ("liu_yang", {Side.CUSTOMER}), ("he_jun", set()),
        ("xu_jing", set()),
    ],
)  # fmt: skip
def test_who_acts_for_which_side(world: World, name: str, sides: set[Side]) -> None:
    handoff = requested(world)
    page = queries.handoff_shown(viewer=world.actor(getattr(world, name)), at=NOON, public_id=handoff.public_id)
    assert page.sides == sides
    assert bool(page.steps) is bool(sides)


@pytest.mark.sqlite
def test_who_acts_for_neither_side_changes_nothing(world: World) -> None:
    handoff = delivered(world)
    for name in ("gao_ming", "he_jun", "xu_jing", "ivy_stone", "tom_reed"):
        with pytest.raises(Forbidden):
            changes.accept_handoff(**as_(world, name), handoff=handoff)
    with pytest.raises(Forbidden):
        changes.deliver_handoff(**as_(world, "chen_jie"), handoff=requested(world))
    with pytest.raises((Forbidden, NotFound)):
        changes.request_handoff(**as_(world, "ivy_stone"), link=world.laundry_ward)
    for name in ("ivy_stone", "tom_reed"):
        viewer = world.actor(getattr(world, name))
        assert not queries.sees_handoff(viewer=viewer, at=NOON, public_id=handoff.public_id)
        assert not queries.handoffs_in_sight(viewer=viewer, at=NOON).exists()


def test_nobody_accepts_what_he_delivered_himself(world: World) -> None:
    handoff = requested(world)
    changes.deliver_handoff(**as_(world, "lin_mei"), handoff=handoff)
    with pytest.raises(Refused, match="delivered yourself"):
        changes.accept_handoff(**as_(world, "lin_mei"), handoff=handoff)
    assert changes.accept_handoff(**as_(world, "chen_jie"), handoff=handoff).state == State.ACCEPTED


def test_for_a_side_outside_who_acts_for_the_other_writes_down_what_it_said(world: World) -> None:
    moments = Moments(delivered_at=NOON - HOUR)
    handoff = changes.record_handoff(**as_(world, "chen_jie"), link=world.ward_patient, moments=moments)
    assert changes.accept_handoff(**as_(world, "chen_jie"), handoff=handoff).state == State.ACCEPTED


def test_accept_all_except(world: World) -> None:
    handoff = delivered(world)
    code = changes.add_defect_code(**as_(world, "lin_mei"), code="TORN", name={"en": "Torn"})
    less = [
        changes.Less(line=line(handoff).public_id, refused=Decimal(3), missing=Decimal(7), phenomenon="Torn", code=code)
    ]
    held = changes.accept_in_part(**as_(world, "chen_jie"), handoff=handoff, less=less)
    assert (held.state, held.complete, held.accepted_at) == (State.PARTLY, False, NOON)
    sheets = line(held)
    assert (sheets.accepted, sheets.refused, sheets.code) == (90, 3, code)
    back, short = HandoffReturn.objects.order_by("pk")
    assert [(one.shortage, one.quantity, one.state) for one in (back, short)] == [
        (False, 3, ReturnState.OPEN), (True, 7, ReturnState.OPEN),
    ]  # fmt: skip
    more = [changes.Less(line=sheets.public_id, refused=Decimal(91), phenomenon="Torn")]
    with pytest.raises(Refused, match="at most 90") as refused:
        changes.return_part(**as_(world, "chen_jie"), handoff=held, less=more)
    assert refused.value.field == "refused_1"
    again = changes.deliver_handoff(**as_(world, "gao_ming"), handoff=held)
    held = changes.accept_handoff(**as_(world, "chen_jie"), handoff=again)
    assert (held.state, held.accepted_at) == (State.ACCEPTED, NOON)
    assert set(HandoffReturn.objects.values_list("state", "settled_at")) == {(ReturnState.SETTLED, NOON)}
    assert [one.event for one in held.events.order_by("pk")] == [Step.DELIVER, Step.ACCEPT]


@pytest.mark.parametrize(
    ("given", "message", "field"),
    [
        ({"phenomenon": ""}, "Say what you see", "phenomenon_1"),
        ({"refused": Decimal(0)}, "comes back or is missing", "refused_1"),
        ({"refused": Decimal(-1)}, "from 0 to", "refused_1"),
        ({"refused": Decimal(101)}, "at most 100", "refused_1"),
        ({"unit": "kg"}, "the unit pc", "unit_1"),
    ],
)
def test_what_does_not_come_back_so(world: World, given: dict[str, Any], message: str, field: str) -> None:
    handoff = delivered(world)
    values = {"phenomenon": "Torn", "refused": Decimal(1), "line": line(handoff).public_id, **given}
    with pytest.raises(Refused, match=message) as refused:
        changes.accept_in_part(**as_(world, "chen_jie"), handoff=handoff, less=[changes.Less(**values)])
    assert refused.value.field == field
    assert Handoff.objects.get().state == State.DELIVERED
    assert not HandoffReturn.objects.exists()


def test_all_of_it_comes_back_and_is_delivered_again(world: World) -> None:
    handoff = accepted(world)
    held = changes.return_handoff(**as_(world, "chen_jie"), handoff=handoff, phenomenon="Damp", when=NOON)
    assert held.state == State.RETURNED
    held = changes.deliver_handoff(**as_(world, "gao_ming"), handoff=held)
    assert (held.state, held.delivered_at) == (State.DELIVERED, NOON - HOUR / 2)
    changes.accept_handoff(**as_(world, "chen_jie"), handoff=held)
    assert HandoffReturn.objects.get().state == ReturnState.SETTLED


def test_a_line_of_another_handoff_is_none_of_this_one(world: World) -> None:
    mine, other = delivered(world), delivered(world)
    less = [changes.Less(line=line(other).public_id, refused=Decimal(1), phenomenon="Torn")]
    with pytest.raises(NotFound):
        changes.accept_in_part(**as_(world, "chen_jie"), handoff=mine, less=less)


def test_incomplete_requests_and_input_are_sent_back(world: World) -> None:
    handoff = requested(world)
    with pytest.raises(Refused, match="what is missing"):
        changes.refuse_request(**as_(world, "gao_ming"), handoff=handoff, reason=" ")
    held = changes.refuse_request(**as_(world, "gao_ming"), handoff=handoff, reason="Which ward?")
    assert held.state == State.REFUSED
    with pytest.raises(Refused, match="stands so"):
        changes.deliver_handoff(**as_(world, "gao_ming"), handoff=held)
    changes.complete_request(**as_(world, "chen_jie"), handoff=held, note="Ward 3")
    changes.deliver_handoff(**as_(world, "gao_ming"), handoff=held)
    held = changes.refuse_input(**as_(world, "chen_jie"), handoff=held, reason="No list")
    held = changes.deliver_handoff(**as_(world, "gao_ming"), handoff=held)
    assert held.state == State.DELIVERED
    assert [one.event for one in held.events.order_by("pk")] == [
        Step.REFUSE_REQUEST, Step.COMPLETE, Step.REFUSE_INPUT, Step.DELIVER,
    ]  # fmt: skip


def test_an_early_warning_names_the_new_time(world: World) -> None:
    handoff = requested(world)
    with pytest.raises(Refused, match="which is not late"):
        changes.warn_late(**as_(world, "gao_ming"), handoff=handoff, expected_at=NOON + HOUR)
    changes.warn_late(**as_(world, "gao_ming"), handoff=handoff, expected_at=NOON + 5 * HOUR, reason="Machine down")
    changes.warn_short(**as_(world, "gao_ming"), handoff=handoff, quantity=Decimal(80))
    day = queries.today(viewer=world.actor(world.chen_jie), at=NOON)
    (row,) = day.warned
    assert (row.handoff, row.warning.quantity if row.warning else None) == (handoff, 80)
    assert [one.handoff for one in queries.today(viewer=world.actor(world.gao_ming), at=NOON).owed] == [handoff]


def test_pauses_priorities_and_withdrawal(world: World) -> None:
    handoff = requested(world, priority="usual")
    changes.pause_handoff(**as_(world, "gao_ming"), handoff=handoff, reason="no water")
    changes.resume_handoff(**as_(world, "gao_ming"), handoff=handoff)
    changes.change_priority(**as_(world, "chen_jie"), handoff=handoff, priority="urgent")
    held = changes.withdraw_handoff(**as_(world, "chen_jie"), handoff=handoff, reason="Ward closed")
    assert (held.state, held.withdrawn_at, held.priority) == (State.WITHDRAWN, NOON, "usual")
    assert [(one.event, one.reason, one.priority, one.side) for one in held.events.order_by("pk")] == [
        (Step.PAUSE, "no water", "", Side.SUPPLIER), (Step.RESUME, "", "", Side.SUPPLIER),
        (Step.PRIORITY, "", "urgent", Side.CUSTOMER),
    ]  # fmt: skip
    with pytest.raises(Refused, match="stands so"):
        changes.deliver_handoff(**as_(world, "gao_ming"), handoff=held)


def test_only_what_is_paused_goes_on(world: World) -> None:
    handoff = requested(world)
    with pytest.raises(Refused, match="is not paused then") as refused:
        changes.resume_handoff(**as_(world, "gao_ming"), handoff=handoff)
    assert refused.value.field == "when"
    changes.pause_handoff(**as_(world, "gao_ming"), handoff=handoff, reason="no water", when=NOON - HOUR / 2)
    with pytest.raises(Refused, match="is not paused then"):
        changes.resume_handoff(**as_(world, "gao_ming"), handoff=handoff, when=NOON - 3 * HOUR / 4)
    with pytest.raises(Refused, match="in force: no water. Found no power") as refused:
        changes.resume_handoff(**as_(world, "gao_ming"), handoff=handoff, reason="no power")
    assert refused.value.field == "reason"
    changes.resume_handoff(**as_(world, "chen_jie"), handoff=handoff, reason="no water", when=NOON - HOUR / 4)
    with pytest.raises(Refused, match="is not paused then"):
        changes.resume_handoff(**as_(world, "gao_ming"), handoff=handoff)
    changes.pause_handoff(**as_(world, "gao_ming"), handoff=handoff, reason="no water", when=NOON - HOUR / 8)
    changes.deliver_handoff(**as_(world, "gao_ming"), handoff=handoff)
    changes.return_handoff(**as_(world, "chen_jie"), handoff=handoff, phenomenon="Damp")
    with pytest.raises(Refused, match="is not paused then"):
        changes.resume_handoff(**as_(world, "gao_ming"), handoff=handoff)
    assert [one.event for one in handoff.events.order_by("pk")] == [Step.PAUSE, Step.RESUME, Step.PAUSE, Step.RETURN]


def test_what_was_entered_by_mistake_the_quality_manager_withdraws(world: World) -> None:
    handoff = accepted(world)
    with pytest.raises(Forbidden):
        changes.withdraw_handoff(**as_(world, "chen_jie"), handoff=handoff, reason="Wrong link")
    assert changes.withdraw_handoff(**as_(world, "lin_mei"), handoff=handoff, reason="Wrong link").withdrawn_at == NOON


def test_accepting_and_returning_at_the_same_moment(world: World) -> None:
    """Whoever is second is told what the first did; nothing is half done."""
    handoff = delivered(world)
    seen = handoff.changed_seq
    changes.accept_handoff(**as_(world, "chen_jie"), handoff=handoff, expected_seq=seen)
    with pytest.raises(Stale):
        changes.return_handoff(**as_(world, "wang_fang"), handoff=handoff, phenomenon="Damp", expected_seq=seen)
    assert not HandoffReturn.objects.exists()
    assert Handoff.objects.get().state == State.ACCEPTED


@pytest.mark.parametrize(
    ("moments", "field"),
    [
        ({"requested_at": NOON, "due_at": NOON - HOUR}, "due_at"),
        ({"delivered_at": NOON + timedelta(days=1)}, "delivered_at"),
        ({"requested_at": NOON, "delivered_at": NOON - HOUR}, "delivered_at"),
        ({}, "due_at"),
    ],
)
def test_moments_that_cannot_be_are_refused(world: World, moments: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        changes.record_handoff(**as_(world, "lin_mei"), link=world.laundry_ward, moments=Moments(**moments))
    assert refused.value.field == field
    assert not Handoff.objects.exists()


def test_a_clock_a_little_ahead_is_taken_for_now(world: World) -> None:
    held = changes.deliver_handoff(
        **as_(world, "gao_ming"), handoff=requested(world), delivered_at=NOON + timedelta(minutes=4)
    )
    assert held.delivered_at == NOON
    with pytest.raises(Refused, match="still to come"):
        changes.accept_handoff(**as_(world, "chen_jie"), handoff=held, accepted_at=NOON + timedelta(days=1))
    with pytest.raises(Refused, match="from .* on"):
        changes.accept_handoff(**as_(world, "chen_jie"), handoff=held, accepted_at=NOON - HOUR)


def test_the_same_key_is_the_same_handoff(world: World) -> None:
    given = {"moments": Moments(delivered_at=NOON), "system": "SAP", "key": "4711"}
    first = changes.record_handoff(**as_(world, "gao_ming"), link=world.laundry_ward, **given)
    with pytest.raises(Refused, match=first.number):
        changes.record_handoff(**as_(world, "gao_ming"), link=world.laundry_ward, **given)
    changes.record_handoff(**as_(world, "lin_mei"), link=world.pharmacy_ward, **given)


def test_who_says_what_for_the_other_side_is_refused(world: World) -> None:
    taken = Moments(delivered_at=NOON, accepted_at=NOON)
    for name in ("gao_ming", "chen_jie"):
        with pytest.raises(Forbidden):
            changes.record_handoff(**as_(world, name), link=world.laundry_ward, moments=taken)
    held = changes.record_handoff(
        **as_(world, "lin_mei"), link=world.laundry_ward, moments=taken, lines=[SHEETS], reference="LOT-7"
    )
    assert (held.state, held.reference) == (State.ACCEPTED, "LOT-7")


@pytest.mark.parametrize(
    ("moments", "quantities", "field"),
    [
        ({"requested_at": NOON}, {"delivered": Decimal(1)}, "delivered_1"),
        ({"delivered_at": NOON}, {"delivered": Decimal(2), "refused": Decimal(1)}, "refused_1"),
        ({"delivered_at": NOON}, {"delivered": Decimal(2), "accepted": Decimal(1)}, "accepted_1"),
        ({"delivered_at": NOON, "accepted_at": NOON}, {"delivered": Decimal(2), "refused": Decimal(3)}, "refused_1"),
        ({"delivered_at": NOON, "accepted_at": NOON}, {"delivered": Decimal(-2)}, "delivered_1"),
    ],
)  # fmt: skip
def test_quantities_of_what_has_not_happened_are_refused(
    world: World, moments: dict[str, Any], quantities: dict[str, Decimal], field: str
) -> None:
    lines = [changes.LineGiven(name="Sheets", quantities=Quantities(**quantities))]
    with pytest.raises(Refused) as refused:
        changes.record_handoff(
            **as_(world, "lin_mei"), link=world.laundry_ward, moments=Moments(**moments), lines=lines
        )
    assert refused.value.field == field
    assert not Handoff.objects.exists()


def test_nothing_new_on_a_link_that_has_ended(world: World) -> None:
    from baton.chain.changes import end_link

    end_link(**as_(world, "lin_mei"), link=world.laundry_ward, ended_on=NOON.date())
    with pytest.raises(Refused, match="has ended"):
        changes.request_handoff(**as_(world, "chen_jie"), link=world.laundry_ward)
    late = Moments(delivered_at=NOON - timedelta(days=3))
    assert changes.record_handoff(**as_(world, "gao_ming"), link=world.laundry_ward, moments=late).pk


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 3), ({"state": "open"}, 2), ({"state": "late"}, 0), ({"state": "accepted"}, 1), ({"search": "LOT-"}, 1),
        ({"search": "HO-2026-0000002"}, 1), ({"search": "OT-7"}, 0), ({"order": "due_at"}, 3),
        ({"since": NOON.date(), "until": NOON.date()}, 3), ({"until": NOON.date() - timedelta(days=1)}, 0),
    ],
)  # fmt: skip
def test_the_list_shows_what_is_asked(world: World, filters: dict[str, Any], found: int) -> None:
    requested(world, reference="LOT-7")
    delivered(world)
    accepted(world)
    viewer = world.actor(world.wang_fang)
    page = queries.handoff_page(viewer=viewer, at=NOON, filters=HandoffFilters(**filters))
    assert len(page.object_list) == found
    assert len(list(queries.handoffs_to_export(viewer=viewer, at=NOON, filters=HandoffFilters(**filters)))) == found
    assert len(queries.handoff_slice(viewer=viewer, at=NOON, filters=HandoffFilters(**filters)).rows) == found
