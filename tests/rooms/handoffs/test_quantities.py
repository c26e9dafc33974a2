"""How much of a line comes back, is missing, is owed, and counts: short deliveries, second deliveries, decisions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from baton.core.errors import Refused
from baton.handoffs import changes
from baton.handoffs.models import Handoff, HandoffReturn
from baton.handoffs.queries.quantities import owed_of_lines
from baton.handoffs.rules import ReturnState, State
from tests.rooms.handoffs.made import SHEETS, delivered, line, requested
from tests.rooms.handoffs.test_life import as_
from tests.world import World


def came(world: World, amount: int | None = None) -> Handoff:
    """A hundred sheets were ordered, so many were delivered; None: as ordered."""
    handoff = requested(world, lines=[SHEETS])
    amounts = {} if amount is None else {line(handoff).public_id: Decimal(amount)}
    return changes.deliver_handoff(**as_(world, "gao_ming"), handoff=handoff, amounts=amounts)


def less(handoff: Handoff, *, refused: int = 0, missing: int = 0) -> list[changes.Less]:
    return [
        changes.Less(
            line=line(handoff).public_id, refused=Decimal(refused), missing=Decimal(missing), phenomenon="Torn"
        )
    ]


def taken(world: World, handoff: Handoff, **amounts: int) -> Handoff:
    return changes.accept_in_part(**as_(world, "chen_jie"), handoff=handoff, less=less(handoff, **amounts))


def again(world: World, handoff: Handoff, amount: int | None = None) -> Handoff:
    amounts = {} if amount is None else {line(handoff).public_id: Decimal(amount)}
    return changes.deliver_handoff(**as_(world, "gao_ming"), handoff=handoff, amounts=amounts)


def decided(world: World, found: HandoffReturn, verdict: ReturnState) -> None:
    """Contested by Gao Ming, decided by the quality manager."""
    changes.contest_return(**as_(world, "gao_ming"), found=found, ground="Counted twice")
    changes.decide_return(**as_(world, "lin_mei"), found=found, verdict=verdict, note="Seen")


def amounts(handoff: Handoff) -> tuple[Any, Any, Any]:
    """Delivered, accepted, refused."""
    held = line(handoff)
    return held.delivered, held.accepted, held.refused


def owed(world: World, handoff: Handoff) -> Decimal:
    return sum(owed_of_lines(viewer=world.actor(world.chen_jie), handoff=handoff).values(), Decimal(0))


@pytest.mark.parametrize(
    ("delivered_", "refused", "missing", "accepted"),
    [
        (None, 2, 3, 95),  # as ordered, says the supplier: three of them were not there
        (90, 0, 10, 90),  # openly ten short: all that came was taken
        (90, 2, 3, 88),  # the three are among the ten
        (90, 2, 13, 85),  # three of the ninety were not there either
        (110, 10, 0, 100),
    ],
)
def test_what_is_openly_short_is_not_taken_from_what_came(
    world: World, delivered_: int | None, refused: int, missing: int, accepted: int
) -> None:
    handoff = taken(world, came(world, delivered_), refused=refused, missing=missing)
    assert line(handoff).accepted == accepted
    assert owed(world, handoff) == refused + missing


@pytest.mark.parametrize(("refused", "missing"), [(91, 0), (0, 101), (85, 16)])
def test_no_more_comes_back_than_came_and_no_more_is_missing_than_was_ordered(
    world: World, refused: int, missing: int
) -> None:
    handoff = came(world, 90)
    with pytest.raises(Refused, match="at most 90"):
        taken(world, handoff, refused=refused, missing=missing)
    assert not HandoffReturn.objects.exists()


def test_each_line_is_named_once(world: World) -> None:
    handoff = came(world, 90)
    twice = less(handoff, missing=10) * 2
    of_none = [changes.Less(refused=Decimal(500), phenomenon="Torn")]
    for wrong in (twice, of_none, [*less(handoff, missing=10), *of_none]):
        with pytest.raises(Refused, match="at most once") as refused:
            changes.accept_in_part(**as_(world, "chen_jie"), handoff=handoff, less=wrong)
        assert refused.value.field == "lines"
    assert not HandoffReturn.objects.exists()


def test_what_is_missing_is_claimed_once(world: World) -> None:
    handoff = taken(world, came(world, 90), missing=10)
    changes.return_part(**as_(world, "chen_jie"), handoff=handoff, less=less(handoff, missing=4))
    assert amounts(handoff) == (90, 86, Decimal(0))


@pytest.mark.parametrize("verdict", [ReturnState.DISMISSED, ReturnState.UPHELD, ReturnState.UNDECIDED])
def test_what_was_right_as_delivered_does_not_count(world: World, verdict: ReturnState) -> None:
    handoff = taken(world, came(world), refused=5, missing=3)
    back, short = HandoffReturn.objects.order_by("pk")
    assert amounts(handoff) == (None, 92, 5)
    decided(world, back, verdict)
    right = verdict is ReturnState.DISMISSED
    assert amounts(handoff) == ((None, 97, None) if right else (None, 92, 5))
    decided(world, short, verdict)
    handoff.refresh_from_db()
    assert amounts(handoff) == ((None, 100, None) if right else (None, 92, 5))
    complete = {ReturnState.DISMISSED: None, ReturnState.UNDECIDED: None, ReturnState.UPHELD: False}
    assert (handoff.complete, owed(world, handoff)) == (complete[verdict], 8 if verdict is ReturnState.UPHELD else 0)
    assert handoff.state == (State.PARTLY if verdict is ReturnState.UPHELD else State.ACCEPTED)


def test_what_was_right_can_be_sent_back_later(world: World) -> None:
    handoff = taken(world, came(world), refused=100)
    changes.withdraw_return(**as_(world, "chen_jie"), found=HandoffReturn.objects.get(), reason="Wrong cart")
    assert amounts(handoff) == (None, 100, None)
    held = changes.return_part(**as_(world, "chen_jie"), handoff=handoff, less=less(handoff, refused=100))
    assert (held.state, amounts(held)) == (State.PARTLY, (None, 0, 100))


def test_what_comes_again_can_come_back_again(world: World) -> None:
    handoff = taken(world, came(world), refused=5, missing=3)
    handoff = again(world, handoff)
    assert amounts(handoff) == (105, None, 5)  # 92 were kept, 5 came back, 8 come
    handoff = taken(world, handoff, refused=1)
    assert amounts(handoff) == (105, 99, 6)
    states = list(HandoffReturn.objects.order_by("pk").values_list("state", "quantity"))
    assert states == [(ReturnState.SETTLED, 5), (ReturnState.SETTLED, 3), (ReturnState.OPEN, 1)]
    assert owed(world, handoff) == 1
    handoff = changes.accept_handoff(**as_(world, "chen_jie"), handoff=again(world, handoff))
    assert (handoff.state, amounts(handoff)) == (State.ACCEPTED, (106, None, 6))


def test_less_than_is_owed_comes_again(world: World) -> None:
    handoff = again(world, taken(world, came(world), refused=5), amount=2)
    assert amounts(handoff) == (102, None, 5)
    handoff = taken(world, handoff, missing=3)
    assert (amounts(handoff), owed(world, handoff)) == ((102, 97, 5), 3)


def test_all_of_it_comes_again(world: World) -> None:
    handoff = taken(world, came(world), refused=5)
    changes.return_handoff(**as_(world, "chen_jie"), handoff=handoff, phenomenon="Damp")
    handoff = again(world, handoff)
    assert amounts(handoff) == (105, None, 5)
    assert taken(world, handoff, refused=100).state == State.PARTLY


def test_sent_back_twice_all_of_it_is_owed_once(world: World) -> None:
    handoff = delivered(world)
    for _time in range(2):
        changes.return_handoff(**as_(world, "chen_jie"), handoff=handoff, phenomenon="Damp")
        handoff = changes.deliver_handoff(**as_(world, "gao_ming"), handoff=handoff)
    changes.return_handoff(**as_(world, "chen_jie"), handoff=handoff, phenomenon="Damp")
    states = list(HandoffReturn.objects.order_by("pk").values_list("state", flat=True))
    assert states == [ReturnState.SETTLED, ReturnState.SETTLED, ReturnState.OPEN]
    changes.withdraw_return(**as_(world, "chen_jie"), found=HandoffReturn.objects.latest("pk"), reason="Wrong cart")
    handoff.refresh_from_db()
    assert handoff.state == State.DELIVERED


def test_a_part_stays_owed_when_all_of_it_was_right(world: World) -> None:
    handoff = taken(world, came(world), refused=5)
    changes.return_handoff(**as_(world, "chen_jie"), handoff=handoff, phenomenon="Damp")
    decided(world, HandoffReturn.objects.latest("pk"), ReturnState.DISMISSED)
    handoff.refresh_from_db()
    assert (handoff.state, owed(world, handoff)) == (State.PARTLY, 5)


def test_the_customer_does_not_settle_what_is_contested(world: World) -> None:
    handoff = taken(world, came(world), refused=5)
    found = HandoffReturn.objects.get(handoff=handoff)
    changes.contest_return(**as_(world, "gao_ming"), found=found, ground="Whole when it left")
    with pytest.raises(Refused, match="stands so"):
        changes.settle_return(**as_(world, "chen_jie"), found=found, settlement="Credited")
