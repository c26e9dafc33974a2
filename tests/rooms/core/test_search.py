"""The search: what it finds, for whom, and how it keeps up."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baton.chain import changes as chain
from baton.chain.rules import PartyKind
from baton.core import changes
from baton.core.actors import NOBODY, Actor
from baton.core.changes.keys import give_external_key, withdraw_external_key
from baton.core.models import SearchEntry
from baton.core.once import once_in_here
from baton.core.search import finding, index, keeping
from baton.core.search.finding import numbered, search, suggestions
from baton.core.search.marking import mark
from tests.rooms.chain.test_bulk_links import staged
from tests.world import NOON, SYSTEM, World

pytestmark = pytest.mark.both

EVERYBODY = (
    "lin_mei", "he_jun", "wu_tao", "sun_yan", "qian_li", "liu_yang", "wang_fang", "zhou_min", "chen_jie", "zhao_lei",
    "he_ping", "tom_reed", "ivy_stone",
)  # fmt: skip
OVERSEERS = {"lin_mei", "he_jun", "wu_tao"}
SEE_ALL_PARTIES = OVERSEERS | {"sun_yan", "qian_li"}
LIST_PEOPLE = {"sun_yan", "qian_li", "wu_tao"}
# Somebody of each kind: who sees all, who sees parties and people, who reads along the chain, a guest.
OF_EACH_KIND = {"lin_mei", "sun_yan", "chen_jie", "tom_reed"}


def found(viewer: Actor, text: str, **options: Any) -> list[tuple[str, str]]:
    """Kind and title of everything that ``viewer`` finds."""
    groups = search(viewer=viewer, at=NOON, text=text, **options)
    return [(hit.kind, hit.title) for group in groups for hit in group.hits]


@pytest.fixture(autouse=True)
def by_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here as in a large organisation: what little is in sight would be read without the index."""
    monkeypatch.setattr(finding, "MOST_READ", 0)


@pytest.fixture
def index_current(world: World) -> World:
    keeping.follow(by=SYSTEM, at=NOON)
    return world


@pytest.mark.parametrize(
    "text", ["Laundry", "laundry", "ＬＡＵＮＤＲＹ", "aund", "洗衣房", "洗衣", "衣", "LD", "la un"]
)
def test_a_party_is_found_by_any_part_of_its_words(index_current: World, text: str) -> None:
    viewer = index_current.actor(index_current.lin_mei)
    assert ("party", "Laundry") in found(viewer, text)


def test_all_words_must_stand_somewhere(index_current: World) -> None:
    viewer = index_current.actor(index_current.lin_mei)
    assert found(viewer, "linen laundry ward", kind="link") == [("link", "Clean linen"), ("link", "Sorted used linen")]
    assert found(viewer, "laundry unicorn") == []


def test_titles_speak_the_readers_language(index_current: World) -> None:
    viewer = index_current.actor(index_current.lin_mei)
    with translation.override("zh-hans"):
        assert ("party", "洗衣房") in found(viewer, "Laundry")


def test_the_number_leads_straight_to_the_record(index_current: World) -> None:
    world = index_current
    number = world.laundry_ward.number
    page = world.client(world.lin_mei).get("/search/", {"q": f" {number.lower()} "})
    assert page.status_code == 302
    assert page["Location"] == f"/links/{world.laundry_ward.public_id}/"
    hidden = world.client(world.ivy_stone).get("/search/", {"q": number})
    assert hidden.status_code == 200
    assert world.laundry_ward.public_id not in hidden.content.decode()


def test_names_that_begin_with_the_words_come_first(index_current: World) -> None:
    world = index_current
    for name in ("New laundry", "Laundry annexe"):
        chain.add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.TEAM, name={"en": name})
    titles = [title for _kind, title in found(world.actor(world.lin_mei), "laundry", kind="party")]
    assert titles == ["Laundry", "Laundry annexe", "New laundry"]


