"""Pages of handoffs: Today with one tap, every form with what is wrong beside its field, the list, the panels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from baton.core.charts.wire import of_map
from baton.handoffs import changes
from baton.handoffs.models import Handoff, HandoffReturn
from baton.handoffs.pages.handoffs import DRAWN
from baton.handoffs.rules import State, Step
from tests.query_counts import queries_a_page
from tests.rooms.chain.test_pages import filled
from tests.rooms.handoffs.made import SHEETS
from tests.trust.test_bad_forms import errors
from tests.world import World

if TYPE_CHECKING:
    from django.test import Client

HOUR = timedelta(hours=1)


def asked(world: World, **more: Any) -> Handoff:
    """Asked for by the ward two hours ago."""
    at = datetime.now(UTC)
    values = {"requested_at": at - 2 * HOUR, "due_at": at + HOUR, "lines": [SHEETS], **more}
    return changes.request_handoff(by=world.actor(world.chen_jie), at=at, link=world.laundry_ward, **values)


def delivered(world: World, **more: Any) -> Handoff:
    """Handed over by the Laundry an hour ago."""
    at = datetime.now(UTC)
    handoff = asked(world, **more)
    return changes.deliver_handoff(by=world.actor(world.gao_ming), at=at, handoff=handoff, delivered_at=at - HOUR)


def step_of(handoff: Handoff, step: Step) -> str:
    return f"/handoffs/{handoff.public_id}/step/{step.value}/"


def sent(client: Client, address: str, **values: str) -> Any:
    return client.post(address, filled(client, address, **values))


def test_every_state_can_be_drawn() -> None:
    nodes = [{"id": state, "label": state, "status": status} for state, status in DRAWN.items()]
    assert len(of_map({"nodes": nodes, "edges": []})["nodes"]) == len(State)


def test_today_is_one_tap(world: World) -> None:
    handoff = delivered(world, reference="LOT-7")
    ward, laundry = world.client(world.chen_jie), world.client(world.gao_ming)
    page = ward.get("/handoffs/today/").content.decode()
    for words in ("Waits for your acceptance", "LOT-7", "All except…", "Sheets"):
        assert words in page
    assert "Nothing is open" in laundry.get("/handoffs/today/").content.decode()
    assert "1 delivery waits for your acceptance" in ward.get("/").content.decode()
    tap = {"version": str(handoff.changed_seq), "submission": "t" * 32, "then": "today"}
    for _again in range(2):
        answer = ward.post(step_of(handoff, Step.ACCEPT), tap)
        assert (answer.status_code, answer["Location"]) == (302, "/handoffs/today/")
    handoff.refresh_from_db()
    assert (handoff.state, handoff.events.count()) == (State.ACCEPTED, 0)


def test_a_tap_on_what_has_changed_says_so(world: World) -> None:
    handoff = delivered(world)
    seen = str(handoff.changed_seq)
    changes.return_handoff(by=world.actor(world.wang_fang), at=datetime.now(UTC), handoff=handoff, phenomenon="Damp")
    ward = world.client(world.chen_jie)
    answer = ward.post(step_of(handoff, Step.ACCEPT), {"version": seen, "submission": "s" * 32})
    assert answer.status_code == 409
    assert "changed" in answer.content.decode()
    handoff.refresh_from_db()
    assert handoff.state == State.RETURNED


def test_from_asking_to_all_except_through_the_pages(world: World) -> None:
    ward, laundry = world.client(world.chen_jie), world.client(world.gao_ming)
    link = f"/links/{world.laundry_ward.public_id}/"
    assert "Nothing was handed over here yet" in ward.get(link).content.decode()
    ask = f"/handoffs/new/{world.laundry_ward.public_id}/ask/"
    typed = {"reference": "W3-11", "name_1": "Sheets", "amount_1": "100", "unit_1": "pc"}
    assert sent(ward, ask, **typed).status_code == 302
    handoff = Handoff.objects.get()
    assert handoff.number in laundry.get(link).content.decode()
    deliver = step_of(handoff, Step.DELIVER)
    assert sent(laundry, deliver, delivered_1="90").status_code == 302
    except_ = step_of(handoff, Step.ACCEPT_PART)
    wrong = sent(ward, except_, refused_1="91", phenomenon_1="Torn")
    assert (wrong.status_code, list(errors(wrong))) == (422, ["refused_1"])
    assert "at most 90" in errors(wrong)["refused_1"]
    assert sent(ward, except_, refused_1="2", missing_1="3", phenomenon_1="Torn").status_code == 302
    page = ward.get(f"/handoffs/{handoff.public_id}/").content.decode()
    for words in ("Accepted in part", "Torn", "R-2", "88", "Made good", "Gao Ming"):
        assert words in page, words
    form = laundry.get(deliver).content.decode()
    assert "Sheets (88 of 100 pc)" in form
    assert "Empty: 5 pc, which is owed." in form
    found = HandoffReturn.objects.filter(shortage=False).get()
    contest = f"/handoffs/returns/{found.public_id}/contest/"
    assert sent(laundry, contest, ground="Whole when it left").status_code == 302
    decide = f"/handoffs/returns/{found.public_id}/decide/"
    manager = world.client(world.lin_mei)
    assert sent(manager, decide, verdict="undecided", note="Washed since").status_code == 302
    assert "Undecided" in ward.get(f"/handoffs/{handoff.public_id}/").content.decode()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"due_at": "2026-02-31T10:00"}, "due_at", "that exist"),
        ({"due_at": "2019-01-01T10:00"}, "due_at", "due after it was requested"),
        ({"requested_at": "2031-01-01T10:00", "due_at": "2031-01-02T10:00"}, "requested_at", "still to come"),
        ({"amount_1": "-3"}, "amount_1", "0"),
        ({"amount_1": "1,234"}, "amount_1", "one way"),
        ({"amount_1": "many"}, "amount_1", "is not one"),
        ({"reference": "x" * 81}, "reference", "80"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(world: World, typed: dict[str, str], field: str, message: str) -> None:
    ask = f"/handoffs/new/{world.laundry_ward.public_id}/ask/"
    answer = sent(world.client(world.chen_jie), ask, **typed)
    assert answer.status_code == 422
    assert message in errors(answer).get(field, f"nothing beside {field}: {errors(answer)}")
    assert not Handoff.objects.exists()


@pytest.mark.sqlite
def test_a_time_over_which_the_clocks_were_put_forward(world: World, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    hand_over = f"/handoffs/new/{world.laundry_ward.public_id}/hand-over/"
    answer = sent(world.client(world.gao_ming), hand_over, delivered_at="2026-03-29T02:30")
    assert "put forward" in errors(answer)["delivered_at"]
    assert sent(world.client(world.gao_ming), hand_over, delivered_at="2026-03-29T03:30").status_code == 302
    assert Handoff.objects.get().delivered_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_the_phone_that_is_a_day_ahead(world: World) -> None:
    handoff = delivered(world)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = sent(world.client(world.chen_jie), step_of(handoff, Step.ACCEPT), happened_at=tomorrow)
    assert answer.status_code == 422
    assert "set the clock of your device right" in answer.content.decode()
    handoff.refresh_from_db()
    assert handoff.state == State.DELIVERED


@pytest.mark.sqlite
def test_who_may_not_gets_no_page(world: World) -> None:
    handoff = delivered(world)
    own = f"/handoffs/{handoff.public_id}/"
    assert world.client(world.ivy_stone).get(own).status_code == 404
    assert world.client(world.tom_reed).get(own).status_code == 403
    pharmacist = world.client(world.xu_jing)
    assert "Accept" not in pharmacist.get(own).content.decode().partition("How it stands")[2].partition("</section>")[0]
    for address in (step_of(handoff, Step.ACCEPT), f"{own}judge/customer/", f"{own}value/", f"{own}cost/"):
        assert pharmacist.get(address).status_code == 403, address
    for address in (f"{own}step/fly/", f"{own}judge/boss/", f"{own}check/nobody/", f"{own}step/confirm_silent/"):
        assert world.client(world.lin_mei).get(address).status_code == 404, address


@pytest.mark.sqlite
def test_codes_and_practice_through_the_pages(world: World) -> None:
    manager, head, ward = (world.client(one) for one in (world.lin_mei, world.zhao_lei, world.wang_fang))
    assert "No defect code yet" in head.get("/handoffs/codes/").content.decode()
    assert head.get("/handoffs/codes/add/").status_code == 403
    assert sent(manager, "/handoffs/codes/add/", code="TORN", name_en="Torn").status_code == 302
    assert "in use" in errors(sent(manager, "/handoffs/codes/add/", code="TORN", name_en="Torn"))["code"]
    practice = f"/handoffs/practice/{world.laundry_ward.public_id}/"
    asked_for = {"side": "supplier", "arbiter": "Liu Yang", "contest_hours": "48"}
    assert sent(head, f"{practice}say/", **asked_for).status_code == 302
    page = ward.get(practice).content.decode()
    assert "proposes that Liu Yang decides" in page
    assert "within 24 h" in page
    agree = f"{practice}agree/customer/"
    version = page.partition('name="version" value="')[2].partition('"')[0]
    assert head.post(agree, {"version": version}).status_code == 403
    assert ward.post(agree, {"version": version}).status_code == 302
    assert sent(head, f"{practice}silence/", side="supplier", hours="24").status_code == 302
    page = ward.get(practice).content.decode()
    assert "Liu Yang decides about contested returns" in page
    assert "48 h" in page
    version = page.partition('name="version" value="')[2].partition('"')[0]
    assert ward.post(f"{practice}silence/customer/agree/", {"version": version}).status_code == 302
    assert "counts as not confirmed" in ward.get(practice).content.decode()


@pytest.mark.sqlite
def test_pages_ask_as_much_for_many_as_for_few(world: World) -> None:
    """A page that asked one query more for every handoff or line would be found here."""
    client = world.client(world.chen_jie)
    first = delivered(world, reference="LOT-1")
    own = f"/handoffs/{first.public_id}/"
    pages = ["/handoffs/", "/handoffs/today/", "/handoffs/export.csv", own, f"{own}genealogy/",
             f"/links/{world.laundry_ward.public_id}/", "/handoffs/new/"]  # fmt: skip
    queries_a_page(client, pages[:1])
    few = queries_a_page(client, pages)
    for _more in range(3):
        delivered(world, lines=[SHEETS, SHEETS])
    assert queries_a_page(client, pages) == few
    assert few[own] < 45
