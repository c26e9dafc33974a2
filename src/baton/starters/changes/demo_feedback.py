"""Feedback of a demonstration: told, entered, come by a poster; answered, thanked for, left as it is, and late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from baton.chain import queries as chain
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.rules import Role
from baton.core.texts import Texts, say
from baton.feedback import changes as feedback
from baton.feedback.changes import FeedbackTold
from baton.feedback.queries.inbox import who_owes
from baton.feedback.rules.inbox import FeedbackChannel
from baton.starters.changes.demo_acting import acting
from baton.starters.changes.demo_talk import LINEN, Key

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person
    from baton.feedback.models import FeedbackItem

OPENED = timedelta(days=20)
"""How long ago the page behind the poster was opened."""
LABELS: Texts = {
    "en": "Could you put the label on the left side? We always look for it.",
    "zh-hans": "能否把标签贴在左侧？我们总要找半天。",
}
LEFT: Texts = {
    "en": "From Monday on it is on the left; the template is changed.", "zh-hans": "周一起贴在左侧，模板已改。",
}  # fmt: skip
NIGHT: Texts = {
    "en": "Thank you for coming at three in the night when we ran out.",
    "zh-hans": "感谢各位凌晨三点在我们用完时赶来。",
}
CALLER: Texts = {"en": "Mr. Tang, by telephone", "zh-hans": "唐先生（来电）"}
WELL: Texts = {"en": "Read it out at the handover of the shift.", "zh-hans": "已在交接班时宣读。"}
CART: Texts = {"en": "The cart stands before the fire door every morning.", "zh-hans": "推车每天早上都挡在防火门前。"}
HOURS: Texts = {"en": "Until what time can we call on Sundays?", "zh-hans": "星期天几点之前可以打电话？"}
WAITED: Texts = {"en": "We waited forty minutes and nobody said why.", "zh-hans": "等了四十分钟，没人说明原因。"}
RADIO: Texts = {"en": "The radio in the corridor is too loud.", "zh-hans": "走廊里的收音机太吵。"}
NOT_OURS: Texts = {
    "en": "It belongs to the neighbouring house; we have told them.",
    "zh-hans": "属于隔壁楼，已转告对方。",
}


def add_feedback(*, at: datetime, people: Mapping[str, Person], links: Mapping[Key, Link]) -> None:
    """Feedback about the first link whose two sides are led by people of the demonstration."""
    quality = Actor(people["quality"], frozenset({Role.QUALITY_MANAGER}))
    for _key, link in sorted(links.items(), key=lambda one: one[0] != LINEN):
        customer = next(iter(leaders_of(link.customer.public_id, at - OPENED)), None)
        owing = who_owes(viewer=quality, at=at - OPENED, party=link.supplier)
        if customer is None or not owing or customer in owing:
            continue
        if chain.sees_link(viewer=acting(customer, at - OPENED), at=at - OPENED, public_id=link.public_id):
            _about(at, link, customer, owing[0], quality)
            return


def _about(at: datetime, link: Link, customer: Person, supplier: Person, quality: Actor) -> None:
    def ago(days: float) -> datetime:
        return at - timedelta(days=days)

    told = feedback.tell_feedback(by=acting(customer, ago(9)), at=ago(9), told=_told(LABELS, link=link))
    feedback.answer_feedback(by=acting(supplier, ago(7)), at=ago(7), item=told, words=_said(LEFT))
    thanks = _told(NIGHT, link=link, name=_said(CALLER), reach="0571 5550 0117")
    praised = _entered(customer, ago(5), thanks, FeedbackChannel.TELEPHONE)
    feedback.thank_for_feedback(
        by=acting(supplier, ago(4)), at=ago(4), item=praised, words=_said(WELL), party=link.supplier
    )
    loud = _entered(customer, ago(6), _told(RADIO, party=link.supplier), FeedbackChannel.COLLEAGUE)
    feedback.leave_feedback(by=acting(supplier, ago(3)), at=ago(3), item=loud, words=_said(NOT_OURS))
    _entered(customer, ago(12), _told(WAITED, party=link.supplier), FeedbackChannel.PAPER)
    feedback.tell_feedback(by=acting(customer, ago(1)), at=ago(1), told=_told(HOURS))
    door = feedback.open_door(by=quality, at=at - OPENED, party=link.supplier)
    feedback.tell_at_door(at=ago(0.3), door=door, told=_told(CART), channel=FeedbackChannel.QR)


def _entered(by: Person, at: datetime, told: FeedbackTold, channel: FeedbackChannel) -> FeedbackItem:
    return feedback.enter_feedback(by=acting(by, at), at=at, told=told, channel=channel)


def _told(words: Texts, **given: Any) -> FeedbackTold:
    return FeedbackTold(_said(words), language=settings.LANGUAGE_CODE, **given)


def _said(words: Texts) -> str:
    return say(dict(words), settings.LANGUAGE_CODE)
