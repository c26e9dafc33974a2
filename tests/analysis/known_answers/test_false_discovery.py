"""Control of false discoveries against published results; each test is named after its source."""

from __future__ import annotations

import pytest

from baton_analysis.measures.false_discovery import Procedure, control_false_discoveries

# Benjamini and Hochberg (1995), section 4: p-values of fifteen hypotheses on two treatments after a heart attack.
HEART_ATTACK = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1.0,
]  # fmt: skip

# R p.adjust of the same.
ADJUSTED: dict[Procedure, list[float]] = {
    "benjamini_hochberg": [
        0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714285714, 0.06385714285714, 0.0645, 0.0765, 0.486,
        0.5811818181818, 0.714875, 0.7532307692308, 0.8132142857143, 1,
    ],
    "benjamini_yekutieli": [
        0.004977343489843, 0.009954686979687, 0.03152317543568, 0.1182119078838, 0.2000892082917, 0.2118926228533,
        0.2118926228533, 0.2140257700633, 0.253844517982, 1, 1, 1, 1, 1, 1,
    ],
    "holm": [0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1, 1, 1, 1, 1, 1],
    "bonferroni": [0.0015, 0.006, 0.0285, 0.1425, 0.3015, 0.417, 0.447, 0.516, 0.6885, 1, 1, 1, 1, 1, 1],
}  # fmt: skip
FINDINGS: dict[Procedure, int] = {"benjamini_hochberg": 4, "benjamini_yekutieli": 3, "holm": 3, "bonferroni": 3}


@pytest.mark.parametrize("method", list(ADJUSTED))
def test_benjamini_hochberg_1995_heart_attack(method: Procedure) -> None:
    result = control_false_discoveries(HEART_ATTACK, method=method)
    assert result.adjusted.tolist() == pytest.approx(ADJUSTED[method], abs=1e-7)
    assert (result.findings, result.n) == (FINDINGS[method], 15)
    assert result.found.tolist() == [True] * FINDINGS[method] + [False] * (15 - FINDINGS[method])
