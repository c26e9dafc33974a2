"""Pages of survey plans: made, changed, paused, ended; what is typed wrongly; who sees and does what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from baton.chain.models import Link
from baton.core.errors import Refused
from baton.core.models import AuditEntry
from baton.core.search.keeping import follow
from baton.feedback import changes
from baton.feedback.models import PlannedWave, SurveyPlan
from baton.feedback.rules.asking import LinkRule
from baton.feedback.rules.plans import Due, Formula, Occurrence, as_percent, due_of
from tests.api import Program, said, token_for
from tests.rooms.chain.test_pages import filled
from tests.rooms.feedback.asked import written
from tests.rooms.feedback.plans import QUARTERLY, given, now, planned, tended
from tests.trust.test_bad_forms import errors
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db
NEW = "/surveys/plans/new/"
PASSED = (now() + timedelta(days=10)).date()
"""A day that is over once a plan of :func:`values` begins: what is due on it every year is due a year later."""


def page(plan: SurveyPlan, more: str = "") -> str:
    return f"/surveys/plans/{plan.public_id}/{more}"


def sent(client: Client, path: str, **values: Any) -> Any:
    return client.post(path, filled(client, path, **values))


def values(world: World, **more: Any) -> dict[str, Any]:
    """What the form takes for a plan of every quarter."""
    return {
        "title_en": "What you get", "questionnaire": written(world).public_id, "link_rule": "customer",
        "party": world.ward.public_id, "numbers": "", "pattern": "monthly", "months": "3", "month_day": "1",
        "begins": "08:00", "off": "next", "starts_on": (now() + timedelta(days=20)).date().isoformat(),
        "open_days": "14", "ahead_days": "7", "mode": "anonymous", "window_days": "90", "half_width": "",
        "least": "5", "least_comments": "10", "reminds": "on", **more,
    }  # fmt: skip


def test_from_the_empty_list_to_a_plan_that_is_changed_paused_and_ended(world: World) -> None:
    lin = world.client(world.lin_mei)
    assert "No survey plan yet" in lin.get("/surveys/plans/").content.decode()
    seen = sent(lin, NEW, **values(world), preview="yes").content.decode()
    assert "Opens the next times" in seen
    assert seen.count("<time") == 3
    assert SurveyPlan.objects.count() == 0
    sent(lin, NEW, **values(world))
    plan = SurveyPlan.objects.get()
    assert (plan.rule, plan.led_by, plan.opens_itself) == (QUARTERLY, world.lin_mei, False)
    shown = lin.get(page(plan)).content.decode()
    for words in ("every 3 months, on day 1", "3 links now", "Opens the next times", "Survey plan made"):
        assert words in shown, words
    sent(lin, page(plan, "change/"), **values(world, months="6", title_en="Half-year", opens_itself="on"))
    plan.refresh_from_db()
    assert (plan.title, plan.opens_itself) == ({"en": "Half-year"}, True)
    assert plan.rule == "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=1"
    for way, word in (("pause", "Paused"), ("resume", "Runs")):
        plan.refresh_from_db()
        lin.post(page(plan, f"{way}/"), {"version": plan.changed_seq})
        assert word in lin.get(page(plan)).content.decode()
    assert sent(lin, page(plan, "end/"), reason="").status_code == 422
    sent(lin, page(plan, "end/"), reason="The ministry asks now")
    shown = lin.get(page(plan)).content.decode()
    assert "The ministry asks now" in shown
    assert "Change from now on" not in shown
    assert lin.get(page(plan, "change/")).status_code == 404
    assert "Half-year" not in lin.get("/surveys/plans/").content.decode()
    assert "Half-year" in lin.get("/surveys/plans/?state=ended").content.decode()
    assert "Half-year" in b"".join(lin.get("/surveys/plans/export.csv?state=all").streaming_content).decode()


def test_links_by_number_and_a_rule_of_its_own(world: World) -> None:
    lin = world.client(world.lin_mei)
    numbers = f"{world.lab_ward.number}, {world.laundry_ward.number}"
    mine = values(
        world, link_rule="one", party="", numbers=numbers, pattern="other", rule="freq=weekly;interval=8;byday=mo"
    )
    sent(lin, NEW, **mine)
    plan = SurveyPlan.objects.get()
    assert plan.rule == "FREQ=WEEKLY;INTERVAL=8;BYDAY=MO"
    assert {one.link_id for one in plan.links.all()} == {world.lab_ward.pk, world.laundry_ward.pk}
    shown = lin.get(page(plan, "change/")).content.decode()
    assert world.lab_ward.number in shown
    assert "FREQ=WEEKLY;INTERVAL=8;BYDAY=MO" in shown
    sent(lin, page(plan, "change/"), **{**mine, "numbers": world.lab_ward.number})
    assert [one.link_id for one in plan.links.all()] == [world.lab_ward.pk]


def test_all_links_need_neither_department_nor_numbers(world: World) -> None:
    lin, live = world.client(world.lin_mei), Link.objects.filter(ended_on=None).count()
    mine = values(world, link_rule="all", party="", numbers="")
    sent(lin, NEW, **mine)
    plan = SurveyPlan.objects.get()
    assert (plan.link_rule, plan.party, plan.links.count()) == (LinkRule.ALL, None, 0)
    shown = lin.get(page(plan)).content.decode()
    assert "All links, those that come later too" in shown
    assert f"{live} links now" in shown
    sent(lin, page(plan, "change/"), **{**mine, "link_rule": "customer", "party": world.ward.public_id})
    plan.refresh_from_db()
    assert (plan.link_rule, plan.party) == (LinkRule.CUSTOMER, world.ward)
    sent(lin, page(plan, "change/"), **{**mine, "party": world.ward.public_id})
    plan.refresh_from_db()
    assert (plan.link_rule, plan.party) == (LinkRule.ALL, None)


def test_a_program_plans_about_all_links(world: World) -> None:
    program, plan = Program(token_for(world.lin_mei)), planned(world)
    shown = said(program.get(f"/survey-plans/{plan.public_id}"))
    names = ("title", "questionnaire", "rule", "starts_on", "version")
    of_all = {**{name: shown[name] for name in names}, "link_rule": "all"}
    told = said(program.call("PUT", f"/survey-plans/{plan.public_id}", of_all))
    assert (told["link_rule"], told["party"], told["links"]) == ("all", None, [])
    refused = program.call("PUT", f"/survey-plans/{plan.public_id}", {**of_all, "link_rule": "within"} | {
        "version": told["version"]})  # fmt: skip
    assert refused.status_code == 422
    assert "party" in refused.content.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title_en", {"title_en": ""}), ("title_en", {"title_en": "x" * 181}),
        ("questionnaire", {"questionnaire": "x"}),
        ("party", {"party": ""}), ("numbers", {"link_rule": "one", "numbers": ""}),
        ("numbers", {"link_rule": "one", "numbers": "L-1900-0001"}), ("month_day", {"month_day": ""}),
        ("month_day", {"month_day": "32"}), ("rule", {"pattern": "other", "rule": ""}),
        ("rule", {"pattern": "other", "rule": "every Monday"}),
        ("rule", {"pattern": "other", "rule": "FREQ=SECONDLY"}),
        ("rule", {"pattern": "other", "rule": f"FREQ=YEARLY;BYMONTH={PASSED.month};BYMONTHDAY={PASSED.day}",
                  "ends_on": (PASSED + timedelta(days=60)).isoformat()}),
        ("begins", {"begins": "25:00"}), ("starts_on", {"starts_on": "2026-02-30"}),
        ("starts_on", {"starts_on": "1999-01-01"}), ("ends_on", {"ends_on": "2020-01-01"}),
        ("open_days", {"open_days": "61"}), ("open_days", {"months": "1", "month_day": "1", "open_days": "0"}),
        ("open_days", {"pattern": "other", "rule": "FREQ=WEEKLY;BYDAY=MO", "open_days": "8"}),
        ("ahead_days", {"ahead_days": "31"}), ("least", {"least": "4"}), ("least", {"least_comments": "9"}),
        ("window_days", {"window_days": "2"}), ("half_width", {"half_width": "9"}), ("mode", {"mode": "secret"}),
        ("led_by", {"led_by": "Nobody at all"}), ("collector", {"collector": "{{7*7}}"}),
    ],
)  # fmt: skip
def test_bad_input_is_said_beside_the_field_and_nothing_is_kept(
    world: World, field: str, typed: dict[str, str]
) -> None:
    lin = world.client(world.lin_mei)
    bad = values(world, **{"rule": "", **typed})
    for more in ({}, {"preview": "yes"}):
        answer = sent(lin, NEW, **bad, **more)
        assert answer.status_code == 422
        assert field in errors(answer)
    assert (SurveyPlan.objects.count(), AuditEntry.objects.filter(action="survey_plan.added").count()) == (0, 0)


def test_who_prepares_is_a_quality_manager(world: World) -> None:
    lin = world.client(world.lin_mei)
    assert "led_by" in errors(sent(lin, NEW, **values(world, led_by="Chen Jie")))
    sent(lin, NEW, **values(world, led_by="Lin Mei"))
    assert SurveyPlan.objects.get().led_by == world.lin_mei


def test_a_stale_form_and_a_stale_button_are_refused(world: World) -> None:
    lin, plan = world.client(world.lin_mei), planned(world)
    old = filled(lin, page(plan, "change/"), **values(world))
    version = plan.changed_seq
    changes.change_plan(by=world.actor(world.lin_mei), at=now(), plan=plan, given=given(world, title={"en": "Other"}))
    assert lin.post(page(plan, "change/"), old).status_code == 409
    assert lin.post(page(plan, "pause/"), {"version": version}).status_code == 409
    plan.refresh_from_db()
    assert (plan.title, plan.paused_at) == ({"en": "Other"}, None)


def test_nothing_is_done_to_an_ended_plan(world: World) -> None:
    by, plan = world.actor(world.lin_mei), planned(world)
    changes.end_plan(by=by, at=now(), plan=plan, reason="Enough")
    for write in (changes.pause_plan, changes.resume_plan, changes.drop_target):
        with pytest.raises(Refused, match="was ended"):
            write(by=by, at=now(), plan=plan)
    with pytest.raises(Refused, match="was ended"):
        changes.change_plan(by=by, at=now(), plan=plan, given=given(world))


def test_quality_managers_keep_plans_and_few_see_them(world: World) -> None:
    plan = planned(world)
    before = AuditEntry.objects.count()
    for person in (world.he_jun, world.wu_tao):
        for path in ("/surveys/plans/", page(plan), "/surveys/plans/export.csv"):
            assert world.client(person).get(path).status_code == 200, path
    outside = (world.sun_yan, world.qian_li, world.wang_fang, world.ivy_stone, world.tom_reed)
    for person in outside:
        for path in ("/surveys/plans/", page(plan), "/surveys/plans/export.csv"):
            assert world.client(person).get(path).status_code in (403, 404), path
    for more in ("change/", "end/", "target/", "pause/", "resume/", "drop-target/"):
        for person in (*outside, world.he_jun, world.wu_tao):
            assert world.client(person).post(page(plan, more), {}).status_code == 403, more
        assert world.client().post(page(plan, more)).status_code in (302, 401, 403), more
    assert world.client(world.lin_mei).post(page(plan, "burn/")).status_code == 404
    assert AuditEntry.objects.count() == before


def test_its_page_says_what_stands_against_the_next_survey(world: World) -> None:
    lin, plan = world.client(world.lin_mei), planned(world)
    changes.end_questionnaire(by=world.actor(world.lin_mei), at=now(), questionnaire=plan.questionnaire, reason="Old")
    tended(now() + timedelta(days=4))
    shown = lin.get(page(plan)).content.decode()
    assert "The next survey is not prepared" in shown
    assert f"{plan.questionnaire.number} was ended." in shown
    assert "not prepared" in shown
    assert PlannedWave.objects.get().wave is None


def test_the_console_of_a_wave_names_its_plan(world: World) -> None:
    plan = planned(world)
    (wave,) = tended(now() + timedelta(days=4))
    path = f"/surveys/{wave.public_id}/"
    assert page(plan) in world.client(world.lin_mei).get(path).content.decode()
    assert wave.number in world.client(world.lin_mei).get(page(plan)).content.decode()


def test_a_search_finds_a_plan_for_who_sees_plans(world: World) -> None:
    plan = planned(world)
    follow(by=SYSTEM, at=now())
    for person, finds in ((world.he_jun, True), (world.wang_fang, False)):
        found = world.client(person).get("/search/?q=gets").content.decode()
        assert (page(plan) in found) is finds


def _occurrence(days: int) -> Occurrence:
    day = date(2027, 1, 1) + timedelta(days=days)
    return Occurrence(day, day, now() + timedelta(days=days))


def test_what_is_due_is_the_next_day_that_is_near_else_the_latest_that_has_passed() -> None:
    days = [_occurrence(number) for number in (-60, -30, 5, 20)]
    assert due_of(days, at=now(), ahead_days=7) == Due(days[2], (days[0], days[1]))
    assert due_of(days, at=now(), ahead_days=3) == Due(days[1], (days[0],))
    assert due_of(days[3:], at=now(), ahead_days=7) == Due(None)


@pytest.mark.parametrize(
    ("formula", "figure", "percent"), [("top2", 80.0, 80.0), ("of_highest", 4.0, 80.0), ("rescaled", 4.0, 75.0)]
)
def test_a_formula_says_what_its_percent_is_of(formula: Any, figure: float, percent: float) -> None:
    assert as_percent(Formula(formula), figure, low=1, high=5) == percent
