"""The job that tends plans: one survey a day of a plan, prepared ahead, opened by itself only where nothing stands
against it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from baton.chain.changes import add_link, appoint, end_link
from baton.chain.models import Link
from baton.chain.rules import Capacity
from baton.core.changes import add_calendar, end_role, give_role
from baton.core.models import AuditEntry, Notification, OrganisationRole
from baton.core.rules import Role
from baton.feedback import changes
from baton.feedback.changes import LATE_TOPIC, PLAN_OPENED_TOPIC, PLAN_TROUBLE_TOPIC, PLANNED_TOPIC
from baton.feedback.models import PlannedWave, SurveyPlan, Wave, WaveReminder
from baton.feedback.rules import WaveState
from baton.feedback.rules.asking import LinkRule
from tests.rooms.feedback.answering import people
from tests.rooms.feedback.asked import all_answered
from tests.rooms.feedback.plans import JOB, given, now, planned, tended
from tests.rooms.feedback.test_findings import drawn
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def first(plan: SurveyPlan) -> datetime:
    """When the first survey of a plan opens."""
    return datetime.combine(plan.starts_on, plan.begins, ZoneInfo(plan.zone)).astimezone(UTC)


def told(topic: str) -> list[Notification]:
    return list(Notification.objects.filter(topic=topic).order_by("pk"))


def why(day: PlannedWave) -> str:
    day.refresh_from_db()
    return str(day.trouble.get("en", ""))


def test_a_survey_is_prepared_some_days_before_its_day_with_who_is_asked(world: World) -> None:
    plan = planned(world, least=6, least_comments=12, intro={"en": "Two minutes."}, collector=world.ivy_stone)
    assert tended(first(plan) - 8 * DAY) == []
    (wave,) = tended(first(plan) - 7 * DAY)
    assert (wave.state, wave.led_by, wave.collector) == (WaveState.DRAFT, world.lin_mei, world.ivy_stone)
    assert wave.title == {
        "en": f"What Ward 3 gets · {plan.starts_on}", "zh-hans": f"三病区得到的服务 · {plan.starts_on}",
    }  # fmt: skip
    assert (wave.least, wave.least_comments, wave.intro) == (6, 12, {"en": "Two minutes."})
    assert wave.closes_at == first(plan) + 7 * DAY
    assert {one.link_id for one in wave.links.all()} == {
        world.laundry_ward.pk, world.pharmacy_ward.pk, world.lab_ward.pk
    }  # fmt: skip
    assert wave.invitations.count() == 4
    (message,) = told(PLANNED_TOPIC)
    assert (message.person, message.address) == (world.lin_mei, f"/surveys/{wave.public_id}/")
    assert message.values["day"] == plan.starts_on.isoformat()


def test_done_again_it_makes_no_second_survey_of_a_day(world: World) -> None:
    plan = planned(world)
    at = first(plan) - 7 * DAY
    tended(at)
    before = AuditEntry.objects.count()
    for hours in (0, 1, 30, 100):
        assert tended(at + timedelta(hours=hours)) == []
    assert (Wave.objects.count(), PlannedWave.objects.count(), AuditEntry.objects.count()) == (1, 1, before)


def test_what_was_withdrawn_does_not_come_back_and_the_next_day_does(world: World) -> None:
    plan = planned(world)
    (wave,) = tended(first(plan) - 7 * DAY)
    changes.withdraw_wave(by=world.actor(world.lin_mei), at=first(plan) - 6 * DAY, wave=wave, reason="Not now")
    assert tended(first(plan) - 5 * DAY) == []
    assert tended(first(plan) + 22 * DAY) == []
    assert len(tended(first(plan) + 23 * DAY)) == 1


def test_it_opens_only_by_hand_unless_the_plan_says_so_and_says_once_that_it_waits(world: World) -> None:
    plan = planned(world, least=5)
    (wave,) = tended(first(plan) - 7 * DAY)
    for hours in (0, 1, 24, 48):
        tended(first(plan) + timedelta(hours=hours))
    wave.refresh_from_db()
    assert wave.state == WaveState.DRAFT
    (message,) = told(PLAN_TROUBLE_TOPIC)
    assert "still in preparation" in message.values["why"]["en"]


def crowd(world: World) -> None:
    """One more who may be asked in Ward 3, so that there are as many as a figure needs."""
    (person,) = people(1)
    appoint(by=SYSTEM, at=now(), person=person, party=world.ward, capacity=Capacity.MEMBER)


def test_it_opens_by_itself_on_its_day_for_as_many_days_as_planned(world: World) -> None:
    crowd(world)
    plan = planned(world, opens_itself=True)
    (wave,) = tended(first(plan) - 7 * DAY)
    tended(first(plan) - timedelta(minutes=1))
    wave.refresh_from_db()
    assert wave.state == WaveState.DRAFT
    tended(first(plan) + timedelta(minutes=5))
    wave.refresh_from_db()
    assert (wave.state, wave.invited, wave.closes_at) == (WaveState.OPEN, 5, first(plan) + 7 * DAY)
    assert told(PLAN_OPENED_TOPIC)[0].values["count"] == 5
    assert told(PLAN_TROUBLE_TOPIC) == []


def test_shut_by_findings_it_waits_says_so_and_tries_again_the_next_day(world: World) -> None:
    crowd(world)
    finding = drawn(world)
    plan = planned(world, opens_itself=True, starts_on=(now() + timedelta(days=40)).date())
    (wave,) = tended(first(plan) - 7 * DAY)
    for hours in (0, 1, 5):
        tended(first(plan) + timedelta(hours=hours))
    day = PlannedWave.objects.get()
    wave.refresh_from_db()
    assert wave.state == WaveState.DRAFT
    assert finding.number in why(day)
    assert len(told(PLAN_TROUBLE_TOPIC)) == 1
    tended(first(plan) + DAY)
    assert len(told(PLAN_TROUBLE_TOPIC)) == 2
    all_answered(world)
    tended(first(plan) + 2 * DAY)
    wave.refresh_from_db()
    assert (wave.state, why(day)) == (WaveState.OPEN, "")
    assert wave.closes_at == first(plan) + 9 * DAY


def test_so_few_that_nothing_would_be_shown_are_not_asked_by_itself(world: World) -> None:
    plan = planned(world, opens_itself=True)
    (wave,) = tended(first(plan) - 7 * DAY)
    tended(first(plan))
    wave.refresh_from_db()
    assert wave.state == WaveState.DRAFT
    assert "at least 5 people" in why(PlannedWave.objects.get())
    assert "现有 4 个" in told(PLAN_TROUBLE_TOPIC)[0].values["why"]["zh-hans"]


def test_keys_that_cannot_be_kept_shut_it_too(world: World, settings: Any, tmp_path: Path) -> None:
    crowd(world)
    plan = planned(world, opens_itself=True)
    (wave,) = tended(first(plan) - 7 * DAY)
    (tmp_path / "file").touch()
    settings.SURVEY_KEYS = str(tmp_path / "file" / "keys")
    tended(first(plan))
    wave.refresh_from_db()
    assert (wave.state, wave.public_key) == (WaveState.DRAFT, "")
    assert why(PlannedWave.objects.get()) != ""


def test_days_that_passed_while_nothing_ran_are_not_made_up_for_but_the_latest(world: World) -> None:
    plan = planned(world)
    at = first(plan) + 65 * DAY  # the first three days of the plan have passed
    (wave,) = tended(at)
    day = PlannedWave.objects.get()
    assert (day.named_on, day.missed) == (plan.starts_on + 60 * DAY, 2)
    assert day.opens_at == at + DAY
    assert wave.title["en"].endswith((at + DAY).date().isoformat())
    (message,) = told(LATE_TOPIC)
    assert message.values["missed"] == 2
    assert tended(at + timedelta(hours=1)) == []


def test_a_day_that_is_near_goes_before_those_that_have_passed(world: World) -> None:
    plan = planned(world)
    (wave,) = tended(first(plan) + 55 * DAY)
    day = PlannedWave.objects.get()
    assert (day.named_on, day.missed, wave.closes_at) == (
        plan.starts_on + 60 * DAY, 2, first(plan) + 67 * DAY,
    )  # fmt: skip


def test_while_one_waits_the_next_is_not_prepared(world: World) -> None:
    plan = planned(world)
    (wave,) = tended(first(plan) - 7 * DAY)
    assert tended(first(plan) + 23 * DAY) == []
    waiting = PlannedWave.objects.get(wave__isnull=True)
    assert wave.number in why(waiting)
    assert len(told(PLAN_TROUBLE_TOPIC)) == 2  # that it waits on its day, and that the next one does
    changes.withdraw_wave(by=world.actor(world.lin_mei), at=first(plan) + 23 * DAY, wave=wave, reason="Too late")
    assert tended(first(plan) + 23 * DAY + timedelta(hours=1)) == []  # tried once a day
    (later,) = tended(first(plan) + 24 * DAY)
    waiting.refresh_from_db()
    assert (waiting.wave, waiting.trouble, Wave.objects.count()) == (later, {}, 2)


def test_an_ended_questionnaire_leaves_nothing_half_done_and_is_tried_anew_once_changed(world: World) -> None:
    plan = planned(world)
    by, at = world.actor(world.lin_mei), first(plan) - 7 * DAY
    changes.end_questionnaire(by=by, at=now(), questionnaire=plan.questionnaire, reason="Old")
    assert tended(at) == []
    assert (Wave.objects.count(), PlannedWave.objects.get().wave) == (0, None)
    assert plan.questionnaire.number in why(PlannedWave.objects.get())
    assert told(PLAN_TROUBLE_TOPIC)[0].address == f"/surveys/plans/{plan.public_id}/"
    changes.change_plan(by=by, at=at, plan=plan, given=given(world))
    assert len(tended(at + timedelta(hours=1))) == 1


def test_a_plan_about_all_links_asks_about_those_that_came_later(world: World) -> None:
    plan, by = planned(world, link_rule=LinkRule.ALL), world.actor(world.lin_mei)
    assert plan.party is None
    (wave,) = tended(first(plan) - 7 * DAY)
    before = {one.pk for one in Link.objects.filter(ended_on=None)}
    assert {one.link_id for one in wave.links.all()} == before
    changes.withdraw_wave(by=by, at=now(), wave=wave, reason="Moved")
    later = add_link(by=SYSTEM, at=now(), supplier=world.laundry, customer=world.pharmacy, output={"en": "Coats"})
    end_link(by=by, at=now(), link=world.lab_ward, reason="Moved", ended_on=now().date())
    (wave,) = tended(first(plan) + 23 * DAY)
    assert {one.link_id for one in wave.links.all()} == before - {world.lab_ward.pk} | {later.pk}


def test_ended_links_leave_nothing_half_done(world: World) -> None:
    plan = planned(world, link_rule=LinkRule.ONE, party=None, links=[world.lab_ward])
    by = world.actor(world.lin_mei)
    end_link(by=by, at=now(), link=world.lab_ward, reason="Moved", ended_on=now().date())
    assert tended(first(plan) - 7 * DAY) == []
    assert (Wave.objects.count(), "None of the links" in why(PlannedWave.objects.get())) == (0, True)


def test_paused_and_ended_plans_prepare_and_open_nothing(world: World) -> None:
    crowd(world)
    by = world.actor(world.lin_mei)
    paused, ended = planned(world), planned(world, opens_itself=True)
    at = first(paused) - 7 * DAY
    changes.pause_plan(by=by, at=at, plan=paused)
    (wave,) = tended(at)
    changes.end_plan(by=by, at=at, plan=ended, reason="Enough")
    tended(first(paused) + DAY)
    wave.refresh_from_db()
    assert (wave.state, Wave.objects.count()) == (WaveState.DRAFT, 1)
    changes.resume_plan(by=by, at=first(paused) + 2 * DAY, plan=SurveyPlan.objects.get(pk=paused.pk))
    assert tended(first(paused) + 3 * DAY) == []  # what passed meanwhile is not made up for
    assert len(tended(first(paused) + 23 * DAY)) == 1


def test_opening_keeps_its_hour_when_clocks_change(world: World) -> None:
    hours = {"mon": [["08:00", "16:00"]]}
    add_calendar(by=SYSTEM, at=now(), name={"en": "House"}, zone="Europe/Berlin", hours=hours)
    plan = planned(world, at=datetime(2027, 3, 1, tzinfo=UTC), begins=time(2, 30), starts_on=date(2027, 3, 28),
                   rule="FREQ=WEEKLY;BYDAY=SU", open_days=7)  # fmt: skip
    # 02:30 does not exist on that day: clocks go from 02:00 to 03:00
    assert plan.zone == "Europe/Berlin"
    (wave,) = tended(datetime(2027, 3, 22, tzinfo=UTC))
    assert PlannedWave.objects.get().opens_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert wave.closes_at == datetime(2027, 4, 4, 0, 30, tzinfo=UTC)


def test_a_change_of_the_plan_brings_no_second_survey_of_a_day(world: World) -> None:
    plan, by = planned(world), world.actor(world.lin_mei)
    (wave,) = tended(first(plan) - 7 * DAY)
    changes.withdraw_wave(by=by, at=first(plan) - 6 * DAY, wave=wave, reason="Not now")
    changes.change_plan(by=by, at=first(plan) - 6 * DAY, plan=plan, given=given(world, starts_on=plan.starts_on))
    assert tended(first(plan) - 5 * DAY) == []
    assert Wave.objects.count() == 1


def test_a_day_that_a_change_puts_into_an_open_survey_falls_out(world: World) -> None:
    crowd(world)
    plan, by = planned(world, opens_itself=True), world.actor(world.lin_mei)
    tended(first(plan) - 7 * DAY)
    tended(first(plan))
    other = given(world, starts_on=plan.starts_on + 3 * DAY)  # three days later: the first one is open then
    changes.change_plan(by=by, at=first(plan) + DAY, plan=plan, given=other)
    assert tended(first(plan) + DAY) == []
    assert len(tended(first(plan) + 27 * DAY)) == 1


def test_reminders_come_only_where_the_plan_has_them(world: World) -> None:
    crowd(world)
    plan = planned(world, opens_itself=True, reminds=False)
    tended(first(plan) - 7 * DAY)
    tended(first(plan))
    wave = Wave.objects.get()
    assert (wave.state, wave.reminds) == (WaveState.OPEN, False)
    changes.tend(by=JOB, at=first(plan) + 4 * DAY)
    assert WaveReminder.objects.count() == 0
    changes.remind(by=world.actor(world.lin_mei), at=first(plan) + 4 * DAY, wave=wave)
    assert WaveReminder.objects.count() == 1


def test_all_quality_managers_are_told_where_the_leader_is_none_any_more(world: World) -> None:
    plan = planned(world)
    give_role(by=SYSTEM, at=now(), person=world.qian_li, role=Role.QUALITY_MANAGER)
    held = OrganisationRole.objects.get(person=world.lin_mei, role=Role.QUALITY_MANAGER)
    end_role(by=SYSTEM, at=now(), role=held)
    tended(first(plan) - 7 * DAY)
    assert [one.person for one in told(PLANNED_TOPIC)] == [world.qian_li]
    assert plan.led_by == world.lin_mei
