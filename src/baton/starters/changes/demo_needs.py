"""What people of a demonstration said in the last year that they need to serve well, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from django.conf import settings

from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import Texts, say
from baton.feedback import changes as feedback
from baton.feedback.queries.needs import departments_of, heads_asked
from baton.feedback.rules.needs import Addressee, NeedCategory

if TYPE_CHECKING:
    from baton.core.models import Person
    from baton.feedback.models import EmployeeNeed

SEED = 20_262
ASKERS = 9
"""So many people say what they need."""
EACH = 5
FIRST = timedelta(days=320)
NEEDS: tuple[tuple[NeedCategory, Texts], ...] = (
    (NeedCategory.TRAINING, {
        "en": "Half a day of training before the new device replaces the old one",
        "zh-hans": "新设备替换旧设备之前，安排半天培训"}),
    (NeedCategory.TOOLS, {
        "en": "A second scanner, so that nobody waits for the only one at the change of shift",
        "zh-hans": "再配一台扫描枪，交接班时不必排队等唯一的一台"}),
    (NeedCategory.INFORMATION, {
        "en": "Tell us by noon what will be short tomorrow, so that we can tell our customer",
        "zh-hans": "中午前告知明天哪些会缺，我们好转告内部客户"}),
    (NeedCategory.RECOGNITION, {
        "en": "That a week without a return is noticed by somebody",
        "zh-hans": "一周没有退回，希望有人看到"}),
    (NeedCategory.MATERIAL, {
        "en": "Labels that stick when it is damp", "zh-hans": "受潮也不脱落的标签"}),
)  # fmt: skip
DONE: Texts = {"en": "Ordered and arranged; you hear from me", "zh-hans": "已安排，落实后告知"}
NOT_NOW: Texts = {"en": "Not this year: the money is spent on the lift", "zh-hans": "今年不行：经费已用于电梯"}
CONFIDANTS: Mapping[str, Texts] = {
    "hr": {
        "en": "I have listened to people for fifteen years. Lunch break on Tuesdays, or a walk around the pond.",
        "zh-hans": "听人倾诉十五年。周二午休可以面谈，也可以一起散步。",
    },
    "porter": {
        "en": "I know every corridor and keep things to myself.", "zh-hans": "每条走廊我都熟，嘴也严。",
    },
}  # fmt: skip
MISSING: Texts = {"en": "Nothing has come yet", "zh-hans": "至今没有落实"}


def add_needs(*, at: datetime, people: Mapping[str, Person]) -> None:
    """Everybody who has somebody above him asks five times in the year; the later departments are answered later."""
    random, asked = Random(SEED), 0
    for person in people.values():
        if asked == ASKERS or not _heads_of(person, at - FIRST):
            continue
        asked += 1
        for number, (category, words) in enumerate(NEEDS[:EACH]):
            begun = at - FIRST + timedelta(days=62 * number + asked, hours=random.randrange(8))
            answered = begun + timedelta(days=random.uniform(0.2, 2.0 * asked))
            heads = _heads_of(person, answered)
            if not _heads_of(person, begun) or not heads:
                continue
            need = feedback.say_need(
                by=Actor(person), at=begun, category=category, words=say(dict(words), settings.LANGUAGE_CODE),
                addressee=Addressee.HEAD, department=None,
            )  # fmt: skip
            if answered < at - timedelta(days=20):
                _answer(need, Actor(heads[0]), answered, random)
    _last(at, people)


def _heads_of(person: Person, at: datetime) -> list[Person]:
    """Who is asked as his head then; nobody where he belongs nowhere."""
    departments = departments_of(viewer=Actor(person), at=at)
    return heads_asked(viewer=Actor(person), at=at, department=departments[0]) if departments else []


def _answer(need: EmployeeNeed, head: Actor, at: datetime, random: Random) -> None:
    """A promise that is kept in most cases, or a reason."""
    language = settings.LANGUAGE_CODE
    if random.random() < 0.2:
        feedback.decline_need(by=head, at=at, need=need, words=say(dict(NOT_NOW), language))
        return
    until = day_of(at + timedelta(days=14))
    need = feedback.promise_need(
        by=head, at=at, need=need, words=say(dict(DONE), language), owner=head.person, promised_for=until
    )
    later = at + timedelta(days=15)
    met = random.random() < 0.8
    words = "" if met else say(dict(MISSING), language)
    need = feedback.judge_need(by=Actor(need.asker), at=later, need=need, met=met, words=words)
    if not met:
        again = later + timedelta(days=2)
        feedback.decline_need(by=head, at=again, need=need, words=say(dict(NOT_NOW), language))


def _last(at: datetime, people: Mapping[str, Person]) -> None:
    """Two that wait: one addressed to the quality manager, one promised for next week."""
    before = at - timedelta(days=3)
    person = next((one for one in reversed(list(people.values())) if _heads_of(one, before)), None)
    if person is None:
        return
    (category, words), language = NEEDS[0], settings.LANGUAGE_CODE
    feedback.say_need(
        by=Actor(person), at=at, category=category, words=say(dict(words), language),
        addressee=Addressee.QUALITY, department=None,
    )  # fmt: skip
    need = feedback.say_need(
        by=Actor(person), at=before, category=NeedCategory.TOOLS, words=say(dict(NEEDS[1][1]), language),
        addressee=Addressee.HEAD, department=None,
    )  # fmt: skip
    head = _heads_of(person, at)[0]
    feedback.promise_need(
        by=Actor(head), at=at - timedelta(days=1), need=need, words=say(dict(DONE), language), owner=head,
        promised_for=day_of(at + timedelta(days=7)),
    )  # fmt: skip


def add_confidants(*, at: datetime, people: Mapping[str, Person]) -> None:
    """Two who agreed to be written to; what anybody writes to them stands in no demonstration."""
    for name, about in CONFIDANTS.items():
        if name in people:
            feedback.agree_to_be_confidant(by=Actor(people[name]), at=at, about=dict(about))
