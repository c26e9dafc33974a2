"""What named grades tell about those who give them: who is mild, who severe; and whether two favour each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from baton.feedback.rules.grades import POINTS, Grade
from baton_analysis.errors import MeasureError

if TYPE_CHECKING:
    from baton.feedback.models.grades import DepartmentGrade
    from baton_analysis.results import Result


def studies_of(rows: Sequence[DepartmentGrade]) -> dict[str, Any]:
    """Both studies of these grades, which may be of several rounds; where they do not allow one, why.

    Grades count as 5 (A) to 1 (E), a step between neighbours everywhere alike. ``raters`` is about the people who
    grade, by public id; ``bias`` about pairs of departments that grade each other, held against what came in time.
    """
    # Servers that compute nothing do not load what computes.
    from baton_analysis.measures.raters import rater_effects, rating_bias

    graded = [one for one in rows if Grade(one.grade) in POINTS]
    points = [float(POINTS[Grade(one.grade)]) for one in graded]
    givers = [one.given_by.public_id if one.given_by else "" for one in graded]
    customers = [one.customer.public_id for one in graded]
    suppliers = [one.supplier.public_id for one in graded]
    rounds = [one.round_id for one in graded]
    kept = [math.nan if one.attainment is None else one.attainment for one in graded]
    return {
        "rounds": len(set(rounds)),
        "raters": _studied(
            lambda: rater_effects(givers, suppliers, points), lambda found: {"rows": found.frame.to_dicts()}
        ),
        "bias": _studied(
            lambda: rating_bias(customers, suppliers, rounds, points, kept),
            lambda found: {
                "rows": found.frame.filter(found.frame["found"]).to_dicts(), "pairs": found.pairs,
                "reciprocity": found.reciprocity, "interval": list(found.interval),
            },
        ),
    }  # fmt: skip


def _studied(compute: Callable[[], Result], told: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The result as it is kept; where the grades do not allow it, why."""
    try:
        result = compute()
    except MeasureError as refused:
        message = {name: getattr(refused, name) for name in ("expected", "found", "remedy")}
        return {"refused": _plain({**message, "values": dict(refused.values)})}
    said = [{"message": one.message, "count": one.count, "values": dict(one.values)} for one in result.warnings]
    head = {"n": result.n, "method": result.method, "version": result.version}
    return dict(_plain({**head, **told(result), "warnings": said}))


def _plain(value: Any) -> Any:
    """As JSON holds it: no number that is none."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | int | bool) or value is None else str(value)
