"""What a clause asks of those who are served becomes a question, asked about its own links alone; previews."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

import pytest

from baton.agreements.models import AgreementVersion
from baton.agreements.rules import VersionState
from baton.core.changes import edit_person
from baton.feedback import changes
from baton.feedback.changes import SheetFaults
from baton.feedback.models import UrnSheet, Wave
from baton.feedback.rules import Kind, contents_of
from baton.feedback.rules.library import LIBRARY
from baton.feedback.rules.questions import asked_on
from tests.rooms.agreements.made import LINEN, first_clause, in_force, proposed, terms
from tests.rooms.feedback.asked import asking, cards, opened, prepared, slip, written
from tests.rooms.feedback.sheets import opened_sheet
from tests.world import NOON, SYSTEM, World

if TYPE_CHECKING:
    from baton.feedback.models import Questionnaire

ITEM = {"en": "Linen is there {when} I need it.", "zh-hans": "需要布草时就有。"}


def _on(found: Questionnaire) -> str:
    return f"/surveys/questionnaires/{found.public_id}/"


def _asks(world: World) -> Questionnaire:
    """A questionnaire with the question of the clause that holds on the linen of Ward 3."""
    version = in_force(proposed(world, terms(LINEN, perception_item=ITEM), terms(LINEN)))
    found = written(world)
    manager = world.client(world.lin_mei)
    assert "Laundry → Ward 3: Linen is there {when} I need it." in manager.get(f"{_on(found)}clauses/").content.decode()
    line = first_clause(version).line
    made = manager.post(f"{_on(found)}clauses/", {"version": found.changed_seq, "items": [line]})
    assert made.headers["Location"] == f"{_on(found)}#s-clauses"
    found.refresh_from_db()
    return found


def test_a_clause_asks_with_its_own_words(world: World) -> None:
    found = _asks(world)
    asked = list(found.contents.questions())[-1]
    assert asked.kind is Kind.RATING
    assert asked.words == {"en": "Linen is there when I need it.", "zh-hans": "需要布草时就有。"}
    assert asked.agreement
    assert asked.line
    manager = world.client(world.lin_mei)
    assert "Clause of an agreement" in manager.get(_on(found)).content.decode()
    again = manager.get(f"{_on(found)}clauses/").content.decode()
    assert "No clause in force has a perception item that is not asked yet." in again
    assert (
        manager.post(f"{_on(found)}clauses/", {"version": found.changed_seq, "items": [asked.line]}).status_code == 422
    )
    assert manager.post(f"{_on(found)}clauses/", {"version": found.changed_seq}).status_code == 422


def test_it_is_asked_about_the_links_on_which_it_holds(world: World) -> None:
    found = _asks(world)
    wave = opened(world, asking(world, prepared(world, questionnaire=found)))
    [token] = cards(world, wave, 1)
    fields = opened_sheet(world.client(), f"/s/{wave.public_id}/", token)
    key = list(found.contents.questions())[-1].key
    linen = wave.links.get(link=world.laundry_ward).public_id
    assert {name.partition(".")[0] for name in fields if name.endswith(f".{key}")} == {linen}


def test_an_answer_about_a_link_on_which_it_does_not_hold_is_refused(world: World) -> None:
    found = _asks(world)
    wave = opened(world, asking(world, prepared(world, questionnaire=found)))
    [token] = cards(world, wave, 1)
    key = list(found.contents.questions())[-1].key
    linen, doses = (wave.links.get(link=one).public_id for one in (world.laundry_ward, world.pharmacy_ward))
    given = {linen: {"on_time": 4, key: 5}, doses: {"on_time": 4, key: 5}}
    with pytest.raises(SheetFaults) as refused:
        changes.cast_sheet(at=datetime.now(UTC), slip=slip(wave, token), answers=given)
    assert {link: [one.field for one in faults] for link, faults in refused.value.faults.items()} == {doses: [key]}
    assert not UrnSheet.objects.exists()
    changes.cast_sheet(at=datetime.now(UTC), slip=slip(wave, token), answers={**given, doses: {"on_time": 4}})
    assert UrnSheet.objects.count() == 1


def test_clauses_count_that_were_in_force_when_the_wave_opened(world: World) -> None:
    found = _asks(world)
    wave = opened(world, asking(world, prepared(world, questionnaire=found)))
    [token] = cards(world, wave, 1)
    key = list(found.contents.questions())[-1].key
    linen = wave.links.get(link=world.laundry_ward).public_id
    AgreementVersion.objects.update(state=VersionState.ENDED, closed_at=datetime.now(UTC))
    assert f"{linen}.{key}" in opened_sheet(world.client(), f"/s/{wave.public_id}/", token)
    Wave.objects.filter(pk=wave.pk).update(opened_at=NOON - timedelta(days=1))
    wave.refresh_from_db()
    assert f"{linen}.{key}" not in opened_sheet(world.client(), f"/s/{wave.public_id}/", token)


def test_what_hangs_on_a_question_that_is_not_asked_is_not_asked_either() -> None:
    asked = asked_on(contents_of({"sections": [{"key": "s", "title": {"en": "S"}, "questions": [
        {"key": "held", "kind": "rating", "line": "abc"}, {"key": "other", "kind": "rating", "line": "xyz"},
        {"key": "why", "kind": "text", "when": {"question": "other", "answers": ["1"]}},
        {"key": "more", "kind": "text", "when": {"question": "why", "answers": ["1"]}},
        {"key": "plain", "kind": "text"},
    ]}]}), {"abc"})  # fmt: skip
    assert [one.key for one in asked.questions()] == ["held", "plain"]


def test_clauses_of_the_links_of_a_wave_alone(world: World) -> None:
    in_force(proposed(world, terms(LINEN, perception_item=ITEM)))
    found = written(world)
    wave = prepared(world, questionnaire=found, links=[world.pharmacy_ward])
    manager = world.client(world.lin_mei)
    assert "Laundry → Ward 3" not in manager.get(f"{_on(found)}clauses/?wave={wave.public_id}").content.decode()
    assert manager.get(f"{_on(found)}clauses/?wave=nobody").status_code == 404


def test_a_preview_asks_what_the_sheet_asks_in_both_languages(world: World) -> None:
    edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, language="en")
    reader = world.client(world.chen_jie)
    for one in LIBRARY:
        found = written(world, name=one.name, purpose=one.purpose, contents=one.contents)
        for code, wanted in (("en", "‹the supplier›"), ("zh-hans", None)):
            for page in ("preview", "print"):
                shown = reader.get(f"{_on(found)}{page}/?language={code}").content.decode()
                sheet = shown.partition('class="survey-sheet"')[2]
                assert f'lang="{code}"' in sheet[:40]
                ends = [escape(re.split(r"[{}]", asked.words[code])[-1]) for asked in one.contents.questions()]
                assert [words for words in ends if words not in sheet] == []
                assert "{supplier}" not in sheet
                if wanted and "{supplier}" in str(one.contents):
                    assert wanted in sheet
