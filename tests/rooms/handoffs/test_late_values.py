"""A measured value that is told late cites the version that held when its handoff occurred."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from baton.agreements import changes as agreements
from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.rules import Direction, Measure
from baton.core.errors import Refused
from baton.core.models import ImportRun
from baton.handoffs.changes.telling import ValueTold, tell_more
from baton.handoffs.models import Handoff, MeasuredValue
from baton.handoffs.rules import Moments
from tests.rooms.agreements.made import in_force, proposed, terms
from tests.rooms.handoffs.test_late_tables import brought
from tests.rooms.imports.tables import SYSTEM, counts, said
from tests.world import NOON, World

DAY = timedelta(days=1)
DAMP = terms(characteristic={"en": "Moisture"}, measure=Measure.VALUE, unit="%", upper=5.0, target=None,
             attainment=None, direction=Direction.AT_MOST)  # fmt: skip
MAPPING = {"link": "Link", "key": "Key", "requested_at": "Requested", "delivered_at": "Delivered",
           "value_1": "Moisture (%)"}  # fmt: skip


@pytest.fixture
def versions(world: World) -> tuple[Clause, Clause]:
    """Moisture as it was agreed ten days ago, and as it is since yesterday."""
    first = in_force(proposed(world, DAMP), at=NOON - 10 * DAY)
    by = world.actor(world.zhao_lei)
    draft = agreements.draft_version(by=by, at=NOON, agreement=first.agreement, reason="Drier")
    agreements.change_clause(by=by, at=NOON, clause=draft.clauses.get(), terms=terms(DAMP, upper=4.0))
    second = in_force(agreements.propose_version(by=by, at=NOON, version=draft), at=NOON - DAY)
    AgreementVersion.objects.filter(pk=first.pk).update(activated_at=NOON - 10 * DAY, closed_at=NOON - DAY)
    AgreementVersion.objects.filter(pk=second.pk).update(activated_at=NOON - DAY)
    return first.clauses.get(), second.clauses.get()


def told(world: World, requested: str, delivered: str, value: str) -> ImportRun:
    head = "Link,Key,Requested,Delivered,Moisture (%)\n"
    return brought(f"{head}{world.laundry_ward.number},K1,{requested},{delivered},{value}\n", MAPPING)


def test_a_value_cites_the_version_of_the_request_though_it_is_told_with_the_delivery(
    world: World, versions: tuple[Clause, Clause]
) -> None:
    then, now = f"{NOON - 5 * DAY:%Y-%m-%d %H:%M}", f"{NOON - DAY / 2:%Y-%m-%d %H:%M}"
    assert counts(told(world, then, "", "")) == (1, 0, 0, 0)
    assert counts(told(world, "", now, "4.5")) == (0, 1, 0, 0)
    assert MeasuredValue.objects.get().clause_id == versions[0].pk
    assert counts(told(world, "", now, "4.5")) == (0, 0, 1, 0), "it is not measured twice"
    assert [column for _row, column, _text in said(told(world, "", now, "4.4"))] == ["Moisture (%)"]


def test_a_value_cites_the_version_of_an_earlier_moment_that_its_own_row_tells(
    world: World, versions: tuple[Clause, Clause]
) -> None:
    then, now = f"{NOON - 5 * DAY:%Y-%m-%d %H:%M}", f"{NOON - DAY / 2:%Y-%m-%d %H:%M}"
    assert counts(told(world, "", now, "")) == (1, 0, 0, 0)
    assert counts(told(world, then, now, "4.5")) == (0, 1, 0, 0)
    assert MeasuredValue.objects.get().clause_id == versions[0].pk


def test_a_clause_that_did_not_hold_then_is_refused_when_the_row_is_entered(
    world: World, versions: tuple[Clause, Clause]
) -> None:
    told(world, f"{NOON - 5 * DAY:%Y-%m-%d %H:%M}", "", "")
    handoff = Handoff.objects.get()
    value = ValueTold("value_1", versions[1].pk, 4.5, NOON)
    with pytest.raises(Refused, match="belongs to another link or version") as refused:
        tell_more(by=SYSTEM, at=timezone.now(), handoff=handoff, moments=Moments(), values=[value])
    assert refused.value.field == "value_1"
    assert not MeasuredValue.objects.exists()
