"""Switching rules as published: ISO 2859-1 clause 9 and MIL-STD-105E 4.7."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baton_analysis.measures.sampling import double_plan, single_plan
from baton_analysis.signals.inspection_switching import (
    ISO_2859_1,
    MIL_STD_105E,
    Decision,
    InspectionState,
    LotResult,
    follow,
    score_of,
)


def lots(outcomes: str, *, score: int | None = None, nonconforming: int | None = 0) -> list[LotResult]:
    """A accepted, R not accepted, G in the gap, - not inspected; labels count from 1."""
    words = {"A": "accepted", "R": "not_accepted", "G": "accepted_in_gap", "-": "not_inspected"}
    return [
        LotResult(number, words[outcome], score=score, nonconforming=nonconforming)  # type: ignore[arg-type]
        for number, outcome in enumerate(outcomes, start=1)
    ]


def test_sqconline_chart_of_iso_2859_1_normal_to_tightened_to_normal() -> None:
    """Two of five or fewer lots not accepted tighten; five accepted in a row relax (sqconline.com, aqlrule.com)."""
    history = follow(lots("AARARAAAAA"))
    assert [state.severity for state in history.states] == ["normal"] * 4 + ["tightened"] * 5 + ["normal"]
    assert [(switch.rule, switch.lots) for switch in history.switches] == [
        ("tighten", (3, 5)),
        ("relax", (6, 7, 8, 9, 10)),
    ]
    assert history.switches[0].render() == "2 of 5 or fewer consecutive lots not accepted"


def test_sqconline_chart_five_lots_not_accepted_on_tightened_discontinue() -> None:
    history = follow([*lots("RR" + "RAARARAAR")])
    assert history.state.severity == "tightened"
    stopped = follow(lots("RR" + "RAARARAARR"))
    assert stopped.state.severity == "discontinued"
    assert stopped.switches[-1].lots == (3, 6, 8, 11, 12)
    resumed = follow([Decision("resume", by="quality", reason="new tool")], start=stopped.state)
    assert (resumed.state.severity, resumed.state.refused) == ("tightened", ())
    assert (resumed.switches[0].by, resumed.switches[0].reason) == ("quality", "new tool")


def test_iso_2859_1_a_score_of_30_reduces_once_it_is_approved() -> None:
    fifteen = follow(lots("A" * 15, score=2))
    assert (fifteen.state.severity, fifteen.state.score) == ("normal", 30)
    approved = follow([Decision("approve_reduced", by="authority")], start=fifteen.state)
    assert approved.state.severity == "reduced"
    assert (approved.switches[0].rule, approved.switches[0].by) == ("score", "authority")
    assert approved.switches[0].lots == tuple(range(1, 16))
    assert follow(lots("AR"), start=approved.state).switches[0].rule == "not_accepted"


def test_iso_2859_1_9_3_3_score_of_a_lot() -> None:
    """Ac 2 or more: 3 if the lot passes one AQL tighter too; Ac 0 or 1: 2; double: 3 on the first sample; else 0."""
    ac_2 = single_plan(1000, 1.0)
    assert [score_of(ac_2, [found]) for found in (0, 1, 2, 3)] == [3, 3, 0, 0]
    ac_1 = single_plan(1000, 0.65)
    assert [score_of(ac_1, [found]) for found in (0, 1, 2)] == [2, 2, 0]
    both = double_plan(5000, 1.5)
    assert [score_of(both, found) for found in ([3], [4, 2], [7])] == [3, 0, 0]


def test_iso_2859_1_a_lot_that_adds_nothing_resets_the_score() -> None:
    history = follow([*lots("A" * 9, score=3), *lots("A", score=0), *lots("A", score=3)])
    assert [state.score for state in history.states][-3:] == [27, 0, 3]


def test_mil_std_105e_ten_lots_and_the_limit_number_reduce() -> None:
    approval = Decision("approve_reduced", by="authority")
    rules = replace(MIL_STD_105E, limit_number=4)
    history = follow([approval, *lots("A" * 10)], rules)
    assert history.switches[0].rule == "accepted_lots"
    assert history.switches[0].lots == tuple(range(1, 11))
    assert follow([approval, *lots("A" * 10, nonconforming=1)], rules).switches == ()
    without = follow([approval, *lots("A" * 12)], MIL_STD_105E)
    assert without.switches == ()
    assert without.warnings[0].render() == "No limit number (table VIII) was given: inspection is not reduced."


def test_mil_std_105e_a_lot_in_the_gap_is_accepted_and_ends_reduced_inspection() -> None:
    plan = single_plan(1000, 1.0, severity="reduced")
    assert [plan.judge([found]) for found in (1, 2, 3)] == ["accepted", "accepted_in_gap", "not_accepted"]
    history = follow(lots("AAG"), MIL_STD_105E, start=InspectionState("reduced"))
    assert [(switch.rule, switch.after, switch.lots) for switch in history.switches] == [("gap", "normal", (3,))]


@pytest.mark.parametrize("rules", [ISO_2859_1, MIL_STD_105E])
def test_lots_that_are_submitted_again_count_nowhere(rules: object) -> None:
    again = [replace(lot, resubmitted=True) for lot in lots("RRRR")]
    history = follow([*lots("AR"), *again], ISO_2859_1 if rules is ISO_2859_1 else MIL_STD_105E)
    assert (history.state.severity, history.n) == ("normal", 2)
