"""Complaints of a demonstration: one closed with both signatures, others on their way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from baton.chain import queries as chain
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.rules import Role
from baton.core.signatures import Proof, digest_now
from baton.core.texts import Texts, say
from baton.feedback import changes as feedback
from baton.feedback.queries.complaints import said_of, steps_of
from baton.feedback.rules.complaints import Channel, ComplaintAct, ComplaintGiven, Matter, Urgency
from baton.starters.changes.demo_acting import acting
from baton.starters.changes.demo_talk import LINEN, Key

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person
    from baton.feedback.models import Complaint

FIRST = timedelta(days=24)
"""How long ago the first one came."""
DAMP: Texts = {"en": "Two of twelve packages were damp when they came", "zh-hans": "十二包中有两包到货时受潮"}
SHORT: Texts = {"en": "Eight came, twelve stand on the note", "zh-hans": "单据上是十二件，实到八件"}
MIXED: Texts = {
    "en": "The label says one thing, something else is inside; we need the right one today",
    "zh-hans": "标签与内物不符，今天就要换成正确的",
}
LATE: Texts = {
    "en": "What was promised for Tuesday had not come by Thursday", "zh-hans": "答应周二到，周四还没有到",
}  # fmt: skip
LOUD: Texts = {"en": "The cart is loud in the corridor at noon", "zh-hans": "中午推车在走廊里很吵"}
CAUSE: Texts = {
    "en": "The cover of the cart was open in the rain; the cart that has one was being repaired.",
    "zh-hans": "雨天推车没有盖罩；带罩的推车当时在修理。",
}
COUNTED: Texts = {
    "en": "The note was written from the order, not from what was counted.",
    "zh-hans": "单据是照订单写的，没有按清点数写。",
}
REPLACED: Texts = {"en": "Replace the two packages the same day; no charge.", "zh-hans": "当天更换这两包，不收费。"}
SENT: Texts = {"en": "Send the missing four with the next round.", "zh-hans": "缺的四件随下一趟补送。"}
DONE: Texts = {"en": "Replaced at 14:20; the customer has looked at them.", "zh-hans": "14:20 已更换，客户已验看。"}
KEPT: Texts = {
    "en": "Every cart has a cover; whoever takes one out signs for it. Standing order changed.",
    "zh-hans": "每辆推车都配盖罩，领车人签字确认；作业规程已修改。",
}
WITHDRAWN: Texts = {
    "en": "The cart was another department's; the customer took it back.", "zh-hans": "推车是别的部门的，客户已撤回。",
}  # fmt: skip
CALLER: Texts = {"en": "Ms Gu, by telephone", "zh-hans": "顾女士（来电）"}


@dataclass(frozen=True, slots=True)
class _Sides:
    """A link whose two sides are led by people of the demonstration, and who they are."""

    link: Link
    supplier: Person
    customer: Person


def add_complaints(*, at: datetime, people: Mapping[str, Person], links: Mapping[Key, Link]) -> None:
    """Complaints about links whose two sides are led by people of the demonstration, and one of somebody outside."""
    quality = people["quality"]
    found = list(_led(at, quality, links))
    if not found:
        return
    first, last = found[0], found[-1]
    _closed(at - FIRST, first, quality)
    _decided(at - timedelta(days=4), last, quality)
    _received(at - timedelta(hours=1), first, MIXED, Matter.EXCHANGE, urgency=Urgency.URGENT)
    _dropped(at - timedelta(days=9), last)
    came = at - timedelta(days=3)
    feedback.receive_complaint(
        by=_manager(quality), at=came,
        given=ComplaintGiven(
            phenomenon=_said(LATE), matter=Matter.OTHER, channel=Channel.WEB, customer_name=_said(CALLER),
            customer_number="K-20417", telephone="0755 5550 0142", product=say(dict(first.link.output.name)),
        ),
    )  # fmt: skip


def _led(at: datetime, quality: Person, links: Mapping[Key, Link]) -> Iterator[_Sides]:
    """Links that two different people lead since before the first complaint, and that the customer sees."""
    begin = at - FIRST
    for _key, link in sorted(links.items(), key=lambda one: one[0] != LINEN):
        sides = [next(iter(leaders_of(one.public_id, begin)), None) for one in (link.supplier, link.customer)]
        supplier, customer = sides
        if not supplier or not customer or len({supplier.pk, customer.pk, quality.pk}) < 3:
            continue
        if chain.sees_link(viewer=acting(customer, begin), at=begin, public_id=link.public_id):
            yield _Sides(link, supplier, customer)


def _manager(quality: Person) -> Actor:
    """The quality manager, who has held the role for longer than Baton knows him."""
    return Actor(quality, frozenset({Role.QUALITY_MANAGER}))


def _said(words: Texts) -> str:
    return say(dict(words), settings.LANGUAGE_CODE)


def _received(
    at: datetime, sides: _Sides, words: Texts, matter: Matter, *, urgency: Urgency = Urgency.NORMAL
) -> Complaint:  # fmt: skip
    given = ComplaintGiven(
        phenomenon=_said(words), matter=matter, urgency=urgency, channel=Channel.PHONE,
        customer_name=say(dict(sides.customer.name), settings.LANGUAGE_CODE), telephone="6104",
        product=say(dict(sides.link.output.name), settings.LANGUAGE_CODE), lot=f"{day_of(at):%y%m%d}-2",
        shipped_on=day_of(at),
    )  # fmt: skip
    return feedback.receive_complaint(by=acting(sides.customer, at), at=at, given=given, link=sides.link)


def _acknowledged(one: Complaint, at: datetime, sides: _Sides) -> Complaint:
    by = acting(sides.supplier, at)
    return feedback.acknowledge_complaint(by=by, at=at, complaint=one, channel=Channel.PHONE)


def _signed(one: Complaint, at: datetime, by: Actor, act: ComplaintAct) -> Complaint:
    step = said_of(steps_of(one), act)
    if step is None:
        return one
    write = feedback.sign_cause if act is ComplaintAct.CAUSE else feedback.sign_disposition
    write(
        by=by, at=at, complaint=one, expected_digest=digest_now(step.kind, step.public_id),
        proof=Proof(by.id, ("sign_in_name", "password"), at),
    )  # fmt: skip
    one.refresh_from_db()
    return one


def _through(one: Complaint, at: datetime, sides: _Sides, quality: Person, cause: Texts, done: Texts) -> Complaint:
    """Its cause, signed by the supplier's head a day later, and the disposition, signed by the quality manager."""
    found, said = at + timedelta(days=1), at + timedelta(days=2)
    by, manager = acting(sides.supplier, found), _manager(quality)
    one = feedback.investigate_complaint(by=by, at=found, complaint=one, words=_said(cause))
    one = _signed(one, found, by, ComplaintAct.CAUSE)
    one = feedback.decide_complaint(by=manager, at=said, complaint=one, words=_said(done))
    return _signed(one, said, manager, ComplaintAct.DISPOSITION)


