"""What follows what: the directly-follows graph of an event log, with times.

Definitions
-----------
step
    Two events that follow each other in a case (:func:`baton_analysis.facts.events.event_facts` states the order), from
    the activity before to the activity after; an activity may follow itself. Events without an activity are left out
    of the sequence, and a notice says how many.
duration
    Seconds from the one event to the other; unknown where one of the two has no time.
start, end
    The first and the last activity of each case.
median, mean
    Of the durations that are known; the median exact, with linear interpolation (type 7 of Hyndman & Fan 1996).

W. M. P. van der Aalst, Process Mining: Data Science in Action (2016), section 2.2; A practitioner's guide to process
mining: limitations of the directly-follows graph, Procedia Computer Science 164 (2019), 321-328.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.engines import DEFAULT_ENGINE, Engine, engine_named
from baton_analysis.errors import FactError
from baton_analysis.facts.events import EventFacts
from baton_analysis.facts.mapping import EventMapping
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

METHOD = "directly_follows"
VERSION = "1"

_MICROSECONDS = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Step:
    """One activity directly after another; ``share`` is of all steps, durations are in seconds."""

    before: str
    after: str
    count: int
    share: float
    median_seconds: float | None
    mean_seconds: float | None


@dataclass(frozen=True, eq=False)
class DirectlyFollowsGraph(Result):
    """The graph of a log.

    Attributes
    ----------
    n
        Steps. ``cases`` and ``events`` are counts of the log, those without a usable activity included.
    steps_frame
        One row a pair, by count descending, ties by name: the fields of :class:`Step`.
    activities_frame
        One row an activity, by events descending, ties by name: ``activity``, ``events``, ``starts`` and ``ends``
        (cases that begin and end with it).
    """

    n: int
    cases: int
    events: int
    steps_frame: pl.DataFrame
    activities_frame: pl.DataFrame
    warnings: tuple[Notice, ...]
    engine: str
    zone: str
    input_digest: str | None
    method: str = METHOD
    version: str = VERSION

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All pairs, by count descending, ties by name."""
        return tuple(Step(*row) for row in self.steps_frame.iter_rows())

    def to_table(self) -> pl.DataFrame:
        """One row a pair."""
        return self.steps_frame

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "engine": self.engine,
            "zone": self.zone,
            "input_digest": self.input_digest,
            "n": self.n,
            "cases": self.cases,
            "events": self.events,
            "warnings": [warning.render() for warning in self.warnings],
            "activities": self.activities_frame.to_dicts(),
            "steps": self.steps_frame.to_dicts(),
        }


def activity_mapping(case: str, activity: str, time: str | None = None, missing: tuple[str, ...] = ()) -> EventMapping:
    """The columns of a log for :func:`baton_analysis.facts.events.event_facts`, so that activities follow each other.

    The facts then hold activities where those of a handover chain hold parties.
    """
    return EventMapping(case=case, party=activity, time=time, party_kind="role", missing=missing)


@checked(FactError)
def directly_follows(facts: EventFacts, *, engine: str = DEFAULT_ENGINE) -> DirectlyFollowsGraph:
    """The graph that a log shows; see the definitions at the head of this module.

    Parameters
    ----------
    facts
        Events made with :func:`activity_mapping`. Facts with parties give the graph of parties, in which a party may
        follow itself.
    engine
        A name of :data:`baton_analysis.engines.ENGINES`.
    """
    chosen = engine_named(engine)
    follows = chosen.keep(_follows(chosen, facts), groups=("pair",))
    inside = follows.filter(~nw.col("pair").is_null())
    pairs = chosen.collect(
        inside.group_by("pair").agg(
            count=nw.len(),
            median_seconds=nw.col("seconds").quantile(0.5, interpolation="linear"),
            mean_seconds=nw.col("seconds").mean(),
        )
    )
    steps = _named_steps(pairs, facts)
    return DirectlyFollowsGraph(
        n=int(steps["count"].sum()),
        cases=len(facts.cases),
        events=facts.events,
        steps_frame=steps,
        activities_frame=_activities(chosen, facts, follows),
        warnings=facts.notices,
        engine=chosen.name,
        zone=facts.zone,
        input_digest=facts.digest,
    )


def directly_follows_counts(facts: EventFacts, *, engine: str = DEFAULT_ENGINE) -> pl.DataFrame:
    """Only how often each activity directly followed each other: ``before``, ``after``, ``count``.

    By count descending, ties by name.
    """
    chosen = engine_named(engine)
    follows = _follows(chosen, facts).filter(~nw.col("pair").is_null())
    counts = chosen.collect(follows.group_by("pair").agg(count=nw.len()))
    return _by_count(counts, facts).select("before", "after", pl.col("count").cast(pl.Int64))


def _follows(engine: Engine, facts: EventFacts) -> nw.LazyFrame[Any]:
    """One row an event with an activity: the ``pair`` of the step that leads to it, null for the first of a case."""
    events = engine.lazy(facts.frame)
    if facts.frame["party"].null_count():
        events = events.filter(~nw.col("party").is_null())
    before = nw.col("case", "party", "at").shift(1).over(*engine.split("case"), order_by="position")
    events = events.with_columns(before.name.suffix("_before"))
    inside = nw.col("case") == nw.col("case_before")
    pair = nw.col("party_before") * len(facts.parties) + nw.col("party")
    return events.select(
        "party",
        pair=nw.when(inside).then(pair),
        before=nw.when(inside).then(nw.col("party_before")),
        seconds=nw.when(inside).then((nw.col("at") - nw.col("at_before")).cast(nw.Float64()) / _MICROSECONDS),
    )


def _by_count(counts: pl.DataFrame, facts: EventFacts) -> pl.DataFrame:
    names = facts.parties
    named = counts.with_columns(
        names.gather(counts["pair"] // len(names)).alias("before"),
        names.gather(counts["pair"] % len(names)).alias("after"),
        pl.col("count").cast(pl.Int64),
    )
    return named.sort("count", "before", "after", descending=[True, False, False])


def _named_steps(pairs: pl.DataFrame, facts: EventFacts) -> pl.DataFrame:
    share = (pl.col("count") / pl.col("count").sum()).alias("share")
    return _by_count(pairs, facts).select("before", "after", "count", share, "median_seconds", "mean_seconds")


def _activities(engine: Engine, facts: EventFacts, follows: nw.LazyFrame[Any]) -> pl.DataFrame:
    """Events, starts and ends of each activity: no step leads to a start, and none leaves an end."""
    arrived = nw.when(nw.col("pair").is_null()).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64())
    here = engine.collect(follows.group_by("party").agg(events=nw.len(), starts=arrived.sum()))
    left = engine.collect(follows.filter(~nw.col("before").is_null()).group_by("before").agg(left=nw.len()))
    joined = here.join(left, left_on="party", right_on="before", how="left").with_columns(
        pl.col("events", "starts").cast(pl.Int64), pl.col("left").fill_null(0).cast(pl.Int64)
    )
    return joined.select(
        facts.parties.gather(joined["party"]).alias("activity"),
        "events",
        "starts",
        (pl.col("events") - pl.col("left")).alias("ends"),
    ).sort("events", "activity", descending=[True, False])
