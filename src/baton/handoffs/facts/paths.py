"""What the handoffs of a path tell: lead time, where it is spent, whose delay it is, and how many pass without coming
back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import narwhals as nw
import polars as pl
from django.db.models import Max, QuerySet

from baton.handoffs.facts.reading import IN_DOUBT, MOMENT, NOT_COUNTED, framed
from baton.handoffs.models import Handoff, HandoffReturn
from baton.handoffs.rules import State
from baton.handoffs.rules.paths import HALF_YEAR
from baton_analysis.measures.path_times import path_times
from baton_analysis.measures.path_times.result import METHOD
from baton_analysis.measures.path_times.result import VERSION as TIMES
from baton_analysis.measures.yields import Step, path_yield
from baton_analysis.measures.yields.basis import VERSION as YIELDS

VERSION = f"{TIMES}.{YIELDS}.1"
__all__ = ["METHOD", "VERSION", "figures_of_path"]
_TAKEN = [State.ACCEPTED, State.PARTLY, State.RETURNED, State.SETTLED]


def figures_of_path(links: Sequence[str], at: datetime) -> dict[str, Any] | None:
    """The figures of a path over the half year up to its newest handoff; None where nothing was handed over on it. What
    is only planned, for later than ``at``, is no handoff yet.

    {first, last, times (:class:`baton_analysis.measures.path_times.PathTimes`), yields
    (:class:`baton_analysis.measures.yields.PathYield`; None where a link has nothing that was judged), warnings}. Links
    go by their public ids. A handoff begins when the supplier had what he needed, else when it was asked for, and ends
    when it was handed over; its planned moment is when it was due.
    """
    mine = Handoff.objects.filter(link__public_id__in=links, occurred_at__lte=at).exclude(state=State.WITHDRAWN)
    newest: datetime | None = mine.aggregate(newest=Max("occurred_at"))["newest"]
    if newest is None:
        return None
    first = newest - HALF_YEAR
    span = mine.filter(occurred_at__gte=first)
    rows = _rows(span)
    times = path_times(nw.from_native(_followed(rows).lazy()), list(links))
    yields = _yields(rows, span, links)
    told = [*times.warnings, *(yields.warnings if yields is not None else ())]
    return {
        "first": first.isoformat(),
        "last": newest.isoformat(),
        "times": {name: value for name, value in times.to_dict().items() if name != "warnings"},
        "yields": None if yields is None else {k: v for k, v in yields.to_dict().items() if k != "warnings"},
        "warnings": [{"message": one.message, "count": one.count, "values": dict(one.values)} for one in told],
    }


def _rows(span: QuerySet[Handoff]) -> pl.DataFrame:
    names = ("pk", "link__public_id", "reference", "state", "requested_at", "received_at", "delivered_at",
             "accepted_at", "due_at")  # fmt: skip
    columns = {"case": pl.Int64, "subject": pl.String, "reference": pl.String, "state": pl.String}
    return framed(span.order_by("pk"), names, {**columns, **dict.fromkeys(names[4:], MOMENT)})


def _followed(rows: pl.DataFrame) -> pl.DataFrame:
    """Begin and end of each handoff, with its reference; one that has none cannot be followed."""
    return rows.select(
        "subject",
        "due_at",
        reference=pl.when(pl.col("reference") != "").then("reference"),
        started_at=pl.coalesce("received_at", "requested_at", "delivered_at", "accepted_at"),
        stopped_at=pl.coalesce("delivered_at", "accepted_at"),
        due_agreed=pl.col("due_at").is_not_null(),
    )


def _yields(rows: pl.DataFrame, span: QuerySet[Handoff], links: Sequence[str]) -> Any:
    """Of what the customers judged on each link the share of which nothing came back; what is contested or undecided
    counts neither way."""
    returns = framed(
        HandoffReturn.objects.filter(handoff__in=span.order_by().values("pk")), ("handoff", "state"),
        {"case": pl.Int64, "return": pl.String},
    )  # fmt: skip
    doubted = pl.col("return").is_in(list(IN_DOUBT))
    said = returns.group_by("case").agg(
        back=(~doubted & ~pl.col("return").is_in(list(NOT_COUNTED))).any(), doubted=doubted.any()
    )
    judged = rows.filter(pl.col("state").is_in(_TAKEN)).join(said, on="case", how="left")
    clear = judged.with_columns(pl.col("back", "doubted").fill_null(False)).filter(~pl.col("doubted"))
    counted = clear.group_by("subject").agg(entered=pl.len(), good=(~pl.col("back")).sum())
    known = {row["subject"]: row for row in counted.iter_rows(named=True)}
    if any(link not in known for link in links):
        return None
    return path_yield([Step(link, int(known[link]["entered"]), int(known[link]["good"])) for link in links])
