"""Control of false discoveries: what holds for all p-values, and that the promised rate is held."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.errors import MeasureError
from baton_analysis.measures.false_discovery import Procedure, control_false_discoveries

METHODS: list[Procedure] = ["benjamini_hochberg", "benjamini_yekutieli", "holm", "bonferroni"]


@settings(max_examples=60)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.sampled_from(METHODS))
def test_adjusted_values_keep_the_order_and_are_never_below_p(p: list[float], method: Procedure) -> None:
    result = control_false_discoveries(p, method=method)
    order = np.argsort(p, kind="stable")
    assert (np.diff(result.adjusted[order]) >= -1e-12).all()
    assert (result.adjusted >= np.array(p) - 1e-12).all()
    assert (result.adjusted <= control_false_discoveries(p, method="bonferroni").adjusted + 1e-12).all() or (
        method == "benjamini_yekutieli"
    )
    assert json.loads(json.dumps(result.to_dict()))["n"] == len(p)
    assert result.to_table()["found"].sum() == result.findings


@pytest.mark.parametrize("method", METHODS)
def test_rows_are_families_of_their_own_and_missing_tests_do_not_count(method: Procedure) -> None:
    table = np.random.default_rng(1).uniform(0, 0.3, (50, 20))
    table[::3, 4:9] = np.nan
    together = control_false_discoveries(table, method=method)
    for row, adjusted in zip(table, together.adjusted, strict=True):
        there = ~np.isnan(row)
        assert adjusted[there] == pytest.approx(control_false_discoveries(row[there], method=method).adjusted)
        assert np.isnan(adjusted[~there]).all()
    assert together.n == np.count_nonzero(~np.isnan(table))


def test_recovery_of_the_promised_rates() -> None:
    """200 tests, 20 of them true with a shift of 3.5, 500 times over."""
    from scipy.special import ndtr

    z = np.random.default_rng(2).normal(0, 1, (500, 200))
    z[:, :20] += 3.5
    for method, bound in (("benjamini_hochberg", 0.05 * 0.9), ("holm", None)):
        found = control_false_discoveries(ndtr(-z), method=method).found  # type: ignore[arg-type]
        false = found[:, 20:].sum(axis=1)
        if bound is None:
            assert (false > 0).mean() <= 0.08  # at most .05, with what 500 rounds may add
        else:
            assert (false / np.maximum(found.sum(axis=1), 1)).mean() == pytest.approx(bound, abs=0.01)
            assert found[:, :20].mean() > 0.7


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: control_false_discoveries([]), "there is one at least"),
        (lambda: control_false_discoveries([0.1, 1.2]), "they reach from 0.1 to 1.2"),
        (lambda: control_false_discoveries([0.1], level=5), "Level: 5"),
        (lambda: control_false_discoveries([0.1], method="none"), "method: none"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_adjusted_is_refused_with_a_remedy(refused: object, words: str) -> None:
    with pytest.raises(MeasureError) as error:
        refused()  # type: ignore[operator]
    assert words in str(error.value)
