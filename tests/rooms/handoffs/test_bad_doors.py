"""Bad input at every form of a handoff: a message beside the field, and nothing half saved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from baton.agreements.rules import Measure
from baton.handoffs import changes
from baton.handoffs.models import Handoff, HandoffEvent, HandoffReturn, MeasuredValue, Predecessor, StageCheck
from baton.handoffs.rules import Moments, State, Step
from tests.rooms.agreements.made import LINEN, first_clause, in_force, proposed, terms
from tests.rooms.chain.test_pages import filled
from tests.rooms.handoffs.made import SHEETS
from tests.rooms.handoffs.test_pages import asked, delivered, sent, step_of
from tests.trust.test_bad_forms import errors
from tests.world import World

pytestmark = pytest.mark.sqlite

NUMBERS = [("-3", "0"), ("1,234", "one way"), ("many", "is not one"), ("1e13", "0")]
MOMENTS = [
    ("2026-02-31T10:00", "that exist"), ("2100-01-01T10:00", "still to come"), ("1926-01-01T10:00", "2000"),
    ("tomorrow", ""),
]  # fmt: skip


def said_beside(answer: Any, field: str, message: str) -> None:
    assert answer.status_code == 422, answer.status_code
    assert message in errors(answer).get(field, f"nothing beside {field}: {errors(answer)}")


@pytest.mark.parametrize(("typed", "message"), NUMBERS)
@pytest.mark.parametrize(
    ("step", "field", "more"),
    [
        (Step.DELIVER, "delivered_1", {}), (Step.ACCEPT_PART, "refused_1", {"phenomenon_1": "Torn"}),
        (Step.ACCEPT_PART, "missing_1", {"phenomenon_1": "Torn"}), (Step.WARN_SHORT, "quantity", {}),
    ],
)  # fmt: skip
def test_quantities(world: World, typed: str, message: str, step: Step, field: str, more: dict[str, str]) -> None:
    customer = step is Step.ACCEPT_PART
    handoff = delivered(world) if customer else asked(world)
    before = Handoff.objects.get().changed_seq
    client = world.client(world.chen_jie if customer else world.gao_ming)
    said_beside(sent(client, step_of(handoff, step), **{field: typed, **more}), field, message)
    assert Handoff.objects.get().changed_seq == before
    assert not HandoffReturn.objects.exists()


@pytest.mark.parametrize(("typed", "message"), MOMENTS)
@pytest.mark.parametrize(
    ("step", "more"),
    [
        (Step.RECEIVE, {}), (Step.DELIVER, {}), (Step.ACCEPT, {}), (Step.RETURN, {"phenomenon": "Damp"}),
        (Step.PAUSE, {"reason": "no water"}),
    ],
)  # fmt: skip
def test_moments(world: World, typed: str, message: str, step: Step, more: dict[str, str]) -> None:
    customer = step in (Step.ACCEPT, Step.RETURN)
    handoff = delivered(world) if customer else asked(world)
    before = Handoff.objects.get().changed_seq
    client = world.client(world.chen_jie if customer else world.gao_ming)
    said_beside(sent(client, step_of(handoff, step), happened_at=typed, **more), "happened_at", message)
    assert Handoff.objects.get().changed_seq == before
    assert not HandoffEvent.objects.exists()


def test_a_decimal_comma_is_taken_where_only_one_reading_is_possible(world: World) -> None:
    handoff = asked(world)
    assert sent(world.client(world.gao_ming), step_of(handoff, Step.DELIVER), delivered_1="90,5").status_code == 302
    assert str(handoff.lines.get().delivered) == "90.500000"


def test_more_refused_than_delivered(world: World) -> None:
    handoff = delivered(world)
    ward = world.client(world.chen_jie)
    answer = sent(ward, step_of(handoff, Step.ACCEPT_PART), refused_1="101", phenomenon_1="Torn")
    said_beside(answer, "refused_1", "at most 100")
    assert Handoff.objects.get().state == State.DELIVERED


def test_found_faulty_more_than_looked_at_and_a_predecessor_nobody_knows(world: World) -> None:
    handoff = delivered(world)
    ward, own = world.client(world.chen_jie), f"/handoffs/{handoff.public_id}"
    said_beside(sent(ward, f"{own}/check/receiver/", checked="10", found="11"), "found", "at most 10")
    said_beside(sent(ward, f"{own}/check/receiver/", checked="-1"), "checked", "0")
    said_beside(sent(ward, f"{own}/check/receiver/", happened_at="2100-01-01T10:00"), "happened_at", "still to come")
    for number in ("HO-2026-9999999", "nonsense", handoff.number):
        answer = sent(ward, f"{own}/predecessor/", number=number)
        assert answer.status_code == 422
        assert number in answer.content.decode()
    # One of a link that the ward does not see is as unknown as none.
    hidden = changes.record_handoff(
        by=world.actor(world.lin_mei), at=datetime.now(UTC), link=world.linenco_stores,
        moments=Moments(delivered_at=datetime.now(UTC)),
    )  # fmt: skip
    said_beside(sent(ward, f"{own}/predecessor/", number=hidden.number), "number", "not shared")
    assert not Predecessor.objects.exists()
    assert not StageCheck.objects.exists()


def test_a_clause_of_another_link_and_a_value_that_is_none(world: World) -> None:
    value = terms(LINEN, measure=Measure.VALUE, unit="%", target=None, upper=5.0, direction=None, attainment=None)
    clause = first_clause(in_force(proposed(world, value))).public_id
    at = datetime.now(UTC)
    other = changes.record_handoff(
        by=world.actor(world.lin_mei), at=at, link=world.pharmacy_ward, moments=Moments(delivered_at=at)
    )
    ward = world.client(world.chen_jie)
    address = f"/handoffs/{other.public_id}/value/"
    said_beside(sent(ward, address, clause=clause, value="3"), "clause", "")
    own = f"/handoffs/{delivered(world).public_id}/value/"
    for typed, message in (("many", "is not one"), ("1,234", "one way"), ("", "")):
        said_beside(sent(ward, own, clause=clause, value=typed), "value", message)
    answer = sent(ward, own, clause=clause, value="3", happened_at="2100-01-01T10:00")
    said_beside(answer, "happened_at", "still to come")
    assert not MeasuredValue.objects.exists()
    assert sent(ward, own, clause=clause, value="3,5").status_code == 302
    assert MeasuredValue.objects.get().value == 3.5


@pytest.mark.parametrize(("typed", "message"), [("-1", "0"), ("1.2345", "two"), ("many", "is not one")])
def test_costs(world: World, typed: str, message: str) -> None:
    handoff = delivered(world)
    answer = sent(world.client(world.chen_jie), f"/handoffs/{handoff.public_id}/cost/", customer_cost=typed)
    said_beside(answer, "customer_cost", message)
    assert Handoff.objects.get().cost is None


def test_one_step_sent_twice_is_taken_once(world: World) -> None:
    handoff = asked(world, lines=[SHEETS])
    laundry, address = world.client(world.gao_ming), step_of(handoff, Step.WARN_LATE)
    later = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    typed = filled(laundry, address, expected_at=later)
    assert [laundry.post(address, typed).status_code for _twice in range(2)] == [302, 302]
    assert HandoffEvent.objects.count() == 1


def test_a_tap_on_the_page_of_a_handoff_sent_twice_is_taken_once(world: World) -> None:
    handoff = delivered(world)
    ward = world.client(world.chen_jie)
    page = ward.get(f"/handoffs/{handoff.public_id}/").content.decode()
    form = page.partition("step/accept/")[2]
    typed = {name: form.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("version", "submission")}
    answers = [ward.post(step_of(handoff, Step.ACCEPT), typed).status_code for _twice in range(2)]
    assert answers == [302, 302]
    assert not HandoffEvent.objects.exists()
