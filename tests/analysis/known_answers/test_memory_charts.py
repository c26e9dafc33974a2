"""EWMA, CUSUM and their run lengths against published tables; each test is named after its source."""

from __future__ import annotations

import json

import numpy as np
import pytest

from baton_analysis.measures.control_charts import CusumChart, cusum_chart, ewma_chart
from baton_analysis.measures.run_lengths import (
    cusum_run_length,
    cusum_run_length_siegmund,
    ewma_run_length,
    shewhart_run_length,
)
from baton_analysis.signals.chart_rules import find_violations

# Montgomery, Introduction to Statistical Quality Control, table 9.1: mean 10, from the 21st value on 11; sigma 1.
MONTGOMERY_9_1 = [
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, 10.08,
    9.37, 10.62, 10.31, 8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31, 10.52,
]  # fmt: skip
MONTGOMERY_9_2_ABOVE = [
    0, 0, 0, 1.16, 2.82, 2.5, .04, 1, 0, 0, 0, .97, .98, 0, 0, 0, .12, 0, 0, .34, .74, 0, 1.79, 2.79, 2.89, 3.47, 3.35,
    4.47, 5.28, 5.3,
]  # fmt: skip
MONTGOMERY_9_2_BELOW = [
    .05, 1.56, 1.77, 0, 0, 0, 1.46, 0, .3, 0, .47, 0, 0, .1, 0, .13, 0, 0, .98, 0, 0, .17, 0, 0, 0, 0, 0, 0, 0, 0,
]  # fmt: skip
NIST_6_3_2_4 = [
    52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6,
    52.1,
]  # fmt: skip
NIST_6_3_2_4_EWMA = [
    50.6, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52, 50.05, 49.38,
    49.92, 50.73, 51.23, 51.94, 51.99,
]  # fmt: skip

# R spc xcusum.arl(0.5, h, shift, sided="two"); agrees with Montgomery, table 9.3.
CUSUM_RUN_LENGTHS = """
0 167.683788813621 465.44350603212
.25 74.224027885014 139.493689772045
.5 26.630203088869 37.996143189367
.75 13.285088375246 17.048325942945
1 8.383131870495 10.375969921594
1.5 4.74716819947 5.747217703429
2 3.34277012943 4.008871061031
2.5 2.619518911508 3.113688391473
3 2.194480908612 2.573252051447
4 1.708457163286 2.012567523282
"""


def test_cusum_of_montgomery_table_9_2() -> None:
    """k 0.5, h 5: first alarm at 29 after N+ = 7, change after 22, new mean 11.25."""
    chart = cusum_chart(MONTGOMERY_9_1, target=10, sigma=1)
    np.testing.assert_allclose(chart.values, MONTGOMERY_9_2_ABOVE, atol=1e-6)
    assert isinstance(chart.companion, CusumChart)
    np.testing.assert_allclose(chart.companion.values, MONTGOMERY_9_2_BELOW, atol=1e-6)
    (signal,) = chart.signals
    assert (signal.index + 1, signal.side, signal.run, signal.begins) == (29, "high", 7, 22)
    assert signal.mean == pytest.approx(11.2543, abs=1e-4)
    assert json.loads(json.dumps(chart.to_dict()))["signals"][0]["begins"] == 22
    assert [hit.index + 1 for hit in find_violations(chart)] == [29, 30]
    assert find_violations(chart.companion) == ()
    assert chart.companion.signals == ()


def test_ewma_of_montgomery_example_9_2() -> None:
    """Weight 0.1, width 2.7: beyond the limits at 29 and 30; first limits 9.73 and 10.27, later 9.38 and 10.62."""
    chart = ewma_chart(MONTGOMERY_9_1, weight=0.1, width=2.7, target=10, sigma=1)
    found = find_violations(chart)
    assert [hit.index + 1 for hit in found] == [29, 30]
    assert found[0].render() == "One point beyond 2.7 sigma"
    assert (chart.lcl[0], chart.ucl[0], chart.lcl[-1], chart.ucl[-1]) == pytest.approx(
        (9.73, 10.27, 9.38, 10.62), abs=5e-3
    )
    assert chart.values[0] == pytest.approx(9.945)


def test_ewma_of_nist_handbook_6_3_2_4() -> None:
    """NIST/SEMATECH e-Handbook: weight 0.3 from 50, s 2.0539, limits 47.4115 and 52.5884 of many points."""
    chart = ewma_chart(NIST_6_3_2_4, weight=0.3, target=50, sigma=2.0539, steady_state=True)
    np.testing.assert_allclose(chart.values, NIST_6_3_2_4_EWMA, atol=6e-3)
    np.testing.assert_allclose(chart.ucl, 52.5884, atol=1e-3)
    np.testing.assert_allclose(chart.lcl, 47.4115, atol=1e-3)
    assert find_violations(chart) == ()


@pytest.mark.parametrize("row", CUSUM_RUN_LENGTHS.strip().splitlines(), ids=lambda row: f"shift{row.split()[0]}")
def test_cusum_run_lengths_of_r_spc(row: str) -> None:
    shift, *expected = (float(cell) for cell in row.split())
    assert [cusum_run_length(shift, decision=h).average for h in (4, 5)] == pytest.approx(expected, rel=1e-6)


def test_ewma_run_lengths_of_r_spc() -> None:
    """R spc xewma.arl(0.1, 2.703, shift, sided="two"): 371.9 and 9.75."""
    assert float(ewma_run_length(weight=0.1, width=2.703)) == pytest.approx(371.9, abs=0.05)
    assert float(ewma_run_length(1, weight=0.1, width=2.703)) == pytest.approx(9.75, abs=5e-3)


def test_ewma_run_lengths_of_lucas_and_saccucci_1990() -> None:
    """Technometrics 32: 1-12, designs with 500 points between false alarms, and their delay for one sigma."""
    for weight, width, delay in ((0.4, 3.054, 14.3), (0.25, 2.998, 11.1), (0.2, 2.962, 10.5), (0.1, 2.814, 10.3)):
        assert float(ewma_run_length(weight=weight, width=width)) == pytest.approx(500, rel=5e-3)
        assert float(ewma_run_length(1, weight=weight, width=width)) == pytest.approx(delay, abs=0.06)


def test_head_start_of_montgomery_section_9_1_5() -> None:
    """Lucas & Crosier 1982, k 0.5, h 5, head start 2.5: 430 between false alarms, 6.35 points for one sigma."""
    assert float(cusum_run_length(head_start=2.5)) == pytest.approx(430, abs=0.5)
    assert float(cusum_run_length(1, head_start=2.5)) == pytest.approx(6.35, abs=5e-3)


def test_siegmund_of_montgomery_section_9_1_3() -> None:
    """k 0.5, h 5: 938.2 for one side in control, 469.1 for both; 10.34 for a shift of one sigma."""
    assert float(cusum_run_length_siegmund(sides="one")) == pytest.approx(938.2, abs=0.1)
    assert float(cusum_run_length_siegmund()) == pytest.approx(469.1, abs=0.1)
    assert float(cusum_run_length_siegmund(1, sides="one")) == pytest.approx(10.34, abs=5e-3)


def test_shewhart_of_montgomery_section_5_3_4() -> None:
    """370 points between false alarms; 44 and 6.3 for shifts of one and two sigma."""
    assert float(shewhart_run_length()) == pytest.approx(370.4, abs=0.05)
    assert [float(shewhart_run_length(shift)) for shift in (1, 2)] == pytest.approx([43.9, 6.30], abs=0.06)
