"""What holds for every funnel: sides are treated alike, and the league is a matter of evidence and not of luck."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.measures.funnel import funnel_plot

units = st.lists(
    st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=25
)


@settings(max_examples=40)
@given(units)
def test_a_share_and_the_share_of_the_others_are_mirrored(drawn: list[tuple[int, int]]) -> None:
    counts, sizes = (np.array(part) for part in zip(*drawn, strict=True))
    names = range(len(drawn))
    kept = funnel_plot(names, counts, sizes, worse="below").frame.sort("link")
    missed = funnel_plot(names, sizes - counts, sizes, worse="above").frame.sort("link")
    for one, other in (("warning_low", "warning_high"), ("alarm_low", "alarm_high"), ("shrunken", "shrunken")):
        assert np.allclose(kept[one], 1 - missed[other], atol=1e-9)
    assert kept["verdict"].to_list() == missed["verdict"].to_list()
    assert kept["place_from"].to_list() == missed["place_from"].to_list()


@settings(max_examples=40)
@given(units)
def test_limits_enclose_each_other_and_places_hold_the_order(drawn: list[tuple[int, int]]) -> None:
    counts, sizes = zip(*drawn, strict=True)
    found = funnel_plot(range(len(drawn)), counts, sizes).frame
    target = sum(counts) / sum(sizes)
    for low, high in (("alarm_low", "warning_low"), ("warning_high", "alarm_high")):
        assert (found[low] <= found[high] + 1e-12).all()
    assert (found["warning_low"] <= target + 1e-12).all()
    assert (found["warning_high"] >= target - 1e-12).all()
    place = np.arange(1, len(drawn) + 1)
    assert (found["place_from"].to_numpy() <= place).all()
    assert (found["place_to"].to_numpy() >= place).all()
    # Drawn to the mean, and never beyond it.
    assert (found["shrunken"].to_numpy().max() <= found["value"].to_numpy().max() + 1e-12).all()
    assert (found["shrunken"].to_numpy().min() >= found["value"].to_numpy().min() - 1e-12).all()
