"""When a handoff occurred: by that moment the clauses are found that its measured values cite."""

from __future__ import annotations

from baton.agreements.queries.in_force import clauses_in_force_at
from baton.agreements.rules import Measure
from baton.core.audit.trail import Trail
from baton.handoffs.models import Handoff, MeasuredValue


def occur(trail: Trail, handoff: Handoff) -> None:
    """Let a handoff of which a first moment became known occur then: until anything happens to it, it stands under the
    day on which it is due, which may be one of another agreement. The caller saves it."""
    occurred_at = handoff.moments.occurred_at
    assert occurred_at is not None, "a moment of it is known"
    if occurred_at != handoff.occurred_at:
        handoff.occurred_at = occurred_at
        _cite_anew(trail, handoff)


def _cite_anew(trail: Trail, handoff: Handoff) -> None:
    """Values that were measured before cite the same line of the version that held. Where that has none, or one in
    another unit, they keep what they cite and count for no clause."""
    values = list(MeasuredValue.objects.filter(handoff=handoff).select_related("clause").order_by("pk"))
    if not values:
        return
    held = clauses_in_force_at(viewer=trail.by, link=handoff.link_id, moment=handoff.occurred_at)
    by_line = {(one.line, one.unit): one for one in held if one.measure == Measure.VALUE}
    for value in values:
        clause = by_line.get((value.clause.line, value.clause.unit))
        if clause is not None and clause.pk != value.clause_id:
            fresh = trail.lock(MeasuredValue, value)
            fresh.clause = clause
            trail.save(fresh, "measured_value.cited_anew")
