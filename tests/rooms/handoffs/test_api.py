"""Handoffs through the API: entered, taken through their steps, what is refused and why. Who may: the matrix."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from baton.handoffs import changes
from baton.handoffs.models import Handoff
from baton.handoffs.rules import Moments
from tests.api import Program, said, token_for
from tests.rooms.handoffs.made import delivered, requested
from tests.world import NOON, World

pytestmark = pytest.mark.sqlite

SENT: dict[str, Any] = {
    "requested_at": "2026-05-30T08:00:00+08:00", "delivered_at": "2026-05-30T16:10:00+08:00", "reference": "LOT-7",
    "system": "SAP", "key": "4500017", "zone": "Asia/Shanghai",
    "lines": [{"name": "Sheets", "unit": "pc", "ordered": 100, "delivered": 97.5}],
}  # fmt: skip


def entered(world: World, **more: Any) -> Any:
    laundry = Program(token_for(world.gao_ming))
    return laundry.post("/handoffs", {"link": world.laundry_ward.public_id, **SENT, **more})


def test_from_entering_to_accepting_a_part(world: World) -> None:
    made = said(entered(world))
    assert (made["state"], made["occurred_at"]) == ("delivered", "2026-05-30T00:00:00Z")
    [line] = made["lines"]
    assert (line["ordered"], line["delivered"], line["accepted"]) == (100.0, 97.5, None)
    ward = Program(token_for(world.chen_jie))
    less = {"line": line["id"], "refused": 0.5, "phenomenon": "Torn"}
    step = {"version": made["version"], "step": "accept_part", "lines": [less]}
    held = said(ward.post(f"/handoffs/{made['id']}/steps", step))
    assert (held["state"], held["lines"][0]["accepted"], held["returns"][0]["quantity"]) == ("partly", 97.0, 0.5)
    returned = held["returns"][0]
    answer = {"version": returned["version"], "way": "settle", "said": "Credited"}
    assert said(ward.post(f"/handoff-returns/{returned['id']}/answers", answer))["state"] == "settled"
    listed = said(ward.get("/handoffs?search=LOT-7&state=accepted"))["rows"]
    assert [one["id"] for one in listed] == [made["id"]]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"due_at": "2026-05-30T07:00:00+08:00"}, "due_at"),
        ({"delivered_at": "2126-05-30T07:00:00+08:00"}, "delivered_at"),
        ({"delivered_at": "2026-02-31T07:00:00+08:00"}, "delivered_at"),
        ({"delivered_at": "2026-05-30T07:00:00"}, "delivered_at"),
        ({"delivered_at": "1780000000"}, "delivered_at"),
        ({"delivered_at": 1780000000}, "delivered_at"),
        ({"lines": [{"name": "Sheets", "delivered": -1}]}, "lines.0.delivered"),
        ({"lines": [{"name": "Sheets", "delivered": "1,5"}]}, "lines.0.delivered"),
        ({"lines": [{"name": "Sheets", "delivered": 5, "refused": 6}]}, "lines.0.refused"),
        (
            {"lines": [{"name": "Sheets"}, {"name": "Towels", "item_code": " ", "unit": "pc", "delivered": 0.0000001}]},
            "lines.1.delivered",
        ),
        ({"lines": [{"name": "Sheets", "delivered": 5, "accepted": 2}]}, "lines.0.accepted"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_said(world: World, more: dict[str, Any], field: str) -> None:
    answer = entered(world, **more)
    assert answer.status_code == 422, answer.content
    assert [one["field"] for one in answer.json()["errors"]][:1] == [field]
    assert not Handoff.objects.exists()


def test_the_same_key_of_the_system_and_the_same_call(world: World) -> None:
    said(entered(world))
    assert "It is the same handoff" in entered(world).content.decode()
    assert Handoff.objects.count() == 1


def test_a_step_takes_only_what_belongs_to_it(world: World) -> None:
    handoff = delivered(world)
    ward, steps = Program(token_for(world.chen_jie)), f"/handoffs/{handoff.public_id}/steps"
    for body, field in (
        ({"step": "accept", "priority": "urgent"}, "priority"), ({"step": "confirm_silent"}, "step"),
        ({"step": "warn_late"}, "expected_at"),
    ):  # fmt: skip
        answer = ward.post(steps, {"version": handoff.changed_seq, **body})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert ward.post(steps, {"version": 1, "step": "accept"}).status_code == 409


def test_nothing_that_is_said_of_lines_counts_for_nothing(world: World) -> None:
    handoff = requested(world)
    line = handoff.lines.first().public_id  # type: ignore[union-attr]
    steps = f"/handoffs/{handoff.public_id}/steps"
    laundry = Program(token_for(world.gao_ming))
    for lines, field in (
        ([{"line": line, "delivered": 3}, {"line": line, "delivered": 4}], "lines.1.line"),
        ([{"line": line}], "lines.0.line"),
        ([{"line": line, "delivered": 3, "refused": 1}], "lines.0.refused"),
        ([{"line": line, "delivered": 3, "unit": "kg"}], "lines.0.unit"),
    ):
        answer = laundry.post(steps, {"version": handoff.changed_seq, "step": "deliver", "lines": lines})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    came = delivered(world)
    less = [{"line": came.lines.first().public_id, "missing": 1, "delivered": 3}]  # type: ignore[union-attr]
    body = {"version": came.changed_seq, "step": "accept_part", "lines": less}
    answer = Program(token_for(world.chen_jie)).post(f"/handoffs/{came.public_id}/steps", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "lines.0.delivered")


def test_what_a_return_costs_is_said_when_it_is_settled(world: World) -> None:
    handoff = delivered(world)
    by = world.actor(world.chen_jie)
    found = changes.return_handoff(by=by, at=NOON, handoff=handoff, phenomenon="Torn").returns.get()
    answers = f"/handoff-returns/{found.public_id}/answers"
    body = {"version": found.changed_seq, "way": "withdraw", "said": "Mine", "cost": 5}
    answer = Program(token_for(world.chen_jie)).post(answers, body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cost")
    assert said(Program(token_for(world.chen_jie)).post(answers, {**body, "way": "settle"}))["cost"] == 5.0


def test_a_list_is_not_asked_for_what_there_is_not(world: World) -> None:
    made = said(entered(world))
    program = Program(token_for(world.lin_mei))
    assert program.get("/handoffs?state=acepted").status_code == 422
    assert program.get("/handoffs?order=password").status_code == 422
    for days, found in (("since=0001-01-01&until=9999-12-31", 1), ("until=0001-01-01", 0), ("since=9999-12-31", 0)):
        assert [one["id"] for one in said(program.get(f"/handoffs?{days}"))["rows"]] == [made["id"]] * found, days
        assert world.client(world.lin_mei).get(f"/handoffs/?{days}").status_code == 200
    for state in ("delivered", "open", "late", ""):
        assert program.get(f"/handoffs?state={state}").status_code == 200


def test_judgements_stay_closed_until_both_have_judged(world: World) -> None:
    at = datetime.now(UTC)
    handoff = changes.record_handoff(
        by=world.actor(world.lin_mei), at=at, link=world.laundry_ward, moments=Moments(delivered_at=at, accepted_at=at)
    )
    own = f"/handoffs/{handoff.public_id}"
    laundry, ward = Program(token_for(world.gao_ming)), Program(token_for(world.chen_jie))
    said(ward.post(f"{own}/judgements", {"side": "customer", "as_agreed": True, "fit_for_use": False}))
    assert [one["side"] for one in said(ward.get(own))["judgements"]] == ["customer"]
    assert said(laundry.get(own))["judgements"] == []
    said(laundry.post(f"{own}/judgements", {"side": "supplier", "told_in_time": False}))
    assert [one["side"] for one in said(laundry.get(own))["judgements"]] == ["customer", "supplier"]


def test_many_in_one_call_are_entered_whole_and_known_again(world: World) -> None:
    program = Program(token_for(world.lin_mei))
    rows: list[dict[str, Any]] = [
        {"link": world.laundry_ward.number, "reference": f"ORD-{n}", "requested_at": "2026-05-30T08:00:00+08:00",
         "due_at": "2026-05-30T12:00:00+08:00", "quantity_ordered": 97.5, "unit": "kg"}
        for n in range(3)
    ]  # fmt: skip
    wrong = [rows[0], {**rows[1], "due_at": "2026-05-30T07:00:00+08:00"}, {**rows[2], "link": "L-1"}]
    refused = program.post("/handoffs/batch", {"name": "MES", "system": "MES", "rows": wrong})
    assert refused.status_code == 422
    assert [error["loc"] for error in refused.json()["errors"]] == [
        ["body", "rows", 1, "due_at"],
        ["body", "rows", 2, "link"],
    ]
    assert not Handoff.everything.exists()

    made = said(program.post("/handoffs/batch", {"name": "MES", "system": "MES", "rows": rows}))
    assert (made["state"], made["new"], made["changed"]) == ("entered", 3, 0)
    rows[0]["delivered_at"] = "2026-05-30T11:00:00+08:00"
    again = said(program.post("/handoffs/batch", {"name": "MES", "system": "MES", "rows": rows}))
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 1, 2)
    assert sorted(Handoff.objects.values_list("state", flat=True)) == ["delivered", "expected", "expected"]
    same = said(program.post("/handoffs/batch", {"name": "MES", "system": "MES", "rows": rows}))
    assert (same["state"], same["unchanged"]) == ("checked", 3)
