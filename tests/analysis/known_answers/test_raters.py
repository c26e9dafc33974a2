"""ICC of Shrout and Fleiss, of Bliese and Halverson; Davies' dyestuff shrunken; agreement, weights and severity by
formula."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from baton_analysis.measures.raters import (
    intraclass_correlation,
    rater_effects,
    shrunken_means,
    value_weighted_mean,
    within_group_agreement,
)

# Shrout and Fleiss (1979), Psychological Bulletin 86: 420-428, table 2: six targets, each rated by four judges.
JUDGED = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
TARGETS = [target for target in "ABCDEF" for _ in range(4)]
JUDGES = list("1234") * 6
RATINGS = [rating for row in JUDGED for rating in row]

# Davies, Statistical Methods in Research and Production (1947): yield of dyestuff, five samples of six batches.
DYESTUFF = {
    "A": [1545, 1440, 1440, 1520, 1580], "B": [1540, 1555, 1490, 1560, 1495], "C": [1595, 1550, 1605, 1510, 1560],
    "D": [1445, 1440, 1595, 1465, 1545], "E": [1595, 1630, 1515, 1635, 1625], "F": [1520, 1455, 1450, 1480, 1445],
}  # fmt: skip


def test_shrout_and_fleiss_1979_table_4() -> None:
    """ICC(1,1) = .17 and ICC(1,4) = .44; intervals as R's psych::ICC prints them: [-.13, .72] and [-.88, .91]."""
    found = intraclass_correlation(TARGETS, RATINGS)
    assert (found.icc1, found.icc2) == pytest.approx((0.1657, 0.4428), abs=5e-5)
    assert (*found.interval, *found.icc2_interval) == pytest.approx((-0.133, 0.723, -0.884, 0.912), abs=5e-4)
    assert found.f == pytest.approx(11.24 / 6.26, abs=2e-3)
    assert [one.render() for one in found.warnings] == [
        "It rests on 6 groups; 10 are wanted. Look at the interval.",
        "ICC(2) is 0.44, below 0.7: the means of these groups cannot be ranked.",
    ]


@pytest.mark.shared_data
def test_bliese_and_halverson_1996(shared_data: Path) -> None:
    """bh1996 of R's multilevel, 7,382 people in 99 units: hours .133/.920, leadership .127/.916, cohesion .044/.775,
    well-being .044/.772."""
    table = pl.read_csv(shared_data / "surveys" / "bh1996.csv.gz")
    printed = {"HRS": (0.133, 0.920), "LEAD": (0.127, 0.916), "COHES": (0.044, 0.775), "WBEING": (0.044, 0.772)}
    for name, figures in printed.items():
        found = intraclass_correlation(table["GRP"].to_list(), table[name])
        assert (found.n, found.groups) == (7382, 99)
        assert (round(found.icc1, 3), round(found.icc2, 3)) == figures
        assert found.interval[0] < found.icc1 < found.interval[1]
        assert found.warnings == ()


def test_sizes_that_differ_count_by_searles_mean() -> None:
    """Sizes 2, 3 and 4: (9 - (4 + 9 + 16) / 9) / 2 = 2.8889."""
    groups = list("aabbbcccc")
    found = intraclass_correlation(groups, [1, 2, 2, 3, 4, 4, 5, 5, 6])
    assert found.size == pytest.approx((9 - 29 / 9) / 2)
    between = (2 * (1.5 - 32 / 9) ** 2 + 3 * (3 - 32 / 9) ** 2 + 4 * (5 - 32 / 9) ** 2) / 2
    within = (0.5 + 2 + 2) / 6
    assert found.icc1 == pytest.approx((between - within) / (between + (found.size - 1) * within))
    assert found.icc2 == pytest.approx((between - within) / between)


def test_dyestuff_by_restricted_maximum_likelihood() -> None:
    """R's lme4, lmer(Yield ~ 1 + (1 | Batch), Dyestuff): variances 1764.05 and 2451.25, mean 1527.5, batches
    -17.607, .391, 28.562, -23.085, 56.733, -44.995."""
    names = [name for name, yields in DYESTUFF.items() for _ in yields]
    found = shrunken_means(names, [value for yields in DYESTUFF.values() for value in yields])
    assert (found.between, found.within, found.mean) == pytest.approx((1764.05, 2451.25, 1527.5), abs=5e-3)
    away = {row["group"]: row["estimate"] - found.mean for row in found.frame.to_dicts()}
    wanted = (-17.607, 0.391, 28.562, -23.085, 56.733, -44.995)
    assert [away[name] for name in "ABCDEF"] == pytest.approx(wanted, abs=5e-4)
    assert found.frame["group"].to_list() == list("ECBADF")
    assert (found.interval[1] - found.mean) / 1.959964 == pytest.approx(19.3834, abs=1e-3)  # its standard error


