"""In which unit a rate of defects counts: amounts of different units are never added."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from baton.agreements.queries import clauses_by_version
from baton.agreements.queries.in_force import version_in_force_at
from baton.agreements.rules import Measure
from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.handoffs.facts.units import counted_unit, held_since
from baton.handoffs.models import HandoffLine
from baton.handoffs.rules import plain_unit


@dataclass(frozen=True, slots=True)
class CountedUnit:
    """The unit in which a rate of defects counts (empty: pieces), and how many lines have it and how many another."""

    unit: str
    counted: int
    left_out: int


def unit_shown(*, viewer: Actor, link: int, since: datetime) -> CountedUnit:
    """In which unit a rate counts, and how much that leaves out; of a link that the viewer sees. Three queries."""
    if not may_use(viewer):
        return CountedUnit("", 0, 0)
    unit = counted_unit(link=link, since=since)
    lines = HandoffLine.objects.filter(handoff__in=held_since(link, since).values("pk")).order_by()
    counts: Counter[str] = Counter()
    for written, count in lines.values_list("unit").annotate(count=Count("pk")):
        counts[plain_unit(written)] += count
    counted = counts.pop(unit, 0)
    return CountedUnit(unit, counted, counts.total())


def unit_of_clause(*, viewer: Actor, at: datetime, key: str) -> CountedUnit | None:
    """The same, of a clause of defects (``<id of the link>/<line>``) as it is in force; None for other clauses, and
    where nothing is in force that the viewer sees."""
    link, _slash, line = key.partition("/")
    found = chain.link(viewer=viewer, at=at, public_id=link)
    version = version_in_force_at(viewer=viewer, link=found.pk, moment=at)
    if version is None or version.activated_at is None:
        return None
    clauses = clauses_by_version(viewer=viewer, versions=[version])[version.pk]
    if not any(one.line == line and one.terms.measure is Measure.DEFECTS for one in clauses):
        return None
    return unit_shown(viewer=viewer, link=found.pk, since=version.activated_at)
