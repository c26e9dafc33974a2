"""Broken standards: planted ones are found among thousands, false findings stay as few as promised."""

from __future__ import annotations

import json

import numpy as np
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.control_charts.many import ManyCharts
from baton_analysis.measures.run_lengths import cusum_run_length
from baton_analysis.signals.broken_standards import (
    BrokenStandards,
    attainment_below_standard,
    broken_standards,
    newest_points,
)
from baton_analysis.signals.expected_alarms import expected_false_alarms

LINKS = 2000


def day(chance: np.random.Generator, *, broken: int) -> BrokenStandards:
    """2,000 links of which the first ``broken`` wait five sigma too long; link k has k + 1 handoffs."""
    values = chance.normal(0, 1, (LINKS, 2))
    values[:broken, 1] += 5
    charts = ManyCharts.of_limits(values, 0.0, 1.0)
    return broken_standards(newest_points(range(LINKS), charts, np.arange(LINKS) + 1))


def test_recovery_of_planted_standards() -> None:
    chance = np.random.default_rng(1)
    results = [day(chance, broken=40) for _ in range(50)]
    false = [sum(finding.link >= 40 for finding in result.findings) for result in results]  # type: ignore[operator]
    found = [len(result.findings) - wrong for result, wrong in zip(results, false, strict=True)]
    assert np.mean(found) > 0.9 * 40
    shares = np.array(false) / np.maximum([len(result.findings) for result in results], 1)
    assert shares.mean() <= 0.07  # promised are .05
    assert np.mean(false) <= np.mean([result.expected_false for result in results]) + 0.6
    quiet = [day(chance, broken=0) for _ in range(60)]
    assert sum(bool(result.findings) for result in quiet) <= 8  # one in 20 days has a finding, 3 expected


def test_the_order_is_that_of_cost_and_families_are_joined() -> None:
    waits = newest_points(["a", "b"], ManyCharts.of_limits([[9.0], [6.0]], 0, 1), [10, 100], worth=0.5)
    kept = attainment_below_standard(["c", "d", "e"], [20, 99, 0], [100, 100, 0], 0.95, worth=2)
    result = broken_standards(waits, kept)
    assert [(finding.rank, finding.link, finding.cost) for finding in result.findings] == [
        (1, "b", 300), (2, "c", 150), (3, "a", 45),
    ]  # fmt: skip
    assert (result.n, result.untested) == (4, 1)
    table = result.to_table()
    assert table["link"].to_list() == ["b", "c", "a", "d", "e"]
    assert table["found"].sum() == 3
    assert [finding.kind for finding in result.findings] == ["newest_point", "attainment", "newest_point"]


def test_what_is_shown_beside_it() -> None:
    alarms = expected_false_alarms([(500, cusum_run_length()), (0, cusum_run_length(decision=4))])
    quiet = broken_standards(attainment_below_standard(["a"], [9], [10], 0.9), alarms=alarms)
    said = json.loads(json.dumps(quiet.to_dict()))
    assert (said["findings"], said["n"], said["expected_false"]) == ([], 1, 0)
    assert said["alarms"]["n"] == 500
    assert said["alarms"]["flagged"] == pytest.approx(500 / 465.4, abs=0.01)


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: broken_standards(), "there is one at least"),
        (lambda: attainment_below_standard(["a"], [11], [10], 0.9), "differ by -1.0"),
        (lambda: attainment_below_standard(["a"], [9], [10], 95), "standards reach from 95.0"),
        (lambda: attainment_below_standard(["a", "b"], [9], [10], 0.9), "Links: 2, figures: 1"),
        (lambda: newest_points(["a"], ManyCharts.of_limits([[1.0]], 0, 1), [-1]), "the smallest volume is -1.0"),
        (lambda: newest_points(["a"], ManyCharts.of_limits([[1.0]], 0, 1), 1, worse="up"), "It is up"),  # type: ignore[arg-type]
        (lambda: expected_false_alarms([(-1, cusum_run_length())]), "For cusum: -1"),
        (lambda: expected_false_alarms([(1, cusum_run_length(1.0))]), "with shift 0"),
    ],
)
def test_what_cannot_be_tested_is_refused_with_a_remedy(refused: object, words: str) -> None:
    with pytest.raises(MeasureError) as error:
        refused()  # type: ignore[operator]
    assert words in str(error.value)
