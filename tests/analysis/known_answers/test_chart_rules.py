"""Run rules against the assertions of R qcc (luca-scr/qcc tests/testthat/test-rules.R); points counted from 1 there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baton_analysis.measures.control_charts import FrozenLimits, individuals_chart
from baton_analysis.signals.chart_rules import NELSON, WESTERN_ELECTRIC, RuleSet, find_violations

STANDARD = FrozenLimits(method="i", centre=0, spread=1, n=100)

NELSON_CASES = {
    "N1": ([0, 3.2, -3.4, 3], [2, 3]),
    "N2": ([0.5] * 10 + [-0.5] * 10, [9, 10, 19, 20]),
    "N3": ([1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1], [6, 7, 13, 14]),
    "N4": ([1, 3, 2, 4, 3, 5, 4, 6, 5, 7, 6, 8, 7, 9, 8], [14, 15]),
    "N5": ([0, 2.3, 0.4, 2.2, -2.4, -0.2, -2.5], [4, 7]),
    "N6": ([1.2, 1.3, 0.2, 1.4, 1.5, -1.2, -1.3, -0.1, -1.4, -1.5], [5, 10]),
    "N7": ([0.3] * 16 + [1.2], [15, 16]),
    "N8": ([1.2, -1.3, 1.1, -1.4, 1.5, -1.2, 1.3, -1.1, 0.2], [8]),
}


def flagged(values: list[float | None], rules: RuleSet, rule: str, phases: tuple[int, ...] = ()) -> list[int]:
    """Points, counted from 1, at which a rule is completed on a chart with centre 0 and sigma 1."""
    chart = individuals_chart(values, baseline=STANDARD, phases=phases)
    return [violation.index + 1 for violation in find_violations(chart, rules) if violation.rule == rule]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("WE1", [8]), ("WE2", [3, 4, 5, 6, 7, 8]), ("WE3", [5, 6, 7, 8]), ("WE4", [8])],
)
def test_western_electric_of_qcc(rule: str, expected: list[int]) -> None:
    assert flagged([2.5] * 7 + [3.2], WESTERN_ELECTRIC, rule) == expected


@pytest.mark.parametrize("rule", NELSON_CASES)
def test_nelson_of_qcc(rule: str) -> None:
    values, expected = NELSON_CASES[rule]
    assert flagged(list(values), NELSON, rule) == expected


def test_rule_8_wants_both_sides_unless_told_otherwise() -> None:
    """qcc asks for both sides; JMP and Minitab do not."""
    one_sided: list[float | None] = [1.2] * 8
    assert flagged(one_sided, NELSON, "N8") == []
    either = RuleSet("either", tuple(replace(rule, both_required=False) for rule in NELSON.rules))
    assert flagged(one_sided, either, "N8") == [8]


def test_the_length_of_a_run_is_a_setting() -> None:
    eight: list[float | None] = [0.5] * 8
    assert flagged(eight, WESTERN_ELECTRIC, "WE4") == [8]
    assert flagged(eight, NELSON, "N2") == []


def test_a_point_keeps_all_rules_that_it_breaks_and_names_the_pattern() -> None:
    chart = individuals_chart([2.5] * 7 + [3.2], baseline=STANDARD)
    last = [violation for violation in find_violations(chart, WESTERN_ELECTRIC) if violation.index == 7]
    assert [violation.rule for violation in last] == ["WE1", "WE2", "WE3", "WE4"]
    assert last[3].points == tuple(range(8))
    assert [violation.render() for violation in last[:2]] == [
        "One point beyond 3 sigma",
        "2 of 3 points beyond 2 sigma on the same side",
    ]


def test_the_pattern_of_two_in_three_leaves_out_the_third() -> None:
    chart = individuals_chart([0, 2.3, 0.4, 2.2], baseline=STANDARD)
    (violation,) = find_violations(chart, WESTERN_ELECTRIC)
    assert violation.points == (1, 3)


def test_runs_end_at_gaps_unless_told_otherwise() -> None:
    values: list[float | None] = [0.5] * 4 + [None] + [0.5] * 4
    assert flagged(values, WESTERN_ELECTRIC, "WE4") == []
    assert flagged(values, replace(WESTERN_ELECTRIC, across_gaps=True), "WE4") == [9]


def test_runs_end_where_a_phase_begins() -> None:
    rising: list[float | None] = [1, 2, 3, 4, 5, 6]
    assert flagged(rising, NELSON, "N3") == [6]
    assert flagged(rising, NELSON, "N3", phases=(3,)) == []


def test_moving_ranges_know_only_their_limits() -> None:
    chart = individuals_chart([0.0, 0.1] * 10 + [9.0])
    assert chart.companion is not None
    assert {violation.rule for violation in find_violations(chart.companion, NELSON)} == {"N1"}
