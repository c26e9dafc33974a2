"""Claims that were taken back and tripped, who is told where the arbiter cannot decide, and long lists of accounts."""

from __future__ import annotations

import pytest

from baton.core.changes import disable_person
from baton.core.errors import Forbidden
from baton.core.models import Notification
from baton.handoffs import changes
from baton.handoffs.models import HandoffReturn, SettlementClaim
from baton.handoffs.queries import settlement as queries
from baton.handoffs.rules.settlement import ClaimState, TripReason
from tests.rooms.agreements.made import first_clause, in_force, proposed, terms
from tests.rooms.handoffs.held import BOUND
from tests.rooms.handoffs.made import HOUR
from tests.rooms.handoffs.settled import DAY, WORKER, as_, claimed, points, post, terms_agreed
from tests.rooms.handoffs.test_settlement import handed_over
from tests.world import NOON, World


def taken_back(world: World) -> SettlementClaim:
    """A claim that the ward made for damp towels, and took back."""
    terms_agreed(world)
    return changes.withdraw_claim(**as_(world, "wang_fang"), claim=claimed(world), reason="They washed them again")


def test_what_was_tripped_because_nobody_claims_it_is_taken_back_by_nobody(world: World) -> None:
    claim = taken_back(world)
    assert changes.trip_breaches(by=WORKER, at=NOON + 8 * DAY) == 1
    shown = queries.claim_shown(viewer=world.actor(world.wang_fang), at=NOON + 8 * DAY, public_id=claim.public_id)
    assert not shown.may_withdraw
    with pytest.raises(Forbidden):
        changes.withdraw_claim(**as_(world, "wang_fang", NOON + 8 * DAY), claim=claim, reason="Once more")
    ruled = changes.rule_on_claim(**as_(world, "he_ping", NOON + 9 * DAY), claim=claim, ruling=30, note="Damp indeed")
    assert (ruled.state, points()[-1]) == (ClaimState.DECIDED, ("ruling", 30))


def test_what_is_tripped_rests_on_the_breach_that_nobody_claimed(world: World) -> None:
    """The claim was about a return; it was taken back with it. That the handoff was late, nobody claimed."""
    clause = first_clause(in_force(proposed(world, terms(target=1.0, **BOUND))))
    terms_agreed(world)
    late, at = handed_over(world, 4), NOON + 5 * HOUR
    by = as_(world, "chen_jie", at)
    changes.return_handoff(**by, handoff=late, phenomenon="Damp")
    found = HandoffReturn.objects.get()
    claim = changes.claim_points(**by, handoff=late, ground="All of it was damp", found_return=found)
    changes.dispute_claim(**as_(world, "gao_ming", at), claim=claim, answer="Dry by our meter")
    changes.withdraw_claim(**by, claim=claim, reason="It was dry")
    changes.withdraw_return(**by, found=found, reason="It was dry")
    assert changes.trip_breaches(by=WORKER, at=NOON + 8 * DAY) == 1
    claim.refresh_from_db()
    assert (claim.state, claim.trip_reason) == (ClaimState.TRIPPED, TripReason.UNCLAIMED)
    assert (claim.clause, claim.found_return) == (clause, None)
    assert (claim.ground, claim.made_at, claim.answer, claim.answered_at, claim.withdrawn_note) == (
        "", None, "", None, "",
    )  # fmt: skip


def test_where_the_arbiter_has_left_the_quality_manager_is_told(world: World) -> None:
    terms_agreed(world)
    claim = claimed(world)
    disable_person(by=world.actor(world.sun_yan), at=NOON, person=world.he_ping)
    changes.dispute_claim(**as_(world, "gao_ming"), claim=claim, answer="Dry by our meter")
    told = Notification.objects.filter(topic=changes.ARBITER_TOPIC).values_list("person", flat=True)
    assert list(told) == [world.lin_mei.pk]
    assert changes.trip_breaches(by=WORKER, at=NOON + 8 * DAY) == 0


def test_accounts_beyond_those_shown_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    terms_agreed(world)
    claimed(world)
    post()
    monkeypatch.setattr(queries, "MOST_ACCOUNTS", 1)
    page = world.client(world.he_jun).get("/handoffs/settlement/").content.decode()
    assert "1 more account is not shown" in page
    assert 'data-label="Balance">0</td>' in page
