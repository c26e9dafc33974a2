"""Refused units of a clause about defects: as the returns stand, not only as the lines do."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from baton.agreements.rules import Direction, Measure
from baton.handoffs import changes, facts
from baton.handoffs.models import Handoff
from baton.handoffs.rules import Moments, Quantities
from tests.rooms.agreements.made import terms
from tests.rooms.handoffs.held import DAY, HOUR, NO_RETURNS, agreed, built, in_force_on
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


def clause_named(world: World) -> str:
    """What names the clause in the address of its page, as it is in force."""
    link = world.laundry_ward.public_id
    (clause,) = in_force_on(world)
    return f"{link}-{clause.line}"


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


def test_amounts_of_different_units_are_never_added(world: World) -> None:
    agreed(world, TWO_OF_A_HUNDRED)
    sheets = changes.LineGiven(
        name="Sheets", unit="pc", quantities=Quantities(ordered=Decimal(100), refused=Decimal(3))
    )  # fmt: skip
    soap = changes.LineGiven(name="Soap", unit="kg", quantities=Quantities(ordered=Decimal(40), refused=Decimal(20)))
    towels = changes.LineGiven(name="Towels", unit=" PCS", quantities=Quantities(ordered=Decimal(50)))
    moments = Moments(delivered_at=NOON - DAY, accepted_at=NOON - DAY)
    made = [
        changes.record_handoff(by=SYSTEM, at=NOON, link=world.laundry_ward, moments=moments, lines=lines)
        for lines in ([sheets, soap, towels], [soap])
    ]
    assert counted(world) == [(3.0, 150.0)], "pieces alone, as the first handoff has them"
    line = clause_named(world)
    page = world.client(world.chen_jie).get(f"/handoffs/clauses/{line}/").content.decode()
    assert "The rate counts pieces alone (lines: 2)" in page
    assert "Lines in other units, left out: 2." in page
    changes.withdraw_handoff(by=world.actor(world.lin_mei), at=NOON, handoff=made[0], reason="Entered by mistake")
    assert counted(world) == [(20.0, 40.0)], "the first one that counts has kilograms"
    page = world.client(world.chen_jie).get(f"/handoffs/clauses/{line}/").content.decode()
    assert "The rate counts amounts in kg alone (lines: 1)" in page
    assert "left out" not in page


def test_another_first_unit_makes_all_months_anew(world: World) -> None:
    agreed(world, TWO_OF_A_HUNDRED)
    first = hundred(world)
    soap = changes.LineGiven(name="Soap", unit="kg", quantities=Quantities(ordered=Decimal(40)))
    for days in (60, 1):
        moments = Moments(delivered_at=NOON - days * DAY)
        later = changes.record_handoff(by=SYSTEM, at=NOON, link=world.laundry_ward, moments=moments, lines=[soap])
    for one, months in ((later, 1), (first, 2)):
        changes.withdraw_handoff(by=world.actor(world.lin_mei), at=NOON, handoff=one, reason="Entered by mistake")
        assert len(set(facts.sources_of_record("handoff", one.public_id))) == months
