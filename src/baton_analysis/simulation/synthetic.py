"""Logs of any size without a story, for benchmarks."""

from __future__ import annotations

import numpy as np
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import SimulationError, gettext_noop

EVENTS_A_CASE = 10


@checked(SimulationError)
def synthetic_events(n_events: int, parties: int, seed: int) -> pl.DataFrame:
    """A log of exactly ``n_events`` events by time: ``case``, ``activity``, ``time`` (Datetime, UTC), ``team``.

    About ten events a case; parties are used in unequal shares (the k-th as often as k to the power of -0.7), so that a
    few pairs carry much of the work as in real logs; cases begin evenly over a year, steps take lognormal times.
    """
    if min(n_events, parties - 1, seed) < 0:
        raise SimulationError(
            expected=gettext_noop("A log has 0 events or more, 1 party or more, and a seed of 0 or more."),
            found=gettext_noop("Events: {events}, parties: {parties}, seed: {seed}."),
            remedy=gettext_noop("Correct these numbers."),
            events=n_events,
            parties=parties,
            seed=seed,
        )
    chance = np.random.default_rng(seed)
    cases = max(1, n_events // EVENTS_A_CASE)
    case = np.sort(chance.integers(0, cases, n_events))
    share = np.arange(1, parties + 1, dtype=np.float64) ** -0.7
    team = chance.choice(parties, size=n_events, p=share / share.sum())
    step = chance.lognormal(mean=8.0, sigma=1.2, size=n_events)
    passed = np.cumsum(step)
    begins = np.flatnonzero(np.diff(case, prepend=-1))
    since = passed - np.repeat(passed[begins], np.diff(begins, append=n_events))
    seconds = 1_735_689_600 + chance.integers(0, 365 * 86_400, cases)[case] + since
    return (
        pl.DataFrame({"case": case, "team": team, "seconds": seconds})
        .select(
            pl.format("case {}", "case").alias("case"),
            pl.lit("step").alias("activity"),
            (pl.col("seconds").cast(pl.Int64) * 1_000_000).cast(pl.Datetime("us", "UTC")).alias("time"),
            pl.format("team {}", "team").alias("team"),
        )
        .sort("time", maintain_order=True)
    )
