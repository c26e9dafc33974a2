"""Capability and yield against published results; each test is named after its source."""

from __future__ import annotations

import pytest

from baton_analysis.measures.capability import anderson_darling, capability
from baton_analysis.measures.yields import (
    Step,
    defect_rate,
    pareto,
    path_yield,
    per_million_of_sigma,
    sigma_level,
)

# Montgomery, Introduction to Statistical Quality Control, piston rings (25 samples of 5), as R qcc has them.
PISTON_RINGS = [
    [74.03, 74.002, 74.019, 73.992, 74.008],
    [73.995, 73.992, 74.001, 74.011, 74.004],
    [73.988, 74.024, 74.021, 74.005, 74.002],
    [74.002, 73.996, 73.993, 74.015, 74.009],
    [73.992, 74.007, 74.015, 73.989, 74.014],
    [74.009, 73.994, 73.997, 73.985, 73.993],
    [73.995, 74.006, 73.994, 74, 74.005],
    [73.985, 74.003, 73.993, 74.015, 73.988],
    [74.008, 73.995, 74.009, 74.005, 74.004],
    [73.998, 74, 73.99, 74.007, 73.995],
    [73.994, 73.998, 73.994, 73.995, 73.99],
    [74.004, 74, 74.007, 74, 73.996],
    [73.983, 74.002, 73.998, 73.997, 74.012],
    [74.006, 73.967, 73.994, 74, 73.984],
    [74.012, 74.014, 73.998, 73.999, 74.007],
    [74, 73.984, 74.005, 73.998, 73.996],
    [73.994, 74.012, 73.986, 74.005, 74.007],
    [74.006, 74.01, 74.018, 74.003, 74],
    [73.984, 74.002, 74.003, 74.005, 73.997],
    [74, 74.01, 74.013, 74.02, 74.003],
    [73.988, 74.001, 74.009, 74.005, 73.996],
    [74.004, 73.999, 73.99, 74.006, 74.009],
    [74.01, 73.989, 73.99, 74.009, 74.014],
    [74.015, 74.008, 73.993, 74, 74.01],
    [73.982, 73.984, 73.995, 74.017, 74.013],
]  # fmt: skip

# Index, value, 95 % interval: processCapability of R qcc (github.com/luca-scr/qcc @af35099), limits 73.95 and 74.05.
QCC_PISTON_RINGS = """
Cp 1.703280609 1.491410890 1.914826378
Cpl 1.743341769 1.554764548 1.931918990
Cpu 1.663219449 1.482709821 1.843729077
Cpk 1.663219449 1.448128961 1.878309938
Cpm 1.691111133 1.480113322 1.901785577
Pp 1.655086338 1.449211465 1.860646425
Ppl 1.694013968 1.510406799 1.877621138
Ppu 1.616158707 1.440374547 1.791942867
Ppk 1.616158707 1.406698961 1.825618453
Ppm 1.643914249 1.438884224 1.848630145
"""

# Volumes of 20 bottles: ss.data.ca of the R package SixSigma (CRAN, commit 29eaccc).
BOTTLES = [
    755.81, 750.54, 751.05, 749.52, 749.21, 748.38, 748.11, 753.07, 749.56, 750.08,
    747.16, 747.53, 749.22, 746.76, 747.64, 750.46, 749.27, 750.33, 750.26, 751.29,
]  # fmt: skip


def test_qcc_piston_rings_all_ten_indices() -> None:
    result = capability(PISTON_RINGS, lower=73.95, upper=74.05, target=74.0)
    assert (result.method, result.n, result.stable) == ("range", 125, True)
    for line in QCC_PISTON_RINGS.strip().splitlines():
        name, value, low, high = line.split()
        found = result[name]
        assert [found.value, *found.interval] == pytest.approx([float(value), float(low), float(high)], abs=0.002), name


def test_qcc_piston_rings_off_target() -> None:
    assert capability(PISTON_RINGS, lower=73.95, upper=74.05, target=74.02)["Cpm"].value == pytest.approx(
        0.7856, abs=0.002
    )


def test_sixsigma_bottle_volumes() -> None:
    """ss.ca.cp and ss.ca.cpk use the standard deviation of all values: here Pp and Ppk."""
    result = capability(BOTTLES, lower=740, upper=760)
    assert result["Pp"].value == pytest.approx(1.5841363351, abs=1e-4)
    assert result["Ppk"].value == pytest.approx(1.5465130971, abs=1e-4)
    assert 3 * result["Ppk"].value == pytest.approx(4.6395392913, abs=1e-4)  # ss.ca.z


def test_stephens_1974_a_normal_sample_passes_and_a_skewed_one_does_not() -> None:
    normal = [-2.05, -1.28, -0.84, -0.52, -0.25, 0.0, 0.25, 0.52, 0.84, 1.28, 2.05]
    assert anderson_darling(normal) < 0.2
    assert anderson_darling([2.0**power for power in range(12)]) > 1.035


def test_standard_table_of_sigma_levels_with_a_shift_of_1_5() -> None:
    """691462, 308538, 66807, 6210, 233 and 3.4 defects per million at 1 to 6 sigma, one side."""
    levels = [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6]
    expected = [
        691462.4613, 500000.0, 308537.5387, 158655.2539, 66807.2013, 22750.1319, 6209.6653, 1349.898, 232.6291, 31.6712,
        3.3977,
    ]  # fmt: skip
    assert [per_million_of_sigma(level) for level in levels] == pytest.approx(expected, rel=1e-4)
    assert [sigma_level(million) for million in expected] == pytest.approx(levels, abs=1e-4)


def test_definition_of_yields_along_three_steps() -> None:
    """FPY .90, .95, .98; RTY is their product; 18 defects on 100 units give DPU .18 and TPY exp(-.18)."""
    path = path_yield([Step("cut", 100, 90), Step("weld", 100, 95), Step("paint", 100, 98)])
    assert [step.value for step in path.steps] == [0.9, 0.95, 0.98]
    assert path.rolled == pytest.approx(0.8379, abs=1e-6)
    assert path.normalised == pytest.approx(0.942752, abs=1e-6)
    rate = defect_rate(18, 100)
    assert (rate.per_unit, rate.throughput) == (0.18, pytest.approx(0.83527, abs=1e-6))


def test_garwood_1936_interval_of_a_count() -> None:
    """10 events: 4.80 to 18.39 with 95 % (exact Poisson interval); none: 0 to 3.69."""
    assert defect_rate(10, 1).interval == pytest.approx((4.795, 18.390), abs=1e-3)
    assert defect_rate(0, 1).interval == pytest.approx((0, 3.689), abs=1e-3)


def test_qcc_pareto_supplier_errors() -> None:
    """Data of man/paretoChart.Rd."""
    counts = {"price code": 80, "schedule date": 27, "supplier code": 66, "contact num.": 94, "part num.": 33}
    result = pareto(counts)
    assert [row.name for row in result.rows] == [
        "contact num.",
        "price code",
        "supplier code",
        "part num.",
        "schedule date",
    ]
    assert [100 * row.share for row in result.rows] == pytest.approx([31.3333, 26.6667, 22.0, 11.0, 9.0], abs=1e-3)
    assert [100 * row.cumulative for row in result.rows] == pytest.approx([31.3333, 58.0, 80.0, 91.0, 100.0], abs=1e-3)
    assert result.vital_few == ("contact num.", "price code", "supplier code")
