"""Gauge R&R against the manual's worked example."""

from __future__ import annotations

import pytest

from baton_analysis.measures.gauge import analysis_of_variance, average_and_range

# AIAG, Measurement Systems Analysis: 3 appraisers, 3 trials, 10 parts.
AIAG = [
    [
        [0.29, -0.56, 1.34, 0.47, -0.8, 0.02, 0.59, -0.31, 2.26, -1.36],
        [0.41, -0.68, 1.17, 0.5, -0.92, -0.11, 0.75, -0.2, 1.99, -1.25],
        [0.64, -0.58, 1.27, 0.64, -0.84, -0.21, 0.66, -0.17, 2.01, -1.31],
    ],
    [
        [0.08, -0.47, 1.19, 0.01, -0.56, -0.2, 0.47, -0.63, 1.8, -1.68],
        [0.25, -1.22, 0.94, 1.03, -1.2, 0.22, 0.55, 0.08, 2.12, -1.62],
        [0.07, -0.68, 1.34, 0.2, -1.28, 0.06, 0.83, -0.34, 2.19, -1.5],
    ],
    [
        [0.04, -1.38, 0.88, 0.14, -1.46, -0.29, 0.02, -0.46, 1.77, -1.49],
        [-0.11, -1.13, 1.09, 0.2, -1.07, -0.67, 0.01, -0.56, 1.45, -1.77],
        [-0.15, -0.96, 0.67, 0.11, -1.45, -0.49, 0.21, -0.49, 1.87, -2.16],
    ],
]  # fmt: skip


def test_aiag_average_and_range() -> None:
    """EV .20188, AV .22963, GRR .30575, PV 1.10456, TV 1.1461; 17.62, 20.04, 26.68 and 96.38 %; ndc 5."""
    study = average_and_range(AIAG)
    found = [study.repeatability, study.reproducibility, study.gauge, study.part, study.total]
    assert found == pytest.approx([0.20188, 0.22963, 0.30575, 1.10456, 1.1461], abs=6e-4)
    assert [study.percent_of_total(deviation) for deviation in found[:4]] == pytest.approx(
        [17.62, 20.04, 26.68, 96.38], abs=0.03
    )
    assert (study.percent, study.categories, study.verdict) == (pytest.approx(26.68, abs=0.03), 5, "conditional")
    assert (study.n, study.interval, study.method) == (90, None, "average_and_range")


def test_aiag_analysis_of_variance_pooled() -> None:
    """EV .1999, AV .2268, GRR .3024, PV 1.0423; 27.86 %; ndc 4: other figures from the same data."""
    study = analysis_of_variance(AIAG)
    found = [study.repeatability, study.reproducibility, study.gauge, study.part]
    assert found == pytest.approx([0.1999, 0.2268, 0.3024, 1.0423], abs=6e-4)
    assert (study.percent, study.categories, study.method) == (pytest.approx(27.86, abs=0.03), 4, "anova")
    assert study.interaction is None
    assert study.interval is not None
    assert study.interval[0] < study.gauge < study.interval[1]