def test_what_has_ended_is_found_last_and_says_so(index_current: World) -> None:
    world = index_current
    party = chain.add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.TEAM, name={"en": "Laun"})
    chain.end_party(by=SYSTEM, at=NOON, party=party, ended_on=NOON.date())
    hits = search(viewer=world.actor(world.lin_mei), at=NOON + timedelta(days=1), text="laun", kind="party")[0].hits
    assert [(hit.title, hit.ended) for hit in hits] == [("Laundry", False), ("Laun", True)]


@pytest.mark.parametrize(
    "name", [one if one in OF_EACH_KIND else pytest.param(one, marks=pytest.mark.sqlite) for one in EVERYBODY]
)
def test_nobody_finds_what_he_does_not_see(index_current: World, name: str) -> None:
    """Whatever is looked for: hits are exactly what the policies of the kinds let him see."""
    from baton.core import registries

    world = index_current
    viewer = world.actor(getattr(world, name))
    hits = {}
    with once_in_here():
        for text in ("linen", "2026", "洗衣", "Wang Fang", "LinenCo", "布草公司", "towels", "Stores", "e"):
            for group in search(viewer=viewer, at=NOON, text=text, limit=100):
                assert not group.more
                hits |= {(hit.kind, hit.public_id): (text, hit) for hit in group.hits}
    with once_in_here():
        for (kind, public_id), said in hits.items():
            assert registries.policies.get(kind).may_see(viewer, public_id), said
    assert (("party", "Stores") in found(viewer, "stores")) == (name in SEE_ALL_PARTIES | {"zhao_lei", "he_ping"})
    assert (("link", "Towels") in found(viewer, "towels")) == (name in OVERSEERS | {"zhao_lei", "he_ping"})
    assert (("output", "Towels") in found(viewer, "towels")) == (name in OVERSEERS | {"zhao_lei", "he_ping"})
    assert (("person", "Wang Fang") in found(viewer, "wang fang")) == (name in LIST_PEOPLE)


def test_strangers_find_nothing(index_current: World) -> None:
    assert search(viewer=NOBODY, at=NOON, text="laundry") == []
    assert index_current.client().get("/search/", {"q": "laundry"}).status_code == 302
    assert index_current.client().get("/search/suggestions/", {"q": "laundry"}).status_code == 302


@pytest.mark.sqlite
@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("address", ["/search/", "/search/suggestions/"])
def test_pages_do_not_hint_at_what_is_hidden(index_current: World, name: str, address: str) -> None:
    """What he may not see looks exactly like what is not there."""
    world = index_current
    browser = world.client(getattr(world, name))
    hidden = browser.get(address, {"q": "towels"}).content.decode()
    sees = name in OVERSEERS | {"zhao_lei", "he_ping"}
    assert (world.linenco_stores.number in hidden) == sees
    if not sees:
        nothing = browser.get(address, {"q": "qqqqqq"}).content.decode().replace("qqqqqq", "towels")
        assert _without_what_changes(hidden) == _without_what_changes(nothing)


def _without_what_changes(page: str) -> str:
    import re

    return re.sub(r'(csrfmiddlewaretoken" value|"X-CSRFToken"|name="nonce" value|data-opened)[=:] ?"[^"]+"', "", page)


def test_a_change_is_found_at_once(world: World) -> None:
    viewer = world.actor(world.lin_mei)
    chain.rename_party(by=SYSTEM, at=NOON, party=world.laundry, name={"en": "Linen service", "zh-hans": "布草中心"})
    assert ("party", "Linen service") in found(viewer, "布草中心")
    assert found(viewer, "洗衣房", kind="party") == []


def test_words_taken_from_others_follow_with_the_change_feed(index_current: World) -> None:
    world = index_current
    viewer = world.actor(world.lin_mei)
    chain.rename_party(by=SYSTEM, at=NOON, party=world.laundry, name={"en": "Linen service", "zh-hans": "布草中心"})
    assert ("link", "Clean linen") not in found(viewer, "布草中心")
    assert keeping.follow(by=SYSTEM, at=NOON) > 0
    assert ("link", "Clean linen") in found(viewer, "布草中心")
    assert keeping.follow(by=SYSTEM, at=NOON) == 0


