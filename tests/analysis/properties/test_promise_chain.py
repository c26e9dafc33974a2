"""What holds for every chain of promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.facts.handoffs import Target
from baton_analysis.measures.promise_chain import ChainStep, FinalPromise, promise_chain, supported

shares = st.lists(st.floats(0.01, 1), min_size=1, max_size=6)


@given(shares)
def test_independence_lies_between_the_bounds(given_shares: list[float]) -> None:
    found = supported(given_shares, None)
    assert found.lower <= found.independent + 1e-12
    assert found.independent <= found.upper + 1e-12


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 100), min_size=2, max_size=5))
def test_no_way_in_which_failures_meet_leaves_the_bounds(kept: list[int]) -> None:
    """Of 100 cases each step keeps so many, drawn anew: what all keep lies between the bounds. Both are reached."""
    found = supported([count / 100 for count in kept], None)
    rng = np.random.default_rng(sum(kept))
    drawn = np.array([rng.permutation(100) < count for count in kept]).all(axis=0).mean()
    assert found.lower - 1e-9 <= drawn <= found.upper + 1e-9
    same = np.array([np.arange(100) < count for count in kept]).all(axis=0).mean()
    assert same == pytest.approx(found.upper)
    missed, begin = np.zeros(100, dtype=bool), 0
    for count in kept:
        missed[(begin + np.arange(100 - count)) % 100] = True
        begin += 100 - count
    assert (~missed).mean() == pytest.approx(found.lower)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.integers(2, 9))
def test_hours_or_seconds_say_the_same(times: list[int], factor: int) -> None:
    def chain(unit: int) -> list[float | None]:
        steps = [ChainStep(str(place), Target(seconds=time * unit)) for place, time in enumerate(times)]
        found = promise_chain(steps, FinalPromise(Target(seconds=100.0 * unit)))
        assert found.seconds == sum(times) * unit
        return [step.share for step in found.steps]

    assert chain(1) == pytest.approx(chain(factor))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), min_size=1, max_size=7))
def test_side_by_side_takes_no_longer_than_in_a_row(parts: list[tuple[int, int]]) -> None:
    """Each step waits for one of the three before it, or for none; the time is that of the longest way through."""
    steps: list[ChainStep] = []
    ends: dict[int, int] = {}
    for place, (time, back) in enumerate(parts):
        before = place - back if 0 < back <= place else None
        ends[place] = time + (0 if before is None else ends[before])
        after = () if before is None else (str(before),)
        steps.append(ChainStep(str(place), Target(seconds=float(time)), after=after))
    found = promise_chain(steps[::-1], FinalPromise(Target(seconds=1.0)))
    assert found.seconds == max(ends.values())
    assert max(ends.values()) <= sum(time for time, _ in parts)
    assert any(step.critical for step in found.steps)
