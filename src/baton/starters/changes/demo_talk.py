"""What people of the demonstration say about their links. What they say of the figures, the simulation planted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from baton.core.actors import Actor
from baton.core.discussions.changes import add_comment
from baton.core.queries import roles_of
from baton.core.texts import say

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person

Key = tuple[str, str, str]
"""A link by codes of supplier and customer and the English name of the output."""

LINEN = ("laundry", "ward_a", "Clean linen")
SPECIMENS = ("ward_a", "lab", "Specimens")

# Link, who says it, in English and in Chinese.
HOSPITAL: tuple[tuple[Key, str, str, str], ...] = (
    (
        LINEN, "ward",
        "@Zhao Lei, the chart shows what we feel every morning: clean linen has come later for about five months.\n"
        "What changed at your end, and what do you need from us?",
        "@赵磊，控制图说的正是我们每天早上的感受：近五个月来，干净布草送到得越来越晚。\n你们那边有什么变化？需要我们做什么？",
    ),
    (
        LINEN, "laundry",
        "@Wang Fang, I see it, too. I will go through the rounds with the night shift and answer here by Friday.",
        "@王芳，我也看到了。我会和夜班一起把收送流程过一遍，周五之前在这里答复。",
    ),
    (
        SPECIMENS, "lab",
        "@Wang Fang, for eight weeks we had to send back twice as many specimens as before, and then it was over. "
        "What did you change? I would like to tell the other ward.",
        "@王芳，有八周时间，我们退回的标本是以前的两倍，后来又恢复了正常。你们做了哪些改变？我想告诉另一个病区。",
    ),
)  # fmt: skip


PARTS = ("warehouse", "line_a", "Picked parts at the line")
LOTS = ("production", "shipping", "Finished lots")

FACTORY: tuple[tuple[Key, str, str, str], ...] = (
    (
        PARTS, "line_a",
        "@Zhao Lei, for about five months the parts have come later, and we wait at the line. What has changed?",
        "@赵磊，近五个月来物料到得越来越晚，工人在线上等料。你们那边有什么变化？",
    ),
    (
        PARTS, "warehouse",
        "@Wang Fang, I see it on the chart. I will walk the way of the picks with both shifts and answer by Friday.",
        "@王芳，图上看得出来。我会和两个班次一起走一遍配料路线，周五之前答复。",
    ),
    (
        LOTS, "shipping",
        "@Deng Hua, for about four months we have found more bad lots when we pack. "
        "I fear the customer finds some, too.",
        "@邓华，近四个月来，我们包装时发现的不良批次多了，恐怕客户那边也发现了一些。",
    ),
)  # fmt: skip

SPECIMEN = ("prep", "bench", "Prepared specimen")
DATA = ("bench_chem", "report_office", "Raw data")

LABORATORY: tuple[tuple[Key, str, str, str], ...] = (
    (
        SPECIMEN, "bench",
        "@Zhao Lei, for about five months the specimens have come later, and my plan for the day no longer holds. "
        "What do you need from us?",
        "@赵磊，近五个月来试样到得越来越晚，我的日计划都排不住了。需要我们做什么？",
    ),
    (
        SPECIMEN, "prep",
        "@Wang Fang, I see it, too. I will go through the steps with my team and answer here by Friday.",
        "@王芳，我也看到了。我会和组里把各道步骤过一遍，周五之前在这里答复。",
    ),
    (
        DATA, "reports",
        "@Xu Jing, for eight weeks we had to send back three times as many records, and then it was over. "
        "What did you change?",
        "@徐静，有八周时间，我们退回的原始记录是以前的三倍，后来又恢复了正常。你们做了哪些改变？",
    ),
)  # fmt: skip

SAID = {"hospital": HOSPITAL, "factory": FACTORY, "laboratory": LABORATORY}
"""What people of each sector's demonstration say."""


def add_talk(*, at: datetime, sector: str, people: Mapping[str, Person], links: Mapping[Key, Link]) -> None:
    """Say it all, in the organisation's language; ``people`` by sign-in name."""
    for key, who, english, chinese in SAID[sector]:
        person = people[who]
        words = say({"en": english, "zh-hans": chinese}, settings.LANGUAGE_CODE)
        by = Actor(person, roles_of(person, at))
        add_comment(by=by, at=at, kind="link", public_id=links[key].public_id, words=words)
