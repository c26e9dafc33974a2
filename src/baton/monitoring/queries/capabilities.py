"""How well a subject stays within its specification limits, and what these are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.policy import demand
from baton.core.registries import Subject
from baton.monitoring import policy
from baton.monitoring.models import Specification, StoredCapability
from baton.monitoring.queries.results import limits_said
from baton.monitoring.rules import MEASURED_VALUE


@dataclass(frozen=True, slots=True)
class CapabilityFound:
    """``stored`` is what a run computed (None: no limits, no facts under them, or no run since); ``specifications`` the
    limits that hold, those of the latest day first."""

    stored: StoredCapability | None
    specifications: list[Specification]


def capability_of(*, viewer: Actor, subject: Subject) -> CapabilityFound:
    """Two queries. NotFound for whoever may not see the object."""
    _demand_sight(viewer, subject)
    said = limits_said(viewer=viewer, measured_as=subject.measured_as)
    held = [one for one in said if one.withdrawn_at is None]
    return CapabilityFound(
        stored=StoredCapability.objects.filter(subject=subject.measured_as).first(),
        specifications=sorted(held, key=lambda one: (one.began_on, one.pk), reverse=True),
    )


def capabilities_of_clauses(*, viewer: Actor, keys: Collection[str]) -> dict[str, StoredCapability]:
    """What a run computed of the measured values of clauses, by key. One query. The caller has made sure that the
    viewer may see the links."""
    demand(policy.may_see_health(viewer))
    rows = StoredCapability.objects.filter(measure=MEASURED_VALUE, subject__in=list(keys))
    return {row.subject: row for row in rows}


def specification(*, viewer: Actor, subject: Subject, public_id: str) -> Specification:
    """Specification limits of a subject, withdrawn or not. NotFound for whoever may not see the object."""
    _demand_sight(viewer, subject)
    found = Specification.objects.filter(subject=subject.measured_as, public_id=public_id)
    said = found.select_related("declared_by").first()
    if said is None:
        raise NotFound
    return said


def _demand_sight(viewer: Actor, subject: Subject) -> None:
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        raise NotFound
