"""A time of work of an organisation: its event log, what customers say and buy, and what was planted in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from math import inf

import numpy as np
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import SimulationError, gettext_noop
from baton_analysis.facts.events import EventMapping, event_facts
from baton_analysis.measures.handover_chain import handover_chain
from baton_analysis.simulation.chance import stream
from baton_analysis.simulation.description import Flow, Link, Organisation, Pair, Party, PlantedFault
from baton_analysis.simulation.flowing import FlowRun, Scene, run, waits, weekly_medians
from baton_analysis.simulation.outside import moments, purchases_of, ratings_of
from baton_analysis.simulation.working_time import Seconds

MAPPING = EventMapping(case="case", party="team", time="time", activity="activity", party_kind="team")
"""What the columns of a simulated log mean."""

_UTC = pl.Datetime("us", "UTC")
_RATINGS = pl.Schema({"subject": pl.String(), "case": pl.Int64(), "at": _UTC, "score": pl.Int64()})
_PURCHASES = pl.Schema(
    {"customer": pl.Int64(), "at": _UTC, "amount": pl.Float64(), "lost": pl.Boolean(), "of": pl.String()}
)

PILOT_WEEKS = 260
"""From so many weeks without faults the standard deviation of a link's weekly value is taken."""


@dataclass(frozen=True, eq=False)
class SimulatedYear:
    """What happened in a simulated time, and the truth about it.

    Attributes
    ----------
    events
        The log, by time: ``case``, ``activity``, ``time`` (Datetime, UTC), ``team`` (code of a party).
    parties, links
        The organisation, and the links that it has agreed.
    faults
        What was planted.
    sigmas
        For each link with a shift or drift: standard deviation of its weekly median wait without faults, in seconds.
    ratings
        ``subject`` ("supplier>customer"), ``case``, ``at``, ``score``, by time.
    purchases
        ``customer`` (number of a buyer), ``at``, ``amount``, ``lost``, and ``of`` (code of the customer's party), by
        time. ``lost`` is truth: no measure may look at it.
    first, end
        First day (a Monday for whole weeks), and the last day of the log.
    """

    events: pl.DataFrame
    parties: tuple[Party, ...]
    links: tuple[Link, ...]
    faults: tuple[PlantedFault, ...]
    sigmas: Mapping[Pair, float]
    ratings: pl.DataFrame
    purchases: pl.DataFrame
    first: date
    end: date

    @cached_property
    def handovers(self) -> pl.DataFrame:
        """Facts of all handovers, as Baton makes them of the log: ``subject`` ("supplier>customer", codes), ``case``
        (number), ``at``, ``day``, ``week``, ``wait_seconds``, ``returned``."""
        rows = handover_chain(event_facts(self.events, MAPPING)).handovers_frame
        return rows.select(
            pl.format("{}>{}", "supplier", "customer").alias("subject"),
            pl.col("case").rank("dense").cast(pl.Int64),
            pl.exclude("supplier", "customer", "case"),
        ).sort("at", "case")


