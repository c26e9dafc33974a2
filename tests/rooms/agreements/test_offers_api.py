"""Service offers through the API."""

from __future__ import annotations

from baton.agreements import changes
from baton.agreements.models import AgreementVersion
from tests.api import Program, said, token_for
from tests.rooms.agreements.made import LINEN
from tests.rooms.agreements.offering import drafted_offer, more_wards, proposed_offer
from tests.world import NOON, World


def test_a_program_reads_what_customers_answered_and_asks_more_of_them(world: World) -> None:
    [link] = more_wards(world, 1, world.zhou_min)
    version = proposed_offer(world, drafted_offer(world), world.laundry_ward)
    program = Program(token_for(world.zhao_lei))
    [row] = said(program.get("/service-offers"))["rows"]
    assert (row["state"], row["asked"], row["accepted"], row["is_published"]) == ("proposed", 1, 0, False)
    address = f"/offer-versions/{version.public_id}"
    assert [one["answer"] for one in said(program.get(address))["customers"]] == ["waiting"]
    asked = said(program.post(f"{address}/invite", {"links": [link.public_id]}))
    assert len(asked["customers"]) == 2
    refused = program.post(f"{address}/invite", {"links": [world.pharmacy_ward.public_id]})
    assert refused.status_code == 422


def test_a_program_writes_steps_and_a_deviation_and_nobody_signs(world: World) -> None:
    draft = drafted_offer(world, LINEN)
    program = Program(token_for(world.zhao_lei))
    steps = [{"name": {"en": "Hand in"}, "minutes": 15}, {"name": {"en": "Collect"}}]
    address = f"/offer-versions/{draft.public_id}"
    shown = said(program.post(f"{address}/steps", {"steps": steps, "version": draft.changed_seq}))
    assert [(one["name"]["en"], one["minutes"]) for one in shown["steps"]] == [("Hand in", 15), ("Collect", None)]
    again = said(program.post(f"{address}/steps", {"steps": steps[::-1], "version": shown["version"]}))
    assert [one["id"] for one in again["steps"]] == [one["id"] for one in shown["steps"][::-1]]
    draft.refresh_from_db()
    version = proposed_offer(world, draft, world.laundry_ward)
    mine = AgreementVersion.objects.get(offer_version=version)
    changes.open_consultation(by=world.actor(world.wang_fang), at=NOON, version=mine)
    sent = {
        "agreement_version": mine.public_id, "line": version.clauses.get().line, "owed_by": "supplier",
        "characteristic": {"en": "Clean linen is on the ward"}, "measure": "time", "unit": "h",
        "direction": "at_most", "target": 12, "attainment": 95, "source": "handoffs",
    }  # fmt: skip
    assert said(program.post("/deviations", sent))["target"] == 12
    assert said(program.get(address))["customers"][0]["deviations"] == 1
