"""Phases and specification limits of a link through the API, from saying to withdrawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api import Program, said, token_for
from tests.rooms.api.matrix.parts.monitoring import on_chart

if TYPE_CHECKING:
    from tests.world import World


@pytest.mark.django_db
def test_phases_and_limits_are_said_corrected_and_withdrawn(world: World) -> None:
    on_chart(world)
    manager = Program(token_for(world.lin_mei))
    link = f"/monitoring/links/{world.laundry_ward.public_id}"
    before = {"measure": "waiting_time", "day": "2025-12-18", "reason": "Second dryer", "limits_from": "2025-06-12"}
    begun = manager.post(f"{link}/phases", before)
    assert begun.status_code == 201, begun.content
    phase = said(begun)
    assert (phase["week"], phase["limits_from"], phase["baseline_weeks"]) == ("2025-12-15", "2025-06-09", 20)
    refused = manager.post(f"{link}/phases", before | {"day": "2020-01-01"})
    assert refused.status_code == 422
    assert said(refused)["errors"][0]["field"] == "day"
    right = {"day": "2025-12-08", "reason": "Second dryer", "why": "It came earlier", "baseline_weeks": 8}
    assert manager.call("PATCH", f"{link}/phases/{phase['id']}", right).status_code == 428, "which version was seen"
    seen = right | {"version": phase["version"]}
    corrected = said(manager.call("PATCH", f"{link}/phases/{phase['id']}", seen))
    assert (corrected["week"], corrected["limits_from"], corrected["baseline_weeks"]) == ("2025-12-08", None, 8)
    stale = manager.call("PATCH", f"{link}/phases/{phase['id']}", seen)
    assert stale.status_code == 409
    back = {"reason": "Wrong link", "version": corrected["version"]}
    assert said(manager.post(f"{link}/phases/{phase['id']}/withdraw", back))["withdrawn_at"]
    assert [row["reason"] for row in said(manager.get(f"{link}/phases"))["rows"]] == ["Dryer", "Second dryer"]

    limits = {"upper": 7_200, "target": 3_600, "scale": "log", "began_on": "2026-01-05", "reason": "Agreed"}
    held = said(manager.post(f"{link}/limits", limits))
    assert (held["upper"], held["scale"]) == (7_200.0, "log")
    assert manager.post(f"{link}/limits", limits | {"upper": None, "target": None}).status_code == 422
    assert len(said(manager.get(f"{link}/limits"))["rows"]) == 2
    gone = manager.post(f"{link}/limits/{held['id']}/withdraw", {"reason": "Not agreed", "version": held["version"]})
    assert gone.status_code == 200, gone.content
    assert [row["reason"] for row in said(manager.get(f"{link}/limits"))["rows"]] == ["Agreed"]
    assert said(manager.get(f"{link}/capability"))["rows"] == [], "no run has computed it yet"
