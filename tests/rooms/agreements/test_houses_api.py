"""Houses of quality and promises along the chain, through the API."""

from __future__ import annotations

import pytest

from tests.api import Program, said, token_for
from tests.rooms.agreements.made import terms
from tests.rooms.agreements.test_promises import agreed
from tests.world import World


@pytest.mark.django_db
def test_a_house_from_beginning_to_a_clause(world: World) -> None:
    laundry, ward = Program(token_for(world.zhao_lei)), Program(token_for(world.wang_fang))
    begun = laundry.post("/houses", {"link": world.laundry_ward.public_id, "name": {"en": "Linen"}})
    assert begun.status_code == 201, begun.content
    on = f"/houses/{said(begun)['id']}"
    need = {"words": {"en": "on time"}, "importance": 5, "current": 2, "target": 4}
    assert ward.post(f"{on}/needs", need).status_code == 201
    built = said(ward.post(f"{on}/characteristics", {"name": {"en": "hours"}, "goal": "smaller"}))
    cell = {"need": built["needs"][0]["id"], "characteristic": built["characteristics"][0]["id"], "strength": 9}
    judged = laundry.patch(f"{on}/judgements", {"relations": [cell], "version": built["version"]})
    assert judged.status_code == 200, judged.content
    weighed = said(judged)["characteristics"][0]
    assert (weighed["by_importance"], weighed["weight"], weighed["rank"]) == (45, 90, 1)
    late = laundry.patch(f"{on}/judgements", {"relations": [cell], "version": built["version"]})
    assert (late.status_code, said(late)["theirs"]["relations"]) == (409, [cell])
    wrong = laundry.patch(f"{on}/judgements", {"relations": [{**cell, "strength": 5}], "version": 1})
    assert wrong.status_code == 422
    clause = laundry.post(f"/house-characteristics/{cell['characteristic']}/promise", {})
    assert clause.status_code == 201, clause.content
    assert said(clause)["characteristic"] == {"en": "hours"}
    assert said(laundry.get(on))["needs"][0]["has_clause"] is True
    assert len(said(laundry.get("/houses"))["rows"]) == 1
    assert said(Program(token_for(world.he_ping)).get("/houses"))["rows"] == []


@pytest.mark.django_db
def test_promises_are_added_up(world: World) -> None:
    agreed(world, world.laundry_ward, terms(target=24.0))
    agreed(world, world.ward_patient, terms(target=12.0, attainment=80.0))
    found = said(Program(token_for(world.chen_jie)).get(f"/promises?start={world.laundry.public_id}"))
    way = found["ways"][0]
    assert (way["seconds"], way["promised_seconds"]) == (24 * 3600, 12 * 3600)
    assert [one["kind"] for one in way["contradictions"]] == ["time"]
    assert (way["attainment"]["verdict"], way["last"]["link"]) == ("guaranteed", world.ward_patient.public_id)
