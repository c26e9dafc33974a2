"""What employees need to serve well: who reads it, who answers, the clock over the organisation's calendar, figures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from baton.core.changes import add_calendar
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry, Notification
from baton.feedback import changes
from baton.feedback.models import EmployeeNeed, NeedEvent
from baton.feedback.queries import needs as queries
from baton.feedback.queries.needs import NeedFilters
from baton.feedback.rules.needs import Addressee, NeedCategory, NeedState
from tests.rooms.chain.test_pages import filled
from tests.world import SYSTEM, World

if TYPE_CHECKING:
    from baton.core.models import Person
    from baton.feedback.rules.needs import NeedTimes

pytestmark = pytest.mark.django_db

WORDS = "Half a day of training at the new infusion pump"
FRIDAY = datetime(2026, 6, 5, 15, 0, tzinfo=UTC)


def said(world: World, by: Person | None = None, at: datetime | None = None, **given: Any) -> EmployeeNeed:
    """What Chen Jie of Ward 3 asks her head for."""
    asked: dict[str, Any] = {
        "category": NeedCategory.TRAINING, "words": WORDS, "addressee": Addressee.HEAD, "department": None, **given,
    }  # fmt: skip
    return changes.say_need(by=world.actor(by or world.chen_jie), at=at or datetime.now(UTC), **asked)


def promised(world: World, need: EmployeeNeed, at: datetime | None = None, **given: Any) -> EmployeeNeed:
    """The same, promised by the head for the day after tomorrow."""
    at = at or datetime.now(UTC)
    answer: dict[str, Any] = {
        "words": "Two mornings with the trainer", "owner": world.wang_fang,
        "promised_for": (at + timedelta(days=2)).date(), **given,
    }  # fmt: skip
    return changes.promise_need(by=world.actor(world.wang_fang), at=at, need=need, **answer)


def weekdays() -> None:
    """The organisation works from Monday to Friday, 8 to 16, in UTC; Monday 8 June is a holiday."""
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), [["08:00", "16:00"]])
    add_calendar(
        by=SYSTEM, at=datetime(2026, 6, 1, tzinfo=UTC), name={"en": "Office"}, zone="UTC", hours=hours,
        days=[_holiday(date(2026, 6, 8))],
    )  # fmt: skip


def _holiday(day: date) -> Any:
    from baton.core.calendars.days import SpecialDay

    return SpecialDay(day)


def clock(world: World, need: EmployeeNeed, at: datetime) -> NeedTimes:
    need.refresh_from_db()
    return queries.timed(viewer=world.actor(world.lin_mei), at=at, needs=[need])[0][1]


def _listed(world: World, person: Person, at: datetime | None = None, **filters: str) -> list[int]:
    rows = queries.listed_employee_needs(
        viewer=world.actor(person), at=at or datetime.now(UTC), filters=NeedFilters(**filters)
    )
    return [one.pk for one in rows]


def test_an_answer_is_due_at_the_close_of_the_fifth_working_day(world: World) -> None:
    """Asked on Friday at 15:00; Monday is a holiday, so that the days are Tuesday to Friday and the next Monday."""
    weekdays()
    need = said(world, at=FRIDAY)
    due = datetime(2026, 6, 15, 16, 0, tzinfo=UTC)
    before, after = clock(world, need, due), clock(world, need, due + timedelta(seconds=1))
    assert (before.answer_due, before.late, before.in_time) == (due, False, None)
    assert (after.late, after.in_time) == (True, False)


def test_hours_until_the_answer_are_working_hours(world: World) -> None:
    weekdays()
    need = said(world, at=FRIDAY)
    answered = datetime(2026, 6, 9, 10, 0, tzinfo=UTC)
    promised(world, need, at=answered)
    found = clock(world, need, answered)
    assert (found.hours, found.in_time, found.first_answer) == (3.0, True, answered)


def test_a_late_answer_stays_late_and_a_second_one_changes_nothing(world: World) -> None:
    weekdays()
    need, at = said(world, at=FRIDAY), datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
    promised(world, need, at=at)
    changes.decline_need(by=world.actor(world.wang_fang), at=at + timedelta(days=1), need=need, words="No money")
    found = clock(world, need, at + timedelta(days=1))
    assert (found.in_time, found.first_answer) == (False, at)


def test_not_met_waits_again_with_a_clock_of_its_own(world: World) -> None:
    weekdays()
    need = promised(world, said(world, at=FRIDAY), at=FRIDAY)
    at = datetime(2026, 6, 16, 9, 0, tzinfo=UTC)
    assert clock(world, need, at).late, "promised for the day after tomorrow"
    changes.judge_need(by=world.actor(world.chen_jie), at=at, need=need, met=False, words="Nobody came")
    found = clock(world, need, at)
    assert (found.waits_since, found.late, found.in_time) == (at, False, True)
    assert found.answer_due == datetime(2026, 6, 23, 16, 0, tzinfo=UTC)
    need = promised(world, need, at=at)
    changes.judge_need(by=world.actor(world.chen_jie), at=at, need=need, met=True)
    need.refresh_from_db()
    assert need.state == NeedState.MET
    assert not clock(world, need, at + timedelta(days=99)).late


def test_both_sides_are_told_once_of_what_is_late(world: World) -> None:
    weekdays()
    need = said(world, at=FRIDAY)
    late = FRIDAY + timedelta(days=30)
    assert _listed(world, world.wang_fang, late, show="late") == _listed(world, world.chen_jie, late, show="late")
    assert _listed(world, world.chen_jie, late, show="late") == [need.pk]
    assert [changes.tell_of_late_needs(by=SYSTEM, at=late) for _turn in range(2)] == [1, 0]
    told = Notification.objects.filter(topic=changes.NEED_LATE_TOPIC)
    assert {one.person for one in told} == {world.chen_jie, world.wang_fang}


def test_who_asked_hears_of_the_answer_and_who_answers_of_the_rest(world: World) -> None:
    need = said(world)
    need = promised(world, need)
    changes.judge_need(by=world.actor(world.chen_jie), at=datetime.now(UTC), need=need, met=True)
    told = [(one.topic, one.person) for one in Notification.objects.order_by("pk")]
    assert told == [
        (changes.NEED_ASKED_TOPIC, world.wang_fang), (changes.NEED_ANSWERED_TOPIC, world.chen_jie),
        (changes.NEED_JUDGED_TOPIC, world.wang_fang),
    ]  # fmt: skip
    assert not [one for one in Notification.objects.all() if WORDS in str(one.values)]


def test_words_stand_in_no_entry_of_the_trail(world: World) -> None:
    promised(world, said(world))
    assert EmployeeNeed.objects.filter(words=WORDS).exists()
    assert not [one for one in AuditEntry.objects.all() if "infusion" in one.body or "trainer" in one.body]


@pytest.mark.parametrize("addressee", list(Addressee))
@pytest.mark.parametrize(
    "name",
    ["lin_mei", "he_jun", "wu_tao", "sun_yan", "qian_li", "liu_yang", "wang_fang", "zhou_min", "chen_jie", "sun_lei",
     "zhao_lei", "ivy_stone"],
)  # fmt: skip
def test_only_who_asked_who_answers_and_the_quality_manager_read_it(
    world: World, name: str, addressee: Addressee
) -> None:
    need, person = said(world, addressee=addressee), getattr(world, name)
    answers = {"lin_mei"} | ({"wang_fang", "liu_yang"} if addressee is Addressee.HEAD else set())
    sees = name in answers | {"chen_jie"}
    client, address = world.client(person), f"/surveys/needs/{need.public_id}/"
    assert client.get(address).status_code == (200 if sees else 404)
    page = client.get("/surveys/needs/").content.decode()
    assert (WORDS in page) is sees
    assert (WORDS in b"".join(client.get("/surveys/needs/export.csv?show=all")).decode()) is sees
    for step in ("promise", "decline"):
        status = client.get(f"{address}{step}/").status_code
        assert status == (200 if name in answers else 403 if sees else 404)
    for step in ("met", "take-back"):
        status = client.get(f"{address}{step}/").status_code
        assert status == (200 if name == "chen_jie" else 403 if sees else 404)
    assert bool(queries.needs_to_answer(viewer=world.actor(person), at=datetime.now(UTC))) is (
        name in ({"wang_fang", "liu_yang"} if addressee is Addressee.HEAD else {"lin_mei"})
    )


def test_guests_and_strangers_see_nothing(world: World) -> None:
    need = said(world)
    for address in ("", "export.csv", "say/", "figures/", f"{need.public_id}/"):
        assert world.client(world.tom_reed).get(f"/surveys/needs/{address}").status_code == 403
        assert world.client().get(f"/surveys/needs/{address}").status_code == 302


def test_a_head_asks_the_one_above_and_answers_himself_nothing(world: World) -> None:
    need = said(world, world.wang_fang)
    assert [one.person for one in Notification.objects.filter(topic=changes.NEED_ASKED_TOPIC)] == [world.liu_yang]
    with pytest.raises(Forbidden):
        changes.decline_need(by=world.actor(world.wang_fang), at=datetime.now(UTC), need=need, words="No")


def test_nobody_above_is_said_beside_the_field(world: World) -> None:
    with pytest.raises(Refused) as refused:
        said(world, world.zhao_lei)
    assert refused.value.field == "addressee"
    assert said(world, world.zhao_lei, addressee=Addressee.QUALITY).state == NeedState.ASKED
    with pytest.raises(Refused) as refused:
        said(world, world.ivy_stone)
    assert refused.value.field == "department"


def test_a_department_of_others_is_refused(world: World) -> None:
    with pytest.raises(Refused) as refused:
        said(world, department=world.laundry)
    assert refused.value.field == "department"


@pytest.mark.parametrize("words", ["", " \u200b ", "x" * 1_001])
def test_words_are_asked_for(world: World, words: str) -> None:
    with pytest.raises(Refused) as refused:
        said(world, words=words)
    assert refused.value.field == "words"
    assert not EmployeeNeed.objects.exists()


@pytest.mark.parametrize(("given", "field"), [
    ({"promised_for": date(2020, 1, 1)}, "promised_for"), ({"promised_for": None}, "promised_for"),
    ({"owner": None}, "owner"), ({"words": " "}, "words"),
])  # fmt: skip
def test_a_promise_names_what_who_and_when(world: World, given: dict[str, Any], field: str) -> None:
    need = said(world)
    with pytest.raises(Refused) as refused:
        promised(world, need, **given)
    assert refused.value.field == field
    assert not NeedEvent.objects.exists()


def test_what_is_met_is_answered_no_more_and_strangers_find_nothing(world: World) -> None:
    need, at = promised(world, said(world)), datetime.now(UTC)
    changes.judge_need(by=world.actor(world.chen_jie), at=at, need=need, met=True)
    with pytest.raises(Refused):
        promised(world, need)
    with pytest.raises(NotFound):
        changes.decline_need(by=world.actor(world.zhao_lei), at=at, need=need, words="No")


def test_stale_answers_are_refused(world: World) -> None:
    need = said(world)
    seen = need.changed_seq
    promised(world, need)
    with pytest.raises(Refused) as refused:
        changes.decline_need(
            by=world.actor(world.lin_mei), at=datetime.now(UTC), need=need, words="No", expected_seq=seen
        )
    assert refused.value.status == 409


def test_it_is_said_and_answered_on_pages(world: World) -> None:
    client, head = world.client(world.chen_jie), world.client(world.wang_fang)
    sent = {"category": "tools", "words": "A second pump", "addressee": "head"}
    answer = client.post("/surveys/needs/say/", filled(client, "/surveys/needs/say/", **sent))
    assert answer.status_code == 302
    address = answer["Location"]
    assert "A second pump" in head.get("/surveys/needs/?show=answer").content.decode()
    given = {
        "words": "One is ordered", "owner": world.gao_ming.public_id,
        "promised_for": (datetime.now(UTC) + timedelta(days=9)).date().isoformat(),
    }  # fmt: skip
    assert head.post(f"{address}promise/", filled(head, f"{address}promise/", **given)).status_code == 302
    assert "One is ordered" in client.get(address).content.decode()
    missing = {"words": "It never came"}
    assert client.post(f"{address}not-met/", filled(client, f"{address}not-met/", **missing)).status_code == 302
    no = {"words": "It comes in May"}
    assert head.post(f"{address}decline/", filled(head, f"{address}decline/", **no)).status_code == 302
    assert client.post(f"{address}met/", filled(client, f"{address}met/", words="")).status_code == 302
    page = client.get(address).content.decode()
    assert [word for word in ("It never came", "It comes in May", "One is ordered") if word not in page] == []


def test_who_may_see_it_finds_it_and_nobody_else(world: World) -> None:
    said(world)
    for person, finds in ((world.chen_jie, True), (world.wang_fang, True), (world.he_jun, False)):
        page = world.client(person).get("/search/?q=infusion").content.decode()
        assert ("EN-" in page) is finds
