"""What a program sends wrongly of lines and of many handoffs at once: named as it was sent, and nothing stays."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from baton.core.models import ImportRun
from baton.handoffs.models import Handoff, HandoffLine
from tests.api import Program, said, token_for
from tests.rooms.handoffs.made import delivered, requested
from tests.world import World

pytestmark = pytest.mark.sqlite


def step(who: Program, handoff: Handoff, name: str, *lines: dict[str, Any]) -> Any:
    body = {"version": handoff.changed_seq, "step": name, "lines": list(lines)}
    return who.post(f"/handoffs/{handoff.public_id}/steps", body)


def wrong_in(answer: Any) -> tuple[int, str, list[Any]]:
    error = answer.json()["errors"][0]
    return answer.status_code, error["field"], error["loc"]


def test_a_line_that_is_not_of_the_handoff_is_refused_beside_it(world: World) -> None:
    handoff, other = requested(world), requested(world, reference="OTHER")
    foreign = other.lines.get(position=1).public_id
    laundry, ward = Program(token_for(world.gao_ming)), Program(token_for(world.chen_jie))
    own = handoff.lines.get(position=1).public_id
    for line in (foreign, "2b3c4d5f6g7h8j9k", None):
        answer = step(laundry, handoff, "deliver", {"line": own, "delivered": 3}, {"line": line, "delivered": 3})
        assert wrong_in(answer) == (422, "lines.1.line", ["body", "lines", 1, "line"])
    came = delivered(world)
    answer = step(ward, came, "accept_part", {"line": foreign, "missing": 1, "phenomenon": "Gone"})
    assert wrong_in(answer) == (422, "lines.0.line", ["body", "lines", 0, "line"])
    assert not Handoff.objects.get(pk=came.pk).returns.exists()


def test_what_is_wrong_with_a_line_is_named_as_it_was_sent(world: World) -> None:
    came = delivered(world)
    sheets, towels = (came.lines.get(position=place).public_id for place in (1, 2))
    ward = Program(token_for(world.chen_jie))
    well = {"line": towels, "refused": 1, "phenomenon": "Torn"}
    for wrong, name in (
        ({"refused": 101, "phenomenon": "Torn"}, "refused"), ({"missing": 101, "phenomenon": "Gone"}, "missing"),
        ({"refused": 1}, "phenomenon"), ({"refused": 1, "phenomenon": "Torn", "unit": "kg"}, "unit"),
        ({"refused": 1, "phenomenon": "Torn", "code": "2b3c4d5f6g7h8j9k"}, "code"),
    ):  # fmt: skip
        answer = step(ward, came, "accept_part", well, {"line": sheets, **wrong})
        assert wrong_in(answer) == (422, f"lines.1.{name}", ["body", "lines", 1, name]), wrong
    assert not HandoffLine.objects.filter(handoff=came, refused__isnull=False).exists()


def test_a_line_of_which_nothing_was_sent_has_no_place_among_those_sent(world: World) -> None:
    """What came back in part and is delivered again adds up to more than a line may hold: that of another line."""
    handoff = delivered(world)
    laundry, ward = Program(token_for(world.gao_ming)), Program(token_for(world.chen_jie))
    sheets = handoff.lines.get(position=1)
    HandoffLine.objects.filter(pk=sheets.pk).update(delivered=999_999_999_999)
    back = said(step(ward, handoff, "accept_part", {"line": sheets.public_id, "refused": 1, "phenomenon": "Torn"}))
    assert back["state"] == "partly"
    fresh = Handoff.objects.get(pk=handoff.pk)
    answer = step(laundry, fresh, "deliver", {"line": sheets.public_id, "delivered": 5})
    assert wrong_in(answer)[:2] == (422, "lines.0.delivered")


ROW = {"reference": "ORD-1", "requested_at": "2026-05-30T08:00:00+08:00", "unit": "kg"}


@pytest.fixture
def files(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "uploads"


def sent_together(world: World, *rows: dict[str, Any]) -> Any:
    told = [{"link": world.laundry_ward.number, **ROW, "reference": f"ORD-{place}", **row}
            for place, row in enumerate(rows)]  # fmt: skip
    body = {"name": "MES", "system": "MES", "rows": told}
    return Program(token_for(world.lin_mei)).post("/handoffs/batch", body)


@pytest.mark.parametrize(
    ("sent", "stored", "written"),
    [(0.00001, "0.000010", "0.00001"), (1.125, "1.125000", "1.1250"), (0.001, "0.001000", "0.0010"),
     (97.5, "97.500000", "97.5")],
)  # fmt: skip
def test_a_number_is_written_as_people_write_it_and_read_in_one_way(
    world: World, files: Path, sent: float, stored: str, written: str
) -> None:
    said(sent_together(world, {"quantity_ordered": sent}))
    assert str(HandoffLine.objects.get().ordered) == stored
    table = (files.parent / ImportRun.objects.get().path).read_text()
    assert written in table.splitlines()[1].split("\t")


def test_nothing_of_a_call_that_fails_stays(world: World, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when what was found of the rows is written."""
    kept = []

    def full(number: int) -> None:
        kept.append(number)
        if len(kept) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert sent_together(world, {}).status_code == 500
    assert len(kept) == 2, "the rows themselves were on the disk"
    assert (list(files.iterdir()), ImportRun.objects.count()) == ([], 0)
    monkeypatch.undo()
    assert said(sent_together(world, {}))["new"] == 1


def test_a_row_that_is_refused_leaves_no_file(world: World, files: Path) -> None:
    assert sent_together(world, {}, {"due_at": "2026-05-30T07:00:00+08:00"}).status_code == 422
    assert (list(files.iterdir()), ImportRun.objects.count()) == ([], 0)
