"""Whatever is handed over, claimed and ruled, all points together are zero; escapes of checks multiply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from baton_analysis.measures.escape_rates import Check, escape_rates
from baton_analysis.measures.settlement import Claim, PricedHandoff, settle

NOW = datetime(2026, 3, 9, tzinfo=UTC)
parties = st.tuples(st.sampled_from("ABCD"), st.sampled_from("ABCD")).filter(lambda pair: pair[0] != pair[1])
points = st.decimals(0, 10_000, allow_nan=False, allow_infinity=False, places=4)
shares = st.decimals(0, 1, allow_nan=False, allow_infinity=False, places=5)
claims = st.none() | st.builds(
    Claim, shares, st.just(NOW - timedelta(days=9)), st.sampled_from(["open", "accepted", "refused", "withdrawn"])
)


@given(
    st.lists(st.tuples(parties, points, points, claims, st.none() | shares, st.booleans()), max_size=15),
    st.integers(0, 6),
)
def test_all_balances_are_zero_in_sum(
    drawn: list[tuple[tuple[str, str], Decimal, Decimal, Claim | None, Decimal | None, bool]], places: int
) -> None:
    handoffs = [
        PricedHandoff(
            str(number), *pair, price, quantity, NOW - timedelta(days=20) if broken else None, claim,
            None if claim is not None and claim.state == "accepted" else ruling,
        )
        for number, (pair, price, quantity, claim, ruling, broken) in enumerate(drawn)
    ]  # fmt: skip
    found = settle(handoffs, as_of=NOW, claim_limit=timedelta(days=7), places=places)
    assert found.sum == 0
    assert sum(entry.points for entry in found.entries if entry.kind == "credit") >= sum(
        entry.points for entry in found.entries if entry.kind != "credit"
    )
    waiting = {trip.handoff for trip in found.trips}
    moved = {entry.handoff for entry in found.entries if entry.kind != "credit"}
    assert not waiting & moved


@given(st.lists(st.integers(0, 500), min_size=1, max_size=6), st.integers(0, 500))
def test_the_escapes_of_all_checks_multiply_to_the_composite(finds: list[int], came_back: int) -> None:
    found = escape_rates([Check(str(number), count) for number, count in enumerate(finds)], came_back)
    product = 1.0
    for one in found.checks:
        product *= 0.0 if one.escape is None else one.escape
    if found.value is not None:
        assert abs(product - found.value) < 1e-9
