"""Alarms to be expected and tests of links against published results; each test is named after its source."""

from __future__ import annotations

import numpy as np
import pytest

from baton_analysis.measures.control_charts.many import ManyCharts
from baton_analysis.measures.run_lengths import cusum_run_length
from baton_analysis.signals.broken_standards import attainment_below_standard, newest_points
from baton_analysis.signals.chart_rules import WESTERN_ELECTRIC, RuleSet
from baton_analysis.signals.expected_alarms import alarm_rate, expected_false_alarms


def limits_only() -> RuleSet:
    return RuleSet("limits", tuple(rule for rule in WESTERN_ELECTRIC.rules if rule.kind == "beyond"))


def test_shewhart_1931_three_sigma() -> None:
    """1,000 charts: 2.7 beyond 3 sigma at each point, of an average run of 370."""
    result = expected_false_alarms([(1000, limits_only())])
    assert (result.flagged, alarm_rate(limits_only()).method) == (pytest.approx(2.6998, abs=1e-4), "exact")
    assert result.usual == (0, 6)


def test_champ_woodall_1987_western_electric_rules() -> None:
    """Technometrics 29: 393-399: with all four rules an average run of 91.75 to the first alarm."""
    rate = alarm_rate(WESTERN_ELECTRIC)
    assert 1 / rate.fresh == pytest.approx(91.75, rel=0.08)
    assert rate.flagged > rate.fresh


def test_montgomery_table_9_3_cusum() -> None:
    """k .5, h 5: a false alarm every 465 points."""
    result = expected_false_alarms([(465, cusum_run_length(decision=5))])
    assert result.flagged == pytest.approx(1, abs=0.002)


def test_table_of_the_normal_distribution() -> None:
    charts = ManyCharts.of_limits([[0, 1.959964], [0, -3], [1, np.nan]], 0, 1)
    above = newest_points(["a", "b", "c"], charts, [5, 5, 5])
    assert above.p[:2] == pytest.approx([0.025, 0.99865], abs=1e-5)
    assert np.isnan(above.p[2])
    both = newest_points(["a", "b", "c"], charts, 5, worse="both")
    assert both.p[:2] == pytest.approx([0.05, 0.0027], abs=1e-5)
    assert newest_points(["a", "b", "c"], charts, 5, worse="below").p[1] == pytest.approx(0.00135, abs=1e-5)


def test_r_pbinom_of_the_attainment() -> None:
    """pbinom(88, 100, 0.95) = .00427; pbinom(682, 925, 0.75) = .196."""
    tests = attainment_below_standard(["a", "b"], [88, 682], [100, 925], [0.95, 0.75])
    assert tests.p == pytest.approx([0.004274182466, 0.1960092671], rel=1e-8)
    assert tests.effect == pytest.approx([0.07, 0.75 - 682 / 925])
