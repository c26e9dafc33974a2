"""A program brings an event log, says what its columns mean, reads what was found, accepts and withdraws it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from baton.chain.models import EventLog, Link
from baton.core import uploads
from baton.core.api.door import FILE_TYPE
from baton.core.worker import Worker
from tests.api import Program, said, token_for
from tests.rooms.api.test_bad_calls import problem_of
from tests.rooms.chain.test_event_logs import log_file
from tests.world import World

COLUMNS = {"case": "case", "party": "team", "party_kind": "department", "time": "time", "activity": "activity"}


@pytest.fixture
def manager(world: World) -> Program:
    return Program(token_for(world.lin_mei))


def bring(program: Program, content: bytes | None = None, **given: Any) -> Any:
    raw = content if content is not None else log_file().read()
    return program.call("POST", "/event-logs?name=specimens.csv", raw=raw, **{"Content_Type": FILE_TYPE, **given})


def kept_files() -> int:
    folder = uploads.location(uploads.FOLDER)
    return len(list(folder.iterdir())) if folder.exists() else 0


def mined(program: Program) -> Any:
    log = said(bring(program))
    answer = program.post(f"/event-logs/{log['id']}/columns", {**COLUMNS, "version": log["version"]})
    assert (answer.status_code, said(answer)["state"]) == (200, "reading"), answer.content
    assert Worker().drain(timezone.now() + timedelta(seconds=5)).failed == 0
    return said(program.get(f"/event-logs/{log['id']}"))


def test_from_the_file_to_facts_and_back(manager: Program, world: World) -> None:
    log = mined(manager)
    assert (log["state"], log["columns"]["party"], log["failure"], log["file"]) == ("mined", "team", "", None)
    assert (log["found"]["handovers"], log["found"]["parties"], log["found"]["names_matched"]) == (6, 3, 2)
    path = f"/event-logs/{log['id']}"
    first = said(manager.get(f"{path}/pairs?limit=1"))
    assert (first["rows"][0]["supplier"], first["rows"][0]["handovers"]) == ("Ward 3", 3)
    assert said(manager.get(f"{path}/pairs?limit=1&cursor={first['next']}"))["rows"][0]["supplier"] != "Ward 3"
    (porters,) = said(manager.get(f"{path}/names?unmatched=true"))["rows"]
    assert (porters["name"], porters["party"]) == ("Porters", None)
    named = {"name": "Porters", "party": world.stores.public_id, "seen": None}
    assert said(manager.post(f"{path}/names", named))["found"]["names_matched"] == 3
    problem_of(manager.post(f"{path}/names", named), 409)  # by now another party stands there than was seen
    undeclared = said(manager.get(f"{path}/comparison?finding=undeclared"))["rows"]
    pairs = [{"supplier": row["supplier"], "customer": row["customer"]} for row in undeclared]
    assert ("Laboratory", "Stores") in {(row["supplier"], row["customer"]) for row in undeclared}
    chosen = {"pairs": [{"supplier": "Laboratory", "customer": "Porters"}], "output": {"en": "Results"}}
    made = said(manager.post(f"{path}/make-links", chosen))
    assert (made["state"], len(made["links"]), len(pairs) >= 1) == ("sealed", 1, True)
    assert Link.objects.get(public_id=made["links"][0]["id"]).customer == world.stores
    assert problem_of(manager.post(f"{path}/make-links", chosen), 422)["errors"][0]["field"] == "pairs"
    log = said(manager.get(path))
    log = said(manager.post(f"{path}/accept", {"version": log["version"]}))
    assert log["state"] == "accepted"
    assert problem_of(manager.post(f"{path}/withdraw", {"version": log["version"]}), 422)
    gone = {"version": log["version"], "reason": "Wrong file"}
    answers = [manager.post(f"{path}/withdraw", gone, key="take-it-back") for _again in range(2)]
    assert [said(answer)["state"] for answer in answers] == ["withdrawn"] * 2
    assert manager.get(path).status_code == 404


def test_a_file_that_comes_again_is_kept_once(manager: Program) -> None:
    before = kept_files()
    answers = [bring(manager, key="key-of-one-file") for _again in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert said(answers[0]) == said(answers[1])
    assert answers[1]["Idempotent-Replayed"] == "true"
    assert said(answers[0])["file"]["proposed"]["case"] == "case"
    assert (EventLog.objects.count(), kept_files() - before) == (1, 1)
    assert problem_of(bring(manager, b"case,team\n1,A\n", key="key-of-one-file"), 422)["type"].endswith("#key-used")
    assert "imported once" in problem_of(bring(manager), 422)["detail"]
    assert kept_files() - before == 1, "what is refused leaves nothing behind"


def test_a_file_is_bounded_and_comes_as_such(manager: Program, settings: Any) -> None:
    settings.EVENT_LOG_LIMIT_MIB = 1
    problem_of(bring(manager, b"x" * (1024**2 + 1)), 413)
    assert problem_of(bring(manager, Content_Type="text/csv"), 415)["type"].endswith("#not-a-file")
    problem_of(bring(manager, b"\n"), 422)
    problem_of(bring(manager, b"PAR1 is not parquet PAR1"), 422)
    assert not EventLog.objects.exists()


def test_a_file_that_is_gone_is_said(manager: Program) -> None:
    log = said(bring(manager))
    uploads.discard(EventLog.objects.get(public_id=log["id"]).path)
    path = f"/event-logs/{log['id']}"
    assert "backup" in problem_of(manager.get(path), 422)["detail"]
    problem_of(manager.post(f"{path}/columns", {**COLUMNS, "version": log["version"]}), 422)
    gone = manager.post(f"{path}/withdraw", {"version": log["version"], "reason": "Lost"})
    assert said(gone)["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"case": "order"}, "case"),
        ({"party": "case"}, "party"),
        ({"zone": "Mars/Olympus"}, "zone"),
    ],
)
def test_columns_that_make_no_sense_are_refused(manager: Program, wrong: dict[str, str], field: str) -> None:
    log = said(bring(manager))
    answer = manager.post(f"/event-logs/{log['id']}/columns", {**COLUMNS, **wrong, "version": log["version"]})
    assert problem_of(answer, 422)["errors"][0]["field"] == field


def test_a_column_that_sounds_like_persons_needs_somebodys_word(manager: Program) -> None:
    log = said(bring(manager, b"case,user\n1,A\n1,B\n"))
    sent = {"case": "case", "party": "user", "party_kind": "team", "version": log["version"]}
    path = f"/event-logs/{log['id']}/columns"
    assert problem_of(manager.post(path, sent), 422)["errors"][0]["field"] == "party_kind"
    assert said(manager.post(path, {**sent, "not_persons": True}))["state"] == "reading"
