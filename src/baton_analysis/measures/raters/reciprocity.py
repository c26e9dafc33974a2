"""Do two parties rate each other better than their service explains? A reason to look, never a proof.

Each rating is freed from how mildly its rater rates in that wave, from how well its rated is rated by all in that wave
(double centring), and from what was measured of the service between the two. What remains, pooled over waves, is high
in both directions where two favour each other.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtri

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, demand_confidence, numbers_of
from baton_analysis.measures.raters.grouping import Places, places_of
from baton_analysis.measures.raters.severity import demand_level
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "1"

FEWEST_WAVES = 4
"""With fewer waves chance and favour cannot be told apart, and nobody is to be suspected."""

_FEWEST_SIMULATIONS, _MOST_SIMULATIONS = 200, 20_000
_NUMBERS_AT_ONCE = 4_000_000
_FEWEST_PAIRS = 3


@dataclass(frozen=True, eq=False, slots=True)
class RatingBias(Result):
    """Pairs that rate each other, those that favour each other most first.

    Attributes
    ----------
    frame
        One row a pair: ``first``, ``second``, ``ratings`` behind it; ``first_of_second`` and ``second_of_first``: what
        remains of their ratings of each other, in the unit of the ratings, above 0 for better than explained;
        ``statistic``: the smaller of both in standard errors; ``p``: how often chance alone would make any pair of all
        so mutual; ``found``: ``p`` up to ``level``.
    slope
        By how much a rating goes up for one unit of attainment, all else alike.
    reciprocity, interval
        Correlation of what remains in both directions over all pairs: above 0 where favour is returned in general.
    n, waves, pairs
        Ratings, waves, and pairs that rate each other.
    """

    frame: pl.DataFrame
    slope: float | None
    reciprocity: float
    interval: tuple[float, float]
    n: int
    waves: int
    pairs: int
    left_out: int
    level: float
    confidence: float
    simulations: int
    warnings: tuple[Notice, ...] = ()
    method: str = "double_centred_reciprocity"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a pair, the most mutual first."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "waves", "pairs", "left_out", "slope", "reciprocity", "level", "confidence")
        return {
            **{name: getattr(self, name) for name in (*plain, "simulations")},
            "interval": list(self.interval),
            "rows": self.frame.to_dicts(),
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def rating_bias(
    raters: Sequence[Hashable],
    rated: Sequence[Hashable],
    waves: Sequence[Hashable],
    ratings: npt.ArrayLike,
    attainment: npt.ArrayLike,
    *,
    level: float = 0.05,
    confidence: float = 0.95,
    simulations: int = 2000,
    seed: int = 0,
) -> RatingBias:
    """Which pairs rate each other better than their leniency, their standing and the measured service explain.

    Double centring: Warner, Kenny and Stoto (1979), Journal of Personality and Social Psychology 37: 1742-1757 (rater,
    rated and what is left to the pair), by least squares in each wave, so that not everybody has to rate everybody; the
    slope on attainment is common to all waves. p over all pairs at once by simulation: what remains is drawn anew from
    a normal distribution with the variances found (of a direction that lasts over waves, and of single ratings),
    independent in both directions, and goes the same way; p is the share of the draws whose largest statistic is as
    large (Westfall and Young 1993, Resampling-Based Multiple Testing).

    Parameters
    ----------
    raters, rated, waves, ratings, attainment
        Of each rating who gave it, to whom, in which wave, its figure, and what was measured of the rated one's service
        to the rater in that wave (a share of promises kept); where one of them is missing it is left out.
    level
        Probability that any pair is found by chance.
    simulations
        200 to 20,000.
    seed
        Of the simulation: the same seed gives the same p.

    Raises
    ------
    MeasureError
        Columns of different length, fewer than FEWEST_WAVES waves, fewer than three pairs that rate each other, ratings
        that leave nothing to look at, or settings that do not fit.
    """
    demand_confidence(confidence)
    demand_level(level)
    _demand_settings(simulations, seed)
    data = _given(raters, rated, waves, ratings, attainment)
    bases = [_basis(data, wave) for wave in range(len(data.waves))]
    service = _centred(data, bases, data.attainment[None])[0]
    served = float(service @ service)
    worth = served > 1e-12 * max(1.0, float(data.attainment @ data.attainment))
    centred = _centred(data, bases, data.ratings[None])
    slope = float(centred[0] @ service) / served if worth else None
    left = _without(centred, service if worth else None)
    if float((left**2).sum()) <= 1e-18 * max(1.0, float(data.ratings @ data.ratings)):
        raise _nothing_left(len(data.ratings))
    means, spread = _pooled(data, left), _spreads(data, left[0])
    scores = _scores(data, means, spread)[0]
    largest = _simulated(data, bases, service if worth else None, spread, simulations, seed)
    p = (1 + (largest[:, None] >= scores[None, :]).sum(axis=0)) / (simulations + 1)
    frame = _frame(data, means[0], scores, p, level)
    reciprocity, interval = _reciprocity(data, means[0], confidence)
    return RatingBias(
        frame=frame,
        slope=slope,
        reciprocity=reciprocity,
        interval=interval,
        n=len(data.ratings),
        waves=len(data.waves),
        pairs=frame.height,
        left_out=data.left_out,
        level=level,
        confidence=confidence,
        simulations=simulations,
        warnings=_warnings(data.left_out, slope, int(frame["found"].sum())),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Given:
    """Ratings of directed pairs; ``there`` and ``back`` are the two directions of each pair that rates each other."""

    names: list[str]
    waves: list[str]
    rater: Places
    target: Places
    wave: Places
    direction: Places
    there: Places
    back: Places
    directions: npt.NDArray[np.int64]
    ratings: Floats
    attainment: Floats
    left_out: int

    @property
    def counts(self) -> Floats:
        """Ratings in each direction."""
        return np.bincount(self.direction, minlength=len(self.directions)).astype(np.float64)


def _given(
    raters: Sequence[Hashable],
    rated: Sequence[Hashable],
    waves: Sequence[Hashable],
    ratings: npt.ArrayLike,
    attainment: npt.ArrayLike,
) -> _Given:
    given, measured = numbers_of(ratings), numbers_of(attainment)
    lengths = {len(column) for column in (raters, rated, waves, given, measured)}
    if len(lengths) != 1:
        raise _unusable(len(given), 0, 0, 0)
    names, both = places_of([*raters, *rated])
    rater, target = both[: len(given)], both[len(given) :]
    all_waves, wave = places_of(waves)
    small = (np.abs(given) < _LARGEST) & (np.abs(measured) < _LARGEST)  # missing values are not small
    usable = (rater >= 0) & (target >= 0) & (wave >= 0) & (rater != target) & small
    kept, of_wave = np.unique(wave[usable], return_inverse=True)
    codes = rater[usable] * len(names) + target[usable]
    directions, direction = np.unique(codes, return_inverse=True)
    first, second = directions // max(1, len(names)), directions % max(1, len(names))
    turned = np.searchsorted(directions, second * len(names) + first).clip(0, max(0, len(directions) - 1))
    mutual = (first < second) & (directions[turned] == second * len(names) + first)
    if len(kept) < FEWEST_WAVES or mutual.sum() < _FEWEST_PAIRS:
        raise _unusable(len(given), int(usable.sum()), len(kept), int(mutual.sum()))
    return _Given(
        names=names, waves=[all_waves[one] for one in kept], rater=rater[usable], target=target[usable],
        wave=of_wave.astype(np.int64), direction=direction.astype(np.int64), there=np.flatnonzero(mutual),
        back=turned[mutual], directions=directions, ratings=given[usable], attainment=measured[usable],
        left_out=int((~usable).sum()),
    )  # fmt: skip


_LARGEST = 1e100


def _basis(data: _Given, wave: int) -> tuple[Places, Floats]:
    """The ratings of a wave, and an orthonormal basis of what raters and rated explain in it."""
    rows = np.flatnonzero(data.wave == wave)
    size = len(data.names)
    design = np.zeros((len(rows), 2 * size))
    design[np.arange(len(rows)), data.rater[rows]] = 1
    design[np.arange(len(rows)), size + data.target[rows]] = 1
    values, vectors = np.linalg.eigh(design.T @ design)
    there = values > 1e-9 * values.max()
    return rows, np.asarray(design @ (vectors[:, there] / np.sqrt(values[there])), dtype=np.float64)


def _centred(data: _Given, bases: list[tuple[Places, Floats]], values: Floats) -> Floats:
    """Rows of ratings without what raters and rated explain in each wave."""
    left = np.empty_like(values)
    for rows, basis in bases:
        part = values[:, rows]
        left[:, rows] = part - (part @ basis) @ basis.T
    return left


def _without(centred: Floats, service: Floats | None) -> Floats:
    """Rows without what the centred attainment explains."""
    if service is None:
        return centred
    slopes = centred @ service / (service @ service)
    return np.asarray(centred - slopes[:, None] * service[None, :], dtype=np.float64)


def _pooled(data: _Given, left: Floats) -> Floats:
    """The mean of what remains by direction, of each row."""
    sums = np.zeros((len(left), len(data.directions)))
    order = np.argsort(data.direction, kind="stable")
    starts = np.searchsorted(data.direction[order], np.arange(len(data.directions)))
    sums += np.add.reduceat(left[:, order], starts, axis=1)
    return np.asarray(sums / data.counts, dtype=np.float64)


def _spreads(data: _Given, left: Floats) -> tuple[float, float]:
    """Variance of a direction that lasts over waves, and of single ratings around it."""
    counts, means = data.counts, _pooled(data, left[None])[0]
    n, directions = len(left), len(counts)
    within = float(((left - means[data.direction]) ** 2).sum()) / max(1, n - directions)
    between = float((counts * means**2).sum()) / max(1, directions - 1)
    size = (n - (counts**2).sum() / n) / max(1, directions - 1)
    return max(0.0, (between - within) / size), within


def _scores(data: _Given, means: Floats, spread: tuple[float, float]) -> Floats:
    """The smaller of both directions of each pair in standard errors, of each row of means."""
    expected = np.sqrt(spread[0] + spread[1] / data.counts)
    each = np.divide(means, expected, out=np.zeros(means.shape), where=expected > 0)
    usual = np.sqrt((each**2).mean(axis=1, keepdims=True))
    each = np.divide(each, usual, out=np.zeros(each.shape), where=usual > 0)
    return np.asarray(np.minimum(each[:, data.there], each[:, data.back]), dtype=np.float64)


def _simulated(
    data: _Given,
    bases: list[tuple[Places, Floats]],
    service: Floats | None,
    spread: tuple[float, float],
    simulations: int,
    seed: int,
) -> Floats:
    """The largest statistic of all pairs in each simulation in which no direction knows of the other."""
    chance = np.random.default_rng(seed)
    found = np.empty(simulations)
    step = max(1, _NUMBERS_AT_ONCE // len(data.ratings))
    for at in range(0, simulations, step):
        many = min(step, simulations - at)
        lasting = np.sqrt(spread[0]) * chance.standard_normal((many, len(data.directions)))
        single = np.sqrt(spread[1]) * chance.standard_normal((many, len(data.ratings)))
        left = _without(_centred(data, bases, lasting[:, data.direction] + single), service)
        found[at : at + many] = _scores(data, _pooled(data, left), spread).max(axis=1)
    return found


def _frame(data: _Given, means: Floats, scores: Floats, p: Floats, level: float) -> pl.DataFrame:
    first, second = np.divmod(data.directions[data.there], len(data.names))
    counts = data.counts
    frame = pl.DataFrame(
        {
            "first": [data.names[one] for one in first],
            "second": [data.names[one] for one in second],
            "ratings": (counts[data.there] + counts[data.back]).astype(np.int64),
            "first_of_second": means[data.there],
            "second_of_first": means[data.back],
            "statistic": scores,
            "p": p,
            "found": p <= level,
        }
    )
    return frame.sort("statistic", descending=True, maintain_order=True)


def _reciprocity(data: _Given, means: Floats, confidence: float) -> tuple[float, tuple[float, float]]:
    """Correlation of both directions, each pair counted in both orders, with Fisher's interval."""
    one, other = means[data.there], means[data.back]
    together = float((one**2 + other**2).sum())
    value = float(np.clip(2 * (one @ other) / together, -1, 1)) if together > 0 else 0.0
    half = float(ndtri(0.5 + confidence / 2)) / np.sqrt(max(1.0, len(one) - 1.5))
    middle = float(np.arctanh(np.clip(value, -1 + 1e-12, 1 - 1e-12)))
    return value, (float(np.tanh(middle - half)), float(np.tanh(middle + half)))


