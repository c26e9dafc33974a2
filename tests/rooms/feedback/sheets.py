"""A questionnaire with every kind of question, and its sheet as a browser without a script would fill it in."""

from __future__ import annotations

import re
from html import unescape
from itertools import cycle
from typing import TYPE_CHECKING, Any

from baton.feedback.rules import Contents, contents_of
from tests.browser.vectors import VECTORS
from tests.rooms.feedback.asked import asking, cards, opened, prepared, written

if TYPE_CHECKING:
    from django.test import Client

    from baton.feedback.models import Wave
    from tests.world import World

ENDS = {"1": {"en": "Never", "zh-hans": "从不"}, "5": {"en": "Always", "zh-hans": "总是"}}
GRADES = {
    "1": {"en": "Poor", "zh-hans": "差"}, "2": {"en": "Fair", "zh-hans": "一般"}, "3": {"en": "Good", "zh-hans": "好"},
}  # fmt: skip


def _options(*words: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"key": key, "words": {"en": english, "zh-hans": chinese}} for key, english, chinese in words]


WAYS = _options(("phone", "By phone", "电话"), ("ward", "On the ward", "在病区"), ("mail", "By mail", "邮件"))
QUESTIONS: list[dict[str, Any]] = [
    {"key": "on_time", "kind": "rating", "words": {"en": "{output} from {supplier} comes on time.",
     "zh-hans": "{supplier}的{output}准时送达。"}, "anchors": ENDS, "required": True,
     "help": {"en": "Think of the last four weeks.", "zh-hans": "请回想最近四周。"}},
    {"key": "why_late", "kind": "choice", "words": {"en": "What was late most often?", "zh-hans": "最常迟到的是什么？"},
     "options": _options(("morning", "The morning round", "早班"), ("night", "The night round", "夜班")),
     "when": {"question": "on_time", "answers": ["1", "2"]}},
    {"key": "complete", "kind": "pair", "words": {"en": "Deliveries are complete.", "zh-hans": "送货齐全。"},
     "anchors": ENDS},
    {"key": "people", "kind": "matrix", "words": {"en": "The people who deliver …", "zh-hans": "送货人员……"},
     "low": 1, "high": 3, "anchors": GRADES,
     "options": _options(("kind", "are friendly", "友好"), ("listen", "listen", "倾听"))},
    {"key": "reached", "kind": "choices", "words": {"en": "How do you reach them?", "zh-hans": "您如何联系他们？"},
     "options": WAYS},
    {"key": "first", "kind": "ranking", "words": {"en": "What matters most?", "zh-hans": "什么最重要？"},
     "options": _options(("time", "Time", "准时"), ("amount", "Amount", "数量"), ("cold", "Cooling", "冷藏"))},
    {"key": "hundred", "kind": "points", "words": {"en": "Lay 100 points.", "zh-hans": "请分配100分。"},
     "options": _options(("quality", "Quality", "质量"), ("price", "Price", "价格"))},
    {"key": "evening", "kind": "kano", "words": {"en": "A round in the evening", "zh-hans": "晚间送货"}},
    {"key": "hours", "kind": "number", "words": {"en": "How long do you wait?", "zh-hans": "您等待多久？"}, "low": 0,
     "high": 48, "unit": {"en": "h", "zh-hans": "小时"}},
    {"key": "better", "kind": "text", "words": {"en": "What should be better?", "zh-hans": "哪些应改进？"}},
]  # fmt: skip
ABOUT_ALL: list[dict[str, Any]] = [
    {"key": "recommend", "kind": "nps", "words": {"en": "Would you recommend working here?",
     "zh-hans": "您会推荐在此工作吗？"}, "about": "wave"},
    {"key": "satisfied", "kind": "csat", "words": {"en": "How satisfied are you?", "zh-hans": "您有多满意？"},
     "about": "wave"},
    {"key": "easy", "kind": "ces", "words": {"en": "It is easy to get what I need.", "zh-hans": "很容易得到所需。"},
     "about": "wave"},
]  # fmt: skip


def document() -> dict[str, Any]:
    """Every kind of question, in both languages: ten about each link, three about none."""
    return {
        "sections": [
            {"key": "service", "title": {"en": "Service", "zh-hans": "服务"}, "questions": QUESTIONS},
            {"key": "all", "title": {"en": "Working here", "zh-hans": "在此工作"}, "questions": ABOUT_ALL},
        ]
    }  # fmt: skip


def contents() -> Contents:
    """The same, read."""
    return contents_of(document())


def hostile_document() -> dict[str, Any]:
    """The same with texts that become script or markup wherever somebody trusts them, in place of every text."""
    # Braces are names of links there, and refused otherwise.
    vectors = cycle(one for one in VECTORS if "{" not in one and len(one) < 200)

    def turned(value: Any) -> Any:
        if isinstance(value, list):
            return [turned(one) for one in value]
        if not isinstance(value, dict):
            return value
        if value.keys() <= {"en", "zh-hans"}:
            return {language: next(vectors) for language in value}
        return {name: turned(one) for name, one in value.items()}

    found: dict[str, Any] = turned(document())
    return found


def every_kind(world: World, **given: Any) -> Wave:
    """An open wave that asks all of it about two links."""
    questionnaire = written(
        world,
        contents=contents_of(document()),
        purpose={"en": "So that deliveries get better.", "zh-hans": "改进送货。"},
    )
    title = {"en": "Autumn survey", "zh-hans": "秋季调查"}
    return opened(world, asking(world, prepared(world, questionnaire=questionnaire, title=title, **given)))


def one_card(world: World, wave: Wave) -> str:
    """The token of a card."""
    return cards(world, wave, 1)[0]


def fields_of(page: bytes | str) -> dict[str, list[str]]:
    """What a browser would send of the form with the sheet as it stands, by the names of its controls."""
    html = page.decode() if isinstance(page, bytes) else page
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        attributes = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if attributes.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            found.setdefault(attributes["name"], [])
        elif "name" in attributes:
            found.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    for name, words in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL):
        found[name] = [unescape(words)]
    return found


def opened_sheet(client: Client, address: str, token: str) -> dict[str, list[str]]:
    """The fields of the sheet that a token opens."""
    answer = client.post(address, {"code": token})
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return fields_of(answer.content)
