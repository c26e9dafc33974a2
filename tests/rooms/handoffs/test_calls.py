"""The big button: called, arrived, fixed, confirmed, each by one tap; who hears of it, and what its times count for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pytest_django import Settings

from baton.agreements.rules import ClauseKind
from baton.core.models import Notification
from baton.handoffs import changes
from baton.handoffs.models import CallPoint, Handoff, HandoffReturn
from baton.handoffs.queries.genealogy import genealogy
from baton.handoffs.rules import Form, State
from baton.handoffs.rules.calls import CallStage, CallStep, call_steps, stage_of
from tests.api import Program, said, token_for
from tests.query_counts import queries_a_page
from tests.rooms.agreements.made import LINEN, terms
from tests.rooms.chain.test_pages import filled
from tests.rooms.handoffs.made import requested
from tests.rooms.handoffs.test_measures import agreed, built
from tests.trust.test_bad_forms import errors
from tests.world import NOON, World

if TYPE_CHECKING:
    from baton.core.models import Person

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"


def point(world: World, name: str = "Bed 12") -> CallPoint:
    """A call point of the ward, from which the Laundry is called; set up by the head of the Laundry."""
    return changes.add_call_point(by=world.actor(world.zhao_lei), at=NOON, link=world.laundry_ward, name=name)


def page(found: CallPoint, more: str = "") -> str:
    return f"/handoffs/points/{found.public_id}/{more}"


def called(world: World, found: CallPoint, at: datetime = NOON) -> Handoff:
    return changes.call_from(by=world.actor(world.chen_jie), at=at, point=found)


def tap(world: World, who: Person, handoff: Handoff, step: CallStep | str, **more: str) -> Any:
    return world.client(who).post(f"/handoffs/calls/{handoff.public_id}/{step}/", more)


def hears(topic: str) -> list[str]:
    return sorted(Notification.objects.filter(topic=topic).values_list("person__sign_in_name", flat=True))


def test_one_tap_each_from_the_call_to_the_confirmation(world: World) -> None:
    found = point(world)
    ward, laundry = world.client(world.chen_jie), world.client(world.gao_ming)
    assert "Call Laundry" in ward.get(page(found)).content.decode()
    for _twice in range(2):
        answer = ward.post(page(found, "call/"))
        assert (answer.status_code, answer["Location"]) == (302, page(found))
    handoff = Handoff.objects.get(form=Form.CALL)
    assert (handoff.reference, handoff.key, handoff.state) == ("Bed 12", f"{found.public_id}:1", State.EXPECTED)
    assert "Laundry has been told." in ward.get(page(found)).content.decode()
    board = laundry.get("/handoffs/calls/").content.decode()
    for words in ("1 call waits for somebody", "Bed 12", "called", "I am here", handoff.number):
        assert words in board
    assert tap(world, world.gao_ming, handoff, CallStep.ARRIVE, then="board")["Location"] == "/handoffs/calls/"
    assert "Arrived" in laundry.get("/handoffs/calls/now/").content.decode()
    assert tap(world, world.gao_ming, handoff, CallStep.FIX)["Location"] == page(found)
    assert "Is it fixed?" in ward.get(page(found, "now/")).content.decode()
    tap(world, world.chen_jie, handoff, CallStep.CONFIRM)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.events.count()) == (State.ACCEPTED, 0)
    moments = [handoff.requested_at, handoff.received_at, handoff.delivered_at, handoff.accepted_at]
    assert None not in moments
    assert moments == sorted(moments)
    assert "Call Laundry" in ward.get(page(found)).content.decode()
    assert "Nobody calls" in laundry.get("/handoffs/calls/").content.decode()
    ward.post(page(found, "call/"))
    assert Handoff.objects.filter(form=Form.CALL).latest("pk").key == f"{found.public_id}:2"


def test_whoever_is_called_hears_it_and_who_called_hears_that_it_is_fixed(world: World) -> None:
    handoff = called(world, point(world))
    team = sorted([world.gao_ming.sign_in_name, world.zhao_lei.sign_in_name])
    assert hears("handoffs.called") == team
    message = Notification.objects.filter(topic="handoffs.called").first()
    assert message is not None
    assert message.address == page(CallPoint.objects.get())
    tap(world, world.gao_ming, handoff, CallStep.FIX)
    assert hears("handoffs.call_fixed") == [world.chen_jie.sign_in_name]
    tap(world, world.chen_jie, handoff, CallStep.REOPEN)
    assert hears("handoffs.call_reopened") == team
    assert hears("handoffs.returned") == [], "of a call the team hears once"
    tap(world, world.gao_ming, handoff, CallStep.FIX)
    tap(world, world.chen_jie, handoff, CallStep.CONFIRM)
    handoff.refresh_from_db()
    assert handoff.state == State.ACCEPTED
    assert HandoffReturn.objects.get().state == "settled"


def test_where_somebody_else_called_for_them_the_team_hears_that_it_is_fixed(world: World) -> None:
    handoff = changes.call_from(by=world.actor(world.lin_mei), at=NOON, point=point(world))
    tap(world, world.gao_ming, handoff, CallStep.FIX)
    assert {world.chen_jie.sign_in_name, world.wang_fang.sign_in_name} <= set(hears("handoffs.call_fixed"))


def test_a_call_that_nobody_need_answer_counts_nowhere(world: World) -> None:
    handoff = called(world, point(world))
    tap(world, world.chen_jie, handoff, CallStep.CANCEL)
    handoff.refresh_from_db()
    assert handoff.state == State.WITHDRAWN
    assert len(hears("handoffs.call_cancelled")) == 2
    refused = tap(world, world.gao_ming, handoff, CallStep.ARRIVE)
    assert refused.status_code == 400
    assert "Look at how it stands now." in refused.content.decode()


def test_two_who_arrive_at_the_same_moment_say_it_once(world: World) -> None:
    handoff = called(world, point(world))
    for who in (world.gao_ming, world.zhao_lei):
        assert tap(world, who, handoff, CallStep.ARRIVE).status_code == 302
    handoff.refresh_from_db()
    assert handoff.events.count() == 0


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("who", "call", "arrive", "confirm"),
    [
        ("chen_jie", 302, 403, 400), ("gao_ming", 403, 302, 403), ("lin_mei", 302, 302, 400), ("he_jun", 403, 403, 403),
        ("he_ping", 404, 404, 404), ("ivy_stone", 404, 404, 404), ("tom_reed", 403, 403, 403),
    ],
)  # fmt: skip
def test_who_may_call_come_and_confirm(world: World, who: str, call: int, arrive: int, confirm: int) -> None:
    found = point(world)
    person = getattr(world, who)
    assert world.client(person).post(page(found, "call/")).status_code == call
    handoff = called(world, found)
    assert tap(world, person, handoff, CallStep.CONFIRM).status_code == confirm
    assert tap(world, person, handoff, CallStep.ARRIVE).status_code == arrive
    assert world.client().post(page(found, "call/")).status_code == 403, "a stranger signs in first"
    assert world.client().get(page(found))["Location"].startswith("/accounts/login/?next=")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("who", "status"), [("zhao_lei", 200), ("wang_fang", 200), ("lin_mei", 200), ("chen_jie", 403)]
)
def test_who_speaks_for_a_side_sets_up_call_points(world: World, who: str, status: int) -> None:
    found = point(world)
    client = world.client(getattr(world, who))
    for address in (f"/handoffs/points/new/{world.laundry_ward.public_id}/", page(found, "rename/")):
        assert client.get(address).status_code == status
    ended = client.post(page(found, "end/"), {"version": str(found.changed_seq)})
    assert ended.status_code == (302 if status == 200 else 403)


def test_a_call_point_has_a_name_of_its_own_and_calls_while_it_is_in_use(world: World) -> None:
    found = point(world)
    head = world.client(world.wang_fang)
    new = f"/handoffs/points/new/{world.laundry_ward.public_id}/"
    for name, words in (
        ("", "Nothing was entered"),
        ("  ", "Nothing was entered"),
        ("x" * 81, "80"),
        ("Bed  12", "there already"),
    ):
        refused = head.post(new, filled(head, new, name=name))
        assert refused.status_code == 422
        assert words in errors(refused)["name"]
    assert CallPoint.objects.count() == 1
    answer = head.post(page(found, "rename/"), filled(head, page(found, "rename/"), name="Bed 14"))
    assert answer.status_code == 302
    found.refresh_from_db()
    assert found.name == "Bed 14"
    changes.end_call_point(by=world.actor(world.lin_mei), at=NOON, point=found)
    refused = world.client(world.chen_jie).post(page(found, "call/"))
    assert refused.status_code == 400
    assert "has ended" in refused.content.decode()
    assert point(world, "Bed 14").pk != found.pk, "its name is free again"


def test_a_step_that_is_none_and_a_handoff_that_is_no_call_are_not_found(world: World) -> None:
    handoff = called(world, point(world))
    assert tap(world, world.gao_ming, handoff, "explode").status_code == 404
    assert tap(world, world.gao_ming, requested(world), CallStep.ARRIVE).status_code == 404


def test_the_poster_bears_the_address_of_the_button(world: World, settings: Settings) -> None:
    found = point(world)
    shown = world.client(world.chen_jie).get(page(found, "poster/")).content.decode()
    assert f"{settings.BASE_URL}{page(found)}" in shown
    assert "<svg" in shown
    assert "Bed 12" in shown


def test_a_machine_calls_through_the_api(world: World) -> None:
    found = point(world)
    ward = Program(token_for(world.chen_jie))
    [listed] = said(ward.get("/call-points"))["rows"]
    assert (listed["id"], listed["name"], listed["calls"]) == (found.public_id, "Bed 12", 0)
    made = said(ward.post(f"/call-points/{found.public_id}/calls", {}))
    assert (made["form"], made["state"], made["reference"]) == ("call", "expected", "Bed 12")
    assert said(ward.post(f"/call-points/{found.public_id}/calls", {}))["id"] == made["id"]
    team = Program(token_for(world.gao_ming))
    step = {"version": made["version"], "step": "receive"}
    assert said(team.post(f"/handoffs/{made['id']}/steps", step))["received_at"] is not None
    assert [one["id"] for one in said(team.get("/handoffs?form=call&state=open"))["rows"]] == [made["id"]]


def test_response_and_repair_are_held_against_a_clause_each(world: World) -> None:
    comes = terms(LINEN, unit="min", target=15.0, clause_kind=ClauseKind.PROCESS)
    mends = terms(LINEN, unit="h", target=2.0)
    response, repair = agreed(world, comes, mends)
    found = point(world)
    team, ward = world.actor(world.gao_ming), world.actor(world.chen_jie)
    for hour, minutes, hours in ((1, 10, 1), (2, 40, 1), (3, 5, 3)):
        begun = NOON - timedelta(days=10 - hour)
        handoff = called(world, found, begun)
        there = begun + minutes * MINUTE
        done = there + timedelta(hours=hours)
        changes.receive_handoff(by=team, at=there, handoff=handoff)
        changes.deliver_handoff(by=team, at=done, handoff=handoff)
        changes.accept_handoff(by=ward, at=done, handoff=handoff)
    called(world, found, NOON - timedelta(days=1))
    rows = built().sort("at")
    kept = {line: rows.filter(subject=f"{world.laundry_ward.public_id}/{line}")["kept"].to_list() for line in
            (response, repair)}  # fmt: skip
    assert kept == {response: [True, False, True, None], repair: [True, True, False, None]}


def test_the_name_of_a_call_point_makes_no_genealogy(world: World) -> None:
    handoff = called(world, point(world))
    same = changes.request_handoff(
        by=world.actor(world.lin_mei), at=NOON, link=world.linenco_laundry, reference="Bed 12"
    )
    viewer = world.actor(world.lin_mei)
    assert genealogy(viewer=viewer, at=NOON, public_id=handoff.public_id).before() == []
    assert genealogy(viewer=viewer, at=NOON, public_id=same.public_id).after() == []


@pytest.mark.sqlite
def test_the_board_takes_as_many_queries_for_many_calls(world: World) -> None:
    client, board = world.client(world.gao_ming), "/handoffs/calls/"
    called(world, point(world), datetime.now(UTC))
    few = queries_a_page(client, [board])
    for number in range(5):
        called(world, point(world, f"Bed {number}"), datetime.now(UTC))
    assert queries_a_page(client, [board])[board] <= few[board]


def test_stages_and_steps() -> None:
    assert stage_of(State.PARTLY, None) is CallStage.OTHERWISE
    assert call_steps(CallStage.OTHERWISE, frozenset()) == ()
