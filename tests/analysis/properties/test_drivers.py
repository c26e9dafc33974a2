"""What holds for all key drivers: parts add up, names and units do not matter; what a simulation put in is found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.drivers import EXACT_UP_TO, KeyDrivers, key_drivers
from baton_analysis.measures.drivers.shares import correlations, exact_lmg
from baton_analysis.measures.inputs import Floats

GOOD: dict[str, Any] = {
    "outcome": np.random.default_rng(1).normal(size=300),
    "drivers": dict(zip("abc", np.random.default_rng(2).normal(size=(3, 300)), strict=True)),
    "draws": 0,
}


def ratings(seed: int, drivers: int, n: int) -> tuple[Floats, dict[str, Floats]]:
    """Ratings that go together, from 1 to 7, and an outcome that follows some of them."""
    chance = np.random.default_rng(seed)
    parts = chance.normal(size=n) + chance.normal(size=(drivers, n))
    outcome = chance.uniform(0, 1, drivers) @ parts + chance.normal(size=n)
    seen = np.clip(np.round(4 + np.vstack([parts, outcome])), 1, 7)
    return seen[-1], {f"d{number}": row for number, row in enumerate(seen[:-1])}


def parts_of(found: KeyDrivers, column: str = "lmg") -> dict[str, float]:
    return dict(found.frame.select("driver", column).iter_rows())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8), st.integers(200, 400))
def test_parts_are_never_negative_and_add_up(seed: int, drivers: int, n: int) -> None:
    outcome, columns = ratings(seed, drivers, n)
    found = key_drivers(outcome, columns, draws=0)
    for column in ("lmg", "relative_weight", "pratt"):
        assert sum(parts_of(found, column).values()) == pytest.approx(found.r_squared, abs=1e-9)
    assert min(found.frame["lmg"].min(), found.frame["relative_weight"].min()) >= -1e-12  # type: ignore[type-var]
    assert found.frame["share"].sum() == pytest.approx(1)
    assert 0 < found.r_squared <= 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 100), st.floats(-1000, 1000))
def test_neither_the_order_of_the_drivers_nor_their_units_matter(seed: int, scale: float, zero: float) -> None:
    outcome, columns = ratings(seed, 5, 250)
    one = parts_of(key_drivers(outcome, columns, draws=0))
    turned = {name: zero - scale * columns[name] for name in reversed(columns)}
    assert parts_of(key_drivers(scale * outcome, turned, draws=0)) == pytest.approx(one, abs=1e-7)


def test_unrelated_drivers_have_their_squared_correlations() -> None:
    """A full factorial: nothing goes together, so there is nothing to share out."""
    grid = np.array(np.meshgrid(*[np.arange(3.0)] * 3)).reshape(3, -1).repeat(10, axis=1)
    outcome = grid[0] + 2 * grid[1] + np.random.default_rng(3).normal(size=270)
    found = key_drivers(outcome, dict(zip("abc", grid, strict=True)), draws=0)
    for column in ("lmg", "last", "pratt", "relative_weight"):
        assert parts_of(found, column) == pytest.approx(parts_of(found, "first"), abs=1e-9)


def test_sampled_orders_come_close_to_all_of_them() -> None:
    outcome, columns = ratings(4, EXACT_UP_TO + 1, 500)
    found = key_drivers(outcome, columns, draws=100, orders=1000)
    assert (found.method, found.orders) == ("lmg_sampled", 1000)
    rows = np.array([*columns.values(), outcome])
    exact = exact_lmg(correlations(np.cov(rows)[None]))[0]
    apart = np.array([parts_of(found)[name] for name in columns]) - exact
    assert found.sampling_error is not None
    assert np.abs(apart).max() < 4 * found.sampling_error < 0.02
    assert sum(parts_of(found).values()) == pytest.approx(exact.sum(), abs=1e-9)
    assert ((found.frame["lower"] < found.frame["lmg"]) & (found.frame["lmg"] < found.frame["upper"])).sum() >= 15


@pytest.mark.slow
def test_intervals_hold_the_parts_that_a_simulation_put_in() -> None:
    """200 samples of 300 answers: the parts of the population lie within the 95 % intervals in 9 of 10 and more."""
    population = np.array([[1, 0.5, 0.3, 0], [0.5, 1, 0.2, 0], [0.3, 0.2, 1, 0], [0, 0, 0, 1.0]])
    weights = np.array([0.6, 0.3, 0.1, 0.7])  # of three drivers, and of what else there is
    joint = np.zeros((1, 4, 4))
    joint[0, :3, :3] = population[:3, :3]
    joint[0, :3, 3] = joint[0, 3, :3] = population[:3, :3] @ weights[:3]
    joint[0, 3, 3] = weights @ population @ weights
    true = exact_lmg(correlations(joint))[0]
    chance, held = np.random.default_rng(8), np.zeros(3)
    for seed in range(200):
        parts = np.linalg.cholesky(population) @ chance.normal(size=(4, 300))
        found = key_drivers(weights @ parts, dict(zip("abc", parts, strict=False)), draws=200, seed=seed)
        low, high = parts_of(found, "lower"), parts_of(found, "upper")
        held += [low[name] <= one <= high[name] for name, one in zip("abc", true, strict=True)]
    assert (held / 200 > 0.9).all()


def test_the_same_seed_gives_the_same_figures() -> None:
    outcome, columns = ratings(9, 4, 100)
    one, same, other = (key_drivers(outcome, columns, draws=100, seed=seed).to_dict() for seed in (1, 1, 2))
    assert one == same
    assert one["interval"] != other["interval"]


def test_answers_with_gaps_are_left_out_and_said() -> None:
    outcome, columns = ratings(10, 3, 300)
    gappy = outcome.copy()
    gappy[0] = np.nan
    columns["d1"][1] = np.nan
    found = key_drivers(gappy, columns, draws=0)
    assert (found.n, found.left_out) == (298, 2)
    assert found.warnings[0].render() == "2 answers in which something is missing are left out."
    whole = key_drivers(outcome[2:], {name: column[2:] for name, column in columns.items()}, draws=0)
    assert parts_of(found) == pytest.approx(parts_of(whole), abs=1e-12)


def test_drivers_that_explain_next_to_nothing_are_named_so() -> None:
    said = [warning.render() for warning in key_drivers(**GOOD).warnings]
    assert any("something else moves it" in text for text in said)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"drivers": {"a": GOOD["outcome"]}}, "There are 1"),
        ({"drivers": {**GOOD["drivers"], "d": [1.0, 2.0]}}, "lengths and that of the outcome are 2, 300"),
        ({"drivers": {str(n): GOOD["outcome"] for n in range(61)}}, "There are 61"),
        ({"drivers": {**GOOD["drivers"], "d": [0.1] * 300}}, "beyond all measure: d"),
        ({"outcome": [4] * 300}, "beyond all measure: outcome"),
        ({"outcome": [1e308, -1e308] * 150}, "beyond all measure: outcome"),
        ({"outcome": [*GOOD["outcome"][:4], *[None] * 296]}, "There are 4, and 296 with something missing"),
        ({"outcome": ["good"] * 300}, "“outcome” must be"),
        ({"draws": 5}, "Draws: 5"),
        ({"draws": -1}, "Draws: -1"),
        ({"orders": 2}, "orders: 2"),
        ({"seed": -1}, "seed: -1"),
        ({"confidence": 95}, "between 0 and 1"),
    ],
)
def test_what_has_no_drivers_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(MeasureError) as refused:
        key_drivers(**{**GOOD, **changed})
    assert words in str(refused.value)


def test_few_answers_without_intervals_are_refused() -> None:
    outcome, columns = ratings(11, 3, 199)
    with pytest.raises(MeasureError, match="Leave “draws” out"):
        key_drivers(outcome, columns, draws=0)
