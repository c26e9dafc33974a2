"""Gauge R&R: planted variances are found again, units do not matter, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.gauge import analysis_of_variance, average_and_range

Floats = npt.NDArray[np.float64]


def study(
    seed: int, *, appraiser: float, part: float, error: float, interaction: float = 0, shape: tuple[int, int, int]
) -> Floats:
    """Measurements[appraiser, trial, part] with the given standard deviations."""
    chance = np.random.default_rng(seed)
    appraisers, _, parts = shape
    values: Floats = (
        chance.normal(0, appraiser, (appraisers, 1, 1))
        + chance.normal(0, part, (1, 1, parts))
        + chance.normal(0, interaction, (appraisers, 1, parts))
        + chance.normal(0, error, shape)
    )
    return values


@pytest.mark.parametrize("method", [average_and_range, analysis_of_variance])
def test_recovery_of_planted_deviations(method: object) -> None:
    """Means over 200 studies of 10 appraisers and 10 parts: no more than a twentieth from what was planted."""
    found = np.array(
        [
            (result.repeatability**2, result.reproducibility**2, result.part**2)
            for seed in range(200)
            for result in [
                method(study(seed, appraiser=1.0, part=3.0, error=0.5, shape=(10, 3, 10)).tolist())  # type: ignore[operator]
            ]
        ]
    )
    assert np.sqrt(found.mean(axis=0)) == pytest.approx([0.5, 1.0, 3.0], rel=0.05)


def test_recovery_a_planted_interaction_is_kept_and_warned_of() -> None:
    values = study(3, appraiser=0.5, part=3.0, error=0.2, interaction=1.0, shape=(6, 3, 20))
    result = analysis_of_variance(values.tolist())
    assert result.interaction == pytest.approx(1.0, rel=0.2)
    assert result.interaction_p is not None
    assert result.interaction_p < 1e-6
    assert "differ from part to part" in " ".join(warning.render() for warning in result.warnings)


@pytest.mark.parametrize(("appraisers", "appraiser", "error"), [(5, 0.7, 1.0), (3, 1.0, 0.4)])
def test_recovery_the_interval_holds_the_gauge_deviation_as_often_as_said(
    appraisers: int, appraiser: float, error: float
) -> None:
    """With three appraisers, of whom most of the scatter comes, Satterthwaite's interval held it in 80 % only."""
    held = 0
    for seed in range(300):
        values = study(seed, appraiser=appraiser, part=3.0, error=error, shape=(appraisers, 3, 10))
        interval = analysis_of_variance(values.tolist()).interval
        assert interval is not None
        held += interval[0] <= (appraiser**2 + error**2) ** 0.5 <= interval[1]
    assert held / 300 == pytest.approx(0.95, abs=0.045)


@pytest.mark.parametrize("method", [average_and_range, analysis_of_variance])
def test_another_unit_gives_the_same_percentage(method: object) -> None:
    values = study(1, appraiser=0.5, part=2.0, error=0.5, shape=(3, 3, 10))
    one = method(values.tolist(), tolerance=12.0)  # type: ignore[operator]
    other = method((25.4 * values + 7).tolist(), tolerance=12 * 25.4)  # type: ignore[operator]
    assert (other.percent, other.percent_of_tolerance) == pytest.approx((one.percent, one.percent_of_tolerance))
    assert other.gauge == pytest.approx(25.4 * one.gauge)
    assert json.loads(json.dumps(one.to_dict()))["verdict"] == one.verdict
    table = one.to_table()
    assert table["part"].to_list() == ["repeatability", "reproducibility", "gauge", "part", "total"]
    assert table["percent"].to_list()[2] == pytest.approx(one.percent)


def test_copied_values_and_few_parts_are_warned_of() -> None:
    copied = [[[1.0, 2.0, 3.0]] * 2, [[1.1, 2.1, 3.1]] * 2]
    said = " ".join(warning.render() for warning in average_and_range(copied).warnings)
    assert "copied from the first" in said
    assert "rests on 3 parts; 10" in said


@pytest.mark.parametrize(
    ("measurements", "words"),
    [
        ([], "Appraisers: 0, trials: 0, parts: 0"),
        ([[[1.0, 2.0]], [[1.0, 2.0]]], "trials: 1"),
        ([[[1.0, 2.0], [1.0]], [[1.0, 2.0], [1.0, 2.0]]], "parts: 1, 2"),
        ([[[1.0, 2.0], [1.0, float("nan")]], [[1.0, 2.0], [1.0, 2.0]]], "1 of 8 is not finite"),
        ([[[1.0, 1.0], [1.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]], "not all the same"),
        ([[[1.0, 2.0], [1.0, 2.0]], [[2.0, 1.0], [2.0, 1.0]]], "Use the analysis of variance"),
    ],
)
def test_what_is_no_study_is_refused_with_a_remedy(measurements: list[list[list[float]]], words: str) -> None:
    with pytest.raises(MeasureError) as error:
        average_and_range(measurements)
    assert words in str(error.value)


def test_a_tolerance_is_above_0() -> None:
    with pytest.raises(MeasureError, match="Give upper limit minus lower limit"):
        average_and_range([[[1.0, 2.0], [1.0, 2.1]], [[1.0, 2.0], [1.0, 2.0]]], tolerance=0)
