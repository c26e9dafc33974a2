"""The handoffs of a source as columns: no record is made of a row, so that a hundred thousand fit into a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import QuerySet

from baton.handoffs.facts.sources import Span
from baton.handoffs.models import HandoffEvent, HandoffLine, HandoffReturn, MeasuredValue
from baton.handoffs.rules import ReturnState, Step, plain_unit

MOMENT = pl.Datetime("us", "UTC")
NOT_COUNTED = frozenset({ReturnState.DISMISSED, ReturnState.WITHDRAWN})
"""Returns that do not count: it was right as delivered, or was taken back."""
IN_DOUBT = frozenset({ReturnState.CONTESTED, ReturnState.UNDECIDED})
"""Returns that count against neither side, as long as they are so."""

_FLAGS = ("came_back", "sent_back", "missing", "not_missing", "in_doubt", "paused", "turned_away")
_KINDS_OF_STEPS = {
    Step.RECEIVE: "received", Step.DELIVER: "delivered", Step.ACCEPT: "accepted", Step.PAUSE: "paused",
    Step.RESUME: "resumed", Step.PRIORITY: "priority_changed", Step.ACCEPT_PART: "accepted",
    Step.REFUSE_REQUEST: "paused", Step.COMPLETE: "resumed", Step.REFUSE_INPUT: "reopened",
}  # fmt: skip
INCOMPLETE = "\x1fincomplete request"
"""Reason of the pause between a request that was sent back and its completion; nobody can type it."""


@dataclass(frozen=True, slots=True)
class Read:
    """The handoffs of a source, a row each by ``case`` (``rows``), and what happened to them. ``rows`` has the
    moments, ``state``, ``form``, ``came_back`` (something came back or was missing, and it counts, or it was not
    taken), of which ``sent_back``, ``missing`` and ``turned_away`` (the customer did not take it because it was
    incomplete), ``not_missing`` (said to be missing, wrongly), ``in_doubt`` (a return that counts against neither),
    ``returned_at`` (the first that counts) and ``paused`` (its clock stands still). ``events`` are
    case, at, kind, reason and priority; ``lines`` are case, unit, units and refused; ``values`` case, clause (key),
    value and at."""

    rows: pl.DataFrame
    events: pl.DataFrame
    lines: pl.DataFrame
    values: pl.DataFrame


def read(span: Span) -> Read | None:
    """What is known of the handoffs of a source; None where there are none. Five queries."""
    handoffs = span.handoffs()
    names = (
        "pk", "state", "priority", "occurred_at", "requested_at", "due_at", "received_at", "delivered_at",
        "accepted_at", "form",
    )  # fmt: skip
    moments = dict.fromkeys(names[3:-1], MOMENT)
    rows = framed(
        handoffs, names, {"pk": pl.Int64, "state": pl.String, "priority": pl.String, **moments, "form": pl.String}
    )
    if rows.is_empty():
        return None
    rows = rows.rename({"pk": "case"}).with_columns(priority=pl.col("priority").replace("", None))
    keys = handoffs.order_by().values("pk")
    returns = framed(
        HandoffReturn.objects.filter(handoff__in=keys),
        ("handoff", "state", "opened_at", "shortage", "line", "quantity"),
        {"case": pl.Int64, "state": pl.String, "at": MOMENT, "shortage": pl.Boolean, "line": pl.Int64,
         "quantity": pl.Float64},
    )  # fmt: skip
    events = framed(
        HandoffEvent.objects.filter(handoff__in=keys).order_by("pk"), ("handoff", "event", "at", "reason", "priority"),
        {"case": pl.Int64, "event": pl.String, "at": MOMENT, "reason": pl.String, "priority": pl.String},
    )  # fmt: skip
    lines = framed(
        HandoffLine.objects.filter(handoff__in=keys), ("pk", "handoff", "unit", "ordered", "delivered", "refused"),
        {"line": pl.Int64, "case": pl.Int64, "unit": pl.String, "ordered": pl.Float64, "delivered": pl.Float64,
         "refused": pl.Float64},
    )  # fmt: skip
    values = framed(
        MeasuredValue.objects.filter(handoff__in=keys), ("handoff", "clause", "value", "measured_at"),
        {"case": pl.Int64, "clause": pl.Int64, "value": pl.Float64, "at": MOMENT},
    )  # fmt: skip
    return Read(_with_returns(rows, returns, events), _events(rows, returns, events), _summed(lines, returns), values)


def framed(rows: QuerySet[Any], names: tuple[str, ...], schema: dict[str, Any]) -> pl.DataFrame:
    """These values of the rows as columns, under the names and types of ``schema``."""
    found = list(rows.values_list(*names).iterator(chunk_size=10_000))
    if not found:
        return pl.DataFrame(schema=schema)
    columns = list(zip(*found, strict=True))
    series = []
    for (name, dtype), column in zip(schema.items(), columns, strict=True):
        if dtype == pl.Float64:
            column = tuple(None if value is None else float(value) for value in column)
        series.append(pl.Series(name, column, dtype=dtype))
    return pl.DataFrame(series)


def _with_returns(rows: pl.DataFrame, returns: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    if returns.is_empty() and events.is_empty():
        nothing = dict.fromkeys(_FLAGS, pl.lit(False))
        return rows.with_columns(**nothing, returned_at=pl.lit(None, dtype=MOMENT))
    doubted = pl.col("state").is_in(list(IN_DOUBT))
    counted = ~doubted & ~pl.col("state").is_in(list(NOT_COUNTED))
    short = pl.col("shortage")
    said = returns.group_by("case").agg(
        came_back=counted.any(), sent_back=(counted & ~short).any(), missing=(counted & short).any(),
        not_missing=short.any() & ~(counted & short).any(), in_doubt=doubted.any(),
        returned_at=pl.col("at").filter(counted).min(),
    )  # fmt: skip
    pauses, ends = [Step.PAUSE, Step.REFUSE_REQUEST], [Step.RESUME, Step.COMPLETE]
    steps = events.filter(pl.col("event").is_in([*pauses, *ends])).sort("at", maintain_order=True)
    last = steps.group_by("case", maintain_order=True).agg(paused=pl.col("event").last().is_in(pauses))
    away = events.filter(pl.col("event") == Step.REFUSE_INPUT).select("case", turned_away=pl.lit(True)).unique()
    joined = rows.join(said, on="case", how="left").join(last, on="case", how="left").join(away, on="case", how="left")
    flags = [pl.col(name).fill_null(False) for name in _FLAGS]
    return joined.with_columns(flags).with_columns(came_back=pl.col("came_back") | pl.col("turned_away"))


def _events(rows: pl.DataFrame, returns: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Later events in the words of the analysis; what came back reopens the clock unless it does not count."""
    known = events.filter(pl.col("event").is_in(list(_KINDS_OF_STEPS))).with_columns(
        kind=pl.col("event").replace_strict(
            {step.value: kind for step, kind in _KINDS_OF_STEPS.items()}, return_dtype=pl.String
        )
    )
    asked = pl.col("event").is_in([Step.REFUSE_REQUEST, Step.COMPLETE])
    texts = [
        pl.when(asked).then(pl.lit(INCOMPLETE)).otherwise(pl.col("reason").replace("", None)).alias("reason"),
        pl.col("priority").replace("", None),
    ]
    happened = known.with_columns(texts).select("case", "at", "kind", "reason", "priority")
    back = returns.filter(~pl.col("state").is_in(list(NOT_COUNTED | IN_DOUBT))).unique(["case", "at"])
    reopened = back.select("case", "at", kind=pl.lit("reopened")).with_columns(
        reason=pl.lit(None, dtype=pl.String), priority=pl.lit(None, dtype=pl.String)
    )
    return pl.concat([happened, reopened.select(happened.columns)])


