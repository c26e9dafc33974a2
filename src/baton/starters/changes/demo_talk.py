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

LINEN = ("laundry", "ward_a", "Clean linen")
SPECIMENS = ("ward_a", "lab", "Specimens")

# Link, who says it, in English and in Chinese.
SAID: tuple[tuple[tuple[str, str, str], str, str, str], ...] = (
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


def add_talk(*, at: datetime, people: Mapping[str, Person], links: Mapping[tuple[str, str, str], Link]) -> None:
    """Say it all, in the organisation's language; ``people`` by sign-in name, ``links`` by codes of supplier and
    customer and the English name of the output."""
    for key, who, english, chinese in SAID:
        person = people[who]
        words = say({"en": english, "zh-hans": chinese}, settings.LANGUAGE_CODE)
        by = Actor(person, roles_of(person, at))
        add_comment(by=by, at=at, kind="link", public_id=links[key].public_id, words=words)
