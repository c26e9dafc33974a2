"""When a handoff occurred, and in which order things happen to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from baton.agreements import changes as agreements
from baton.agreements.rules import Measure
from baton.core.errors import Refused
from baton.handoffs import changes, queries
from baton.handoffs.changes.telling import tell_more
from baton.handoffs.models import Handoff, HandoffReturn
from baton.handoffs.queries import LATE, HandoffFilters
from baton.handoffs.rules import Moments, ReturnState, State
from tests.rooms.agreements.made import LINEN, first_clause, in_force, proposed, terms
from tests.rooms.handoffs.made import HOUR, delivered, requested
from tests.rooms.handoffs.test_life import as_
from tests.world import NOON, World

DAY = timedelta(days=1)


def planned(world: World, due: timedelta = -2 * DAY) -> Handoff:
    """Nobody has said anything of it but when it is due."""
    return changes.record_handoff(**as_(world, "lin_mei"), link=world.laundry_ward, moments=Moments(due_at=NOON + due))


@pytest.mark.parametrize("step", ["receive", "deliver", "accept", "part", "tell"])
def test_a_planned_handoff_occurs_when_something_happens_to_it(world: World, step: str) -> None:
    handoff, when = planned(world), NOON - HOUR
    assert handoff.occurred_at == NOON - 2 * DAY
    laundry, ward = as_(world, "gao_ming"), as_(world, "chen_jie")
    taken: dict[str, Any] = {
        "receive": lambda: changes.receive_handoff(**laundry, handoff=handoff, received_at=when),
        "deliver": lambda: changes.deliver_handoff(**laundry, handoff=handoff, delivered_at=when),
        "accept": lambda: changes.accept_handoff(**ward, handoff=handoff, accepted_at=when),
        "part": lambda: changes.accept_in_part(
            **ward, handoff=handoff, less=[changes.Less(phenomenon="Torn", refused=Decimal(1))], accepted_at=when
        ),
        "tell": lambda: tell_more(
            **as_(world, "lin_mei"), handoff=handoff, moments=Moments(delivered_at=when, accepted_at=when)
        ),
    }  # fmt: skip
    taken[step]()
    handoff.refresh_from_db()
    assert handoff.occurred_at == when


def test_values_measured_before_cite_the_agreement_in_force_when_it_occurred(world: World) -> None:
    """Due under the first version, measured, and handed over under the second, which has the same line."""
    value = terms(LINEN, measure=Measure.VALUE, unit="%", target=None, upper=5.0, direction=None, attainment=None)
    first = in_force(proposed(world, value))
    handoff = planned(world, due=HOUR)
    clause = first_clause(first)
    measured = changes.record_value(**as_(world, "gao_ming"), handoff=handoff, clause=clause.public_id, value=3.0)
    assert measured.clause == clause
    later = NOON + DAY
    head = world.actor(world.zhao_lei)
    draft = agreements.draft_version(by=head, at=later, agreement=first.agreement)
    linen = first_clause(draft)
    agreements.change_clause(by=head, at=later, clause=linen, terms=replace(linen.terms, upper=4.0))
    second = in_force(agreements.propose_version(by=head, at=later, version=draft), at=later)
    changes.deliver_handoff(by=world.actor(world.gao_ming), at=later + HOUR, handoff=handoff)
    measured.refresh_from_db()
    assert (measured.clause, measured.clause != clause) == (first_clause(second), True)
    page = queries.handoff_shown(viewer=world.actor(world.chen_jie), at=later + HOUR, public_id=handoff.public_id)
    assert (page.version, page.values[0].clause) == (second, first_clause(second))


def test_values_keep_what_they_cite_where_nothing_was_agreed(world: World) -> None:
    value = terms(LINEN, measure=Measure.VALUE, unit="%", target=None, upper=5.0, direction=None, attainment=None)
    clause = first_clause(in_force(proposed(world, value)))
    handoff = planned(world, due=HOUR)
    measured = changes.record_value(**as_(world, "gao_ming"), handoff=handoff, clause=clause.public_id, value=3.0)
    changes.deliver_handoff(**as_(world, "gao_ming"), handoff=handoff, delivered_at=NOON - HOUR)
    measured.refresh_from_db()
    page = queries.handoff_shown(viewer=world.actor(world.chen_jie), at=NOON, public_id=handoff.public_id)
    assert (measured.clause, page.version) == (clause, None)


def test_a_planned_handoff_is_paused_before_it_is_due(world: World) -> None:
    handoff = planned(world, due=DAY)
    held = changes.pause_handoff(**as_(world, "gao_ming"), handoff=handoff, reason="no water", when=NOON - HOUR)
    assert held.events.get().at == NOON - HOUR
    changes.resume_handoff(**as_(world, "gao_ming"), handoff=handoff, when=NOON)
    assert changes.accept_handoff(**as_(world, "chen_jie"), handoff=handoff, accepted_at=NOON - HOUR).accepted_at


def test_nothing_is_taken_before_the_supplier_had_what_he_needs(world: World) -> None:
    handoff = requested(world)
    changes.receive_handoff(**as_(world, "gao_ming"), handoff=handoff, received_at=NOON - HOUR / 4)
    with pytest.raises(Refused, match="from .* on"):
        changes.accept_handoff(**as_(world, "chen_jie"), handoff=handoff, accepted_at=NOON - HOUR / 2)


def test_it_comes_again_after_it_came_back(world: World) -> None:
    handoff = delivered(world)
    changes.return_handoff(**as_(world, "chen_jie"), handoff=handoff, phenomenon="Damp", when=NOON - HOUR / 4)
    with pytest.raises(Refused, match="from .* on"):
        changes.deliver_handoff(**as_(world, "gao_ming"), handoff=handoff, delivered_at=NOON - HOUR / 3)
    changes.deliver_handoff(**as_(world, "gao_ming"), handoff=handoff, delivered_at=NOON - HOUR / 5)
    with pytest.raises(Refused, match="from .* on"):
        changes.accept_handoff(**as_(world, "chen_jie"), handoff=handoff, accepted_at=NOON - HOUR / 4)


def test_who_waited_for_another_change_comes_after_it(world: World) -> None:
    handoff = requested(world)
    changes.deliver_handoff(by=world.actor(world.gao_ming), at=NOON + timedelta(seconds=1), handoff=handoff)
    held = changes.accept_handoff(**as_(world, "chen_jie"), handoff=handoff)
    assert held.accepted_at == held.delivered_at == NOON + timedelta(seconds=1)


def test_what_nobody_wants_any_more_is_owed_no_more(world: World) -> None:
    handoff = delivered(world)
    changes.return_handoff(**as_(world, "chen_jie"), handoff=handoff, phenomenon="Damp")
    changes.withdraw_handoff(**as_(world, "chen_jie"), handoff=handoff, reason="Ward closed")
    found = HandoffReturn.objects.get()
    assert (found.state, found.settlement) == (ReturnState.WITHDRAWN, "Ward closed")
    assert queries.today(viewer=world.actor(world.gao_ming), at=NOON).returns == []


def test_what_came_in_time_and_waits_is_not_late(world: World) -> None:
    handoff = delivered(world, due_at=NOON)
    owed = requested(world, due_at=NOON)
    later, ward = NOON + HOUR, world.actor(world.chen_jie)
    found = queries.today(viewer=ward, at=later)
    assert [(row.handoff, row.late) for row in (*found.to_accept, *found.coming)] == [(handoff, False), (owed, True)]
    page = queries.handoff_page(viewer=ward, at=later, filters=HandoffFilters(state=LATE))
    assert list(page.object_list) == [owed]
    assert handoff.state == State.DELIVERED


@pytest.mark.parametrize(
    ("given", "message", "field"),
    [
        ({"quantity": Decimal(100)}, "not short", "quantity"),
        ({"quantity": Decimal(-1)}, "from 0", "quantity"),
        ({"quantity": Decimal(80), "expected_at": NOON - HOUR}, "not late", "expected_at"),
        ({"quantity": Decimal(80), "expected_at": NOON + 4_000 * DAY}, "after", "expected_at"),
    ],
)
def test_warnings_that_cannot_be(world: World, given: dict[str, Any], message: str, field: str) -> None:
    from tests.rooms.handoffs.made import SHEETS

    handoff = requested(world, lines=[SHEETS])
    with pytest.raises(Refused, match=message) as refused:
        changes.warn_short(**as_(world, "gao_ming"), handoff=handoff, **given)
    assert refused.value.field == field
    with pytest.raises(Refused, match="after"):
        changes.warn_late(**as_(world, "gao_ming"), handoff=handoff, expected_at=NOON + 4_000 * DAY)
    assert not handoff.events.exists()
