"""The organisation calls things as it likes: on lists, pages, forms, messages and exports, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext, ngettext, override, pgettext

from baton.core import changes, queries, vocabulary
from baton.core.errors import Forbidden, Refused
from baton.core.words import DEFAULTS, Forms, Renaming
from tests.api import Program, said, token_for
from tests.world import NOON, SYSTEM, World

ENGLISH = {("link", "en"): Forms("service tie", "service ties"), ("customer", "en"): Forms("next process")}
CHINESE = {("customer", "zh-hans"): Forms("下道工序"), ("link", "zh-hans"): Forms("服务链条")}


@pytest.fixture
def usual_words() -> Iterator[None]:
    """The words of this process are the usual ones again after the test."""
    yield
    vocabulary.use({})
    vocabulary._state.stamp = 0


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Link", "Service tie"),
        ("Enter a link", "Enter a service tie"),
        ("{count} links of {link}", "{count} service ties of {link}"),
        (
            "%(count)s links in <a href='/links/'>links</a>",
            "%(count)s service ties in <a href='/links/'>service ties</a>",
        ),
        ("Linked", "Linked"),
        ("A customer and an outside customer", "A next process and an outside customer"),
        ("If somebody has this e-mail, a link for a new password is on its way.",) * 2,
    ],
)
def test_english_sentences(sentence: str, said: str) -> None:
    assert Renaming("en", ENGLISH).apply(sentence) == said


def test_articles_follow_the_word() -> None:
    renaming = Renaming("en", {("link", "en"): Forms("agreement"), ("output", "en"): Forms("product")})
    assert renaming.apply("A link has an output. An output") == "An agreement has a product. A product"


def test_chinese_sentences() -> None:
    renaming = Renaming("zh-hans", CHINESE)
    assert (
        renaming.apply("我的客户：{link}，内部客户，外部客户，服务关系")
        == "我的下道工序：{link}，内部客户，外部客户，服务链条"
    )


def test_words_that_are_the_same_leave_everything_alone() -> None:
    assert not Renaming("en", {}).changes
    assert Renaming("en", {("link", "zh-hans"): Forms("连")}).apply("Link") == "Link"


def test_all_ways_of_translating_say_it(usual_words: None) -> None:
    vocabulary.use(ENGLISH | CHINESE)
    assert gettext("Customer") == "Next process"
    assert ngettext("{count} link", "{count} links", 2) == "{count} service ties"
    assert pgettext("a context nobody has", "Link") == "Service tie"
    with override("zh-hans"):
        assert gettext("Customer") == "下道工序"
        assert gettext("Links") == "服务链条"
    vocabulary.use({})
    assert (gettext("Customer"), pgettext("a context nobody has", "Link")) == ("Customer", "Link")


def rename(client: Client, capture: Any, **forms: str) -> Any:
    with capture(execute=True):
        return client.post("/settings/words/", {name.replace("__", "-"): form for name, form in forms.items()})


def test_a_renamed_word_stands_on_list_page_form_and_export(
    world: World, usual_words: None, django_capture_on_commit_callbacks: Any
) -> None:
    admin, reader = World.client(world.sun_yan), World.client(world.lin_mei)
    done = rename(
        admin, django_capture_on_commit_callbacks, link__en__singular="service tie", link__en__plural="service ties",
        customer__en__singular="next process", customer__en__plural="next processes",
    )  # fmt: skip
    assert done.status_code == 302
    listed = reader.get("/links/").content.decode()
    assert "<h1>Service ties</h1>" in listed.replace("\n", "")
    assert "Next process" in listed
    assert "Enter a service tie" in reader.get("/links/add/").content.decode()
    page = reader.get(f"/links/{world.laundry_ward.public_id}/").content.decode()
    assert "Next process" in page
    exported = b"".join(reader.get("/links/export.csv")).decode("utf-8-sig")  # type: ignore[call-overload]
    assert exported.splitlines()[0].split(",")[2] == "Next process"
    assert "My next processes" in World.client(world.chen_jie).get("/").content.decode()

    rename(admin, django_capture_on_commit_callbacks)
    assert "<h1>Links</h1>" in reader.get("/links/").content.decode().replace("\n", "")


def test_other_processes_notice(world: World, usual_words: None, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        changes.rename_words(by=SYSTEM, at=NOON, forms=ENGLISH)
    vocabulary.use({})  # a process that has not heard of it
    vocabulary._state.stamp = 0
    assert "Service ties" in World.client(world.lin_mei).get("/links/").content.decode()


def test_only_the_administrator_renames(world: World) -> None:
    for person in (world.lin_mei, world.he_jun, world.wu_tao, world.qian_li, world.chen_jie, world.tom_reed):
        assert World.client(person).get("/settings/words/").status_code == 403
        with pytest.raises(Forbidden):
            changes.rename_words(by=World.actor(person), at=NOON, forms=ENGLISH)
    assert World.client(world.sun_yan).get("/settings/words/").status_code == 200


@pytest.mark.parametrize(
    "form", ["<b>link</b>", "{link}", "%(x)s", "a  b", "x" * 41, "-", "tie & knot", '"tie"', "тie\u202e<"]
)
def test_nothing_but_a_word_is_a_word(world: World, form: str) -> None:
    with pytest.raises(Refused):
        changes.rename_words(by=SYSTEM, at=NOON, forms={("link", "en"): Forms(form, "ties")})
    with pytest.raises(Refused):
        changes.rename_words(by=SYSTEM, at=NOON, forms={("link", "en"): Forms("", "ties")})
    refused = World.client(world.sun_yan).post("/settings/words/", {"link-en-singular": form, "link-en-plural": "ties"})
    assert refused.status_code == 422
    assert queries.renamed_words() == {}


def test_said_twice_or_as_before_it_changes_nothing(world: World) -> None:
    assert changes.rename_words(by=SYSTEM, at=NOON, forms=ENGLISH) == 2
    assert changes.rename_words(by=SYSTEM, at=NOON, forms=ENGLISH) == 0
    assert changes.rename_words(by=SYSTEM, at=NOON, forms={key: DEFAULTS[key] for key in ENGLISH}) == 2
    assert queries.renamed_words() == {}


def test_a_program_renames_words(world: World) -> None:
    program = Program(token_for(world.sun_yan))
    usual = {"usual_singular": "link", "usual_plural": "links"}
    link = {"word": "link", "language": "en", "singular": "link", "plural": "links", **usual}
    assert link in said(program.get("/words"))["rows"]
    needless = program.patch("/words/link/en", {"singular": "link", "plural": "links"})
    assert (needless.status_code, said(needless)["errors"][0]["field"]) == (422, "singular")
    first, again = (program.patch("/words/link/en", {"singular": "service tie"}, key="the-same-key") for _n in range(2))
    renamed = {**link, "singular": "service tie", "plural": "service tie"}
    assert said(first) == said(again) == renamed
    assert renamed in said(program.get("/words"))["rows"]
    assert said(program.patch("/words/link/en", {"singular": ""})) == link
    for language, wrong, field in (
        ("en", {"singular": "a <b>"}, "singular"),
        ("en", {"singular": "tie", "plural": "{ties}"}, "plural"),
        ("zh-hans", {"singular": "连", "plural": "连"}, "plural"),
    ):
        answer = program.patch(f"/words/link/{language}", wrong)
        assert (answer.status_code, said(answer)["errors"][0]["field"]) == (422, field)
    assert program.patch("/words/chair/en", {"singular": "stool"}).status_code == 404
