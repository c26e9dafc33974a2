"""What a phone kept while it had no connection: taken once, at the moment of the tap whatever its clock says, in the
name of whoever tapped it, and refused with what happened meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from baton.core.error_pages import typed_mark
from baton.core.taps import CLOCK_ERROR, Readings, judged
from baton.handoffs import changes
from baton.handoffs.models import Handoff
from baton.handoffs.rules import State, Step
from tests.rooms.handoffs.test_pages import HOUR, asked, delivered, step_of
from tests.world import World

if TYPE_CHECKING:
    from django.test import Client

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def milliseconds(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1000))


def clocks(ago: timedelta, *, ahead: timedelta = timedelta(0), corrected: bool = False) -> dict[str, str]:
    """A tap of some time ago on a page that was opened ten minutes before, on a phone whose clock is ahead; corrected:
    it was set right before it sent."""
    now = datetime.now(UTC)
    opened, tapped = now - ago - timedelta(minutes=10), now - ago
    return {
        "tap_opened": milliseconds(opened), "tap_loaded": milliseconds(opened + ahead),
        "tap_at": milliseconds(tapped + ahead), "tap_sent": milliseconds(now if corrected else now + ahead),
    }  # fmt: skip


def tap(client: Client, handoff: Handoff, step: Step = Step.ACCEPT, **more: str) -> Any:
    values = {"version": str(handoff.changed_seq), "submission": "k" * 32, "then": "today", **clocks(HOUR / 2), **more}
    return client.post(step_of(handoff, step), values)


@pytest.mark.parametrize("minutes", [0, 1, 90, 60 * 24])
@pytest.mark.parametrize("ahead", [timedelta(0), DAY, -DAY, timedelta(minutes=3), -HOUR])
@pytest.mark.parametrize("set_before_sending", [False, True])
def test_the_moment_of_a_tap_however_the_clock_is_set(minutes: int, ahead: timedelta, set_before_sending: bool) -> None:
    tapped = NOW - timedelta(minutes=minutes)
    opened = tapped - timedelta(minutes=10)
    found = judged(
        Readings(opened, opened + ahead, tapped + ahead, NOW if set_before_sending else NOW + ahead), now=NOW
    )
    assert found.at == tapped
    assert bool(found.off) == (abs(ahead) > CLOCK_ERROR)


@pytest.mark.parametrize(("loaded", "tapped", "sent"), [(0, 5, 0), (5, 0, -5), (-3, 4, -9), (0, 0, -90)])
def test_a_clock_that_is_set_back_and_forth_gives_no_moment_to_come(loaded: int, tapped: int, sent: int) -> None:
    opened = NOW - timedelta(minutes=1)
    at = judged(Readings(opened, NOW + loaded * DAY, NOW + tapped * DAY, NOW + sent * DAY), now=NOW).at
    assert opened <= at <= NOW


def test_a_tap_is_taken_once_at_its_moment(world: World) -> None:
    handoff = delivered(world)
    ward = world.client(world.chen_jie)
    for _again in range(3):
        answer = tap(ward, handoff)
        assert (answer.status_code, answer.json()["taken"]) == (200, True)
        assert answer.json()["to"] == "/handoffs/today/"
    handoff.refresh_from_db()
    assert (handoff.state, handoff.events.count()) == (State.ACCEPTED, 0)
    assert answer.json()["version"] == handoff.changed_seq
    assert handoff.accepted_at is not None
    assert abs(handoff.accepted_at - (datetime.now(UTC) - HOUR / 2)) < timedelta(minutes=1)


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize("ahead", [DAY, -DAY])
def test_a_phone_clock_a_day_off_is_corrected_and_said(world: World, ahead: timedelta, corrected: bool) -> None:
    handoff, laundry = asked(world), world.client(world.gao_ming)
    answer = tap(laundry, handoff, Step.DELIVER, **clocks(HOUR / 2, ahead=ahead, corrected=corrected))
    assert answer.json()["taken"]
    handoff.refresh_from_db()
    assert handoff.delivered_at is not None
    assert abs(handoff.delivered_at - (datetime.now(UTC) - HOUR / 2)) < timedelta(minutes=1)
    assert "The clock of this device was off by 1.0" in laundry.get("/handoffs/today/").content.decode()


@pytest.mark.sqlite
def test_a_clock_that_is_right_is_not_talked_about(world: World) -> None:
    ward = world.client(world.chen_jie)
    tap(ward, delivered(world))
    assert "The clock of this device" not in ward.get("/handoffs/today/").content.decode()


@pytest.mark.sqlite
def test_a_time_that_somebody_entered_counts(world: World) -> None:
    handoff = delivered(world)
    when = (datetime.now(UTC) - HOUR / 4).replace(second=0, microsecond=0)
    assert tap(world.client(world.chen_jie), handoff, happened_at=when.isoformat()).json()["taken"]
    handoff.refresh_from_db()
    assert handoff.accepted_at == when


def test_accept_and_return_at_the_same_moment(world: World) -> None:
    handoff = delivered(world)
    seen = Handoff.objects.get(pk=handoff.pk)
    changes.return_handoff(by=world.actor(world.wang_fang), at=datetime.now(UTC), handoff=handoff, phenomenon="Damp")
    answer = tap(world.client(world.chen_jie), seen)
    assert (answer.status_code, answer.json()["taken"]) == (409, False)
    for words in (handoff.number, "has changed meanwhile", "Returned", "Wang Fang"):
        assert words in answer.json()["why"], answer.json()
    handoff.refresh_from_db()
    assert handoff.state == State.RETURNED


@pytest.mark.sqlite
def test_what_somebody_else_tapped_is_taken_in_nobodys_name(world: World) -> None:
    handoff = delivered(world)
    mark = typed_mark(world.chen_jie.public_id)
    for client in (world.client(world.wang_fang), world.client()):
        answer = tap(client, handoff, typed_by=mark)
        assert answer.status_code in (400, 403)
        assert not answer["Content-Type"].startswith("application/json")
    handoff.refresh_from_db()
    assert handoff.state == State.DELIVERED
    assert tap(world.client(world.chen_jie), handoff, typed_by=mark).json()["taken"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        (clocks(8 * DAY), 400, "at most 7 days ago"),
        ({"tap_at": "yesterday"}, 400, "milliseconds since 1970"),
        ({"tap_sent": "9" * 15}, 400, "milliseconds since 1970"),
        ({"tap_loaded": "4102444800000", "tap_at": "0"}, 200, ""),
        ({"tap_opened": ""}, 400, "milliseconds since 1970"),
        ({"happened_at": "31/02/2026 10:00"}, 422, "When"),
        ({"happened_at": "2031-01-01T10:00"}, 422, "still to come"),
        ({"submission": "k" * 65}, 422, "64"),
        ({"version": "9" * 30}, 409, "meanwhile"),
    ],
)
def test_what_is_wrong_is_said(world: World, values: dict[str, str], status: int, said: str) -> None:
    handoff = delivered(world)
    answer = tap(world.client(world.chen_jie), handoff, **values)
    assert answer.status_code == status, answer.content
    assert said in answer.json().get("why", "")
    handoff.refresh_from_db()
    assert handoff.state == (State.ACCEPTED if status == 200 else State.DELIVERED)


@pytest.mark.sqlite
def test_the_same_key_with_something_else_in_it(world: World) -> None:
    handoff, ward = delivered(world), world.client(world.chen_jie)
    assert tap(ward, handoff).json()["taken"]
    answer = tap(ward, handoff, complete="no")
    assert (answer.status_code, answer.json()["taken"]) == (422, False)


@pytest.mark.sqlite
def test_a_withdrawal_whose_answer_was_lost_is_no_refusal(world: World) -> None:
    handoff, ward = asked(world), world.client(world.chen_jie)
    for _again in range(2):
        answer = tap(ward, handoff, Step.WITHDRAW, reason="Not needed any more")
        assert (answer.status_code, answer.json()["taken"]) == (200, True), answer.json()
    other = tap(ward, handoff, Step.WITHDRAW, reason="Not needed any more", submission="o" * 32)
    assert (other.status_code, other.json()["taken"]) == (409, False)


@pytest.mark.sqlite
def test_who_may_not_is_told_so(world: World) -> None:
    handoff = delivered(world)
    for person, status in ((world.xu_jing, 403), (world.ivy_stone, 404)):
        answer = tap(world.client(person), handoff)
        assert (answer.status_code, answer.json()["taken"]) == (status, False)


@pytest.mark.sqlite
def test_an_hour_counted_without_a_connection(world: World) -> None:
    ward = world.client(world.chen_jie)
    begins = (datetime.now(UTC) - HOUR).replace(minute=0, second=0, microsecond=0)
    sent = {"from": begins.isoformat(), "span": "1", "came": "12", "good": "10", "submission": "t" * 32}
    address = f"/handoffs/tally/{world.laundry_ward.public_id}/"
    for _again in range(2):
        assert ward.post(address, {**sent, **clocks(HOUR / 4)}).json()["taken"]
    assert Handoff.objects.get().form == "tally"
    wrong = ward.post(address, {**sent, "came": "9", "submission": "u" * 32, **clocks(HOUR / 4)})
    assert (wrong.status_code, "Expected at least 10" in wrong.json()["why"]) == (422, True)
