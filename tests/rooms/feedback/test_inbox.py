"""Feedback that reaches the organisation: who reads it and its names, who owes the outcome, clock and erasure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry, Notification
from baton.feedback import changes
from baton.feedback.changes import FeedbackTold
from baton.feedback.models import Complaint, FeedbackItem
from baton.feedback.queries import inbox as queries
from baton.feedback.queries.inbox import InboxFilters
from baton.feedback.rules.inbox import FeedbackCategory, FeedbackChannel, FeedbackState, proposed_category
from tests.rooms.feedback.test_needs import FRIDAY, weekdays
from tests.rooms.feedback.told import NAME, REACH, WORDS, answered, complained_of, entered, told
from tests.world import SYSTEM, World

if TYPE_CHECKING:
    from baton.core.models import Person

pytestmark = pytest.mark.django_db
EVERYBODY = [
    "lin_mei", "he_jun", "wu_tao", "sun_yan", "qian_li", "liu_yang", "wang_fang", "zhou_min", "chen_jie", "sun_lei",
    "zhao_lei", "gao_ming", "ivy_stone",
]  # fmt: skip


def _told_of(topic: str) -> set[Person]:
    return {one.person for one in Notification.objects.filter(topic=topic)}


def _late(world: World, item: FeedbackItem, at: datetime) -> tuple[bool, bool | None]:
    item.refresh_from_db()
    [(_item, clock)] = queries.timed(viewer=world.actor(world.lin_mei), at=at, items=[item])
    return clock.late, clock.in_time


@pytest.mark.parametrize(("words", "category"), [
    ("The linen was damp again", "complaint"), ("床单又迟到了", "complaint"), ("It isn’t clean", "complaint"),
    ("Thank you for the quick help", "compliment"), ("谢谢洗衣房的同事", "compliment"),
    ("Could you deliver before seven?", "suggestion"), ("建议七点前送到", "suggestion"),
    ("When does the kitchen close?", "question"), ("请问几点关门", "question"),
    ("Nobody said thank you, it was late", "complaint"), ("服务不太好", "complaint"), ("Room 12", "other"),
])  # fmt: skip
def test_a_kind_is_proposed_by_the_words(words: str, category: str) -> None:
    assert proposed_category(words) == category


def test_who_leads_what_it_is_about_owes_the_outcome_and_hears_of_it(world: World) -> None:
    item = told(world)
    assert (item.holder, item.category, item.channel) == (world.laundry, "complaint", "baton")
    assert _told_of(changes.FEEDBACK_CAME_TOPIC) == {world.zhao_lei}
    assert not [one for one in Notification.objects.all() if "linen" in str(one.values)]
    answered(world, item)
    assert _told_of(changes.FEEDBACK_DEALT_TOPIC) == {world.chen_jie}


@pytest.mark.parametrize("about", ["nothing", "own", "headless"])
def test_where_nobody_leads_it_the_quality_manager_owes_the_outcome(world: World, about: str) -> None:
    if about == "own":
        item = told(world, world.zhao_lei)
    else:
        item = told(world, world.lin_mei if about == "headless" else None,
                    party=world.infection_control if about == "headless" else None)  # fmt: skip
    assert item.holder is None
    assert _told_of(changes.FEEDBACK_CAME_TOPIC) == (set() if about == "headless" else {world.lin_mei})


def test_of_a_link_its_supplier_owes_the_outcome(world: World) -> None:
    item = told(world, party=None, link=world.laundry_ward)
    assert (item.party, item.holder) == (world.laundry, world.laundry)
    with pytest.raises(NotFound):
        told(world, world.ivy_stone, party=None, link=world.laundry_ward)


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_reads_it_who_reads_names_and_who_deals_with_it(world: World, name: str) -> None:
    item, person = entered(world), getattr(world, name)
    client, address = world.client(person), f"/inbox/{item.public_id}/"
    sees = name in {"lin_mei", "he_jun", "wu_tao", "zhao_lei", "chen_jie"}
    names, deals = name in {"lin_mei", "zhao_lei", "chen_jie"}, name in {"lin_mei", "zhao_lei"}
    answer = client.get(address)
    assert answer.status_code == (200 if sees else 404)
    pages = [answer.content, client.get("/inbox/?show=all").content, b"".join(client.get("/inbox/export.csv?show=all"))]
    assert [WORDS in page.decode() for page in pages] == [sees] * 3
    assert [NAME in page.decode() for page in pages] == [names] * 3
    assert [REACH in page.decode() for page in (pages[0], pages[2])] == [names] * 2
    for step in ("kind", "complaint", "pass-on", "answer", "thank", "no-action"):
        assert client.get(f"{address}{step}/").status_code == (200 if deals else 403 if sees else 404)
    assert queries.feedback_to_deal_with(viewer=world.actor(person), at=datetime.now(UTC)) == (name == "zhao_lei")


def test_guests_and_strangers_see_nothing(world: World) -> None:
    item = told(world)
    for address in ("", "export.csv", "tell/", "enter/", f"{item.public_id}/", f"{item.public_id}/answer/"):
        assert world.client(world.tom_reed).get(f"/inbox/{address}").status_code == 403
        assert world.client().get(f"/inbox/{address}").status_code == 302


def test_nobody_deals_with_what_he_told_himself(world: World) -> None:
    item = told(world, world.gao_ming, party=world.ward)
    changes.pass_on_feedback(by=world.actor(world.lin_mei), at=datetime.now(UTC), item=item, party=world.laundry)
    own = told(world, world.zhao_lei, party=world.ward)
    changes.pass_on_feedback(by=world.actor(world.lin_mei), at=datetime.now(UTC), item=item, party=world.pharmacy)
    with pytest.raises(Forbidden):
        answered(world, own)
    with pytest.raises(Refused) as refused:
        changes.pass_on_feedback(by=world.actor(world.lin_mei), at=datetime.now(UTC), item=own, party=world.laundry)
    assert refused.value.field == "party"


def test_what_is_passed_on_stays_open_with_whoever_leads_that_party(world: World) -> None:
    item, at = told(world), datetime.now(UTC)
    item = changes.pass_on_feedback(
        by=world.actor(world.zhao_lei), at=at, item=item, party=world.pharmacy, words="It was your trolley"
    )
    assert (item.state, item.holder, item.dealt_at) == (FeedbackState.PASSED, world.pharmacy, None)
    assert world.xu_jing in _told_of(changes.FEEDBACK_CAME_TOPIC)
    with pytest.raises(Forbidden):
        answered(world, item)
    item = answered(world, item, world.xu_jing, at)
    assert (item.state, item.dealt_at) == (FeedbackState.ANSWERED, at)
    assert FeedbackItem.objects.get() in queries.feedback_in_sight(viewer=world.actor(world.zhao_lei), at=at)


def test_who_earned_thanks_reads_what_was_told_without_the_name(world: World) -> None:
    item, at = entered(world, words="Thanks to Gao Ming, who came at night"), datetime.now(UTC)
    assert item.category == FeedbackCategory.COMPLIMENT
    assert world.client(world.gao_ming).get(f"/inbox/{item.public_id}/").status_code == 404
    changes.thank_for_feedback(
        by=world.actor(world.zhao_lei), at=at, item=item, words="Well done", earner=world.gao_ming
    )
    assert _told_of(changes.FEEDBACK_THANKS_TOPIC) == {world.gao_ming}
    page = world.client(world.gao_ming).get(f"/inbox/{item.public_id}/").content.decode()
    assert [text in page for text in ("came at night", "Well done", NAME, REACH)] == [True, True, False, False]


def test_the_clock_counts_working_days_from_when_it_was_received(world: World) -> None:
    """Received on Friday at 15:00; Monday is a holiday, so that the fifth working day is the next Monday."""
    weekdays()
    item = told(world, at=FRIDAY)
    due = datetime(2026, 6, 15, 16, 0, tzinfo=UTC)
    assert [_late(world, item, at) for at in (due, due + timedelta(seconds=1))] == [(False, None), (True, False)]
    answered(world, item, at=due + timedelta(days=1))
    assert _late(world, item, due + timedelta(days=9)) == (False, False)


def test_who_owes_it_and_the_quality_manager_are_told_once_that_it_is_late(world: World) -> None:
    told(world, at=FRIDAY)
    late = FRIDAY + timedelta(days=30)
    assert [changes.tell_of_late_feedback(by=SYSTEM, at=late) for _turn in range(2)] == [1, 0]
    assert _told_of(changes.FEEDBACK_LATE_TOPIC) == {world.zhao_lei, world.lin_mei}
    for person, expected in ((world.zhao_lei, 1), (world.gao_ming, 0)):
        rows = queries.listed_feedback(viewer=world.actor(person), at=late, filters=InboxFilters(show="late"))
        assert rows.count() == expected


def test_names_are_erased_a_year_after_the_outcome_and_stand_in_no_entry(world: World) -> None:
    item, at = answered(world, entered(world)), datetime.now(UTC)
    waits = entered(world)
    year = at + timedelta(days=365, minutes=5)
    assert changes.erase_names(by=SYSTEM, at=year - timedelta(days=1)) == 0
    assert changes.erase_names(by=SYSTEM, at=year) == 1
    item.refresh_from_db()
    waits.refresh_from_db()
    assert (item.teller_name, item.teller_reach, item.erased_at) == ("", "", year)
    assert waits.teller_name == NAME
    bodies = [one.body for one in AuditEntry.objects.all()]
    # With a space each: public ids and hashes, which have none, spell short words by chance.
    assert not [body for body in bodies if any(word in body for word in ("was damp", "Wu of", "0571 5", "dryer is"))]
    assert changes.erase_names(by=world.actor(world.lin_mei), at=year) == 0


@pytest.mark.parametrize(("given", "field"), [
    ({"words": " \u200b "}, "words"), ({"words": "x" * 4_001}, "words"), ({"name": "x" * 121}, "name"),
    ({"reach": "x" * 201}, "reach"), ({"channel": FeedbackChannel.BATON}, "channel"),
    ({"received_at": datetime(2100, 1, 1, tzinfo=UTC)}, "received_on"),
    ({"received_at": datetime(2001, 1, 1, tzinfo=UTC)}, "received_on"),
])  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(world: World, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        entered(world, **given)
    assert refused.value.field == field
    assert not FeedbackItem.objects.exists()


def test_thanks_need_somebody_and_an_outcome_needs_words(world: World) -> None:
    item, at, by = told(world), datetime.now(UTC), world.actor(world.zhao_lei)
    with pytest.raises(Refused) as refused:
        changes.thank_for_feedback(by=by, at=at, item=item, words="Thanks")
    assert refused.value.field == "earner"
    with pytest.raises(Refused) as refused:
        changes.leave_feedback(by=by, at=at, item=item, words="  ")
    assert refused.value.field == "words"
    assert FeedbackItem.objects.get().state == FeedbackState.OPEN


def test_an_answer_may_follow_on_no_action_and_nothing_else_does(world: World) -> None:
    item, at, by = told(world), datetime.now(UTC), world.actor(world.zhao_lei)
    item = changes.leave_feedback(by=by, at=at, item=item, words="The dryer is old")
    for write in (
        lambda: changes.leave_feedback(by=by, at=at, item=item, words="Still"),
        lambda: changes.pass_on_feedback(by=by, at=at, item=item, party=world.pharmacy),
        lambda: changes.thank_for_feedback(by=by, at=at, item=item, words="Thanks", party=world.ward),
    ):
        with pytest.raises(Refused):
            write()
    later = at + timedelta(days=1)
    item = answered(world, item, at=later)
    assert (item.state, item.dealt_at) == (FeedbackState.ANSWERED, at)


def test_a_stale_outcome_is_refused(world: World) -> None:
    item = told(world)
    seen = item.changed_seq
    changes.sort_feedback(
        by=world.actor(world.zhao_lei), at=datetime.now(UTC), item=item, category=FeedbackCategory.SUGGESTION
    )
    with pytest.raises(Refused) as refused:
        changes.answer_feedback(
            by=world.actor(world.zhao_lei), at=datetime.now(UTC), item=item, words="Yes", expected_seq=seen
        )
    assert refused.value.status == 409


def test_strangers_find_nothing_and_programs_tell_nothing(world: World) -> None:
    item = told(world)
    with pytest.raises(NotFound):
        answered(world, item, world.gao_ming)
    with pytest.raises(Forbidden):
        changes.tell_feedback(by=SYSTEM, at=datetime.now(UTC), told=FeedbackTold("Something"))


def test_the_database_keeps_impossible_feedback_out(world: World) -> None:
    item = told(world)
    for change in ({"state": "answered"}, {"dealt_at": datetime.now(UTC)}, {"words": ""},
                   {"teller_name": "x", "erased_at": datetime.now(UTC)}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            FeedbackItem.objects.filter(pk=item.pk).update(**change)


def test_a_complaint_is_opened_of_it_once_and_each_names_the_other(world: World) -> None:
    item = complained_of(world, entered(world))
    complaint = item.complaint
    assert complaint is not None
    assert (item.state, complaint.supplier, complaint.received_by) == ("complaint", world.laundry, world.chen_jie)
    assert item.dealt_at is not None
    client = world.client(world.zhao_lei)
    assert complaint.number in client.get(f"/inbox/{item.public_id}/").content.decode()
    assert item.number in client.get(f"/complaints/{complaint.public_id}/").content.decode()
    with pytest.raises(Refused):
        complained_of(world, item)
    assert Complaint.objects.count() == 1
    assert answered(world, item).state == FeedbackState.ANSWERED


def test_a_complaint_that_is_refused_leaves_the_feedback_open(world: World) -> None:
    item = entered(world)
    with pytest.raises(Refused) as refused:
        complained_of(world, item, phenomenon=" ")
    assert refused.value.field == "phenomenon"
    with pytest.raises(Forbidden):
        complained_of(world, item, world.chen_jie)
    assert FeedbackItem.objects.get().state == FeedbackState.OPEN
    assert not Complaint.objects.exists()