def _closed(at: datetime, sides: _Sides, quality: Person) -> None:
    one = _acknowledged(_received(at, sides, DAMP, Matter.COMPLAINT), at + timedelta(hours=2), sides)
    one = _through(one, at, sides, quality, CAUSE, REPLACED)
    end = at + timedelta(days=3)
    by = acting(sides.supplier, end)
    one = feedback.record_result(by=by, at=end, complaint=one, words=_said(DONE))
    one = feedback.notify_customer(by=by, at=end, complaint=one, channel=Channel.PERSON)
    one = feedback.prevent_recurrence(by=by, at=end, complaint=one, words=_said(KEPT))
    feedback.close_complaint(by=by, at=end, complaint=one)


def _decided(at: datetime, sides: _Sides, quality: Person) -> None:
    one = _acknowledged(_received(at, sides, SHORT, Matter.RETURN), at + timedelta(hours=3), sides)
    _through(one, at, sides, quality, COUNTED, SENT)


def _dropped(at: datetime, sides: _Sides) -> None:
    one = _received(at, sides, LOUD, Matter.OTHER)
    later = at + timedelta(days=1)
    by = acting(sides.supplier, later)
    feedback.drop_complaint(by=by, at=later, complaint=_acknowledged(one, later, sides), reason=_said(WITHDRAWN))
