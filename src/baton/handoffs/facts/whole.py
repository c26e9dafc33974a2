"""What the handoffs of a link tell as a whole: perfect handoffs, early warnings, escape rates, what came back and what
it cost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
from django.db.models import Count, QuerySet, Sum

from baton.handoffs.facts.reading import IN_DOUBT, NOT_COUNTED, read
from baton.handoffs.facts.sources import Span
from baton.handoffs.models import Handoff, HandoffEvent, HandoffReturn, StageCheck
from baton.handoffs.rules import Stage, State, Step
from baton_analysis.measures import escape_rates as escapes
from baton_analysis.measures import perfect_handoff as perfect
from baton_analysis.measures.escape_rates import Check, escape_rates
from baton_analysis.measures.perfect_handoff import perfect_handoff
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.measures.yields import Step as YieldStep
from baton_analysis.measures.yields import pareto, path_yield
from baton_analysis.measures.yields.basis import VERSION as YIELDS

METHOD = "last_quarter"
VERSION = f"{perfect.VERSION}.{escapes.VERSION}.{YIELDS}.4"
QUARTER = timedelta(weeks=13)
_OUT = sorted(NOT_COUNTED | IN_DOUBT)
_TAKEN = [State.ACCEPTED, State.PARTLY, State.RETURNED, State.SETTLED]


def figures_of(link: str, at: datetime) -> dict[str, Any] | None:
    """The figures of a link (public id) over the thirteen weeks up to its newest handoff; None where it has none.

    {first, last, handoffs, overdue, perfect, yield, warned, escapes, causes, costs, cost, returns}. They rest on the
    records, and on ``at`` for what is due by then and has not come. What is only planned, for later than ``at``, is no
    handoff yet.
    """
    mine = Handoff.objects.filter(link__public_id=link, occurred_at__lte=at).exclude(state=State.WITHDRAWN)
    newest = mine.order_by("-occurred_at").values_list("occurred_at", flat=True).first()
    if newest is None:
        return None
    span = Span(link, newest - QUARTER, newest + timedelta(microseconds=1))
    known = read(span)
    assert known is not None  # the newest of them at least
    rows = known.rows.with_columns(
        done=pl.coalesce("delivered_at", "accepted_at"),
        overdue=(pl.col("state") == State.EXPECTED) & ~pl.col("paused") & (pl.col("due_at") <= at).fill_null(False),
    )
    return {
        "first": span.first.isoformat(),
        "last": newest.isoformat(),
        "handoffs": rows.height,
        "overdue": int(rows["overdue"].sum()),
        "perfect": _perfect(span, rows),
        "yield": _first_pass(link, rows),
        "warned": _warned(span, rows),
        "escapes": _escapes(span, rows),
        **_what_came_back(span),
    }


def _perfect(span: Span, known: pl.DataFrame) -> dict[str, Any]:
    """On time by the moment that was agreed for each, complete, nothing sent back, information right. What the customer
    did not say of a handoff that he took counts as right. What is overdue came neither in time nor completely, and
    what else is wrong with it nobody knows yet; what came too early to be judged is left out. What the customer did not
    take at first, because it was incomplete, was not complete."""
    names = ("pk", "complete", "information_right")
    said = list(span.handoffs().values_list(*names))
    columns = dict(zip(("case", "complete", "information_right"), zip(*said, strict=True), strict=True))
    schema = {"case": pl.Int64, "complete": pl.Boolean, "information_right": pl.Boolean}
    rows = known.join(pl.DataFrame(columns, schema=schema), on="case")
    taken, overdue = pl.col("state").is_in(_TAKEN), "overdue"
    whole = (
        pl.when(pl.col("missing") | pl.col("turned_away"))
        .then(False)
        .when("not_missing")
        .then(True)
        .otherwise(pl.col("complete").fill_null(True))
    )
    judged = rows.select(
        on_time=pl.when(overdue)
        .then(False)
        .when(pl.col("due_at").is_not_null() & pl.col("done").is_not_null())
        .then(pl.col("done") <= pl.col("due_at")),
        complete=pl.when(overdue).then(False).when(taken).then(whole),
        conforming=pl.when(taken & ~pl.col("in_doubt")).then(~pl.col("sent_back")),
        information_right=pl.when(taken).then(pl.col("information_right").fill_null(True)),
        undelivered=overdue,
    )
    return perfect_handoff(judged, unknown="left_out").to_dict()


def _first_pass(link: str, known: pl.DataFrame) -> dict[str, Any] | None:
    """Of the handoffs that the customer judged the share of which nothing came back that counts; what is in doubt is
    left out. None where he judged none."""
    judged = known.filter(pl.col("state").is_in(_TAKEN) & ~pl.col("in_doubt"))
    if judged.is_empty():
        return None
    found = path_yield([YieldStep(link, judged.height, int((~judged["came_back"]).sum()))])
    (step,) = found.steps
    return {
        "n": step.n, "good": int((~judged["came_back"]).sum()), "value": step.value, "interval": list(step.interval),
        "method": "first_pass_yield", "version": found.version,
    }  # fmt: skip


def _warned(span: Span, known: pl.DataFrame) -> dict[str, Any]:
    """Of the handoffs that came after they were due, or have not come yet, the share of which the supplier had said so
    before."""
    late = known.filter((pl.col("done") > pl.col("due_at")) | pl.col("overdue")).select("case", "due_at")
    told = HandoffEvent.objects.filter(handoff__in=_keys(span), event=Step.WARN_LATE)
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


def _escapes(span: Span, known: pl.DataFrame) -> dict[str, Any] | None:
    """What each check let through; None without checks. All is counted in handoffs that the check looked at, each once:
    those in which it found something faulty, and those in which something came up later: at a later check, or because
    it was sent back and counts.

    What the receiver or the inspector found counts as found there, since that is why it is sent back. What is found of
    a handoff before it leaves is mended: if something comes up all the same, the self-check let it through.
    """
    looked: dict[Stage, set[int]] = {stage: set() for stage in Stage}
    faulty: dict[Stage, set[int]] = {stage: set() for stage in Stage}
    rows = StageCheck.objects.filter(handoff__in=_keys(span)).values_list("handoff", "stage", "found", "passed")
    for case, stage, found, passed in rows:
        looked[Stage(stage)].add(case)
        if found or not passed:
            faulty[Stage(stage)].add(case)
    sent_back = set(known.filter("came_back")["case"].to_list())
    checks, stages = [], list(Stage)
    for place, stage in enumerate(stages):
        if not looked[stage]:
            continue
        later = sent_back.union(*(faulty[one] for one in stages[place + 1 :])) & looked[stage]
        found = faulty[stage]
        found, later = (found - later, later) if stage is Stage.SELF_CHECK else (found, later - found)
        rates = escape_rates([Check(stage.value, len(found), len(looked[stage]))], len(later))
        checks += rates.to_dict()["checks"]
    return {"method": escapes.METHOD, "version": escapes.VERSION, "checks": checks} if checks else None


def _what_came_back(span: Span) -> dict[str, Any]:
    """Returns that count by defect code (public id; empty: none), and what they cost."""
    returns = HandoffReturn.objects.filter(handoff__in=_keys(span)).exclude(state__in=_OUT)
    counted = returns.values_list("code__public_id").annotate(n=Count("pk"), total=Sum("cost"))
    by_code = sorted((code or "", n, float(total or 0)) for code, n, total in counted)
    counts = {code: float(n) for code, n, _total in by_code}
    costs = {code: total for code, _n, total in by_code}
    whole = span.handoffs().order_by().aggregate(supplier=Sum("supplier_cost"), customer=Sum("customer_cost"))
    return {
        "causes": pareto(counts).to_dict() if counts else None,
        "costs": costs,
        "cost": float(whole["supplier"] or 0) + float(whole["customer"] or 0) + sum(costs.values()),
        "returns": sum(n for _code, n, _total in by_code),
    }


def _keys(span: Span) -> QuerySet[Handoff, Any]:
    return span.handoffs().order_by().values("pk")
