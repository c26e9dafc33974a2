"""Agreements through the API."""

from __future__ import annotations

import pytest

from baton.agreements import changes
from baton.agreements.models import Clause
from tests.api import Program, said, token_for
from tests.rooms.agreements.made import LINEN, drafted, first_clause, proposed
from tests.world import NOON, World

CLAUSE = {
    "owed_by": "supplier", "characteristic": {"en": "Clean linen is on the ward"}, "measure": "time", "unit": "h",
    "direction": "at_most", "target": 24, "attainment": 95, "source": "handoffs",
}  # fmt: skip


@pytest.fixture
def laundry(world: World) -> Program:
    return Program(token_for(world.zhao_lei))


def test_an_agreement_from_beginning_to_withdrawing(world: World, laundry: Program) -> None:
    begun = laundry.post("/agreements", {"link": world.laundry_ward.public_id, "clauses": [CLAUSE]})
    assert begun.status_code == 201, begun.content
    version = said(begun)
    assert (version["state"], version["clauses"][0]["standing"]) == ("draft", "on_trial")
    on = f"/agreement-versions/{version['id']}"
    added = laundry.post(f"{on}/clauses", {"owed_by": "customer", "characteristic": {"en": "Tells of changes"}})
    assert said(added)["missing"] == ["measure", "unit", "direction", "target", "source"]
    first = f"/clauses/{version['clauses'][0]['id']}"
    tighter = {name: value for name, value in CLAUSE.items() if name != "owed_by"} | {"target": 12}
    changed = laundry.patch(first, {**tighter, "version": version["clauses"][0]["version"]})
    assert said(changed)["target"] == 12
    dropped = laundry.post(f"/clauses/{said(added)['id']}/drop", {"version": said(added)["version"]})
    assert said(dropped)["dropped"] is True
    assert said(laundry.post(f"/clauses/{said(added)['id']}/restore", {"version": said(dropped)["version"]}))
    now = said(laundry.get(on))
    days = laundry.patch(on, {"starts_on": "2099-01-01", "version": now["version"]})
    proposed_now = said(laundry.post(f"{on}/step", {"step": "propose", "version": said(days)["version"]}))
    assert (proposed_now["state"], proposed_now["proposed_side"]) == ("proposed", "supplier")
    listed = said(laundry.get("/agreements?state=proposed"))
    assert [row["versions"] for row in listed["rows"]] == [[version["id"]]]
    gone = laundry.post(f"{on}/step", {"step": "withdraw", "version": proposed_now["version"]})
    assert said(gone)["state"] == "withdrawn"
    again = laundry.post(f"/agreements/{version['agreement']}/versions", {"reason": "Once more"})
    assert said(again)["number"] == 2


def test_what_does_not_fit_is_refused_and_a_stale_change_shows_what_stands(world: World, laundry: Program) -> None:
    version = drafted(world, LINEN)
    on = f"/agreement-versions/{version.public_id}/clauses"
    for wrong, field in (({"unit": "ppm"}, "unit"), ({"attainment": 101}, "attainment"), ({"target": -1}, "target")):
        answer = laundry.post(on, {**CLAUSE, **wrong})
        assert (answer.status_code, said(answer)["errors"][0]["field"]) == (422, field), answer.content
    assert laundry.post(on, {**CLAUSE, "target": "many"}).status_code == 422
    assert laundry.post(on, {**CLAUSE, "accepted_by": "me"}).status_code == 422
    clause = first_clause(version)
    tighter = {name: value for name, value in CLAUSE.items() if name != "owed_by"}
    assert laundry.patch(f"/clauses/{clause.public_id}", {**tighter, "target": 12, "version": 1}).status_code == 409
    assert Clause.objects.count() == 1


def test_nobody_reads_or_writes_beyond_his_links(world: World) -> None:
    version = proposed(world)
    clause = first_clause(version)
    stores, member = Program(token_for(world.he_ping)), Program(token_for(world.chen_jie))
    for address in (
        f"/agreements/{version.agreement.public_id}", f"/agreement-versions/{version.public_id}",
        f"/clauses/{clause.public_id}",
    ):  # fmt: skip
        assert stores.get(address).status_code == 404
        assert member.get(address).status_code == 200
    assert said(stores.get("/agreements"))["rows"] == []
    changes.open_consultation(by=world.actor(world.wang_fang), at=NOON, version=version)
    assert member.post(f"/agreement-versions/{version.public_id}/clauses", CLAUSE).status_code == 403
