"""Measured values against the limits of their clause: as the formulas say, on the pages of clause and link."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from statistics import mean, stdev

import pytest
from pytest_django import Settings

from baton.agreements.rules import Measure
from baton.handoffs.models import MeasuredValue
from baton.handoffs.pages.promises import promises_panel
from baton.monitoring import changes as monitoring
from baton.monitoring.models import StoredCapability
from tests.rooms.agreements.made import terms
from tests.rooms.handoffs.held import DAY, IN_TWO_HOURS, agreed, handed_over, in_force_on
from tests.world import NOON, SYSTEM, World

ACIDITY = terms(
    IN_TWO_HOURS, measure=Measure.VALUE, unit="pH", direction=None, target=None, lower=6.0, upper=7.0, attainment=None
)


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"


def measured(world: World, weeks: int = 12, shift: float = 0.0) -> list[float]:
    """Five values a week that vary by a pattern around 6.55; one of them in all lies outside."""
    (clause,) = in_force_on(world)
    pattern = (-0.12, 0.05, 0.1, -0.06, 0.03)
    values = []
    for week in range(weeks, 0, -1):
        made = handed_over(world, 7 * week)
        for place, off in enumerate(pattern):
            value = 6.55 + off + 0.01 * (week % 3) + shift + (0.5 if (week, place) == (2, 2) else 0.0)
            at = NOON - 7 * week * DAY + timedelta(minutes=place)
            MeasuredValue.objects.create(
                handoff=made, clause=clause, value=value, measured_at=at, recorded_at=NOON, changed_seq=1
            )
            values.append(value)
    return values


@pytest.mark.sqlite
def test_performance_is_computed_as_the_formula_says(world: World) -> None:
    (line,) = agreed(world, ACIDITY)
    values = measured(world)
    monitoring.refresh(by=SYSTEM, at=NOON)
    found = StoredCapability.objects.get(subject=f"{world.laundry_ward.public_id}/{line}")
    indices = {one["name"]: one for one in found.result["indices"]}
    middle, spread = mean(values), stdev(values)
    assert indices["Ppk"]["value"] == pytest.approx(min(middle - 6, 7 - middle) / (3 * spread), abs=1e-9)
    assert indices["Pp"]["value"] == pytest.approx(1 / (6 * spread), abs=1e-9)
    low, high = indices["Ppk"]["interval"]
    assert low < indices["Ppk"]["value"] < high
    assert (found.measure, found.result["n"], found.result["outside"]) == ("measured_value", 60, 1)
    histogram = found.result["histogram"]
    assert sum(histogram["counts"]) + histogram["above"] == 60
    before = StoredCapability.objects.values_list("input_digest", flat=True).get()
    monitoring.rebuild(by=SYSTEM, at=NOON)
    assert StoredCapability.objects.values_list("input_digest", flat=True).get() == before


def test_the_pages_of_clause_and_link_say_the_same(world: World) -> None:
    (line,) = agreed(world, ACIDITY)
    measured(world)
    client = world.client(world.lin_mei)
    address = f"/handoffs/clauses/{world.laundry_ward.public_id}-{line}/"
    assert world.client(world.ivy_stone).get(address).status_code == 404
    monitoring.refresh(by=SYSTEM, at=NOON)
    page = client.get(address).content.decode()
    for words in ("Capability", "6 pH to 7 pH".replace(" pH", "\u00a0pH"), "60 values", "Ppk"):
        assert words in page, words
    panel = promises_panel(world.actor(world.lin_mei), NOON, world.laundry_ward.public_id)
    assert panel is not None
    (row,) = panel["rows"]
    assert row.capability.startswith(("Cpk ", "Ppk "))
    assert row.capability.endswith("n = 60")
    assert row.capability in client.get(f"/links/{world.laundry_ward.public_id}/").content.decode()


@pytest.mark.sqlite
def test_values_that_do_not_vary_have_no_index_and_say_why(world: World) -> None:
    agreed(world, ACIDITY)
    (clause,) = in_force_on(world)
    for week in (3, 2, 1):
        made = handed_over(world, 7 * week)
        MeasuredValue.objects.create(
            handoff=made, clause=clause, value=6.5, measured_at=NOON - 7 * week * DAY, recorded_at=NOON, changed_seq=1
        )
    monitoring.refresh(by=SYSTEM, at=NOON)
    found = StoredCapability.objects.get()
    assert (found.result["indices"], found.result["refused"] is None) == ([], False)
    page = world.client(world.lin_mei).get(f"/handoffs/clauses/{found.subject.replace('/', '-')}/").content.decode()
    assert "Values vary, within subgroups too." in page


@pytest.mark.sqlite
def test_figures_are_written_as_fine_as_they_vary(world: World) -> None:
    """Below zero, and in thousandths: neither the interval nor the last week is rounded away."""
    (line,) = agreed(world, terms(ACIDITY, unit="mm", lower=-0.02, upper=0.02))
    (clause,) = in_force_on(world)
    for week in range(10, 0, -1):
        made = handed_over(world, 7 * week)
        MeasuredValue.objects.create(
            handoff=made, clause=clause, value=-0.0042 + 0.0007 * (week % 3), measured_at=NOON - 7 * week * DAY,
            recorded_at=NOON, changed_seq=1,
        )  # fmt: skip
    monitoring.refresh(by=SYSTEM, at=NOON)
    page = world.client(world.lin_mei).get(f"/handoffs/clauses/{world.laundry_ward.public_id}-{line}/").content.decode()
    assert "−0.00350" in page, "the last week"
    assert "−0.02\u00a0mm to 0.02\u00a0mm" in page
    assert "0.00000 to" not in page
    assert "moving ranges of the waits" not in page