@checked(SimulationError)
def simulate(
    organisation: Organisation,
    *,
    seed: int,
    first: date,
    end: date,
    faults: Iterable[PlantedFault] = (),
    volume: float = 1.0,
) -> SimulatedYear:
    """Simulate the days from ``first`` to ``end``; events after ``end`` have not happened yet.

    Parameters
    ----------
    seed
        The same seed, days and description give the same bytes. Each flow has chance of its own: one that is added or
        changed changes no other, and a fault changes nothing but what it is about.
    faults
        What is made to go wrong.
    volume
        Times the described number of cases.

    Raises
    ------
    SimulationError
        The description means nothing (see :meth:`Organisation.demand_sound`), ``end`` lies before ``first``, or the
        volume is no number from 0 on.
    """
    planted = tuple(faults)
    organisation.demand_sound(planted)
    if end < first:
        raise SimulationError(
            expected=gettext_noop("A simulation ends on its first day or later."),
            found=gettext_noop("It begins on {first} and ends on {end}."),
            remedy=gettext_noop("Exchange the two days."),
            first=first.isoformat(),
            end=end.isoformat(),
        )
    if not 0 <= volume < inf:
        raise SimulationError(
            expected=gettext_noop("The volume is a number from 0 on: 1 for as many cases as described."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Correct these figures."),
            given=volume,
        )
    flows = [replace(flow, daily=flow.daily * volume) for flow in organisation.flows]
    scene = _scene(organisation, flows, seed, first, (end - first).days + 1, planted)
    runs = [run(flow, scene) for flow in flows]
    until = pl.lit(end + timedelta(days=1)).cast(_UTC)
    events = pl.concat([_log(one) for one in runs]).filter(pl.col("time") < until).sort("time", maintain_order=True)
    return SimulatedYear(
        events=events, parties=organisation.parties, links=organisation.links, faults=planted,
        sigmas=scene.sigmas,
        ratings=_ratings(runs, scene).filter(pl.col("at") < until), purchases=_purchases(organisation, runs, scene),
        first=first, end=end,
    )  # fmt: skip


@checked(SimulationError)
def weekly_waits(
    organisation: Organisation, *, seed: int, first: date, weeks: int, faults: Iterable[PlantedFault] = ()
) -> dict[Pair, Seconds]:
    """Median wait (s) of each link in each of ``weeks`` from Monday ``first`` on, without the log behind it; NaN for a
    week without handovers. As :func:`simulate`, for thousands of links and many years."""
    planted = tuple(faults)
    organisation.demand_sound(planted)
    scene = _scene(organisation, organisation.flows, seed, first, weeks * 7, planted)
    return _weekly_medians(organisation.flows, scene, weeks)


def _scene(
    organisation: Organisation,
    flows: Sequence[Flow],
    seed: int,
    first: date,
    days: int,
    faults: tuple[PlantedFault, ...],
) -> Scene:
    calm = Scene(seed, first, days, organisation.calendars)
    shifted = {fault.link for fault in faults if fault.kind in {"shift", "drift"}}
    return replace(calm, faults=faults, sigmas=_weekly_sigmas(flows, calm, shifted))


def _weekly_medians(flows: Sequence[Flow], scene: Scene, weeks: int) -> dict[Pair, Seconds]:
    """Of all links of these flows; waits of a link that several flows pass are put together."""
    carried = Counter(pair for flow in flows for pair in flow.ways)
    parts: dict[Pair, list[tuple[Seconds, Seconds]]] = {}
    medians: dict[Pair, Seconds] = {}
    for flow in flows:
        for pair, found in waits(run(flow, scene)).items():
            parts.setdefault(pair, []).append(found)
            # What no other flow passes needs no room any longer.
            if carried[pair] <= 1:
                medians[pair] = weekly_medians(*parts.pop(pair)[0], scene.first, weeks)
    for pair, several in parts.items():
        at, waited = (np.concatenate(arrays) for arrays in zip(*several, strict=True))
        medians[pair] = weekly_medians(at, waited, scene.first, weeks)
    return medians


def _weekly_sigmas(flows: Sequence[Flow], scene: Scene, links: Collection[Pair]) -> dict[Pair, float]:
    """Standard deviation of these links' weekly median waits without faults (s), from 260 weeks of other chance.

    Raises SimulationError where fewer than half of the weeks have a handover: such a link has no weekly value to speak
    of.
    """
    carrying = [flow for flow in flows if not flow.ways.isdisjoint(links)]
    seed = int(stream(scene.seed, "pilot").integers(2**31))
    pilot = Scene(seed, scene.first, PILOT_WEEKS * 7, scene.calendars)
    medians = _weekly_medians(carrying, pilot, PILOT_WEEKS)
    return {link: _spread(link, medians.get(link, np.empty(0))) for link in sorted(links)}


def _spread(link: Pair, medians: Seconds) -> float:
    known = medians[~np.isnan(medians)]
    if len(known) < PILOT_WEEKS / 2:
        raise SimulationError(
            expected=gettext_noop("A shift in sigmas needs a link with handovers in most weeks."),
            found=gettext_noop("“{supplier}” to “{customer}” has some in {weeks} of {all} weeks."),
            remedy=gettext_noop("Let more cases flow, or plant “slower”, which is a factor."),
            supplier=link[0],
            customer=link[1],
            weeks=len(known),
            all=PILOT_WEEKS,
        )
    return float(known.std(ddof=1))


def _log(one: FlowRun) -> pl.DataFrame:
    """Events of a flow as rows of a log; times to the second."""
    parts = [
        pl.DataFrame({"case": step.case, "time": moments(step.at)}).select(
            (pl.lit(one.flow.code + "-") + (pl.col("case") + 1).cast(pl.String).str.zfill(5)).alias("case"),
            pl.lit(step.activity).alias("activity"),
            pl.col("time"),
            pl.lit(step.party).alias("team"),
        )
        for step in one.events
    ]
    return pl.concat(parts)


def _ratings(runs: Sequence[FlowRun], scene: Scene) -> pl.DataFrame:
    parts = [ratings for one in runs if (ratings := ratings_of(one, scene)) is not None]
    return pl.concat([pl.DataFrame(schema=_RATINGS), *parts]).sort("at", "subject", "case")


def _purchases(organisation: Organisation, runs: Sequence[FlowRun], scene: Scene) -> pl.DataFrame:
    parts = [
        purchases_of(buyers, runs, scene).with_columns(pl.lit(buyers.customer).alias("of"))
        for buyers in organisation.buyers
    ]
    return pl.concat([pl.DataFrame(schema=_PURCHASES), *parts]).sort("at", "of", "customer")