def test_james_demaree_and_wolf_1984_by_formula() -> None:
    """rwg = 1 - s²/2 on five steps; rwg(j) = J(1 - s̄²/2) / (J(1 - s̄²/2) + s̄²/2); AD is the mean distance."""
    one = within_group_agreement(list("aaaabbbb"), [4, 4, 5, 5, 1, 5, 1, 5], low=1, high=5)
    first, second = one.frame.to_dicts()
    assert (first["variance"], first["rwg"], first["deviation"]) == pytest.approx((1 / 3, 1 - 1 / 6, 0.5))
    assert (second["rwg"], second["deviation"]) == (0, 2)  # further apart than without agreement
    assert (first["agrees"], second["agrees"], one.largest_deviation) == (True, False, 5 / 6)
    assert (one.agreeing, one.share) == (1, 0.5)
    items = [[4, 5], [4, 4], [5, 4], [5, 5], [3, 2], [3, 3], [2, 3], [3, 3]]
    several = within_group_agreement(list("aaaabbbb"), items, low=1, high=5)
    mean = (1 / 3 + 1 / 3) / 2 / 2
    assert several.frame["rwg"][0] == pytest.approx(2 * (1 - mean) / (2 * (1 - mean) + mean))
    strict = within_group_agreement(list("aaaabbbb"), items, low=1, high=5, null_variance=0.9)
    assert strict.frame["rwg"][0] < several.frame["rwg"][0]


def test_one_answer_alone_neither_agrees_nor_disagrees() -> None:
    found = within_group_agreement(list("aab"), [4, 4, 5], low=1, high=5)
    assert found.frame.row(1, named=True)["rwg"] is None
    assert (found.share, found.frame["agrees"].to_list()) == (1.0, [True, None])
    said = [one.render() for one in found.warnings]
    assert said == ["2 groups have fewer than 5 answers: agreement of so few is often chance."]


def test_kish_and_the_linearised_error_of_a_weighted_mean() -> None:
    """R's survey: svymean(~x, svydesign(~1, weights = ~w, data = ...)) has the error sqrt(n/(n-1) Σ(w(x-m)/Σw)²)."""
    values, weights = np.array([5.0, 3, 4, 1, 2]), np.array([10.0, 1, 5, 1, 3])
    found = value_weighted_mean(values, weights)
    mean = (50 + 3 + 20 + 1 + 6) / 20
    assert (found.mean, found.plain, found.difference) == pytest.approx((mean, 3.0, mean - 3))
    error = sqrt(5 / 4 * ((weights * (values - mean) / 20) ** 2).sum())
    assert found.interval[1] - mean == pytest.approx(2.776445 * error, rel=1e-6)  # t of 4 degrees of freedom
    assert (found.effective_n, found.heaviest) == pytest.approx((400 / 136, 0.5))
    assert "One answer has 50 % of the whole weight" in found.warnings[1].render().replace("\u00a0", " ")


def test_weights_that_are_alike_give_the_plain_mean_and_its_t_interval() -> None:
    found = value_weighted_mean([5, 3, 4, 1, 2], [7] * 5)
    half = 2.776445 * sqrt(2.5 / 5)
    assert found.interval == pytest.approx((3 - half, 3 + half), rel=1e-6)
    assert (found.effective_n, found.difference) == pytest.approx((5, 0))
    assert found.difference_interval == pytest.approx((0, 0))


def test_judges_of_shrout_and_fleiss_by_the_two_way_table() -> None:
    """Complete: effects are the judges' means less the mean of all; the mean square of the rest is 1.02 (table 3)."""
    found = rater_effects(JUDGES, TARGETS, RATINGS)
    means = np.mean(JUDGED, axis=0)
    by_name = dict(found.frame.select("rater", "effect").iter_rows())
    assert [by_name[judge] for judge in "1234"] == pytest.approx(means - means.mean())
    assert found.deviation**2 == pytest.approx(1.0194, abs=1e-4)
    assert found.frame["rater"].to_list() == ["1", "4", "3", "2"]
    width = found.frame["upper"][0] - found.frame["effect"][0]
    assert width == pytest.approx(2.13145 * sqrt(1.0194 / 6 * 3 / 4), rel=1e-4)  # t of 15 degrees of freedom
    assert found.frame["found"].all()
    strict = rater_effects(JUDGES, TARGETS, RATINGS, level=0.01).frame
    assert strict.filter("found")["rater"].to_list() == ["1", "4", "2"]
    assert dict(found.rated.select("rated", "adjusted").iter_rows())["E"] == pytest.approx(7.5)
    assert found.rated["mean"].to_list() == pytest.approx(found.rated["adjusted"].to_list())


def test_who_was_rated_by_severe_raters_is_not_worse_for_it() -> None:
    """rating = rater + rated without rest: ana rates 2 below ben, and she alone rates the kitchen."""
    raters = ["ana", "ana", "ben", "ben", "ana", "cleo", "cleo"]
    rated = ["lab", "post", "lab", "post", "kitchen", "post", "lab"]
    found = rater_effects(raters, rated, [3, 4, 5, 6, 4, 5, 4])
    adjusted = dict(found.rated.select("rated", "adjusted").iter_rows())
    assert adjusted == pytest.approx({"lab": 4, "post": 5, "kitchen": 5})
    assert dict(found.frame.select("rater", "effect").iter_rows()) == pytest.approx({"ana": -1, "ben": 1, "cleo": 0})
