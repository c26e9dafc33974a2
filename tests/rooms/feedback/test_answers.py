"""What is an answer to which question, and what is said of what is none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.feedback.rules import About, checked_answers, contents_of, document_of, faults_of, number_in, scored_of
from baton.feedback.rules.answers import COMMENT_LENGTH

_ENDS = {"1": {"en": "Never"}, "5": {"en": "Always"}}
_OPTIONS = [{"key": "a", "words": {"en": "A"}}, {"key": "b", "words": {"en": "B"}}, {"key": "c", "words": {"en": "C"}}]


def _asked(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "words": {"en": key}, **more}


EVERY = contents_of(
    {
        "sections": [
            {
                "key": "all",
                "title": {"en": "All"},
                "questions": [
                    _asked("rating", "rating", anchors=_ENDS),
                    _asked("must", "rating", anchors=_ENDS, required=True, not_applicable=False),
                    _asked("pair", "pair", anchors=_ENDS),
                    _asked("nps", "nps"),
                    _asked("csat", "csat"),
                    _asked("ces", "ces"),
                    _asked("matrix", "matrix", anchors=_ENDS, options=_OPTIONS),
                    _asked("choice", "choice", options=_OPTIONS),
                    _asked("choices", "choices", options=_OPTIONS),
                    _asked("ranking", "ranking", options=_OPTIONS),
                    _asked("number", "number", low=0, high=100),
                    _asked("text", "text"),
                    _asked("kano", "kano"),
                    _asked("points", "points", options=_OPTIONS),
                    _asked("why", "text", when={"question": "rating", "answers": ["1", "2"]}),
                    _asked("of_b", "text", when={"question": "choices", "answers": ["b"]}),
                ],
            }
        ]
    }
)


def _checked(**raw: Any) -> tuple[dict[str, Any], dict[str, str]]:
    answers, faults = checked_answers(EVERY, {"must": 3, **raw}, About.LINK)
    answers.pop("must", None)
    return answers, {one.field: one.expected for one in faults}


def test_the_questionnaire_of_every_kind_is_well() -> None:
    assert faults_of(EVERY, "en") == []
    assert contents_of(document_of(EVERY)) == EVERY


@pytest.mark.parametrize(
    ("key", "raw", "kept"),
    [
        ("rating", "4", 4),
        ("rating", 1, 1),
        ("rating", "na", "na"),
        ("pair", {"expected": "5", "experienced": "3"}, {"expected": 5, "experienced": 3}),
        ("pair", {"expected": "5", "experienced": "na"}, {"expected": 5, "experienced": "na"}),
        ("nps", "0", 0),
        ("nps", "10", 10),
        ("csat", "5", 5),
        ("ces", "7", 7),
        ("matrix", {"a": "1", "c": "na"}, {"a": 1, "c": "na"}),
        ("choice", "b", "b"),
        ("choices", ["c", "a", "a"], ["a", "c"]),
        ("choices", "c", ["c"]),
        ("ranking", ["c", "a", "b"], ["c", "a", "b"]),
        ("ranking", {"a": "2", "b": "3", "c": "1"}, ["c", "a", "b"]),
        ("number", "12.5", 12.5),
        ("text", "  good\r\nwork ", "good\nwork"),
        ("text", "{{7*7}} ${7*7} <script>", "{{7*7}} ${7*7} <script>"),
        ("kano", {"functional": "1", "dysfunctional": "5"}, {"functional": 1, "dysfunctional": 5}),
        ("points", {"a": "60", "b": "40", "c": ""}, {"a": 60, "b": 40, "c": 0}),
    ],
)
def test_answers_are_kept_as_they_are_meant(key: str, raw: Any, kept: Any) -> None:
    assert _checked(**{key: raw}) == ({key: kept}, {})


_IN_PARTS = ("matrix", "ranking", "points")
_ANY = ("rating", "pair", "choice", "choices", "number", "text", *_IN_PARTS)


@pytest.mark.parametrize(
    ("key", "nothing"),
    [*((key, nothing) for key in _ANY for nothing in (None, "", [], {})), *((key, {"a": ""}) for key in _IN_PARTS)],
)
def test_nothing_is_no_answer(key: str, nothing: Any) -> None:
    assert _checked(**{key: nothing}) == ({}, {})


@pytest.mark.parametrize(
    ("key", "raw", "field"),
    [
        ("rating", "0", "rating"),
        ("rating", "6", "rating"),
        ("rating", "3.5", "rating"),
        ("rating", "٣", "rating"),
        ("rating", True, "rating"),
        ("rating", ["3"], "rating"),
        ("rating", {"a": 3}, "rating"),
        ("rating", "9" * 5_000, "rating"),
        ("must", "na", "must"),
        ("pair", {"expected": "5"}, "pair.experienced"),
        ("pair", {"expected": "5", "experienced": "9"}, "pair.experienced"),
        ("pair", {"expected": "5", "experienced": "4", "hoped": "1"}, "pair"),
        ("pair", "5", "pair"),
        ("nps", "11", "nps"),
        ("ces", "0", "ces"),
        ("matrix", {"d": "1"}, "matrix"),
        ("matrix", {"a": "6"}, "matrix.a"),
        ("choice", "d", "choice"),
        ("choice", ["a"], "choice"),
        ("choices", ["a", "d"], "choices"),
        ("choices", {"a": "a"}, "choices"),
        ("ranking", ["a", "b"], "ranking"),
        ("ranking", {"a": "1", "b": "1", "c": "2"}, "ranking"),
        ("number", "101", "number"),
        ("number", "1,5", "number"),
        ("number", "nan", "number"),
        ("number", "inf", "number"),
        ("text", ["a"], "text"),
        ("text", "x" * (COMMENT_LENGTH + 1), "text"),
        ("kano", {"functional": "1"}, "kano.dysfunctional"),
        ("points", {"a": "60", "b": "50"}, "points"),
        ("points", {"a": "-1", "b": "101"}, "points.a"),
        ("points", {"d": "100"}, "points"),
    ],
)
def test_what_is_no_answer_is_refused_beside_its_question(key: str, raw: Any, field: str) -> None:
    answers, faults = _checked(**{key: raw})
    assert answers == {}
    assert list(faults) == [field]


def test_required_question_must_be_answered() -> None:
    answers, faults = checked_answers(EVERY, {"rating": 4}, About.LINK)
    assert [one.field for one in faults] == ["must"]
    assert answers == {"rating": 4}


def test_question_that_is_not_asked_takes_no_answer() -> None:
    assert _checked(rating=2, why="slow") == ({"rating": 2, "why": "slow"}, {})
    assert _checked(choices=["b"], of_b="x") == ({"choices": ["b"], "of_b": "x"}, {})
    assert list(_checked(rating=4, why="slow")[1]) == ["why"]
    assert list(_checked(why="slow")[1]) == ["why"]


def test_extra_field_is_refused() -> None:
    assert list(_checked(**{"<script>" * 20: 1})[1]) == [("<script>" * 20)[:60]]


def test_comment_of_marks_and_blanks_is_made_readable() -> None:
    assert _checked(text=" \u200b\u2800\n\t ") == ({}, {})
    kept = _checked(text="a" + "\u0301" * 10_000)[0]["text"]
    assert len(kept) < 12
    assert _checked(text="नमस्ते สวัสดี")[0]["text"] == "नमस्ते สวัสดี"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([one.key for one in EVERY.questions()]), anything, max_size=8))
def test_whatever_comes_is_kept_well_or_refused(raw: dict[str, Any]) -> None:
    answers, faults = checked_answers(EVERY, raw, About.LINK)
    again, none = checked_answers(EVERY, {"must": 1, **answers}, About.LINK)
    assert {key: again[key] for key in answers} == answers
    assert none == [] or faults
    for column in scored_of(EVERY):
        number = number_in(answers, column)
        assert number is None or column.low <= number <= column.high
