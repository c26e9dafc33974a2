"""Named grades of the hospital: heads rate the departments that serve them, in a closed round and in an open one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from django.conf import settings

from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import Texts, say
from baton.feedback.changes import grade_rounds as rounds
from baton.feedback.changes import grades as changes
from baton.feedback.changes.grade_promises import finish_promise
from baton.feedback.policy import may_reply_to_grade
from baton.feedback.queries import grades as queries
from baton.feedback.rules.grades import LOW, Grade, Said
from baton.starters.changes.demo_acting import acting

if TYPE_CHECKING:
    from baton.core.models import Person
    from baton.feedback.models.grades import DepartmentGrade, GradeRound

SEED = 2_026
BY = Actor.system("demo")
REASONS: tuple[tuple[Texts, Texts], ...] = (
    (
        {"en": "It came late on many mornings.", "zh-hans": "很多个早晨都送晚了。"},
        {"en": "Nothing had come when the early round began; it came at 10:40.",
         "zh-hans": "早班查房开始时还没有送到，10:40才到。"},
    ),
    (
        {"en": "Nobody tells us when something is missing.", "zh-hans": "缺货时没有人告知我们。"},
        {"en": "Half of what was asked for was missing, and the phone was not answered.",
         "zh-hans": "所要的少了一半，电话也没有人接。"},
    ),
)  # fmt: skip
REPLY: Texts = {
    "en": "A second delivery at noon, and a call before 8:00 when something will be missing.",
    "zh-hans": "中午增加一次配送；预计缺货时，8:00前打电话告知。",
}
DONE: Texts = {
    "en": "The delivery at noon runs since the first of the month; the list of calls hangs at the desk.",
    "zh-hans": "本月一日起中午增加一次配送；电话告知的清单贴在服务台。",
}


def add_grades(*, at: datetime, people: Mapping[str, Person]) -> None:
    """The quality manager has heads rate what came in the last two quarters; about the last one they are still at
    it."""
    by = acting(people["quality"], at)
    last = _quarter_before(day_of(at))
    before = _quarter_before(last[0])
    then = _noon(before[1] + timedelta(days=3), at)
    closed = _opened(by, then, before)
    _grade(then + timedelta(days=2), people, closed, share=0.95)
    over = then + timedelta(days=15)
    closed = rounds.close_grade_round(by=BY, at=over, round=closed)
    _reply(over + timedelta(days=1), people, closed)
    lately = at - timedelta(days=3)
    began = lately if day_of(lately) > last[1] else at
    _grade(at, people, _opened(by, began, last), share=0.4)
    rounds.study_grade_round(by=BY, at=at, round=closed)


def _opened(by: Actor, at: datetime, days: tuple[date, date]) -> GradeRound:
    quarter, year = (days[0].month + 2) // 3, days[0].year
    title = {"en": f"Quarter {quarter} of {year}", "zh-hans": f"{year}年第{quarter}季度"}
    return rounds.open_grade_round(
        by=by, at=at, title=title, began_on=days[0], until_on=days[1], closes_on=day_of(at) + timedelta(days=14)
    )  # fmt: skip


def _grade(at: datetime, people: Mapping[str, Person], round: GradeRound, *, share: float) -> None:
    """Every head gives about a ``share`` of his grades, mildly or severely as he is."""
    random = Random(SEED)
    for person in people.values():
        by, mild = acting(person, at), random.uniform(-0.12, 0.12)
        for sheet in queries.my_sheets(viewer=by, at=at, round=round):
            rows = [one for one in sheet.rows if sheet.own and random.random() < share]
            said = {one.public_id: _said(one, mild, random) for one in rows}
            if said:
                changes.give_grades(by=by, at=at, round=round, said=said)


def _said(row: DepartmentGrade, mild: float, random: Random) -> Said:
    level = (row.attainment if row.attainment is not None else 0.8) + mild + random.gauss(0, 0.14)
    if random.random() < 0.05:
        return Said(Grade.NONE)
    grade = next(
        (one for one, least in ((Grade.A, 0.95), (Grade.B, 0.82), (Grade.C, 0.68), (Grade.D, 0.5)) if level >= least),
        Grade.E,
    )  # fmt: skip
    if grade not in LOW:
        return Said(grade)
    reason, fact = (say(dict(one), settings.LANGUAGE_CODE) for one in random.choice(REASONS))
    days = (row.round.until_on - row.round.began_on).days
    return Said(grade, reason, fact, row.round.began_on + timedelta(days=random.randrange(days)))


def _reply(at: datetime, people: Mapping[str, Person], round: GradeRound) -> None:
    """Logistics, of which laundry and porters are part, and the pharmacy reply; others have not come to it. The
    pharmacy does what it promised in time, the others are late."""
    words = say(dict(REPLY), settings.LANGUAGE_CODE)
    for name in ("logistics", "pharmacy"):
        by = acting(people[name], at)
        grades = queries.grades_of_round(viewer=by, at=at, round=round)
        for one in grades:
            if one.grade in LOW and may_reply_to_grade(standing_of(by, day_of(at)), one.supplier):
                held = changes.reply_to_grade(
                    by=by, at=at, grade=one, reply=words, owner=people[name],
                    promised_for=day_of(at) + timedelta(days=30),
                )  # fmt: skip
                if name == "pharmacy":
                    finish_promise(
                        by=by, at=at + timedelta(days=20), grade=held, outcome=say(dict(DONE), settings.LANGUAGE_CODE)
                    )


def _quarter_before(day: date) -> tuple[date, date]:
    """First and last day of the last calendar quarter that is over on ``day``."""
    last = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    return last.replace(month=last.month - 2, day=1), last


def _noon(day: date, at: datetime) -> datetime:
    return at.replace(year=day.year, month=day.month, day=day.day, hour=4, minute=0, second=0, microsecond=0)
