"""What came of the closed survey of a demonstration: its findings are answered, its comments passed, and its links are
measured as a path."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import Texts, say
from baton.feedback import changes as feedback
from baton.feedback import queries
from baton.feedback.queries.findings import FindingFilters, listed_findings
from baton.handoffs import changes as handoffs

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person
    from baton.feedback.models import Finding, Wave

PASSED = 12
"""So many comments were passed; one was withheld, the others wait."""
PROMISE: Texts = {
    "en": "We go through the last four weeks with those who receive from us, and agree on what changes at our desk.",
    "zh-hans": "我们与接收部门一起回顾最近四周，商定我方要改变的做法。",
}
DONE: Texts = {
    "en": "Agreed with all three; the list of calls hangs at the desk, and each Friday we ask whether it holds.",
    "zh-hans": "已与三个部门商定；通知清单贴在工位，每周五询问是否做到。",
}
DECLINED: Texts = {
    "en": "Not this year: it takes another post, and none is free. What will be missing we tell beforehand.",
    "zh-hans": "今年不做：需要增加一个岗位，目前没有编制。缺什么我们会提前告知。",
}
WITHHELD: Texts = {"en": "It says on which shift it was written.", "zh-hans": "从中可看出是哪个班次写的。"}
MOST_ON_A_WAY = 3


def answer_findings(*, by: Actor, began: datetime, wave: Wave) -> None:
    """Of the findings the first was mended, the second is refused with a reason, and for all others it is said what is
    done, by whom and by when. ``began``: when they were found."""
    at = began + timedelta(days=6)
    found = listed_findings(viewer=by, at=at, filters=FindingFilters(wave=wave.public_id))
    for place, one in enumerate(list(found)):
        if place == 1:
            feedback.decline_finding(by=by, at=at, finding=one, answer=_say(DECLINED))
            continue
        promised = feedback.answer_finding(
            by=by, at=at, finding=one, answer=_say(PROMISE), owner=_owner(by, at, one),
            promised_for=day_of(began + timedelta(days=90)),
        )  # fmt: skip
        if place == 0:
            feedback.finish_finding(by=by, at=began + timedelta(days=40), finding=promised, outcome=_say(DONE))


def pass_comments(*, by: Actor, at: datetime, wave: Wave) -> None:
    """Most comments were passed, one was withheld, and some still wait."""
    waiting = list(queries.comments_to_pass(viewer=by, wave=wave)[: PASSED + 1])
    for one in waiting[:PASSED]:
        feedback.pass_comment(by=by, at=at, comment=one)
    for one in waiting[PASSED:]:
        feedback.withhold_comment(by=by, at=at, comment=one, reason=_say(WITHHELD))


def longest_way(links: Sequence[Link]) -> list[Link]:
    """Links that follow each other, as many as there are up to :data:`MOST_ON_A_WAY`."""
    longest: list[Link] = []
    ways = [[one] for one in links]
    while ways:
        way = ways.pop(0)
        longest = way if len(way) > len(longest) else longest
        met = {way[0].supplier_id, *(one.customer_id for one in way)}
        if len(way) < MOST_ON_A_WAY:
            ends = way[-1].customer_id
            ways += [[*way, one] for one in links if one.supplier_id == ends and one.customer_id not in met]
    return longest


def measure(*, by: Actor, at: datetime, links: Sequence[Link]) -> None:
    """Have the links measured as a path."""
    if len(links) > 1:
        handoffs.measure_path(by=by, at=at, links=links)


def _owner(by: Actor, at: datetime, finding: Finding) -> Person:
    leads = next(iter(leaders_of(finding.supplier.public_id, at)), None)
    assert by.person is not None
    return leads or by.person


def _say(texts: Texts) -> str:
    return say(texts, settings.LANGUAGE_CODE)
