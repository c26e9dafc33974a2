"""Questionnaires as programs write and read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from baton.feedback.models import Questionnaire
from baton.feedback.rules.library import LIBRARY
from tests.api import Program, said, token_for
from tests.rooms.feedback.asked import written

if TYPE_CHECKING:
    from tests.world import World


def test_what_is_read_can_be_written_again(world: World) -> None:
    program = Program(token_for(world.lin_mei))
    for one in LIBRARY:
        found = written(world, name=one.name, purpose=one.purpose, contents=one.contents)
        shown = said(program.get(f"/questionnaires/{found.public_id}"))
        sent = {name: shown[name] for name in ("name", "purpose", "sections")}
        made = said(program.post("/questionnaires", sent))
        again = Questionnaire.objects.get(public_id=made["id"])
        assert again.contents == one.contents, one.key
        assert (again.name, again.purpose) == (one.name, one.purpose)


def test_a_program_lists_changes_and_ends(world: World) -> None:
    found, program = written(world), Program(token_for(world.lin_mei))
    [row] = said(program.get("/questionnaires?search=internal"))["rows"]
    assert row["number"] == found.number
    kept = [section for section in row["sections"] if section["key"] == "service"]
    address = f"/questionnaires/{found.public_id}"
    changed = said(program.patch(address, {"sections": kept, "version": row["version"]}))
    assert [section["key"] for section in changed["sections"]] == ["service"]
    assert changed["name"] == row["name"]
    stale = program.patch(address, {"name": {"en": "Late"}, "version": row["version"]})
    assert stale.status_code == 409
    assert stale.json()["theirs"]["version"] == changed["version"]
    assert said(program.post(f"{address}/end", {"why": "Replaced", "version": changed["version"]}))["ended_at"]
    assert said(program.get("/questionnaires"))["rows"] == []
    assert len(said(program.get("/questionnaires?state=ended"))["rows"]) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": {"zh-hans": "好"}}, "words"), ({"key": "on_time"}, "key"), ({"high": 30}, "high"),
        ({"anchors": []}, "anchors"), ({"words": {"en": "{{7*7}}"}}, "words"),
        ({"when": {"question": "nobody", "answers": ["1"]}}, "when"),
        ({"options": [{"key": "one", "words": {"en": "One"}}]}, "options"),
    ],
)  # fmt: skip
def test_a_fault_says_in_which_question_it_is(world: World, wrong: dict[str, object], field: str) -> None:
    found, program = written(world), Program(token_for(world.lin_mei))
    shown = said(program.get(f"/questionnaires/{found.public_id}"))
    sections = shown["sections"]
    sections[0]["questions"][1] |= wrong
    answer = program.patch(f"/questionnaires/{found.public_id}", {"sections": sections, "version": shown["version"]})
    assert answer.status_code == 422
    assert f"sections.0.questions.1.{field}" in answer.content.decode()
    found.refresh_from_db()
    assert found.changed_seq == shown["version"]
