"""What was judged by a version that holds no more is said nowhere: department, links compared, capability."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from baton.agreements import changes as agreements
from baton.agreements.models import AgreementVersion
from baton.agreements.rules import Side
from baton.handoffs.pages.departments import department_context, rows, standing_rows
from baton.handoffs.pages.promises import promises_panel
from baton.handoffs.queries.comparing import comparison
from baton.handoffs.queries.departments import department
from baton.handoffs.rules.comparing import Compared
from baton.handoffs.rules.mending import rank_of
from baton.monitoring import changes as monitoring
from tests.rooms.agreements.made import in_force, terms
from tests.rooms.handoffs.held import HOUR, IN_TWO_HOURS, NO_RETURNS, agreed, handed_over
from tests.rooms.handoffs.test_capability import ACIDITY, measured
from tests.world import NOON, SYSTEM, World


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"


def agreed_anew(world: World, line: str, **changed: Any) -> None:
    """A clause reads otherwise from now on."""
    by = world.actor(world.zhao_lei)
    first = AgreementVersion.objects.get()
    draft = agreements.draft_version(by=by, at=NOON, agreement=first.agreement, reason="As we found out")
    clause = draft.clauses.get(line=line)
    agreements.change_clause(by=by, at=NOON, clause=clause, terms=terms(clause.terms, **changed))
    in_force(agreements.propose_version(by=by, at=NOON, version=draft), at=NOON)


def test_a_promise_of_an_older_version_is_not_the_worst(world: World) -> None:
    (late,) = agreed(world, IN_TWO_HOURS)
    for day in range(30, 2, -1):
        handed_over(world, day, 5.0)
    monitoring.refresh(by=SYSTEM, at=NOON)
    agreed_anew(world, late, target=6.0)
    at = NOON + HOUR
    found = department(viewer=world.actor(world.zhao_lei), at=at, party=world.laundry.public_id)
    (row,) = [one for one in standing_rows(found, "owes", at) if one.promises]
    assert [(one.row.status, one.beyond, one.rank) for one in row.promises] == [
        ("unknown", 0.0, rank_of(None, most=False))
    ]
    owes = department_context(found, at)["directions"][0]
    assert (owes["broken"], owes["first"]) == (0, None)
    (told,) = [one for one in rows(found, at) if one[7] == "Too few to say"]
    assert told[8:13] == [None] * 5, "figures of another promise"


def test_links_are_compared_by_promises_as_they_stand(world: World) -> None:
    (line,) = agreed(world, IN_TWO_HOURS)
    for day in range(30, 2, -1):
        handed_over(world, day)
    monitoring.refresh(by=SYSTEM, at=NOON)
    viewer = world.actor(world.he_jun)
    (row,) = comparison(viewer=viewer, at=NOON, by=Compared.TIME).rows
    assert (row.right, row.n) == (28, 28)
    agreed_anew(world, line, target=1.0)
    assert comparison(viewer=viewer, at=NOON + HOUR, by=Compared.TIME).rows == []


def test_duties_of_the_customer_are_not_held_against_the_supplier(world: World) -> None:
    agreed(world, NO_RETURNS, terms(NO_RETURNS, owed_by=Side.CUSTOMER))
    for day in range(30, 2, -1):
        handed_over(world, day)
    monitoring.refresh(by=SYSTEM, at=NOON)
    (row,) = comparison(viewer=world.actor(world.he_jun), at=NOON, by=Compared.SHARE).rows
    assert row.n == 28, "each handoff once"


def test_capability_is_that_of_the_limits_in_force(world: World) -> None:
    (line,) = agreed(world, ACIDITY)
    measured(world)
    monitoring.refresh(by=SYSTEM, at=NOON)
    viewer, link = world.actor(world.lin_mei), world.laundry_ward.public_id
    before = promises_panel(viewer, NOON, link)
    agreed_anew(world, line, upper=6.6)
    after = promises_panel(viewer, NOON + timedelta(hours=1), link)
    assert before is not None
    assert after is not None
    assert (bool(before["rows"][0].capability), after["rows"][0].capability) == (True, "")
