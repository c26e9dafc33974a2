"""A questionnaire leaves as a file and comes back as one; what is no such file is told, place by place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baton.feedback.models import Questionnaire
from baton.feedback.rules import contents_of
from baton.feedback.rules.files import LARGEST, file_text, read_file
from baton.feedback.rules.library import LIBRARY
from tests.api import Program, said, token_for
from tests.rooms.agreements.made import LINEN, first_clause, in_force, proposed, terms
from tests.rooms.chain.test_pages import filled
from tests.rooms.feedback.asked import contents, document, written
from tests.rooms.feedback.sheets import document as every_kind
from tests.rooms.feedback.sheets import fields_of, hostile_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.world import World

IMPORT = "/surveys/questionnaires/import/"
LANGUAGES = ("en", "zh-hans")


def file_of(found: Questionnaire) -> str:
    return f"/surveys/questionnaires/{found.public_id}/file.json"


def looked_at(client: Client, raw: bytes | str) -> Any:
    name, body = "questions.json", raw if isinstance(raw, bytes) else raw.encode()
    return client.post(IMPORT, {**filled(client, IMPORT), "file": SimpleUploadedFile(name, body)})


def sent(program: Program, raw: bytes) -> Any:
    return program.call("POST", "/questionnaires/file", raw=raw, Content_Type="application/octet-stream")


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """A file with one thing changed."""
    held = json.loads(file_text({"en": "Own"}, {}, contents()))
    change(held)
    return json.dumps(held)


def test_what_leaves_comes_back_the_same(world: World) -> None:
    lin = world.client(world.lin_mei)
    for one in (*LIBRARY, None):
        asked = one.contents if one is not None else contents_of(every_kind())
        found = written(world, contents=asked, purpose={"en": "So that it gets better.", "zh-hans": "改进。"})
        answer = lin.get(file_of(found))
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{found.number}.json"'
        read = read_file(answer.content, languages=LANGUAGES, language="en")
        assert (read.faults, read.contents) == ((), asked)
        assert (dict(read.name), dict(read.purpose)) == (found.name, found.purpose)


def test_a_file_is_looked_at_then_written(world: World) -> None:
    lin, first = world.client(world.lin_mei), written(world)
    shown = looked_at(lin, lin.get(file_of(first)).content)
    assert shown.status_code == 200
    page = shown.content.decode()
    assert "Nothing is written yet." in page
    assert f"{first.number} (Internal service) asks exactly this already." in page
    assert "texts are missing: Simplified Chinese" in page or "texts are missing: 简体中文" in page
    assert "section 1 › question 1 › words" in page
    assert Questionnaire.objects.count() == 1
    kept = {name: values[0] for name, values in fields_of(shown.content).items() if values}
    answer = lin.post(IMPORT, {name: kept[name] for name in ("kept", "submission")})
    made = Questionnaire.objects.exclude(pk=first.pk).get()
    assert answer["Location"] == f"/surveys/questionnaires/{made.public_id}/"
    assert (made.contents, made.name) == (first.contents, first.name)
    again = lin.post(IMPORT, {name: kept[name] for name in ("kept", "submission")})
    assert again["Location"] == answer["Location"]
    assert Questionnaire.objects.count() == 2


def test_words_that_become_markup_stay_words(world: World) -> None:
    lin = world.client(world.lin_mei)
    shown = looked_at(lin, file_text({"en": "<script>alert(1)</script>"}, {}, contents_of(hostile_document())))
    assert shown.status_code == 200
    assert b"<script>alert(1)" not in shown.content


BAD: list[tuple[str, bytes | str, str, str]] = [
    ("no json", "Ratings 1 to 5", "The file", "Expected JSON. It breaks off or goes wrong in line 1, column 1."),
    ("cut off", file_text({"en": "Own"}, {}, contents())[:400], "The file", "Expected JSON."),
    ("a spreadsheet", b"PK\x03\x04\xff\xfe\x00", "The file", "Expected text in UTF-8."),
    ("too large", b'"' + b"x" * LARGEST + b'"', "The file", "Expected a file of at most 2 MiB."),
    ("empty", "", "The file", "Expected JSON."),
    ("a list", "[]", "The file", "Expected a questionnaire as Baton writes it."),
    ("nested endlessly", "[" * 200_000, "The file", "not nested endlessly"),
    ("no number", '{"format": NaN}', "The file", "plain numbers"),
    ("a huge number", '{"format": ' + "9" * 5_000 + "}", "The file", "plain numbers"),
    ("a name twice", '{"format": "baton-questionnaire", "format": "x"}', "The file", "Found “format” twice."),
    ("other", '{"format": "other"}', "format", "Its “format” is not “baton-questionnaire”."),
    ("newer", changed(lambda one: one.update(version=2)), "version", "Expected version 1 of the format. Found “2”."),
    ("no version", changed(lambda one: one.pop("version")), "version", "Found “None”."),
    ("true as version", changed(lambda one: one.update(version=True)), "version", "Found “True”."),
    ("no name", changed(lambda one: one.pop("name")), "name", "Expected it. Add it."),
    ("a long name", changed(lambda one: one.update(name={"en": "x" * 300})), "name", "Found 300 characters."),
    ("no sections", changed(lambda one: one.update(sections=[])), "sections", "Expected at least one question."),
    ("sections as text", changed(lambda one: one.update(sections="x")), "sections", "Expected a list of at most 40."),
    ("another field", changed(lambda one: one.update(secret=1)), "The file", "Expected these names only: name"),
    ("unknown kind", changed(lambda one: one["sections"][0]["questions"][1].update(kind="stars")),
     "section 1 › question 2 › kind", "Found “stars”."),
    ("misspelt", changed(lambda one: one["sections"][0]["questions"][1].update(wrods={"en": "x"})),
     "section 1 › question 2", "Found “wrods”."),
    ("a key twice", changed(lambda one: one["sections"][0]["questions"][1].update(key="on_time")),
     "section 1 › question 2 › key", "Found “on_time” twice."),
    ("only Chinese", changed(lambda one: one["sections"][1]["questions"][0].update(words={"zh-hans": "好"})),
     "section 2 › question 1 › words", "Expected a text in the organisation’s language."),
    ("text as words", changed(lambda one: one["sections"][0].update(title="Service")),
     "section 1 › title", "Expected a text by language."),
    ("a number as text", changed(lambda one: one["sections"][0]["questions"][0].update(high="5")),
     "section 1 › question 1 › high", "Expected a whole number."),
    ("a list as place", changed(lambda one: one["sections"][0]["questions"][0].update(anchors={"-1": {}})),
     "section 1 › question 1 › anchors", "Expected words by the places of the scale."),
    ("words of the form", changed(lambda one: one["sections"][0]["questions"][0]["words"].update(en="{{7*7}}")),
     "section 1 › question 1 › words", "Found {7*7}."),
    ("half a character", '{"format": "\\ud800", "version": 1}', "format", "Its “format” is not"),
    ("a name of half a character", '{"\\udfff": 1, "\\udfff": 2}', "The file", "twice"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "place", "wrong"), [one[1:] for one in BAD], ids=[one[0] for one in BAD])
def test_what_is_wrong_is_said_by_place_and_nothing_is_written(
    world: World, raw: bytes | str, place: str, wrong: str
) -> None:  # fmt: skip
    answer = looked_at(world.client(world.lin_mei), raw)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'<th scope="row">{place}</th>' in page
    assert wrong in page
    assert not Questionnaire.objects.exists()


def test_all_faults_are_told_at_once(world: World) -> None:
    def spoil(one: dict[str, Any]) -> None:
        for question in one["sections"][0]["questions"]:
            question["kind"] = "stars"

    page = looked_at(world.client(world.lin_mei), changed(spoil)).content.decode()
    assert page.count("Found “stars”.") == 3


def test_what_nobody_sees_and_languages_that_are_not_used_are_left_out(world: World) -> None:
    def strange(one: dict[str, Any]) -> None:
        one["name"] = {"en": "Own\u0000\u202e\ud800", "fr": "Le service"}

    lin = world.client(world.lin_mei)
    shown = looked_at(lin, changed(strange))
    assert "Texts in languages that are not used here are left out: fr" in shown.content.decode()
    kept = fields_of(shown.content)
    lin.post(IMPORT, {"kept": kept["kept"][0], "submission": kept["submission"][0]})
    assert Questionnaire.objects.get().name == {"en": "Own"}


def test_clauses_that_are_not_in_force_here_are_told(world: World) -> None:
    version = in_force(proposed(world, terms(LINEN, perception_item={"en": "Linen is there."})))
    line, agreement = first_clause(version).line, version.agreement.public_id
    held = document()
    mine = {"line": line, "agreement": agreement}
    held["sections"][0]["questions"][0] |= mine
    held["sections"][0]["questions"][1] |= {"line": "9z9z9z9z9z9z9z9z", "agreement": agreement}
    lin = world.client(world.lin_mei)
    shown = looked_at(lin, file_text({"en": "Own"}, {}, contents_of(held)))
    page = shown.content.decode()
    assert "would be asked about every link: Nothing is missing." in page
    kept = fields_of(shown.content)
    lin.post(IMPORT, {"kept": kept["kept"][0], "submission": kept["submission"][0]})
    first, second, *_rest = Questionnaire.objects.get().contents.questions()
    assert (first.line, second.line, second.agreement) == (line, "", "")


def test_nobody_else_brings_a_file_and_everybody_inside_takes_one(world: World) -> None:
    found = written(world)
    for person in (world.he_jun, world.wang_fang, world.tom_reed):
        assert world.client(person).get(IMPORT).status_code == 403
        assert world.client(person).post(IMPORT, {"kept": file_text({"en": "x"}, {}, contents())}).status_code == 403
    assert world.client(world.wang_fang).get(file_of(found)).status_code == 200
    assert world.client(world.tom_reed).get(file_of(found)).status_code in (403, 404)
    assert world.client().get(file_of(found)).status_code in (302, 401)
    without = world.client(world.lin_mei).post(IMPORT, filled(world.client(world.lin_mei), IMPORT))
    assert without.status_code == 422
    assert "None was chosen. Choose one." in without.content.decode()
    assert Questionnaire.objects.count() == 1


def test_programs_take_and_bring_files(world: World) -> None:
    found, program = written(world), Program(token_for(world.lin_mei))
    taken = program.get(f"/questionnaires/{found.public_id}/file")
    assert taken.headers["Content-Type"] == "application/json"
    made = said(sent(program, taken.content))
    assert Questionnaire.objects.get(public_id=made["id"]).contents == found.contents
    for raw, where in ((b"{", ""), (changed(lambda one: one.pop("name")).encode(), "name")):
        refused = sent(program, raw)
        assert refused.status_code == 422
        assert where in refused.content.decode()
    assert Questionnaire.objects.count() == 2
