"""Acceptance sampling and switching: what holds for every plan and every series of lots, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.sampling import (
    AQLS,
    LEVELS,
    SamplingPlan,
    Severity,
    Stage,
    double_plan,
    operating_characteristic,
    plan_between,
    single_plan,
    zero_acceptance_plan,
)
from baton_analysis.signals.inspection_switching import (
    ISO_2859_1,
    Decision,
    InspectionState,
    LotResult,
    SkipLot,
    follow,
    step,
)

sizes = st.integers(2, 600_000)
severities: st.SearchStrategy[Severity] = st.sampled_from(["normal", "tightened", "reduced"])


@settings(max_examples=60, deadline=None)
@given(sizes, st.sampled_from(AQLS), st.sampled_from(LEVELS), severities)
def test_every_cell_has_plans_that_accept_less_the_worse_the_lot(
    size: int, aql: float, level: str, severity: Severity
) -> None:
    for find in (single_plan, double_plan):
        plan = find(size, aql, level=level, severity=severity)
        curve = operating_characteristic(plan, np.linspace(0, 2, 9).tolist(), distribution="poisson")
        assert curve.acceptance[0] == pytest.approx(1)
        assert curve.to_table()["acceptance"].to_list() == list(curve.acceptance)
        assert (np.diff(curve.acceptance) <= 1e-9).all()
        assert json.loads(json.dumps(plan.to_dict()))["n"] == plan.n
        assert plan.inspected <= size


@settings(max_examples=40, deadline=None)
@given(sizes, st.sampled_from(AQLS), st.sampled_from(LEVELS))
def test_tightened_accepts_no_more_than_normal_inspection(size: int, aql: float, level: str) -> None:
    tightened, normal = (
        operating_characteristic(
            single_plan(size, aql, level=level, severity=severity), [aql / 100], distribution="poisson"
        ).acceptance[0]
        for severity in ("tightened", "normal")
    )
    assert tightened <= normal + 1e-9


@settings(max_examples=40, deadline=None)
@given(st.integers(10, 400), st.floats(0.02, 0.5), st.sampled_from([0.05, 0.1]))
def test_a_zero_acceptance_plan_is_the_smallest_that_keeps_its_promise(lot: int, quality: float, risk: float) -> None:
    plan = zero_acceptance_plan(quality, risk=risk, lot_size=lot)
    bad = int(np.ceil(quality * lot - 1e-9))
    passes = [
        operating_characteristic(
            SamplingPlan((Stage(n, 0, 1),), method="single"), [bad], distribution="hypergeometric", lot_size=lot
        ).acceptance[0]
        for n in (plan.n, plan.n - 1)
        if n
    ]
    assert passes[0] <= risk + 1e-9
    assert len(passes) == 1 or passes[1] > risk - 1e-9


def test_recovery_lots_are_accepted_as_often_as_the_curve_says() -> None:
    """40,000 simulated lots judged by a double plan; the share accepted is within four standard errors."""
    plan, chance = double_plan(5000, 1.5), np.random.default_rng(7)
    first, second = chance.binomial(125, 0.03, 40_000), chance.binomial(125, 0.03, 40_000)
    judged = [plan.judge([a]) for a in first.tolist()]
    judged = [
        plan.judge([a, b]) if said == "sample_again" else said
        for a, b, said in zip(first.tolist(), second.tolist(), judged, strict=True)
    ]
    expected = operating_characteristic(plan, [0.03]).acceptance[0]
    assert judged.count("accepted") / 40_000 == pytest.approx(
        expected, abs=4 * (expected * (1 - expected) / 4e4) ** 0.5
    )


def test_recovery_skip_lot_draws_the_agreed_fraction() -> None:
    skip = SkipLot(fraction=0.25)
    drawn = [skip.draws(label, "seed") for label in range(20_000)]
    assert sum(drawn) / 20_000 == pytest.approx(0.25, abs=0.013)
    assert drawn == [skip.draws(label, "seed") for label in range(20_000)]
    assert drawn != [skip.draws(label, "another") for label in range(20_000)]


def test_skip_lot_begins_with_approval_and_ends_with_a_lot_that_is_not_accepted() -> None:
    rules = replace(ISO_2859_1, skip=SkipLot(lots=3))
    accepted = [LotResult(label, "accepted") for label in "abc"]
    passed = LotResult("d", "not_inspected")
    begun = follow([*accepted, Decision("approve_skip_lot", by="authority"), passed], rules)
    assert (begun.state.severity, begun.switches[0].lots, begun.n) == ("skip_lot", ("a", "b", "c"), 3)
    ended = follow([LotResult("e", "not_accepted")], rules, start=begun.state)
    assert (ended.state.severity, ended.switches[0].rule) == ("normal", "not_accepted")
    assert json.loads(json.dumps(begun.to_dict()))["severity"] == "skip_lot"
    assert begun.to_table().rows() == [(3, "normal", "skip_lot", "skip_lot", "a, b, c", "authority")]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), max_size=60))
def test_every_switch_rests_on_lots_that_came_before_it(outcomes: list[bool]) -> None:
    state, before = InspectionState(), "normal"
    for index, good in enumerate(outcomes):
        if state.severity == "discontinued":
            break
        state, switch = step(state, LotResult(index, "accepted" if good else "not_accepted"), ISO_2859_1, index=index)
        if switch is not None:
            assert switch.before == before
            assert switch.lots
            assert all(lot <= index and outcomes[lot] is (switch.rule == "relax") for lot in switch.lots)
        before = state.severity
    assert state.severity in {"normal", "tightened", "discontinued"}  # nobody approved anything else


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: single_plan(1, 1.0), "lots of 2 items"),
        (lambda: single_plan(100, 1.2), "The AQL is one of 0.01,"),
        (lambda: single_plan(100, 1.0, level="IV"), "S-1, S-2, S-3, S-4, I, II, III. It is IV."),
        (lambda: single_plan(100, 1.0).judge([14]), "between 0 and 13. The count is 14."),
        (lambda: double_plan(5000, 1.5).judge([]), "2 samples"),
        (lambda: SamplingPlan((Stage(5, 2, 2),), method="single"), "rejection number above its acceptance number"),
        (lambda: plan_between(0.1, 0.05), "Write shares, not percentages"),
        (lambda: plan_between(0.05, 0.0501), "There is none."),
        (lambda: zero_acceptance_plan(5), "5 % is 0.05"),
        (lambda: operating_characteristic(single_plan(100, 1.0), [1.5]), "1.5 % is 0.015"),
        (
            lambda: operating_characteristic(plan_between(0.01, 0.1), [1], distribution="hypergeometric"),
            "Give the size of the lot",
        ),
        (lambda: follow([LotResult("L1", "not_inspected")]), "Lot L1 was not inspected"),
        (lambda: follow([LotResult("L1", "accepted")], start=InspectionState("discontinued")), "Lot L1 was judged"),
        (lambda: follow([Decision("resume", by="x")]), "Inspection is normal, the decision is resume"),
        (lambda: follow([Decision("approve_skip_lot", by="x")]), "Agree on skip-lot first"),
        (
            lambda: follow([Decision("approve_reduced", by="x")], replace(ISO_2859_1, protected=True)),
            "never reduced or skipped",
        ),
        (lambda: SkipLot(fraction=0), "1 in 4"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_remedy(refused: object, words: str) -> None:
    with pytest.raises(MeasureError) as error:
        refused()  # type: ignore[operator]
    assert words in str(error.value)
    assert "{" not in str(error.value)
