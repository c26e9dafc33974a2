"""Leading indicators: planted ones are found at their lag, series that only drift or remember are not."""

from __future__ import annotations

import json

import numpy as np
import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.signals.leading_indicators import FEWEST_WEEKS, leading_indicators

WEEKS = 104


def remembering(chance: np.random.Generator, rows: int, strength: float) -> np.ndarray[tuple[int, int], np.dtype]:  # type: ignore[type-arg]
    """Series of autocorrelation ``strength``."""
    noise = chance.normal(0, 1, (rows, WEEKS + 60))
    for week in range(1, noise.shape[1]):
        noise[:, week] += strength * noise[:, week - 1]
    return noise[:, 60:]


def test_series_that_only_remember_or_drift_announce_nothing() -> None:
    chance = np.random.default_rng(1)
    up, down = remembering(chance, 300, 0.8), remembering(chance, 300, 0.8) + 0.05 * np.arange(WEEKS)
    up += 0.05 * np.arange(WEEKS)
    pairs = [(number, f"d{number}") for number in range(300)]
    result = leading_indicators(dict(enumerate(up)), {f"d{n}": row for n, row in enumerate(down)}, pairs=pairs)
    p = result.to_table()["p"].to_numpy()
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.02)
    assert len(result.findings) <= 1
    plain = [abs(float(np.corrcoef(one[:-1], other[1:])[0, 1])) > 0.19 for one, other in zip(up, down, strict=True)]
    assert np.mean(plain) > 0.5  # what an ordinary test at .05 would find


def test_recovery_of_planted_lags() -> None:
    """30 pairs of which 10 are related, at lags 1 to 4, with slope 2 and as much noise again."""
    chance = np.random.default_rng(2)
    up, down = remembering(chance, 30, 0.5), remembering(chance, 30, 0.5)
    for row in range(10):
        lag = row % 4 + 1
        down[row, lag:] += 2 * up[row, :-lag]
    pairs = [(number, f"d{number}") for number in range(30)]
    result = leading_indicators(dict(enumerate(up)), {f"d{n}": row for n, row in enumerate(down)}, pairs=pairs)
    strongest = {finding.upstream: finding for finding in reversed(result.findings)}
    for row in range(10):
        assert strongest[row].lag == row % 4 + 1
        assert strongest[row].slope == pytest.approx(2, abs=0.6)
        assert strongest[row].interval[0] < strongest[row].correlation < strongest[row].interval[1]
    assert len(set(strongest) - set(range(10))) <= 1
    assert "need not be the cause" in result.warnings[-1].render()
    said = json.loads(json.dumps(result.to_dict()))
    assert (said["n"], said["findings"][0]["p"]) == (120, result.findings[0].p)


def test_the_unit_and_a_trend_change_nothing_and_gaps_only_the_number() -> None:
    chance = np.random.default_rng(3)
    up, down = chance.normal(0, 1, WEEKS), chance.normal(0, 1, WEEKS)
    down[2:] += up[:-2]
    one = leading_indicators({"u": up}, {"d": down}).findings[0]
    other = leading_indicators({"u": 5 + 10 * up + 0.3 * np.arange(WEEKS)}, {"d": 100 * down}).findings[0]
    assert (other.lag, other.p, other.slope) == (2, pytest.approx(one.p, rel=1e-6), pytest.approx(10 * one.slope))
    gappy = [None if week in {20, 21, 70} else value for week, value in enumerate(up)]
    with_gaps = leading_indicators({"u": gappy}, {"d": down}).findings[0]
    assert with_gaps.lag == 2
    assert with_gaps.n < one.n


def test_pairs_with_too_few_weeks_are_not_tested() -> None:
    chance = np.random.default_rng(4)
    short = [None] * 80 + chance.normal(0, 1, 24).tolist()
    up = {"long": chance.normal(0, 1, WEEKS).tolist(), "short": short, "same": [1.0] * WEEKS}
    result = leading_indicators(up, {"d": chance.normal(0, 1, WEEKS).tolist()})
    assert (result.n, result.untested) == (4, 8)
    assert "not tested for want of weeks: 8" in result.warnings[0].render()


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: leading_indicators({"a": [1.0] * 9}, {"b": [1.0] * 8}), "Their lengths are 8, 9"),
        (lambda: leading_indicators({"a": [1.0] * 9}, {"b": [1.0] * 9}, most_lag=9), "the largest lag is 9"),
        (lambda: leading_indicators({"a": [1.0] * 9}, {"a": [1.0] * 9}), "Pairs: 0"),
        (lambda: leading_indicators({"a": [1.0]}, {"b": [1.0]}, pairs=[("a", "c")]), "without a series: a > c"),
        (lambda: leading_indicators({"a": [1, 2] * 12}, {"b": [2, 1, 3] * 8}), f"known in {FEWEST_WEEKS} weeks"),
    ],
)
def test_what_cannot_be_told_is_refused_with_a_remedy(refused: object, words: str) -> None:
    with pytest.raises(MeasureError) as error:
        refused()  # type: ignore[operator]
    assert words in str(error.value)
