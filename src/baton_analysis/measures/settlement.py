"""Settlement between internal customers (market chain, 市场链): points for handoffs, double entry, always zero in sum.

Definitions
-----------
credit (索酬)
    A handoff credits its supplier with price times quantity and debits its customer with the same.
claim (索赔)
    The customer asks for a share of that back. Accepted, the share is reversed.
trip (跳闸)
    Where neither acts (a breach that nobody claims, a claim that nobody answers) until the limit has passed, the breach
    goes to the arbiter. His ruling reverses the share that he names; until then nothing moves.
balance
    Credits less debits of a party. Each entry has one party on each side, so that all balances together are zero.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any, Literal, get_args

import polars as pl

from baton_analysis.arguments import checked, checked_fields
from baton_analysis.drawing.comparisons import plot_bars
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_choice
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METHOD = "settlement"
VERSION = "1"

MOST_POINTS = Decimal(10) ** 12
"""Prices, quantities and their product above this are taken for mistakes."""

ClaimState = Literal["open", "accepted", "refused", "withdrawn"]
EntryKind = Literal["credit", "claim", "ruling"]
TripReason = Literal["unclaimed", "unanswered"]


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class Claim:
    """What a customer asks back: a ``share`` (0 to 1) of the points of a handoff."""

    share: Decimal
    made_at: datetime
    state: ClaimState = "open"


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class PricedHandoff:
    """A handoff as the ledger sees it.

    Attributes
    ----------
    key
        Its number; no two are alike.
    breached_at
        When a promise was broken; None: none was.
    claim
        The customer's, if there is one.
    ruling
        The share (0 to 1) that the arbiter has reversed; None: he has not decided.
    """

    key: str
    supplier: str
    customer: str
    price: Decimal
    quantity: Decimal = Decimal(1)
    breached_at: datetime | None = None
    claim: Claim | None = None
    ruling: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """``points`` that go from one party (``debit``) to another (``credit``), and for which handoff."""

    handoff: str
    kind: EntryKind
    debit: str
    credit: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Trip:
    """A handoff that goes to the arbiter, why, since when, and how many points are at stake."""

    handoff: str
    reason: TripReason
    since: datetime
    points: Decimal


@dataclass(frozen=True, eq=False, slots=True)
class Settlement(Result):
    """Who has earned what.

    Attributes
    ----------
    n
        Handoffs.
    balances
        Points of each party, by name; their sum is zero.
    entries
        In the order of the handoffs.
    trips
        What goes to the arbiter, the oldest first.
    as_of
        The moment for which it is settled.
    """

    n: int
    balances: Mapping[str, Decimal]
    entries: tuple[Entry, ...]
    trips: tuple[Trip, ...]
    as_of: datetime
    warnings: tuple[Notice, ...] = ()
    method: str = METHOD
    version: str = VERSION

    @property
    def sum(self) -> Decimal:
        """Of all balances: zero."""
        return sum(self.balances.values(), Decimal(0))

    def to_table(self) -> pl.DataFrame:
        """One row a party: ``earned`` and ``spent`` by handoffs, ``reversed`` (above 0: got back) and ``balance``."""
        earned, spent, back = (defaultdict[str, Decimal](Decimal) for _ in range(3))
        for entry in self.entries:
            gained, lost = (earned, spent) if entry.kind == "credit" else (back, back)
            gained[entry.credit] += entry.points
            lost[entry.debit] += entry.points if entry.kind == "credit" else -entry.points
        rows = [
            (party, *(float(column[party]) for column in (earned, spent, back)), float(balance))
            for party, balance in self.balances.items()
        ]
        numbers = dict.fromkeys(("earned", "spent", "reversed", "balance"), pl.Float64)
        return pl.DataFrame(rows, schema={"party": pl.String, **numbers}, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "as_of": self.as_of.isoformat(),
            "sum": float(self.sum),
            "parties": self.to_table().to_dicts(),
            "entries": [
                {
                    "handoff": one.handoff,
                    "kind": one.kind,
                    "debit": one.debit,
                    "credit": one.credit,
                    "points": float(one.points),
                }
                for one in self.entries
            ],
            "trips": [
                {
                    "handoff": one.handoff,
                    "reason": one.reason,
                    "since": one.since.isoformat(),
                    "points": float(one.points),
                }
                for one in self.trips
            ],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The balance of each party; see :class:`baton_analysis.results.Plottable`."""
        return plot_bars(ax, names=list(self.balances), sizes=[float(one) for one in self.balances.values()])


