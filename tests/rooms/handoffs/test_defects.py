"""Refused units of a clause about defects: as the returns stand, not only as the lines do."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from baton.agreements.rules import Direction, Measure
from baton.handoffs import changes
from baton.handoffs.models import Handoff
from baton.handoffs.rules import Moments, Quantities
from tests.rooms.agreements.made import terms
from tests.rooms.handoffs.held import DAY, HOUR, NO_RETURNS, agreed, built
from tests.world import NOON, SYSTEM, World

TWO_OF_A_HUNDRED = terms(
    NO_RETURNS, measure=Measure.DEFECTS, unit="1/100", direction=Direction.AT_MOST, target=2.0, attainment=None
)


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"


def hundred(world: World, *, accepted: bool = False, **more: Any) -> Handoff:
    """A hundred sheets, handed over yesterday."""
    sheets = changes.LineGiven(name="Sheets", unit="pc", quantities=Quantities(ordered=Decimal(100), **more))
    moments = Moments(delivered_at=NOON - DAY, accepted_at=NOON - DAY if accepted else None)
    return changes.record_handoff(by=SYSTEM, at=NOON, link=world.laundry_ward, moments=moments, lines=[sheets])


def five_back(world: World, handoff: Handoff) -> Handoff:
    less = changes.Less(phenomenon="Torn", line=handoff.lines.get().public_id, refused=Decimal(5))
    return changes.accept_in_part(
        by=world.actor(world.chen_jie), at=NOON, handoff=handoff, less=[less], accepted_at=NOON - HOUR
    )


def counted(world: World) -> list[tuple[float, float]]:
    return built().select("defects", "units").rows()


def test_what_was_handed_over_again_was_refused_all_the_same(world: World) -> None:
    agreed(world, TWO_OF_A_HUNDRED)
    part = five_back(world, hundred(world))
    assert counted(world) == [(5.0, 100.0)]
    line = part.lines.get().public_id
    again = changes.deliver_handoff(
        by=world.actor(world.gao_ming), at=NOON, handoff=part, delivered_at=NOON, amounts={line: Decimal(5)}
    )
    changes.accept_handoff(by=world.actor(world.chen_jie), at=NOON, handoff=again, accepted_at=NOON)
    assert counted(world) == [(5.0, 105.0)], "five more were handed over"


def test_what_came_back_wrongly_was_no_defect(world: World) -> None:
    agreed(world, TWO_OF_A_HUNDRED)
    part = five_back(world, hundred(world))
    changes.withdraw_return(
        by=world.actor(world.chen_jie), at=NOON, found=part.returns.get(), reason="They were of another lot"
    )
    assert counted(world) == [(0.0, 100.0)]


def test_what_came_back_wrongly_leaves_what_a_machine_said(world: World) -> None:
    agreed(world, TWO_OF_A_HUNDRED)
    made = hundred(world, accepted=True, delivered=Decimal(100), refused=Decimal(3))
    by = {"by": world.actor(world.chen_jie), "at": NOON}
    less = changes.Less(phenomenon="Torn", line=made.lines.get().public_id, refused=Decimal(5))
    part = changes.return_part(**by, handoff=made, less=[less])
    assert counted(world) == [(8.0, 100.0)]
    changes.withdraw_return(**by, found=part.returns.get(), reason="They were of another lot")
    assert counted(world) == [(3.0, 100.0)]


def test_what_came_back_as_a_whole_was_refused_as_a_whole(world: World) -> None:
    agreed(world, TWO_OF_A_HUNDRED)
    changes.return_handoff(by=world.actor(world.chen_jie), at=NOON, handoff=hundred(world), phenomenon="All are wet")
    assert counted(world) == [(100.0, 100.0)]


def test_what_a_machine_says_was_refused_counts_without_a_return(world: World) -> None:
    agreed(world, TWO_OF_A_HUNDRED)
    hundred(world, accepted=True, delivered=Decimal(80), refused=Decimal(3))
    assert counted(world) == [(3.0, 80.0)]
