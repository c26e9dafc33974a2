"""Named grades as programs give and read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from baton.feedback.models.grades import DepartmentGrade
from tests.api import Program, said, token_for
from tests.rooms.feedback.graded import round_closed, round_opened, row

if TYPE_CHECKING:
    from tests.world import World

FULL = {"grade": "D", "reason": "Late", "fact": "No linen until 10:40", "happened_on": "2026-02-09"}


def test_a_program_gives_reads_and_takes_back_a_grade(world: World) -> None:
    linen, program = row(round_opened(world), world.ward, world.laundry), Program(token_for(world.wang_fang))
    address = f"/department-grades/{linen.public_id}"
    before = said(program.get(address))
    assert before["grade"] is None
    given = said(program.post(f"{address}/give", {**FULL, "version": before["version"]}))
    assert (given["grade"], given["given_by"]) == ("D", world.wang_fang.public_id)
    stale = program.post(f"{address}/give", {"grade": "A", "version": before["version"]})
    assert stale.status_code == 409
    assert stale.json()["theirs"]["grade"] == "D"
    empty = said(program.post(f"{address}/give", {"grade": None, "version": given["version"]}))
    assert (empty["grade"], empty["reason"], empty["given_by"]) == (None, "", None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": ""}, "reason"), ({"fact": ""}, "fact"), ({"happened_on": None}, "happened_on"),
        ({"happened_on": "2026-05-01"}, "happened_on"), ({"handoff": "2b3c4d5f6g7h8j9k"}, "handoff"),
        ({"grade": "F"}, "grade"), ({"grade": None}, "grade"), ({"happened_on": "9 February"}, "happened_on"),
    ],
)  # fmt: skip
def test_what_a_grade_lacks_is_said_of_its_field(world: World, wrong: dict[str, Any], field: str) -> None:
    linen, program = row(round_opened(world), world.ward, world.laundry), Program(token_for(world.wang_fang))
    sent = {**FULL, **wrong, "version": linen.changed_seq}
    answer = program.post(f"/department-grades/{linen.public_id}/give", sent)
    assert answer.status_code in {400, 422}
    assert field in answer.content.decode()
    assert not DepartmentGrade.objects.exclude(grade="").exists()


def test_a_list_holds_what_its_reader_may_read(world: World) -> None:
    round = round_closed(world)
    rows = said(Program(token_for(world.he_jun)).get(f"/department-grades?round={round.public_id}"))["rows"]
    assert len(rows) == 5
    [own] = said(Program(token_for(world.xu_jing)).get("/department-grades"))["rows"]
    assert (own["supplier"]["name"]["en"], own["grade"]) == ("Pharmacy", "B")
    of_linen = f"/department-grades?supplier={world.laundry.public_id}"
    assert said(Program(token_for(world.xu_jing)).get(of_linen))["rows"] == []
