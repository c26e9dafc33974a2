"""A published survey for the pages of results: every kind of figure and of study, comments to pass, a prediction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from baton.feedback import changes
from baton.feedback.models import SurveyComment
from baton.feedback.rules import contents_of
from baton.handoffs.changes import measure_path
from tests.browser.agreement_records import living_link
from tests.rooms.feedback.answering import drawn, published
from tests.rooms.feedback.asked import prepared, written

if TYPE_CHECKING:
    from tests.world import World

_ENDS = {"1": {"en": "Never", "zh-hans": "从不"}, "5": {"en": "Always", "zh-hans": "总是"}}
_WORDS = {
    "on_time": ("{output} comes when it was promised.", "{output}按约定时间到达。", "reliability"),
    "complete": ("Nothing is missing.", "没有缺漏。", "reliability"),
    "friendly": ("Questions are answered in a friendly way.", "询问得到友善的答复。", "contact"),
    "reached": ("Somebody can be reached.", "能找到人。", "contact"),
}


def contents() -> Any:
    """Ratings in two dimensions, a pair, satisfaction as the outcome, a recommendation, a Kano question, a comment."""
    questions: list[dict[str, Any]] = [
        {"key": key, "kind": "rating", "words": {"en": english, "zh-hans": chinese}, "anchors": _ENDS,
         "dimension": dimension}
        for key, (english, chinese, dimension) in _WORDS.items()
    ]  # fmt: skip
    questions += [
        {
            "key": "quick",
            "kind": "pair",
            "words": {"en": "How quickly it comes", "zh-hans": "到达有多快"},
            "anchors": _ENDS,
        },
        {"key": "satisfied", "kind": "csat", "words": {"en": "All in all", "zh-hans": "总体而言"}, "outcome": True},
        {"key": "recommend", "kind": "nps", "words": {"en": "Would you recommend it?", "zh-hans": "您会推荐吗？"}},
        {"key": "labels", "kind": "kano", "words": {"en": "Labels on every bag", "zh-hans": "每袋有标签"}},
        {"key": "better", "kind": "text", "words": {"en": "What should be better?", "zh-hans": "哪些应当改进？"}},
    ]
    return contents_of({"sections": [{"key": "all", "title": {"en": "Service", "zh-hans": "服务"},
                                      "questions": questions}]})  # fmt: skip


def sheets(count: int) -> list[dict[str, Any]]:
    """So many sheets, some way apart from each other and related as ratings are."""
    found = []
    for number in range(count):
        level = (number * 7) % 5 + 1
        other = min(5, max(1, level + (number % 3) - 1))
        found.append({
            "on_time": level, "complete": other, "friendly": (number * 3) % 5 + 1,
            "reached": (number * 3 + number % 2) % 5 + 1,
            "quick": {"expected": min(5, level + 1), "experienced": other}, "satisfied": other,
            "recommend": (number * 5) % 11, "labels": {"functional": 1 + number % 3, "dysfunctional": 5 - number % 2},
            "better": f"The trolley was late, number {number}.",
        })  # fmt: skip
    return found


def result_values(world: World) -> dict[str, tuple[dict[str, str], ...]]:
    """What fills the placeholders of the routes of results."""
    link = living_link(world)
    asked = written(world, contents=contents())
    wave = published(world, drawn(world, sheets(40), links=[world.ward_laundry, link], questionnaire=asked))
    waiting = list(SurveyComment.objects.filter(wave=wave).order_by("public_id")[:3])
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    changes.pass_comment(by=by, at=at, comment=waiting[0])
    changes.withhold_comment(by=by, at=at, comment=waiting[1], reason="It names a colleague")
    draft = prepared(world, links=[world.laundry_ward], questionnaire=asked)
    path = measure_path(by=world.actor(world.he_jun), at=at, links=[world.ward_laundry, world.laundry_ward])
    own = {"public_id": wave.public_id}
    return {
        "surveys/methods/": ({"name": "reliability"},),
        "surveys/paths/": ({"public_id": path.public_id},),
        "surveys/<slug:public_id>/results/": (own,),
        "surveys/<slug:public_id>/comments/": (own,),
        "surveys/<slug:public_id>/sheets.csv": (own,),
        "surveys/comments/": ({"public_id": waiting[2].public_id},),
        "surveys/<slug:public_id>/predict/": ({"public_id": draft.public_id, "link": world.laundry_ward.public_id},),
    }
