"""What holds for every path: delays and times add up, for every reference and for all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.measures.path_times import path_delays, path_times

tables = st.integers(1, 6).flatmap(
    lambda links: st.lists(st.lists(st.floats(-50, 50), min_size=links, max_size=links), min_size=1, max_size=8)
)


@given(tables)
def test_lateness_is_what_was_inherited_and_what_was_added(lateness: list[list[float]]) -> None:
    found = path_delays(lateness)
    before = np.hstack([np.zeros((len(lateness), 1)), found.lateness[:, :-1]])
    for part in (found.own, found.inherited, found.recovered, found.contribution):
        assert (part >= 0).all()
    assert np.allclose(found.own + found.inherited, found.lateness)
    assert np.allclose(found.inherited + found.recovered, before)
    end = found.lateness[:, -1]
    assert np.allclose(found.own.sum(axis=1) - found.recovered.sum(axis=1), end)
    assert np.allclose(found.contribution.sum(axis=1), end)
    assert (found.contribution <= found.own + 1e-9).all()
    assert (found.own[found.lateness == 0] == 0).all()


@given(tables, st.integers(0, 5))
def test_a_link_that_only_passes_on_adds_nothing(lateness: list[list[float]], place: int) -> None:
    place = min(place, len(lateness[0]) - 1)
    passed_on = [[*row[: place + 1], row[place], *row[place + 1 :]] for row in lateness]
    plain, longer = path_delays(lateness), path_delays(passed_on)
    assert (longer.own[:, place + 1] == 0).all()
    assert np.allclose(np.delete(longer.contribution, place + 1, axis=1), plain.contribution)


legs = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=5)


@settings(max_examples=50)
@given(st.lists(legs, min_size=1, max_size=6), st.booleans())
def test_times_of_links_add_up_to_the_lead_time(drawn: list[list[tuple[int, int, int]]], agreed: bool) -> None:
    """Hours until a link begins, that it works, and that are promised."""
    links = min(len(one) for one in drawn)
    rows = []
    for number, one in enumerate(drawn):
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        for link, (wait, work, promised) in enumerate(one[:links]):
            begun = moment + timedelta(hours=wait)
            moment = begun + timedelta(hours=work)
            rows.append((f"R{number}", str(link), begun, moment, begun + timedelta(hours=promised), agreed))
    names = ["reference", "subject", "started_at", "stopped_at", "due_at", "due_agreed"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    found = path_times(nw.from_native(frame.lazy()), [str(link) for link in range(links)])
    assert found.n == len(drawn)
    assert found.links["mean_seconds"].sum() == pytest.approx(found.mean_seconds)
    assert found.links["contribution_seconds"].sum() == pytest.approx(found.lateness_seconds)
    by_leg = found.legs["wait_seconds"] <= found.legs["seconds"] + 1e-6
    assert by_leg.all()
    if not agreed:
        overrun = [
            sum(wait * (place > 0) + work - promised for place, (wait, work, promised) in enumerate(one[:links]))
            for one in drawn
        ]
        late = np.maximum(overrun, 0).mean() * 3600
        assert found.lateness_seconds == pytest.approx(late)