def _summed(lines: pl.DataFrame, returns: pl.DataFrame) -> pl.DataFrame:
    """How much each handoff had in each unit, and how much of it was refused: as its lines say, but no less than what
    came back of them and counts; what came back as a whole was refused as a whole."""
    counted = ~pl.col("shortage") & ~pl.col("state").is_in(list(NOT_COUNTED | IN_DOUBT))
    sent = returns.filter(counted)
    of_lines = sent.drop_nulls("line").group_by("line").agg(back=pl.col("quantity").sum())
    whole = sent.filter(pl.col("line").is_null() & pl.col("quantity").is_null())["case"].unique()
    known = lines.join(of_lines, on="line", how="left").with_columns(
        units=pl.coalesce("delivered", "ordered"),
        refused=pl.max_horizontal(pl.col("refused").fill_null(0.0), pl.col("back").fill_null(0.0)),
    )
    named = {unit: plain_unit(unit) for unit in known["unit"].unique()}
    known = known.with_columns(pl.Series("unit", [named[unit] for unit in known["unit"]], dtype=pl.String))
    summed = known.group_by("case", "unit").agg(units=pl.col("units").sum(), refused=pl.col("refused").sum())
    back = pl.col("case").is_in(whole.implode())
    return summed.with_columns(refused=pl.when(back).then(pl.col("units")).otherwise(pl.col("refused")))
