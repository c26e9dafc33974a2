"""Agreements for tests, made through changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from baton.agreements import changes
from baton.agreements.rules import Direction, Measure, Side, Source, Terms, VersionState
from tests.world import NOON, World

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion, Clause

LINEN = Terms(
    owed_by=Side.SUPPLIER, characteristic={"en": "Clean linen is on the ward"}, measure=Measure.TIME, unit="h",
    direction=Direction.AT_MOST, target=24.0, attainment=95.0, source=Source.HANDOFFS,
)  # fmt: skip
ORDER = Terms(
    owed_by=Side.CUSTOMER, characteristic={"en": "Used linen is sorted"}, measure=Measure.SHARE, unit="%",
    direction=Direction.AT_LEAST, target=98.0, source=Source.COUNT_BY_HAND,
)  # fmt: skip
BARE = Terms(owed_by=Side.SUPPLIER, characteristic={"en": "Linen smells fresh"})


def terms(base: Terms = LINEN, **changed: Any) -> Terms:
    """A clause like ``base`` but for what is named."""
    return replace(base, **changed)


def drafted(world: World, *clauses: Terms) -> AgreementVersion:
    """A draft for the linen that the Laundry hands to Ward 3, by the head of the Laundry."""
    by = world.actor(world.zhao_lei)
    return changes.begin_agreement(by=by, at=NOON, link=world.laundry_ward, clauses=clauses or (LINEN, ORDER))


def proposed(world: World, *clauses: Terms) -> AgreementVersion:
    """That draft, proposed by the Laundry."""
    version = drafted(world, *clauses)
    return changes.propose_version(by=world.actor(world.zhao_lei), at=NOON, version=version)


def in_force(version: AgreementVersion, at: datetime = NOON) -> AgreementVersion:
    """The proposed version, as if both sides had signed it."""
    from baton.core.audit.trail import change
    from tests.world import SYSTEM

    with change(by=SYSTEM, at=at) as trail:
        held = trail.lock(type(version), version)
        changes.accepted_by_both(trail, held)
    version.refresh_from_db()
    assert version.state == VersionState.ACTIVE
    return version


def first_clause(version: AgreementVersion) -> Clause:
    """Its first clause as it now stands."""
    return version.clauses.order_by("position", "pk")[0]
