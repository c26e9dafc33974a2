"""What outside customers do with what reaches them: they rate it, buy again, or are lost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from baton_analysis.simulation.chance import stream
from baton_analysis.simulation.description import Buyers
from baton_analysis.simulation.flowing import FlowRun, Scene
from baton_analysis.simulation.working_time import DAY, WEEK, Seconds, seconds_of

_YEAR = 365.25 * DAY
_MOST_PURCHASES = 400


def moments(seconds: Seconds) -> pl.Series:
    """Seconds since 1970 as times in UTC, to the second."""
    return (pl.Series(np.asarray(seconds)).cast(pl.Int64) * 1_000_000).cast(pl.Datetime("us", "UTC"))


def ratings_of(one: FlowRun, scene: Scene) -> pl.DataFrame | None:
    """Ratings of a flow's cases, by time: ``subject`` ("supplier>customer", codes), ``case`` (number within the flow,
    from 1), ``at`` and ``score``; None where nobody rates them."""
    rating = one.flow.rating
    if rating is None or not len(one.begun):
        return None
    chance = stream(scene.seed, one.flow.code, "ratings")
    took = one.ended - one.begun
    usual = float(np.median(took))
    score = rating.mean - rating.by_doubling * np.log2(np.maximum(took, 1.0) / max(usual, 1.0))
    score = score - rating.by_defect * one.defective + rating.noise * chance.standard_normal(len(took))
    given = np.flatnonzero(chance.random(len(took)) < rating.share)
    # A rating is written within two days after the work was received.
    at = one.ended + chance.random(len(took)) * 2 * DAY
    parties = [step.party for step in one.flow.steps if step.detour_to is None]
    return pl.DataFrame(
        {
            "subject": pl.repeat(f"{parties[-2]}>{parties[-1]}", len(given), eager=True),
            "case": given + 1,
            "at": moments(at[given]),
            "score": np.clip(np.round(score[given]), 1, rating.scale).astype(np.int64),
        }
    ).sort("at", "case")


def purchases_of(buyers: Buyers, runs: Sequence[FlowRun], scene: Scene) -> pl.DataFrame:
    """Purchases of an outside customer's people, by time: ``customer`` (number, from 1), ``at``, ``amount``, and
    ``lost`` (the truth that no measure sees: whether this was the last purchase because the customer was lost)."""
    chance = stream(scene.seed, buyers.customer, "buyers")
    rate = chance.gamma(buyers.evenness, buyers.yearly / buyers.evenness, buyers.count)
    came = chance.random(buyers.count) * scene.days * DAY / 2
    gaps = chance.exponential(1.0, (buyers.count, _MOST_PURCHASES)) / rate[:, None] * _YEAR
    gaps[:, 0] = came
    at = seconds_of(scene.first) + np.cumsum(gaps, axis=1)
    lost = chance.random(at.shape) < buyers.lost + buyers.lost_by_defect * _share_of_defects(buyers, runs, scene, at)
    before = np.cumsum(lost, axis=1, dtype=np.int64) - lost
    bought = (before == 0) & (at < seconds_of(scene.first) + scene.days * DAY)
    customer, number = np.nonzero(bought)
    amount = buyers.amount * np.exp(buyers.amount_spread * chance.standard_normal(len(customer)))
    return pl.DataFrame(
        {
            "customer": customer + 1,
            "at": moments(at[customer, number]),
            "amount": np.round(amount, 2),
            "lost": lost[customer, number],
        }
    ).sort("at", "customer")


def _share_of_defects(buyers: Buyers, runs: Sequence[FlowRun], scene: Scene, at: Seconds) -> Seconds:
    """For each moment the share of defects among what reached the customer in that week."""
    reached = [one for one in runs if one.flow.steps[-1].party == buyers.customer]
    if not reached:
        return np.zeros(at.shape)
    ended = np.concatenate([one.ended for one in reached])
    defective = np.concatenate([one.defective for one in reached])
    first, weeks = seconds_of(scene.first), int(scene.days // 7) + 1
    week = np.clip((ended - first) // WEEK, 0, weeks - 1).astype(np.int64)
    cases = np.bincount(week, minlength=weeks)
    share = np.bincount(week, weights=defective, minlength=weeks) / np.maximum(cases, 1)
    return np.asarray(share[np.clip((at - first) // WEEK, 0, weeks - 1).astype(np.int64)])
