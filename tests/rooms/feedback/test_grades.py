"""Heads rate departments: who is asked, what a grade needs, who reads it and when, and the reply to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry, Notification
from baton.feedback.changes import grade_rounds as rounds
from baton.feedback.changes import grades as changes
from baton.feedback.models.grades import DepartmentGrade, GradeRound
from baton.feedback.queries import grades as queries
from baton.feedback.rules.grades import LOW, Grade, RoundState, Said, above, are_kin, faults_of, tally
from tests.rooms.feedback.graded import HAPPENED, LATE, all_graded, graded, replied, round_closed, round_opened, row
from tests.world import SYSTEM, World

if TYPE_CHECKING:
    from baton.core.models import Person

pytestmark = pytest.mark.django_db
Q1 = {"began_on": date(2026, 1, 1), "until_on": date(2026, 3, 31)}


def _seen(world: World, person: Person) -> set[tuple[str, str]]:
    found = queries.grades_in_sight(viewer=world.actor(person), at=datetime.now(UTC))
    return {(one.customer.name["en"], one.supplier.name["en"]) for one in found}


@pytest.mark.sqlite
def test_rules_of_grades() -> None:
    assert above("a/b/c/") == ["a/b/c/", "a/b/", "a/"]
    assert are_kin("a/", "a/b/")
    assert are_kin("a/b/", "a/")
    assert not are_kin("a/b/", "a/c/")
    assert tally(["A", "E", "N", "", "A"])[Grade.A] == 2
    assert sum(tally(["A", "E", "N", "", "A"]).values()) == 3
    assert {Grade.D, Grade.E} == LOW


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (Said(Grade.A), []),
        (Said(Grade.NONE), []),
        (Said(None), []),
        (LATE, []),
        (Said(Grade.D), ["reason", "fact", "happened_on"]),
        (Said(Grade.E, "Late", "", HAPPENED), ["fact"]),
        (Said(Grade.E, "Late", "No linen", None), ["happened_on"]),
        (Said(Grade.D, "Late", "No linen", date(2026, 4, 1)), ["happened_on"]),
        (Said(None, "Late"), ["grade"]),
        (Said(Grade.C, "x" * 1_001), ["reason"]),
        (Said(Grade.C, fact="x" * 1_001), ["fact"]),
        (Said(Grade.C, handoff="2b3c4d5f6g7h8j9k"), ["handoff"]),
    ],
)
def test_what_a_grade_needs(said: Said, fields: list[str]) -> None:
    assert [one.field for one in faults_of(said, **Q1)] == fields


def test_who_really_received_something_is_asked_about_it_by_name(world: World) -> None:
    round = round_opened(world)
    pairs = {(one.customer.name["en"], one.supplier.name["en"]) for one in DepartmentGrade.objects.filter(round=round)}
    # nobody outside, and nobody about his own
    assert pairs == {
        ("Ward 3", "Laundry"), ("Ward 3", "Pharmacy"), ("Ward 3", "Laboratory"), ("Laundry", "Ward 3"),
        ("Laboratory", "Infection control"),
    }  # fmt: skip
    told = Notification.objects.filter(topic=rounds.OPENED_TOPIC)
    assert {(one.person.sign_in_name, one.values["count"]) for one in told} == {
        ("wang.fang", 3), ("zhou.min", 3), ("zhao.lei", 1), ("ma.chao", 1),
    }  # fmt: skip


def test_links_without_a_handoff_of_that_time_ask_nobody(world: World) -> None:
    from baton.handoffs import changes as handoffs
    from baton.handoffs.rules import Moments

    at = datetime(2026, 2, 9, 8, tzinfo=UTC)
    kept = Moments(due_at=at, delivered_at=at, accepted_at=at)
    late = Moments(due_at=at, delivered_at=at + timedelta(hours=2), accepted_at=at + timedelta(hours=2))
    for link, moments in ((world.laundry_ward, kept), (world.laundry_ward, late)):
        handoffs.record_handoff(by=SYSTEM, at=datetime.now(UTC), link=link, moments=moments)
    other = Moments(delivered_at=datetime(2026, 5, 9, 8, tzinfo=UTC))
    handoffs.record_handoff(by=SYSTEM, at=datetime.now(UTC), link=world.pharmacy_ward, moments=other)
    waiting = Moments(due_at=at)
    handoffs.record_handoff(by=SYSTEM, at=datetime.now(UTC), link=world.lab_ward, moments=waiting)
    round = round_opened(world)
    served = {one.supplier.name["en"] for one in DepartmentGrade.objects.filter(round=round, customer=world.ward)}
    assert served == {"Laundry"}
    linen = row(round, world.ward, world.laundry)
    assert (linen.attainment, [one.handoffs for one in linen.links.all()]) == (0.5, [2])
    named = queries.handoffs_to_name(viewer=world.actor(world.wang_fang), at=datetime.now(UTC), rows=[linen])
    offered = named[linen.public_id]
    assert len(offered) == 2
    said = Said(Grade.E, "Late", "This one", HAPPENED, offered[0].public_id)
    assert graded(world, world.wang_fang, linen, said).handoff == offered[0]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"until_on": date(2025, 12, 31)}, "until_on"),
        ({"until_on": date(2999, 1, 1)}, "until_on"),
        ({"began_on": date(2024, 1, 1)}, "until_on"),
        ({"closes_on": date(2020, 1, 1)}, "closes_on"),
        ({"closes_on": date(2999, 1, 1)}, "closes_on"),
        ({"title": {"en": " \u200b "}}, "title"),
    ],
)
def test_wrong_days_open_no_round(world: World, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        round_opened(world, **given)
    assert refused.value.field == field
    assert not GradeRound.objects.exists()
    assert not Notification.objects.filter(topic=rounds.OPENED_TOPIC).exists()


def test_there_is_one_round_about_a_time_unless_it_was_withdrawn(world: World) -> None:
    round = round_opened(world)
    with pytest.raises(Refused) as refused:
        round_opened(world)
    assert refused.value.field == "began_on"
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    rounds.withdraw_grade_round(by=by, at=at, round=round, reason="The wrong quarter")
    assert round_opened(world).number != round.number


def test_what_somebody_said_with_his_name_is_not_thrown_away(world: World) -> None:
    round = round_opened(world)
    graded(world, world.wang_fang, row(round, world.ward, world.pharmacy), Said(Grade.B))
    with pytest.raises(Refused):
        rounds.withdraw_grade_round(
            by=world.actor(world.lin_mei), at=datetime.now(UTC), round=round, reason="The wrong quarter"
        )


def test_a_grade_may_be_changed_until_the_round_closes_and_every_version_stands_in_the_trail(world: World) -> None:
    round = round_opened(world)
    linen = row(round, world.ward, world.laundry)
    graded(world, world.wang_fang, linen, LATE)
    graded(world, world.zhou_min, linen, Said(Grade.C, "Better since February"))
    graded(world, world.zhou_min, linen, Said(None))
    held = graded(world, world.wang_fang, linen, Said(Grade.B))
    assert (held.grade, held.given_by, held.reason, held.happened_on) == ("B", world.wang_fang, "", None)
    actions = AuditEntry.objects.filter(object_id=linen.public_id).order_by("seq").values_list("action", flat=True)
    assert [one.partition(".")[2] for one in actions if one.startswith("department_grade.")] == [
        "given", "changed", "taken_back", "given",
    ]  # fmt: skip
    rounds.close_grade_round(by=SYSTEM, at=datetime.now(UTC), round=round)
    with pytest.raises(Refused):
        graded(world, world.wang_fang, linen, Said(Grade.A))
    linen.refresh_from_db()
    assert linen.grade == "B"


def test_after_its_last_day_nothing_is_taken_though_nobody_has_closed_it(world: World) -> None:
    round = round_opened(world)
    late = datetime.now(UTC) + timedelta(days=8)
    with pytest.raises(Refused):
        changes.give_grade(
            by=world.actor(world.wang_fang), at=late, grade=row(round, world.ward, world.laundry), said=Said(Grade.A)
        )


@pytest.mark.parametrize(
    "name", ["lin_mei", "he_jun", "wu_tao", "chen_jie", "zhao_lei", "xu_jing", "ivy_stone", "tom_reed"]
)
def test_only_who_speaks_for_the_customer_grades(world: World, name: str) -> None:
    linen = row(round_opened(world), world.ward, world.laundry)
    with pytest.raises((Forbidden, NotFound)):
        graded(world, getattr(world, name), linen, Said(Grade.A))


def test_who_leads_both_does_not_grade_his_own_department(world: World) -> None:
    from baton.chain.changes import appoint
    from baton.chain.rules import Capacity, Scope

    appoint(
        by=SYSTEM, at=datetime.now(UTC), party=world.laundry, person=world.wang_fang, capacity=Capacity.DEPUTY,
        scope=Scope.LINKS, ended_on=date(2099, 1, 1),
    )  # fmt: skip
    linen = row(round_opened(world), world.ward, world.laundry)
    told = Notification.objects.filter(topic=rounds.OPENED_TOPIC, person=world.wang_fang).get()
    assert told.values["count"] == 2
    with pytest.raises(Forbidden):
        graded(world, world.wang_fang, linen, Said(Grade.A))
    assert graded(world, world.zhou_min, linen, Said(Grade.A)).grade == "A"


def test_while_it_is_open_only_those_who_give_them_read_grades(world: World) -> None:
    round = round_opened(world)
    all_graded(world, round)
    ward = {("Ward 3", "Laundry"), ("Ward 3", "Pharmacy"), ("Ward 3", "Laboratory")}
    assert _seen(world, world.wang_fang) == _seen(world, world.zhou_min) == ward
    assert _seen(world, world.zhao_lei) == {("Laundry", "Ward 3")}
    for name in ("lin_mei", "he_jun", "wu_tao", "chen_jie", "xu_jing", "ivy_stone", "tom_reed", "sun_yan"):
        assert _seen(world, getattr(world, name)) == set(), name


def test_once_it_is_closed_the_department_graded_and_quality_manager_and_director_read_them(world: World) -> None:
    round_closed(world)
    everything = _seen(world, world.lin_mei)
    assert everything == _seen(world, world.he_jun)
    assert len(everything) == 5
    assert _seen(world, world.zhao_lei) == {("Laundry", "Ward 3"), ("Ward 3", "Laundry")}
    assert _seen(world, world.xu_jing) == {("Ward 3", "Pharmacy")}
    for name in ("wu_tao", "qian_li", "sun_yan", "chen_jie", "gao_ming", "he_ping", "ivy_stone", "tom_reed"):
        assert _seen(world, getattr(world, name)) == set(), name
    told = Notification.objects.filter(topic=rounds.GRADED_TOPIC)
    assert {one.person for one in told} == {world.zhao_lei, world.xu_jing, world.wang_fang, world.zhou_min}


def test_baton_warns_once_two_days_before_and_closes_after_the_last_day(world: World) -> None:
    round, at = round_opened(world), datetime.now(UTC)
    graded(world, world.zhao_lei, row(round, world.laundry, world.ward), Said(Grade.A))
    assert rounds.tend_grade_rounds(by=SYSTEM, at=at + timedelta(days=4)) == 0
    for days in (5, 6, 7):
        rounds.tend_grade_rounds(by=SYSTEM, at=at + timedelta(days=days))
    told = Notification.objects.filter(topic=rounds.WARNED_TOPIC)
    assert {(one.person, one.values["count"]) for one in told} == {
        (world.wang_fang, 3), (world.zhou_min, 3), (world.ma_chao, 1),
    }  # fmt: skip
    assert told.count() == 3
    round.refresh_from_db()
    assert round.state == RoundState.OPEN
    rounds.tend_grade_rounds(by=SYSTEM, at=at + timedelta(days=8))
    round.refresh_from_db()
    assert round.state == RoundState.CLOSED
    assert round.studies["raters"]["refused"]
    assert rounds.tend_grade_rounds(by=SYSTEM, at=at + timedelta(days=8)) == 0


def test_a_later_last_day_has_those_who_have_not_graded_told_again(world: World) -> None:
    round, at = round_opened(world), datetime.now(UTC)
    rounds.tend_grade_rounds(by=SYSTEM, at=at + timedelta(days=6))
    moved = rounds.move_round_end(
        by=world.actor(world.lin_mei), at=at, round=round, closes_on=(at + timedelta(days=20)).date()
    )
    assert moved.warned_at is None
    rounds.tend_grade_rounds(by=SYSTEM, at=at + timedelta(days=19))
    assert Notification.objects.filter(topic=rounds.WARNED_TOPIC, person=world.ma_chao).count() == 2


def test_the_department_graded_replies_to_a_low_grade_and_its_giver_is_told(world: World) -> None:
    round = round_closed(world)
    linen = row(round, world.ward, world.laundry)
    held = replied(world, linen)
    assert (held.replied_by, held.owner) == (world.zhao_lei, world.gao_ming)
    assert [one.person for one in Notification.objects.filter(topic=changes.REPLIED_TOPIC)] == [world.wang_fang]
    with pytest.raises(Refused):
        changes.reply_to_grade(
            by=world.actor(world.xu_jing), at=datetime.now(UTC), grade=row(round, world.ward, world.pharmacy),
            reply="Thank you", owner=world.xu_jing, promised_for=datetime.now(UTC).date(),
        )  # fmt: skip


@pytest.mark.parametrize("name", ["lin_mei", "he_jun", "wang_fang", "xu_jing", "gao_ming", "tom_reed"])
def test_nobody_replies_for_another_department(world: World, name: str) -> None:
    linen = row(round_closed(world), world.ward, world.laundry)
    with pytest.raises((Forbidden, NotFound)):
        changes.reply_to_grade(
            by=world.actor(getattr(world, name)), at=datetime.now(UTC), grade=linen, reply="We do nothing",
            owner=world.gao_ming, promised_for=datetime.now(UTC).date(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reply": " \u200b "}, "reply"),
        ({"reply": "x" * 1_001}, "reply"),
        ({"owner": None}, "owner"),
        ({"promised_for": None}, "promised_for"),
        ({"promised_for": date(2020, 1, 1)}, "promised_for"),
        ({"promised_for": date(2999, 1, 1)}, "promised_for"),
    ],
)
def test_a_reply_says_what_by_whom_and_by_when(world: World, given: dict[str, Any], field: str) -> None:
    linen = row(round_closed(world), world.ward, world.laundry)
    with pytest.raises(Refused) as refused:
        replied(world, linen, **given)
    assert refused.value.field == field
    linen.refresh_from_db()
    assert linen.reply == ""


def test_a_reply_does_not_come_before_the_round_is_closed(world: World) -> None:
    round = round_opened(world)
    all_graded(world, round)
    with pytest.raises(Refused):
        replied(world, row(round, world.ward, world.laundry))
