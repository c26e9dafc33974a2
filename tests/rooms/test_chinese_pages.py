"""What is told from English on a page, and how days, figures, lists and messages are written in Chinese.

That the pages themselves are Chinese stands in tests/rooms/test_demonstration_walked.py.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import override

from baton.core import formats
from baton.core.errors import Refused, explain
from baton_analysis.errors import gettext_noop
from tests.chinese import NAMES, english, read


def test_english_sentence_is_noticed() -> None:
    page = read('<p>服务关系 L-2026-0001</p><p aria-label="Map">等待 3σ</p><code>party.added</code><p>n = 4 CSV</p>')
    assert english(page.said, NAMES) == ["Map"]


def test_days_figures_and_lists_are_written_as_chinese_readers_expect() -> None:
    with override("zh-hans"):
        assert formats.day(date(2026, 3, 9)) == "2026-03-09"
        assert formats.duration(95_040) == "1.1\u00a0天"
        assert formats.listing(["起始", "编号"]) == "起始、编号"
    assert formats.listing(["from", "number"]) == "from, number"


def test_parts_of_a_message_read_well_one_after_the_other() -> None:
    refusal = Refused(
        expected=gettext_noop("Expected at most {most} levels."),
        remedy=gettext_noop("Put it under a party that stands higher."),
        most=8,
    )
    assert explain(refusal) == "Expected at most 8 levels. Put it under a party that stands higher."
    with override("zh-hans"):
        assert explain(refusal) == "最多 8 级。请放到层级更高的部门/岗位下。"