def test_keys_of_other_systems_are_found_and_withdrawn(index_current: World) -> None:
    world = index_current
    viewer = world.actor(world.lin_mei)
    held = give_external_key(
        by=SYSTEM, at=NOON, kind="party", object_id=world.laundry.public_id, system="SAP", key="KST-4711"
    )
    keeping.follow(by=SYSTEM, at=NOON)
    assert found(viewer, "kst-4711") == [("party", "Laundry")]
    withdraw_external_key(by=SYSTEM, at=NOON, key=held)
    keeping.follow(by=SYSTEM, at=NOON)
    assert found(viewer, "kst-4711") == []


def test_somebody_forgotten_is_gone_at_once(index_current: World) -> None:
    world = index_current
    party = chain.add_party(
        by=SYSTEM, at=NOON, party_kind=PartyKind.PERSON, name=dict(world.gao_ming.name), person=world.gao_ming
    )
    chain.add_link(by=SYSTEM, at=NOON, supplier=party, customer=world.ward, output={"en": "advice"})
    keeping.follow(by=SYSTEM, at=NOON)
    administrator = world.actor(world.sun_yan)
    assert found(administrator, "Gao Ming", kind="person") == [("person", "Gao Ming")]
    changes.forget_person(by=administrator, at=NOON, person=world.gao_ming, reason="asked for it")
    for word in ("gao ming", "高明"):
        assert not SearchEntry.objects.filter(text__contains=word).exists()
        assert found(Actor.system("test"), word) == []
    keeping.follow(by=SYSTEM, at=NOON)
    assert found(Actor.system("test"), "gao ming") == []
    assert ("link", "advice") in found(Actor.system("test"), "advice")


def test_rebuild_makes_the_same_and_mends_the_index(index_current: World) -> None:
    def state() -> list[tuple[Any, ...]]:
        return sorted(SearchEntry.objects.values_list("kind", "object_id", "number", "name", "text", "ended_on"))

    before = state()
    index.drop(connection)
    assert index.missing(connection)
    viewer = index_current.actor(index_current.lin_mei)
    assert ("party", "Laundry") in found(viewer, "laundry"), "without the index the same is found"
    SearchEntry.objects.filter(kind="party").delete()
    SearchEntry.objects.create(kind="party", object_id="gone", name="gone", text="gone")
    assert keeping.rebuild(by=SYSTEM, at=NOON) == len(before)
    assert state() == before
    assert not index.missing(connection)
    assert ("party", "Laundry") in found(viewer, "laundry")


def test_what_little_is_in_sight_is_read_without_the_index_and_is_the_same(
    index_current: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_found() -> list[list[tuple[str, str]]]:
        people = [index_current.actor(getattr(index_current, name)) for name in ("lin_mei", "chen_jie", "tom_reed")]
        return [
            found(viewer, text) for viewer in people for text in ("linen", "洗衣", "l-2026-0001", "a", "clean ward")
        ]

    by_index = all_found()
    monkeypatch.setattr(finding, "MOST_READ", 1_000)
    assert all_found() == by_index
    assert any(by_index)


@pytest.mark.sqlite
def test_number_of_queries_does_not_grow(index_current: World) -> None:
    world = index_current
    viewer = world.actor(world.chen_jie)
    with CaptureQueriesContext(connection) as few, once_in_here():  # as a page asks
        search(viewer=viewer, at=NOON, text="linen")
    for number in range(12):
        party = chain.add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.TEAM, name={"en": f"Linen team {number}"})
        chain.add_link(by=SYSTEM, at=NOON, supplier=party, customer=world.ward, output={"en": f"linen {number}"})
    keeping.follow(by=SYSTEM, at=NOON)
    with CaptureQueriesContext(connection) as many, once_in_here():
        assert len(search(viewer=viewer, at=NOON, text="linen")[0].hits) > 10
    assert len(many) == len(few) < 50


def test_at_most_eight_are_suggested_and_no_kind_crowds_out_the_others(index_current: World) -> None:
    world = index_current
    for number in range(20):
        chain.add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.TEAM, name={"en": f"Linen team {number}"})
    hits = suggestions(viewer=world.actor(world.lin_mei), at=NOON, text="linen")
    assert len(hits) == 8
    assert {hit.kind for hit in hits} == {"party", "link", "output"}


