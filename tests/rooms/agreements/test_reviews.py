"""Review meetings: planned, held, closed, decisions kept or late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from baton.agreements import changes
from baton.agreements.changes import agenda, closing_reviews, decisions, reviews
from baton.agreements.models import AgendaItem, AgreementVersion, MeetingPerson, ReviewMeeting
from baton.agreements.queries import reviews as queries
from baton.agreements.rules import Side, VersionState
from baton.agreements.rules.reviews import Keeping, ReviewOutcome, Topic, keeping, next_review
from baton.core.actors import Actor
from baton.core.audit.verify import verify
from baton.core.changes import disable_person
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry, Notification
from tests.rooms.agreements.made import drafted, in_force
from tests.rooms.agreements.meetings import DAY, LATER, SOON, came, closed, decided, owner, planned
from tests.rooms.chain.test_pages import filled
from tests.world import NOON, SYSTEM, World


def test_a_meeting_from_its_plan_to_its_signed_minutes(world: World) -> None:
    supplier, customer = world.client(world.zhao_lei), world.client(world.wang_fang)
    link = f"/links/{world.laundry_ward.public_id}/"
    assert "Plan a review meeting" in customer.get(link).content.decode()
    plan = f"/agreements/reviews/plan/{world.laundry_ward.public_id}/"
    typed = {"day": "2999-01-01", "starts": "10:00", "ends": "09:00", "place": "<b>Room</b>"}
    wrong = customer.post(plan, filled(customer, plan, **{**typed, "day": "2000-01-01", "ends": "11:00"}))
    assert (wrong.status_code, "still to come" in wrong.content.decode()) == (422, True)
    assert "before it begins" in customer.post(plan, filled(customer, plan, **typed)).content.decode()
    today = datetime.now(UTC).date() + timedelta(days=2)
    right = {**typed, "day": today.isoformat(), "ends": "11:00"}
    assert customer.post(plan, filled(customer, plan, **right)).status_code == 302
    meeting = ReviewMeeting.objects.get()
    own = f"/agreements/reviews/{meeting.public_id}/"
    shown = supplier.get(own).content.decode()
    assert "&lt;b&gt;Room&lt;/b&gt;" in shown
    assert "No agreement yet" in shown
    decide = f"{own}decide/"
    empty = customer.post(decide, filled(customer, decide, words="Repair it", owner="", due_on=""))
    assert empty.status_code == 422
    assert empty.content.decode().count("Fill it in") >= 2
    assert meeting.number in supplier.get("/agreements/reviews/").content.decode()
    assert supplier.get(f"{own}print/").status_code == 200
    assert supplier.get(f"{own}confirm/supplier/").status_code == 400  # not closed yet
    assert verify().holds


def test_minutes_stand_still_once_a_meeting_is_closed(world: World) -> None:
    by = world.actor(world.wang_fang)
    meeting = planned(world)
    item = agenda.add_item(by=by, at=NOON, meeting=meeting, title="Lift")
    with pytest.raises(Refused, match="has begun"):
        closing_reviews.close_meeting(by=by, at=NOON, meeting=meeting)
    with pytest.raises(Refused, match="who was there"):
        closing_reviews.close_meeting(by=by, at=LATER, meeting=meeting)
    decision = decided(world, meeting)
    closed(world, meeting)
    for write in (
        lambda: agenda.write_minutes(by=by, at=LATER, item=item, minutes="Late"),
        lambda: agenda.add_item(by=by, at=LATER, meeting=meeting, title="More"),
        lambda: reviews.invite(by=by, at=LATER, meeting=meeting, name="Ana", side=Side.SUPPLIER),
        lambda: decisions.change_decision(
            by=by, at=LATER, decision=decision, words="x", owner=decision.owner, due_on=SOON.date()
        ),
    ):
        with pytest.raises(Refused, match="stand still"):
            write()
    told = Notification.objects.filter(topic="agreements.review_minutes")
    assert {one.person for one in told} == {world.zhao_lei, world.zhou_min}


def test_what_becomes_of_the_agreement(world: World) -> None:
    by = world.actor(world.wang_fang)
    version = drafted(world)
    version = changes.describe_version(
        by=by, at=NOON, version=version, starts_on=DAY, ends_on=DAY + timedelta(days=364),
        review_on=DAY + timedelta(days=182),
    )  # fmt: skip
    in_force(changes.propose_version(by=by, at=NOON, version=version))
    first = planned(world)
    assert Topic.FUTURE in {one.topic for one in first.items.all()}
    came(world, first)
    with pytest.raises(Refused) as refused:
        closing_reviews.close_meeting(by=by, at=LATER, meeting=first, outcome=ReviewOutcome.CHANGE)
    assert refused.value.field == "reason"
    done = closing_reviews.close_meeting(by=by, at=LATER, meeting=first, outcome=ReviewOutcome.RENEW)
    renewed = done.led_to
    assert renewed is not None
    assert (renewed.state, renewed.starts_on, renewed.ends_on) == (
        VersionState.DRAFT, DAY + timedelta(days=365), DAY + timedelta(days=729),
    )  # fmt: skip
    assert first.number in renewed.reason
    # the review day of the agreement is the next one, and it ends where both sides say so
    page = queries.meeting_page(viewer=by, at=LATER, public_id=first.public_id)
    assert page.next_on == DAY + timedelta(days=182)
    second = planned(world)
    came(world, second)
    closing_reviews.close_meeting(by=by, at=LATER, meeting=second, outcome=ReviewOutcome.END, reason="Nobody needs it")
    assert AgreementVersion.objects.get(version=1).state == VersionState.ENDED


def test_an_outcome_needs_an_agreement_in_force(world: World) -> None:
    meeting = planned(world)
    came(world, meeting)
    with pytest.raises(Refused) as refused:
        closing_reviews.close_meeting(
            by=world.actor(world.wang_fang), at=LATER, meeting=meeting, outcome=ReviewOutcome.RENEW
        )
    assert refused.value.field == "outcome"


def test_decisions_are_kept_or_late_and_stand_on_the_first_page_of_their_owner(world: World) -> None:
    meeting = planned(world)
    decision = decided(world, meeting)
    closed(world, meeting)
    overdue = LATER + timedelta(days=5)
    closing_reviews.keep_reviews(by=SYSTEM, at=overdue)
    closing_reviews.keep_reviews(by=SYSTEM, at=overdue)
    late = Notification.objects.filter(topic="agreements.decision_late")
    assert [one.person for one in late] == [world.zhao_lei]
    decision.refresh_from_db()
    assert decision.keeping_on(overdue.date()) is Keeping.LATE
    assert "The second lift is repaired" in world.client(world.zhao_lei).get("/").content.decode()
    assert "The second lift" not in world.client(world.wang_fang).get("/").content.decode()
    for other in (world.gao_ming, world.chen_jie, world.he_jun, world.ma_chao):
        with pytest.raises(Forbidden):
            decisions.end_decision(by=world.actor(other), at=overdue, decision=decision, done=True)
    with pytest.raises(Refused) as refused:
        decisions.end_decision(
            by=world.actor(world.zhao_lei), at=overdue, decision=decision, done=True, done_on=DAY - timedelta(days=9)
        )
    assert refused.value.field == "done_on"
    done = decisions.end_decision(by=world.actor(world.zhao_lei), at=overdue, decision=decision, done=True)
    assert done.keeping_on(overdue.date()) is Keeping.KEPT_LATE
    assert "The second lift" not in world.client(world.zhao_lei).get("/").content.decode()


def test_an_owner_who_left_and_who_takes_over(world: World) -> None:
    meeting = planned(world)
    decision = decided(world, meeting)
    kept_by_name = reviews.invite(
        by=world.actor(world.wang_fang), at=NOON, meeting=meeting, name="Ana Silva", side=Side.SUPPLIER
    )
    decided(world, meeting, owner=kept_by_name, words="Bring samples")
    disable_person(by=SYSTEM, at=NOON, person=world.zhao_lei)
    with pytest.raises(Refused) as refused:
        decided(world, meeting, owner=owner(meeting, world.zhao_lei))
    assert refused.value.field == "owner"
    closed(world, meeting)
    by = world.actor(world.wang_fang)
    for person in (None, world.ma_chao):
        with pytest.raises(Refused) as refused:
            decisions.hand_over_decision(by=by, at=LATER, decision=decision, person=person)
        assert refused.value.field == "person"
    decisions.hand_over_decision(by=by, at=LATER, decision=decision, person=world.gao_ming)
    assert [one.pk for one in queries.owed_by(viewer=world.actor(world.gao_ming), at=LATER)] == [decision.pk]
    # who sees to it says so on the page of the meeting, others do not
    done, page = f"/agreements/decisions/{decision.public_id}/done/", f"/agreements/reviews/{meeting.public_id}/"
    assert done in world.client(world.gao_ming).get(page).content.decode()
    assert done not in world.client(world.chen_jie).get(page).content.decode()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"person": "ma_chao"}, "person"),  # of neither side
        ({"name": "  "}, "person"),
        ({"name": "Ana Silva"}, "side"),
        ({"name": "x" * 121, "side": Side.SUPPLIER}, "name"),
    ],
)
def test_who_cannot_be_invited(world: World, given: dict[str, Any], field: str) -> None:
    meeting = planned(world)
    if "person" in given:
        given = {"person": getattr(world, given["person"])}
    with pytest.raises(Refused) as refused:
        reviews.invite(by=world.actor(world.wang_fang), at=NOON, meeting=meeting, **given)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ends_at": SOON}, "ends"),
        ({"ends_at": SOON + timedelta(days=4)}, "ends"),
        ({"starts_at": NOON - timedelta(days=2), "ends_at": NOON - timedelta(days=1)}, "day"),
        ({"place": "x" * 201}, "place"),
    ],
)
def test_what_is_no_appointment(world: World, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        planned(world, **given)
    assert refused.value.field == field
    assert not ReviewMeeting.objects.exists()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("given", "field"), [({"owner": None}, "owner"), ({"due_on": None}, "due_on"), ({"words": " "}, "words"),
                         ({"due_on": date(2000, 1, 1)}, "due_on")],
)  # fmt: skip
def test_what_is_no_decision(world: World, given: dict[str, Any], field: str) -> None:
    meeting = planned(world)
    with pytest.raises(Refused) as refused:
        decided(world, meeting, **given)
    assert refused.value.field == field


@pytest.mark.sqlite
def test_who_sees_and_who_writes(world: World) -> None:
    meeting = planned(world)
    sees = {
        "zhao_lei": True, "gao_ming": True, "wang_fang": True, "chen_jie": True, "liu_yang": True, "lin_mei": True,
        "he_jun": True, "wu_tao": True, "ma_chao": False, "xu_jing": False, "ivy_stone": False, "tom_reed": False,
        "sun_yan": False,
    }  # fmt: skip
    for name, expected in sees.items():
        actor = world.actor(getattr(world, name))
        assert queries.meetings_in_sight(viewer=actor, at=NOON).exists() is expected, name
    for name in ("gao_ming", "chen_jie", "he_jun", "ma_chao"):
        with pytest.raises(Forbidden):
            agenda.add_item(by=world.actor(getattr(world, name)), at=NOON, meeting=meeting, title="Lift")
    reviews.invite(by=world.actor(world.wang_fang), at=NOON, meeting=meeting, person=world.chen_jie)
    agenda.add_item(by=world.actor(world.chen_jie), at=NOON, meeting=meeting, title="Lift")
    with pytest.raises(Forbidden):  # he takes minutes, and neither moves nor closes it
        reviews.cancel_meeting(by=world.actor(world.chen_jie), at=NOON, meeting=meeting, reason="No")
    with pytest.raises(NotFound):
        queries.meeting(viewer=world.actor(world.ivy_stone), at=NOON, public_id=meeting.public_id)


def test_a_name_without_sign_in_is_forgotten(world: World) -> None:
    meeting = planned(world)
    ana = reviews.invite(
        by=world.actor(world.wang_fang), at=NOON, meeting=meeting, name="Ana Silva", side=Side.SUPPLIER
    )
    assert not AuditEntry.objects.filter(body__contains="Ana Silva").exists()
    with pytest.raises(Forbidden):
        reviews.forget_name(by=world.actor(world.wang_fang), at=NOON, invited=ana, reason="Asked for it")
    reviews.forget_name(by=world.actor(world.lin_mei), at=NOON, invited=ana, reason="Asked for it")
    assert not MeetingPerson.objects.filter(name__contains="Ana").exists()
    assert verify().holds


def test_moved_and_cancelled_meetings_tell_their_people_once(world: World) -> None:
    by = world.actor(world.wang_fang)
    meeting = planned(world)
    closing_reviews.keep_reviews(by=SYSTEM, at=NOON)
    closing_reviews.keep_reviews(by=SYSTEM, at=NOON)
    assert Notification.objects.filter(topic="agreements.review_soon").count() == 3
    reviews.move_meeting(by=by, at=NOON, meeting=meeting, starts_at=SOON, ends_at=LATER, place="Room 4")
    assert not Notification.objects.filter(topic="agreements.review_moved").exists()  # nothing changed
    reviews.move_meeting(by=by, at=NOON, meeting=meeting, starts_at=SOON, ends_at=LATER, place="Room 5")
    assert Notification.objects.filter(topic="agreements.review_moved").count() == 2
    reviews.cancel_meeting(by=by, at=NOON, meeting=meeting, reason="Flu")
    with pytest.raises(Refused, match="takes place"):
        agenda.add_item(by=by, at=NOON, meeting=meeting, title="Lift")
    assert not AgendaItem.objects.filter(title="Lift").exists()


def test_when_both_sides_meet_next() -> None:
    held, half = date(2026, 3, 1), {"starts_on": date(2026, 1, 1), "review_on": date(2026, 7, 1)}
    assert next_review(held, **half, ends_on=None) == date(2026, 7, 1)
    assert next_review(date(2026, 7, 1), **half, ends_on=None) == date(2026, 12, 29)  # 181 days on
    assert next_review(date(2026, 7, 1), **half, ends_on=date(2026, 12, 1)) == date(2026, 12, 1)
    assert next_review(held, starts_on=None, review_on=None, ends_on=None) == date(2026, 5, 31)  # 13 weeks


def test_how_a_word_is_kept() -> None:
    due = date(2026, 3, 1)
    assert keeping(due, due, done_on=None, dropped=False) is Keeping.OPEN
    assert keeping(due, due + timedelta(days=1), done_on=None, dropped=False) is Keeping.LATE
    assert keeping(due, due, done_on=due, dropped=False) is Keeping.KEPT
    assert keeping(due, due, done_on=due + timedelta(days=1), dropped=False) is Keeping.KEPT_LATE
    assert keeping(due, due + timedelta(days=1), done_on=None, dropped=True) is Keeping.DROPPED


def test_dates_in_the_calendar_of_a_reader(world: World) -> None:
    from baton.agreements.queries.finding_reviews import dates_of_reviews

    meeting = planned(world)
    decided(world, meeting, due_on=DAY + timedelta(days=30))
    mine = list(dates_of_reviews(world.actor(world.zhao_lei), NOON, DAY))
    assert [event.day for event in mine] == [SOON.date()]
    closed(world, meeting)
    mine = list(dates_of_reviews(world.actor(world.zhao_lei), LATER, DAY))
    assert [event.day for event in mine] == [DAY + timedelta(days=30)]
    assert list(dates_of_reviews(Actor(world.ma_chao), NOON, DAY)) == []


def test_minutes_are_found(world: World) -> None:
    from baton.core.search import keeping as index

    meeting = planned(world)
    item = agenda.add_item(by=world.actor(world.wang_fang), at=NOON, meeting=meeting, title="Elevator two")
    agenda.write_minutes(by=world.actor(world.wang_fang), at=NOON, item=item, minutes="Repaired by the zeppelin works")
    index.follow(by=SYSTEM, at=NOON)
    assert meeting.number in world.client(world.gao_ming).get("/search/?q=zeppelin").content.decode()
    assert meeting.number not in world.client(world.ma_chao).get("/search/?q=zeppelin").content.decode()