def _demand_settings(simulations: int, seed: int) -> None:
    if not _FEWEST_SIMULATIONS <= simulations <= _MOST_SIMULATIONS or seed < 0:
        raise MeasureError(
            expected=gettext_noop("There are {fewest} to {most} simulations, and the seed is 0 or more."),
            found=gettext_noop("Simulations: {simulations}, seed: {seed}."),
            remedy=gettext_noop("Take 2000 and 0."),
            fewest=_FEWEST_SIMULATIONS,
            most=_MOST_SIMULATIONS,
            simulations=simulations,
            seed=seed,
        )


def _unusable(ratings: int, usable: int, waves: int, pairs: int) -> MeasureError:
    return MeasureError(
        expected=gettext_noop("Ratings of {fewest} waves at least, in which three pairs or more rate each other, each"
                              " with what was measured of the service."),
        found=gettext_noop("Ratings: {ratings}, of which {usable} can be used; waves: {waves}, pairs: {pairs}."),
        remedy=gettext_noop("Wait for more waves: before that nobody is to be suspected."),
        fewest=FEWEST_WAVES,
        ratings=ratings,
        usable=usable,
        waves=waves,
        pairs=pairs,
    )  # fmt: skip


def _nothing_left(n: int) -> MeasureError:
    return MeasureError(
        expected=gettext_noop("Ratings differ beyond who gave and who got them."),
        found=gettext_noop("In {n} ratings nothing is left to look at."),
        remedy=gettext_noop("Wait until more rate each other."),
        n=n,
    )


def _warnings(left_out: int, slope: float | None, found: int) -> tuple[Notice, ...]:
    said = []
    if left_out:
        gaps = gettext_noop("{count} answers in which something is missing are left out.")
        said.append(Notice(gaps, count=left_out))
    if slope is None:
        same = gettext_noop("What was measured does not differ between pairs: good service cannot be told from favour.")
        said.append(Notice(same))
    elif slope <= 0:
        against = gettext_noop("Ratings do not follow what was measured: look at what is measured before you look at"
                               " anybody.")  # fmt: skip
        said.append(Notice(against))
    if found:
        look = gettext_noop("A reason to look and to ask, no proof: two who work well together look the same.")
        said.append(Notice(look))
    return tuple(said)
