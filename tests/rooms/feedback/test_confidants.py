"""Talks in confidence: only the two read them, either ends and deletes them, and nothing else tells of them."""

from __future__ import annotations

import logging
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import get_resolver

from baton.core.changes import disable_person, forget_person
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry, Notification, Submission
from baton.core.untraced import FailuresOnly
from baton.feedback import changes
from baton.feedback.changes.keys import folder
from baton.feedback.changes.talk_keys import talk_key
from baton.feedback.models import Confidant, SealedTalk, TalkTally
from baton.feedback.queries import confidants as queries
from baton.feedback.rules.talks import MOST_TALKS, MOST_WORDS, WORDS_LENGTH, TalkSide
from tests.rooms.chain.test_pages import filled
from tests.world import PEOPLE, SYSTEM, World, begin_session

if TYPE_CHECKING:
    from django.test import Client

    from baton.core.models import Person

pytestmark = pytest.mark.django_db

ABOUT = {"en": "I was a nurse for twenty years. I listen.", "zh-hans": "做了二十年护士，愿意倾听。"}
WORDS = "I cannot sleep before the night shift any more"


@pytest.fixture(autouse=True)
def _keys(tmp_path: object, settings: object) -> None:
    settings.SURVEY_KEYS = str(tmp_path / "keys")  # type: ignore[attr-defined,operator]


def confidant(world: World, person: Person | None = None) -> Confidant:
    """Xu Jing of the Pharmacy agreed."""
    by = world.actor(person or world.xu_jing)
    return changes.agree_to_be_confidant(by=by, at=datetime.now(UTC), about=ABOUT)


def begun(world: World, *, by: Person | None = None, words: str = WORDS, at: datetime | None = None) -> str:
    """A talk of Chen Jie with her."""
    listed = Confidant.objects.select_related("person").filter(person=world.xu_jing).first() or confidant(world)
    return changes.begin_talk(
        by=world.actor(by or world.chen_jie), at=at or datetime.now(UTC), confidant=listed, words=words,
        key=secrets.token_hex(16),
    )  # fmt: skip


def answered(world: World, key: str, words: str = "Come and see me on Monday", by: Person | None = None) -> None:
    changes.answer_talk(by=world.actor(by or world.xu_jing), at=datetime.now(UTC), key=key, words=words)


def sent(client: Client, confidant: str = "", **given: str) -> dict[str, str]:
    """What the form sends to begin a talk."""
    found = re.search(r'name="key" value="([0-9a-f]{32})"', client.get("/confidants/write/").content.decode())
    assert found is not None
    return {"key": found[1], "confidant": confidant, "words": WORDS, **given}


def _routes(key: str) -> list[tuple[str, str]]:
    return [
        ("get", f"/confidants/{key}/"), ("post", f"/confidants/{key}/"), ("post", f"/confidants/{key}/end/"),
        ("post", f"/confidants/{key}/delete/"),
    ]  # fmt: skip


