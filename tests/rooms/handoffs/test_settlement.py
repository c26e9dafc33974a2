"""Points for handoffs: agreed by both sides, earned, claimed, disputed, tripped, decided."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from baton.agreements import changes as agreements
from baton.agreements.rules import Measure
from baton.chain.changes import appoint
from baton.chain.rules import Capacity
from baton.core.changes import disable_person
from baton.core.changes.imports import withdraw_import
from baton.core.errors import Forbidden, Refused
from baton.core.models import Notification
from baton.handoffs import changes
from baton.handoffs.models import Handoff, LedgerEntry, LinkSettlement, SettlementClaim
from baton.handoffs.queries import settlement as queries
from baton.handoffs.rules import ReturnState, Side
from baton.handoffs.rules.settlement import ClaimState, TermsState, TripReason, part_of
from tests.rooms.agreements.made import LINEN, ORDER, first_clause, in_force, proposed, terms
from tests.rooms.handoffs.held import BOUND
from tests.rooms.handoffs.made import HOUR, accepted, delivered
from tests.rooms.handoffs.settled import (
    DAY,
    WORKER,
    as_,
    came_back,
    claimed,
    earned,
    points,
    post,
    terms_agreed,
    terms_proposed,
)
from tests.rooms.handoffs.test_imports import HEAD, row
from tests.rooms.imports.tables import entered
from tests.world import NOON, SYSTEM, World


def test_points_count_when_the_other_side_agrees(world: World) -> None:
    made = terms_proposed(world)
    accepted(world)
    assert post() == 0
    with pytest.raises(Forbidden):
        changes.agree_to_settlement(**as_(world, "zhao_lei"), terms=made)
    changes.agree_to_settlement(**as_(world, "wang_fang", at=NOON + HOUR), terms=made)
    assert post(NOON + HOUR) == 0, "it was accepted before"
    later = delivered(world)
    changes.accept_handoff(**as_(world, "chen_jie", at=NOON + 2 * HOUR), handoff=later)
    assert [post(NOON + 2 * HOUR), post(NOON + 2 * HOUR)] == [1, 0]
    entry = LedgerEntry.objects.get()
    assert (entry.handoff, entry.points, entry.happened_at) == (later, 100, NOON + 2 * HOUR)
    assert (entry.debit, entry.credit) == (world.ward, world.laundry)


def test_nobody_agrees_for_both_sides(world: World) -> None:
    manager = as_(world, "lin_mei")
    made = changes.propose_settlement(
        **manager, link=world.laundry_ward, side=Side.SUPPLIER, price=100, share=10, claim_days=7,
        arbiter=world.he_ping,
    )  # fmt: skip
    with pytest.raises(Refused, match="proposed these terms yourself"):
        changes.agree_to_settlement(**manager, terms=made)
    assert LinkSettlement.objects.get().state == TermsState.PROPOSED


def test_other_terms_take_the_place_of_those_that_hold(world: World) -> None:
    first = terms_agreed(world)
    second = terms_agreed(world, NOON + DAY, price=200)
    first.refresh_from_db()
    assert (first.state, first.ended_at, second.state) == (TermsState.ENDED, NOON + DAY, TermsState.AGREED)
    for at in (NOON + HOUR, NOON + DAY):
        handoff = delivered(world)
        changes.accept_handoff(**as_(world, "chen_jie", at=at), handoff=handoff)
    post(NOON + DAY)
    assert points() == [("credit", 100), ("credit", 200)]
    changes.end_settlement(**as_(world, "wang_fang", at=NOON + 2 * DAY), terms=second)
    handoff = delivered(world)
    changes.accept_handoff(**as_(world, "chen_jie", at=NOON + 3 * DAY), handoff=handoff)
    assert post(NOON + 3 * DAY) == 0


def test_a_proposal_is_declined_or_taken_back(world: World) -> None:
    for name in ("zhao_lei", "wang_fang"):
        made = changes.drop_settlement(**as_(world, name), terms=terms_proposed(world))
        assert made.state == TermsState.DROPPED
    with pytest.raises(Refused, match="stand so"):
        changes.agree_to_settlement(**as_(world, "wang_fang"), terms=made)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"price": -5}, "price"), ({"price": 0}, "price"), ({"price": 1_000_001}, "price"), ({"share": 0}, "share"),
        ({"share": 101}, "share"), ({"share": -1}, "share"), ({"claim_days": 0}, "claim_days"),
        ({"claim_days": 91}, "claim_days"), ({"price": 4, "share": 10}, "share"), ({"arbiter": None}, "arbiter"),
    ],
)  # fmt: skip
def test_terms_that_make_no_sense(world: World, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        terms_proposed(world, **given)
    assert refused.value.field == field
    assert not LinkSettlement.objects.exists()


@pytest.mark.parametrize("name", ["zhao_lei", "gao_ming", "chen_jie", "wang_fang", "liu_yang"])
def test_an_arbiter_belongs_to_neither_side(world: World, name: str) -> None:
    with pytest.raises(Refused, match="neither side") as refused:
        terms_proposed(world, arbiter=getattr(world, name))
    assert refused.value.field == "arbiter"


def test_nobody_outside_has_an_account(world: World) -> None:
    with pytest.raises(Refused, match="outside"):
        terms_proposed(world, link=world.linenco_laundry, side=Side.CUSTOMER)


def test_an_accepted_claim_gives_the_share_back(world: World) -> None:
    terms_agreed(world)
    claim = claimed(world)
    assert (claim.state, claim.number[:3], points()) == (ClaimState.OPEN, "SC-", [("credit", 100)])
    with pytest.raises(Forbidden):
        changes.accept_claim(**as_(world, "sun_lei"), claim=claim)
    claim = changes.accept_claim(**as_(world, "gao_ming"), claim=claim, answer="The dryer was broken")
    assert (claim.state, points()) == (ClaimState.ACCEPTED, [("credit", 100), ("claim", 10)])
    first, second = LedgerEntry.objects.order_by("pk")
    assert (second.counters, second.claim, second.debit, second.credit) == (first, claim, first.credit, first.debit)
    with pytest.raises(Refused, match="stands so"):
        changes.accept_claim(**as_(world, "gao_ming"), claim=claim)


@pytest.mark.parametrize(("ruling", "posted"), [(0, []), (25, [("ruling", 25)]), (100, [("ruling", 100)])])
def test_the_arbiter_decides_what_is_disputed(world: World, ruling: int, posted: list[tuple[str, int]]) -> None:
    terms_agreed(world)
    claim = changes.dispute_claim(**as_(world, "gao_ming"), claim=claimed(world), answer="Dry by our meter")
    for name in ("gao_ming", "chen_jie", "zhao_lei", "lin_mei", "he_jun", "xu_jing"):
        with pytest.raises(Forbidden):
            changes.rule_on_claim(**as_(world, name), claim=claim, ruling=ruling, note="Seen")
    claim = changes.rule_on_claim(**as_(world, "he_ping"), claim=claim, ruling=ruling, note="Half of them were damp")
    assert (claim.state, claim.decided_by, points()) == (ClaimState.DECIDED, world.he_ping, [("credit", 100), *posted])
    told = Notification.objects.filter(topic=changes.ARBITER_TOPIC).values_list("person", flat=True)
    assert list(told) == [world.he_ping.pk]


@pytest.mark.parametrize("ruling", [-1, 101])
def test_a_ruling_is_a_share(world: World, ruling: int) -> None:
    terms_agreed(world)
    claim = changes.dispute_claim(**as_(world, "gao_ming"), claim=claimed(world), answer="Dry by our meter")
    with pytest.raises(Refused, match="from 0 to 100"):
        changes.rule_on_claim(**as_(world, "he_ping"), claim=claim, ruling=ruling, note="Seen")


def test_where_the_arbiter_cannot_decide_the_quality_manager_does(world: World) -> None:
    terms_agreed(world)
    claim = changes.dispute_claim(**as_(world, "gao_ming"), claim=claimed(world), answer="Dry by our meter")
    disable_person(by=world.actor(world.sun_yan), at=NOON, person=world.he_ping)
    claim.terms.arbiter.refresh_from_db()
    with pytest.raises(Forbidden):
        changes.rule_on_claim(**as_(world, "he_jun"), claim=claim, ruling=10, note="Seen")
    assert changes.rule_on_claim(**as_(world, "lin_mei"), claim=claim, ruling=10, note="Seen").ruling == 10


def test_nobody_answers_his_own_claim(world: World) -> None:
    terms_agreed(world)
    found = came_back(world)
    manager = as_(world, "lin_mei")
    claim = changes.claim_points(**manager, handoff=found.handoff, ground="Damp", found_return=found)
    with pytest.raises(Forbidden):
        changes.accept_claim(**manager, claim=claim)


def handed_over(world: World, hours: int) -> Handoff:
    """Asked for at noon, when the agreement begins; delivered, accepted and posted so many hours later."""
    at = NOON + hours * HOUR
    handoff = changes.request_handoff(**as_(world, "chen_jie", at=at), link=world.laundry_ward, requested_at=NOON)
    changes.deliver_handoff(**as_(world, "gao_ming", at=at), handoff=handoff)
    changes.accept_handoff(**as_(world, "chen_jie", at=at), handoff=handoff)
    post(at)
    return handoff


def test_a_claim_rests_on_a_promise_that_was_broken(world: World) -> None:
    version = in_force(proposed(world, terms(target=1.0, **BOUND), ORDER))
    clause = first_clause(version)
    terms_agreed(world)
    kept, late = handed_over(world, 1), handed_over(world, 4)
    by = as_(world, "chen_jie", at=NOON + 5 * HOUR)
    with pytest.raises(Refused, match="measured that it was kept"):
        changes.claim_points(**by, handoff=kept, ground="Late", clause=clause)
    duty = version.clauses.get(owed_by=Side.CUSTOMER)
    with pytest.raises(Refused, match="none of these"):
        changes.claim_points(**by, handoff=late, ground="Late", clause=duty)
    claim = changes.claim_points(**by, handoff=late, ground="Three hours late", clause=clause)
    assert (claim.clause, claim.state) == (clause, ClaimState.OPEN)


def test_what_nobody_promised_on_the_link_is_no_ground(world: World) -> None:
    terms_agreed(world)
    handoff, other = earned(world), came_back(world)
    by = world.actor(world.lin_mei)
    elsewhere = agreements.begin_agreement(by=by, at=NOON, link=world.pharmacy_ward, clauses=[LINEN])
    foreign = first_clause(in_force(agreements.propose_version(by=by, at=NOON, version=elsewhere)))
    for about in ({"clause": foreign}, {"found_return": other}, {}, {"clause": foreign, "found_return": other}):
        with pytest.raises(Refused) as refused:
            changes.claim_points(**as_(world, "chen_jie"), handoff=handoff, ground="Damp", **about)  # type: ignore[arg-type]
        assert refused.value.field == "about"
    assert not SettlementClaim.objects.exists()


def test_claimed_once_in_time_of_what_earned_points(world: World) -> None:
    terms_agreed(world)
    unposted = accepted(world)
    with pytest.raises(Refused, match="has earned none"):
        changes.claim_points(**as_(world, "chen_jie"), handoff=unposted, ground="Damp")
    found = came_back(world)
    for at in (NOON + 7 * DAY + HOUR, NOON + 30 * DAY):
        with pytest.raises(Refused, match="Expected a claim up to"):
            changes.claim_points(
                **as_(world, "chen_jie", at=at), handoff=found.handoff, ground="Damp", found_return=found
            )
    with pytest.raises(Refused) as refused:
        changes.claim_points(**as_(world, "chen_jie"), handoff=found.handoff, ground="  ", found_return=found)
    assert refused.value.field == "ground"
    changes.claim_points(
        **as_(world, "chen_jie", at=NOON + 7 * DAY), handoff=found.handoff, ground="Damp", found_return=found
    )
    with pytest.raises(Refused, match="there is no claim"):
        changes.claim_points(**as_(world, "wang_fang"), handoff=found.handoff, ground="Damp", found_return=found)


def test_what_neither_side_acts_on_is_tripped(world: World) -> None:
    terms_agreed(world)
    silent, answered_never = came_back(world), claimed(world)
    assert changes.trip_breaches(by=WORKER, at=NOON + 7 * DAY) == 0
    assert [changes.trip_breaches(by=WORKER, at=NOON + 7 * DAY + HOUR) for _again in range(2)] == [2, 0]
    unclaimed = SettlementClaim.objects.get(handoff=silent.handoff)
    answered_never.refresh_from_db()
    assert (unclaimed.state, unclaimed.trip_reason, unclaimed.made_at) == (
        ClaimState.TRIPPED, TripReason.UNCLAIMED, None,
    )  # fmt: skip
    assert (answered_never.state, answered_never.trip_reason) == (ClaimState.TRIPPED, TripReason.UNANSWERED)
    assert points() == [("credit", 100), ("credit", 100)], "nothing moves until the arbiter has decided"
    waiting = queries.claims_to_decide(viewer=world.actor(world.he_ping), at=NOON + 8 * DAY)
    assert {one.pk for one in waiting} == {unclaimed.pk, answered_never.pk}
    changes.rule_on_claim(**as_(world, "he_ping", at=NOON + 8 * DAY), claim=unclaimed, ruling=50, note="Damp")
    assert points()[-1] == ("ruling", 50)


def test_a_broken_promise_that_nobody_claims_is_tripped(world: World) -> None:
    clause = first_clause(in_force(proposed(world, terms(target=1.0, **BOUND))))
    terms_agreed(world)
    late = handed_over(world, 4)
    handed_over(world, 1)
    assert changes.trip_breaches(by=WORKER, at=NOON + 8 * DAY) == 1
    claim = SettlementClaim.objects.get()
    assert (claim.handoff, claim.clause, claim.trip_reason) == (late, clause, TripReason.UNCLAIMED)


def test_a_promise_on_trial_is_no_ground(world: World) -> None:
    clause = first_clause(in_force(proposed(world, terms(target=1.0))))
    terms_agreed(world)
    late = handed_over(world, 4)
    with pytest.raises(Refused, match="none of these"):
        changes.claim_points(**as_(world, "chen_jie", at=NOON + 5 * HOUR), handoff=late, ground="Late", clause=clause)
    assert changes.trip_breaches(by=WORKER, at=NOON + 30 * DAY) == 0


def test_a_value_out_of_its_limits_is_a_breach(world: World) -> None:
    damp = terms(
        LINEN, measure=Measure.VALUE, unit="%", target=None, upper=5.0, direction=None, attainment=None, **BOUND
    )
    clause = first_clause(in_force(proposed(world, damp)))
    terms_agreed(world)
    handoff = handed_over(world, 1)
    measured = {"handoff": handoff, "clause": clause.public_id}
    changes.record_value(**as_(world, "gao_ming", at=NOON + 2 * HOUR), **measured, value=4.0)
    assert changes.trip_breaches(by=WORKER, at=NOON + 8 * DAY) == 0
    changes.record_value(**as_(world, "gao_ming", at=NOON + 5 * DAY), **measured, value=9.0)
    assert changes.trip_breaches(by=WORKER, at=NOON + 8 * DAY) == 0, "known for three days only"
    assert changes.trip_breaches(by=WORKER, at=NOON + 13 * DAY) == 1


def test_a_return_that_does_not_count_is_no_breach(world: World) -> None:
    terms_agreed(world)
    found = came_back(world)
    changes.withdraw_return(**as_(world, "chen_jie"), found=found, reason="It was dry")
    assert changes.trip_breaches(by=WORKER, at=NOON + 30 * DAY) == 0
    with pytest.raises(Refused, match="none of these"):
        changes.claim_points(**as_(world, "chen_jie"), handoff=found.handoff, ground="Damp", found_return=found)
    found.refresh_from_db()
    assert found.state == ReturnState.WITHDRAWN


def test_a_claim_that_is_taken_back_leaves_a_breach_that_nobody_claims(world: World) -> None:
    terms_agreed(world)
    claim = claimed(world)
    for name in ("gao_ming", "he_ping"):
        with pytest.raises(Forbidden):
            changes.withdraw_claim(**as_(world, name), claim=claim, reason="Settled")
    claim = changes.withdraw_claim(**as_(world, "wang_fang"), claim=claim, reason="They washed them again")
    assert (claim.state, points()) == (ClaimState.WITHDRAWN, [("credit", 100)])
    assert changes.trip_breaches(by=WORKER, at=NOON + 8 * DAY) == 1
    claim.refresh_from_db()
    assert (claim.state, claim.trip_reason) == (ClaimState.TRIPPED, TripReason.UNCLAIMED)


def test_a_handoff_withdrawn_as_a_mistake_loses_what_is_left(world: World) -> None:
    terms_agreed(world)
    claim = claimed(world)
    changes.accept_claim(**as_(world, "gao_ming"), claim=claim)
    pending = claimed(world)
    for one in (claim, pending):
        changes.withdraw_handoff(**as_(world, "lin_mei"), handoff=one.handoff, reason="Entered twice")
    assert [post(), post()] == [2, 0]
    assert points()[-2:] == [("void", 90), ("void", 100)]
    pending.refresh_from_db()
    assert pending.state == ClaimState.WITHDRAWN
    assert changes.trip_breaches(by=WORKER, at=NOON + 30 * DAY) == 0
    assert {one.balance for one in queries.accounts(viewer=world.actor(world.lin_mei), at=NOON)} == {0}


def test_what_machines_bring_earns_points_too_and_loses_them_when_it_is_withdrawn(world: World) -> None:
    terms_agreed(world)
    run = entered("handoffs", (HEAD + "".join(row(world, key=key) for key in "ABC")).encode())
    assert post() == 3
    withdraw_import(by=world.actor(world.lin_mei), at=timezone.now(), run=run, reason="Wrong file")
    assert post() == 3
    assert points() == [("credit", 100)] * 3 + [("void", 100)] * 3


def test_without_the_setting_nothing_is_counted(world: World, settings: Any) -> None:
    terms_agreed(world)
    claim = claimed(world)
    settings.SETTLEMENT = False
    accepted(world)
    assert post() == 0
    assert changes.trip_breaches(by=WORKER, at=NOON + 30 * DAY) == 0
    for refused in (
        lambda: terms_proposed(world), lambda: changes.accept_claim(**as_(world, "gao_ming"), claim=claim),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            refused()
    settings.SETTLEMENT = True
    assert post() == 1


def test_an_arbiter_who_joins_a_side_decides_no_more(world: World) -> None:
    terms_agreed(world)
    claim = changes.dispute_claim(**as_(world, "gao_ming"), claim=claimed(world), answer="Dry by our meter")
    appoint(by=SYSTEM, at=NOON, party=world.laundry, person=world.he_ping, capacity=Capacity.MEMBER)
    with pytest.raises(Forbidden):
        changes.rule_on_claim(**as_(world, "he_ping"), claim=claim, ruling=10, note="Seen")
    assert changes.rule_on_claim(**as_(world, "lin_mei"), claim=claim, ruling=10, note="Seen").ruling == 10


@pytest.mark.parametrize(("share", "expected"), [(5, 0), (15, 2), (25, 2), (35, 4), (100, 10), (0, 0)])
def test_halves_go_to_the_even_point(share: int, expected: int) -> None:
    assert part_of(10, share) == expected == int(round(Decimal(10) * share / 100))
