"""Surveys of a demonstration: one that was answered on drawn cards and is published, one that is open, and a plan by
which the next ones come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from django.conf import settings

from baton.chain.rules import PartyKind
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
from baton.starters.changes.demo_findings import answer_findings, longest_way, measure, pass_comments
from baton.starters.changes.demo_talk import Key

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person
    from baton.feedback.models import Questionnaire, Wave
    from baton.feedback.queries import Slip

SEED = 20_261
BEFORE, OPEN = timedelta(days=60), timedelta(days=14)
"""How long ago the closed survey began, and for how long it was open."""
CARDS, ANSWERED = 40, 31
"""Cards that were printed for the closed survey, and how many were handed in."""
MORE_CARDS, MORE_ANSWERED = 40, 29
"""The same of cards that leave the last two links out."""
FEW = 3
"""Sheets about the last link."""
ABOUT = 5
"""About so many links it asked."""
LEVELS = (0.8, 0.5, 0.62, 0.74)
"""How far up the scales the answers about each link lie."""
INSIDE = {PartyKind.DEPARTMENT, PartyKind.TEAM}
SPRING: Texts = {"en": "What you get from others: last quarter", "zh-hans": "您得到的服务：上季度"}
NOW: Texts = {"en": "What you get from others: this quarter", "zh-hans": "您得到的服务：本季度"}
EVERY_QUARTER: Texts = {"en": "What you get from others", "zh-hans": "您得到的服务"}
INTRO: Texts = {
    "en": "Two minutes about what you really receive. What is wanting is answered on the page “You said, we did”.",
    "zh-hans": "用两分钟谈谈您实际得到的服务。发现的不足，都会在“您说，我们做”页面得到答复。",
}
COMMENTS: tuple[Texts, ...] = (
    {"en": "On Mondays it comes too late for the early round.", "zh-hans": "周一送到时，早班已经开始了。"},
    {"en": "Tell us early when something is missing, then we can plan.", "zh-hans": "缺货请早点告知，我们好安排。"},
    {"en": "Much better since the summer, thank you.", "zh-hans": "入夏以来好多了，谢谢。"},
    {"en": "Nobody answers the phone at noon.", "zh-hans": "中午电话没有人接。"},
    {"en": "Friendly, even when there is much to do.", "zh-hans": "忙的时候也很和气。"},
    {"en": "The form asks twice for the same thing.", "zh-hans": "同一内容要在表上填两遍。"},
    {"en": "A fixed time for the round would help us most.", "zh-hans": "最希望有固定的送达时间。"},
    {"en": "Labels are hard to read since the new printer.", "zh-hans": "换了打印机后标签看不清。"},
    {"en": "Questions are answered the same day; keep it so.", "zh-hans": "有疑问当天答复，请继续保持。"},
    {"en": "At weekends we do not know whom to ask.", "zh-hans": "周末不知道该找谁。"},
)


def add_surveys(*, at: datetime, people: Mapping[str, Person], links: Mapping[Key, Link]) -> None:
    """The quality manager asks the same set twice: last quarter on cards, now whoever may be asked. What was found then
    was answered before people are asked again."""
    by = Actor(people["quality"], frozenset({Role.QUALITY_MANAGER}))
    found = library_set_of("internal_customer")
    if found is None:
        return
    began = at - BEFORE
    asked = feedback.write_questionnaire(
        by=by, at=began - timedelta(days=10), name=dict(found.name), purpose=dict(found.purpose),
        contents=found.contents, library_key=found.key,
    )  # fmt: skip
    in_order = sorted(links.values(), key=lambda one: one.number)
    inside = [one for one in in_order if {one.supplier.party_kind, one.customer.party_kind} <= INSIDE]
    way = longest_way(inside)
    measure(by=Actor(people["director"], frozenset({Role.DIRECTOR})), at=at, links=way)
    about = [*way, *(one for one in inside if one not in way)][:ABOUT]
    wave = _ask_on_cards(by, began, asked, about)
    answer_findings(by=by, began=began + OPEN, wave=wave)
    pass_comments(by=by, at=began + OPEN + timedelta(days=1), wave=wave)
    _ask_now(by, at, asked, in_order)
    _plan(by, at, asked, in_order)


def _ask_on_cards(by: Actor, began: datetime, asked: Questionnaire, links: list[Link]) -> Wave:
    random = Random(SEED)
    wave = feedback.prepare_wave(
        by=by, at=began, questionnaire=asked, title=dict(SPRING), intro=dict(INTRO), closes_at=began + OPEN,
        links=links,
    )  # fmt: skip
    wave = feedback.open_wave(by=by, at=began, wave=wave)
    held = sorted(wave.links.select_related("link"), key=lambda one: links.index(one.link))
    # The last link has so few answers that nothing is shown of it, and the one before fewer than the others.
    drawn = ((held[:-1], CARDS, ANSWERED), (held[:-2], MORE_CARDS, MORE_ANSWERED), (held[-1:], FEW + 2, FEW))
    for part, printed, answered in drawn:
        tokens = feedback.print_cards(by=by, at=began, wave=wave, links=part, count=printed)
        for number, token in enumerate(tokens[:answered]):
            slip = queries.slip_of(wave=wave, typed=token)
            if slip is not None:
                feedback.cast_sheet(at=began, slip=slip, answers=_sheet(wave, slip, random, number))
    wave = feedback.close_wave(by=by, at=began + OPEN, wave=wave, reason="")
    return feedback.publish_wave(by=by, at=began + OPEN, wave=wave)


def _sheet(wave: Wave, slip: Slip, random: Random, number: int) -> dict[str, dict[str, Any]]:
    """What somebody says of each link; who is pleased with one is rather pleased with all."""
    mood = random.gauss(0, 0.2)
    found = {
        one.public_id: _answers(wave, About.LINK, mood + LEVELS[place % len(LEVELS)], random, number)
        for place, (one, _band) in enumerate(slip.links)
    }
    found[feedback.OF_WAVE] = _answers(wave, About.WAVE, mood + 0.7, random, number)
    return {key: said for key, said in found.items() if said}


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
        return min(question.high, max(question.low, round(random.gauss(middle, 0.17 * (question.high - question.low)))))
    if question.kind is Kind.TEXT and number % 5 == 0:
        return say(dict(random.choice(COMMENTS)), settings.LANGUAGE_CODE)
    return None