def test_the_two_write_back_and_forth_and_read_the_same(world: World) -> None:
    key = begun(world)
    answered(world, key)
    for person, side in ((world.chen_jie, TalkSide.ASKER), (world.xu_jing, TalkSide.CONFIDANT)):
        talk, mine = changes.own_talk(world.actor(person), key)
        assert ([one.words for one in talk.said], mine) == ([WORDS, "Come and see me on Monday"], side)
        page = world.client(person).get(f"/confidants/{key}/").content.decode()
        assert WORDS in page
        assert "Come and see me" in page


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"chen_jie", "xu_jing"}))
def test_to_everybody_else_there_is_no_such_page(world: World, name: str) -> None:
    """Whatever the role: the same answer as for a talk that never was, and nothing is changed."""
    key, client = begun(world), world.client(getattr(world, name))
    before = bytes(SealedTalk.objects.get().seal)
    hello = {"words": "Hello", "sure": "on"}
    for method, address in [*_routes(key), *_routes("0" * 32)]:
        answer = getattr(client, method)(address, hello)
        assert answer.status_code == 404, address
        assert WORDS not in answer.content.decode()
    assert bytes(SealedTalk.objects.get().seal) == before
    if name != "tom_reed":
        page = client.get("/confidants/").content.decode()
        assert WORDS not in page
        assert key not in page
        assert "wrote to" not in page
    for act in (
        lambda by: changes.own_talk(by, key), lambda by: changes.delete_talk(by=by, key=key),
        lambda by: changes.end_talk(by=by, at=datetime.now(UTC), key=key),
        lambda by: changes.answer_talk(by=by, at=datetime.now(UTC), key=key, words="Hello"),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            act(world.actor(getattr(world, name)))
    assert changes.own_talks(world.actor(getattr(world, name))) == []


def test_another_confidant_reads_nothing_either(world: World) -> None:
    key = begun(world)
    confidant(world, world.ma_chao)
    assert world.client(world.ma_chao).get(f"/confidants/{key}/").status_code == 404


def test_strangers_are_asked_to_sign_in(world: World) -> None:
    key = begun(world)
    for method, address in _routes(key):
        answer = getattr(world.client(), method)(address)
        assert WORDS not in answer.content.decode()
        assert answer.status_code in {302, 403} or b"csrf" in answer.content


def test_every_route_of_talks_is_tried_above() -> None:
    found = {
        str(pattern.pattern)
        for part in get_resolver().url_patterns
        if str(part.pattern) == "confidants/"
        for pattern in part.url_patterns
    }
    assert {route for route in found if "key" in route} == {"<slug:key>/", "<slug:key>/end/", "<slug:key>/delete/"}


def test_no_call_of_the_api_and_no_registry_leads_to_a_talk() -> None:
    from baton.core import registries
    from tests.rooms.api.matrix.calls import calls

    assert [call.path for call in calls() if "confid" in call.path or "talk" in call.path] == []
    for registry in (
        registries.policies, registries.searchables, registries.lookups, registries.exports, registries.imports,
        registries.bulk_targets, registries.fact_builders, registries.announcements, registries.api_routers,
    ):  # fmt: skip
        assert [name for name, _one in registry if "talk" in name] == []


def test_it_leaves_no_entry_no_message_no_key_of_a_form_and_no_line(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    listed = confidant(world)
    asker, other = world.client(world.chen_jie), world.client(world.xu_jing)
    count = (AuditEntry.objects.count(), Notification.objects.count(), Submission.objects.count())
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    address = asker.post("/confidants/write/", sent(asker, listed.public_id))["Location"]
    assert other.post(address, {"words": "On Monday"})["Location"] == address
    assert other.get(address).status_code == 200
    assert asker.post(f"{address}end/").status_code == 302
    assert world.client(world.lin_mei).get(address).status_code == 404
    assert asker.post(f"{address}delete/", {"sure": "on"}).status_code == 302
    assert (AuditEntry.objects.count(), Notification.objects.count(), Submission.objects.count()) == count
    assert "confidants" not in caplog.text
    assert WORDS not in caplog.text


def test_a_form_that_looks_forged_leaves_no_line_either(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    begin_session(client, world.chen_jie)
    stderr = logging.StreamHandler()
    stderr.addFilter(FailuresOnly())
    logging.getLogger("django").addHandler(stderr)
    try:
        assert client.post("/confidants/write/", {"words": WORDS}, headers={"Origin": "null"}).status_code == 403
        assert client.post("/surveys/needs/say/", {}, headers={"Origin": "null"}).status_code == 403
    finally:
        logging.getLogger("django").removeHandler(stderr)
    said = capsys.readouterr().err
    assert "/surveys/needs/say/" in said, "others leave one"
    assert "confidants" not in said


@pytest.mark.parametrize("address", ["/confidants/", "/confidants/write/", "/confidants/{key}/"])
def test_no_browser_keeps_a_page(world: World, address: str) -> None:
    key = begun(world)
    for client in (world.client(world.chen_jie), world.client(world.lin_mei)):
        answer = client.get(address.format(key=key))
        assert "no-store" in answer["Cache-Control"]
        # Of a page with no-referrer browsers send forms with the origin null, which are refused as forged.
        assert answer["Referrer-Policy"] == "same-origin"
        assert "ETag" not in answer


def test_the_row_says_neither_who_nor_what(world: World) -> None:
    keys = [begun(world), begun(world, words=f"{WORDS}, and more")]
    rows = list(SealedTalk.objects.values_list("key", "asker_mark", "confidant_mark", "seal"))
    assert {key for key, *_rest in rows} == set(keys)
    marks = [mark for _key, *both, _seal in rows for mark in both]
    assert len(set(marks)) == 4, "two talks of the same two have no mark in common"
    assert {len(bytes(seal)) for *_rest, seal in rows} == {8_192 + 40}
    said = repr([(key, *marks, bytes(seal)) for key, *marks, seal in rows])
    assert [one for one in (WORDS, world.chen_jie.public_id, world.xu_jing.public_id) if one in said] == []
    names = {column.name for column in SealedTalk._meta.concrete_fields}
    assert names == {"key", "asker_mark", "confidant_mark", "seal"}


def test_deleted_by_either_it_is_gone_with_its_key(world: World, django_capture_on_commit_callbacks: object) -> None:
    for person in (world.chen_jie, world.xu_jing):
        key = begun(world)
        assert talk_key(key) is not None
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            changes.delete_talk(by=world.actor(person), key=key)
        assert not SealedTalk.objects.exists()
        assert talk_key(key) is None
        assert world.client(world.chen_jie).get(f"/confidants/{key}/").status_code == 404
    assert [file.name for file in folder().iterdir()] == ["talks-index.key"]


def test_deleting_asks_for_the_tick(world: World) -> None:
    key, client = begun(world), world.client(world.chen_jie)
    answer = client.post(f"/confidants/{key}/delete/")
    assert answer.status_code == 422
    assert "Tick the box" in answer.content.decode()
    assert SealedTalk.objects.exists()


def test_ended_it_is_read_for_thirty_days_and_then_deleted_by_itself(world: World) -> None:
    key, at = begun(world), datetime.now(UTC)
    going_on = begun(world)
    changes.end_talk(by=world.actor(world.xu_jing), at=at, key=key)
    with pytest.raises(Refused):
        answered(world, key, by=world.chen_jie)
    changes.tend_talks(by=SYSTEM, at=at + timedelta(days=29))
    assert WORDS in world.client(world.chen_jie).get(f"/confidants/{key}/").content.decode()
    changes.tend_talks(by=SYSTEM, at=at + timedelta(days=30))
    assert [one.key for one in SealedTalk.objects.all()] == [going_on]
    changes.tend_talks(by=SYSTEM, at=at + timedelta(days=365))
    assert not SealedTalk.objects.exists()


def test_laid_anew_talks_are_read_as_before(world: World) -> None:
    keys = {begun(world, words=f"{WORDS} {number}") for number in range(5)}
    before = dict(SealedTalk.objects.values_list("key", "seal"))
    changes.tend_talks(by=SYSTEM, at=datetime.now(UTC))
    assert {one.key for one in SealedTalk.objects.all()} == keys
    assert all(bytes(before[one.key]) != bytes(one.seal) for one in SealedTalk.objects.all())
    assert len(changes.own_talks(world.actor(world.chen_jie))) == 5


def test_a_confidant_who_leaves_is_written_to_no_more_and_answers_what_he_has(world: World) -> None:
    key, listed = begun(world), Confidant.objects.select_related("person").get()
    changes.leave_as_confidant(by=world.actor(world.xu_jing), at=datetime.now(UTC), confidant=listed)
    answered(world, key)
    listed.refresh_from_db()
    with pytest.raises(Refused) as refused:
        changes.begin_talk(
            by=world.actor(world.chen_jie), at=datetime.now(UTC), confidant=listed, words=WORDS, key="a" * 32
        )
    assert refused.value.field == "confidant"


def test_talks_of_who_cannot_sign_in_any_more_are_ended(world: World) -> None:
    key, at = begun(world), datetime.now(UTC)
    disable_person(by=SYSTEM, at=at, person=world.xu_jing)
    changes.tend_talks(by=SYSTEM, at=at)
    talk, _side = changes.own_talk(world.actor(world.chen_jie), key)
    assert talk.ended_on == at.date()
    changes.tend_talks(by=SYSTEM, at=at + timedelta(days=31))
    assert not SealedTalk.objects.exists()


@pytest.mark.parametrize("name", ["chen_jie", "xu_jing"])
def test_forgetting_either_deletes_the_talk(world: World, name: str) -> None:
    begun(world)
    other, person = begun(world, by=world.gao_ming), getattr(world, name)
    forget_person(by=world.actor(world.sun_yan), at=datetime.now(UTC), person=person, reason="Has left")
    left = {one.key for one in SealedTalk.objects.all()}
    assert left == ({other} if name == "chen_jie" else set())
    if name == "xu_jing":
        assert [one.about for one in Confidant.objects.all()] == [{}]


def test_without_its_key_a_talk_is_deleted_after_a_restore(world: World) -> None:
    from baton.feedback.changes.talk_keys import destroy_talk_key

    lost, kept = begun(world), begun(world)
    destroy_talk_key(lost)
    assert changes.has_unreadable_talks()
    assert changes.drop_unreadable_talks(by=SYSTEM, at=datetime.now(UTC))
    assert [one.key for one in SealedTalk.objects.all()] == [kept]
    assert not changes.has_unreadable_talks()


def test_a_folder_that_is_not_there_now_loses_no_talk(world: World) -> None:
    """An unmounted disk: pages refuse, nothing is made anew, the nightly job deletes nothing; then all is as before."""
    key, at = begun(world), datetime.now(UTC)
    listed = Confidant.objects.select_related("person").get()
    away = folder().with_name("unmounted")
    folder().rename(away)
    by = world.actor(world.chen_jie)
    for act in (
        lambda: changes.own_talk(by, key),
        lambda: changes.begin_talk(by=by, at=at, confidant=listed, words=WORDS, key="c" * 32),
        lambda: changes.tend_talks(by=SYSTEM, at=at + timedelta(days=400)),
    ):
        with pytest.raises(Refused):
            act()
    assert not folder().exists()
    folder().mkdir()
    changes.tend_talks(by=SYSTEM, at=at)
    folder().rmdir()
    away.rename(folder())
    assert changes.own_talk(by, key)[0].said[0].words == WORDS


def test_the_total_of_a_year_is_told_from_ten_on_when_the_year_is_over_and_to_the_quality_manager(world: World) -> None:
    at = datetime.now(UTC)
    TalkTally.objects.create(year=at.year - 1, count=9)
    TalkTally.objects.create(year=at.year - 2, count=10)
    begun(world)
    assert TalkTally.objects.get(year=at.year).count == 1
    assert queries.talks_by_year(viewer=world.actor(world.lin_mei), at=at) == [(at.year - 2, 10)]
    for person in (world.he_jun, world.sun_yan, world.wu_tao, world.xu_jing):
        assert queries.talks_by_year(viewer=world.actor(person), at=at) == []
    TalkTally.objects.filter(year=at.year).update(count=99)
    assert queries.talks_by_year(viewer=world.actor(world.lin_mei), at=at)[0][0] < at.year


def test_all_confidants_are_reminded_alike(world: World) -> None:
    begun(world)
    confidant(world, world.ma_chao)
    assert changes.remind_confidants(by=SYSTEM, at=datetime.now(UTC)) == 2
    told = Notification.objects.filter(topic=changes.CONFIDANT_TOPIC)
    assert {one.person for one in told} == {world.xu_jing, world.ma_chao}
    assert {(one.address, str(one.values)) for one in told} == {("/confidants/", "{}")}


def test_sent_twice_there_is_one(world: World) -> None:
    listed, key = confidant(world), "b" * 32
    by, at = world.actor(world.chen_jie), datetime.now(UTC)
    for _turn in range(2):
        changes.begin_talk(by=by, at=at, confidant=listed, words=WORDS, key=key)
        changes.answer_talk(by=by, at=at, key=key, words="And more")
    assert [one.words for one in changes.own_talk(by, key)[0].said] == [WORDS, "And more"]
    assert TalkTally.objects.get().count == 1


@pytest.mark.parametrize("words", ["", " \u200b ", "x" * (WORDS_LENGTH + 1)])
def test_wrong_words_are_refused_beside_the_field_and_nothing_is_kept(world: World, words: str) -> None:
    client, listed = world.client(world.chen_jie), confidant(world)
    answer = client.post("/confidants/write/", sent(client, listed.public_id, words=words))
    assert answer.status_code == 422
    assert not SealedTalk.objects.exists()
    assert not TalkTally.objects.exists()
    with pytest.raises(Refused) as refused:
        begun(world, words=words)
    assert refused.value.field == "words"


@pytest.mark.parametrize("forged", [{"key": "../../x"}, {"key": ""}, {"confidant": "nobody"}, {"confidant": ""}])
def test_forged_forms_are_refused(world: World, forged: dict[str, str]) -> None:
    client, listed = world.client(world.chen_jie), confidant(world)
    assert client.post("/confidants/write/", {**sent(client, listed.public_id), **forged}).status_code == 422
    assert not SealedTalk.objects.exists()


def test_nobody_writes_to_himself_or_endlessly(world: World) -> None:
    with pytest.raises(Refused):
        begun(world, by=world.xu_jing)
    keys = [begun(world) for _turn in range(MOST_TALKS)]
    with pytest.raises(Refused):
        begun(world)
    for number in range(MOST_WORDS - 1):
        answered(world, keys[0], f"{number}")
    with pytest.raises(Refused):
        answered(world, keys[0])


def test_guests_and_strangers_are_no_confidants(world: World) -> None:
    with pytest.raises(Forbidden):
        confidant(world, world.tom_reed)
    assert world.client(world.tom_reed).get("/confidants/").status_code == 403
    listed = confidant(world)
    with pytest.raises(Forbidden):
        changes.leave_as_confidant(by=world.actor(world.he_jun), at=datetime.now(UTC), confidant=listed)


def test_who_agrees_stands_in_the_list_with_his_words(world: World) -> None:
    client = world.client(world.xu_jing)
    about = {"about_en": "I listen", "about_zh_hans": "愿意倾听"}
    assert client.post("/confidants/me/", filled(client, "/confidants/me/", **about)).status_code == 302
    assert "I listen" in world.client(world.chen_jie).get("/confidants/").content.decode()
    address = f"/confidants/list/{Confidant.objects.get().public_id}/leave/"
    assert world.client(world.chen_jie).get(address).status_code == 403
    assert client.post(address, filled(client, address)).status_code == 302
    assert "I listen" not in world.client(world.chen_jie).get("/confidants/").content.decode()


def test_a_confidant_reads_at_home_that_somebody_wrote_and_nobody_else_does(world: World) -> None:
    said = "Somebody wrote to you"
    key = begun(world)
    for person in (world.xu_jing, world.chen_jie, world.lin_mei):
        page = world.client(person).get("/").content.decode()
        assert (said in page) is (person == world.xu_jing)
        assert WORDS not in page
        assert key not in page
    answered(world, key)
    assert said not in world.client(world.xu_jing).get("/").content.decode()


def test_keys_lie_where_the_settings_say(world: World) -> None:
    begun(world)
    assert str(folder()) == settings.SURVEY_KEYS
    files = {file.name: file for file in folder().iterdir()}
    assert len(files) == 2
    assert {file.stat().st_mode & 0o777 for file in files.values()} == {0o600}
    assert {file.stat().st_mtime for file in files.values()} == {0}
