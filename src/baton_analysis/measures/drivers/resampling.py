"""Bootstrap of covariances: answers are drawn with replacement, and the drivers' shares computed anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from baton_analysis.measures.drivers.shares import Orders, correlations, exact_lmg, increases, relative_weights
from baton_analysis.measures.inputs import Floats


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """A row a draw: ``lmg`` and ``weights`` with a column a driver, and ``r_squared``."""

    lmg: Floats
    weights: Floats
    r_squared: Floats

    @property
    def share(self) -> Floats:
        """LMG as a share of R²; nothing explained is shared alike."""
        even = np.full(self.lmg.shape, 1 / self.lmg.shape[1])
        whole = self.r_squared[:, None]
        return np.asarray(np.divide(self.lmg, whole, out=even, where=whole > 0), dtype=np.float64)

    @property
    def places(self) -> Floats:
        """The place of each driver, 1 being the first; ties share their mean place."""
        ahead = (self.lmg[:, None, :] > self.lmg[:, :, None]).sum(axis=2)
        level = (self.lmg[:, None, :] == self.lmg[:, :, None]).sum(axis=2)
        return np.asarray(ahead + (level + 1) / 2, dtype=np.float64)


def covariances(rows: Floats) -> Floats:
    """Of centred rows, one a variable."""
    return np.asarray(rows @ rows.T / rows.shape[1], dtype=np.float64)


def drawn(rows: Floats, draws: int, seed: int, orders: Orders | None, shift: Floats | None) -> Drawn:
    """Shares in so many samples of the answers, columns of the centred ``rows`` (drivers, then the outcome).

    With ``orders`` LMG is taken over these alone, and moved by ``shift``: by what it differs in the sample itself from
    LMG over many more orders.
    """
    matrices = correlations(_resampled(rows, draws, seed))
    if orders is None:
        lmg = exact_lmg(matrices)
    else:
        lmg = np.concatenate([increases(one[None], orders).mean(axis=1) for one in matrices]) + shift
    return Drawn(lmg, relative_weights(matrices), lmg.sum(axis=1))


def _resampled(rows: Floats, draws: int, seed: int) -> Floats:
    """Covariances of samples with replacement: how often an answer was drawn is its weight."""
    chance = np.random.default_rng(seed)
    variables, n = rows.shape
    with_ones = np.vstack([rows, np.ones(n)])
    found = np.empty((draws, variables, variables))
    for draw in range(draws):
        times = np.bincount(chance.integers(0, n, n), minlength=n)
        moments = (with_ones * times) @ with_ones.T / n
        mean = moments[:-1, -1]
        found[draw] = moments[:-1, :-1] - np.outer(mean, mean)
    variance = np.diagonal(found, axis1=1, axis2=2)
    # A variable that is the same in all drawn answers leaves nothing but rounding.
    still = variance <= 1e-12 * np.diag(covariances(rows))
    return np.where(still[:, :, None] | still[:, None, :], 0.0, found)
