"""What is wrong with moments and quantities, which steps there are, when judgements are released. No database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from baton.handoffs.rules import (
    CLOCK_ERROR,
    Moments,
    Quantities,
    ReturnState,
    Side,
    State,
    Step,
    after_close,
    allowed,
    faults_of_moments,
    faults_of_quantities,
    is_released,
    may_become,
    open_pauses,
    plain,
    plain_unit,
    released_at,
    steps_from,
)

AT = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def faults(**moments: datetime) -> list[str]:
    return [fault.field for fault in faults_of_moments(Moments(**moments), at=AT, zone=ZONE)]


@pytest.mark.parametrize(
    ("moments", "wrong"),
    [
        ({"requested_at": AT - HOUR, "due_at": AT + HOUR, "delivered_at": AT}, []),
        ({"delivered_at": AT + CLOCK_ERROR}, []),
        ({}, ["due_at"]),
        ({"requested_at": AT, "due_at": AT - HOUR}, ["due_at"]),
        ({"delivered_at": AT + timedelta(days=1)}, ["delivered_at"]),
        ({"requested_at": AT, "delivered_at": AT - HOUR}, ["delivered_at"]),
        ({"delivered_at": AT, "accepted_at": AT - HOUR}, ["accepted_at"]),
        ({"requested_at": AT, "accepted_at": AT - HOUR}, ["accepted_at"]),
        ({"received_at": datetime(1026, 6, 1, tzinfo=UTC)}, ["received_at"]),
        ({"due_at": AT + timedelta(days=4_000)}, ["due_at"]),
    ],
)
def test_moments_that_cannot_be(moments: dict[str, datetime], wrong: list[str]) -> None:
    assert faults(**moments) == wrong


def test_a_moment_in_the_future_names_both_clocks() -> None:
    (fault,) = faults_of_moments(Moments(delivered_at=AT + timedelta(days=1)), at=AT, zone=ZONE)
    assert fault.values == {"now": "2026-06-01 20:00", "moment": "2026-06-02 20:00"}


def test_it_occurred_at_its_first_known_moment_and_else_when_it_is_due() -> None:
    assert Moments(due_at=AT + HOUR, delivered_at=AT).occurred_at == AT
    assert Moments(due_at=AT + HOUR).occurred_at == AT + HOUR
    assert Moments(requested_at=AT - HOUR, delivered_at=AT).occurred_at == AT - HOUR


@pytest.mark.parametrize(
    ("ordered", "delivered", "accepted", "refused", "wrong"),
    [
        ("10", "10", "8", "2", []),
        ("10", "12", None, None, []),
        ("0.3", "0.3", "0.2", "0.1", []),
        ("10", "-1", None, None, ["delivered"]),
        ("10", "5", None, "6", ["refused"]),
        ("10", None, None, "11", ["refused"]),
        ("10", "10", "9", "2", ["accepted"]),
        ("0.0000001", None, None, None, ["ordered"]),
        ("1e13", None, None, None, ["ordered"]),
        ("NaN", None, None, None, ["ordered"]),
    ],
)
def test_quantities_that_cannot_be(
    ordered: str, delivered: str | None, accepted: str | None, refused: str | None, wrong: list[str]
) -> None:
    values = {"ordered": ordered, "delivered": delivered, "accepted": accepted, "refused": refused}
    given = Quantities(**{name: Decimal(text) for name, text in values.items() if text is not None})
    assert [fault.field for fault in faults_of_quantities(given)] == wrong


def test_a_quantity_is_written_as_people_do() -> None:
    assert [plain(Decimal(text)) for text in ("12.000000", "1200", "0.50")] == ["12", "1200", "0.5"]


def test_steps_go_with_the_side_and_the_state() -> None:
    supplier, customer = frozenset({Side.SUPPLIER}), frozenset({Side.CUSTOMER})
    assert Step.DELIVER in steps_from(State.EXPECTED, supplier)
    assert Step.ACCEPT not in steps_from(State.EXPECTED, supplier)
    assert {Step.ACCEPT, Step.ACCEPT_PART, Step.RETURN, Step.REFUSE_INPUT} == set(
        steps_from(State.DELIVERED, customer, delivered=True)
    )
    assert steps_from(State.EXPECTED, frozenset()) == ()
    assert steps_from(State.WITHDRAWN, supplier | customer) == ()


def test_a_refused_request_is_completed_and_refused_input_delivered_again() -> None:
    assert allowed(Step.COMPLETE, State.REFUSED)
    assert not allowed(Step.DELIVER, State.REFUSED)
    assert allowed(Step.DELIVER, State.REFUSED, delivered=True)
    assert not allowed(Step.COMPLETE, State.REFUSED, delivered=True)


def test_what_is_left_of_a_handoff_when_its_returns_are_over() -> None:
    assert after_close(State.RETURNED, made_good=True, accepted=False) is State.SETTLED
    assert after_close(State.RETURNED, made_good=False, accepted=False) is State.DELIVERED
    assert after_close(State.PARTLY, made_good=True, accepted=True) is State.ACCEPTED


def test_a_return_is_decided_once() -> None:
    assert may_become(ReturnState.CONTESTED, ReturnState.UNDECIDED)
    assert not may_become(ReturnState.CONTESTED, ReturnState.SETTLED)
    assert not may_become(ReturnState.OPEN, ReturnState.UPHELD)
    assert not any(may_become(ReturnState.DISMISSED, after) for after in ReturnState)


def test_judgements_are_released_at_one_moment_for_both() -> None:
    accepted = AT
    assert released_at(AT + HOUR, AT + 2 * HOUR, accepted) == AT + 2 * HOUR
    assert released_at(AT + HOUR, None, accepted) == AT + timedelta(days=7)
    assert released_at(None, None, None) is None
    # What nobody has accepted is not kept from the other side for ever, and what was read stays so.
    assert released_at(AT, None, None) == released_at(AT, None, AT + 6 * 24 * HOUR) == AT + timedelta(days=7)
    assert not is_released(AT + HOUR, None, accepted, AT + timedelta(days=6))
    assert is_released(None, AT + HOUR, accepted, AT + timedelta(days=7))


@pytest.mark.parametrize(
    ("happened", "open_ones"),
    [
        ([], ()),
        ([(Step.PAUSE, "water")], ("water",)),
        ([(Step.PAUSE, "water"), (Step.PAUSE, ""), (Step.PAUSE, "water")], ("water", "")),
        ([(Step.PAUSE, "water"), (Step.RESUME, "")], ()),
        ([(Step.PAUSE, "water"), (Step.PAUSE, "power"), (Step.RESUME, "water")], ("power",)),
        ([(Step.PAUSE, ""), (Step.PAUSE, "power"), (Step.RESUME, "water")], ("power",)),
        ([(Step.PAUSE, "water"), (Step.DELIVER, "")], ()),
        ([(Step.PAUSE, "water"), (Step.ACCEPT_PART, "")], ()),
        ([(Step.RESUME, ""), (Step.PAUSE, "water"), (Step.WARN_LATE, "")], ("water",)),
    ],
)
def test_which_pauses_are_in_force(happened: list[tuple[Step, str]], open_ones: tuple[str, ...]) -> None:
    known = [(step, AT + number * HOUR, reason) for number, (step, reason) in enumerate(happened)]
    end = AT + len(happened) * HOUR
    assert open_pauses(known, at=end) == open_ones
    assert set(open_pauses(reversed(known), at=end)) == set(open_ones), "in whatever order they were entered"
    assert open_pauses(known, at=AT - HOUR) == ()


def test_units_are_compared_as_people_write_them() -> None:
    assert {plain_unit(one) for one in ("", " pc", "PCS", "Piece", "件")} == {""}
    assert (plain_unit(" KG "), plain_unit("m²")) == ("kg", "m²")
