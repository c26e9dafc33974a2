"""What a department owes and gets, the worst first: the rule, the page, the panel, the table and the call."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from baton.agreements.rules import Side
from baton.core.errors import NotFound
from baton.handoffs import changes
from baton.handoffs.changes.figures import refresh_figures
from baton.handoffs.pages.departments import standing_rows
from baton.handoffs.queries.departments import department, still_open
from baton.handoffs.rules.mending import beyond_the_promise, rank_of
from baton.monitoring import changes as monitoring
from tests.api import Program, said, token_for
from tests.query_counts import queries_a_page
from tests.rooms.agreements.made import LINEN, terms
from tests.rooms.handoffs.test_measures import IN_TWO_HOURS, NO_RETURNS, agreed, handed_over
from tests.rooms.handoffs.test_pages import asked
from tests.world import NOON, SYSTEM, World

PAGE = "/handoffs/departments/"
EASY = terms(IN_TWO_HOURS, attainment=10.0)
FEW_RETURNS = terms(NO_RETURNS, target=80.0)


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"


def promise(status: str, promised: float, reached: float, low: float, high: float, n: int) -> dict[str, Any]:
    return {"status": status, "promised": promised, "reached": reached, "low": low, "high": high, "n": n}


MANY_A_LITTLE = promise("broken", 0.99, 0.98, 0.977, 0.983, 10_000)
FEW_A_LOT = promise("broken", 0.95, 0.5, 0.35, 0.65, 40)
RATE = promise("broken", 0.02, 0.05, 0.03, 0.08, 1_000)
RISK = promise("at_risk", 0.95, 0.9, 0.8, 0.96, 100)
FEW = promise("unknown", 0.95, 0.5, 0.1, 0.97, 4)
KEPT = promise("kept", 0.95, 0.99, 0.96, 0.999, 400)


def test_the_worst_is_the_broken_one_of_which_the_most_cases_failed_beyond_doubt() -> None:
    assert beyond_the_promise(MANY_A_LITTLE, most=False) == pytest.approx(70)
    assert beyond_the_promise(FEW_A_LOT, most=False) == pytest.approx(12)
    assert beyond_the_promise(RATE, most=True) == pytest.approx(10)
    assert beyond_the_promise(RISK, most=False) == pytest.approx(5), "what is not broken goes by what was reached"
    assert beyond_the_promise(KEPT, most=False) < 0
    ranks = [
        rank_of(one, most=one is RATE) for one in (MANY_A_LITTLE, FEW_A_LOT, RATE, RISK, FEW, KEPT, None)
    ]  # fmt: skip
    assert ranks == sorted(ranks)


def measured(world: World) -> None:
    """Clean linen comes late in two of three cases, which breaks one promise and keeps an easy one; one piece came
    back; one is open and overdue."""
    agreed(world, FEW_RETURNS, EASY, IN_TWO_HOURS)
    made = [handed_over(world, days, 1.0 if days % 3 == 0 else 3.0) for days in range(2, 62)]
    changes.return_handoff(
        by=world.actor(world.chen_jie), at=NOON, handoff=made[0], phenomenon="Torn", when=NOON - timedelta(days=1)
    )
    handed_over(world, 1, None, due_at=NOON - timedelta(hours=3))
    monitoring.refresh(by=SYSTEM, at=NOON)
    refresh_figures(by=SYSTEM, at=NOON)


def test_both_directions_of_a_department(world: World) -> None:
    measured(world)
    laundry = department(viewer=world.actor(world.zhao_lei), at=NOON, party=world.laundry.public_id)
    (row,) = standing_rows(laundry, "owes", NOON)[:1]
    assert row.standing.link.public_id == world.laundry_ward.public_id
    assert [one.row.status for one in row.promises] == ["broken", "kept", "kept"]
    assert row.promises[0].row.clause.terms.attainment == 90.0
    assert row.still is not None
    assert (row.still.handoffs, row.still.overdue, row.still.returns, row.returns) == (2, 1, 1, 1)
    assert {one.link.supplier.public_id for one in laundry.gets} == {world.ward.public_id, world.linenco.public_id}
    ward = department(viewer=world.actor(world.wang_fang), at=NOON)
    assert [one.link.public_id for one in ward.gets if one.clauses] == [world.laundry_ward.public_id]
    whole = department(viewer=world.actor(world.liu_yang), at=NOON, party=world.nursing.public_id)
    assert {one.link.public_id for one in whole.gets} == {one.link.public_id for one in ward.gets}, "with its parts"


def test_a_duty_is_owed_by_the_customer(world: World) -> None:
    agreed(world, NO_RETURNS, terms(NO_RETURNS, owed_by=Side.CUSTOMER))
    handed_over(world, 2)
    ward = department(viewer=world.actor(world.wang_fang), at=NOON, party=world.ward.public_id)
    (duty,) = [one for one in ward.owes if one.owed_by is Side.CUSTOMER]
    assert (duty.ower.public_id, duty.getter.public_id) == (world.ward.public_id, world.laundry.public_id)
    (row,) = [one for one in standing_rows(ward, "owes", NOON) if one.standing is duty]
    assert (row.still, row.returns, row.other) == (None, None, "Laundry")


def test_what_is_open_is_counted_as_the_records_say(world: World) -> None:
    link = world.laundry_ward.pk
    assert still_open(viewer=SYSTEM, at=NOON, links=[link]) == {}
    handed_over(world, 1, None, due_at=NOON + timedelta(hours=1))
    handed_over(world, 1, None, due_at=NOON - timedelta(hours=1))
    found = still_open(viewer=SYSTEM, at=NOON, links=[link])[link]
    assert (found.handoffs, found.overdue, found.to_accept, found.returns) == (2, 1, 0, 0)


@pytest.mark.sqlite
def test_the_page_says_what_to_mend_first(world: World) -> None:
    measured(world)
    head = world.client(world.zhao_lei)
    own = head.get(PAGE).content.decode()
    for words in ("What to mend first", "At least", "handoffs more than promised failed", "Clean linen", "1 overdue",
                  "What we owe", "What we get"):  # fmt: skip
        assert words in own, words
    page = world.client(world.wang_fang).get(f"{PAGE}?party={world.ward.public_id}").content.decode()
    assert "What to ask for first" in page
    assert "What it gets" in page
    party = head.get(f"/parties/{world.laundry.public_id}/").content.decode()
    short = f"{PAGE}{world.laundry.public_id}/short/"
    for words in ("Kept promises", f'hx-get="{short}"', f"{PAGE}?party={world.laundry.public_id}"):
        assert words in party, words
    part = head.get(short).content.decode()
    for words in ("What it owes", "1 overdue", "What to mend first", "Clean linen"):
        assert words in part, words


def test_without_figures_the_page_says_what_to_do(world: World) -> None:
    page = world.client(world.zhao_lei).get(PAGE).content.decode()
    assert "No figures yet" in page
    assert "Nothing was measured here yet" in page
    nobody = world.client(world.he_jun).get(PAGE).content.decode()
    assert "Whose promises?" in nobody


@pytest.mark.sqlite
def test_who_may_not_see_a_party_or_link_finds_nothing(world: World) -> None:
    ward = world.ward.public_id
    assert world.client(world.he_ping).get(f"{PAGE}?party={ward}").status_code == 404
    assert world.client(world.tom_reed).get(PAGE).status_code == 403
    assert world.client(world.ivy_stone).get(f"{PAGE}?party={ward}").status_code == 404
    assert world.client().get(PAGE).status_code == 302
    for who, status in ((world.he_ping, 404), (world.tom_reed, 403), (world.he_jun, 200)):
        assert world.client(who).get(f"{PAGE}{ward}/short/").status_code == status
    assert "short/" not in world.client(world.tom_reed).get(f"/parties/{world.patient.public_id}/").content.decode()
    assert world.client(world.he_jun).get(f"{PAGE}?party={ward}").status_code == 200
    with pytest.raises(NotFound):
        department(viewer=world.actor(world.he_jun), at=NOON, party="nothing")
    chen = department(viewer=world.actor(world.chen_jie), at=NOON, party=world.linenco.public_id)
    seen = {one.link.public_id for one in [*chen.owes, *chen.gets]}
    assert seen == {world.linenco_laundry.public_id}, "what LinenCo delivers to Stores is not in her sight"


def test_the_table_has_a_row_a_clause(world: World) -> None:
    measured(world)
    answer = world.client(world.zhao_lei).get(f"{PAGE}export.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    linen = [row for row in rows if row["Link"] == world.laundry_ward.number]
    assert [row["Status"] for row in linen] == ["Broken", "Kept", "Kept"]
    assert (linen[0]["Promised"], linen[0]["Overdue"], linen[0]["Returns"]) == ("0.9", "1", "1")
    others = [row for row in rows if row["Link"] == world.linenco_laundry.number]
    assert [row["Status"] for row in others] == ["Nothing is promised"]


@pytest.mark.sqlite
def test_programs_read_the_same(world: World) -> None:
    measured(world)
    found = said(Program(token_for(world.zhao_lei)).get(f"/kept-promises/parties/{world.laundry.public_id}"))
    linen = found["owes"][0]
    assert (linen["link"], linen["open"], linen["overdue"], linen["returns"]) == (
        world.laundry_ward.public_id, 2, 1, 1,
    )  # fmt: skip
    assert [one["status"] for one in linen["clauses"]] == ["broken", "kept", "kept"]
    assert {one["number"] for one in found["gets"]} == {world.ward_laundry.number, world.linenco_laundry.number}


@pytest.mark.sqlite
def test_more_links_ask_no_more_queries(world: World) -> None:
    measured(world)
    manager = world.client(world.lin_mei)
    one, more = f"{PAGE}?party={world.laundry.public_id}", f"{PAGE}?party={world.ward.public_id}"
    manager.get(one)
    counts = queries_a_page(manager, [one, more])
    assert counts[one] == counts[more]
    assert LINEN.owed_by == "supplier"
    assert asked(world).number in world.client(world.chen_jie).get("/handoffs/").content.decode()
