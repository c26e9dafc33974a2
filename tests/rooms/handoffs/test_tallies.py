"""Tallies: an hour is counted on one page, entered once however often it is sent, and corrected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from baton.chain.changes import end_link
from baton.core.errors import Forbidden, Refused
from baton.handoffs import changes
from baton.handoffs.models import DefectCode, Handoff
from baton.handoffs.rules import Form, State
from baton.handoffs.views import tallies
from tests.rooms.chain.test_pages import filled
from tests.rooms.handoffs.made import HOUR
from tests.rooms.handoffs.test_life import as_
from tests.trust.test_bad_forms import errors
from tests.world import NOON, World

pytestmark = pytest.mark.sqlite


def torn(world: World) -> DefectCode:
    return changes.add_defect_code(**as_(world, "lin_mei"), code="TORN", name={"en": "Torn"})


def counted(world: World, name: str = "chen_jie", **more: Any) -> Handoff:
    """The last full hour: forty sheets came in, thirty-eight were good."""
    values: dict[str, Any] = {"came": Decimal(40), "good": Decimal(38), "returned": {}, **more}
    values = {"begins_at": NOON - HOUR, "ends_at": NOON, **values}
    return changes.enter_tally(**as_(world, name), link=world.laundry_ward, **values)


def amounts(handoff: Handoff) -> list[tuple[str, Any, Any, Any, Any]]:
    rows = handoff.lines.order_by("position")
    return [
        (line.code.code if line.code else "", line.ordered, line.delivered, line.accepted, line.refused)
        for line in rows
    ]


def test_an_hour_is_one_handoff_and_counted_again_it_is_corrected(world: World) -> None:
    code = torn(world)
    handoff = counted(world, returned={code: Decimal(2)})
    assert (handoff.form, handoff.state, handoff.accepted_at) == (Form.TALLY, State.ACCEPTED, NOON)
    assert amounts(handoff) == [("", 40, 38, 38, None), ("TORN", None, 2, 0, 2)]
    again = counted(world, good=Decimal(39), returned={code: Decimal(0)})
    assert again.pk == handoff.pk
    assert amounts(again) == [("", 40, 39, 39, None), ("TORN", None, 0, 0, 0)]
    assert counted(world, begins_at=NOON - 2 * HOUR, ends_at=NOON - HOUR).pk != handoff.pk


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"good": Decimal(41)}, "came"), ({"good": Decimal(-1)}, "delivered"),
        ({"begins_at": NOON + HOUR, "ends_at": NOON + 2 * HOUR}, "begins_at"),
        ({"begins_at": NOON - timedelta(days=2)}, "hours"), ({"begins_at": NOON, "ends_at": NOON - HOUR}, "hours"),
        ({"begins_at": NOON - timedelta(days=11_000), "ends_at": NOON - timedelta(days=11_000)}, "begins_at"),
    ],
)  # fmt: skip
def test_counts_that_cannot_be(world: World, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        counted(world, **wrong)
    assert refused.value.field == field
    assert not Handoff.objects.exists()


def test_what_was_counted_by_the_hour_is_not_counted_once_more_by_the_shift(world: World) -> None:
    handoff = counted(world)
    for begins_at, ends_at in ((NOON - 8 * HOUR, NOON), (NOON - HOUR / 2, NOON + HOUR / 2)):
        with pytest.raises(Refused, match=handoff.number):
            counted(world, begins_at=begins_at, ends_at=ends_at)
    counted(world, begins_at=NOON - 9 * HOUR, ends_at=NOON - HOUR)
    changes.withdraw_handoff(**as_(world, "lin_mei"), handoff=handoff, reason="Counted by the shift")
    assert counted(world, begins_at=NOON - HOUR / 2, ends_at=NOON).form == Form.TALLY


def test_nothing_is_counted_after_the_link_has_ended(world: World) -> None:
    end_link(**as_(world, "lin_mei"), link=world.laundry_ward, ended_on=NOON.date())
    with pytest.raises(Refused, match="has ended"):
        counted(world)
    assert counted(world, begins_at=NOON - 30 * HOUR, ends_at=NOON - 29 * HOUR).state == State.ACCEPTED


def test_hours_of_the_day_on_which_the_clocks_change(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    forward = datetime(2026, 3, 29, 3, 30, tzinfo=UTC)  # 05:30; there was no 02:00
    full = tallies._hour(forward)
    shown = [tallies._local(full - timedelta(hours=back)).hour for back in range(5)]
    assert shown == [5, 4, 3, 1, 0]


@pytest.mark.parametrize("raw", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00", "2026-13-01", "x" * 999])
def test_an_hour_of_no_age_is_the_running_one(world: World, raw: str) -> None:
    ward, address = world.client(world.chen_jie), f"/handoffs/tally/{world.laundry_ward.public_id}/"
    assert ward.get(address, {"from": raw}).status_code == 200


def test_only_who_acts_for_the_customer_counts(world: World) -> None:
    for name in ("gao_ming", "he_jun"):
        with pytest.raises(Forbidden):
            counted(world, name)


def test_the_page_enters_once_what_is_sent_twice(world: World) -> None:
    code = torn(world)
    ward, address = world.client(world.chen_jie), f"/handoffs/tally/{world.laundry_ward.public_id}/"
    assert "Nothing was counted here yet" in ward.get(address).content.decode()
    hour = (datetime.now(UTC) - HOUR).replace(minute=0, second=0, microsecond=0).isoformat()
    typed = filled(ward, address, came="20", good="18", span="1", **{f"code_{code.public_id}": "2", "from": hour})
    assert [ward.post(address, typed).status_code for _twice in range(2)] == [302, 302]
    handoff = Handoff.objects.get()
    assert amounts(handoff) == [("", 20, 18, 18, None), ("TORN", None, 2, 0, 2)]
    page = ward.get(address, {"from": hour, "span": "1"}).content.decode()
    assert "You correct what was counted" in page
    assert 'value="18"' in page
    for place, value in enumerate(("x", "-1")):
        wrong = ward.post(address, {**typed, "submission": f"{place}" * 32, "good": value})
        assert (wrong.status_code, set(errors(wrong))) == (422, {"good"})
    assert world.client(world.gao_ming).get(address).status_code == 403
