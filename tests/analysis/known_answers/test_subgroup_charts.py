"""Charts of subgroups, counts and rates against R qcc; each test is named after its data and source."""

from __future__ import annotations

import numpy as np
import pytest

from baton_analysis.measures.control_charts import (
    ControlChart,
    c_chart,
    laney_u_chart,
    np_chart,
    u_chart,
    xbar_r_chart,
    xbar_s_chart,
)
from baton_analysis.signals.chart_rules import WESTERN_ELECTRIC, find_violations
from tests.analysis.known_answers.test_control_charts import ORANGE_JUICE, beyond_limits

# Piston rings (Montgomery, tables 6.3 and 6E.8; pistonrings of R qcc): 74 mm and these thousandths.
PISTON_RINGS_PHASE_1 = """
30 2 19 -8 8/-5 -8 1 11 4/-12 24 21 5 2/2 -4 -7 15 9/-8 7 15 -11 14/9 -6 -3 -15 -7/-5 6 -6 0 5/-15 3 -7 15 -12
8 -5 9 5 4/-2 0 -10 7 -5/-6 -2 -6 -5 -10/4 0 7 0 -4/-17 2 -2 -3 12/6 -33 -6 0 -16/12 14 -2 -1 7/0 -16 5 -2 -4
-6 12 -14 5 7/6 10 18 3 0/-16 2 3 5 -3/0 10 13 20 3/-12 1 9 5 -4/4 -1 -10 6 9/10 -11 -10 9 14/15 8 -7 0 10
-18 -16 -5 17 13
"""
PISTON_RINGS_PHASE_2 = """
12 15 30 -14 0/-5 10 -10 15 1/-13 -1 -15 0 -10/8 10 3 -9 6/3 0 1 -14 -3/-6 3 15 20 4/8 2 18 -5 5/1 4 -10 -4 -2
15 0 16 25 0/30 5 0 16 12/1 -10 -5 10 24/15 20 24 5 19/35 10 12 15 26/17 13 36 25 26/10 5 29 0 20
"""
CIRCUIT_BOARDS = [
    21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15,
]  # fmt: skip
COMPUTERS = [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]


def rings(table: str) -> list[list[float]]:
    groups = table.replace("\n", "/").strip("/").split("/")
    return [[74 + int(cell) / 1000 for cell in group.split()] for group in groups]


def companion(chart: ControlChart) -> ControlChart:
    assert chart.companion is not None
    return chart.companion


def test_piston_rings_of_qcc_with_ranges() -> None:
    """R qcc af35099, xbar and R chart of pistonrings, 25 subgroups of 5 (its vignette: 74.00118, 0.009785039).

    qcc stores d2 rounded to 2.326.
    """
    chart = xbar_r_chart(rings(PISTON_RINGS_PHASE_1))
    assert chart.centre[0] == pytest.approx(74.001176, abs=1e-9)
    assert chart.limits[0].spread == pytest.approx(0.009785038693035, abs=1e-6)
    assert (chart.lcl[0], chart.ucl[0]) == pytest.approx((73.988047992992, 74.014304007008), abs=1e-6)
    assert companion(chart).centre[0] == pytest.approx(0.02276, abs=1e-9)
    assert (companion(chart).lcl[0], companion(chart).ucl[0]) == pytest.approx((0, 0.04812533015477), abs=1e-5)
    assert (chart.n, chart.method, companion(chart).method) == (25, "xbar_r", "r")
    assert find_violations(chart) == find_violations(companion(chart)) == ()


def test_piston_rings_of_qcc_with_standard_deviations() -> None:
    """R qcc af35099, xbar chart with std.dev "UWAVE-SD" and S chart of the same 25 subgroups."""
    chart = xbar_s_chart(rings(PISTON_RINGS_PHASE_1))
    assert chart.limits[0].spread == pytest.approx(0.009829976728289, abs=1e-9)
    assert (chart.lcl[0], chart.ucl[0]) == pytest.approx((73.987987702291, 74.014364297709), abs=1e-9)
    assert companion(chart).centre[0] == pytest.approx(0.009240036602286, abs=1e-9)
    assert (companion(chart).lcl[0], companion(chart).ucl[0]) == pytest.approx((0, 0.01930241676824), abs=1e-9)


def test_new_piston_rings_of_qcc_on_held_limits() -> None:
    """R qcc, pistonrings 26-40 as newdata: 37, 38, 39 beyond the limits; 2 of 3 beyond 2 sigma at 35 and 40 too."""
    both = rings(PISTON_RINGS_PHASE_1) + rings(PISTON_RINGS_PHASE_2)
    held = xbar_r_chart(both[25:], baseline=xbar_r_chart(both[:25]).limits[0])
    for chart, first in ((xbar_r_chart(both, baseline=25), 1), (held, 26)):
        found = find_violations(chart, WESTERN_ELECTRIC)
        beyond = {hit.index + first for hit in found if hit.rule == "WE1"}
        two_of_three = {hit.index + first for hit in found if hit.rule == "WE2"}
        assert beyond == {37, 38, 39}
        assert two_of_three - beyond == {35, 40}


def test_orange_juice_of_qcc_as_counts() -> None:
    """R qcc af35099, np chart of orangejuice, first 30 samples of 50 cans."""
    chart = np_chart(ORANGE_JUICE, [50] * 30)
    assert (chart.centre[0], chart.lcl[0], chart.ucl[0]) == pytest.approx((11.5666667, 2.6213774, 20.5119559), abs=1e-6)
    assert beyond_limits(chart) == [15, 23]
    assert chart.values.tolist() == ORANGE_JUICE


def test_circuit_boards_of_qcc() -> None:
    """R qcc af35099, c chart of circuit, first 26 samples of 100 boards (Montgomery, table 7.7)."""
    chart = c_chart(CIRCUIT_BOARDS)
    assert (chart.centre[0], chart.lcl[0], chart.ucl[0]) == pytest.approx(
        (19.8461538, 6.48144717, 33.2108605), abs=1e-6
    )
    assert beyond_limits(chart) == [6, 20]


def test_computers_of_qcc() -> None:
    """R qcc af35099, u chart of pcmanufact, 20 samples of 5 computers (Montgomery, table 7.10)."""
    chart = u_chart(COMPUTERS, [5] * 20)
    assert (chart.centre[0], chart.lcl[0], chart.ucl[0]) == pytest.approx((1.93, 0.066133052, 3.79386695), abs=1e-7)
    assert beyond_limits(chart) == []


def test_u_prime_of_its_definition() -> None:
    """Laney 2002: Poisson limits times the mean moving range of the standardised rates over 1.128."""
    events, units = [120, 180, 90, 210, 150, 260], [10, 12, 9, 11, 10, 13]
    chart = laney_u_chart(events, units)
    rate = sum(events) / sum(units)
    z = (np.array(events) / units - rate) / np.sqrt(rate / np.array(units))
    sigma_z = np.abs(np.diff(z)).mean() * np.sqrt(np.pi) / 2
    assert chart.limits[0].spread == pytest.approx(sigma_z, rel=1e-12)
    np.testing.assert_allclose(chart.ucl, rate + 3 * sigma_z * np.sqrt(rate / np.array(units)), rtol=1e-12)


def test_no_event_in_the_baseline_of_the_rule_of_three() -> None:
    """Hanley & Lippman-Hand 1983: no event on 100 units excludes more than 3 a 100 units with 95 % confidence."""
    (warning,) = u_chart([0] * 20, [5] * 20).warnings
    assert "No event on 100 units" in warning.render()
    assert "at most 0.03 a unit" in warning.render()
