"""Tables that programs import: checked, entered, known again, withdrawn."""

from __future__ import annotations

from django.utils import timezone

from baton.chain.models import Output
from baton.core.worker import Worker
from tests.api import Program, said, token_for
from tests.world import World

TABLE = "Item code,Name (English),Kind of output\nSC-1,Scrubs,service\nSC-2,Hoods,strange\n"


def test_a_table_is_checked_entered_and_withdrawn(world: World) -> None:
    program = Program(token_for(world.lin_mei))
    sent = {"target": "outputs", "name": "Nightly", "table": TABLE}
    first = program.post("/imports", sent, key="same-key-1")
    assert (first.status_code, said(first)["state"]) == (201, "checking")
    again = program.post("/imports", sent, key="same-key-1")
    assert (said(again)["id"], again["Idempotent-Replayed"]) == (said(first)["id"], "true")
    Worker().drain(timezone.now())
    address = f"/imports/{said(first)['id']}"
    seen = said(program.get(address))
    assert (seen["state"], seen["rows"], seen["new"], seen["refused"]) == ("checked", 2, 1, 1)
    assert [(one["row"], one["column"]) for one in seen["mistakes"]] == [(3, "Kind of output")]
    refused = program.post(f"{address}/enter", {"version": seen["version"]})
    assert (refused.status_code, said(refused)["errors"][0]["found"]) == (422, "Refused rows: 1.")
    body = {"version": seen["version"], "leave_refused_out": True}
    assert said(program.post(f"{address}/enter", body))["state"] == "entering"
    Worker().drain(timezone.now())
    assert Output.objects.filter(item_code="SC-1").exists()
    entered = said(program.get(address))
    body = {"version": entered["version"], "reason": "Wrong file"}
    assert said(program.post(f"{address}/withdraw", body))["state"] == "withdrawn"
    assert not Output.objects.filter(item_code="SC-1").exists()
    assert [row["id"] for row in said(program.get("/imports"))["rows"]] == [entered["id"]]


def test_tables_that_cannot_be_imported_are_refused_with_a_remedy(world: World) -> None:
    program = Program(token_for(world.lin_mei))
    for sent, field in (
        ({"target": "shoes", "table": "a\n1\n"}, "target"),
        ({"target": "outputs", "table": "Name (English)\n"}, "table"),
        ({"target": "outputs", "table": "Name (English)\nX\n", "mapping": "HR"}, "mapping"),
    ):
        answer = program.post("/imports", {"name": "Nightly", **sent})
        assert (answer.status_code, said(answer)["errors"][0]["field"]) == (422, field)
        assert said(answer)["errors"][0]["remedy"]
    assert said(program.get("/imports"))["rows"] == []


def test_messages_of_the_api_fit_programs(world: World) -> None:
    program = Program(token_for(world.lin_mei))
    assert "200 or less" in said(program.get("/parties?limit=1000000000"))["detail"]
    assert "1 or more" in said(program.get("/parties?limit=-1"))["detail"]
    body = {"kind": "strange", "name": {"en": "X"}}
    assert "department, team" in said(program.post("/parties", body))["detail"]
    for name in ("A", "B"):
        answer = program.post("/parties", {"kind": "team", "name": {"en": name}}, key="used-twice")
    assert (answer.status_code, "another body" in said(answer)["detail"]) == (422, True)
