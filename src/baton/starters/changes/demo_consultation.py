"""What people of the hospital's demonstration think of the linen that is to be agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from baton.agreements import changes as agreements
from baton.agreements.rules import Side, Stance
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import say
from baton.starters.changes.demo_acting import acting

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion, Clause, Opinion
    from baton.core.models import Person

ASKED_FOR = timedelta(days=10)
TALKED_OVER = (
    "Clean linen is on the ward", "Linen sent back or washed again", "Used linen is sorted into the right bags",
    "Extra linen is ordered ahead",
)  # fmt: skip
LATE = {
    "en": "After the evening round no clean linen comes until the morning. On a bad night that is too long.",
    "zh-hans": "晚间一轮送过之后，到第二天早上都没有干净布草。遇到忙乱的夜班，等不起。",
}
BAGS = {
    "en": "At night two of us are on duty: nobody can sort into six bags.",
    "zh-hans": "夜班只有两个人，没法分成六个袋子。",
}
TWO_BAGS = {
    "en": "Two bags are enough at night: infectious, and all the rest. The picture hangs on every trolley.",
    "zh-hans": "夜班分两袋就够：感染性的一袋，其余一袋。示意图已挂在每辆推车上。",
}
HALF_A_DAY = {
    "en": "We often know only at noon what we need the next morning.",
    "zh-hans": "第二天早上要多少，我们往往中午才知道。",
}
AGREED = {"en": "Half a day will do for us, too.", "zh-hans": "提前半天，我们也来得及。"}


def consult(at: datetime, version: AgreementVersion, people: Mapping[str, Person]) -> None:
    """Both sides are asked; a nurse consents, objects and proposes; the laundry has answered her but for one thing."""
    supplier, customer, nurse = (acting(people[who], at) for who in ("laundry", "ward", "nurse"))
    due_on = day_of(at) + ASKED_FOR
    agreements.ask_staff(by=customer, at=at, version=version, side=Side.CUSTOMER, due_on=due_on)
    agreements.ask_staff(by=supplier, at=at, version=version, side=Side.SUPPLIER, due_on=due_on)
    held = {clause.characteristic["en"]: clause for clause in version.clauses.all()}
    in_time, faulty, sorted_, ahead = (held[name] for name in TALKED_OVER)
    _say(at, nurse, version, faulty, Stance.CONSENT)
    _say(at, nurse, version, in_time, Stance.OBJECTION, LATE)
    objection = _say(at, nurse, version, sorted_, Stance.OBJECTION, BAGS)
    agreements.decline_opinion(by=supplier, at=at, opinion=objection, answer=_said(TWO_BAGS))
    proposal = agreements.say_opinion(
        by=nurse, at=at, version=version, line=ahead.line, stance=Stance.COUNTER_PROPOSAL,
        text=_said(HALF_A_DAY), proposed=replace(ahead.terms, target=0.5),
    )  # fmt: skip
    agreements.adopt_opinion(by=supplier, at=at, opinion=proposal, answer=_said(AGREED))


def _say(
    at: datetime,
    by: Actor,
    version: AgreementVersion,
    clause: Clause,
    stance: Stance,
    words: Mapping[str, str] | None = None,
) -> Opinion:
    text = _said(words) if words is not None else ""
    return agreements.say_opinion(by=by, at=at, version=version, line=clause.line, stance=stance, text=text)


def _said(words: Mapping[str, str]) -> str:
    return say(dict(words), settings.LANGUAGE_CODE)
