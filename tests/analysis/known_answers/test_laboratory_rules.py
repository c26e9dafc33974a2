"""Westgard's rules: each in the situations of Westgard et al. 1981 (Clinical Chemistry 27: 493-501) and of his lessons.

Results are given in standard deviations from the mean, as on a Levey-Jennings chart.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.control_charts import levey_jennings_chart
from baton_analysis.signals.laboratory_rules import (
    WESTGARD,
    WESTGARD_THREE_LEVELS,
    WESTGARD_WITH_TREND,
    LaboratoryRuleSet,
    RunVerdicts,
    judge_runs,
)

Results = list[float | None]


def verdicts(*levels: Results, rules: LaboratoryRuleSet = WESTGARD, new_lots: tuple[int, ...] = ()) -> RunVerdicts:
    """Level by level, of materials with mean 100, 200 ... and SD 2, 4 ...; a new lot is of the first level."""
    charts = [
        levey_jennings_chart(
            [None if z is None else mean + sd * z for z in results],
            mean=mean,
            sd=sd,
            phases=new_lots if mean == 100 else (),
        )
        for results, mean, sd in zip(levels, (100, 200, 300), (2, 4, 6), strict=False)
    ]
    return judge_runs(charts, rules)


def said(found: RunVerdicts) -> list[tuple[str, int, str]]:
    return [(one.rule, one.run, one.scope) for one in found.violations]


SITUATIONS: dict[str, tuple[Results, Results, list[tuple[str, int, str]]]] = {
    "a single result beyond 2 s warns": ([0.3, 2.3], [-0.2, 0.4], [("1_2s", 1, "within")]),
    "exactly 2 s is not beyond": ([2.0], [-2.0], []),
    "1_3s": ([3.2], [0.5], [("1_2s", 0, "within"), ("1_3s", 0, "within")]),
    "2_2s within a level": (
        [2.1, 2.4],
        [0.1, -0.3],
        [("1_2s", 0, "within"), ("1_2s", 1, "within"), ("2_2s", 1, "within")],
    ),
    "2_2s across levels": ([2.1], [2.6], [("1_2s", 0, "within"), ("1_2s", 0, "within"), ("2_2s", 0, "across")]),
    "2_2s not between the last of one run and the first of the next": (
        [0.1, 2.2],
        [2.1, 0.3],
        [("1_2s", 0, "within"), ("1_2s", 1, "within")],
    ),
    "R_4s": ([2.2], [-2.1], [("1_2s", 0, "within"), ("1_2s", 0, "within"), ("R_4s", 0, "run")]),
    "R_4s not between runs": ([2.2, -2.1], [0.1, 0.2], [("1_2s", 0, "within"), ("1_2s", 1, "within")]),
    "4_1s within a level": ([1.2, 1.1, 1.4, 1.3], [0.2, -0.3, 0.2, -0.4], [("4_1s", 3, "within")]),
    "4_1s across levels": ([0.2, -1.2, -1.4], [0.4, -1.1, -1.3], [("4_1s", 2, "across")]),
    "10_x within a level": ([0.3] * 10, [0.2, -0.2] * 5, [("10_x", 9, "within")]),
    "10_x across levels": ([0.4] * 5, [0.2] * 5, [("10_x", 4, "across")]),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_situations_of_westgard_1981(situation: str) -> None:
    first, second, expected = SITUATIONS[situation]
    assert said(verdicts(first, second)) == expected


def test_westgard_rejects_and_warns() -> None:
    found = verdicts([0.3, 2.3, 3.1, 0.0], [0.1, 0.2, 0.3, -2.1])
    assert (found.rejected, found.warned) == ((2,), (1, 3))
    assert (found.n, found.runs, found.levels, found.method) == (8, 4, 2, "westgard")
    two_in_a_row = next(one for one in found.violations if one.rule == "2_2s")
    assert two_in_a_row.points == ((1, 0), (2, 0))
    assert two_in_a_row.render() == "2 of 2 controls in a row beyond 2 s on the same side"
    assert json.loads(json.dumps(found.to_dict()))["rejected"] == [2]


def test_r_4s_of_qcnet_by_the_difference() -> None:
    """Bio-Rad QCNet: +2.8 s and -1.3 s are 4.1 s apart; it rejects where the difference counts."""
    by_difference = replace(WESTGARD, difference=True)
    assert ("R_4s", 0, "run") in said(verdicts([2.8], [-1.3], rules=by_difference))
    assert ("R_4s", 0, "run") not in said(verdicts([2.8], [-1.3]))


def test_three_levels_of_westgard() -> None:
    """2of3_2s across the run whichever level is the third; 3_1s across it; 12_x over four runs."""
    two_of_three = verdicts([2.1], [2.2], [0.1], rules=WESTGARD_THREE_LEVELS)
    assert ("2of3_2s", 0, "across") in said(two_of_three)
    assert two_of_three.violations[-1].points == ((0, 0), (0, 1))
    assert said(verdicts([1.1], [1.2], [1.3], rules=WESTGARD_THREE_LEVELS)) == [("3_1s", 0, "across")]
    assert said(verdicts([0.1] * 4, [0.2] * 4, [0.3] * 4, rules=WESTGARD_THREE_LEVELS)) == [("12_x", 3, "across")]


def test_as_done_by_hand_the_warning_opens_the_other_rules() -> None:
    by_hand = replace(WESTGARD, gated=True)
    shifted = verdicts([1.2, 1.1, 1.4, 1.3], [0.2, -0.3, 0.2, -0.4], rules=by_hand)
    assert said(shifted) == []
    assert said(verdicts([2.2], [-2.1], rules=by_hand))[-1] == ("R_4s", 0, "run")


def test_a_level_that_was_not_measured_is_passed_over_and_a_new_lot_begins_anew() -> None:
    alternating: tuple[Results, Results] = ([2.1, None, 2.2, None], [None, 0.1, None, 0.2])
    assert ("2_2s", 2, "within") in said(verdicts(*alternating))
    shifted: tuple[Results, Results] = ([1.2] * 4, [0.1, -0.1] * 2)
    assert said(verdicts(*shifted)) == [("4_1s", 3, "within")]
    assert said(verdicts(*shifted, new_lots=(2,))) == []
    both: tuple[Results, Results] = ([0.4] * 5, [0.2] * 5)
    assert said(verdicts(*both, new_lots=(3,))) == []


def test_a_trend_of_seven_is_an_option() -> None:
    rising: Results = [-0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9]
    assert said(verdicts(rising, rules=WESTGARD_WITH_TREND)) == [("7_t", 6, "within")]
    assert said(verdicts(rising)) == []


def test_one_material_alone_says_what_cannot_be_asked() -> None:
    assert "With one control material" in verdicts([0.1]).warnings[0].render()
    assert verdicts([0.1], [0.2]).warnings == ()


def test_false_rejection_by_chance_alone() -> None:
    """1_3s/2_2s/R_4s with two controls: 2 x .0027 + 2 x .00104 within + .00104 across + .00104 apart = about .009."""
    chance = np.random.default_rng(31)
    rules = replace(WESTGARD, rules=tuple(one for one in WESTGARD.rules if one.rule.id in {"1_3s", "2_2s", "R_4s"}))
    runs = 4000
    found = verdicts(list(chance.normal(size=runs)), list(chance.normal(size=runs)), rules=rules)
    assert len(found.rejected) / runs == pytest.approx(0.0089, abs=0.004)


@pytest.mark.parametrize(
    ("lengths", "says"), [((), "There are 0 charts"), ((2, 3), "There are 2 charts, with 2, 3 runs")]
)
def test_refused(lengths: tuple[int, ...], says: str) -> None:
    with pytest.raises(MeasureError) as refusal:
        judge_runs([levey_jennings_chart([0.0] * length, mean=0, sd=1) for length in lengths])
    assert says in str(refusal.value)
    assert refusal.value.remedy


def test_a_trend_across_materials_is_refused() -> None:
    trend = next(one for one in WESTGARD_WITH_TREND.rules if one.rule.id == "7_t")
    with pytest.raises(MeasureError, match="The rule 7_t asks for something else"):
        replace(trend, scopes=("across",))
