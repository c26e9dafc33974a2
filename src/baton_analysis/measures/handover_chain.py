"""Who hands work to whom: supplier-customer pairs mined from an event log, with waits, returns and weekly series.

Definitions
-----------
handover
    Two events that follow each other in a case (:func:`baton_analysis.facts.events.event_facts` states the order) and
    whose parties differ; from the party before (supplier) to the party after (customer). There are no self-handovers.
    Events without a party are left out of the sequence, so that the handover goes from the last known party to the
    next known one; a notice says how many events that were.
wait
    Seconds from the supplier's last event to the customer's first; unknown where one of the two has no time.
return
    A handover A→B whose very next handover in its case is B→A: the work comes straight back. Each return is also one
    ping-pong A-B-A on the sequence of parties without repeats (the definition of the BPI Challenge 2013).
median, p90
    Exact quantiles with linear interpolation between order statistics (type 7 of Hyndman & Fan 1996, the default of R
    and NumPy), the same on every engine.
week
    The ISO week, in the zone of the facts, of the customer's first event; written as the day of its Monday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import narwhals as nw
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.engines import DEFAULT_ENGINE, Engine, engine_named
from baton_analysis.errors import FactError
from baton_analysis.facts.events import EventFacts
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

METHOD = "handover_chain"
VERSION = "1"

_MICROSECONDS = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Edge:
    """One supplier-customer pair. Waits are in seconds; times are UTC; ``share`` is of all handovers of the log."""

    supplier: str
    customer: str
    handovers: int
    cases: int
    share: float
    median_wait_seconds: float | None
    p90_wait_seconds: float | None
    returns: int
    first_seen: datetime | None
    last_seen: datetime | None

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; times in ISO 8601."""
        return {
            "supplier": self.supplier,
            "customer": self.customer,
            "handovers": self.handovers,
            "cases": self.cases,
            "share": self.share,
            "median_wait_seconds": self.median_wait_seconds,
            "p90_wait_seconds": self.p90_wait_seconds,
            "returns": self.returns,
            "first_seen": self.first_seen.isoformat() if self.first_seen else None,
            "last_seen": self.last_seen.isoformat() if self.last_seen else None,
        }


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week of a pair; ``start`` is its Monday. A week without handovers has no entry."""

    start: date
    handovers: int
    median_wait_seconds: float | None
    returns: int


@dataclass(frozen=True, slots=True)
class PingPong:
    """How often work went A-B-A, and in how many cases."""

    count: int
    cases: int


@dataclass(frozen=True, eq=False)
class HandoverChain(Result):
    """The mined chain. ``handovers``, ``cases`` and so on are counts; the frames hold the detail.

    Attributes
    ----------
    edges_frame
        One row a pair, by handovers descending, ties by name: the fields of :class:`Edge`.
    weekly_frame
        One row a pair and week, by pair (parties in order of appearance) and week: ``supplier``, ``customer``,
        ``week`` (Date of the Monday), ``handovers``, ``median_wait_seconds``, ``returns``.
    """

    cases: int
    events: int
    parties: int
    handovers: int
    cases_with_handover: int
    pairs: int
    ping_pong: PingPong
    edges_frame: pl.DataFrame
    weekly_frame: pl.DataFrame
    notices: tuple[Notice, ...]
    engine: str
    zone: str
    input_digest: str | None
    facts: EventFacts
    coded_handovers: pl.DataFrame
    method: str = METHOD
    version: str = VERSION

    @property
    def n(self) -> int:
        """Handovers."""
        return self.handovers

    @property
    def warnings(self) -> tuple[Notice, ...]:
        return self.notices

    def to_table(self) -> pl.DataFrame:
        """One row a pair."""
        return self.edges_frame

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """All pairs, by handovers descending, ties by name of supplier and customer."""
        return tuple(Edge(*row) for row in self.edges_frame.iter_rows())

    @cached_property
    def handovers_frame(self) -> pl.DataFrame:
        """One row a handover, by case and time, from which facts are stored.

        ``case``, ``supplier``, ``customer`` (names), ``at`` (the customer's first event, UTC), ``day`` and ``week``
        (days since 1970-01-01 of the day and of the Monday of its ISO week, in ``zone``), ``wait_seconds``,
        ``returned``.
        """
        coded = self.coded_handovers.sort("position")
        taken = self.facts.frame[coded["position"]]
        return pl.DataFrame(
            {
                "case": self.facts.cases.gather(coded["case"]),
                "supplier": self.facts.parties.gather(coded["pair"] // self.parties),
                "customer": self.facts.parties.gather(coded["pair"] % self.parties),
                "at": _utc(coded["at"]),
                "day": taken["day"],
                "week": taken["week"],
                "wait_seconds": coded["wait"],
                "returned": coded["returned"] == 1,
            }
        )

    @checked(FactError)
    def weekly(self, supplier: str, customer: str) -> tuple[Week, ...]:
        """The weeks of one pair in order; empty if there is no such pair, or no times."""
        rows = self.weekly_frame.filter((pl.col("supplier") == supplier) & (pl.col("customer") == customer))
        return tuple(Week(*row) for row in rows.drop("supplier", "customer").iter_rows())

    def to_dict(self, *, weekly: bool = True) -> dict[str, Any]:
        """The result as plain values for JSON; with ``weekly=False`` the weekly series are left out."""
        result: dict[str, Any] = {
            "method": self.method,
            "version": self.version,
            "engine": self.engine,
            "zone": self.zone,
            "input_digest": self.input_digest,
            "cases": self.cases,
            "events": self.events,
            "parties": self.parties,
            "handovers": self.handovers,
            "cases_with_handover": self.cases_with_handover,
            "pairs": self.pairs,
            "ping_pong": {"count": self.ping_pong.count, "cases": self.ping_pong.cases},
            "notices": [notice.render() for notice in self.notices],
            "edges": [edge.to_dict() for edge in self.edges],
        }
        if weekly:
            as_text = self.weekly_frame.with_columns(pl.col("week").dt.to_string("iso"))
            result["weekly"] = as_text.to_dicts()
        return result


@checked(FactError)
def handover_chain(facts: EventFacts, *, engine: str = DEFAULT_ENGINE) -> HandoverChain:
    """The chain that a log shows; see the definitions at the head of this module.

    ``engine`` is a name of :data:`baton_analysis.engines.ENGINES`.
    """
    chosen = engine_named(engine)
    weeks = _span_of_weeks(facts)
    handovers = chosen.keep(_handovers(chosen, facts, weeks), groups=("pair_week", "pair"))
    edges = chosen.collect(_by_pair(handovers))
    weekly = chosen.collect(_by_pair_and_week(handovers))
    coded = chosen.collect(handovers)
    returned = coded.filter(pl.col("returned") == 1)
    edges_frame = _named_edges(edges, facts)
    return HandoverChain(
        cases=len(facts.cases),
        events=facts.events,
        parties=len(facts.parties),
        handovers=coded.height,
        cases_with_handover=coded["case"].n_unique(),
        pairs=edges_frame.height,
        ping_pong=PingPong(count=returned.height, cases=returned["case"].n_unique()),
        edges_frame=edges_frame,
        weekly_frame=_named_weeks(weekly, facts, weeks),
        notices=facts.notices,
        engine=chosen.name,
        zone=facts.zone,
        input_digest=facts.digest,
        facts=facts,
        coded_handovers=coded,
    )


@checked(FactError)
def handover_counts(facts: EventFacts, *, engine: str = DEFAULT_ENGINE) -> pl.DataFrame:
    """Only how often each supplier handed over to each customer: ``supplier``, ``customer``, ``handovers``.

    By handovers descending, ties by name.
    """
    chosen = engine_named(engine)
    passed = _passed_on(chosen, facts).with_columns(pair=_pair(len(facts.parties)))
    counts = chosen.collect(passed.group_by("pair").agg(handovers=nw.len()))
    named = _by_size(counts.with_columns(pl.col("handovers").cast(pl.Int64)), facts)
    return named.select("supplier", "customer", "handovers")


def _passed_on(engine: Engine, facts: EventFacts) -> nw.LazyFrame[Any]:
    """Events with a party that follow an event of another party in their case, beside that party and its time."""
    events = engine.lazy(facts.frame)
    if facts.frame["party"].null_count():
        events = events.filter(~nw.col("party").is_null())
    before = nw.col("case", "party", "at").shift(1).over(*engine.split("case"), order_by="position")
    events = events.with_columns(before.name.suffix("_before"))
    handed = (nw.col("case") == nw.col("case_before")) & (nw.col("party") != nw.col("party_before"))
    return events.filter(handed).rename({"party_before": "supplier", "party": "customer"})


def _handovers(engine: Engine, facts: EventFacts, weeks: tuple[int, int]) -> nw.LazyFrame[Any]:
    """One row a handover, at the ``position`` of the customer's first event.

    ``returned`` is 1 where the next handover of the case goes back, otherwise 0. ``pair`` and ``pair_week`` are one
    whole number each: grouping by one key is about three times as fast as by two or three.
    """
    first, days = weeks
    passed = _passed_on(engine, facts)
    after = nw.col("case", "customer").shift(-1).over(*engine.split("case"), order_by="position")
    passed = passed.with_columns(after.name.suffix("_after"))
    back = (nw.col("case_after") == nw.col("case")) & (nw.col("customer_after") == nw.col("supplier"))
    pair = _pair(len(facts.parties))
    return passed.select(
        "position",
        "case",
        "at",
        pair=pair,
        pair_week=pair * days + (nw.col("week") - first),
        wait=(nw.col("at") - nw.col("at_before")).cast(nw.Float64()) / _MICROSECONDS,
        returned=nw.when(back).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64()),
    )


def _pair(parties: int) -> nw.Expr:
    return nw.col("supplier") * parties + nw.col("customer")


def _by_pair(handovers: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return handovers.group_by("pair").agg(
        handovers=nw.len(),
        cases=nw.col("case").n_unique(),
        median_wait_seconds=nw.col("wait").quantile(0.5, interpolation="linear"),
        p90_wait_seconds=nw.col("wait").quantile(0.9, interpolation="linear"),
        returns=nw.col("returned").sum(),
        first_seen=nw.col("at").min(),
        last_seen=nw.col("at").max(),
    )


def _span_of_weeks(facts: EventFacts) -> tuple[int, int]:
    """Monday of the first week of the log, and the days from there to the end of its last week."""
    first, last = facts.frame["week"].min(), facts.frame["week"].max()
    if not isinstance(first, int) or not isinstance(last, int):
        return 0, 1
    return first, last - first + 7


def _by_pair_and_week(handovers: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    timed = handovers.filter(~nw.col("pair_week").is_null())
    return timed.group_by("pair_week").agg(
        handovers=nw.len(),
        median_wait_seconds=nw.col("wait").quantile(0.5, interpolation="linear"),
        returns=nw.col("returned").sum(),
    )


def _by_size(counts: pl.DataFrame, facts: EventFacts) -> pl.DataFrame:
    parties = facts.parties
    named = counts.with_columns(
        parties.gather(counts["pair"] // len(parties)).alias("supplier"),
        parties.gather(counts["pair"] % len(parties)).alias("customer"),
    )
    return named.sort("handovers", "supplier", "customer", descending=[True, False, False])


def _named_edges(edges: pl.DataFrame, facts: EventFacts) -> pl.DataFrame:
    edges = edges.with_columns(pl.col("handovers", "cases", "returns").cast(pl.Int64))
    return _by_size(edges, facts).select(
        "supplier",
        "customer",
        "handovers",
        "cases",
        (pl.col("handovers") / pl.col("handovers").sum()).alias("share"),
        "median_wait_seconds",
        "p90_wait_seconds",
        "returns",
        _utc("first_seen"),
        _utc("last_seen"),
    )


def _utc(column: Any) -> Any:
    return pl.from_epoch(column, time_unit="us").dt.replace_time_zone("UTC")


def _named_weeks(weekly: pl.DataFrame, facts: EventFacts, weeks: tuple[int, int]) -> pl.DataFrame:
    first, days = weeks
    weekly = weekly.sort("pair_week")
    pair = weekly["pair_week"] // days
    week = weekly["pair_week"] % days + first
    return weekly.select(
        facts.parties.gather(pair // len(facts.parties)).alias("supplier"),
        facts.parties.gather(pair % len(facts.parties)).alias("customer"),
        week.cast(pl.Int32).cast(pl.Date).alias("week"),
        pl.col("handovers").cast(pl.Int64),
        "median_wait_seconds",
        pl.col("returns").cast(pl.Int64),
    )
