"""Pages of questionnaires through the front door, and who gets how far."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.urls import get_resolver

from baton.core.changes import edit_person
from baton.core.models import AuditEntry
from baton.core.search.keeping import follow
from baton.feedback.models import Questionnaire
from baton.feedback.rules import Kind
from baton.feedback.rules.library import LIBRARY, library_set_of
from baton.feedback.rules.questions import Condition
from tests.rooms.chain.test_policy import STAFF, Cell, asked
from tests.rooms.feedback.asked import contents, written
from tests.world import NOON, SYSTEM, World

if TYPE_CHECKING:
    from django.test import Client

LIST = "/surveys/questionnaires/"
MANAGER = frozenset({"lin_mei"})


def _page(found: Questionnaire) -> str:
    return f"{LIST}{found.public_id}/"


def _said(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def _typed(found: Questionnaire, **fields: object) -> dict[str, object]:
    return {"version": found.changed_seq, **fields}


RATING = {
    "words_en": "It is {output} <b>again</b>.", "words_zh_hans": "又是{output}。", "low": "1", "high": "5",
    "anchors_en": "1 Never\n5: Always", "anchors_zh_hans": "1 从不\n5 总是", "about": "link", "not_applicable": "on",
}  # fmt: skip


def test_from_an_empty_list_to_the_set_of_internal_customers(world: World) -> None:
    manager = world.client(world.lin_mei)
    assert "No questionnaire yet" in _said(manager, LIST)
    offered = _said(manager, f"{LIST}new/")
    assert all(f"?set={one.key}" in offered for one in LIBRARY)
    begun = manager.get(f"{LIST}begin/?set=internal_customer").content.decode()
    assert "内部客户满意度" in begun
    made = manager.post(
        f"{LIST}begin/?set=internal_customer", {"name_en": "Internal service", "name_zh_hans": "内部服务"}
    )
    found = Questionnaire.objects.get()
    assert made.headers["Location"] == _page(found)
    like = library_set_of("internal_customer")
    assert like is not None
    assert (found.contents, found.library_key) == (like.contents, "internal_customer")
    shown = _said(manager, _page(found))
    assert "People at {supplier} treat us kindly" in shown
    assert "{supplier}的人待人友善" in shown
    assert "Internal service" in _said(manager, f"{LIST}?q=internal")
    assert "No questionnaire found" in _said(manager, f"{LIST}?q=patients")
    rows = b"".join(manager.get(f"{LIST}export.csv")).decode().splitlines()  # type: ignore[arg-type]
    assert rows[1].split(",")[:2] == [found.number, "Internal service"]


def test_a_reader_of_chinese_gets_it_in_chinese(world: World) -> None:
    like = library_set_of("internal_customer")
    assert like is not None
    found = written(world, name=like.name, purpose=like.purpose, contents=like.contents)
    edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, language="zh-hans")
    shown = _said(world.client(world.chen_jie), _page(found))
    assert like.name["zh-hans"] in shown
    assert "<strong>{output}按约定的时间送到。</strong>" in shown


def test_a_copy_has_the_same_questions_and_goes_its_own_way(world: World) -> None:
    first = written(world)
    manager = world.client(world.lin_mei)
    manager.post(f"{LIST}begin/?copy={first.public_id}", {"name_en": "Copy"})
    copy = Questionnaire.objects.get(name__en="Copy")
    assert copy.contents == first.contents
    manager.post(f"{_page(copy)}questions/complete/drop/", _typed(copy))
    copy.refresh_from_db()
    first.refresh_from_db()
    assert copy.contents.question("complete") is None
    assert first.contents.question("complete") is not None


def test_sections_and_questions_are_written_without_a_script(world: World) -> None:
    manager = world.client(world.lin_mei)
    manager.post(f"{LIST}begin/", {"name_en": "Own"})
    found = Questionnaire.objects.get()
    assert "No question yet" in _said(manager, _page(found))
    manager.post(f"{_page(found)}sections/add/", _typed(found, title_en="Service", intro_en="First <i>of</i> all"))
    found.refresh_from_db()
    assert "?" not in _said(manager, f"{_page(found)}add/service/").split("<main")[1][:200]
    manager.post(f"{_page(found)}add/service/rating/", _typed(found, **RATING))
    found.refresh_from_db()
    [rating] = found.contents.questions()
    assert (rating.kind, rating.low, rating.high, rating.not_applicable) == (Kind.RATING, 1, 5, True)
    assert rating.anchors == {1: {"en": "Never", "zh-hans": "从不"}, 5: {"en": "Always", "zh-hans": "总是"}}
    shown = _said(manager, _page(found))
    assert "It is {output} &lt;b&gt;again&lt;/b&gt;." in shown
    assert "First &lt;i&gt;of&lt;/i&gt; all" in shown
    asked_after = _typed(
        found, words_en="What was it?", about="link", when_question=rating.key, when_answers="1\n2", key="why"
    )
    assert manager.post(f"{_page(found)}add/service/text/", asked_after).status_code == 302
    found.refresh_from_db()
    why = found.contents.question("why")
    assert why is not None
    assert why.when == Condition(rating.key, ("1", "2"))
    assert "was answered with 1, 2" in _said(manager, _page(found))


def test_every_kind_of_question_can_be_added_and_changed_as_it_stands(world: World) -> None:
    """What a form shows of a question is what it makes of it again."""
    manager, found = world.client(world.lin_mei), written(world)
    options = {"options_en": "Night\nDay", "options_zh_hans": "夜班\n白班"}
    for kind in Kind:
        fields = {"words_en": f"About {kind.value}", "about": "link", "key": f"k_{kind.value}"}
        form = manager.get(f"{_page(found)}add/all/{kind.value}/").context["form"]
        fields |= {name: form.initial.get(name, "") for name in ("low", "high", "anchors_en") if name in form.fields}
        fields |= options if "options_en" in form.fields else {}
        made = manager.post(f"{_page(found)}add/all/{kind.value}/", _typed(found, **fields))
        assert made.status_code == 302, (kind, made.context["form"].errors)
        found.refresh_from_db()
        before = found.document
        form = manager.get(f"{_page(found)}questions/k_{kind.value}/").context["form"]
        shown = {name: form[name].value() for name in form.fields}
        again = {name: value for name, value in shown.items() if value is not None and value is not False}
        assert manager.post(f"{_page(found)}questions/k_{kind.value}/", again).status_code == 302, kind
        found.refresh_from_db()
        assert found.document == before, kind


def test_options_keep_their_keys_when_their_words_change(world: World) -> None:
    manager, found = world.client(world.lin_mei), written(world)
    fields = {"words_en": "When?", "about": "link", "key": "when", "options_en": "Night\nDay"}
    manager.post(f"{_page(found)}add/service/choice/", _typed(found, **fields))
    found.refresh_from_db()
    changed = {"words_en": "When?", "about": "link", "options_en": "By night\nDay\nNever"}
    manager.post(f"{_page(found)}questions/when/", _typed(found, **changed))
    found.refresh_from_db()
    manager.post(f"{_page(found)}questions/when/", _typed(found, **{**changed, "options_en": "At night\nDay\nNever"}))
    found.refresh_from_db()
    asked_when = found.contents.question("when")
    assert asked_when is not None
    assert [(one.key, one.words["en"]) for one in asked_when.options] == [
        ("by_night", "At night"), ("day", "Day"), ("never", "Never"),
    ]  # fmt: skip


def test_questions_and_sections_change_places(world: World) -> None:
    manager, found = world.client(world.lin_mei), written(world)

    def order() -> list[list[str]]:
        found.refresh_from_db()
        return [[one.key for one in section.questions] for section in found.contents.sections]

    manager.post(f"{_page(found)}questions/better/move/", _typed(found, way="up"))
    assert order() == [["on_time", "better", "complete"], ["recommend"]]
    manager.post(f"{_page(found)}questions/complete/move/", _typed(found, way="down"))
    assert order() == [["on_time", "better"], ["complete", "recommend"]]
    manager.post(f"{_page(found)}sections/all/move/", _typed(found, way="up"))
    assert order() == [["complete", "recommend"], ["on_time", "better"]]
    manager.post(f"{_page(found)}sections/service/drop/", _typed(found))
    assert order() == [["complete", "recommend"]]


def test_a_question_on_which_another_hangs_stays_before_it(world: World) -> None:
    manager, found = world.client(world.lin_mei), written(world)
    hangs = {"words_en": "Why?", "about": "link", "key": "why", "when_question": "complete", "when_answers": "1"}
    manager.post(f"{_page(found)}add/service/text/", _typed(found, **hangs))
    found.refresh_from_db()
    held = found.document
    refused = manager.post(f"{_page(found)}questions/complete/drop/", _typed(found), follow=True).content.decode()
    assert "About the question “Why?”" in refused
    assert "Choose one that stands before it." in refused
    found.refresh_from_db()
    assert found.document == held


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"words_en": ""}, "words_en", "Nothing was entered"),
        ({"words_en": "{nobody} comes"}, "words_en", "Found {nobody}."),
        ({"words_en": "x" * 1001}, "words_en", "1000"),
        ({"high": "12", "anchors_en": "1 Never\n12 Always", "anchors_zh_hans": ""}, "high", "3 to 11 places"),
        ({"anchors_en": "1 Never", "anchors_zh_hans": "1 从不"}, "anchors_en", "both ends of the scale."),
        ({"anchors_en": "Never\n5 Always"}, "anchors_en", "Expected lines such as 1 Never."),
        ({"anchors_en": "1 Never\n1 Seldom\n5 Always"}, "anchors_en", "Expected each place once."),
        ({"anchors_en": "1 Never\n5 Always\n9 Often"}, "anchors_en", "places of the scale only"),
        ({"key": "On time"}, "key", "Expected a key of small letters"),
        ({"key": "on_time"}, "key", "Expected a key that no other question has."),
        ({"when_question": "complete"}, "when_answers", "Expected at least one answer"),
        ({"when_question": "complete", "when_answers": "7"}, "when_answers", "Found “7”."),
        ({"when_answers": "7"}, "when_question", "None is chosen."),
        ({"when_question": "recommend", "when_answers": "1"}, "when_question", "Choose again"),
        ({"about": "nobody"}, "about", "Choose again"),
        ({"dimension": "d" * 41}, "dimension", "40"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(world: World, wrong: dict[str, str], field: str, said: str) -> None:
    manager, found = world.client(world.lin_mei), written(world)
    answer = manager.post(f"{_page(found)}add/service/rating/", _typed(found, **{**RATING, **wrong}))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {field}
    assert said in " ".join(errors[field])
    found.refresh_from_db()
    assert found.contents == contents()


def test_the_other_language_has_as_many_options_or_none(world: World) -> None:
    manager, found = world.client(world.lin_mei), written(world)
    fields = {"words_en": "When?", "about": "link", "options_en": "Night\nDay", "options_zh_hans": "夜班"}
    answer = manager.post(f"{_page(found)}add/service/choice/", _typed(found, **fields))
    assert "Found 1." in " ".join(answer.context["form"].errors["options_zh_hans"])


def test_a_stale_edit_shows_both_versions(world: World) -> None:
    manager, found = world.client(world.lin_mei), written(world)
    seen = found.changed_seq
    mine = {"words_en": "Mine", "low": "1", "high": "5", "anchors_en": "1 Never\n5 Always", "about": "link"}
    manager.post(f"{_page(found)}questions/complete/", _typed(found, **{**mine, "words_en": "Theirs"}))
    answer = manager.post(f"{_page(found)}questions/complete/", {"version": seen, **mine})
    assert answer.status_code == 409
    assert "Now stands: Theirs" in answer.content.decode()
    again = {**mine, "version": answer.context["form"].data["version"]}
    assert manager.post(f"{_page(found)}questions/complete/", again).status_code == 302
    found.refresh_from_db()
    changed = found.contents.question("complete")
    assert changed is not None
    assert changed.words["en"] == "Mine"


def test_a_stale_button_changes_nothing(world: World) -> None:
    manager, found = world.client(world.lin_mei), written(world)
    seen = found.changed_seq
    manager.post(f"{_page(found)}questions/complete/move/", _typed(found, way="up"))
    said = manager.post(f"{_page(found)}questions/complete/drop/", {"version": seen}, follow=True).content.decode()
    assert "Somebody changed this record" in said
    found.refresh_from_db()
    assert found.contents.question("complete") is not None


def test_an_ended_questionnaire_is_read_and_changed_no_more(world: World) -> None:
    manager, found = world.client(world.lin_mei), written(world)
    assert manager.post(f"{_page(found)}end/", _typed(found, reason="")).status_code == 422
    assert manager.post(f"{_page(found)}end/", _typed(found, reason="Replaced")).status_code == 302
    shown = _said(manager, _page(found))
    assert "Replaced" in shown
    assert "Add a question" not in shown
    found.refresh_from_db()
    late = manager.post(f"{_page(found)}rename/", _typed(found, name_en="Late"))
    assert f"{found.number} was ended." in late.content.decode()
    assert found.number not in _said(manager, LIST)
    assert found.number in _said(manager, f"{LIST}?state=ended")
    said = AuditEntry.objects.filter(object_id=found.public_id).values_list("action", flat=True)
    assert set(said) == {"questionnaire.written", "questionnaire.ended"}


def test_what_stands_nowhere_is_not_found(world: World) -> None:
    manager, found = world.client(world.lin_mei), written(world)
    for address in (
        f"{LIST}library/nobody/", f"{LIST}begin/?set=nobody", f"{LIST}begin/?copy=nobody", f"{LIST}nobody/",
        f"{_page(found)}questions/nobody/", f"{_page(found)}sections/nobody/", f"{_page(found)}add/nobody/rating/",
        f"{_page(found)}add/service/nobody/",
    ):  # fmt: skip
        assert manager.get(address).status_code == 404, address
    assert manager.post(f"{_page(found)}questions/nobody/drop/", _typed(found)).status_code == 404


def test_questionnaires_are_found_by_the_words_of_their_questions(world: World) -> None:
    found = written(world)
    follow(by=SYSTEM, at=NOON)
    assert _page(found) in _said(world.client(world.chen_jie), "/search/?q=missing")


def cells(world: World) -> Iterator[Cell]:
    """Everybody inside reads what is asked; the quality manager writes it."""
    found = written(world)
    on = _page(found)
    for route, address in (
        ("questionnaires", LIST), ("export_questionnaires", f"{LIST}export.csv"),
        ("library_set", f"{LIST}library/patient/"), ("questionnaire", on),
        ("preview_questionnaire", f"{on}preview/"), ("print_questionnaire", f"{on}print/"),
    ):  # fmt: skip
        yield Cell(route, address, STAFF, STAFF)
    for route, address in (("choose_questionnaire", f"{LIST}new/"), ("choose_kind", f"{on}add/service/")):
        yield Cell(route, address, STAFF, MANAGER)
    for route, address in (
        ("begin_questionnaire", f"{LIST}begin/"), ("rename_questionnaire", f"{on}rename/"),
        ("end_questionnaire", f"{on}end/"), ("add_clause_questions", f"{on}clauses/"),
        ("add_section", f"{on}sections/add/"),
        ("change_section", f"{on}sections/service/"), ("drop_section", f"{on}sections/service/drop/"),
        ("add_question", f"{on}add/service/text/"), ("change_question", f"{on}questions/complete/"),
    ):  # fmt: skip
        yield Cell(route, address, STAFF, MANAGER, writes=True)
    for route, address in (
        ("move_section", f"{on}sections/service/move/"), ("drop_question", f"{on}questions/complete/drop/"),
        ("move_question", f"{on}questions/complete/move/"),
    ):  # fmt: skip
        yield Cell(route, address, STAFF, MANAGER, posts=True)


def test_nobody_gets_further_than_the_policy_says(world: World) -> None:
    unexpected = [
        f"{person} {method} {cell.address}: {came}"
        for cell, person, method, came in asked(world, cells(world))
        if came != _expected(cell, person)
    ]
    assert unexpected == []


def _expected(cell: Cell, person: str) -> str:
    # Who is no quality manager is refused before anything is looked up, guests like everybody.
    return "forbidden" if cell.may == MANAGER and person not in {*MANAGER, "stranger"} else cell.expected(person)


def test_every_route_stands_in_the_matrix(world: World) -> None:
    here = {"baton.feedback.views.questionnaires", "baton.feedback.views.questions"}
    found = {
        pattern.name
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "app_name", "") == "surveys"
        for pattern in resolver.url_patterns
        if pattern.callback.__module__ in here
    }
    assert found == {cell.route for cell in cells(world)}
