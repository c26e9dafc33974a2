"""From answers to the key drivers of their outcome."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.drawing.figures import percent
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.drivers.resampling import Drawn, covariances, drawn
from baton_analysis.measures.drivers.result import ENOUGH_ANSWERS, EXACT_UP_TO, KeyDrivers
from baton_analysis.measures.drivers.shares import (
    SINGULAR,
    Orders,
    antithetic_orders,
    beyond_the_others,
    coefficients,
    correlations,
    exact_lmg,
    increases,
    relative_weights,
)
from baton_analysis.measures.inputs import Floats, demand_confidence, numbers_of
from baton_analysis.readers.model import Notice

MOST_DRIVERS = 60
ANSWERS_PER_DRIVER = 10
INFLATED = 10.0
"""From this variance inflation on (Marquardt 1970, Technometrics 12: 591-612) a driver is nearly a sum of others."""
SURE = 0.95
"""Share of the draws in which the first driver has to be the first for its place to be sure."""
LITTLE = 0.1
"""Below this R² the drivers hardly matter at all."""

_ROUNDING = 1e-12  # of a column that is the same everywhere its mean leaves no more
_FEWEST_DRAWS, _MOST_DRAWS = 100, 10_000
_FEWEST_ORDERS, _MOST_ORDERS = 100, 100_000
_ORDERS_IN_DRAWS = 64


@checked(MeasureError)
def key_drivers(
    outcome: npt.ArrayLike,
    drivers: Mapping[Hashable, npt.ArrayLike],
    *,
    draws: int = 1000,
    orders: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
) -> KeyDrivers:
    """How much of the outcome each driver accounts for, where drivers go together, as ratings always do.

    LMG (:func:`baton_analysis.measures.drivers.shares.lmg`) exactly up to EXACT_UP_TO drivers, beside it what each
    explains alone and last, Pratt's product and Johnson's relative weights. Intervals: percentiles of a bootstrap of
    the answers (Efron 1979, Annals of Statistics 7: 1-26). The relation is one between ratings: that the outcome would
    follow if a driver were mended is not said by it.

    Parameters
    ----------
    outcome
        The overall judgement, one figure an answer; missing where it was not given.
    drivers
        By name the ratings of the parts, in the same order. An answer in which one is missing is left out.
    draws
        Samples behind the intervals, 100 to 10,000; 0 for none, which is refused below ENOUGH_ANSWERS answers.
    orders
        How many orders of the drivers are sampled, 100 to 100,000, where there are more than EXACT_UP_TO.
    seed
        Of samples and orders: the same seed gives the same figures.

    Raises
    ------
    MeasureError
        Fewer than two drivers or more than 60, columns of different length, hardly more answers than drivers, a column
        that does not vary, or settings that do not fit.
    """
    demand_confidence(confidence)
    _demand_settings(draws, orders, seed)
    names, rows, left_out = _complete(outcome, drivers)
    if not draws and rows.shape[1] < ENOUGH_ANSWERS:
        raise MeasureError(
            expected=gettext_noop("Below {wanted} answers the shares of drivers need intervals."),
            found=gettext_noop("There are {n} answers, and nothing is to be drawn."),
            remedy=gettext_noop("Leave “draws” out."),
            wanted=ENOUGH_ANSWERS,
            n=rows.shape[1],
        )
    matrix = correlations(covariances(rows)[None])
    many = antithetic_orders(len(names), orders, seed) if len(names) > EXACT_UP_TO else None
    shared, error = _shared(matrix, many)
    few, shift = None, None
    if many is not None and draws:
        few = many[:_ORDERS_IN_DRAWS]
        shift = shared - increases(matrix, few)[0].mean(axis=0)
    found = drawn(rows, draws, seed, few, shift) if draws else None
    return _result(names, matrix, shared, error, found, rows.shape[1], left_out, confidence, many)


def _shared(matrix: Floats, many: Orders | None) -> tuple[Floats, float | None]:
    """LMG, and its largest standard error if orders were sampled; an order and its reverse count as one."""
    if many is None:
        return exact_lmg(matrix)[0], None
    gains = increases(matrix, many)[0]
    pairs = gains.reshape(-1, 2, gains.shape[1]).mean(axis=1)
    return gains.mean(axis=0), float((pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))).max())


def _result(
    names: list[str],
    matrix: Floats,
    shared: Floats,
    error: float | None,
    found: Drawn | None,
    n: int,
    left_out: int,
    confidence: float,
    many: Orders | None,
) -> KeyDrivers:
    r_squared = float(shared.sum())
    tail = (1 - confidence) / 2
    frame, inflation = _frame(names, matrix[0], shared, found, tail)
    leads = None if found is None else float((found.lmg.argmax(axis=1) == shared.argmax()).mean())
    return KeyDrivers(
        method="lmg_exact" if many is None else "lmg_sampled",
        frame=frame,
        n=n,
        left_out=left_out,
        r_squared=r_squared,
        interval=None if found is None else _bounds(found.r_squared[:, None], tail)[0],
        draws=0 if found is None else len(found.lmg),
        orders=0 if many is None else len(many),
        sampling_error=error,
        first_place=leads,
        confidence=confidence,
        warnings=_warnings(names, inflation, n, left_out, r_squared, leads),
    )


def _frame(
    names: list[str], matrix: Floats, shared: Floats, found: Drawn | None, tail: float
) -> tuple[pl.DataFrame, Floats]:
    """One row a driver, the most important first; and the variance inflation of each in the order given."""
    tolerance, last = beyond_the_others(matrix)
    slope, relation = coefficients(matrix), matrix[:-1, -1]
    inflation = np.where(tolerance > SINGULAR, 1 / np.maximum(tolerance, SINGULAR), np.inf)
    whole = shared.sum()
    nothing = [None] * len(names)

    def between(values: Floats | None, name: str) -> dict[str, list[float] | list[None]]:
        bounds = None if values is None else list(zip(*_bounds(values, tail), strict=True))
        low, high = (nothing, nothing) if bounds is None else map(list, bounds)
        return {f"{name}lower": low, f"{name}upper": high}

    share = shared / whole if whole > 0 else np.full(len(names), 1 / len(names))
    places = (nothing, nothing) if found is None else _places(found.places, tail)
    known = pl.lit(None, dtype=pl.Float64)
    frame = pl.DataFrame(
        {
            "driver": names,
            "lmg": shared,
            **between(None if found is None else found.lmg, ""),
            "share": share,
            **between(None if found is None else found.share, "share_"),
            "place_from": places[0],
            "place_to": places[1],
            "relative_weight": relative_weights(matrix[None])[0],
            **between(None if found is None else found.weights, "relative_weight_"),
            "first": relation**2,
            "last": np.clip(last, 0.0, None),
            "pratt": slope * relation,
            "coefficient": slope,
            "correlation": relation,
            "variance_inflation": inflation,
        },
        schema_overrides=dict.fromkeys(_INTERVALS, pl.Float64) | dict.fromkeys(("place_from", "place_to"), pl.Int64),
    ).with_columns(
        variance_inflation=pl.when(pl.col("variance_inflation").is_finite()).then("variance_inflation").otherwise(known)
    )
    return frame.sort("lmg", descending=True, maintain_order=True), inflation


_INTERVALS = ("lower", "upper", "share_lower", "share_upper", "relative_weight_lower", "relative_weight_upper")


def _bounds(values: Floats, tail: float) -> list[tuple[float, float]]:
    """The percentiles of each column that leave so much on either side."""
    low, high = np.quantile(values, [tail, 1 - tail], axis=0)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def _places(places: Floats, tail: float) -> tuple[list[int], list[int]]:
    low = np.floor(np.quantile(places, tail, axis=0, method="lower")).astype(np.int64)
    high = np.ceil(np.quantile(places, 1 - tail, axis=0, method="higher")).astype(np.int64)
    return low.tolist(), high.tolist()


def _complete(outcome: npt.ArrayLike, drivers: Mapping[Hashable, npt.ArrayLike]) -> tuple[list[str], Floats, int]:
    """Names, and centred rows of the drivers and, last, of the outcome, over the answers in which nothing is missing;
    and how many others there are."""
    columns = [*(numbers_of(values) for values in drivers.values()), numbers_of(outcome)]
    names = [str(name) for name in drivers]
    lengths = sorted({len(column) for column in columns})
    if len(lengths) != 1 or not 2 <= len(names) <= MOST_DRIVERS or len(set(names)) < len(names):
        raise MeasureError(
            expected=gettext_noop("There are 2 to {most} drivers, each of another name, with as many ratings as the"
                                  " outcome has."),
            found=gettext_noop("There are {drivers}; their lengths and that of the outcome are {lengths}."),
            remedy=gettext_noop("Give one rating an answer, and a missing value where none was given."),
            most=MOST_DRIVERS,
            drivers=len(names),
            lengths=", ".join(map(str, lengths)),
        )  # fmt: skip
    rows = np.stack(columns)
    there = np.isfinite(rows).all(axis=0)
    left_out = int((~there).sum())
    if left_out:
        rows = rows[:, there]
    _demand_answers(rows, left_out)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = rows.mean(axis=1)
        rows -= mean[:, None]
    _demand_differences(rows, mean, names)
    return names, rows, left_out


def _demand_answers(rows: Floats, left_out: int) -> None:
    least = rows.shape[0] + 2
    if rows.shape[1] < least:
        raise MeasureError(
            expected=gettext_noop("For {drivers} drivers there are at least {least} answers that rate all of them and"
                                  " the outcome."),
            found=gettext_noop("There are {n}, and {left_out} with something missing."),
            remedy=gettext_noop("Take fewer drivers, or leave out those that few have rated."),
            drivers=rows.shape[0] - 1,
            least=least,
            n=rows.shape[1],
            left_out=left_out,
        )  # fmt: skip


def _demand_differences(rows: Floats, mean: Floats, names: list[str]) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        variance = np.einsum("ij,ij->i", rows, rows) / rows.shape[1]
        wrong = ~((variance > (_ROUNDING * mean) ** 2) & np.isfinite(variance))
    if wrong.any():
        raise MeasureError(
            expected=gettext_noop("The outcome and every driver differ from answer to answer."),
            found=gettext_noop("These do not, or beyond all measure: {drivers}."),
            remedy=gettext_noop("Leave these drivers out: what is always the same moves nothing."),
            drivers=", ".join(name for name, bad in zip([*names, "outcome"], wrong, strict=True) if bad),
        )


def _demand_settings(draws: int, orders: int, seed: int) -> None:
    drawn_enough = draws == 0 or _FEWEST_DRAWS <= draws <= _MOST_DRAWS
    if not drawn_enough or not _FEWEST_ORDERS <= orders <= _MOST_ORDERS or seed < 0:
        raise MeasureError(
            expected=gettext_noop("Draws are 0 or {fewest} to {most}, orders are {fewest_orders} to {most_orders}, and"
                                  " the seed is 0 or more."),
            found=gettext_noop("Draws: {draws}, orders: {orders}, seed: {seed}."),
            remedy=gettext_noop("Take 1000, 2000 and 0."),
            fewest=_FEWEST_DRAWS,
            most=_MOST_DRAWS,
            fewest_orders=_FEWEST_ORDERS,
            most_orders=_MOST_ORDERS,
            draws=draws,
            orders=orders,
            seed=seed,
        )  # fmt: skip


def _warnings(
    names: list[str], inflation: Floats, n: int, left_out: int, r_squared: float, leads: float | None
) -> tuple[Notice, ...]:
    said = []
    if left_out:
        gaps = gettext_noop("{count} answers in which something is missing are left out.")
        said.append(Notice(gaps, count=left_out))
    wanted = max(ENOUGH_ANSWERS, ANSWERS_PER_DRIVER * len(names))
    if n < wanted:
        few = gettext_noop("The shares rest on {n} answers; {wanted} are wanted. Look at the intervals.")
        said.append(Notice(few, values={"n": n, "wanted": wanted}))
    alike = [name for name, by in zip(names, inflation, strict=True) if by >= INFLATED]
    if alike:
        collinear = gettext_noop("These drivers say nearly the same as others: {drivers}. What they explain together is"
                                 " divided among them; ask fewer questions, or take their mean.")  # fmt: skip
        said.append(Notice(collinear, values={"drivers": ", ".join(alike)}))
    if leads is not None and leads < SURE:
        unsure = gettext_noop("Which driver is the first is not sure: it is the same one in {share} of the draws.")
        said.append(Notice(unsure, values={"share": percent(leads, 0)}))
    if r_squared < LITTLE:
        little = gettext_noop("All drivers together explain {share} of the outcome: something else moves it.")
        said.append(Notice(little, values={"share": percent(r_squared)}))
    return tuple(said)
