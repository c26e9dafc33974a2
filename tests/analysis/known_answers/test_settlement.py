"""Settlement in points: double entry, the three moves of the market chain, and what goes to the arbiter."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.measures.settlement import Claim, PricedHandoff, settle

NOW = datetime(2026, 3, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
LONG_AGO = NOW - timedelta(days=30)


def handoff(**parts: Any) -> PricedHandoff:
    return PricedHandoff(**{"key": "H-1", "supplier": "A", "customer": "B", "price": Decimal(100), **parts})


def test_double_entry_price_claim_and_zero_sum() -> None:
    """A>B 10 at 100, B>C 10 at 150 with an accepted claim of 10 %: net A 1000, B 350, C -1350, sum 0."""
    claim = Claim(Decimal("0.10"), NOW, "accepted")
    found = settle(
        [
            handoff(quantity=Decimal(10)),
            handoff(key="H-2", supplier="B", customer="C", price=Decimal(150), quantity=Decimal(10), claim=claim),
        ],
        as_of=NOW,
        claim_limit=WEEK,
    )
    assert found.balances == {"A": 1000, "B": 350, "C": -1350}
    assert found.sum == 0
    assert found.to_table().rows() == [
        ("A", 1000.0, 0.0, 0.0, 1000.0),
        ("B", 1500.0, 1000.0, -150.0, 350.0),
        ("C", 0.0, 1500.0, 150.0, -1350.0),
    ]
    assert json.loads(json.dumps(found.to_dict()))["entries"][2] == {
        "handoff": "H-2", "kind": "claim", "debit": "B", "credit": "C", "points": 150.0,
    }  # fmt: skip


def test_where_neither_acts_it_goes_to_the_arbiter() -> None:
    silent = handoff(key="silent", breached_at=LONG_AGO)
    unanswered = handoff(key="unanswered", claim=Claim(Decimal("0.5"), LONG_AGO + timedelta(days=1)))
    withdrawn = handoff(key="withdrawn", breached_at=LONG_AGO, claim=Claim(Decimal(1), LONG_AGO, "withdrawn"))
    refused = handoff(key="refused", breached_at=LONG_AGO, claim=Claim(Decimal(1), LONG_AGO, "refused"))
    fresh = handoff(key="fresh", breached_at=NOW - WEEK)
    found = settle([unanswered, silent, withdrawn, refused, fresh], as_of=NOW, claim_limit=WEEK)
    assert [(trip.handoff, trip.reason) for trip in found.trips] == [
        ("silent", "unclaimed"),
        ("withdrawn", "unclaimed"),
        ("unanswered", "unanswered"),
    ]
    assert found.balances == {"A": 500, "B": -500}
    assert found.warnings[0].render() == "3 breaches wait for the arbiter."


def test_a_ruling_moves_points_and_ends_the_trip() -> None:
    ruled = handoff(breached_at=LONG_AGO, claim=Claim(Decimal(1), LONG_AGO, "refused"), ruling=Decimal("0.25"))
    found = settle([ruled], as_of=NOW, claim_limit=WEEK)
    assert (found.balances, found.trips) == ({"A": Decimal(75), "B": Decimal(-75)}, ())
    assert [entry.kind for entry in found.entries] == ["credit", "ruling"]


def test_halves_go_to_the_even_one_on_both_sides() -> None:
    odd = handoff(price=Decimal("0.05"), claim=Claim(Decimal("0.5"), NOW, "accepted"))
    found = settle([odd], as_of=NOW, claim_limit=WEEK)
    assert found.balances == {"A": Decimal("0.03"), "B": Decimal("-0.03")}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"customer": "A"}, "from A to A"),
        ({"price": Decimal(-1)}, "price -1"),
        ({"price": Decimal("NaN")}, "price NaN"),
        ({"quantity": Decimal("1e13")}, "quantity 1E+13"),
        ({"claim": Claim(Decimal("1.5"), NOW)}, "claim 1.5, open"),
        ({"claim": Claim(Decimal(1), NOW, "lost")}, "“lost” was given"),  # type: ignore[arg-type]
        ({"claim": Claim(Decimal(1), NOW, "accepted"), "ruling": Decimal(1)}, "ruling 1"),
        ({"breached_at": datetime(2026, 3, 1)}, "claim –"),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_settled_is_refused(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(MeasureError) as refused:
        settle([handoff(**parts)], as_of=NOW, claim_limit=WEEK)
    assert words in str(refused.value)


def test_a_handoff_is_settled_once_and_settings_make_sense() -> None:
    with pytest.raises(MeasureError, match="stands there twice"):
        settle([handoff(), handoff()], as_of=NOW, claim_limit=WEEK)
    with pytest.raises(MeasureError, match="decimals: 7"):
        settle([handoff()], as_of=NOW, claim_limit=WEEK, places=7)
