"""LMG and Johnson's weights of R's swiss data as R's relaimpo prints them, by brute force, and mobile customers."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from baton_analysis.measures.drivers import KeyDrivers, key_drivers

# R, datasets::swiss: fertility of 47 French-speaking provinces of Switzerland about 1888, and what may go with it.
COLUMNS = ("Fertility", "Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality")
SWISS = [
    (80.2, 17, 15, 12, 9.96, 22.2), (83.1, 45.1, 6, 9, 84.84, 22.2),
    (92.5, 39.7, 5, 5, 93.4, 20.2), (85.8, 36.5, 12, 7, 33.77, 20.3),
    (76.9, 43.5, 17, 15, 5.16, 20.6), (76.1, 35.3, 9, 7, 90.57, 26.6),
    (83.8, 70.2, 16, 7, 92.85, 23.6), (92.4, 67.8, 14, 8, 97.16, 24.9),
    (82.4, 53.3, 12, 7, 97.67, 21), (82.9, 45.2, 16, 13, 91.38, 24.4),
    (87.1, 64.5, 14, 6, 98.61, 24.5), (64.1, 62, 21, 12, 8.52, 16.5),
    (66.9, 67.5, 14, 7, 2.27, 19.1), (68.9, 60.7, 19, 12, 4.43, 22.7),
    (61.7, 69.3, 22, 5, 2.82, 18.7), (68.3, 72.6, 18, 2, 24.2, 21.2),
    (71.7, 34, 17, 8, 3.3, 20), (55.7, 19.4, 26, 28, 12.11, 20.2),
    (54.3, 15.2, 31, 20, 2.15, 10.8), (65.1, 73, 19, 9, 2.84, 20),
    (65.5, 59.8, 22, 10, 5.23, 18), (65, 55.1, 14, 3, 4.52, 22.4),
    (56.6, 50.9, 22, 12, 15.14, 16.7), (57.4, 54.1, 20, 6, 4.2, 15.3),
    (72.5, 71.2, 12, 1, 2.4, 21), (74.2, 58.1, 14, 8, 5.23, 23.8),
    (72, 63.5, 6, 3, 2.56, 18), (60.5, 60.8, 16, 10, 7.72, 16.3),
    (58.3, 26.8, 25, 19, 18.46, 20.9), (65.4, 49.5, 15, 8, 6.1, 22.5),
    (75.5, 85.9, 3, 2, 99.71, 15.1), (69.3, 84.9, 7, 6, 99.68, 19.8),
    (77.3, 89.7, 5, 2, 100, 18.3), (70.5, 78.2, 12, 6, 98.96, 19.4),
    (79.4, 64.9, 7, 3, 98.22, 20.2), (65, 75.9, 9, 9, 99.06, 17.8),
    (92.2, 84.6, 3, 3, 99.46, 16.3), (79.3, 63.1, 13, 13, 96.83, 18.1),
    (70.4, 38.4, 26, 12, 5.62, 20.3), (65.7, 7.7, 29, 11, 13.79, 20.5),
    (72.7, 16.7, 22, 13, 11.22, 18.9), (64.4, 17.6, 35, 32, 16.92, 23),
    (77.6, 37.6, 15, 7, 4.97, 20), (67.6, 18.7, 25, 7, 8.65, 19.5),
    (35, 1.2, 37, 53, 42.34, 18), (44.7, 46.6, 16, 29, 50.43, 18.2),
    (42.8, 27.7, 22, 29, 58.33, 19.3),
]  # fmt: skip
DRIVERS = COLUMNS[1:]


def swiss() -> KeyDrivers:
    columns = dict(zip(COLUMNS, zip(*SWISS, strict=True), strict=True))
    return key_drivers(columns["Fertility"], {name: columns[name] for name in DRIVERS}, draws=200)


def of(found: KeyDrivers, column: str) -> list[float]:
    by_name = dict(found.frame.select("driver", column).iter_rows())
    return [by_name[name] for name in DRIVERS]


def test_relaimpo_lmg_first_last_and_pratt_of_swiss() -> None:
    """calc.relimp(Fertility ~ ., swiss, type = c("lmg", "first", "last", "pratt"), rela = FALSE), relaimpo 2.2."""
    found = swiss()
    assert found.method == "lmg_exact"
    assert found.r_squared == pytest.approx(0.7067350015927, abs=1e-12)
    printed = {
        "lmg": [0.05709122076809, 0.1711730289002, 0.2601346786244, 0.1055701503735, 0.1127659229265],
        "first": [0.1246649099057, 0.4171644705006, 0.4406156467239, 0.2150035016185, 0.1735189273249],
        "last": [0.04286960712549, 0.007387418515124, 0.1619626930773, 0.06237262582742, 0.0569452587325],
        "pratt": [-0.1104859909624, 0.1064274043389, 0.445004567582, 0.1611768149966, 0.1046122056375],
    }
    for column, figures in printed.items():
        assert of(found, column) == pytest.approx(figures, abs=1e-10), column
    assert found.frame["driver"].to_list()[0] == "Education"
    assert sum(of(found, "share")) == pytest.approx(1)


def test_relative_weights_of_swiss_are_the_genizi_shares_of_relaimpo() -> None:
    """calc.relimp(Fertility ~ ., swiss, type = "genizi"): .04842 .15471 .27196 .11468 .11697; Johnson's weights are the
    same."""
    found = of(swiss(), "relative_weight")
    assert found == pytest.approx([0.04842, 0.15471, 0.27196, 0.11468, 0.11697], abs=5e-6)
    assert sum(found) == pytest.approx(0.7067350015927, abs=1e-12)


def test_47_provinces_do_not_settle_the_order() -> None:
    found = swiss()
    assert found.interval is not None
    assert found.interval[0] < 0.7067 < found.interval[1]
    first = found.frame.row(0, named=True)
    assert first["lower"] < first["lmg"] < first["upper"]
    assert (first["place_from"], first["place_to"] > 1) == (1, True)
    said = [warning.render() for warning in found.warnings]
    assert said[0] == "The shares rest on 47 answers; 200 are wanted. Look at the intervals."
    assert said[1].startswith("Which driver is the first is not sure: it is the same one in ")


def test_lmg_is_the_mean_over_all_orders_of_least_squares_fits() -> None:
    chance = np.random.default_rng(5)
    parts = chance.normal(size=(4, 60))
    parts[1] += 0.8 * parts[0]
    outcome = parts[0] - 0.5 * parts[2] + chance.normal(size=60)
    total = ((outcome - outcome.mean()) ** 2).sum()

    def r_squared(chosen: tuple[int, ...]) -> float:
        design = np.vstack([np.ones(60), parts[list(chosen)]]).T
        rest = outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
        return float(1 - (rest**2).sum() / total)

    wanted = np.zeros(4)
    for order in permutations(range(4)):
        for place, driver in enumerate(order):
            wanted[driver] += (r_squared(order[: place + 1]) - r_squared(order[:place])) / 24
    found = key_drivers(outcome, dict(zip("abcd", parts, strict=True)), draws=100)
    by_name = dict(found.frame.select("driver", "lmg").iter_rows())
    assert [by_name[name] for name in "abcd"] == pytest.approx(wanted, abs=1e-12)


def test_the_same_question_asked_twice_shares_its_part() -> None:
    chance = np.random.default_rng(6)
    speed, care = chance.normal(size=(2, 400))
    outcome = speed + care + chance.normal(size=400)
    once = key_drivers(outcome, {"speed": speed, "care": care}, draws=0)
    twice = key_drivers(outcome, {"speed": speed, "again": speed, "care": care}, draws=0)
    parts = dict(twice.frame.select("driver", "lmg").iter_rows())
    assert parts["speed"] == pytest.approx(parts["again"], abs=1e-12)
    assert twice.r_squared == pytest.approx(once.r_squared, abs=1e-9)
    rows = {row["driver"]: row for row in twice.frame.to_dicts()}
    assert rows["speed"]["last"] == pytest.approx(0, abs=1e-9)
    assert rows["speed"]["variance_inflation"] is None
    assert rows["speed"]["relative_weight"] == pytest.approx(rows["again"]["relative_weight"], abs=1e-12)
    said = [warning.render() for warning in twice.warnings]
    assert any(text.startswith("These drivers say nearly the same as others: speed, again.") for text in said)


@pytest.mark.shared_data
def test_ecsi_mobile_customers_have_drivers_with_intervals(shared_data: Path) -> None:
    """ECSI, 250 customers of mobile phones: what goes with their satisfaction (24 items from 1 to 10)."""
    table = pl.read_csv(shared_data / "surveys" / "mobi.csv")
    blocks = ("IMAG", "CUEX", "PERQ", "PERV")
    means = {
        block: table.select(pl.mean_horizontal([name for name in table.columns if name.startswith(block)])).to_series()
        for block in (*blocks, "CUSA")
    }
    found = key_drivers(means["CUSA"], {block: means[block] for block in blocks})
    design = np.column_stack([np.ones(250), *(means[block].to_numpy() for block in blocks)])
    outcome = means["CUSA"].to_numpy()
    rest = outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    assert found.n == 250
    assert found.r_squared == pytest.approx(1 - rest.var() / outcome.var(), abs=1e-12)
    assert found.frame["lmg"].sum() == pytest.approx(found.r_squared, abs=1e-12)
    assert (found.frame["lower"] <= found.frame["lmg"]).all()
    assert (found.frame["lmg"] <= found.frame["upper"]).all()
    assert found.frame["driver"].to_list()[-1] == "CUEX"
