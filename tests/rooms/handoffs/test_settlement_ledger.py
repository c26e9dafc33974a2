"""The ledger of points: always zero in sum, as the method computes it, kept by the database, one claim of a handoff."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baton.core.audit import triggers
from baton.core.audit.verify import verify
from baton.core.database.migrating import new_models_alone
from baton.core.errors import Forbidden, Refused, Stale
from baton.handoffs import changes
from baton.handoffs.models import Handoff, HandoffReturn, LedgerEntry, LinkSettlement, SettlementClaim
from baton.handoffs.queries import settlement as queries
from baton.handoffs.rules import Side
from baton.handoffs.rules.settlement import ClaimState, EntryKind
from baton_analysis.measures.settlement import Claim, PricedHandoff, settle
from tests.databases import Databases
from tests.exhaustive import shortly
from tests.rooms.handoffs.made import delivered
from tests.rooms.handoffs.settled import DAY, WORKER, as_, came_back, claimed, post, terms_agreed
from tests.world import NOON, World, build

STEPS = (
    "hand over", "hand over", "post", "send back", "claim", "claim", "accept", "dispute", "rule", "take back", "trip",
    "withdraw", "other terms", "end terms",
)  # fmt: skip
Sequences = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1_000), st.booleans()), min_size=6, max_size=24)


class Life:
    """Takes one random step after the other; what the rules refuse is refused."""

    def __init__(self, world: World) -> None:
        self.world, self.at = world, NOON

    def take(self, step: str, number: int, later: bool) -> None:
        if later:
            self.at += 3 * DAY
        with suppress(Refused, Forbidden, Stale, IndexError):
            getattr(self, step.replace(" ", "_"))(number)

    def _one(self, rows: Any, number: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[number % len(found) if found else 0]

    def _by(self, name: str) -> dict[str, Any]:
        return as_(self.world, name, self.at)

    def hand_over(self, number: int) -> None:
        handoff = delivered(self.world)
        changes.accept_handoff(**self._by("chen_jie"), handoff=handoff)

    def post(self, number: int) -> None:
        post(self.at)

    def send_back(self, number: int) -> None:
        handoff = self._one(Handoff.objects, number)
        less = changes.Less(line=handoff.lines.get(name="Towels").public_id, refused=Decimal(1), phenomenon="Damp")
        changes.return_part(**self._by("chen_jie"), handoff=handoff, less=[less])

    def claim(self, number: int) -> None:
        found = self._one(HandoffReturn.objects, number)
        changes.claim_points(**self._by("chen_jie"), handoff=found.handoff, ground="Damp", found_return=found)

    def accept(self, number: int) -> None:
        changes.accept_claim(**self._by("gao_ming"), claim=self._one(SettlementClaim.objects, number))

    def dispute(self, number: int) -> None:
        changes.dispute_claim(**self._by("gao_ming"), claim=self._one(SettlementClaim.objects, number), answer="Dry")

    def rule(self, number: int) -> None:
        claim = self._one(SettlementClaim.objects, number)
        changes.rule_on_claim(**self._by("he_ping"), claim=claim, ruling=number % 103 - 1, note="Seen")

    def take_back(self, number: int) -> None:
        changes.withdraw_claim(**self._by("wang_fang"), claim=self._one(SettlementClaim.objects, number), reason="Well")

    def trip(self, number: int) -> None:
        changes.trip_breaches(by=WORKER, at=self.at)

    def withdraw(self, number: int) -> None:
        changes.withdraw_handoff(**self._by("lin_mei"), handoff=self._one(Handoff.objects, number), reason="Mistake")

    def other_terms(self, number: int) -> None:
        terms_agreed(self.world, self.at, price=number + 1, share=number % 101 + 1)

    def end_terms(self, number: int) -> None:
        changes.end_settlement(**self._by("wang_fang"), terms=self._one(LinkSettlement.objects, number))


def by_the_method(at: datetime) -> dict[str, int]:
    """Balances of the handoffs that count, as the analysis computes them."""
    settled = []
    for one in LedgerEntry.objects.filter(entry_kind=EntryKind.CREDIT).exclude(countered_by__entry_kind="void"):
        claim = SettlementClaim.objects.filter(handoff=one.handoff_id).first()
        ruling = claim.ruling if claim is not None else None
        made = None
        if claim is not None and claim.state == ClaimState.ACCEPTED:
            made = Claim(Decimal(claim.terms.share) / 100, made_at=at, state="accepted")
        settled.append(
            PricedHandoff(
                one.handoff.number, one.credit.public_id, one.debit.public_id, Decimal(one.points), claim=made,
                ruling=None if ruling is None else Decimal(ruling) / 100,
            )
        )  # fmt: skip
    found = settle(settled, as_of=at, claim_limit=7 * DAY, places=0)
    return {party: int(points) for party, points in found.balances.items()}


@pytest.mark.slow
@settings(
    max_examples=shortly(5, 100), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=Sequences)
def test_whatever_happens_all_accounts_together_are_zero(world: World, steps: list[tuple[str, int, bool]]) -> None:
    with transaction.atomic():
        life = Life(world)
        terms_agreed(world)
        for step, number, later in steps:
            life.take(step, number, later)
            rows = queries.accounts(viewer=world.actor(world.he_jun), at=life.at)
            assert sum(one.balance for one in rows) == 0, (step, number)
        post(life.at)
        found = {one.public_id: one.balance for one in queries.accounts(viewer=world.actor(world.he_jun), at=life.at)}
        expected = by_the_method(life.at)
        assert {key: points for key, points in found.items() if points} == {
            key: points for key, points in expected.items() if points
        }
        for one in LedgerEntry.objects.filter(entry_kind=EntryKind.CREDIT):
            back = LedgerEntry.objects.filter(counters=one).aggregate(back=Sum("points"))["back"] or 0
            assert back <= one.points
        transaction.set_rollback(True)


@pytest.mark.slow
def test_of_two_claims_at_once_one_stands(committed_db: Databases) -> None:
    world = build()
    terms_agreed(world)
    found = came_back(world)
    outcomes: list[str] = []

    def claim(name: str) -> None:
        try:
            changes.claim_points(**as_(world, name), handoff=found.handoff, ground="Damp", found_return=found)
            outcomes.append("claimed")
        except Refused:
            outcomes.append("refused")
        connections.close_all()

    at_once([lambda name=name: claim(name) for name in ("chen_jie", "wang_fang", "sun_lei", "zhou_min")])
    assert sorted(outcomes) == ["claimed", "refused", "refused", "refused"]
    assert SettlementClaim.objects.count() == 1


@pytest.mark.slow
def test_of_answers_and_postings_at_once_each_is_posted_once(committed_db: Databases) -> None:
    world = build()
    terms_agreed(world)
    claim = claimed(world)
    delivered_one = delivered(world)
    changes.accept_handoff(**as_(world, "chen_jie"), handoff=delivered_one)

    def accept(name: str) -> None:
        with suppress(Refused):
            changes.accept_claim(**as_(world, name), claim=claim)
        connections.close_all()

    def posted() -> None:
        post()
        connections.close_all()

    at_once([*(lambda name=name: accept(name) for name in ("gao_ming", "zhao_lei")), posted, posted, posted])
    kinds = list(LedgerEntry.objects.order_by("pk").values_list("entry_kind", flat=True))
    assert sorted(kinds) == ["claim", "credit", "credit"]


def at_once(doing: list[Any]) -> None:
    threads = [threading.Thread(target=one) for one in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def execute(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.both
def test_the_database_lets_nobody_change_or_remove_an_entry(world: World) -> None:
    terms_agreed(world)
    changes.accept_claim(**as_(world, "gao_ming"), claim=claimed(world))
    first = LedgerEntry.objects.order_by("pk")[0]
    wanted = [
        "UPDATE handoffs_ledgerentry SET points = 1", "DELETE FROM handoffs_ledgerentry",
        f"UPDATE handoffs_ledgerentry SET debit_id = {world.stores.pk} WHERE id = {first.pk}",
    ]  # fmt: skip
    if connection.vendor == "postgresql":
        execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table is not emptied while keys wait to be looked up
        wanted.append("TRUNCATE handoffs_ledgerentry CASCADE")
    else:
        columns = ", ".join(column.column for column in LedgerEntry._meta.concrete_fields)
        changed = columns.replace("points", "999")
        copied = columns.replace("id, public_id", "NULL, 'cccccccccccccccc'", 1)
        for values in (changed, copied):
            wanted.append(
                f"INSERT OR REPLACE INTO handoffs_ledgerentry ({columns}) "
                f"SELECT {values} FROM handoffs_ledgerentry WHERE id = {first.pk}"
            )
    for sql in wanted:
        with pytest.raises(IntegrityError, match="append-only"):
            execute(sql)
    assert list(LedgerEntry.objects.order_by("pk").values_list("points", flat=True)) == [100, 10]


@pytest.mark.both
@pytest.mark.parametrize(
    "wrong",
    [
        {"points": 0}, {"points": -5}, {"credit": "ward"}, {"entry_kind": "claim"}, {"entry_kind": "void"},
        {"counters": True},
    ],
)  # fmt: skip
def test_the_database_takes_no_entry_that_does_not_balance(world: World, wrong: dict[str, Any]) -> None:
    terms = terms_agreed(world)
    other = delivered(world)
    handoff = delivered(world)
    changes.accept_handoff(**as_(world, "chen_jie"), handoff=handoff)
    post()
    values: dict[str, Any] = {
        "handoff": other, "terms": terms, "entry_kind": "credit", "debit": world.ward, "credit": world.laundry,
        "points": 5, "happened_at": NOON, "recorded_at": NOON, **wrong,
    }  # fmt: skip
    if wrong.get("credit"):
        values["credit"] = world.ward
    if wrong.get("counters"):
        values["counters"] = LedgerEntry.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry(**values).save(force_insert=True)


@pytest.mark.both
def test_missing_triggers_of_the_ledger_are_told(world: World) -> None:
    from baton.handoffs.models.ledger import LEDGER

    assert triggers.missing(connection) == []
    triggers.drop(connection, [LEDGER])
    assert verify().missing_triggers == tuple(LEDGER.triggers(connection.vendor))
    triggers.create(connection)
    assert verify().holds


@pytest.mark.both
@pytest.mark.parametrize("proposed", [True, False])
def test_one_of_a_kind_holds_on_a_link(world: World, proposed: bool) -> None:
    made = terms_agreed(world)
    copy = LinkSettlement(
        link=world.laundry_ward, price=5, share=50, claim_days=5, arbiter=world.he_ping, proposed_side=Side.SUPPLIER,
        recorded_at=NOON,
    )  # fmt: skip
    if proposed:
        changes.propose_settlement(
            **as_(world, "zhao_lei"), link=made.link, side=Side.SUPPLIER, price=5, share=50, claim_days=5,
            arbiter=world.he_ping,
        )  # fmt: skip
    else:
        copy.state, copy.agreed_at = "agreed", NOON
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.slow
def test_the_ledger_comes_to_an_installation_that_has_handoffs(committed_db: Databases) -> None:
    world = build()
    handoff = delivered(world)
    with new_models_alone():  # the way back is the test's own; what it leaves is demanded below
        call_command("migrate", "handoffs", "0001_initial", verbosity=0)
    assert "handoffs_ledgerentry" not in connection.introspection.table_names()
    call_command("migrate", "handoffs", verbosity=0)
    assert triggers.missing(connection) == []
    terms_agreed(world)
    changes.accept_handoff(**as_(world, "chen_jie"), handoff=handoff)
    assert post() == 1
