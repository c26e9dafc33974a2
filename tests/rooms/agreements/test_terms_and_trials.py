"""What a version needs before it stands still or is signed: clauses, a trial ahead, days that are not over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from baton.agreements import changes
from baton.agreements.rules import TRIAL, Side, VersionState
from baton.chain.changes import end_link
from baton.core.days import day_of
from baton.core.errors import Forbidden, Refused
from baton.core.models import Notification
from tests.rooms.agreements.made import BARE, LINEN, drafted, first_clause, in_force, proposed
from tests.rooms.agreements.test_signing import sign
from tests.world import NOON, SYSTEM, World

TODAY = day_of(NOON)


def test_a_consultation_in_which_every_clause_was_left_out_is_not_closed(world: World) -> None:
    version, customer = proposed(world, LINEN), world.actor(world.wang_fang)
    changes.open_consultation(by=customer, at=NOON, version=version)
    changes.drop_clause(by=customer, at=NOON, clause=first_clause(version))
    for step in (changes.close_consultation, changes.propose_version):
        with pytest.raises(Refused, match="at least one clause"):
            step(by=customer, at=NOON, version=version)
    version.refresh_from_db()
    assert version.state == VersionState.CONSULTATION


def test_however_a_consultation_ends_both_sides_are_told(world: World) -> None:
    version, customer = proposed(world), world.actor(world.wang_fang)
    changes.open_consultation(by=customer, at=NOON, version=version)
    changes.propose_version(by=customer, at=NOON, version=version)
    told = Notification.objects.filter(topic="agreements.proposed", person=world.zhao_lei)
    assert told.count() == 1


def test_a_change_that_changes_nothing_makes_no_version_stale(world: World) -> None:
    by, version = world.actor(world.zhao_lei), drafted(world)
    version.refresh_from_db()
    seen, clause = version.changed_seq, first_clause(version)
    changes.change_clause(by=by, at=NOON, clause=clause, terms=clause.terms)
    changes.move_clause(by=by, at=NOON, clause=clause, position=1)
    changes.restore_clause(by=by, at=NOON, clause=clause)
    version.refresh_from_db()
    assert version.changed_seq == seen
    changes.propose_version(by=by, at=NOON, version=version, expected_seq=seen)


def test_a_trial_that_never_began_begins_anew_and_one_that_was_served_does_not(world: World) -> None:
    by, first = world.actor(world.zhao_lei), proposed(world, LINEN)
    changes.withdraw_version(by=by, at=NOON, version=first)
    late = NOON + TRIAL + timedelta(days=30)
    second = changes.draft_version(by=by, at=late, agreement=first.agreement)
    second = changes.propose_version(by=by, at=late, version=second)
    tried_until = day_of(late) + TRIAL
    assert first_clause(second).trial_until == tried_until, "the first version never held"
    in_force(second)
    later = late + TRIAL + timedelta(days=30)
    third = changes.draft_version(by=by, at=later, agreement=first.agreement)
    third = changes.propose_version(by=by, at=later, version=third)
    assert first_clause(third).trial_until == tried_until


def test_a_trial_over_before_the_first_day_is_none(world: World) -> None:
    version = drafted(world, replace(LINEN, trial_until=TODAY - timedelta(days=1)))
    changes.propose_version(by=world.actor(world.zhao_lei), at=NOON, version=version)
    assert first_clause(version).trial_until == TODAY + TRIAL


def test_what_cannot_hold_any_more_is_not_signed(world: World) -> None:
    by, version = world.actor(world.zhao_lei), drafted(world)
    version = changes.describe_version(by=by, at=NOON, version=version, ends_on=date(2026, 6, 30))
    version = changes.propose_version(by=by, at=NOON, version=version)
    with pytest.raises(Refused, match="can still hold"):
        sign(world, version, world.zhao_lei, Side.SUPPLIER, at=NOON + timedelta(days=60))
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    end_link(by=SYSTEM, at=NOON, link=world.laundry_ward)
    with pytest.raises(Refused, match="can still hold"):
        sign(world, version, world.wang_fang, Side.CUSTOMER)
    version.refresh_from_db()
    assert version.state == VersionState.PROPOSED


def test_nothing_is_proposed_for_a_link_that_has_ended(world: World) -> None:
    version = drafted(world, LINEN, BARE)
    end_link(by=SYSTEM, at=NOON, link=world.laundry_ward)
    with pytest.raises(Forbidden):
        changes.propose_version(by=world.actor(world.lin_mei), at=NOON, version=version)
    assert changes.withdraw_version(by=world.actor(world.lin_mei), at=NOON, version=version).closed_at == NOON


@pytest.mark.parametrize("share", [-1, 101])
def test_a_share_that_is_none_is_refused_and_not_bent(world: World, share: int) -> None:
    version, by = drafted(world), world.actor(world.lin_mei)
    with pytest.raises(Refused) as refused:
        changes.describe_version(by=by, at=NOON, version=version, minimum_participation=share)
    assert refused.value.field == "minimum_participation"
