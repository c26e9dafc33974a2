"""The agenda of a review meeting: from the link's own data, ordered, postponed, brought up to date, minuted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from baton.agreements import changes
from baton.agreements.changes import agenda, decisions, reviews
from baton.agreements.pages.agenda import shown_points
from baton.agreements.queries import reviews as queries
from baton.agreements.rules.reviews import ItemFate, Topic
from baton.chain.changes import appoint
from baton.chain.rules import Capacity
from baton.core.errors import Stale
from baton.core.models import Notification
from tests.rooms.agreements.made import BARE, LINEN, drafted
from tests.rooms.agreements.meetings import DAY, LATER, SOON, closed, decided, planned
from tests.rooms.chain.test_pages import filled
from tests.world import NOON, SYSTEM, World


def test_the_agenda_is_built_from_the_links_own_data(world: World) -> None:
    drafted(world, LINEN, BARE)
    changes.add_certificate(
        by=world.actor(world.zhao_lei), at=NOON, party=world.laundry, name="ISO 9001", ends_on=DAY + timedelta(days=20)
    )
    meeting = planned(world)
    found = shown_points(queries.items_of(viewer=SYSTEM, meeting=meeting))
    topics = [point.item.topic for point in found]
    assert topics[0] == Topic.AGREEMENT
    assert topics.count(Topic.CLAUSE) == 2
    said = {point.title: " ".join(point.lines) for point in found}
    assert "how it is measured" in said["Linen smells fresh"]
    assert "not measured yet" in said["Clean linen is on the ward: 95 % within 24 business hours"]
    assert "Laundry: ISO 9001" in said
    assert Topic.FUTURE not in topics  # nothing is in force
    # who leads both sides is invited, for the side to which he belongs
    assert {(one.person, one.side) for one in meeting.people.all()} == {
        (world.zhao_lei, "supplier"), (world.wang_fang, "customer"), (world.zhou_min, "customer"),
    }  # fmt: skip
    told = Notification.objects.filter(topic="agreements.review_invited")
    assert {one.person for one in told} == {world.zhao_lei, world.zhou_min}


def test_points_are_ordered_added_postponed_and_taken_up_by_the_next_meeting(world: World) -> None:
    by = world.actor(world.wang_fang)
    meeting = planned(world)
    own = agenda.add_item(by=by, at=NOON, meeting=meeting, title="Sheets for the new ward")
    agenda.move_item(by=by, at=NOON, item=own, position=1)
    assert [one.public_id for one in queries.items_of(viewer=SYSTEM, meeting=meeting)][0] == own.public_id
    agenda.set_fate(by=by, at=NOON, item=own, fate=ItemFate.POSTPONED)
    decision = decided(world, meeting)
    closed(world, meeting)
    following = planned(world, starts_at=SOON + timedelta(days=90), ends_at=LATER + timedelta(days=90))
    found = queries.items_of(viewer=SYSTEM, meeting=following)
    assert (found[0].title, found[0].carried_from) == ("Sheets for the new ward", own)
    assert [one.about for one in found if one.topic == Topic.DECISION] == [decision.public_id]
    # once it is done, the point says so; nothing is put on the agenda twice
    decisions.end_decision(by=world.actor(world.zhao_lei), at=LATER, decision=decision, done=True)
    agenda.renew_agenda(by=by, at=LATER, meeting=following)
    again = queries.items_of(viewer=SYSTEM, meeting=following)
    assert len(again) == len(found)
    assert next(point for point in shown_points(again) if point.item.topic == Topic.DECISION).settled


def test_postponed_points_are_taken_up_once_however_often_the_agenda_is_renewed(world: World) -> None:
    by = world.actor(world.wang_fang)
    meeting = planned(world)
    for title in ("Sheets", "Lift"):
        own = agenda.add_item(by=by, at=NOON, meeting=meeting, title=title)
        agenda.set_fate(by=by, at=NOON, item=own, fate=ItemFate.POSTPONED)
    closed(world, meeting)
    following = planned(world, starts_at=SOON + timedelta(days=90), ends_at=LATER + timedelta(days=90))
    agenda.renew_agenda(by=by, at=LATER, meeting=following)
    found = queries.items_of(viewer=SYSTEM, meeting=following)
    assert [one.title for one in found if one.topic == Topic.OWN] == ["Sheets", "Lift"]
    assert [one.position for one in found] == list(range(1, len(found) + 1))


def test_what_somebody_may_not_read_is_not_settled_because_he_renews_the_agenda(world: World) -> None:
    """Of the night shift: she belongs to the ward, and does not see the gaps of the ward itself."""
    appoint(by=SYSTEM, at=NOON, party=world.night_shift, person=world.ivy_stone, capacity=Capacity.MEMBER)
    meeting = planned(world, link=world.ward_laundry)
    gaps = meeting.items.filter(topic=Topic.GAP)
    assert gaps.exists()
    reviews.invite(by=world.actor(world.wang_fang), at=NOON, meeting=meeting, person=world.ivy_stone)
    agenda.renew_agenda(by=world.actor(world.ivy_stone), at=NOON, meeting=meeting)
    assert not any(item.facts.get("settled") for item in gaps.all())


def test_two_write_minutes_at_once_and_the_second_sees_both_texts(world: World) -> None:
    meeting = planned(world)
    item = agenda.add_item(by=world.actor(world.wang_fang), at=NOON, meeting=meeting, title="Lift")
    supplier, customer = world.client(world.zhao_lei), world.client(world.wang_fang)
    page = f"/agreements/agenda-items/{item.public_id}/minutes/"
    first = filled(supplier, page, minutes="It is repaired by Friday.")
    second = filled(customer, page, minutes="Nobody knows when.")
    assert supplier.post(page, first).status_code == 302
    answer = customer.post(page, second)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Nobody knows when." in shown
    assert "It is repaired by Friday." in shown
    with pytest.raises(Stale):
        agenda.write_minutes(
            by=world.actor(world.wang_fang), at=NOON, item=item, minutes="x", expected_seq=item.changed_seq
        )