ODD = (
    "", " ", "\x00", '"', "' OR 1=1 --", "%", "_", "\\", "*", "NEAR(a b)", "a AND b", "{}", "\u202e", "🧺🧺🧺",
    "x" * 5000, "(" * 300,
)  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_questions_are_answered(index_current: World, text: str) -> None:
    for address in ("/search/", "/search/suggestions/"):
        assert index_current.client(index_current.lin_mei).get(address, {"q": text}).status_code in {200, 302}


def test_signs_mean_themselves(index_current: World) -> None:
    world = index_current
    chain.add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.TEAM, name={"en": '100% "pure" a_b \\ AND ('})
    viewer = world.actor(world.lin_mei)
    for text in ("100%", '"pure"', "a_b", "b \\", "AND (", '% "pu'):
        assert [title for _kind, title in found(viewer, text, kind="party")] == ['100% "pure" a_b \\ AND (']
    assert found(viewer, "aXb") == []


def test_marks_are_only_where_the_words_are_and_markup_is_text() -> None:
    assert mark("<b>Clean linen</b>", ["linen"]) == "&lt;b&gt;Clean <mark>linen</mark>&lt;/b&gt;"
    assert mark("洗衣房", ["衣房"]) == "洗<mark>衣房</mark>"
    assert mark("ＬＩＮＥＮ Straße", ["line", "strasse"]) == "<mark>ＬＩＮＥ</mark>Ｎ <mark>Straße</mark>"
    assert mark("aaa", ["aa"]) == "<mark>aaa</mark>"


WORDS = st.text("ab洗衣房Ｗ ß%_\"'\\-é12🧺", min_size=2, max_size=12).filter(lambda text: len(text.strip()) >= 2)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=WORDS, data=st.data())
def test_every_piece_of_an_indexed_text_is_found(world: World, name: str, data: st.DataObject) -> None:
    party = chain.add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.TEAM, name={"en": name.strip()})
    text = party.name["en"]
    start = data.draw(st.integers(0, max(len(text) - 2, 0)))
    piece = text[start : data.draw(st.integers(start + 2, max(len(text), start + 2)))]
    found_ids = {
        hit.public_id
        for group in search(viewer=Actor.system("test"), at=NOON, text=piece, kind="party", limit=10_000)
        for hit in group.hits
    }
    if piece.strip():
        assert party.public_id in found_ids


def test_numbered_needs_the_whole_number(index_current: World) -> None:
    viewer = index_current.actor(index_current.lin_mei)
    assert numbered(viewer=viewer, at=NOON, text=index_current.laundry_ward.number[:-1]) is None
    assert numbered(viewer=viewer, at=NOON, text="") is None


def test_the_entries_hold_no_contacts(index_current: World) -> None:
    world = index_current
    changes.edit_person(by=SYSTEM, at=NOON, person=world.chen_jie, email="chen@example.org", phone="13812345678")
    stored = json.dumps(list(SearchEntry.objects.values_list("text", flat=True)))
    assert "chen@example.org" not in stored
    assert "1381234" not in stored


def test_bulk_entries_are_found_when_they_count_and_no_longer(index_current: World) -> None:
    viewer = index_current.actor(index_current.lin_mei)
    batch = staged(index_current)
    keeping.follow(by=SYSTEM, at=NOON)
    assert found(viewer, "item stores", kind="link") == []
    changes.seal_batch(by=SYSTEM, at=NOON, batch=batch)
    keeping.follow(by=SYSTEM, at=NOON)
    assert len(found(viewer, "item stores", kind="link")) == 3
    changes.withdraw_batch(by=SYSTEM, at=NOON, batch=batch, reason="wrong file")
    assert found(viewer, "item stores", kind="link") == [], "also before the index has followed"
    keeping.follow(by=SYSTEM, at=NOON)
    assert not SearchEntry.objects.filter(kind="link", text__contains="item ").exists()
