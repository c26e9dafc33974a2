"""What keeps a questionnaire from being asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.feedback.rules import contents_of, document_of, faults_of, piped
from baton.feedback.rules.drafting import MOST_QUESTIONS, key_for
from baton.feedback.rules.waves import participation_told
from tests.rooms.feedback.asked import document

_ENDS = {"1": {"en": "Never"}, "5": {"en": "Always"}}


def _with(**question: Any) -> list[str]:
    """Where faults are found in the short questionnaire with another question at the end of its first section."""
    asked = {"key": "new", "kind": "rating", "words": {"en": "New"}, "anchors": _ENDS, **question}
    drafted = document()
    drafted["sections"][0]["questions"].append(asked)
    return [one.field.removeprefix("sections.0.questions.3.") for one in faults_of(contents_of(drafted), "en")]


def test_short_questionnaire_is_well() -> None:
    assert faults_of(contents_of(document()), "en") == []


@pytest.mark.parametrize(
    ("question", "faults"),
    [
        ({}, []),
        ({"key": "on_time"}, ["key"]),
        ({"key": "On time"}, ["key"]),
        ({"key": "na"}, ["key"]),
        ({"words": {"zh-hans": "新"}}, ["words"]),
        ({"words": {"en": "x" * 1_001}}, ["words"]),
        ({"words": {"en": "How is {supplier}?"}}, []),
        ({"words": {"en": "How is {person}?"}}, ["words"]),
        ({"words": {"en": "How is {supplier}?"}, "about": "wave"}, ["words"]),
        ({"high": 3, "anchors": {"1": {"en": "a"}, "3": {"en": "b"}}}, []),
        ({"low": 0, "high": 10, "anchors": {"0": {"en": "a"}, "10": {"en": "b"}}}, []),
        ({"high": 2, "anchors": {"1": {"en": "a"}, "2": {"en": "b"}}}, ["high"]),
        ({"low": 2, "high": 6, "anchors": {"2": {"en": "a"}, "6": {"en": "b"}}}, ["high"]),
        ({"anchors": {"1": {"en": "Never"}}}, ["anchors"]),
        ({"anchors": {**_ENDS, "7": {"en": "More"}}}, ["anchors"]),
        ({"anchors": {**_ENDS, "3": {"zh-hans": "有时"}}}, ["anchors.3"]),
        ({"kind": "choice", "anchors": {}, "options": [{"key": "a", "words": {"en": "A"}}]}, ["options"]),
        ({"kind": "choice", "anchors": {}, "options": [{"key": "a", "words": {"en": "A"}}] * 2}, ["options.1.key"]),
        ({"kind": "text", "anchors": {}, "options": [{"key": "a", "words": {"en": "A"}}]}, ["options"]),
        ({"kind": "number", "anchors": {}, "low": 5, "high": 5}, ["high"]),
        ({"when": {"question": "on_time", "answers": ["1", "2"]}}, []),
        ({"when": {"question": "on_time", "answers": ["6"]}}, ["when"]),
        ({"when": {"question": "on_time", "answers": []}}, ["when"]),
        ({"when": {"question": "better", "answers": ["x"]}}, ["when"]),
        ({"when": {"question": "new", "answers": ["1"]}}, ["when"]),
        ({"when": {"question": "recommend", "answers": ["1"]}}, ["when"]),
    ],
)
def test_faults_are_found_where_they_are(question: dict[str, Any], faults: list[str]) -> None:
    assert _with(**question) == faults


def test_an_empty_and_an_endless_questionnaire_are_refused() -> None:
    assert [one.field for one in faults_of(contents_of({}), "en")] == ["sections"]
    many = [{"key": f"q{n}", "kind": "nps", "words": {"en": "?"}} for n in range(MOST_QUESTIONS + 1)]
    endless = contents_of({"sections": [{"key": "a", "title": {"en": "A"}, "questions": many}]})
    assert [one.field for one in faults_of(endless, "en")] == ["sections"]


@pytest.mark.parametrize("low", [0, 1])
def test_scale_that_begins_with_nought_is_written_and_read(low: int) -> None:
    drafted = document()
    drafted["sections"][0]["questions"][0] |= {"low": low, "high": low + 4}
    assert contents_of(document_of(contents_of(drafted))).questions().__next__().scale == range(low, low + 5)


def test_names_of_a_link_are_put_in_by_language() -> None:
    names = {"supplier": {"en": "Laundry", "zh-hans": "洗衣房"}, "output": {"en": "Linen"}}
    words = {"en": "{output} of {supplier}", "zh-hans": "{supplier}的{output}"}
    assert piped(words, names) == {"en": "Linen of Laundry", "zh-hans": "洗衣房的Linen"}
    assert piped({"en": "{customer}"}, {"customer": {"en": "{supplier}"}}) == {"en": "{supplier}"}


@given(st.lists(st.text(max_size=40), max_size=8))
def test_keys_are_keys_and_never_taken_twice(words: list[str]) -> None:
    taken: set[str] = set()
    for text in words:
        key = key_for(text, taken)
        assert key not in taken
        taken.add(key)
    questions = [{"key": key, "kind": "nps", "words": {"en": "?"}} for key in sorted(taken)] or [
        {"key": "q1", "kind": "nps", "words": {"en": "?"}}
    ]
    asked = contents_of({"sections": [{"key": "a", "title": {"en": "A"}, "questions": questions}]})
    assert faults_of(asked, "en") == []


@pytest.mark.parametrize(
    ("invited", "answered", "told"),
    [
        (49, 49, None),
        (50, 0, 0.0),
        (50, 4, 0.0),
        (50, 5, 0.1),
        (60, 59, 0.9),
        (60, 60, 1.0),
        (50, 80, 1.0),
        (70, 21, 0.3),
    ],
)
def test_participation_is_told_in_steps_and_among_many(invited: int, answered: int, told: float | None) -> None:
    assert participation_told(invited=invited, answered=answered) == told