@checked(MeasureError)
def settle(
    handoffs: Sequence[PricedHandoff], *, as_of: datetime, claim_limit: timedelta, places: int = 2
) -> Settlement:
    """The ledger of some handoffs at a moment.

    Parameters
    ----------
    claim_limit
        How long a breach may stay without a claim, and a claim without an answer.
    places
        Decimals of a point, 0 to 6; halves go to the even one.

    Raises
    ------
    MeasureError
        A handoff stands twice or goes from a party to itself, points that are negative or out of bounds, a share that
        is none, a ruling on an accepted claim, or a moment without a zone.
    """
    _check_settings(as_of, claim_limit, places)
    _check_handoffs(handoffs)
    step = Decimal(1).scaleb(-places)
    entries: list[Entry] = []
    trips: list[Trip] = []
    balances: dict[str, Decimal] = {}
    for one in handoffs:
        amount = _rounded(one.price * one.quantity, step)
        entries += _entries(one, amount, step)
        if (trip := _trip(one, amount, as_of, claim_limit)) is not None:
            trips.append(trip)
        balances |= {party: balances.get(party, Decimal(0)) for party in (one.supplier, one.customer)}
    for entry in entries:
        balances[entry.credit] += entry.points
        balances[entry.debit] -= entry.points
    waiting = gettext_noop("{count} breaches wait for the arbiter.")
    return Settlement(
        n=len(handoffs),
        balances=balances,
        entries=tuple(entries),
        trips=tuple(sorted(trips, key=lambda trip: trip.since)),
        as_of=as_of,
        warnings=(Notice(waiting, len(trips)),) if trips else (),
    )


def _rounded(points: Decimal, step: Decimal) -> Decimal:
    return points.quantize(step, rounding=ROUND_HALF_EVEN)


def _entries(one: PricedHandoff, amount: Decimal, step: Decimal) -> list[Entry]:
    found = [Entry(one.key, "credit", one.customer, one.supplier, amount)]
    if one.ruling is not None:
        found.append(Entry(one.key, "ruling", one.supplier, one.customer, _rounded(amount * one.ruling, step)))
    elif one.claim is not None and one.claim.state == "accepted":
        found.append(Entry(one.key, "claim", one.supplier, one.customer, _rounded(amount * one.claim.share, step)))
    return found


def _trip(one: PricedHandoff, amount: Decimal, as_of: datetime, limit: timedelta) -> Trip | None:
    """What goes to the arbiter because neither side acted in time."""
    if one.ruling is not None:
        return None
    claim = one.claim if one.claim is not None and one.claim.state != "withdrawn" else None
    if claim is None and one.breached_at is not None:
        since, reason = one.breached_at + limit, "unclaimed"
    elif claim is not None and claim.state == "open":
        since, reason = claim.made_at + limit, "unanswered"
    else:
        return None
    return Trip(one.key, reason, since, amount) if since < as_of else None  # type: ignore[arg-type]


def _check_settings(as_of: datetime, claim_limit: timedelta, places: int) -> None:
    if as_of.tzinfo is None or claim_limit < timedelta(0) or not 0 <= places <= 6:
        raise MeasureError(
            expected=gettext_noop("The moment has a time zone, the limit is 0 or longer, points have 0 to 6 decimals."),
            found=gettext_noop("Moment: {moment}, limit: {limit}, decimals: {places}."),
            remedy=gettext_noop("Correct this setting."),
            moment=as_of.isoformat(),
            limit=str(claim_limit),
            places=places,
        )


def _check_handoffs(handoffs: Sequence[PricedHandoff]) -> None:
    twice = [key for key, count in Counter(one.key for one in handoffs).items() if count > 1]
    if twice:
        raise MeasureError(
            expected=gettext_noop("Every handoff is settled once."),
            found=gettext_noop("“{handoff}” stands there twice."),
            remedy=gettext_noop("Leave out repeated rows."),
            handoff=twice[0],
        )
    for one in handoffs:
        _check_points(one)
        _check_claim(one)


def _check_points(one: PricedHandoff) -> None:
    amounts = (one.price, one.quantity)
    right = all(amount.is_finite() and 0 <= amount <= MOST_POINTS for amount in amounts)
    if one.supplier == one.customer or not right or one.price * one.quantity > MOST_POINTS:
        raise MeasureError(
            expected=gettext_noop("Points go from one party to another; price and quantity are 0 or more."),
            found=gettext_noop("“{handoff}”: from {customer} to {supplier}, price {price}, quantity {quantity}."),
            remedy=gettext_noop("Correct this handoff; what comes back is claimed, not counted negative."),
            handoff=one.key,
            customer=one.customer,
            supplier=one.supplier,
            price=str(one.price),
            quantity=str(one.quantity),
        )


def _check_claim(one: PricedHandoff) -> None:
    if one.claim is not None:
        demand_choice("claim.state", one.claim.state, get_args(ClaimState))
    shares = [share for share in (one.claim.share if one.claim else None, one.ruling) if share is not None]
    moments = [moment for moment in (one.breached_at, one.claim.made_at if one.claim else None) if moment is not None]
    wrong_share = any(not share.is_finite() or not 0 <= share <= 1 for share in shares)
    settled = one.ruling is not None and one.claim is not None and one.claim.state == "accepted"
    if wrong_share or settled or any(moment.tzinfo is None for moment in moments):
        raise MeasureError(
            expected=gettext_noop("A share lies between 0 and 1, moments have a time zone, and the arbiter rules only"
                                  " on what was not accepted."),
            found=gettext_noop("“{handoff}”: claim {claim}, ruling {ruling}."),
            remedy=gettext_noop("Correct this handoff: 0.1 for a tenth; an accepted claim needs no ruling."),
            handoff=one.key,
            claim="–" if one.claim is None else f"{one.claim.share}, {one.claim.state}",
            ruling="–" if one.ruling is None else str(one.ruling),
        )  # fmt: skip
