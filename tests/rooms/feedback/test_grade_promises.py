"""What was promised in reply to a D or E: who is told, who owes it, when it is late, and that it is done."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import Notification
from baton.feedback import tasks
from baton.feedback.changes import grade_promises as changes
from baton.feedback.changes.grades import PROMISED_TOPIC
from baton.feedback.models.grades import DepartmentGrade
from baton.feedback.queries import grade_promises as queries
from baton.feedback.queries.grades import waiting_to_grade
from tests.api import Program, said, token_for
from tests.rooms.chain.test_pages import filled
from tests.rooms.feedback.graded import HAPPENED, replied, round_closed, row
from tests.trust.test_bad_forms import errors
from tests.world import SYSTEM, World

if TYPE_CHECKING:
    from baton.core.models import Person

LIST = "/surveys/grades/"
WEEK = timedelta(days=7)


def promised(world: World, **given: Any) -> DepartmentGrade:
    """The head of the Laundry promises for today what Gao Ming is to see to."""
    return replied(world, row(round_closed(world), world.ward, world.laundry), **given)


def done(world: World, who: Person, grade: DepartmentGrade, **given: Any) -> DepartmentGrade:
    values = {"outcome": "It runs since Monday", "at": datetime.now(UTC), **given}
    return changes.finish_promise(by=world.actor(who), grade=grade, **values)


def test_who_sees_to_it_is_told_reads_the_promise_alone_and_says_that_it_is_done(world: World) -> None:
    linen = promised(world)
    [told] = Notification.objects.filter(topic=PROMISED_TOPIC)
    assert (told.person, told.address) == (world.gao_ming, f"{LIST}#{linen.public_id}")
    gao, address = world.client(world.gao_ming), f"/surveys/grades/given/{linen.public_id}/"
    page = gao.get(LIST).content.decode()
    assert "A second round at 14:00" in page
    assert gao.get(address).status_code == 404
    for secret in ("Late on most Mondays", "No linen until 10:40", "Ward 3", "Wang Fang"):
        assert secret not in page + gao.get(f"{address}done/").content.decode(), secret
    sent = gao.post(f"{address}done/", filled(gao, f"{address}done/", outcome="It runs since Monday"))
    assert (sent.status_code, sent["Location"]) == (302, LIST)
    linen.refresh_from_db()
    today = datetime.now(UTC).date()
    assert (linen.outcome, linen.done_on, linen.done_by) == ("It runs since Monday", today, world.gao_ming)
    assert "A second round at 14:00" not in gao.get(LIST).content.decode()
    assert "It runs since Monday" in world.client(world.wang_fang).get(address).content.decode()
    assert [one.person for one in Notification.objects.filter(topic=changes.DONE_TOPIC)] == [world.wang_fang]


def test_who_leads_the_department_says_it_too_and_leaves_to_the_grade(world: World) -> None:
    linen, zhao = promised(world), world.client(world.zhao_lei)
    address = f"/surveys/grades/given/{linen.public_id}/"
    for page in (address, f"/surveys/grades/about/{world.laundry.public_id}/", LIST):
        assert f"{address}done/" in zhao.get(page).content.decode(), page
    sent = zhao.post(f"{address}done/", filled(zhao, f"{address}done/", outcome="It runs", done_on=HAPPENED))
    assert sent["Location"] == address
    shown = zhao.get(address).content.decode()
    assert "Done on" in shown
    assert f"{address}done/" not in shown
    whole = b"".join(zhao.get(f"/surveys/grades/{linen.round.public_id}/export.csv")).decode()  # type: ignore[arg-type]
    assert "It runs" in whole


@pytest.mark.parametrize("name", ["lin_mei", "he_jun", "wang_fang", "xu_jing", "chen_jie", "tom_reed"])
def test_nobody_else_says_that_it_is_done(world: World, name: str) -> None:
    linen, person = promised(world), getattr(world, name)
    with pytest.raises((Forbidden, NotFound)):
        done(world, person, linen)
    assert world.client(person).get(f"/surveys/grades/given/{linen.public_id}/done/").status_code in {403, 404}
    assert queries.promises(viewer=world.actor(person), at=datetime.now(UTC)) == []
    linen.refresh_from_db()
    assert linen.done_on is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": " \u200b "}, "outcome"), ({"outcome": "x" * 1_001}, "outcome"),
        ({"done_on": date(2025, 12, 31)}, "done_on"), ({"done_on": date(2999, 1, 1)}, "done_on"),
        ({"done_on": "30 February"}, "done_on"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field(world: World, given: dict[str, Any], field: str) -> None:
    linen, gao = promised(world), world.client(world.gao_ming)
    path = f"/surveys/grades/given/{linen.public_id}/done/"
    sent = gao.post(path, filled(gao, path, **{"outcome": "It runs", **given}))
    assert sent.status_code == 422
    assert field in errors(sent)
    linen.refresh_from_db()
    assert (linen.outcome, linen.done_on, linen.done_by) == ("", None, None)


def test_only_a_promise_that_is_not_done_is_done(world: World) -> None:
    round = round_closed(world)
    with pytest.raises(Refused):
        done(world, world.zhao_lei, row(round, world.ward, world.laundry))
    linen = done(world, world.gao_ming, replied(world, row(round, world.ward, world.laundry)))
    with pytest.raises(Refused):
        done(world, world.gao_ming, linen)
    again = replied(world, linen, reply="A third round")
    assert (again.outcome, again.done_on, again.done_by) == ("", None, None)
    assert done(world, world.gao_ming, again, outcome="Three rounds").outcome == "Three rounds"


def test_a_late_promise_is_counted_and_told_once_to_who_owes_it(world: World) -> None:
    linen, at = promised(world), datetime.now(UTC)
    gao, zhao = world.actor(world.gao_ming), world.actor(world.zhao_lei)
    assert waiting_to_grade(viewer=gao, at=at) == 0
    assert waiting_to_grade(viewer=gao, at=at + WEEK) == 1
    assert waiting_to_grade(viewer=zhao, at=at + WEEK) == 0
    for days in (0, 1, 2, 9):
        tasks.tend_grades(by=SYSTEM, at=at + timedelta(days=days), progress=lambda *_done: None)
    [told] = Notification.objects.filter(topic=changes.LATE_PROMISE_TOPIC)
    assert told.person == world.gao_ming
    assert [one.pk for one in queries.promises(viewer=zhao, at=at + WEEK)] == [linen.pk]
    DepartmentGrade.objects.filter(pk=linen.pk).update(promised_for=(at - WEEK).date())
    for who, page in (
        (world.gao_ming, LIST), (world.zhao_lei, LIST), (world.lin_mei, f"{LIST}{linen.round.public_id}/"),
        (world.wang_fang, f"{LIST}given/{linen.public_id}/"),
    ):  # fmt: skip
        assert "Late since" in world.client(who).get(page).content.decode(), page
    linen.refresh_from_db()
    done(world, world.gao_ming, linen)
    assert waiting_to_grade(viewer=gao, at=at + WEEK) == 0


def test_a_program_lists_what_is_owed_and_says_that_it_is_done(world: World) -> None:
    linen, program = promised(world), Program(token_for(world.gao_ming))
    [one] = said(program.get("/grade-promises"))["rows"]
    assert (one["id"], one["late"], one["reply"]) == (linen.public_id, False, "A second round at 14:00")
    assert not {"grade", "reason", "fact", "given_by", "customer"} & one.keys()
    assert said(program.get("/grade-promises?late=true"))["rows"] == []
    DepartmentGrade.objects.filter(pk=linen.pk).update(promised_for=(datetime.now(UTC) - WEEK).date())
    [late] = said(program.get("/grade-promises?late=true"))["rows"]
    assert late["late"] is True
    address = f"/grade-promises/{linen.public_id}"
    stale = program.post(f"{address}/done", {"outcome": "It runs", "version": one["version"] - 1})
    assert stale.status_code == 409
    assert "grade" not in stale.json()["theirs"]
    told = said(program.post(f"{address}/done", {"outcome": "It runs", "version": one["version"]}))
    assert (told["outcome"], told["done_by"]) == ("It runs", world.gao_ming.public_id)
    assert said(program.get(address))["done_on"] == told["done_on"]
    assert said(program.get("/grade-promises"))["rows"] == []
    head = said(Program(token_for(world.wang_fang)).get(f"/department-grades/{linen.public_id}"))
    assert (head["outcome"], head["done_on"]) == ("It runs", told["done_on"])
