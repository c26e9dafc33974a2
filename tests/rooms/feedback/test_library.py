"""The library: every set can be asked as it is, in English and in Chinese."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from baton.feedback import changes
from baton.feedback.rules import About, Kind, contents_of, document_of, faults_of
from baton.feedback.rules.library import LIBRARY, SWITCHING_COSTS, Group, LibrarySet, library_set_of
from baton.feedback.rules.library.writing import FOUND
from baton.starters.sectors import CODES
from baton_analysis.measures.surveys.kano import TABLE
from tests.architecture.test_texts import HALF_WIDTH, WRONG_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import World

LANGUAGES = ("en", "zh-hans")
SETS = pytest.mark.parametrize("one", LIBRARY, ids=lambda one: one.key)


def _texts(one: LibrarySet) -> Iterator[dict[str, str]]:
    yield from (dict(one.name), dict(one.purpose))
    for section in one.contents.sections:
        yield from (dict(section.title), dict(section.intro) or {"en": "-", "zh-hans": "-"})
        for question in section.questions:
            yield dict(question.words)
            yield from (dict(words) for words in question.anchors.values())
            yield from (dict(option.words) for option in question.options)


@SETS
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_set_has_no_fault_in_either_language(one: LibrarySet, language: str) -> None:
    assert faults_of(one.contents, language) == []


@SETS
def test_every_text_of_a_set_stands_there_in_both_languages(one: LibrarySet) -> None:
    texts = list(_texts(one))
    assert [text for text in texts if set(text) != set(LANGUAGES) or not all(text.values())] == []
    assert [text for text in texts if re.search(r"[一-鿿]", text["en"])] == []


@SETS
def test_the_chinese_keeps_to_the_words_of_the_interface(one: LibrarySet) -> None:
    chinese = [text["zh-hans"] for text in _texts(one)]
    assert [text for text in chinese for word in WRONG_WORDS if word in text] == []
    assert [text for text in chinese if HALF_WIDTH.search(re.sub(r"\{\w+\}", "名", text))] == []


@SETS
def test_both_languages_name_the_same(one: LibrarySet) -> None:
    names = [[set(re.findall(r"\{(\w+)\}", text[language])) for language in LANGUAGES] for text in _texts(one)]
    assert [pair for pair in names if pair[0] != pair[1]] == []


@SETS
def test_a_set_can_be_written_down_and_read_again(one: LibrarySet) -> None:
    assert document_of(contents_of(document_of(one.contents))) == document_of(one.contents)


@SETS
def test_a_questionnaire_begins_with_a_set(world: World, one: LibrarySet) -> None:
    made = changes.write_questionnaire(
        by=world.actor(world.lin_mei), at=datetime.now(UTC), name=one.name, purpose=one.purpose, contents=one.contents,
        library_key=one.key,
    )  # fmt: skip
    made.refresh_from_db()
    assert made.contents == one.contents


def test_sets_are_told_apart_by_their_keys_and_each_sector_has_one() -> None:
    keys = [one.key for one in LIBRARY]
    assert len(set(keys)) == len(keys)
    assert {one.key for one in LIBRARY if one.group is Group.SECTOR} == set(CODES) - {"assembly_line"}
    assert library_set_of("nobody") is None


def test_service_quality_asks_twenty_two_pairs_in_the_five_dimensions() -> None:
    found = library_set_of("service_quality")
    assert found is not None
    asked = [one for one in found.contents.questions() if one.kind is Kind.PAIR]
    counted = {name: sum(one.dimension == name for one in asked) for name in {one.dimension for one in asked}}
    assert counted == {"reliability": 5, "assurance": 4, "tangibles": 4, "empathy": 5, "responsiveness": 4}
    weights = next(one for one in found.contents.questions() if one.kind is Kind.POINTS)
    assert {option.key for option in weights.options} == set(counted)


def test_loyalty_asks_six_switching_costs_in_both_directions() -> None:
    found = library_set_of("loyalty")
    assert found is not None
    for way in ("in", "out"):
        asked = [one.key for one in found.contents.questions() if one.dimension == f"switching_{way}"]
        assert asked == [f"{way}_{key}" for key, _english, _chinese in SWITCHING_COSTS]


def test_a_control_is_never_asked_whether_its_verdict_pleased() -> None:
    found = library_set_of("control_output")
    assert found is not None
    asked = {one.dimension for one in found.contents.questions() if one.kind is Kind.RATING}
    assert asked == {"clarity", "speed", "even_handedness"}


def test_answers_about_features_stand_in_the_order_of_kanos_table() -> None:
    # Glad if it is there and annoyed if it is not is one-dimensional, taken for granted and annoyed is a must.
    places = {words["en"]: place for place, words in FOUND.items()}
    assert TABLE[places["I am glad of it"] - 1][places["It annoys me"] - 1] == "O"
    assert TABLE[places["I take it for granted"] - 1][places["It annoys me"] - 1] == "M"


def test_recall_is_asked_before_the_name_is_said() -> None:
    found = library_set_of("service_brand")
    assert found is not None
    first = next(found.contents.questions())
    assert first.about is About.WAVE
    assert not re.search(r"\{\w+\}", first.words["en"])
