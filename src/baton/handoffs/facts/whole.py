"""What the handoffs of a link tell as a whole: perfect handoffs, early warnings, escape rates, what came back and what
it cost."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import polars as pl
from django.db.models import Count, Sum

from baton.handoffs.facts.reading import NOT_COUNTED, Read, read
from baton.handoffs.facts.sources import Span
from baton.handoffs.models import Handoff, HandoffEvent, HandoffReturn, StageCheck
from baton.handoffs.rules import ReturnState, Stage, State, Step
from baton_analysis.measures import escape_rates as escapes
from baton_analysis.measures import perfect_handoff as perfect
from baton_analysis.measures.escape_rates import Check, escape_rates
from baton_analysis.measures.perfect_handoff import perfect_handoff
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.measures.yields import pareto

METHOD = "last_quarter"
VERSION = f"{perfect.VERSION}.{escapes.VERSION}.1"
QUARTER = timedelta(weeks=13)
_OUT = sorted(NOT_COUNTED | {ReturnState.UNDECIDED, ReturnState.CONTESTED})


def figures_of(link: str) -> dict[str, Any] | None:
    """The figures of a link (public id) over the thirteen weeks up to its newest handoff; None where it has none.

    {first, last, handoffs, perfect, warned, escapes, causes, cost}. They rest on the records alone, not on the clock.
    """
    mine = Handoff.objects.filter(link__public_id=link).exclude(state=State.WITHDRAWN)
    newest = mine.order_by("-occurred_at").values_list("occurred_at", flat=True).first()
    if newest is None:
        return None
    span = Span(link, newest - QUARTER, newest + timedelta(microseconds=1))
    known = read(span)
    assert known is not None  # the newest of them at least
    return {
        "first": span.first.isoformat(),
        "last": newest.isoformat(),
        "handoffs": known.rows.height,
        "perfect": _perfect(span, known),
        "warned": _warned(span, known),
        **_what_came_back(span),
    }


def _perfect(span: Span, known: Read) -> dict[str, Any]:
    """On time by the moment that was agreed for each, complete, nothing came back, information right. What the customer
    did not say of a handoff that he took counts as right; what came too early to be judged is left out."""
    names = ("pk", "complete", "information_right")
    said = list(span.handoffs().values_list(*names))
    columns = dict(zip(("case", "complete", "information_right"), zip(*said, strict=True), strict=True))
    schema = {"case": pl.Int64, "complete": pl.Boolean, "information_right": pl.Boolean}
    rows = known.rows.join(pl.DataFrame(columns, schema=schema), on="case")
    taken = pl.col("state").is_in([State.ACCEPTED, State.PARTLY, State.RETURNED, State.SETTLED])
    done = pl.coalesce("delivered_at", "accepted_at")
    judged = rows.select(
        on_time=pl.when(pl.col("due_at").is_not_null() & done.is_not_null()).then(done <= pl.col("due_at")),
        complete=pl.when(taken).then(pl.col("complete").fill_null(True)),
        conforming=pl.when(taken & ~pl.col("in_doubt")).then(~pl.col("came_back")),
        information_right=pl.when(taken).then(pl.col("information_right").fill_null(True)),
    )
    return perfect_handoff(judged, unknown="left_out").to_dict()


def _warned(span: Span, known: Read) -> dict[str, Any]:
    """Of the handoffs that came after they were due, the share of which the supplier had said so before."""
    done = pl.coalesce("delivered_at", "accepted_at")
    late = known.rows.filter(done > pl.col("due_at")).select("case", "due_at")
    told = HandoffEvent.objects.filter(handoff__in=span.handoffs().order_by().values("pk"), event=Step.WARN_LATE)
    first: dict[int, Any] = {}
    for case, at in told.order_by("at").values_list("handoff", "at"):
        first.setdefault(case, at)
    in_time = sum(case in first and first[case] < due for case, due in late.iter_rows())
    low, high = wilson_interval([in_time], [late.height])
    interval = [float(low[0]), float(high[0])] if late.height else None
    return {
        "n": late.height, "told": in_time, "value": in_time / late.height if late.height else None,
        "interval": interval,
    }  # fmt: skip


def _what_came_back(span: Span) -> dict[str, Any]:
    """Returns that count by defect code, what they cost, and what each check let through."""
    keys = span.handoffs().order_by().values("pk")
    returns = HandoffReturn.objects.filter(handoff__in=keys).exclude(state__in=_OUT)
    counted = returns.values("code__public_id", "code__code").annotate(n=Count("pk"), total=Sum("cost")).order_by("-n")
    counts = {row["code__code"] or "": float(row["n"]) for row in counted}
    costs: dict[str, float] = defaultdict(float)
    for row in counted:
        costs[row["code__code"] or ""] += float(row["total"] or 0)
    whole = span.handoffs().order_by().aggregate(total=Sum("cost"))
    checks = {
        row["stage"]: row
        for row in StageCheck.objects.filter(handoff__in=keys)
        .values("stage").annotate(found=Sum("found"), looked_at=Sum("checked")).order_by("stage")
    }  # fmt: skip
    came_back = int(sum(counts.values()))
    rates = [
        Check(stage.value, found=int(stage_row["found"] or 0), looked_at=int(stage_row["looked_at"] or 0) or None)
        for stage in Stage
        if (stage_row := checks.get(stage.value))
    ]
    return {
        "causes": pareto(counts).to_dict() if counts else None,
        "costs": dict(costs),
        "cost": float(whole["total"] or 0) + sum(costs.values()),
        "returns": came_back,
        "escapes": escape_rates(rates, came_back).to_dict() if rates else None,
    }
