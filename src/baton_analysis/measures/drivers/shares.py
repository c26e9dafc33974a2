"""How the explained variance of an outcome is shared out among drivers, computed from correlations alone.

Every function takes correlation matrices of all drivers and, last, the outcome, in an array of shape (matrices, drivers
+ 1, drivers + 1): one of a sample, or one a draw of a bootstrap. What a driver explains that is nearly a sum of others
is nothing once these are in the model.
"""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

from baton_analysis.measures.inputs import Floats

Orders = npt.NDArray[np.int64]

SINGULAR = 1e-9
"""Share of its variance below which nothing of a driver is left once others are known."""

_NUMBERS_AT_ONCE = 4_000_000


def correlations(covariances: Floats) -> Floats:
    """Of covariances; what does not vary is related to nothing."""
    variance = np.diagonal(covariances, axis1=-2, axis2=-1)
    scale = np.divide(1.0, np.sqrt(variance), out=np.zeros(variance.shape), where=variance > 0)
    return np.asarray(covariances * scale[..., :, None] * scale[..., None, :], dtype=np.float64)


def explained_by_subsets(matrices: Floats) -> Floats:
    """R² of the outcome on every subset of the drivers: shape (matrices, 2^drivers); bit j of a place is driver j.

    Drivers are taken one by one. For each there is, of every subset of those before it, the covariance of what remains
    without it and with it (a step of Gauss-Jordan elimination), so that the 2^p subsets cost some 12 * 2^p operations.
    """
    drivers = matrices.shape[-1] - 1
    state = matrices[:, None]
    for _ in range(drivers):
        state = np.concatenate([state[..., 1:, 1:], _without_first(state)], axis=1)
    return np.asarray(matrices[:, None, -1, -1] - state[..., 0, 0], dtype=np.float64)


def lmg(explained: Floats) -> Floats:
    """The mean increase of R² by each driver over all orders, from R² of all subsets; shape (matrices, drivers).

    Lindeman, Merenda and Gold (1980), Introduction to Bivariate and Multivariate Analysis, p. 119; it is the Shapley
    value of R²: Grömping (2007), The American Statistician 61: 139-147, equation (8).
    """
    subsets = explained.shape[-1]
    drivers = subsets.bit_length() - 1
    sizes = np.array([place.bit_count() for place in range(subsets)])
    # Of all orders of the drivers, this share begins with just this subset and goes on with just this driver.
    weights = np.array([1 / (drivers * comb(drivers - 1, size)) for size in range(drivers)])
    found = np.empty((len(explained), drivers))
    for driver in range(drivers):
        halves = explained.reshape(-1, subsets >> (driver + 1), 2, 1 << driver)
        size = sizes.reshape(subsets >> (driver + 1), 2, 1 << driver)[:, 0]
        found[:, driver] = np.einsum("mab,ab->m", halves[:, :, 1] - halves[:, :, 0], weights[size])
    return found


def exact_lmg(matrices: Floats) -> Floats:
    """:func:`lmg` of many matrices, some of them at a time."""
    step = max(1, _NUMBERS_AT_ONCE >> (matrices.shape[-1] + 1))
    parts = [lmg(explained_by_subsets(matrices[at : at + step])) for at in range(0, len(matrices), step)]
    return np.concatenate(parts)


def increases(matrices: Floats, orders: Orders) -> Floats:
    """The increase of R² by each driver in each of some orders: shape (matrices, orders, drivers)."""
    many, drivers = len(matrices), orders.shape[1]
    found = np.empty((many, len(orders), drivers))
    step = max(1, _NUMBERS_AT_ONCE // (many * (drivers + 1) ** 2))
    for at in range(0, len(orders), step):
        part = orders[at : at + step]
        place = np.column_stack([part, np.full(len(part), drivers)])
        state = matrices[:, place[:, :, None], place[:, None, :]]
        gains = np.empty((many, *part.shape))
        for number in range(drivers):
            before = state[..., -1, -1]
            state = _without_first(state)
            gains[..., number] = before - state[..., -1, -1]
        np.put_along_axis(found[:, at : at + step], np.broadcast_to(part, gains.shape), gains, axis=2)
    return found


def antithetic_orders(drivers: int, number: int, seed: int) -> Orders:
    """Random orders in pairs, each followed by its reverse: who comes early in one comes late in the other."""
    chance = np.random.default_rng(seed)
    half = chance.permuted(np.tile(np.arange(drivers), ((number + 1) // 2, 1)), axis=1)
    return np.stack([half, half[:, ::-1]], axis=1).reshape(-1, drivers).astype(np.int64)


def relative_weights(matrices: Floats) -> Floats:
    """Johnson (2000), Multivariate Behavioral Research 35: 1-19: shape (matrices, drivers).

    Drivers are replaced by the uncorrelated variables closest to them; what these explain is handed back by the squared
    correlations of drivers with them. With L the square root of the drivers' correlations: (L * L) (L^-1 r)^2. They add
    up to R² and are those of Genizi (1993), Statistica Sinica 3: 407-420.
    """
    values, vectors = np.linalg.eigh(matrices[:, :-1, :-1])
    there = values > SINGULAR
    root = np.sqrt(np.where(there, values, 0.0))
    loadings = (vectors * root[:, None, :]) @ vectors.swapaxes(1, 2)
    turned = np.einsum("mij,mi->mj", vectors, matrices[:, :-1, -1])
    slopes = np.einsum("mij,mj->mi", vectors, np.divide(turned, root, out=np.zeros(root.shape), where=there))
    return np.asarray(np.einsum("mij,mj->mi", loadings**2, slopes**2), dtype=np.float64)


def coefficients(matrix: Floats) -> Floats:
    """Standardised coefficients of one matrix; the shortest ones where drivers depend on each other."""
    return np.asarray(np.linalg.pinv(matrix[:-1, :-1], rcond=SINGULAR, hermitian=True) @ matrix[:-1, -1])


def beyond_the_others(matrix: Floats) -> tuple[Floats, Floats]:
    """Of each driver in one matrix the share of its variance that the others leave, and the increase of R² if it comes
    last."""
    drivers = len(matrix) - 1
    others = [[one for one in range(drivers) if one != last] for last in range(drivers)]
    place = np.array([[*before, last, drivers] for last, before in enumerate(others)])
    state = matrix[place[:, :, None], place[:, None, :]]
    for _ in range(drivers - 1):
        state = _without_first(state)
    tolerance = np.clip(state[:, 0, 0], 0.0, 1.0)
    return np.asarray(tolerance, dtype=np.float64), state[:, 1, 1] - _without_first(state)[:, 0, 0]


def _without_first(state: Floats) -> Floats:
    """Covariances of what the first variable leaves of the others; itself is dropped."""
    pivot, column = state[..., 0, 0], state[..., 1:, 0]
    slope = np.divide(column, pivot[..., None], out=np.zeros(column.shape), where=(pivot > SINGULAR)[..., None])
    return np.asarray(state[..., 1:, 1:] - slope[..., :, None] * column[..., None, :], dtype=np.float64)
