"""What the laundry and the ward of the demonstration have talked over and decided, the review that is planned, and what
they do together for the patients: a joint quality plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from baton.agreements.changes import agenda, closing_reviews, decisions, plans, reviews
from baton.agreements.changes.plans import Described
from baton.agreements.queries.plans import clauses_of_link
from baton.agreements.queries.reviews import items_of, people_of
from baton.agreements.rules import Side
from baton.agreements.rules.plans import ItemState
from baton.agreements.rules.reviews import Attendance, Topic
from baton.chain import queries
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import Texts
from baton.starters.changes.demo_acting import acting
from baton.starters.changes.demo_talk import LINEN

if TYPE_CHECKING:
    from baton.agreements.models import MeetingPerson, ReviewMeeting
    from baton.chain.models import Link
    from baton.core.models import Person

BY = Actor.system("demo")
HELD = timedelta(days=30)
AHEAD = timedelta(days=12)
LENGTH = timedelta(minutes=45)
PLACE = {"en": "Ward A, break room", "zh-hans": "A 病区休息室"}
OWN_POINT = {"en": "Extra sheets at the weekend", "zh-hans": "周末的备用床单"}
MINUTES: Mapping[str, Texts] = {
    Topic.AGREEMENT: {
        "en": "Four rounds of five within four hours are no longer enough: the ward wants 95 of 100 in writing. The "
              "night shift is asked until the next meeting.",
        "zh-hans": "五轮中四轮在四小时内送达已经不够，病区希望协议写明100轮中95轮。夜班的意见征求持续到下次评审会。",
    },
    Topic.FIGURES: {
        "en": "Since the second lift stands still, carts wait on the ground floor. The wards see it in the morning.",
        "zh-hans": "二号电梯停用以来，布草车在一楼排队，早上病区感受最明显。",
    },
    Topic.OWN: {
        "en": "On Sundays six sheets were missing twice. The ward says by Friday noon how many it needs.",
        "zh-hans": "有两个周日缺六条床单。病区周五中午前报数。",
    },
}  # fmt: skip
"""What was said to points of these topics."""


@dataclass(frozen=True, slots=True)
class DemoDecision:
    """What was decided: who of the people sees to it, so many days after the meeting, and how many days after it that
    was done; None: it is open."""

    words: Texts
    owner: str
    days: int
    done: int | None = None


DECISIONS = (
    DemoDecision(
        {"en": "The ward says by Friday noon how many sheets it needs on Sunday",
         "zh-hans": "病区每周五中午前报周日所需床单数"},
        "ward", 7, 5,
    ),
    DemoDecision(
        {"en": "Find out with the technicians when the second lift runs again",
         "zh-hans": "向设备科了解二号电梯何时恢复"},
        "laundry", 14,
    ),
    DemoDecision(
        {"en": "Try a second delivery round at ten o'clock for two weeks", "zh-hans": "试行两周：十点增加一轮配送"},
        "laundry", 45,
    ),
)  # fmt: skip
"""The second one is late."""
GOAL = {"en": "No patient waits for a clean bed", "zh-hans": "没有患者等待干净的床位"}


@dataclass(frozen=True, slots=True)
class DemoItem:
    """An item of the plan: what, of which side, who, due in so many days, its state, by what it is measured."""

    what: Texts
    side: Side
    who: str
    days: int | None
    state: ItemState
    measure: Texts
    target: Texts


ITEMS = (
    DemoItem(
        {"en": "Pack carts in the order of the wards", "zh-hans": "按病区顺序装车"}, Side.SUPPLIER, "laundry", 20,
        ItemState.DOING, {"en": "Carts packed in order", "zh-hans": "按顺序装的布草车"},
        {"en": "95 %", "zh-hans": "95%"},
    ),
    DemoItem(
        {"en": "Sort used linen by colour before it leaves", "zh-hans": "脏布草送出前按颜色分类"},
        Side.CUSTOMER, "ward", None, ItemState.DONE, {"en": "Bags sent back unsorted", "zh-hans": "退回的未分类布草袋"},
        {"en": "at most 2 per month", "zh-hans": "每月不超过 2 袋"},
    ),
    DemoItem(
        {"en": "Show the night shift where reserve linen is", "zh-hans": "告知夜班备用布草的位置"},
        Side.CUSTOMER, "ward", 35, ItemState.PLANNED, {}, {},
    ),
)  # fmt: skip


def add_reviews(*, at: datetime, people: Mapping[str, Person], language: str) -> None:
    """One review that was held, one that is planned, and a plan of which an edition waits to be signed; ``people`` by
    sign-in name. Called once the link is measured, so that its weeks stand on the agenda."""
    link = _of_clean_linen(at)
    _hold(at - HELD, link, people, language)
    starts_at = (at + AHEAD).replace(hour=6, minute=0, second=0, microsecond=0)
    reviews.plan_meeting(
        by=BY, at=at, link=link, starts_at=starts_at, ends_at=starts_at + LENGTH, place=PLACE[language]
    )
    _plan(at, link, people, language)


def _of_clean_linen(at: datetime) -> Link:
    supplier, customer, output = LINEN
    rows = queries.links_to_export(viewer=BY, at=at, filters=queries.LinkFilters())
    return next(
        row.link
        for row in rows
        if (row.link.supplier.code, row.link.customer.code, row.link.output.name["en"]) == (supplier, customer, output)
    )


def _hold(then: datetime, link: Link, people: Mapping[str, Person], language: str) -> None:
    starts_at = then + timedelta(hours=1)
    meeting = reviews.plan_meeting(
        by=BY, at=then, link=link, starts_at=starts_at, ends_at=starts_at + LENGTH, place=PLACE[language]
    )
    over = starts_at + LENGTH
    agenda.add_item(by=BY, at=then, meeting=meeting, title=OWN_POINT[language])
    for item in items_of(viewer=BY, meeting=meeting):
        if item.topic in MINUTES:
            agenda.write_minutes(by=BY, at=over, item=item, minutes=MINUTES[item.topic][language])
    there = {one.public_id: Attendance.PRESENT for one in people_of(viewer=BY, meeting=meeting)}
    reviews.note_attendance(by=BY, at=over, meeting=meeting, attendance=there)
    noted = [
        (one, decisions.decide(
            by=BY, at=over, meeting=meeting, words=one.words[language],
            owner=_at_the_table(meeting, people[one.owner]), due_on=day_of(over) + timedelta(days=one.days),
        ))
        for one in DECISIONS
    ]  # fmt: skip
    closing_reviews.close_meeting(by=BY, at=over, meeting=meeting)
    for one, decision in noted:
        if one.done is not None:
            decisions.end_decision(by=BY, at=over + timedelta(days=one.done), decision=decision, done=True)


def _at_the_table(meeting: ReviewMeeting, person: Person) -> MeetingPerson | None:
    return next((one for one in people_of(viewer=BY, meeting=meeting) if one.person_id == person.pk), None)


def _plan(at: datetime, link: Link, people: Mapping[str, Person], language: str) -> None:
    plan = plans.begin_plan(by=BY, at=at, link=link)
    goal = plans.add_goal(by=acting(people["ward"], at), at=at, plan=plan, words=GOAL, need=link.need)
    lines = list(clauses_of_link(viewer=BY, link=link))
    for place, one in enumerate(ITEMS):
        said = Described(
            what=one.what, side=one.side, goal=goal, line=lines[0] if lines and not place else "",
            person=people[one.who], state=one.state, measure=one.measure.get(language, ""),
            target=one.target.get(language, ""),
            due_on=day_of(at) + timedelta(days=one.days) if one.days is not None else None,
        )  # fmt: skip
        plans.add_plan_item(by=acting(people[one.who], at), at=at, plan=plan, said=said)
    plans.issue_plan(by=acting(people["laundry"], at), at=at, plan=plan)
