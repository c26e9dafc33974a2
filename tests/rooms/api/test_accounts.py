"""Accounts and contacts through the API: masked, shown only with a trace, never to who does not deal with them."""

from __future__ import annotations

from baton.chain.models import Contact
from baton.core.models import AuditEntry
from tests.api import Program, said, token_for
from tests.world import World


def test_an_account_and_its_contact_from_adding_to_ending(world: World) -> None:
    program = Program(token_for(world.chen_jie))
    patient = world.patient.public_id
    account = said(program.post("/accounts", {"party": patient, "number": "A-1", "name": "Li household"}))
    for n in range(2, 6):
        assert program.post("/accounts", {"party": patient, "number": f"A-{n}", "name": "Other"}).status_code == 201
    seen: list[str] = []
    cursor = ""
    while True:
        part = said(program.get(f"/accounts?party={patient}&limit=2&cursor={cursor}"))
        seen += [row["number"] for row in part["rows"]]
        cursor = part["next"]
        if not cursor:
            break
    assert seen == [f"A-{n}" for n in range(1, 6)]
    twice = program.post("/accounts", {"party": patient, "number": "a-1", "name": "Again"})
    assert (twice.status_code, said(twice)["errors"][0]["field"]) == (422, "number")
    inside = program.post("/accounts", {"party": world.ward.public_id, "number": "1", "name": "No"})
    assert inside.status_code in {403, 422}

    body = {"account": account["id"], "name": "Li Na", "phone": "138 1234 1234", "email": "li.na@example.org"}
    added = program.post("/contacts", body)
    assert added.status_code == 201, added.content
    contact = said(added)
    assert (contact["phone"], contact["reachable"]) == ("138****1234", "no_consent")
    assert "li.na@" not in added.content.decode()
    path = f"/contacts/{contact['id']}"
    no_source = program.patch(path, {"consented_on": "2026-05-01", "version": contact["version"]})
    assert said(no_source)["errors"][0]["field"] == "consent_source"
    agreed = {"consented_on": "2026-05-01", "consent_source": "Form", "version": contact["version"]}
    now = said(program.patch(path, agreed))
    assert (now["reachable"], Contact.objects.get().phone) == ("yes", "13812341234")
    quiet = said(program.patch(path, {"quiet": True, "version": now["version"]}))
    assert quiet["reachable"] == "quiet"
    assert [row["id"] for row in said(program.get(f"/contacts?party={patient}&quiet=true"))["rows"]] == [contact["id"]]
    assert said(program.get(f"/contacts?account={account['id']}"))["rows"][0]["phone"] == "138****1234"
    assert [row["number"] for row in said(program.get(f"/accounts?party={patient}&search=13812341234"))["rows"]] == [
        "A-1"
    ]
    for wrong in ("", f"?account={account['id']}&party={patient}"):
        assert program.get(f"/contacts{wrong}").status_code == 422
    assert said(program.post(f"{path}/end", {"version": quiet["version"]}))["ended_on"]
    assert said(program.post(f"/accounts/{account['id']}/end", {"version": account["version"]}))["state"] == "ended"


def test_a_contact_is_shown_unmasked_with_a_trace_each_time(world: World) -> None:
    program = Program(token_for(world.chen_jie))
    account = said(
        program.post("/accounts", {"party": world.patient.public_id, "number": "A-1", "name": "Li household"})
    )
    contact = said(program.post("/contacts", {"account": account["id"], "name": "Li Na", "phone": "13812341234"}))
    path = f"/contacts/{contact['id']}/show"
    assert Program(token_for(world.chen_jie, "accounts:read")).post(path, {}).status_code == 403
    assert Program(token_for(world.zhao_lei)).post(path, {}).status_code == 404
    assert not AuditEntry.objects.filter(action="contact.shown").exists()
    for _n in range(2):
        assert said(program.post(path, {}, key="the-same-key"))["phone"] == "13812341234"
    trace = AuditEntry.objects.filter(action="contact.shown")
    assert list(trace.values_list("actor", flat=True)) == [world.chen_jie.public_id] * 2
    assert program.call("GET", path).status_code in {404, 405}
