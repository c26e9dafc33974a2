"""Silent acceptance: agreed by both sides, said beforehand, counted in the hours of a calendar, never an acceptance."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from baton.core import changes as core
from baton.core.actors import Actor
from baton.core.audit.verify import verify
from baton.core.errors import Refused
from baton.handoffs import changes, queries
from baton.handoffs.changes.telling import tell_more
from baton.handoffs.rules import Moments, ReturnState, Side, State, Step
from baton_analysis.facts.calendars import WEEKDAYS
from tests.rooms.handoffs.made import HOUR, delivered, requested
from tests.rooms.handoffs.test_life import as_
from tests.world import NOON, World

if TYPE_CHECKING:
    from baton.core.models import WorkCalendar
    from baton.handoffs.models import Handoff

JOB = Actor.system(changes.CONFIRM_JOB)


def agreed(world: World, hours: int = 24, calendar: WorkCalendar | None = None, at: datetime = NOON) -> None:
    """The Laundry proposes so many hours, the ward agrees."""
    changes.propose_silence(
        by=world.actor(world.zhao_lei), at=at, link=world.laundry_ward, side=Side.SUPPLIER, hours=hours,
        calendar=calendar,
    )  # fmt: skip
    changes.confirm_silence(by=world.actor(world.wang_fang), at=at, link=world.laundry_ward, side=Side.CUSTOMER)


def said_beforehand(world: World, handoff: Handoff) -> datetime | None:
    """What Chen Jie of the ward reads on its page and in Today, which must be the same."""
    viewer = world.actor(world.chen_jie)
    (row,) = queries.today(viewer=viewer, at=NOON).to_accept
    page = queries.handoff_shown(viewer=viewer, at=NOON, public_id=handoff.public_id)
    assert row.unconfirmed_from == page.unconfirmed_from
    return page.unconfirmed_from


def passed(at: datetime) -> int:
    return changes.confirm_by_silence(by=JOB, at=at)


def test_silence_is_said_beforehand_and_confirms_nothing(world: World) -> None:
    agreed(world, at=NOON - 2 * HOUR)
    handoff = delivered(world)
    over = NOON + timedelta(hours=24)
    assert said_beforehand(world, handoff) == over
    assert (passed(over), passed(over + HOUR), passed(over + 2 * HOUR)) == (0, 1, 0)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.accepted_at) == (State.UNCONFIRMED, None)
    event = handoff.events.get()
    assert (event.event, event.at, event.side, event.person) == (Step.CONFIRM_SILENT, over, "", None)
    assert verify().holds
    page = world.client(world.chen_jie).get(f"/handoffs/{handoff.public_id}/").content.decode()
    assert "Nobody confirmed it within the agreed hours" in page


@pytest.mark.parametrize("late", ["accept", "return"])
def test_a_late_word_still_counts(world: World, late: str) -> None:
    agreed(world, 1, at=NOON - 2 * HOUR)
    handoff, at = delivered(world), NOON + 2 * HOUR
    assert passed(at) == 1
    by = world.actor(world.chen_jie)
    if late == "accept":
        held = changes.accept_handoff(by=by, at=at, handoff=handoff)
        assert (held.state, held.accepted_at) == (State.ACCEPTED, at)
    else:
        assert changes.return_handoff(by=by, at=at, handoff=handoff, phenomenon="Damp").state == State.RETURNED
    assert passed(at + timedelta(days=9)) == 0


def test_hours_run_from_the_last_delivery_and_from_the_agreement(world: World) -> None:
    handoff = delivered(world)
    assert said_beforehand(world, handoff) is None
    agreed(world)
    assert said_beforehand(world, handoff) == NOON + timedelta(hours=24)
    later = NOON + timedelta(hours=20)
    by = world.actor(world.chen_jie)
    changes.return_handoff(by=by, at=later, handoff=handoff, phenomenon="Damp")
    assert passed(NOON + timedelta(hours=30)) == 0
    changes.deliver_handoff(by=world.actor(world.gao_ming), at=later + HOUR, handoff=handoff)
    assert (passed(later + 20 * HOUR), passed(later + 26 * HOUR)) == (0, 1)


@pytest.mark.parametrize("how", ["handed over", "told", "recorded", "again"])
def test_what_is_entered_late_is_waited_for_as_long_as_anything_else(world: World, how: str) -> None:
    """Else who hands over would let the hours pass before anybody can read that he did."""
    begun, at = NOON - timedelta(days=9), NOON - HOUR
    agreed(world, 24, at=begun)
    late = {"by": world.actor(world.gao_ming), "at": at}
    two_days_ago = NOON - timedelta(days=2)
    if how == "recorded":
        moments = Moments(delivered_at=two_days_ago)
        handoff = changes.record_handoff(**late, link=world.laundry_ward, moments=moments)
    else:
        handoff = requested(world, requested_at=begun, due_at=NOON)
    if how == "told":
        tell_more(by=JOB, at=at, handoff=handoff, moments=Moments(delivered_at=two_days_ago))
    elif how in ("handed over", "again"):
        changes.deliver_handoff(**late, handoff=handoff, delivered_at=two_days_ago)
    if how == "again":
        by, at = world.actor(world.chen_jie), NOON
        changes.return_handoff(by=by, at=at, handoff=handoff, phenomenon="Damp", when=two_days_ago + HOUR)
        again = two_days_ago + 2 * HOUR
        changes.deliver_handoff(by=world.actor(world.gao_ming), at=at, handoff=handoff, delivered_at=again)
    assert said_beforehand(world, handoff) == at + timedelta(hours=24)
    assert (passed(NOON), passed(at + timedelta(hours=25))) == (0, 1)


def test_hours_run_anew_once_it_is_decided_that_nothing_came_back(world: World) -> None:
    agreed(world, 24, at=NOON - 2 * HOUR)
    handoff = delivered(world)
    changes.return_handoff(**as_(world, "chen_jie"), handoff=handoff, phenomenon="Damp")
    found = handoff.returns.get()
    changes.contest_return(**as_(world, "gao_ming"), found=found, ground="Dry")
    at = NOON + timedelta(hours=40)
    changes.decide_return(
        by=world.actor(world.lin_mei), at=at, found=found, verdict=ReturnState.DISMISSED, note="Dry indeed"
    )
    assert (passed(at + HOUR), passed(at + 23 * HOUR), passed(at + 25 * HOUR)) == (0, 0, 1)


@pytest.mark.sqlite
def test_only_working_hours_count_and_the_calendar_cannot_end_meanwhile(world: World) -> None:
    manager = world.actor(world.lin_mei)
    for name in ("Everybody", "Mornings"):
        hours = dict.fromkeys(WEEKDAYS, [["08:00", "10:00"]])
        calendar = core.add_calendar(by=manager, at=NOON, name={"en": name}, zone="UTC", hours=hours)
    agreed(world, 4, calendar, at=NOON - HOUR)
    handoff = delivered(world)
    assert said_beforehand(world, handoff) == NOON.replace(hour=10) + timedelta(days=2)
    assert (passed(NOON + timedelta(hours=20)), passed(NOON + timedelta(days=2))) == (0, 1)
    with pytest.raises(Refused, match="nothing counts by"):
        core.end_calendar(by=manager, at=NOON, calendar=calendar)


@pytest.mark.sqlite
def test_what_one_side_proposes_alone_holds_for_nothing(world: World) -> None:
    changes.propose_silence(**as_(world, "zhao_lei"), link=world.laundry_ward, side=Side.SUPPLIER, hours=1)
    assert said_beforehand(world, delivered(world)) is None
    assert passed(NOON + timedelta(days=9)) == 0
