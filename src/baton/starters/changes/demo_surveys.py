"""Surveys of a demonstration: one that was answered on drawn cards and is closed, one that is open, and a plan by which
the next ones come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from django.conf import settings

from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.rules import Role
from baton.core.texts import Texts, say
from baton.feedback import changes as feedback
from baton.feedback import queries
from baton.feedback.rules import About, Kind, Question, Way
from baton.feedback.rules.asking import LinkRule
from baton.feedback.rules.library import library_set_of
from baton.feedback.rules.plans import Formula
from baton.starters.changes.demo_talk import Key

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person
    from baton.feedback.models import Questionnaire, Wave

SEED = 20_261
CARDS = 60
"""Cards that were printed for the closed survey."""
ANSWERED = 41
ABOUT = 4
"""About so many links the cards asked."""
SPRING: Texts = {"en": "What you get from others: last quarter", "zh-hans": "您得到的服务：上季度"}
NOW: Texts = {"en": "What you get from others: this quarter", "zh-hans": "您得到的服务：本季度"}
EVERY_QUARTER: Texts = {"en": "What you get from others", "zh-hans": "您得到的服务"}
INTRO: Texts = {
    "en": "Two minutes about what you really receive. What is found wanting gets an answer on the page Said and done.",
    "zh-hans": "用两分钟谈谈您实际得到的服务。发现的不足，都会在“您说我做”页面得到答复。",
}
COMMENTS: tuple[Texts, ...] = (
    {"en": "On Mondays it comes too late for the early round.", "zh-hans": "周一送到时，早班已经开始了。"},
    {"en": "Tell us early when something is missing, then we can plan.", "zh-hans": "缺货请早点告知，我们好安排。"},
    {"en": "Much better since the summer, thank you.", "zh-hans": "入夏以来好多了，谢谢。"},
    {"en": "Nobody answers the phone at noon.", "zh-hans": "中午电话没有人接。"},
)


def add_surveys(*, at: datetime, people: Mapping[str, Person], links: Mapping[Key, Link]) -> None:
    """The quality manager asks the same set twice: last quarter on cards, now whoever may be asked."""
    by = Actor(people["quality"], frozenset({Role.QUALITY_MANAGER}))
    found = library_set_of("internal_customer")
    if found is None:
        return
    asked = feedback.write_questionnaire(
        by=by, at=at - timedelta(days=70), name=dict(found.name), purpose=dict(found.purpose), contents=found.contents,
        library_key=found.key,
    )  # fmt: skip
    _ask_on_cards(by, at, asked, sorted(links.values(), key=lambda one: one.number))
    _ask_now(by, at, asked, sorted(links.values(), key=lambda one: one.number))
    _plan(by, at, asked, sorted(links.values(), key=lambda one: one.number))


def _ask_on_cards(by: Actor, at: datetime, asked: Questionnaire, links: list[Link]) -> None:
    began, random = at - timedelta(days=60), Random(SEED)
    inside = [one for one in links if one.supplier.person_id is None][:ABOUT]
    wave = feedback.prepare_wave(
        by=by, at=began, questionnaire=asked, title=dict(SPRING), intro=dict(INTRO),
        closes_at=began + timedelta(days=14), links=inside,
    )  # fmt: skip
    wave = feedback.open_wave(by=by, at=began, wave=wave)
    tokens = feedback.print_cards(by=by, at=began, wave=wave, links=list(wave.links.all()), count=CARDS)
    for number, token in enumerate(tokens[:ANSWERED]):
        slip = queries.slip_of(wave=wave, typed=token)
        if slip is not None:
            answers = {
                one.public_id: _answers(wave, About.LINK, 0.55 + 0.1 * place, random, number)
                for place, (one, _band) in enumerate(slip.links)
            }
            answers[feedback.OF_WAVE] = _answers(wave, About.WAVE, 0.7, random, number)
            feedback.cast_sheet(at=began, slip=slip, answers={key: said for key, said in answers.items() if said})
    feedback.close_wave(by=by, at=began + timedelta(days=14), wave=wave, reason="")


def _ask_now(by: Actor, at: datetime, asked: Questionnaire, links: list[Link]) -> None:
    wave = feedback.prepare_wave(
        by=by, at=at, questionnaire=asked, title=dict(NOW), intro=dict(INTRO), closes_at=at + timedelta(days=14),
        links=links,
    )  # fmt: skip
    try:
        feedback.choose_people(by=by, at=at, wave=wave, window_days=90)
    except Refused:  # a sector in which nobody but the heads of suppliers signs in
        return
    wave = feedback.open_wave(by=by, at=at, wave=wave)
    for letter in feedback.hand_out(by=by, at=at, wave=wave):
        assert letter.invitation.way == Way.MAIL, "people of a demonstration have no mailbox"


def _plan(by: Actor, at: datetime, asked: Questionnaire, links: list[Link]) -> None:
    """From the next quarter on the same is asked every three months; four of five are to be satisfied."""
    inside = [one for one in links if one.supplier.person_id is None]
    given = feedback.PlanGiven(
        title=dict(EVERY_QUARTER), intro=dict(INTRO), questionnaire=asked, link_rule=LinkRule.ONE, links=inside,
        rule="FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", begins=time(8),
        starts_on=(day_of(at) + timedelta(days=75)).replace(day=1),
    )  # fmt: skip
    plan = feedback.add_plan(by=by, at=at, given=given)
    before = queries.published_waves(viewer=by, at=at).filter(questionnaire=asked).first()
    feedback.set_target(by=by, at=at, plan=plan, column="overall", formula=Formula.TOP2, percent=80, baseline=before)


def _answers(wave: Wave, about: About, level: float, random: Random, number: int) -> dict[str, Any]:
    """What somebody says: near ``level`` of the way up each scale, give or take a point."""
    found = {one.key: _answer(one, level, random, number) for one in wave.contents.questions(about) if one.when is None}
    return {key: answer for key, answer in found.items() if answer is not None}


def _answer(question: Question, level: float, random: Random, number: int) -> Any:
    if question.kind in {Kind.RATING, Kind.CSAT, Kind.CES, Kind.NPS}:
        middle = question.low + level * (question.high - question.low)
        return min(question.high, max(question.low, round(random.gauss(middle, 0.22 * (question.high - question.low)))))
    if question.kind is Kind.TEXT and number % 5 == 0:
        return say(dict(random.choice(COMMENTS)), settings.LANGUAGE_CODE)
    return None
