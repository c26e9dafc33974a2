"""Programs hold review meetings: they plan, minute, decide and close them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.agreements.changes import agenda, decisions
from baton.agreements.models import ReviewMeeting
from tests.api import Program, in_one_minute, token_for
from tests.rooms.agreements.meetings import LATER, decided, owner, planned
from tests.world import NOON, World


def test_a_program_holds_and_closes_a_meeting(world: World) -> None:
    program, meeting = Program(token_for(world.wang_fang)), planned(world)
    own = f"/reviews/{meeting.public_id}"
    guest = program.post(f"{own}/people", {"name": "Ana Silva", "side": "supplier"}).json()
    assert (guest["name"], guest["person"], guest["side"]) == ("Ana Silva", None, "supplier")
    point = program.post(f"{own}/agenda", {"title": "Lift"}).json()
    first = program.post(f"/agenda-items/{point['id']}/move", {"position": 1}).json()
    assert first["position"] == 1
    due = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    said = {"words": "Repair it", "owner": guest["id"], "due_on": due, "item": point["id"]}
    decision = program.post(f"{own}/decisions", said).json()
    assert (decision["owner"], decision["item"]) == ("Ana Silva", point["id"])
    assert program.post(f"/meeting-people/{guest['id']}/take-off", {}).status_code == 422  # she owns a decision
    version = program.get(own).json()["version"]
    unheld = program.post(f"{own}/close", {"version": version})
    assert (unheld.status_code, "who was there" in unheld.json()["detail"]) == (422, True)
    here = owner(meeting, world.wang_fang).public_id
    assert program.post(f"{own}/attendance", {"attendance": {here: "present"}}).status_code == 200
    closed = program.post(f"{own}/close", {"version": version}).json()
    assert (closed["state"], closed["outcome"]) == ("held", None)
    late = program.patch(f"/agenda-items/{point['id']}", {"minutes": "x", "version": first["version"]})
    assert "stand still" in late.json()["detail"]
    done = program.post(f"/decisions/{decision['id']}/end", {"done": True, "version": decision["version"]}).json()
    again = {"why": "It broke again", "version": done["version"]}
    reopened = program.post(f"/decisions/{decision['id']}/reopen", again).json()
    assert (reopened["state"], reopened["done_on"]) == ("open", None)
    twice = program.post(f"/decisions/{decision['id']}/reopen", {**again, "version": reopened["version"]})
    assert "done or dropped" in twice.json()["detail"]
    to = {"person": world.gao_ming.public_id, "version": reopened["version"]}
    assert program.post(f"/decisions/{decision['id']}/hand-over", to).json()["owner"] == "Gao Ming"


def test_an_owner_or_a_point_of_another_meeting_is_refused(world: World) -> None:
    program, meeting, other = Program(token_for(world.wang_fang)), planned(world), planned(world)
    stranger = owner(other, world.zhao_lei).public_id
    mine = owner(meeting, world.zhao_lei).public_id
    item = agenda.add_item(by=world.actor(world.wang_fang), at=NOON, meeting=other, title="Lift").public_id
    said = {"words": "Repair it", "due_on": (datetime.now(UTC) + timedelta(days=9)).date().isoformat()}
    for asked, field in (({"owner": stranger}, "owner"), ({"owner": mine, "item": item}, "item")):
        answer = program.post(f"/reviews/{meeting.public_id}/decisions", {**said, **asked})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(
    "when",
    [
        {"starts_at": "0001-01-01T00:00:00+14:00", "ends_at": "0001-01-01T01:00:00+14:00"},
        {"starts_at": "9999-12-31T22:00:00-12:00", "ends_at": "9999-12-31T23:00:00-12:00"},
    ],
)
def test_days_at_the_ends_of_time_are_refused(world: World, when: dict[str, Any]) -> None:
    program = Program(token_for(world.wang_fang))
    answer = program.post("/reviews", {"link": world.laundry_ward.public_id, **when})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "day")
    assert not ReviewMeeting.objects.exists()


@pytest.mark.sqlite
def test_a_meeting_with_many_decisions_is_read_with_as_few_queries(world: World) -> None:
    program, meeting = Program(token_for(world.wang_fang)), planned(world)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert program.get(f"/reviews/{meeting.public_id}").status_code == 200
        return len(asked)

    decided(world, meeting)
    queries()  # the first call also notes the use of the token
    few = in_one_minute(queries)
    for n in range(4):
        more = decided(world, meeting, words=f"Decision {n}")
        decisions.end_decision(by=world.actor(world.wang_fang), at=LATER, decision=more, done=False, note="No")
    assert in_one_minute(queries) == few
